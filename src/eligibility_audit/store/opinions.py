"""Opinions brought back from a list: kept beside the case as drafts of who brought them. No step is taken by them."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert, or_, select

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.file_tables import CaseAliasRow, OpinionDraftRow
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.tables import CaseRow, UserRow

WRITES: Final = frozenset({Role.COMMUNE_OFFICER, Role.OFFICER})
_AT_ONCE: Final = 400


@dataclass(frozen=True)
class Opinion:
    """What stands on a line: whose case (by the run's id), the words, where, and the line's digest."""

    case_id: str
    text: str
    source: str
    line_sha256: str


def cases_seen(office: Office, actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Of the case ids of a run those that the actor sees, with the id that the store knows them by."""
    wanted = sorted(set(ids))
    found: dict[str, str] = {}
    aliased = select(CaseRow.case_id, CaseAliasRow.alias).outerjoin(
        CaseAliasRow, CaseAliasRow.case_id == CaseRow.case_id
    )
    with office.cases.reading() as connection:
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            named = or_(CaseRow.case_id.in_(part), CaseAliasRow.alias.in_(part))
            for case_id, alias in connection.execute(aliased.where(named, in_scope(actor))):
                found |= {each: case_id for each in (case_id, alias) if each in part}
    return found


def add_opinions(office: Office, actor: Actor, opinions: Sequence[Opinion], file_sha256: str) -> int:
    """Enter opinions as drafts of the actor, each once however often its file comes; returns how many are new.

    Raises RefusedError for a role that gives none, or a case that the actor does not see.
    """
    if actor.role not in WRITES:
        raise RefusedError(["Vai trò của bạn không ghi ý kiến rà soát. / Your role gives no opinions."])
    known = cases_seen(office, actor, [one.case_id for one in opinions])
    if any(one.case_id not in known for one in opinions):
        raise RefusedError(["Có hồ sơ không thuộc địa bàn của bạn. / A case is not of your area."])
    now, added = office.clock(), 0
    with office.cases.writing() as connection:
        for one in opinions:
            case_id = known[one.case_id]
            round_ = int(connection.scalar(select(CaseRow.round).where(CaseRow.case_id == case_id)) or 0)
            said = "\x1f".join((case_id, str(round_), one.text, actor.user_id))
            row_sha256 = hashlib.sha256(said.encode()).hexdigest()
            same = select(OpinionDraftRow.draft_id).where(OpinionDraftRow.row_sha256 == row_sha256)
            if connection.scalar(same):
                continue
            row = {"draft_id": f"o-{secrets.token_hex(8)}", "case_id": case_id, "round": round_, "text": one.text}
            row |= {"source": one.source, "line_sha256": one.line_sha256, "file_sha256": file_sha256}
            row |= {"row_sha256": row_sha256, "entered_by": actor.user_id, "entered_at": now}
            connection.execute(insert(OpinionDraftRow), [row])
            content = {"draft": row["draft_id"], "line": one.line_sha256, "file": file_sha256}
            ledger.append(connection, case_id, now=now, actor_id=actor.user_id, act="draft_opinion", content=content)
            added += 1
    return added


def opinions_of(office: Office, case_id: str) -> list[Mapping[str, Any]]:
    """The drafts of a case with the names of their writers, newest first."""
    query = (
        select(OpinionDraftRow.__table__, UserRow.name.label("writer"))
        .join(UserRow, UserRow.user_id == OpinionDraftRow.entered_by)
        .where(OpinionDraftRow.case_id == case_id)
        .order_by(OpinionDraftRow.entered_at.desc(), OpinionDraftRow.draft_id)
    )
    with office.cases.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
