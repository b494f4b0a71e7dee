"""How long each kind is kept, by the law of the day (`law/common/retention.yaml`), and forgetting what is over.

Files of people with merit are permanent; what no provision was found for is kept; working copies are not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eligibility_audit.domain.clocks import Mark
from eligibility_audit.domain.dates import VIETNAM
from eligibility_audit.domain.review.people import SYSTEM, Actor, Role
from eligibility_audit.domain.words import LAW_MARK_VI
from eligibility_audit.errors import LawError, RefusedError
from eligibility_audit.law.files import COMMON, Law, entries, law_in_use
from eligibility_audit.store import forgetting
from eligibility_audit.store.office import Office

Text = Annotated[str, Field(min_length=1)]
FORGETS: Final = frozenset({Role.ADMINISTRATOR, Role.AUTHORITY, Role.SYSTEM})


class Period(BaseModel):
    """How long, from which event on, by which provision."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: date
    valid_to: date | None = None
    keep: Literal["permanent", "unknown", "months"]
    months: Annotated[int | None, Field(gt=0)] = None
    start: Text
    citation: Text
    mark: Mark
    source: Text
    last_checked: date

    @model_validator(mode="after")
    def _months_where_needed(self) -> "Period":
        if (self.keep == "months") != (self.months is not None):
            raise ValueError("months")
        return self

    @property
    def told(self) -> str:
        """As people read it."""
        return {"permanent": "vĩnh viễn", "unknown": "chưa tìm thấy căn cứ: giữ"}.get(
            self.keep, f"{self.months} tháng từ {self.start}"
        )


class Kind(BaseModel):
    """A kind of what is kept. `what`: where it stands in the store; `run_folders` stand on the disk (`prune`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vi: Text
    en: Text
    what: Literal["case", "kept_records", "sessions", "unsent_reasons", "run_folders"]
    programmes: tuple[str, ...]
    values: tuple[Period, ...]
    known_from: date | None = None

    def on(self, day: date) -> Period:
        """The period in force on a day. Raises LawError."""
        found = [v for v in self.values if v.valid_from <= day and (v.valid_to is None or day <= v.valid_to)]
        if not found:
            raise LawError(f"{self.vi}: không có thời hạn lưu trữ ngày {day:%d/%m/%Y}. / No period is in force then.")
        return found[-1]


@dataclass(frozen=True)
class Due:
    """Something whose time is over: of which kind, which (a case, a month, a count), since when it could go."""

    kind: str
    what: str
    which: str
    over_since: date


def table(law: Law | None = None) -> dict[str, Kind]:
    """The retention table in use. Raises LawError for an entry out of its form."""
    found: dict[str, Kind] = {}
    for name, layers in entries(COMMON, "retention", law or law_in_use()).items():
        try:
            found[name] = Kind.model_validate(layers[-1].content)
        except ValidationError as error:
            raise layers[-1].fault(error) from None
    return found


def told(today: date) -> Iterator[str]:
    """The table, a line a kind."""
    for kind in table().values():
        now = kind.on(today)
        yield f"{kind.vi} / {kind.en}: {now.told}; {now.citation} ({LAW_MARK_VI[now.mark]})"


def due(office: Office) -> list[Due]:
    """All whose time is over today."""
    today = office.today()
    found: list[Due] = []
    for name, kind in table().items():
        now = kind.on(today)
        if now.months is None or kind.what == "run_folders":
            continue
        last = forgetting.months_before(today, now.months)
        found += _due_of(office, name, kind, last)
    return found


def _due_of(office: Office, name: str, kind: Kind, last: date) -> Iterator[Due]:
    if kind.what == "case":
        for case_id, ended in forgetting.ended_on(office, kind.programmes):
            if ended < last:
                yield Due(name, kind.what, case_id, ended)
    elif kind.what == "kept_records":
        for month in forgetting.months_kept(office):
            if month < f"{last:%Y-%m}":
                yield Due(name, kind.what, month, date.fromisoformat(f"{month}-01"))
    elif forgetting.stale(office, kind.what, _moment(last)):
        yield Due(name, kind.what, str(forgetting.stale(office, kind.what, _moment(last))), last)


def apply(office: Office, actor: Actor) -> Mapping[str, int]:
    """Forget all that is due; how many of each kind. Raises RefusedError, also to who sees a part of the province."""
    _may(actor)
    if actor.districts or actor.communes:
        raise RefusedError(
            ["Việc này xóa hồ sơ của toàn tỉnh; cần người được xem toàn tỉnh. / It reaches the whole province."]
        )
    done: dict[str, int] = {}
    for each in due(office):
        if each.what == "case":
            forgetting.forget_case(office, each.which, by=actor.user_id, reason=f"hết thời hạn lưu trữ: {each.kind}")
        elif each.what == "kept_records":
            forgetting.forget_kept(office, each.which, by=actor.user_id)
        else:
            count = forgetting.delete_stale(office, each.what, _moment(each.over_since), by=actor.user_id)
            done[each.kind] = count - 1
        done[each.kind] = done.get(each.kind, 0) + 1
    return done


def forget(office: Office, case_id: str, reason: str, actor: Actor = SYSTEM) -> None:
    """Forget one case now: a working copy, a case opened by mistake. Raises RefusedError for a permanent file, for one
    whose period is not known, for one that is not over or not of the actor's area."""
    _may(actor)
    if len(reason.strip()) < 10:
        raise RefusedError(["Hãy ghi lý do và văn bản (ít nhất 10 chữ). / Give the reason and the document."])
    programme = forgetting.programme_of(office, actor, case_id)
    if programme is None:
        raise RefusedError([f"{case_id}: không có hồ sơ này, hoặc đã xóa. / No such case, or it is forgotten."])
    kinds = [kind for kind in table().values() if programme in kind.programmes]
    if not kinds:
        raise RefusedError(
            [f"{case_id}: bảng thời hạn lưu trữ không nêu {programme}; không xóa. / The table names no period: kept."]
        )
    for kind in kinds:
        now = kind.on(office.today())
        if now.keep != "months":
            raise RefusedError(
                [
                    f"{case_id}: {kind.vi} được giữ {now.told} ({now.citation}); không xóa. / "
                    "This kind of file is kept: it is not forgotten."
                ]
            )
    forgetting.forget_case(office, case_id, by=actor.user_id, reason=reason)


def _may(actor: Actor) -> None:
    if actor.role not in FORGETS:
        raise RefusedError(["Vai trò của bạn không xóa hồ sơ. / Your role forgets nothing."])


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)
