"""The ledger of inspection conclusions: every line of every annex, its person, its due day, where it stands.

Nothing is lost: each conclusion's lines are those of its annex, each has one state, and every difference between the
number that the conclusion states and what was found is named.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.conclusions import STATES, Conclusion, Mandate, Outcome, chains, due_of
from eligibility_audit.domain.dates import span
from eligibility_audit.domain.ids import keyed_ids
from eligibility_audit.domain.ledger import CANDIDATES, LEDGER, Head, Ledger
from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.publish.amounts import number as written
from eligibility_audit.rules.facts.annexes import Annexes
from eligibility_audit.rules.facts.inspection import CATEGORY_VI, WORST_FIRST, category_of_group, dossier_key
from eligibility_audit.rules.facts.text import bare_unit, fold

TEXT: Final = "string[pyarrow]"
NO_NUMBER: Final = "(không ghi số kết luận)"
LONG_AGO: Final = -1e9
RECONCILIATION: Final = {
    "conclusion_no": TEXT,
    "finding_group": TEXT,  # empty: the whole conclusion
    "stated": "Int64",  # in the body; null where it states none, or is not known here
    "lines": "Int64",
    "unreadable": "Int64",  # lines of the annex that could not be read
    "doubled": "Int64",  # lines beyond the first of one person
    "persons": "Int64",
    "by_dossier": "Int64",  # persons, by how they were found
    "by_identity": "Int64",
    "by_other_line": "Int64",
    "several": "Int64",
    "not_found": "Int64",
    "difference": "Int64",  # stated less lines
    "explanation": TEXT,
}


def make_ledger(
    annexes: Annexes,
    conclusions: Sequence[Conclusion],
    outcomes: Iterable[Outcome],
    *,
    as_of: date,
    key: bytes,
    unreadable: Mapping[tuple[str, str], int],
) -> Ledger:
    """The ledger on a day. `unreadable`: lines that could not be read, by file and sheet of the annexes.

    Raises UsageError where an outcome is before its conclusion, or two of one day contradict each other.
    """
    lines = annexes.lines.reset_index(drop=True)
    heads, of_line = _heads(lines, conclusions)
    lines["conclusion_no"] = pd.array([head.number for head in of_line], dtype=TEXT)
    stated = pd.array([head.day.isoformat() if head.day else None for head in of_line], dtype=TEXT)
    lines["conclusion_date"] = pd.Series(stated, index=lines.index).fillna(lines["conclusion_date"])
    lines["finding_group"] = _groups(lines, of_line, as_of)
    parts = lines["conclusion_no"] + "\x1f" + lines["record_id"]
    lines["obligation_id"] = pd.array(keyed_ids("o", parts.tolist(), key), dtype=TEXT)
    lines = lines.assign(**_later(lines))
    placed, unplaced, late = _placed(lines, list(outcomes), as_of)
    lines = lines.assign(**_states(lines, placed))
    lines = lines.assign(**_due(lines, of_line, as_of))
    lines["doubled_with"] = _doubled(lines)
    ids = lines.set_index("record_id")["obligation_id"]
    found = annexes.candidates.assign(
        obligation_id=ids.reindex(annexes.candidates["record_id"]).to_numpy(dtype="object")
    ).astype({"obligation_id": TEXT})
    counted = found["record_id"].value_counts()
    lines["candidates"] = counted.reindex(lines["record_id"]).fillna(0).astype("Int64").to_numpy()
    order = {head.number: place for place, head in enumerate(heads)}
    lines = lines.iloc[np.argsort(lines["conclusion_no"].map(order).to_numpy("int64"), kind="stable")]
    lines = lines.reset_index(drop=True)
    lines = lines.reindex(columns=[*LEDGER, "person", "is_last"])
    account = _reconciliation(lines, heads, unreadable)
    _nothing_lost(lines, account, len(annexes.lines))
    notes = (*_notes_on_heads(annexes.lines, heads, as_of), *_notes_on_outcomes(unplaced, late))
    return Ledger(heads, lines, found.reindex(columns=list(CANDIDATES)), account, notes, tuple(unplaced))


def _nothing_lost(lines: pd.DataFrame, account: pd.DataFrame, received: int) -> None:
    whole = account[account["finding_group"] == ""]
    sums = int(whole["lines"].sum()), int(lines["state"].isin(list(STATES)).sum()), len(lines)
    if any(total != received for total in sums):
        raise IntegrityError(
            f"Sổ theo dõi kết luận: phụ lục có {received} dòng, sổ có {sums}; báo cho nhóm phát triển / "
            "the ledger of conclusions does not hold every line of the annexes; tell the developers"
        )


# -- which conclusion a line is of --------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _heads(lines: pd.DataFrame, conclusions: Sequence[Conclusion]) -> tuple[tuple[Head, ...], list[Head]]:
    """The conclusions, earliest first, and the one of each line."""
    own: dict[tuple[str, date | None], Head] = {}
    of_line = []
    numbers, days = lines["conclusion_no"].fillna("").tolist(), lines["conclusion_date"].tolist()
    for number, said in zip(numbers, days, strict=True):
        file = same_number(number, conclusions)
        day = file.date if file else _exact(said)
        named = file.number if file else (number or NO_NUMBER)
        key = _plain(named), day
        if key not in own:
            taken = any(known == key[0] for known, _ in own)  # numbers begin anew every year
            own[key] = Head(f"{named} ({day or 'không rõ ngày'})" if taken else named, day, file)
        of_line.append(own[key])
    for conclusion in conclusions:
        own.setdefault(
            (_plain(conclusion.number), conclusion.date), Head(conclusion.number, conclusion.date, conclusion)
        )
    heads = tuple(sorted(own.values(), key=lambda head: (head.day or date.min, head.number)))
    return heads, of_line


def same_number(number: str, conclusions: Sequence[Conclusion]) -> Conclusion | None:
    """The conclusion that an annex means by a number: as its file writes it, or by its digits where they are alone."""
    wanted, digits = _plain(number), number.strip()
    for conclusion in conclusions:
        if wanted and wanted in {_plain(name) for name in (conclusion.number, *conclusion.also_written)}:
            return conclusion
    if not digits.isdigit():
        return None
    fits = [c for c in conclusions if re.match(rf"0*{int(digits)}\D", c.number)]
    return fits[0] if len(fits) == 1 else None


def _exact(day: object) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) and len(day) == 10 else None


def _groups(lines: pd.DataFrame, of_line: Sequence[Head], as_of: date) -> "pd.Series[str]":
    """The group of each line, as the conclusion's body calls it, else as the annex does."""
    named = []
    groups = {finding.group for head in set(of_line) if head.file for finding in head.file.findings}
    says = {group: category_of_group(group, as_of) for group in groups}
    for head, group, category in zip(of_line, lines["finding_group"], lines["category"], strict=True):
        stated = head.file.findings if head.file else ()
        same = [finding.group for finding in stated if fold(finding.group) == fold(group or "")]
        alike = [finding.group for finding in stated if says[finding.group] == category]
        found = same or (alike if len(alike) == 1 else [])
        named.append(found[0] if found else (group or CATEGORY_VI[str(category)]))
    return pd.Series(pd.array(named, dtype=TEXT), index=lines.index)


