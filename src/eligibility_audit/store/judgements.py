"""What officers judged of pairs of lines: written, read for a case page, and given to a run (linkage/judgements.py).

A judgement rests on the facts of the dossier that was looked at. Where a later dossier shows other facts of either
line, or its last day is over, it binds no longer and the pair is open again.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, insert, or_, select

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.errors import RefusedError
from eligibility_audit.linkage.judgements import facts_of_pair, fingerprint, resolve
from eligibility_audit.linkage.people import FACTS
from eligibility_audit.store import ledger
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.tables import CaseRow, ConflictRow, DossierRow, JudgementRow, UserRow

VERDICTS: Final = ("match", "no_match", "unsure")
COLUMNS: Final = (
    *("left", "right", "judgement", "by", "on", "evidence", "valid_until", "facts", "left_facts", "right_facts"),
)


@dataclass(frozen=True)
class PairJudged:
    """The newest judgement of a pair. `stands`: `binds`, `unsure`, `expired`, `reopened` (the facts have changed)."""

    judgement: str
    stands: str
    by: str
    on: date
    evidence: str
    reason: str
    expires_on: date | None


@dataclass(frozen=True)
class CaseJudged:
    """By the other line's record id the newest judgement; what contradicts what, in words."""

    pairs: Mapping[str, PairJudged] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()


def facts_of(record: Mapping[str, Any]) -> list[str | None]:
    """What of a record a judgement rests on, in the order in which linkage hashes it."""
    return [None if record.get(name) in (None, "") else str(record[name]) for name in FACTS]


def own_id(case: Mapping[str, Any], frozen: Mapping[str, Any]) -> str:
    """The record id of the case's own line, as its frozen dossier has it."""
    return str(frozen["record"].get("record_id") or frozen["recommendation"].get("record_id") or case["record_id"])


def write_judgements(
    office: Office,
    actor: Actor,
    case_id: str,
    others: Sequence[str],
    judgement: str,
    *,
    evidence: str,
    reason: str,
    expires_on: date | None,
    act: str = "judge_pair",
) -> None:
    """Write a judgement of the case's line with each of the others. Raises RefusedError for a case out of scope, a tie
    that bars the actor, or a line that the dossier does not show."""
    now, today = office.clock(), office.today()
    with office.cases.writing() as connection:
        case = connection.execute(select(CaseRow).where(CaseRow.case_id == case_id, in_scope(actor))).mappings().first()
        if case is None:
            raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])
        _not_barred(connection, actor, case_id)
        frozen = _frozen(connection, case_id, case["round"])
        own, shown = own_id(dict(case), frozen), {str(o["other"]): o["record"] for o in frozen.get("others", ())}
        rows = []
        for other in others:
            if other not in shown:
                raise RefusedError(
                    ["Dòng này không có trong hồ sơ đang xem. / This line is not among those of the dossier."]
                )
            left, right = sorted((own, other))
            said = {"judgement": judgement, "evidence": evidence, "reason": reason, "expires_on": expires_on}
            facts = {"facts_hash": _facts(frozen["record"], shown[other]), "case_id": case_id, "round": case["round"]}
            who = {"judged_by": actor.user_id, "judged_on": today}
            pair = {"judgement_id": f"j-{secrets.token_hex(8)}", "left_record_id": left, "right_record_id": right}
            rows.append({**pair, **said, **facts, **who})
        connection.execute(insert(JudgementRow), rows)
        for row in rows:
            content = {k: str(row[k]) for k in ("judgement_id", "judgement", "evidence", "reason", "expires_on")}
            after = str(row["judgement"])
            ledger.append(connection, case_id, now=now, actor_id=actor.user_id, act=act, after=after, content=content)


def judged_of_case(office: Office, case_id: str) -> CaseJudged:
    """What was judged of the pairs of a case that the actor may see, by whichever case it was judged on."""
    with office.cases.reading() as connection:
        case = connection.execute(select(CaseRow).where(CaseRow.case_id == case_id)).mappings().one()
        frozen = _frozen(connection, case_id, case["round"])
        own = own_id(dict(case), frozen)
        rows = _rows(connection, or_(JudgementRow.left_record_id == own, JudgementRow.right_record_id == own))
        if not rows:
            return CaseJudged()
        names = dict(connection.execute(select(UserRow.user_id, UserRow.name)).tuples().all())
        everything = _rows(connection) if any(row["judgement"] != "unsure" for row in rows) else []
    shown = {str(other["other"]): _facts(frozen["record"], other["record"]) for other in frozen.get("others", ())}
    found: dict[str, PairJudged] = {}
    for row in rows:  # the oldest first: the newest of a pair stays
        other = row["right_record_id"] if row["left_record_id"] == own else row["left_record_id"]
        found[other] = PairJudged(
            row["judgement"],
            _stands(row, shown.get(other), office.today()),
            names.get(row["judged_by"], ""),
            row["judged_on"],
            row["evidence"],
            row["reason"],
            row["expires_on"],
        )
    return CaseJudged(found, tuple(_conflicts(everything, {own, *found}, office.today())))


