"""Dates of service in an order that cannot be."""

import pandas as pd

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.three_valued import Truth, eq, lt
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.plain_words import plain_words
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import dated

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
        least="Giấy tờ gốc ghi thời gian tham gia.",
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
        least="Ngày sinh và thời gian tham gia theo giấy tờ gốc; hoặc dòng này là của người con.",
    )
