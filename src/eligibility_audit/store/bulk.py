"""Bulk acts as they are kept: what was chosen, what the preview said, what became of each case."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, insert, select, update

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger, stops
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.tables import CaseRow, DossierRow
from eligibility_audit.store.team_tables import BulkLineRow, BulkRow

CHAIN: Final = "bulk"
AT_A_TIME: Final = 200


@dataclass(frozen=True)
class Chosen:
    """A case that was chosen: where it stands, and what its dossier proposes to ask."""

    case_id: str
    seq: int
    programme: str
    direction: str | None
    line: Mapping[str, Any]  # of the recommendation, frozen
    findings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Line:
    """A case of a bulk act. `outcome`: `will`, `refused` in the preview; then `done`, `failed`."""

    n: int
    case_id: str
    seq: int
    stated: Mapping[str, Any]
    outcome: str
    why: str
    name: str = ""
    dossier_no: str = ""
    commune: str = ""
    programme: str = ""


@dataclass(frozen=True)
class Bulk:
    """A bulk act with its cases."""

    bulk_id: str
    step: str
    stated: Mapping[str, Any]
    made_at: datetime
    confirmed_at: datetime | None
    reason: str | None
    second_id: str | None
    second_reason: str | None
    lines: tuple[Line, ...]

    def count(self, *outcomes: str) -> int:
        """How many cases have one of these outcomes."""
        return sum(line.outcome in outcomes for line in self.lines)

    @property
    def reasons(self) -> dict[str, list[Line]]:
        """The cases that will not change, by why; the most frequent first."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.outcome in ("refused", "failed"):
                found.setdefault(line.why, []).append(line)
        return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def chosen(office: Office, actor: Actor, case_ids: Sequence[str]) -> list[Chosen]:
    """The cases of these ids that the actor may see, in their order; of others nobody learns that they are."""
    found: dict[str, Chosen] = {}
    same = (DossierRow.case_id == CaseRow.case_id) & (DossierRow.round == CaseRow.round)
    query = select(CaseRow.case_id, CaseRow.seq, CaseRow.programme, CaseRow.direction, DossierRow.frozen).join(
        DossierRow, same
    )
    with office.cases.reading() as connection:
        for start in range(0, len(case_ids), AT_A_TIME):
            part = case_ids[start : start + AT_A_TIME]
            for row in connection.execute(query.where(CaseRow.case_id.in_(part), in_scope(actor))):
                line, findings = row.frozen.get("recommendation", {}), tuple(row.frozen.get("findings", ()))
                found[row.case_id] = Chosen(row.case_id, row.seq, row.programme, row.direction, line, findings)
    return [found[case_id] for case_id in case_ids if case_id in found]


