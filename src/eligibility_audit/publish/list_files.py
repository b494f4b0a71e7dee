"""Lists and slips as files, PDF or DOCX, one a list; a list too long for one file is cut by place, each part sealed."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from eligibility_audit.publish.lists import LISTS, ListKind, by_name, listed
from eligibility_audit.publish.papers import Batch, Seal, paper
from eligibility_audit.publish.slips import slips

PaperFormat = Literal["pdf", "docx"]
PAPERS: Final[tuple[PaperFormat, ...]] = ("pdf", "docx")
MOST_LINES: Final = 500  # of one file: a PDF takes a megabyte of memory a line while it is made


@dataclass(frozen=True)
class Part:
    """A list, or a part of one, that becomes one file; or the slips of its cases."""

    kind: ListKind
    lines: pd.DataFrame
    batch: Batch
    format: PaperFormat
    is_slips: bool = False
    twin: int = 0  # of parts of a list whose places differ by signs alone (Huyện An, Huyện Ân): which one

    @property
    def name(self) -> str:
        """The file's name: the list and the place, never a person."""
        words = ("phieu" if self.is_slips else "", self.kind.sheet, self.batch.place)
        twin = f"--{self.twin + 1}" if self.twin else ""
        return "-".join(slug(each) for each in words if each) + f"{twin}.{self.format}"


def parts(
    recommendations: pd.DataFrame, batch: Batch, formats: Sequence[PaperFormat], *, slips: bool = False
) -> Iterator[Part]:
    """The files that lists become, list by list; with `slips` those of their cases after each."""
    lines = listed(recommendations)
    for kind in LISTS:
        of_list = lines[lines["list"] == kind.code]
        if not len(of_list):
            continue
        told: list[str] = []
        for place, part in _short(of_list):
            named = replace(batch, place=place) if place else batch
            twin = told.count(slug(place))
            told.append(slug(place))
            for form in formats:
                yield Part(kind, part, named, form, twin=twin)
                if slips:
                    yield Part(kind, part, named, form, is_slips=True, twin=twin)


def write_part(part: Part, out: Path) -> Path:
    """Write the file into `out`; returns its path."""
    path = out / part.name
    path.write_bytes(_slips(part) if part.is_slips else _list(part))
    return path


def _list(part: Part) -> bytes:
    made = paper(part.kind, part.lines, part.batch)
    if part.format == "pdf":
        from eligibility_audit.publish.pdf import list_pdf

        return list_pdf(made)
    from eligibility_audit.publish.docx_lists import list_docx

    return list_docx(made)


def _slips(part: Part) -> bytes:
    seal = Seal(part.kind, part.batch)
    made = list(slips(part.kind, part.lines, seal))
    if part.format == "pdf":
        from eligibility_audit.publish.pdf import slips_pdf

        return slips_pdf(made, seal, part.batch, part.kind.sheet)
    from eligibility_audit.publish.docx_lists import slips_docx

    return slips_docx(made, seal, part.batch, part.kind.sheet)


def _short(lines: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The list whole, or cut by district and, where a district is too long, between its communes."""
    if len(lines) <= MOST_LINES:
        yield "", lines
        return
    for district in sorted(lines["district"].unique(), key=by_name):
        of_district = lines[lines["district"] == district]
        filled = list(_filled(of_district))
        for number, communes in enumerate(filled, 1):
            label = f"{district}, phần {number}/{len(filled)}" if len(filled) > 1 else str(district)
            yield label, of_district[of_district["commune"].isin(communes)]


def _filled(lines: pd.DataFrame) -> Iterator[list[str]]:
    """Communes in their order, put together up to the most lines of a file; a larger commune is alone."""
    counts = lines["commune"].value_counts()
    held: list[str] = []
    for commune in sorted(counts.index, key=by_name):
        if held and int(counts[held].sum()) + int(counts[commune]) > MOST_LINES:
            yield held
            held = []
        held.append(str(commune))
    if held:
        yield held


def slug(text: str) -> str:
    """A text as part of a file name: small letters without signs, joined by hyphens; never empty."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(sign if sign.isalnum() else "-" for sign in apart if not unicodedata.combining(sign))
    return "-".join(each for each in plain.split("-") if each) or "khong-ten"
