"""The field visits that were ordered and have no result yet, by commune and hamlet, to print and take along."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.store.case_page import masked
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.tables import CaseRow, DossierRow, OrderRow


@dataclass(frozen=True)
class Visit:
    """Somebody to visit, and what to ask there."""

    case_id: str
    name: str
    date_of_birth: str
    dossier_no: str
    national_id: str  # its last digits
    question: str
    due_on: date
    vulnerable: bool


def communes_to_visit(office: Office, actor: Actor) -> list[Mapping[str, Any]]:
    """Communes in the actor's scope with how many visits are ordered in each, the nearest day first."""
    query = (
        select(
            CaseRow.district, CaseRow.commune, func.count().label("visits"), func.min(OrderRow.due_on).label("due_on")
        )
        .join(OrderRow, OrderRow.case_id == CaseRow.case_id)
        .where(_open_visits(), in_scope(actor))
        .group_by(CaseRow.district, CaseRow.commune)
        .order_by(func.min(OrderRow.due_on), CaseRow.district, CaseRow.commune)
    )
    with office.cases.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def visits(office: Office, actor: Actor, district: str, commune: str) -> dict[str, list[Visit]]:
    """The visits of a commune by hamlet, in the order of names; a hamlet that is not known comes last."""
    columns = (CaseRow.case_id, CaseRow.name, CaseRow.date_of_birth, CaseRow.dossier_no, CaseRow.national_id)
    same = and_(DossierRow.case_id == CaseRow.case_id, DossierRow.round == CaseRow.round)
    query = (
        select(*columns, CaseRow.vulnerable, OrderRow.question, OrderRow.due_on, DossierRow.frozen)
        .join(OrderRow, OrderRow.case_id == CaseRow.case_id)
        .join(DossierRow, same)
        .where(_open_visits(), in_scope(actor), CaseRow.district == district, CaseRow.commune == commune)
        .order_by(CaseRow.name_key, CaseRow.case_id)
    )
    found: dict[str, list[Visit]] = {}
    with office.cases.reading() as connection:
        for row in connection.execute(query):
            hamlet = str(row.frozen.get("record", {}).get("hamlet") or "")
            told = (row.case_id, row.name or "", row.date_of_birth or "", row.dossier_no or "")
            visit = Visit(*told, masked(row.national_id), row.question, row.due_on, row.vulnerable)
            found.setdefault(hamlet, []).append(visit)
    return dict(sorted(found.items(), key=lambda item: (item[0] == "", item[0])))


def _open_visits() -> Any:
    return and_(OrderRow.kind == "field_visit", OrderRow.result.is_(None), OrderRow.round == CaseRow.round)
