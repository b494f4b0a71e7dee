"""Who is paid as poor against the list of poor households of the day that the law names."""

from typing import cast

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import Who, would_be
from eligibility_audit.rules.facts.listed import POOR
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import item, pieces, quoted
from eligibility_audit.rules.words_of_groups import group_of


@rule(
    id="CV_POOR_NOT_LISTED",
    programmes=("covid_relief",),
    basis=("qd15.list",),
    parameters="group_words",
    reads=("group", "scheme", "poor_listed"),
    shows=("amount",),
    ground="not_listed",
    tier="C",
    false_is="undetermined",
    title_vi="Nhận theo hộ nghèo, cận nghèo nhưng chưa tìm thấy trong danh sách hộ",
    title_en="Paid as poor or near-poor, not found in a listed household",
    condition_vi="Người nhận theo hộ nghèo, cận nghèo thuộc một hộ trong danh sách tại ngày quy định.",
    simplifications=(
        "Chỉ xét xã có trong danh sách hộ, khi danh sách ghi cả thành viên và có phần lớn người nhận theo hộ nghèo. / "
        "Only communes of the list, where it names all members and has most of those paid as poor.",
        "Chi theo nghị quyết của tỉnh, trong đó có hộ nghèo phát sinh sau, không xét ở đây. / "
        "What the province's own scheme pays, to who became poor later too, is not looked at here.",
        "Danh sách hộ ghi ngày khác với ngày quy định thì không dùng. / A list of another day is not used.",
    ),
)
def household_is_listed(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid as poor is in a listed household; met by other groups, NA where the list does not reach."""
    poor = group_of(cases["group"], law.lists("group_words")).isin(POOR).fillna(False).astype("bool")
    province = (cases["scheme"] == "province").fillna(False).astype("bool")
    return cases["poor_listed"].mask(~poor | province, True)


@household_is_listed.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi, en = "Danh sách chi ghi nhóm " + quoted(cases["group"]), "The list gives the group " + quoted(cases["group"])
    return pd.DataFrame(
        {
            "reason_vi": vi + ", chưa tìm thấy người này trong hộ nào của danh sách hộ nghèo, cận nghèo; cần xác minh.",
            "reason_en": en + ", and no listed poor or near-poor household has this person; to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Có thể ghi theo tên khác, thuộc hộ ở xã khác, hoặc danh sách hộ ghi thiếu thành viên.",
                    "The name may be written otherwise, the household be of another commune, or a member be missing.",
                ),
            ),
            "amount_at_stake": cases["amount"].astype("Int64"),
        }
    )


for _who, _vi, _en in (
    ("office", "tìm thấy hộ của người này trong danh sách tại ngày quy định", "the person's household is on the list"),
    ("citizen", "giấy chứng nhận hộ nghèo, cận nghèo tại ngày quy định", "a certificate of the household of that day"),
):
    would_be(household_is_listed, cast(Who, _who), vi=_vi, en=_en, poor_listed=True)