def judgements_for_run(office: Office, key: bytes = b"") -> pd.DataFrame:
    """The judgements in force today as an audit takes them (`run_audit.opened(..., judgements=)`): the newest of each
    pair, text columns `COLUMNS`. `key`: of the run's ids; the facts are hashed with it as linkage does.

    `by` is the account's id and `evidence` that of the judgement: no name goes into a run.
    """
    with office.cases.reading() as connection:
        newest = {(row["left_record_id"], row["right_record_id"]): row for row in _rows(connection)}
        wanted = [row for row in newest.values() if _in_force(row, office.today())]
        dossiers = _dossiers(connection, {(row["case_id"], row["round"]) for row in wanted})
    lines = [_for_run(row, dossiers[row["case_id"], row["round"]], key) for row in wanted]
    table = pd.DataFrame(lines, columns=list(COLUMNS)).astype("string[pyarrow]")
    return table.sort_values(["left", "right"], kind="stable").reset_index(drop=True)


def _for_run(row: Mapping[str, Any], frozen: Mapping[str, Any], key: bytes) -> dict[str, str | None]:
    records = {str(other["other"]): other["record"] for other in frozen.get("others", ())}
    prints = {}
    for side in ("left", "right"):
        record = records.get(row[f"{side}_record_id"], frozen["record"])
        prints[side] = fingerprint(facts_of(record), key)
    return {
        "left": row["left_record_id"],
        "right": row["right_record_id"],
        "judgement": row["judgement"],
        "by": row["judged_by"],
        "on": row["judged_on"].isoformat(),
        "evidence": row["judgement_id"],
        "valid_until": row["expires_on"].isoformat() if row["expires_on"] else None,
        "facts": facts_of_pair(prints["left"], prints["right"]),
        "left_facts": prints["left"],
        "right_facts": prints["right"],
    }


def _facts(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    return facts_of_pair(fingerprint(facts_of(one)), fingerprint(facts_of(other)))


def _stands(row: Mapping[str, Any], facts: str | None, today: date) -> str:
    if not _in_force(row, today):
        return "expired"
    if facts is not None and facts != row["facts_hash"]:
        return "reopened"
    return "unsure" if row["judgement"] == "unsure" else "binds"


def _in_force(row: Mapping[str, Any], today: date) -> bool:
    return row["expires_on"] is None or row["expires_on"] >= today


def _rows(connection: Connection, where: Any = None) -> list[Mapping[str, Any]]:
    """Judgements in the order in which they were made."""
    query = select(JudgementRow)
    if where is not None:
        query = query.where(where)
    return [dict(row) for row in connection.execute(query.order_by(JudgementRow.judged_no)).mappings()]


def _frozen(connection: Connection, case_id: str, round_: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = connection.execute(
        select(DossierRow.frozen).where(DossierRow.case_id == case_id, DossierRow.round == round_)
    ).scalar_one()
    return found


def _dossiers(connection: Connection, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    return {(case_id, round_): _frozen(connection, case_id, round_) for case_id, round_ in sorted(wanted)}


def _not_barred(connection: Connection, actor: Actor, case_id: str) -> None:
    tie = connection.scalar(
        select(ConflictRow.tie).where(ConflictRow.case_id == case_id, ConflictRow.user_id == actor.user_id).limit(1)
    )
    if tie is not None:
        raise RefusedError(["Bạn có liên quan đến hồ sơ này nên không được kết luận. / A tie to this case bars you."])


def _conflicts(rows: Sequence[Mapping[str, Any]], mine: set[str], today: date) -> Iterable[str]:
    """The contradictions among the judgements that touch these lines, each in a sentence."""
    near = _connected(rows, mine)
    rows = [row for row in rows if row["left_record_id"] in near and _in_force(row, today)]
    if len(rows) < 2:
        return
    ids = {record: k for k, record in enumerate(sorted(near))}
    table = pd.DataFrame(
        [
            {
                "left": row["left_record_id"],
                "right": row["right_record_id"],
                "judgement": row["judgement"],
                "by": row["judged_by"],
                "on": row["judged_on"].isoformat(),
                "evidence": None,
                "valid_until": None,
                "facts": None,
            }
            for row in {(row["left_record_id"], row["right_record_id"]): row for row in rows}.values()
        ]
    ).astype("string[pyarrow]")
    none = pd.Series([None] * len(table), dtype="string[pyarrow]")
    judged = resolve(table, (table["left"].map(ids), table["right"].map(ids)), len(ids), none)
    for conflict in judged.conflicts.fillna("").to_dict("records"):
        said = {"match": "cùng một người", "no_match": "không phải một người"}[str(conflict["judgement"])]
        through = f" qua chuỗi {conflict['chain']}" if conflict["chain"] else ""
        against = f", trái với {conflict['with']}" if conflict["with"] else ", trái với các kết luận trước"
        yield (
            f"Kết luận ngày {conflict['on']} ({conflict['left']}, {conflict['right']}: {said}) mâu thuẫn{through}"
            f"{against}; cần xem lại. / Judgements contradict each other: look at them again."
        )


def _connected(rows: Sequence[Mapping[str, Any]], start: set[str]) -> set[str]:
    beside: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        beside[row["left_record_id"]].add(row["right_record_id"])
        beside[row["right_record_id"]].add(row["left_record_id"])
    found, open_ = set(start), list(start)
    while open_:
        new = beside[open_.pop()] - found
        found |= new
        open_ += sorted(new)
    return found
