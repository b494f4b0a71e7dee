"""A case: what is known, what speaks for and against, and the steps from here."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.exceptions import HTTPException
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from eligibility_audit.domain.review.complaints import ENTERS, KIND_VI, OUTCOME_VI, STAGE_VI
from eligibility_audit.domain.review.people import Actor
from eligibility_audit.domain.review.resumption import GROUND_VI
from eligibility_audit.domain.review.states import MEANS, RESULTS, STEP_VI, VERIFICATIONS, Step
from eligibility_audit.errors import RefusedError, StaleError
from eligibility_audit.publish.drafts import DRAFTS
from eligibility_audit.publish.letters import LETTERS
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.store.accounts import Session
from eligibility_audit.store.along import add_document, confirm_law, record_notice_served
from eligibility_audit.store.assignments import keep_place
from eligibility_audit.store.case_links import link_cases, links_of
from eligibility_audit.store.case_page import CasePage, case_page, family_cases, unmask
from eligibility_audit.store.court_file import HANDS_OVER
from eligibility_audit.store.earlier_decisions import decisions_of
from eligibility_audit.store.judgements import judged_of_case
from eligibility_audit.store.measured_error import of_rules
from eligibility_audit.store.office import Office
from eligibility_audit.store.opinions import opinions_of
from eligibility_audit.store.queue import Filter, neighbour
from eligibility_audit.use_cases.review.cautions import Caution, cautions
from eligibility_audit.use_cases.review.court_bundle import court_bundle
from eligibility_audit.use_cases.review.drafts import offered
from eligibility_audit.use_cases.review.judge_pair import JUDGES, deaths_shown
from eligibility_audit.use_cases.review.missing_papers import missing_papers
from eligibility_audit.use_cases.review.take_step import take_step
from eligibility_audit.web.gate import Here, Reader, Typed, Writer, second_signer
from eligibility_audit.web.render import render

router = APIRouter(prefix="/cases/{case_id}")
FIELDS_VI = {
    "name": "Họ tên / Name",
    "alias": "Bí danh / Alias",
    "date_of_birth": "Ngày sinh / Born",
    "sex": "Giới tính / Sex",
    "national_id": "Số định danh / National id",
    "dossier_no": "Số hồ sơ / Dossier",
    "commune": "Xã / Commune",
    "district": "Huyện / District",
    "died_on": "Ngày chết / Died on",
    "registration_no": "Số đăng ký / Registration",
    "registered_on": "Ngày đăng ký / Registered on",
    "note": "Ghi chú trên danh sách / Note",
}


@router.get("", include_in_schema=False)
def shown(request: Request, office: Here, who: Reader, case_id: str) -> Response:
    """The page of a case; where somebody was is kept once the page is sent."""
    answer = _shown(request, office, who, case_id)
    answer.background = BackgroundTask(keep_place, office, who.actor, {}, case_id)
    return answer


@router.get("/sheet", include_in_schema=False)
def sheet(request: Request, office: Here, who: Reader, case_id: str) -> Response:
    """The one-page phiếu of a case, to print."""
    page = _page(office, who, case_id)
    rules = (found["rule_id"] for found in page.dossier["frozen"]["findings"])
    told = {"page": page, "measured": of_rules(office, rules)}
    return render(request, "sheet.html.j2", told | {"cautions": _cautions(office, page)})


@router.post("/links", include_in_schema=False)
def linked(
    office: Here,
    who: Writer,
    case_id: str,
    other: Annotated[str, Form(max_length=40)] = "",
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Say that two cases are of one file: they are shown to each other, and stay two."""
    if who.actor.role not in JUDGES:
        raise RefusedError(["Vai trò của bạn không gắn hồ sơ. / Your role links no cases."])
    link_cases(office, who.actor, case_id, other, reason)
    return RedirectResponse(f"/cases/{case_id}#earlier", status_code=303)


@router.post("/court-bundle", include_in_schema=False)
def bundled(office: Here, who: Writer, case_id: str) -> Response:
    """The court bundle of the case: its PDF and the files in one zip. That it was made is in the ledger."""
    made = court_bundle(office, who.actor, case_id)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("ho-so.pdf", made.pdf)
        packed.writestr("attachments.zip", made.attachments)
    headers = {"Content-Disposition": f'attachment; filename="court-{case_id}.zip"'}
    return Response(out.getvalue(), media_type="application/zip", headers=headers)


@router.post("/steps/{step}", include_in_schema=False)
def stepped(request: Request, office: Here, who: Writer, sent: Typed, case_id: str, step: str) -> Response:
    """Take a step; what is refused is said on the page, with what was typed kept; as when somebody else was first."""
    form = {name: str(value).strip() for name, value in sent.items()}
    if step not in STEP_VI:
        raise HTTPException(404)
    kept = {**form, "step": step}
    seq = form.get("seq", "")
    try:
        second = second_signer(request, office, form) if step == Step.SIGN else None
        at = int(seq) if seq.isdigit() else -1
        take_step(office, who.actor, case_id, Step(step), form, seq=at, second=second)
    except RefusedError as error:
        return _shown(request, office, who, case_id, refused=error.reasons, typed=kept)
    except StaleError as error:
        return _shown(request, office, who, case_id, refused=(str(error),), typed=kept, status=409)
    return RedirectResponse(f"/cases/{case_id}", status_code=303)


