"""The coefficient against group, level of disability, age and children."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd
from pydantic import TypeAdapter

from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.changes import would_be
from eligibility_audit.rules.facts.text import fold
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.social_assistance.age import ages, is_paid_for_80
from eligibility_audit.rules.wording import TEXT, Column, item, number, pieces, quoted, text
from eligibility_audit.rules.words_of_groups import group_of

COEFFICIENT: Final = ("nd136.coefficient", "nd28.coefficient", "nd20.6.1")
CLASSES: Final = ("group_words", "oldest_words", "levels", "ages", "coefficients")
_CHILDREN: Final = re.compile(r"nuoi (\d{1,2}|mot|hai|ba|bon) con")
_SPELLED: Final = {"mot": 1, "hai": 2, "ba": 3, "bon": 4}


@rule(
    id="SA_COEF",
    programmes=("social_assistance",),
    basis=COEFFICIENT,
    parameters=(*CLASSES, "base"),
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
    allowed = allowed_entries(cases, law)
    known = allowed.any(axis="columns")
    right = pd.Series(False, index=cases.index)
    for name, values in coefficients(law).items():
        right = right | (allowed[name] & cases["coefficient"].isin(values))
    return right.astype("boolean").mask(~known | cases["coefficient"].isna())


@coefficient_is_of_the_group.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    due = single_coefficient(cases, law)
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
            "direction": direction(paid, due),
        }
    )


@rule(
    id="SA_CHILDREN",
    programmes=("social_assistance",),
    basis=("nd136.coefficient", "nd20.6.1d"),
    parameters=("group_words", "children_coefficients", "base"),
    reads=("group", "coefficient"),
    ground="rate",
    tier="B",
    title_vi="Hệ số của người đơn thân không khớp số con ghi trên danh sách",
    title_en="A single parent's coefficient differs from the number of children stated",
    condition_vi="Người đơn thân nghèo đang nuôi con hưởng hệ số theo số con đang nuôi.",
    simplifications=(
        "Số con chỉ đọc từ lời ghi nhóm; không ghi thì không xét. / "
        "The number of children is read from the words of the group; where it is not there, nothing is decided.",
    ),
)
def coefficient_is_of_the_children(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a single parent's coefficient is that of the children named in the group; NA where none are named."""
    answer = pd.Series(pd.NA, index=cases.index, dtype="boolean")
    children = _children(cases, law)
    for count, allowed in _by_children(law).items():
        stated = (children == count).fillna(False).astype("bool") & cases["coefficient"].notna()
        answer = answer.mask(stated, cases["coefficient"].isin(allowed))
    return answer


@coefficient_is_of_the_children.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    paid, base = cases["coefficient"], law.whole("base")
    children = _children(cases, law)
    due = children.map({count: allowed[0] for count, allowed in _by_children(law).items()}).astype("Float64")
    vi = "Danh sách ghi hệ số " + number(paid) + " với nhóm " + quoted(cases["group"])
    en = "The list gives the coefficient " + number(paid) + " with the group " + quoted(cases["group"])
    return pd.DataFrame(
        {
            "reason_vi": vi + "; với " + text(children) + " con, hệ số là " + number(due) + ".",
            "reason_en": en + "; with " + text(children) + " children it is " + number(due) + ".",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "amount_at_stake": ((paid - due).abs() * base).round().astype("Int64"),
            "months": pd.Series(1, index=cases.index, dtype="Int64"),
            "direction": direction(paid, due),
        }
    )


def _by_children(law: Parameters) -> Mapping[int, tuple[float, ...]]:
    return TypeAdapter(dict[int, tuple[float, ...]]).validate_python(law["children_coefficients"])


def _children(cases: pd.DataFrame, law: Parameters) -> Column:
    """Children that the words of a single parent's group name (`Int64`); null for any other."""
    codes, distinct = pd.factorize(cases["group"])
    counts = [_counted(fold(str(words))) for words in distinct]
    named: Column = pd.Series(pd.array([*counts, None], dtype="Int64").take(codes), index=cases.index)
    return named.where(eq(group_of(cases["group"], law.lists("group_words")), "single_parent").fillna(False))


