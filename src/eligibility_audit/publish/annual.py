"""The report of a period as an office's document (DOCX, PDF), as a table, and as one page of pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.publish import charts
from eligibility_audit.publish.amounts import number
from eligibility_audit.publish.csv_files import write_csv
from eligibility_audit.publish.inert import plain
from eligibility_audit.publish.papers import COUNTRY, MOTTO, Batch, Form, Letterhead

TITLE: Final = "BÁO CÁO KẾT QUẢ CÔNG TÁC"
FOOT: Final = "Số liệu đếm lại từ kho rà soát và lần chạy; con số không có người đo thì ghi chưa đo."
NUMBER: Final = "Số: ………/BC-………"
RECIPIENTS: Final = ("UBND tỉnh (để báo cáo)", "Các phòng, đơn vị", "Lưu: VT")
COLUMNS: Final = ("section", "code", "label", "value", "source", "note", "lines_file")
HEADINGS: Final = ("Chỉ tiêu", "Số", "Nguồn", "Dòng")
CHARTS: Final = 7
GIVEN: Final = "tệp số đếm"  # not counted here: no chart of it


@dataclass(frozen=True)
class Number:
    """One number: a count, or a text where it is not one. `source`: where it was counted; `lines_of`: its table."""

    code: str
    label: str
    value: int | str
    source: str
    note: str = ""
    lines_of: str = ""

    @property
    def told(self) -> str:
        """The value as it is printed."""
        return number(self.value) if isinstance(self.value, int) else self.value.replace(".", ",")

    @property
    def lines_file(self) -> str:
        """The table of the lines that it counts."""
        return f"so-lieu/{self.lines_of}.csv" if self.lines_of else ""


@dataclass(frozen=True)
class Section:
    """A result and its numbers."""

    title: str
    numbers: list[Number] = field(default_factory=list)


@dataclass(frozen=True)
class Annual:
    """The whole report."""

    first: date
    last: date
    sections: tuple[Section, ...]
    head: Letterhead
    has_run: bool
    has_counts: bool

    @property
    def subject(self) -> str:
        """What period it is of."""
        return f"Từ ngày {self.first:%d/%m/%Y} đến ngày {self.last:%d/%m/%Y}"

    @property
    def notes(self) -> tuple[str, ...]:
        """Where numbers come from, and what they do not say."""
        told = [
            "Mỗi con số đếm được có một bảng dòng của nó trong thư mục so-lieu: mã hồ sơ, mã đơn hoặc mã bản ghi.",
            "Nguồn “kho rà soát”: bước đã làm, có ngày, trong kho của cơ quan. Nguồn “lần chạy”: danh sách đã đọc. "
            "Nguồn “tệp số đếm”: số do cơ quan nêu, ở đây chỉ tính lại.",
            "Báo cáo không nói là không có sai sót: chỉ nêu sai sót đã đo bằng mẫu xét lại độc lập.",
            "Một người có thể có nhiều hồ sơ hoặc nhiều lượt chi; các nhóm của những danh sách khác nhau không cộng "
            "với nhau.",
        ]
        if not self.has_run:
            told.append("Không nêu --run: các danh sách hưởng không được đếm.")
        if not self.has_counts:
            told.append("Không nêu --counts: thủ tục hành chính, mức độ trực tuyến, tỷ lệ ký số, hộ nghèo ghi chưa đo.")
        return tuple(told)


def write_annual(folder: Path, annual: Annual) -> list[Path]:
    """Write `bao-cao.docx`, `bao-cao.pdf`, `bao-cao.csv`, `mot-trang.svg` and `mot-trang.png`; returns their paths."""
    from eligibility_audit.publish.pdf import compiled

    made = {name: folder / name for name in ("bao-cao.docx", "bao-cao.pdf", "bao-cao.csv")}
    made["bao-cao.docx"].write_bytes(_docx(annual))
    made["bao-cao.pdf"].write_bytes(compiled("annual.typ", _told(annual)))
    write_csv(_table(annual), made["bao-cao.csv"], COLUMNS)
    spec = picture(annual)
    drawn = charts.svg(spec).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    for name, content in (("mot-trang.svg", drawn.encode()), ("mot-trang.png", charts.png(spec))):
        made[name] = folder / name
        made[name].write_bytes(content)
    return list(made.values())


def _table(annual: Annual) -> pd.DataFrame:
    rows = [
        (section.title, one.code, one.label, str(one.value), one.source, one.note, one.lines_file)
        for section in annual.sections
        for one in section.numbers
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="string[pyarrow]")


def _told(annual: Annual) -> dict[str, object]:
    last = annual.last
    sections = [{"title": section.title, "rows": [_row(one) for one in section.numbers]} for section in annual.sections]
    head = annual.head
    return {
        "date": (last.year, last.month, last.day),
        "issuer": head.issuer,
        "country": COUNTRY,
        "motto": MOTTO,
        "number": NUMBER,
        "day": head.day,
        "title": TITLE,
        "subject": annual.subject,
        "foot": FOOT,
        "notes": annual.notes,
        "headings": HEADINGS,
        "sections": sections,
        "recipients": RECIPIENTS,
    }


def _row(one: Number) -> tuple[str, str, str, str]:
    note = f" ({one.note})" if one.note else ""
    return plain(one.label), plain(one.told), plain(one.source + note), one.lines_file


def _docx(annual: Annual) -> bytes:
    from eligibility_audit.publish import docx_lists as docx

    batch = Batch(TITLE, annual.last, "", head=annual.head, form=Form(number=NUMBER, foot=FOOT, recipients=RECIPIENTS))
    document = docx.new_paper(TITLE, "Báo cáo", FOOT, landscape=False)
    docx.head(document, batch)
    docx.centred(document, TITLE, size=14, bold=True, before=12)
    docx.centred(document, annual.subject, after=8)
    for section in annual.sections:
        docx.written(document.add_paragraph(), section.title, bold=True, before=8, after=4).keep_with_next = True
        table = document.add_table(rows=1, cols=len(HEADINGS))
        table.style = "Table Grid"
        for cell, text in zip(table.rows[0].cells, HEADINGS, strict=True):
            docx.written(cell.paragraphs[0], text, bold=True, size=11)
        for one in section.numbers:
            for place, (cell, text) in enumerate(zip(table.add_row().cells, _row(one), strict=True)):
                docx.written(cell.paragraphs[0], text, size=11 if place < 3 else 9)
    docx.written(document.add_paragraph(), "Ghi chú", bold=True, before=8, after=2)
    for note in annual.notes:
        docx.written(document.add_paragraph(), f"– {note}", size=11, after=2)
    signers = document.add_table(rows=1, cols=2)
    left, right = signers.rows[0].cells
    docx.written(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True)
    for each in RECIPIENTS:
        docx.written(left.add_paragraph(), f"- {each};", size=11)
    docx.written(right.paragraphs[0], "THỦ TRƯỞNG CƠ QUAN", bold=True)
    docx.written(
        right.add_paragraph(), "(chức vụ, chữ ký, họ tên; dấu hoặc chữ ký số của cơ quan)", italic=True, size=11
    )
    return docx.saved(document)


def picture(annual: Annual) -> dict[str, Any]:
    """One page: of each result its parts as ranked bars; a result that nobody counted says so."""
    rows = [_chart(section) for section in annual.sections if GIVEN not in {one.source for one in section.numbers}]
    drawn = [chart for chart in rows if chart is not None][:CHARTS]
    return {
        "title": {"text": TITLE, "subtitle": [annual.subject, FOOT], "anchor": "start", "fontSize": 18},
        "vconcat": drawn or [_empty("Chưa có số nào trong kỳ")],
        "spacing": 22,
    }


def _chart(section: Section) -> dict[str, Any] | None:
    counted: Sequence[Number] = [
        one
        for one in section.numbers
        if isinstance(one.value, int) and one.source != GIVEN and not one.code.endswith("-money")
    ]
    if not counted:
        return _empty(f"{section.title}: chưa đo") if section.numbers else None
    rows = [
        {"n": n, "label": one.label[:60], "count": one.value, "told": one.told} for n, one in enumerate(counted[:12])
    ]
    most = max(int(one.value) for one in counted)
    scale = {"type": "sqrt", "domain": [0, max(most, 1)]}  # a root scale, so that small ones are seen
    y = {"field": "label", "type": "nominal", "sort": {"field": "n"}, "axis": {"title": None, "labelLimit": 340}}
    x = {"field": "count", "type": "quantitative", "scale": scale, "axis": {"title": None, "tickCount": 4}}
    text = {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {"y": y, "x": x, "text": {"field": "told"}}}
    bars = {"mark": {"type": "bar", "color": charts.BAR, "height": 12}, "encoding": {"y": y, "x": x}}
    titled = {"text": section.title, "anchor": "start", "fontSize": 13}
    return {"title": titled, "width": 460, "height": {"step": 18}, "data": {"values": rows}, "layer": [bars, text]}


def _empty(told: str) -> dict[str, Any]:
    mark = {
        "mark": {"type": "text", "align": "left", "fontSize": 13},
        "encoding": {"text": {"field": "told"}, "x": {"value": 0}},
    }
    return {"width": 460, "height": 18, "data": {"values": [{"told": told}]}, **mark}
