"""A twelve-digit number codes sex and birth year: PPP C YY SSSSSS; C is 0 or 1 (1900s), 2 or 3 (2000s): man, woman."""

import pytest

from tests.rules.cases import answer, said

AGREES, DIFFERS, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("number", "sex", "born", "expected"),
    [
        pytest.param("034048000001", "M", "1948-05-20", AGREES, id="a man of 1948"),
        pytest.param("034148000001", "M", "1948-05-20", DIFFERS, id="a woman's code with a man"),
        pytest.param("034049000001", "M", "1948", DIFFERS, id="another year"),
        pytest.param("034204000001", "M", "2004-01", AGREES, id="a man of 2004"),
        pytest.param("034304000001", "F", "2004", AGREES, id="a woman of 2004"),
        pytest.param("034148000001", None, "1948", AGREES, id="sex not stated: the year alone"),
        pytest.param("034048000001", "M", None, AGREES, id="birth not stated: the sex alone"),
        pytest.param("034048000001", None, None, UNKNOWN, id="neither stated"),
        pytest.param("150123456", "M", "1948", UNKNOWN, id="nine digits code nothing"),
        pytest.param(None, "M", "1948", UNKNOWN, id="no number is no ground"),
    ],
)
@pytest.mark.parametrize("rule_id", ["AO_ID_INCONSISTENT"])
def test_number_against_sex_and_birth(
    rule_id: str, number: str | None, sex: str | None, born: str | None, expected: bool | None
) -> None:
    assert answer(rule_id, national_id=number, sex=sex, date_of_birth=born) is expected


def test_the_words_say_which_differs_and_what_agrees() -> None:
    words = said("AO_ID_INCONSISTENT", national_id="034149000001")
    assert words["reason_vi"] == (
        "Số định danh 12 chữ số không khớp giới tính và năm sinh (số ghi 1949, danh sách ghi 20/05/1948); "
        "cần xác minh số trên giấy tờ gốc."
    )
    assert "Năm sinh khớp." in str(said("AO_ID_INCONSISTENT", national_id="034148000001")["evidence_against"])


@pytest.mark.parametrize("rule_id", ["ME_ID_INCONSISTENT", "SA_ID_INCONSISTENT"])
def test_the_same_in_the_other_monthly_programmes(rule_id: str) -> None:
    from eligibility_audit.rules.registry import RULES

    assert RULES[rule_id].predicate is RULES["AO_ID_INCONSISTENT"].predicate
