"""When and where the veteran served. A child is judged by the parent's service."""

import re
from functools import cache
from typing import Final

import pandas as pd

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.three_valued import Truth, eq, overlaps
from eligibility_audit.rules.agent_orange.vocabulary import may_say, nothing_left, scan
from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.changes import would_be
from eligibility_audit.rules.facts.text import fold
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, dated, item, pieces, quoted, text

CONDITION: Final = ("qd26.ao", "pl2005.ao", "nd54.ao", "nd31.ao", "pl2020.29.1", "nd131.53.1")
_SOUTHERN: Final = ("south", "laos", "cambodia", "vinh_linh")


@rule(
    id="AO_SERVICE_OUTSIDE",
    programmes=("agent_orange",),
    basis=CONDITION,
    parameters="service_period",
    day="granting",
    reads=("claim", "service_from", "service_to"),
    shows=("unit", "place"),
    ground="doubt",
    tier="B",
    title_vi="Thời gian tham gia kháng chiến nằm ngoài khoảng quy định",
    title_en="Service outside the period",
    condition_vi="Có ít nhất một ngày tham gia, công tác, chiến đấu trong khoảng thời gian luật định.",
    simplifications=(
        "Chỉ xét khoảng thời gian ghi trên danh sách, ở dạng rộng nhất của nó. / "
        "Only the service written on the list is looked at, read at its widest.",
    ),
)
def served_in_the_period(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a day of the service, read at its widest, falls into the period of the law."""
    start, end = law.period("service_period")
    inside = overlaps(cases["service_from_first"], cases["service_to_last"], day_number(start), day_number(end))
    return inside | eq(cases["claim"], "child")


@served_in_the_period.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    start, end = law.period("service_period")
    service = text(cases["service_from"]).where(cases["service_from"].notna(), "?")
    service = dated(service) + " – " + dated(text(cases["service_to"]).where(cases["service_to"].notna(), "?"))
    vi, en = "Danh sách ghi thời gian tham gia " + service, "The list gives the service as " + service
    where = cases["place"].fillna(cases["unit"])
    return pd.DataFrame(
        {
            "reason_vi": vi + f", không có ngày nào trong khoảng {start:%d/%m/%Y} – {end:%d/%m/%Y}; cần xác minh.",
            "reason_en": en + f", with no day from {start} to {end}; to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    ("Danh sách có ghi đơn vị, địa bàn " + quoted(where) + ".").where(where.notna(), ""),
                    ("The list names the unit or area " + quoted(where) + ".").where(where.notna(), ""),
                ),
            ),
        }
    )


@rule(
    id="AO_PLACE",
    programmes=("agent_orange",),
    basis=(*CONDITION, "nd131.53.2"),
    parameters="places",
    day="granting",
    reads=("claim", "unit", "place"),
    ground="doubt",
    tier="B",
    title_vi="Địa bàn ghi trên danh sách chỉ ở miền Bắc",
    title_en="Place of service plainly in the North",
    condition_vi=(
        "Địa bàn ghi trên danh sách có chiến trường B, C, K hoặc xã thuộc Vĩnh Linh; chỉ nêu khi "
        "địa bàn ghi rõ ràng toàn ở miền Bắc."
    ),
    simplifications=(
        "Không có danh sách chính thức các vùng bị phun rải; chỉ xét nhóm địa bàn B, C, K, mười xã thuộc Vĩnh Linh. / "
        "There is no official list of sprayed areas; only the classes B, C, K and ten communes of Vĩnh Linh.",
        "Chữ không nhận ra thì không kết luận. / A word that is not known decides nothing.",
    ),
)
def served_where_it_was_sprayed(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the place names B, C, K or a commune of Vĩnh Linh; not met where it names the North and nothing else."""
    found = scan(cases["place"].fillna(cases["unit"]), law.lists("places"))
    southern = found[list(_SOUTHERN)].any(axis="columns")
    northern = found["north"] & ~found["undecided"] & nothing_left(found["rest"])
    decided = pd.Series(pd.NA, index=cases.index, dtype="boolean").mask(northern.fillna(False), False)
    return decided.mask(southern | eq(cases["claim"], "child").fillna(False), True).mask(cases["claim"].isna())


@served_where_it_was_sprayed.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    where, unit = cases["place"].fillna(cases["unit"]), cases["unit"].where(cases["place"].notna())
    vi, en = "Danh sách ghi địa bàn " + quoted(where), "The list gives the area as " + quoted(where)
    return pd.DataFrame(
        {
            "reason_vi": vi + ", không phải chiến trường B, C, K hoặc xã thuộc Vĩnh Linh theo quy định; cần xác minh.",
            "reason_en": en + ", which is not in B, C, K or a commune of Vĩnh Linh; to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    ("Danh sách ghi đơn vị " + quoted(unit) + "; đơn vị có thể đã hoạt động ở nơi khác.").where(
                        unit.notna(), ""
                    ),
                    ("The list names the unit " + quoted(unit) + "; it may have operated elsewhere.").where(
                        unit.notna(), ""
                    ),
                ),
            ),
        }
    )


