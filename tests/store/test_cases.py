"""Cases from run to run; maker, checker and signer; what the database itself refuses (procedure.md, 2, 3, 8)."""

import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DatabaseError

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.domain.review.states import State, Step
from eligibility_audit.errors import RefusedError, StaleError
from eligibility_audit.store import ledger
from eligibility_audit.store.base import Base, open_engine
from eligibility_audit.store.cases import Attached, Cases
from eligibility_audit.store.tables import CaseRow, DocumentRow, NoticeRow, StepRow
from tests.servers import create_database
from tests.store.invented import CHECKER, COMMUNE, NOW, OFFICER, REASON, SIGNER, add_accounts, proposed

DAY = date(2021, 3, 1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest, tmp_path: Path, migrated_store: Path) -> Iterator[Engine]:
    """The store as the application sees it: on PostgreSQL through an account that owns nothing."""
    if request.param == "sqlite":
        shutil.copy(migrated_store, tmp_path / "store.sqlite")
        opened = open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
        add_accounts(opened)
        yield opened
        opened.dispose()
        return
    template = request.getfixturevalue("migrated_postgresql")
    url = create_database(template, f"t{secrets.token_hex(6)}", template="migrated")
    owner = open_engine(url)
    add_accounts(owner)
    owner.dispose()
    opened = open_engine(url.replace("audit@", "application@"))
    yield opened
    opened.dispose()


@pytest.fixture
def cases(engine: Engine) -> Cases:
    made = Cases(engine)
    made.attach("run-1", [proposed(1), proposed(2)], NOW)
    return made


def seq(cases: Cases, case_id: str = "c-1") -> int:
    with cases.reading() as connection:
        return int(connection.scalar(select(CaseRow.seq).where(CaseRow.case_id == case_id)) or 0)


def state(cases: Cases, case_id: str = "c-1") -> str:
    with cases.reading() as connection:
        return str(connection.scalar(select(CaseRow.state).where(CaseRow.case_id == case_id)))


def take(cases: Cases, step: Step, actor: Actor, effect: str | None = None, **stated: object) -> State:
    return cases.take_step("c-1", step, actor, {"reason": REASON, **stated}, seq=seq(cases), now=NOW, effect=effect)


def notice(cases: Cases, *, replied: bool = True) -> None:
    with cases.writing() as connection:
        paper = {"document_id": "d-1", "case_id": "c-1", "round": 1, "kind": "post_receipt", "title": "Biên nhận"}
        connection.execute(insert(DocumentRow), [paper | {"added_by": "u-officer", "added_at": NOW}])
        sent = {"notice_id": "n-1", "case_id": "c-1", "round": 1, "kind": "findings", "issued_by": "u-officer"}
        served = {"issued_on": DAY - timedelta(9), "served_on": DAY - timedelta(7), "means": "post_receipt"}
        reply = {"reply_due": DAY + timedelta(23), "replied_on": DAY - timedelta(1) if replied else None}
        connection.execute(insert(NoticeRow), [sent | served | reply | {"proof_document": "d-1"}])


def test_a_whole_week_from_recommendation_to_the_payment_list(cases: Cases) -> None:
    take(cases, Step.LOOK_UP, COMMUNE)
    take(cases, Step.ASK, OFFICER, addressee="người hưởng", question="giấy tờ gốc?", due_on=DAY)
    notice(cases)
    take(cases, Step.RECORD_ANSWER, COMMUNE, document="d-1")
    take(cases, Step.SUBMIT, OFFICER, effect="end", act="cham_dut")
    take(cases, Step.CHECK, CHECKER)
    take(cases, Step.SIGN, SIGNER, decision_no="12/QĐ", decision_date=DAY)
    take(cases, Step.SERVE, COMMUNE, served_on=DAY, means="signature", proof="d-1")
    assert take(cases, Step.PUT_ON_PAYMENT_LIST, OFFICER, month="2021-04") == State.ON_PAYMENT_LIST
    with cases.reading() as connection:
        assert ledger.faults(connection) == []
        assert len(ledger.chains_of(connection, ["c-1"])) == 9  # opened, eight steps


def test_runs_open_keep_reopen_and_withdraw(cases: Cases) -> None:
    assert cases.attach("run-2", [proposed(1), proposed(2)], NOW) == Attached(0, 2, 0, 0)
    assert cases.attach("run-3", [proposed(1)], NOW) == Attached(0, 1, 0, 1)
    assert state(cases, "c-2") == "closed"
    take(cases, Step.LOOK_UP, OFFICER)
    take(cases, Step.CLEAR, OFFICER, evidence="sổ gốc")
    assert cases.attach("run-4", [proposed(1)], NOW).reopened == 0, "settled stays settled"
    assert cases.attach("run-5", [proposed(1, evidence="giấy khai tử mới")], NOW).reopened == 1
    assert state(cases) == "recommended"
    assert cases.attach("run-6", [], NOW).withdrawn == 1
    assert cases.attach("run-7", [proposed(1, evidence="giấy khai tử mới")], NOW).reopened == 1, "withdrawn, and back"


