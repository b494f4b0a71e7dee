"""The figures of a yearly report that can be recomputed from its counts, each with what is given and what is inferred.

Arithmetic alone: exact (whole đồng, decimals), and honest about rounding. Where a report gives a rounded share, what
follows from it is a range, not a number.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eligibility_audit.errors import UsageError

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(gt=0)]
Dong = Annotated[int, Field(ge=0)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]


@dataclass(frozen=True)
class Figure:
    """A figure: its code, its value as text, and the sentence that says how it comes about (Vietnamese, English).

    `inferred`: it rests on something that the report does not say (a rate, a rounded share).
    """

    code: str
    value: str
    vi: str
    en: str
    inferred: bool


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Payment(_Strict):
    """People paid at one rate. `rate_is_stated`: the report itself gives the rate."""

    group: str
    persons: Count
    rate: Dong
    rate_is_stated: bool = False


class Poverty(_Strict):
    """Poor households: their decrease, as a number and as a share of the base; the rates of the first and last year."""

    decrease: Positive | None = None
    decrease_percent: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    first_year: int | None = None
    first_rate: Percent | None = None
    last_year: int | None = None
    last_rate: Percent | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Poverty":
        years = (self.first_year, self.last_year, self.first_rate, self.last_rate)
        if any(value is not None for value in years):
            if any(value is None for value in years):
                raise ValueError("cần đủ / needs all of first_year, first_rate, last_year, last_rate")
            if self.last_year is not None and self.first_year is not None and self.last_year <= self.first_year:
                raise ValueError("last_year phải sau first_year / last_year is after first_year")
        if (self.decrease is None) != (self.decrease_percent is None):
            raise ValueError("decrease và decrease_percent đi cùng nhau / go together")
        return self


class Online(_Strict):
    """Files received, and those of them that came online, by level."""

    received: Positive
    by_level: Mapping[str, Count]

    @model_validator(mode="after")
    def _parts(self) -> "Online":
        if sum(self.by_level.values()) > self.received:
            raise ValueError("hồ sơ trực tuyến nhiều hơn hồ sơ tiếp nhận / more came online than were received")
        return self


class Procedures(_Strict):
    """Administrative procedures, and those of them that are offered online, by level."""

    total: Positive
    online_by_level: Mapping[str, Count]

    @model_validator(mode="after")
    def _parts(self) -> "Procedures":
        if sum(self.online_by_level.values()) > self.total:
            raise ValueError("thủ tục trực tuyến nhiều hơn tổng số / more procedures online than there are")
        return self


class Relief(_Strict):
    """A relief scheme as a whole: persons and total."""

    persons: Positive
    total: Dong
    total_is_upper: bool = False  # the report says "nearly"


class Documents(_Strict):
    """Documents that were issued, and those of them that bear a digital signature."""

    issued: Positive
    signed: Count

    @model_validator(mode="after")
    def _parts(self) -> "Documents":
        if self.signed > self.issued:
            raise ValueError("văn bản ký số nhiều hơn văn bản phát hành / more were signed than were issued")
        return self


class Files(_Strict):
    """Files of administrative procedures that were settled, by time."""

    early: Count
    on_time: Count
    late: Count


class ReportCounts(_Strict):
    """The counts of a yearly report. What is left out is not computed."""

    year: int
    relief: Relief | None = None
    provincial_relief: tuple[Payment, ...] = ()
    poverty: Poverty | None = None
    online: Online | None = None
    procedures: Procedures | None = None
    documents: Documents | None = None
    files: Files | None = None


def recompute(counts: ReportCounts) -> tuple[Figure, ...]:
    """Every figure that follows from the counts, in the order of the report."""
    figures: list[Figure] = []
    if counts.relief:
        figures.append(mean_paid(counts.relief))
    if counts.provincial_relief:
        figures.append(total_paid(counts.provincial_relief))
    if counts.procedures:
        figures.append(procedures_online(counts.procedures))
    if counts.online:
        figures.append(online_share(counts.online))
    if counts.documents:
        figures.append(signed_share(counts.documents))
    if counts.files:
        figures.append(in_time_share(counts.files))
    if counts.poverty:
        figures += poverty_figures(counts.poverty)
    return tuple(figures)


def total_paid(payments: tuple[Payment, ...]) -> Figure:
    """The sum over groups of persons × rate, in whole đồng."""
    total = sum(payment.persons * payment.rate for payment in payments)
    terms = " + ".join(f"{_number(p.persons)} × {_number(p.rate)}" for p in payments)
    unsaid = [payment.group for payment in payments if not payment.rate_is_stated]
    vi = f"{terms} = {_number(total)} đồng ({_billions(total)} tỷ)."
    en = f"{terms} = {total:,} đồng."
    if unsaid:
        vi += f" Báo cáo không nêu mức chi của: {', '.join(unsaid)}; mức là suy ra."
        en += " The report does not state the rates: they are inferred."
    return Figure("provincial_relief_total", str(total), vi, en, inferred=bool(unsaid))


def mean_paid(relief: Relief) -> Figure:
    """What a person got in the mean, in whole đồng; at most that where the total is said to be nearly reached."""
    mean = _half_up(Decimal(relief.total) / relief.persons, 0)
    bound = "nhiều nhất " if relief.total_is_upper else ""
    vi = f"{_number(relief.total)} : {_number(relief.persons)} = bình quân {bound}{_number(int(mean))} đồng một người."
    en = (
        f"{relief.total:,} / {relief.persons:,} = {'at most ' if bound else ''}{int(mean):,} đồng a person in the mean."
    )
    if bound:
        vi += " Báo cáo ghi “gần”, nên là mức cao nhất; suy ra."
        en += " The report says nearly: an upper bound, inferred."
    return Figure("relief_mean", str(mean), vi, en, inferred=relief.total_is_upper)


def procedures_online(procedures: Procedures) -> Figure:
    """How many procedures are offered online, of all."""
    parts, total = procedures.online_by_level.values(), procedures.total
    share = _half_up(Decimal(100 * sum(parts)) / total, 1)
    terms = " + ".join(_number(count) for count in parts)
    vi = f"{terms} = {_number(sum(parts))} trong {_number(total)} thủ tục ({_decimal(share)} %)."
    en = f"{sum(parts):,} of {total:,} procedures are online ({share} %)."
    return Figure("procedures_online", str(sum(parts)), vi, en, inferred=False)


def online_share(online: Online) -> Figure:
    """The share of files that came online, to one decimal."""
    part = sum(online.by_level.values())
    share = _half_up(Decimal(100 * part) / online.received, 1)
    terms = " + ".join(_number(count) for count in online.by_level.values())
    vi = f"({terms}) : {_number(online.received)} = {_number(part)}/{_number(online.received)} = {_decimal(share)} %."
    return Figure(
        "online_share", str(share), vi, f"{part:,} of {online.received:,} files came online: {share} %.", False
    )


def signed_share(documents: Documents) -> Figure:
    """The share of documents with a digital signature, to one decimal."""
    share = _half_up(Decimal(100 * documents.signed) / documents.issued, 1)
    vi = f"{_number(documents.signed)} : {_number(documents.issued)} văn bản = {_decimal(share)} % ký số."
    en = f"{documents.signed:,} of {documents.issued:,} documents are digitally signed: {share} %."
    return Figure("signed_share", str(share), vi, en, inferred=False)


def in_time_share(files: Files) -> Figure:
    """The share of settled files that were settled early or in time, to one decimal; of none: no share."""
    total = files.early + files.on_time + files.late
    terms = f"trước hạn {_number(files.early)}, đúng hạn {_number(files.on_time)}, quá hạn {_number(files.late)}"
    if not total:
        return Figure("in_time_share", "", f"{terms}: không có hồ sơ nào.", "No file was settled.", inferred=False)
    share = _half_up(Decimal(100 * (files.early + files.on_time)) / total, 1)
    vi = f"{_number(total)} hồ sơ: {terms}; trước và đúng hạn {_decimal(share)} %."
    en = f"{files.early:,} early, {files.on_time:,} in time, {files.late:,} late of {total:,}: {share} %."
    return Figure("in_time_share", str(share), vi, en, inferred=False)


def poverty_figures(poverty: Poverty) -> list[Figure]:
    """Base and end of the number of poor households, as ranges; points a year."""
    figures = []
    if poverty.decrease is not None and poverty.decrease_percent is not None:
        figures += _base_and_end(poverty.decrease, poverty.decrease_percent)
    if poverty.first_rate is not None and poverty.last_rate is not None:
        years = (poverty.last_year or 0) - (poverty.first_year or 0)
        points = poverty.first_rate - poverty.last_rate
        a_year = _half_up(points / years, 2)
        vi = (
            f"({_decimal(poverty.first_rate)} − {_decimal(poverty.last_rate)}) : {years} năm = {_decimal(points)} : "
            f"{years} = {_decimal(a_year)} điểm phần trăm một năm."
        )
        en = f"{points} points in {years} years: {a_year} points a year."
        figures.append(Figure("poverty_points_a_year", str(a_year), vi, en, inferred=False))
    return figures


def _base_and_end(decrease: int, percent: Decimal) -> list[Figure]:
    """Number of households before and after: from a decrease and its share, which is rounded to its last digit."""
    half = Decimal(1).scaleb(int(percent.as_tuple().exponent)) / 2
    base = int(_half_up(100 * Decimal(decrease) / percent, 0))
    least = math.floor(100 * Decimal(decrease) / (percent + half)) + 1
    most = math.floor(100 * Decimal(decrease) / (percent - half))
    said = "tỷ lệ trong báo cáo đã làm tròn, nên số này là suy ra"
    return [
        Figure(
            "poor_households_base",
            str(base),
            f"{_number(decrease)} : {_decimal(percent)} % = {_number(base)} hộ lúc đầu (từ {_number(least)} đến "
            f"{_number(most)}; {said}).",
            f"{decrease:,} is {percent} % of {base:,} households (inferred: {least:,} to {most:,}, as the share is "
            "rounded).",
            inferred=True,
        ),
        Figure(
            "poor_households_end",
            str(base - decrease),
            f"{_number(base)} − {_number(decrease)} = {_number(base - decrease)} hộ lúc cuối (từ "
            f"{_number(least - decrease)} đến {_number(most - decrease)}; {said}).",
            f"{base:,} - {decrease:,} = {base - decrease:,} households at the end (inferred).",
            inferred=True,
        ),
    ]


def parse_counts(content: object, where: str) -> ReportCounts:
    """Check a loaded YAML document; raise UsageError with one sentence a fault."""
    try:
        return ReportCounts.model_validate(content)
    except ValidationError as error:
        faults = [f"  - {'.'.join(map(str, f['loc'])) or where}: {f['msg']}" for f in error.errors(include_url=False)]
        told = "\n".join(fault.replace("Value error, ", "") for fault in faults)
        raise UsageError(f"{where}: tệp số đếm có lỗi / the counts have faults:\n{told}") from None


def _half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _decimal(value: Decimal) -> str:
    return str(value).replace(".", ",")


def _billions(value: int) -> str:
    return _decimal(_half_up(Decimal(value) / 10**9, 3))
