"""Bulk acts: choose, say what is needed, look at the preview, confirm, and take the result as a file."""

import csv
import io
from collections import defaultdict
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import HTTPException
from fastapi.responses import RedirectResponse

from eligibility_audit.domain.kinds import ROSTERS
from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.store.accounts import Session
from eligibility_audit.store.assignments import colleagues
from eligibility_audit.store.bulk import Bulk, named, read_bulk
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import ids_of
from eligibility_audit.use_cases.review import bulk as use
from eligibility_audit.web.desk import filter_of
from eligibility_audit.web.gate import Here, Reader, Typed, Writer, second_signer
from eligibility_audit.web.render import render

router = APIRouter(prefix="/bulk", include_in_schema=False)
OUTCOME_VI: Final = {
    "will": "sẽ thay đổi / will change",
    "refused": "không thay đổi / refused",
    "done": "đã làm / done",
    "failed": "không làm được / not done",
}


@router.post("")
def choose(request: Request, office: Here, who: Writer, form: Typed) -> Response:
    """What was ticked in the queue, or all that its filter finds; then what the step needs."""
    step = str(form.get("step") or "")
    if step not in use.offered(who.actor.role):
        raise RefusedError(["Hãy chọn việc làm theo lô. / Choose what to do."])
    ids = [str(value) for value in form.getlist("case")]
    if form.get("which") == "all":
        ids = list(ids_of(office, who.actor, filter_of(form), use.MOST + 1))
    if not use.FIELDS[step] and step != Step.CLEAR:
        return RedirectResponse(f"/bulk/{use.preview(office, who.actor, step, ids, {})}", status_code=303)
    return _needed(request, office, who, step, ids)


@router.post("/preview")
def previewed(request: Request, office: Here, who: Writer, sent: Typed) -> Response:
    """Keep the preview and show it."""
    form = {name: str(value).strip() for name, value in sent.items()}
    step, ids = form.get("step", ""), form.get("cases", "").split()
    evidence = {name.removeprefix("evidence-"): value for name, value in form.items() if name.startswith("evidence-")}
    try:
        bulk_id = use.preview(office, who.actor, step, ids, form, evidence)
    except RefusedError as error:
        if step not in use.offered(who.actor.role):
            raise
        return _needed(request, office, who, step, ids, refused=error.reasons, typed=form)
    return RedirectResponse(f"/bulk/{bulk_id}", status_code=303)


@router.get("/{bulk_id}")
def shown(request: Request, office: Here, who: Reader, bulk_id: str) -> Response:
    """The preview; once confirmed, the result."""
    return _shown(request, office, who, _bulk(office, who, bulk_id))


@router.post("/{bulk_id}/confirm")
def confirmed(request: Request, office: Here, who: Writer, sent: Typed, bulk_id: str) -> Response:
    """Do what the preview showed."""
    form = {name: str(value) for name, value in sent.items()}
    try:
        second = second_signer(request, office, form)
        told = (form.get("reason", ""), second, form.get("second_reason", ""))
        use.confirm(office, who.actor, bulk_id, *told)
    except RefusedError as error:
        bulk = _bulk(office, who, bulk_id)
        return _shown(request, office, who, bulk, refused=error.reasons, typed=form)
    return RedirectResponse(f"/bulk/{bulk_id}", status_code=303)


@router.get("/{bulk_id}/result.csv")
def result(office: Here, who: Reader, bulk_id: str) -> Response:
    """A line a case: what became of it and why. UTF-8 with BOM, so that Excel opens it; no names."""
    bulk = _bulk(office, who, bulk_id)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["n", "case_id", "dossier_no", "commune", "programme", "step", "outcome", "why"])
    for line in bulk.lines:
        told = (line.n, line.case_id, line.dossier_no, line.commune, line.programme, bulk.step, line.outcome, line.why)
        writer.writerow([_plain(value) for value in told])
    named = {"Content-Disposition": f'attachment; filename="{bulk_id}.csv"'}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=named)


def _plain(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _bulk(office: Office, who: Session, bulk_id: str) -> Bulk:
    bulk = read_bulk(office, who.actor, bulk_id)
    if bulk is None:
        raise HTTPException(404)
    return bulk


def _needed(
    request: Request,
    office: Office,
    who: Session,
    step: str,
    ids: list[str],
    *,
    refused: tuple[str, ...] = (),
    typed: dict[str, str] | None = None,
) -> Response:
    told = {
        "step": step,
        "steps": use.STEPS_VI,
        "ids": ids,
        "fields": use.FIELDS[step],
        "cases": [],
        "acts": _acts() if step == Step.SUBMIT else {},
        "officers": colleagues(office, who.actor) if step == use.ASSIGN else [],
        "refused": refused,
        "typed": defaultdict(str, typed or {}),
        "most": use.MOST,
    }
    if step == Step.CLEAR:
        told["cases"] = named(office, who.actor, ids[: use.MOST])
    return render(request, "bulk_needed.html.j2", told, status=422 if refused else 200)


def _acts() -> dict[str, str]:
    return {name: act.vi for programme in ROSTERS for name, act in Acts.load(programme).acts.items()}


def _shown(
    request: Request,
    office: Office,
    who: Session,
    bulk: Bulk,
    *,
    refused: tuple[str, ...] = (),
    typed: dict[str, str] | None = None,
) -> Response:
    told = {
        "bulk": bulk,
        "steps": use.STEPS_VI,
        "outcomes": OUTCOME_VI,
        "over": [] if bulk.confirmed_at else use.over_cap(office, who.actor, bulk),
        "refused": refused,
        "typed": defaultdict(str, typed or {}),
    }
    return render(request, "bulk.html.j2", told, status=422 if refused else 200)
