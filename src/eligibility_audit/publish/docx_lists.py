"""Lists and slips as DOCX that an office edits in its word processor before it is signed.

The paper is python-docx's; the rows of the table are written as the same markup in one go, since a table of a
thousand lines built cell by cell takes a minute.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

import segno
from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import serialize_for_reading
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat

from eligibility_audit.publish.amounts import number
from eligibility_audit.publish.lines import SIZES, Cell, Style
from eligibility_audit.publish.papers import (
    BY_PLACE,
    COUNTRY,
    MONEY,
    MONEY_UP,
    MOTTO,
    Batch,
    Entry,
    Form,
    Heading,
    ListPaper,
    Seal,
)
from eligibility_audit.publish.slips import HAND, RESULT, SLIP_SIGNERS, SLIP_TITLE, Slip

FONT: Final = "Times New Roman"
TWIPS: Final = 20  # of a point
ROOM_MM: Final = 257  # of a page between its margins: 297 less 25 and 15
MARKS: Final[dict[Style, str]] = {
    "plain": "",
    "bold": "<w:b/>",
    "fine": "",
    "fine_bold": "<w:b/>",
    "small": '<w:color w:val="404040"/>',
    "mark": '<w:b/><w:color w:val="9C0006"/>',
}
FILLS: Final = {"programme": "BDD7EE", "district": "DDEBF7", "commune": "", "sum": "F2F2F2", "heading": "E7E6E6"}
SLIP_WIDTHS: Final = (1900, 7660)  # twips
NEW_PAGE: Final = '<w:p><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'
Run = tuple[str, float, str]  # marks, points, text
CENTER, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def list_docx(paper: ListPaper) -> bytes:
    """A list as DOCX on A4 landscape: headings of columns repeated, no line broken over pages."""
    form = paper.batch.form
    document = new_paper(paper.kind.title, paper.kind.sheet, form.foot, landscape=True)
    head(document, paper.batch)
    centred(document, paper.kind.title, size=14, bold=True, before=10, after=4)
    centred(document, paper.batch.source, after=2)
    centred(document, form.attached, italic=True, after=6)
    written(document.add_paragraph(), paper.kind.note, after=6)
    for sentence in paper.summary:
        written(document.add_paragraph(), sentence, bold=True, after=2)
    for sentence in form.notes:
        written(document.add_paragraph(), sentence, italic=True, size=10, after=2)
    sealed(document, paper.seal)
    if paper.places:
        centred(document, BY_PLACE, bold=True, before=6, after=4)
        _append(document, _places_table(paper))
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _append(document, _lines_table(paper.rows, form))
    figures, in_words = paper.closing
    written(document.add_paragraph(), figures, bold=True, before=6, after=2).keep_with_next = True
    written(document.add_paragraph(), in_words, after=4).keep_with_next = True
    sealed(document, paper.seal)
    written(document.add_paragraph(), form.foot, bold=True, italic=True, after=6).keep_with_next = True
    _signatures(document, form)
    return saved(document)


# -- the parts of a paper that slips have too ------------------------------------------------------------------------


def new_paper(title: str, sheet: str, foot: str, *, landscape: bool) -> Paper:
    """An empty A4 document in Times New Roman with the foot sentence and *trang n/N* on every page."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(0), 1.0
    document.core_properties.title, document.core_properties.comments = title, foot
    document.core_properties.author = ""
    section = document.sections[0]
    wide, high = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = wide, high
    section.left_margin, section.right_margin = (Mm(25), Mm(15)) if landscape else (Mm(30), Mm(15))
    section.top_margin, section.bottom_margin = Mm(18), Mm(20)
    section.footer_distance = Mm(9)
    paragraph = section.footer.paragraphs[0]
    paragraph.style = document.styles["Normal"]  # without the tabs of a portrait page
    paragraph.paragraph_format.tab_stops.add_tab_stop(wide - section.left_margin - section.right_margin, RIGHT)
    written(paragraph, foot, italic=True, size=9)
    written(paragraph, f"\t{sheet} – trang ", size=9)
    _field(paragraph, "PAGE")
    written(paragraph, "/", size=9)
    _field(paragraph, "NUMPAGES")
    return document


def head(document: Paper, batch: Batch) -> None:
    """The issuing body beside the national motto."""
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    superior, office = batch.head.issuer
    for cell, texts in (
        (left, ((superior, False, False), (office, True, False), (batch.form.number, False, False))),
        (right, ((COUNTRY, True, False), (MOTTO, True, False), (batch.head.day, False, True))),
    ):
        for place, (text, bold, italic) in enumerate(texts):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            written(paragraph, text, bold=bold, italic=italic)
            paragraph.alignment = CENTER
            if text == MOTTO:
                paragraph.runs[0].underline = True


