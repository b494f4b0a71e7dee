"""Retention: by kind, dated and cited; forgetting blanks every word of a person, and the ledger still verifies."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import LawError, RefusedError
from eligibility_audit.law.files import Law, law_folder, using
from eligibility_audit.store import ledger, second_look
from eligibility_audit.store.base import Base
from eligibility_audit.store.forgetting import months_before
from eligibility_audit.store.tables import CaseKeyRow, CaseRow
from eligibility_audit.use_cases.review.bulk import preview
from eligibility_audit.use_cases.review.letters import letter_of_case
from eligibility_audit.use_cases.review.retention import apply, due, forget, table, told
from eligibility_audit.use_cases.review.take_step import take_step
from tests.review.test_attachments import PDF, attach
from tests.web.conftest import Served, dossier

BOSS = Actor("u-boss", "Quản Trị", Role.ADMINISTRATOR, "Sở")
REASON = "canary-reason: đã tra sổ gốc từng giấy tờ"
SHORT = {
    "vi": "hồ sơ trợ giúp xã hội",
    "en": "social assistance",
    "what": "case",
    "programmes": ["social_assistance"],
    "values": [
        {"valid_from": date(1990, 1, 1), "keep": "months", "months": 12, "start": "ngày kết thúc rà soát"}
        | {"citation": "văn bản thử", "mark": "confirmed", "source": "thử", "last_checked": date(2026, 11, 22)}
    ],
}


@pytest.fixture
def a_year(tmp_path: Path) -> Iterator[None]:
    """An office's own law: social files are kept for twelve months."""
    folder = tmp_path / "law"
    (folder / "common").mkdir(parents=True)
    pack = {"vi": "thử", "en": "test", "version": "1", "known_from": date(2020, 1, 1)}
    (folder / "pack.yaml").write_text(yaml.safe_dump(pack, allow_unicode=True), encoding="utf-8")
    own = yaml.safe_dump({"social_files": SHORT}, allow_unicode=True)
    (folder / "common" / "retention.yaml").write_text(own, encoding="utf-8")
    with using(Law((law_folder(folder),))):
        yield


@pytest.fixture
def over(served: Served) -> Served:
    """c-20 of social assistance: a scan, a letter, cleared with a reason; c-21 is still open; c-1 is of merit."""
    office, officer = served.office, served.actors["canbo"]
    lines = [dossier(n, programme="social_assistance", name=f"canary-name {n}") for n in (20, 21)]
    office.cases.attach("run-2", [dossier(1), *lines], office.clock())
    client = served.client("canbo")
    attach(client, PDF, case_id="c-20")
    letter_of_case(office, officer, "c-20", "notice", {"contact": "phòng 1"})
    preview(office, officer, "clear", ["c-20"], {}, {"c-20": "canary-batch"})
    for case_id in ("c-20", "c-1"):
        take_step(office, officer, case_id, Step.CLEAR, {"reason": REASON, "evidence": "canary-evidence"}, seq=0)
    return served


def everything(served: Served) -> str:
    with served.office.engine.connect() as connection:
        tables = (t for t in Base.metadata.sorted_tables if t.name not in ("users", "sessions"))
        return "\n".join(str(row) for t in tables for row in connection.execute(select(t)))


def test_the_table_is_dated_and_cited_and_merit_is_permanent() -> None:
    kinds = table()
    merit = kinds["merit_files"].on(date(2026, 11, 22))
    assert (merit.keep, merit.citation, merit.mark) == (
        "permanent",
        "khoản 6 Điều 128 Nghị định 131/2021/NĐ-CP",
        "confirmed",
    )
    assert kinds["merit_files"].on(date(2022, 2, 14)).mark == "not_found"
    assert kinds["social_files"].on(date(2026, 1, 1)).keep == "unknown", "no provision was found: it is kept"
    assert all(kinds[name].on(date(2026, 1, 1)).keep == "months" for name in ("kept_records", "sessions"))
    with pytest.raises(LawError):
        kinds["merit_files"].on(date(1980, 1, 1))
    assert any("vĩnh viễn" in line for line in told(date(2026, 1, 1)))


@pytest.mark.parametrize("case_id", ["c-1", "c-20"])
def test_what_is_permanent_or_not_known_is_never_forgotten(over: Served, case_id: str) -> None:
    over.clock.pass_days(40_000)
    assert [each for each in due(over.office) if each.what == "case"] == []
    with pytest.raises(RefusedError, match="không xóa"):
        forget(over.office, case_id, REASON, BOSS)


def test_who_sees_one_district_forgets_nothing_of_the_province(over: Served) -> None:
    with pytest.raises(RefusedError, match="toàn tỉnh"):
        apply(over.office, replace(BOSS, districts=frozenset({"Huyện Một"})))


