"""Cases over two runs: a corrected number or name opens no second case; what is not sure is linked, never merged."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.linkage import Model, link_people, people
from eligibility_audit.standardise.names import fold
from eligibility_audit.store import ledger
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.case_links import link_cases, links_of
from eligibility_audit.store.cases import Attached, Proposed
from eligibility_audit.store.file_tables import CaseAliasRow, CaseLinkRow
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import CaseRow, LedgerRow
from eligibility_audit.use_cases.review.reattach import Reattached, reattach
from tests.store.invented import NOW, OFFICER, REASON, add_accounts, proposed

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
GIVEN = ("An", "Bình", "Cúc", "Dũng", "Hà", "Khoa", "Lan", "Minh", "Nga", "Oanh", "Phúc", "Quý", "Sơn", "Tâm", "Út")


def person(number: int) -> dict[str, Any]:
    year, month = 1930 + number % 37, 1 + number % 12
    return {
        "name": f"{SURNAMES[number % 8]} Văn {GIVEN[number % 15]}",
        "date_of_birth": f"{year}-{month:02}-{2 + number % 26:02}",
        "sex": "M",
        "national_id": f"0340{year % 100:02}{number * 7919 % 1_000_000:06}",
        "commune": f"Xã {number % 9}",
        "district": "Huyện B",
    }


@pytest.fixture(scope="module")
def model() -> Model:
    """The linkage that a run learnt from two lists of the same two hundred people, some with another commune."""
    rows = [{"record_id": f"a{n}", **person(n)} for n in range(200)]
    again = [{"record_id": f"b{n}", **person(n), **({"commune": "Xã 8"} if n % 9 == 0 else {})} for n in range(200)]
    lists = {"agent_orange": pd.DataFrame(rows), "deaths": pd.DataFrame(again)}
    return link_people(people(lists)).model


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(open_engine(f"sqlite:///{tmp_path / 's.sqlite'}"), tmp_path, clock=lambda: NOW)
    add_accounts(made.engine)
    yield made
    made.close()


def line(number: int, case_id: str | None = None, dossier: str | None = "", **changed: Any) -> Proposed:
    """The proposal of person `number`; its id follows from the dossier number, as a run's does."""
    who = {**person(number), **changed}
    own = f"HH{number:06}" if dossier == "" else dossier
    made = proposed(number, dossier_no=own, name_key=fold(str(who["name"])), **who)
    finding = {"finding_id": f"f-{number}", "rule_id": "AO_X", "outcome": "not_met", "evidence": "[]"}
    frozen = {"record": {**who, "dossier_no": own}, "findings": [finding], "recommendation": {"action": "verify"}}
    return replace(made, case_id=case_id or f"c-{own or number}", frozen=frozen)


def run(office: Office, model: Model | None, *lines: Proposed, run_id: str = "run") -> tuple[Reattached, Attached]:
    found = reattach(office, lines, model)
    return found, office.cases.attach(run_id, found.proposed, NOW, found.ties)


def ids(office: Office) -> set[str]:
    with office.cases.reading() as connection:
        return set(connection.scalars(select(CaseRow.case_id)))


def count(office: Office, table: Any) -> int:
    with office.cases.reading() as connection:
        assert ledger.faults(connection) == []
        return len(connection.execute(select(table)).all())


def test_a_corrected_dossier_number_goes_on_in_the_same_case(office: Office, model: Model) -> None:
    run(office, model, line(1), line(2))
    _, attached = run(office, model, line(1, dossier="HH777777"), line(2))
    assert attached == Attached(0, 2, 0, 0)
    assert ids(office) == {"c-HH000001", "c-HH000002"}
    with office.cases.reading() as connection:
        assert connection.scalar(select(CaseRow.dossier_no).where(CaseRow.case_id == "c-HH000001")) == "HH777777"
        alias = connection.execute(select(CaseAliasRow.__table__)).one()
        assert (alias.alias, alias.case_id, alias.how) == ("c-HH777777", "c-HH000001", "linkage")
        assert connection.scalars(select(LedgerRow.act).where(LedgerRow.chain == "c-HH000001")).all()[-1] == "reattach"
    _, third = run(office, model, line(1, dossier="HH777777"), line(2))
    assert third == Attached(0, 2, 0, 0), "and the night after it is known by its other id"
    assert count(office, CaseAliasRow) == 1


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"name": "Trần Văn Bính"}, id="a letter of the name"),
        pytest.param({"commune": "Xã 5"}, id="another commune"),
        pytest.param({"date_of_birth": "1931"}, id="the birth date to its year"),
    ],
)
def test_a_corrected_name_without_a_dossier_number(office: Office, model: Model, changed: dict[str, Any]) -> None:
    run(office, model, line(1, "c-first", None), line(3))
    _, attached = run(office, model, line(1, "c-second", None, **changed), line(3))
    assert attached.opened == 0
    assert "c-second" not in ids(office)


