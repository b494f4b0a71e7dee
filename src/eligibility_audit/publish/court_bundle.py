"""A court bundle as one PDF: an index, every document numbered, every sheet with its bút lục number.

What stands in it is handed in as text: the template is a constant and nothing of the text is run. The font is the one
that comes with typst, which has every Vietnamese letter, so that any machine makes the same sheets.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Final

import typst

FONT: Final = "Libertinus Serif"


@dataclass(frozen=True)
class Table:
    """A table: its head, its rows, and the share of the width that each column takes. `title` stands above it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    title: str = ""
    is_small: bool = False


@dataclass(frozen=True)
class Document:
    """One document of the bundle: its title, a line that says what it is, tables. An empty one says that it is."""

    title: str
    told: str = ""
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Attached:
    """A file beside the PDF: which document of the case it is, its name in the zip, its hash."""

    title: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Bundle:
    """All that the PDF shows. `facts`: name and value of what the cover says."""

    office: str
    title: str
    made_on: date
    facts: tuple[tuple[str, str], ...]
    documents: tuple[Document, ...]
    attached: tuple[Attached, ...] = field(default=())
    foot: str = ""


def bundle_pdf(bundle: Bundle) -> bytes:
    """The bundle as PDF/A-2b."""
    data = json.dumps(asdict(bundle) | {"made_on": _day(bundle.made_on)}, ensure_ascii=False)
    made = typst.compile(
        _TEMPLATE.encode(),
        sys_inputs={"data": data},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["a-2b"],
    )
    if not isinstance(made, bytes):  # a document of one file is bytes
        raise TypeError
    return made


def _day(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def breakable(text: str, every: int = 16) -> str:
    """A long hash with places at which a line may end."""
    return " ".join(text[k : k + every] for k in range(0, len(text), every))


_TEMPLATE: Final = """
#let data = json(bytes(sys.inputs.data))
#let padded(n) = if n < 10 { "00" + str(n) } else if n < 100 { "0" + str(n) } else { str(n) }
#let day = data.made_on
#set document(title: data.title, date: datetime(year: day.at(0), month: day.at(1), day: day.at(2)))
#set page(
  paper: "a4", margin: (left: 28mm, right: 15mm, top: 20mm, bottom: 20mm),
  header: context if counter(page).get().first() > 1 { text(9pt, fill: luma(90), data.title) },
  footer: context [#text(9pt, fill: luma(90), data.foot) #h(1fr) *BL #padded(counter(page).get().first())*],
)
#set text(font: "Libertinus Serif", size: 11pt, lang: "vi", hyphenate: false)
#set par(justify: false)
#show table.cell.where(y: 0): set text(weight: "bold")
#let sheets(first, last) = context {
  let (a, b) = (counter(page).at(label(first)).first(), counter(page).at(label(last)).first())
  if a == b { padded(a) } else { padded(a) + "–" + padded(b) }
}
#let grid-of(t) = {
  if t.title != "" { block(above: 1em, sticky: true, strong(t.title)) }
  set text(size: if t.is_small { 8pt } else { 10pt })
  table(
    columns: t.widths.map(w => w * 1fr), stroke: 0.4pt + luma(120), inset: 4pt,
    fill: (x, y) => if y == 0 { luma(235) },
    table.header(..t.head), ..t.rows.flatten(),
  )
}

#grid(
  columns: (1fr, 1.4fr), align: center, row-gutter: 4pt,
  strong(upper(data.office)), strong[CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM],
  [], strong[Độc lập – Tự do – Hạnh phúc],
)
#v(8mm)
#align(center, text(16pt, strong(data.title)))
#v(4mm)
#table(columns: (1fr, 2fr), stroke: none, inset: 3pt, ..data.facts.map(f => (f.at(0), strong(f.at(1)))).flatten())
#v(4mm)
#align(center, text(13pt, strong[MỤC LỤC]))
#show table.cell.where(y: 0): set text(weight: "bold")
#table(
  columns: (1.1cm, 1fr, 2.6cm), stroke: 0.4pt + luma(120), inset: 4pt, fill: (x, y) => if y == 0 { luma(235) },
  table.header[TT][Tài liệu][Bút lục],
  ..data.documents.enumerate(start: 1).map(((n, d)) => (
    str(n), d.title, sheets("from-" + str(n), "to-" + str(n)),
  )).flatten(),
)
#if data.attached.len() > 0 [
  #block(above: 1em, sticky: true)[*Tệp đính kèm* (trong tệp zip đi cùng; mã băm SHA-256 để đối chiếu)]
  #set text(size: 9pt)
  #table(
    columns: (1.1cm, 1fr, 3.6cm, 1.2fr), stroke: 0.4pt + luma(120), inset: 4pt,
    fill: (x, y) => if y == 0 { luma(235) },
    table.header[TT][Văn bản][Tên tệp][SHA-256],
    ..data.attached.enumerate(start: 1).map(((n, a)) => (str(n), a.title, a.name, a.sha256)).flatten(),
  )
]
#for (n, d) in data.documents.enumerate(start: 1) {
  pagebreak()
  [#block(below: 0.8em, text(14pt, strong[Tài liệu số #n. #d.title]))#label("from-" + str(n))]
  if d.told != "" { par(d.told) }
  if d.tables.len() == 0 { emph[Không có.] }
  for t in d.tables { grid-of(t) }
  [#metadata(n)#label("to-" + str(n))]
}
"""
