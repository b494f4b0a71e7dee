"""Inventing a province: people, lists, planted cases, files as offices send them, and the answer key."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from eligibility_audit.errors import UsageError
from eligibility_audit.invention import lists, planting
from eligibility_audit.invention.communes import Commune, District, Province, choose_province, province_codes
from eligibility_audit.invention.key import Key
from eligibility_audit.invention.mess import bare
from eligibility_audit.invention.offices import CSV_MEDIA, Office, columns, flat, offices_of_a_province
from eligibility_audit.invention.people import AS_OF, Entry, Roll
from eligibility_audit.invention.sheets import CONCLUSIONS, GROUP_WORDS, Line, Sheet
from eligibility_audit.invention.writers import ending, write

Files = Literal["auto", "workbooks", "csv", "parquet"]
Progress = Callable[[str, int, int], None]  # what is being done, steps done, steps in all
LEAST: Final = 1_500
MOST: Final = 1_000_000
BY_DISTRICT: Final = ("agent_orange", "merit_other", "social_assistance", "covid_relief", "poor_households")
FOLDERS: Final = {
    "agent_orange": "rosters", "merit_other": "rosters", "social_assistance": "rosters", "covid_relief": "rosters",
    "poor_households": "references",
    "deaths": "references", "pensions": "references", "service_records": "references",
    "inspection_findings": "references",
}  # fmt: skip


@dataclass(frozen=True)
class InventedProvince:
    """Where the invented province is and what is in it: `counts` has lines by kind, `planted` by code or trap."""

    plan_path: Path
    key_folder: Path
    counts: dict[str, int]
    planted: dict[str, int]
    province: str
    persons: int


def invent(
    persons: int, seed: int, out: Path, files: Files = "auto", progress: Progress | None = None
) -> InventedProvince:
    """Invent a province of `persons` people into `out`/province and its answer key into `out`/key.

    The same seed and number give the same files. `files`: as offices would send them (`auto`), all as workbooks,
    all as plain csv (one file a kind) or all as parquet. Raises UsageError where `persons` is out of range or `out` is
    not empty.
    """
    if not LEAST <= persons <= MOST:
        raise UsageError(
            f"Số người phải từ {LEAST:,} đến {MOST:,}; hãy chọn số khác. / "
            f"The number of persons must be from {LEAST:,} to {MOST:,}; choose another."
        )
    if out.exists() and any(out.iterdir()):
        raise UsageError(
            f"Thư mục {out.name} không trống; hãy chọn thư mục khác. / "
            f"The folder {out.name} is not empty; choose another."
        )
    say = progress or (lambda what, done, of: None)
    say("people", 0, 1)
    roll = people(persons, seed)
    home, key_folder = out / "province", out / "key"
    for folder in (*(home / f for f in set(FOLDERS.values())), key_folder):
        folder.mkdir(parents=True, exist_ok=True)
    key = Key(key_folder)
    jobs = list(_files(roll, seed, files))
    for done, job in enumerate(jobs):
        say("files", done, len(jobs))
        _write(job, home, seed, key)
    say("key", 0, 1)
    key.finish(roll.people)
    plan = _plan(home, roll.province, key.files)
    say("done", 1, 1)
    return InventedProvince(
        plan,
        key_folder,
        dict(sorted(key.counts.items())),
        dict(sorted(key.planted.items())),
        roll.province.full,
        len(roll.people),
    )


def people(persons: int, seed: int) -> Roll:
    """Everybody, every line, everything planted; nothing written."""
    rng = random.Random(f"{seed}/{persons}")  # noqa: S311 - invented people, not secrets
    roll = Roll(rng, choose_province(rng, persons), province_codes())
    planter = planting.Planter(roll, persons)
    lists.children(roll, persons, lists.veterans(roll, persons))
    lists.merit(roll, persons)
    planting.before_the_army(planter)
    planting.army_records(planter)
    lists.soldiers(roll, persons)
    lists.assistance(roll, persons)
    lists.poor(roll, persons)
    lists.dead(roll, persons)
    lists.pensioners(roll, persons)
    planting.after_the_army(planter)
    planting.before_covid(planter)
    lists.workers(roll, persons)
    lists.covid_of_rosters(roll)
    planting.on_covid(planter)
    _rejects(planter)
    return roll


def _rejects(planter: planting.Planter) -> None:
    """A few lines that cannot be read: no name, a nonsense date, text where an amount should be."""
    for kind in ("agent_orange", "merit_other", "social_assistance", "covid_relief"):
        entries = planter.roll.lines[kind]
        planter.pool("rejects", (e for e in entries if e.person.number not in planter.parents and e.prog != "EXT"))
        number = max(3, len(entries) // 700)
        for place, entry in enumerate(planter.take("rejects", number)):
            entry.reject = ("empty_name", "nonsense_date", "text_in_amount")[place % 3]


# files


@dataclass(slots=True)
class _Job:
    path: str  # without its ending
    sheets: list[Sheet]


def _files(roll: Roll, seed: int, files: Files) -> Iterator[_Job]:
    rng = random.Random(f"{seed}/offices")  # noqa: S311
    offices = offices_of_a_province(rng, files)
    one_file = files in ("csv", "parquet")
    for number, kind in enumerate(FOLDERS):
        entries = [e for e in roll.lines[kind] if e.prog != "EXT"]
        folder = FOLDERS[kind]
        if kind in BY_DISTRICT and not one_file:
            ordered = sorted(entries, key=lambda e: (e.commune.district.code, e.commune.code))
            for place, (district, group) in enumerate(groupby(ordered, key=lambda e: e.commune.district)):
                office = offices[(place + number * 3) % len(offices)]
                path = f"{folder}/{kind}/{place + 1:02d}_{_slug(district.short)}"
                yield _Job(path, _sheets(kind, list(group), office, roll.province, district, rng))
        else:
            office = _provincial(kind, offices[number % len(offices)], files, rng)
            yield _Job(f"{folder}/{kind}", _provincial_sheets(kind, entries, office, roll.province, rng))
    extension = [e for e in roll.lines["covid_relief"] if e.prog == "EXT"]
    office = flat(offices[0], "parquet" if files == "parquet" else "csv-comma" if files != "workbooks" else "xlsx")
    yield _Job(
        "rosters/covid_relief_nghi_quyet_tinh",
        _provincial_sheets("covid_relief", extension, office, roll.province, rng),
    )


def _provincial(kind: str, office: Office, files: Files, rng: random.Random) -> Office:
    """A provincial body's own way: registers come as plain text files where offices choose."""
    if files in ("csv", "parquet"):
        return office
    if files == "auto" and kind in ("deaths", "pensions"):
        return flat(office, rng.choice(CSV_MEDIA))
    birth = "one" if kind in ("service_records", "inspection_findings") else office.birth
    habits = replace(office.habits, workbook=True)
    return replace(
        office, medium="xlsx", birth=birth, title="left" if office.title == "none" else office.title, habits=habits
    )


