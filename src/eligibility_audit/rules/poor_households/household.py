"""A household on the list: its class, its head, its size against its members, its number."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import answered, would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.poor_households.list_of_year import REVIEW, STANDARD
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, item, pieces, quoted, text

_OF_HOUSEHOLD: Final = ("Nêu một lần cho mỗi hộ, tại dòng đầu của hộ. / Said once a household, at its first line.",)


@rule(
    id="PH_CLASS",
    programmes=("poor_households",),
    basis=(*STANDARD, *REVIEW),
    reads=("household_class", "opens_household"),
    ground="paper_missing",
    tier="C",
    undetermined_is="paper_missing",
    cell="household_class",
    title_vi="Chưa rõ hộ nghèo hay hộ cận nghèo",
    title_en="Class of the household not stated",
    condition_vi="Danh sách ghi hộ là hộ nghèo hay hộ cận nghèo.",
    simplifications=_OF_HOUSEHOLD,
)
def class_is_stated(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the list says poor or near-poor; NA where it does not, and met by all lines but a household's first."""
    answer = pd.Series(True, index=cases.index, dtype="boolean")
    return answer.mask(cases["household_class"].isna() & cases["opens_household"])


@class_is_stated.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi, en = "Ô loại hộ để trống hoặc ghi không có", "The cell for the class of the household is blank or says none"
    return _said(cases, _all(cases, vi), _all(cases, en))


@rule(
    id="PH_SIZE",
    programmes=("poor_households",),
    basis=REVIEW,
    reads=("household_size", "household_listed", "opens_household"),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Số khẩu khác số người ghi trong hộ",
    title_en="Size of the household differs from the persons listed",
    condition_vi="Số khẩu của hộ bằng số người của hộ có tên trên danh sách.",
    simplifications=(
        *_OF_HOUSEHOLD,
        "Danh sách chỉ ghi tên chủ hộ thì không so. / A list of heads alone is not compared.",
    ),
)
def size_is_of_the_members(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the size stated is the number of persons listed; NA where either is not known."""
    stated, listed = cases["household_size"], cases["household_listed"]
    answer = (stated == listed).astype("boolean").mask(stated.isna() | listed.isna())
    return answer.mask(~cases["opens_household"], True)


@size_is_of_the_members.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    stated, listed = text(cases["household_size"]), text(cases["household_listed"])
    vi = "Danh sách ghi hộ có " + stated + " khẩu, có tên " + listed + " người"
    en = "The list gives the household " + stated + " persons and names " + listed
    return _said(cases, vi, en)


@rule(
    id="PH_NO_HEAD",
    programmes=("poor_households",),
    basis=REVIEW,
    reads=("household_headed", "opens_household"),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Hộ không có người ghi là chủ hộ",
    title_en="A household without a head",
    condition_vi="Mỗi hộ trên danh sách có chủ hộ.",
    simplifications=(
        *_OF_HOUSEHOLD,
        "Danh sách không ghi quan hệ với chủ hộ thì không xét. / A list that gives no relation is not looked at.",
    ),
)
def household_has_a_head(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether one of the household is its head; NA where the list does not say who is."""
    return cases["household_headed"].mask(~cases["opens_household"], True)


@household_has_a_head.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Không người nào của hộ được ghi là chủ hộ"
    en = "Nobody of the household is given as its head"
    return _said(cases, _all(cases, vi), _all(cases, en))


@rule(
    id="PH_NUMBER_TWICE",
    programmes=("poor_households",),
    basis=REVIEW,
    reads=("number_elsewhere", "opens_household"),
    shows=("household_no",),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Mã hộ dùng ở nhiều xã",
    title_en="One household number in several communes",
    condition_vi="Một mã hộ chỉ thuộc một xã.",
    simplifications=(
        *_OF_HOUSEHOLD,
        "Nơi mã hộ đánh lại theo từng xã thì không xét. / Where numbers start anew in each commune: not compared.",
    ),
)
def number_is_of_one_commune(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the household number stands in no other commune; met by every line but a household's first."""
    return (cases["number_elsewhere"].isna() | ~cases["opens_household"]).astype("boolean")


@number_is_of_one_commune.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Mã hộ " + quoted(cases["household_no"]) + " có ở: " + text(cases["number_elsewhere"])
    en = "The household number " + quoted(cases["household_no"]) + " stands in: " + text(cases["number_elsewhere"])
    return _said(cases, vi, en)


def _all(cases: pd.DataFrame, sentence: str) -> Column:
    return pd.Series(sentence, index=cases.index, dtype=TEXT)


def _said(cases: pd.DataFrame, vi: Column, en: Column) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cần xác minh.",
            "reason_en": en + "; to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


would_be(
    class_is_stated,
    "office",
    vi="quyết định phê duyệt danh sách ghi loại hộ",
    en="the decision on the list gives the class",
    household_class="poor",
)
would_be(
    size_is_of_the_members,
    "entry",
    vi=lambda cases, law: "số khẩu đúng là " + text(cases["household_listed"]),
    en=lambda cases, law: "the right size is " + text(cases["household_listed"]),
    household_size=lambda cases, law: cases["household_listed"],
)
would_be(
    size_is_of_the_members,
    "office",
    vi=lambda cases, law: "biên bản rà soát có tên " + text(cases["household_size"]) + " người của hộ",
    en=lambda cases, law: "the review names " + text(cases["household_size"]) + " persons of the household",
    household_listed=lambda cases, law: cases["household_size"],
)
would_be(
    household_has_a_head,
    "office",
    vi="biên bản rà soát ghi tên chủ hộ",
    en="the review names the head of the household",
    household_headed=True,
)
answered(
    number_is_of_one_commune,
    "entry",
    "number_elsewhere",
    vi="mã hộ ở một xã ghi nhầm, hoặc hộ đã chuyển xã",
    en="the number is a slip in one commune, or the household has moved",
)
