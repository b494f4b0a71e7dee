"""Coefficient and amount of social assistance; the certificate of disability."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from pydantic import TypeAdapter

from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.social_assistance.age import ages
from eligibility_audit.rules.wording import TEXT, Column, item, money, number, pieces, quoted
from eligibility_audit.rules.words_of_groups import group_of

COEFFICIENT: Final = ("nd136.coefficient", "nd28.coefficient", "nd20.6.1")
_CLASSES: Final = ("group_words", "oldest_words", "levels", "ages", "coefficients")


@rule(
    id="SA_COEF",
    programmes=("social_assistance",),
    basis=COEFFICIENT,
    parameters=(*_CLASSES, "base"),
    reads=("group", "disability_level", "date_of_birth", "coefficient"),
    shows=("monthly_amount",),
    ground="rate",
    tier="B",
    title_vi="Hệ số không khớp nhóm và tuổi",
    title_en="Coefficient differs from group and age",
    condition_vi="Hệ số là một hệ số của nhóm, mức độ khuyết tật và tuổi ghi trên danh sách.",
    simplifications=(
        "Ngày sinh không rõ thì mọi hệ số của nhóm được chấp nhận. / "
        "With no clear birth date every coefficient of the group is accepted.",
    ),
)
def coefficient_is_of_the_group(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the coefficient is one that group, level of disability and age allow; NA where the group is not known."""
    allowed = _allowed(cases, law)
    known = allowed.any(axis="columns")
    right = pd.Series(False, index=cases.index)
    for name, values in _coefficients(law).items():
        right = right | (allowed[name] & cases["coefficient"].isin(values))
    return right.astype("boolean").mask(~known | cases["coefficient"].isna())


@coefficient_is_of_the_group.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    due = _single(cases, law)
    paid, base = cases["coefficient"], law.whole("base")
    vi = "Danh sách ghi hệ số " + number(paid) + " với nhóm " + quoted(cases["group"])
    en = "The list gives the coefficient " + number(paid) + " with the group " + quoted(cases["group"])
    right = ("; hệ số của nhóm là " + number(due)).where(due.notna(), "; không phải hệ số của nhóm")
    right_en = ("; that of the group is " + number(due)).where(due.notna(), "; not one of the group")
    return pd.DataFrame(
        {
            "reason_vi": vi + right + ".",
            "reason_en": en + right_en + ".",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "amount_at_stake": ((paid - due).abs() * base).round().astype("Int64"),
            "months": pd.Series(1, index=cases.index, dtype="Int64").where(due.notna()),
            "direction": _direction(paid, due),
            "least_change": "Hệ số đúng của nhóm, hoặc giấy tờ cho thấy nhóm, mức độ, tuổi khác.",
        }
    )


