"""The social pension, from 1 July 2025 in the place of the allowance for 80: age, amount, other pensions."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import amount_would_be, answered, would_be
from eligibility_audit.rules.linked.others import ids, other_item
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.social_assistance.age import ages
from eligibility_audit.rules.wording import TEXT, Column, dated, item, money, pieces, quoted, text
from eligibility_audit.rules.words_of_groups import group_of

BASIS: Final = ("l41.21", "nd176.social_pension")
FROM: Final = "2025-07-01"
_GROUPS: Final = ("social_pension", "elderly_area", "elderly")


@rule(
    id="SA_SP_AGE",
    programmes=("social_assistance",),
    basis=BASIS,
    valid_from=FROM,
    parameters=("group_words", "social_pension"),
    reads=("group", "date_of_birth"),
    ground="doubt",
    tier="B",
    title_vi="Hưởng trợ cấp hưu trí xã hội nhưng ngày sinh cho thấy chưa đủ tuổi",
    title_en="Paid the social pension, but younger by the birth date",
    condition_vi="Từ đủ 75 tuổi; từ đủ 70 đến dưới 75 tuổi nếu thuộc hộ nghèo, hộ cận nghèo.",
    simplifications=(
        "Từ 70 đến dưới 75 tuổi mà danh sách không ghi hộ nghèo, cận nghèo thì không kết luận. / "
        "From 70 to 75 nothing is decided, unless the list says the household is poor.",
    ),
)
def is_old_enough_for_it(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid the social pension may have the age; NA between 70 and 75, where poverty decides."""
    limits, age = law.amounts("social_pension"), ages(cases, law.day)
    answer = pd.Series(pd.NA, index=cases.index, dtype="boolean")
    answer = answer.mask((age["at_least"] >= limits["age"]).fillna(False), True)
    answer = answer.mask((age["at_most"] < limits["poor"]).fillna(False), False)
    return answer.mask(~is_paid_it(cases, law))


@is_old_enough_for_it.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    age = text(ages(cases, law.day)["at_most"])
    vi = "Danh sách ghi nhóm " + quoted(cases["group"]) + ", sinh " + dated(cases["date_of_birth"])
    en = "The list gives the group " + quoted(cases["group"]) + ", born " + dated(cases["date_of_birth"])
    vi, en = vi + ": nhiều nhất " + age + " tuổi", en + ": " + age + " at most"
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cần xác minh.",
            "reason_en": en + "; to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


@rule(
    id="SA_SP_AMOUNT",
    programmes=("social_assistance",),
    basis=BASIS,
    valid_from=FROM,
    parameters=("group_words", "social_pension"),
    reads=("group", "monthly_amount"),
    ground="rate",
    tier="B",
    title_vi="Trợ cấp hưu trí xã hội thấp hơn mức quy định",
    title_en="The social pension is below its amount",
    condition_vi="Trợ cấp hưu trí xã hội không thấp hơn mức do Chính phủ quy định.",
    simplifications=(
        "Tỉnh có thể hỗ trợ thêm nên mức cao hơn không bị nêu. / A province may add to it: more is not questioned.",
        "Người có lương hưu thấp hơn mức này có thể chỉ hưởng phần chênh lệch. / "
        "Who has a smaller pension may be paid the difference alone.",
    ),
)
def amount_is_not_below(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the social pension is at least its amount; NA for other groups and where the amount is not known."""
    paid = cases["monthly_amount"]
    enough = paid >= law.amounts("social_pension")["amount"]
    return enough.astype("boolean").mask(paid.isna() | ~is_paid_it(cases, law))


@amount_is_not_below.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    paid = cases["monthly_amount"]
    due = pd.Series(law.amounts("social_pension")["amount"], index=cases.index, dtype="Int64")
    vi = "Danh sách ghi " + money(paid) + " đồng/tháng với nhóm " + quoted(cases["group"])
    en = "The list gives " + money(paid) + " đồng a month with the group " + quoted(cases["group"])
    return pd.DataFrame(
        {
            "reason_vi": vi + "; mức quy định là " + money(due) + " đồng/tháng.",
            "reason_en": en + "; its amount is " + money(due) + " đồng a month.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "amount_at_stake": due - paid,
            "months": pd.Series(1, index=cases.index, dtype="Int64"),
            "direction": pd.Series("tăng", index=cases.index, dtype=TEXT),
        }
    )


@rule(
    id="SA_HIV_PENSION",
    programmes=("social_assistance",),
    basis=("nd136.groups", "nd20.5.8"),
    parameters=("group_words", "ages"),
    reads=("group", "date_of_birth", "pension_record_id"),
    shows=("pension_file", "pension_sheet", "pension_row"),
    ground="overlap",
    tier="B",
    title_vi="Hưởng theo nhóm không có thu nhập ổn định và có tên trong danh sách lương hưu, trợ cấp BHXH",
    title_en="Paid as without a steady income and on the list of pensions",
    condition_vi="Người thuộc khoản 8 Điều 5 không có lương hưu, trợ cấp BHXH hằng tháng.",
    simplifications=("Trẻ em thuộc nhóm này không bị loại trừ. / Children of this group are not excluded.",),
)
def has_no_steady_income(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a grown person of the group that must have no steady income is on no line of the pensions."""
    grown = (ages(cases, law.day)["at_least"] >= law.amounts("ages")["child"]).fillna(False)
    of_group = (group_of(cases["group"], law.lists("group_words")) == "hiv").fillna(False)
    return ~(of_group & grown & cases["pension_record_id"].notna()).astype("boolean")


@has_no_steady_income.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi, en = "Danh sách lương hưu, trợ cấp BHXH có một dòng khớp", "A line of the pensions matches"
    return pd.DataFrame(
        {
            "reason_vi": pd.Series(vi + "; cần xác minh có phải một người.", index=cases.index, dtype=TEXT),
            "reason_en": en + "; to be verified whether it is one person.",
            "evidence": pieces(cases, other_item(cases, "pension", vi + ".", en + ".")),
            "evidence_against": pieces(
                cases, item(cases, "Có thể là người trùng họ tên, năm sinh.", "It may be a namesake of the same year.")
            ),
            "subject": text(cases["pension_record_id"]),
            "other_record_ids": ids(cases["pension_record_id"]),
        }
    )


def is_paid_it(cases: pd.DataFrame, law: Parameters) -> Column:
    """Who is paid the social pension; the allowance for 80 of before goes on under it."""
    paid: Column = group_of(cases["group"], law.lists("group_words")).isin(_GROUPS).fillna(False).astype("bool")
    return paid


def _least(cases: pd.DataFrame, law: Parameters) -> Column:
    return pd.Series(law.amounts("social_pension")["amount"], index=cases.index, dtype="Int64")


would_be(
    is_old_enough_for_it,
    "office",
    vi="giấy khai sinh, cơ sở dữ liệu dân cư ghi năm sinh hợp với nhóm",
    en="the register of births or of the population gives a birth year that fits the group",
    date_of_birth=lambda cases, law: str(law.day.year - law.amounts("social_pension")["age"] - 1),
)
amount_would_be(amount_is_not_below, "office", _least)
answered(
    has_no_steady_income,
    "office",
    "pension_record_id",
    vi="cơ quan BHXH trả lời người này không có lương hưu, trợ cấp hằng tháng",
    en="social insurance answers that the person has no pension or monthly benefit",
)
