"""Lists and slips as PDF/A by typst: no network, no font of the machine, the same bytes every time."""

import io
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Final

import segno
import typst

from eligibility_audit.publish.amounts import number
from eligibility_audit.publish.lines import Cell
from eligibility_audit.publish.papers import (
    BY_PLACE,
    COUNTRY,
    MONEY,
    MONEY_UP,
    MOTTO,
    Batch,
    Entry,
    Heading,
    ListPaper,
    Seal,
)
from eligibility_audit.publish.slips import HAND, RESULT, SLIP_SIGNERS, SLIP_TITLE, Slip

STANDARD: Final = "a-2b"
_LONG: Final = re.compile(r"[^\s\u00a0]{13,}")
_STEP: Final = re.compile(r"([/_.\-]|[^/_.\-]{10})(?=.)")
_BREAK: Final = r"\1" + "\u200b"  # where a line may end, unseen


def list_pdf(paper: ListPaper) -> bytes:
    """A list as PDF/A-2b on A4 landscape; every glyph is embedded (Libertinus Serif, which typst brings along)."""
    form = paper.batch.form
    has_upward, has_money = bool(paper.sums.upward), bool(paper.sums.to_clarify)
    money = [
        *([MONEY] if has_money else []),
        *([MONEY_UP] if has_upward else []),
    ]
    places = [
        {
            "name": place.name,
            "sum": place.is_district,
            "counts": [
                number(place.sums.persons),
                *([number(place.sums.to_clarify)] if has_money else []),
                *([number(place.sums.upward)] if has_upward else []),
            ],
        }
        for place in paper.places
    ]
    return compiled(
        "list.typ",
        {
            **_head(paper.batch),
            "title": paper.kind.title,
            "sheet": paper.kind.sheet,
            "source": paper.batch.source,
            "attached": form.attached,
            "note": paper.kind.note,
            "summary": paper.summary,
            "notes": form.notes,
            "by-place": BY_PLACE,
            "money": money,
            "places": places,
            "headings": form.headings,
            "widths": form.widths,
            "rows": [_row(row) for row in paper.rows],
            "closing": paper.closing,
            **_seal(paper.seal),
            "signers": form.signers,
            "recipients": form.recipients,
        },
    )


def compiled(template: str, data: Mapping[str, object]) -> bytes:
    """A template of `publish/templates` with its data, as PDF/A-2b."""
    source = resources.files("eligibility_audit.publish").joinpath("templates", template).read_bytes()
    told = {"data": json.dumps(data, ensure_ascii=False, separators=(",", ":"))}
    made = typst.Compiler(source, font_paths=_fonts(), sys_inputs=told).compile(
        format="pdf", pdf_standards=STANDARD, timestamp=0, pdf_tags=False
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _head(batch: Batch) -> dict[str, object]:
    head, day = batch.head, batch.as_of
    return {
        "date": (day.year, day.month, day.day),
        "issuer": head.issuer,
        "country": COUNTRY,
        "motto": MOTTO,
        "number": batch.form.number,
        "day": head.day,
        "foot": batch.form.foot,
    }


def _seal(seal: Seal) -> dict[str, object]:
    picture = io.BytesIO()
    segno.make(seal.code, error="m").save(picture, kind="svg", xmldecl=False, border=2)
    return {"seal": seal.lines, "qr": picture.getvalue().decode()}


def _row(row: Heading | Entry) -> dict[str, object]:
    if isinstance(row, Heading):
        return {"h": row.level, "t": row.text}
    return {"c": [paragraphs(cell) for cell in row.cells]}


def paragraphs(cell: Cell) -> list[list[tuple[str, str]]]:
    """The runs of a cell, line by line; long words may end a line anywhere."""
    made: list[list[tuple[str, str]]] = [[]]
    for style, text in cell:
        first, *more = breakable(text).split("\n")
        if first:
            made[-1].append((style, first))
        made += [[(style, each)] for each in more]
    return made


def breakable(text: str) -> str:
    """The text with unseen places to break long words at: paths, codes, numbers."""
    return _LONG.sub(lambda found: _STEP.sub(_BREAK, found[0]), text)


def slips_pdf(slips: Sequence[Slip], seal: Seal, batch: Batch, sheet: str) -> bytes:
    """The slips of a list as PDF/A-2b, each on one page of A4."""
    told = [
        {
            "title": slip.title,
            "code": slip.code,
            "points": slip.points,
            "rows": [(label, bold, breakable(text).split("\n")) for label, text, bold in slip.rows],
            "answers": slip.answers,
        }
        for slip in slips
    ]
    words = {"heading": SLIP_TITLE, "result": RESULT, "hand": HAND, "signers": SLIP_SIGNERS}
    data = {**_head(batch), **_seal(seal), **words, "sheet": sheet, "slips": told}
    return compiled("slips.typ", data | {"title": f"{SLIP_TITLE} – {sheet}", "source": batch.source})
