"""What each programme pays a month, table by table, as far as the law known here reaches."""

from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Final

import pandas as pd
from pydantic import TypeAdapter

from eligibility_audit.rules.money import Table, month, monthly_sums
from eligibility_audit.rules.parameters import LawPack, Parameters, Value

PRICED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "agent_orange": ("allowances",),
    "merit_other": ("standard_allowance",),
    "social_assistance": ("base", "base_of_province"),
}
CUT_OFF: Final = "list_to_payer_before"
_HALVES: Final = range(1, 13)  # a coefficient is a whole number of halves


def tables(programme: str, law: Parameters) -> tuple[Table, ...]:
    """The tables of a programme up to the day of `law`, which must have its parameters (`PRICED_BY`)."""
    return {"agent_orange": allowances, "merit_other": _standard, "social_assistance": bases}[programme](law)


def owed_between(programme: str, monthly: int, first: date, until: date) -> int | None:
    """What is owed when payment goes on in the month of `until` and should have from that of `first`: đồng.

    `monthly`: what the list stated, by any table so far. Each month counts the amount of its own table, as every sum
    does (`money.monthly_sums`); the amount as stated where no table moved in between, or none is known of the
    programme. None where the tables moved and do not say what a month was then paid.
    """
    whole = max(month(until) - month(first), 0)
    if programme not in PRICED_BY:
        return monthly * whole
    known = tables(programme, LawPack.load(programme).at(until, PRICED_BY[programme]))
    now = [table for table in known if table.first <= first][-1:]
    stated = [table for table in known if monthly in table.amounts.values()]
    if not any(first < table.first < until for table in known) and (not stated or now == stated[-1:]):
        return monthly * whole
    begin, end, amount = (pd.Series([each], dtype="Int64") for each in (month(first), month(until), monthly))
    found = monthly_sums(begin, end, amount, known)
    return None if found["open"].iloc[0] else int(str(found["amount"].iloc[0]))


def allowances(law: Parameters, *, later: bool = False) -> tuple[Table, ...]:
    """Agent Orange: each amount by its name, and from 81 % on with what is paid on top; `later`: tables to come too."""
    values = law.every("allowances") if later else law.so_far("allowances")
    return tuple(
        Table(value.valid_from, with_extras(TypeAdapter(dict[str, int]).validate_python(value.value)))
        for value in values
    )


def with_extras(amounts: Mapping[str, int]) -> dict[str, int]:
    """The amounts of a table, with those from 81 % on that hold a supplement or the serving person's allowance."""
    found = dict(amounts)
    for extra, serving in product(("", "suppl_81", "suppl_81_special"), ("", "serving_person")):
        names = [name for name in ("ao_81", extra, serving) if name]
        found["+".join(names)] = sum(amounts[name] for name in names)
    return found


def bases(law: Parameters) -> tuple[Table, ...]:
    """Social assistance: whole halves of the base, the province's own where that is higher."""
    declared = [law.so_far("base"), law.so_far("base_of_province")]
    days = sorted({value.valid_from for values in declared for value in values if value.valid_from <= law.day})
    found = []
    for day in days:
        base = max(_whole(values, day) for values in declared)
        found.append(Table(day, {str(n / 2): base * n // 2 for n in _HALVES} if base else {}))
    return tuple(found)


def _whole(values: list[Value], day: date) -> int:
    on = [value for value in values if value.valid_from <= day]
    return TypeAdapter(int).validate_python(on[-1].value) if on else 0


def _standard(law: Parameters) -> tuple[Table, ...]:
    """People with merit: no table of amounts is here, only the standard they move with; one table since it last did."""
    values = law.so_far("standard_allowance")
    now = TypeAdapter(int).validate_python(values[-1].value)
    if not now:  # not known: what the list states is of its own month alone
        return (Table(law.day.replace(day=1), {}),)
    since = values[-1].valid_from
    for value in reversed(values):
        if value.value != now:
            break
        since = value.valid_from
    return (Table(since, {}),)
