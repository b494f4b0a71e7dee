"""Compare what the payer paid, and did not, with the decisions in force: differences to ask about, nobody's fault.

Bound by dossier number (name and birth year must not speak against it), else by national id, else by name and birth
year where one person alone has them. What is not sure is listed as such and compared with nothing.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from eligibility_audit.domain.review.pay_changes import GIVES, STOPS, PayChange
from eligibility_audit.domain.review.people import SYSTEM, Actor
from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.publish.amounts import money, number
from eligibility_audit.publish.csv_files import write_csv
from eligibility_audit.readers.filled import filled_rows
from eligibility_audit.standardise.amounts import read_money
from eligibility_audit.standardise.dates import read_date
from eligibility_audit.standardise.names import fold
from eligibility_audit.store.office import Office
from eligibility_audit.store.payments import in_force, record_list

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "dossier_no": ("số hồ sơ", "mã hồ sơ", "shs", "mã đối tượng", "dossier number"),
    "name": ("họ tên", "họ và tên", "họ tên người hưởng", "tên đối tượng", "người hưởng", "name"),
    "date_of_birth": ("năm sinh", "ngày sinh", "ngày, tháng, năm sinh", "year of birth"),
    "national_id": ("số định danh", "số cccd", "số cmnd/cccd", "cccd", "cmnd", "national id"),
    "commune": ("xã", "xã, phường", "địa chỉ", "nơi ở", "commune"),
    "paid": ("số tiền đã chi", "đã chi", "số tiền đã nhận", "đã nhận", "đã chi trả", "paid"),
    "unpaid": ("số tiền chưa chi", "chưa chi", "số tiền chưa nhận", "chưa nhận", "chưa chi trả", "unpaid"),
    "amount": ("số tiền", "tổng số tiền", "tổng tiền", "thành tiền", "mức hưởng", "tổng cộng", "amount"),
    "state": ("trạng thái", "tình trạng", "kết quả chi", "kết quả chi trả", "kết quả", "status"),
}
RESULTS: Final[Mapping[str, tuple[str, str]]] = {
    "stopped_but_paid": ("đã dừng theo quyết định, tệp ghi còn chi", "stopped, and paid"),
    "resumed_but_not_paid": ("được hưởng lại hoặc tăng, tệp chưa ghi chi", "resumed or raised, and not paid"),
    "amount_differs": ("số tiền khác với quyết định", "another amount than decided"),
    "not_in_file": ("không thấy trong tệp", "not in the file"),
    "not_listed_unpaid": ("không có trong danh sách thay đổi, tệp ghi chưa chi", "not on our list, and not paid"),
    "unsure": ("chưa chắc là cùng người; không so", "not sure who it is: not compared"),
    "not_comparable": ("không có số tiền để so", "no amount to compare"),
    "agrees": ("khớp", "agrees"),
    "not_listed": ("không có trong danh sách thay đổi (chi thường kỳ)", "not on our list (the usual payments)"),
}
TO_ASK: Final = tuple(RESULTS)[:6]
ASK_VI: Final[Mapping[str, str]] = {
    "stopped_but_paid": "Cơ quan chi trả đã nhận quyết định dừng chưa, kỳ này đã chi trước khi nhận không?",
    "resumed_but_not_paid": "Vì sao chưa chi: chưa nhận quyết định, người hưởng chưa đến nhận, hay lý do khác?",
    "amount_differs": "Số tiền đã chi tính theo quyết định nào, gồm những khoản nào?",
    "not_in_file": "Người này được chi ở kỳ, ở điểm chi khác không?",
    "not_listed_unpaid": "Vì sao chưa chi: người hưởng chưa đến nhận, hay có văn bản khác?",
    "unsure": "Dòng này là của ai: đề nghị cho số hồ sơ.",
}
COLUMNS: Final = (
    *("result", "result_vi", "ask_vi", "dossier_no", "name", "commune", "district", "decision_no", "effect"),
    *("expected", "paid", "difference", "file_rows", "case_id"),
)
_DONE: Final = ("hoan thanh", "hoan tat")  # else *hoàn*: given back
_UNPAID: Final = re.compile(r"\b(?:chua|unpaid|tra lai|hoan)\b")
_PAID: Final = frozenset({"da", "x", "paid", "roi"})


@dataclass(frozen=True)
class PaidLine:
    """A line of the payer: who, and what was paid; `paid` is 0 for not paid, None for what cannot be read."""

    row: str  # as the sheet shows it; two sheets may have the same
    dossier_no: str
    name: str
    born: str
    national_id: str
    commune: str
    paid: int | None


@dataclass(frozen=True)
class Reconciled:
    """Every line with what came of it. `sums`: đồng in the file, by result."""

    month: date
    table: pd.DataFrame
    counts: Mapping[str, int]
    sums: Mapping[str, int]
    lines: int
    decisions: int

    @property
    def agrees(self) -> bool:
        """Whether there is nothing to ask."""
        return not any(self.counts.get(name) for name in TO_ASK)

    def told(self) -> str:
        """Counts and sums; no name."""
        said = [
            f"Tháng {self.month:%m/%Y}: {number(self.lines)} dòng của cơ quan chi trả, {number(self.decisions)} quyết "
            f"định đang có hiệu lực. / {self.lines} lines of the payer, {self.decisions} decisions in force."
        ]
        for name, (vi, en) in RESULTS.items():
            if count := self.counts.get(name, 0):
                said.append(f"{vi} / {en}: {number(count)}; {money(self.sums.get(name, 0))}")
        said.append(
            "Khớp: không có gì phải hỏi. / It agrees: nothing to ask."
            if self.agrees
            else "Đây là điều cần hỏi lại, chưa phải lỗi của ai. / These are questions to ask, nobody's fault."
        )
        return "\n".join(said)


def reconcile(office: Office, path: Path, month: date, out: Path, actor: Actor | None = None) -> Reconciled:
    """Compare the payer's csv or workbook with the decisions in force in a month; write each line's result to `out`.

    Raises InputError for a file that cannot be read, UsageError where `out` is there already.
    """
    if out.exists():
        raise UsageError(f"{out}: đã có; chọn tên khác / is there already; choose another --out")
    lines = list(paid_lines(path))
    found = compared(in_force(office, f"{month:%Y-%m}", actor), lines, month)
    out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    out.touch(mode=0o600)
    write_csv(found.table, out, COLUMNS)
    content = {"act": "payment_reconciled", "month": f"{month:%Y-%m}", "counts": dict(found.counts)}
    record_list(office, actor or SYSTEM, content | {"file": hashlib.sha256(path.read_bytes()).hexdigest()})
    return found


def paid_lines(path: Path) -> Iterator[PaidLine]:
    """The lines of the payer's file that name somebody. Raises InputError where no sheet has what is needed."""
    of = {heading: name for name, headings in HEADINGS.items() for heading in headings}
    for place, cells in _rows(path, of):
        told: dict[str, str] = {}
        for heading, value in cells.items():
            told.setdefault(of[heading], value)
        if not any(told.get(name) for name in ("dossier_no", "name", "national_id")) or not _says_a_sum(told):
            continue
        born = read_date(told.get("date_of_birth", ""), date.today()).value  # noqa: DTZ011 (bounds a year only)
        yield PaidLine(
            row=str(place),
            dossier_no=_key(told.get("dossier_no", "")),
            name=" ".join(told.get("name", "").split()),
            born=str(born or "")[:4],
            national_id="".join(sign for sign in told.get("national_id", "") if sign.isdigit()),
            commune=told.get("commune", ""),
            paid=_paid(told),
        )


