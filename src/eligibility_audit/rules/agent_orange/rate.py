"""The monthly allowance against the band of the rate of injury and the amounts of the day."""

from itertools import product
from typing import Final

import pandas as pd
from pydantic import TypeAdapter

from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.agent_orange.basis import BASIS_PARAMETERS, basis
from eligibility_audit.rules.changes import amount_would_be, would_be
from eligibility_audit.rules.money import arrears, month_of, says_arrears
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.price_tables import allowances
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, item, money, number, pieces

AMOUNTS: Final = ("nd58.ao", "nd75.ao", "nd55.ao", "nd77.ao")
_VETERAN: Final = ("ao_21_40", "ao_41_60", "ao_61_80", "ao_81")
_CHILD: Final = ("child_61_80", "child_81")


@rule(
    id="AO_RATE",
    programmes=("agent_orange",),
    basis=("pl2005.ao", "pl2020.30.1", "pl2020.31.1", *AMOUNTS),
    parameters=(*BASIS_PARAMETERS, "bands", "allowances"),
    day="payment",
    reads=("claim", "disease", "percent", "monthly_amount"),
    shows=("start_month_last",),
    ground="rate",
    tier="B",
    title_vi="Mức trợ cấp không khớp tỷ lệ và bảng mức của ngày rà soát",
    title_en="Allowance differs from the band and the table of the day",
    condition_vi=(
        "Mức đang hưởng đúng mức của tỷ lệ tổn thương cơ thể trong bảng có hiệu lực ngày rà soát; "
        "vô sinh, sinh con dị dạng hưởng như mức 41–60 %."
    ),
    simplifications=(
        "Phụ cấp, trợ cấp người phục vụ của mức từ 81 % được chấp nhận khi cộng chung. / "
        "Supplements and the serving person's allowance from 81 % on are accepted as part of the amount.",
        "Chênh lệch tính cho một tháng; nhiều tháng chỉ khi đang chi theo mức của bảng trước và biết tháng hưởng. / "
        "The difference of one month; of several only where an earlier table's amount is paid and the start is known.",
    ),
)
def amount_is_of_the_band(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the monthly amount is one that the band allows; NA where the rate or the amount is not known."""
    due = _due(cases, law)
    amount = cases["monthly_amount"].mask(cases["monthly_amount"] <= 0)
    right = (amount == due["due"]) | (amount == due["or_else"]).fillna(False)
    right = right | (due["top"] & amount.isin(_with_supplements(law.amounts("allowances"))))
    # More than the middle band without a stated rate: a rate from 61 % on may stand in the file.
    unstated = cases["percent"].isna() & (amount > due["due"]).fillna(False)
    return right.mask(amount.isna() | due["due"].isna() | unstated).astype("boolean")


@amount_is_of_the_band.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    due = _due(cases, law)["due"]
    amount = cases["monthly_amount"]
    more = (amount > due).fillna(False)
    rate = ("tỷ lệ " + number(cases["percent"]) + " %").where(
        cases["percent"].notna(), "căn cứ vô sinh, sinh con dị dạng"
    )
    rate_en = (number(cases["percent"]) + " %").where(cases["percent"].notna(), "infertility or a deformed child")
    vi = "Danh sách ghi mức " + money(amount) + " đồng/tháng với " + rate
    en = "The list gives " + money(amount) + " đồng a month with " + rate_en
    old = _older(amount, law)
    owed = arrears(amount, due, month_of(cases["start_month_last"]), allowances(law), law.day)
    also_vi, also_en = says_arrears(owed, law.day)
    return pd.DataFrame(
        {
            "reason_vi": vi + "; mức của ngày rà soát là " + money(due) + " đồng/tháng" + also_vi + ".",
            "reason_en": en + "; the amount of the day is " + money(due) + " đồng a month" + also_en + ".",
            "evidence": pieces(cases, item(cases, vi + ".", en + "."), item(cases, old["vi"], old["en"])),
            "evidence_against": pieces(cases),
            "amount_at_stake": owed["amount"].fillna((amount - due).abs()),
            "months": owed["months"].fillna(1),
            "direction": pd.Series("tăng", index=cases.index, dtype=TEXT).mask(more, "giảm"),
        }
    )


def _due(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    """What is due (`Int64` đồng), what else may be due where the basis is not known, and whether it is the top band."""
    amounts, bands = law.amounts("allowances"), law.amounts("bands")
    said = basis(cases["disease"], law)
    child, percent = eq(cases["claim"], "child"), cases["percent"]
    own = _of_band(percent, _VETERAN, amounts, bands)
    middle = pd.Series(amounts["ao_41_60"], index=cases.index, dtype="Int64")
    below_61 = (percent < bands["ao_61_80"]).fillna(True)
    other_basis = (said["infertile"] | said["deformed_child"]).fillna(False)
    unknown_basis = ~(said["listed"] | said["unlisted"]).fillna(False) & ~other_basis
    due = own.mask(other_basis & below_61, middle)
    due = due.mask(child.fillna(False), _of_band(percent, _CHILD, amounts, bands)).mask(child.isna())
    return pd.DataFrame(
        {
            "due": due,
            "or_else": middle.where(unknown_basis & below_61 & ~child.fillna(True)),
            "top": (percent >= bands["ao_81"]).fillna(False) & ~child.fillna(True),
        }
    )


def _of_band(percent: Column, names: tuple[str, ...], amounts: dict[str, int], bands: dict[str, int]) -> Column:
    """The amount of the highest band that a rate reaches; null below the lowest."""
    due: Column = pd.Series(pd.NA, index=percent.index, dtype="Int64")
    for name in names:
        due = due.mask((percent >= bands[name]).fillna(False), amounts[name])
    return due


def _with_supplements(amounts: dict[str, int]) -> list[int]:
    supplements = (0, amounts["suppl_81"], amounts["suppl_81_special"])
    return [amounts["ao_81"] + more + serving for more, serving in product(supplements, (0, amounts["serving_person"]))]


def _older(amount: Column, law: Parameters) -> pd.DataFrame:
    """Where an amount is none of the day but stood in an earlier table, sentences (vi, en) that say so; else empty."""
    now = set(law.amounts("allowances").values())
    since: dict[int, str] = {}
    for value in law.earlier("allowances"):
        for old in TypeAdapter(dict[str, int]).validate_python(value.value).values():
            since[old] = f"{value.valid_from:%d/%m/%Y}"
    paid = [int(value) for value in amount.fillna(0)]
    texts = [since.get(value, "") if value not in now else "" for value in paid]
    day = pd.Series(texts, index=amount.index, dtype=TEXT)
    return pd.DataFrame(
        {
            "vi": ("Mức này thuộc bảng có hiệu lực từ " + day + ".").where(day != "", ""),
            "en": ("The amount is of the table in force from " + day + ".").where(day != "", ""),
        }
    )


def _due_amount(cases: pd.DataFrame, law: Parameters) -> Column:
    return _due(cases, law)["due"]


def _rate_of_the_amount(cases: pd.DataFrame, law: Parameters) -> Column:
    """The lowest rate of the band whose amount is paid; null where no band's is."""
    amounts, bands = law.amounts("allowances"), law.amounts("bands")
    child = (cases["claim"] == "child").fillna(False)
    rate = pd.Series(pd.NA, index=cases.index, dtype="Float64")
    for name in (*_VETERAN, *_CHILD):
        paid = (cases["monthly_amount"] == amounts[name]).fillna(False) & (child == (name in _CHILD))
        rate = rate.mask(paid, bands[name])
    return rate.mask(cases["monthly_amount"].isin(_with_supplements(amounts)) & ~child, bands["ao_81"])


amount_would_be(amount_is_of_the_band, "office", _due_amount)
would_be(
    amount_is_of_the_band,
    "office",
    vi=lambda cases, law: (
        "biên bản giám định ghi tỷ lệ của mức đang hưởng, từ " + number(_rate_of_the_amount(cases, law)) + " %"
    ),
    en=lambda cases, law: "minutes give the rate that is paid, from " + number(_rate_of_the_amount(cases, law)) + " %",
    percent=_rate_of_the_amount,
)
