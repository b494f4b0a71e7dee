"""What the blind second looks found of each rule, for every page on which a proposal of that rule stands."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Integer, cast, func, not_, select

from eligibility_audit.domain.review.measures import Measured
from eligibility_audit.store.office import Office
from eligibility_audit.store.team_tables import SampleRow, SecondLookRow


def of_rules(office: Office, rules: Iterable[str] | None = None) -> Mapping[str, Measured]:
    """How often a second look disagreed, by rule: of these rules, `Measured()` where nothing was measured (*chưa đo*);
    without `rules`, of all that were measured."""
    disagreed = func.sum(cast(not_(SecondLookRow.agrees), Integer))
    query = (
        select(SampleRow.rule_ids, func.count(), disagreed)
        .join(SecondLookRow, SecondLookRow.look_id == SampleRow.look_id)
        .where(SecondLookRow.agrees.is_not(None))
        .group_by(SampleRow.rule_ids)
    )
    found: dict[str, Measured] = {}
    with office.cases.reading() as connection:
        for rule_ids, judged, errors in connection.execute(query):
            for rule in filter(None, str(rule_ids).split(";")):
                was = found.get(rule, Measured())
                found[rule] = Measured(was.judged + judged, was.errors + int(errors))
    wanted = sorted(found) if rules is None else sorted(set(rules))
    return {rule: found.get(rule, Measured()) for rule in wanted}
