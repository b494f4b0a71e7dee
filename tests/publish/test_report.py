"""The report: counts and no person, everything that was not done said, texts from the sources harmless."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd

from eligibility_audit import publish
from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.publish.report import write_braked, write_report
from eligibility_audit.recommend.wording import check

from .invented import VERIFY, findings, recommendations, report_data


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)).split())


def report(folder: Path, **changes: object) -> str:
    return write_report(folder, report_data(**changes)).read_text(encoding="utf-8")


class Balance(HTMLParser):
    """Raises where tags do not close in order."""

    VOID = frozenset({"meta", "br", "circle", "path", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_report_says_what_came_in_and_that_every_line_is_accounted_for(tmp_path: Path) -> None:
    page = words_of(report(tmp_path))
    assert "126 dòng = 120 dòng có người + 1 dòng không đọc được + 5 dòng không phải người" in page
    assert "100 người trên các danh sách được rà soát" in page
    assert "92 người không có đề xuất nào, giữ nguyên" in page
    assert "NAME_EMPTY Không có họ tên there is no name cả dòng 1 1" in page
    assert "“Cột lạ”" in page
    assert "tên danh sách: 3" in page


def test_the_report_says_what_was_not_done(tmp_path: Path) -> None:
    page = words_of(report(tmp_path))
    assert "Tỷ lệ sai của các đề xuất: chưa đo." in page
    assert "12 cặp không được so sánh" in page
    assert "Chưa kiểm tra được số người the number of persons was not checked" in page
    assert "6 dòng đề xuất có căn cứ pháp lý chưa được xác nhận" in page
    assert "Căn cứ pháp lý cần kiểm tra trước khi ký" in page


def test_money_is_only_ever_money_to_be_clarified(tmp_path: Path) -> None:
    page = words_of(report(tmp_path))
    assert "Số tiền cần làm rõ: 4.953.000 đồng ; riêng danh sách điều chỉnh tăng" in page
    assert "được hưởng thêm: 135.000 đồng" in page


def test_no_name_no_received_text_no_id_of_a_person_reaches_the_report(tmp_path: Path) -> None:
    page = report(tmp_path)
    for private in ("Nguyễn Văn Ẩn", "HH-0001", "BÍ MẬT", "1948", "r-0000"):
        assert private not in page


def test_the_report_needs_nothing_from_outside_and_runs_nothing(tmp_path: Path) -> None:
    page = report(tmp_path, docs="../../docs/findings")
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
    assert 'lang="vi"' in page
    assert 'href="../../docs/findings/AO_RATE.md"' in page
    assert page.count(FOOT_VI) >= 2


def test_tags_close_in_order(tmp_path: Path) -> None:
    checker = Balance()
    checker.feed(report(tmp_path))
    assert checker.open == []


ATTACK = "<script>alert('1')</script>"


def test_texts_from_the_sources_are_escaped_wherever_they_come_from(tmp_path: Path) -> None:
    data = report_data()
    odd = {**VERIFY, "programme": ATTACK, "district": ATTACK, "verify_with": ATTACK, "legal_basis": ATTACK}
    page = report(
        tmp_path,
        plan_name=ATTACK,
        run_id=ATTACK,
        docs=f'"{ATTACK}',
        notes=(ATTACK,),
        recommendations=recommendations([odd]),
        findings=findings([odd]).assign(rule_id=ATTACK, outcome=ATTACK),
        rejects=data.rejects.assign(code=ATTACK, stage=ATTACK, message=ATTACK),
        reconciliation=data.reconciliation.assign(
            source_file=ATTACK, source_sheet=ATTACK, unmapped=[[ATTACK]] * 2, warnings=[[ATTACK]] * 2
        ),
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 12


def test_the_same_run_gives_the_same_bytes_in_whatever_order_its_rows_come(tmp_path: Path) -> None:
    one = report(tmp_path / "one")
    backwards = report(tmp_path / "two", findings=findings().iloc[::-1], recommendations=recommendations().iloc[::-1])
    assert backwards == one


def test_an_empty_run_still_has_a_report(tmp_path: Path) -> None:
    nothing = report_data().rejects.iloc[:0]
    page = words_of(report(tmp_path, recommendations=recommendations([]), findings=findings([]), rejects=nothing))
    assert "Đợt rà soát này không có đề xuất nào." in page
    assert "Mọi dòng có người đều đọc được." in page


def test_the_contract_columns_alone_are_enough(tmp_path: Path) -> None:
    plain = pd.DataFrame([dict(zip(publish.RECONCILIATION, ["a.csv", "", 5, 3, 1, 1, 3], strict=True))])
    assert "5 dòng = 3 dòng có người + 1 dòng không đọc được + 1 dòng không phải người" in words_of(
        report(tmp_path, reconciliation=plain, link_report={})
    )


def test_commands_in_sentences_are_set_as_commands_and_still_escaped(tmp_path: Path) -> None:
    page = report(tmp_path, notes=("ghi `brakes: {<b>}` vào kế hoạch / write `brakes:`", "một dấu ` lẻ <b>"))
    assert "ghi <code>brakes: {&lt;b&gt;}</code> vào kế hoạch" in page
    assert "một dấu ` lẻ &lt;b&gt;" in page


def test_failed_expectations_are_told_in_words(tmp_path: Path) -> None:
    asked = pd.DataFrame(
        {"kind": "deaths", "source_file": ["a", "b"], "code": ["DE_01", "DE_02"], "severity": "warning"}
        | {"sentence_vi": ["Ngày chết không sau ngày đăng ký", "Khác"], "evaluated": [20, 20], "failed": [2, 0]}
    )
    page = words_of(report(tmp_path, validation=asked))
    assert "DE_01 Ngày chết không sau ngày đăng ký cần xem lại 2 20" in page
    assert "DE_02" not in page
    as_text = asked.astype({"failed": "string[pyarrow]", "evaluated": "string[pyarrow]"})  # as it comes from a CSV file
    assert words_of(report(tmp_path, validation=as_text)) == page
    assert "Mọi điều kiểm tra đều đạt." in words_of(report(tmp_path, validation=asked.assign(failed=0)))


def test_a_braked_run_says_that_nothing_was_published_and_what_to_do(tmp_path: Path) -> None:
    path = write_braked(tmp_path, ["Trang Một: 9 % không đọc được <b> / sheet Một: 9 % rejected"])
    page = path.read_text(encoding="utf-8")
    assert path.name == "report.html"
    assert "Đợt rà soát đã dừng: không công bố gì" in page
    assert "9 % không đọc được &lt;b&gt;" in page
    assert "sheet Một: 9 % rejected" in page
    assert "reconciliation.csv" in page
    assert "eligibility-audit inspect" in page


def test_our_own_words_accuse_nobody(tmp_path: Path) -> None:
    """procedure.md, 8: such a word stands only beside the number of a conclusion or decision; fixed texts have none."""
    from openpyxl import load_workbook

    from eligibility_audit.publish import Batch, write_lists

    data = report_data()
    (path,) = write_lists(tmp_path, data.recommendations, Batch("Thử", data.as_of, "x"))
    book = load_workbook(path)
    cells = [str(c.value) for page in book.worksheets for row in page.iter_rows() for c in row if c.value]
    said = [*cells, words_of(report(tmp_path)), words_of(write_braked(tmp_path, ["x"]).read_text(encoding="utf-8"))]
    assert [(text, found) for text in said if (found := check(text))] == []
