"""The amount paid against the rate of the group and the months."""

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, item, money, pieces, quoted, text
from eligibility_audit.rules.words_of_groups import group_of

_ONCE = ("merit", "social_assistance", "poor", "near_poor")


@rule(
    id="CV_AMOUNT",
    programmes=("covid_relief",),
    basis=("nq42.groups", "qd15.amounts"),
    parameters=("relief", "most_months", "group_words"),
    reads=("group", "months", "amount"),
    ground="one_off_amount",
    tier="B",
    title_vi="Số tiền khác mức hỗ trợ của nhóm",
    title_en="Amount differs from the rate of the group",
    condition_vi="Số tiền bằng mức của nhóm nhân số tháng (không quá ba tháng), hoặc mức chi một lần.",
    simplifications=("Chính sách riêng của tỉnh không được xét. / A province's own scheme is not looked at.",),
)
def amount_is_the_rate(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the amount is the rate of the group for its months; NA where group, months or amount is not known."""
    due = _due(cases, law)
    return (cases["amount"] == due).astype("boolean").mask(cases["amount"].isna() | due.isna())


@amount_is_the_rate.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    due, amount = _due(cases, law), cases["amount"]
    months = (" (" + text(cases["months"]) + " tháng)").where(cases["months"].notna(), "")
    vi = "Danh sách ghi đã chi " + money(amount) + " đồng cho nhóm " + quoted(cases["group"]) + months
    en = "The list says " + money(amount) + " đồng were paid to the group " + quoted(cases["group"])
    return pd.DataFrame(
        {
            "reason_vi": vi + "; mức hỗ trợ là " + money(due) + " đồng.",
            "reason_en": en + "; the support is " + money(due) + " đồng.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "amount_at_stake": (amount - due).abs(),
            "direction": pd.Series("tăng", index=cases.index, dtype=TEXT).mask((amount > due).fillna(False), "giảm"),
            "least_change": "Số tiền " + money(due) + " đồng, hoặc giấy tờ cho thấy nhóm, số tháng khác.",
        }
    )


def _due(cases: pd.DataFrame, law: Parameters) -> Column:
    rates = law.amounts("relief")
    group = group_of(cases["group"], law.lists("group_words"))
    months = cases["months"].where((cases["months"] >= 1) & (cases["months"] <= law.whole("most_months")))
    due: Column = pd.Series(pd.NA, index=cases.index, dtype="Int64")
    for name, rate in rates.items():
        of_group = (group == name).fillna(False)
        due = due.mask(of_group, rate if name in _ONCE else months * rate)
    return due
