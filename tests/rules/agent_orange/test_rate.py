"""The monthly allowance: 21–40, 41–60, 61–80, from 81 %; a child 61–80, from 81 %. Amounts of the day."""

from datetime import date

import pytest

from tests.rules.cases import CHILD, answer, said

RIGHT, WRONG, UNKNOWN = True, False, None
A, B, C, D = 1_234_000, 2_062_000, 2_891_000, 3_703_000  # 2020


@pytest.mark.parametrize(
    ("percent", "amount", "expected"),
    [
        pytest.param(21, A, RIGHT, id="21"),
        pytest.param(40, A, RIGHT, id="40"),
        pytest.param(40.5, A, RIGHT, id="40.5 has not reached 41"),
        pytest.param(40, B, WRONG, id="40 paid as 41–60"),
        pytest.param(41, B, RIGHT, id="41"),
        pytest.param(41, A, WRONG, id="41 paid as 21–40"),
        pytest.param(60, B, RIGHT, id="60"),
        pytest.param(61, C, RIGHT, id="61"),
        pytest.param(80, C, RIGHT, id="80"),
        pytest.param(81, D, RIGHT, id="81"),
        pytest.param(81, D + 815_000, RIGHT, id="81 with the supplement"),
        pytest.param(90, D + 1_624_000 + 1_624_000, RIGHT, id="81 with the special supplement and the serving person"),
        pytest.param(80, C + 815_000, WRONG, id="80 with a supplement"),
        pytest.param(45, B - 1, WRONG, id="one đồng less"),
        pytest.param(20, A, UNKNOWN, id="below the lowest band there is no amount"),
        pytest.param(None, B, UNKNOWN, id="a disease without a rate"),
        pytest.param(45, None, UNKNOWN, id="no amount"),
        pytest.param(45, 0, UNKNOWN, id="nothing is paid"),
    ],
)
def test_a_disease_is_paid_by_its_band(percent: float | None, amount: int | None, expected: bool | None) -> None:
    assert answer("AO_RATE", percent=percent, monthly_amount=amount) is expected


@pytest.mark.parametrize(
    ("percent", "amount", "expected"),
    [
        pytest.param(None, B, RIGHT, id="without a rate: as 41–60"),
        pytest.param(30, B, RIGHT, id="30 %: still as 41–60"),
        pytest.param(60, B, RIGHT, id="60 %"),
        pytest.param(61, B, WRONG, id="61 %: the own band"),
        pytest.param(61, C, RIGHT, id="61 % as 61–80"),
        pytest.param(None, A, WRONG, id="without a rate, underpaid"),
        pytest.param(None, C, UNKNOWN, id="without a rate, more: a rate may stand in the file"),
    ],
)
@pytest.mark.parametrize("basis", ["Vô sinh", "Sinh con dị dạng, dị tật"])
def test_infertility_and_a_deformed_child_are_paid_as_41_to_60(
    basis: str, percent: float | None, amount: int, expected: bool | None
) -> None:
    assert answer("AO_RATE", disease=basis, percent=percent, monthly_amount=amount) is expected


def test_where_the_basis_is_not_known_either_amount_is_right() -> None:
    assert answer("AO_RATE", disease=None, percent=30, monthly_amount=A) is RIGHT
    assert answer("AO_RATE", disease=None, percent=30, monthly_amount=B) is RIGHT
    assert answer("AO_RATE", disease=None, percent=30, monthly_amount=C) is WRONG


@pytest.mark.parametrize(
    ("percent", "amount", "expected"),
    [
        pytest.param(61, 974_000, RIGHT, id="61"),
        pytest.param(80, 974_000, RIGHT, id="80"),
        pytest.param(81, 974_000, WRONG, id="81 paid as 61–80"),
        pytest.param(81, 1_624_000, RIGHT, id="81"),
        pytest.param(60, 974_000, UNKNOWN, id="below 61 there is no amount"),
    ],
)
def test_a_child(percent: float, amount: int, expected: bool | None) -> None:
    assert answer("AO_RATE", CHILD, percent=percent, monthly_amount=amount) is expected


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2019, 7, 1), B),
        (date(2021, 7, 1), B),
        (date(2023, 6, 30), B),
        (date(2023, 7, 1), 2_610_000),
        (date(2024, 7, 1), 3_542_000),
    ],
)
def test_the_table_of_the_day_counts(day: date, amount: int) -> None:
    assert answer("AO_RATE", day=day, monthly_amount=amount) is RIGHT
    assert answer("AO_RATE", day=day, monthly_amount=amount - 1_000) is WRONG


def test_both_directions_and_the_difference_of_one_month() -> None:
    more = said("AO_RATE", percent=30.0, monthly_amount=B)
    assert (more["direction"], more["amount_at_stake"], more["months"]) == ("giảm", B - A, 1)
    less = said("AO_RATE", percent=45.0, monthly_amount=A)
    assert (less["direction"], less["amount_at_stake"]) == ("tăng", B - A)


def test_a_rise_that_was_missed_is_owed_for_its_months() -> None:
    """Still paid by Decree 75 in December 2023: six months since Decree 55, where the start is known."""
    day = date(2023, 12, 31)
    words = said("AO_RATE", day=day, monthly_amount=B, start_month="2010-05")
    assert (words["direction"], words["months"], words["amount_at_stake"]) == ("tăng", 6, 6 * (2_610_000 - B))
    assert "từ tháng 07/2023 đến tháng 12/2023 (6 tháng) có thể còn được truy lĩnh 3.288.000 đồng" in str(
        words["reason_vi"]
    )
    unknown = said("AO_RATE", day=day, monthly_amount=B, start_month=None)
    assert (unknown["months"], unknown["amount_at_stake"]) == (1, 2_610_000 - B)


def test_an_amount_of_an_earlier_table_is_called_so() -> None:
    words = said("AO_RATE", day=date(2023, 12, 31), monthly_amount=B)
    assert "01/07/2021" in str(words["evidence"])
    assert "thuộc bảng" not in str(said("AO_RATE", percent=30.0)["evidence"])
