"""The decision and the month from which it pays."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.dates import EPOCH, day_number
from eligibility_audit.domain.three_valued import Truth, eq, lt
from eligibility_audit.rules.agent_orange.basis import BASIS_PARAMETERS, basis
from eligibility_audit.rules.changes import would_be
from eligibility_audit.rules.money import month_of, monthly_sums
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.plain_words import plain_words
from eligibility_audit.rules.price_tables import allowances
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import Column, dated, text

_PRICED: Final = (
    "Mỗi tháng tính theo mức của tháng ấy; mức trên danh sách không có trong bảng nào thì không tính tiền. / "
    "Each month at the amount of its own table; an amount of no table gives no sum."
)
_OLD: Final = "Quyết định trước 15/02/2022 chưa xét: quy định cũ chưa tìm thấy. / Older decisions are not judged."


@rule(
    id="AO_BEFORE_PROGRAMME",
    programmes=("agent_orange",),
    basis=("qd26.ao", "qd120.ao", "pl2005.ao", "nd54.ao", "nd31.ao", "pl2020.29.1"),
    parameters="programme_start",
    reads=("decision_date", "start_month"),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Quyết định hoặc tháng hưởng ghi trước khi có chế độ",
    title_en="Decided, or paid from a month, before there was an allowance",
    condition_vi="Ngày quyết định và tháng hưởng không trước khi có chế độ đối với người bị nhiễm chất độc hóa học.",
)
def is_not_before_the_programme(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether neither the decision nor the first month paid lies wholly before the first law on Agent Orange."""
    start = pd.Series(day_number(law.day_of("programme_start")), index=cases.index)
    return ~(lt(cases["decision_date_last"], start) | lt(cases["start_month_last"], start))


@is_not_before_the_programme.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    decided, since = dated(cases["decision_date"]), dated(cases["start_month"])
    start = f"{law.day_of('programme_start'):%Y}"
    said = (" quyết định ngày " + decided).where(decided != "", "") + (" hưởng từ " + since).where(since != "", "")
    said_en = (" the decision of " + decided).where(decided != "", "") + (" paid from " + since).where(since != "", "")
    return plain_words(
        cases,
        "Danh sách ghi" + said + f"; chế độ có từ năm {start}",
        "The list gives" + said_en + f"; the allowance exists since {start}",
        against=(
            "Có thể là quyết định về chế độ khác, hoặc năm ghi sai.",
            "It may be a decision on another benefit, or a wrong year.",
        ),
    )