def _provincial_sheets(
    kind: str, entries: list[Entry], office: Office, province: Province, rng: random.Random
) -> list[Sheet]:
    ordered = sorted(entries, key=_order(kind))
    workbook = office.medium == "xlsx"
    if kind == "service_records" and workbook:
        parts = [(d.brief, [e for e in ordered if e.commune.district == d], d.full) for d in province.districts]
    elif kind == "inspection_findings" and workbook:
        parts = [(f"KL {k}", [e for e in ordered if e.facts["conclusion"] == k], _conclusion(k)) for k in "AB"]
    else:
        parts = [("DS", ordered, "")]
    made = []
    for name, part, subtitle in parts:
        sheet_columns = columns(kind, kind, replace(office, one_sheet=True), claim_column=True)
        made.append(
            Sheet(
                _tab(name), kind, kind, office, sheet_columns, _lines(kind, part, office), province, subtitle=subtitle
            )
        )
    return made


def _conclusion(key: str) -> str:
    number, made = CONCLUSIONS[key]
    return f"Kèm theo Kết luận số {number} ngày {made.day}/{made.month}/{made.year}"


def _order(kind: str) -> Callable[[Entry], tuple[object, ...]]:
    if kind == "deaths":
        return lambda e: (str(e.facts["registered"]), e.person.number)
    if kind == "poor_households":
        return lambda e: (e.commune.code, int(str(e.facts["household"])))
    return lambda e: (e.commune.district.code, e.commune.code)


def _lines(kind: str, entries: list[Entry], office: Office) -> list[list[Entry]]:
    """Who shares a line: in some offices' lists of poor households, the whole household."""
    if kind != "poor_households" or office.households == "lines":
        return [[e] for e in entries]
    return [list(group) for _, group in groupby(entries, key=lambda e: e.facts["household"])]