@rule(
    id="AO_UNIT_CODE_ONLY",
    programmes=("agent_orange",),
    basis=("nd31.ao", "tt05.ao", "nd131.54.1", "nd131.55"),
    parameters=("places", "unit_codes"),
    reads=("claim", "unit", "place", "papers", "note"),
    ground="unit_code_only",
    tier="C",
    false_is="undetermined",
    title_vi="Chỉ có ký hiệu, hòm thư đơn vị, chưa có địa bàn",
    title_en="Only a unit code, no area",
    condition_vi="Biết địa bàn hoạt động; chỉ nêu khi danh sách chỉ có ký hiệu, hòm thư đơn vị chưa giải mã.",
)
def area_is_known(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether an area is written; not so where there is an undeciphered code or letter-box and nothing else."""
    words = law.lists("unit_codes")
    unit, place = (cases[name].mask(says_none(cases[name])) for name in ("unit", "place"))
    code_only = (_coded(unit, words) | unit.isna()) & (_coded(place, words) | place.isna())
    code_only = code_only & (unit.notna() | place.notna())
    where = place.mask(_coded(place, words)).fillna(unit)
    named = scan(where, law.lists("places"))[list(_SOUTHERN)].any(axis="columns")
    explained = _deciphered(cases["papers"], words) | _deciphered(cases["note"], words)
    decided = pd.Series(pd.NA, index=cases.index, dtype="boolean").mask(code_only & ~named, False)
    decided = decided.mask(named | explained | eq(cases["claim"], "child").fillna(False), True)
    return decided.mask(cases["claim"].isna())


@area_is_known.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    where = cases["unit"].fillna(cases["place"])
    vi, en = "Danh sách chỉ ghi " + quoted(where), "The list gives only " + quoted(where)
    return pd.DataFrame(
        {
            "reason_vi": vi + ", chưa có địa bàn; cơ quan đề nghị Bộ Chỉ huy quân sự tỉnh giải mã (Mẫu số 37).",
            "reason_en": en + " and no area; the office asks the Provincial Military Command to decipher it (Form 37).",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


def _coded(where: Column, words: dict[str, tuple[str, ...]]) -> Truth:
    """Whether a text is an undeciphered unit code or letter-box and nothing else; False where it is null."""
    pattern = _codes(tuple((name, words[name]) for name in ("prefixes", "small_units", "large_units", "undeciphered")))
    known = set(map(fold, words["known"]))
    codes, distinct = pd.factorize(where)
    folded = [re.sub(r"\b(ht|dv)(?=\d)", r"\1 ", fold(str(text))) for text in distinct.to_numpy("object")]
    answers = [plain not in known and pattern.match(plain) is not None for plain in folded]
    return pd.Series(pd.array([*answers, False], dtype="boolean").take(codes), index=where.index)


@cache
def _codes(words: tuple[tuple[str, tuple[str, ...]], ...]) -> re.Pattern[str]:
    """What a folded text of codes alone looks like.

    Numbers behind a word for codes (`hom thu 79 606 yk`, `don vi 571 ht 92`, `c2 d4 ht 92 571 tb04`), a bare number
    that is no year, or any numbered unit that is said to be undeciphered.
    """
    prefix, small, large, mark = (_one_of(phrases) for _, phrases in words)
    number = r"\d+[a-z]{0,2}(?: (?:\d+[a-z]{0,2}|[a-z]{2,3}\d+))*(?: [a-z]{1,2})?"
    company = rf"{small} ?\d{{1,3}}"
    coded = rf"(?:{company} )*(?:{number} )?{prefix} {number}(?: {prefix} {number})*(?: {company})*(?: {mark})*"
    bare = rf"(?!19\d\d(?: |$))(?:\d{{4,}}|\d{{2,3}} \d{{3}})(?: ?[a-z]{{1,2}})?(?: {mark})*"
    marked = rf"(?:(?:{large}|{prefix}) )?{number}(?: {mark})+"
    return re.compile(rf"(?:{coded}|{bare}|{marked})$")


def _one_of(phrases: tuple[str, ...]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(map(fold, phrases), key=len, reverse=True))) + ")"


def _deciphered(column: Column, words: dict[str, tuple[str, ...]]) -> Truth:
    column = column.where(may_say(column, words["deciphered"]))
    found = scan(column, {"deciphered": words["deciphered"], "not_yet": words["undeciphered"]})
    return (found["deciphered"] & ~found["not_yet"]).fillna(False)


def _in_the_period(cases: pd.DataFrame, law: Parameters) -> str:
    return law.period("service_period")[1].isoformat()


def _says_the_period(cases: pd.DataFrame, law: Parameters) -> Column:
    start, end = law.period("service_period")
    said = f"hồ sơ gốc cho thấy có tham gia trong khoảng {start:%d/%m/%Y} – {end:%d/%m/%Y}"
    return pd.Series(said, index=cases.index, dtype=TEXT)


def _says_the_period_en(cases: pd.DataFrame, law: Parameters) -> Column:
    start, end = law.period("service_period")
    return pd.Series(f"original papers show service between {start} and {end}", index=cases.index, dtype=TEXT)


for _who in ("office", "citizen"):
    would_be(
        served_in_the_period,
        _who,
        vi=_says_the_period,
        en=_says_the_period_en,
        service_from=_in_the_period,
        service_to=_in_the_period,
    )
for _rule, _vi, _en in (
    (
        served_where_it_was_sprayed,
        "hồ sơ gốc hoặc Bộ Chỉ huy quân sự tỉnh cho biết có thời gian ở chiến trường B, C, K",
        "the file or the Provincial Military Command shows service in B, C or K",
    ),
    (
        area_is_known,
        "Bộ Chỉ huy quân sự tỉnh giải mã phiên hiệu, thời gian, địa bàn (Mẫu số 37)",
        "the Provincial Military Command deciphers unit, time and area (Form 37)",
    ),
):
    would_be(_rule, "office", vi=_vi, en=_en, place=lambda cases, law: law.lists("places")["south"][0])
would_be(
    served_where_it_was_sprayed,
    "citizen",
    vi="giấy tờ gốc ghi có thời gian ở chiến trường B, C, K",
    en="an original paper gives service in B, C or K",
    place=lambda cases, law: law.lists("places")["south"][0],
)
