"""One list as it is read, signed and sent: its words, sums, lines and seal, made once; workbook, PDF and DOCX show it.

Form: Decree 30/2020/NĐ-CP, Article 8, the nine parts of a document: national motto; issuing body; number and symbol;
place and day; kind and abstract; content; signature; seal or digital signature; recipients. What an office writes by
hand stays a dotted line.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final, Literal

import pandas as pd

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.publish.amounts import money, number, words
from eligibility_audit.publish.inert import plain
from eligibility_audit.publish.lines import HEADINGS, WIDTHS, Cell, Line, cells, fitting, texts_of
from eligibility_audit.publish.lists import ADJUST, ADJUST_UP, LISTS, ListKind, by_name, listed

Level = Literal["programme", "district", "commune", "sum"]
BLANK: Final = "……………………"
COUNTRY: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
NUMBER: Final = "Số: ………/DS-………"
ATTACHED: Final = "(Kèm theo Tờ trình số ………/TTr-……… ngày …… tháng …… năm ………)"
SIGNERS: Final = (
    ("NGƯỜI LẬP DANH SÁCH", "(ký, ghi rõ họ tên)"),
    ("NGƯỜI KIỂM TRA\n(không phải người lập)", "(ký, ghi rõ họ tên)"),
    ("THỦ TRƯỞNG CƠ QUAN", "(chức vụ, chữ ký, họ tên; dấu hoặc chữ ký số của cơ quan)"),
)
RECIPIENTS: Final = ("Như Tờ trình kèm theo", "UBND cấp xã có tên trong danh sách", "Lưu: VT, hồ sơ rà soát")
NOTES: Final = (
    "Mỗi dòng của danh sách gốc tính là một người; hai dòng có thể là cùng một người thì tính là hai. "
    "Mỗi dòng chỉ đứng ở một danh sách.",
    "Số tiền cần làm rõ chưa phải là số tiền phải nộp hay được nhận: chỉ quyết định có chữ ký mới xác định.",
    "Dòng có dấu “Căn cứ pháp lý cần kiểm tra trước khi ký” chưa được trình ký khi cán bộ pháp chế có tên chưa "
    "xác nhận.",
)
BY_PLACE: Final = "TỔNG HỢP THEO HUYỆN VÀ XÃ"
MONEY: Final = "Số tiền cần làm rõ (đồng)"
MONEY_UP: Final = "Số tiền cần làm rõ, tăng (đồng)"
NO_ROOT: Final = "chưa có (sổ cái chưa chốt lần nào)"
PLACES: Final[tuple[Level, ...]] = ("programme", "district", "commune")
_CHUNK: Final = 5_000


@dataclass(frozen=True)
class Letterhead:
    """Who issues a list. What is empty stays a dotted line, to be written by hand."""

    superior: str = ""
    office: str = ""
    place: str = ""

    @property
    def issuer(self) -> tuple[str, str]:
        """The body above and the body itself, in capitals."""
        superior, office = plain(self.superior).upper(), plain(self.office).upper()
        return superior or f"CƠ QUAN CHỦ QUẢN: {BLANK}", office or f"CƠ QUAN: {BLANK}"

    @property
    def day(self) -> str:
        """Place and day."""
        return f"{plain(self.place) or '…………'}, ngày …… tháng …… năm ………"


@dataclass(frozen=True)
class Form:
    """What is printed around the lines: nine columns and the fixed words; those of proposals unless said otherwise."""

    headings: tuple[str, ...] = HEADINGS
    widths: tuple[float, ...] = WIDTHS  # characters; together as those of proposals: the page is as wide
    number: str = NUMBER
    attached: str = ATTACHED
    notes: tuple[str, ...] = NOTES
    foot: str = FOOT_VI  # on each page
    signers: tuple[tuple[str, str], ...] = SIGNERS
    recipients: tuple[str, ...] = RECIPIENTS


@dataclass(frozen=True)
class Batch:
    """What all lists of one making share. `root`: the last root of the office's ledger, where there is one."""

    plan_name: str
    as_of: date
    run_id: str
    place: str = ""  # the district or commune that the lists were cut to
    root: str = ""
    head: Letterhead = field(default_factory=Letterhead)
    form: Form = field(default_factory=Form)

    @property
    def source(self) -> str:
        """From which review the lists come."""
        cut = f" Phạm vi: {plain(self.place)}." if self.place else ""
        return (
            f"Kế hoạch: {plain(self.plan_name)}. Số liệu tính đến ngày {self.as_of:%d/%m/%Y}. "
            f"Mã đợt rà soát: {self.run_id}.{cut}"
        )


