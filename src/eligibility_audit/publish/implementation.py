"""The report on carrying out inspection conclusions, and the ledger behind it, in the folder `conclusions/` of a run.

The report has the parts of an official report (Decree 30/2020, Article 8): national motto, agency, number, place and
day, kind and subject, content, signer, recipients. What only the signer knows is left as dots. It holds names.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.domain.conclusions import HANDLINGS, LEVEL_VI, STATES, Reporting, chains, due_of
from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.ledger import CANDIDATES, LEDGER, Head, Ledger
from eligibility_audit.publish.amounts import day
from eligibility_audit.publish.csv_files import write_csv
from eligibility_audit.publish.ledger_book import write_ledger_book
from eligibility_audit.publish.lists import by_name
from eligibility_audit.publish.report import page
from eligibility_audit.recommend.wording import check
from eligibility_audit.rules.facts.inspection import CATEGORY_VI

FOLDER: Final = "conclusions"
SHOWN: Final = 200  # lines of a list in the report; the ledger holds them all
SHORT_VI: Final = {
    "to_review": "Chưa rà soát",
    "reviewed": "Đã rà soát",
    "cleared": "Hồ sơ đúng",
    "signs_recorded": "Ghi nhận dấu hiệu",
    "stopped": "Đã dừng",
    "under_complaint": "Đang khiếu nại",
    "not_found": "Chưa tìm thấy",
}


@dataclass(frozen=True)
class Implementation:
    """What the report is made of: the ledger, and the run that it is of."""

    ledger: Ledger
    plan_name: str
    as_of: date
    run_id: str


def write_implementation(folder: Path, data: Implementation) -> tuple[str, ...]:
    """Write ledger.csv, candidates.csv, reconciliation.csv, ledger.xlsx and report.html into the folder.

    With several conclusions each has a report of its own too, `report-<number>.html`. Returns the accusing words that
    stand in a report without the number of a conclusion in their line: a fault of ours, to be said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ledger = data.ledger
    write_csv(ledger.lines, folder / "ledger.csv", LEDGER)
    write_csv(ledger.candidates, folder / "candidates.csv", CANDIDATES)
    write_csv(ledger.reconciliation, folder / "reconciliation.csv", list(ledger.reconciliation.columns))
    write_ledger_book(folder / "ledger.xlsx", ledger.lines, plan_name=data.plan_name, as_of=data.as_of)
    accusing = _write(folder / "report.html", data, ledger.heads)
    if len(ledger.heads) > 1:
        for head in ledger.heads:
            accusing += _write(folder / f"report-{_slug(head.number)}.html", data, (head,))
    return tuple(dict.fromkeys(accusing))


def _write(path: Path, data: Implementation, heads: Sequence[Head]) -> tuple[str, ...]:
    html = page("implementation.html.j2", _view(data, heads))
    path.write_text(html, encoding="utf-8", newline="\n")
    return accusing_words(html)


def accusing_words(html: str) -> tuple[str, ...]:
    """The accusing words of a page's text, block by block, that have no conclusion's number beside them."""
    body = re.sub(r"(?s)<(style|head)\b.*?</\1>", "", html)
    blocks = re.sub(r"(?i)</?(?:p|li|td|th|tr|h[1-6]|div|br|caption|summary|title)\b[^>]*>", "\n", body)
    return check(unescape(re.sub(r"<[^>]+>", "", blocks)))


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "khong-so"


def _view(data: Implementation, heads: Sequence[Head]) -> dict[str, Any]:
    ledger, names = data.ledger, [head.number for head in heads]
    lines = ledger.lines[ledger.lines["conclusion_no"].isin(names)]
    account = ledger.reconciliation[ledger.reconciliation["conclusion_no"].isin(names)]
    current = lines[lines["is_last"].astype("bool")]
    reporting = next((head.file.reporting for head in reversed(heads) if head.file), Reporting())
    overdue = lines[lines["is_overdue"].astype("bool")]
    return {
        "plan_name": data.plan_name,
        "as_of": f"{data.as_of:%d/%m/%Y}",
        "run_id": data.run_id,
        "reporting": reporting,
        "titles": [head.title for head in heads],
        "heads": [_head(head) for head in heads],
        "counts": _counts(lines, current),
        "states": _by_state(lines, heads),
        "groups": _by_group(lines, heads),
        "units": _by_unit(lines),
        "handlings": _handlings(lines),
        "short": SHORT_VI,
        "account": [_texts(row) for row in account.to_dict("records")],
        "missing": _missing(lines, ledger.candidates),
        "overdue": _overdue(overdue),
        "overdue_more": max(len(overdue) - SHOWN, 0),
        "changes": _changes(lines),
        "results": _results(lines),
        "notes": [note.partition(" / ")[0] for note in ledger.notes],
        "unplaced": [outcome.place for outcome in ledger.unplaced],
        "several_heads": len(heads) > 1,
    }


