"""Draft a decision, or a paper that only a step allows: refused where the case is not at that step."""

from collections.abc import Mapping
from typing import Any, Final

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.domain.review.states import State, Step
from eligibility_audit.domain.words import LAW_MARK_VI
from eligibility_audit.errors import RefusedError
from eligibility_audit.publish.amounts import money
from eligibility_audit.publish.drafts import DRAFTS, ORDERS, REPAYS, draft_key
from eligibility_audit.recommend.acts import Acts, on_day
from eligibility_audit.recommend.pay_run import pay_run
from eligibility_audit.store.case_page import CasePage, case_page
from eligibility_audit.store.importers import actor_of
from eligibility_audit.store.office import Office
from eligibility_audit.use_cases.review.letters import Made, basis, head_of, make_letter, may_write, written

SECOND: Final = frozenset({Role.CHECKER, Role.AUTHORITY})
REFERRAL: Final = "draft_chuyen"
BEFORE_THE_SIGNATURE: Final = (State.SUBMITTED, State.CHECKED)
_UNDER_REVIEW: Final = (State.RECOMMENDED, State.OFFICE_LOOKUP, State.ASKED, State.VERIFYING)


def offered(page: CasePage) -> list[str]:
    """The drafts that the case allows where it stands now."""
    return [key for key in DRAFTS if not _why_not(page, key)]


def draft_of_case(office: Office, actor: Actor, case_id: str, key: str, form: Mapping[str, str]) -> Made:
    """A draft as a docx file, kept with the case. `form`: as for letters, and for a repayment `second_signer`, a login.

    Raises RefusedError with every reason: the case is not at that step, another act was submitted, a repayment has no
    signed conclusion or no second signer.
    """
    may_write(actor)
    page = case_page(office, actor, case_id)
    if page is None:
        raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])
    why = _why_not(page, key)
    if why:
        raise RefusedError(why)
    told = head_of(office, actor, page.case, form)
    told |= _of_order(office, page, key) if key in ORDERS else _of_decision(office, page, key, form)
    if key.removeprefix("draft_") in REPAYS:
        told |= _of_repayment(office, page, form)
    return make_letter(office, actor, DRAFTS[key], told, case_id, case_id)


def _why_not(page: CasePage, key: str) -> list[str]:
    if key not in DRAFTS:
        return ["Không có mẫu này. / There is no such draft."]
    if key in ORDERS:
        return [] if _order(page, key) else [_NO_ORDER.format(vi=ORDERS[key][1], en=ORDERS[key][2])]
    if key == REFERRAL:
        under_review = State(page.case["state"]) in _UNDER_REVIEW
        return [] if page.facts.refers_only and under_review else [_NOT_REFERRED]
    return _why_no_decision(page, key)


def _why_no_decision(page: CasePage, key: str) -> list[str]:
    act = _act(page)
    if State(page.case["state"]) not in BEFORE_THE_SIGNATURE or act is None:
        return [_NOT_SUBMITTED]
    if f"draft_{draft_key(page.case['programme'], act)}" != key:
        return [f"Việc được trình là “{act}”, không phải mẫu này. / Another act was submitted: {act}."]
    if key.removeprefix("draft_") in REPAYS and _conclusion(page) is None:
        return [_NO_CONCLUSION]
    return []


_NOT_SUBMITTED: Final = (
    "Chưa lập được dự thảo quyết định: chỉ khi việc ấy đã được trình và chưa ký. / "
    "A decision is drafted once its act was submitted, and before it is signed."
)
_NOT_REFERRED: Final = (
    "Chỉ chuyển hồ sơ do quân đội, công an quản lý, khi đang rà soát. / "
    "Only files of the army or the police are referred, while they are under review."
)
_NO_ORDER: Final = (
    "{vi}: chưa có yêu cầu xác minh loại này đang chờ kết quả. / {en}: no verification order of this kind is open."
)
_NO_CONCLUSION: Final = (
    "Việc này cần kết luận đã ký, có số và ngày, trong hồ sơ. / "
    "A signed conclusion with number and day must be on file."
)
_NO_SECOND: Final = (
    "Hãy ghi tên đăng nhập của người ký thứ hai, người chưa làm việc nào trong hồ sơ. / "
    "Name the login of a second signer who took no step in this case."
)


