"""Dates of service in an order that cannot be."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.three_valued import Truth, eq, lt
from eligibility_audit.rules.changes import would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.plain_words import plain_words
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, dated

GROWN: Final = 18  # years: a birth date that nobody questions; the law names no least age
_MISWRITTEN = ("Một ngày có thể ghi sai.", "A date may be written wrongly.")


@rule(
    id="AO_SERVICE_REVERSED",
    programmes=("agent_orange",),
    basis=("qd26.ao", "pl2005.ao", "nd31.ao", "pl2020.29.1"),
    reads=("claim", "service_from", "service_to"),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Thời gian tham gia ghi kết thúc trước khi bắt đầu",
    title_en="Service that ends before it begins",
    condition_vi="Thời gian tham gia bắt đầu trước khi kết thúc.",
)
def service_ends_after_it_begins(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the last day of the service, at its latest, is not before the first, at its earliest."""
    return ~lt(cases["service_to_last"], cases["service_from_first"]) | eq(cases["claim"], "child")


@service_ends_after_it_begins.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    since, until = dated(cases["service_from"]), dated(cases["service_to"])
    return plain_words(
        cases,
        "Danh sách ghi tham gia từ " + since + " đến " + until,
        "The list gives the service from " + since + " to " + until,
        against=_MISWRITTEN,
    )


@rule(
    id="AO_SERVICE_BEFORE_BIRTH",
    programmes=("agent_orange",),
    basis=("qd26.ao", "pl2005.ao", "nd31.ao", "pl2020.29.1"),
    parameters="service_period",
    reads=("claim", "date_of_birth", "service_from"),
    ground="doubt",
    tier="C",
    title_vi="Sinh sau khi bắt đầu tham gia, hoặc sau thời gian luật định",
    title_en="Born after the service began, or after the period of the law",
    condition_vi="Người hoạt động kháng chiến sinh trước khi bắt đầu tham gia, trong hoặc trước thời gian luật định.",
    simplifications=(
        "Không đặt tuổi tối thiểu: luật không nêu. / No least age is set: the law names none.",
        "Có thể là dòng của người con ghi nhầm diện. / It may be a child's line under the wrong claim.",
    ),
)
def was_born_before_serving(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the birth, at its earliest, is not after the first day of service nor after the period of the law."""
    born, (_, end) = cases["date_of_birth_first"], law.period("service_period")
    late = lt(cases["service_from_last"], born).fillna(False) | lt(pd.Series(day_number(end), index=born.index), born)
    return ~late | eq(cases["claim"], "child")


@was_born_before_serving.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    born, since = dated(cases["date_of_birth"]), dated(cases["service_from"])
    known = since != ""
    return plain_words(
        cases,
        "Danh sách ghi sinh " + born + (", tham gia từ " + since).where(known, ""),
        "The list gives the birth as " + born + (", the service from " + since).where(known, ""),
        against=_MISWRITTEN,
    )


would_be(
    service_ends_after_it_begins,
    "office",
    vi="giấy tờ gốc trong hồ sơ ghi hai ngày theo thứ tự ngược lại",
    en="the original papers on file give the two dates the other way round",
    service_from=lambda cases, law: cases["service_to"],
    service_to=lambda cases, law: cases["service_from"],
)


def _grown_before_service(cases: pd.DataFrame, law: Parameters) -> Column:
    """A birth year at which the service, and at the latest the end of the period, found a grown person."""
    _, end = law.period("service_period")
    served = cases["service_from"].str.slice(0, 4).astype("Int64").fillna(end.year).clip(upper=end.year)
    return (served - GROWN).astype(TEXT)


would_be(
    was_born_before_serving,
    "entry",
    vi="ngày sinh ghi nhầm; giấy tờ gốc ghi sinh trước khi tham gia",
    en="the birth date is a slip: the original papers give one before the service",
    date_of_birth=_grown_before_service,
)
would_be(
    was_born_before_serving,
    "entry",
    vi="dòng này là của người con, ghi nhầm diện",
    en="the line is a child's, under the wrong claim",
    claim="child",
)
