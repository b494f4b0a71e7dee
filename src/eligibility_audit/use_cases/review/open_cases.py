"""Bring the recommendations of a finished run to the cases of the office."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.domain.kinds import ROSTERS
from eligibility_audit.domain.words import STOPS
from eligibility_audit.errors import UsageError
from eligibility_audit.linkage import explain_pair, kept_model
from eligibility_audit.publish import read_csv
from eligibility_audit.standardise.names import fold
from eligibility_audit.store.cases import Attached, Proposed
from eligibility_audit.store.office import Office
from eligibility_audit.store.second_look import is_kept, keep
from eligibility_audit.use_cases.review.families import families
from eligibility_audit.use_cases.review.import_decisions import bind_earlier
from eligibility_audit.use_cases.review.reattach import reattach
from eligibility_audit.use_cases.run_folder import read_manifest

_VULNERABLE_AGE: Final = 80
_KEPT: Final = 80  # records frozen a month that were not recommended
_MOST_OTHERS: Final = 12  # lines of other lists that are frozen with a case
_NUMBERS: Final = ("monthly_amount", "amount_to_clarify", "months")
_OF_FINDING: Final = (
    *("finding_id", "rule_id", "outcome", "evidence_tier", "law_mark", "reason_vi", "reason_en", "legal_basis"),
    *("evidence", "evidence_against", "amount_at_stake", "months", "source_file", "source_sheet", "source_row"),
)
_DEATHS: Final = ("_DEAD_CLEAR", "_DEAD_FUZZY", "_DEAD_CANCELLED")


def open_cases(office: Office, run_folder: Path) -> Attached:
    """Open, refresh, reopen or withdraw cases by what a run recommends; the evidence of new ones is frozen.

    Raises UsageError where the folder is no finished run.
    """
    manifest = read_manifest(run_folder) or {}
    if manifest.get("status") != "done":
        raise UsageError(
            f"{run_folder.name} không phải là một lần chạy đã xong; hãy chỉ thư mục khác. / "
            f"{run_folder.name} is not a finished run; name another folder."
        )
    run_id = str(manifest["run_id"])
    model = kept_model(run_folder / "model.yaml")
    found = reattach(office, list(_proposed(run_folder, manifest)), model)
    attached = office.cases.attach(run_id, found.proposed, office.clock(), found.ties)
    bind_earlier(office, None, model)
    _keep(office, run_folder, run_id)
    return attached


def _keep(office: Office, folder: Path, run_id: str) -> None:
    """Freeze a few records that were not recommended, for the second look of this month (procedure.md, 8).

    Which ones follows from the run and the record alone.
    """
    proposed = {row["record_id"] for row in _rows(folder / "recommendations.csv")}
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for kind in ROSTERS:
        path = folder / "records" / f"{kind}.parquet"
        if path.exists():
            ids = pd.read_parquet(path, columns=["record_id"])["record_id"]
            sizes[kind] = len(ids)
            kinds |= dict.fromkeys(map(str, ids), kind)
    month, chosen = f"{office.today():%Y-%m}", []
    if not is_kept(office, month):
        left = sorted(
            kinds.keys() - proposed, key=lambda one: hashlib.sha256(f"{run_id}\x1f{one}".encode()).hexdigest()
        )
        chosen = left[:_KEPT]
    wanted = set(chosen)
    links = _links(folder, wanted) if wanted else {}
    records = _records(folder, wanted | {link["other"] for found in links.values() for link in found}) if wanted else {}
    rows = []
    for one in chosen:
        others = [{**link, "record": records.get(link["other"], {})} for link in links.get(one, [])]
        frozen = {"record": records.get(one, {}), "others": others}
        rows.append(
            {"record_id": one, "programme": kinds[one], "frozen": frozen, "sha256": Proposed(one, {}, frozen).sha256}
        )
    keep(office, month, run_id, rows, sizes)


def _proposed(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Proposed]:
    recommendations = _rows(folder / "recommendations.csv")
    findings: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(folder / "findings.csv"):
        findings.setdefault(row["record_id"], []).append({name: row.get(name) for name in _OF_FINDING})
    wanted = {row["record_id"] for row in recommendations}
    links = _links(folder, wanted)
    records = _records(folder, wanted | {link["other"] for found in links.values() for link in found})
    kin = families(folder, wanted)
    as_of = date.fromisoformat(str(manifest["as_of"]))
    seen: set[str] = set()
    for row in recommendations:
        if row["case_id"] in seen:  # two lines with one dossier number are one case; the first stands for it
            continue
        seen.add(row["case_id"])
        record = records.get(row["record_id"], {})
        found = findings.get(row["record_id"], [])
        others = [{**link, "record": records.get(link["other"], {})} for link in links.get(row["record_id"], [])]
        others = _cited_first(others, found)
        frozen = {"as_of": str(as_of), "recommendation": row, "findings": found, "record": record, "others": others}
        if row["record_id"] in kin:
            frozen["family"] = kin[row["record_id"]]
        yield Proposed(row["case_id"], _columns(row, record, as_of), frozen)


def _cited_first(others: Sequence[dict[str, Any]], findings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    cited = _cited(findings)
    return sorted(others, key=lambda link: (link["file"], link["sheet"], link["row"]) not in cited)


def _cited(findings: Sequence[Mapping[str, Any]]) -> set[tuple[str, str, int]]:
    """The lines that the findings speak of: an officer looks at these first."""
    texts = [str(finding.get(side) or "[]") for finding in findings for side in ("evidence", "evidence_against")]
    items = [item for text in texts for item in json.loads(text)]
    return {(i.get("file") or "", i.get("sheet") or "", int(i["row"])) for i in items if i.get("row")}


def _columns(row: Mapping[str, Any], record: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    rules = str(row["rule_ids"] or "").split(";")
    return {
        **{name: row.get(name) for name in _OF_ROW},
        "due_on": date.fromisoformat(row["due_on"]) if row.get("due_on") else None,
        "name_key": fold(str(row.get("name") or "")),
        "sex": record.get("sex"),
        "missing_papers": row["action"] == "ask_papers",
        "about_death": any(rule.endswith(_DEATHS) for rule in rules),
        "vulnerable": _is_vulnerable(record, as_of),
        "refers_only": False,
        "is_protected": False,
        "office_can_settle": row.get("who_first") == "office" and row["action"] not in STOPS,
    }


_OF_ROW: Final = (
    *("programme", "record_id", "recommendation_id", "action", "legal_act", "law_mark", "direction", "dossier_no"),
    *("name", "date_of_birth", "national_id", "commune", "district", "monthly_amount", "amount_to_clarify"),
)


def _is_vulnerable(record: Mapping[str, Any], as_of: date) -> bool:
    """80 or older, a rate of 81 % or more, or a child (procedure.md, 5): a visit as well as a letter."""
    year = str(record.get("date_of_birth") or "")[:4]
    age = as_of.year - int(year) if year.isdigit() else None
    percent = record.get("percent")
    return (
        (age is not None and (age >= _VULNERABLE_AGE or age < 16))
        or (isinstance(percent, int | float) and percent >= 81)
        or "tâm thần" in str(record.get("disease") or "").casefold()
    )


def _links(folder: Path, wanted: set[str]) -> dict[str, list[dict[str, Any]]]:
    """The lines that may be of the same person as a case, most likely first, each with the comparison in words."""
    table = read_csv(folder / "links.csv")
    model = kept_model(folder / "model.yaml")
    found: dict[str, list[dict[str, Any]]] = {}
    for side, other in (("left", "right"), ("right", "left")):
        mine = table[table[f"{side}_record_id"].isin(wanted)]
        for pair in mine.to_dict("records"):
            told = list(explain_pair({str(k): v for k, v in pair.items()}, model).sentences) if model else []
            link = {
                "other": str(pair[f"{other}_record_id"]),
                "file": pair[f"{other}_file"],
                "sheet": _value("sheet", pair[f"{other}_sheet"]) or "",
                "row": int(float(pair[f"{other}_row"])),
                "probability": float(pair["match_probability"]),
                "comparisons": json.loads(str(pair["comparisons"])),
                "sentences": told,
            }
            found.setdefault(str(pair[f"{side}_record_id"]), []).append(link)
    for links in found.values():
        links.sort(key=lambda link: (-link["probability"], link["other"]))
        del links[_MOST_OTHERS:]
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    table = read_csv(path)
    rows = table.astype("object").where(table.notna(), None).to_dict("records")
    return [{str(name): _value(str(name), value) for name, value in row.items()} for row in rows]


def _value(name: str, value: Any) -> Any:
    if value is None or value == "" or value != value:  # noqa: PLR0124 (NaN)
        return None
    return int(float(value)) if name in _NUMBERS else value


def _records(folder: Path, wanted: set[str]) -> dict[str, dict[str, Any]]:
    """The records of the cases: as standardised and as received, what is unknown left out."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / "records").glob("*.parquet")):
        frame = pd.read_parquet(path)
        frame = frame[frame["record_id"].isin(wanted)].drop(columns=["line"], errors="ignore")
        plain = json.loads(frame.to_json(orient="records", date_format="iso"))
        kept = ({k: v for k, v in row.items() if v not in (None, "")} for row in plain)
        found |= {str(row["record_id"]): {"kind": path.stem, **row} for row in kept}
    return found
