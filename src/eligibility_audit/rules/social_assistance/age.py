"""Groups that are paid by age: the elderly, children without care, students."""

from collections.abc import Callable
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.changes import would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import Column, dated, item, pieces, quoted, text
from eligibility_audit.rules.words_of_groups import group_of

GROUPS: Final = ("nd136.groups", "nd20.5")
_UP_TO_80: Final = ("đến 80", "tới 80", "dưới 80", "chưa đủ 80", "60 80", "70 80", "75 80")


@rule(
    id="SA_80_YOUNGER",
    programmes=("social_assistance",),
    basis=("nd136.groups", "nd20.5.5c"),
    valid_to="2025-06-30",
    parameters=("ages", "oldest_words"),
    reads=("group", "date_of_birth"),
    ground="doubt",
    tier="B",
    title_vi="Hưởng theo tuổi từ đủ 80 nhưng ngày sinh cho thấy chưa đủ",
    title_en="Paid for the age of 80, but younger by the birth date",
    condition_vi="Người hưởng theo nhóm từ đủ 80 tuổi đã đủ 80 tuổi vào ngày rà soát.",
)
def is_old_enough(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid for the age of 80 may have reached it on the day."""
    by_age = is_paid_for_80(cases, law)
    reached = ages(cases, law.day)["at_most"] >= law.amounts("ages")["oldest"]
    return reached.astype("boolean").mask(~by_age)


@is_old_enough.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    return _born(cases, law.day, "at_most")


@rule(
    id="SA_AGED_OUT",
    programmes=("social_assistance",),
    basis=(*GROUPS,),
    parameters=("ages", "group_words"),
    reads=("group", "date_of_birth"),
    ground="doubt",
    tier="B",
    title_vi="Hưởng theo nhóm trẻ em nhưng đã quá tuổi",
    title_en="Paid as a child without care, but too old",
    condition_vi="Trẻ em không có nguồn nuôi dưỡng dưới 16 tuổi, hoặc đến 22 tuổi nếu còn đi học.",
    simplifications=(
        "Từ 16 đến 22 tuổi có thể còn đi học: không kết luận. / From 16 to 22 the person may be studying: not decided.",
    ),
)
def is_young_enough(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid as a child without care is below the age; NA between, where study decides."""
    limits = law.amounts("ages")
    orphan = eq(group_of(cases["group"], law.lists("group_words")), "orphan").fillna(False)
    age = ages(cases, law.day)
    answer = pd.Series(pd.NA, index=cases.index, dtype="boolean")
    answer = answer.mask((age["at_least"] > limits["studying"]).fillna(False), False)
    return answer.mask((age["at_most"] < limits["child"]).fillna(False), True).mask(~orphan)


@is_young_enough.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    return _born(cases, law.day, "at_least")


@rule(
    id="SA_STUDENT_AGED_OUT",
    programmes=("social_assistance",),
    basis=("nd136.groups", "nd20.5.2"),
    parameters=("ages", "group_words"),
    reads=("group", "date_of_birth"),
    ground="doubt",
    tier="B",
    title_vi="Hưởng theo nhóm đang học nhưng đã quá 22 tuổi",
    title_en="Paid as a student, but older than 22",
    condition_vi="Người từ 16 tuổi đang học được hưởng tiếp đến khi học xong, tối đa không quá 22 tuổi.",
    simplifications=("Đủ 23 tuổi mới coi là quá 22 tuổi. / Past 22 is counted from the 23rd birthday.",),
)
def student_is_young_enough(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid as a student may be 22 or younger on the day."""
    student = eq(group_of(cases["group"], law.lists("group_words")), "student").fillna(False)
    young = ages(cases, law.day)["at_least"] <= law.amounts("ages")["studying"]
    return young.astype("boolean").mask(~student)


@student_is_young_enough.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    return _born(cases, law.day, "at_least")


@rule(
    id="SA_ELDERLY_YOUNGER",
    programmes=("social_assistance",),
    basis=("nd136.groups", "nd20.5.5a"),
    parameters=("ages", "group_words"),
    reads=("group", "date_of_birth"),
    ground="doubt",
    tier="B",
    title_vi="Hưởng theo nhóm người cao tuổi nghèo nhưng ngày sinh cho thấy chưa đủ 60 tuổi",
    title_en="Paid as elderly and poor, but younger than 60 by the birth date",
    condition_vi="Người hưởng theo nhóm cao tuổi nghèo đã đủ 60 tuổi vào ngày rà soát.",
)
def is_elderly(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid as elderly and poor may have reached the age of the elderly on the day."""
    elderly = group_of(cases["group"], law.lists("group_words")).isin(("elderly_poor", "elderly_care")).fillna(False)
    reached = ages(cases, law.day)["at_most"] >= law.amounts("ages")["elderly"]
    return reached.astype("boolean").mask(~elderly.astype("bool"))


@is_elderly.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    return _born(cases, law.day, "at_most")


@rule(
    id="SA_AREA_YOUNGER",
    programmes=("social_assistance",),
    basis=("nd20.5.5b",),
    valid_from="2021-07-01",
    valid_to="2025-06-30",
    parameters=("area_age", "group_words"),
    reads=("group", "date_of_birth"),
    ground="doubt",
    tier="B",
    title_vi="Hưởng theo nhóm từ đủ 75 tuổi vùng đặc biệt khó khăn nhưng chưa đủ tuổi",
    title_en="Paid as 75 to 80 in a specially difficult area, but younger",
    condition_vi="Người hưởng theo nhóm từ đủ 75 đến 80 tuổi đã đủ 75 tuổi vào ngày rà soát.",
    simplifications=(
        "Địa bàn đặc biệt khó khăn không được xét. / Whether the area is specially difficult is not looked at.",
    ),
)
def is_old_enough_in_the_area(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid as 75 to 80 may have reached 75 on the day."""
    of_area = eq(group_of(cases["group"], law.lists("group_words")), "elderly_area").fillna(False)
    reached = ages(cases, law.day)["at_most"] >= law.whole("area_age")
    return reached.astype("boolean").mask(~of_area)


@is_old_enough_in_the_area.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    return _born(cases, law.day, "at_most")


def is_paid_for_80(cases: pd.DataFrame, law: Parameters) -> Column:
    """Whether the words of the group say that the allowance is for the age of 80 (`bool`), not for one up to it."""
    words = {"younger": _UP_TO_80, "oldest": law.words("oldest_words")}
    by_age: Column = eq(group_of(cases["group"], words), "oldest").fillna(False)
    return by_age.astype("bool")


def ages(cases: pd.DataFrame, day: date) -> pd.DataFrame:
    """Completed years on a day, at least and at most (`Int64`); null where the birth date is not known."""
    return pd.DataFrame(
        {
            "at_least": completed_years(cases["date_of_birth_last"], day),
            "at_most": completed_years(cases["date_of_birth_first"], day),
        }
    )


def completed_years(born: Column, day: date) -> Column:
    """Completed years from birth days (day numbers) to a day; null where unknown. Born on 29/2: counted on 1/3."""
    days = born.fillna(day_number(day)).to_numpy("int64").astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype("int64")
    day_of_month = (days - days.astype("datetime64[M]")).astype("int64") + 1
    passed = day.year * 12 + day.month - 1 - (months + 1970 * 12) - (day_of_month > day.day)
    years: Column = pd.Series(np.floor_divide(passed, 12), index=born.index, dtype="Int64").mask(born.isna())
    return years


def _born(cases: pd.DataFrame, day: date, bound: str) -> pd.DataFrame:
    """The group and the birth date, with the least or the most years that they leave."""
    age = text(ages(cases, day)[bound])
    least, least_en = ("ít nhất", "at least") if bound == "at_least" else ("nhiều nhất", "at most")
    vi = "Danh sách ghi nhóm " + quoted(cases["group"]) + ", sinh " + dated(cases["date_of_birth"])
    en = "The list gives the group " + quoted(cases["group"]) + ", born " + dated(cases["date_of_birth"])
    vi, en = vi + f": {least} " + age + " tuổi", en + ": " + age + f" {least_en}"
    return _said(cases, vi, en)


def _said(cases: pd.DataFrame, vi: Column, en: Column) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cần xác minh.",
            "reason_en": en + "; to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


def _old(name: str) -> Callable[[pd.DataFrame, Parameters], str]:
    """The birth year of who reaches, in the year of the review, the age that a parameter names."""

    def year(cases: pd.DataFrame, law: Parameters) -> str:
        return str(law.day.year - (law.whole(name) if name == "area_age" else law.amounts("ages")[name]))

    return year


for _rule, _name in (
    (is_old_enough, "oldest"),
    (is_elderly, "elderly"),
    (is_old_enough_in_the_area, "area_age"),
    (student_is_young_enough, "studying"),
):
    would_be(
        _rule,
        "office",
        vi="giấy khai sinh, cơ sở dữ liệu dân cư ghi năm sinh hợp với nhóm",
        en="the register of births or of the population gives a birth year that fits the group",
        date_of_birth=_old(_name),
    )
would_be(
    is_young_enough,
    "office",
    vi="giấy khai sinh, cơ sở dữ liệu dân cư ghi dưới 16 tuổi",
    en="the register of births or of the population gives an age below 16",
    date_of_birth=lambda cases, law: str(law.day.year - law.amounts("ages")["child"] + 1),
)