@pytest.mark.usefixtures("a_year")
def test_a_year_after_its_end_every_word_is_gone_and_the_ledger_holds(over: Served) -> None:
    office = over.office
    assert all(canary in everything(over) for canary in ("canary-name 20", "canary-batch"))
    over.clock.pass_days(365)
    assert [d for d in due(office) if d.what == "case"] == [], "the day itself still counts"
    over.clock.pass_days(1)
    assert [(d.kind, d.which) for d in due(office) if d.what == "case"] == [("social_files", "c-20")]
    assert apply(office, BOSS)["social_files"] == 1
    left = everything(over)
    for canary in ("canary-name 20", "canary-batch", "Quyết định cũ"):
        assert canary not in left
    with office.cases.reading() as connection:
        keys = select(CaseRow.name_key, CaseRow.name_tail).where(CaseRow.case_id == "c-20")
        assert connection.execute(keys).one() == ("", ""), "nor by the keys of the search"
    assert left.count("canary-evidence") == 1, "of the case of merit alone"
    assert "canary-name 21" in left, "another's case is untouched"
    files = [path for path in office.attachments.rglob("*") if path.is_file() and len(path.name) == 64]
    assert files == [], "scan and letter"
    with office.cases.reading() as connection:
        assert "c-20" not in set(connection.scalars(select(CaseKeyRow.chain)))
        assert ledger.faults(connection) == []
    assert due(office) == [] or all(d.what != "case" for d in due(office)), "once"
    page = over.client("kyten").get("/cases/c-20")
    assert (page.status_code, "đã được xóa" in page.text) == (422, True)


@pytest.mark.usefixtures("a_year")
def test_a_forgotten_case_that_a_run_proposes_again_as_it_was_stays_forgotten(over: Served) -> None:
    over.clock.pass_days(366)
    apply(over.office, BOSS)
    lines = [dossier(n, programme="social_assistance", name=f"canary-name {n}") for n in (20, 21)]
    again = over.office.cases.attach("run-3", [dossier(1), *lines], over.office.clock())
    assert again.opened == 0
    assert "canary-name 20" not in everything(over)
    with over.office.cases.reading() as connection:
        assert ledger.faults(connection) == []


@pytest.mark.usefixtures("a_year")
def test_who_and_what_is_refused(over: Served) -> None:
    for actor, case_id, reason in (
        (over.actors["canbo"], "c-20", REASON),
        (BOSS, "c-21", REASON),
        (BOSS, "c-20", "ok"),
        (BOSS, "c-99", REASON),
        (BOSS, "c-1", REASON),  # the table in use names no period for it
        (replace(BOSS, districts=frozenset({"Huyện Khác"})), "c-20", REASON),
    ):
        with pytest.raises(RefusedError):
            forget(over.office, case_id, reason, actor)
    forget(over.office, "c-20", REASON, BOSS)
    with pytest.raises(RefusedError):
        forget(over.office, "c-20", REASON, BOSS)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE steps SET reason = '' WHERE case_id = 'c-1'", id="its key is there"),
        pytest.param("UPDATE dossiers SET frozen = '{}' WHERE case_id = 'c-1'", id="evidence"),
        pytest.param("UPDATE steps SET actor_id = 'system' WHERE case_id = 'c-20'", id="who acted stays for ever"),
        pytest.param("UPDATE dossiers SET sha256 = '' WHERE case_id = 'c-20'", id="the hash stays"),
        pytest.param("DELETE FROM steps WHERE case_id = 'c-20'", id="no row goes"),
        pytest.param("UPDATE kept_records SET frozen = '{}'", id="copies of a month that is not forgotten"),
    ],
)
@pytest.mark.usefixtures("a_year")
def test_the_database_lets_no_more_be_blanked(over: Served, statement: str) -> None:
    kept = [{"record_id": "r-k", "programme": "agent_orange", "frozen": {"record": {}}, "sha256": "0" * 64}]
    second_look.keep(over.office, "2021-03", "run-1", kept, {})
    forget(over.office, "c-20", REASON, BOSS)
    with pytest.raises(DatabaseError, match="only added to"), over.office.engine.begin() as connection:
        connection.execute(text(statement))


def test_working_copies_go_by_the_office_s_own_rule(over: Served) -> None:
    kept = [
        {
            "record_id": "r-k",
            "programme": "agent_orange",
            "frozen": {"record": {"name": "canary-kept"}},
            "sha256": "0" * 64,
        }
    ]
    second_look.keep(over.office, "2021-03", "run-1", kept, {})
    over.clock.pass_days(365 * 3)
    assert {d.kind for d in due(over.office)} == {"kept_records", "sessions"}
    done = apply(over.office, BOSS)
    assert done["kept_records"] == 1
    assert done["sessions"] >= 1
    assert "canary-kept" not in everything(over)
    assert due(over.office) == []
    with over.office.cases.reading() as connection:
        assert ledger.faults(connection) == []


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 240))
def test_months_before_lands_in_the_right_month(day: date, months: int) -> None:
    found = months_before(day, months)
    assert (day.year - found.year) * 12 + day.month - found.month == months
    assert found.day == day.day or (found.day < day.day and months_before(day, months).day >= 28)
