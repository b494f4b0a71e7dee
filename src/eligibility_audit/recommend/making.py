"""Findings in, recommendations out: at most one a record, the most severe; several findings are brought together."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.ids import keyed_ids
from eligibility_audit.domain.kinds import ROSTERS
from eligibility_audit.domain.words import LAW_MARK_VI, LAW_MARKS, TIERS
from eligibility_audit.recommend.acts import Acts, severity

TEXT: Final = "string[pyarrow]"
COLUMNS: Final = {
    "recommendation_id": TEXT,
    "case_id": TEXT,
    "record_id": TEXT,
    "action": TEXT,
    "legal_act": TEXT,
    "act_basis": TEXT,
    "evidence_tier": TEXT,
    "law_mark": TEXT,
    "programme": TEXT,
    "source_file": TEXT,
    "source_sheet": TEXT,
    "source_row": "Int64",
    "dossier_no": TEXT,
    "name": TEXT,
    "date_of_birth": TEXT,
    "national_id": TEXT,
    "commune": TEXT,
    "district": TEXT,
    "finding_ids": TEXT,
    "rule_ids": TEXT,
    "reason_vi": TEXT,
    "reason_en": TEXT,
    "legal_basis": TEXT,
    "evidence_for": TEXT,
    "evidence_against": TEXT,
    "identity_agrees": TEXT,
    "identity_differs": TEXT,
    "verify_with": TEXT,
    "question_vi": TEXT,
    "who_first": TEXT,
    "due_on": TEXT,
    "due_basis": TEXT,
    "direction": TEXT,
    "monthly_amount": "Int64",
    "amount_to_clarify": "Int64",
    "months": "Int64",
    "least_change": TEXT,
}
_OF_RECORD: Final = ("dossier_no", "name", "date_of_birth", "national_id", "commune", "district", "monthly_amount")
_SAID: Final = ("action", "act", "money", "clock", "who_first", "verify_with", "question_vi")


def recommend(
    findings: pd.DataFrame, records_by_kind: Mapping[str, pd.DataFrame], as_of: date, key: bytes
) -> pd.DataFrame:
    """At most one recommendation a record, the most severe that its findings lead to; columns `COLUMNS`.

    `findings`: what `rules.assess` returns. What follows from a ground is data (`law/<programme>/acts.yaml`); a stop
    needs an identity that is sure (`stop_allowed`). In the order of the findings. Raises `LawError` for a ground of
    which the data says nothing.
    """
    steps = _with_steps(findings.reset_index(drop=True))
    steps = steps[steps["severity"] > 0]
    if steps.empty:
        return _typed(pd.DataFrame(columns=list(COLUMNS)))
    order = pd.factorize(steps["record_id"])[0]
    steps = steps.assign(order=order, tier=steps["evidence_tier"].map({t: n for n, t in enumerate(TIERS)}).fillna(9))
    steps = steps.sort_values(
        ["order", "severity", "tier", "rule_id", "finding_id"], ascending=[True, False, True, True, True], kind="stable"
    ).reset_index(drop=True)
    first = steps.drop_duplicates("order").set_index("order")
    out = first[["case_id", "record_id", "action", "programme", "source_file", "source_sheet", "source_row"]].copy()
    out = out.join(_together(steps)).join(_money(steps)).join(_asked(first, as_of))
    out["legal_act"] = first["act"]
    out = _of_records(out, records_by_kind)
    out["monthly_amount"] = out["monthly_amount"].where(out.pop("money"))
    out["act_basis"], out["law_mark"] = _act_basis(out, as_of)
    out["direction"] = out["direction"].where(out["action"] == "adjust")
    out["recommendation_id"] = keyed_ids("a", out["record_id"], key)
    return _typed(out.reset_index(drop=True))


def _typed(out: pd.DataFrame) -> pd.DataFrame:
    return out.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _with_steps(findings: pd.DataFrame) -> pd.DataFrame:
    """What follows from each finding, looked up once for each programme, ground, rule and surety."""
    sure = findings["stop_allowed"].fillna(False).astype("bool")
    keys = pd.DataFrame(
        {name: findings[name].astype(TEXT).fillna("") for name in ("programme", "ground", "rule_id")} | {"sure": sure}
    )
    distinct = keys.drop_duplicates()
    said = [
        Acts.load(programme).step(ground, rule_id, stop_allowed=bool(ok))
        for programme, ground, rule_id, ok in distinct.itertuples(index=False, name=None)
    ]
    table = distinct.assign(**{name: [getattr(step, name) for step in said] for name in _SAID})
    table["severity"] = [severity(step.action) for step in said]
    found = keys.merge(table, on=list(keys.columns), how="left")
    return findings.assign(**{name: found[name].to_numpy() for name in (*_SAID, "severity")})


def _together(steps: pd.DataFrame) -> pd.DataFrame:
    """What a record's findings say together, by `order`."""
    size = steps.groupby("order")["order"].transform("size")
    alone = steps[size == 1].set_index("order")
    single = pd.DataFrame({name: alone[column] for name, column in _JOINED.items()})
    single["law_mark"], single["evidence_tier"] = alone["law_mark"], alone["evidence_tier"]
    several = [{"order": order, **_merged(group)} for order, group in steps[size > 1].groupby("order", sort=False)]
    if not several:
        return single
    return pd.concat([single, pd.DataFrame(several).set_index("order")]).sort_index()


_JOINED: Final = {
    "finding_ids": "finding_id",
    "rule_ids": "rule_id",
    "reason_vi": "reason_vi",
    "reason_en": "reason_en",
    "legal_basis": "legal_basis",
    "evidence_for": "evidence",
    "evidence_against": "evidence_against",
    "identity_agrees": "identity_agrees",
    "identity_differs": "identity_differs",
    "least_change": "least_change",
    "direction": "direction",
}


