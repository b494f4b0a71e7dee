"""Why a step is refused: pure checks over what is known of a case (procedure.md, 2 to 6).

Every refusal is a sentence that says what is missing and what to do. No switch turns a check off.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from eligibility_audit.domain.review.people import Actor, Conflicts, PastStep, Role
from eligibility_audit.domain.review.resumption import GROUND_VI, PAPERS, resumed_from
from eligibility_audit.domain.review.states import (
    AFTER_REPLY,
    MEANS,
    PAUSES,
    RESULTS,
    STEP_VI,
    VERIFICATIONS,
    State,
    Step,
    transition,
)

LEAST_REASON: Final = 10  # letters: "ok" is no reason that a court can read
MAKING: Final = frozenset({Step.SUBMIT, Step.RECORD_SIGNS})  # by these somebody is the maker of an act
CONFIRMING: Final = frozenset({Step.CHECK, Step.SIGN})
SECOND_SIGNERS: Final = frozenset({Role.CHECKER, Role.AUTHORITY})


@dataclass(frozen=True)
class Notice:
    """A notice of the findings. It counts from proof of service; undelivered is not served."""

    served_on: date | None = None
    reply_due: date | None = None
    replied_on: date | None = None

    def time_is_over(self, today: date) -> bool:
        """Whether the person has answered, or has had the time to."""
        if self.served_on is None:
            return False
        return self.replied_on is not None or (self.reply_due is not None and today > self.reply_due)


@dataclass(frozen=True)
class CaseFacts:
    """What the checks need to know of a case.

    `effect`: of the legal act that is proposed (`law/<programme>/acts.yaml`); `past`: the steps of the present round.
    """

    state: State
    programme: str
    commune: str | None = None
    district: str | None = None
    effect: str | None = None
    law_confirmed: bool = False
    about_death: bool = False
    vulnerable: bool = False
    notice: Notice | None = None
    visited: bool = False
    complaint_open: bool = False
    documents: frozenset[str] = frozenset()  # kinds of documents on file, by `DOCUMENTS`
    own_finding: bool = True
    findings: frozenset[str] = frozenset()  # ids of the findings of this very file
    execution_held: bool = False  # an open complaint against the signed act, and its execution is held
    stopped_month: str | None = None  # the first month that is not paid, by an act that nothing has lifted since
    paused: bool = False  # that act is a pause: the case cannot be closed on it
    held_rules: tuple[str, ...] = ()  # rules past their limit of reversals, on which nobody has decided yet
    board_review_open: bool = False  # phúc quyết, or the time to ask for it, still runs
    second_signer: Actor | None = None  # who signs a repayment beside the competent authority
    refers_only: bool = False  # a file of the army or the police: referral, nothing else
    past: tuple[PastStep, ...] = ()
    conflicts: Conflicts = field(default_factory=Conflicts)


DOCUMENTS: Final = {
    "registrar": "trích lục khai tử hoặc văn bản trả lời của cơ quan hộ tịch / an extract or the registrar's answer",
    "commune_check": "kết quả kiểm tra của xã / the commune's check",
    "request_to_body": "văn bản đề nghị cơ quan lập hồ sơ xác minh / the request to the establishing body",
    "invitation": "thư mời giải trình cùng ngày / the invitation to answer, of the same day",
    "conclusion": "kết luận, quyết định có số và ngày / a conclusion with number and date",
}
Refusals = list[str]
Stated = Mapping[str, object]


def refusals(case: CaseFacts, step: Step, actor: Actor, stated: Stated, today: date) -> Refusals:
    """Why this actor may not take this step on this case today; an empty list where they may."""
    move = transition(case.state, step)
    if move is None:
        return [
            f"Hồ sơ đang ở bước “{case.state}”, không có việc “{STEP_VI[step]}”. / "
            f"The case is at “{case.state}”; there is no step “{step}” from there."
        ]
    if actor.role not in move.roles:
        return [f"Vai trò của bạn không được làm việc “{STEP_VI[step]}”. / Your role may not take the step “{step}”."]
    found = [why for check in _GENERAL for why in check(case, step, actor)]
    found += [
        f"Thiếu nội dung bắt buộc: {name}. / Missing: {name}." for name in move.needs if not _is_stated(stated, name)
    ]
    return found + [why for check in _OF_STEP.get(step, ()) for why in check(case, stated, today)]


def _is_stated(stated: Stated, name: str) -> bool:
    value = stated.get(name)
    if name == "reason":
        return isinstance(value, str) and len(value.strip()) >= LEAST_REASON
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _in_scope(case: CaseFacts, step: Step, actor: Actor) -> Refusals:
    if actor.role == Role.SYSTEM or actor.sees(case.commune, case.district):
        return []
    return ["Hồ sơ không thuộc địa bàn của bạn. / The case is not of your area."]


def _no_conflict(case: CaseFacts, step: Step, actor: Actor) -> Refusals:
    bar = case.conflicts.bar(actor.user_id)
    return [] if bar is None else [f"Bạn không được xử lý hồ sơ này: {bar}."]


def _another_person(case: CaseFacts, step: Step, actor: Actor) -> Refusals:
    """Maker, checker and signer are three people; the checker is of neither the maker's unit nor the commune.

    Who checked or signed an earlier act of the case, or returned one, may do the same again.
    """
    if step in MAKING:
        mine = [p for p in case.past if p.step in CONFIRMING and p.user_id == actor.user_id]
        return [_SAME_PERSON] if mine else []
    if step not in CONFIRMING:
        return []
    if step == Step.SIGN and case.effect == "repay" and not _is_signed_twice(case, actor):
        return [_SECOND_SIGNER]
    if any(p.user_id == actor.user_id and p.step not in (step, Step.RETURN) for p in case.past):
        return [_SAME_PERSON]
    makers = {p.unit for p in case.past if p.step in MAKING}
    if step == Step.CHECK and (actor.unit in makers or actor.unit == case.commune):
        return [
            "Người kiểm tra không được cùng đơn vị với người trình, không thuộc xã của hồ sơ. / "
            "The checker is of neither the maker's unit nor the commune."
        ]
    return []


def _is_signed_twice(case: CaseFacts, actor: Actor) -> bool:
    second = case.second_signer
    if second is None or second.role not in SECOND_SIGNERS or not second.sees(case.commune, case.district):
        return False
    took_part = {actor.user_id, *(p.user_id for p in case.past)}
    return second.user_id not in took_part and case.conflicts.bar(second.user_id) is None


_SECOND_SIGNER: Final = (
    "Truy thu phải có người ký thứ hai: người kiểm tra hoặc người có thẩm quyền, chưa làm việc nào trong hồ sơ này. / "
    "Repayment needs a second signer: a checker or an authority who took no step in this case."
)
_SAME_PERSON: Final = (
    "Bạn đã làm một việc khác trong hồ sơ này; người trình, người kiểm tra, người ký phải là những người khác nhau. / "
    "You took another step in this case; maker, checker and signer are different people."
)
_GENERAL: Final[tuple[Callable[[CaseFacts, Step, Actor], Refusals], ...]] = (_in_scope, _no_conflict, _another_person)


def _act_may_be_submitted(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    takes, pauses = case.effect in AFTER_REPLY, case.effect in PAUSES
    found: Refusals = []
    if case.refers_only:
        found.append(
            "Hồ sơ do quân đội, công an quản lý: chỉ chuyển, không quyết định. / "
            "A file of the army or the police is referred to them, not decided here."
        )
    at_death = case.about_death and case.effect == "end"
    if takes and not at_death:
        found += _notice_is_over(case, today)
    if pauses:
        found += _pause_is_grounded(case)
    if at_death:
        found += _lacking(case, "registrar", "commune_check")
    if case.effect == "resume":
        found += _resumption_is_grounded(case, stated)
    if takes and case.board_review_open:
        found.append("Còn thời hạn phúc quyết. / The time for a second opinion of the board still runs.")
    return found


def _resumption_is_grounded(case: CaseFacts, stated: Stated) -> Refusals:
    found: Refusals = []
    if not case.documents.intersection(PAPERS):
        found.append(
            "Hưởng lại cần kết luận, quyết định hoặc kết quả kiểm tra của xã có trong hồ sơ. / "
            "A resumption needs the conclusion, decision or commune's check on file."
        )
    if case.stopped_month is None:
        return [*found, "Hồ sơ này không có việc dừng chi trả đang có hiệu lực. / No stop of this case is in force."]
    try:
        resumed_from(case.stopped_month, stated)
    except ValueError:
        found.append(
            f"Hãy chọn căn cứ hưởng lại ({', '.join(GROUND_VI)}), kèm ngày hoặc tháng mà căn cứ ấy cần. / "
            "Choose the ground of the resumption, with the day or month that it needs."
        )
    return found


def _rule_is_not_held(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    if not case.held_rules or case.effect not in AFTER_REPLY | PAUSES:
        return []
    rules = ", ".join(case.held_rules)
    return [
        f"Quy tắc {rules} có nhiều quyết định bị đảo ngược: tạm giữ, chờ người có thẩm quyền quyết định. / "
        f"Too many acts of {rules} were reversed: held until a named person has decided."
    ]


def _execution_is_not_held(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    if not case.execution_held:
        return []
    return [
        "Việc thi hành quyết định này đang tạm hoãn vì khiếu nại: không đưa vào danh sách chi trả. / "
        "Execution is held for the complaint against this decision: it does not go on the payment list."
    ]


def _payment_goes_on(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    if not case.paused:
        return []
    return [
        "Người hưởng đang bị tạm dừng: trước hết phải có hưởng lại, điều chỉnh hoặc chấm dứt. / "
        "The payment is paused: resume, adjust or end it first."
    ]


def _is_a_pause(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    return [] if case.effect in PAUSES else ["Chỉ chờ kết luận sau khi tạm dừng. / Only after a pause."]


def _notice_is_over(case: CaseFacts, today: date) -> Refusals:
    if case.notice is None or not case.notice.time_is_over(today):
        return [
            "Phải giao thông báo (có chứng cứ giao) và chờ trả lời hoặc hết hạn trả lời. / "
            "A notice must be served, with proof, and answered or its time be over."
        ]
    if case.vulnerable and not case.visited:
        return [
            "Người cần được bảo vệ: phải đến thăm và gửi thư. / A vulnerable person gets a visit as well as a letter."
        ]
    return []


def _pause_is_grounded(case: CaseFacts) -> Refusals:
    if case.state != State.SIGNS_RECORDED:
        return [
            "Tạm dừng chỉ sau khi cán bộ có tên ghi nhận dấu hiệu, dẫn văn bản. / "
            "A pause comes only after a named officer recorded signs, citing a document."
        ]
    return _lacking(case, "request_to_body", "invitation")


def _lacking(case: CaseFacts, *kinds: str) -> Refusals:
    return [f"Còn thiếu: {DOCUMENTS[kind]}." for kind in kinds if kind not in case.documents]


def _no_open_complaint(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    if case.complaint_open and case.effect in AFTER_REPLY | PAUSES:
        return ["Đang có khiếu nại: không được ra việc bất lợi mới. / A complaint is open: no new adverse act."]
    return []


def _law_is_confirmed(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    if case.law_confirmed:
        return []
    return [
        "Căn cứ pháp lý cần kiểm tra trước khi ký: cán bộ pháp chế có tên chưa xác nhận. / "
        "The law is not confirmed: a named legal officer has to confirm it before the signature."
    ]


def _board_needs_a_finding(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    if stated.get("kind") not in VERIFICATIONS:
        return [f"Loại xác minh phải là một trong: {', '.join(VERIFICATIONS)}. / The kind is one of these."]
    own = case.own_finding and (not case.findings or str(stated.get("finding")) in case.findings)
    if stated.get("kind") == "medical_board" and not own:
        return [
            "Giám định lại cần nghi ngờ có ghi chép của chính hồ sơ này (Nghị định 131/2021, Điều 168 khoản 8). / "
            "A referral to the medical board needs a documented suspicion of this very file."
        ]
    return []


def _result_is_known(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    if stated.get("result") in RESULTS:
        return []
    return [f"Kết quả phải là một trong: {', '.join(RESULTS)}. / The result is one of these."]


def _service_is_proven(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    found = (
        [] if stated.get("means") in MEANS else [f"Cách giao phải là một trong: {', '.join(MEANS)}. / One of these."]
    )
    if not _is_stated(stated, "served_on"):
        return found
    try:  # a form states it as text
        served = date.fromisoformat(str(stated["served_on"]).strip())
    except ValueError:
        return [*found, "Hãy ghi ngày giao, như 2021-08-31. / Give the day of service, as 2021-08-31."]
    if served > today:
        found.append("Ngày giao không thể ở tương lai. / The day of service cannot lie ahead.")
    return found


def _month_is_one(case: CaseFacts, stated: Stated, today: date) -> Refusals:
    """A month that cannot be read would be on no list, and could never be resumed from."""
    try:
        date.fromisoformat(f"{str(stated.get('month') or '')[:7]}-01")
    except ValueError:
        return ["Hãy ghi tháng chi trả, như 2021-08. / Give the month of payment, as 2021-08."]
    return []


_OfStep = Callable[[CaseFacts, Stated, date], Refusals]
_OF_STEP: Final[Mapping[Step, tuple[_OfStep, ...]]] = {
    Step.SUBMIT: (_act_may_be_submitted, _rule_is_not_held, _no_open_complaint),
    Step.CHECK: (_rule_is_not_held, _no_open_complaint),
    Step.SIGN: (_law_is_confirmed, _rule_is_not_held, _no_open_complaint),
    Step.PUT_ON_PAYMENT_LIST: (_execution_is_not_held, _month_is_one),
    Step.AWAIT_CONCLUSION: (_is_a_pause,),
    Step.CLEAR: (_payment_goes_on,),
    Step.CLOSE: (_payment_goes_on,),
    Step.WITHDRAW: (_payment_goes_on,),
    Step.ORDER_VERIFICATION: (_board_needs_a_finding,),
    Step.RECORD_RESULT: (_result_is_known,),
    Step.SERVE: (_service_is_proven,),
}
