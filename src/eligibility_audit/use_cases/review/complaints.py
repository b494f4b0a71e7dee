"""Enter complaints and take their steps: the law's data says by when and by whom, the checks say whether it may be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from eligibility_audit.domain.clocks import Due, WorkingDays, due
from eligibility_audit.domain.review.complaints import (
    ENTERS,
    VIA,
    Kind,
    Level,
    Move,
    Stage,
    clock_of,
    proposed_hold,
)
from eligibility_audit.domain.review.people import Actor
from eligibility_audit.errors import RefusedError
from eligibility_audit.law.files import COMMON, Law, entries, law_in_use
from eligibility_audit.recommend.acts import Acts, working_days
from eligibility_audit.store import complaints as store
from eligibility_audit.store.complaints import ComplaintPage, Decision, Intake
from eligibility_audit.store.office import Office

T = TypeVar("T")
_DAYS: Final = ("document_date", "dialogue_on", "served_on")
_RECEPTION_DAY: Final = 15  # of each month; and each Thursday
_THURSDAY: Final = 3


class _Settler(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: date
    valid_to: date | None = None
    first: str
    vi: Annotated[str, Field(min_length=1)]
    mark: str


class _Settlers(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    vi: str
    en: str
    values: tuple[_Settler, ...]


class _Grounds(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    vi: str
    en: str
    source: str
    mark: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Filed:
    """Whether a complaint came in time. `last_day`: None where the time does not run, for service is not proven."""

    last_day: date | None
    is_late: bool | None
    basis: str


@dataclass(frozen=True)
class Proposal:
    """What follows where a decision fell: the act that takes it back, from which month, and what is owed then.

    `amount` in đồng: of the whole months since; None where it is as ruled.
    """

    act: str
    from_month: str
    months: int
    amount: int | None


@dataclass(frozen=True)
class Shown:
    """The page of a complaint with what the law's data says of it."""

    page: ComplaintPage
    filed: Filed
    clock: Due | None
    hold_proposed: bool | None
    grounds: Mapping[str, str]
    proposal: Proposal | None


@cache
def _settlers(law: Law) -> tuple[_Settler, ...]:
    return _shaped(law, "second_settlers", TypeAdapter(_Settlers)).values


@cache
def _grounds(law: Law) -> _Grounds:
    return _shaped(law, "refusal_grounds", TypeAdapter(_Grounds))


def _shaped(law: Law, name: str, shape: TypeAdapter[T]) -> T:
    entry = entries(COMMON, "complaints", law)[name][-1]
    try:
        return shape.validate_python(entry.content)
    except ValidationError as error:
        raise entry.fault(error) from error


def grounds_of_refusal() -> Mapping[str, str]:
    """Why a complaint may not be accepted, by key, as the law in use says."""
    return dict(_grounds(law_in_use()).values)


def enter(office: Office, actor: Actor, form: Mapping[str, str]) -> str:
    """Enter what came in, classified, with its clock; returns its id.

    `form`: kind, subject, filed_on, received_on, via, case_id, against_step, filer, people, bodies (a line each),
    is_remote, matter, reporter, contact. An answer to a notice is noted at once. Raises RefusedError with every reason.
    """
    kind, received = _classified(office, actor, form)
    decision = _against(office, actor, form, kind)
    clock = clock_of(kind, Level.FIRST, Stage.RECEIVED)
    intake = Intake(
        kind=kind,
        subject=form["subject"].strip(),
        filed_on=_day(form.get("filed_on")) or received,
        received_on=received,
        via=form.get("via") or "reception",
        case_id=form.get("case_id") or None,
        against_step=decision.seq if decision else None,
        served_on=decision.served_on if decision else None,
        matter=_matter(office, actor, form.get("matter") or ""),
        filer=(form.get("filer") or "").strip(),
        people=max(1, int(form["people"])) if (form.get("people") or "").isdigit() else 1,
        bodies=tuple(line.strip() for line in (form.get("bodies") or "").splitlines() if line.strip()),
        commune=(form.get("commune") or "").strip() or None,
        district=(form.get("district") or "").strip() or None,
        is_remote=form.get("is_remote") == "yes",
        settler=_first_settler(office, actor, kind, decision, form),
        due_on=_due_day(clock, received),
        reporter=((form.get("reporter") or "").strip(), (form.get("contact") or "").strip())
        if kind == Kind.DENUNCIATION
        else None,
    )
    complaint_id = store.enter(office, actor, intake)
    if kind == Kind.ANSWER:
        store.answer_notice(office, actor, complaint_id, received)
        noted = {"reason": "Đã ghi nhận trả lời vào hồ sơ."}
        store.take(office, actor, complaint_id, Move.NOTE, noted, seq=0, is_late=None, values={})
    return complaint_id


