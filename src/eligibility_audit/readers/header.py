"""Finding a sheet's header by what its cells say, and giving each column its field."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.errors import InputError
from eligibility_audit.readers import contents, several
from eligibility_audit.readers.assignment import best_assignment
from eligibility_audit.readers.grid import Grid
from eligibility_audit.readers.headings import STANDS_FOR, is_known, is_tier, may_be_tier, plain, recognised, scores
from eligibility_audit.readers.workbooks import column_number, letters

EARLIER: Final = 0.5  # of the best line's strength, for a header with people below it that stands before it
LOOK: Final = 80  # lines in which the header is looked for
TIERS: Final = 4
SURE: Final = 0.75  # from here on a cell counts as a known heading
LEAST: Final = 0.55  # below this total no field is given
CONTENT: Final = 0.3  # what the contents weigh beside the heading
EMPTY: Final = 0.2  # what a column without text loses against one with text
SAMPLE: Final = 160
_DATA: Final = re.compile(r"\d{5,}|\d\s*[/.\-]\s*\d{2,4}\b|^\s*\d+([.,]\d+)?\s*%?\s*$")
_NUMBER: Final = re.compile(r"^\(?\s*(\d{1,2}|[A-Za-z]{1,2})\s*\)?\s*(=.*)?$")


Found = list[Mapping[str, float]]  # for each column, how near its heading comes to each field


@dataclass(frozen=True)
class Header:
    """Where the header stands and what its columns are; positions are those of the grid, from 0.

    `columns`: field -> the columns that hold it; where there are several, the first with text counts. `sex_marks`: the
    columns with a cross for men and for women, -1 for none. `joins`: field -> what stands between the texts of its
    columns, where all of them count (a day, a month, a year). `choices`: field -> columns with crosses, what each says.
    """

    first: int
    last: int
    tiers: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[int, ...]]
    confidences: Mapping[str, float]
    confidence: float
    unmapped: tuple[int, ...] = ()
    sex_marks: tuple[int, int] = (-1, -1)
    warnings: tuple[str, ...] = ()
    rivals: Mapping[int, str] = field(default_factory=dict)  # unmapped column -> the field another column took
    joins: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)

    def heading(self, column: int) -> str:
        """The heading of a column, its tiers joined."""
        return " | ".join(self.tiers[column]) if column < len(self.tiers) else ""

    def column_of(self, name: str) -> int:
        """The first column of a field, -1 where the sheet does not have it."""
        return self.columns.get(name, (-1,))[0]


@dataclass(frozen=True)
class Candidates:
    """The header's place and words, before fields are given."""

    first: int
    last: int
    tiers: tuple[tuple[str, ...], ...]
    strength: float


def find_candidates(grid: Grid, head: Sequence[Sequence[str]], overrides: Mapping[str, str]) -> Candidates | None:
    """Where the header most likely stands; `head` are the first lines, decoded. None where nothing looks like one."""
    if grid.names is not None:
        return Candidates(0, -1, tuple((name,) for name in grid.names), float(len(grid.names)))
    wanted = {plain(heading) for heading in overrides.values()}
    likely = _likely(head, wanted)
    strengths = [_strength(line, wanted) if row in likely else 0.0 for row, line in enumerate(head)]
    best = max(strengths, default=0.0)
    if best < (0.9 if wanted else 1.9):
        return None
    row = next(position for position, strength in enumerate(strengths) if strength >= 0.9 * best)
    row = next((p for p in range(row) if strengths[p] >= EARLIER * best and _people_between(head, p, row)), row)
    first, last = _extent(grid, head, row)
    if first == last and not grid.merged:
        for upper in (row - 1, row):
            if 0 <= upper < len(head) - 1 and (whole := _in_two_lines(head[upper], head[upper + 1])):
                return Candidates(upper, upper + 1, whole, best)
    return Candidates(first, last, _tiers(grid, head, first, last), best)


def _people_between(head: Sequence[Sequence[str]], first: int, second: int) -> bool:
    """An earlier line is the header of a table of its own where lines with data follow it."""
    lines = head[first + 1 : second]
    return sum(sum(bool(_DATA.search(cell)) for cell in line) >= 2 for line in lines) >= 1