@dataclass(frozen=True)
class Sums:
    """What a group of lines comes to: persons (one a line), and money with the lines that ask for more left apart."""

    persons: int = 0
    to_clarify: int = 0
    upward: int = 0
    unconfirmed: int = 0

    @classmethod
    def of(cls, lines: pd.DataFrame) -> "Sums":
        """The sums of lines of `lists.listed`; an unknown amount adds nothing."""
        asked = lines["amount_to_clarify"].fillna(0)
        upward = int(asked[lines["list"] == ADJUST_UP.code].sum())
        return cls(
            len(lines), int(asked.sum()) - upward, upward, int((lines["law_mark"] != "confirmed").fillna(True).sum())
        )

    def __str__(self) -> str:
        parts = [f"{number(self.persons)} người"]
        if self.to_clarify:
            parts.append(f"số tiền cần làm rõ: {money(self.to_clarify)}")
        if self.upward:
            parts.append(f"số tiền cần làm rõ (tăng): {money(self.upward)}")
        return "; ".join(parts)

    @property
    def in_words(self) -> str:
        """Persons and money in words, with a capital."""
        total = self.to_clarify + self.upward
        said = f"{words(self.persons)} người" + (f"; {words(total)} đồng." if total else ".")
        return said[0].upper() + said[1:]


@dataclass(frozen=True)
class PlaceSum:
    """A row of the totals by place: a district with its communes after it."""

    name: str
    key: tuple[str, ...]  # district, or district and commune, as the lines name them
    sums: Sums

    @property
    def is_district(self) -> bool:
        """Whether it sums a district, or all of them."""
        return len(self.key) < 2


@dataclass(frozen=True, slots=True)
class Heading:
    """A row across the table: what follows, or (`sum`) what a district came to."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list. `digest`: SHA-256 over the texts of its first eight cells, as they are printed."""

    number: int
    id: str
    cells: tuple[Cell, ...]
    digest: str


class Seal:
    """The hash of a list, growing line by line in the order of print: over the list's head, each id and digest.

    Anyone who holds the list can compute it again from what is printed (docs/lists.md, *Mã kiểm tra*).
    """

    def __init__(self, kind: ListKind, batch: Batch) -> None:
        self._list, self._root, self._run = kind.code, batch.root, batch.run_id
        self._hash = hashlib.sha256()
        self._put("eligibility-audit list 1", kind.code, batch.run_id, str(batch.as_of), batch.place)

    def add(self, entry: Entry) -> None:
        """Put the next line under the seal."""
        self._put(entry.id, entry.digest)

    def _put(self, *parts: str) -> None:
        self._hash.update(("\x1f".join(parts) + "\n").encode())

    @property
    def digest(self) -> str:
        """64 hexadecimal digits."""
        return self._hash.hexdigest()

    @property
    def lines(self) -> tuple[str, str]:
        """The seal as it is printed."""
        return f"Mã kiểm tra danh sách (SHA-256): {self.digest}", f"Mốc chốt sổ cái: {self._root or NO_ROOT}"

    @property
    def code(self) -> str:
        """What its QR says."""
        return f"eligibility-audit list={self._list} run={self._run} sha256={self.digest} root={self._root or '-'}"


@dataclass(frozen=True)
class ListPaper:
    """One list, whole. `rows` and `seal` are made from the same lines: `seal` is right once `rows` are."""

    kind: ListKind
    batch: Batch
    sums: Sums
    places: tuple[PlaceSum, ...]
    rows: tuple[Heading | Entry, ...]
    seal: Seal

    @property
    def summary(self) -> tuple[str, ...]:
        """Control sums of the cover sheet, in figures and in words."""
        return control_sums(self.sums)

    @property
    def closing(self) -> tuple[str, str]:
        """The total under the last line, in figures and in words."""
        return totals(self.sums)


def control_sums(sums: Sums) -> tuple[str, ...]:
    """Sentences with the sums of a cover sheet, in figures and in words."""
    told = [f"Số người: {number(sums.persons)} ({words(sums.persons)})."]
    if sums.to_clarify:
        told.append(f"Số tiền cần làm rõ: {money(sums.to_clarify)} ({words(sums.to_clarify)} đồng).")
    if sums.upward:
        told.append(f"Số tiền cần làm rõ của điều chỉnh tăng: {money(sums.upward)} ({words(sums.upward)} đồng).")
    if not sums.to_clarify + sums.upward:
        told.append("Danh sách này không nêu số tiền.")
    told.append(f"Số dòng có căn cứ còn phải kiểm tra: {number(sums.unconfirmed)} ({words(sums.unconfirmed)}).")
    return tuple(told)


def totals(sums: Sums) -> tuple[str, str]:
    """The total of a list, in figures and in words."""
    return f"TỔNG CỘNG DANH SÁCH: {sums}", f"Bằng chữ: {sums.in_words}"


