"""The monthly second look: a sample drawn from a root of the ledger, judged again blind (procedure.md, 8)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, and_, func, insert, or_, select

from eligibility_audit.domain.dates import VIETNAM
from eligibility_audit.domain.review.blind import PAPER_VI, blinded, compared
from eligibility_audit.domain.review.guards import LEAST_REASON
from eligibility_audit.domain.review.ledger import START
from eligibility_audit.domain.review.measures import Measured, interval, protected
from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.case_page import masked_within, with_ids_compared
from eligibility_audit.store.office import Office
from eligibility_audit.store.overview import band_of
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.tables import CaseRow, ConflictRow, DocumentRow, DossierRow, RootRow, StepRow
from eligibility_audit.store.team_tables import (
    CaseFindingRow,
    DrawRow,
    KeptRow,
    ProgrammeSizeRow,
    SampleRow,
    SecondLookRow,
)

STRATA: Final = ("keep", "cleared", "verified", "stopped")
STRATUM_VI: Final = {
    "keep": "không nêu / not flagged",
    "cleared": "kết thúc: hồ sơ đúng / cleared",
    "verified": "đã xác minh / verified",
    "stopped": "đã ký dừng, chấm dứt / stopped",
}
EACH: Final = 40  # of a stratum a month: none wrong of 40 says "at most 7.2 %"
VERDICT_VI: Final = {
    "dung": "hồ sơ đúng, chi trả đúng / the file is right",
    "chua_dung": "chưa đúng, có căn cứ để điều chỉnh hoặc dừng / not right, with grounds to act",
    "can_xac_minh": "cần xác minh thêm / has to be verified",
    "khong_du": "không đủ để kết luận / cannot be told from this file",
}
MAY_LOOK: Final = frozenset({Role.OFFICER, Role.CHECKER, Role.INSPECTOR})
MAY_DRAW: Final = frozenset({Role.AUTHORITY, Role.INSPECTOR, Role.ADMINISTRATOR})
CHAIN: Final = "second_looks"
_FIRST: Final = {"dung": "dung", "chua_dung": "chua_dung", "da_chet": "chua_dung"}


@dataclass(frozen=True)
class Candidate:
    """A decision of a month: what it was about and what was decided."""

    key: str
    stratum: str
    first_verdict: str
    case_id: str | None
    round: int | None
    row: Mapping[str, Any]


@dataclass(frozen=True)
class OfGroup:
    """Errors in a group of people, with the two-sided 95 % interval; None where the group is small."""

    name: str
    judged: int | None
    errors: int | None
    low: float
    high: float


def month_of(day: date) -> str:
    """The month before the one of a day, `2021-02`: the last that is over."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return f"{year}-{month:02}"


def rank(root: str, month: str, key: str) -> str:
    """What the candidates of a month are ordered by: nobody can choose it, anybody can compute it again."""
    return hashlib.sha256(f"{root}\x1f{month}\x1f{key}".encode()).hexdigest()


def draw(office: Office, actor: Actor, month: str, each: int = EACH) -> int:
    """Draw the sample of a month that is over, once; returns how many were drawn. Raises RefusedError."""
    if actor.role not in MAY_DRAW:
        raise RefusedError(["Vai trò của bạn không rút mẫu. / Your role does not draw the sample."])
    if month > month_of(office.today()):
        raise RefusedError(["Tháng ấy chưa hết. / That month is not over."])
    with office.cases.writing() as connection:
        if connection.scalar(select(DrawRow.month).where(DrawRow.month == month)):
            raise RefusedError(["Mẫu của tháng này đã rút. / The sample of this month was drawn already."])
        root = connection.scalar(select(RootRow.root).order_by(RootRow.root_no.desc()).limit(1)) or START
        found = _candidates(connection, month)
        chosen = _chosen(found, root, month, each)
        counts = {
            s: {"of": sum(c.stratum == s for c in found), "drawn": sum(c.stratum == s for c in chosen)} for s in STRATA
        }
        now = office.clock()
        drawn = {"month": month, "root": root, "counts": counts, "drawn_by": actor.user_id, "drawn_at": now}
        connection.execute(insert(DrawRow), [drawn])
        if chosen:
            connection.execute(insert(SampleRow), [_sample(connection, root, month, one) for one in chosen])
        content = {"month": month, "root": root, "looks": [rank(root, month, one.key) for one in chosen]}
        ledger.append(connection, CHAIN, now=now, actor_id=actor.user_id, act="draw", after=month, content=content)
    return len(chosen)


