"""Cases under another id, and cases that are one: their rows and their entries in the ledger, within a transaction."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from eligibility_audit.store import ledger
from eligibility_audit.store.file_tables import CaseAliasRow, CaseLinkRow


@dataclass(frozen=True)
class Alias:
    """Another id of a case: `how` it was known (`dossier_no`, `linkage`)."""

    alias: str
    case_id: str
    how: str
    match_probability: float | None = None


@dataclass(frozen=True)
class Linked:
    """Two cases that are, or may be, of one file."""

    left: str
    right: str
    how: str
    reason: str
    match_probability: float | None = None


@dataclass(frozen=True)
class Ties:
    """What a run found of its cases and those that are there."""

    aliases: Sequence[Alias] = ()
    links: Sequence[Linked] = ()


def write_ties(connection: Connection, ties: Ties, run_id: str, now: datetime) -> None:
    """Record under which other ids cases go on, and which are linked; each in the ledger, by the system."""
    for each in ties.aliases:
        row = {"alias": each.alias, "case_id": each.case_id, "how": each.how, "run_id": run_id, "known_at": now}
        connection.execute(insert(CaseAliasRow), [row | {"match_probability": each.match_probability}])
        content = {"alias": each.alias, "how": each.how, "run": run_id}
        ledger.append(connection, each.case_id, now=now, actor_id="system", act="reattach", content=content)
    for linked in ties.links:
        write_link(connection, linked, now, "system", run_id)


def write_link(connection: Connection, linked: Linked, now: datetime, by: str, run_id: str | None) -> bool:
    """Link two cases, in the ledger of both; False where they are linked already, or are one and the same."""
    left, right = sorted((linked.left, linked.right))
    if left == right:
        return False
    there = select(CaseLinkRow.link_id).where(CaseLinkRow.left_case == left, CaseLinkRow.right_case == right)
    if connection.scalar(there) is not None:
        return False
    row = {"link_id": f"i-{secrets.token_hex(8)}", "left_case": left, "right_case": right, "how": linked.how}
    more = {"match_probability": linked.match_probability, "reason": linked.reason, "run_id": run_id}
    connection.execute(insert(CaseLinkRow), [row | more | {"linked_by": by, "linked_at": now}])
    for chain, other in ((left, right), (right, left)):
        content = {"other": other, "how": linked.how, "reason": linked.reason}
        ledger.append(connection, chain, now=now, actor_id=by, act="link_case", content=content)
    return True
