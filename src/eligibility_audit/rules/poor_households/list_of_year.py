"""A list of poor households means nothing without its year: the standards and the entitlements are those of a year."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, dated, item, money, pieces

STANDARD: Final = ("qd59.standard", "nd07.standard", "nd351.standard")
REVIEW: Final = ("tt17.review", "qd24.review")
_ONCE: Final = (
    "Nêu một lần cho cả danh sách, tại dòng đầu; không phải điều kiện của riêng hộ nào. / "
    "Said once of the whole list, at its first line; it is no condition of any one household.",
)


@rule(
    id="PH_NO_YEAR",
    programmes=("poor_households",),
    basis=(*STANDARD, *REVIEW),
    reads=("list_day", "opens_list"),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Danh sách hộ nghèo, cận nghèo không ghi năm",
    title_en="A list of poor households without a year",
    condition_vi="Danh sách ghi ngày hoặc năm rà soát.",
    simplifications=_ONCE,
)
def list_says_its_year(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the title, the sheet or the file says of which day or year the list is; asked of its first line."""
    return cases["list_day"].notna().astype("boolean").mask(~cases["opens_list"], True)


@list_says_its_year.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Tiêu đề, tên trang và tên tệp của danh sách không ghi ngày, năm rà soát"
    en = "Neither title, sheet nor file of the list says its day or year"
    return pd.DataFrame(
        {
            "reason_vi": pd.Series(vi + "; chưa biết áp dụng chuẩn nghèo của giai đoạn nào.", cases.index, dtype=TEXT),
            "reason_en": en + "; by which standard it was made is not known.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


@rule(
    id="PH_OTHER_YEAR",
    programmes=("poor_households",),
    basis=(*STANDARD, *REVIEW),
    parameters=("standards", "list_months"),
    reads=("list_last", "opens_list"),
    shows=("list_day",),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Danh sách hộ nghèo, cận nghèo không phải của năm đang xét",
    title_en="A list of poor households that is not of the year under review",
    condition_vi="Danh sách cuối năm trước dùng cho năm sau, đến ngày rà soát chưa quá số tháng quy định.",
    simplifications=(
        *_ONCE,
        "Danh sách chỉ ghi năm được tính đến hết năm đó. / A list that gives only a year is counted to its end.",
    ),
)
def list_is_of_the_year(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the list serves the day under review: not older than the months that one review serves."""
    age = _months_since(cases["list_last"], law)
    return (age <= law.whole("list_months")).astype("boolean").mask(~cases["opens_list"], True)


@list_is_of_the_year.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    day = f"{law.day:%d/%m/%Y}"
    vi = "Danh sách ghi " + dated(cases["list_day"]) + ", xét tại ngày " + day
    en = "The list is of " + dated(cases["list_day"]) + ", the review of " + day
    standard = _standard(law)
    return pd.DataFrame(
        {
            "reason_vi": vi + "; " + standard + ", danh sách của năm khác không cho biết hộ có còn thuộc diện không.",
            "reason_en": en + "; a list of another year does not say whether a household still is poor.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Khoản chi một lần năm 2020 vẫn xét theo danh sách ngày 31/12/2019.",
                    "The one-off relief of 2020 is judged by the list of 31 December 2019 all the same.",
                ),
            ),
        }
    )


def _standard(law: Parameters) -> str:
    """The income below which a household is poor on the day, in words."""
    limits = law.amounts("standards")
    if not limits:
        return "mức chuẩn nghèo của ngày xét chưa tìm thấy"
    rural, urban = money(pd.Series([limits["poor_rural"], limits["poor_urban"]], dtype="Int64"))
    return f"chuẩn thu nhập của ngày xét là {rural} đồng (nông thôn), {urban} đồng (thành thị)"


def _months_since(last: Column, law: Parameters) -> Column:
    """Whole months from the list's day to the day under review, begun ones not counted; null where unknown."""
    days = last.fillna(day_number(law.day)).to_numpy("int64").astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype("int64")
    day_of_month = (days - days.astype("datetime64[M]")).astype("int64") + 1
    passed = (law.day.year - 1970) * 12 + law.day.month - 1 - months - (day_of_month > law.day.day)
    return pd.Series(np.asarray(passed), index=last.index, dtype="Int64").mask(last.isna())


would_be(
    list_says_its_year,
    "office",
    vi="quyết định phê duyệt danh sách ghi ngày của kỳ rà soát",
    en="the decision on the list gives the day of the review",
    list_day=lambda cases, law: f"{law.day.year - 1}-12-31",
)
would_be(
    list_is_of_the_year,
    "office",
    vi="có danh sách của kỳ rà soát cuối năm liền trước ngày xét",
    en="there is the list of the review at the end of the year before",
    list_last=lambda cases, law: day_number(date(law.day.year - 1, 12, 31)),
)
