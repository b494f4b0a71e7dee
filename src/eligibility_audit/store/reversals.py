"""Reversals of a rule: acts that were lifted, resumed or annulled; past a limit its open proposals are held."""

from collections.abc import Collection

from sqlalchemy import Connection, Select, and_, func, or_, select, union

from eligibility_audit.domain.review.complaints import REVERSED
from eligibility_audit.domain.review.limits import ADVERSE, LEAST_REVERSALS, reversals_allowed
from eligibility_audit.store.tables import CaseRow, ComplaintRow, StepRow
from eligibility_audit.store.team_tables import CaseFindingRow, RuleDecisionRow


def reversed_rounds() -> Select[tuple[str, int]]:
    """Case and round of each act that was reversed: lifted after its conclusion, resumed, annulled on complaint."""
    lifted = select(StepRow.case_id, StepRow.round).where(
        or_(
            and_(StepRow.step == "clear", StepRow.before == "awaiting_conclusion"),
            and_(StepRow.step == "sign", StepRow.effect == "resume"),
        )
    )
    against = and_(StepRow.case_id == ComplaintRow.case_id, StepRow.seq == ComplaintRow.against_step)
    annulled = (
        select(CaseRow.case_id, func.coalesce(StepRow.round, CaseRow.round))
        .join(ComplaintRow, ComplaintRow.case_id == CaseRow.case_id)
        .outerjoin(StepRow, against)
        .where(ComplaintRow.outcome.in_(sorted(REVERSED)))
    )
    both = union(lifted, annulled).subquery()
    return select(both.c.case_id, both.c.round)


def reversals(connection: Connection, rules: Collection[str] | None = None) -> dict[str, int]:
    """How many acts of each rule were reversed; of some rules alone where they are named."""
    gone = reversed_rounds().subquery()
    same = and_(CaseFindingRow.case_id == gone.c.case_id, CaseFindingRow.round == gone.c.round)
    counted = (
        select(CaseFindingRow.rule_id, func.count(CaseFindingRow.case_id.distinct()))
        .join(gone, same)
        .group_by(CaseFindingRow.rule_id)
    )
    if rules is not None:
        counted = counted.where(CaseFindingRow.rule_id.in_(sorted(rules)))
    return {rule: int(count) for rule, count in connection.execute(counted)}


def signed_acts(connection: Connection, rules: Collection[str]) -> dict[str, int]:
    """How many adverse acts of these rules were signed."""
    same = and_(CaseFindingRow.case_id == StepRow.case_id, CaseFindingRow.round == StepRow.round)
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
    many = {rule: count for rule, count in reversals(connection, rules).items() if count > LEAST_REVERSALS}
    if not many:
        return {}
    signed = signed_acts(connection, many)
    decided = dict(
        connection.execute(
            select(RuleDecisionRow.rule_id, func.max(RuleDecisionRow.reversals))
            .where(RuleDecisionRow.rule_id.in_(sorted(many)), RuleDecisionRow.goes_on)
            .group_by(RuleDecisionRow.rule_id)
        )
        .tuples()
        .all()
    )
    past = {rule: count for rule, count in many.items() if count > reversals_allowed(signed.get(rule, 0))}
    return {rule: (count, signed.get(rule, 0)) for rule, count in past.items() if count > decided.get(rule, -1)}
