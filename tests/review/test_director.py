"""The director's page: each figure is the number of the cases that its link opens; small numbers stay hidden."""

import html
import re
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from eligibility_audit.domain.review.limits import reversals_allowed
from eligibility_audit.domain.review.measures import FEW, protected
from eligibility_audit.domain.review.people import Role
from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger, reversals
from eligibility_audit.store.accounts import add_account
from eligibility_audit.store.overview import band_of, decide_rule, overview
from eligibility_audit.store.tables import LedgerRow, StepRow
from eligibility_audit.use_cases.review.take_step import take_step
from tests.web.conftest import PASSWORD, Served, dossier
from tests.web.test_attacks import word

FIRST = [*(dossier(n) for n in (1, 2, 3, 4, 5, 7)), dossier(6, commune="Xã C", district="Huyện D")]
REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        pytest.param({"nam": 40, "nữ": 60}, set(), id="many of each"),
        pytest.param({"nam": 5, "nữ": 60}, set(), id="five are told"),
        pytest.param({"nam": 4, "nữ": 60}, {"nam", "nữ"}, id="four alone: the total would tell them"),
        pytest.param({"a": 4, "b": 3, "c": 60}, {"a", "b"}, id="two small ones hide each other"),
        pytest.param({"a": 4, "b": 30, "c": 60}, {"a", "b"}, id="the smallest other is hidden along"),
        pytest.param({"nam": 0, "nữ": 60}, set(), id="nobody is no person"),
    ],
)
def test_small_numbers_are_hidden(counts: dict[str, int], hidden: set[str]) -> None:
    assert {name for name, count in protected(counts).items() if count is None} == hidden


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12)))
def test_no_small_number_is_told_or_follows_from_the_total(counts: Mapping[str, int]) -> None:
    told = protected(counts)
    assert all(count is None or count == 0 or count >= FEW for count in told.values())
    hidden = [name for name, count in told.items() if count is None]
    others = [name for name in counts if counts[name] and name not in hidden]
    assert len(hidden) != 1 or not others


@pytest.mark.parametrize(
    ("signed", "allowed"), [(0, 2), (1, 2), (59, 2), (60, 3), (100, 5), pytest.param(119, 5, id="5.95: five")]
)
def test_the_limit_of_reversals(signed: int, allowed: int) -> None:
    assert reversals_allowed(signed) == allowed


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("1941", "80+"),
        ("1942-05", "70–79"),
        ("1951-12-31", "70–79"),
        ("2006", "0–15"),
        ("", "không rõ"),
        (None, "không rõ"),
    ],
)
def test_age_bands(born: str | None, band: str) -> None:
    assert band_of(born, 2021) == band


@pytest.fixture
def filled(served: Served) -> Served:
    """Cases opened at different times, some overdue, some settled, money both ways."""
    served.actors["boss"] = served.actors["kyten"]
    served.clock.pass_days(-100)
    columns = {"due_on": date(2021, 2, 1), "amount_to_clarify": 900_000, "direction": "giảm", "sex": "M"}
    old = [dossier(n, **columns) for n in range(20, 24)]
    served.office.cases.attach("run-0", [*FIRST, *old], served.clock())
    served.clock.pass_days(100)
    owed = {"due_on": date(2021, 3, 5), "amount_to_clarify": 1_500_000, "direction": "tăng", "sex": "F"}
    new = [dossier(n, **owed) for n in range(30, 36)]
    served.office.cases.attach("run-2", [*FIRST, *old, *new], served.clock())
    for number in (1, 2):
        take_step(
            served.office,
            served.actors["canbo"],
            f"c-{number}",
            Step.CLEAR,
            {"reason": REASON, "evidence": "sổ"},
            seq=0,
        )
    return served


def test_the_figures(filled: Served) -> None:
    seen = overview(filled.office, filled.actors["kyten"], "Huyện B")
    assert (seen.settled, seen.total) == (2, 17)
    assert (seen.overdue, seen.today, seen.week) == (4, 0, 6)
    assert (seen.money.owed, seen.money.owed_cases) == (9_000_000, 6)
    assert (seen.money.to_clarify, seen.money.to_clarify_cases) == (3_600_000, 4)
    assert sum(seen.ages.values()) == 15
    assert seen.ages["91"] == 4
    assert [(g.name, g.total, g.open, g.overdue) for g in seen.rules] == [("AO_DEAD_FUZZY", 17, 15, 4)]
    assert sum(g.total for g in seen.districts) == sum(g.total for g in seen.programmes) == 17
    assert [g.name for g in seen.communes] == ["Xã A"]


def test_each_number_opens_as_many_cases_as_it_says(filled: Served) -> None:
    client = filled.client("kyten")
    page = client.get("/director?district=Huyện+B").text
    links = re.findall(r'<a href="(/queue\?[^"]+)">(?:<b>)?([\d.]+)(?:</b>)?', page)
    assert len(links) > 20
    counts = [(link, told) for link, told in links if "owes" not in link]  # those say a sum
    for link, told in counts:
        found = re.search(r"<p>([\d.]+) hồ sơ, gần hạn trước", client.get(html.unescape(link)).text)
        assert found, link
        assert found[1] == told, link
    for link, told in (("/queue?mine=false&owes=we", "6"), ("/queue?mine=false&owes=clarify", "4")):
        assert f"<p>{told} hồ sơ" in client.get(link).text
        assert html.escape(link) in page


