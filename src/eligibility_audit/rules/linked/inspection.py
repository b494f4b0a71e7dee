"""What inspection conclusions say of a file."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import answered
from eligibility_audit.rules.facts.identity import in_english
from eligibility_audit.rules.linked.others import other_item, unlike, when, where
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, item, pieces, text

CONCLUSION: Final = ("ltt2010.conclusion", "ltt2022.conclusion", "ltt2025.conclusion")
FORGERY: Final = ("pl2005.forgery", "pl2020.55", "nd131.118.2")
SHOWS: Final = (
    "inspection_record_id",
    "inspection_conclusion",
    "inspection_text",
    "inspection_handling",
    "inspection_dossier",
    "inspection_before",
    "inspection_agrees",
    "inspection_differs",
    "monthly_amount",
    *where("inspection"),
)
RULES: Final = (
    (
        "INSP_FORGED",
        "forged",
        (*CONCLUSION, *FORGERY),
        "Kết luận thanh tra nêu giấy tờ của hồ sơ không đúng",
        "Inspection: papers concluded to be forged",
    ),
    (
        "INSP_NO_PLACE",
        "no_place",
        (*CONCLUSION, "pl2005.ao"),
        "Kết luận thanh tra: địa bàn",
        "Inspection: place not proven",
    ),
    ("INSP_DISEASE", "disease", CONCLUSION, "Kết luận thanh tra: bệnh", "Inspection: disease not listed"),
    ("INSP_CHILD_BEFORE", "child_before", CONCLUSION, "Kết luận thanh tra: thời điểm sinh", "Inspection: born before"),
    ("INSP_VERIFY_MORE", "verify_more", CONCLUSION, "Kết luận thanh tra: xác minh thêm", "Inspection: verify further"),
)
_EN: Final = {
    "forged": "papers concluded to be forged",
    "no_place": "place of service not proven",
    "disease": "disease not on the list",
    "child_before": "child born before the service",
    "verify_more": "to be verified further",
}
SIMPLIFIED: Final = (
    "Kết luận sau về cùng một người thay kết luận trước. / "
    "A later conclusion on the same person stands for the earlier one.",
    "Số hồ sơ trùng mà họ tên khác thì kết luận không gắn với dòng đó. / "
    "Where the dossier number is the same and the name another, the conclusion is not bound to the line.",
    "Nội dung được xếp nhóm theo lời ghi trong phụ lục (law/common/parameters.yaml). / "
    "What is concluded is sorted by the words of the annex (law/common/parameters.yaml).",
)


def _bound_by_dossier(cases: pd.DataFrame) -> Column:
    """Bound by dossier number and an agreeing identity, by a conclusion that is named."""
    bound = (cases["inspection_bound"] == "dossier") & (text(cases["inspection_conclusion"]) != "")
    return bound.fillna(False).astype("boolean")


def _words(cases: pd.DataFrame, category: str) -> pd.DataFrame:
    named, said = text(cases["inspection_conclusion"]), text(cases["inspection_text"])
    named_en = named.str.replace(" ngày ", " of ", regex=False)
    agrees, differs = text(cases["inspection_agrees"]), text(cases["inspection_differs"])
    before, handling = text(cases["inspection_before"]), text(cases["inspection_handling"])
    bound = _bound_by_dossier(cases)
    how = when(bound, "trùng số hồ sơ và " + agrees) + when(~bound, "chỉ gắn được theo " + agrees + ", cần xác minh")
    agrees_en, differs_en = in_english(agrees), in_english(differs)
    how_en = when(bound, "dossier number agrees, and " + agrees_en)
    how_en = how_en + when(~bound, "bound only by " + agrees_en + ", to be verified")
    sure = bound if category == "forged" else pd.Series(False, index=cases.index, dtype="boolean")
    ground = pd.Series("inspection_open", index=cases.index, dtype=TEXT).mask(sure, "forgery_concluded")
    return pd.DataFrame(
        {
            "reason_vi": "Kết luận " + named + " nêu: “" + said + "” (" + how + ").",
            "reason_en": "Conclusion " + named_en + ": " + _EN[category] + " (" + how_en + ").",
            "evidence": pieces(
                cases,
                other_item(
                    cases,
                    "inspection",
                    "Kết luận "
                    + named
                    + ": “"
                    + said
                    + "”"
                    + when(handling != "", "; xử lý: “" + handling + "”")
                    + ".",
                    "Conclusion " + named_en + ": " + _EN[category] + ".",
                ),
            ),
            "evidence_against": pieces(
                cases,
                other_item(
                    cases,
                    "inspection",
                    unlike(differs),
                    "Does not agree: " + differs_en + ".",
                ),
                item(cases, when(before != "", "Trước đó: " + before + "."), "There are earlier conclusions."),
                item(
                    cases,
                    when(~bound, "Số hồ sơ trong phụ lục trống hoặc không phải của dòng này."),
                    "The annex has no dossier number, or another one.",
                ),
            ),
            "ground": ground,
            "evidence_tier": pd.Series("B", index=cases.index, dtype=TEXT).mask(bound, "A"),
            "identity_agrees": agrees,
            "identity_differs": differs,
            "subject": text(cases["inspection_record_id"]),
            "other_record_ids": '["' + text(cases["inspection_record_id"]) + '"]',
            "stop_allowed": sure,
        }
    )


def _register(id_: str, category: str, basis: tuple[str, ...], title_vi: str, title_en: str) -> None:
    @rule(
        id=id_,
        programmes=("agent_orange",),
        basis=basis,
        reads=("inspection_category", "inspection_bound"),
        shows=SHOWS,
        ground="inspection_open",
        tier="B",
        title_vi=title_vi,
        title_en=title_en,
        false_is="not_met" if category == "forged" else "undetermined",
        condition_vi="Kết luận thanh tra sau cùng về người này không nêu hồ sơ trong nhóm nội dung ấy.",
        simplifications=SIMPLIFIED,
    )
    def not_named(cases: pd.DataFrame, law: Parameters) -> Truth:
        """Whether the last conclusion on this person does not name the file in this category."""
        return (cases["inspection_category"] != category).fillna(True).astype("boolean")

    @not_named.words
    def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        return _words(cases, category)

    answered(
        not_named,
        "office",
        "inspection_category",
        vi="cơ quan kết luận hoặc cơ quan lập hồ sơ trả lời bằng văn bản rằng hồ sơ đúng",
        en="the body that concluded, or the one that made the file, answers in writing that it is right",
    )


for _rule in RULES:
    _register(*_rule)


BY_NAME: Final = (
    "Cha hoặc mẹ chỉ được tìm theo họ tên cùng nơi, không theo số hồ sơ: có thể là người khác.",
    "The parent was found by name and place alone, not by a dossier number: it may be another person.",
)


@rule(
    id="AO_PARENT_FORGED",
    programmes=("agent_orange",),
    basis=(*CONCLUSION, "pl2005.ao", "nd31.ao", "pl2020.31.1"),
    reads=("claim", "parent_inspection_category"),
    shows=(
        *(f"parent_inspection_{name}" for name in ("record_id", "conclusion", "text")),
        *where("parent_inspection"),
        *("parent_dossier_no", "parent_found"),
    ),
    ground="doubt",
    tier="B",
    false_is="undetermined",
    title_vi="Hồ sơ của cha hoặc mẹ bị nêu trong kết luận thanh tra",
    title_en="An inspection concludes against the parent's file",
    condition_vi="Hồ sơ của cha hoặc mẹ, căn cứ của hồ sơ người con, không bị kết luận thanh tra nêu là không đúng.",
    simplifications=(
        "Người con chưa bị nêu trong kết luận nào: chỉ xác minh, không dừng chi trả vì hồ sơ của người khác. / "
        "No conclusion names the child: verified only, never stopped for another person's file.",
    ),
)
def parents_file_stands(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the last conclusion on the parent of a child does not conclude forgery; never NA."""
    fallen = (cases["parent_inspection_category"] == "forged") & (cases["claim"] == "child")
    return (~fallen.fillna(False).astype("bool")).astype("boolean")


