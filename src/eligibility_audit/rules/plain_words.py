"""The words of a rule whose evidence is one sentence on the case's own line."""

from typing import TypeAlias

import pandas as pd

from eligibility_audit.rules.wording import TEXT, Column, item, pieces

Said: TypeAlias = "Column | str"


def plain_words(
    cases: pd.DataFrame,
    vi: Said,
    en: Said,
    *,
    against: tuple[Said, Said] = ("", ""),
    asks: tuple[str, str] = ("; cần xác minh.", "; to be verified."),
) -> pd.DataFrame:
    """`vi`, `en`: what the list says, without a full stop; `asks` ends the reason. `against`: what may explain it.

    Returns reason_vi, reason_en, evidence, evidence_against, one row a case.
    """
    in_vi, in_en = _column(vi, cases), _column(en, cases)
    return pd.DataFrame(
        {
            "reason_vi": in_vi + asks[0],
            "reason_en": in_en + asks[1],
            "evidence": pieces(cases, item(cases, in_vi + ".", in_en + ".")),
            "evidence_against": pieces(cases, item(cases, *against)),
        }
    )


def _column(said: Said, cases: pd.DataFrame) -> Column:
    return pd.Series(said, index=cases.index, dtype=TEXT) if isinstance(said, str) else said.astype(TEXT)
