"""The tables of the review. What is history is only added to; `cases` says where each case stands now."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eligibility_audit.store.base import Base

ID = String(40)
WHEN = DateTime(timezone=True)
IN_BYTES = String(200).with_variant(String(200, collation="C"), "postgresql")  # a beginning is a range of the index
FILTERED = ("commune", "programme", "action", "office_can_settle", "is_protected")
SEEN = ("district", "commune", "is_protected", "state", "queue_key")
FIGURES = (
    *("state", "district", "commune", "programme", "is_protected", "due_on", "opened_at", "direction"),
    *("amount_to_clarify", "assigned_to", "sex", "date_of_birth", "case_id", "round"),
)


class UserRow(Base):
    """An account. `districts`, `communes` ([commune, district]): what it may see; empty lists = everything."""

    __tablename__ = "users"

    user_id: Mapped[str] = mapped_column(ID, primary_key=True)
    login: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(30))
    unit: Mapped[str] = mapped_column(String(200))
    districts: Mapped[list[str]] = mapped_column(JSON)
    communes: Mapped[list[list[str]]] = mapped_column(JSON)
    confirms_law: Mapped[bool]
    password_hash: Mapped[str] = mapped_column(String(300))
    oidc_subject: Mapped[str | None] = mapped_column(String(255), unique=True, index=True)  # at the office's log-in
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(WHEN)
    changed_at: Mapped[datetime] = mapped_column(WHEN)


class CaseRow(Base):
    """A person's claim under review, and where it stands. `state`, `seq`, `round`, `effect`: set by steps alone."""

    __tablename__ = "cases"
    __table_args__ = (
        # each page of the queue, and each search, is found in one of these without a look at the cases themselves
        Index("ix_cases_queue", "state", "queue_key", "district", *FILTERED),
        Index("ix_cases_district", "district", "state", "queue_key", *FILTERED),
        Index("ix_cases_place", "district", "commune", "state", "queue_key"),
        Index("ix_cases_name", "name_key", *SEEN),
        Index("ix_cases_name_tail", "name_tail", *SEEN),
        Index("ix_cases_dossier", "dossier_no", "programme"),
        Index("ix_cases_assigned", "assigned_to", "state"),
        Index("ix_cases_national_id", "national_id"),
        # the director's figures are read from this index alone
        Index("ix_cases_figures", *FIGURES),
    )

    case_id: Mapped[str] = mapped_column(ID, primary_key=True)
    programme: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(30))
    seq: Mapped[int]
    round: Mapped[int]
    effect: Mapped[str | None] = mapped_column(String(20))
    run_id: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[str] = mapped_column(ID)
    recommendation_id: Mapped[str | None] = mapped_column(ID)
    is_current: Mapped[bool]  # still recommended by the last run
    action: Mapped[str] = mapped_column(String(20))
    legal_act: Mapped[str | None] = mapped_column(String(40))
    law_mark: Mapped[str] = mapped_column(String(20))
    law_confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("users.user_id"))
    direction: Mapped[str | None] = mapped_column(String(10))
    dossier_no: Mapped[str | None] = mapped_column(String(80))
    name: Mapped[str | None] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(IN_BYTES)  # folded, for the search
    name_tail: Mapped[str] = mapped_column(IN_BYTES)  # its words from the last to the first: how a name ends
    date_of_birth: Mapped[str | None] = mapped_column(String(10))
    national_id: Mapped[str | None] = mapped_column(String(12))
    sex: Mapped[str | None] = mapped_column(String(1))
    commune: Mapped[str | None] = mapped_column(String(120))
    district: Mapped[str | None] = mapped_column(String(120))
    monthly_amount: Mapped[int | None] = mapped_column(BigInteger)  # đồng
    amount_to_clarify: Mapped[int | None] = mapped_column(BigInteger)
    missing_papers: Mapped[bool]
    about_death: Mapped[bool]
    vulnerable: Mapped[bool]
    refers_only: Mapped[bool]
    is_protected: Mapped[bool]
    due_on: Mapped[date | None]
    office_can_settle: Mapped[bool]
    queue_key: Mapped[str] = mapped_column(IN_BYTES)  # the order of the queue (store/queue_order.py)
    assigned_to: Mapped[str | None] = mapped_column(ForeignKey("users.user_id"))
    opened_at: Mapped[datetime] = mapped_column(WHEN)
    changed_at: Mapped[datetime] = mapped_column(WHEN)


class CaseCountRow(Base):
    """How many cases are alike, as the sum of `n`: the store adds and takes away with each change of a case.

    Added to, never changed in place, so that two officers do not wait for each other; summed up when a run comes.
    """

    __tablename__ = "case_counts"

    entry_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    due_on: Mapped[date | None]
    district: Mapped[str | None] = mapped_column(String(120))
    programme: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(30))
    action: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str | None] = mapped_column(String(10))
    office_can_settle: Mapped[bool]
    is_protected: Mapped[bool]
    n: Mapped[int]