def _merged(group: pd.DataFrame) -> dict[str, Any]:
    """The findings of one record as one line: ids joined, reasons numbered, evidence one after another."""
    columns = {name: [None if pd.isna(v) else v for v in group[name]] for name in _MERGED}
    top = [action == columns["action"][0] for action in columns["action"]]
    tiers = [tier for tier, is_top in zip(columns["evidence_tier"], top, strict=True) if is_top and tier]
    changes = [change for change, is_top in zip(columns["least_change"], top, strict=True) if is_top]
    return {
        "finding_ids": ";".join(map(str, columns["finding_id"])),
        "rule_ids": ";".join(dict.fromkeys(map(str, columns["rule_id"]))),
        "reason_vi": _numbered(columns["reason_vi"]),
        "reason_en": _numbered(columns["reason_en"]),
        "legal_basis": "; ".join(dict.fromkeys(b for b in columns["legal_basis"] if b)),
        "evidence_for": _appended(columns["evidence"]),
        "evidence_against": _appended(columns["evidence_against"]),
        "identity_agrees": next((a for a in columns["identity_agrees"] if a), None),
        "identity_differs": next((d for d in columns["identity_differs"] if d), None),
        "least_change": _numbered(changes),
        "direction": next((d for d in columns["direction"] if d), None),
        "law_mark": max((m for m in columns["law_mark"] if m), key=LAW_MARKS.index, default="not_found"),
        "evidence_tier": min(tiers, default=None),
    }


_MERGED: Final = (*dict.fromkeys(_JOINED.values()), "law_mark", "evidence_tier", "action")


def _numbered(sentences: Sequence[str | None]) -> str | None:
    said = list(dict.fromkeys(s for s in sentences if s))
    if len(said) < 2:
        return said[0] if said else None
    return " ".join(f"({n}) {sentence}" for n, sentence in enumerate(said, 1))


def _appended(lists: Sequence[str | None]) -> str:
    every = [item for text in lists if text for item in json.loads(text)]
    distinct = {json.dumps(item, ensure_ascii=False, sort_keys=True): item for item in every}
    return json.dumps(list(distinct.values()), ensure_ascii=False)


def _money(steps: pd.DataFrame) -> pd.DataFrame:
    """The largest sum to be made clear of a record, with its months, by `order`; whether the line shows money.

    Sums are never added up: two findings may speak of the same months.
    """
    shown = steps["money"].astype("bool")
    with_sum = steps[shown & steps["amount_at_stake"].notna()]
    largest = with_sum.sort_values(["order", "amount_at_stake"], ascending=[True, False], kind="stable")
    largest = largest.drop_duplicates("order").set_index("order")
    return pd.DataFrame(
        {
            "money": shown.groupby(steps["order"]).max(),
            "amount_to_clarify": largest["amount_at_stake"],
            "months": largest["months"],
        }
    )


def _asked(first: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Whom to ask what by when, from each record's first finding."""
    clocks = first[["programme", "clock"]].drop_duplicates()
    due = [Acts.load(programme).due(clock, as_of) for programme, clock in clocks.itertuples(index=False, name=None)]
    dates = clocks.assign(due_on=[day.isoformat() for day, _ in due], due_basis=[words for _, words in due])
    said = first[["programme", "clock"]].merge(dates, on=["programme", "clock"], how="left").set_index(first.index)
    return said[["due_on", "due_basis"]].join(first[["verify_with", "question_vi", "who_first"]])


def _of_records(out: pd.DataFrame, records_by_kind: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What the record says of the person, and its monthly amount."""
    parts = []
    for roster in ROSTERS:
        wanted = out.loc[out["programme"] == roster, "record_id"]
        if wanted.empty:
            continue
        records = records_by_kind[roster]
        at = pd.Index(records["record_id"]).get_indexer(pd.Index(wanted))
        columns = {
            name: records[name].take(at).to_numpy() if name in records else np.full(len(at), None)
            for name in _OF_RECORD
        }
        parts.append(pd.DataFrame(columns, index=wanted.index))
    said = pd.concat(parts).reindex(out.index)
    return out.join(said.astype({name: COLUMNS[name] for name in _OF_RECORD}))


def _act_basis(out: pd.DataFrame, as_of: date) -> tuple["pd.Series[str]", "pd.Series[str]"]:
    """The provision that gives the power to act, marked; and the weakest mark of it and of the findings."""
    acts = out[["programme", "legal_act"]].drop_duplicates().dropna()
    words: dict[tuple[str, str], tuple[str, str]] = {}
    for programme, act in acts.itertuples(index=False, name=None):
        basis = Acts.load(programme).basis(act, as_of)
        mark = basis.mark if basis else "not_found"
        suffix = "" if mark == "confirmed" else f" ({LAW_MARK_VI[mark]})"
        words[programme, act] = (basis.vi + suffix if basis else LAW_MARK_VI["not_found"], mark)
    pairs = list(zip(out["programme"], out["legal_act"], strict=True))
    said = pd.Series([words[p][0] if p in words else None for p in pairs], index=out.index, dtype=TEXT)
    marks = [words[p][1] if p in words else "confirmed" for p in pairs]
    own = out["law_mark"].fillna("not_found")
    weakest = [max(a, b, key=LAW_MARKS.index) for a, b in zip(own, marks, strict=True)]
    return said, pd.Series(weakest, index=out.index, dtype=TEXT)