# -- where each line stands ---------------------------------------------------------------------------------------


def _later(lines: pd.DataFrame) -> dict[str, "pd.Series[Any]"]:
    """`latest`: the day of the last conclusion on the person; `changed_by`, `changed_to` where a later one says so."""
    first = span(lines["conclusion_date"])["first"].astype("Float64").fillna(LONG_AGO).astype("float64")
    day = first.where(lines["in_time"].astype("bool"), -np.inf)
    latest = day.groupby(lines["person"]).transform("max")
    is_last = (day == latest) | ~lines["in_time"]
    rank = lines["category"].map({name: place for place, name in enumerate(WORST_FIRST)}).astype("int64")
    last = lines[is_last & lines["in_time"]].assign(rank=rank).sort_values("rank", kind="stable")
    last = last.drop_duplicates("person").set_index("person")
    by = lines["person"].map(last["conclusion_no"]).where(~is_last)
    to = lines["person"].map(last["category"]).where(~is_last)
    return {"latest": latest, "is_last": is_last, "changed_by": by.astype(TEXT), "changed_to": to.astype(TEXT)}


def _placed(
    lines: pd.DataFrame, outcomes: Sequence[Outcome], as_of: date
) -> tuple[list[tuple[int, Outcome]], list[Outcome], int]:
    """Outcomes with the place of their line, those whose line is gone, and how many are later than the day.

    A line that was typed anew has another code: it is found again by conclusion, dossier number and name, if one is.
    """
    place = {str(code): at for at, code in enumerate(lines["obligation_id"])}
    again: dict[tuple[str, str, str], list[int]] = {}
    for at, row in enumerate(zip(lines["conclusion_no"], lines["dossier_no"], lines["name"], strict=True)):
        again.setdefault(_typed(*row), []).append(at)
    found, gone, late = [], [], 0
    for outcome in outcomes:
        fits = again.get(_typed(outcome.conclusion_no, outcome.dossier_no, outcome.name), [])
        if outcome.obligation_id in place:
            fits = [place[outcome.obligation_id]]
        elif len(fits) != 1 or not outcome.name:
            gone.append(outcome)
            continue
        if outcome.on > as_of:
            late += 1
        else:
            _not_before(outcome, lines["conclusion_date"].iloc[fits[0]])
            found.append((fits[0], outcome))
    return found, gone, late


