"""Reversals of a rule: acts that were resumed, changed or annulled; past a limit its open proposals are held.

The views stand in the store (migration 0002), where the triggers look at them too.
"""

from collections.abc import Collection

from sqlalchemy import Connection, column, func, select, table

from eligibility_audit.domain.review.limits import ADVERSE
from eligibility_audit.store.tables import StepRow
from eligibility_audit.store.team_tables import CaseFindingRow

_REVERSALS = table("rule_reversals", column("rule_id"), column("reversals"))
_HELD = table("held_rules", column("rule_id"), column("reversals"), column("signed"))


def reversals(connection: Connection) -> dict[str, int]:
    """How many acts of each rule were reversed."""
    rows = connection.execute(select(_REVERSALS.c.rule_id, _REVERSALS.c.reversals))
    return {str(rule): int(count) for rule, count in rows}


def signed_acts(connection: Connection, rules: Collection[str]) -> dict[str, int]:
    """How many adverse acts of these rules were signed."""
    same = (CaseFindingRow.case_id == StepRow.case_id) & (CaseFindingRow.round == StepRow.round)
    counted = (
        select(CaseFindingRow.rule_id, func.count(CaseFindingRow.case_id.distinct()))
        .join(StepRow, same)
        .where(StepRow.step == "sign", StepRow.effect.in_(sorted(ADVERSE)))
        .where(CaseFindingRow.rule_id.in_(sorted(rules)))
        .group_by(CaseFindingRow.rule_id)
    )
    return {rule: int(count) for rule, count in connection.execute(counted)}


def held(connection: Connection, rules: Collection[str] | None = None) -> dict[str, tuple[int, int]]:
    """The rules that are past their limit with no decision since: (reversals, signed acts) of each."""
    rows = connection.execute(select(_HELD.c.rule_id, _HELD.c.reversals, _HELD.c.signed))
    found = {str(rule): (int(count), int(signed)) for rule, count, signed in rows}
    return found if rules is None else {rule: found[rule] for rule in rules if rule in found}