def _chosen(found: Sequence[Candidate], root: str, month: str, each: int) -> list[Candidate]:
    chosen = []
    for stratum in STRATA:
        mine = [one for one in found if one.stratum == stratum]
        chosen += sorted(mine, key=lambda one: rank(root, month, one.key))[:each]
    return chosen


def _candidates(connection: Connection, month: str) -> list[Candidate]:
    year, number = int(month[:4]), int(month[5:])
    begin = datetime.combine(date(year, number, 1), time(), VIETNAM).astimezone(UTC)
    after = date(year + number // 12, number % 12 + 1, 1)
    end = datetime.combine(after, time(), VIETNAM).astimezone(UTC)
    kinds = or_(
        StepRow.step.in_(["clear", "record_result"]), and_(StepRow.step == "sign", StepRow.effect.in_(["end", "pause"]))
    )
    rows = connection.execute(
        select(StepRow.case_id, StepRow.round, StepRow.seq, StepRow.step, StepRow.stated, CaseRow.__table__)
        .join(CaseRow, CaseRow.case_id == StepRow.case_id)
        .where(kinds, StepRow.at >= begin, StepRow.at < end)
        .order_by(StepRow.case_id, StepRow.seq)
    ).mappings()
    found: dict[tuple[str, str], Candidate] = {}
    for row in rows:
        stratum = {"clear": "cleared", "record_result": "verified", "sign": "stopped"}[row["step"]]
        verdict = {"cleared": "dung", "stopped": "chua_dung"}.get(stratum) or _FIRST.get(
            str(row["stated"].get("result")), "can_xac_minh"
        )
        key = f"{stratum}/{row['case_id']}/{row['round']}"
        found[stratum, row["case_id"]] = Candidate(key, stratum, verdict, row["case_id"], row["round"], dict(row))
    kept = connection.execute(select(KeptRow).where(KeptRow.month == month)).mappings()
    return [
        *found.values(),
        *(Candidate(f"keep/{k['record_id']}", "keep", "dung", None, None, _of_kept(k)) for k in kept),
    ]


def _of_kept(row: RowMapping) -> dict[str, Any]:
    record = row["frozen"]["record"]
    told = {name: record.get(name) for name in ("district", "commune", "sex", "date_of_birth")}
    return {**told, "record_id": row["record_id"], "programme": row["programme"], "missing_papers": False}


def _sample(connection: Connection, root: str, month: str, one: Candidate) -> dict[str, Any]:
    rules: Iterable[str] = ()
    if one.case_id is not None:
        mine = and_(CaseFindingRow.case_id == one.case_id, CaseFindingRow.round == one.round)
        rules = connection.scalars(select(CaseFindingRow.rule_id).where(mine).distinct())
    names = ("record_id", "programme", "district", "commune", "sex", "date_of_birth", "missing_papers")
    return {
        **{name: one.row[name] for name in names},
        "look_id": f"l-{rank(root, month, one.key)[:32]}",
        "month": month,
        "stratum": one.stratum,
        "case_id": one.case_id,
        "round": one.round,
        "rule_ids": ";".join(sorted(rules)),
        "first_verdict": one.first_verdict,
    }


def waiting(office: Office, actor: Actor) -> list[Mapping[str, Any]]:
    """The looks that this officer may take: drawn, not yet taken, in the area, with no part in the case."""
    if actor.role not in MAY_LOOK:
        return []
    with office.cases.reading() as connection:
        rows = connection.execute(_open_looks(actor).order_by(SampleRow.look_id)).mappings()
        return [dict(row) for row in rows if actor.sees(row["commune"], row["district"])]


def _open_looks(actor: Actor) -> Any:
    took = select(StepRow.seq).where(StepRow.case_id == SampleRow.case_id, StepRow.actor_id == actor.user_id)
    tied = select(ConflictRow.tie).where(ConflictRow.case_id == SampleRow.case_id, ConflictRow.user_id == actor.user_id)
    given = select(CaseRow.case_id).where(CaseRow.case_id == SampleRow.case_id, CaseRow.assigned_to == actor.user_id)
    hidden = select(CaseRow.case_id).where(CaseRow.case_id == SampleRow.case_id, ~in_scope(actor))
    done = select(SecondLookRow.look_id).where(SecondLookRow.look_id == SampleRow.look_id)
    return select(SampleRow).where(~took.exists(), ~tied.exists(), ~given.exists(), ~hidden.exists(), ~done.exists())


def blind(office: Office, actor: Actor, look_id: str) -> Mapping[str, Any] | None:
    """The dossier for a second look: record, other lines side by side, papers; None where the actor may not look.

    Left out: the recommendation, findings, probabilities and weights, the history, the verdict, the stratum, titles
    that an officer wrote, and names and numbers by which the case could be looked up: how they compare is told.
    """
    if actor.role not in MAY_LOOK:
        return None
    with office.cases.reading() as connection:
        row = connection.execute(_open_looks(actor).where(SampleRow.look_id == look_id)).mappings().first()
        if row is None or not actor.sees(row["commune"], row["district"]):
            return None
        same = and_(DossierRow.case_id == row["case_id"], DossierRow.round == row["round"])
        kept = and_(KeptRow.month == row["month"], KeptRow.record_id == row["record_id"])
        source = select(DossierRow.frozen).where(same) if row["case_id"] else select(KeptRow.frozen).where(kept)
        frozen = connection.scalars(source).one()
        papers = connection.execute(
            select(DocumentRow.kind, DocumentRow.dated_on)
            .where(DocumentRow.case_id == row["case_id"], DocumentRow.round == row["round"])
            .where(DocumentRow.kind.in_(sorted(PAPER_VI)))
        ).mappings()
        documents = [{"title": PAPER_VI[paper["kind"]], "dated_on": paper["dated_on"]} for paper in papers]
    told = with_ids_compared({"record": frozen["record"], "others": frozen.get("others", [])})
    others = sorted(told["others"], key=lambda other: (other["file"], other["sheet"], other["row"]))
    record = told["record"]
    shown = {
        "record": blinded(record),
        "others": [
            {"record": blinded(other["record"]), "ids": other["ids"], "alike": compared(record, other["record"])}
            for other in others
        ],
    }
    return {**masked_within(shown), "documents": documents, "look_id": look_id, "programme": row["programme"]}


def look(office: Office, actor: Actor, look_id: str, verdict: str, reason: str) -> None:
    """Record a second look. Raises RefusedError."""
    if verdict not in VERDICT_VI:
        raise RefusedError(["Hãy chọn nhận định. / Choose a verdict."])
    if len(reason.strip()) < LEAST_REASON:
        raise RefusedError(["Hãy ghi lý do (ít nhất 10 chữ). / Give a reason of ten letters at least."])
    with office.cases.writing() as connection:
        row = connection.execute(_open_looks(actor).where(SampleRow.look_id == look_id)).mappings().first()
        if actor.role not in MAY_LOOK or row is None or not actor.sees(row["commune"], row["district"]):
            raise RefusedError(
                ["Bạn không xem lại hồ sơ này, hoặc đã có người xem lại. / You may not, or somebody has already."]
            )
        told = {"look_id": look_id, "looked_by": actor.user_id, "looked_on": office.today(), "verdict": verdict}
        agreed = {"agrees": agrees(row["stratum"], row["first_verdict"], verdict), "reason": reason.strip()}
        connection.execute(insert(SecondLookRow), [told | agreed])
        content = {"verdict": verdict, "reason": reason.strip()}
        ledger.append(connection, CHAIN, now=office.clock(), actor_id=actor.user_id, act="look", content=content | told)


def agrees(stratum: str, first: str, second: str) -> bool | None:
    """Whether a second look confirms the first verdict; None where it could not tell.

    A stop that the second officer cannot tell the grounds of is an error: doubt is the person's.
    """
    if second == first:
        return True
    if second == "khong_du":
        return False if stratum == "stopped" else None
    return False


def measured(office: Office) -> dict[str, Measured]:
    """How often the second look disagreed, by rule; a rule that is not there was not measured."""
    return _by(office, lambda row: row["rule_ids"].split(";") if row["rule_ids"] else [])


def measured_strata(office: Office) -> dict[str, Measured]:
    """The same by stratum."""
    found = _by(office, lambda row: [row["stratum"]])
    return {stratum: found.get(stratum, Measured()) for stratum in STRATA}


def disparity(office: Office) -> dict[str, list[OfGroup]]:
    """Errors by district, sex, age band and missing papers, with intervals; groups of few are not told."""
    year = office.today().year
    of: dict[str, Any] = {
        "Huyện / District": lambda row: [row["district"] or "không rõ"],
        "Giới tính / Sex": lambda row: [{"M": "nam", "F": "nữ"}.get(row["sex"] or "", "không rõ")],
        "Tuổi / Age": lambda row: [band_of(row["date_of_birth"], year)],
        "Giấy tờ / Papers": lambda row: ["còn thiếu" if row["missing_papers"] else "không thiếu"],
    }
    return {name: _groups(_by(office, groups)) for name, groups in of.items()}


def _groups(found: Mapping[str, Measured]) -> list[OfGroup]:
    shown = protected({name: each.judged for name, each in found.items()})
    return [_group(name, each, is_few=shown[name] is None) for name, each in sorted(found.items())]


def _group(name: str, found: Measured, *, is_few: bool) -> OfGroup:
    if is_few:
        return OfGroup(name, None, None, 0.0, 1.0)
    return OfGroup(name, found.judged, found.errors, *interval(found.errors, found.judged))


def _by(office: Office, groups: Any) -> dict[str, Measured]:
    names = (SampleRow.rule_ids, SampleRow.stratum, SampleRow.district, SampleRow.sex, SampleRow.date_of_birth)
    query = (
        select(*names, SampleRow.missing_papers, SecondLookRow.agrees)
        .join(SecondLookRow, SecondLookRow.look_id == SampleRow.look_id)
        .where(SecondLookRow.agrees.is_not(None))
    )
    found: dict[str, Measured] = {}
    with office.cases.reading() as connection:
        for row in connection.execute(query).mappings():
            for name in groups(row):
                was = found.get(name, Measured())
                found[name] = Measured(was.judged + 1, was.errors + (not row["agrees"]))
    return found


def draws(office: Office) -> list[Mapping[str, Any]]:
    """The samples that were drawn: month, root, counts, how many were looked at."""
    looked = (
        select(SampleRow.month, func.count().label("looked"))
        .join(SecondLookRow, SecondLookRow.look_id == SampleRow.look_id)
        .group_by(SampleRow.month)
        .subquery()
    )
    query = (
        select(
            DrawRow.month,
            DrawRow.root,
            DrawRow.counts,
            DrawRow.drawn_at,
            func.coalesce(looked.c.looked, 0).label("looked"),
        )
        .outerjoin(looked, looked.c.month == DrawRow.month)
        .order_by(DrawRow.month.desc())
    )
    with office.cases.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def is_kept(office: Office, month: str) -> bool:
    """Whether records were frozen for a month already."""
    with office.cases.reading() as connection:
        return connection.scalar(select(KeptRow.month).where(KeptRow.month == month).limit(1)) is not None


def keep(office: Office, month: str, run_id: str, rows: Sequence[Mapping[str, Any]], sizes: Mapping[str, int]) -> None:
    """Freeze records that a run did not recommend, once a month, and note how many people each programme has."""
    now = office.clock()
    with office.cases.writing() as connection:
        known = select(ProgrammeSizeRow.run_id).where(ProgrammeSizeRow.run_id == run_id).limit(1)
        if sizes and not connection.scalar(known):
            counted = [
                {"run_id": run_id, "programme": name, "persons": count, "counted_at": now}
                for name, count in sizes.items()
            ]
            connection.execute(insert(ProgrammeSizeRow), counted)
        if rows and not connection.scalar(select(KeptRow.month).where(KeptRow.month == month).limit(1)):
            kept = [{**row, "month": month, "run_id": run_id, "frozen_at": now} for row in rows]
            connection.execute(insert(KeptRow), kept)
