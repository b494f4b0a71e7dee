"""The amount against the coefficient and the base; where the list gives no coefficient, against the group."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import amount_would_be, would_be
from eligibility_audit.rules.money import arrears, month_of, says_arrears
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.price_tables import bases
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.social_assistance.coefficient import (
    CLASSES,
    allowed_entries,
    coefficients,
    direction,
    single_coefficient,
)
from eligibility_audit.rules.wording import Column, item, money, number, pieces, quoted

AMOUNT: Final = ("nd136.coefficient", "nd20.4", "nd20.6.1", "nd76.base")
_HIGHER: Final = (
    "Mức chuẩn cao hơn của tỉnh lấy theo khai báo trong luật của tỉnh; chưa khai báo mà gần cả danh sách cùng theo một "
    "mức cao hơn thì dòng theo mức ấy không bị nêu. / A province's higher base is taken from its law; where none is "
    "declared and nearly the whole list follows one higher base, lines that follow it are not questioned.",
    "Chênh lệch tính cho một tháng; nhiều tháng chỉ khi đang chi theo mức chuẩn trước và biết tháng hưởng. / "
    "The difference of one month; of several only where an earlier base is paid and the first month is known.",
)


@rule(
    id="SA_AMOUNT",
    programmes=("social_assistance",),
    basis=AMOUNT,
    parameters=("base", "base_of_province"),
    reads=("coefficient", "monthly_amount", "base_of_list"),
    shows=("start_month_last",),
    ground="rate",
    tier="B",
    title_vi="Số tiền khác hệ số nhân mức chuẩn",
    title_en="Amount is not the coefficient times the base",
    condition_vi="Số tiền hằng tháng bằng hệ số nhân mức chuẩn của ngày rà soát.",
    simplifications=_HIGHER,
)
def amount_is_coefficient_times_base(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the monthly amount is the coefficient times the base of the day; NA where either is not known.

    NA too where it follows a higher base that nearly the whole list follows: the province may have set it.
    """
    due = (cases["coefficient"] * base_of(law)).round()
    paid = cases["monthly_amount"]
    return (paid == due).astype("boolean").mask(paid.isna() | due.isna() | _follows_the_list(cases, paid, law))


@amount_is_coefficient_times_base.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    due = (cases["coefficient"] * base_of(law)).round().astype("Int64")
    amount = cases["monthly_amount"]
    vi = "Danh sách ghi " + money(amount) + " đồng/tháng với hệ số " + number(cases["coefficient"])
    en = "The list gives " + money(amount) + " đồng a month with the coefficient " + number(cases["coefficient"])
    return _said(cases, vi, en, due, law)


@rule(
    id="SA_AMOUNT_OF_GROUP",
    programmes=("social_assistance",),
    basis=AMOUNT,
    parameters=(*CLASSES, "base", "base_of_province"),
    reads=("group", "disability_level", "date_of_birth", "coefficient", "monthly_amount", "base_of_list"),
    shows=("start_month_last",),
    ground="rate",
    tier="C",
    title_vi="Số tiền khác mức của nhóm (danh sách không ghi hệ số)",
    title_en="Amount is not one of the group's, where the list gives no coefficient",
    condition_vi="Số tiền hằng tháng bằng một hệ số của nhóm, mức độ, tuổi nhân mức chuẩn.",
    simplifications=_HIGHER,
)
def amount_is_of_the_group(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the amount is a coefficient of group, level and age times the base, where no coefficient is stated."""
    allowed, paid = allowed_entries(cases, law), cases["monthly_amount"]
    right = pd.Series(False, index=cases.index)
    for name, values in coefficients(law).items():
        right = right | (allowed[name] & paid.isin([round(value * base_of(law)) for value in values]))
    unknown = ~allowed.any(axis="columns") | paid.isna() | cases["coefficient"].notna()
    return right.astype("boolean").mask(unknown | (cases["base_of_list"] > base_of(law)).fillna(False))


@amount_is_of_the_group.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    due = (single_coefficient(cases, law) * base_of(law)).round().astype("Int64")
    amount = cases["monthly_amount"]
    vi = "Danh sách ghi " + money(amount) + " đồng/tháng với nhóm " + quoted(cases["group"])
    en = "The list gives " + money(amount) + " đồng a month with the group " + quoted(cases["group"])
    return _said(cases, vi, en, due, law)


def base_of(law: Parameters) -> int:
    """The base of the day: the province's own where it is declared and higher."""
    return max(law.whole("base"), law.whole("base_of_province"))


def _follows_the_list(cases: pd.DataFrame, paid: Column, law: Parameters) -> Column:
    followed = (paid == (cases["coefficient"] * cases["base_of_list"]).round()).fillna(False)
    higher: Column = followed & (cases["base_of_list"] > base_of(law)).fillna(False)
    return higher


def _said(cases: pd.DataFrame, vi: Column, en: Column, due: Column, law: Parameters) -> pd.DataFrame:
    amount = cases["monthly_amount"]
    right = ("; theo mức chuẩn là " + money(due) + " đồng/tháng").where(due.notna(), "; không phải mức của nhóm")
    owed = arrears(amount, due, month_of(cases["start_month_last"]), bases(law), law.day)
    also_vi, also_en = says_arrears(owed, law.day)
    right_en = ("; by the base it is " + money(due) + " đồng a month").where(due.notna(), "; not one of the group's")
    return pd.DataFrame(
        {
            "reason_vi": vi + right + also_vi + ".",
            "reason_en": en + right_en + also_en + ".",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "amount_at_stake": owed["amount"].fillna((amount - due).abs()),
            "months": owed["months"].fillna(1).where(due.notna()),
            "direction": direction(amount, due),
        }
    )


def _right(cases: pd.DataFrame, law: Parameters) -> Column:
    return (cases["coefficient"] * base_of(law)).round().astype("Int64")


def _stated(cases: pd.DataFrame, law: Parameters) -> Column:
    """The coefficient that the amount has, where it is one of whole halves."""
    coefficient = (cases["monthly_amount"] / base_of(law)).astype("Float64")
    return coefficient.where(((coefficient * 2 % 1 == 0) & (coefficient > 0)).fillna(False))


def _of_group(cases: pd.DataFrame, law: Parameters) -> Column:
    """What the group is due; where it has several coefficients, the first."""
    allowed = allowed_entries(cases, law)
    first = pd.Series(pd.NA, index=cases.index, dtype="Float64")
    for name, values in coefficients(law).items():
        first = first.mask(first.isna() & allowed[name], values[0]) if name in allowed else first
    return (first * base_of(law)).round().astype("Int64")


amount_would_be(amount_is_coefficient_times_base, "office", _right)
would_be(
    amount_is_coefficient_times_base,
    "entry",
    vi=lambda cases, law: "hệ số ghi nhầm; quyết định ghi hệ số " + number(_stated(cases, law)),
    en=lambda cases, law: "the coefficient is a slip: the decision gives " + number(_stated(cases, law)),
    coefficient=_stated,
)
amount_would_be(amount_is_of_the_group, "office", _of_group)
