"""Months and sums to be made clear (*số tiền cần làm rõ*), never a debt: whole đồng over months that are stated.

A sum is made month by month, each month at the amount of the table in force on its first day (procedure.md, 1). A month
whose amount is not known adds nothing and is counted apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from eligibility_audit.domain.dates import EPOCH
from eligibility_audit.rules.wording import Column, money, text


@dataclass(frozen=True)
class Table:
    """What is paid a month from a day on: đồng by what it is paid for; the same names from table to table."""

    first: date
    amounts: Mapping[str, int]


def month(day: date) -> int:
    """The month of a day: months since January 1970."""
    return (day.year - EPOCH.year) * 12 + day.month - EPOCH.month


def month_of(days: Column) -> Column:
    """The month of each day number (`Int64`, as `month`); null where unknown."""
    known = days.notna().to_numpy()
    months = days.fillna(0).to_numpy("int64").astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    return pd.Series(pd.arrays.IntegerArray(np.where(known, months, 0), ~known), index=days.index)


def month_after(days: Column) -> Column:
    """The first month that is no longer paid after a death: the month of death itself still is.

    Circular 02/2021 (social assistance): the month after. For merit inferred from the survivor's allowance, which runs
    from the month after the death (domain.md, 1.5), to be verified.
    """
    return month_of(days) + 1


def first_run(days: Column, before: int) -> Column:
    """The month of the first pay run that what happened on a day can still change (`Int64`, as `month`).

    The list of increases and decreases reaches the payer before the day `before` of a month, for the run of the next
    month (`list_to_payer_before`); what happens on that day or later misses it.
    """
    known = days.notna().to_numpy()
    each = days.fillna(0).to_numpy("int64").astype("datetime64[D]")
    of_month = (each - each.astype("datetime64[M]")).astype("int64") + 1
    return month_of(days) + 1 + pd.Series(np.where(known & (of_month >= before), 1, 0), index=days.index)


def says_month(months: Column) -> Column:
    """Months as `mm/yyyy`; "" where unknown."""
    codes, distinct = pd.factorize(months)
    texts = [f"{int(m) % 12 + 1:02d}/{EPOCH.year + int(m) // 12}" for m in distinct]
    return pd.Series(pd.array([*texts, ""], dtype="string[pyarrow]").take(codes), index=months.index)


def monthly_sums(
    first: Column, until: Column, amount: Column, tables: Sequence[Table], today: date | None = None
) -> pd.DataFrame:
    """What a monthly amount comes to from a month on to the one before `until`: `Int64` columns months, amount, open.

    `amount`: what the list states, by the table of `today` (null: by any of `tables`, the least where several have it).
    A month of an earlier table counts what was then paid for the same; `open`: months of no known amount, which add
    nothing. Null where a month is not known; `amount` null where the stated amount is not known.
    """
    known = amount.notna() & first.notna() & until.notna()
    begin, end, paid = (c.where(known).fillna(0).astype("int64").to_numpy() for c in (first, until, amount))
    whole = np.maximum(end - begin, 0)
    now = next((n for n in reversed(range(len(tables))) if today is None or tables[n].first <= today), -1)
    distinct, codes = np.unique(paid, return_inverse=True)
    months, total = np.zeros(len(paid), dtype="int64"), np.zeros(len(paid), dtype="int64")
    for n, table in enumerate(tables[: now + 1]):
        starts = _begins(table.first)
        ends = _begins(tables[n + 1].first) if n < now else np.iinfo("int64").max
        here = np.maximum(np.minimum(end, ends) - np.maximum(begin, starts), 0)
        own = today is not None and n == now
        among = tables[now : now + 1] if today is not None else tables
        then = [int(stated) if own else _then(int(stated), among, table) for stated in distinct]
        priced = np.array([price is not None for price in then], dtype=bool)[codes]
        months += np.where(priced, here, 0)
        total += here * np.array([price or 0 for price in then], dtype="int64")[codes]
    unknown = ~known.to_numpy()
    counted = pd.Series(pd.arrays.IntegerArray(months, unknown), index=amount.index)
    total_known = known.to_numpy() & ((months > 0) | (whole == 0))
    dated = (first.notna() & until.notna()).to_numpy()
    every = np.where(dated, np.maximum((until.fillna(0) - first.fillna(0)).to_numpy("int64"), 0), 0)
    return pd.DataFrame(
        {
            "months": counted.where(known, pd.Series(pd.arrays.IntegerArray(every, ~dated), index=amount.index)),
            "amount": pd.Series(pd.arrays.IntegerArray(total, ~total_known), index=amount.index),
            "open": pd.Series(pd.arrays.IntegerArray(whole - months, unknown), index=amount.index),
        }
    )


def says_arrears(owed: pd.DataFrame, today: date) -> tuple[Column, Column]:
    """The clause that tells what is owed (`arrears`), in Vietnamese and English; "" where nothing is known to be."""
    span, count, sum_ = says_month(owed["first"]), text(owed["months"]), money(owed["amount"])
    vi = "; từ tháng " + span + f" đến tháng {today:%m/%Y} (" + count + " tháng) có thể còn được truy lĩnh " + sum_
    en = "; from " + span + f" to {today:%m/%Y} (" + count + " months) " + sum_ + " đồng may be owed to the person"
    known = owed["amount"].notna()
    return (vi + " đồng").where(known, ""), en.where(known, "")


def arrears(paid: Column, due: Column, since: Column, tables: Sequence[Table], today: date) -> pd.DataFrame:
    """What is owed where the list still pays an earlier table's amount (*truy lĩnh*): first (a month), months, amount.

    From the month in which that amount was replaced, or from the first month paid (`since`) where that is later, to the
    month of `today`; each month the amount of its own table less what is paid. Null for any other case, and where the
    first month paid is not known: no list says what was paid in a month of which it does not speak.
    """
    pairs = pd.DataFrame({"paid": paid, "due": due}).astype("Int64")
    codes, distinct = pd.factorize(pd.MultiIndex.from_frame(pairs.fillna(-1)))
    replaced = [_replaced(int(p), int(d), tables, today) for p, d in distinct]
    outdated = pd.Series(pd.array(replaced, dtype="Int64").take(codes), index=paid.index)
    first = outdated.mask((since > outdated).fillna(False), since).mask(since.isna())
    until = pd.Series(month(today) + 1, index=paid.index, dtype="Int64").mask(first.isna())
    sums = monthly_sums(first, until, due, tables, today)
    owed = (sums["amount"] - sums["months"] * paid).astype("Int64")
    known = (owed > 0).fillna(False) & (sums["open"] == 0).fillna(False)
    return pd.DataFrame(
        {"first": first.where(known), "months": sums["months"].where(known), "amount": owed.where(known)}
    )


def _replaced(paid: int, due: int, tables: Sequence[Table], today: date) -> int | None:
    """The month in which `paid` gave way, where it is what an earlier table paid for what `due` is paid for now."""
    so_far = [table for table in tables if table.first <= today]
    for n in reversed(range(len(so_far) - 1)):
        if paid < due and _then(due, so_far[-1:], so_far[n]) == paid:
            return _begins(so_far[n + 1].first)
    return None


def _begins(day: date) -> int:
    """The first month that a table governs: its own, where it is law from the first day of it."""
    return month(day) + (day.day > 1)


def _then(stated: int, among: Sequence[Table], table: Table) -> int | None:
    """What `table` pays for what `stated` is paid for in one of `among`; the least where it may be for several."""
    names = {name for other in among for name, amount in other.amounts.items() if amount == stated}
    return min((table.amounts[name] for name in names & table.amounts.keys()), default=None)
