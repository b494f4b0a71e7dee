"""Validating: every failing record is named, results hold counts only, unknown is not wrong."""

import dataclasses
import itertools
import subprocess
import sys
from datetime import date
from typing import Any

import pandas as pd
import pytest

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.quality import Validation, validate_batch, validate_kind, validation
from tests.quality.conftest import MakeRecords

AS_OF = date(2020, 12, 31)


def failing(found: Validation, code: str) -> list[Any]:
    """The source rows that fail an expectation."""
    return found.failures.loc[found.failures["code"] == code, "source_row"].tolist()


def result(found: Validation, code: str) -> tuple[int, int]:
    return next((r.evaluated, r.failed) for r in found.results if r.code == code)


def test_importing_the_package_does_not_import_great_expectations() -> None:
    code = "import sys, eligibility_audit.quality; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_list_of_which_nothing_is_known_is_asked_every_question(make_records: MakeRecords) -> None:
    blank = dict.fromkeys(("name", "date_of_birth", "sex", "national_id", "commune", "commune_code"))
    found = validate_batch("agent_orange", make_records("agent_orange", [blank, blank]), AS_OF)
    assert len(found.results) == len(validation.suite("agent_orange"))
    assert all(r.evaluated in (0, 1, 2) for r in found.results)


CASES = [
    pytest.param("AO-V-010", {"name": "Thử"}, True, id="a name of one word"),
    pytest.param("AO-V-010", {"name": "Đỗ Thử"}, False, id="a name of two words"),
    pytest.param("AO-V-011", {"name": "Đỗ Thị Thử 2"}, True, id="a digit in the name"),
    pytest.param("AO-V-011", {"name": "Y Đôn H'Thử-Mai"}, False, id="apostrophe and hyphen belong to names"),
    pytest.param("AO-V-012", {"name": "NguyÔn V¨n Thö"}, True, id="a name left in TCVN3"),
    pytest.param("AO-V-012", {"name": "Nguyeãn Vaên Thöû"}, True, id="a name left in VNI"),
    pytest.param("AO-V-012", {"name": "Đặng Ưỡng Ỷ Ôn Ễ Ừ Õ Ã Ũ Ý"}, False, id="letters of Vietnamese"),
    pytest.param("AO-V-013", {"hidden": True}, True, id="a hidden row"),
    pytest.param("AO-V-020", {"received_date_of_birth": "", "date_of_birth": None}, True, id="birth cell blank"),
    pytest.param("AO-V-020", {"received_date_of_birth": "-", "date_of_birth": None}, True, id="birth cell a dash"),
    pytest.param("AO-V-020", {"date_of_birth": None}, False, id="no birth column: said once, of the sheet"),
    pytest.param("AO-V-021", {"received_date_of_birth": "31/02/1950", "date_of_birth": None}, True, id="birth unread"),
    pytest.param("AO-V-021", {"received_date_of_birth": "1950", "date_of_birth": "1950"}, False, id="birth read"),
    pytest.param("AO-V-021", {"received_date_of_birth": "...", "date_of_birth": None}, False, id="dots are blank"),
    pytest.param("AO-V-022", {"date_of_birth": "2020-12-31"}, False, id="born on the day of the review"),
    pytest.param("AO-V-022", {"date_of_birth": "2021-01-01"}, True, id="born the day after"),
    pytest.param("AO-V-022", {"date_of_birth": "1905"}, False, id="115 years old"),
    pytest.param("AO-V-022", {"date_of_birth": "1904"}, True, id="116 years old"),
    pytest.param("AO-V-022", {"date_of_birth": None}, False, id="birth unknown"),
    pytest.param("AO-V-025", {"sex": None}, True, id="sex unknown"),
    pytest.param("AO-V-030", {"received_national_id": "không có", "national_id": None}, True, id="says: no id"),
    pytest.param("AO-V-031", {"received_national_id": "không có", "national_id": None}, False, id="no id is read"),
    pytest.param("AO-V-031", {"received_national_id": "3,4E+10", "national_id": None}, True, id="id lost in Excel"),
    pytest.param("AO-V-032", {"national_id": "034150000001"}, False, id="id well formed"),
    pytest.param("AO-V-032", {"national_id": "099150000001"}, True, id="id of no province"),
    pytest.param("AO-V-033", {"national_id": "123456789"}, True, id="id a filler"),
    pytest.param("AO-V-033", {"national_id": "150000000"}, True, id="id almost all zeros"),
    pytest.param("AO-V-033", {"national_id": "151234567"}, False, id="id no filler"),
    pytest.param("AO-V-034", {"sex": "M"}, True, id="id of a woman, sex M"),
    pytest.param("AO-V-034", {"sex": None}, False, id="id of a woman, sex unknown"),
    pytest.param("AO-V-035", {"date_of_birth": "1951"}, True, id="id of 1950, born 1951"),
    pytest.param("AO-V-035", {"date_of_birth": None}, False, id="id of 1950, birth unknown"),
    pytest.param("AO-V-040", {"commune": None, "commune_code": None}, True, id="commune unknown"),
    pytest.param("AO-V-041", {"commune": None, "commune_code": None}, False, id="no commune is not an unclear one"),
    pytest.param("AO-V-041", {"commune_code": None}, True, id="commune named, not found or ambiguous"),
    pytest.param("AO-V-050", {"received_dossier_no": ""}, True, id="dossier number blank"),
    pytest.param("AO-V-060", {"received_decision_date": "??/2010", "decision_date": None}, True, id="decision unread"),
    pytest.param("AO-V-061", {"decision_date": "2021"}, True, id="decision of next year"),
    pytest.param("AO-V-062", {"decision_date": "1950-03-11"}, True, id="decided before the birth"),
    pytest.param("AO-V-062", {"decision_date": "1950"}, False, id="decided in the year of birth"),
    pytest.param("AO-V-064", {"start_month": "2021-01"}, False, id="paid from next month"),
    pytest.param("AO-V-064", {"start_month": "2021-02"}, True, id="paid from the month after next"),
    pytest.param("AO-V-065", {"start_month": "2010-01", "decision_date": "2014-01-01"}, True, id="paid 4 years before"),
    pytest.param(
        "AO-V-065", {"start_month": "2010-01", "decision_date": "2012-01-01"}, False, id="paid 2 years before"
    ),
    pytest.param("AO-V-066", {"start_month": "2012-01", "decision_date": "2010-01-01"}, True, id="paid 2 years after"),
    pytest.param("AO-V-066", {"start_month": "2010-01", "decision_date": "2012-01-01"}, False, id="paid before"),
    pytest.param("AO-V-070", {"received_monthly_amount": ""}, True, id="amount blank"),
    pytest.param("AO-V-071", {"received_monthly_amount": "như cũ"}, True, id="amount in words"),
    pytest.param("AO-V-072", {"monthly_amount": 99_999}, True, id="amount below the range"),
    pytest.param("AO-V-072", {"monthly_amount": 100_000}, False, id="amount at its lower end"),
    pytest.param("AO-V-072", {"monthly_amount": 20_000_000}, False, id="amount at its upper end"),
    pytest.param("AO-V-072", {"monthly_amount": 20_000_001}, True, id="amount above the range"),
    pytest.param("AO-V-081", {"percent": 100.0}, False, id="100 percent"),
    pytest.param("AO-V-081", {"percent": 100.5}, True, id="more than 100 percent"),
    pytest.param("AO-V-081", {"percent": None}, False, id="percent unknown"),
    pytest.param("AO-V-100", {"claim": "veteran", "received_service_from": ""}, True, id="veteran, service blank"),
    pytest.param("AO-V-100", {"claim": "child", "received_service_from": ""}, False, id="child, service blank"),
    pytest.param("AO-V-100", {"claim": None, "received_service_from": ""}, True, id="claim unknown, service blank"),
    pytest.param("AO-V-101", {"received_service": "đến 1975", "service_to": "1975"}, False, id="an end alone is read"),
    pytest.param("AO-V-101", {"received_service": "thời chống Mỹ"}, True, id="service in words"),
    pytest.param("AO-V-102", {"service_from": "1970", "service_to": "1969-12"}, True, id="service ends first"),
    pytest.param("AO-V-102", {"service_from": "1970-05", "service_to": "1970"}, False, id="service in one year"),
    pytest.param("AO-V-104", {"service_from": "1961"}, True, id="served at eleven"),
    pytest.param("AO-V-104", {"service_from": "1962"}, False, id="served at twelve, perhaps"),
    pytest.param("AO-V-110", {"claim": None}, True, id="veteran or child unknown"),
    pytest.param("SA-V-122", {"coefficient": 15.0}, True, id="a decimal comma lost"),
    pytest.param("SA-V-122", {"coefficient": 1.5}, False, id="a coefficient"),
    pytest.param("CV-V-132", {"months": 3}, False, id="three months"),
    pytest.param("CV-V-132", {"months": 4}, True, id="four months"),
    pytest.param("CV-V-132", {"months": 0}, True, id="no month"),
    pytest.param("CV-V-137", {"paid_on": "2019-12-31"}, True, id="paid before 2020"),
    pytest.param("DE-V-153", {"died_on": "2021-01-01"}, True, id="died after the review"),
    pytest.param("DE-V-154", {"died_on": "1950"}, False, id="died in the year of birth"),
    pytest.param("DE-V-154", {"died_on": "1949"}, True, id="died before the birth"),
    pytest.param("DE-V-155", {"date_of_birth": "1890", "died_on": "2010"}, True, id="died at 119"),
    pytest.param("DE-V-155", {"died_on": "1949"}, False, id="died before the birth: not too old"),
    pytest.param("DE-V-157", {"died_on": "2019-05-02", "registered_on": "2019-05-01"}, True, id="registered first"),
    pytest.param("DE-V-157", {"died_on": "2019-05-02", "registered_on": "2019-05-02"}, False, id="registered that day"),
    pytest.param("PH-V-141", {"household_class": None}, True, id="class of household unknown"),
    pytest.param("PH-V-144", {"household_no": "H1", "household_size": 2}, True, id="two said, one read"),
    pytest.param("PH-V-144", {"household_no": "H2", "household_size": 1}, False, id="one said, one read"),
    pytest.param("PH-V-144", {"household_no": "H3", "household_size": None}, False, id="size unknown"),
    pytest.param("SV-V-104", {"service_from": "1955"}, True, id="soldier at five"),
    pytest.param("FI-V-184", {"received_finding_text": " "}, True, id="a finding without words"),
    pytest.param("FI-V-183", {"conclusion_date": "1989"}, True, id="a conclusion of 1989"),
    pytest.param("PE-V-162", {"received_pension_kind": ""}, True, id="kind of pension blank"),
    pytest.param("ME-V-090", {"group": None}, True, id="group unknown"),
]
KIND_OF = {code[:2]: kind for kind in KINDS for code in (validation.suite(kind)[0].code,)}


