"""The lists: one an act, every recommendation once, nine columns, sums that agree, nothing that runs."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.publish import Batch, write_lists
from eligibility_audit.publish.heights import line_count, shortened
from eligibility_audit.publish.lines import HEADINGS, MOST_LINES, law_mark, pieces
from eligibility_audit.publish.lists import LISTS, listed
from eligibility_audit.publish.papers import papers

from .invented import ASK, DEAD, DOWN, EVERY, MAYBE_DEAD, SUSPEND, TERMINATE, UP, VERIFY, Row, recommendations

BATCH = Batch("Rà soát thử", date(2020, 12, 31), "0123456789ab")
ID = re.compile(r"m-[0-9a-f]{20}")


def workbook(folder: Path, made: pd.DataFrame, name: str = "lists") -> Path:
    (path,) = write_lists(folder / name, made, BATCH)
    return path


def sheets(path: Path) -> dict[str, Worksheet]:
    book = load_workbook(path)
    return {name: book[name] for name in book.sheetnames}


def text_of(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def lines_of(sheet: Worksheet) -> list[list[str]]:
    return [
        [str(cell.value or "") for cell in row[: len(HEADINGS)]]
        for row in sheet.iter_rows(min_row=10)
        if isinstance(row[0].value, str) and row[0].value.isdigit()
    ]


@pytest.mark.parametrize(
    ("row", "sheet"),
    [
        pytest.param(VERIFY, "Cần xác minh", id="a signal"),
        pytest.param(ASK, "Bổ sung giấy tờ", id="only papers are missing"),
        pytest.param(UP, "Điều chỉnh tăng", id="paid too little"),
        pytest.param(DOWN, "Điều chỉnh giảm", id="paid too much"),
        pytest.param({**UP, "direction": None}, "Điều chỉnh khác", id="an adjustment whose direction is not known"),
        pytest.param(SUSPEND, "Trình tạm dừng", id="suspension stays itself, though a death signal stands beside it"),
        pytest.param(TERMINATE, "Trình chấm dứt", id="a paper withdrawn by its issuer"),
        pytest.param(DEAD, "Xác nhận còn sống", id="a death on a sure identity alleges nothing"),
        pytest.param(MAYBE_DEAD, "Xác nhận còn sống", id="a signal of a death"),
    ],
)
def test_each_act_has_its_own_list(row: Row, sheet: str, tmp_path: Path) -> None:
    found = {name for name, page in sheets(workbook(tmp_path, recommendations([row]))).items() if lines_of(page)}
    assert found == {sheet}


def test_every_recommendation_stands_on_exactly_one_list(tmp_path: Path) -> None:
    made = recommendations(EVERY * 30)
    printed = [ID.findall(line[1]) for page in sheets(workbook(tmp_path, made)).values() for line in lines_of(page)]
    assert sorted(one for ids in printed for one in ids) == sorted(made["recommendation_id"])
    assert all(len(ids) == 1 for ids in printed)


def test_an_action_that_no_list_takes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="keep"):
        workbook(tmp_path, recommendations([{**VERIFY, "action": "keep"}]))


def test_the_nine_columns_and_the_rows_repeated_on_every_page(tmp_path: Path) -> None:
    pages = sheets(workbook(tmp_path, recommendations((*EVERY, {**UP, "direction": None}))))
    for page in (pages[kind.sheet] for kind in LISTS):
        assert [page.cell(8, n + 1).value for n in range(9)] == list(HEADINGS)
        assert page.print_title_rows == "$8:$9"
        assert page.freeze_panes == "A10"
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
        assert page.page_setup.scale == 90  # not fitted: a page break set by hand holds only so
        assert page.print_area.startswith(f"'{page.title}'!$A$1:$I$")


def test_a_line_says_who_why_on_what_ground_for_and_against_and_what_next(tmp_path: Path) -> None:
    (line,) = lines_of(sheets(workbook(tmp_path, recommendations([UP])))["Điều chỉnh tăng"])
    number, dossier, person, commune, reason, basis, evidence, task, complaint = line
    assert number == "1"
    assert dossier.startswith("HH-0001\ndòng 7, trang Huyện Một, tệp cdhh.xlsx")
    assert person == "Nguyễn Văn Ẩn\nsinh 15/07/1948"
    assert commune == "Xã An Giả"
    assert reason.endswith("Mức hưởng: 2.062.000 đồng/tháng.\nSố tiền cần làm rõ: 135.000 đồng (1 tháng).")
    assert basis == "Căn cứ đã kiểm tra\nKhoản 1 Điều 29 Pháp lệnh 02/2020/UBTVQH14"
    assert evidence == "Ủng hộ: Cột thời gian: 09/1976\nKhông ủng hộ: Có huân chương (dòng 3, tệp qn.csv)"
    assert "– Hỏi: Bộ Chỉ huy quân sự tỉnh\n– Làm trước: cơ quan tra cứu\n– Hạn: 30/01/2021 – quy định nội bộ" in task
    assert complaint == ""


def test_a_death_line_asks_three_answers_of_the_commune(tmp_path: Path) -> None:
    (line,) = lines_of(sheets(workbook(tmp_path, recommendations([DEAD])))["Xác nhận còn sống"])
    answers = line[7].replace("\u00a0", " ")
    assert "[   ] còn sống [   ] đã chết [   ] không gặp" in answers


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("confirmed", "đã kiểm tra"),
        ("to_verify", "Căn cứ pháp lý cần kiểm tra trước khi ký"),
        ("not_found", "Chưa tìm thấy căn cứ; cần kiểm tra trước khi ký"),
        ("", "Căn cứ pháp lý cần kiểm tra trước khi ký"),
    ],
)
def test_law_that_is_not_confirmed_says_so(mark: str, expected: str) -> None:
    assert law_mark(mark) == expected


def test_no_money_is_shown_where_none_is_asked(tmp_path: Path) -> None:
    (line,) = lines_of(sheets(workbook(tmp_path, recommendations([ASK])))["Bổ sung giấy tờ"])
    assert "Số tiền cần làm rõ" not in line[4]


def test_every_sheet_carries_the_sentence_that_it_is_a_proposal(tmp_path: Path) -> None:
    for page in sheets(workbook(tmp_path, recommendations())).values():
        assert FOOT_VI in text_of(page)
        assert FOOT_VI in str(page.oddFooter.left.text)
        assert "&P" in str(page.oddFooter.right.text)
        assert "NGƯỜI KIỂM TRA" in text_of(page)


def test_the_sums_agree_on_the_cover_by_commune_and_on_each_list(tmp_path: Path) -> None:
    made = recommendations(EVERY * 7)
    pages = sheets(workbook(tmp_path, made))
    asked = made["amount_to_clarify"].fillna(0)
    cover = {row[0].value: [cell.value for cell in row[1:5]] for row in pages["Tổng hợp"].iter_rows() if row[0].value}
    assert cover["Tổng số người"][0] == len(made)
    assert cover["Điều chỉnh tăng"][:2] == [7, 7 * 135_000]
    assert cover["Xác nhận còn sống"][:2] == [14, 7 * 4_124_000]
    by_commune = {
        row[0].value: [cell.value for cell in row[1:]] for row in pages["Theo xã"].iter_rows() if row[0].value
    }
    assert by_commune["Tổng cộng"][-3:] == [len(made), int(asked.sum()) - 7 * 135_000, 7 * 135_000]
    for column in range(len(by_commune["Tổng cộng"])):
        parts = sum(by_commune[name][column] for name in ("Huyện Một", "Chưa rõ huyện"))
        assert parts == by_commune["Tổng cộng"][column]
    upward = text_of(pages["Điều chỉnh tăng"])
    assert "TỔNG CỘNG DANH SÁCH: 7 người; số tiền cần làm rõ (tăng): 945.000 đồng" in upward
    assert "Bằng chữ: Bảy người; chín trăm bốn mươi lăm nghìn đồng." in upward


def test_groups_follow_one_another_with_the_unknown_last() -> None:
    places = [("Huyện\nĐông", "Xã B"), (None, " "), ("Huyện An", "Xã Đa"), ("Huyện An", "Xã Ca"), ("Huyện Đông", None)]
    made = recommendations([{**VERIFY, "district": district, "commune": commune} for district, commune in places])
    lines = listed(made)
    assert list(zip(lines["district"], lines["commune"], strict=True)) == [
        ("Huyện An", "Xã Ca"),
        ("Huyện An", "Xã Đa"),
        ("Huyện Đông", "Xã B"),
        ("Huyện Đông", "Chưa rõ xã"),
        ("Chưa rõ huyện", "Chưa rõ xã"),
    ]


def test_within_a_commune_what_is_due_first_comes_first_and_money_does_not_count() -> None:
    later = {**VERIFY, "due_on": "2021-02-01", "monthly_amount": 9_000_000}
    citizen = {**VERIFY, "who_first": "citizen", "dossier_no": "A"}
    lines = listed(recommendations([later, citizen, VERIFY]))
    assert list(lines["recommendation_id"].str[-1]) == ["2", "1", "0"]


def test_the_order_in_which_recommendations_come_changes_no_byte(tmp_path: Path) -> None:
    made = recommendations(EVERY * 5)
    one = workbook(tmp_path, made, "one").read_bytes()
    assert workbook(tmp_path, made, "again").read_bytes() == one
    assert workbook(tmp_path, made.iloc[::-1], "backwards").read_bytes() == one


def test_a_text_that_looks_like_a_formula_or_a_link_is_a_text(tmp_path: Path) -> None:
    attack = '=HYPERLINK("http://x.invalid","Đọc")'
    row = {**VERIFY, "name": attack, "dossier_no": "@SUM(1)", "commune": "+1", "district": "-1", "reason_vi": attack}
    row |= {"question_vi": "http://x.invalid", "evidence_for": json.dumps([{"vi": attack}])}
    for page in sheets(workbook(tmp_path, recommendations([row]))).values():
        assert [cell.coordinate for line in page.iter_rows() for cell in line if cell.data_type == "f"] == []
        outside = [cell.hyperlink.target for line in page.iter_rows() for cell in line if cell.hyperlink]
        assert [target for target in outside if target] == []


def test_a_huge_text_is_cut_and_says_so_and_the_row_still_fits(tmp_path: Path) -> None:
    huge = {**VERIFY, "reason_vi": "Một câu rất dài về hồ sơ. " * 4000, "evidence_for": "x" * 40_000}
    page = sheets(workbook(tmp_path, recommendations([huge])))["Cần xác minh"]
    (line,) = lines_of(page)
    assert "(cắt bớt; toàn văn trong recommendations.csv)" in line[4]
    assert "(cắt bớt; toàn văn trong recommendations.csv)" in line[6]
    assert max(row.height for row in page.row_dimensions.values() if row.height) <= 409


def test_a_run_without_recommendations_says_so_on_every_list(tmp_path: Path) -> None:
    pages = sheets(workbook(tmp_path, recommendations([])))
    assert [name for name, page in pages.items() if "Không có hồ sơ nào" in text_of(page)] == [
        kind.sheet for kind in LISTS if kind.code != "adjust"
    ]


def test_nulls_print_as_words_and_never_as_nan(tmp_path: Path) -> None:
    bare = recommendations([{"action": "verify"}])
    page = text_of(sheets(workbook(tmp_path, bare))["Cần xác minh"])
    assert "chưa rõ họ tên" in page
    assert not re.search(r"\bnan\b|<NA>|None", page)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("một câu", ["một câu"], id="plain text"),
        pytest.param("[không phải JSON", ["[không phải JSON"], id="text that only begins like a list"),
        pytest.param(
            '[{"vi": "a", "row": 3}, {"vi": ""}, "b"]', ["a (dòng 3)", "b"], id="pieces, an empty one left out"
        ),
        pytest.param('[{"vi": "a", "row": 9}]', ["a"], id="found on the line itself"),
    ],
)
def test_evidence_is_read_in_every_form(value: str, expected: list[str]) -> None:
    assert pieces(value, "dòng 9") == expected


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param([UP, {**UP, "name": "Nguyễn Văn Ân"}], id="a letter of a name"),
        pytest.param([UP, {**UP, "amount_to_clarify": 135_001}], id="one đồng"),
        pytest.param([UP], id="a line fewer"),
        pytest.param([{**UP, "due_on": "2021-01-31"}, UP], id="a day"),
    ],
)
def test_the_code_of_a_list_changes_with_anything_that_is_printed(changed: list[Row]) -> None:
    (before,), (after,) = papers(recommendations([UP, UP]), BATCH), papers(recommendations(changed), BATCH)
    assert len(before.seal.digest) == 64
    assert before.seal.digest != after.seal.digest


def test_the_code_of_a_list_names_the_review_and_the_place_it_was_cut_to() -> None:
    batches = (BATCH, replace(BATCH, run_id="ba9876543210"), replace(BATCH, place="Huyện Một"))
    codes = {one.seal.digest for batch in batches for one in papers(recommendations([UP]), batch)}
    assert len(codes) == len(batches)


def test_cutting_keeps_to_the_lines_allowed_and_loses_nothing_that_fits() -> None:
    long = ["Đầu. ", "giữa " * 3000]
    cut = shortened(long, 26.0, 10.0, MOST_LINES, " … hết")
    assert line_count("".join(cut), 26.0, 10.0) <= MOST_LINES
    assert "".join(cut).endswith(" … hết")
    assert shortened(["ngắn"], 26.0, 10.0, MOST_LINES, " … hết") == ["ngắn"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("một", 1), ("a\nb\nc", 3), ("chữ " * 40, 5), ("x" * 200, 7)],
)
def test_height_follows_the_text(text: str, lines: int) -> None:
    assert abs(line_count(text, 26.0, 10.0) - lines) <= 1