def test_a_case_somebody_works_on_is_not_withdrawn(cases: Cases) -> None:
    take(cases, Step.LOOK_UP, OFFICER)
    assert cases.attach("run-2", [], NOW) == Attached(0, 0, 0, 1)  # the other one
    assert state(cases) == "office_lookup"


def test_without_a_served_notice_nothing_is_taken_away(cases: Cases) -> None:
    take(cases, Step.LOOK_UP, OFFICER)
    for effect in ("end", "less", "repay"):
        with pytest.raises(RefusedError, match="thông báo"):
            take(cases, Step.SUBMIT, OFFICER, effect=effect, act="cham_dut")
    notice(cases, replied=False)
    with pytest.raises(RefusedError, match="chờ trả lời"):
        take(cases, Step.SUBMIT, OFFICER, effect="end", act="cham_dut")


def raw(cases: Cases, **changed: object) -> None:
    """What somebody with the application's own account could write past the application."""
    row = {
        "case_id": "c-1",
        "seq": seq(cases) + 1,
        "round": 1,
        "step": "check",
        "before": "submitted",
        "after": "checked",
        "effect": "more",
        "actor_id": "u-checker",
        "actor_role": "checker",
        "actor_unit": "Thanh tra Sở",
        "at": NOW,
        "on_day": DAY,
        "reason": REASON,
        "stated": {},
    }
    with cases._engine.begin() as connection:
        connection.execute(insert(StepRow), [row | changed])


OFFICER_AS = {"actor_id": "u-officer", "actor_role": "officer", "actor_unit": "Phòng huyện B"}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(OFFICER_AS, id="the maker checks"),
        pytest.param({**OFFICER_AS, "actor_role": "checker"}, id="the maker says to be a checker"),
        pytest.param({"actor_unit": "Nơi khác"}, id="another unit than the account's"),
        pytest.param({"step": "sign", "before": "checked", "after": "signed"}, id="signing before the check"),
        pytest.param({"after": "signed"}, id="a step to elsewhere"),
        pytest.param({"seq": 9}, id="a step out of order"),
        pytest.param({"reason": "ok"}, id="no reason"),
        pytest.param({"effect": "end"}, id="another act than was submitted"),
        pytest.param({"actor_id": "nobody"}, id="nobody"),
    ],
)
def test_raw_sql_as_the_application_is_refused(cases: Cases, changed: dict[str, object]) -> None:
    take(cases, Step.LOOK_UP, OFFICER)
    take(cases, Step.SUBMIT, OFFICER, effect="more", act="dieu_chinh")
    with pytest.raises(DatabaseError):
        raw(cases, **changed)
    assert state(cases) == "submitted"
    raw(cases)  # the checker may
    assert state(cases) == "checked"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET state = 'signed' WHERE case_id = 'c-1'",
        "UPDATE cases SET seq = 7 WHERE case_id = 'c-1'",
        "DELETE FROM cases WHERE case_id = 'c-1'",
        "UPDATE steps SET reason = 'another reason' WHERE case_id = 'c-1'",
        "DELETE FROM steps",
        "UPDATE dossiers SET sha256 = 'x'",
        "DELETE FROM ledger",
        "UPDATE ledger SET actor_id = 'u-signer'",
        "DELETE FROM users",
    ],
)
def test_history_is_only_added_to(cases: Cases, statement: str) -> None:
    take(cases, Step.LOOK_UP, OFFICER)
    with pytest.raises(DatabaseError), cases._engine.begin() as connection:
        connection.execute(text(statement))
    assert state(cases) == "office_lookup"


def test_of_two_officers_at_one_moment_one_acts(cases: Cases) -> None:
    def race(number: int) -> list[str]:
        before = seq(cases)
        step = (Step.LOOK_UP, Step.ASK, Step.RECORD_ANSWER)[0 if number == 0 else 1 + (number + 1) % 2]
        stated = {"reason": REASON, "addressee": "x", "question": "y", "due_on": DAY, "document": "d"}

        def act(_: int) -> str:
            try:
                cases.take_step("c-1", step, OFFICER, stated, seq=before, now=NOW)
            except StaleError:
                return "stale"
            return "acted"

        return sorted(pool.map(act, range(2)))

    with ThreadPoolExecutor(2) as pool:
        outcomes = [race(number) for number in range(40)]
    assert outcomes == [["acted", "stale"]] * 40
    assert seq(cases) == 40
    with cases.reading() as connection:
        assert ledger.faults(connection) == []


def test_the_tables_of_the_code_are_those_of_the_store(engine: Engine) -> None:
    with engine.connect() as connection:
        changed = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert changed == []