@pytest.fixture(scope="module")
def answers(make_records: MakeRecords) -> dict[int, bool]:
    """All cases asked together, kind by kind; whether each fails what it is a case of. Both kinds of text column."""
    failed = {}
    for kind, text in zip(KINDS, itertools.cycle(["str", "string[pyarrow]"])):
        cases = [(n, case.values) for n, case in enumerate(CASES) if KIND_OF[str(case.values[0])[:2]] == kind]
        rows: list[dict[str, Any]] = [{**dict(row), "source_row": n} for n, (_, row, _) in cases]  # type: ignore[misc, call-overload]
        rows = [{"national_id": f"0341500{n:05d}", "household_no": f"H-{n}", **row} for n, row in enumerate(rows)]
        found = validate_batch(kind, make_records(kind, rows, text), AS_OF)
        for n, (code, _, _) in cases:  # type: ignore[misc]
            failed[n] = n in failing(found, str(code))
    return failed


@pytest.mark.parametrize(
    ("number", "expected"), [pytest.param(n, c.values[2], id=f"{c.values[0]}: {c.id}") for n, c in enumerate(CASES)]
)
def test_what_fails_and_what_does_not(number: int, expected: bool, answers: dict[int, bool]) -> None:
    assert answers[number] is expected


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few questions of each sort only: asking all of them again and again takes long."""
    numbers = ("003", "012", "021", "025", "034", "051", "144")
    whole = validation.suite
    monkeypatch.setattr(validation, "suite", lambda kind: tuple(e for e in whole(kind) if e.code[-3:] in numbers))


def test_all_failing_rows_are_named_not_the_first_200(make_records: MakeRecords) -> None:
    rows = [{"national_id": f"0990500{n:05d}", "sex": "F", "received_national_id": "x"} for n in range(1000)]
    found = validate_batch("agent_orange", make_records("agent_orange", rows), AS_OF)
    for code in ("AO-V-032", "AO-V-034"):
        assert result(found, code) == (1000, 1000)
        assert failing(found, code) == list(range(7, 1007))


@pytest.mark.usefixtures("few")
def test_batches_are_put_together_and_repetitions_seen_across_them(
    make_records: MakeRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[dict[str, Any]] = [{"dossier_no": f"HH/{n}", "sex": None} for n in range(10)]
    rows[9]["dossier_no"] = "HH/0"
    records = make_records("merit_other", rows)
    whole = validate_batch("merit_other", records, AS_OF)
    monkeypatch.setattr(validation, "BATCH_ROWS", 6)
    in_parts = validate_batch("merit_other", records, AS_OF)
    assert failing(whole, "ME-V-051") == [7, 16]
    assert in_parts.results == whole.results
    pd.testing.assert_frame_equal(in_parts.failures, whole.failures)


@pytest.mark.usefixtures("few")
def test_files_asked_together_answer_as_if_asked_alone(make_records: MakeRecords) -> None:
    rows = [
        {"source_file": "a.xlsx", "dossier_no": "1", "sex": None, "received_sex": ""},
        {"source_file": "b.xlsx", "dossier_no": "1", "national_id": "000150000001"},
        {"source_file": "a.xlsx", "dossier_no": "2", "sex": "M"},
        {"source_file": "b.xlsx", "dossier_no": "1"},
    ]
    records = make_records("merit_other", rows)
    together = validate_kind("merit_other", records, AS_OF)
    assert [found.source_file for found in together] == ["a.xlsx", "b.xlsx"]
    for found in together:
        alone = validate_batch("merit_other", records[records["source_file"] == found.source_file], AS_OF)
        assert alone.results == found.results
        pd.testing.assert_frame_equal(alone.failures, found.failures)
    assert [failing(found, "ME-V-051") for found in together] == [[], [8, 10]]


def test_a_missing_column_is_said_once_for_each_sheet(make_records: MakeRecords) -> None:
    rows = [
        {"source_sheet": "Xã A", "received_national_id": "1"},
        {"source_sheet": "Xã A", "received_national_id": ""},
        {"source_sheet": "Xã B", "received_national_id": None},
        {"source_sheet": "Xã B", "received_national_id": None},
    ]
    found = validate_batch("agent_orange", make_records("agent_orange", rows), AS_OF)
    assert result(found, "AO-V-003") == (2, 1)
    line = found.failures[found.failures["code"] == "AO-V-003"].iloc[0]
    assert (line["source_sheet"], line["column"]) == ("Xã B", "national_id")
    assert pd.isna(line["source_row"])
    assert pd.isna(line["record_id"])
    assert result(found, "AO-V-030") == (2, 1)


def test_a_birth_date_split_over_columns_is_one_cell(make_records: MakeRecords) -> None:
    rows = [
        {"received_birth_if_male": "", "received_birth_if_female": "1950"},
        {"received_birth_if_male": "", "received_birth_if_female": "", "date_of_birth": None},
        {"received_birth_if_male": "chưa rõ năm", "received_birth_if_female": "", "date_of_birth": None},
    ]
    found = validate_batch("covid_relief", make_records("covid_relief", rows), AS_OF)
    assert result(found, "CV-V-002") == (1, 0)
    assert failing(found, "CV-V-020") == [8]
    assert failing(found, "CV-V-021") == [9]


def test_members_of_one_cell_are_neither_blank_nor_repeated_lines(make_records: MakeRecords) -> None:
    rows = [
        {"member": 0, "line": "một hộ", "household_no": "H1", "household_size": 2, "received_national_id": "x"},
        {"member": 1, "line": "một hộ", "household_no": "H1", "national_id": None, "received_national_id": "x"},
    ]
    found = validate_batch("poor_households", make_records("poor_households", rows), AS_OF)
    assert [failing(found, code) for code in ("PH-V-014", "PH-V-031", "PH-V-144", "PH-V-145")] == [[], [], [], []]


def test_values_stand_in_the_failures_and_nowhere_else(make_records: MakeRecords) -> None:
    rows = [{"name": "Canary 1 Thử", "national_id": "099150000777", "sex": "M"}]
    found = validate_batch("agent_orange", make_records("agent_orange", rows), AS_OF)
    told = str([dataclasses.asdict(r) for r in found.results])
    assert "Canary" not in told
    assert "099150000777" not in told
    assert "object" not in found.failures.dtypes.astype(str).tolist()
    shown = found.failures.set_index("code")["value"]
    assert (shown["AO-V-011"], shown["AO-V-034"]) == ("Canary 1 Thử", "099150000777 | M")