def sealed(document: Paper, seal: Seal) -> None:
    """The hash of a list and the root of the ledger, as QR and as text."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    for column, cell, width in zip(table.columns, table.rows[0].cells, (Mm(27), Mm(140)), strict=True):
        column.width = cell.width = width
    code, said = table.rows[0].cells
    code.paragraphs[0].add_run().add_picture(_qr(seal), width=Mm(24))
    code.paragraphs[0].paragraph_format.keep_with_next = True
    for place, text in enumerate(seal.lines):
        written(said.paragraphs[0] if place == 0 else said.add_paragraph(), text, size=9).keep_with_next = True


def centred(document: Paper, text: str, **how: float) -> None:
    """A line in the middle."""
    paragraph = document.add_paragraph()
    paragraph.alignment = CENTER
    written(paragraph, text, **how)


def written(
    paragraph: Paragraph,
    text: str,
    *,
    size: float = 12,
    bold: float = False,
    italic: float = False,
    before: float = 0,
    after: float = 0,
) -> ParagraphFormat:
    """Add a run to a paragraph; returns the paragraph's format."""
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bool(bold), bool(italic)
    form: ParagraphFormat = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    return form


def xml_paragraph(runs: Iterable[Run], *, jc: str = "", keep: bool = False, after: int = 0) -> str:
    """A paragraph as markup; `after` it so many twips stay free."""
    form = "<w:keepNext/>" if keep else ""
    form += f'<w:spacing w:before="0" w:after="{after}" w:line="240" w:lineRule="auto"/>'
    form += f'<w:jc w:val="{jc}"/>' if jc else ""
    said = "".join(
        f'<w:r><w:rPr>{marks}<w:sz w:val="{round(points * 2)}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        for marks, points, text in runs
        if text
    )
    return f"<w:p><w:pPr>{form}</w:pPr>{said}</w:p>"


def xml_cell(paragraphs: str, twips: int, *, span: int = 1, fill: str = "", middle: bool = False) -> str:
    """A cell as markup, of paragraphs as markup."""
    more = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    more += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    more += '<w:vAlign w:val="center"/>' if middle else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{twips}" w:type="dxa"/>{more}</w:tcPr>{paragraphs}</w:tc>'


def xml_row(cells: Iterable[str], *, heading: bool = False) -> str:
    """A row that stays on one page; a heading is repeated on each."""
    mark = "<w:tblHeader/>" if heading else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{''.join(cells)}</w:tr>"