@router.post("/documents", include_in_schema=False)
def documented(
    office: Here,
    who: Writer,
    case_id: str,
    kind: Annotated[str, Form(max_length=40)],
    title: Annotated[str, Form(max_length=300)] = "",
    number: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Put a document on the case."""
    add_document(office, who.actor, case_id, kind, title, number=number)
    return RedirectResponse(f"/cases/{case_id}#documents", status_code=303)


@router.post("/notices/{notice_id}", include_in_schema=False)
def served(
    office: Here,
    who: Writer,
    case_id: str,
    notice_id: str,
    served_on: Annotated[str, Form()] = "",
    means: Annotated[str, Form()] = "",
    proof: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Record that a notice was served."""
    from datetime import date

    try:
        day = date.fromisoformat(served_on)
    except ValueError:
        raise RefusedError(["Hãy ghi ngày giao. / Give the day of service."]) from None
    record_notice_served(office, who.actor, case_id, notice_id, day, means, proof)
    return RedirectResponse(f"/cases/{case_id}#notices", status_code=303)


@router.post("/law", include_in_schema=False)
def law(office: Here, who: Writer, case_id: str, reason: Annotated[str, Form(max_length=2000)] = "") -> Response:
    """Confirm the law of the case, by a named legal officer."""
    confirm_law(office, who.actor, case_id, reason)
    return RedirectResponse(f"/cases/{case_id}", status_code=303)


@router.post("/number", include_in_schema=False)
def number(
    request: Request, office: Here, who: Writer, case_id: str, reason: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Show the whole national id, recorded with the reason."""
    return _shown(request, office, who, case_id, number=unmask(office, who.actor, case_id, reason))


def _page(office: Office, who: Session, case_id: str) -> CasePage:
    page = case_page(office, who.actor, case_id)
    if page is None:
        raise HTTPException(404)
    if page.dossier["frozen"].get("forgotten"):
        raise RefusedError(
            ["Nội dung hồ sơ này đã được xóa theo thời hạn lưu trữ; sổ ghi vẫn còn. / Its contents are forgotten."]
        )
    return page


def _cautions(office: Office, page: CasePage) -> tuple[Caution, ...]:
    return cautions(page.case["programme"], page.dossier["frozen"], office.today())


def _family(actor: Actor, page: CasePage) -> list[Mapping[str, Any]]:
    """The family as the list has it; of who lives outside the officer's area only how they are related."""
    return [
        one
        if not one.get("record_id") or actor.sees(one.get("commune"), one.get("district"))
        else {"relation": one["relation"], "is_elsewhere": True}
        for one in page.dossier["frozen"].get("family", [])
    ]


def _shown(
    request: Request,
    office: Office,
    who: Session,
    case_id: str,
    *,
    refused: tuple[str, ...] = (),
    typed: dict[str, str] | None = None,
    number: str = "",
    status: int = 0,
) -> Response:
    page = _page(office, who, case_id)
    acts = Acts.load(page.case["programme"]).acts
    family = _family(who.actor, page)
    told = {
        "page": page,
        "case": page.case,
        "line": page.dossier["frozen"]["recommendation"],
        "findings": page.dossier["frozen"]["findings"],
        "record": page.dossier["frozen"]["record"],
        "others": page.dossier["frozen"].get("others", []),
        "family": family,
        "family_cases": family_cases(office, who.actor, case_id, family),
        "judged": judged_of_case(office, case_id),
        "measured": of_rules(office, (found["rule_id"] for found in page.dossier["frozen"]["findings"])),
        "cautions": _cautions(office, page),
        "missing": missing_papers(page.case["programme"], page.dossier["frozen"]["findings"], office.today()),
        "may_judge": who.actor.role in JUDGES,
        "earlier": decisions_of(office, case_id),
        "opinions": opinions_of(office, case_id),
        "linked": links_of(office, who.actor, case_id),
        "may_link": who.actor.role in JUDGES,
        "may_bundle": who.actor.role in HANDS_OVER,
        "deaths_shown": deaths_shown(page.dossier["frozen"]),
        "acts": {name: act.vi for name, act in acts.items()},
        "fields": FIELDS_VI,
        "results": RESULTS,
        "kinds": VERIFICATIONS,
        "means": MEANS,
        "grounds": GROUND_VI,
        "offered": [move.step.value for move, _ in page.steps],
        "refused": refused,
        "typed": defaultdict(str, typed or {}),
        "number": number,
        "after": neighbour(office, who.actor, Filter(), case_id),
    }
    told |= {
        "letters": [
            *(letter for letter in LETTERS.values() if not letter.of_complaint),
            *(DRAFTS[key] for key in offered(page)),
        ],
        "may_enter": who.actor.role in ENTERS,
        "KIND_VI": KIND_VI,
        "STAGE_VI": STAGE_VI,
        "OUTCOME_VI": OUTCOME_VI,
    }
    return render(request, "case.html.j2", told, status=status or (422 if refused else 200))
