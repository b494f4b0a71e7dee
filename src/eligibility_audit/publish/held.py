"""A list that somebody holds as a file, read back and computed again: is each line, and the list, what its hash says?

From the file alone, offline: a PDF brings its machine content along and must be the very bytes that this content
prints as; a workbook is read cell by cell. What a hash cannot tell (whether the list is ours at all) only a signature,
the ledger or the hash from another hand can.
"""

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from eligibility_audit.errors import InputError
from eligibility_audit.publish.lists import LISTS, listed
from eligibility_audit.publish.papers import Batch, entries, line_digest
from eligibility_audit.publish.pdf import FORMAT, MACHINE_FILE, made_by, printed

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

_KT: Final = re.compile(r"\nkt ([0-9a-f]{12})$")
_ID: Final = re.compile(r"mã ([A-Za-z0-9_.:-]+)$")
_SOURCE: Final = re.compile(
    r"Số liệu tính đến ngày (\d\d/\d\d/\d{4})\. Mã đợt rà soát: ([0-9A-Za-z_:-]+)\."
    r"(?: Phạm vi: (.*?)\.)?(?: \(Kèm.*)?$"
)
_HASH: Final = re.compile(r"Mã kiểm tra danh sách \(SHA-256\): ([0-9a-f]{64})")
_ROOT: Final = re.compile(r"Mốc chốt sổ cái: ([0-9a-f]{64})")
_TOTAL: Final = re.compile(r"TỔNG CỘNG DANH SÁCH: ([\d.]+) người")
_OF_SIGNATURES: Final = frozenset({"/Annots", "/AcroForm", "/Extensions", "/Metadata", "/DSS"})
_COVERED: Final = 8  # columns under the hash; the ninth is for handwriting


@dataclass(frozen=True)
class HeldLine:
    """A line as it is held: its number, its id, the digest that it states (or its first digits), the one computed."""

    number: int
    id: str
    stated: str
    digest: str

    @property
    def is_whole(self) -> bool:
        """Whether it says what its own code says."""
        return bool(self.stated) and self.digest.startswith(self.stated)


@dataclass(frozen=True)
class Held:
    """A list as it is held. `persons`: what its total says, -1 where it does not."""

    code: str
    run_id: str
    as_of: str
    place: str
    root: str
    stated: str
    persons: int
    unconfirmed: int
    lines: tuple[HeldLine, ...]

    @property
    def title(self) -> str:
        """The list's name."""
        return next((kind.sheet for kind in LISTS if kind.code == self.code), self.code)

    @property
    def digest(self) -> str:
        """The list's hash, computed from its lines."""
        whole = hashlib.sha256(_told(FORMAT, self.code, self.run_id, self.as_of, self.place))
        for line in self.lines:
            whole.update(_told(line.id, line.digest))
        return whole.hexdigest()

    def faults(self) -> list[str]:
        """What is not as it was made, the first line that differs first; sentences, Vietnamese / English."""
        changed = [line for line in self.lines if not line.is_whole]
        if changed:
            first, more = changed[0], len(changed) - 1
            other = f" (và {more} dòng sau)" if more else ""
            return [
                f"Danh sách “{self.title}”: dòng {first.number} (mã {first.id}) không còn như lúc lập{other} / "
                f"line {first.number} is not as it was made"
            ]
        if self.persons not in (-1, len(self.lines)):
            return [
                f"Danh sách “{self.title}”: tổng ghi {self.persons} người nhưng có {len(self.lines)} dòng / "
                "the total and the number of lines differ"
            ]
        if self.digest != self.stated:
            return [
                f"Danh sách “{self.title}”: từng dòng khớp nhưng mã kiểm tra danh sách không khớp: đã thêm, bớt, đổi "
                "thứ tự hoặc thay dòng / each line holds but the list's hash does not: lines were added, taken or moved"
            ]
        return []

    def first_difference(self, other: "Held") -> str:
        """A sentence naming the first line in which this list is not the other one; "" where there is none."""
        for mine, theirs in zip(self.lines, other.lines, strict=False):
            if (mine.id, mine.digest) != (theirs.id, theirs.digest):
                said = f"mã {mine.id}" if mine.id == theirs.id else f"mã {mine.id}, lẽ ra là {theirs.id}"
                return f"Danh sách “{self.title}”: dòng {mine.number} ({said}) khác / line {mine.number} differs"
        if len(self.lines) != len(other.lines):
            at = min(len(self.lines), len(other.lines)) + 1
            return (
                f"Danh sách “{self.title}”: từ dòng {at}: ở đây có {len(self.lines)} dòng, "
                f"bên kia {len(other.lines)} / "
                f"from line {at} on: {len(self.lines)} lines here, {len(other.lines)} there"
            )
        return ""


