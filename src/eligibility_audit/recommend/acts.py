"""The acts as data: which action and which legal act follow from a ground, whom to ask what, and by when.

From `law/common/acts.yaml`, over it `law/<programme>/acts.yaml`. What is not written there is not offered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Annotated, Final, Literal, TypeVar

import holidays
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from eligibility_audit.domain.words import ACTIONS, STOPS
from eligibility_audit.errors import LawError

Mark = Literal["confirmed", "to_verify", "not_found"]
Action = Literal["none", "ask_papers", "adjust", "verify", "suspend", "terminate"]
Text = Annotated[str, Field(min_length=1)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(_Model):
    """Words that hold from a day on (to `valid_to`, its last day), with the mark of their source."""

    valid_from: date
    valid_to: date | None = None
    vi: Text
    mark: Mark

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


D = TypeVar("D", bound=Dated)


class Clock(Dated):
    """A time limit: start event, number, unit, what stops it. `vi`: as it is printed beside the due day."""

    start: Text
    number: Annotated[int, Field(gt=0)]
    unit: Literal["days", "working_days"]
    stops: Text


class Act(_Model):
    """A legal act: what it needs, who prepares and who decides it, from when it holds and how it is undone."""

    vi: Text
    en: Text
    evidence: Annotated[tuple[Text, ...], Field(min_length=1)]
    with_: Annotated[Text, Field(alias="with")]
    basis: Annotated[tuple[Dated, ...], Field(min_length=1)]
    decider: Annotated[tuple[Dated, ...], Field(min_length=1)]
    preparer: Annotated[tuple[Dated, ...], Field(min_length=1)]
    form: tuple[Dated, ...]
    start_month: Text
    clock: Text
    undo: Text


class Step(_Model):
    """What follows from a ground. `money`: the line shows the monthly amount and the sum to be made clear."""

    action: Action
    act: str | None = None
    money: bool = False
    clock: str = "reply"
    who_first: Literal["office", "citizen"] = "office"
    verify_with: str = ""
    question_vi: str = ""


class _File(_Model):
    clocks: Mapping[str, tuple[Clock, ...]] = Field(default_factory=dict)
    acts: Mapping[str, Act] = Field(default_factory=dict)
    grounds: Mapping[str, Mapping[str, str | bool | None]] = Field(default_factory=dict)
    rules: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Acts:
    """The acts of one programme."""

    programme: str
    clocks: Mapping[str, Sequence[Clock]]
    acts: Mapping[str, Act]
    grounds: Mapping[str, Step]
    rules: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, programme: str) -> "Acts":
        """The acts of a programme, read once. Raises `LawError` where its file is not what it should be."""
        return _load(programme)

    def step(self, ground: str, rule_id: str = "", *, stop_allowed: bool = True) -> Step:
        """What follows from a ground found by a rule; a stop on an identity that is not sure becomes `verify`.

        Raises `LawError` for a ground of which the programme's data says nothing.
        """
        step = self.grounds.get(ground)
        if step is None:
            raise LawError(
                f"law/{self.programme}/acts.yaml không nói gì về {ground}; hãy bổ sung. / "
                f"law/{self.programme}/acts.yaml says nothing of the ground {ground}; add it."
            )
        if step.action in STOPS and not stop_allowed:
            common = _common().grounds[ground]
            step = Step.model_validate(
                {**step.model_dump(), **common, "action": "verify", "act": None, "clock": "reply"}
            )
        said = self.rules.get(rule_id)
        return step if not said else step.model_copy(update=dict(said))

    def basis(self, act: str, day: date) -> Dated | None:
        """The provision that gives the power to act on a day; None where none is known."""
        return _on(self.acts[act].basis, day)

    def decider(self, act: str, day: date) -> Dated | None:
        """Who decides the act on a day."""
        return _on(self.acts[act].decider, day)

    def due(self, clock: str, day: date) -> tuple[date, str]:
        """The day by which, counted from `day`, and its basis in words. A clock not yet law falls back to our own."""
        found = _on(self.clocks[clock], day) or _on(self.clocks["reply"], day)
        if found is None:
            raise LawError(f"Không có thời hạn {clock} vào ngày {day}. / There is no clock {clock} on {day}.")
        return due_day(day, found.number, found.unit), found.vi


def due_day(start: date, number: int, unit: Literal["days", "working_days"]) -> date:
    """`number` days after `start`; where that is not a working day (weekends, holidays), the next one."""
    calendar = holidays.country_holidays("VN", years=range(start.year, start.year + 2))
    day = start
    if unit == "days":
        day += timedelta(days=number)
    else:
        for _ in range(number):
            day = _next_working(day + timedelta(days=1), calendar)
    return _next_working(day, calendar)


def _next_working(day: date, calendar: holidays.HolidayBase) -> date:
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def _on(values: Sequence[D], day: date) -> D | None:
    return next((value for value in values if value.holds(day)), None)


def severity(action: str) -> int:
    """0 for none, then the order of ACTIONS."""
    return 0 if action == "none" else ACTIONS.index(action) + 1


_SHAPE: Final = TypeAdapter(_File)


@cache
def _common() -> _File:
    return _read("common")


@cache
def _load(programme: str) -> Acts:
    own, common = _read(programme), _common()
    try:
        grounds = {
            name: Step.model_validate({**common.grounds.get(name, {}), **own.grounds.get(name, {})})
            for name in {**common.grounds, **own.grounds}
        }
    except ValidationError as error:
        raise _bad(programme, error) from error
    clocks = {**common.clocks, **own.clocks}
    acts = Acts(programme, clocks, own.acts, grounds, {**common.rules, **own.rules})
    named = {step.act for step in grounds.values() if step.act} - own.acts.keys()
    timed = {step.clock for step in grounds.values()} | {act.clock for act in own.acts.values()}
    if named or timed - clocks.keys():
        raise _bad(programme, f"unknown act or clock: {sorted(named | (timed - clocks.keys()))}")
    return acts


def _read(folder: str) -> _File:
    file = resources.files("eligibility_audit.law").joinpath(folder, "acts.yaml")
    try:
        return _SHAPE.validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise _bad(folder, error) from error


def _bad(folder: str, error: object) -> LawError:
    return LawError(
        f"Tệp law/{folder}/acts.yaml không đúng mẫu; hãy sửa chỗ được nêu. / "
        f"The file law/{folder}/acts.yaml is not in its form; mend what is named here. {error}"
    )
