"""Months and sums to be made clear (*số tiền cần làm rõ*), never a debt: whole đồng over months that are stated."""

from datetime import date

import numpy as np
import pandas as pd

from eligibility_audit.rules.wording import Column


def months_after(days: Column, day: date) -> Column:
    """Whole months after the month of each day number, to the month of `day`; never negative, null where unknown.

    The month of death itself is still paid (domain.md, 1.6: inferred from the survivor's allowance, to be verified).
    """
    known = days.notna().to_numpy()
    months = days.fillna(0).to_numpy("int64").astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    passed = (day.year - 1970) * 12 + day.month - 1 - months
    return pd.Series(pd.arrays.IntegerArray(np.maximum(passed, 0), ~known), index=days.index)


def to_clarify(months: Column, amount: Column) -> Column:
    """Months times the monthly amount that the list states (`Int64` đồng); null where either is not known."""
    return (months * amount).astype("Int64")


def pay_run(decided: date, before: int) -> date:
    """The first day of the month whose pay run a decision reaches.

    The list of increases and decreases reaches the payer before the day `before` of a month (`list_to_payer_before`)
    for the run of the next month; one decided on that day or later misses it (procedure.md, 1).
    """
    months = decided.year * 12 + decided.month - 1 + (1 if decided.day < before else 2)
    return date(months // 12, months % 12 + 1, 1)


def says_pay_run(run: date) -> str:
    """The run as lists name it."""
    return f"kỳ chi trả tháng {run:%m/%Y}"
