"""Benefits that may not, or not so, be paid together. Being paid twice is no error by itself: law, as data, decides."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.changes import answered
from eligibility_audit.rules.linked.others import ids, other_item, where
from eligibility_audit.rules.merit_other.combinations import matrix, verdict
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.social_assistance.age import is_paid_for_80
from eligibility_audit.rules.social_assistance.pension_beside import answered_of_pension, words_of_pension
from eligibility_audit.rules.wording import TEXT, Column, dated, item, pieces, quoted, text

# How a status is called in a sentence.
CALLED: Final[Mapping[str, tuple[str, str]]] = {
    "ao_disease": ("trợ cấp chất độc hóa học theo bệnh", "an Agent Orange allowance on a disease"),
    "ao_other_basis": (
        "trợ cấp chất độc hóa học do vô sinh, sinh con dị dạng",
        "an Agent Orange allowance on infertility or a deformed child",
    ),
    "ao_basis_unknown": ("trợ cấp chất độc hóa học", "an Agent Orange allowance"),
    "ao_child": ("trợ cấp con đẻ bị nhiễm chất độc hóa học", "an exposed veteran's child's allowance"),
    "invalid": ("trợ cấp thương binh", "a war invalid's allowance"),
    "sick_soldier": ("trợ cấp bệnh binh", "a sick soldier's allowance"),
    "survivor": ("trợ cấp tuất, thân nhân", "a survivor's allowance"),
    "social_assistance": ("trợ cấp bảo trợ xã hội", "social assistance"),
}
_MERIT: Final = ("trợ cấp người có công", "an allowance for merit")


@rule(
    id="SA_80_PENSION",
    programmes=("social_assistance",),
    basis=("nd136.groups", "nd20.5.5"),
    valid_to="2025-06-30",
    parameters=("oldest_words", "combined_pension"),
    reads=("group", "pension_record_id", "pension_status"),
    shows=where("pension"),
    ground="overlap",
    tier="B",
    title_vi="Hưởng theo tuổi từ đủ 80 và có tên trong danh sách lương hưu, trợ cấp BHXH",
    title_en="Paid for the age of 80 and on the list of pensions",
    condition_vi="Người từ đủ 80 tuổi không có lương hưu, trợ cấp BHXH hằng tháng.",
    simplifications=(
        "Nhóm khuyết tật không bị loại trừ vì lương hưu. / A disability is not excluded by a pension.",
        "Từ 01/7/2025 là trợ cấp hưu trí xã hội: SA_SP_PENSION. / From 1 July 2025 the social pension: SA_SP_PENSION.",
    ),
)
def has_no_pension(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid for the age of 80 is on no line of the pensions; other groups may have one."""
    own = pd.Series("social_assistance", index=cases.index, dtype=TEXT).mask(is_paid_for_80(cases, law), "social_80")
    said = verdict(own, cases["pension_status"], matrix(law, "combined_pension"))
    return ~(eq(said, "deny").fillna(False) & cases["pension_record_id"].notna())


@has_no_pension.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Danh sách ghi nhóm " + quoted(cases["group"])
    en = "The list gives the group " + quoted(cases["group"])
    reason = (
        vi + " và có một dòng khớp trong danh sách lương hưu, trợ cấp BHXH",
        en + " and a line of the pensions matches",
    )
    return words_of_pension(cases, reason, line=(vi, en))


answered_of_pension(has_no_pension)