@parents_file_stands.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    named, said = text(cases["parent_inspection_conclusion"]), text(cases["parent_inspection_text"])
    dossier = text(cases["parent_dossier_no"])
    by_name = (cases["parent_found"] == "name").fillna(False).astype("bool")
    vi = "Kết luận " + named + " nêu về hồ sơ của cha/mẹ" + when(dossier != "", " số " + dossier) + ": “" + said + "”"
    en = "Conclusion " + named.str.replace(" ngày ", " of ", regex=False) + " concludes against the parent's file"
    en = en + when(dossier != "", " " + dossier)
    return pd.DataFrame(
        {
            "reason_vi": vi + "; căn cứ của hồ sơ người con cần xác minh.",
            "reason_en": en + "; what the child's claim rests on is to be verified.",
            "evidence": pieces(cases, other_item(cases, "parent_inspection", vi + ".", en + ".")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Kết luận không nêu tên người con; cha hoặc mẹ còn lại có thể có hồ sơ riêng.",
                    "The conclusion does not name the child; the other parent may have a file.",
                ),
                item(cases, when(by_name, BY_NAME[0]), when(by_name, BY_NAME[1])),
            ),
            "subject": text(cases["parent_inspection_record_id"]),
            "other_record_ids": '["' + text(cases["parent_inspection_record_id"]) + '"]',
            "stop_allowed": False,
        }
    )


answered(
    parents_file_stands,
    "office",
    "parent_inspection_category",
    vi="cơ quan lập hồ sơ trả lời bằng văn bản hồ sơ của cha/mẹ đúng, hoặc người con có căn cứ khác",
    en="the body that made it answers in writing that the parent's file is right, or the child has another ground",
)
