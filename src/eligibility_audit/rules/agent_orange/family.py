"""Children and their exposed parent; the basis of infertility against own children on the roster."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.dates import EPOCH
from eligibility_audit.domain.three_valued import Truth, eq, lt
from eligibility_audit.rules.agent_orange.basis import BASIS_PARAMETERS, basis
from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.changes import would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, dated, item, pieces, quoted, text

PARENT_PLACE: Final = ("parent_file", "parent_sheet", "parent_row")


@rule(
    id="AO_CHILD_BEFORE",
    programmes=("agent_orange",),
    basis=("qd26.ao", "pl2005.ao", "nd54.ao", "nd31.ao", "pl2020.29.1", "pl2020.31.1"),
    parameters="service_period",
    day="granting",
    reads=("claim", "date_of_birth", "parent_first_year"),
    shows=("parent_dossier_no", "parent_name", "parent_service_from", *PARENT_PLACE),
    ground="doubt",
    tier="C",
    title_vi="Con sinh trước năm cha/mẹ bắt đầu tham gia kháng chiến",
    title_en="Child born before the parent's first exposure",
    condition_vi="Con sinh trong hoặc sau năm cha/mẹ bắt đầu tham gia kháng chiến tại vùng bị phun rải.",
    simplifications=(
        "So theo năm; luật chỉ nói nhiễm “dẫn đến”, không nói rõ năm sinh. / "
        "Compared by year; the law says only that exposure led to it, and names no year of birth.",
    ),
)
def born_after_exposure(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a child was born in or after the year of the parent's first service within the period of the law."""
    start, _ = law.period("service_period")
    exposed, born = cases["parent_first_year"].clip(lower=start.year), _year(cases["date_of_birth_last"])
    before_anyone = lt(born, start.year).fillna(False)  # whenever the parent served
    return (~lt(born, exposed) & ~before_anyone) | eq(cases["claim"], "veteran")


@born_after_exposure.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    since = dated(cases["parent_service_from"].mask(cases["parent_first_year"].isna()))
    since = since.mask(since == "", f"{law.period('service_period')[0]:%d/%m/%Y}")
    born = dated(cases["date_of_birth"])
    vi = "Con sinh " + born + ", trước năm cha/mẹ bắt đầu tham gia (" + since + ")"
    en = "The child was born " + born + ", before the year the parent's service began (" + since + ")"
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cần xác minh.",
            "reason_en": en + "; to be verified.",
            "evidence": pieces(
                cases,
                item(cases, "Ngày sinh ghi trên danh sách: " + born + ".", "Birth date on the list: " + born + "."),
                _of_parent(cases, "Cha/mẹ tham gia từ " + since + ".", "The parent's service began " + since + "."),
            ),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Danh sách ghi một khoảng tham gia; cha/mẹ có thể đã tham gia sớm hơn.",
                    "The list gives one period of service; the parent may have served earlier.",
                ),
            ),
        }
    )


@rule(
    id="AO_CHILD_NO_PARENT",
    programmes=("agent_orange",),
    basis=("pl2005.ao", "nd31.ao", "pl2020.31.1", "nd131.57"),
    reads=(
        *("claim", "parent_dossier_no", "parent_name", "parent_on_roster"),
        *("received_parent_dossier_no", "received_parent_name"),
    ),
    ground="child_without_parent",
    tier="C",
    false_is="undetermined",
    title_vi="Con không ghi hồ sơ của cha/mẹ",
    title_en="Child without a parent's dossier",
    condition_vi="Con có số hồ sơ của cha/mẹ, hoặc cha/mẹ có tên trong danh sách.",
)
def parent_is_on_file(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the parent's dossier is given, or the named parent is on the roster.

    Not so where the cell for the dossier is blank, in a column that the sheet has, and the roster has no such parent;
    or where the sheet has no such column and the cell for the parent's name is blank.
    """
    column = cases["received_parent_dossier_no"].notna()
    blank = says_none(cases["received_parent_dossier_no"]) | (~column & says_none(cases["received_parent_name"]))
    lacking = cases["parent_dossier_no"].isna() & blank
    lacking = lacking & ~cases["parent_on_roster"].fillna(False)
    decided = pd.Series(pd.NA, index=cases.index, dtype="boolean").mask(lacking, False)
    decided = decided.mask(cases["parent_dossier_no"].notna() | eq(cases["claim"], "veteran").fillna(False), True)
    return decided.mask(cases["claim"].isna())


@parent_is_on_file.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    named = cases["parent_name"].notna()
    vi = "Ô số hồ sơ của cha/mẹ để trống" + (
        "; người có tên " + quoted(cases["parent_name"]) + " không có trong danh sách"
    ).where(named, ", không ghi tên cha/mẹ")
    en = "The cell for the parent's dossier is blank" + (
        "; " + quoted(cases["parent_name"]) + " is not on the roster"
    ).where(named, ", and no parent is named")
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cần xác minh hồ sơ của cha/mẹ.",
            "reason_en": en + "; the parent's file is to be found.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Cha/mẹ có thể đã chết và không còn trong danh sách đang chi trả, hoặc chưa được công nhận; con "
                    "vẫn có thể hưởng đúng luật (khoản 2 Điều 56 Nghị định 131/2021/NĐ-CP).",
                    "The parent may have died and no longer be on the list of those paid, or not be recognised yet; "
                    "the child may be paid lawfully (Decree 131/2021, Article 56(2)).",
                ),
            ),
        }
    )


@rule(
    id="AO_INFERTILE_WITH_CHILD",
    programmes=("agent_orange",),
    basis=("qd26.ao", "pl2005.ao", "nd54.ao", "nd31.ao", "pl2020.29.1.b", "nd131.54.2"),
    parameters=BASIS_PARAMETERS,
    day="granting",
    reads=("claim", "disease", "own_children"),
    shows=("child_file", "child_sheet", "child_row"),
    ground="doubt",
    tier="B",
    title_vi="Căn cứ vô sinh nhưng có con đẻ trong danh sách",
    title_en="Claim on infertility with own children on the roster",
    condition_vi="Người hưởng theo căn cứ vô sinh không có con đẻ nào trong danh sách.",
    simplifications=(
        "Con nuôi, con riêng, con sinh trước khi tham gia chưa phân biệt được. / "
        "Adopted and step-children and children born before the service are not told apart.",
    ),
)
def no_own_child_is_listed(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a veteran whose only basis is infertility has no child on the roster who cites this dossier."""
    said = basis(cases["disease"], law)
    only = said["infertile"] & ~said["deformed_child"] & ~said["listed"]
    has_child = cases["own_children"] > 0
    return ~(only & has_child) | eq(cases["claim"], "child")


@no_own_child_is_listed.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    count = text(cases["own_children"])
    vi, en = "Căn cứ là " + quoted(cases["disease"]), "The basis is " + quoted(cases["disease"])
    return pd.DataFrame(
        {
            "reason_vi": vi + ", nhưng " + count + " người trong danh sách ghi hồ sơ này là cha/mẹ đẻ; cần xác minh.",
            "reason_en": en + ", but " + count + " on the roster cite this dossier as their parent's; to be verified.",
            "evidence": pieces(
                cases,
                item(cases, vi + ".", en + "."),
                _elsewhere(
                    cases, "child", "Dòng của người con ghi hồ sơ này.", "The child's line that cites this dossier."
                ),
            ),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Có thể là con nuôi, con riêng, hoặc sinh trước khi tham gia kháng chiến.",
                    "It may be an adopted or step-child, or a child born before the service.",
                ),
            ),
        }
    )


