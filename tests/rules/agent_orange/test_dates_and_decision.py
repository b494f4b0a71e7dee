"""Dates in an order that cannot be; the decision, and the month from which it pays (Decree 131/2021, Article 59)."""

from datetime import date

import pytest

from tests.rules.cases import CHILD, VETERAN, answer, said

MET, NOT_MET, UNKNOWN = True, False, None
IN_2023 = date(2023, 12, 31)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        pytest.param("1968-02", "1968-01", NOT_MET, id="the month before"),
        pytest.param("1968-02", "1968-02", MET, id="the same month"),
        pytest.param("1968-12", "1968", MET, id="some day of the year"),
        pytest.param("1968", "1967", NOT_MET, id="the year before"),
        pytest.param("1968", None, UNKNOWN, id="no end"),
    ],
)
def test_service_ends_after_it_begins(since: str, until: str | None, expected: bool | None) -> None:
    assert answer("AO_SERVICE_REVERSED", service_from=since, service_to=until) is expected
    assert answer("AO_SERVICE_REVERSED", CHILD, service_from=since, service_to=until) is MET


@pytest.mark.parametrize(
    ("born", "since", "expected"),
    [
        pytest.param("1968-03-01", "1968-02", NOT_MET, id="born after the month it began"),
        pytest.param("1968-02-29", "1968-02", MET, id="in the same month: not impossible on its face"),
        pytest.param("1968", "1968-02", MET, id="some day of the year is before"),
        pytest.param("1975-05-01", None, NOT_MET, id="born after the period of the law"),
        pytest.param("1975-04-30", None, MET, id="on its last day"),
        pytest.param(None, "1968", UNKNOWN, id="birth not known"),
    ],
)
def test_nobody_serves_before_being_born(born: str | None, since: str | None, expected: bool | None) -> None:
    assert answer("AO_SERVICE_BEFORE_BIRTH", date_of_birth=born, service_from=since) is expected


@pytest.mark.parametrize(
    ("decided", "since", "expected"),
    [
        pytest.param("1999-12-31", None, NOT_MET, id="decided before there was a law"),
        pytest.param("2000-01-01", "2000-01", MET, id="in its first year"),
        pytest.param("2001", "1999-12", NOT_MET, id="paid from before there was a law"),
        pytest.param(None, None, UNKNOWN, id="neither is known"),
    ],
)
def test_nothing_is_decided_before_the_programme(decided: str | None, since: str | None, expected: bool | None) -> None:
    assert answer("AO_BEFORE_PROGRAMME", decision_date=decided, start_month=since) is expected


@pytest.mark.parametrize(
    ("decided", "since", "expected"),
    [
        pytest.param("2022-05-31", "2022-06", NOT_MET, id="the month after the decision"),
        pytest.param("2022-05-31", "2022-05", MET, id="the month of the decision"),
        pytest.param("2022-05-31", "2022-03", MET, id="the month of the board's minutes"),
        pytest.param("2022", "2022-12", MET, id="the decision's month is not known"),
        pytest.param("2022-05-31", None, UNKNOWN, id="no month given"),
    ],
)
def test_who_is_paid_late_may_be_owed_months(decided: str, since: str | None, expected: bool | None) -> None:
    assert answer("AO_START_LATE", day=IN_2023, decision_date=decided, start_month=since) is expected


def test_the_months_surely_lacking_are_counted_for_the_person() -> None:
    words = said(
        "AO_START_LATE", day=IN_2023, decision_date="2022-05-31", start_month="2022-08", monthly_amount=1_562_000
    )
    assert (words["months"], words["amount_at_stake"], words["direction"]) == (
        3,
        3 * 1_234_000,
        "tăng",
    )  # the table of 2022, not that of 2023


@pytest.mark.parametrize(
    ("disease", "since", "expected"),
    [
        pytest.param("Vô sinh", "2022-04", NOT_MET, id="infertility, the month before"),
        pytest.param("Vô sinh", "2022-05", MET, id="infertility, the month of the decision"),
        pytest.param("Vô sinh, đái tháo đường", "2022-04", MET, id="a disease goes to the board"),
        pytest.param("Đái tháo đường", "2022-04", MET, id="a disease"),
        pytest.param(None, "2022-04", UNKNOWN, id="basis not known"),
    ],
)
def test_without_a_board_the_month_is_that_of_the_decision(
    disease: str | None, since: str, expected: bool | None
) -> None:
    line = {"disease": disease, "decision_date": "2022-05-10", "start_month": since}
    assert answer("AO_START_EARLY", VETERAN, IN_2023, **line) is expected
    words = said("AO_START_EARLY", VETERAN, IN_2023, **line)
    assert words["direction"] == "giảm"
