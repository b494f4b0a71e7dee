"""The relief of 2020: once 1.5 million to merit and assistance, 0.75 to the poor; a month 1.8 or 1.0 to workers."""

from datetime import date

import pandas as pd
import pytest

from eligibility_audit.rules.assess import cases_frame, import_rules
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import RULES

RIGHT, WRONG, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("group", "months", "amount", "expected"),
    [
        pytest.param("NCC", 3, 1_500_000, RIGHT, id="merit"),
        pytest.param("Người có công", None, 1_500_000, RIGHT, id="merit, months not written"),
        pytest.param("NCC", 3, 500_000, WRONG, id="merit, one month only"),
        pytest.param("BTXH", 3, 3_000_000, WRONG, id="assistance, twice"),
        pytest.param("Hộ nghèo", 3, 750_000, RIGHT, id="poor"),
        pytest.param("Cận nghèo", 3, 1_500_000, WRONG, id="near-poor paid as merit"),
        pytest.param("NLĐ tạm hoãn HĐ", 2, 3_600_000, RIGHT, id="a worker, two months"),
        pytest.param("NLĐ tạm hoãn HĐ", 2, 5_400_000, WRONG, id="a worker, two months paid as three"),
        pytest.param("NLĐ tạm hoãn HĐ", None, 5_400_000, RIGHT, id="a worker, months not known: three fit"),
        pytest.param("NLĐ tạm hoãn HĐ", 4, 7_200_000, UNKNOWN, id="more months than there are"),
        pytest.param("LĐ tự do", 1, 1_000_000, RIGHT, id="informal work"),
        pytest.param("Hộ KD", 3, 3_000_000, RIGHT, id="a household business"),
        pytest.param("GV ngoài CL", 1, 1_800_000, UNKNOWN, id="the province's own scheme"),
        pytest.param("Nghèo phát sinh", 3, 1_000_000, UNKNOWN, id="became poor later: the province's own scheme"),
        pytest.param("NCC", 3, None, UNKNOWN, id="no amount"),
        pytest.param(None, 3, 750_000, UNKNOWN, id="no group"),
    ],
)
def test_the_rate_of_the_group(
    group: str | None, months: int | None, amount: int | None, expected: bool | None
) -> None:
    import_rules()
    made = RULES["CV_AMOUNT"]
    line = {"record_id": "r-0", "source_file": "a.csv", "source_sheet": "", "dossier_no": None, "group": group}
    line |= {"scheme": None}
    text = {name: pd.array([value], dtype="string[pyarrow]") for name, value in line.items()}
    whole = {"source_row": 2, "months": months, "amount": amount}
    records = pd.DataFrame({**text, **{name: pd.array([value], dtype="Int64") for name, value in whole.items()}})
    law = made.law(LawPack.load("covid_relief"), date(2020, 12, 31))
    found = made.decide(cases_frame(records, [], [made]), law).iloc[0]
    assert (None if pd.isna(found) else bool(found)) is expected