def _sheets(
    kind: str, entries: list[Entry], office: Office, province: Province, district: District, rng: random.Random
) -> list[Sheet]:
    """The sheets of one district's file: by claim or group, by commune, or all on one."""
    ordered = sorted(entries, key=_order(kind))
    one = office.one_sheet or office.medium in CSV_MEDIA
    parts: list[tuple[str, str, list[Entry]]] = [("DS", kind, ordered)]
    group_rows = None
    claim_column = True
    if kind == "agent_orange" and not one:
        parts = [
            (w, c, [e for e in ordered if e.facts["claim"] == c]) for w, c in (("HĐKC", "veteran"), ("Con đẻ", "child"))
        ]
        claim_column = False
    if kind == "social_assistance" and office.groups_as == "rows":
        parts = [("DS", kind, sorted(ordered, key=lambda e: (str(e.facts["group"]), e.commune.code)))]
        group_rows, claim_column = _social_group(office), False
    elif kind == "social_assistance" and not one:
        names = sorted({str(e.facts["group"]) for e in ordered})
        parts = [(GROUP_WORDS[g][office.words % 3], kind, [e for e in ordered if e.facts["group"] == g]) for g in names]
        claim_column = False
    made: list[Sheet] = []
    for name, part, members in parts:
        sheet_columns = columns(kind, part, office, claim_column=claim_column)
        pasted = (
            office.words in (0, 2, 6)
            and office.habits.encoding == "unicode"
            and len(members) > 12
            and rng.random() < 0.5
        )
        subtitle = name if len(parts) > 1 else ""
        for commune, group in _by_commune(members, office):
            sheet = Sheet(
                "",
                kind,
                part,
                office,
                sheet_columns,
                _lines(kind, group, office),
                province,
                district,
                commune,
                subtitle,
                group_rows,
            )
            sheet.name = _tab(
                name if commune is None else f"{commune.short} {name}" if len(parts) > 1 else commune.full
            )
            if group_rows is None and office.where == "groups":
                sheet.group_of = lambda e: e.commune.full
            sheet.pasted = pasted
            pasted = False
            if group:
                made.append(sheet)
    return _different(made)


def _social_group(office: Office) -> Callable[[Entry], str]:
    return lambda e: GROUP_WORDS[str(e.facts["group"])][office.words % 3]


def _by_commune(entries: list[Entry], office: Office) -> Iterator[tuple[Commune | None, list[Entry]]]:
    if office.where != "sheet":
        yield None, entries
        return
    for commune, group in groupby(sorted(entries, key=lambda e: e.commune.code), key=lambda e: e.commune):
        yield commune, list(group)


def _tab(name: str) -> str:
    return "".join(c for c in name if c not in "[]:*?/\\'")[:31]


def _different(sheets: list[Sheet]) -> list[Sheet]:
    """Sheets of one workbook with names that differ."""
    taken: set[str] = set()
    for sheet in sheets:
        name, number = sheet.name, 2
        while sheet.name.lower() in taken:
            sheet.name, number = f"{name[:28]} {number}", number + 1
        taken.add(sheet.name.lower())
    return sheets


def _slug(text: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in bare(text))


def _write(job: _Job, home: Path, seed: int, key: Key) -> None:
    rng = random.Random(f"{seed}/{job.path}")  # noqa: S311
    medium = job.sheets[0].office.medium
    headers: dict[int, list[int]] = {id(s): [] for s in job.sheets}
    persons: dict[int, int] = dict.fromkeys(headers, 0)
    tabs = {id(s): "" if medium.startswith("csv") or medium == "parquet" else s.name for s in job.sheets}
    name = job.path + ending(job.sheets)
    key.start_file(name)

    def sink(sheet: Sheet, line: Line, row: int) -> None:
        if line.kind == "header":
            headers[id(sheet)].append(row)
        persons[id(sheet)] += line.kind in ("person", "quarantine")
        key.line(sheet, line, row, tabs[id(sheet)])

    write(home / name, job.sheets, rng, sink)
    for sheet in job.sheets:
        meaning = json.dumps([[c.key, " | ".join(c.heading)] for c in sheet.columns], ensure_ascii=False)
        encoding = medium.removeprefix("csv-") if medium.startswith("csv") else sheet.office.habits.encoding
        key.sheets.append(
            (key.files[-1], tabs[id(sheet)], encoding, json.dumps(headers[id(sheet)]), persons[id(sheet)], meaning)
        )


def _plan(home: Path, province: Province, files: list[str]) -> Path:
    """The plan audit.yaml: one source a kind, with a pattern where a kind has several files."""
    sources: dict[tuple[str, str], None] = {}
    for name in files:
        parts = name.split("/")
        kind = parts[1].split(".")[0] if len(parts) == 2 else parts[1]
        kind = "covid_relief" if kind.startswith("covid_relief") else kind
        sources[kind, name if len(parts) == 2 else f"{parts[0]}/{parts[1]}/*"] = None
    text = [
        f"name: Rà soát đối tượng hưởng trợ cấp, {province.full} (dữ liệu giả định)",
        f"as_of: {AS_OF.isoformat()}",
        "sources:",
    ]
    text += [f"  - {{kind: {kind}, path: {json.dumps(path, ensure_ascii=False)}}}" for kind, path in sources]
    path = home / "audit.yaml"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path
