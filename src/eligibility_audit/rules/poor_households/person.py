"""A person on the list: in two households, or dead before the list was made."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth, lt
from eligibility_audit.rules.changes import answered
from eligibility_audit.rules.facts.identity import in_english
from eligibility_audit.rules.linked.others import ids, in_place, other_item, unlike, when, where
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.poor_households.list_of_year import REVIEW
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import dated, item, pieces, text

_SURE: Final = (
    "Chỉ xét người chắc chắn: cùng số CMND/CCCD và họ tên, hoặc cùng họ tên, đủ ngày sinh và xã. / "
    "Only who is surely one: the same id and name, or the same name, full birth date and commune."
)


@rule(
    id="PH_TWO_HOUSEHOLDS",
    programmes=("poor_households",),
    basis=REVIEW,
    reads=("twice_record_id",),
    shows=("twice_agrees", "twice_differs", *where("twice")),
    ground="duplicate",
    tier="B",
    title_vi="Một người được ghi ở hai hộ",
    title_en="One person in two households",
    condition_vi="Mỗi người thuộc một hộ trên danh sách của cùng một kỳ rà soát.",
    simplifications=(_SURE,),
)
def is_in_one_household(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether no other household of a list of the same day has this person, on a sure identity."""
    return cases["twice_record_id"].isna().astype("boolean")


@is_in_one_household.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    agrees, differs = text(cases["twice_agrees"]), text(cases["twice_differs"])
    sheet = text(cases["twice_sheet"])
    place = text(cases["twice_file"]) + when(sheet != "", ", trang " + sheet) + ", dòng " + text(cases["twice_row"])
    return pd.DataFrame(
        {
            "reason_vi": "Có tên ở hộ khác tại " + place + ", trùng " + agrees + "; cần xác minh thuộc hộ nào.",
            "reason_en": "Named in another household at "
            + in_place(cases, "twice")
            + ", agreeing in "
            + in_english(agrees)
            + "; of which household is to be verified.",
            "evidence": pieces(
                cases,
                other_item(cases, "twice", "Trùng " + agrees + ".", "Agrees in " + in_english(agrees) + "."),
                item(cases, "Dòng đang xét.", "The line under review."),
            ),
            "evidence_against": pieces(
                cases,
                other_item(cases, "twice", unlike(differs), "Does not agree: " + in_english(differs) + "."),
                item(
                    cases,
                    "Có thể đã tách hộ, chuyển hộ giữa hai lần ghi.",
                    "The person may have moved from one household to the other.",
                ),
            ),
            "identity_agrees": agrees,
            "identity_differs": differs,
            "subject": text(cases["twice_record_id"]),
            "other_record_ids": ids(cases["twice_record_id"]),
        }
    )


@rule(
    id="PH_DIED_BEFORE",
    programmes=("poor_households",),
    basis=REVIEW,
    reads=("death_identity", "death_cancelled", "death_last", "list_first"),
    shows=("death_record_id", "death_on", "death_agrees", "death_differs", "list_day", *where("death")),
    ground="doubt",
    tier="B",
    false_is="undetermined",
    title_vi="Thành viên có đăng ký khai tử trước ngày của danh sách",
    title_en="A member whose death was registered before the day of the list",
    condition_vi="Người có tên trên danh sách còn sống tại ngày của danh sách.",
    simplifications=(
        "Chỉ xét khi chắc chắn cùng một người và biết ngày của danh sách. / "
        "Only on a sure identity, and where the day of the list is known.",
    ),
)
def was_alive_on_the_day(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether no standing registration says the person had died by the list's day; NA where that day is not known."""
    registered = (cases["death_identity"] == "sure").fillna(False) & ~cases["death_cancelled"].fillna(False)
    before = lt(cases["death_last"], cases["list_first"])
    return (~before).mask(~registered.astype("bool"), True)


@was_alive_on_the_day.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    agrees, differs = text(cases["death_agrees"]), text(cases["death_differs"])
    vi = "Sổ đăng ký khai tử ghi chết ngày " + dated(cases["death_on"])
    vi = vi.where(cases["death_on"].notna(), "Sổ đăng ký khai tử không ghi ngày chết")
    en = "The register of deaths says " + dated(cases["death_on"])
    vi, en = vi + ", trùng " + agrees, en + ", agreeing in " + in_english(agrees)
    return pd.DataFrame(
        {
            "reason_vi": vi + "; danh sách lập tại " + dated(cases["list_day"]) + " còn ghi tên; cần xác minh số khẩu.",
            "reason_en": en + "; the list of " + dated(cases["list_day"]) + " names the person; to be verified.",
            "evidence": pieces(cases, other_item(cases, "death", vi + ".", en + ".")),
            "evidence_against": pieces(
                cases, other_item(cases, "death", unlike(differs), "Does not agree: " + in_english(differs) + ".")
            ),
            "identity_agrees": agrees,
            "identity_differs": differs,
            "subject": text(cases["death_record_id"]),
            "other_record_ids": ids(cases["death_record_id"]),
        }
    )


answered(
    is_in_one_household,
    "office",
    "twice_record_id",
    vi="xã xác nhận tại ngày của danh sách người này chỉ thuộc hộ này, hoặc là hai người",
    en="the commune confirms that the person belonged to this household alone, or that they are two",
)
answered(
    was_alive_on_the_day,
    "office",
    "death_identity",
    vi="cơ quan hộ tịch trả lời đó là người khác, hoặc hộ đã ghi giảm khẩu",
    en="the registrar answers that it was somebody else, or the household was reduced by one",
)