@rule(
    id="AO_START_LATE",
    programmes=("agent_orange",),
    basis=("nd131.59",),
    parameters="allowances",
    day="granting",
    valid_from="2022-02-15",
    reads=("decision_date", "start_month"),
    shows=("monthly_amount",),
    ground="rate",
    tier="B",
    title_vi="Hưởng từ tháng sau tháng quyết định: có thể còn tháng được truy lĩnh",
    title_en="Paid from after the month of the decision: months may be owed to the person",
    condition_vi="Hưởng từ tháng có biên bản giám định, chậm nhất từ tháng ban hành quyết định.",
    simplifications=(
        _OLD,
        "Chỉ tính các tháng chắc chắn thiếu; tháng của biên bản giám định không có trên danh sách. / "
        "Only the months surely lacking; the month of the board's minutes is not on the list.",
        _PRICED,
    ),
)
def is_paid_from_the_decision(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the first month paid is not after the month of the decision."""
    return ~lt(month_of(cases["decision_date_last"]), month_of(cases["start_month_first"]))


@is_paid_from_the_decision.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    first, until = month_of(cases["decision_date_last"]), month_of(cases["start_month_first"])
    owed = monthly_sums(first, until, cases["monthly_amount"], allowances(law, later=True))
    vi = "Quyết định ngày " + dated(cases["decision_date"]) + ", hưởng từ " + dated(cases["start_month"])
    en = "Decided on " + dated(cases["decision_date"]) + ", paid from " + dated(cases["start_month"])
    said = plain_words(
        cases,
        vi,
        en,
        asks=(
            "; luật tính từ tháng có biên bản giám định, có thể còn được truy lĩnh.",
            "; the law pays from the month of the board's minutes: arrears may be owed to the person.",
        ),
        against=("Các tháng đầu có thể đã được truy lĩnh một lần.", "The first months may have been paid at once."),
    )
    return said.assign(amount_at_stake=owed["amount"], months=_summed(owed), direction="tăng")


@rule(
    id="AO_START_EARLY",
    programmes=("agent_orange",),
    basis=("nd131.59",),
    parameters=(*BASIS_PARAMETERS, "allowances"),
    day="granting",
    valid_from="2022-02-15",
    reads=("claim", "disease", "decision_date", "start_month"),
    shows=("monthly_amount",),
    ground="rate",
    tier="B",
    title_vi="Không qua giám định nhưng hưởng từ trước tháng quyết định",
    title_en="Without a medical board, yet paid from before the month of the decision",
    condition_vi="Người được công nhận do vô sinh hưởng từ tháng Sở ban hành quyết định.",
    simplifications=(_OLD, "Chỉ xét căn cứ vô sinh. / Only claims on infertility.", _PRICED),
)
def starts_with_the_decision(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a claim on infertility alone is not paid from before the month of the decision."""
    said = basis(cases["disease"], law)
    alone = said["infertile"] & ~said["deformed_child"] & ~said["listed"]
    early = lt(month_of(cases["start_month_last"]), month_of(cases["decision_date_first"]))
    return ~(alone & early) | eq(cases["claim"], "child")


@starts_with_the_decision.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    first, until = month_of(cases["start_month_last"]), month_of(cases["decision_date_first"])
    asked = monthly_sums(first, until, cases["monthly_amount"], allowances(law, later=True))
    vi = "Căn cứ vô sinh, quyết định ngày " + dated(cases["decision_date"])
    en = "A claim on infertility decided on " + dated(cases["decision_date"])
    said = plain_words(
        cases,
        vi + ", hưởng từ " + dated(cases["start_month"]),
        en + ", paid from " + dated(cases["start_month"]),
        against=("Có thể có biên bản giám định trong hồ sơ.", "There may be a board's minutes in the file."),
    )
    return said.assign(amount_at_stake=asked["amount"], months=_summed(asked), direction="giảm")


def _summed(sums: pd.DataFrame) -> Column:
    """The months that a sum counts; null where there is none."""
    return sums["months"].where(sums["amount"].notna())


def _as_month(days: Column) -> Column:
    """The month of day numbers as YYYY-MM; null where unknown."""
    months = month_of(days)
    year, month = text(months // 12 + EPOCH.year), text(months % 12 + 1).str.zfill(2)
    return (year + "-" + month).where(months.notna())


would_be(
    is_not_before_the_programme,
    "office",
    vi="quyết định hưởng trong hồ sơ ghi ngày quyết định và tháng hưởng khi đã có chế độ",
    en="the decision on file gives a day and a first month when there was an allowance",
    decision_date=lambda cases, law: law.day_of("programme_start").isoformat(),
    start_month=lambda cases, law: law.day_of("programme_start").isoformat()[:7],
)
would_be(
    is_paid_from_the_decision,
    "office",
    vi="chứng từ cho thấy đã truy lĩnh các tháng từ tháng quyết định",
    en="vouchers show that the months since the decision were paid at once",
    start_month=lambda cases, law: _as_month(cases["decision_date_last"]),
)
would_be(
    starts_with_the_decision,
    "office",
    vi="hồ sơ còn căn cứ sinh con dị dạng, dị tật",
    en="the file also rests on a deformed child",
    disease=lambda cases, law: cases["disease"] + ", " + law.lists("bases")["deformed_child"][0],
)
would_be(
    starts_with_the_decision,
    "entry",
    vi="tháng hưởng ghi nhầm; quyết định ghi hưởng từ tháng ban hành",
    en="the first month is a slip: the decision pays from its own month",
    start_month=lambda cases, law: _as_month(cases["decision_date_first"]),
)
