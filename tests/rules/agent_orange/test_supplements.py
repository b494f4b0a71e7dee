"""From 81 % on: extras need the board's minutes; and what is due and seems not to be paid is a finding too."""

from datetime import date

import pytest

from tests.rules.cases import CHILD, VETERAN, answer, said

MET, NOT_MET, UNKNOWN = True, False, None
TOP, SUPPLEMENT, SPECIAL, SERVING = 3_703_000, 815_000, 1_624_000, 1_624_000
UNRATED = {"percent": None, "received_percent": ""}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param({**UNRATED, "monthly_amount": TOP + SPECIAL}, NOT_MET, id="the special supplement, no rate"),
        pytest.param(
            {**UNRATED, "monthly_amount": TOP + SUPPLEMENT + SERVING}, NOT_MET, id="a serving person, no rate"
        ),
        pytest.param({**UNRATED, "monthly_amount": TOP}, UNKNOWN, id="the allowance alone stays, minutes or not"),
        pytest.param({**UNRATED, "monthly_amount": TOP + SUPPLEMENT}, UNKNOWN, id="the ordinary supplement stays"),
        pytest.param({"percent": 85.0, "monthly_amount": TOP + SPECIAL}, MET, id="a rate is written"),
        pytest.param(
            {**UNRATED, "monthly_amount": TOP + SPECIAL, "note": "BBGĐ 12/2009"},
            MET,
            id="minutes are named in the note",
        ),
        pytest.param(
            {"percent": None, "received_percent": None, "monthly_amount": TOP + SPECIAL}, UNKNOWN, id="no such column"
        ),
    ],
)
def test_extras_rest_on_the_boards_minutes(cells: dict[str, object], expected: bool | None) -> None:
    assert answer("AO_SUPPLEMENT_NO_MINUTES", **cells) is expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param({"note": "Có người phục vụ"}, NOT_MET, id="served, and only the allowance"),
        pytest.param(
            {"note": "Có người phục vụ", "monthly_amount": TOP + SUPPLEMENT}, NOT_MET, id="and the supplement"
        ),
        pytest.param({"note": "Có người phục vụ", "monthly_amount": TOP + SERVING}, MET, id="paid"),
        pytest.param(
            {"note": "Có người phục vụ", "monthly_amount": TOP + SPECIAL}, MET, id="as much as if it were paid"
        ),
        pytest.param({"note": "Có người phục vụ", "serving_record_id": "r-9"}, MET, id="paid on another list"),
        pytest.param({"note": "Không có người phục vụ"}, MET, id="nobody serves"),
        pytest.param({"note": None}, MET, id="nothing said"),
        pytest.param({"note": "Có người phục vụ", "percent": 80.0}, MET, id="80 %"),
        pytest.param({"note": "Có người phục vụ", "monthly_amount": None}, UNKNOWN, id="amount not known"),
    ],
)
def test_who_is_served_at_home_is_owed_the_allowance(cells: dict[str, object], expected: bool | None) -> None:
    line = {"percent": 81.0, "monthly_amount": TOP, **cells}
    assert answer("AO_SERVING_UNPAID", **line) is expected
    if expected is NOT_MET:
        words = said("AO_SERVING_UNPAID", **line)
        assert (words["amount_at_stake"], words["direction"]) == (SERVING, "tăng")


@pytest.mark.parametrize(
    ("line", "cells", "expected"),
    [
        pytest.param(VETERAN, {"monthly_amount": 0}, NOT_MET, id="nought at 45 %"),
        pytest.param(VETERAN, {"monthly_amount": 0, "note": "Tạm dừng từ 5/2020"}, MET, id="the note says why"),
        pytest.param(VETERAN, {"monthly_amount": 0, "percent": 20.0}, MET, id="20 % reaches no band"),
        pytest.param(VETERAN, {"monthly_amount": 0, "percent": 21.0}, NOT_MET, id="21 %"),
        pytest.param(VETERAN, {"monthly_amount": 0, "percent": None, "disease": "Vô sinh"}, NOT_MET, id="infertility"),
        pytest.param(VETERAN, {"monthly_amount": None}, UNKNOWN, id="blank: paid elsewhere, perhaps"),
        pytest.param(CHILD, {"monthly_amount": 0, "percent": 60.0}, MET, id="a child of 60 %"),
        pytest.param(CHILD, {"monthly_amount": 0, "percent": 61.0}, NOT_MET, id="a child of 61 %"),
        pytest.param(VETERAN, {"monthly_amount": 1}, MET, id="anything"),
    ],
)
def test_nought_without_a_reason(line: dict[str, object], cells: dict[str, object], expected: bool | None) -> None:
    assert answer("AO_NOT_PAID", line, **cells) is expected


@pytest.mark.parametrize(
    ("amount", "children", "expected"),
    [
        pytest.param(1_234_000, 1, NOT_MET, id="the lowest band, and an own child is paid"),
        pytest.param(1_234_000, 0, MET, id="no child on the roster"),
        pytest.param(2_062_000, 1, MET, id="41 to 60"),
        pytest.param(None, 1, UNKNOWN, id="amount not known"),
    ],
)
def test_the_parent_of_a_deformed_child_is_paid_as_41_to_60(
    amount: int | None, children: int, expected: bool | None
) -> None:
    day = date(2021, 7, 1)
    assert answer("AO_CHILD_BASIS_UNPAID", day=day, monthly_amount=amount, own_children=children) is expected
    assert said("AO_CHILD_BASIS_UNPAID", day=day)["amount_at_stake"] == 2_062_000 - 1_234_000