def go_on(office: Office, actor: Actor, complaint_id: str, level: Level, form: Mapping[str, str]) -> str:
    """Take a complaint to the second level or to court: a paper of its own, of the same matter. Returns its id."""
    row = store.found(office, actor, complaint_id)
    if row is None or row["kind"] != Kind.COMPLAINT.value or actor.role not in ENTERS:
        raise RefusedError(["Không có khiếu nại này trong địa bàn của bạn. / There is no such complaint in your area."])
    overdue = row["due_on"] is not None and office.today() > row["due_on"]
    if row["settled_on"] is None and not overdue:
        raise RefusedError(
            ["Lần trước chưa giải quyết xong và chưa hết hạn. / It is not settled yet, and its time is not over."]
        )
    received = _day(form.get("received_on")) or office.today()
    _not_ahead(received, office.today())
    second = level == Level.SECOND
    intake = Intake(
        kind=Kind.COMPLAINT,
        subject=(form.get("subject") or "").strip() or row["subject"],
        filed_on=_day(form.get("filed_on")) or received,
        received_on=received,
        via=form["via"] if form.get("via") in VIA else row["via"],
        case_id=row["case_id"],
        against_step=row["against_step"],
        served_on=row["served_on"],
        level=level,
        previous=complaint_id,
        matter=row["matter"],
        filer=row["filer"] or "",
        people=row["people"],
        commune=row["commune"],
        district=row["district"],
        is_remote=row["is_remote"],
        settler=_second_settler(row["settler"], received) if second else "Tòa án nhân dân có thẩm quyền",
        due_on=_due_day(clock_of(Kind.COMPLAINT, level, Stage.RECEIVED), received),
    )
    return store.enter(office, actor, intake)


def take(office: Office, actor: Actor, complaint_id: str, move: Move, form: Mapping[str, str], *, seq: int) -> Stage:
    """Take a step; returns where the complaint stands then. Raises RefusedError with every reason, StaleError."""
    row = store.found(office, actor, complaint_id)
    if row is None:
        raise RefusedError(["Không có đơn này trong địa bàn của bạn. / There is no such paper in your area."])
    stated: dict[str, Any] = dict(form)
    for name in _DAYS:
        if name in stated:
            stated[name] = _day(form[name])
    filed = filed_in_time(office, actor, row)
    values = _values(row, move, stated)
    return store.take(office, actor, complaint_id, move, stated, seq=seq, is_late=filed.is_late, values=values)


def show(office: Office, actor: Actor, complaint_id: str) -> Shown | None:
    """All that a complaint's page shows; None where there is none in the actor's scope."""
    row = store.found(office, actor, complaint_id)
    if row is None:
        return None
    filed = filed_in_time(office, actor, row)
    page = store.page(office, actor, complaint_id, filed.is_late)
    if page is None:
        return None
    is_against = page.decision is not None and page.facts.kind == Kind.COMPLAINT
    hold = proposed_hold(page.facts.effect) if is_against else None
    fell = page.complaint["outcome"] in ("changed", "annulled")
    proposal = _proposal(page.decision, page.case, office.today()) if fell and page.decision and page.case else None
    return Shown(page, filed, _running(row), hold, grounds_of_refusal(), proposal)


def filed_in_time(office: Office, actor: Actor, row: Mapping[str, Any]) -> Filed:
    """Whether a complaint came in time. The first: from proven service; the second: from the first result, or its
    day where none came. Where neither is known the time does not run."""
    if row["kind"] != Kind.COMPLAINT.value or row["level"] == Level.COURT.value:
        return Filed(None, None, "")
    name, start = "complaint_file", row["served_on"]
    if row["level"] == Level.SECOND.value:
        name = "complaint_again" + ("_remote" if row["is_remote"] else "")
        before = store.found(office, actor, row["previous"])
        start = (before["result_served_on"] or _passed(before, row["filed_on"])) if before else None
    if start is None:
        return Filed(None, None, "")
    found = _due(name, start)
    return Filed(found.day, row["filed_on"] > found.day, found.clock.vi) if found else Filed(None, None, "")


def _passed(before: Mapping[str, Any], day: date) -> date | None:
    """The day of the first settlement, where it went by without one."""
    over = before["settled_on"] is None and before["due_on"] is not None and before["due_on"] < day
    return before["due_on"] if over else None


def receptions(office: Office, number: int = 5) -> list[date]:
    """The next days on which citizens are received: the 15th (the next working day where it is closed), Thursdays."""
    days = _days_of_reception(office.today(), working_days())
    return [next(days) for _ in range(number)]


def _days_of_reception(day: date, working: WorkingDays) -> Iterator[date]:
    while True:
        is_fifteenth = working.on_or_after(day.replace(day=_RECEPTION_DAY)) == day
        if is_fifteenth or (day.weekday() == _THURSDAY and working.is_working(day)):
            yield day
        day += timedelta(days=1)