def _told(*parts: str) -> bytes:
    return ("\x1f".join(parts) + "\n").encode()


# -- PDF ---------------------------------------------------------------------------------------------------------------


def machine_file(pdf: bytes) -> str | None:
    """The machine content inside a PDF, a JSON text; None where it has none. Raises InputError for a damaged file."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"] if "/Names" in reader.root else ()
        for at in range(0, len(names), 2):
            if str(names[at]) == MACHINE_FILE:
                return str(names[at + 1]["/EF"]["/F"].data.decode())
    except (PdfError, ValueError, KeyError, TypeError, IndexError, zlib.error) as error:
        raise InputError(
            f"Tệp PDF hỏng ({type(error).__name__}); nội dung cho máy đọc không mở được / "
            "the PDF is damaged: its machine content does not open"
        ) from None
    return None


def of_machine_file(content: str) -> Held:
    """The list of a PDF's machine content."""
    try:
        read = json.loads(content)
        head = read["list"]
        entry_rows = [row for row in read["page"]["rows"] if "c" in row]
        lines = tuple(
            HeldLine(number, str(row["id"]), str(row["sha256"]), _digest_of(row["c"]))
            for number, row in enumerate(entry_rows, 1)
        )
        return Held(
            code=str(head["code"]),
            run_id=str(head["run_id"]),
            as_of=str(head["as_of"]),
            place=str(head["place"]),
            root=str(head["root"]),
            stated=str(head["sha256"]),
            persons=int(head["persons"]),
            unconfirmed=int(head["unconfirmed"]),
            lines=lines,
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"{MACHINE_FILE}: không đọc được ({type(error).__name__}) / the machine content cannot be read"
        ) from None


def _digest_of(cells: Sequence[Sequence[tuple[str, str]]]) -> str:
    texts = ["".join(text for _, text in cell) for cell in cells[:_COVERED]]
    texts[1] = _KT.sub("", texts[1])
    return line_digest(texts)


def page_fault(pdf: bytes, content: str) -> str | None:
    """Whether the pages are what the content prints as: "" yes; a sentence where they are not.

    None where that cannot be told here: the file was set by another release of typst or of our template.
    """
    import typst

    try:
        if json.loads(content).get("made_by") != made_by():
            return None
        again = printed(content)
    except (ValueError, KeyError, TypeError, AttributeError, typst.TypstError) as error:
        return (
            f"{MACHINE_FILE}: không in lại được ({type(error).__name__}) / the machine content cannot be printed again"
        )
    if pdf.startswith(again):
        return _added(pdf, again)
    at = next((n for n, (a, b) in enumerate(zip(pdf, again, strict=False)) if a != b), min(len(pdf), len(again)))
    return (
        f"Trang in không đúng với nội dung cho máy đọc: byte thứ {at + 1} của tệp đã khác / "
        f"the pages are not what the machine content prints as: byte {at + 1} of the file differs"
    )


def _added(pdf: bytes, printed_as: bytes) -> str:
    """A sentence where more than signatures stands behind the pages: it could show others in their place; else ""."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    if len(pdf) == len(printed_as):
        return ""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.embedded_regular_signatures and _only_signs(reader):
            return ""
    except (PdfError, ValueError, KeyError, TypeError, AttributeError):
        pass  # what cannot be read is no signature of ours: it is named below
    return (
        f"Trang in: từ byte thứ {len(printed_as) + 1} có nội dung được thêm ngoài chữ ký / "
        f"more than signatures was added to the pages, from byte {len(printed_as) + 1} on"
    )


def _only_signs(reader: "PdfFileReader") -> bool:
    """Whether the revisions behind the first one alter nothing of it but what a signature does: fields and their marks.

    Metadata are not printed.
    """
    from pyhanko.pdf_utils.generic import StreamObject

    printed_first = reader.get_historical_resolver(0)
    own = reader.xrefs.explicit_refs_in_revision(0)
    later = set().union(*(reader.xrefs.explicit_refs_in_revision(n) for n in range(1, reader.xrefs.total_revisions)))
    for ref in own & later:
        was, now = printed_first.get_object(ref), reader.get_object(ref)  # type: ignore[no-untyped-call]
        if was.get("/Type") == "/Metadata" or "/ModDate" in was:
            continue
        differs = {k for k in {*was, *now} if k not in was or k not in now or was.raw_get(k) != now.raw_get(k)}
        if isinstance(was, StreamObject) or not differs <= _OF_SIGNATURES:
            return False
        marks = now.get("/Annots", ())
        if any(marks[n].get("/FT") != "/Sig" or "/V" not in marks[n] for n in range(len(marks))):
            return False
    return True


# -- workbooks ---------------------------------------------------------------------------------------------------------


def of_workbook(path: Path) -> list[Held]:
    """The lists of a workbook, read cell by cell. Raises InputError where a part of the file is damaged."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(path) as parts:
            bad = parts.testzip()
        if bad:
            raise InputError(f"{path.name}: phần {bad} của sổ bị hỏng / a part of the workbook is damaged")
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (zipfile.BadZipFile, zlib.error, CalamineError, OSError, NotImplementedError, EOFError) as error:
        raise InputError(f"{path.name}: sổ bị hỏng ({type(error).__name__}) / the workbook is damaged") from None
    found = []
    for kind in LISTS:
        rows = [row for name in sheets if _is_of(name, kind.sheet) for row in sheets[name]]
        if any(_KT.search(str(row[1])) for row in rows if len(row) > 1):
            found.append(_of_sheet(kind.code, rows))
    return found