@pytest.mark.parametrize("login", ["canbo", "xa", "kiemtra", "xem"])
def test_the_page_is_for_those_who_lead(served: Served, login: str) -> None:
    assert served.client(login).get("/director").status_code == 422
    with pytest.raises(RefusedError):
        overview(served.office, served.actors[login])


def test_who_leads_a_district_sees_its_figures_alone(filled: Served) -> None:
    boss = add_account(
        filled.office, login="sep", name="Sếp D", role=Role.AUTHORITY, unit="UBND D", password=PASSWORD,
        districts=["Huyện D"],
    )  # fmt: skip
    seen = overview(filled.office, boss, "Huyện B")
    assert seen.total == 1
    assert [g.name for g in seen.districts] == ["Huyện D"]
    assert seen.communes == ()
    assert "Huyện B" not in filled.client("sep").get("/director?district=Huyện+B").text.replace(
        "Các xã của Huyện B", ""
    )


def reverse(served: Served, *numbers: int) -> None:
    """As if these cases had been resumed after a pause."""
    with served.office.cases._engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS ea_steps_after")
        for name in [
            r[0]
            for r in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type='trigger' AND name LIKE 'ea_steps_insert%'"
            )
        ]:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for number in numbers:
            who = {"actor_id": served.actors["canbo"].user_id, "actor_role": "officer", "actor_unit": "x"}
            row = {"case_id": f"c-{number}", "seq": 50, "round": 1, "step": "sign", "before": "checked"}
            when = {"at": served.clock(), "on_day": served.office.today(), "reason": REASON, "stated": {}}
            connection.execute(insert(StepRow), [row | who | when | {"after": "signed", "effect": "resume"}])


def test_past_its_limit_a_rule_is_held_until_a_named_person_decides(served: Served) -> None:
    office, officer, signer = served.office, served.actors["canbo"], served.actors["kyten"]
    reverse(served, 2, 3)
    with office.cases.reading() as connection:
        assert reversals.held(connection) == {}, "two are within the limit"
    reverse(served, 4)
    with office.cases.reading() as connection:
        assert reversals.held(connection) == {"AO_DEAD_FUZZY": (3, 0)}
    with pytest.raises(RefusedError, match="tạm giữ"):
        take_step(office, officer, "c-1", Step.SUBMIT, {"reason": REASON, "act": "cham_dut"}, seq=0) if _looked(
            served
        ) else None
    for actor in (officer, served.actors["kiemtra"]):
        with pytest.raises(RefusedError, match="có thẩm quyền"):
            decide_rule(office, actor, "AO_DEAD_FUZZY", REASON, goes_on=True)
    with pytest.raises(RefusedError, match="lý do"):
        decide_rule(office, signer, "AO_DEAD_FUZZY", "ok", goes_on=True)
    decide_rule(office, signer, "AO_DEAD_FUZZY", REASON, goes_on=False)
    with office.cases.reading() as connection:
        assert reversals.held(connection), "decided to hold: still held"
    decide_rule(office, signer, "AO_DEAD_FUZZY", REASON, goes_on=True)
    with office.cases.reading() as connection:
        assert reversals.held(connection) == {}
        told = connection.execute(
            select(LedgerRow.actor_id, LedgerRow.after).where(LedgerRow.chain == "rules")
        ).tuples()
        assert list(told) == [(signer.user_id, "held"), (signer.user_id, "goes_on")]
        assert ledger.faults(connection) == []
    reverse(served, 5)
    with office.cases.reading() as connection:
        assert reversals.held(connection) == {"AO_DEAD_FUZZY": (4, 0)}, "one more reversal holds it again"


def _looked(served: Served) -> bool:
    """The case is brought to where it may be submitted from (the triggers are gone in this test)."""
    with served.office.cases._engine.begin() as connection:
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND name LIKE 'ea_cases_update%'"
        ).fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE cases SET state = 'office_lookup' WHERE case_id = 'c-1'")
    return True


def test_the_decision_is_taken_on_the_page(served: Served) -> None:
    reverse(served, 2, 3, 4)
    client = served.client("kyten")
    assert "đang tạm giữ" in client.get("/director").text
    data = {"csrf": word(client), "goes_on": "yes", "reason": REASON}
    assert client.post("/director/rules/AO_DEAD_FUZZY", data=data).status_code == 303
    page = client.get("/director").text
    assert "đang tạm giữ" not in page
    assert REASON in page


def test_ages_are_counted_in_days_of_vietnam(served: Served) -> None:
    """Opened on 1 March at 09:00 in Vietnam: a week later still in the first band, after eight days in the second."""
    for days, age in ((0, "0-7"), (7, "0-7"), (8, "8-30"), (30, "8-30"), (31, "31-90"), (90, "31-90"), (91, "91")):
        served.clock.now = served.clock.now.replace(year=2021, month=3, day=1) + timedelta(days=days)
        seen = overview(served.office, served.actors["kyten"]).ages
        assert {name for name, count in seen.items() if count} == {age}, days
