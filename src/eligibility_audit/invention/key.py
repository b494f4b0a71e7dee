"""The answer key: what a perfect reader gets out of every line, and what is planted in it."""

import csv
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Final, TextIO

from eligibility_audit.invention.mess import Truth
from eligibility_audit.invention.people import Entry, Person
from eligibility_audit.invention.planting import fold
from eligibility_audit.invention.sheets import Line, Sheet

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
AUDITED: Final = ("AO", "ME", "SA", "CV", "EXT")
_X: Final = {
    "claim": "kind", "basis": "basis", "percent": "pct", "amount": "amount", "disease": "disease", "place": "place",
    "parent_name": "parent_name",
    "parent_dossier": "parent_dossier", "dup_kind": "dup_kind", "group": "group", "coefficient": "coef",
    "certificate": "cert", "level": "level",
    "months": "months", "paid": "paid", "household": "hh", "class": "cls", "died": "death", "registered": "reg",
    "note": "note",
    "pension": "kind", "conclusion": "kl", "category": "cat",
}  # fmt: skip


@dataclass(slots=True)
class Place:
    """Where one line about a person stands, and what it shows of the person."""

    row_id: int
    file: int
    sheet: str
    row: int
    prog: str
    name: str
    dob: str | None
    precision: str | None
    national_id: str | None
    commune: str | None


class Key:
    """Writes truth.jsonl while the files are written, and the other tables at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts: dict[str, int] = {}
        self.planted: dict[str, int] = {}
        self.files: list[str] = []
        self.sheets: list[tuple[str, str, str, str, int, str]] = []
        self._rows = 0
        self._seen: dict[int, list[Place]] = {}
        self._truth: TextIO = (folder / "truth.jsonl").open("w", encoding="utf-8", newline="\n")
        self._reject_file: TextIO = (folder / "truth_rejects.csv").open("w", encoding="utf-8", newline="")
        self._rejects = csv.writer(self._reject_file, lineterminator="\n")
        self._rejects.writerow(["file", "sheet", "excel_row", "kind", "reason", "entity_id"])

    def start_file(self, name: str) -> None:
        """All that follows stands in the file `name` (relative to the province's folder)."""
        self.files.append(name)

    def line(self, sheet: Sheet, line: Line, row: int, name: str) -> None:
        """One line, on row number `row` of the sheet called `name` ("" where the file has no sheets)."""
        if line.kind == "person":
            for entry, truth, member in line.people:
                self._person(entry, truth, member, row, name, line.encoding)
        elif line.kind == "quarantine":
            self._rejects.writerow(
                [self.files[-1], name, row, "quarantine", line.reason, entity(line.people[0][0].person)]
            )
        else:
            self._rejects.writerow([self.files[-1], name, row, "no_person", line.kind, ""])

    def _person(self, entry: Entry, truth: Truth, member: int, row: int, sheet: str, encoding: str) -> None:
        self._rows += 1
        commune = truth.commune
        trap = entry.trap
        audited = entry.prog in AUDITED
        if trap is None and audited and not entry.planted:
            trap = "T_MISSING_ID" if truth.national_id is None else "T_0101" if "dob_0101" in truth.noise else None
        record: dict[str, object] = {
            "row_id": self._rows, "file": self.files[-1], "sheet": sheet, "excel_row": row,
            "role": "audited" if audited else "reference",
            "prog": entry.prog, "dossier_no": truth.dossier, "entity_id": entity(entry.person), "name": truth.name,
            "dob": truth.dob,
            "dob_precision": truth.precision, "sex": truth.sex, "id": truth.national_id,
            "commune": commune.full if commune else None,
            "commune_code": commune.code if commune else None, "district": truth.district,
            "planted": entry.planted if audited else [],
            "expected": entry.expected if audited else "keep", "also_ok": entry.also_ok, "trap": trap,
            "noise": truth.noise,
            "x": {_X[k]: v.isoformat() if isinstance(v, date) else v for k, v in entry.facts.items() if k in _X},
        }  # fmt: skip
        if entry.kind == "poor_households":
            record["member"] = member
        if encoding:
            record["row_encoding"] = encoding
        self._truth.write(_ENCODER.encode(record) + "\n")
        self.counts[entry.kind] = self.counts.get(entry.kind, 0) + 1
        for code in [*(entry.planted if audited else []), *([trap] if trap else [])]:
            self.planted[code] = self.planted.get(code, 0) + 1
        self._seen.setdefault(entry.person.number, []).append(
            Place(
                self._rows,
                len(self.files) - 1,
                sheet,
                row,
                entry.prog,
                truth.name,
                truth.dob,
                truth.precision,
                truth.national_id,
                commune.code if commune else None,
            )
        )

    def finish(self, people: Iterable[Person]) -> None:
        """Write the links, sheets and people, and close the rest."""
        self._truth.close()
        self._reject_file.close()
        self._links()
        header = ["file", "sheet", "encoding", "header_rows", "person_rows", "columns"]
        _table(self.folder / "truth_sheets.csv", header, self.sheets)
        header = [
            "entity_id",
            "name",
            "sex",
            "dob",
            "id9",
            "id12",
            "commune_code",
            "commune",
            "district",
            "alias",
            "death_date",
            "rows",
        ]
        rows = (
            (
                entity(p), p.name.full, p.sex, p.born.isoformat(), p.id9, p.id12, p.commune.code, p.commune.full,
                p.commune.district.full,
                p.alias, p.died.isoformat() if p.died else "", len(self._seen.get(p.number, ())),
            )
            for p in people
        )  # fmt: skip
        _table(self.folder / "truth_entities.csv", header, rows)

    def _links(self) -> None:
        header = [
            "row_id_l",
            "file_l",
            "sheet_l",
            "row_l",
            "row_id_r",
            "file_r",
            "sheet_r",
            "row_r",
            "entity_id",
            "scope",
            "evidence",
        ]
        _table(self.folder / "truth_links.csv", header, self._pairs())

    def _pairs(self) -> Iterable[tuple[object, ...]]:
        for number, places in self._seen.items():
            for left, right in combinations(places, 2):
                scope = "within" if left.prog == right.prog else "across"
                yield (
                    left.row_id, self.files[left.file], left.sheet, left.row, right.row_id, self.files[right.file],
                    right.sheet, right.row,
                    f"E{number:06d}", scope, evidence(left, right),
                )  # fmt: skip


def entity(person: Person) -> str:
    """The id of a person in the key."""
    return f"E{person.number:06d}"


def evidence(left: Place, right: Place) -> str:
    """What two lines about one person share: the strongest of the key's classes."""
    if left.national_id and left.national_id == right.national_id:
        return "id"
    if left.name != right.name and _comparable(left.name) != _comparable(right.name):
        return "weak"
    here = left.commune is not None and left.commune == right.commune
    if left.dob and left.dob == right.dob and left.precision == "day":
        return "name_dob_commune" if here else "name_dob"
    if left.dob and right.dob and left.dob[:4] == right.dob[:4]:
        return "name_year_commune" if here else "name_year"
    return "weak"


def _comparable(name: str) -> str:
    return fold(unicodedata.normalize("NFC", name))


def _table(path: Path, header: list[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
