"""The papers of a veteran: one on time and place, made before 1/1/2000."""

import pytest

from tests.rules.cases import CHILD, VETERAN, answer, frame, said

MET, NOT_MET, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("dates", "undated", "expected"),
    [
        pytest.param("1999-12-31", 0, MET, id="the last day in time"),
        pytest.param("2000-01-01", 0, NOT_MET, id="the first day too late"),
        pytest.param("1999", 0, MET, id="1999, day not known"),
        pytest.param("2000", 0, NOT_MET, id="some day of 2000"),
        pytest.param("2009-12-26;1980-06-06", 0, MET, id="a late one and an early one"),
        pytest.param("2009-12-26;2011", 0, NOT_MET, id="two late ones"),
        pytest.param("2009-12-26", 1, UNKNOWN, id="a late one and one without a date"),
        pytest.param("1980", 1, MET, id="an early one and one without a date"),
        pytest.param("2009-12-26", None, UNKNOWN, id="how many have no date is not known"),
        pytest.param(None, 1, UNKNOWN, id="no date"),
        pytest.param(None, 0, UNKNOWN, id="no paper"),
    ],
)
def test_a_paper_made_before_2000(dates: str | None, undated: int | None, expected: bool | None) -> None:
    assert answer("AO_PAPER_LATE", paper_dates=dates, undated_papers=undated) is expected


def test_a_birth_certificate_may_be_of_any_day() -> None:
    assert answer("AO_PAPER_LATE", CHILD, paper_dates="2012", undated_papers=0) is MET


def test_the_reason_names_the_paper_and_the_cut_off() -> None:
    words = said("AO_PAPER_LATE", papers="Bản khai", paper_dates="2010-10-12")
    assert words["reason_vi"] == (
        "Giấy tờ “Bản khai” lập ngày 12/10/2010, không trước 01/01/2000; cần giấy tờ xác lập trước ngày đó."
    )


@pytest.mark.parametrize(
    ("papers", "received", "asked"),
    [
        pytest.param(None, "", True, id="blank"),
        pytest.param(None, "  ", True, id="only spaces"),
        pytest.param("Không có", "Không có", True, id="says there is none"),
        pytest.param(None, "chưa có", True, id="says not yet"),
        pytest.param(None, "-", True, id="a dash"),
        pytest.param("Giấy X Y Z", "Giấy X Y Z", False, id="a paper without a date"),
        pytest.param(None, None, False, id="the sheet has no such column"),
        pytest.param(None, "12/5/1980", False, id="only a date is written"),
    ],
)
def test_a_missing_paper_is_asked_for_only_where_the_cell_says_so(
    papers: str | None, received: str | None, asked: bool
) -> None:
    from datetime import date

    import pandas as pd

    from eligibility_audit.rules.assess import _findings, cases_frame, import_rules
    from eligibility_audit.rules.parameters import LawPack
    from eligibility_audit.rules.registry import RULES

    import_rules()
    rule = RULES["AO_PAPER_MISSING"]
    line = {**VETERAN, "papers": papers, "received_papers": received, "paper_dates": None}
    cases = cases_frame(frame(line), [], [rule])
    found: pd.DataFrame = _findings(cases, [rule], LawPack.load("agent_orange"), date(2020, 12, 31), b"k")
    assert list(found["outcome"]) == (["undetermined"] if asked else [])


def test_a_date_alone_is_a_paper() -> None:
    assert answer("AO_PAPER_MISSING", papers=None, paper_dates="1980") is MET


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(
            {"papers": "Giấy ra viện (05/03/1980)", "paper_dates": "1980-03-05"}, NOT_MET, id="recorded in 1980"
        ),
        pytest.param({"papers": "Giấy ra viện (30/04/1975)", "paper_dates": "1975-04-30"}, MET, id="on the last day"),
        pytest.param({"papers": "Giấy ra viện (01/05/1975)", "paper_dates": "1975-05-01"}, NOT_MET, id="the day after"),
        pytest.param({"papers": "Giấy ra viện (1975)", "paper_dates": "1975"}, UNKNOWN, id="some day of 1975"),
        pytest.param(
            {"papers": "Quyết định phục viên (1980)", "paper_dates": "1980"}, UNKNOWN, id="no medical paper is named"
        ),
        pytest.param(
            {"papers": "Giấy ra viện", "paper_dates": None, "undated_papers": 1}, UNKNOWN, id="the paper has no date"
        ),
        pytest.param(
            {
                "disease": "Thần kinh ngoại biên cấp tính, K phổi",
                "papers": "Giấy ra viện (1980)",
                "paper_dates": "1980",
            },
            MET,
            id="another disease of the list",
        ),
        pytest.param({"disease": "K phổi"}, MET, id="another disease"),
    ],
)
def test_acute_neuropathy_was_recorded_by_april_1975(cells: dict[str, object], expected: bool | None) -> None:
    line = {"disease": "Bệnh thần kinh ngoại biên cấp tính", "undated_papers": 0, **cells}
    assert answer("AO_NEUROPATHY_PAPER", **line) is expected
