"""What a twelve-digit identity number says of sex and birth year, against what the line says."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.dates import EPOCH
from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import answered, change
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import Rule, rule
from eligibility_audit.rules.wording import Column, dated, item, pieces, text

NUMBER: Final = ("nd137.id", "tt07.id", "tt59.id", "lcc.id")
_PROGRAMMES: Final = {
    "AO_ID_INCONSISTENT": "agent_orange",
    "ME_ID_INCONSISTENT": "merit_other",
    "SA_ID_INCONSISTENT": "social_assistance",
}


def number_agrees(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the number agrees with the sex and the birth year that the line states.

    NA where there is no twelve-digit number, or neither is stated. A number that contradicts is a slip to be mended,
    never more.
    """
    digits = _digits(cases["national_id"])
    sex_agrees = (digits["sex"] == cases["sex"]).mask(digits["sex"].isna() | cases["sex"].isna()).astype("boolean")
    first, last = _year(cases["date_of_birth_first"]), _year(cases["date_of_birth_last"])
    year_agrees = ((first <= digits["year"]) & (digits["year"] <= last)).astype("boolean")
    against = (~sex_agrees).fillna(False) | (~year_agrees).fillna(False)
    known = sex_agrees.notna() | year_agrees.notna()
    return (~against).mask(~known)


def say_number(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    """The contradiction in words: which of the two differs, and which agrees."""
    digits = _digits(cases["national_id"])
    sex = (digits["sex"] != cases["sex"]).fillna(False)
    year = _year(cases["date_of_birth_first"]) != digits["year"]
    year = year.fillna(False)
    born, coded = dated(cases["date_of_birth"]), text(digits["year"])
    vi_sex = pd.Series("giới tính", index=cases.index).where(sex, "")
    vi_year = ("năm sinh (số ghi " + coded + ", danh sách ghi " + born + ")").where(year, "")
    en_year = ("birth year (" + coded + " in the number, " + born + " on the list)").where(year, "")
    both = (sex & year).map({True: " và ", False: ""})
    vi = "Số định danh 12 chữ số không khớp " + vi_sex + both + vi_year
    en = (
        "The 12-digit number does not agree with the "
        + vi_sex.replace("giới tính", "sex")
        + ((sex & year).map({True: " and the ", False: ""}))
    )
    en = en + en_year
    agrees_vi = (
        pd.Series("Giới tính khớp.", index=cases.index)
        .where(~sex, "")
        .mask(sex & ~year & cases["date_of_birth"].notna(), "Năm sinh khớp.")
    )
    agrees_en = agrees_vi.replace({"Giới tính khớp.": "The sex agrees.", "Năm sinh khớp.": "The birth year agrees."})
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cần xác minh số trên giấy tờ gốc.",
            "reason_en": en + "; the number is to be checked on the original.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases, item(cases, agrees_vi, agrees_en)),
        }
    )


def _digits(numbers: Column) -> pd.DataFrame:
    """Sex (`M`/`F`) and birth year (`Int64`) that twelve-digit numbers code; null for any other number."""
    whole = numbers.where(numbers.str.fullmatch(r"\d{12}").fillna(False))
    code = whole.str[3].astype("Int64")
    sex = (code % 2).map({0: "M", 1: "F"}).astype("string[pyarrow]")
    return pd.DataFrame({"sex": sex, "year": 1900 + code // 2 * 100 + whole.str[4:6].astype("Int64")})


def _year(days: Column) -> Column:
    years = days.fillna(0).to_numpy("int64").astype("datetime64[D]").astype("datetime64[Y]").astype("int64")
    found: Column = pd.Series(years + EPOCH.year, index=days.index, dtype="Int64").mask(days.isna())
    return found


def _entered_wrongly(of: Rule) -> None:
    """One of three cells was entered wrongly: the number, the sex, or the birth date."""
    answered(of, "entry", "national_id", vi="số định danh theo căn cước là số khác", en="the card has another number")

    @change(of, "entry", "sex", vi="giới tính theo căn cước như số ghi", en="the card has the sex that the number says")
    def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        return pd.DataFrame({"sex": _digits(cases["national_id"])["sex"]})

    @change(
        of, "entry", "date_of_birth", vi="năm sinh theo căn cước như số ghi", en="the card has the year of the number"
    )
    def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        return pd.DataFrame({"date_of_birth": _digits(cases["national_id"])["year"].astype("string[pyarrow]")})


for _id, _programme in _PROGRAMMES.items():
    _rule = rule(
        id=_id,
        programmes=(_programme,),
        basis=NUMBER,
        reads=("national_id", "sex", "date_of_birth"),
        ground="identity_contradiction",
        tier="C",
        false_is="undetermined",
        title_vi="Số định danh 12 chữ số không khớp giới tính hoặc năm sinh",
        title_en="12-digit number contradicts sex or birth year",
        condition_vi="Số định danh 12 chữ số khớp với giới tính và năm sinh ghi trên danh sách.",
        simplifications=(
            "Năm sinh trên giấy tờ cũ thường lệch một đến ba năm. / Old papers often differ by one to three years.",
        ),
    )(number_agrees)
    _rule.words(say_number)
    _entered_wrongly(_rule)
