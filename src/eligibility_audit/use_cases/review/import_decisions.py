"""Import an office's earlier decisions and clearings: history, bound by dossier number, then by linkage, never guessed.

An import is no act: it takes no step, moves no state, and a decision made after its case was opened is refused, so that
nothing is ended here without service and the time to reply (procedure.md, 2 and 8).
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from eligibility_audit.domain.kinds import KINDS, ROSTERS
from eligibility_audit.domain.review.people import Actor
from eligibility_audit.errors import InputError, RefusedError, UsageError
from eligibility_audit.linkage import Model
from eligibility_audit.readers.filled import filled_rows
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.standardise.dates import read_date
from eligibility_audit.standardise.names import fold
from eligibility_audit.store.earlier_decisions import Binding, Candidate, add_decisions, bind, candidates, unbound
from eligibility_audit.store.office import Office
from eligibility_audit.use_cases.review.same_person import matched

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("số quyết định", "số qđ", "số văn bản", "số kết luận", "số", "number"),
    "dated_on": ("ngày quyết định", "ngày qđ", "ngày ký", "ngày ban hành", "ngày văn bản", "ngày", "date"),
    "authority": ("cơ quan ban hành", "cơ quan ký", "cơ quan", "nơi ban hành", "authority"),
    "dossier_no": ("số hồ sơ", "mã hồ sơ", "shs", "dossier number"),
    "name": ("họ và tên", "họ tên", "tên đối tượng", "name"),
    "date_of_birth": ("năm sinh", "ngày sinh", "ngày, tháng, năm sinh", "year of birth"),
    "act": ("nội dung quyết định", "nội dung", "việc", "loại quyết định", "hình thức", "kết quả", "act"),
    "in_force_from": ("hiệu lực từ", "áp dụng từ", "có hiệu lực từ", "từ tháng", "thời điểm áp dụng", "in force from"),
    "served_on": ("ngày giao", "ngày tống đạt", "served on"),
    "programme": ("chương trình", "programme"),
}
FORBIDDEN: Final = ("trạng thái", "bước", "state", "step", "bước hồ sơ", "trạng thái hồ sơ")
CLEARED: Final = "dung"  # the act of a clearing
GRANTED: Final = "huong"
_CLEARING: Final = ("thuc chung lai", "ra soat", "kiem tra lai")
_GRANT: Final = ("cong nhan", "cap tro cap", "huong tro cap", "huong che do", "quyet dinh huong")
_LEAST_SHARE: Final = 0.5  # of the words of a name that agree, where the dossier number does


@dataclass(frozen=True)
class Told:
    """A line that was not bound, or not taken: its place in the file, and why. No name."""

    row: str
    why: str


@dataclass(frozen=True)
class Imported:
    """What became of a file: new lines, those known already, bound by number and by linkage, listed, refused."""

    added: int
    known: int
    by_dossier: int
    by_linkage: int
    listed: tuple[Told, ...]
    refused: tuple[Told, ...]

    def told(self) -> str:
        """The counts, then every line that a person has to look at."""
        head = (
            f"Nhập {self.added} dòng (đã có {self.known}); gắn theo số hồ sơ {self.by_dossier}, theo nhân thân "
            f"{self.by_linkage}; chờ xem {len(self.listed)}; không nhận {len(self.refused)}. / Imported {self.added} "
            f"({self.known} known); bound by dossier number {self.by_dossier}, by linkage {self.by_linkage}; "
            f"to be looked at {len(self.listed)}; refused {len(self.refused)}."
        )
        return "\n".join([head, *(f"{t.row}: {t.why}" for t in (*self.refused, *self.listed))])


def import_decisions(
    office: Office, actor: Actor, path: Path, *, programme: str = "", model: Model | None = None
) -> Imported:
    """Import a csv or workbook. `programme`: of lines that name none; `model`: the learnt linkage of a run.

    Raises InputError where the file is none of decisions, UsageError for an unknown programme, RefusedError where the
    actor may not.
    """
    rows: list[Mapping[str, Any]] = []
    refused: list[Told] = []
    for place, cells in _rows(path):
        try:
            rows.append(_decision(cells, place, programme, office.today()))
        except RefusedError as error:
            refused.append(Told(place, str(error)))
    after = _after_the_opening(office, actor, rows)
    refused += [Told(str(row["source"]), _AFTER) for row in after]
    rows = [row for row in rows if row not in after]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    added = add_decisions(office, actor, rows, digest)
    bound, listed = bind_earlier(office, actor, model)
    hows = [each.bound_by for each in bound]
    return Imported(
        *(len(added), len(rows) - len(added), hows.count("dossier_no"), hows.count("linkage")),
        tuple(listed),
        tuple(refused),
    )


_AFTER: Final = (
    "quyết định ra sau khi hồ sơ đã mở ở đây: phải đi qua các bước (thông báo, giao, kiểm tra, ký), không nhập được. / "
    "it was made after the case was opened here: it goes through the steps and is not imported."
)


def bind_earlier(office: Office, actor: Actor | None, model: Model | None) -> tuple[list[Binding], list[Told]]:
    """Bind what is not bound yet to the cases that are there now; what is not sure is listed. None: the system."""
    waiting = unbound(office)
    if not waiting:
        return [], []
    dossiers = {str(row["dossier_no"]) for row in waiting if row["dossier_no"]}
    names = {fold(str(row["name"])) for row in waiting if row["name"]}
    cases = candidates(office, dossiers, names, actor)
    found, listed = _bindings(waiting, cases, model)
    mine = {case.case_id for case in cases if case.in_area}
    source = {row["decision_id"]: row["source"] for row in waiting}
    listed += [Told(source[each.decision_id], _ELSEWHERE) for each in found if each.case_id not in mine]
    found = [each for each in found if each.case_id in mine]
    bind(office, found, "system" if actor is None else actor.user_id)
    return found, listed


def _bindings(
    waiting: Sequence[Mapping[str, Any]], cases: Sequence[Candidate], model: Model | None
) -> tuple[list[Binding], list[Told]]:
    by_number: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for case in cases:
        by_number[case.programme, case.dossier_no].append(case)
    found: list[Binding] = []
    listed: list[Told] = []
    rest: list[Mapping[str, Any]] = []
    for row in waiting:
        same = by_number.get((row["programme"], row["dossier_no"] or "-"), [])
        fits = [case for case in same if case.opened_on >= row["dated_on"] and _agrees(row, case)]
        if len(fits) == 1:
            found.append(Binding(row["decision_id"], fits[0].case_id, "dossier_no"))
        elif same:
            listed.append(Told(row["source"], _DIFFERS if len(same) == 1 else _SEVERAL))
        else:
            rest.append(row)
    by_linkage, more = _by_linkage(rest, cases, model)
    return found + by_linkage, listed + more


_DIFFERS: Final = (
    "số hồ sơ khớp nhưng họ tên hoặc năm sinh khác; hãy kiểm tra. / the number agrees, name or birth year does not."
)
_SEVERAL: Final = "nhiều hồ sơ có số này; không chọn thay người. / several cases have this number: nobody chooses."
_ELSEWHERE: Final = (
    "hồ sơ thuộc địa bàn khác; giữ lại, người phụ trách nơi ấy gắn. / the case is of another area: bound by who has it."
)
_PERHAPS: Final = "có thể là hồ sơ {cases}; chưa chắc, không gắn. / it may be one of these cases: not sure, not bound."
_NOBODY: Final = "chưa có hồ sơ nào ở đây; giữ lại, gắn khi hồ sơ được mở. / no case here yet: kept until there is one."


def _by_linkage(
    rows: Sequence[Mapping[str, Any]], cases: Sequence[Candidate], model: Model | None
) -> tuple[list[Binding], list[Told]]:
    found: list[Binding] = []
    listed: list[Told] = []
    for programme in sorted({str(row["programme"]) for row in rows}):
        mine = [row for row in rows if row["programme"] == programme]
        # one person may have several decisions: equal identities are asked once
        people = {(str(r["name"]), str(r["date_of_birth"])): r for r in mine if r["name"]}
        left = {str(n): {"name": r["name"], "date_of_birth": r["date_of_birth"]} for n, r in enumerate(people.values())}
        right = {case.case_id: case.record for case in cases if case.programme == programme}
        opened = {case.case_id: case.opened_on for case in cases}
        matches = matched(left, right, programme, model)
        told = dict(zip(people, (matches.get(str(n)) for n in range(len(people))), strict=True))
        for row in mine:
            match = told.get((str(row["name"]), str(row["date_of_birth"])))
            if match and match.sure and opened[match.sure[0]] >= row["dated_on"]:
                found.append(Binding(row["decision_id"], match.sure[0], "linkage", match.sure[1]))
            elif match:
                listed.append(Told(row["source"], _PERHAPS.format(cases=", ".join(c for c, _ in match.candidates[:5]))))
            else:
                alike = [c.case_id for c in cases if row["name"] and c.name_key == fold(row["name"])]
                said = _PERHAPS.format(cases=", ".join(alike[:5])) if alike else _NOBODY
                listed.append(Told(row["source"], said))
    return found, listed


def _agrees(row: Mapping[str, Any], case: Candidate) -> bool:
    """Whether name and birth year, where both sides state them, do not speak against the dossier number."""
    born, other = str(row["date_of_birth"] or "")[:4], case.born[:4]
    if born and other and born != other:
        return False
    mine, theirs = fold(str(row["name"] or "")).split(), case.name_key.split()
    if not mine or not theirs:
        return True
    return len(set(mine) & set(theirs)) >= _LEAST_SHARE * max(len(set(mine)), len(set(theirs)))


def _after_the_opening(office: Office, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    dossiers = {str(row["dossier_no"]) for row in rows if row["dossier_no"]}
    opened = {(c.programme, c.dossier_no): c.opened_on for c in candidates(office, dossiers, (), actor)}
    return [
        row
        for row in rows
        if row["dossier_no"] and row["dated_on"] > opened.get((row["programme"], row["dossier_no"]), date.max)
    ]


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Place and cells of every line that says anything, by field."""
    of = {heading: field for field, headings in HEADINGS.items() for heading in headings}
    names = {heading: heading for heading in (*of, *FORBIDDEN)}
    for needed in HEADINGS["number"]:
        try:
            read = list(filled_rows(path, names, needed))
        except InputError as error:
            if "không có cột" not in str(error):
                raise
            continue
        break
    else:
        raise InputError(
            f"{path.name}: không có cột “Số quyết định”; mỗi dòng cần số, ngày, cơ quan, việc, số hồ sơ hoặc họ tên. / "
            "there is no column of decision numbers; a line needs number, date, authority, act, and whose it is."
        )
    if any(name in cells and cells[name] for _, cells in read for name in FORBIDDEN):
        raise InputError(
            f"{path.name}: nhập quyết định không đổi bước của hồ sơ; hãy bỏ cột trạng thái, bước. / "
            "an import moves no case; leave out the column of states or steps."
        )
    for number, cells in read:
        told = {of[heading]: value for heading, value in reversed(cells.items()) if heading in of and value}
        if told:
            yield f"{path.name}, dòng / row {number}", told