def _classified(office: Office, actor: Actor, form: Mapping[str, str]) -> tuple[Kind, date]:
    found = []
    if actor.role not in ENTERS:
        found.append("Vai trò của bạn không nhận đơn. / Your role enters no papers.")
    kind = form.get("kind") or ""
    if kind not in set(Kind):
        found.append("Hãy chọn loại đơn theo nội dung. / Classify it by its content.")
    if len((form.get("subject") or "").strip()) < 10:
        found.append("Hãy ghi nội dung đơn. / Say what it is about.")
    if (form.get("via") or "reception") not in VIA:
        found.append("Hãy chọn nơi nhận. / Say how it came in.")
    if kind == Kind.ANSWER and not form.get("case_id"):
        found.append("Trả lời thông báo cần có hồ sơ. / An answer belongs to a case.")
    received = _day(form.get("received_on")) or office.today()
    filed = _day(form.get("filed_on")) or received
    if found:
        raise RefusedError(found)
    _not_ahead(received, office.today())
    if filed > received:
        raise RefusedError(["Ngày gửi không thể sau ngày nhận. / It cannot be sent after it came."])
    return Kind(kind), received


def _not_ahead(day: date, today: date) -> None:
    if day > today:
        raise RefusedError(["Ngày nhận không thể ở tương lai. / The day of receipt cannot lie ahead."])


def _against(office: Office, actor: Actor, form: Mapping[str, str], kind: Kind) -> Decision | None:
    wanted = form.get("against_step") or ""
    if kind != Kind.COMPLAINT or not wanted:
        return None
    signed = store.decisions(office, actor, form.get("case_id") or "")
    decision = next((d for d in signed if str(d.seq) == wanted), None)
    if decision is None:
        raise RefusedError(["Hồ sơ không có quyết định đã ký này. / The case has no such signed decision."])
    return decision


def _matter(office: Office, actor: Actor, same_as: str) -> str:
    """The matter of an earlier paper that this one repeats; a new one where none is named."""
    if not same_as:
        return ""
    row = store.found(office, actor, same_as.strip())
    if row is None:
        raise RefusedError(["Không có đơn cùng vụ việc này. / There is no such earlier paper."])
    return str(row["matter"])


def _first_settler(office: Office, actor: Actor, kind: Kind, decision: Decision | None, form: Mapping[str, str]) -> str:
    """Who settles first: who decided, by the law of the day of the decision; nobody chooses another."""
    unknown = "Người đã ra quyết định hoặc thủ trưởng cơ quan có việc bị nêu (cần xác định)"
    if kind != Kind.COMPLAINT:
        return unknown if kind == Kind.DENUNCIATION else actor.unit
    if decision is None:
        return unknown
    programme = store.programme(office, actor, decision.case_id)
    acts = Acts.load(programme) if programme else None
    if acts is None or decision.act not in acts.acts:
        return unknown
    found = acts.decider(decision.act, decision.signed_on)
    return found.vi if found else unknown


def _second_settler(first: str, on: date) -> str:
    known = _settlers(law_in_use())
    holding = [s for s in known if s.valid_from <= on and (s.valid_to is None or on <= s.valid_to)]
    return next(s.vi for s in holding if first.startswith(s.first))


def _values(row: Mapping[str, Any], move: Move, stated: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a step sets besides where the complaint stands."""
    if move == Move.ACCEPT:
        accepted, is_complex = stated.get("document_date"), stated.get("is_complex") == "yes"
        kind, level = Kind(row["kind"]), Level(row["level"])
        clock = clock_of(kind, level, Stage.ACCEPTED, is_complex=is_complex, is_remote=row["is_remote"])
        day = _due_day(clock, accepted) if accepted else None
        return {"accepted_on": accepted, "is_complex": is_complex, "due_on": day}
    if move == Move.HOLD_DIALOGUE:
        return {"dialogue_on": stated.get("dialogue_on")}
    return {"result_served_on": stated.get("served_on")} if move == Move.SERVE else {}


def _running(row: Mapping[str, Any]) -> Due | None:
    """The clock that runs now, with its provision."""
    name = clock_of(
        Kind(row["kind"]),
        Level(row["level"]),
        Stage(row["stage"]),
        is_complex=row["is_complex"],
        is_remote=row["is_remote"],
    )
    start = row["accepted_on"] or row["received_on"]
    return _due(name, start) if name else None


def _due(clock: str, start: date) -> Due | None:
    law = Acts.load(COMMON)
    return due(law.clocks[clock], start, start, law.working_days)


def _due_day(clock: str | None, start: date) -> date | None:
    found = _due(clock, start) if clock else None
    return found.day if found else None


def _proposal(decision: Decision, case: Mapping[str, Any], today: date) -> Proposal:
    """What takes the decision back, and what is owed from the month in which it took effect."""
    acts = Acts.load(str(case["programme"])).acts
    undo = acts[decision.act].undo if decision.act in acts else "quyết định mới theo kết quả giải quyết"
    month = decision.month or f"{decision.signed_on:%Y-%m}"
    months = max(0, (today.year - int(month[:4])) * 12 + today.month - int(month[5:7]))
    whole = decision.effect in ("pause", "end") and case["monthly_amount"] is not None
    return Proposal(undo, month, months, months * int(case["monthly_amount"]) if whole else None)


def _day(value: str | None) -> date | None:
    if not value or not value.strip():
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise RefusedError([f"Ngày không đúng: {value}. Viết như 2021-03-31. / Not a day."]) from None