def _year(days: "pd.Series[int]") -> "pd.Series[int]":
    known = days.fillna(0).to_numpy("int64")
    years = (known.astype("datetime64[D]").astype("datetime64[Y]").astype("int64")) + EPOCH.year
    return pd.Series(years, index=days.index, dtype="Int64").mask(days.isna())


def _of_parent(cases: pd.DataFrame, vi: "pd.Series[str]", en: "pd.Series[str]") -> list[dict[str, object]]:
    return _elsewhere(cases, "parent", vi, en)


def _elsewhere(
    cases: pd.DataFrame, whose: str, vi: "pd.Series[str] | str", en: "pd.Series[str] | str"
) -> list[dict[str, object]]:
    """A piece of evidence that stands on another line."""
    there = pd.DataFrame(
        {
            "source_file": cases[f"{whose}_file"],
            "source_sheet": cases[f"{whose}_sheet"],
            "source_row": cases[f"{whose}_row"].fillna(0),
        }
    )
    return item(there, vi, en)


def _year_of_birth(cases: pd.DataFrame, law: Parameters) -> Column:
    born = _year(cases["date_of_birth_last"])
    return born.where((born >= law.period("service_period")[0].year).fillna(False))


def _year_of_exposure(cases: pd.DataFrame, law: Parameters) -> Column:
    start, _ = law.period("service_period")
    return cases["parent_first_year"].fillna(start.year).clip(lower=start.year).astype(TEXT)


would_be(
    born_after_exposure,
    "office",
    vi="hồ sơ của cha/mẹ cho thấy đã tham gia từ năm con sinh hoặc sớm hơn",
    en="the parent's file shows service by the year of the child's birth",
    parent_first_year=_year_of_birth,
)
would_be(
    born_after_exposure,
    "office",
    vi="giấy khai sinh ghi sinh khi cha/mẹ đã tham gia",
    en="the birth certificate gives a birth when the parent's service had begun",
    date_of_birth=_year_of_exposure,
)
would_be(
    parent_is_on_file,
    "office",
    vi="cơ quan tìm thấy số hồ sơ của cha/mẹ đã được công nhận",
    en="the office finds the dossier of a parent who is recognised",
    parent_dossier_no="số hồ sơ của cha/mẹ",
)
would_be(
    parent_is_on_file,
    "citizen",
    vi="giấy tờ có số hồ sơ của cha/mẹ",
    en="a paper with the number of the parent's dossier",
    parent_dossier_no="số hồ sơ của cha/mẹ",
)
would_be(
    no_own_child_is_listed,
    "office",
    vi="giấy khai sinh, xác nhận của xã cho thấy người trong danh sách không phải con đẻ",
    en="the birth certificate and the commune show that who is listed is no biological child",
    own_children=0,
)
would_be(
    no_own_child_is_listed,
    "office",
    vi="hồ sơ còn căn cứ sinh con dị dạng, dị tật",
    en="the file also rests on a deformed child",
    disease=lambda cases, law: cases["disease"] + ", " + law.lists("bases")["deformed_child"][0],
)
