"""Does a national id belong to one person?"""

from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import answered
from eligibility_audit.rules.facts.identity import in_english
from eligibility_audit.rules.linked.others import ids, in_place, other_item, where
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import item, pieces, text

MONTHLY: Final = ("agent_orange", "merit_other", "social_assistance")
BASIS: Final = ("nd137.id", "tt07.id", "tt59.id", "lcc.id")


@rule(
    id="ID_SHARED",
    programmes=MONTHLY,
    basis=BASIS,
    reads=("shared_record_id",),
    shows=("shared_ids", "shared_agrees", "shared_differs", *where("shared")),
    ground="id_shared",
    tier="B",
    title_vi="Một số CMND/CCCD ghi cho hai người",
    title_en="One id number stands with two persons",
    condition_vi="Một số CMND/CCCD là của một người.",
    simplifications=(
        "Chỉ xét các danh sách chi trả hằng tháng; hai họ tên khác nhau là hai người. / "
        "Only lists of monthly payments; two different names are two persons.",
    ),
)
def number_is_own(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether no other person of the monthly rosters carries this id number."""
    return cases["shared_record_id"].isna().astype("boolean")


@number_is_own.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    differs, agrees = text(cases["shared_differs"]), text(cases["shared_agrees"])
    place = text(cases["shared_file"]) + ", dòng " + text(cases["shared_row"])
    return pd.DataFrame(
        {
            "reason_vi": "Số CMND/CCCD của dòng này cũng ghi cho một người khác tại "
            + place
            + "; cần xác minh số của từng người.",
            "reason_en": "The id number also stands with another person at "
            + in_place(cases, "shared")
            + "; each one's number to be verified.",
            "evidence": pieces(
                cases,
                other_item(
                    cases,
                    "shared",
                    "Trùng " + agrees + "; khác " + differs + ".",
                    "Agrees in " + in_english(agrees) + "; differs in " + in_english(differs) + ".",
                ),
                item(cases, "Dòng đang xét.", "The line under review."),
            ),
            "evidence_against": pieces(
                cases,
                item(cases, "Thường là chép nhầm số của người thân.", "Often a relative's number copied by mistake."),
            ),
            "identity_agrees": agrees,
            "identity_differs": differs,
            "subject": text(cases["shared_record_id"]),
            "other_record_ids": ids(cases["shared_ids"]),
        }
    )


answered(
    number_is_own,
    "entry",
    "shared_record_id",
    vi="số CMND/CCCD của một trong hai người được ghi lại đúng theo căn cước",
    en="the number of one of the two is entered as on the card",
)
