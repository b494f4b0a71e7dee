"""Cases that go on under another number, and cases that are one: recorded, shown, never merged silently."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.errors import RefusedError
from eligibility_audit.store.file_tables import CaseAliasRow, CaseLinkRow
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.reattached import Linked, write_link
from eligibility_audit.store.tables import CaseRow, DossierRow


@dataclass(frozen=True)
class KnownCase:
    """What re-attachment asks of a case."""

    case_id: str
    programme: str
    dossier_no: str
    name_key: str
    national_id: str
    is_current: bool


def known_cases(office: Office) -> dict[str, KnownCase]:
    """All cases of the store."""
    columns = (CaseRow.case_id, CaseRow.programme, CaseRow.dossier_no, CaseRow.name_key, CaseRow.national_id)
    with office.cases.reading() as connection:
        rows = connection.execute(select(*columns, CaseRow.is_current))
        return {r[0]: KnownCase(r[0], r[1], r[2] or "", r[3] or "", r[4] or "", r[5]) for r in rows}


def aliases(office: Office) -> dict[str, str]:
    """Case ids by the other ids that runs gave them."""
    with office.cases.reading() as connection:
        return dict(connection.execute(select(CaseAliasRow.alias, CaseAliasRow.case_id)).tuples().all())


def frozen_records(office: Office, case_ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The record that each case was frozen with, of its present round."""
    wanted = sorted(case_ids)
    found: dict[str, Mapping[str, Any]] = {}
    query = select(DossierRow.case_id, DossierRow.frozen).join(
        CaseRow, (CaseRow.case_id == DossierRow.case_id) & (CaseRow.round == DossierRow.round)
    )
    with office.cases.reading() as connection:
        for start in range(0, len(wanted), 500):
            rows = connection.execute(query.where(DossierRow.case_id.in_(wanted[start : start + 500])))
            found |= {case_id: frozen.get("record") or {} for case_id, frozen in rows}
    return found


def link_cases(office: Office, actor: Actor, case_id: str, other_id: str, reason: str) -> None:
    """An officer says that two cases are of one file. Raises RefusedError."""
    if len(reason.strip()) < 10:
        raise RefusedError(["Hãy ghi vì sao hai hồ sơ là một (ít nhất 10 chữ). / Say why the two are one."])
    with office.cases.writing() as connection:
        ids = connection.scalars(
            select(CaseRow.case_id).where(CaseRow.case_id.in_([case_id, other_id.strip()]), in_scope(actor))
        ).all()
        if len(ids) != 2:
            raise RefusedError(
                ["Không có hồ sơ kia trong địa bàn của bạn. / There is no such other case in your area."]
            )
        linked = Linked(case_id, other_id.strip(), "officer", reason.strip())
        if not write_link(connection, linked, office.clock(), actor.user_id, None):
            raise RefusedError(["Hai hồ sơ này đã được gắn với nhau. / The two are linked already."])


def links_of(office: Office, actor: Actor, case_id: str) -> list[Mapping[str, Any]]:
    """The cases linked to a case, each with why; those out of the actor's area by their id alone."""
    query = select(CaseLinkRow.__table__).where(
        or_(CaseLinkRow.left_case == case_id, CaseLinkRow.right_case == case_id)
    )
    with office.cases.reading() as connection:
        rows = list(connection.execute(query.order_by(CaseLinkRow.linked_at)).mappings())
        others = [r["right_case"] if r["left_case"] == case_id else r["left_case"] for r in rows]
        seen = set(connection.scalars(select(CaseRow.case_id).where(CaseRow.case_id.in_(others), in_scope(actor))))
        return [{**row, "other": other, "is_seen": other in seen} for row, other in zip(rows, others, strict=True)]
