"""Time limits: a clock is data (`law/common/clocks.yaml`); counting days, working days and months is what is done here.

The day of the start event is not counted (Civil Code 2015, Article 147); a limit that would end on a day on which
offices are closed ends on the next working day (Article 148), unless the clock says that it must be met before.
Working days are those of the `holidays` package for Viet Nam (weekends, holidays, Tết), corrected by
`law/common/working_days.yaml`, the days that were swapped by decision.
"""

import calendar as month_lengths
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from eligibility_audit.errors import LawError

if TYPE_CHECKING:
    from holidays import HolidayBase

Unit = Literal["days", "working_days", "months", "day_of_month"]
Mark = Literal["confirmed", "to_verify", "not_found"]
Text = Annotated[str, Field(min_length=1)]
FIRST_YEAR, LAST_YEAR = 1990, 2100  # beyond these nobody knows which days are holidays


class Clock(BaseModel):
    """A time limit from a day on: from which event, how many of what, what stops it, by which provision.

    `vi`: as it is printed beside the due day. `day_of_month`: the next such day of a month, the start day included.
    `closed`: where it ends on a day on which offices are closed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: date
    valid_to: date | None = None
    known_from: date | None = None
    start: Text
    number: Annotated[int, Field(gt=0, le=400)]
    unit: Unit
    stops: Text
    vi: Text
    en: Text
    citation: Text
    closed: Literal["next", "before"] = "next"
    mark: Mark
    source: Text
    last_checked: date
    note: str = ""

    def holds(self, day: date) -> bool:
        """Whether it is the law on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class SwappedDay(BaseModel):
    """A day that offices worked, or did not, by a decision. In `law/common/working_days.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    working: bool
    vi: Text
    known_from: date | None = None
    mark: Mark
    source: Text
    last_checked: date


@dataclass(frozen=True)
class WorkingDays:
    """On which days offices work in Viet Nam. `swapped`: day → whether it is worked, before what the calendar says."""

    swapped: Mapping[date, bool] = field(default_factory=dict)

    @cached_property
    def _calendar(self) -> "HolidayBase":
        import holidays

        return holidays.country_holidays("VN")

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day. Raises `LawError` for a year of which nobody knows the holidays."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise LawError(
                f"Không biết ngày nghỉ của năm {day.year}; hãy xem lại ngày. / "
                f"The holidays of {day.year} are not known; look at the date again."
            )
        said = self.swapped.get(day)
        return bool(self._calendar.is_working_day(day)) if said is None else said

    def on_or_after(self, day: date) -> date:
        """The day, or the next on which offices work."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def on_or_before(self, day: date) -> date:
        """The day, or the last before it on which offices work."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def after(self, start: date, number: int) -> date:
        """The `number`-th working day after a day."""
        day = start
        for _ in range(number):
            day = self.on_or_after(day + timedelta(days=1))
        return day


@dataclass(frozen=True)
class Due:
    """The day by which, and the version of the clock that says so."""

    day: date
    clock: Clock


def due(clock: Sequence[Clock], start: date, on: date, working: WorkingDays) -> Due | None:
    """The due day of a limit that began on `start`, by the version that is law on `on`; None where there is none.

    `clock`: its versions. The due day is always a working day.
    """
    found = next((version for version in clock if version.holds(on)), None)
    return Due(due_day(start, found.number, found.unit, working, found.closed), found) if found else None


def due_day(
    start: date, number: int, unit: Unit, working: WorkingDays, closed: Literal["next", "before"] = "next"
) -> date:
    """The day on which a limit of `number` units after `start` ends."""
    if unit == "working_days":
        return working.after(start, number)
    end = {"days": _days_after, "months": _months_after, "day_of_month": _day_of_month}[unit](start, number)
    if closed == "next":
        return working.on_or_after(end)
    before = working.on_or_before(end)
    if unit == "day_of_month" and before < start:  # this month's has gone by
        return working.on_or_before(_day_of_month(end + timedelta(days=1), number))
    return before


def _days_after(start: date, number: int) -> date:
    return start + timedelta(days=number)


def _months_after(start: date, number: int) -> date:
    """The same day so many months on; the last day of the month where it has no such day."""
    months = start.month - 1 + number
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, month_lengths.monthrange(year, month)[1]))


def _day_of_month(start: date, number: int) -> date:
    last = month_lengths.monthrange(start.year, start.month)[1]
    if start.day <= min(number, last):
        return start.replace(day=min(number, last))
    following = _months_after(start.replace(day=1), 1)
    return following.replace(day=min(number, month_lengths.monthrange(following.year, following.month)[1]))