def _head(head: Head) -> dict[str, Any]:
    file = head.file
    rows = []
    for chain in chains(file.mandates) if file else ():
        last, due = chain[-1], due_of(chain)
        rows.append(
            {
                "depth": len(chain) - 1,
                "level": LEVEL_VI[last.level],
                "named": f"số {last.number}" if last.number else "",
                "date": f"{last.date:%d/%m/%Y}" if last.date else "",
                "body": last.unit or last.body or "",
                "subject": last.subject,
                "groups": last.groups,
                "due": f"{due:%d/%m/%Y}" if due else "",
                "late": bool(due and len(chain) > 1 and (above := due_of(chain[:-1])) and due > above),
            }
        )
    return {"number": head.number, "title": head.title, "file": file, "mandates": rows}


def _counts(lines: pd.DataFrame, current: pd.DataFrame) -> dict[str, int]:
    """Counts of lines. What a conclusion itself says is right is no work of the office: n of N is of the others."""
    states = lines["state"].value_counts()
    found = {code: int(states.get(code, 0)) for code in STATES}
    by_itself = int(((lines["state"] == "cleared") & (lines["state_because"] != "officer")).sum())
    open_states = [code for code, state in STATES.items() if state.is_open]
    return found | {
        "lines": len(lines),
        "persons": int(lines["person"].nunique()),
        "right_by_itself": by_itself,
        "to_do": len(lines) - by_itself,
        "found_right": found["cleared"] - by_itself,
        "done": len(lines) - by_itself - found["to_review"] - found["not_found"],
        "overdue": int(lines["is_overdue"].astype("bool").sum()),
        "no_due": int((current["due_on"].isna() & current["state"].isin(open_states)).sum()),
        "changed": int(lines["changed_by"].notna().sum()),
    }


def _share(part: int, whole: int) -> str:
    """A part of a whole as Vietnamese write it: 26,2 %; a dash where there is no whole."""
    return f"{100 * part / whole:.1f}".replace(".", ",") + " %" if whole else "–"


def _by_state(lines: pd.DataFrame, heads: Sequence[Head]) -> list[dict[str, Any]]:
    """One row a state: lines of each conclusion, of all, and persons (each once, where last named)."""
    last = lines[lines["is_last"].astype("bool")].drop_duplicates("person")
    rows = []
    for code, state in STATES.items():
        own = lines[lines["state"] == code]
        rows.append(
            {
                "label": state.vi,
                "by_conclusion": [int((own["conclusion_no"] == head.number).sum()) for head in heads],
                "all": len(own),
                "share": _share(len(own), len(lines)),
                "persons": int((last["state"] == code).sum()),
            }
        )
    total = {
        "label": "Cộng",
        "by_conclusion": [int((lines["conclusion_no"] == head.number).sum()) for head in heads],
        "all": len(lines),
        "share": _share(len(lines), len(lines)),
        "persons": len(last),
    }
    return [*rows, total]


def _by_group(lines: pd.DataFrame, heads: Sequence[Head]) -> list[dict[str, Any]]:
    rows = []
    for head in heads:
        own = lines[lines["conclusion_no"] == head.number]
        for group in dict.fromkeys(own["finding_group"].tolist()):
            part = own[own["finding_group"] == group]
            rows.append({"conclusion": head.number, "group": str(group), **_row_of_states(part)})
    return rows


def _row_of_states(part: pd.DataFrame) -> dict[str, Any]:
    counted = part["state"].value_counts()
    return {"all": len(part), "states": [int(counted.get(code, 0)) for code in STATES]}