def _counted(words: str) -> int | None:
    found = _CHILDREN.search(words)
    return None if found is None else _SPELLED.get(found[1]) or int(found[1])


def coefficients(law: Parameters) -> Mapping[str, tuple[float, ...]]:
    """The table of coefficients: entry to the values it allows."""
    return TypeAdapter(dict[str, tuple[float, ...]]).validate_python(law["coefficients"])


def allowed_entries(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
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
    by_age = is_paid_for_80(cases, law)
    maybe_poor = (group == "elderly_poor") | ((group == "elderly") & ~by_age)
    masks = {
        "oldest": group == "elderly",
        "elderly_area": group == "elderly_area",
        "elderly_care": group == "elderly_care",
        "small_area_child": group == "small_area_child",
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
    entries = [
        name for name in coefficients(law) if name in masks
    ]  # what the law of the day has no entry for is unknown
    return pd.DataFrame({name: masks[name].fillna(False).astype("bool") for name in entries}, index=cases.index)


def single_coefficient(cases: pd.DataFrame, law: Parameters) -> Column:
    """The coefficient due, where only one is allowed; else null."""
    allowed = allowed_entries(cases, law)
    table = {name: values[0] for name, values in coefficients(law).items() if len(values) == 1}
    due: Column = pd.Series(pd.NA, index=cases.index, dtype="Float64")
    for name, value in table.items():
        due = due.mask(allowed[name], value)
    return due.where(allowed.sum(axis="columns") == 1)


def direction(paid: Column, due: Column) -> Column:
    """`giảm` where more is paid than is due, else `tăng`; null where what is due is not known."""
    side = pd.Series("tăng", index=paid.index, dtype=TEXT).mask((paid > due).fillna(False), "giảm")
    return side.where(due.notna())


def _right(cases: pd.DataFrame, law: Parameters) -> Column:
    """The coefficient due; where several are allowed, the first."""
    allowed = allowed_entries(cases, law)
    due = pd.Series(pd.NA, index=cases.index, dtype="Float64")
    for name, values in coefficients(law).items():
        due = due.mask(due.isna() & allowed[name], values[0]) if name in allowed else due
    return due


def _level(name: str) -> Callable[[pd.DataFrame, Parameters], Column]:
    """A level of disability as the list writes it, for who is paid for a disability."""

    def level(cases: pd.DataFrame, law: Parameters) -> Column:
        disabled = eq(group_of(cases["group"], law.lists("group_words")), "disability").fillna(False)
        return pd.Series(law.lists("levels")[name][0], index=cases.index, dtype=TEXT).where(disabled)

    return level


def _of_children(cases: pd.DataFrame, law: Parameters) -> Column:
    due = {count: allowed[0] for count, allowed in _by_children(law).items()}
    return _children(cases, law).map(due).astype("Float64")


for _name, _vi, _en in (("severe", "nặng", "severe"), ("most_severe", "đặc biệt nặng", "most severe")):
    would_be(
        coefficient_is_of_the_group,
        "office",
        vi=f"giấy xác nhận khuyết tật trong hồ sơ của Hội đồng ghi mức độ {_vi}",
        en=f"the certificate in the council's file gives the level {_en}",
        disability_level=_level(_name),
    )
would_be(
    coefficient_is_of_the_group,
    "office",
    vi=lambda cases, law: "hệ số được điều chỉnh thành " + number(_right(cases, law)),
    en=lambda cases, law: "the coefficient becomes " + number(_right(cases, law)),
    coefficient=_right,
)
would_be(
    coefficient_is_of_the_children,
    "office",
    vi=lambda cases, law: "hệ số được điều chỉnh thành " + number(_of_children(cases, law)),
    en=lambda cases, law: "the coefficient becomes " + number(_of_children(cases, law)),
    coefficient=_of_children,
)
