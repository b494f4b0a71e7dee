"""What the store holds of a person; what it may forget stands in `forgetting.py`."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from eligibility_audit.store.file_tables import CaseAliasRow, DecisionBindingRow, EarlierDecisionRow, OpinionDraftRow
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import (
    CaseRow,
    ComplaintRow,
    ConflictRow,
    DocumentRow,
    DossierRow,
    JudgementRow,
    LedgerRow,
    NoticeRow,
    OrderRow,
    StepRow,
    UnmaskingRow,
    UserRow,
)

OF_A_CASE: Final[Mapping[str, Any]] = {
    "dossiers": DossierRow,
    "steps": StepRow,
    "documents": DocumentRow,
    "notices": NoticeRow,
    "verification_orders": OrderRow,
    "complaints": ComplaintRow,
    "judgements": JudgementRow,
    "conflicts": ConflictRow,
    "unmaskings": UnmaskingRow,
    "case_aliases": CaseAliasRow,
    "opinion_drafts": OpinionDraftRow,
}


def cases_of(office: Office, person: str) -> list[str]:
    """Ids of the cases of a person, by case id, dossier number or national id; a name alone is nobody's key."""
    words = person.strip()
    known = or_(CaseRow.case_id == words, CaseRow.dossier_no == words.upper(), CaseRow.national_id == words)
    with office.cases.reading() as connection:
        first = connection.execute(select(CaseRow.case_id, CaseRow.national_id).where(known)).all()
        numbers = sorted({row.national_id for row in first if row.national_id})
        more = connection.scalars(select(CaseRow.case_id).where(CaseRow.national_id.in_(numbers))).all()
    return sorted({row.case_id for row in first} | set(more))


def held_of(office: Office, case_id: str) -> dict[str, Any]:
    """All rows that the store holds of a case, by table, with the case's extract of the ledger and names of actors."""
    with office.cases.reading() as connection:
        case = connection.execute(select(CaseRow).where(CaseRow.case_id == case_id)).mappings().one()
        held: dict[str, Any] = {"case": dict(case)}
        for name, table in OF_A_CASE.items():
            key = table.__mapper__.primary_key
            rows = connection.execute(select(table).where(table.case_id == case_id).order_by(*key)).mappings()
            held[name] = [dict(row) for row in rows]
        bound = DecisionBindingRow.decision_id == EarlierDecisionRow.decision_id
        earlier = select(EarlierDecisionRow.__table__).join(DecisionBindingRow, bound)
        mine = earlier.where(DecisionBindingRow.case_id == case_id).order_by(EarlierDecisionRow.dated_on)
        held["earlier_decisions"] = [dict(row) for row in connection.execute(mine).mappings()]
        entries = select(LedgerRow).where(LedgerRow.chain == case_id).order_by(LedgerRow.n)
        held["ledger"] = [dict(row) for row in connection.execute(entries).mappings()]
        held["actors"] = _names(connection, held)
    return held


def _names(connection: Connection, held: Mapping[str, Any]) -> dict[str, str]:
    wanted = {str(entry["actor_id"]) for entry in held["ledger"]}
    rows = connection.execute(select(UserRow.user_id, UserRow.name, UserRow.role, UserRow.unit))
    return {row.user_id: f"{row.name} ({row.role}, {row.unit})" for row in rows if row.user_id in wanted}
