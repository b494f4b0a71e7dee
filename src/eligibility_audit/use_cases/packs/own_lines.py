"""What a commune may see of a run: its own lines, and of records elsewhere no more than that they are there.

Two looks, so that one that fails is caught by the other: a piece of evidence that was found at a record of another
commune is reduced by where it stands; then every text is searched for the names and numbers of all records of the run
that are not of this commune.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from eligibility_audit.publish.lists import NO_COMMUNE, NO_DISTRICT

ELSEWHERE: Final = "một hồ sơ ở xã khác"
REDUCED: Final = {
    "vi": "Một hồ sơ ở xã khác.",
    "en": "A record of another commune.",
    "file": "",
    "sheet": "",
    "row": None,
}
EVIDENCE: Final = ("evidence_for", "evidence_against")
TEXTS: Final = (
    *("reason_vi", "reason_en", "identity_agrees", "identity_differs", "verify_with", "question_vi"),
    *("due_basis", "least_change", "act_basis", "legal_basis", "complaint"),
)
NAMES: Final = ("name", "alias", "name_received", "parent_name", "guardian")
NUMBERS: Final = (
    *("national_id", "dossier_no", "parent_dossier_no", "certificate_no", "book_no", "registration_no"),
    *("household_no", "record_id"),
)
MOST_WORDS: Final = 8  # of a name or number
LEAST_NUMBER: Final = 5  # signs of a number that tells anybody apart
_WORD: Final = re.compile(r"\w+")
Place = tuple[str, str]  # district, commune


@dataclass(frozen=True)
class Everybody:
    """Names and numbers of all records of a run by place, and where each record stands."""

    by_place: Mapping[Place, frozenset[str]]
    at: Mapping[tuple[str, str, int], frozenset[Place]]

    def elsewhere(self, place: Place) -> "Hidden":
        """What a commune does not see: all that is not written in a record of its own as well."""
        own = self.by_place.get(place, frozenset()) | _said(place[1])
        others = set().union(*(found for other, found in self.by_place.items() if other != place))
        return Hidden(place, frozenset(others - own), own, self)


@dataclass(frozen=True)
class Hidden:
    """What is hidden from a place, and what is its own: sequences of words, as `sequence` writes them."""

    place: Place
    sequences: frozenset[str]
    own: frozenset[str]
    everybody: Everybody

    def found_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a name or number of another commune stands in a text: begin and end, the longest first.

        A name that is longer and of this commune is left whole.
        """
        words = [(found.start(), found.end(), found[0]) for found in _WORD.finditer(_plain(text))]
        place = 0
        while place < len(words):
            hidden, own = _longest(words, place, self.sequences), _longest(words, place, self.own)
            if hidden > own:
                yield words[place][0], words[place + hidden - 1][1]
            place += max(hidden, own, 1)

    def without(self, text: str) -> str:
        """The text, each such name or number replaced by *một hồ sơ ở xã khác*."""
        said = unicodedata.normalize("NFC", text)
        for begin, end in reversed(list(self.found_in(said))):
            said = f"{said[:begin]}{ELSEWHERE}{said[end:]}"
        return said

    def stands_elsewhere(self, file: str, sheet: str, row: int) -> bool:
        """Whether what stands in a line of the sources is of other places alone."""
        places = self.everybody.at.get((file, sheet, row))
        return bool(places) and self.place not in (places or ())


def _longest(words: list[tuple[int, int, str]], place: int, among: frozenset[str]) -> int:
    """How many words from a place on are the longest sequence that is known; 0 where none is."""
    most = min(MOST_WORDS, len(words) - place)
    counts = range(most, 0, -1)
    return next((n for n in counts if " ".join(word for _, _, word in words[place : place + n]) in among), 0)


