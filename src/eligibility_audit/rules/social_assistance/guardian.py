"""A child's allowance is applied for and received by somebody for the child."""

from typing import cast

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.changes import Who, would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.social_assistance.age import ages
from eligibility_audit.rules.wording import dated, item, pieces


@rule(
    id="SA_NO_GUARDIAN",
    programmes=("social_assistance",),
    basis=("nd136.procedure", "nd20.8.1a"),
    parameters="ages",
    reads=("date_of_birth", "guardian"),
    ground="paper_missing",
    tier="C",
    undetermined_is="paper_missing",
    cell="guardian",
    title_vi="Trẻ em hưởng trợ cấp nhưng không ghi người giám hộ, người nhận thay",
    title_en="A child is paid and no guardian is stated",
    condition_vi="Hồ sơ của trẻ em dưới 16 tuổi có người giám hộ hoặc người nhận thay.",
    simplifications=(
        "Chỉ xét người chắc chắn dưới 16 tuổi và danh sách có cột người nhận thay. / "
        "Only who is surely below 16, on a list that has the column.",
    ),
)
def guardian_is_stated(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a child's guardian is stated; NA where the cell says none, and met by who may be 16 or older."""
    child = (ages(cases, law.day)["at_most"] < law.amounts("ages")["child"]).fillna(False).astype("bool")
    stated = cases["guardian"].notna() & ~says_none(cases["guardian"])
    return pd.Series(True, index=cases.index, dtype="boolean").mask(child & ~stated)


@guardian_is_stated.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Sinh " + dated(cases["date_of_birth"]) + ", ô người giám hộ, người nhận thay để trống hoặc ghi không có"
    en = "Born " + dated(cases["date_of_birth"]) + ", and the cell for the guardian is blank or says none"
    return pd.DataFrame(
        {
            "reason_vi": vi + "; xã tra cứu hồ sơ trước.",
            "reason_en": en + "; the commune looks into its files first.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


for _who, _vi, _en in (
    ("office", "hồ sơ ở xã có tên người giám hộ hoặc người nhận thay", "the commune's file names the guardian"),
    ("citizen", "giấy tờ của người giám hộ hoặc người nhận thay", "the guardian's papers"),
):
    would_be(guardian_is_stated, cast(Who, _who), vi=_vi, en=_en, guardian="người giám hộ")
