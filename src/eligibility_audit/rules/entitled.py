"""Who was on a monthly roster, or on the list of poor households, in time for the COVID-19 relief and is not paid it.

A table to look into, not findings: who refused, moved, died or stands under another spelling is not told apart here, no
case sees it, and nothing is proposed from it. Who is on the relief's list is read generously (`facts/listed.py`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.dates import day_number, span
from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.rules.facts.candidates import located
from eligibility_audit.rules.facts.households import LEAST_MEMBERS, LEAST_PAID
from eligibility_audit.rules.facts.list_days import list_days
from eligibility_audit.rules.facts.listed import MONTHLY, RELIEF_BEGAN, on_list
from eligibility_audit.rules.facts.people import NONE, Mask, People, gather_people
from eligibility_audit.rules.parameters import LawPack, Parameters

TEXT: Final = "string[pyarrow]"
RELIEF: Final = "covid_relief"
LIST: Final = "poor_households"
GROUP: Final = {"agent_orange": "merit", "merit_other": "merit", "social_assistance": "social_assistance"}
_PARAMETERS: Final = ("monthly_day", "list_days", "relief")
_OF_RECORD: Final = ("dossier_no", "name", "date_of_birth", "national_id", "commune", "district")
COLUMNS: Final = {
    "programme": TEXT,
    "district": TEXT,
    "commune": TEXT,
    "dossier_no": TEXT,
    "name": TEXT,
    "date_of_birth": TEXT,
    "national_id": TEXT,
    "relief_group": TEXT,
    "relief_amount": "Int64",  # đồng, once
    "decided": TEXT,  # the day of the decision, of the first month, or of the list
    "record_id": TEXT,
    "source_file": TEXT,
    "source_sheet": TEXT,
    "source_row": "Int64",
}


def entitled_not_paid(records_by_kind: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row a line of a roster that seems to have been left out; columns `COLUMNS`, by programme and place.

    Only communes where most of the roster is on the relief's list, who was surely on the roster by then (a decision or
    a first month before `monthly_day`; a list of the day the law names), and of whom no list of deaths has the like.
    """
    roster = records_by_kind.get(RELIEF)
    nothing = pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    if roster is None or roster.empty or as_of < RELIEF_BEGAN:
        return nothing
    people = gather_people(records_by_kind)
    found = located(people, pairs)
    law = LawPack.load(RELIEF).at(as_of, _PARAMETERS)
    parts = [
        _left_out(records_by_kind[kind], kind, people, found, law)
        for kind in (*MONTHLY, LIST)
        if kind in records_by_kind and len(records_by_kind[kind])
    ]
    if not parts:
        return nothing
    every = pd.concat(parts, ignore_index=True)
    every = every.sort_values(["programme", "district", "commune", "source_file", "source_sheet", "source_row"])
    return every.reindex(columns=list(COLUMNS)).astype(COLUMNS).reset_index(drop=True)


def note(table: pd.DataFrame) -> str | None:
    """One sentence for the report, with the number of each programme; None where the table is empty."""
    if table.empty:
        return None
    counts = table["programme"].value_counts().sort_index()
    vi = ", ".join(f"{KINDS[str(kind)].vi} {number}" for kind, number in counts.items())
    en = ", ".join(f"{KINDS[str(kind)].en} {number}" for kind, number in counts.items())
    return (
        f"Có tên trên danh sách kịp hưởng hỗ trợ COVID-19 mà chưa thấy trên danh sách chi: {vi}; cần tra cứu, có thể "
        f"đã nhận dưới tên ghi khác, chuyển đi hoặc tự nguyện không nhận (tệp entitled_not_paid.csv) / On a list in "
        f"time for the COVID-19 relief and not on the list of payments: {en}; to be looked up, they may have been paid "
        "under another spelling, have moved or refused (entitled_not_paid.csv)"
    )


def _left_out(records: pd.DataFrame, kind: str, people: People, pairs: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    own = people.of(kind)
    paid = on_list(people, pairs, own, people.of(RELIEF))[own]
    dead = on_list(people, pairs, own, people.of("deaths"))[own]
    lines = records.reset_index(drop=True)
    decided, group = _in_time(lines, kind, law)
    unit, named = people.unit[own], (people.name != NONE)[own]
    wanted = decided.notna().to_numpy() & group.notna().to_numpy()
    left = wanted & named & ~paid & ~dead & _reached(unit, wanted, paid)
    out = lines.loc[left, [name for name in _OF_RECORD if name in lines]].assign(
        programme=kind,
        relief_group=group[left],
        relief_amount=group[left].map(law.amounts("relief")).astype("Int64"),
        decided=decided[left],
        record_id=lines["record_id"][left],
    )
    together: pd.DataFrame = pd.concat([out, lines.loc[left, ["source_file", "source_sheet", "source_row"]]], axis=1)
    return together


def _in_time(lines: pd.DataFrame, kind: str, law: Parameters) -> tuple["pd.Series[str]", "pd.Series[str]"]:
    """What shows that a line was on its list in time, null where nothing does; and the group of the relief."""
    if kind == LIST:
        days = list_days(lines)
        return days.where(days.isin(law.words("list_days"))), lines["household_class"].astype(TEXT)
    limit = day_number(law.day_of("monthly_day"))
    said: pd.Series[str] = pd.Series(pd.NA, index=lines.index, dtype=TEXT)
    for column in ("decision_date", "start_month"):
        day = lines[column].astype(TEXT)
        said = said.fillna(day.where((span(day)["last"] < limit).fillna(False).to_numpy("bool")))
    return said, pd.Series(GROUP[kind], index=lines.index, dtype=TEXT)


def _reached(unit: "np.ndarray[tuple[Any, ...], np.dtype[Any]]", wanted: Mask, paid: Mask) -> Mask:
    """Lines of communes most of whose lines in time are on the relief's list."""
    known = wanted & (unit != NONE)
    shares = pd.DataFrame({"unit": unit[known], "paid": paid[known]}).groupby("unit")["paid"].agg(["mean", "size"])
    units = shares.index[(shares["mean"] >= LEAST_PAID) & (shares["size"] >= LEAST_MEMBERS)]
    return np.asarray(np.isin(unit, units) & (unit != NONE))
