"""The figures of the report of 2020 come out of its counts, and each says what is inferred."""

import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.domain.report_figures import Poverty, parse_counts, poverty_figures, recompute
from eligibility_audit.errors import UsageError
from eligibility_audit.use_cases.report_figures import show_figures

REPORT: dict[str, Any] = {
    "year": 2020,
    "relief": {"persons": 208_496, "total": 270_000_000_000, "total_is_upper": True},
    "provincial_relief": [
        {"group": "giáo viên, nhân viên, người lao động", "persons": 2_901, "rate": 1_800_000},
        {"group": "nhân khẩu hộ nghèo, cận nghèo phát sinh", "persons": 54, "rate": 750_000},
    ],
    "online": {"received": 749, "by_level": {"mức 3": 180, "mức 4": 232}},
    "procedures": {"total": 110, "online_by_level": {"mức 4": 28, "mức 3": 30}},
    "poverty": {
        "decrease": 17_061,
        "decrease_percent": "52.76",
        "first_year": 2015,
        "first_rate": "5.27",
        "last_year": 2020,
        "last_rate": "2.35",
    },
}


@pytest.mark.parametrize(
    ("code", "value", "inferred"),
    [
        pytest.param("provincial_relief_total", "5262300000", True, id="2,901 x 1.8 m + 54 x 0.75 m: over 5.2 bn"),
        pytest.param("relief_mean", "1294989", True, id="nearly 270 bn for 208,496: at most 1.295 m in the mean"),
        pytest.param("online_share", "55.0", False, id="412 of 749"),
        pytest.param("procedures_online", "58", False, id="28 + 30 of 110"),
        pytest.param("poor_households_base", "32337", True, id="17,061 is 52.76 %"),
        pytest.param("poor_households_end", "15276", True, id="what is left"),
        pytest.param("poverty_points_a_year", "0.58", False, id="5.27 to 2.35 in five years"),
    ],
)
def test_figures_of_the_report(code: str, value: str, inferred: bool) -> None:
    figure = {figure.code: figure for figure in recompute(parse_counts(REPORT, "2020.yaml"))}[code]
    assert (figure.value, figure.inferred) == (value, inferred)
    assert ("suy ra" in figure.vi) == ("nferred" in figure.en) == inferred


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_the_true_base_is_within_the_range_that_a_rounded_share_allows(decrease: int, more: int) -> None:
    base = decrease + more
    percent = Decimal(math.floor(Fraction(decrease * 10_000, base) + Fraction(1, 2))) / 100
    if percent <= Decimal("0.01"):
        return
    said = poverty_figures(Poverty(decrease=decrease, decrease_percent=percent.quantize(Decimal("0.01"))))[0].vi
    least, most = (int(part.replace(".", "")) for part in said.split("(từ ")[1].split(";")[0].split(" đến "))
    assert least <= base <= most


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"online": {"received": 10, "by_level": {"mức 3": 11}}}, id="more online than received"),
        pytest.param({"poverty": {"first_year": 2015, "first_rate": "5"}}, id="half of the rates"),
        pytest.param({"poverty": {"decrease": 5}}, id="a decrease without its share"),
        pytest.param({"relief": {"persons": 0, "total": 1}}, id="nobody"),
        pytest.param({"povrty": {}}, id="an unknown key"),
    ],
)
def test_counts_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        parse_counts({"year": 2020, **wrong}, "2020.yaml")


def test_the_command_says_each_figure_and_how_it_comes_about(tmp_path: Path) -> None:
    file = tmp_path / "counts.yaml"
    file.write_text("year: 2020\nonline: {received: 749, by_level: {mức 3: 180, mức 4: 232}}\n", encoding="utf-8")
    assert "(180 + 232) : 749 = 412/749 = 55,0 %" in show_figures(file)
    with pytest.raises(UsageError, match="không có tệp"):
        show_figures(tmp_path / "none.yaml")