def _typed(conclusion: object, dossier: object, name: object) -> tuple[str, str, str]:
    one, other, third = ("" if text is None or text is pd.NA else str(text) for text in (conclusion, dossier, name))
    return _plain(one), dossier_key(other), fold(third)


def _not_before(outcome: Outcome, concluded: object) -> None:
    day = _exact(concluded)
    if day and outcome.on < day:
        raise UsageError(
            f"{outcome.place}: ngày có kết quả {outcome.on:%d/%m/%Y} trước ngày kết luận {day:%d/%m/%Y} / "
            "the day of the result is before the conclusion's own day"
        )


def _states(lines: pd.DataFrame, placed: Sequence[tuple[int, Outcome]]) -> dict[str, "pd.Series[Any]"]:
    """The state of each line: what an officer found out since the last conclusion on the person, else what is known."""
    in_time = lines["in_time"].astype("bool")
    open_ = (lines["category"] != "cleared") & lines["is_last"]
    reopened = (open_ & in_time).groupby(lines["person"]).transform("any").where(in_time, open_)
    known = lines["bound"] != ""
    machine = pd.Series("cleared", index=lines.index).mask(reopened & known, "to_review")
    machine = machine.mask(reopened & ~known, "not_found")
    because = pd.Series("binding", index=lines.index).mask(~reopened, "annex").mask(~lines["is_last"], "later")
    last = _last_outcomes(lines, placed)
    found = lines["person"].map({person: outcome.state for person, outcome in last.items()})
    counts = found.notna() & in_time

    def said(name: str) -> "pd.Series[str]":
        values = {person: getattr(outcome, name) for person, outcome in last.items()}
        texts = {p: v.isoformat() if isinstance(v, date) else (v or None) for p, v in values.items()}
        return lines["person"].map(texts).where(counts).astype(TEXT)

    return {
        "state": machine.mask(counts, found).astype(TEXT),
        "state_because": because.mask(counts, "officer").astype(TEXT),
        "state_on": said("on"),
        "state_by": said("by"),
        "document_no": said("document_no"),
        "document_date": said("document_date"),
        "state_note": said("note"),
    }


def _last_outcomes(lines: pd.DataFrame, placed: Sequence[tuple[int, Outcome]]) -> dict[int, Outcome]:
    """By person, what was found out last, of what was found out since the last conclusion on the person.

    Raises UsageError where two outcomes of one day contradict each other.
    """
    person, latest = lines["person"].tolist(), lines["latest"].tolist()
    last: dict[int, Outcome] = {}
    for at, outcome in sorted(placed, key=lambda found: found[1].on):
        if (outcome.on - date(1970, 1, 1)).days < latest[at]:
            continue
        before = last.get(person[at])
        if before and before.on == outcome.on and before.state != outcome.state:
            raise UsageError(
                f"{before.place} và {outcome.place}: hai kết quả khác nhau cùng ngày cho một người; giữ lại một / "
                "two different results of one day for one person; keep one"
            )
        last[person[at]] = outcome
    return last


def _doubled(lines: pd.DataFrame) -> "pd.Series[str]":
    """For a line beyond the first of one person in one conclusion: the code of the first."""
    first = lines.groupby(["conclusion_no", "person"])["obligation_id"].transform("first")
    return first.where(first != lines["obligation_id"]).astype(TEXT)


# -- by whom, by when ---------------------------------------------------------------------------------------------


