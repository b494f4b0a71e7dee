"""The amount paid against the rate of the group and the months; months past the limit; the province's own rates."""

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, item, money, pieces, quoted, text
from eligibility_audit.rules.words_of_groups import group_of

_ONCE = ("merit", "social_assistance", "poor", "near_poor")


@rule(
    id="CV_AMOUNT",
    programmes=("covid_relief",),
    basis=("nq42.groups", "qd15.amounts", "qd32.groups"),
    parameters=("relief", "most_months", "group_words", "scheme_rates"),
    reads=("group", "months", "amount", "scheme"),
    ground="one_off_amount",
    tier="B",
    title_vi="Số tiền khác mức hỗ trợ của nhóm",
    title_en="Amount differs from the rate of the group",
    condition_vi="Số tiền bằng mức của nhóm nhân số tháng (không quá ba tháng), hoặc mức chi một lần.",
    simplifications=(
        "Chi theo nghị quyết riêng của tỉnh không xét ở đây. / What the province's own scheme pays is not looked at.",
        "Không rõ chi theo chính sách nào mà số tiền đúng mức của tỉnh thì chưa kết luận. / "
        "Where the scheme is not known and the amount is the province's own rate, nothing is decided.",
        "Không ghi số tháng thì mọi số tháng trong giới hạn được chấp nhận. / "
        "Where no months are stated any number within the limit is accepted.",
    ),
)
def amount_is_the_rate(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the amount is the rate of the group for its months; NA where group, amount or scheme is not known.

    Where no months are stated, whether it is the rate of any number of months that the law allows.
    """
    due, amount = _due(cases, law), cases["amount"]
    answer = (amount == due).astype("boolean").mask(due.isna())
    some = _rate(cases, law).where(cases["months"].isna() & due.isna())
    whole = (amount % some == 0) & (amount // some >= 1) & (amount // some <= law.whole("most_months"))
    answer = answer.mask(some.notna(), whole.astype("boolean"))
    of_province = cases["scheme"] == "province"
    maybe = cases["scheme"].isna() & (amount == _rate_of_province(cases, law)) & ~answer
    return answer.mask(amount.isna() | of_province.fillna(False) | maybe.fillna(False))


@amount_is_the_rate.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    due, amount = _due(cases, law), cases["amount"]
    months = (" (" + text(cases["months"]) + " tháng)").where(cases["months"].notna(), "")
    vi = "Danh sách ghi đã chi " + money(amount) + " đồng cho nhóm " + quoted(cases["group"]) + months
    en = "The list says " + money(amount) + " đồng were paid to the group " + quoted(cases["group"])
    rate = money(_rate(cases, law))
    known = due.notna()
    right = ("; mức hỗ trợ là " + money(due) + " đồng").where(known, "; mức hỗ trợ mỗi tháng là " + rate + " đồng")
    right_en = ("; the support is " + money(due) + " đồng").where(known, "; a month's support is " + rate + " đồng")
    return pd.DataFrame(
        {
            "reason_vi": vi + right + ".",
            "reason_en": en + right_en + ".",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "amount_at_stake": (amount - due).abs(),
            "direction": pd.Series("tăng", index=cases.index, dtype=TEXT)
            .mask((amount > due).fillna(False), "giảm")
            .where(known),
        }
    )


@rule(
    id="CV_MONTHS",
    programmes=("covid_relief",),
    basis=("nq42.groups", "qd15.months"),
    parameters=("relief", "most_months", "group_words"),
    reads=("group", "months", "scheme"),
    shows=("amount",),
    ground="one_off_amount",
    tier="B",
    title_vi="Số tháng hỗ trợ nhiều hơn quy định",
    title_en="More months than are helped",
    condition_vi="Số tháng hỗ trợ không quá ba tháng.",
)
def months_are_within_the_limit(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the months paid are no more than the law allows; NA where the group or the months are not known."""
    few = (cases["months"] <= law.whole("most_months")).astype("boolean")
    other = _rate(cases, law).isna() | (cases["scheme"] == "province").fillna(False)
    return few.mask(cases["months"].isna() | other)


@months_are_within_the_limit.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    most = law.whole("most_months")
    more = (cases["months"] - most).astype("Int64")
    vi = "Danh sách ghi " + text(cases["months"]) + " tháng cho nhóm " + quoted(cases["group"])
    en = "The list gives " + text(cases["months"]) + " months for the group " + quoted(cases["group"])
    by_month = cases["amount"] == cases["months"] * _rate(cases, law)
    return pd.DataFrame(
        {
            "reason_vi": vi + f"; nhiều nhất là {most} tháng.",
            "reason_en": en + f"; {most} at most.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "amount_at_stake": (more * _rate(cases, law)).where(by_month.fillna(False)),
            "direction": pd.Series("giảm", index=cases.index, dtype=TEXT),
        }
    )


@rule(
    id="CV_PROVINCE_AMOUNT",
    programmes=("covid_relief",),
    basis="hdnd_tb.groups",
    parameters=("group_words", "scheme_rates"),
    reads=("group", "amount", "scheme"),
    ground="one_off_amount",
    tier="C",
    title_vi="Số tiền khác mức chi theo nghị quyết của tỉnh",
    title_en="Amount differs from the rate of the province's own resolution",
    condition_vi="Số tiền bằng mức chi của nhóm theo nghị quyết của HĐND tỉnh.",
    simplifications=("Chỉ xét khi tỉnh khai báo mức chi. / Only where the province has declared its rates.",),
)
def amount_is_the_rate_of_the_province(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether what the province's scheme paid is its rate; NA for the Government's, and where no rate is declared."""
    due = _provincial(cases, law)
    return (cases["amount"] == due).astype("boolean").mask(cases["amount"].isna() | due.isna())


@amount_is_the_rate_of_the_province.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    due, amount = _provincial(cases, law), cases["amount"]
    vi = "Danh sách ghi đã chi " + money(amount) + " đồng cho nhóm " + quoted(cases["group"])
    en = "The list says " + money(amount) + " đồng were paid to the group " + quoted(cases["group"])
    return pd.DataFrame(
        {
            "reason_vi": vi + "; mức theo nghị quyết của tỉnh là " + money(due) + " đồng.",
            "reason_en": en + "; the province's rate is " + money(due) + " đồng.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "amount_at_stake": (amount - due).abs(),
            "direction": pd.Series("tăng", index=cases.index, dtype=TEXT).mask((amount > due).fillna(False), "giảm"),
        }
    )


def _provincial(cases: pd.DataFrame, law: Parameters) -> Column:
    return _rate_of_province(cases, law).where((cases["scheme"] == "province").fillna(False))


def _rate_of_province(cases: pd.DataFrame, law: Parameters) -> Column:
    """The province's own rate of a group, whatever scheme the line is of; null where it has declared none."""
    rate: Column = group_of(cases["group"], law.lists("group_words")).map(law.amounts("scheme_rates")).astype("Int64")
    return rate


def _rate(cases: pd.DataFrame, law: Parameters) -> Column:
    """The rate a month of a group that is paid by the month; null for any other."""
    rates = {name: rate for name, rate in law.amounts("relief").items() if name not in _ONCE}
    rate: Column = group_of(cases["group"], law.lists("group_words")).map(rates).astype("Int64")
    return rate


def _due(cases: pd.DataFrame, law: Parameters) -> Column:
    rates = law.amounts("relief")
    group = group_of(cases["group"], law.lists("group_words"))
    months = cases["months"].where((cases["months"] >= 1) & (cases["months"] <= law.whole("most_months")))
    due: Column = pd.Series(pd.NA, index=cases.index, dtype="Int64")
    for name, rate in rates.items():
        of_group = (group == name).fillna(False)
        due = due.mask(of_group, rate if name in _ONCE else months * rate)
    return due


def _right(cases: pd.DataFrame, law: Parameters) -> Column:
    """What is due; where no months are stated, a month's."""
    return _due(cases, law).fillna(_rate(cases, law))


def _months_paid(cases: pd.DataFrame, law: Parameters) -> Column:
    """The months that the amount would pay, where it is that of whole months within the limit."""
    rate, amount = _rate(cases, law), cases["amount"]
    months = (amount // rate).astype("Int64")
    whole = (amount % rate == 0) & (months >= 1) & (months <= law.whole("most_months"))
    return months.where(whole.fillna(False))


would_be(
    amount_is_the_rate,
    "office",
    vi=lambda cases, law: "chứng từ cho thấy số tiền đúng là " + money(_right(cases, law)) + " đồng",
    en=lambda cases, law: "vouchers give the amount of " + money(_right(cases, law)) + " đồng",
    amount=_right,
)
would_be(
    amount_is_the_rate,
    "entry",
    vi=lambda cases, law: "quyết định phê duyệt ghi " + text(_months_paid(cases, law)) + " tháng",
    en=lambda cases, law: "the decision gives " + text(_months_paid(cases, law)) + " months",
    months=_months_paid,
)
would_be(
    months_are_within_the_limit,
    "entry",
    vi="số tháng ghi nhầm; quyết định phê duyệt ghi trong giới hạn",
    en="the months are a slip: the decision gives no more than the limit",
    months=lambda cases, law: law.whole("most_months"),
)
would_be(
    amount_is_the_rate_of_the_province,
    "office",
    vi=lambda cases, law: "chứng từ cho thấy số tiền đúng là " + money(_provincial(cases, law)) + " đồng",
    en=lambda cases, law: "vouchers give the amount of " + money(_provincial(cases, law)) + " đồng",
    amount=_provincial,
)