def _by_unit(lines: pd.DataFrame) -> list[dict[str, Any]]:
    """One row a unit and due day."""
    keys = [lines["unit"].replace("", "Chưa rõ đơn vị").fillna("Chưa rõ đơn vị"), lines["due_on"].fillna("")]
    rows = []
    for (unit, due), part in lines.groupby(keys, sort=True):
        rows.append(
            {
                "unit": str(unit),
                "due": day(str(due)) or "chưa ghi hạn",
                "overdue": int(part["is_overdue"].astype("bool").sum()),
                **_row_of_states(part),
            }
        )
    return sorted(rows, key=lambda row: by_name(row["unit"]))


def _handlings(lines: pd.DataFrame) -> list[tuple[str, int]]:
    """What the conclusions require, by how many lines; words that are not in the vocabulary stand as received."""
    codes = lines["handlings"].fillna("").str.split(";").explode()
    counted = codes[codes != ""].value_counts()
    rows = [(HANDLINGS[str(code)][0], int(count)) for code, count in counted.items()]
    unknown = lines.loc[lines["handling_unknown"].fillna("") != "", "handling_unknown"].value_counts()
    rows += [(f"“{words}” (giữ nguyên văn)", int(count)) for words, count in unknown.items()]
    silent = int((lines["handling"].fillna("") == "").sum())
    return [*rows, ("phụ lục không ghi", silent)] if silent else rows


def _missing(lines: pd.DataFrame, candidates: pd.DataFrame) -> list[dict[str, Any]]:
    """The lines whose person was not found, or that fit several records, each with its candidates."""
    of_line = {str(code): part for code, part in candidates.groupby("obligation_id")}
    unsure = lines[(lines["bound"].fillna("") == "") | (lines["bound"] == "several")]
    rows = []
    for line in unsure.to_dict("records"):
        found = of_line.get(str(line["obligation_id"]))
        rows.append(
            _texts(line)
            | {
                "born": day(_text(line["date_of_birth"])),
                "several": line["bound"] == "several",
                "candidates": [_candidate(row) for row in found.to_dict("records")] if found is not None else [],
            }
        )
    return rows


def _candidate(row: Mapping[Any, Any]) -> dict[str, Any]:
    kind = KINDS.get(_text(row["candidate_kind"]))
    probability = row["match_probability"]
    return _texts(row) | {
        "born": day(_text(row["date_of_birth"])),
        "list": kind.vi if kind else "",
        "probability": "" if pd.isna(probability) else f"{float(probability):.2f}".replace(".", ","),
    }


def _overdue(overdue: pd.DataFrame) -> list[dict[str, Any]]:
    shown = overdue.sort_values(["due_on", "unit", "obligation_id"], kind="stable").head(SHOWN)
    return [
        _texts(row) | {"due": day(_text(row["due_on"])), "state_vi": STATES[str(row["state"])].vi}
        for row in shown.to_dict("records")
    ]


def _changes(lines: pd.DataFrame) -> list[dict[str, Any]]:
    changed = lines[lines["changed_by"].notna()]
    return [
        _texts(row)
        | {"state_vi": STATES[str(row["state"])].vi, "changed_to_vi": CATEGORY_VI.get(_text(row["changed_to"]), "")}
        for row in changed.to_dict("records")
    ]


def _results(lines: pd.DataFrame) -> list[dict[str, Any]]:
    """What officers found out, with day, person and document."""
    told = lines[(lines["state_because"] == "officer") & lines["is_last"].astype("bool")]
    return [
        _texts(row)
        | {
            "state_vi": STATES[str(row["state"])].vi,
            "born": day(_text(row["date_of_birth"])),
            "on": day(_text(row["state_on"])),
            "document": " ngày ".join(t for t in (_text(row["document_no"]), day(_text(row["document_date"]))) if t),
        }
        for row in told.to_dict("records")
    ]


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124 (NaN)


def _texts(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row for the page: whole numbers as they are, everything else as text, what is unknown as an empty text."""
    return {
        str(name): value if isinstance(value, int) and not isinstance(value, bool) else _text(value)
        for name, value in row.items()
    }