class DossierRow(Base):
    """The evidence that the system relied on, frozen when the case was opened (design.md, 9). Only added."""

    __tablename__ = "dossiers"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(String(80))
    frozen: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime] = mapped_column(WHEN)


class StepRow(Base):
    """A step that was taken: the history of a case. Only added; `(case_id, seq)` lets one of two officers act."""

    __tablename__ = "steps"
    __table_args__ = (
        Index("ix_steps_actor", "actor_id", "at"),
        Index("ix_steps_day", "actor_id", "on_day", "step", "effect"),
        Index("ix_steps_step", "step", "before", "effect", "case_id", "round"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int]
    step: Mapped[str] = mapped_column(String(30))
    before: Mapped[str] = mapped_column(String(30))
    after: Mapped[str] = mapped_column(String(30))
    effect: Mapped[str | None] = mapped_column(String(20))
    actor_id: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    actor_role: Mapped[str] = mapped_column(String(30))
    actor_unit: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(WHEN)
    on_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    stated: Mapped[dict[str, Any]] = mapped_column(JSON)


class DocumentRow(Base):
    """A document on a case: its number and day, and the file where one was brought (named by its hash). Only added."""

    __tablename__ = "documents"

    document_id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    number: Mapped[str | None] = mapped_column(String(100))
    dated_on: Mapped[date | None]
    file_name: Mapped[str | None] = mapped_column(String(200))
    sha256: Mapped[str | None] = mapped_column(String(64))
    added_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    added_at: Mapped[datetime] = mapped_column(WHEN)


class NoticeRow(Base):
    """A notice to the person. It counts from proof of service."""

    __tablename__ = "notices"

    notice_id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    issued_on: Mapped[date]
    issued_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    reply_due: Mapped[date | None]
    served_on: Mapped[date | None]
    means: Mapped[str | None] = mapped_column(String(30))
    proof_document: Mapped[str | None] = mapped_column(ForeignKey("documents.document_id"))
    replied_on: Mapped[date | None]
    reply_document: Mapped[str | None] = mapped_column(ForeignKey("documents.document_id"))


class OrderRow(Base):
    """A verification order: who is asked what about which finding, and what came."""

    __tablename__ = "verification_orders"

    order_id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(String(300))
    question: Mapped[str] = mapped_column(Text)
    finding_id: Mapped[str | None] = mapped_column(ID)
    reason: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    ordered_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    ordered_on: Mapped[date]
    result: Mapped[str | None] = mapped_column(String(30))
    result_on: Mapped[date | None]
    result_document: Mapped[str | None] = mapped_column(ForeignKey("documents.document_id"))
    recorded_by: Mapped[str | None] = mapped_column(ForeignKey("users.user_id"))


class ConflictRow(Base):
    """A tie of a user to a case that bars every step: `kin`, `certified`."""

    __tablename__ = "conflicts"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.user_id"), primary_key=True)
    tie: Mapped[str] = mapped_column(String(20), primary_key=True)
    stated_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    stated_at: Mapped[datetime] = mapped_column(WHEN)


class ComplaintRow(Base):
    """A complaint, denunciation, petition or answer, and how far it is.

    `stage`, `seq`, `verifier`, `hold`, `outcome`, `settled_on`: set by its steps alone. Who denounces stands in
    `reporters`, never here.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        Index("ix_complaints_due", "stage", "due_on"),
        Index("ix_complaints_matter", "matter"),
        Index("ix_complaints_outcome", "outcome", "case_id"),
    )

    complaint_id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.case_id"), index=True)
    matter: Mapped[str] = mapped_column(ID)  # one petition sent to many bodies is one matter
    level: Mapped[str] = mapped_column(String(10))
    previous: Mapped[str | None] = mapped_column(ForeignKey("complaints.complaint_id"))
    kind: Mapped[str] = mapped_column(String(20))
    against_step: Mapped[int | None] = mapped_column(Integer)
    stage: Mapped[str] = mapped_column(String(20))
    seq: Mapped[int]
    filed_on: Mapped[date]
    received_on: Mapped[date]
    via: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Text)
    filer: Mapped[str | None] = mapped_column(String(200))
    people: Mapped[int]  # who signed a collective petition
    bodies: Mapped[list[str]] = mapped_column(JSON)  # to which it was sent as well
    commune: Mapped[str | None] = mapped_column(String(120))
    district: Mapped[str | None] = mapped_column(String(120))
    is_remote: Mapped[bool]
    is_complex: Mapped[bool]
    served_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    due_on: Mapped[date | None]
    hold: Mapped[bool | None]
    settler: Mapped[str] = mapped_column(String(300))
    verifier: Mapped[str | None] = mapped_column(ForeignKey("users.user_id"))
    dialogue_on: Mapped[date | None]
    settled_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(30))
    result_served_on: Mapped[date | None]
    entered_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    entered_at: Mapped[datetime] = mapped_column(WHEN)


class ComplaintStepRow(Base):
    """A step of a complaint: its history. Only added."""

    __tablename__ = "complaint_steps"

    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaints.complaint_id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(30))
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    actor_role: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(WHEN)
    on_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    stated: Mapped[dict[str, Any]] = mapped_column(JSON)
    verifier: Mapped[str | None] = mapped_column(ForeignKey("users.user_id"))
    hold: Mapped[bool | None]
    outcome: Mapped[str | None] = mapped_column(String(30))


class ReporterRow(Base):
    """Who denounced: kept apart, seen by few, each look recorded."""

    __tablename__ = "reporters"

    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaints.complaint_id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(300))


class AllowedComplaintStepRow(Base):
    """The table of a complaint's steps (domain/review/complaints.py), for the triggers."""

    __tablename__ = "allowed_complaint_steps"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[str] = mapped_column(String(10), primary_key=True)
    before: Mapped[str] = mapped_column(String(20), primary_key=True)
    step: Mapped[str] = mapped_column(String(30), primary_key=True)
    after: Mapped[str] = mapped_column(String(20), primary_key=True)
    role: Mapped[str] = mapped_column(String(30), primary_key=True)


class JudgementRow(Base):
    """Same person, not the same, unsure: by whom, on what evidence. Only added; the newest of a pair holds."""

    __tablename__ = "judgements"
    __table_args__ = (Index("ix_judgements_pair", "left_record_id", "right_record_id"),)

    judged_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    judgement_id: Mapped[str] = mapped_column(ID, unique=True)
    left_record_id: Mapped[str] = mapped_column(ID)
    right_record_id: Mapped[str] = mapped_column(ID)
    judgement: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    judged_by: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    judged_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(Text)
    facts_hash: Mapped[str] = mapped_column(String(64))
    expires_on: Mapped[date | None]
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    round: Mapped[int]  # of the dossier that was looked at: the facts that it rests on are frozen there


class LedgerRow(Base):
    """One entry of the ledger (domain/review/ledger.py). Only added."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("chain", "n"),)

    entry_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    chain: Mapped[str] = mapped_column(ID)
    n: Mapped[int]
    at: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[str] = mapped_column(ID)
    act: Mapped[str] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(String(40))
    after: Mapped[str] = mapped_column(String(40))
    content_hash: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class RootRow(Base):
    """A root over the heads of all chains; printed on signed lists and deposited outside. Only added."""

    __tablename__ = "roots"

    root_no: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[str] = mapped_column(String(32))
    chains: Mapped[int]
    entries: Mapped[int]
    prev_root: Mapped[str] = mapped_column(String(64))
    root: Mapped[str] = mapped_column(String(64))


class RootHeadRow(Base):
    """The head of a chain that had grown since the root before. Only added."""

    __tablename__ = "root_heads"

    root_no: Mapped[int] = mapped_column(ForeignKey("roots.root_no"), primary_key=True)
    chain: Mapped[str] = mapped_column(ID, primary_key=True)
    n: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class CaseKeyRow(Base):
    """The key of a case's contents in the ledger. Deleting it forgets the contents; the ledger still verifies."""

    __tablename__ = "case_keys"

    chain: Mapped[str] = mapped_column(ID, primary_key=True)
    key: Mapped[str] = mapped_column(String(64))


class SessionRow(Base):
    """A login. The token is kept as its hash."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.user_id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    began_at: Mapped[datetime] = mapped_column(WHEN)
    seen_at: Mapped[datetime] = mapped_column(WHEN)
    ended_at: Mapped[datetime | None] = mapped_column(WHEN)


class UnmaskingRow(Base):
    """Who saw the whole national id of a case, when and why. Only added."""

    __tablename__ = "unmaskings"

    unmasking_id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.user_id"))
    at: Mapped[datetime] = mapped_column(WHEN)
    reason: Mapped[str] = mapped_column(Text)


class UnsentRow(Base):
    """What somebody has typed and not sent: a dropped line loses no reason."""

    __tablename__ = "unsent_reasons"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.user_id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.case_id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(WHEN)


class PlaceRow(Base):
    """Where somebody stopped in the queue."""

    __tablename__ = "places"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.user_id"), primary_key=True)
    filter: Mapped[dict[str, Any]] = mapped_column(JSON)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.case_id"))
    changed_at: Mapped[datetime] = mapped_column(WHEN)


class AllowedStepRow(Base):
    """The table of steps (domain/review/states.py), for the triggers."""

    __tablename__ = "allowed_steps"

    before: Mapped[str] = mapped_column(String(30), primary_key=True)
    step: Mapped[str] = mapped_column(String(30), primary_key=True)
    after: Mapped[str] = mapped_column(String(30), primary_key=True)
    role: Mapped[str] = mapped_column(String(30), primary_key=True)
