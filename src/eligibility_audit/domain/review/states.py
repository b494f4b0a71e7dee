"""The states of a case and the steps between them (procedure.md, 2).

The table below is all there is: a step that is not in it does not exist, for a page, the API, an import or SQL (the
store writes the same table into the database and checks every row against it).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from eligibility_audit.domain.review.people import Role


class State(StrEnum):
    """Where a case stands."""

    RECOMMENDED = "recommended"
    OFFICE_LOOKUP = "office_lookup"
    ASKED = "asked"
    VERIFYING = "verifying"
    SIGNS_RECORDED = "signs_recorded"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    SIGNED = "signed"
    SERVED = "served"
    ON_PAYMENT_LIST = "on_payment_list"
    AWAITING_CONCLUSION = "awaiting_conclusion"
    CLEARED = "cleared"
    CLOSED = "closed"


STATE_VI: Final[dict[State, str]] = {
    State.RECOMMENDED: "mới được đề xuất",
    State.OFFICE_LOOKUP: "cơ quan đang tra cứu",
    State.ASKED: "đã hỏi, chờ trả lời",
    State.VERIFYING: "đang xác minh",
    State.SIGNS_RECORDED: "đã ghi nhận dấu hiệu",
    State.SUBMITTED: "đã trình, chờ kiểm tra",
    State.CHECKED: "đã kiểm tra, chờ ký",
    State.SIGNED: "đã ký, chờ giao quyết định",
    State.SERVED: "đã giao quyết định",
    State.ON_PAYMENT_LIST: "đã vào danh sách chi trả",
    State.AWAITING_CONCLUSION: "đang tạm dừng, chờ kết luận",
    State.CLEARED: "đã rà soát: hồ sơ đúng",
    State.CLOSED: "đã kết thúc",
}


class Step(StrEnum):
    """What can be done to a case."""

    LOOK_UP = "look_up"
    ASK = "ask"
    ORDER_VERIFICATION = "order_verification"
    RECORD_ANSWER = "record_answer"
    RECORD_RESULT = "record_result"
    CLEAR = "clear"
    RECORD_SIGNS = "record_signs"
    SUBMIT = "submit"
    CHECK = "check"
    RETURN = "return"
    SIGN = "sign"
    SERVE = "serve"
    PUT_ON_PAYMENT_LIST = "put_on_payment_list"
    AWAIT_CONCLUSION = "await_conclusion"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


STEP_VI: Final[dict[Step, str]] = {
    Step.LOOK_UP: "Nhận hồ sơ, tra cứu tại cơ quan",
    Step.ASK: "Hỏi (gửi thông báo, đề nghị trả lời)",
    Step.ORDER_VERIFICATION: "Lập yêu cầu xác minh",
    Step.RECORD_ANSWER: "Ghi trả lời",
    Step.RECORD_RESULT: "Ghi kết quả xác minh",
    Step.CLEAR: "Kết thúc: hồ sơ đúng",
    Step.RECORD_SIGNS: "Ghi nhận dấu hiệu, dẫn văn bản",
    Step.SUBMIT: "Trình",
    Step.CHECK: "Kiểm tra, đồng ý trình ký",
    Step.RETURN: "Trả lại",
    Step.SIGN: "Ghi quyết định đã ký",
    Step.SERVE: "Ghi việc giao quyết định",
    Step.PUT_ON_PAYMENT_LIST: "Đưa vào danh sách tăng, giảm",
    Step.AWAIT_CONCLUSION: "Chờ kết luận của cơ quan lập hồ sơ",
    Step.CLOSE: "Kết thúc hồ sơ",
    Step.REOPEN: "Mở lại",
    Step.WITHDRAW: "Rút đề xuất",
}

_CASEWORK: Final = frozenset({Role.COMMUNE_OFFICER, Role.OFFICER})
_MAKERS: Final = frozenset({Role.OFFICER})
_UNDER_REVIEW: Final = (State.RECOMMENDED, State.OFFICE_LOOKUP, State.ASKED, State.VERIFYING, State.SIGNS_RECORDED)
_READY: Final = (State.OFFICE_LOOKUP, State.ASKED, State.VERIFYING, State.SIGNS_RECORDED, State.AWAITING_CONCLUSION)
_DECIDED: Final = (State.SIGNED, State.SERVED, State.ON_PAYMENT_LIST, State.AWAITING_CONCLUSION)


@dataclass(frozen=True)
class Transition:
    """One allowed step from a state. `needs`: what must be stated, by name; a reason is always among them."""

    step: Step
    before: State
    after: State
    roles: frozenset[Role]
    needs: tuple[str, ...] = ()


def _from(
    before: tuple[State, ...], step: Step, after: State, roles: frozenset[Role], *needs: str
) -> tuple[Transition, ...]:
    return tuple(Transition(step, state, after, roles, ("reason", *needs)) for state in before)


TRANSITIONS: Final[tuple[Transition, ...]] = (
    *_from((State.RECOMMENDED,), Step.LOOK_UP, State.OFFICE_LOOKUP, _CASEWORK),
    *_from(_UNDER_REVIEW[:4], Step.ASK, State.ASKED, _MAKERS, "addressee", "question", "due_on"),
    *_from(
        (*_UNDER_REVIEW, State.AWAITING_CONCLUSION),
        Step.ORDER_VERIFICATION,
        State.VERIFYING,
        _MAKERS,
        *("kind", "body", "question", "finding", "due_on"),
    ),
    *_from((State.ASKED,), Step.RECORD_ANSWER, State.OFFICE_LOOKUP, _CASEWORK, "document"),
    *_from((State.VERIFYING,), Step.RECORD_RESULT, State.OFFICE_LOOKUP, _CASEWORK, "result", "document"),
    *_from(_UNDER_REVIEW, Step.CLEAR, State.CLEARED, _MAKERS, "evidence"),
    *_from(_UNDER_REVIEW[:4], Step.RECORD_SIGNS, State.SIGNS_RECORDED, _MAKERS, "document_no", "document_date"),
    *_from(_READY, Step.SUBMIT, State.SUBMITTED, _MAKERS, "act"),
    *_from((State.SUBMITTED,), Step.CHECK, State.CHECKED, frozenset({Role.CHECKER})),
    *_from((State.SUBMITTED,), Step.RETURN, State.OFFICE_LOOKUP, frozenset({Role.CHECKER})),
    *_from((State.CHECKED,), Step.RETURN, State.OFFICE_LOOKUP, frozenset({Role.AUTHORITY})),
    *_from((State.CHECKED,), Step.SIGN, State.SIGNED, frozenset({Role.AUTHORITY}), "decision_no", "decision_date"),
    *_from((State.SIGNED,), Step.SERVE, State.SERVED, _CASEWORK, "served_on", "means", "proof"),
    *_from((State.SERVED,), Step.PUT_ON_PAYMENT_LIST, State.ON_PAYMENT_LIST, _MAKERS, "month"),
    *_from((State.ON_PAYMENT_LIST,), Step.AWAIT_CONCLUSION, State.AWAITING_CONCLUSION, _MAKERS, "request_no"),
    *_from((State.ON_PAYMENT_LIST,), Step.CLOSE, State.CLOSED, _MAKERS),
    *_from((State.CLEARED, State.CLOSED), Step.REOPEN, State.RECOMMENDED, _MAKERS | {Role.SYSTEM}, "cause"),
    # A decision that a complaint or a court changed or annulled: the store asks for that outcome.
    *_from(_DECIDED, Step.REOPEN, State.RECOMMENDED, frozenset({Role.SYSTEM}), "cause"),
    *_from((State.RECOMMENDED,), Step.WITHDRAW, State.CLOSED, frozenset({Role.SYSTEM}), "cause"),
)

# Effects of an act. What takes something away for good: no path to it skips service of a notice and the time to reply.
AFTER_REPLY: Final = frozenset({"end", "less", "repay"})
PAUSES: Final = frozenset({"pause"})  # may come before the reply, from signs recorded alone
GIVES: Final = frozenset({"more", "resume"})
RESULTS: Final = ("dung", "chua_dung", "khong_kiem_tra_duoc", "vang_mat", "da_chet")
VERIFICATIONS: Final = ("field_visit", "medical_board", "unit_decoding", "forensic", "question_to_body")
MEANS: Final = ("signature", "post_receipt", "visit_minutes")


def allowed(state: State, role: Role) -> tuple[Transition, ...]:
    """The steps that a role may take from a state."""
    return tuple(t for t in TRANSITIONS if t.before == state and role in t.roles)


def transition(state: State, step: Step) -> Transition | None:
    """The transition of a step from a state; None where there is none."""
    return next((t for t in TRANSITIONS if t.before == state and t.step == step), None)
