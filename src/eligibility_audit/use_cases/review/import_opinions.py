"""Take back the column *ý kiến cán bộ rà soát* of a list that was filled in offline: drafts, never a determination.

A line is taken where its eight printed columns are, word for word, those of the run, and the code printed on it is the
code of those words; a line that was changed is refused and named, with the column.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.errors import InputError
from eligibility_audit.publish.lines import HEADINGS, WIDTHS, cells, texts_of
from eligibility_audit.publish.lists import listed
from eligibility_audit.publish.papers import Entry, entry
from eligibility_audit.readers.filled import filled_rows
from eligibility_audit.store.office import Office
from eligibility_audit.store.opinions import Opinion, add_opinions, cases_seen

OPINION: Final = HEADINGS[8]
MOST_SIGNS: Final = 4_000
_ID: Final = re.compile(r"\bmã (\S+)")
_CODE: Final = re.compile(r"\bkt ([0-9a-f]{12})\b")


@dataclass(frozen=True)
class ImportedOpinions:
    """What became of a file: new drafts, those known already, lines without an opinion, lines refused (where, why)."""

    added: int
    known: int
    empty: int
    refused: tuple[tuple[str, str], ...]

    def told(self) -> str:
        """The counts, then each line that was refused. No name."""
        head = (
            f"Nhập {self.added} ý kiến làm bản nháp (đã có {self.known}); {self.empty} dòng để trống; không nhận "
            f"{len(self.refused)} dòng. Không việc nào, bước nào đổi. / {self.added} drafts ({self.known} known), "
            f"{self.empty} lines left empty, {len(self.refused)} refused; no step was taken."
        )
        return "\n".join([head, *(f"{place}: {why}" for place, why in self.refused)])


def import_opinions(office: Office, actor: Actor, path: Path, recommendations: pd.DataFrame) -> ImportedOpinions:
    """Import a filled list (workbook, or a sheet of it as csv). `recommendations`: of the run that printed it.

    Raises InputError for a file that is no list, RefusedError for a role that gives no opinions.
    """
    rows = [(place, row) for place, row in _rows(path) if _ID.search(row[HEADINGS[1]])]
    lines = _lines(recommendations, {_found(_ID, row[HEADINGS[1]]) for _, row in rows})
    seen = cases_seen(office, actor, [line["case_id"] for line in lines.values()])
    taken: list[Opinion] = []
    refused: list[tuple[str, str]] = []
    empty = 0
    for place, row in rows:
        opinion = row[OPINION].strip()
        line = lines.get(_found(_ID, row[HEADINGS[1]]))
        if not opinion or (line is not None and opinion == line.get("complaint", "")):
            empty += 1
            continue
        why, digest = _checked(row, line, opinion)
        if not why and line is not None and line["case_id"] not in seen:
            why = "không có hồ sơ này trong địa bàn của bạn / there is no such case in your area"
        if why or line is None:
            refused.append((place, why))
        else:
            taken.append(Opinion(line["case_id"], opinion, place[:300], digest))
    added = add_opinions(office, actor, taken, hashlib.sha256(path.read_bytes()).hexdigest())
    return ImportedOpinions(added, len(taken) - added, empty, tuple(refused))


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        read = list(filled_rows(path, {heading: heading for heading in HEADINGS}, OPINION))
    except InputError as error:
        if "không có cột" not in str(error):
            raise
        raise InputError(
            f"{path.name}: không có cột “{OPINION}”; nhập lại chính sổ danh sách (xlsx, hoặc một trang lưu "
            "thành csv). / "
            "there is no column of opinions; bring back the workbook of lists, or a sheet of it as csv."
        ) from None
    for number, found in read:
        yield f"{path.name}, dòng / row {number}", {heading: found.get(heading, "") for heading in HEADINGS}


def _lines(recommendations: pd.DataFrame, ids: set[str]) -> dict[str, Mapping[str, str]]:
    wanted = recommendations[recommendations["recommendation_id"].isin(ids)]
    return {line["recommendation_id"]: line for line in texts_of(listed(wanted))}


def _checked(row: Mapping[str, str], line: Mapping[str, str] | None, opinion: str) -> tuple[str, str]:
    """Why a line is refused ("" where it is as it was printed), and its digest."""
    if line is None:
        return "không phải dòng của lần chạy này / this is no line of the run", ""
    if len(opinion) > MOST_SIGNS:
        return f"ý kiến dài hơn {MOST_SIGNS} ký tự / the opinion is too long", ""
    number = row[HEADINGS[0]].strip()
    if not number.isdigit():
        return "cột TT bị sửa / the number was changed", ""
    printed: Entry = entry(int(number), line["recommendation_id"], cells(line, int(number)), WIDTHS)
    for heading, cell in zip(HEADINGS[:8], printed.cells, strict=False):
        if _same(row[heading]) != _same("".join(text for _, text in cell)):
            if _found(_CODE, row[HEADINGS[1]]) != printed.digest[:12] and heading == HEADINGS[1]:
                return "mã kiểm tra của dòng không khớp / the line's code is not that of the line", ""
            return f"cột “{heading}” đã bị sửa / this column was changed", ""
    return "", printed.digest


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _same(text: str) -> str:
    """The words of a cell: a word processor may break lines elsewhere."""
    return " ".join(text.split())
