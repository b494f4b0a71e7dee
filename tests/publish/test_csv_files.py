"""CSV files: columns to the letter, the same bytes, nothing that a spreadsheet runs."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit import publish
from eligibility_audit.publish.contracts import FRACTION, WHOLE

TEXT = "string[pyarrow]"


def written(frame: pd.DataFrame, columns: tuple[str, ...], folder: Path) -> list[list[str]]:
    path = folder / "file.csv"
    publish.write_csv(frame, path, columns)
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def texts(*values: str | None) -> pd.DataFrame:
    return pd.DataFrame({"raw": pd.Series(values, dtype=TEXT)})


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param(
            publish.RECONCILIATION,
            "source_file, source_sheet, lines, records, rejects, not_person, persons",
            id="reconciliation.csv",
        ),
        pytest.param(
            publish.REJECTS, "source_file, source_sheet, source_row, stage, code, message, raw", id="rejects.csv"
        ),
        pytest.param(
            publish.LINKS,
            "left_record_id, left_file, left_sheet, left_row, right_record_id, right_file, right_sheet, right_row, "
            "match_probability, match_weight, comparisons",
            id="links.csv",
        ),
        pytest.param(
            publish.FINDINGS,
            "finding_id, case_id, record_id, rule_id, programme, outcome, evidence_tier, law_mark, source_file, "
            "source_sheet, source_row, reason_vi, reason_en, legal_basis, evidence, evidence_against, "
            "amount_at_stake, months",
            id="findings.csv",
        ),
        pytest.param(
            publish.RECOMMENDATIONS,
            "recommendation_id, case_id, record_id, action, legal_act, act_basis, evidence_tier, law_mark, programme, "
            "source_file, source_sheet, source_row, dossier_no, name, date_of_birth, national_id, commune, district, "
            "finding_ids, rule_ids, reason_vi, reason_en, legal_basis, evidence_for, evidence_against, "
            "identity_agrees, identity_differs, verify_with, question_vi, who_first, due_on, due_basis, direction, "
            "monthly_amount, amount_to_clarify, months, least_change",
            id="recommendations.csv",
        ),
    ],
)
def test_the_columns_are_those_that_other_tools_are_built_on(
    columns: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    assert ", ".join(columns) == expected
    assert written(pd.DataFrame(), columns, tmp_path) == [expected.split(", ")]


def test_a_missing_column_comes_empty_and_another_is_left_out(tmp_path: Path) -> None:
    frame = pd.DataFrame({"lines": [5], "source_file": ["a.csv"], "secret": ["x"]})
    assert written(frame, publish.RECONCILIATION, tmp_path)[1] == ["a.csv", "", "5", "", "", "", ""]


def test_excel_sees_utf_8_and_lines_end_with_a_line_feed(tmp_path: Path) -> None:
    publish.write_csv(texts("Đặng Thị Ỷ"), tmp_path / "a.csv", ("raw",))
    assert (tmp_path / "a.csv").read_bytes() == '\ufeff"raw"\n"Đặng Thị Ỷ"\n'.encode()


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        pytest.param("months", pd.Series([3, None], dtype="Int64"), ["3", ""], id="whole numbers and nulls"),
        pytest.param("months", pd.Series([3.0, float("nan")]), ["3", ""], id="whole numbers that came as fractions"),
        pytest.param(
            "amount_to_clarify", pd.Series([-829_000, 0]), ["-829000", "0"], id="money below zero is a number"
        ),
        pytest.param("match_weight", pd.Series([-5.25, -0.0]), ["-5.25", "0"], id="no minus before zero"),
        pytest.param(
            "match_probability", pd.Series([0.12345678, 0.000001]), ["0.123457", "0.000001"], id="six decimals"
        ),
        pytest.param("flag", pd.Series([True, None], dtype="boolean"), ["true", ""], id="truth"),
    ],
)
def test_numbers_have_one_form(column: str, values: "pd.Series[object]", expected: list[str], tmp_path: Path) -> None:
    rows = written(pd.DataFrame({column: values, "raw": "x"}), (column, "raw"), tmp_path)
    assert [row[0] for row in rows[1:]] == expected


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_a_spreadsheet_would_run_stands_behind_an_apostrophe(sign: str, tmp_path: Path) -> None:
    assert written(texts(f"{sign}1+1", "1+1", "a=b"), ("raw",), tmp_path)[1:] == [[f"'{sign}1+1"], ["1+1"], ["a=b"]]


def test_ids_sheets_and_files_are_texts_too(tmp_path: Path) -> None:
    frame = pd.DataFrame({"source_file": ["-x.csv"], "source_sheet": ["=1+1"], "raw": ["+84 9"]}, dtype=TEXT)
    assert written(frame, publish.REJECTS, tmp_path)[1] == ["'-x.csv", "'=1+1", "", "", "", "", "'+84 9"]


def test_the_same_frame_gives_the_same_bytes_whatever_its_index_and_text_type(tmp_path: Path) -> None:
    frame = pd.DataFrame({"source_file": ["a", None], "lines": [1, 2]})
    publish.write_csv(frame, tmp_path / "a.csv", publish.RECONCILIATION)
    other = frame.astype({"source_file": TEXT, "lines": "Int64"}).set_index(pd.Index([9, 4]))
    publish.write_csv(other, tmp_path / "b.csv", publish.RECONCILIATION)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


AT_THE_BOUNDARY = st.text(st.sampled_from("'=+-@\t\r\n ＝\",;aĐ"), max_size=6)


@given(values=st.lists(st.none() | AT_THE_BOUNDARY, min_size=1, max_size=8))
def test_what_was_received_comes_back_exactly(
    values: list[str | None], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    publish.write_csv(texts(*values).assign(code="x"), path, publish.REJECTS)
    back = publish.read_csv(path)
    assert [None if value is pd.NA else value for value in back["raw"]] == values
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in list(csv.reader(file))[1:] for cell in row if cell]
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r\n＝"]


def test_reading_back_gives_nullable_numbers(tmp_path: Path) -> None:
    publish.write_csv(pd.DataFrame({"left_row": [4], "match_weight": [7.5]}), tmp_path / "a.csv", publish.LINKS)
    back = publish.read_csv(tmp_path / "a.csv")
    assert {name: str(back[name].dtype) for name in WHOLE & set(back)} == {"left_row": "Int64", "right_row": "Int64"}
    assert {str(back[name].dtype) for name in FRACTION & {*back.columns}} == {"Float64"}