def everybody(run_folder: Path) -> Everybody:
    """Read the records of a run. A record of no commune is of no place, and hidden where its name is nobody's here."""
    by_place: dict[Place, set[str]] = {}
    at: dict[tuple[str, str, int], set[Place]] = {}
    for path in sorted((run_folder / "records").glob("*.parquet")):
        frame = pd.read_parquet(path)
        places = list(zip(_named(frame["district"], NO_DISTRICT), _named(frame["commune"], NO_COMMUNE), strict=True))
        for place in dict.fromkeys(places):
            by_place.setdefault(place, set())
        for column in (*NAMES, *NUMBERS):
            if column in frame.columns:
                for place, value in zip(places, frame[column].astype("string").fillna(""), strict=True):
                    by_place[place] |= _identifying(str(value), is_number=column in NUMBERS)
        for place in dict.fromkeys(places):
            by_place[place] |= _said(place[1])
        where = zip(frame["source_file"], frame["source_sheet"].fillna(""), frame["source_row"], strict=True)
        for place, (file, sheet, row) in zip(places, where, strict=True):
            at.setdefault((str(file), str(sheet), int(row)), set()).add(place)
    return Everybody(
        {place: frozenset(found) for place, found in by_place.items()},
        {where: frozenset(found) for where, found in at.items()},
    )


def own_lines(lines: pd.DataFrame, hidden: Hidden) -> pd.DataFrame:
    """Lines of one commune (`lists.listed`), all that is of other communes reduced to that it is there."""
    made = lines.copy()
    for column in EVIDENCE:
        made[column] = _mapped(made[column], lambda text: _evidence(text, hidden))
    for column in TEXTS:
        if column in made.columns:
            made[column] = _mapped(made[column], hidden.without)
    return made


def _mapped(column: "pd.Series[str]", of: Callable[[str], str]) -> "pd.Series[str]":
    distinct = {text: of(str(text)) for text in column.dropna().unique()}
    return column.map(distinct, na_action="ignore").astype("string[pyarrow]")


def _evidence(text: str, hidden: Hidden) -> str:
    """An evidence cell, each piece from elsewhere, or that names somebody from elsewhere, reduced."""
    try:
        pieces = json.loads(text) if text.startswith("[") else [text]
    except ValueError:
        pieces = [text]
    return json.dumps([_piece(piece, hidden) for piece in pieces], ensure_ascii=False)


def _piece(piece: object, hidden: Hidden) -> object:
    if not isinstance(piece, dict):
        return REDUCED if any(hidden.found_in(str(piece))) else piece
    row = piece.get("row")
    where = (str(piece.get("file") or ""), str(piece.get("sheet") or ""), int(row) if row else 0)
    said = " ".join(str(piece.get(name) or "") for name in ("vi", "en", "file", "sheet"))
    return REDUCED if hidden.stands_elsewhere(*where) or any(hidden.found_in(said)) else piece


def sequence(text: str) -> str:
    """The words of a text as they are compared: composed, in small letters, one space between them."""
    return " ".join(_WORD.findall(_plain(text)))


def _identifying(value: str, *, is_number: bool) -> set[str]:
    """The sequence of a name of two words or more, or of a number long enough."""
    said = sequence(value)
    if is_number:
        return {said} if len(said) >= LEAST_NUMBER and any(sign.isdigit() for sign in said) else set()
    return {said} if " " in said else set()


def _said(commune: str) -> set[str]:
    """How texts name a commune, with its type word; unknown ones are not named."""
    said = sequence(commune)
    return {said} if " " in said and commune != NO_COMMUNE else set()


def _plain(text: str) -> str:
    """Composed and in small letters, as long as it was: a sign that would grow (`İ`) stays, the others do not."""
    composed = unicodedata.normalize("NFC", text)
    small = composed.lower()
    return small if len(small) == len(composed) else "".join(s if len(s.lower()) > 1 else s.lower() for s in composed)


def _named(names: "pd.Series[str]", unknown: str) -> Iterable[str]:
    """Names of places as `lists.listed` writes them."""
    column = names.astype("string[pyarrow]").str.replace(r"\s+", " ", regex=True).str.strip()
    return column.mask(column == "").fillna(unknown).astype(str)
