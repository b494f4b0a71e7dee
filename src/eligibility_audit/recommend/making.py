"""Findings in, recommendations out: at most one a record, the most severe; several findings are brought together."""

import json
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.cited import together
from eligibility_audit.domain.ids import keyed_ids
from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.domain.words import LAW_MARKS, TIERS
from eligibility_audit.recommend.acts import OWN_REPLY, Acts, on_day, severity
from eligibility_audit.recommend.pay_run import says_pay_run

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
_SAID: Final = ("action", "act", "money", "clock", "who_first", "verify_with", "question_vi", "evidence_of")


def recommend(
    findings: pd.DataFrame, records_by_kind: Mapping[str, pd.DataFrame], as_of: date, key: bytes
) -> pd.DataFrame:
    """At most one recommendation a record, the most severe that its findings lead to; columns `COLUMNS`.

    `findings`: what `rules.assess` returns. What follows from a ground is data (`law/<programme>/acts.yaml`); a stop
    needs an identity that is sure (`stop_allowed`). In the order of the findings. Raises `LawError` for a ground of
    which the data says nothing.
    """
    steps = _referred(_with_steps(findings.reset_index(drop=True)), records_by_kind, as_of)
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
    out["due_basis"] = _with_pay_run(out, as_of)
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


def _referred(steps: pd.DataFrame, records_by_kind: Mapping[str, pd.DataFrame], as_of: date) -> pd.DataFrame:
    """Where another body decides a file (the army, the police), a question to that body stands for the act."""
    acted = steps["act"].notna()
    for programme in steps.loc[acted, "programme"].unique():
        for referral in Acts.load(programme).referrals.values():
            to = on_day(referral.to, as_of)
            others = _says(records_by_kind[programme], referral.words)
            where = acted & (steps["programme"] == programme) & steps["record_id"].isin(others)
            if to is None or not where.any():
                continue
            said = {"action": "verify", "act": None, "clock": OWN_REPLY, "who_first": "office"}
            for name, value in {**said, "verify_with": to.vi, "question_vi": referral.question_vi}.items():
                steps[name] = steps[name].mask(where, value)
            steps["severity"] = steps["severity"].mask(where, severity("verify"))
    return steps


def _says(records: pd.DataFrame, words: Mapping[str, Sequence[str]]) -> set[str]:
    """Ids of the records in one of whose cells one of its words stands."""
    found: set[str] = set()
    for column in words.keys() & set(records.columns):
        codes, texts = pd.factorize(records[column], use_na_sentinel=True)
        low = [str(text).casefold() for text in texts]
        hit = np.array([*(any(word.casefold() in text for word in words[column]) for text in low), False])
        found |= set(records["record_id"][hit[codes]])
    return found


def _together(steps: pd.DataFrame) -> pd.DataFrame:
    """What a record's findings say together, by `order`."""
    size = steps.groupby("order")["order"].transform("size")
    alone = steps[size == 1].set_index("order")
    single = pd.DataFrame({name: alone[column] for name, column in _JOINED.items()})
    single["law_mark"], single["evidence_tier"] = alone["law_mark"], alone["evidence_tier"]
    more = steps.loc[size > 1, ["order", *_MERGED]]
    if more.empty:
        return single
    rows = more[list(_MERGED)].astype("object").where(more[list(_MERGED)].notna(), None).to_dict("records")
    starts = np.flatnonzero(~more["order"].duplicated().to_numpy())
    ends = [*starts[1:], len(rows)]
    merged = [_merged([_texts(row) for row in rows[a:b]]) for a, b in zip(starts, ends, strict=True)]
    several = pd.DataFrame(merged, index=pd.Index(more["order"].to_numpy()[starts], name="order"))
    return pd.concat([single, several]).sort_index()


def _texts(row: Mapping[Hashable, object]) -> dict[str, str | None]:
    return {str(name): None if value is None else str(value) for name, value in row.items()}


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
_MERGED: Final = (*_JOINED.values(), "law_mark", "evidence_tier", "action", "evidence_of")


def _merged(rows: Sequence[Mapping[str, str | None]]) -> dict[str, str | None]:
    """The findings of one record as one line: ids joined, reasons numbered, evidence one after another."""
    found = {row["rule_id"] for row in rows}
    speaks = [row for row in rows if row["evidence_of"] not in found]
    top = [row for row in speaks if row["action"] == rows[0]["action"]]
    return {
        "finding_ids": ";".join(str(row["finding_id"]) for row in rows),
        "rule_ids": ";".join(dict.fromkeys(str(row["rule_id"]) for row in rows)),
        "reason_vi": _numbered([row["reason_vi"] for row in speaks]),
        "reason_en": _numbered([row["reason_en"] for row in speaks]),
        "legal_basis": together(row["legal_basis"] for row in rows if row["legal_basis"]),
        "evidence_for": _appended([row["evidence"] for row in rows]),
        "evidence_against": _appended([row["evidence_against"] for row in rows]),
        "identity_agrees": next((row["identity_agrees"] for row in rows if row["identity_agrees"]), None),
        "identity_differs": next((row["identity_differs"] for row in rows if row["identity_differs"]), None),
        "least_change": _numbered([row["least_change"] for row in top]),
        "direction": next((row["direction"] for row in (*speaks, *rows) if row["direction"]), None),
        "law_mark": max((row["law_mark"] or "not_found" for row in rows), key=LAW_MARKS.index),
        "evidence_tier": min((row["evidence_tier"] for row in top if row["evidence_tier"]), default=None),
    }


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
    dates = clocks.assign(due_on=[d.day.isoformat() for d in due], due_basis=[d.clock.vi for d in due])
    said = first[["programme", "clock"]].merge(dates, on=["programme", "clock"], how="left").set_index(first.index)
    return said[["due_on", "due_basis"]].join(first[["verify_with", "question_vi", "who_first"]])


def _with_pay_run(out: pd.DataFrame, as_of: date) -> "pd.Series[str]":
    """The basis of the due day and, where an act would change what is paid, the pay run that it reaches."""
    acts = out[["programme", "legal_act"]].drop_duplicates().dropna()
    runs = {
        (programme, act): says_pay_run(Acts.load(programme), act, as_of)
        for programme, act in acts.itertuples(index=False, name=None)
    }
    pairs = zip(out["programme"], out["legal_act"], strict=True)
    said = pd.Series([runs.get(pair, "") for pair in pairs], index=out.index, dtype=TEXT)
    return out["due_basis"].astype(TEXT) + ("; " + said).where(said != "", "")


def _of_records(out: pd.DataFrame, records_by_kind: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What the record says of the person, and its monthly amount."""
    parts = []
    for roster in AUDITED:
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
    words: dict[tuple[str, str], tuple[str, str]] = {
        (programme, act): Acts.load(programme).cited(act, as_of)
        for programme, act in acts.itertuples(index=False, name=None)
    }
    pairs = list(zip(out["programme"], out["legal_act"], strict=True))
    said = pd.Series([words[p][0] if p in words else None for p in pairs], index=out.index, dtype=TEXT)
    marks = [words[p][1] if p in words else "confirmed" for p in pairs]
    own = out["law_mark"].fillna("not_found")
    weakest = [max(a, b, key=LAW_MARKS.index) for a, b in zip(own, marks, strict=True)]
    return said, pd.Series(weakest, index=out.index, dtype=TEXT)