def _act(page: CasePage) -> str | None:
    """The act that was submitted in this round."""
    mine = [row for row in page.history if row["round"] == page.case["round"] and row["step"] == Step.SUBMIT]
    return str(mine[-1]["stated"].get("act") or "") or None if mine else None


def _order(page: CasePage, key: str) -> Mapping[str, Any] | None:
    kind = ORDERS[key][0]
    mine = [row for row in page.orders if row["round"] == page.case["round"] and row["kind"] == kind]
    return next((row for row in reversed(mine) if row["result"] is None), None)


def _conclusion(page: CasePage) -> str | None:
    """Number and day of the newest conclusion on file."""
    mine = [row for row in page.documents if row["kind"] == "conclusion" and row["round"] == page.case["round"]]
    numbered = [row for row in mine if row["number"]]
    if not numbered:
        return None
    last = numbered[-1]
    return f"{last['number']}" + (f" ngày {written(last['dated_on'])}" if last["dated_on"] else "")


def _of_decision(office: Office, page: CasePage, key: str, form: Mapping[str, str]) -> dict[str, str]:
    case, today = page.case, office.today()
    acts = Acts.load(case["programme"])
    name = "chuyen" if key == REFERRAL else _act(page) or ""
    act = acts.acts[name]
    cited, mark = acts.cited(name, today)
    decider, preparer, paper = (on_day(of, today) for of in (act.decider, act.preparer, act.form))
    line = page.dossier["frozen"].get("recommendation") or {}
    submitted = next((row for row in reversed(page.history) if row["step"] == Step.SUBMIT), None)
    stated = dict(submitted["stated"]) if submitted else {}
    _, run = pay_run(acts, today)
    return {
        "authority": decider.vi.upper() if decider else "",
        "preparer": preparer.vi if preparer else "",
        "basis": cited,
        "law_mark": _mark(page, mark),
        "form": paper.vi if paper else "không có mẫu trong văn bản đã lưu",
        "ground": str(submitted["reason"]) if submitted else str(line.get("reason_vi") or ""),
        "start_month": act.start_month,
        "month": f"{run:%m/%Y}",
        "with_paper": act.with_,
        "undo": act.undo,
        "old_amount": f"{money(case['monthly_amount'])}/tháng" if case["monthly_amount"] is not None else "",
        "new_amount": form.get("new_amount", "").strip(),
        "amount": form.get("amount", "").strip(),
        "from_month": "/".join(reversed(str(stated.get("from_month") or "").split("-"))),
        "conclusion": _conclusion(page) or "",
        "addressee": form.get("addressee", "").strip() or (decider.vi if decider else ""),
        "question": form.get("question", "").strip() or str(line.get("question_vi") or ""),
    }


def _mark(page: CasePage, of_act: str) -> str:
    """The mark of the law as it is printed: of the act and of the condition; confirmed once a named officer did."""
    if of_act == "confirmed" and page.facts.law_confirmed:
        return "căn cứ đã kiểm tra"
    return LAW_MARK_VI["to_verify" if of_act == "confirmed" else of_act]


def _of_order(office: Office, page: CasePage, key: str) -> dict[str, str]:
    order = _order(page, key) or {}
    findings = page.dossier["frozen"].get("findings") or []
    found = next((one for one in findings if one["finding_id"] == order.get("finding_id")), None)
    line = page.dossier["frozen"].get("recommendation") or {}
    return {
        "addressee": str(order.get("body") or ""),
        "question": str(order.get("question") or ""),
        "reason": str(order.get("reason") or ""),
        "finding": str((found or line).get("reason_vi") or ""),
        "basis": basis(line) or "hồ sơ rà soát",
        "law_mark": _mark(page, "confirmed"),
        "reply_due": written(order.get("due_on")),
    }


def _of_repayment(office: Office, page: CasePage, form: Mapping[str, str]) -> dict[str, str]:
    """The second signer, by name: somebody who took no step in the case."""
    login = form.get("second_signer", "").strip()
    second = actor_of(office, login) if login else None
    if second is None or second.role not in SECOND or any(past.user_id == second.user_id for past in page.facts.past):
        raise RefusedError([_NO_SECOND])
    return {"second_signer": second.name}
