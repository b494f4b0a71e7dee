"""Decisions and clearings from before this system: history beside a case. They take no step and move no state."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, insert, or_, select

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.file_tables import DecisionBindingRow, EarlierDecisionRow
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import CaseRow, DossierRow

IMPORTS: Final = frozenset({Role.OFFICER, Role.AUTHORITY, Role.ADMINISTRATOR})
CHAIN: Final = "decisions"
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Candidate:
    """A case that an earlier decision may be about."""

    case_id: str
    programme: str
    dossier_no: str
    name_key: str
    born: str
    opened_on: date
    record: Mapping[str, Any]
    in_area: bool  # of who imports; who else bears the number or the name counts wherever they live


@dataclass(frozen=True)
class Binding:
    """A decision and the case that it is about."""

    decision_id: str
    case_id: str
    bound_by: str
    match_probability: float | None = None


def add_decisions(office: Office, actor: Actor, rows: Sequence[Mapping[str, Any]], digest: str) -> list[str]:
    """Enter decisions, each once whichever file it comes in; returns the ids of the new ones. Raises RefusedError."""
    if actor.role not in IMPORTS:
        raise RefusedError(["Vai trò của bạn không nhập quyết định. / Your role does not import decisions."])
    now = office.clock()
    with office.cases.writing() as connection:
        known = _known(connection, [str(row["row_sha256"]) for row in rows])
        fresh = {str(row["row_sha256"]): row for row in rows if row["row_sha256"] not in known}
        added = [
            {**row, "decision_id": f"e-{secrets.token_hex(8)}", "imported_by": actor.user_id, "imported_at": now}
            for row in fresh.values()
        ]
        if added:
            connection.execute(insert(EarlierDecisionRow), added)
        content = {"file": digest, "decisions": [row["row_sha256"] for row in added]}
        ledger.append(connection, CHAIN, now=now, actor_id=actor.user_id, act="import_decisions", content=content)
    return [str(row["decision_id"]) for row in added]


def _known(connection: Connection, hashes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(hashes), _AT_ONCE):
        part = hashes[start : start + _AT_ONCE]
        found |= set(
            connection.scalars(
                select(EarlierDecisionRow.row_sha256).where(EarlierDecisionRow.row_sha256.in_(part))
            ).all()
        )
    return found


def unbound(office: Office) -> list[Mapping[str, Any]]:
    """The decisions whose case is not known yet."""
    bound = select(DecisionBindingRow.decision_id).where(
        DecisionBindingRow.decision_id == EarlierDecisionRow.decision_id
    )
    with office.cases.reading() as connection:
        rows = connection.execute(select(EarlierDecisionRow.__table__).where(~bound.exists())).mappings()
        return [dict(row) for row in rows]


def candidates(
    office: Office, dossiers: Iterable[str], name_keys: Iterable[str], actor: Actor | None
) -> list[Candidate]:
    """Cases with one of these dossier numbers or folded names, wherever they are: a namesake of another district
    counts too. None: the system, whose area is everywhere."""
    columns = (CaseRow.case_id, CaseRow.programme, CaseRow.dossier_no, CaseRow.name_key, CaseRow.date_of_birth)
    query = select(*columns, CaseRow.opened_at, CaseRow.commune, CaseRow.district, DossierRow.frozen).join(
        DossierRow, (DossierRow.case_id == CaseRow.case_id) & (DossierRow.round == CaseRow.round)
    )
    keys = [
        *((CaseRow.dossier_no, d) for d in sorted(set(dossiers))),
        *((CaseRow.name_key, n) for n in sorted(set(name_keys))),
    ]
    found: dict[str, Candidate] = {}
    with office.cases.reading() as connection:
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            by_number = [value for column, value in part if column is CaseRow.dossier_no]
            by_name = [value for column, value in part if column is CaseRow.name_key]
            same = or_(CaseRow.dossier_no.in_(by_number), CaseRow.name_key.in_(by_name))
            for row in connection.execute(query.where(same)):
                found[row.case_id] = Candidate(
                    *(row.case_id, row.programme, row.dossier_no or "", row.name_key or ""),
                    str(row.date_of_birth or ""),
                    row.opened_at.date(),
                    row.frozen.get("record") or {},
                    actor is None or actor.sees(row.commune, row.district),
                )
    return list(found.values())


def bind(office: Office, found: Sequence[Binding], by: str) -> None:
    """Record which case each decision is about, in the ledger of the case. The store refuses one that was made after
    its case was opened: such an act goes through the steps."""
    if not found:
        return
    now = office.clock()
    with office.cases.writing() as connection:
        for each in found:
            row = {"decision_id": each.decision_id, "case_id": each.case_id, "bound_by": each.bound_by}
            more = {"match_probability": each.match_probability, "by_user": by, "bound_at": now}
            connection.execute(insert(DecisionBindingRow), [row | more])
            content = {"decision": each.decision_id, "bound_by": each.bound_by}
            ledger.append(connection, each.case_id, now=now, actor_id=by, act="bind_decision", content=content)


def decisions_of(office: Office, case_id: str) -> list[Mapping[str, Any]]:
    """What is known from before of a case, oldest first."""
    query = (
        select(EarlierDecisionRow.__table__, DecisionBindingRow.bound_by)
        .join(DecisionBindingRow, DecisionBindingRow.decision_id == EarlierDecisionRow.decision_id)
        .where(DecisionBindingRow.case_id == case_id)
        .order_by(EarlierDecisionRow.dated_on)
    )
    with office.cases.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