@rule(
    id="X_BB_AO_DISEASE",
    programmes=("agent_orange", "merit_other"),
    basis={
        "agent_orange": ("pl2005.ao", "nd31.ao", "pl2020.30.1", "nd131.58"),
        "merit_other": ("pl2005.one_file", "pl2020.6.3"),
    },
    parameters=("combined_merit", "bb_ao_transition"),
    reads=("paid_record_id", "paid_status", "paid_own_status"),
    shows=("decision_date", *where("paid")),
    ground="overlap",
    tier="B",
    title_vi="Bệnh binh hưởng thêm trợ cấp chất độc hóa học theo bệnh",
    title_en="A sick soldier also paid for Agent Orange on a disease",
    condition_vi=(
        "Bệnh binh mắc thêm bệnh do chất độc hóa học được giám định tổng hợp, hưởng một trợ cấp; "
        "theo căn cứ vô sinh, sinh con dị dạng thì được hưởng cả hai."
    ),
    simplifications=(
        "Người đang hưởng hai trợ cấp từ trước ngày chuyển tiếp được nêu, kèm bằng chứng không ủng hộ. / "
        "Who was paid both before the transition is named, with what speaks for them.",
    ),
)
def is_examined_as_one(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the law does not want one combined examination for what the two lines pay."""
    said = verdict(cases["paid_own_status"], cases["paid_status"], matrix(law, "combined_merit"))
    return ~(eq(said, "one_examination").fillna(False) & cases["paid_record_id"].notna())


@is_examined_as_one.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Hai dòng khớp một người: trợ cấp bệnh binh và trợ cấp chất độc hóa học theo bệnh"
    en = "Two lines match one person: a sick soldier's allowance and one for Agent Orange on a disease"
    until = law.day_of("bb_ao_transition").isoformat()
    before = (cases["decision_date"] < until).fillna(False)
    decided = dated(cases["decision_date"])
    return pd.DataFrame(
        {
            "reason_vi": pd.Series(vi + "; cần xác minh cách hưởng.", index=cases.index, dtype=TEXT),
            "reason_en": en + "; how they are paid is to be verified.",
            "evidence": pieces(
                cases,
                item(cases, "Dòng đang xét.", "The line."),
                other_item(cases, "paid", "Dòng còn lại.", "The other line."),
            ),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Có thể đã giám định tổng hợp, hoặc được chuyển tiếp theo quy định trước.",
                    "They may have been examined together, or carried over by earlier law.",
                ),
                item(
                    cases,
                    ("Quyết định ngày " + decided + f", trước {law.day_of('bb_ao_transition'):%d/%m/%Y}.").where(
                        before, ""
                    ),
                    ("Decided on " + decided + f", before {until}.").where(before, ""),
                ),
            ),
            "subject": text(cases["paid_record_id"]),
            "other_record_ids": ids(cases["paid_record_id"]),
        }
    )


answered(
    is_examined_as_one,
    "office",
    "paid_status",
    vi="hồ sơ có biên bản giám định tổng hợp, hoặc căn cứ chất độc hóa học không phải là bệnh",
    en="the file has the combined examination, or the ground for Agent Orange is not a disease",
)


@rule(
    id="X_NCC_BTXH",
    programmes=("agent_orange", "merit_other", "social_assistance"),
    basis={
        "agent_orange": ("nd136.contested", "nd20.6.2.contested"),
        "merit_other": ("nd136.contested", "nd20.6.2.contested"),
        "social_assistance": ("nd136.contested", "nd20.6.2.contested"),
    },
    parameters="combined_social",
    reads=("aid_record_id", "aid_status", "aid_own_status"),
    shows=where("aid"),
    ground="legal_review",
    tier="C",
    false_is="undetermined",
    title_vi="Hưởng trợ cấp người có công và trợ cấp xã hội: chưa rõ có được hưởng cả hai",
    title_en="Paid for merit and social assistance: whether both may be paid is not settled",
    condition_vi="Luật nói rõ hai chế độ được hưởng cùng nhau; chỗ còn ý kiến khác nhau thì chuyển bộ phận pháp chế.",
    simplifications=(
        "Không kết luận gì về người hưởng: một câu hỏi pháp lý. Tỉnh tắt bằng cách ghi `allow` ở `combined_social`. / "
        "Alleges nothing: a question of law. A province turns it off by writing `allow` in `combined_social`.",
    ),
)
def both_are_settled(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the law on the two benefits together is not contested."""
    said = verdict(cases["aid_own_status"], cases["aid_status"], matrix(law, "combined_social"))
    return ~(eq(said, "contested").fillna(False) & cases["aid_record_id"].notna())


@both_are_settled.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    own, other = called(cases["aid_own_status"]), called(cases["aid_status"])
    vi = "Hai dòng khớp một người: " + own["vi"] + " và " + other["vi"]
    en = "Two lines match one person: " + own["en"] + " and " + other["en"]
    return pd.DataFrame(
        {
            "reason_vi": vi + "; luật chưa rõ có được hưởng cả hai, chuyển bộ phận pháp chế; chi trả giữ nguyên.",
            "reason_en": en + "; the law is not settled on both, for the legal officer; payment goes on.",
            "evidence": pieces(
                cases,
                item(cases, "Dòng đang xét: " + own["vi"] + ".", "The line: " + own["en"] + "."),
                other_item(cases, "aid", "Dòng còn lại: " + other["vi"] + ".", "The other line: " + other["en"] + "."),
            ),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Không có quy định nào nói rõ người có công không được hưởng trợ cấp xã hội.",
                    "No provision says plainly that people with merit may not have social assistance.",
                ),
            ),
            "subject": text(cases["aid_record_id"]),
            "other_record_ids": ids(cases["aid_record_id"]),
        }
    )


answered(
    both_are_settled,
    "office",
    "aid_status",
    vi="bộ phận pháp chế có ý kiến, áp dụng chung cho mọi trường hợp như nhau",
    en="the legal officer settles it, alike for everybody",
)


def called(status: Column) -> pd.DataFrame:
    """Statuses as they are called in a sentence: columns vi, en."""
    names = [CALLED.get(str(value), _MERIT) for value in status]
    return pd.DataFrame(names, columns=["vi", "en"], index=status.index).astype(TEXT)
