"""The page an officer reads, and the files beside it."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from eligibility_audit.quality import Validation, validate_kind, write_validation
from tests.quality.conftest import MakeRecords

AS_OF = date(2020, 12, 31)


@pytest.fixture(scope="module")
def validations(make_records: MakeRecords) -> list[Validation]:
    rows = [
        {"source_file": f"rosters/{n % 10}.xlsx", "name": f"Canary <b>{n}</b>", "sex": None, "dossier_no": "=1+1"}
        for n in range(40)
    ]
    found = validate_kind("agent_orange", make_records("agent_orange", rows), AS_OF)
    return found + validate_kind("deaths", make_records("deaths", [{"source_sheet": ""}]), AS_OF)


@pytest.fixture(scope="module")
def folder(validations: list[Validation], tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("run") / "validation"
    write_validation(place, validations)
    return place


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def lines(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel needs the byte order mark"
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_files_of_the_folder(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {"agent_orange.csv", "deaths.csv", "summary.csv", "index.html"}


def test_every_failing_record_is_in_the_csv(folder: Path, validations: list[Validation]) -> None:
    written = lines(folder / "agent_orange.csv")
    assert len(written) == sum(len(v.failures) for v in validations if v.kind == "agent_orange")
    assert sum(line["code"] == "AO-V-025" for line in written) == 40
    assert {line["source_row"] for line in written if line["code"] == "AO-V-025"} == {str(n) for n in range(7, 47)}


def test_the_summary_says_what_passed_too(folder: Path, validations: list[Validation]) -> None:
    written = lines(folder / "summary.csv")
    assert len(written) == sum(len(v.results) for v in validations)
    assert {line["failed"] for line in written} > {"0"}


def test_a_value_is_no_formula_for_a_spreadsheet(folder: Path) -> None:
    repeated = [line["value"] for line in lines(folder / "agent_orange.csv") if line["column"] == "dossier_no"]
    assert all(not value.startswith(("=", "+", "@")) for value in repeated)


def test_the_page_fetches_nothing(page: str) -> None:
    assert not re.search(r"https?:|//[a-z]|<script|<link|@import|url\(", page)
    assert set(re.findall(r'href="([^"#][^"]*)"', page)) <= {"agent_orange.csv", "deaths.csv", "summary.csv"}


def test_the_page_names_places_and_holds_no_values(page: str) -> None:
    assert "Canary" not in page
    assert "rosters/0.xlsx" in page
    assert "trang “Xã A”: dòng 7, 17, 27, 37" in page


def test_the_page_says_severity_in_words_and_what_to_do_in_both_languages(page: str) -> None:
    for text in ("Cần sửa", "Cần xem lại", "Để biết", "To correct", "To look at", "To know"):
        assert text in page
    assert "Việc cần làm" in page
    assert "Biết giới tính." in page
    assert "The sex is known." in page


def test_names_of_files_are_text_on_the_page(make_records: MakeRecords, tmp_path: Path) -> None:
    rows = [{"source_file": "<script>x</script>.xlsx", "sex": None}]
    write_validation(tmp_path, validate_kind("pensions", make_records("pensions", rows), AS_OF))
    assert "<script>" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_same_validations_give_the_same_bytes(folder: Path, validations: list[Validation], tmp_path: Path) -> None:
    write_validation(tmp_path, validations)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_a_run_without_records_has_a_page(tmp_path: Path) -> None:
    write_validation(tmp_path, [])
    assert "Không có bản ghi nào" in (tmp_path / "index.html").read_text(encoding="utf-8")