def papers(recommendations: pd.DataFrame, batch: Batch) -> Iterator[ListPaper]:
    """The lists that have lines, one after another. Raises ValueError for an action that no list takes."""
    lines = listed(recommendations)
    for kind in LISTS:
        part = lines[lines["list"] == kind.code]
        if len(part):
            yield paper(kind, part, batch)


def paper(kind: ListKind, lines: pd.DataFrame, batch: Batch) -> ListPaper:
    """One list, of its lines in the order of `lists.listed`."""
    seal = Seal(kind, batch)
    return ListPaper(kind, batch, Sums.of(lines), place_sums(lines), tuple(rows(lines, seal)), seal)


def shown_kinds(lines: pd.DataFrame) -> list[ListKind]:
    """The lists that are shown: all, but *điều chỉnh khác* only where it has lines."""
    there = set(lines["list"].unique())
    return [kind for kind in LISTS if kind is not ADJUST or kind.code in there]


def rows(lines: pd.DataFrame, seal: Seal) -> Iterator[Heading | Entry]:
    """The lines of one list under programme, district and commune, each group with its sums; `seal` grows along."""
    sums = {key: of for level in (1, 2, 3) for key, of in _sums_by(lines, PLACES[:level]).items()}
    told: tuple[str, ...] = ()
    for line, entry in entries(lines):
        key = tuple(line[column] for column in PLACES)
        if key[:2] != told[:2] and told:
            yield _district_end(told, sums)
        for level, name in enumerate(PLACES, 1):
            if key[:level] != told[:level]:
                yield Heading(name, _heading(name, key[level - 1], sums[key[:level]]))
        told = key
        seal.add(entry)
        yield entry
    if told:
        yield _district_end(told, sums)


def _heading(level: Level, name: str, sums: Sums) -> str:
    if level == "programme":
        return f"{programme_name(name).upper()} – {sums}"
    return plain(f"{name} – {sums}")


def _district_end(told: tuple[str, ...], sums: dict[tuple[str, ...], Sums]) -> Heading:
    return Heading("sum", plain(f"Cộng {told[1]}: {sums[told[:2]]}"))


def entries(lines: pd.DataFrame) -> Iterator[tuple[Line, Entry]]:
    """Each line with its nine cells, numbered from 1."""
    place = 0
    for begin in range(0, len(lines), _CHUNK):
        for line in texts_of(lines.iloc[begin : begin + _CHUNK]):
            place += 1
            yield line, entry(place, line["recommendation_id"], cells(line, place), WIDTHS)


def entry(number: int, of: str, nine: Sequence[Cell], widths: Sequence[float]) -> Entry:
    """A line of nine cells as it is printed: each cut to its column, the line's code last in the second."""
    fitted = [fitting(cell, width) for cell, width in zip(nine, widths, strict=True)]
    digest = line_digest("".join(text for _, text in cell) for cell in fitted[:8])
    fitted[1] = (*fitted[1], ("small", f"\nkt {digest[:12]}"))
    return Entry(number, of, tuple(fitted), digest)


def line_digest(texts: Iterable[str]) -> str:
    """SHA-256 over the texts of a line's first eight cells, without the code that stands last in the second."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()


def _sums_by(lines: pd.DataFrame, columns: Sequence[str]) -> dict[tuple[str, ...], Sums]:
    """The sums of each group, keyed by its texts."""
    asked = lines["amount_to_clarify"].fillna(0).astype("int64")
    is_up = lines["list"] == ADJUST_UP.code
    frame = pd.DataFrame({column: lines[column].fillna("").astype(str) for column in columns})
    frame = frame.assign(
        persons=1,
        to_clarify=asked.mask(is_up, 0),
        upward=asked.where(is_up, 0),
        unconfirmed=(lines["law_mark"] != "confirmed").fillna(True).astype("int64"),
    )
    summed = frame.groupby(list(columns), sort=False).sum()
    keys = summed.index if len(columns) > 1 else ((key,) for key in summed.index)
    return {
        tuple(map(str, key)): Sums(*map(int, found))
        for key, found in zip(keys, summed.itertuples(index=False), strict=True)
    }


def place_sums(lines: pd.DataFrame) -> tuple[PlaceSum, ...]:
    """Sums by district, each with its communes after it, in the order of their names."""
    by_district, by_commune = _sums_by(lines, PLACES[1:2]), _sums_by(lines, PLACES[1:])
    pairs = sorted(by_commune, key=lambda pair: (by_name(pair[0]), by_name(pair[1])))
    made = []
    for district, communes in groupby(pairs, key=lambda pair: pair[0]):
        made.append(PlaceSum(plain(district), (district,), by_district[(district,)]))
        made += [PlaceSum(plain(pair[1]), pair, by_commune[pair]) for pair in communes]
    return tuple(made)


def programme_name(programme: str) -> str:
    """What people call a programme; its code where it is not one of ours."""
    return KINDS[programme].vi if programme in KINDS else programme or "Chưa rõ chương trình"
