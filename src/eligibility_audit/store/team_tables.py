"""The tables of work in common: findings of a case, assignments, absences, bulk acts, second looks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eligibility_audit.store.base import Base
from eligibility_audit.store.tables import ID, WHEN


class CaseFindingRow(Base):
    """A finding of the frozen dossier of a case, to be counted by rule. Only added."""

    __tablename__ = "case_findings"
    __table_args__ = (Index("ix_case_findings_rule", "rule_id", "case_id", "round"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[str] = mapped_column(ID, primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str] = mapped_column(String(20))


class ProgrammeSizeRow(Base):
    """How many people a programme had in a run: what the cap of bulk acts is a share of. Only added."""

    __tablename__ = "programme_sizes"

    run_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    programme: Mapped[str] = mapped_column(String(40), primary_key=True)
    persons: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(WHEN)


class AssignmentRow(Base):
    """A case given to an officer, by whom and with which note. Only added; the case has the last one."""

    __tablename__ = "assignments"

    assignment_id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    from_user: Mapped[str | None] = mapped_column(ForeignKey("users.user_id"))
    to_user: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    by_user: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(WHEN)


class AbsenceRow(Base):
    """Days on which an officer is away, and who stands in. `ended_on`: came back before the last day."""

    __tablename__ = "absences"

    absence_id: Mapped[str] = mapped_column(ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.user_id"), index=True)
    deputy_id: Mapped[str] = mapped_column(ForeignKey("users.user_id"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    stated_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    stated_at: Mapped[datetime] = mapped_column(WHEN)
    ended_on: Mapped[date | None]


class BulkRow(Base):
    """A bulk act: what was chosen, previewed, confirmed, and by whom. `second_id`: who lifted the cap."""

    __tablename__ = "bulks"

    bulk_id: Mapped[str] = mapped_column(ID, primary_key=True)
    actor_id: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    step: Mapped[str] = mapped_column(String(30))
    stated: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(WHEN)
    confirmed_at: Mapped[datetime | None] = mapped_column(WHEN)
    reason: Mapped[str | None] = mapped_column(Text)
    second_id: Mapped[str | None] = mapped_column(ForeignKey("users.user_id"))
    second_reason: Mapped[str | None] = mapped_column(Text)


class BulkLineRow(Base):
    """A case of a bulk act as it stood in the preview (`seq`), and what became of it."""

    __tablename__ = "bulk_lines"
    __table_args__ = (Index("ix_bulk_lines_case", "case_id"),)

    bulk_id: Mapped[str] = mapped_column(ForeignKey("bulks.bulk_id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"))
    seq: Mapped[int]
    stated: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[str] = mapped_column(String(20))  # will, refused; then done, failed
    why: Mapped[str] = mapped_column(Text)


class RuleDecisionRow(Base):
    """What a named person decided about a rule past its limit of reversals (procedure.md, 5). Only added."""

    __tablename__ = "rule_decisions"

    decision_id: Mapped[str] = mapped_column(ID, primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(60), index=True)
    reversals: Mapped[int]  # how many there were when it was decided: one more holds the rule again
    goes_on: Mapped[bool]
    decided_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    decided_at: Mapped[datetime] = mapped_column(WHEN)
    reason: Mapped[str] = mapped_column(Text)


class KeptRow(Base):
    """A record that a run did not recommend, frozen for the second look of its month. Only added."""

    __tablename__ = "kept_records"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    record_id: Mapped[str] = mapped_column(ID, primary_key=True)
    run_id: Mapped[str] = mapped_column(String(80))
    programme: Mapped[str] = mapped_column(String(40))
    frozen: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime] = mapped_column(WHEN)


class DrawRow(Base):
    """The drawing of a month's sample: from which root, by whom, out of how many. Only added."""

    __tablename__ = "draws"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    root: Mapped[str] = mapped_column(String(64))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    drawn_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    drawn_at: Mapped[datetime] = mapped_column(WHEN)


class SampleRow(Base):
    """A decision that was drawn to be judged again: a case in a round, or a record that was kept. Only added."""

    __tablename__ = "samples"
    __table_args__ = (Index("ix_samples_case", "case_id", "round"),)

    look_id: Mapped[str] = mapped_column(ID, primary_key=True)
    month: Mapped[str] = mapped_column(ForeignKey("draws.month"), index=True)
    stratum: Mapped[str] = mapped_column(String(20))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.case_id"))
    round: Mapped[int | None]
    record_id: Mapped[str] = mapped_column(ID)
    programme: Mapped[str] = mapped_column(String(40))
    district: Mapped[str | None] = mapped_column(String(120))
    commune: Mapped[str | None] = mapped_column(String(120))
    sex: Mapped[str | None] = mapped_column(String(1))
    date_of_birth: Mapped[str | None] = mapped_column(String(10))
    missing_papers: Mapped[bool]
    rule_ids: Mapped[str] = mapped_column(Text)  # `;` between
    first_verdict: Mapped[str] = mapped_column(String(20))


class SecondLookRow(Base):
    """A blind second look at a decision that was drawn (procedure.md, 8). Only added.

    `agrees` is null where the second look could not tell, and that is no error of the first.
    """

    __tablename__ = "second_looks"

    look_id: Mapped[str] = mapped_column(ForeignKey("samples.look_id"), primary_key=True)
    looked_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    looked_on: Mapped[date]
    verdict: Mapped[str] = mapped_column(String(20))
    agrees: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(Text)
