"""Cases that officers looked into and found right: what a night asks before it calls a proposal new."""

from sqlalchemy import select

from eligibility_audit.domain.review.states import State
from eligibility_audit.store.file_tables import CaseAliasRow
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import CaseRow


def cleared_cases(office: Office) -> frozenset[str]:
    """The ids of the cases that stand as cleared by officers, by every id that runs gave them."""
    cleared = select(CaseRow.case_id).where(CaseRow.state == State.CLEARED.value)
    with office.cases.reading() as connection:
        own = connection.scalars(cleared).all()
        others = connection.scalars(select(CaseAliasRow.alias).where(CaseAliasRow.case_id.in_(cleared))).all()
    return frozenset([*own, *others])