def _rows(path: Path, of: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:
    names = {heading: heading for heading in of}
    for needed in (*HEADINGS["dossier_no"], *HEADINGS["national_id"], *HEADINGS["name"]):
        try:
            return list(filled_rows(path, names, needed))
        except InputError as error:
            if "không có cột" not in str(error):
                raise
    raise InputError(
        f"{path.name}: không có cột số hồ sơ, số định danh hay họ tên; mỗi dòng cần một trong các cột đó, số tiền và "
        "trạng thái đã chi, chưa chi. / There is no column of dossier numbers, ids or names."
    )


def _says_a_sum(told: Mapping[str, str]) -> bool:
    return any(told.get(name) for name in ("paid", "unpaid", "amount", "state"))


def _paid(told: Mapping[str, str]) -> int | None:
    """đồng paid; None where the cells do not say."""
    if said := fold(told.get("state", "")):
        was_paid = _was_paid(said)
        if not was_paid:
            return 0 if was_paid is False else None
    if told.get("paid"):
        return _dong(told["paid"])
    if told.get("unpaid") and (left := _dong(told["unpaid"])) != 0:
        return None if left is None else 0
    return _dong(told.get("amount", ""))


def _was_paid(said: str) -> bool | None:
    """What a folded state says; None where its words do not tell: *đang chờ chi*, *đã chi, không vướng mắc*."""
    for done in _DONE:
        said = said.replace(done, "da")
    words = said.split()
    is_paid = bool(words) and words[0] in _PAID
    if _UNPAID.search(said):
        return False
    if "khong" in words:
        return None if is_paid else False
    return True if is_paid else None


def _dong(text: str) -> int | None:
    value = read_money(text).value
    return None if value is None else int(value)


def compared(changes: Sequence[PayChange], lines: Sequence[PaidLine], month: date) -> Reconciled:
    """What came of each decision and each line of the payer."""
    bound, unsure = _bound(changes, lines)
    taken = {id(line) for found in (*bound.values(), unsure) for line in found}
    told = (_of_decision(one, bound.get(one.case_id, []), f"{month:%Y-%m}") for one in changes)
    rows = [row for row in told if row is not None]
    rows += [_row("unsure", None, [line]) for line in unsure]
    for line in lines:
        if id(line) not in taken:
            rows.append(_row("not_listed_unpaid" if line.paid == 0 else "not_listed", None, [line]))
    order = list(RESULTS)
    rows.sort(key=lambda row: (order.index(str(row["result"])), str(row["dossier_no"] or ""), str(row["file_rows"])))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    whole = ("expected", "paid", "difference")
    table = table.astype({name: "Int64" if name in whole else "string[pyarrow]" for name in COLUMNS})
    counts = Counter(str(row["result"]) for row in rows)
    sums: Counter[str] = Counter()
    for row in rows:
        sums[str(row["result"])] += int(str(row["paid"] or 0))
    return Reconciled(month, table, counts, sums, len(lines), len(changes))


def _bound(changes: Sequence[PayChange], lines: Sequence[PaidLine]) -> tuple[dict[str, list[PaidLine]], list[PaidLine]]:
    by: dict[tuple[str, str], list[PayChange]] = defaultdict(list)
    for one in changes:
        for key in _keys(_key(one.dossier_no or ""), one.national_id or "", fold(one.name or ""), _year(one)):
            by[key].append(one)
    bound: dict[str, list[PaidLine]] = defaultdict(list)
    unsure: list[PaidLine] = []
    for line in lines:
        keys = _keys(line.dossier_no, line.national_id, fold(line.name), line.born)
        kind, fitting = next(((key[0], by[key]) for key in keys if key in by), ("", []))
        if len(fitting) == 1 and _agrees(fitting[0], line, kind):
            bound[fitting[0].case_id].append(line)
        elif fitting:
            unsure.append(line)
    return bound, unsure


def _keys(dossier: str, national_id: str, name: str, born: str) -> Iterator[tuple[str, str]]:
    """The keys of a line, the surest first; a name without a birth year is nobody's."""
    if dossier:
        yield "dossier", dossier
    if national_id:
        yield "id", national_id
    if name and born:
        yield "name", f"{name}\x1f{born}"


def _agrees(one: PayChange, line: PaidLine, kind: str) -> bool:
    """Whether nothing speaks against it: another birth year, another name, bound by name another dossier number."""
    if line.born and _year(one) and line.born != _year(one):
        return False
    if kind == "name" and line.dossier_no and one.dossier_no:
        return False
    mine, theirs = set(fold(one.name or "").split()), set(fold(line.name).split())
    return not mine or not theirs or 2 * len(mine & theirs) >= max(len(mine), len(theirs))


def _year(one: PayChange) -> str:
    return (one.date_of_birth or "")[:4]


def _key(text: str) -> str:
    return " ".join(text.upper().split())


def _of_decision(one: PayChange, lines: Sequence[PaidLine], month: str) -> dict[str, object] | None:
    if one.effect == "repay":
        return _row("not_comparable", one, lines) if lines else None
    expected = one.expected(month)
    amounts = [line.paid for line in lines if line.paid is not None]
    paid = sum(amounts) if amounts and len(amounts) == len(lines) else None
    return _row(_result(one, lines, paid, expected), one, lines, expected)


def _result(one: PayChange, lines: Sequence[PaidLine], paid: int | None, expected: int | None) -> str:
    if one.effect in STOPS:
        return "stopped_but_paid" if paid else ("not_comparable" if lines and paid is None else "agrees")
    if not lines:
        return "resumed_but_not_paid" if one.effect in GIVES else "not_in_file"
    if paid == 0:
        return "resumed_but_not_paid" if one.effect in GIVES else "not_in_file"
    if paid is None or expected is None:
        return "not_comparable"
    return "agrees" if paid == expected else "amount_differs"


def _row(
    result: str, one: PayChange | None, lines: Sequence[PaidLine], expected: int | None = None
) -> dict[str, object]:
    amounts = [line.paid for line in lines if line.paid is not None]
    paid = sum(amounts) if amounts else None
    first = lines[0] if lines else None
    told: dict[str, object] = {
        "result": result,
        "result_vi": RESULTS[result][0],
        "ask_vi": ASK_VI.get(result, ""),
        "expected": expected,
        "paid": paid,
        "difference": paid - expected if paid is not None and expected is not None else None,
        "file_rows": "; ".join(line.row for line in lines),
    }
    if one is not None:
        same = ("dossier_no", "name", "commune", "district", "decision_no", "effect", "case_id")
        return told | {name: getattr(one, name) for name in same}
    return told | (
        {"dossier_no": first.dossier_no, "name": first.name, "commune": first.commune} if first is not None else {}
    )
