"""Two allowances that may stand together, each in its own measure (Ordinance 02/2020, Articles 6(3) and 30(1)d)."""

import pytest

from tests.rules.cases import answer, said

MET, NOT_MET, UNKNOWN = True, False, None
MIDDLE, HIGHER = 2_062_000, 2_891_000
TOP, SUPPLEMENT, SERVING = 3_703_000, 815_000, 1_624_000


@pytest.mark.parametrize(
    ("status", "own", "amount", "expected"),
    [
        pytest.param("sick_soldier", "ao_other_basis", HIGHER, NOT_MET, id="bệnh binh, a deformed child, 61 to 80"),
        pytest.param("sick_soldier", "ao_other_basis", MIDDLE, MET, id="bệnh binh, a deformed child, 41 to 60"),
        pytest.param("invalid", "ao_other_basis", HIGHER, MET, id="thương binh is not limited"),
        pytest.param("sick_soldier", "ao_disease", HIGHER, MET, id="a disease: another rule"),
        pytest.param(None, None, HIGHER, MET, id="one list alone"),
        pytest.param("sick_soldier", "ao_other_basis", None, UNKNOWN, id="amount not known"),
    ],
)
def test_a_sick_soldier_with_a_deformed_child_is_paid_the_middle_band(
    status: str | None, own: str | None, amount: int | None, expected: bool | None
) -> None:
    found = answer("X_BB_AO_RATE", paid_status=status, paid_own_status=own, monthly_amount=amount)
    assert found is expected
    assert said("X_BB_AO_RATE", monthly_amount=HIGHER, paid_record_id="r-9")["amount_at_stake"] == HIGHER - MIDDLE


@pytest.mark.parametrize(
    ("amount", "other", "expected"),
    [
        pytest.param(TOP + SUPPLEMENT + SERVING, "serving", NOT_MET, id="both lines pay one"),
        pytest.param(TOP + SUPPLEMENT, "serving", MET, id="this line pays none"),
        pytest.param(TOP + SERVING, "serving", MET, id="it may be the special supplement, which is as much"),
        pytest.param(TOP + SUPPLEMENT + SERVING, None, MET, id="no other line"),
        pytest.param(TOP + SUPPLEMENT + SERVING, "invalid", MET, id="the other line is for no serving person"),
    ],
)
def test_one_serving_persons_allowance(amount: int, other: str | None, expected: bool | None) -> None:
    cells = {"serving_record_id": "r-9" if other else None, "serving_status": other}
    assert answer("X_SERVING_TWICE", monthly_amount=amount, **cells) is expected
