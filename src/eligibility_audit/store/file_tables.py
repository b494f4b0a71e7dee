"""The tables of a file's life: earlier decisions, cases that go on under another number, cases that are one."""

from datetime import date, datetime

from sqlalchemy import Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eligibility_audit.store.base import Base
from eligibility_audit.store.tables import ID, WHEN


class EarlierDecisionRow(Base):
    """A decision, or a clearing, that the office made before this system: history, never a step. Only added."""

    __tablename__ = "earlier_decisions"

    decision_id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # decision, clearing
    programme: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(100))
    dated_on: Mapped[date]
    authority: Mapped[str] = mapped_column(String(300))
    act: Mapped[str] = mapped_column(String(40))
    in_force_from: Mapped[str | None] = mapped_column(String(10))  # ISO to its precision
    served_on: Mapped[date | None]
    dossier_no: Mapped[str | None] = mapped_column(String(80), index=True)
    name: Mapped[str | None] = mapped_column(String(200))
    date_of_birth: Mapped[str | None] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(300))  # file, sheet and row
    row_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    imported_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    imported_at: Mapped[datetime] = mapped_column(WHEN)


class DecisionBindingRow(Base):
    """Which case an earlier decision is about, and by what it was bound: `dossier_no`, `linkage`. Only added."""

    __tablename__ = "decision_bindings"

    decision_id: Mapped[str] = mapped_column(ForeignKey("earlier_decisions.decision_id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    bound_by: Mapped[str] = mapped_column(String(20))
    match_probability: Mapped[float | None] = mapped_column(Float)
    by_user: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    bound_at: Mapped[datetime] = mapped_column(WHEN)


class CaseAliasRow(Base):
    """The id that a later run gives to a case that is there already, and how that was known. Only added."""

    __tablename__ = "case_aliases"

    alias: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    how: Mapped[str] = mapped_column(String(20))  # dossier_no, linkage
    match_probability: Mapped[float | None] = mapped_column(Float)
    run_id: Mapped[str] = mapped_column(String(80))
    known_at: Mapped[datetime] = mapped_column(WHEN)


class CaseLinkRow(Base):
    """Two cases that turned out to be of one file: shown to each other, never merged. Only added."""

    __tablename__ = "case_links"
    __table_args__ = (UniqueConstraint("left_case", "right_case"),)

    link_id: Mapped[str] = mapped_column(ID, primary_key=True)
    left_case: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    right_case: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    how: Mapped[str] = mapped_column(String(20))  # dossier_no, linkage, officer
    match_probability: Mapped[float | None] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(Text)
    run_id: Mapped[str | None] = mapped_column(String(80))
    linked_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    linked_at: Mapped[datetime] = mapped_column(WHEN)


class OpinionDraftRow(Base):
    """What an officer wrote on a line of a list away from the pages: a draft, never a step. Only added."""

    __tablename__ = "opinion_drafts"

    draft_id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    round: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(300))  # file and row
    line_sha256: Mapped[str] = mapped_column(String(64))
    file_sha256: Mapped[str] = mapped_column(String(64))
    row_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # of case, round, text and writer
    entered_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    entered_at: Mapped[datetime] = mapped_column(WHEN)