def _is_of(name: str, sheet: str) -> bool:
    return name == sheet or re.fullmatch(re.escape(sheet) + r" \(\d+\)", name) is not None


def _of_sheet(code: str, rows: Sequence[Sequence[Any]]) -> Held:
    told = [str(cell) for row in rows for cell in row[:1] if cell != ""]
    source = next((found for text in told if (found := _SOURCE.search(text))), None)
    sha256 = next((found[1] for text in told if (found := _HASH.search(text))), "")
    root = next((found[1] for text in told if (found := _ROOT.search(text))), "")
    total = next((found[1] for text in told if (found := _TOTAL.search(text))), "")
    day = datetime.strptime(source[1], "%d/%m/%Y").date().isoformat() if source else ""  # noqa: DTZ007 (a day)
    return Held(
        code,
        source[2] if source else "",
        day,
        (source[3] or "") if source else "",
        root,
        sha256,
        int(total.replace(".", "")) if total else -1,
        0,
        tuple(_lines_of(rows)),
    )


def _lines_of(rows: Sequence[Sequence[Any]]) -> Iterator[HeldLine]:
    number = 0
    for row in rows:
        texts = [_text(cell) for cell in row[:_COVERED]]
        if len(texts) < _COVERED or not texts[0].isdigit() or not (texts[1] or texts[2]):
            continue
        number += 1
        stated = _KT.search(texts[1])
        texts[1] = _KT.sub("", texts[1])
        found = _ID.search(texts[1])
        yield HeldLine(number, found[1] if found else "?", stated[1] if stated else "", line_digest(texts))


def _text(cell: object) -> str:
    """A cell as it was printed: a whole number has no fraction."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


# -- tables ------------------------------------------------------------------------------------------------------------


def of_table(recommendations: pd.DataFrame, batch: Batch) -> list[Held]:
    """The lists that a table of recommendations becomes, with the hashes that they must bear."""
    lines = listed(recommendations)
    found = []
    for kind in LISTS:
        part = lines[lines["list"] == kind.code]
        if len(part):
            made = tuple(HeldLine(e.number, e.id, e.digest, e.digest) for _, e in entries(part))
            unconfirmed = int((part["law_mark"] != "confirmed").fillna(True).sum())
            head = (kind.code, batch.run_id, str(batch.as_of), batch.place, batch.root)
            held = Held(*head, "", len(made), unconfirmed, made)
            found.append(Held(*head, held.digest, len(made), unconfirmed, made))
    return found


def batch_of(held: Held, plan_name: str = "") -> Batch:
    """What a list says of its making, to make it again from a table."""
    return Batch(plan_name, date.fromisoformat(held.as_of), held.run_id, place=held.place, root=held.root)


def cut_to(recommendations: pd.DataFrame, held: Held) -> pd.DataFrame:
    """The lines of a table that stand on a list that is held, by id: those that it has lost or gained stay in sight.

    A list of a place is compared with the lines of the places that its own lines name.
    """
    ids = {line.id for line in held.lines}
    of_list = listed(recommendations)
    of_list = of_list[of_list["list"] == held.code]
    if not held.place:
        return of_list
    named = of_list[of_list["recommendation_id"].isin(ids)][["district", "commune"]].drop_duplicates()
    return of_list.merge(named, on=["district", "commune"])
