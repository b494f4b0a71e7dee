"""Groups that are paid by age: from 80 on, and children without care."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import Column, dated, item, pieces, quoted, text
from eligibility_audit.rules.words_of_groups import group_of

GROUPS: Final = ("nd136.groups", "nd20.5")


@rule(
    id="SA_80_YOUNGER",
    programmes=("social_assistance",),
    basis=(*GROUPS, "nd20.5.5"),
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
    by_age = eq(group_of(cases["group"], {"oldest": law.words("oldest_words")}), "oldest").fillna(False)
    reached = ages(cases, law.day)["at_most"] >= law.amounts("ages")["oldest"]
    return reached.astype("boolean").mask(~by_age)


@is_old_enough.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    age = text(ages(cases, law.day)["at_most"])
    vi = "Danh sách ghi nhóm " + quoted(cases["group"]) + ", sinh " + dated(cases["date_of_birth"])
    en = "The list gives the group " + quoted(cases["group"]) + ", born " + dated(cases["date_of_birth"])
    return _said(
        cases, vi + ": nhiều nhất " + age + " tuổi", en + ": " + age + " at most", "Giấy tờ ghi ngày sinh khác."
    )


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
    age = text(ages(cases, law.day)["at_least"])
    vi = "Danh sách ghi nhóm " + quoted(cases["group"]) + ", sinh " + dated(cases["date_of_birth"])
    en = "The list gives the group " + quoted(cases["group"]) + ", born " + dated(cases["date_of_birth"])
    return _said(cases, vi + ": ít nhất " + age + " tuổi", en + ": " + age + " at least", "Giấy tờ ghi ngày sinh khác.")


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


def _said(cases: pd.DataFrame, vi: Column, en: Column, least: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cần xác minh.",
            "reason_en": en + "; to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "least_change": least,
        }
    )
