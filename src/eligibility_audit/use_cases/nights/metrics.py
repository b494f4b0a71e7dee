"""The measures of a night, kept, and held against those of the last seven: a list may be whole and still be wrong."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
import pandas as pd

from eligibility_audit.use_cases.nights.home import read_json, write_json
from eligibility_audit.use_cases.nights.kept import Kept
from eligibility_audit.use_cases.nights.last_night import LastNight

FILE: Final = "metrics.jsonl"
TONIGHT: Final = "metrics.json"
NIGHTS: Final = 7
IDENTIFIERS: Final = ("national_id", "date_of_birth", "commune", "dossier_no", "sex")
EDGES: Final = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)  # of match probability
SHARE: Final = 0.02  # of records with an identifier, more or less than the median
RELATIVE: Final = 0.10  # of counts; and at least LEAST
LEAST: Final = 20
DISTANCE: Final = 0.05  # half the sum of the differences of two distributions


def measure(now: LastNight, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The measures of a run: records, completeness of identifiers, pairs, distributions of scores and clusters."""
    complete: dict[str, dict[str, float]] = {}
    records: dict[str, int] = {}
    for kind, frame in now.records(*IDENTIFIERS).items():
        records[kind] = len(frame)
        complete[kind] = {name: round(float(frame[name].notna().mean()), 4) for name in IDENTIFIERS if len(frame)}
    scores = now.known()["match_probability"].to_numpy("float64")
    clusters = pd.read_parquet(now.run_folder / "clusters.parquet", columns=["cluster_id", "records"])
    sizes = clusters.drop_duplicates("cluster_id")["records"].clip(upper=6).value_counts().sort_index()
    return {
        "records": records,
        "complete": complete,
        "pairs": int((scores >= 0.5).sum()),
        "candidates": int((scores < 0.5).sum()),
        "scores": np.histogram(scores, bins=list(EDGES))[0].tolist(),
        "clusters": {str(size): int(count) for size, count in sizes.items()},
        "rejected_lines": int(manifest.get("counts", {}).get("rejected_lines", 0)),
        "recommendations": dict(manifest.get("counts", {}).get("recommendations", {})),
    }


def compare(now: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> list[str]:
    """Sentences on measures past their limit against the median of the earlier nights; none before the third."""
    if len(earlier) < 2:
        return []
    said = []
    for kind, shares in now["complete"].items():
        for name, share in shares.items():
            usual = _median(each["complete"].get(kind, {}).get(name) for each in earlier)
            if usual is not None and abs(share - usual) > SHARE:
                said.append(
                    f"{kind}: {share:.1%} dòng có {name}, bảy đêm trước {usual:.1%}; xem cột đó có còn được đọc đúng / "
                    f"{share:.1%} of lines have {name}, {usual:.1%} in the nights before"
                )
    counts = {"pairs": now["pairs"], **{f"records.{kind}": count for kind, count in now["records"].items()}}
    for name, count in counts.items():
        usual = _median(each["pairs"] if name == "pairs" else each["records"].get(name[8:]) for each in earlier)
        if usual is not None and abs(count - usual) > max(LEAST, RELATIVE * usual):
            said.append(f"{name}: {count}, bảy đêm trước {usual:g} / {count}, {usual:g} in the nights before")
    for name in ("scores", "clusters"):
        far = _distance(_shares(now[name]), _shares(earlier[-1][name]))
        if far > DISTANCE:
            said.append(
                f"{name}: phân bố lệch {far:.1%} so với đêm trước; mô hình ghép có thể không còn hợp / "
                f"the distribution is {far:.1%} away from last night's; the linkage model may no longer fit"
            )
    return said


def earlier(folder: Path, label: str) -> list[dict[str, Any]]:
    """The measures of the nights before this one, at most seven, the latest last."""
    path = folder / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    others = [said for line in lines if (said := json.loads(line))["night"] != label]  # tonight's, killed after it
    return [said["measures"] for said in others[-NIGHTS:]]


def keep(folder: Path, night: Path, label: str, measured: Mapping[str, Any], warnings: Sequence[str]) -> None:
    """Write a night's measures beside its difference, and add them to those kept; a night is kept once."""
    write_json(night / TONIGHT, {"night": label, "measures": measured, "warnings": list(warnings)})
    path = folder / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    others = [line for line in lines if json.loads(line)["night"] != label]
    aside = path.with_name(f".{FILE}.partial")
    aside.touch(mode=0o600)
    aside.write_text("\n".join([*others, json.dumps({"night": label, "measures": measured})]) + "\n", encoding="utf-8")
    aside.replace(path)


def work(manifest: Mapping[str, Any], kept: Kept | None, now: LastNight) -> dict[str, Any]:
    """How much of the night's work was done anew: files read, files validated, cases decided, pairs compared."""
    decided = read_json(now.folder / "decided.json") or {}
    linked = read_json(now.folder / "link_report.json") or {}
    done: dict[str, Any] = {"seconds": round(sum(v for k, v in manifest.get("timings", {}).items() if " " not in k), 1)}
    for step in ("read", "validate"):
        names = [] if kept is None else [name for name in kept.used if name.startswith(f"{step}-")]
        taken = sum(name in kept.taken for name in names) if kept is not None else 0
        done[step] = {"files": len(names), "anew": len(names) - taken}
    done["cases"] = {name: sum(each[name] for each in decided.values()) for name in ("cases", "decided")}
    done["link"] = {name: linked[name] for name in ("records", "touched", "compared", "carried") if name in linked}
    return done


def _median(values: Any) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _shares(counts: Mapping[str, int] | Sequence[int]) -> dict[str, float]:
    pairs = list(counts.items()) if isinstance(counts, Mapping) else [(str(n), c) for n, c in enumerate(counts)]
    total = sum(count for _, count in pairs)
    return {name: count / total for name, count in pairs} if total else {}


def _distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(abs(one.get(name, 0.0) - other.get(name, 0.0)) for name in one.keys() | other.keys()) / 2
