"""Benefits that may not, or not so, be paid together. Being paid twice is no error by itself."""

import json
from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, item, pieces, quoted, text
from eligibility_audit.rules.words_of_groups import group_of

_PENSION: Final = ("pension_file", "pension_sheet", "pension_row")
_PAID: Final = ("paid_file", "paid_sheet", "paid_row")


@rule(
    id="SA_80_PENSION",
    programmes=("social_assistance",),
    basis=("nd136.groups", "nd20.5.5"),
    parameters="oldest_words",
    reads=("group", "pension_record_id"),
    shows=_PENSION,
    ground="overlap",
    tier="B",
    title_vi="Hưởng theo tuổi từ đủ 80 và có tên trong danh sách lương hưu, trợ cấp BHXH",
    title_en="Paid for the age of 80 and on the list of pensions",
    condition_vi="Người từ đủ 80 tuổi không có lương hưu, trợ cấp BHXH hằng tháng.",
    simplifications=("Nhóm khuyết tật không bị loại trừ vì lương hưu. / A disability is not excluded by a pension.",),
)
def has_no_pension(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid for the age of 80 is on no line of the pensions; other groups may have one."""
    by_age = eq(group_of(cases["group"], {"oldest": law.words("oldest_words")}), "oldest").fillna(False)
    return ~(by_age & cases["pension_record_id"].notna())


@has_no_pension.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Danh sách ghi nhóm " + quoted(cases["group"])
    en = "The list gives the group " + quoted(cases["group"])
    there = pd.DataFrame(
        dict(zip(("source_file", "source_sheet", "source_row"), (cases[n] for n in _PENSION), strict=True))
    )
    return pd.DataFrame(
        {
            "reason_vi": vi + " và có một dòng khớp trong danh sách lương hưu, trợ cấp BHXH; cần xác minh.",
            "reason_en": en + " and a line of the pensions matches; to be verified.",
            "evidence": pieces(
                cases,
                item(cases, vi + ".", en + "."),
                item(there, "Dòng khớp trong danh sách lương hưu.", "The matching line of the pensions."),
            ),
            "evidence_against": pieces(
                cases, item(cases, "Có thể là người trùng họ tên, năm sinh.", "It may be a namesake of the same year.")
            ),
            "subject": text(cases["pension_record_id"]),
            "other_record_ids": _ids(cases["pension_record_id"]),
            "least_change": "Cơ quan BHXH trả lời người này không có lương hưu, trợ cấp hằng tháng.",
        }
    )


@rule(
    id="X_BB_AO_DISEASE",
    programmes=("agent_orange", "merit_other"),
    basis={
        "agent_orange": ("pl2005.ao", "nd31.ao", "pl2020.30.1", "nd131.58"),
        "merit_other": ("pl2005.one_file", "pl2020.6.3"),
    },
    reads=("paid_record_id", "paid_group", "paid_on_disease"),
    shows=_PAID,
    ground="overlap",
    tier="B",
    title_vi="Bệnh binh hưởng thêm trợ cấp chất độc hóa học theo bệnh",
    title_en="A sick soldier also paid for Agent Orange on a disease",
    condition_vi=(
        "Bệnh binh mắc thêm bệnh do chất độc hóa học được giám định tổng hợp, hưởng một trợ cấp; "
        "theo căn cứ vô sinh, sinh con dị dạng thì được hưởng cả hai."
    ),
    simplifications=(
        "Người chuyển tiếp từ trước năm 2013 chưa phân biệt được. / Cases converted in 2013 are not told apart.",
    ),
)
def is_examined_as_one(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a sick soldier is not also paid for Agent Orange on a disease alone; thương binh may be paid both."""
    return ~(eq(cases["paid_group"], "sick_soldier").fillna(False) & cases["paid_on_disease"].fillna(False))


@is_examined_as_one.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Hai dòng khớp một người: trợ cấp bệnh binh và trợ cấp chất độc hóa học theo bệnh"
    en = "Two lines match one person: a sick soldier's allowance and one for Agent Orange on a disease"
    there = pd.DataFrame(
        dict(zip(("source_file", "source_sheet", "source_row"), (cases[n] for n in _PAID), strict=True))
    )
    return pd.DataFrame(
        {
            "reason_vi": pd.Series(vi + "; cần xác minh cách hưởng.", index=cases.index, dtype=TEXT),
            "reason_en": en + "; how they are paid is to be verified.",
            "evidence": pieces(
                cases, item(cases, "Dòng đang xét.", "The line."), item(there, "Dòng còn lại.", "The other line.")
            ),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Có thể đã giám định tổng hợp, hoặc được chuyển tiếp theo quy định trước.",
                    "They may have been examined together, or carried over by earlier law.",
                ),
            ),
            "subject": text(cases["paid_record_id"]),
            "other_record_ids": _ids(cases["paid_record_id"]),
            "least_change": "Biên bản giám định tổng hợp, hoặc căn cứ chất độc hóa học không phải là bệnh.",
        }
    )


def _ids(column: Column) -> Column:
    return pd.Series([json.dumps([str(value)]) for value in column], index=column.index, dtype=TEXT)
