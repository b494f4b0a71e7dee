"""Lists and slips as PDF/A by typst: no network, no font of the machine, the same bytes every time."""

import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from importlib.metadata import version
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
WITH_FILES: Final = "a-3b"  # the same, with a file of another kind inside
MACHINE_FILE: Final = "danh-sach.json"  # what a list's PDF was made of: whoever has the PDF can check it (held.py)
FORMAT: Final = "eligibility-audit list 1"
_LONG: Final = re.compile(r"[^\s\u00a0]{13,}")
_STEP: Final = re.compile(r"([/_.\-]|[^/_.\-]{10})(?=.)")
_BREAK: Final = r"\1" + "\u200b"  # where a line may end, unseen


def list_pdf(paper: ListPaper) -> bytes:
    """A list as PDF/A-3b on A4 landscape; every glyph is embedded (Libertinus Serif, which typst brings along).

    What it was made of is inside as `danh-sach.json`: `printed` makes the same bytes of it again.
    """
    return printed(json.dumps(machine_content(paper), ensure_ascii=False, separators=(",", ":")))


def printed(content: str) -> bytes:
    """The PDF of a list's machine content, a JSON text; the same text gives the same bytes."""
    page = json.loads(content)["page"]
    rows = [{"c": [paragraphs(cell) for cell in row["c"]]} if "c" in row else row for row in page["rows"]]
    return compiled("list.typ", page | {"rows": rows}, content)


def machine_content(paper: ListPaper) -> dict[str, object]:
    """All that a list says: what its hash is over (`list`), its pages (`page`), what set them (`made_by`)."""
    batch = paper.batch
    told = {"code": paper.kind.code, "run_id": batch.run_id, "as_of": str(batch.as_of), "place": batch.place}
    told |= {"root": batch.root, "sha256": paper.seal.digest}
    counts = {"persons": paper.sums.persons, "unconfirmed": paper.sums.unconfirmed}
    return {"format": FORMAT, "made_by": made_by(), "list": told | counts, "page": _page(paper)}


def made_by() -> dict[str, str]:
    """What sets pages: only the same makes the same bytes."""
    return {"typst": version("typst"), "template": hashlib.sha256(_template("list.typ")).hexdigest()}


def _page(paper: ListPaper) -> dict[str, object]:
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
    return {
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
    }


def compiled(template: str, data: Mapping[str, object], inside: str = "") -> bytes:
    """A template of `publish/templates` with its data, as PDF/A-2b; as PDF/A-3b where a file is to be `inside`."""
    told = {"data": json.dumps(data, ensure_ascii=False, separators=(",", ":"))}
    told |= {"inside": inside, "inside-name": MACHINE_FILE} if inside else {}
    made = typst.Compiler(_template(template), font_paths=_fonts(), sys_inputs=told).compile(
        format="pdf", pdf_standards=WITH_FILES if inside else STANDARD, timestamp=0, pdf_tags=False
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _template(name: str) -> bytes:
    return resources.files("eligibility_audit.publish").joinpath("templates", name).read_bytes()


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
    return {"c": row.cells, "id": row.id, "sha256": row.digest}


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
