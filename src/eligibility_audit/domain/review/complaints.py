"""Complaints, denunciations, petitions and answers (procedure.md, 5): kinds, stages, steps, and why a step is refused.

The table of steps is all there is; the store keeps the same table and checks every row against it. The settler is the
one the law names and is not chosen here; the verifier is somebody who took no part in the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from eligibility_audit.domain.review.guards import LEAST_REASON
from eligibility_audit.domain.review.people import Actor, Conflicts, Role
from eligibility_audit.domain.review.states import MEANS


class Kind(StrEnum):
    """What came in. A person's paper is what its content says, whatever its title."""

    COMPLAINT = "khieu_nai"
    DENUNCIATION = "to_cao"
    PETITION = "kien_nghi"
    REPORT = "phan_anh"
    ANSWER = "tra_loi"


class Level(StrEnum):
    """Before whom a complaint is."""

    FIRST = "first"
    SECOND = "second"
    COURT = "court"


class Stage(StrEnum):
    """How far it is. From `settled` on, and after a refusal, transfer or withdrawal, it bars no act any more."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    VERIFYING = "verifying"
    REPORTED = "reported"
    DIALOGUE = "dialogue"
    SETTLED = "settled"
    SERVED = "served"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can be done with it."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    TRANSFER = "transfer"
    DECIDE_HOLD = "decide_hold"
    ASSIGN_VERIFIER = "assign_verifier"
    REPORT = "report"
    HOLD_DIALOGUE = "hold_dialogue"
    SETTLE = "settle"
    JUDGE = "judge"
    SERVE = "serve"
    WITHDRAW = "withdraw"
    ANSWER = "answer"
    NOTE = "note"


KIND_VI: Final[dict[Kind, str]] = {
    Kind.COMPLAINT: "khiếu nại",
    Kind.DENUNCIATION: "tố cáo",
    Kind.PETITION: "kiến nghị",
    Kind.REPORT: "phản ánh",
    Kind.ANSWER: "trả lời thông báo",
}
KIND_EN: Final[dict[Kind, str]] = {
    Kind.COMPLAINT: "complaint",
    Kind.DENUNCIATION: "denunciation",
    Kind.PETITION: "petition",
    Kind.REPORT: "report",
    Kind.ANSWER: "answer to a notice",
}
LEVEL_VI: Final[dict[Level, str]] = {Level.FIRST: "lần đầu", Level.SECOND: "lần hai", Level.COURT: "tòa án"}
STAGE_VI: Final[dict[Stage, str]] = {
    Stage.RECEIVED: "đã nhận, chờ xử lý",
    Stage.ACCEPTED: "đã thụ lý",
    Stage.VERIFYING: "đang xác minh",
    Stage.REPORTED: "đã có báo cáo xác minh",
    Stage.DIALOGUE: "đã đối thoại",
    Stage.SETTLED: "đã giải quyết, chờ giao kết quả",
    Stage.SERVED: "đã giao kết quả",
    Stage.REFUSED: "không thụ lý, có lý do",
    Stage.TRANSFERRED: "đã chuyển nơi có thẩm quyền",
    Stage.WITHDRAWN: "người gửi đã rút",
}
MOVE_VI: Final[dict[Move, str]] = {
    Move.ACCEPT: "Thụ lý",
    Move.REFUSE: "Không thụ lý, nêu lý do",
    Move.TRANSFER: "Chuyển nơi có thẩm quyền",
    Move.DECIDE_HOLD: "Quyết định tạm ngừng thi hành: có hay không",
    Move.ASSIGN_VERIFIER: "Giao người xác minh",
    Move.REPORT: "Ghi báo cáo xác minh",
    Move.HOLD_DIALOGUE: "Ghi đối thoại, có biên bản",
    Move.SETTLE: "Ghi kết quả giải quyết",
    Move.JUDGE: "Ghi bản án",
    Move.SERVE: "Ghi việc giao kết quả",
    Move.WITHDRAW: "Ghi việc rút đơn",
    Move.ANSWER: "Trả lời",
    Move.NOTE: "Ghi nhận trả lời",
}
MOVE_EN: Final[dict[Move, str]] = {
    Move.ACCEPT: "Accept",
    Move.REFUSE: "Refuse, with the reason",
    Move.TRANSFER: "Transfer to the competent body",
    Move.DECIDE_HOLD: "Decide on holding execution",
    Move.ASSIGN_VERIFIER: "Name the verifier",
    Move.REPORT: "Record the verifier's report",
    Move.HOLD_DIALOGUE: "Record the dialogue",
    Move.SETTLE: "Record the settlement",
    Move.JUDGE: "Record the judgment",
    Move.SERVE: "Record service",
    Move.WITHDRAW: "Record a withdrawal",
    Move.ANSWER: "Answer",
    Move.NOTE: "Note",
}
OUTCOME_VI: Final[dict[str, str]] = {
    "kept": "giữ nguyên quyết định",
    "changed": "sửa một phần quyết định",
    "annulled": "hủy bỏ quyết định",
    "right": "tố cáo đúng",
    "partly": "tố cáo đúng một phần",
    "wrong": "tố cáo không đúng",
}
OF_COMPLAINT: Final = ("kept", "changed", "annulled")
OF_DENUNCIATION: Final = ("right", "partly", "wrong")
REVERSED: Final = frozenset({"changed", "annulled"})
VIA: Final[dict[str, str]] = {
    "post": "bưu điện / post",
    "reception": "tiếp công dân / reception",
    "one_stop": "một cửa / one-stop office",
    "hotline": "đường dây nóng / hotline",
    "online": "trực tuyến / online",
}
OPEN: Final = (Stage.RECEIVED, Stage.ACCEPTED, Stage.VERIFYING, Stage.REPORTED, Stage.DIALOGUE)
HOLD_FOR: Final = frozenset({"pause", "repay"})  # effects of which the default proposal is to hold execution

_ALL: Final = frozenset(Kind)
_FORMAL: Final = frozenset({Kind.COMPLAINT, Kind.DENUNCIATION})
_COMPLAINT: Final = frozenset({Kind.COMPLAINT})
_SIGNER: Final = frozenset({Role.AUTHORITY})
_DESK: Final = frozenset({Role.OFFICER, Role.AUTHORITY})
_CASEWORK: Final = frozenset({Role.COMMUNE_OFFICER, Role.OFFICER})
_VERIFIERS: Final = frozenset({Role.COMMUNE_OFFICER, Role.OFFICER, Role.CHECKER, Role.INSPECTOR})
ENTERS: Final = _DESK | _CASEWORK


@dataclass(frozen=True)
class Rule:
    """One allowed step. `needs`: what must be stated, by name; a reason is always among them."""

    move: Move
    before: Stage
    after: Stage
    kinds: frozenset[Kind]
    roles: frozenset[Role]
    needs: tuple[str, ...] = ()
    levels: frozenset[Level] = frozenset({Level.FIRST, Level.SECOND})


_PAPER: Final = ("document_no", "document_date")
RULES: Final[tuple[Rule, ...]] = (
    Rule(Move.ACCEPT, Stage.RECEIVED, Stage.ACCEPTED, _COMPLAINT, _DESK, _PAPER),
    Rule(Move.ACCEPT, Stage.RECEIVED, Stage.ACCEPTED, frozenset({Kind.DENUNCIATION}), _SIGNER, _PAPER),
    Rule(Move.REFUSE, Stage.RECEIVED, Stage.REFUSED, _FORMAL, _SIGNER, ("ground", *_PAPER)),
    Rule(
        *(Move.TRANSFER, Stage.RECEIVED, Stage.TRANSFERRED, _ALL - {Kind.ANSWER}, _SIGNER),
        needs=("body", *_PAPER),
    ),
    *(Rule(Move.DECIDE_HOLD, stage, stage, _COMPLAINT, _SIGNER, ("hold",)) for stage in OPEN),
    *(
        Rule(Move.ASSIGN_VERIFIER, stage, Stage.VERIFYING, _FORMAL, _SIGNER, ("verifier",))
        for stage in (Stage.ACCEPTED, Stage.VERIFYING)
    ),
    Rule(Move.REPORT, Stage.VERIFYING, Stage.REPORTED, _FORMAL, _VERIFIERS, ("document",)),
    Rule(
        *(Move.HOLD_DIALOGUE, Stage.REPORTED, Stage.DIALOGUE, _COMPLAINT, _VERIFIERS | _SIGNER),
        needs=("dialogue_on", "document"),
    ),
    *(
        Rule(Move.SETTLE, stage, Stage.SETTLED, _FORMAL, _SIGNER, ("outcome", *_PAPER))
        for stage in (Stage.REPORTED, Stage.DIALOGUE)
    ),
    Rule(
        *(Move.JUDGE, Stage.RECEIVED, Stage.SETTLED, _COMPLAINT, _DESK, ("outcome", *_PAPER)),
        levels=frozenset({Level.COURT}),
    ),
    Rule(
        *(Move.SERVE, Stage.SETTLED, Stage.SERVED, _FORMAL, _CASEWORK, ("served_on", "means", "proof")),
        levels=frozenset(Level),
    ),
    *(Rule(Move.WITHDRAW, stage, Stage.WITHDRAWN, _FORMAL, _SIGNER, ("document",), frozenset(Level)) for stage in OPEN),
    Rule(
        *(Move.ANSWER, Stage.RECEIVED, Stage.SETTLED, frozenset({Kind.PETITION, Kind.REPORT})),
        roles=_DESK | _CASEWORK,
        needs=("document",),
    ),
    Rule(Move.NOTE, Stage.RECEIVED, Stage.SETTLED, frozenset({Kind.ANSWER}), _DESK | _CASEWORK),
)


@dataclass(frozen=True)
class ComplaintFacts:
    """What the checks need to know.

    `effect`: of the decision it is against; `involved`: who took a step on the case or a tie bars; `units`: of those
    who made or signed; `is_late`: None where the time does not run or nothing says when it began.
    """

    kind: Kind
    level: Level
    stage: Stage
    received_on: date
    commune: str | None = None
    district: str | None = None
    effect: str | None = None
    hold: bool | None = None
    is_late: bool | None = None
    verifier: str | None = None
    dialogue_on: date | None = None
    involved: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    conflicts: Conflicts = field(default_factory=Conflicts)


Stated = Mapping[str, object]


def rules_for(kind: Kind, level: Level, stage: Stage, role: Role) -> tuple[Rule, ...]:
    """The steps that a role has from here."""
    return tuple(r for r in RULES if r.before == stage and kind in r.kinds and level in r.levels and role in r.roles)


def rule_of(facts: ComplaintFacts, move: Move) -> Rule | None:
    """The step as the table has it; None where there is none from here."""
    return next(
        (r for r in RULES if (r.move, r.before) == (move, facts.stage) and facts.kind in r.kinds
         and facts.level in r.levels),
        None,
    )  # fmt: skip


def refused(facts: ComplaintFacts, move: Move, actor: Actor, stated: Stated, today: date) -> list[str]:
    """Why this actor may not do this now, a sentence each; an empty list where they may."""
    rule = rule_of(facts, move)
    if rule is None:
        return [
            f"Đơn đang ở bước “{STAGE_VI[facts.stage]}”, không có việc “{MOVE_VI[move]}”. / "
            f"It is at “{facts.stage}”; there is no step “{move}” from there."
        ]
    if actor.role not in rule.roles:
        return [f"Vai trò của bạn không được làm việc “{MOVE_VI[move]}”. / Your role may not take the step “{move}”."]
    bar = facts.conflicts.bar(actor.user_id)
    found = [f"Bạn không được xử lý đơn này: {bar}."] if bar else []
    found += [f"Thiếu nội dung bắt buộc: {name}. / Missing: {name}." for name in _lacking(rule, stated)]
    found += [
        f"Ngày {value:%d/%m/%Y} không thể ở tương lai hoặc trước ngày nhận đơn. / "
        f"{value} lies ahead, or before the day it was received."
        for name in ("document_date", "dialogue_on", "served_on")
        if isinstance(value := stated.get(name), date) and not facts.received_on <= value <= today
    ]
    check = _OF_MOVE.get(move)
    return found + (check(facts, actor, stated) if check else [])


def _lacking(rule: Rule, stated: Stated) -> list[str]:
    reason = str(stated.get("reason") or "").strip()
    missing = ["reason"] if len(reason) < LEAST_REASON else []
    return missing + [name for name in rule.needs if stated.get(name) is None or not str(stated[name]).strip()]


def _refusal_is_grounded(facts: ComplaintFacts, actor: Actor, stated: Stated) -> list[str]:
    if stated.get("ground") == "late" and facts.is_late is not True:
        return [
            "Đơn không quá thời hiệu, hoặc thời hiệu chưa tính vì chưa có chứng cứ giao quyết định. / "
            "It is not late, or the time does not run: service of the decision is not proven."
        ]
    return []


def _verifier_is_uninvolved(facts: ComplaintFacts, actor: Actor, stated: Stated) -> list[str]:
    found = []
    who, unit = stated.get("verifier"), str(stated.get("verifier_unit") or "")
    if who in facts.involved or facts.conflicts.bar(str(who)) or who == actor.user_id:
        found.append(
            "Người xác minh đã tham gia hồ sơ này hoặc có quan hệ với hồ sơ; hãy giao người khác. / "
            "The verifier took part in the case, or has a tie to it: name another."
        )
    if unit and (unit in facts.units or unit == facts.commune):
        found.append(
            "Người xác minh cùng đơn vị đã lập, ký quyết định hoặc thuộc xã của hồ sơ; hãy giao người khác. / "
            "The verifier is of the unit that made or signed the decision, or of the commune: name another."
        )
    if facts.kind == Kind.COMPLAINT and facts.effect is not None and facts.hold is None:
        found.append(
            "Trước hết hãy quyết định có tạm ngừng thi hành hay không, nêu lý do. / "
            "First decide whether execution is held, with the reason."
        )
    return found


def _reporter_is_the_verifier(facts: ComplaintFacts, actor: Actor, stated: Stated) -> list[str]:
    if actor.user_id == facts.verifier:
        return []
    return ["Chỉ người được giao xác minh ghi báo cáo. / Only the verifier records the report."]


def _outcome_is_known(facts: ComplaintFacts, actor: Actor, stated: Stated) -> list[str]:
    known = OF_DENUNCIATION if facts.kind == Kind.DENUNCIATION else OF_COMPLAINT
    if stated.get("outcome") in known:
        return []
    return [f"Kết quả phải là một trong: {', '.join(known)}. / The outcome is one of these."]


def _may_be_settled(facts: ComplaintFacts, actor: Actor, stated: Stated) -> list[str]:
    found = _outcome_is_known(facts, actor, stated)
    if actor.user_id == facts.verifier:
        found.append("Người giải quyết không phải là người xác minh. / The settler is not the verifier.")
    differs = stated.get("outcome") != "annulled" or facts.level == Level.SECOND
    if facts.kind == Kind.COMPLAINT and differs and facts.dialogue_on is None:
        found.append(
            "Còn ý kiến khác nhau thì phải đối thoại, có biên bản, trước khi giải quyết. / "
            "Where views still differ, a dialogue with minutes comes before the settlement."
        )
    return found


def _service_is_proven(facts: ComplaintFacts, actor: Actor, stated: Stated) -> list[str]:
    if stated.get("means") in MEANS:
        return []
    return [f"Cách giao phải là một trong: {', '.join(MEANS)}. / Service is proven by one of these."]


def _hold_is_answered(facts: ComplaintFacts, actor: Actor, stated: Stated) -> list[str]:
    return [] if stated.get("hold") in ("yes", "no") else ["Chọn có hoặc không. / Yes or no."]


_OF_MOVE: Final = {
    Move.SERVE: _service_is_proven,
    Move.DECIDE_HOLD: _hold_is_answered,
    Move.REFUSE: _refusal_is_grounded,
    Move.ASSIGN_VERIFIER: _verifier_is_uninvolved,
    Move.REPORT: _reporter_is_the_verifier,
    Move.SETTLE: _may_be_settled,
    Move.JUDGE: _outcome_is_known,
}


def proposed_hold(effect: str | None) -> bool:
    """The default proposal on holding execution: to hold, for a pause and for repayment (procedure.md, 5)."""
    return effect in HOLD_FOR


def clock_of(
    kind: Kind, level: Level, stage: Stage, *, is_complex: bool = False, is_remote: bool = False
) -> str | None:
    """The clock (`law/common/clocks.yaml`) that runs at a stage; None where none does."""
    if level == Level.COURT or stage not in (*OPEN, Stage.SETTLED):
        return None
    if kind in (Kind.PETITION, Kind.REPORT):
        return "reception_reply" if stage == Stage.RECEIVED else None
    if kind not in _FORMAL:
        return None
    if stage == Stage.RECEIVED:
        return "complaint_accept" if kind == Kind.COMPLAINT else "denunciation_accept"
    if kind == Kind.DENUNCIATION:
        return "denunciation"
    own = "complaint_first" if level == Level.FIRST else "complaint_second"
    return own + ("_remote" if is_remote else "") + ("_complex" if is_complex else "")
