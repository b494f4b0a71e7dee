"""All that a case page shows, for those who may see it."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert, select

from eligibility_audit.domain.review.guards import CaseFacts, refusals
from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.domain.review.states import Transition, allowed
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.cases import case_facts
from eligibility_audit.store.complaints import complaints_of
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.tables import (
    CaseRow,
    DocumentRow,
    DossierRow,
    JudgementRow,
    NoticeRow,
    OrderRow,
    StepRow,
    UnmaskingRow,
    UserRow,
)

SEES_IDS: Final = frozenset({Role.OFFICER, Role.CHECKER, Role.AUTHORITY})  # after unmasking, which is recorded
_NUMBER: Final = re.compile(r"(?<!\d)\d{9}(?:\d{3})?(?!\d)")


@dataclass(frozen=True)
class CasePage:
    """A case as one officer sees it. `steps` are those that the officer's role has from here, each with why not."""

    case: Mapping[str, Any]
    dossier: Mapping[str, Any]
    facts: CaseFacts
    history: tuple[Mapping[str, Any], ...]
    documents: tuple[Mapping[str, Any], ...]
    notices: tuple[Mapping[str, Any], ...]
    orders: tuple[Mapping[str, Any], ...]
    complaints: tuple[Mapping[str, Any], ...]
    judgements: tuple[Mapping[str, Any], ...]
    steps: tuple[tuple[Transition, tuple[str, ...]], ...]
    unsent: str = ""


def case_page(office: Office, actor: Actor, case_id: str) -> CasePage | None:
    """The page of a case; None where there is none in the actor's scope: of another area nobody learns that it is."""
    with office.cases.reading() as connection:
        found = (
            connection.execute(select(CaseRow).where(CaseRow.case_id == case_id, in_scope(actor))).mappings().first()
        )
        if found is None:
            return None
        case = dict(found)
        facts = case_facts(connection, case_id)
        frozen = (
            connection.execute(
                select(DossierRow.frozen, DossierRow.sha256, DossierRow.run_id, DossierRow.frozen_at).where(
                    DossierRow.case_id == case_id, DossierRow.round == case["round"]
                )
            )
            .mappings()
            .one()
        )

        def rows(table: Any, order: Any) -> tuple[Mapping[str, Any], ...]:
            query = select(table).where(table.case_id == case_id).order_by(order)
            return tuple(dict(row) for row in connection.execute(query).mappings())

        names = dict(connection.execute(select(UserRow.user_id, UserRow.name)).tuples().all())
        history = tuple(
            {
                **row,
                "actor": names.get(row["actor_id"], ""),
                "second_signer": names.get(row["stated"].get("second_signer") or "", ""),
            }
            for row in rows(StepRow, StepRow.seq)
        )
        return CasePage(
            case=case | {"national_id": masked(case["national_id"])},
            dossier={**frozen, "frozen": masked_within(with_ids_compared(frozen["frozen"]))},
            facts=facts,
            history=history,
            documents=rows(DocumentRow, DocumentRow.added_at),
            notices=rows(NoticeRow, NoticeRow.issued_on),
            orders=rows(OrderRow, OrderRow.ordered_on),
            complaints=complaints_of(connection, actor, case_id),
            judgements=rows(JudgementRow, JudgementRow.judged_on),
            steps=_steps(facts, actor, office),
        )


def programme_of(office: Office, actor: Actor, case_id: str) -> tuple[str, str | None] | None:
    """Programme and direction (tăng, giảm) of a case in the actor's scope; None where there is none."""
    with office.cases.reading() as connection:
        row = connection.execute(
            select(CaseRow.programme, CaseRow.direction).where(CaseRow.case_id == case_id, in_scope(actor))
        ).first()
    return None if row is None else (row.programme, row.direction)


def family_cases(office: Office, actor: Actor, case_id: str, members: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The cases of a family that the actor sees, by dossier number: case id and state. Found by number alone."""
    numbers = sorted({str(member["dossier_no"]) for member in members if member.get("dossier_no")})
    if not numbers:
        return {}
    query = select(CaseRow.dossier_no, CaseRow.case_id, CaseRow.state, CaseRow.action).where(
        CaseRow.dossier_no.in_(numbers),
        CaseRow.programme == "agent_orange",
        CaseRow.case_id != case_id,
        in_scope(actor),
    )
    with office.cases.reading() as connection:
        return {str(row["dossier_no"]): dict(row) for row in connection.execute(query).mappings()}


def unmask(office: Office, actor: Actor, case_id: str, reason: str) -> str:
    """The whole national id of a case, recorded with who asked and why. Raises RefusedError."""
    if actor.role not in SEES_IDS:
        raise RefusedError(["Vai trò của bạn không xem được số đầy đủ. / Your role does not see the whole number."])
    if len(reason.strip()) < 10:
        raise RefusedError(["Hãy ghi lý do cần xem số đầy đủ. / Say why the whole number is needed."])
    with office.cases.writing() as connection:
        row = connection.execute(select(CaseRow.national_id).where(CaseRow.case_id == case_id, in_scope(actor))).first()
        if row is None:
            raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])
        now = office.clock()
        seen = {"unmasking_id": f"m-{secrets.token_hex(8)}", "case_id": case_id, "user_id": actor.user_id}
        connection.execute(insert(UnmaskingRow), [seen | {"at": now, "reason": reason.strip()}])
        ledger.append(
            connection, case_id, now=now, actor_id=actor.user_id, act="unmask", content={"reason": reason.strip()}
        )
    return row.national_id or ""


def masked(number: str | None) -> str:
    """A national id of which the last three digits are shown."""
    return "" if not number else "•" * (len(number) - 3) + number[-3:]


def with_ids_compared(frozen: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the national ids agree, told before they are masked."""
    own = frozen["record"].get("national_id")

    def told(other: Mapping[str, Any]) -> str:
        number = other["record"].get("national_id")
        if not own or not number or len(own) != len(number):
            return "unknown"
        return "same" if own == number else "different"

    return {**frozen, "others": [{**other, "ids": told(other)} for other in frozen.get("others", ())]}


def masked_within(value: Any) -> Any:
    """The same evidence with every national id in its texts masked."""
    if isinstance(value, str):
        return _NUMBER.sub(lambda found: masked(found[0]), value)
    if isinstance(value, Mapping):
        return {key: masked_within(each) for key, each in value.items()}
    return [masked_within(each) for each in value] if isinstance(value, list) else value


def _steps(facts: CaseFacts, actor: Actor, office: Office) -> tuple[tuple[Transition, tuple[str, ...]], ...]:
    """The steps of the actor's role, with what stands against each but what its form will ask for."""
    found = []
    for move in allowed(facts.state, actor.role):
        stated: dict[str, object] = dict.fromkeys(move.needs, "…" * 10)
        stated.update(_ANYTHING)
        why = tuple(refusals(facts, move.step, actor, stated, office.today()))
        found.append((move, why))
    return tuple(found)


_ANYTHING: Final[Mapping[str, object]] = {"kind": "field_visit", "result": "dung", "means": "signature"}
