"""What the digits of a Vietnamese national id say: form, sex, birth year.

Nine digits (CMND) say nothing of the person. Twelve (CCCD) are `PPP C YY SSSSSS`: province of birth registration,
century and sex (0/1 for 1900-1999 men/women, 2/3 for 2000-2099 and so on), year of birth, serial; there is no check
digit. All 63 codes of before the mergers of 2025 stay valid. An id that does not fit is an error of data to be looked
up, never a ground against the person.

Each function takes columns of one index and answers with numpy truth, True where nothing contradicts.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility_audit.standardise.places import province_codes

Bools = npt.NDArray[np.bool_]
CENTURIES = "0123"  # 1900-1999 and 2000-2099: nobody in these lists was born outside them


def is_well_formed(ids: "pd.Series[Any]") -> Bools:
    """Nine digits; or twelve with a known province code and a century that has come. Null counts as well formed."""
    provinces = province_codes()

    def fits(text: str) -> bool:
        if not (text.isascii() and text.isdigit()):
            return False
        return len(text) == 9 or (len(text) == 12 and text[:3] in provinces and text[3] in CENTURIES)

    return over_distinct(ids, fits, missing=True)


def agrees_with_sex(ids: "pd.Series[Any]", sex: "pd.Series[Any]") -> Bools:
    """The fourth of twelve digits is even for `M`, odd for `F`. True where the id or the sex says nothing."""
    says = over_distinct(ids, lambda text: int(text[3]) % 2 if _is_twelve(text) else -1, missing=-1)
    has = over_distinct(sex, lambda text: {"M": 0, "F": 1}.get(text, -1), missing=-1)
    return np.asarray((says < 0) | (has < 0) | (says == has))


def agrees_with_birth_year(ids: "pd.Series[Any]", dates_of_birth: "pd.Series[Any]") -> Bools:
    """The year in twelve digits is the year of the date (ISO to its precision). True where either is unknown."""
    says = over_distinct(ids, lambda text: birth_year(text) if _is_twelve(text) else -1, missing=-1)
    has = over_distinct(dates_of_birth, lambda text: int(text[:4]) if text[:4].isdigit() else -1, missing=-1)
    return np.asarray((says < 0) | (has < 0) | (says == has))


def birth_year(twelve: str) -> int:
    """The year of birth that a 12-digit id states."""
    return 1900 + 100 * (int(twelve[3]) // 2) + int(twelve[4:6])


def over_distinct(column: "pd.Series[Any]", answer: Callable[[str], Any], missing: Any) -> npt.NDArray[Any]:
    """`answer` of each value, asked once for each distinct one; `missing` where the value is null."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, distinct = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, distinct = pd.factorize(column, use_na_sentinel=True)
    texts = distinct.astype("str").to_numpy(dtype=object)  # an Arrow array is slow to walk through
    answers = np.array([*map(answer, texts), missing])  # code -1 takes the last
    return answers[codes]


def _is_twelve(text: str) -> bool:
    return len(text) == 12 and text.isascii() and text.isdigit()