def _due(lines: pd.DataFrame, of_line: Sequence[Head], as_of: date) -> dict[str, "pd.Series[Any]"]:
    """The unit, the due day and the documents that set it; whether an open line is past it.

    A line that a later conclusion has changed is overdue under that one, or not at all.
    """
    answers: dict[tuple[str, str, str, str], tuple[str, date | None, str]] = {}
    rows = []
    columns = zip(of_line, lines["commune"], lines["district"], lines["finding_group"], strict=True)
    for head, *place in columns:
        commune, district, group = ("" if p is None or p is pd.NA else str(p) for p in place)
        asked = head.number, commune, district, group
        if asked not in answers:
            answers[asked] = _mandated(head.file, commune, district, group)
        rows.append(answers[asked])
    due = pd.Series([day.isoformat() if day else None for _, day, _ in rows], index=lines.index, dtype=TEXT)
    is_open = lines["state"].map({code: state.is_open for code, state in STATES.items()}).astype("bool")
    overdue = is_open & lines["is_last"] & (due.fillna("9999") < as_of.isoformat())
    return {
        "unit": pd.Series([unit for unit, _, _ in rows], index=lines.index, dtype=TEXT),
        "due_on": due,
        "due_basis": pd.Series([basis for _, _, basis in rows], index=lines.index, dtype=TEXT),
        "is_overdue": overdue.astype("boolean"),
    }


def _mandated(conclusion: Conclusion | None, commune: str, district: str, group: str) -> tuple[str, date | None, str]:
    """Who is to do it, by when, by which documents: the most particular mandate that covers place and group."""
    best: tuple[tuple[int, int, int, int], tuple[Mandate, ...]] | None = None
    for chain in chains(conclusion.mandates) if conclusion else ():
        fit = _fit(chain, commune, district, group)
        if fit is None:
            continue
        due = due_of(chain)
        rank = (*fit, -(due.toordinal() if due else date.max.toordinal()), len(chain))
        if best is None or rank > best[0]:
            best = rank, chain
    if best is None:
        return district or commune, None, ""
    chain = best[1]
    unit = next((m.unit for m in reversed(chain) if m.unit), None)
    basis = "; ".join(f"{m.number} ngày {m.date:%d/%m/%Y}" for m in chain if m.number and m.date)
    return unit or district or commune, due_of(chain), basis


def _fit(chain: tuple[Mandate, ...], commune: str, district: str, group: str) -> tuple[int, int] | None:
    """How particularly a chain covers a place and a group (commune 2, district 1, all 0; group 1); None: not at all."""
    place = grouped = 0
    for mandate in chain:
        if mandate.groups:
            if fold(group) not in {fold(name) for name in mandate.groups}:
                return None
            grouped = 1
        if mandate.level == "unit":
            covered = _covers(mandate, commune, district)
            if not covered:
                return None
            place = covered
    return place, grouped


def _covers(mandate: Mandate, commune: str, district: str) -> int:
    unit = _bare(mandate.unit or "")
    if commune and unit == _bare(commune) and (not mandate.district or _bare(mandate.district) == _bare(district)):
        return 2
    return 1 if district and unit == _bare(district) and not mandate.district else 0


def _bare(unit: str) -> str:
    """A unit's folded name without its type word and the office's: `Phòng LĐTBXH huyện Vũ Thư` is `vu thu`."""
    words = re.sub(r"^(?:ubnd|uy ban nhan dan|phong (?:ldtbxh|lao dong thuong binh va xa hoi))\s+", "", fold(unit))
    return bare_unit(words)


# -- what adds up, and what does not ------------------------------------------------------------------------------


def _reconciliation(
    lines: pd.DataFrame, heads: Sequence[Head], unreadable: Mapping[tuple[str, str], int]
) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    rejected = _rejected(lines, unreadable)
    for head in heads:
        own = lines[lines["conclusion_no"] == head.number]
        stated = {finding.group: finding.stated for finding in head.file.findings} if head.file else {}
        counted = [count for count in stated.values() if count is not None]
        total = head.file.stated if head.file else None
        if total is None and counted and len(counted) == len(stated):
            total = sum(counted)
        rows.append(_account(head.number, "", own, total, rejected.get(head.number, 0)))
        if head.file and head.file.stated is not None and len(counted) == len(stated) and counted:
            rows[-1]["explanation"] = _with_groups(str(rows[-1]["explanation"]), head.file.stated, sum(counted))
        groups = dict.fromkeys([*stated, *own["finding_group"].tolist()])
        rows += [
            _account(head.number, group, own[own["finding_group"] == group], stated.get(group), 0) for group in groups
        ]
    return pd.DataFrame(rows, columns=list(RECONCILIATION)).astype(RECONCILIATION)


def _with_groups(explanation: str, stated: int, of_groups: int) -> str:
    if stated == of_groups:
        return explanation
    return f"{explanation} Kết luận nêu tổng số {written(stated)}, cộng các nhóm là {written(of_groups)}."