def _in_two_lines(upper: Sequence[str], lower: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Headings that run on in the line below ('HỌ VÀ' / 'TÊN'); empty where the lines say more apart."""
    if sum(bool(cell.strip()) for cell in lower) < 0.5 * sum(bool(cell.strip()) for cell in upper):
        return ()
    if any(_DATA.search(cell) or len(cell) > 30 for cell in lower) or is_column_numbers(lower):
        return ()
    joined = [" ".join(f"{a} {b}".split()) for a, b in zip(upper, lower, strict=True)]
    apart = max(sum(recognised(cell)[0] for cell in line if cell.strip()) for line in (upper, lower))
    together = sum(recognised(cell)[0] for cell in joined if cell)
    known = sum(is_known(cell) for cell in joined if cell)
    if together < apart + 1.0 or known < 0.6 * sum(map(bool, joined)):
        return ()
    return tuple((cell,) if cell else () for cell in joined)


def _likely(head: Sequence[Sequence[str]], wanted: set[str]) -> set[int]:
    """Lines worth a closer look: those with most known headings; where there are few, all without data."""
    known = [sum(is_known(cell) or plain(cell) in wanted for cell in line if cell.strip()) for line in head]
    most = max(known, default=0)
    if most >= 3:
        return {row for row, count in enumerate(known) if count >= 0.5 * most}
    return {
        row
        for row, line in enumerate(head)
        if known[row] or not any(_DATA.search(cell) and not _NUMBER.match(cell) for cell in line)
    }


def _strength(line: Sequence[str], wanted: set[str]) -> float:
    """How many different headings a line holds, less what is none."""
    found: dict[str, float] = {}
    other = data = 0
    for cell in line:
        if not cell.strip():
            continue
        score, name = recognised(cell)
        if plain(cell) in wanted:
            score, name = 1.0, plain(cell)
        if score >= SURE:
            found[name] = max(found.get(name, 0.0), score if name else 0.5)
        elif _DATA.search(cell) and not _NUMBER.match(cell):
            data += 1
        elif not is_tier(cell):
            other += 1
    if not found or (len(found) < 2 and not wanted):
        return 0.0
    return sum(found.values()) - 0.3 * other - 0.8 * data


def is_header(line: Sequence[str]) -> bool:
    """True for a line that could be the header of a table of its own."""
    if sum(is_known(cell) for cell in line if cell.strip()) < 4:
        return False
    return _strength(line, set()) >= 3.5


def _extent(grid: Grid, head: Sequence[Sequence[str]], row: int) -> tuple[int, int]:
    first = last = row
    for top, left, bottom, right in grid.merged:
        if (
            bottom - top < TIERS
            and right - left < max(len(grid.columns) * 0.7, 3)
            and top <= row <= bottom
            and top < bottom
        ):
            first, last = min(first, top), max(last, bottom)
    while last + 1 < len(head) and last - first + 1 < TIERS and _is_lower_tier(grid, head, last):
        last += 1
    while first > 0 and last - first + 1 < TIERS and _is_upper_tier(grid, head, first, last):
        first -= 1
    return first, last


def _spans(grid: Grid, line: Sequence[str], row: int) -> list[bool]:
    """For each column whether the cell above belongs to a heading that stretches over several columns."""
    known = [False] * len(line)
    for top, left, bottom, right in grid.merged:
        if top <= row <= bottom and right > left:
            for column in range(left, min(right + 1, len(line))):
                known[column] = True
    return known


def _is_lower_tier(grid: Grid, head: Sequence[Sequence[str]], row: int) -> bool:
    upper, lower = head[row], head[row + 1]
    cells = [(column, cell) for column, cell in enumerate(lower) if cell.strip()]
    if not cells or any(_DATA.search(cell) or len(cell) > 60 for _, cell in cells) or is_column_numbers(lower):
        return False
    if {plain(cell) for _, cell in cells} <= {plain(cell) for cell in upper}:
        return False
    spans = _spans(grid, upper, row)
    if any(spans):
        return all(spans[c] or _in_brackets(cell) for c, cell in cells) and any(spans[c] for c, _ in cells)
    if all(_in_brackets(cell) for _, cell in cells):
        return (
            len(cells) >= 1 and sum(bool(upper[c].strip()) for c, _ in cells) == len(cells) and len(cells) < len(upper)
        )
    cells = [(c, cell) for c, cell in cells if not (_is_unit(cell) and upper[c].strip())]
    under_blank = [c for c, _ in cells if not upper[c].strip()]
    if not under_blank:
        return False
    stretched = set(under_blank) | {c - 1 for c in under_blank}
    known = sum(_is_lower_word(cell) or recognised(cell)[0] >= SURE for _, cell in cells)
    return all(c in stretched for c, _ in cells) and known >= 0.5 * len(cells) and len(cells) >= 2


def _is_lower_word(cell: str) -> bool:
    words = {
        "nam",
        "nu",
        "ngay",
        "thang",
        "so",
        "tu",
        "den",
        "vao",
        "ra",
        "ho",
        "ten",
        "dem",
        "thon",
        "xa",
        "huyen",
        "tinh",
        "loai",
        "muc",
    }
    return plain(cell) in words


def _is_unit(cell: str) -> bool:
    return _in_brackets(cell) or plain(cell) in {
        "",
        "%",
        "dong",
        "d",
        "dong thang",
        "vnd",
        "nguoi",
        "1000d",
        "nghin dong",
    }


def _in_brackets(cell: str) -> bool:
    return bool(re.fullmatch(r"\s*\(.*\)\s*", cell, re.DOTALL))


def _is_upper_tier(grid: Grid, head: Sequence[Sequence[str]], first: int, last: int) -> bool:
    """A line of a few short words above the header, each standing over several headings."""
    cells = [(column, cell) for column, cell in enumerate(head[first - 1]) if cell.strip()]
    if not cells or any(len(cell) > 60 or _DATA.search(cell) for _, cell in cells):
        return False
    spans = _spans(grid, head[first - 1], first - 1)
    width = sum(bool(cell.strip()) for cell in head[last])
    if any(spans):
        wide = any(right - left + 1 > 0.7 * width for top, left, _, right in grid.merged if top == first - 1)
        return not wide and any(may_be_tier(cell) for _, cell in cells)
    beginning = next((c for c, cell in enumerate(head[first]) if cell.strip()), 0)
    if len(cells) == 1 and cells[0][0] <= beginning:
        return False  # the title of the table: a heading of others does not stand over the row numbers
    return all(is_tier(cell) or recognised(cell)[0] >= 0.9 for _, cell in cells) and any(is_tier(c) for _, c in cells)


def is_column_numbers(line: Sequence[str]) -> bool:
    """'(1) (2) (3)' or 'A B 1 2 3': short marks, the numbers rising one by one."""
    cells = [cell.strip() for cell in line if cell.strip()]
    marks = [_NUMBER.match(cell) for cell in cells]
    if len(cells) < 3 or not all(marks):
        return False
    numbers = [int(mark[1]) for mark in marks if mark and mark[1].isdigit()]
    rising = sum(b == a + 1 for a, b in pairwise(numbers))
    letters_rise = [mark[1].upper() for mark in marks if mark and mark[1].isalpha()]
    if not numbers:
        return letters_rise == sorted(set(letters_rise)) and letters_rise[0] in {"A", "I"}
    return numbers[0] <= 3 and rising >= 0.7 * (len(numbers) - 1)


def _tiers(grid: Grid, head: Sequence[Sequence[str]], first: int, last: int) -> tuple[tuple[str, ...], ...]:
    width = len(grid.columns)
    lines = [[" ".join(cell.split()) for cell in head[row]] for row in range(first, last + 1)]
    covered = [[False] * width for _ in lines]
    for top, left, bottom, right in grid.merged:
        if first <= top <= last:
            for row in range(top, min(bottom, last) + 1):
                for column in range(left, min(right + 1, width)):
                    covered[row - first][column] = True
                    if row == top and not lines[row - first][column]:
                        lines[row - first][column] = lines[top - first][left]
    for row in range(len(lines) - 1):
        _stretch(lines, covered, row)
    return tuple(_distinct([line[column] for line in lines]) for column in range(width))


def _stretch(lines: list[list[str]], covered: list[list[bool]], row: int) -> None:
    """Where no merged cells say so: a blank right of a heading belongs to it, if there are words below."""
    upper, lower = lines[row], lines[row + 1]
    first_upper = next((c for c, cell in enumerate(upper) if cell), len(upper))
    bottom_aligned = any(lower[:first_upper]) or sum(map(bool, lower)) > 0.6 * len(lower)
    owner = ""
    for column, cell in enumerate(upper):
        if cell:
            owner = cell
        elif owner and lower[column] and not covered[row][column]:
            if bottom_aligned and not _belongs(owner, lower[column]):
                owner = ""
            else:
                upper[column] = owner
        else:
            owner = ""


def _belongs(owner: str, heading: str) -> bool:
    """In its light the heading means something else, and something."""
    together, alone = scores((owner, heading)), scores((heading,))
    best = max(together, key=lambda f: together[f], default="")
    return bool(best) and best != max(alone, key=lambda f: alone[f], default="")


def _distinct(cells: Sequence[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for cell in cells:
        if cell and (not kept or plain(kept[-1]) != plain(cell)):
            kept.append(cell)
    return tuple(kept)


# Fields for columns ----------------------------------------------------------------------------------


def understand(
    kind: str, place: Candidates, columns: Sequence[contents.Column], overrides: Mapping[str, str], where: str
) -> Header:
    """Give each column its field, as heading and contents together fit best. Raises InputError for two names."""
    fixed = _fixed(place.tiers, overrides, len(columns))
    fields = KINDS[kind].field_names  # a sheet without the plan's heading is read as it would be without a plan
    found: Found = [_of_this_list(scores(_with_siblings(place.tiers, c)), fields) for c in range(len(columns))]
    found, marks = _special(place.tiers, found, columns)
    bundles = [b for b in several.bundles(place.tiers, columns) if b.name in fields and b.name not in fixed]
    columns = several.set_aside(bundles, found, columns)
    best = _best_scenario(found, columns, fields, fixed)
    _add_name(best, found, place.tiers, columns)
    if "ordinal" not in best and "ordinal" in fields and (counting := _counting(place.tiers, columns, best)) >= 0:
        best["ordinal"] = counting
    chosen: dict[str, tuple[int, ...]] = {name: (column,) for name, column in best.items()}
    joins, choices = several.taken(bundles, best, chosen)
    rivals = {c: name for c, name in _rivals(found, columns, best, marks).items() if name not in fixed}
    warnings = _settle(rivals, chosen, place, columns, where)
    confidences = {
        name: 1.0 if name in fixed else _confidence(found[c[0]].get(name, 0.0), contents.fit(name, columns[c[0]]))
        for name, c in chosen.items()
    }
    if marks != (-1, -1) and "sex" not in chosen:
        confidences["sex"] = 0.95
    taken = {column for held in chosen.values() for column in held} | ({*marks} if "sex" in confidences else set())
    unmapped = tuple(c for c, tiers in enumerate(place.tiers) if tiers and c not in taken)
    return Header(
        place.first,
        place.last,
        place.tiers,
        chosen,
        confidences,
        _overall(confidences, unmapped, found),
        unmapped,
        marks if "sex" not in chosen else (-1, -1),
        warnings,
        {c: name for c, name in rivals.items() if c in unmapped},
        joins,
        choices,
    )


def _of_this_list(found: Mapping[str, float], fields: Sequence[str]) -> Mapping[str, float]:
    """'Số tiền được hưởng' is the monthly amount in a roster, the amount paid where nothing is paid monthly."""
    moved = {
        name: 0.97 * found[other]
        for name, other in STANDS_FOR.items()
        if name in fields and other not in fields and found.get(other, 0.0) > found.get(name, 0.0)
    }
    given_up = {STANDS_FOR[name] for name in moved}
    return {name: score for name, score in found.items() if name not in given_up} | moved


def _add_name(
    best: dict[str, int], found: Found, tiers: Sequence[Sequence[str]], columns: Sequence[contents.Column]
) -> None:
    """Where no heading is a name's to the letter: the first column of names whose heading speaks of a name."""
    if {"name", "given_name"} & best.keys():
        return
    others = {"guardian", "parent_name", "alias", ""}
    for column, heading in enumerate(tiers):
        words = set(plain(" ".join(heading)).split())
        elsewhere = any(found[column].get(name, 0.0) >= SURE for name in others)
        if words & {"ten", "ho", "name"} and not elsewhere and columns[column].share(contents.is_name) >= 0.6:
            for name in [name for name, taken in best.items() if taken == column]:
                del best[name]
            best["name"] = column
            return


def _counting(tiers: Sequence[Sequence[str]], columns: Sequence[contents.Column], best: Mapping[str, int]) -> int:
    """The column of a database's line numbers ('ID'): whole numbers that rise; -1 for none."""
    for column, heading in enumerate(tiers):
        if column not in best.values() and plain(" ".join(heading)) in {
            "id",
            "ma",
            "so",
            "pk",
            "key",
            "rowid",
            "nr",
            "",
        }:
            numbers = [int(t) for t in columns[column].texts if re.fullmatch(r"\d{1,7}", t.strip())]
            rising = all(a < b for a, b in pairwise(numbers))
            if rising and len(numbers) >= contents.ENOUGH and len(numbers) == len(columns[column].texts):
                return column
    return -1


def _fixed(tiers: Sequence[Sequence[str]], overrides: Mapping[str, str], width: int) -> dict[str, int]:
    """What the plan says: a heading's words (all tiers, or the last), else a column's letters."""
    fixed = {}
    for name, heading in overrides.items():
        key = plain(heading)
        whole = [c for c, t in enumerate(tiers) if t and plain(" ".join(t)) == key]
        last = [c for c, t in enumerate(tiers) if t and (plain(t[-1]) == key or plain(t[0]) == key)]
        if whole or last:
            fixed[name] = (whole or last)[0]
        elif re.fullmatch(r"[A-Z]{1,3}", heading.strip()) and column_number(heading.strip()) <= width:
            fixed[name] = column_number(heading.strip()) - 1
    return fixed


def _with_siblings(tiers: Sequence[tuple[str, ...]], column: int) -> tuple[str, ...]:
    """'NAM' beside 'THANG' is a year, not men."""
    own = tiers[column]
    if len(own) < 2 or plain(own[-1]) != "nam":
        return own
    siblings = {plain(t[-1]) for t in tiers if len(t) > 1 and t[0] == own[0]}
    return (*own[:-1], "Năm") if siblings & {"thang", "ngay"} else own


def _special(
    tiers: Sequence[tuple[str, ...]], found: Found, columns: Sequence[contents.Column]
) -> tuple[Found, tuple[int, int]]:
    """Columns that mean something together: two under one 'Họ và tên', Nam and Nữ, three under 'Ngày sinh'."""
    found = list(found)
    for column in range(len(found) - 1):
        _split_name(tiers, found, columns, column)
        _split_date(tiers, found, columns, column)
    male = next((c for c, t in enumerate(tiers) if t and plain(t[-1]) == "nam" and "ă" not in t[-1].lower()), -1)
    female = next((c for c, t in enumerate(tiers) if t and plain(t[-1]) == "nu"), -1)
    if female < 0 or max(found[female].get("birth_if_female", 0.0), 0.0) >= SURE:
        return found, (-1, -1)
    both = contents.Column(tuple(t for c in (male, female) if c >= 0 for t in columns[c].texts), 1.0)
    if both.texts and both.share(contents.is_mark) >= 0.8:
        for column in (male, female):
            if column >= 0:
                found[column] = {"": 1.0}
        return found, (male, female)
    if male >= 0 and both.texts and both.share(contents.is_date) >= 0.6:
        found[male], found[female] = {"birth_if_male": 0.97}, {"birth_if_female": 0.97}
    return found, (-1, -1)


def _split_name(
    tiers: Sequence[tuple[str, ...]], found: Found, columns: Sequence[contents.Column], column: int
) -> None:
    same = tiers[column] == tiers[column + 1] or not tiers[column + 1]
    right = columns[column + 1]
    if (
        tiers[column]
        and same
        and max(found[column].get("name", 0.0), found[column].get("surname_middle", 0.0)) >= SURE
        and len(right.texts) >= 1
        and right.filled >= 0.5 * columns[column].filled
        and right.share(contents.is_given_name) >= 0.7
        and columns[column].share(contents.is_surname) >= 0.5
    ):
        found[column], found[column + 1] = {"surname_middle": 0.97}, {"given_name": 0.97}


def _split_date(
    tiers: Sequence[tuple[str, ...]], found: Found, columns: Sequence[contents.Column], column: int
) -> None:
    """A day, a month and a year side by side under 'Ngày sinh', or under 'Ngày sinh', 'Tháng sinh', 'Năm sinh'."""
    three = range(column, min(column + 3, len(found)))
    if len(three) < 3 or max(found[column].get(n, 0.0) for n in ("date_of_birth", "birth_day")) < SURE:
        return
    of_birth = all(
        not tiers[c] or max(found[c].get(n, 0.0) for n in ("date_of_birth", "birth_month", "birth_year")) >= SURE
        for c in three[1:]
    )
    day, month, year = (columns[c] for c in three)
    small = min(day.share(contents.is_small), month.share(contents.is_small))
    if of_birth and small >= 0.8 and year.share(contents.is_date) >= 0.8:
        for c, name in zip(three, ("birth_day", "birth_month", "birth_year"), strict=True):
            found[c] = {name: 0.97}


_WHOLE_NAME: Final = frozenset({"name"})
_NAME_PIECES: Final = frozenset({"surname_middle", "given_name"})


def _best_scenario(
    found: Found, columns: Sequence[contents.Column], fields: Sequence[str], fixed: Mapping[str, int]
) -> dict[str, int]:
    """The name in one column, or in two: whichever fits better as a whole."""
    whole, total_whole = _assign(found, columns, [f for f in fields if f not in _NAME_PIECES], fixed)
    pieces, total_pieces = _assign(found, columns, [f for f in fields if f not in _WHOLE_NAME], fixed)
    both = pieces.keys() >= _NAME_PIECES and "name" not in fixed
    return pieces if both and (total_pieces > total_whole or _NAME_PIECES & fixed.keys()) else whole


def _assign(
    found: Found, columns: Sequence[contents.Column], fields: Sequence[str], fixed: Mapping[str, int]
) -> tuple[dict[str, int], float]:
    free = [c for c in range(len(columns)) if c not in fixed.values()]
    open_fields = [f for f in fields if f not in fixed]
    table = []
    for position, column in enumerate(free):
        row = [_total(found[column], name, columns[column], column) for name in open_fields]
        stay = _staying(found[column], columns[column], fields)
        table.append(row + [stay if other == position else -9.0 for other in range(len(free))])
    chosen = dict(fixed)
    total = 0.0
    for position, pick in enumerate(best_assignment(table)):
        total += table[position][pick]
        if pick < len(open_fields):
            chosen[open_fields[pick]] = free[position]
    return {name: column for name, column in chosen.items() if name in fields}, total


def _total(found: Mapping[str, float], name: str, column: contents.Column, position: int) -> float:
    score = found.get(name, 0.0)
    if score < 0.5:
        return -9.0
    fit = contents.fit(name, column)
    return score + CONTENT * fit - 0.0005 * position - (EMPTY if not column.texts else 0.0)


def _staying(found: Mapping[str, float], column: contents.Column, fields: Sequence[str]) -> float:
    """What it is worth to leave a column without a field: more where it names what lists of this kind lack."""
    foreign = [
        s + CONTENT * (max(contents.fit(f, column), 0.0) if f else float(s >= 0.97))
        for f, s in found.items()
        if f not in fields and s >= SURE and STANDS_FOR.get(f) not in fields
    ]
    return max([LEAST, *(score - 0.05 for score in foreign)])


def _rivals(
    found: Found,
    columns: Sequence[contents.Column],
    best: Mapping[str, int],
    marks: tuple[int, int],
) -> dict[int, str]:
    """Columns left over whose heading surely names a field that another column took."""
    left_over: dict[int, str] = {}
    for column, scored in enumerate(found):
        if column in best.values() or column in marks or not columns[column].texts or not scored:
            continue
        name = max(scored, key=lambda f: scored[f])
        if name in best and scored[name] >= 0.85 and name != "home_place":
            left_over[column] = name
    return left_over


def _settle(
    rivals: Mapping[int, str],
    chosen: dict[str, tuple[int, ...]],
    place: Candidates,
    columns: Sequence[contents.Column],
    where: str,
) -> tuple[str, ...]:
    """Two columns for one field: ids and birth dates fill each other's blanks; two names are an error."""
    warnings = []
    for column, name in rivals.items():
        first = chosen[name][0]
        one, two = _place_words(place, first), _place_words(place, column)
        same = plain(" ".join(place.tiers[first])) == plain(" ".join(place.tiers[column]))
        if _complete_each_other(name, first, column, same=same) and contents.fit(name, columns[column]) >= 0:
            chosen[name] = _preferred(name, (*chosen[name], column), place, columns)
            warnings.append(
                f"{where}: hai cột cùng là “{name}” ({one}; {two}): lấy cột có giá trị. / "
                f"{where}: two columns for “{name}” ({one}; {two}): the one with a value is taken."
            )
        elif name == "name" and same and columns[column].share(contents.is_name) * columns[column].filled >= 0.2:
            raise _two_names(where, one, two, letters(first + 1))
        else:
            warnings.append(
                f"{where}: cột {two} cũng giống “{name}” nhưng không dùng, vì đã lấy cột {one}. / "
                f"{where}: column {two} also looks like “{name}” and is not used, for column {one} was taken."
            )
    return tuple(warnings)


def _complete_each_other(name: str, first: int, second: int, *, same: bool) -> bool:
    """The old card and the new, the date and the year beside it; not the birth date of somebody else further right."""
    return not same and (name == "national_id" or (name == "date_of_birth" and abs(first - second) == 1))


def _two_names(where: str, one: str, two: str, column: str) -> InputError:
    return InputError(
        f"{where}: hai cột cùng tên ({one}; {two}) nên không biết cột nào là người hưởng; hãy ghi trong kế hoạch "
        f'`columns: {{name: "{column}"}}`. / '
        f"{where}: two columns have the same heading ({one}; {two}), so it is not known which is the person; "
        f'write `columns: {{name: "{column}"}}` in the plan.'
    )


def _place_words(place: Candidates, column: int) -> str:
    return f"{letters(column + 1)} “{' | '.join(place.tiers[column])}”"


def _preferred(
    name: str, held: tuple[int, ...], place: Candidates, columns: Sequence[contents.Column]
) -> tuple[int, ...]:
    """The new card before the old one, the whole date before the year."""

    def rank(column: int) -> float:
        if name == "date_of_birth":
            return -columns[column].share(contents.is_full_date)
        words = plain(" ".join(place.tiers[column]))
        return 0.0 if any(word in words for word in ("cccd", "can cuoc", "dinh danh")) else 1.0

    return tuple(sorted(held, key=rank))


def _confidence(score: float, fit: float) -> float:
    return round(min(1.0, max(0.05, score * (1.0 if fit >= 0.6 else 0.95 if fit >= 0 else 0.95 + 0.4 * fit))), 2)


def _overall(confidences: Mapping[str, float], unmapped: Sequence[int], found: Found) -> float:
    parts = list(confidences.values())
    parts += [1.0 if max(found[c].values(), default=0.0) >= SURE else 0.4 for c in unmapped if c < len(found)]
    return round(sum(parts) / len(parts), 3) if parts else 0.0


def sample_columns(grid: Grid, after: int, headings: AbstractSet[str] = frozenset()) -> list[contents.Column]:
    """A sample of the cells below the header, from all over the sheet; lines that repeat `headings` are left out."""
    height = len(grid) - after
    positions = range(after, len(grid), max(1, height // SAMPLE)) if height > 0 else range(0)
    lines = [line for line in grid.lines(list(positions)) if not _repeats(line, headings)]
    filled = [sum(map(bool, line)) for line in lines]
    usual = sorted(filled)[int(0.75 * len(filled))] if filled else 0
    full = [
        line for line, count in zip(lines, filled, strict=True) if count >= 0.5 * usual
    ]  # no heading rows, no totals
    return contents.sample([[line[c] for line in full] for c in range(len(grid.columns))])


def _repeats(line: Sequence[str], headings: AbstractSet[str]) -> bool:
    cells = [cell for cell in line if cell]
    if is_column_numbers(line):
        return True
    return len(cells) > 1 and sum(plain(cell) in headings for cell in cells if len(cell) < 60) >= 0.6 * len(cells)


def without_header(grid: Grid, overrides: Mapping[str, str]) -> Candidates | None:
    """A sheet without headings whose columns the plan names by letters."""
    given = [h.strip() for h in overrides.values()]
    if not given or not all(re.fullmatch(r"[A-Z]{1,3}", h) for h in given):
        return None
    return Candidates(0, -1, tuple(() for _ in grid.columns), 0.0)
