"""The relief of 2020 for any group, months and amount: the rate of one group, the highest, three months at most."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_audit.law.files import Law, law_folder, using
from eligibility_audit.rules.assess import cases_frame, import_rules
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import RULES
from tests.rules.rosters import law

ONCE = {"NCC": 1_500_000, "BTXH": 1_500_000, "Hộ nghèo": 750_000, "Cận nghèo": 750_000}
MONTHLY = {"NLĐ tạm hoãn HĐ": 1_800_000, "Mất việc": 1_000_000, "LĐ tự do": 1_000_000, "Hộ KD": 1_000_000}
DAYS = (date(2020, 4, 24), date(2020, 6, 30), date(2020, 12, 31), date(2025, 12, 31))


def decided(lines: list[dict[str, object]], day: date = date(2020, 12, 31)) -> list[bool | None]:
    import_rules()
    made = RULES["CV_AMOUNT"]
    kinds = dict.fromkeys(("months", "amount", "source_row"), "Int64")
    rows = [
        {"dossier_no": None, "source_file": "a.csv", "source_sheet": "", "source_row": 2, "scheme": None, **line}
        | {"record_id": f"r-{n}"}
        for n, line in enumerate(lines)
    ]
    records = pd.DataFrame(
        {name: pd.array([row[name] for row in rows], dtype=kinds.get(name, "string[pyarrow]")) for name in rows[0]}
    )
    answer = made.decide(cases_frame(records, [], [made]), made.law(LawPack.load("covid_relief"), day))
    return [None if pd.isna(value) else bool(value) for value in answer]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(DAYS), st.none() | st.integers(1, 3), st.integers(-1, 1))
def test_an_amount_is_right_only_at_the_rate_of_its_group(day: date, months: int | None, off: int) -> None:
    amounts = sorted({n * rate + off for rate in (*ONCE.values(), *MONTHLY.values()) for n in (1, 2, 3)})
    lines: list[dict[str, object]] = [
        {"group": group, "months": months, "amount": amount} for group in (*ONCE, *MONTHLY) for amount in amounts
    ]
    expected = []
    for line in lines:
        group, amount = str(line["group"]), line["amount"]
        of_months = [n * MONTHLY.get(group, 0) for n in ((1, 2, 3) if months is None else (months,))]
        expected.append(amount == ONCE[group] if group in ONCE else amount in of_months)
    assert decided(lines, day) == expected


@pytest.mark.parametrize(
    "group",
    [
        "Người có công (hộ nghèo)",
        "NCC thuộc hộ cận nghèo",
        "BTXH - hộ nghèo",
        "Đối tượng bảo trợ xã hội thuộc hộ cận nghèo",
    ],
)
def test_who_is_of_two_groups_is_due_the_higher_amount(group: str) -> None:
    assert decided([{"group": group, "months": 3, "amount": amount} for amount in (1_500_000, 750_000)]) == [
        True,
        False,
    ]


@pytest.mark.parametrize(("group", "name"), [("NCC", "merit"), ("Hộ nghèo", "poor")])
@pytest.mark.parametrize("amount", [1, 500_000, 749_999, 750_000, 1_500_000, 2_000_000])
def test_an_unknown_scheme_at_the_rate_of_the_province_counts_against_nobody(
    group: str, name: str, amount: int, tmp_path: Path
) -> None:
    """A province that helps the same groups at a rate of its own, on a list that does not say which scheme it is."""
    said = f"{{valid_from: 2020-05-01, value: {{{name}: {amount}}}, mark: to_verify, source: thử, "
    said += "last_checked: 2026-12-01}"
    folder = law(tmp_path, {"covid_relief/parameters.yaml": f"scheme_rates:\n  values:\n    - {said}\n"})
    with using(Law((law_folder(folder),))):
        (right, wrong) = decided([{"group": group, "months": 3, "amount": paid} for paid in (amount, 123)])
    assert right is (True if amount == ONCE[group] else None)
    assert wrong is False