def _rejected(lines: pd.DataFrame, unreadable: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Lines that could not be read, by the conclusion of most lines of their sheet."""
    found: dict[str, int] = {}
    for (file, sheet), count in unreadable.items():
        own = lines[(lines["source_file"] == file) & (lines["source_sheet"].fillna("") == sheet)]
        name = str(own["conclusion_no"].mode().iloc[0]) if len(own) else NO_NUMBER
        found[name] = found.get(name, 0) + count
    return found


def _account(number: str, group: str, own: pd.DataFrame, stated: int | None, unreadable: int) -> dict[str, object]:
    once = own.drop_duplicates("person")
    by = once["bound"].value_counts()
    count = {name: int(by.get(code, 0)) for name, code in _FOUND.items()}
    row: dict[str, object] = {
        "conclusion_no": number,
        "finding_group": group,
        "stated": stated,
        "lines": len(own),
        "unreadable": unreadable,
        "doubled": len(own) - len(once),
        "persons": len(once),
        **count,
        "difference": None if stated is None else stated - len(own),
    }
    return row | {"explanation": _explained(row)}


_FOUND: Final = {
    "by_dossier": "dossier",
    "by_identity": "identity",
    "by_other_line": "other_line",
    "several": "several",
    "not_found": "",
}


def _explained(row: Mapping[str, Any]) -> str:
    stated, lines = row["stated"], row["lines"]
    if stated is None:
        said = f"Chưa ghi số mà kết luận nêu; phụ lục có {written(lines)} dòng."
    elif stated == lines:
        said = f"Khớp: kết luận nêu {written(stated)}, phụ lục có {written(lines)} dòng."
    else:
        word = "thiếu" if stated > lines else "thừa"
        said = (
            f"Kết luận nêu {written(stated)}, phụ lục có {written(lines)} dòng: {word} {written(abs(stated - lines))}."
        )
    parts = (
        ("unreadable", "{} dòng không đọc được"),
        ("doubled", "{} dòng ghi lại người đã có ở dòng khác"),
        ("several", "{} người khớp nhiều hồ sơ"),
        ("not_found", "{} người chưa tìm thấy"),
    )
    named = [words.format(written(row[name])) for name, words in parts if row[name]]
    return f"{said} {'; '.join(named).capitalize()}." if named else said


# -- what a person should know ------------------------------------------------------------------------------------


def _notes_on_heads(received: pd.DataFrame, heads: Sequence[Head], as_of: date) -> list[str]:
    notes = []
    later = [head.number for head in heads if head.day and head.day > as_of]
    if later:
        notes.append(
            f"{', '.join(later)} ban hành sau ngày tính của kế hoạch: chưa làm thay đổi kết luận nào / "
            "concluded after the plan's day: changes nothing yet"
        )
    bare = [head.number for head in heads if head.file is None]
    if bare:
        notes.append(
            f"Chưa có tệp kết luận cho {', '.join(bare)}: không có số nêu trong kết luận, văn bản giao việc và hạn; "
            "`eligibility-audit conclusions init` viết sẵn / no file of these conclusions is named in the plan"
        )
    known = {head.number for head in heads}
    for head in heads:
        unknown = [number for number in (head.file.changes if head.file else ()) if number not in known]
        if unknown:
            notes.append(
                f"{head.number} làm thay đổi {', '.join(unknown)}, nhưng không có phụ lục hay tệp của kết luận đó / "
                "changes a conclusion that is not here"
            )
        days = set(received.loc[_of(received, head), "conclusion_date"].dropna()) - {str(head.day)}
        if head.file and days:
            notes.append(
                f"{head.number}: tệp kết luận ghi ngày {head.day}, phụ lục ghi {', '.join(sorted(days))}; xem lại / "
                "the day in the conclusion's file is not the annex's; look at both"
            )
    return notes


def _of(received: pd.DataFrame, head: Head) -> "pd.Series[bool]":
    names = {_plain(name) for name in ((head.file.number, *head.file.also_written) if head.file else ())}
    return received["conclusion_no"].map(lambda number: _plain(str(number)) in names).astype("bool")


def _notes_on_outcomes(unplaced: Sequence[Outcome], late: int) -> list[str]:
    notes = []
    if unplaced:
        places = ", ".join(outcome.place for outcome in unplaced[:5]) + (" …" if len(unplaced) > 5 else "")
        notes.append(
            f"{len(unplaced)} kết quả đã ghi không còn dòng tương ứng trong phụ lục ({places}); chép mã dòng mới từ sổ "
            "theo dõi / results whose line is in no annex any more; copy the new code from the ledger"
        )
    if late:
        notes.append(
            f"{late} kết quả ghi sau ngày tính của kế hoạch, chưa tính vào / results after the plan's day do not count"
        )
    return notes