def named(office: Office, actor: Actor, case_ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """Name, dossier number and commune of these cases, of those that the actor may see."""
    query = select(CaseRow.case_id, CaseRow.name, CaseRow.dossier_no, CaseRow.commune).where(in_scope(actor))
    with office.cases.reading() as connection:
        rows = connection.execute(query.where(CaseRow.case_id.in_(list(case_ids)))).mappings().all()
    return [dict(row) for row in rows]


def save_preview(office: Office, actor: Actor, step: str, stated: Mapping[str, Any], lines: Sequence[Line]) -> str:
    """Keep a preview; returns its id. Nothing happens to a case."""
    bulk_id = f"b-{secrets.token_hex(8)}"
    blank = dict.fromkeys(("confirmed_at", "reason", "second_id", "second_reason"))
    row = {"bulk_id": bulk_id, "actor_id": actor.user_id, "step": step, "stated": dict(stated)}
    kept = [
        {"bulk_id": bulk_id, "n": line.n, "case_id": line.case_id, "seq": line.seq}
        | {"stated": dict(line.stated), "outcome": line.outcome, "why": line.why}
        for line in lines
    ]
    with office.cases.writing() as connection:
        connection.execute(insert(BulkRow), [row | {"made_at": office.clock()} | blank])
        connection.execute(insert(BulkLineRow), kept)
    return bulk_id


def read_bulk(office: Office, actor: Actor, bulk_id: str) -> Bulk | None:
    """A bulk act of this actor; None where there is none: those of others are not shown."""
    with office.cases.reading() as connection:
        query = select(BulkRow).where(BulkRow.bulk_id == bulk_id, BulkRow.actor_id == actor.user_id)
        row = connection.execute(query).mappings().first()
        if row is None:
            return None
        of_case = (CaseRow.name, CaseRow.dossier_no, CaseRow.commune, CaseRow.programme)
        of_line = (BulkLineRow.n, BulkLineRow.case_id, BulkLineRow.seq, BulkLineRow.stated)
        rows = connection.execute(
            select(*of_line, BulkLineRow.outcome, BulkLineRow.why, *of_case)
            .join(CaseRow, CaseRow.case_id == BulkLineRow.case_id)
            .where(BulkLineRow.bulk_id == bulk_id)
            .order_by(BulkLineRow.n)
        )
        lines = tuple(_of_row(each) for each in rows.mappings())
    told = {name: row[name] for name in ("bulk_id", "step", "stated", "made_at", "confirmed_at", "reason")}
    return Bulk(**told, second_id=row["second_id"], second_reason=row["second_reason"], lines=lines)


def _of_row(row: RowMapping) -> Line:
    return Line(**{name: value if value is not None else "" for name, value in row.items()})  # type: ignore[arg-type]


def confirm(
    office: Office,
    actor: Actor,
    bulk: Bulk,
    reason: str,
    second: tuple[Actor, str] | None,
) -> None:
    """Take a preview as confirmed, once; the cap that a second signer lifted is in the ledger. Raises RefusedError."""
    now = office.clock()
    told: dict[str, Any] = {"confirmed_at": now, "reason": reason}
    if second is not None:
        told |= {"second_id": second[0].user_id, "second_reason": second[1]}
    with office.cases.writing() as connection:
        mine = (BulkRow.bulk_id == bulk.bulk_id) & (BulkRow.actor_id == actor.user_id)
        done = connection.execute(update(BulkRow).where(mine, BulkRow.confirmed_at.is_(None)).values(**told))
        if not done.rowcount:
            raise RefusedError(["Lô này đã được xác nhận. / This batch was confirmed already."])
        content = {"bulk": bulk.bulk_id, "step": bulk.step, "chosen": len(bulk.lines), "will": bulk.count("will")}
        _note(connection, now, actor, "confirm_bulk", content | {"reason": reason})
        if second is not None:
            lifted = {"bulk": bulk.bulk_id, "reason": second[1]}
            _note(connection, now, second[0], "lift_cap", lifted)


def record_line(office: Office, bulk_id: str, n: int, outcome: str, why: str) -> None:
    """What became of a case."""
    with office.cases.writing() as connection:
        one = (BulkLineRow.bulk_id == bulk_id) & (BulkLineRow.n == n)
        connection.execute(update(BulkLineRow).where(one).values(outcome=outcome, why=why))


def persons_of(office: Office, programme: str) -> int:
    """How many people a programme had in the newest run that was counted; else how many cases of it there are."""
    with office.cases.reading() as connection:
        counted = stops.persons_of(connection, programme)
        return counted if counted is not None else stops.cases_of(connection, programme)


def stops_submitted(office: Office, actor: Actor, day: date) -> dict[str, int]:
    """How many stops an actor has submitted on a day, by programme: many small batches are one large one."""
    with office.cases.reading() as connection:
        return stops.submitted(connection, actor.user_id, day)


def _note(connection: Connection, now: datetime, actor: Actor, act: str, content: Mapping[str, object]) -> None:
    ledger.append(connection, CHAIN, now=now, actor_id=actor.user_id, act=act, content=content)
