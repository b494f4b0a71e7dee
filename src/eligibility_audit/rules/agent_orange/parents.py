"""The one given as the parent: old enough, of the sex that the word says, one of a sex; and the child their own."""

import unicodedata
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.dates import span
from eligibility_audit.domain.three_valued import Truth, eq, lt
from eligibility_audit.rules.agent_orange.vocabulary import states_any
from eligibility_audit.rules.changes import answered, would_be
from eligibility_audit.rules.linked.others import ids, other_item, where
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.plain_words import plain_words
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, dated, item, pieces, quoted, text

BIOLOGICAL: Final = ("qd26.ao", "pl2005.ao", "nd54.ao", "nd31.ao", "pl2020.31.1", "nd131.57")
_NO_ORDER: Final = (
    "Ngày sinh của một trong hai người có thể ghi sai.",
    "One of the two birth dates may be written wrongly.",
)


@rule(
    id="AO_PARENT_TOO_YOUNG",
    programmes=("agent_orange",),
    basis=BIOLOGICAL,
    parameters="least_parent_age",
    reads=("claim", "date_of_birth", "parent_born"),
    shows=("parent_record_id",),
    ground="doubt",
    tier="C",
    title_vi="Cha/mẹ quá trẻ khi sinh con",
    title_en="A parent too young at the birth",
    condition_vi="Khi con sinh, người được ghi là cha/mẹ đẻ đã đủ số tuổi tối thiểu.",
    simplifications=(
        "Tuổi tối thiểu là lựa chọn của sản phẩm. / The least age is a choice of the product.",
        "Cha/mẹ là người trong danh sách có số hồ sơ được ghi, hoặc trùng họ tên trong xã, huyện. / "
        "The parent is the veteran on the roster whose dossier is given, or of that name in the commune or district.",
    ),
)
def parent_was_old_enough(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the parent had reached the least age at the birth, both dates read at their widest."""
    least = _years_after(span(cases["parent_born"])["first"], law.whole("least_parent_age"))
    return ~lt(cases["date_of_birth_last"], least) | eq(cases["claim"], "veteran")


@parent_was_old_enough.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    born, parent = dated(cases["date_of_birth"]), dated(cases["parent_born"])
    age = law.whole("least_parent_age")
    said = plain_words(
        cases,
        "Con sinh " + born + ", người được ghi là cha/mẹ sinh " + parent + f", khi đó chưa đủ {age} tuổi",
        "The child was born " + born + ", who is given as the parent " + parent + f", then not yet {age}",
        against=_NO_ORDER,
    )
    return said.assign(**_names_parent(cases))


@rule(
    id="AO_PARENT_ROLE",
    programmes=("agent_orange",),
    basis=BIOLOGICAL,
    parameters="parent_words",
    reads=("claim", "received_parent_name", "parent_sex"),
    shows=("parent_record_id",),
    ground="doubt",
    tier="C",
    title_vi="Ghi là cha nhưng hồ sơ là của nữ, hoặc ghi là mẹ nhưng hồ sơ là của nam",
    title_en="Called the father but the file is a woman's, or the mother but a man's",
    condition_vi="Giới tính của người có hồ sơ được ghi hợp với lời ghi cha hoặc mẹ.",
    simplifications=("Chỉ xét khi ô ghi rõ cha hoặc mẹ. / Only where the cell says father or mother.",),
)
def role_fits_the_sex(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the parent's sex is that of the role written before or behind the name; NA where none is written."""
    said = _role(cases["received_parent_name"], law.lists("parent_words"))
    return eq(said, cases["parent_sex"]) | eq(cases["claim"], "veteran")


@role_fits_the_sex.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    sex = cases["parent_sex"].map({"M": "nam", "F": "nữ"}).astype(TEXT)
    sex_en = cases["parent_sex"].map({"M": "a man", "F": "a woman"}).astype(TEXT)
    said = plain_words(
        cases,
        "Ô cha/mẹ ghi " + quoted(cases["received_parent_name"]) + ", người có hồ sơ đó là " + sex,
        "The cell for the parent says " + quoted(cases["received_parent_name"]) + ", whose file is that of " + sex_en,
        against=("Giới tính hoặc số hồ sơ có thể ghi sai.", "The sex or the number may be written wrongly."),
    )
    return said.assign(**_names_parent(cases))


@rule(
    id="AO_PARENT_OTHER_NAME",
    programmes=("agent_orange",),
    basis=BIOLOGICAL,
    reads=("claim", "parent_dossier_of_other"),
    shows=("parent_dossier_no", "parent_name"),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Số hồ sơ ghi cho cha/mẹ là của người tên khác",
    title_en="The dossier given for the parent is that of a person of another name",
    condition_vi="Số hồ sơ ghi cho cha/mẹ không phải là của một người hoạt động kháng chiến có họ tên khác.",
)
def dossier_is_the_parents(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the number given is not that of a veteran whose name contradicts the parent's."""
    return ~cases["parent_dossier_of_other"] | eq(cases["claim"], "veteran")


@dossier_is_the_parents.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    number = quoted(cases["parent_dossier_no"])
    return plain_words(
        cases,
        "Danh sách ghi cha/mẹ là " + quoted(cases["parent_name"]) + ", hồ sơ số " + number + " là của người tên khác",
        "The parent is given as " + quoted(cases["parent_name"]) + "; dossier " + number + " is of another name",
        against=("Số hồ sơ có thể ghi sai một chữ số.", "A digit of the number may be wrong."),
    )


@rule(
    id="AO_CHILD_TWO_PARENTS",
    programmes=("agent_orange",),
    basis=BIOLOGICAL,
    reads=("claim", "elsewhere_record_id"),
    shows=("parent_name", *where("elsewhere")),
    ground="doubt",
    tier="C",
    title_vi="Có thể một người con được ghi ở hai dòng, dưới hai người cha hoặc hai người mẹ",
    title_en="One child may be on two lines, under two fathers or two mothers",
    condition_vi="Một người con không được ghi dưới hai người cha, hoặc hai người mẹ khác nhau.",
    simplifications=(
        "Một dòng ghi cha, một dòng ghi mẹ thì không nêu. / A father on one line and a mother on the other is none.",
    ),
)
def has_one_parent_of_a_sex(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether no other line that seems to be this child cites another parent of the same sex; never NA."""
    return (cases["elsewhere_record_id"].isna() | (cases["claim"] != "child").fillna(True)).astype("boolean")


@has_one_parent_of_a_sex.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Một dòng khác có thể là cùng người con này, ghi hồ sơ của một người cha hoặc mẹ khác"
    en = "Another line may be this same child, citing another father's or mother's file"
    said = plain_words(
        cases,
        vi,
        en,
        against=("Hai dòng có thể là hai người.", "They may be two persons."),
    )
    there = other_item(cases, "elsewhere", "Dòng còn lại.", "The other line.")
    other = {"subject": text(cases["elsewhere_record_id"]), "other_record_ids": ids(cases["elsewhere_record_id"])}
    return said.assign(evidence=pieces(cases, item(cases, vi + ".", en + "."), there), **other)


@rule(
    id="AO_CHILD_NOT_BIOLOGICAL",
    programmes=("agent_orange",),
    basis=BIOLOGICAL,
    parameters="not_biological",
    day="granting",
    reads=("claim", "note", "group", "received_parent_name"),
    ground="doubt",
    tier="B",
    title_vi="Danh sách có lời ghi không phải con đẻ",
    title_en="The list has words that say no biological child",
    condition_vi="Người hưởng là con đẻ của người hoạt động kháng chiến bị nhiễm chất độc hóa học.",
    simplifications=("Theo lời ghi trên danh sách. / By the words on the list.",),
)
def is_a_biological_child(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Not so where a cell of a child's line says an adopted or step-child, a grandchild, an in-law; else NA."""
    words = law.words("not_biological")
    cells = [states_any(cases[name], words) for name in ("note", "group", "received_parent_name")]
    said = cells[0] | cells[1] | cells[2]
    return (~said).mask(~said) | eq(cases["claim"], "veteran")


@is_a_biological_child.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    words = law.words("not_biological")
    cell = pd.Series("", index=cases.index, dtype=TEXT)
    for name in ("received_parent_name", "group", "note"):
        cell = cell.mask(states_any(cases[name], words), text(cases[name]))
    return plain_words(
        cases,
        "Danh sách ghi " + quoted(cell),
        "The list says " + quoted(cell),
        against=(
            "Lời ghi có thể nói về người khác trong gia đình.",
            "The words may be about another member of the family.",
        ),
    )


def _names_parent(cases: pd.DataFrame) -> Mapping[str, Column]:
    """The finding is about the parent's record, whose id the finding names."""
    return {"subject": text(cases["parent_record_id"]), "other_record_ids": ids(cases["parent_record_id"])}


def _role(received: Column, words: Mapping[str, tuple[str, ...]]) -> Column:
    """M or F where a cell says father or mother before the name or in brackets; null where it says neither or both."""
    codes, distinct = pd.factorize(received)
    said = []
    for cell in distinct:
        plain = f" {unicodedata.normalize('NFC', str(cell)).casefold()} "
        found = {sex for sex, phrases in words.items() for word in phrases if _stands_apart(plain, word)}
        said.append(found.pop() if len(found) == 1 else None)
    return pd.Series(pd.array([*said, None], dtype=TEXT).take(codes), index=received.index)


def _stands_apart(cell: str, word: str) -> bool:
    return cell.startswith((f" {word} ", f" {word}:", f" {word}.")) or f"({word})" in cell


def _years_after(days: Column, years: int) -> Column:
    """Day numbers so many years later; 29 February becomes 1 March."""
    each = days.fillna(0).to_numpy("int64").astype("datetime64[D]")
    months = each.astype("datetime64[M]")
    later = ((months + np.timedelta64(12 * years, "M")).astype("datetime64[D]") + (each - months)).astype("int64")
    return pd.Series(later, index=days.index, dtype="Int64").mask(days.isna())


answered(
    parent_was_old_enough,
    "office",
    "parent_born",
    vi="hồ sơ của cha/mẹ ghi ngày sinh khác, hoặc cha/mẹ đẻ là người khác",
    en="the parent's file gives another birth date, or the parent is somebody else",
)
answered(
    role_fits_the_sex,
    "office",
    "parent_sex",
    vi="giấy khai sinh cho biết cha/mẹ đẻ là người khác, có hồ sơ",
    en="the birth certificate names another parent, who has a file",
)
would_be(
    role_fits_the_sex,
    "entry",
    vi="giới tính của cha/mẹ trên danh sách ghi nhầm",
    en="the parent's sex on the list is a slip",
    parent_sex=lambda cases, law: cases["parent_sex"].map({"M": "F", "F": "M"}),
)
would_be(
    dossier_is_the_parents,
    "entry",
    vi="số hồ sơ ghi nhầm; số đúng là của người được ghi tên",
    en="the number is a slip: the right one is of the person named",
    parent_dossier_of_other=False,
)
answered(
    has_one_parent_of_a_sex,
    "office",
    "elsewhere_record_id",
    vi="giấy khai sinh cho biết hai dòng là hai người, hoặc dòng kia đã được đính chính",
    en="birth certificates show two persons, or the other line was mended",
)
answered(
    is_a_biological_child,
    "office",
    "note",
    "group",
    "received_parent_name",
    vi="giấy khai sinh cho thấy là con đẻ",
    en="the birth certificate shows a biological child",
)