def _decision(cells: Mapping[str, str], place: str, programme: str, today: date) -> dict[str, Any]:
    """One line as a row of the store. Raises RefusedError with what is wrong with it."""
    of = _programme(cells.get("programme", ""), programme)
    act = _act(cells.get("act", ""), of)
    faults = [f"thiếu {HEADINGS[name][0]} / {name} is missing" for name in ("number", "authority") if name not in cells]
    if act is None:
        faults.append("không rõ việc gì (chấm dứt, tạm dừng, điều chỉnh, hưởng lại, đúng …) / the act is not known")
    if not cells.get("dossier_no") and not cells.get("name"):
        faults.append("không có số hồ sơ, cũng không có họ tên / neither dossier number nor name")
    dated = _day(cells.get("dated_on", ""), today)
    if dated is None or dated > today:
        faults.append("ngày quyết định không đọc được hoặc ở tương lai / its day cannot be read, or lies ahead")
    if faults or dated is None:
        raise RefusedError(["; ".join(faults) + "."])
    told = {
        "kind": "clearing" if act == CLEARED else "decision",
        "programme": of,
        "number": cells["number"][:100],
        "dated_on": dated,
        "authority": cells["authority"][:300],
        "act": act,
        "in_force_from": read_date(cells.get("in_force_from", ""), today, placeholder=False).value,
        "served_on": _day(cells.get("served_on", ""), today),
        "dossier_no": " ".join(cells.get("dossier_no", "").upper().split())[:80] or None,
        "name": " ".join(cells.get("name", "").split())[:200] or None,
        "date_of_birth": read_date(cells.get("date_of_birth", ""), today).value,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return {**told, "source": place[:300], "row_sha256": hashlib.sha256(text.encode()).hexdigest()}


def _programme(said: str, given: str) -> str:
    wanted = fold(said) if said else fold(given)
    found = [name for name in ROSTERS if wanted and wanted in (fold(name), fold(KINDS[name].vi))]
    if not found:
        raise UsageError(
            f"Chương trình {said or given or '(trống)'}: hãy nêu một trong {', '.join(ROSTERS)} (--programme). / "
            "Name one of these programmes."
        )
    return found[0]


def _act(said: str, programme: str) -> str | None:
    """The act of `law/<programme>/acts.yaml` that a text names, `dung` for a clearing, `huong` for a grant."""
    text = " ".join(fold(said).replace("_", " ").split())
    if not text:
        return None
    if text == CLEARED or (any(word in text for word in _CLEARING) and text.endswith(CLEARED)) or "ho so dung" in text:
        return CLEARED
    words = {name: (name.replace("_", " "), fold(act.vi)) for name, act in Acts.load(programme).acts.items()}
    named = [(len(said), name) for name, both in words.items() for said in both if said in text]
    if named:
        return max(named)[1]
    return GRANTED if any(word in text for word in _GRANT) else None


def _day(text: str, today: date) -> date | None:
    value = read_date(text, today, placeholder=False).value
    return date.fromisoformat(value) if value and len(value) == 10 else None