@rule(
    id="SA_AMOUNT",
    programmes=("social_assistance",),
    basis=("nd136.coefficient", "nd20.4", "nd20.6.1"),
    parameters="base",
    reads=("coefficient", "monthly_amount"),
    ground="rate",
    tier="B",
    title_vi="Số tiền khác hệ số nhân mức chuẩn",
    title_en="Amount is not the coefficient times the base",
    condition_vi="Số tiền hằng tháng bằng hệ số nhân mức chuẩn của ngày rà soát.",
    simplifications=("Tỉnh có thể quy định mức chuẩn cao hơn. / A province may set a higher base.",),
)
def amount_is_coefficient_times_base(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the monthly amount is the coefficient times the base of the day; NA where either is not known."""
    due = (cases["coefficient"] * law.whole("base")).round()
    return (cases["monthly_amount"] == due).astype("boolean").mask(cases["monthly_amount"].isna() | due.isna())


@amount_is_coefficient_times_base.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    due = (cases["coefficient"] * law.whole("base")).round().astype("Int64")
    amount = cases["monthly_amount"]
    vi = "Danh sách ghi " + money(amount) + " đồng/tháng với hệ số " + number(cases["coefficient"])
    en = "The list gives " + money(amount) + " đồng a month with the coefficient " + number(cases["coefficient"])
    return pd.DataFrame(
        {
            "reason_vi": vi + "; theo mức chuẩn là " + money(due) + " đồng/tháng.",
            "reason_en": en + "; by the base it is " + money(due) + " đồng a month.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "amount_at_stake": (amount - due).abs(),
            "months": pd.Series(1, index=cases.index, dtype="Int64"),
            "direction": _direction(amount, due),
            "least_change": "Mức " + money(due) + " đồng/tháng, hoặc quyết định của tỉnh về mức chuẩn khác.",
        }
    )


@rule(
    id="SA_NO_CERT",
    programmes=("social_assistance",),
    basis=("nd136.groups", "l51.level", "nd20.5.6"),
    parameters="group_words",
    reads=("group", "certificate_no"),
    ground="paper_missing",
    tier="C",
    undetermined_is="paper_missing",
    cell="certificate_no",
    title_vi="Hưởng theo nhóm khuyết tật nhưng không ghi giấy xác nhận",
    title_en="Paid for a disability without a certificate number",
    condition_vi="Người hưởng theo nhóm khuyết tật có giấy xác nhận khuyết tật.",
)
def certificate_is_stated(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the certificate of disability is stated; NA where it is not, and met by any other group."""
    disabled = eq(group_of(cases["group"], law.lists("group_words")), "disability").fillna(False)
    stated = cases["certificate_no"].notna() & ~says_none(cases["certificate_no"])
    return pd.Series(True, index=cases.index, dtype="boolean").mask(disabled & ~stated)


@certificate_is_stated.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Nhóm " + quoted(cases["group"]) + ", ô số giấy xác nhận khuyết tật để trống hoặc ghi chưa có"
    en = "Group " + quoted(cases["group"]) + ", and the cell for the certificate of disability is blank or says none"
    return pd.DataFrame(
        {
            "reason_vi": vi + "; xã tra cứu hồ sơ của Hội đồng trước, sau đó mới đề nghị bổ sung.",
            "reason_en": en + "; the commune looks into its council's files first, then asks for it.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "least_change": "Số giấy xác nhận khuyết tật.",
        }
    )


def _coefficients(law: Parameters) -> Mapping[str, tuple[float, ...]]:
    return TypeAdapter(dict[str, tuple[float, ...]]).validate_python(law["coefficients"])


def _allowed(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    """Which entries of the table of coefficients a line may fall under; none where its group is not known."""
    limits, age = law.amounts("ages"), ages(cases, law.day)
    group = group_of(cases["group"], law.lists("group_words"))
    level = group_of(cases["disability_level"].fillna(cases["group"]), law.lists("levels"))
    may_be = {
        "child": (age["at_least"] < limits["child"]).fillna(True),
        "small": (age["at_least"] < limits["small"]).fillna(True),
        "elderly": (age["at_most"] >= limits["elderly"]).fillna(True),
        "oldest": (age["at_most"] >= limits["oldest"]).fillna(True),
        "not_small": (age["at_most"] >= limits["small"]).fillna(True),
        "not_child": (age["at_most"] >= limits["child"]).fillna(True),
        "not_oldest": (age["at_least"] < limits["oldest"]).fillna(True),
        "between": ((age["at_most"] >= limits["child"]) & (age["at_least"] < limits["elderly"])).fillna(True),
    }
    dependent = may_be["child"] | may_be["elderly"]
    disabled = group == "disability"
    by_age = eq(group_of(cases["group"], {"oldest": law.words("oldest_words")}), "oldest").fillna(False)
    maybe_poor = (group == "elderly_poor") | ((group == "elderly") & ~by_age)
    masks = {
        "oldest": group == "elderly",
        "elderly_poor": maybe_poor & may_be["not_oldest"],
        "elderly_poor_oldest": maybe_poor & may_be["oldest"],
        "severe": disabled & (level == "severe") & may_be["between"],
        "severe_dependent": disabled & (level == "severe") & dependent,
        "most_severe": disabled & (level == "most_severe") & may_be["between"],
        "most_severe_dependent": disabled & (level == "most_severe") & dependent,
        "orphan": (group == "orphan") & may_be["not_small"],
        "orphan_small": (group == "orphan") & may_be["small"],
        "student": group == "student",
        "single_parent": group == "single_parent",
        "hiv": (group == "hiv") & may_be["not_child"],
        "hiv_child": (group == "hiv") & may_be["child"] & may_be["not_small"],
        "hiv_small": (group == "hiv") & may_be["small"],
    }
    return pd.DataFrame({name: mask.fillna(False).astype("bool") for name, mask in masks.items()})


def _single(cases: pd.DataFrame, law: Parameters) -> Column:
    """The coefficient due, where only one is allowed; else null."""
    allowed = _allowed(cases, law)
    table = {name: values[0] for name, values in _coefficients(law).items() if len(values) == 1}
    due: Column = pd.Series(pd.NA, index=cases.index, dtype="Float64")
    for name, value in table.items():
        due = due.mask(allowed[name], value)
    return due.where(allowed.sum(axis="columns") == 1)


def _direction(paid: Column, due: Column) -> Column:
    side = pd.Series("tăng", index=paid.index, dtype=TEXT).mask((paid > due).fillna(False), "giảm")
    return side.where(due.notna())