def xml_table(rows: Iterable[str], widths: Sequence[int], *, border: bool = True) -> str:
    """A table, its columns as wide as said (twips). Its own namespace: else a long one takes a minute to move."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        if border
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _lines_table(rows: Sequence[Heading | Entry], form: Form) -> str:
    twips = round(ROOM_MM / 25.4 * 72 * TWIPS)
    widths = [int(width / sum(form.widths) * twips) for width in form.widths]
    made = [
        xml_row(
            (
                xml_cell(xml_paragraph([("<w:b/>", 10, each)], jc="center"), width, fill=FILLS["heading"], middle=True)
                for each, width in zip(form.headings, widths, strict=True)
            ),
            heading=True,
        ),
        xml_row(
            (
                xml_cell(xml_paragraph([("<w:i/>", 8, f"({n})")], jc="center"), width)
                for n, width in enumerate(widths, 1)
            ),
            heading=True,
        ),
    ]
    for row in rows:
        if isinstance(row, Heading):
            marks = "<w:b/><w:i/>" if row.level == "commune" else "<w:b/>"
            text = f"   {row.text}" if row.level == "commune" else row.text
            said = xml_paragraph([(marks, 10, text)], keep=row.level != "sum")
            made.append(xml_row([xml_cell(said, sum(widths), span=len(widths), fill=FILLS[row.level])]))
        else:
            made.append(xml_row(xml_cell(_of_cell(c), w) for c, w in zip(row.cells, widths, strict=True)))
    return xml_table(made, widths)


def _of_cell(cell: Cell) -> str:
    """The runs of a cell, a paragraph a line."""
    paragraphs: list[list[Run]] = [[]]
    for style, text in cell:
        first, *more = text.split("\n")
        paragraphs[-1].append((MARKS[style], SIZES[style] - 0.5, first))
        paragraphs += [[(MARKS[style], SIZES[style] - 0.5, each)] for each in more]
    return "".join(map(xml_paragraph, paragraphs))


def _places_table(paper: ListPaper) -> str:
    titles, kept = ["Huyện, xã", "Số người"], [True, bool(paper.sums.to_clarify), bool(paper.sums.upward)]
    titles += [MONEY] * kept[1] + [MONEY_UP] * kept[2]
    widths = [5000, 1600, *(3000,) * (len(titles) - 2)]
    made = [
        xml_row(
            (
                xml_cell(xml_paragraph([("<w:b/>", 11, each)], jc="center"), width, fill=FILLS["heading"])
                for each, width in zip(titles, widths, strict=True)
            ),
            heading=True,
        )
    ]
    for place in paper.places:
        marks = "<w:b/>" if place.is_district else ""
        name = place.name if place.is_district else f"    {place.name}"
        counts = (place.sums.persons, place.sums.to_clarify, place.sums.upward)
        said = [xml_paragraph([(marks, 11, name)], keep=place.is_district)]
        said += [
            xml_paragraph([(marks, 11, number(count))], jc="right")
            for count, is_kept in zip(counts, kept, strict=True)
            if is_kept
        ]
        made.append(xml_row(map(xml_cell, said, widths)))
    return xml_table(made, widths)


def _signatures(document: Paper, form: Form) -> None:
    table = document.add_table(rows=1, cols=4)
    first, *others = table.rows[0].cells
    written(first.paragraphs[0], "Nơi nhận:", bold=True, italic=True)
    for each in form.recipients:
        written(first.add_paragraph(), f"- {each};", size=11)
    for cell, (title, note) in zip(others, form.signers, strict=True):
        for place, line in enumerate(title.split("\n")):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            written(paragraph, line, bold=True)
            paragraph.alignment = CENTER
        paragraph = cell.add_paragraph()
        written(paragraph, note, italic=True, size=11, after=60)
        paragraph.alignment = CENTER
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _field(paragraph: Paragraph, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    field.append(parse_xml(f'<w:r {nsdecls("w")}><w:rPr><w:sz w:val="18"/></w:rPr><w:t>1</w:t></w:r>'))
    paragraph._p.append(field)


def slips_docx(made: Sequence[Slip], seal: Seal, batch: Batch, sheet: str) -> bytes:
    """The slips of a list as DOCX, each on one page of A4."""
    document = new_paper(f"{SLIP_TITLE} – {sheet}", sheet, batch.form.foot, landscape=False)
    paragraph = document.add_paragraph()
    paragraph.add_run().add_picture(_qr(seal), width=Mm(20))
    picture = serialize_for_reading(paragraph.runs[0]._r)
    document.element.body.remove(paragraph._p)
    _append(document, NEW_PAGE.join(_slip(slip, seal, batch, picture) for slip in made))
    return saved(document)


def _slip(slip: Slip, seal: Seal, batch: Batch, picture: str) -> str:
    """A page as markup: head, title, what is known, room for the answer, code."""
    superior, office = batch.head.issuer
    left = [("", 11, superior), ("<w:b/>", 11, office), ("", 11, batch.form.number)]
    right = [("<w:b/>", 11, COUNTRY), ('<w:b/><w:u w:val="single"/>', 11, MOTTO), ("<w:i/>", 11, batch.head.day)]
    title = [("<w:b/>", 14, SLIP_TITLE), ("", 12, slip.title), ("", 9, batch.source)]
    size = slip.points - 0.5
    facts = (
        xml_row(
            (
                xml_cell(_stacked([("<w:b/>", size, label)]), SLIP_WIDTHS[0]),
                xml_cell(_stacked([("<w:b/>" * bold, size, each) for each in text.split("\n")]), SLIP_WIDTHS[1]),
            )
        )
        for label, text, bold in slip.rows
    )
    answers = "   ".join(f"☐ {each}".replace(" ", "\u00a0") for each in slip.answers)
    hand = [("", 11.0, line) for said in HAND for line in (said, "…" * 42)]
    signers = [_stacked([("<w:b/>", 10, each) for each in who.split("\n")], jc="center") for who in SLIP_SIGNERS]
    code = [("", 8, each) for each in (slip.code, *seal.lines)]
    parts = (
        _borderless([_stacked(left, jc="center"), _stacked(right, jc="center")], (4400, 5160)),
        _stacked(title, jc="center"),
        xml_table(facts, SLIP_WIDTHS),
        xml_paragraph([("<w:b/>", 11, f"{RESULT} "), ("", 11, answers)], after=60),
        _stacked(hand),
        _borderless(signers, (3180, 3180, 3200)),
        xml_paragraph([], after=600),
        _borderless([f"<w:p>{picture}</w:p>", _stacked(code)], (1300, 8260)),
    )
    return "".join(parts)


def _stacked(lines: Iterable[Run], *, jc: str = "") -> str:
    return "".join(xml_paragraph([line], jc=jc) for line in lines)


def _borderless(cells: Iterable[str], widths: Sequence[int]) -> str:
    row = xml_row(xml_cell(cell, width) for cell, width in zip(cells, widths, strict=True))
    return xml_table([row], widths, border=False)


def _append(document: Paper, markup: str) -> None:
    """Put tables and paragraphs of markup before the end of the document's body."""
    for part in list(parse_xml(f"<w:body {nsdecls('w')}>{markup}</w:body>")):
        document.element.body.insert_element_before(part, "w:sectPr")


def _qr(seal: Seal) -> io.BytesIO:
    picture = io.BytesIO()
    segno.make(seal.code, error="m").save(picture, kind="png", scale=4, border=2)
    picture.seek(0)
    return picture


def saved(document: Paper) -> bytes:
    """The file's bytes: the same document gives the same, whatever the hour."""
    made, fixed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
