"""Who is on the list and seems not to be paid what they may be entitled to: the office looks it up."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.social_assistance.age import ages
from eligibility_audit.rules.wording import TEXT, dated, item, money, pieces, text

AGE: Final = ("nd136.oldest", "nd20.5.5c", "l41.21", "nd176.social_pension")


@rule(
    id="PH_OLD_NOT_PAID",
    programmes=("poor_households",),
    basis=AGE,
    parameters=("elderly_allowance", "elderly_amount"),
    reads=("date_of_birth", "old_age_paid", "death_identity"),
    ground="not_listed",
    tier="C",
    false_is="undetermined",
    title_vi="Đủ tuổi hưởng trợ cấp người cao tuổi nhưng chưa thấy trong danh sách chi trả nào",
    title_en="Old enough for the allowance of old persons, on no list of payments",
    condition_vi="Người đủ tuổi, không có lương hưu, trợ cấp hằng tháng, được hưởng trợ cấp người cao tuổi.",
    simplifications=(
        "Chỉ xét xã mà danh sách bảo trợ xã hội có người hưởng theo tuổi; cần cả danh sách lương hưu. / "
        "Only communes where social assistance pays somebody for age, and with a list of pensions at hand.",
        "Trợ cấp hưu trí xã hội phải có văn bản đề nghị; người đủ tuổi có thể chưa đề nghị. / "
        "The social pension is paid on application; the person may not have applied.",
    ),
)
def old_person_is_paid(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who has reached the age is paid by some list; NA where birth, lists or life are not known."""
    of_age = (ages(cases, law.day)["at_least"] >= law.amounts("elderly_allowance")["poor"]).fillna(False)
    alive = cases["death_identity"].isna()
    return cases["old_age_paid"].mask(~alive).mask(~of_age.astype("bool"), True)


@old_person_is_paid.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    age, amount = text(ages(cases, law.day)["at_least"]), law.whole("elderly_amount")
    paid = money(pd.Series([amount], dtype="Int64"))[0]
    vi = "Sinh " + dated(cases["date_of_birth"]) + ", ít nhất " + age + " tuổi, chưa thấy trong danh sách chi trả nào"
    en = "Born " + dated(cases["date_of_birth"]) + ", " + age + " at least, and on no list of payments"
    return pd.DataFrame(
        {
            "reason_vi": vi + f"; có thể được hưởng {paid} đồng/tháng, cơ quan tra cứu và hướng dẫn lập hồ sơ.",
            "reason_en": en + f"; may be entitled to {paid} đồng a month: the office looks it up and helps to apply.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Có thể được ghi theo tên khác, hưởng ở nơi khác, có lương hưu, hoặc chưa đề nghị.",
                    "The name may be written otherwise, the payment be elsewhere, or no application have been made.",
                ),
            ),
            "direction": pd.Series("tăng", index=cases.index, dtype=TEXT),
        }
    )


@rule(
    id="PH_RELIEF_NOT_PAID",
    programmes=("poor_households",),
    basis=("qd15.list",),
    parameters="relief_list_day",
    reads=("list_day", "relief_paid", "death_identity"),
    ground="not_listed",
    tier="C",
    false_is="undetermined",
    valid_from="2020-07-01",
    title_vi="Có tên trong danh sách hộ tại 31/12/2019 nhưng chưa thấy trong danh sách chi hỗ trợ COVID-19",
    title_en="On the list of 31 December 2019, on no list of COVID-19 relief",
    condition_vi="Người thuộc hộ nghèo, cận nghèo tại 31/12/2019 được hỗ trợ một lần, trừ khi nhận theo nhóm khác.",
    simplifications=(
        "Chỉ xét xã mà phần lớn người có tên trong danh sách hộ đã được chi. / "
        "Only communes where most persons of the list were paid.",
        "Người tự nguyện không nhận không phân biệt được. / Who refused of their own will is not told apart.",
    ),
)
def listed_person_was_relieved(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a person of the list of the day that the law names was paid in some group; NA for any other list."""
    of_the_day = cases["list_day"] == law.day_of("relief_list_day").isoformat()
    known = of_the_day.fillna(False).astype("bool") & cases["death_identity"].isna()
    return cases["relief_paid"].mask(~known)


@listed_person_was_relieved.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Có tên trong danh sách hộ tại " + dated(cases["list_day"]) + ", chưa thấy trong danh sách chi hỗ trợ nào"
    en = "On the list of households of " + dated(cases["list_day"]) + ", and on no list of relief"
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cơ quan tra cứu trước.",
            "reason_en": en + "; the office looks it up first.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Có thể đã nhận theo nhóm khác dưới tên ghi khác, chuyển đi, hoặc tự nguyện không nhận.",
                    "The person may have been paid under another spelling, have moved, or have refused.",
                ),
            ),
            "direction": pd.Series("tăng", index=cases.index, dtype=TEXT),
        }
    )


would_be(
    old_person_is_paid,
    "office",
    vi="một danh sách chi trả hoặc lương hưu có tên người này, hoặc xã đã lập hồ sơ đề nghị",
    en="a list of payments or pensions names the person, or the commune has made the application",
    old_age_paid=True,
)
would_be(
    listed_person_was_relieved,
    "office",
    vi="một danh sách chi hỗ trợ có tên người này, hoặc có giấy tự nguyện không nhận",
    en="a list of relief names the person, or there is a paper of refusal",
    relief_paid=True,
)