def test_a_dossier_number_that_was_added_is_asked_first(office: Office) -> None:
    """No model is needed: the case was opened by its record, has the number by now, and is found by it."""
    run(office, None, line(1, "c-by-record"))
    found, attached = run(office, None, line(1, "c-HH000001", name="Tên Khác Hẳn"))
    assert attached.opened == 0
    assert [(a.alias, a.how) for a in found.ties.aliases] == [("c-HH000001", "dossier_no")]


def test_without_a_learnt_model_nobody_is_guessed(office: Office) -> None:
    run(office, None, line(1))
    _, attached = run(office, None, line(1, dossier="HH777777"))
    assert attached.opened == 1


def test_two_that_fit_one_are_linked_and_not_merged(office: Office, model: Model) -> None:
    run(office, model, line(1))
    _, attached = run(office, model, line(1, dossier="HH777777"), line(1, dossier="HH888888"))
    assert attached.opened == 2
    assert len(ids(office)) == 3
    assert count(office, CaseAliasRow) == 0
    assert count(office, CaseLinkRow) == 2


def test_a_line_that_is_still_there_keeps_its_case(office: Office, model: Model) -> None:
    """The same person on two lines: the second is a duplicate to be looked at, not the first case's continuation."""
    run(office, model, line(1))
    _, attached = run(office, model, line(1), line(1, dossier="HH777777"))
    assert attached.opened == 1
    assert count(office, CaseAliasRow) == 0


def test_two_cases_that_turn_out_one_are_linked(office: Office, model: Model) -> None:
    """c-1 and c-2 are of one person under two numbers; the second line is taken out of the list."""
    run(office, model, line(1), line(1, dossier="HH000002"), line(4))
    _, attached = run(office, model, line(1), line(4))
    assert attached.withdrawn == 1
    links = links_of(office, OFFICER, "c-HH000001")
    assert [(link["other"], link["how"]) for link in links] == [("c-HH000002", "linkage")]
    assert ids(office) == {"c-HH000001", "c-HH000002", "c-HH000004"}, "none is gone, none was merged"


def test_a_settled_case_stays_settled_when_its_number_is_corrected(office: Office, model: Model) -> None:
    run(office, model, line(1), line(2))
    office.cases.take_step("c-HH000001", Step.CLEAR, OFFICER, {"reason": REASON, "evidence": "sổ"}, seq=0, now=NOW)
    _, attached = run(office, model, line(1, dossier="HH777777"), line(2))
    assert attached == Attached(0, 2, 0, 0)
    other = line(1, dossier="HH777777")
    said = [{**other.frozen["findings"][0], "evidence": '[{"vi": "Giấy khai tử mới."}]'}]
    _, again = run(office, model, replace(other, frozen={**other.frozen, "findings": said}), line(2))
    assert again.reopened == 1, "new evidence opens it"


def test_where_a_line_stands_and_when_it_is_due_opens_nothing(office: Office) -> None:
    first = line(1)
    run(office, None, first)
    office.cases.take_step("c-HH000001", Step.CLEAR, OFFICER, {"reason": REASON, "evidence": "sổ"}, seq=0, now=NOW)
    moved = {**first.frozen, "recommendation": {"action": "verify", "due_on": "2022-01-01", "source_row": 9}}
    assert run(office, None, replace(first, frozen=moved))[1].reopened == 0


def test_an_officer_links_two_cases_once_and_with_a_reason(office: Office) -> None:
    run(office, None, line(1), line(2))
    link_cases(office, OFFICER, "c-HH000002", "c-HH000001", REASON)
    for other, reason in (("c-HH000001", REASON), ("c-nothing", REASON), ("c-HH000001", "ok")):
        with pytest.raises(RefusedError):
            link_cases(office, OFFICER, "c-HH000002", other, reason)
    with office.cases.reading() as connection:
        acts = select(LedgerRow.chain).where(LedgerRow.act == "link_case").order_by(LedgerRow.chain)
        assert connection.scalars(acts).all() == ["c-HH000001", "c-HH000002"]
        assert ledger.faults(connection) == []
