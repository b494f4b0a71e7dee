"""The lists as PDF, DOCX and workbook: the same content, Decree 30's form, every glyph, nothing that runs."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
import typst
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.publish import Batch, Letterhead, write_lists
from eligibility_audit.publish.list_files import MOST_LINES, Part, parts, slug, write_part
from eligibility_audit.publish.lists import LISTS, listed
from eligibility_audit.publish.papers import Entry, ListPaper, Seal, papers
from eligibility_audit.publish.slip_sheets import write_slips
from eligibility_audit.publish.slips import slips
from eligibility_audit.recommend.wording import check as check_wording

from .invented import ASK, DEAD, EVERY, SUSPEND, UP, VERIFY, Row, recommendations

ROOT = "5e" * 32
BATCH = Batch(
    "Rà soát thử", date(2020, 12, 31), "0123456789ab", root=ROOT, head=Letterhead("UBND tỉnh Giả", "Sở Thử", "Giả Định")
)
# Every letter of Vietnamese, with every tone, in both cases: among them all of U+1EA0–U+1EF9.
BASES, TONES = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", ("", *"\u0300\u0301\u0303\u0309\u0323")
LETTERS = sorted({unicodedata.normalize("NFC", base + tone) for base in BASES for tone in TONES} | set("đĐ"))
ATTACKS = ('=HYPERLINK("http://x.invalid","Đọc")', "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "＝1", "a\n=2", "\u202e=3")


def one_list(rows: list[Row]) -> ListPaper:
    (made,) = papers(recommendations(rows), BATCH)
    return made


def written(rows: list[Row], folder: Path, form: str, *, are_slips: bool = False) -> Path:
    made = parts(recommendations(rows), BATCH, ("pdf", "docx"), slips=are_slips)
    (part,) = [part for part in made if part.format == form and part.is_slips == are_slips]
    return write_part(part, folder)


def bare(text: str) -> str:
    """A text as a reader compares it: no spaces, line breaks or unseen signs, letters composed."""
    return re.sub(r"[\s\u200b\u00ad]+", "", unicodedata.normalize("NFC", text))


def of_pdf(path: Path) -> str:
    return bare("".join(page.extract_text() for page in PdfReader(path).pages))


def of_docx(path: Path) -> str:
    body = Document(str(path)).element.body
    return bare("".join(node.text or "" for node in body.iter(qn("w:t"))))


def of_xlsx(path: Path) -> str:
    book = load_workbook(path)
    return bare("".join(str(c.value) for s in book for row in s.iter_rows() for c in row if c.value is not None))


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[ListPaper, dict[str, str]]:
    """A list of forty lines and its text as it is read back from each format."""
    folder = tmp_path_factory.mktemp("three")
    rows = [{**UP, "dossier_no": f"HH-{n:04}", "amount_to_clarify": 1000 * n + 24} for n in range(40)]
    (book,) = write_lists(folder, recommendations(rows), BATCH)
    pdf, docx = written(rows, folder, "pdf"), written(rows, folder, "docx")
    return one_list(rows), {"xlsx": of_xlsx(book), "pdf": of_pdf(pdf), "docx": of_docx(docx)}


@pytest.mark.parametrize("form", ["xlsx", "pdf", "docx"])
def test_each_format_says_the_same(three: tuple[ListPaper, dict[str, str]], form: str) -> None:
    paper, texts = three
    text = texts[form]
    entries = [row for row in paper.rows if isinstance(row, Entry)]
    assert len(entries) == 40
    for entry in entries:
        for cell in entry.cells:
            for line in "".join(said for _, said in cell).split("\n"):
                assert bare(line) in text
    control = ("40 người", "780.960 đồng", "Bốn mươi người; bảy trăm tám mươi nghìn chín trăm sáu mươi đồng.")
    for sentence in (*control, *paper.closing, paper.kind.title, *paper.seal.lines, FOOT_VI):
        assert bare(sentence) in text


@pytest.mark.parametrize("form", ["xlsx", "pdf", "docx"])
def test_each_format_has_the_nine_parts_of_decree_30(three: tuple[ListPaper, dict[str, str]], form: str) -> None:
    _, texts = three
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "UBND TỈNH GIẢ",
        "SỞ THỬ",
        "Số: ………/DS-………",
        "Giả Định, ngày …… tháng …… năm ………",
        "DANH SÁCH ĐỀ NGHỊ ĐIỀU CHỈNH TĂNG MỨC HƯỞNG",
        "Kèm theo Tờ trình số",
        "THỦ TRƯỞNG CƠ QUAN",
        "dấu hoặc chữ ký số của cơ quan",
        "NGƯỜI KIỂM TRA",
        "(không phải người lập)",
        "Nơi nhận:",
        ROOT,
    ):
        assert bare(part) in texts[form]


def test_a_pdf_is_a4_repeats_its_headings_and_counts_its_pages(tmp_path: Path) -> None:
    path = written([{**UP, "dossier_no": f"HH-{n:04}"} for n in range(20)], tmp_path, "pdf")
    pages = PdfReader(path).pages
    texts = [bare(page.extract_text()) for page in pages]
    assert [tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages] == [(842, 595)] * len(pages)
    assert all(f"trang{n}/{len(pages)}" in text for n, text in enumerate(texts, 1))
    assert all(bare(FOOT_VI) in text for text in texts)
    lines = [text for text in texts if "HH-" in text]
    assert len(lines) > 2
    assert all("(1)(2)(3)(4)(5)(6)(7)(8)(9)" in text and bare("Xã An Giả –") in text for text in lines)
    with pikepdf.open(path) as file:
        assert file.check_pdf_syntax() == []
        assert "pdfaid" in str(file.open_metadata())


def test_a_docx_is_a4_and_repeats_its_headings_and_breaks_no_line(tmp_path: Path) -> None:
    document = Document(str(written([UP] * 3, tmp_path, "docx")))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    table = document.tables[-3]  # then the seal and the signatures
    assert [len(row._tr.findall(f".//{qn('w:tblHeader')}")) for row in table.rows[:3]] == [1, 1, 0]
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
    foot = section.footer._element.xml
    assert FOOT_VI in foot
    assert 'w:instr="PAGE"' in foot
    assert 'w:instr="NUMPAGES"' in foot


def glyphs(page: pikepdf.Page) -> Iterator[int]:
    """The glyph numbers that a page shows; 0 is the box for what a face has not."""
    for operands, operator in pikepdf.parse_content_stream(page):
        texts = operands[0] if str(operator) == "TJ" else operands if str(operator) in ("Tj", "'") else ()
        for text in texts:
            if isinstance(text, pikepdf.String):
                raw = bytes(text)
                yield from (int.from_bytes(raw[n : n + 2]) for n in range(0, len(raw), 2))


@pytest.mark.parametrize("are_slips", [False, True], ids=["a list", "its slips"])
def test_a_pdf_has_every_vietnamese_letter_and_no_box(tmp_path: Path, *, are_slips: bool) -> None:
    # In the name (bold), the reason (regular) and the commune, whose heading is slanted.
    row = {**UP, "name": " ".join(LETTERS), "reason_vi": "".join(LETTERS), "commune": " ".join(LETTERS)}
    path = written([row], tmp_path, "pdf", are_slips=are_slips)
    with pikepdf.open(path) as file:
        assert [n for page in file.pages for n in glyphs(page) if n == 0] == []
    assert set(LETTERS) <= set(unicodedata.normalize("NFC", of_pdf(path)))
    faces = {font["/BaseFont"] for page in PdfReader(path).pages for font in page["/Resources"]["/Font"].values()}
    assert any("LibertinusSerif-Regular" in face for face in faces)
    # The one face of them without ơ and ư; what is bold and slanted is set in the semibold one.
    assert not [face for face in faces if "LibertinusSerif-BoldItalic" in face]


def test_the_faces_that_are_used_draw_each_letter_and_not_only_its_mark() -> None:
    """A letter put together from a mark and a missing letter has no .notdef: only the drawing tells."""
    fonts = typst.Fonts(include_system_fonts=False)

    def drawn(text: str, style: str) -> int:
        source = f'#set page(width: auto)\n#set text(font: "Libertinus Serif", fallback: false, {style})\n{text}'
        (svg,) = [typst.Compiler(source.encode(), font_paths=fonts).compile(format="svg")]
        return max(len(path) for path in re.findall(r' d="([^"]*)"', bytes(svg).decode()))

    horned = [letter for letter in LETTERS if "\u031b" in unicodedata.normalize("NFD", letter)]
    for style in ("weight: 400", "weight: 700", 'style: "italic"', 'weight: 600, style: "italic"'):
        bases = {base: drawn(base, style) for base in "oOuU"}
        assert [x for x in horned if drawn(x, style) <= bases[unicodedata.normalize("NFD", x)[0]]] == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_spreadsheet_would_run_is_inert_in_every_format(attack: str, tmp_path: Path) -> None:
    row = {**UP, "name": attack, "dossier_no": attack, "commune": attack, "reason_vi": attack}
    row["district"] = f"A\x01\u202e{attack}"
    (paper,) = papers(recommendations([row]), BATCH)
    for entry in paper.rows:
        said = ["".join(text for _, text in cell) for cell in entry.cells] if isinstance(entry, Entry) else [entry.text]
        lines = [line for text in said for line in text.split("\n")]
        assert [line for line in lines if re.match("[=+\\-@＝＋－＠\t]", line)] == []
        assert not re.search("[\x01\t\u202a-\u202e]", "".join(lines))
    (book,) = write_lists(tmp_path, recommendations([row]), BATCH)
    for sheet in load_workbook(book):
        for cell in (cell for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)):
            assert cell.data_type != "f"
            assert not re.match("[=+@]", cell.value)


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_same_list_gives_the_same_bytes(form: str, tmp_path: Path) -> None:
    one = written([UP], tmp_path, form).read_bytes()
    assert written([UP], tmp_path, form).read_bytes() == one


def test_a_slip_is_one_page_and_tells_its_line_its_answers_and_who_signs(tmp_path: Path) -> None:
    huge = {**DEAD, "evidence_for": "Một câu dài về hồ sơ này. " * 900, "reason_vi": "Lý do rất dài. " * 300}
    path = written([DEAD, huge, DEAD], tmp_path, "pdf", are_slips=True)
    pages = [bare(page.extract_text()) for page in PdfReader(path).pages]
    assert len(pages) == 3
    assert bare("(cắt bớt; toàn văn trong recommendations.csv)") in pages[1]
    for page in pages:
        for said in ("PHIẾU RÀ SOÁT HỒ SƠ", "☐ còn sống", "☐ không gặp", "Ý kiến cán bộ rà soát:", ROOT, FOOT_VI):
            assert bare(said) in page
        assert bare("NGƯỜI KIỂM TRA (không phải người lập)") in page
    text = of_docx(written([DEAD], tmp_path, "docx", are_slips=True))
    for said in ("PHIẾU RÀ SOÁT HỒ SƠ", "☐ còn sống", "Ý kiến cán bộ rà soát:", ROOT):
        assert bare(said) in text


def test_a_slip_and_its_list_bear_the_same_hash() -> None:
    lines = listed(recommendations([UP, UP]))
    (kind,) = [kind for kind in LISTS if kind.code == "adjust_up"]
    seal = Seal(kind, BATCH)
    made = list(slips(kind, lines, seal))
    assert seal.digest == one_list([UP, UP]).seal.digest
    printed = ["".join(text for _, text in row.cells[1]) for row in one_list([UP, UP]).rows if isinstance(row, Entry)]
    assert all(slip.code.split(": ")[1] in line for slip, line in zip(made, printed, strict=True))


def test_no_list_and_no_slip_accuses() -> None:
    """procedure.md, 8: the word check over everything that we write ourselves."""
    lines = listed(recommendations())
    for paper in papers(recommendations(), BATCH):
        told = [paper.kind.title, paper.kind.note, *paper.summary, *paper.closing, *paper.seal.lines, FOOT_VI]
        for row in paper.rows:
            told += ["".join(t for _, t in c) for c in row.cells] if isinstance(row, Entry) else [row.text]
        for slip in slips(paper.kind, lines[lines["list"] == paper.kind.code], Seal(paper.kind, BATCH)):
            told += [slip.title, *slip.answers, *(f"{label}: {text}" for label, text, _ in slip.rows)]
        assert [text for text in told if check_wording(text)] == []


def test_a_list_of_papers_only_names_no_money() -> None:
    assert "Danh sách này không nêu số tiền." in one_list([ASK]).summary


def test_a_long_list_is_cut_by_district_then_between_communes_and_no_line_is_lost() -> None:
    rows: list[Row] = [
        {**VERIFY, "district": f"Huyện {n % 2}", "commune": f"Xã {n % 6}"} for n in range(2 * MOST_LINES + 200)
    ]
    made = list(parts(recommendations(rows), BATCH, ("pdf",)))
    assert [part.batch.place for part in made] == [
        *("Huyện 0, phần 1/2", "Huyện 0, phần 2/2"),
        *("Huyện 1, phần 1/2", "Huyện 1, phần 2/2"),
    ]
    assert sum(len(part.lines) for part in made) == len(rows)
    assert all(part.lines["commune"].nunique() >= 1 and len(part.lines) <= MOST_LINES for part in made)
    assert made[0].name == "can-xac-minh-huyen-0-phan-1-2.pdf"
    seals = {Part(p.kind, p.lines.head(1), replace(p.batch), "pdf").batch.place for p in made}
    assert len(seals) == 4


def test_places_that_differ_by_signs_alone_or_have_no_letter_are_files_of_their_own() -> None:
    districts = ("Huyện An", "Huyện Ân", "***")
    made = recommendations([{**VERIFY, "district": name} for name in districts for _ in range(200)])
    names = [part.name for part in parts(made, BATCH, ("pdf",), slips=True)]
    assert len(set(names)) == 6
    assert slug("***") == "khong-ten", "a name of signs alone would begin a path"


def test_suspension_has_a_list_of_its_own_in_every_format() -> None:
    names = [part.name for part in parts(recommendations(EVERY), BATCH, ("pdf", "docx"))]
    assert names.count("trinh-tam-dung.pdf") == names.count("trinh-tam-dung.docx") == 1
    assert len(names) == 2 * len({"verify", "ask", "up", "down", "suspend", "terminate", "alive"})
    assert one_list([SUSPEND]).sums.persons == 1


def test_whoever_holds_the_workbook_can_compute_its_hash_again(tmp_path: Path) -> None:
    """docs/lists.md, hash: from what is printed alone."""
    (path,) = write_lists(tmp_path, recommendations([UP, {**UP, "name": "Trần Thị Thử"}]), BATCH)
    sheet = load_workbook(path)["Điều chỉnh tăng"]
    head = ("eligibility-audit list 1", "adjust_up", BATCH.run_id, "2020-12-31", BATCH.place)
    whole = hashlib.sha256(("\x1f".join(head) + "\n").encode())
    for row in sheet.iter_rows(min_row=10, max_col=8, values_only=True):
        if not str(row[0]).isdigit():
            continue
        texts = [str(text) for text in row]
        texts[1], printed = texts[1].rsplit("\nkt ", 1)
        digest = hashlib.sha256("\x1f".join(texts).encode()).hexdigest()
        assert digest.startswith(printed)
        (number,) = re.findall(r"mã (m-\w+)", texts[1])
        whole.update(f"{number}\x1f{digest}\n".encode())
    assert whole.hexdigest() in of_xlsx(path)


def test_the_slips_of_a_workbook_are_a_page_each_on_a_sheet_a_list(tmp_path: Path) -> None:
    made = recommendations([UP, UP, DEAD, {**UP, "name": "=1+1"}])
    book = load_workbook(write_slips(tmp_path, made, BATCH))
    assert book.sheetnames == ["Điều chỉnh tăng", "Xác nhận còn sống"]
    sheet = book["Điều chỉnh tăng"]
    assert len(sheet.row_breaks.brk) == 2
    texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]
    assert texts.count("PHIẾU RÀ SOÁT HỒ SƠ") == 3
    assert any(text.startswith("'=1+1 – ngày sinh") for text in texts)
    assert bare(FOOT_VI) in bare(str(sheet.oddFooter.left.text))
