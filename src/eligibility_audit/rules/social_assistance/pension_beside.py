"""A pension beside the social pension, from 1 July 2025: what the allowance for 80 said of before (SA_80_PENSION)."""

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import answered
from eligibility_audit.rules.linked.others import ids, other_item, where
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import Rule, rule
from eligibility_audit.rules.social_assistance.social_pension import BASIS, FROM, is_paid_it
from eligibility_audit.rules.wording import Column, item, money, pieces, quoted, text


@rule(
    id="SA_SP_PENSION",
    programmes=("social_assistance",),
    basis=BASIS,
    valid_from=FROM,
    parameters=("group_words", "social_pension"),
    reads=("group", "pension_record_id", "pension_amount"),
    shows=where("pension"),
    ground="overlap",
    tier="B",
    title_vi="Hưởng trợ cấp hưu trí xã hội và có tên trong danh sách lương hưu với mức không thấp hơn",
    title_en="Paid the social pension and on the list of pensions with no lower an amount",
    condition_vi="Không hưởng lương hưu, trợ cấp BHXH hằng tháng, hoặc hưởng mức thấp hơn trợ cấp hưu trí xã hội.",
    simplifications=(
        "Mức lương hưu thấp hơn hoặc không rõ thì không kết luận: luật cho hưởng, phần chênh lệch chưa rõ. / "
        "A lower pension, or one of unknown amount, decides nothing: the law allows it, the difference is not settled.",
    ),
)
def has_no_larger_pension(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid the social pension has no pension of its amount or more; NA where a pension is lower."""
    held = cases["pension_record_id"].notna()
    larger = cases["pension_amount"] >= law.amounts("social_pension")["amount"]
    answer = (~larger.astype("boolean")).mask(held & ~larger.fillna(False)).mask(~held, True)
    return answer.mask(~is_paid_it(cases, law))


@has_no_larger_pension.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    paid = money(cases["pension_amount"])
    vi = "Danh sách ghi nhóm " + quoted(cases["group"]) + " và có một dòng khớp trong danh sách lương hưu, trợ cấp BHXH"
    en = "The list gives the group " + quoted(cases["group"]) + " and a line of the pensions matches"
    vi, en = vi + ", mức " + paid + " đồng/tháng", en + ", of " + paid + " đồng a month"
    return words_of_pension(cases, reason=(vi, en), line=(vi, en))


def words_of_pension(cases: pd.DataFrame, reason: tuple[Column, Column], line: tuple[Column, Column]) -> pd.DataFrame:
    """What two rules say of a line that a pension matches; `reason`, `line`: without their end, in both languages."""
    return pd.DataFrame(
        {
            "reason_vi": reason[0] + "; cần xác minh.",
            "reason_en": reason[1] + "; to be verified.",
            "evidence": pieces(
                cases,
                item(cases, line[0] + ".", line[1] + "."),
                other_item(
                    cases, "pension", "Dòng khớp trong danh sách lương hưu.", "The matching line of the pensions."
                ),
            ),
            "evidence_against": pieces(
                cases, item(cases, "Có thể là người trùng họ tên, năm sinh.", "It may be a namesake of the same year.")
            ),
            "subject": text(cases["pension_record_id"]),
            "other_record_ids": ids(cases["pension_record_id"]),
        }
    )


def answered_of_pension(rule: Rule) -> None:
    """What clears a case of such a rule: social insurance answers that there is no pension."""
    answered(
        rule,
        "office",
        "pension_record_id",
        vi="cơ quan BHXH trả lời người này không có lương hưu, trợ cấp hằng tháng",
        en="social insurance answers that the person has no pension or monthly benefit",
    )


answered_of_pension(has_no_larger_pension)
