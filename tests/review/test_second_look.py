"""Measured error: exact bounds, a sample that nobody chooses, a blind page, what counts as an error."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from eligibility_audit.domain.review.measures import Measured, interval, upper_bound
from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger, second_look
from eligibility_audit.store.second_look import agrees
from eligibility_audit.store.tables import LedgerRow
from eligibility_audit.store.team_tables import DrawRow, SampleRow
from eligibility_audit.use_cases.review.take_step import take_step
from tests.web.conftest import Served
from tests.web.test_attacks import word

REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"


OF_THE_FIRST = (
    *(
        "cần xác minh.",
        "Cần xác minh<",
        "AO_DEAD_FUZZY",
        "0.83",
        "83 %",
        "83.0",
        "f-3",
        "Họ tên: gần",
        "Còn sống không",
    ),
    *("cleared", "stratum", "c-1", "c-2", "c-3", "034048000001", "034050000009", "Người canbo", "vang_mat", REASON),
)


@pytest.mark.parametrize(
    ("errors", "judged", "told"),
    [
        pytest.param(0, 0, "chưa đo", id="nothing was judged"),
        pytest.param(0, 40, "0 trên 40: đến 7,2 %", id="the one of procedure.md"),
        pytest.param(0, 59, "0 trên 59: đến 5,0 %", id="the smallest sample that bounds 5 % (4.95)"),
        pytest.param(1, 40, "1 trên 40: đến 11,3 %", id="tables: 11.3"),
        pytest.param(2, 20, "2 trên 20: đến 28,3 %", id="tables: 28.3"),
        pytest.param(0, 1, "0 trên 1: đến 95,0 %", id="one tells little"),
        pytest.param(3, 3, "3 trên 3: đến 100,0 %", id="all wrong"),
    ],
)
def test_the_bound_that_is_printed(errors: int, judged: int, told: str) -> None:
    assert Measured(judged, errors).told == told


def test_the_two_sided_interval() -> None:
    assert interval(1, 10) == pytest.approx((0.0025, 0.4450), abs=1e-4)
    assert interval(0, 10) == pytest.approx((0, 0.3085), abs=1e-4)
    assert interval(10, 10) == pytest.approx((0.6915, 1), abs=1e-4)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_bound_lies_above_what_was_seen_and_falls_with_more_looks(seen: tuple[int, int]) -> None:
    errors, judged = seen
    bound = upper_bound(errors, judged)
    assert errors / judged <= bound <= 1
    assert upper_bound(errors, judged + 1) <= bound + 1e-12
    low, high = interval(errors, judged)
    assert low <= errors / judged <= high
    assert high >= bound - 1e-12


@pytest.mark.parametrize(
    ("stratum", "first", "second", "error"),
    [
        ("cleared", "dung", "dung", False),
        ("cleared", "dung", "chua_dung", True),
        ("keep", "dung", "can_xac_minh", True),
        pytest.param("keep", "dung", "khong_du", None, id="it could not be told: no error, not counted"),
        ("stopped", "chua_dung", "chua_dung", False),
        ("stopped", "chua_dung", "dung", True),
        pytest.param("stopped", "chua_dung", "khong_du", True, id="a stop that cannot be told: doubt is the person's"),
        ("verified", "can_xac_minh", "can_xac_minh", False),
    ],
)
def test_what_counts_as_an_error(stratum: str, first: str, second: str, error: bool | None) -> None:
    assert agrees(stratum, first, second) is (None if error is None else not error)


def record(number: int) -> dict[str, Any]:
    own = {"name": f"Người Không Nêu {number}", "district": "Huyện B", "commune": "Xã A", "sex": "F"}
    frozen = {"record": {**own, "date_of_birth": "1950", "national_id": "034050000009"}, "others": []}
    return {"record_id": f"r-k{number}", "programme": "agent_orange", "frozen": frozen, "sha256": "0" * 64}


@pytest.fixture
def drawn(served: Served) -> Served:
    """March: c-1 and c-2 cleared by the officer, c-3 verified; ten records were not flagged. It is April now."""
    office, officer = served.office, served.actors["canbo"]
    for number in (1, 2):
        take_step(office, officer, f"c-{number}", Step.CLEAR, {"reason": REASON, "evidence": "sổ"}, seq=0)
    asked = {"kind": "field_visit", "body": "xã", "question": "?", "finding": "f-3", "due_on": "2021-04-01"}
    take_step(office, officer, "c-3", Step.ORDER_VERIFICATION, {**asked, "reason": REASON}, seq=0)
    found = {"reason": REASON, "result": "vang_mat", "document": "biên bản"}
    take_step(office, served.actors["xa"], "c-3", Step.RECORD_RESULT, found, seq=1)
    second_look.keep(office, "2021-03", "run-1", [record(n) for n in range(10)], {"agent_orange": 17})
    with office.cases.writing() as connection:
        ledger.seal(connection, served.clock())
    served.clock.pass_days(31)
    return served


def draw(served: Served, each: int = 4) -> list[tuple[str, str, str]]:
    second_look.draw(served.office, served.actors["kyten"], "2021-03", each)
    with served.office.cases.reading() as connection:
        rows = connection.execute(select(SampleRow.look_id, SampleRow.stratum, SampleRow.first_verdict))
        return sorted((look, stratum, verdict) for look, stratum, verdict in rows)


def test_the_sample_is_stratified_recorded_and_drawn_once(drawn: Served) -> None:
    found = draw(drawn)
    strata = [stratum for _, stratum, _ in found]
    assert {s: strata.count(s) for s in set(strata)} == {"keep": 4, "cleared": 2, "verified": 1}
    assert {v for _, s, v in found if s == "verified"} == {"can_xac_minh"}, "absent is never chua_dung"
    with pytest.raises(RefusedError, match="đã rút"):
        draw(drawn)
    with drawn.office.cases.reading() as connection:
        row = connection.execute(select(DrawRow)).mappings().one()
        assert row["counts"]["keep"] == {"of": 10, "drawn": 4}
        order = sorted(second_look.rank(row["root"], "2021-03", f"keep/r-k{n}") for n in range(10))
        kept = sorted(look for look, stratum, _ in found if stratum == "keep")
        assert kept == sorted(f"l-{each[:32]}" for each in order[:4]), "anybody can compute it again"
        assert list(connection.scalars(select(LedgerRow.act).where(LedgerRow.chain == "second_looks"))) == ["draw"]


@pytest.mark.parametrize(("login", "month"), [("canbo", "2021-03"), ("xem", "2021-03"), ("kyten", "2021-04")])
def test_who_may_not_draw_and_what_is_not_over(drawn: Served, login: str, month: str) -> None:
    with pytest.raises(RefusedError):
        second_look.draw(drawn.office, drawn.actors[login], month)


def test_who_took_part_does_not_look_again(drawn: Served) -> None:
    draw(drawn)
    office = drawn.office
    assert {w["stratum"] for w in second_look.waiting(office, drawn.actors["canbo"])} == {"keep"}
    assert {w["stratum"] for w in second_look.waiting(office, drawn.actors["kiemtra"])} == {
        "keep",
        "cleared",
        "verified",
    }
    assert second_look.waiting(office, drawn.actors["xem"]) == []


def test_the_page_is_blind(drawn: Served) -> None:
    looks = draw(drawn)
    client = drawn.client("kiemtra")
    for look_id, _, _ in looks:
        page = client.get(f"/second-looks/{look_id}")
        assert page.status_code == 200
        text = page.text.split("<main")[1]
        for told in OF_THE_FIRST:
            assert told not in text, told
    assert (
        drawn.client("canbo").get(f"/second-looks/{next(i for i, s, _ in looks if s == 'cleared')}").status_code == 404
    )
    assert client.get("/second-looks/l-nothing").status_code == 404


def test_looks_on_the_page_give_the_measured_error(drawn: Served) -> None:
    looks = draw(drawn)
    client = drawn.client("kiemtra")
    assert "chưa đo" in client.get("/second-looks").text
    csrf = word(client)
    for look_id, stratum, _ in looks:
        data = {"csrf": csrf, "verdict": "chua_dung" if stratum == "verified" else "dung", "reason": REASON}
        assert client.post(f"/second-looks/{look_id}", data={**data, "reason": "ok"}).status_code == 422
        assert client.post(f"/second-looks/{look_id}", data=data).status_code == 303
        assert client.post(f"/second-looks/{look_id}", data=data).status_code == 404, "once"
    assert second_look.measured(drawn.office) == {"AO_DEAD_FUZZY": Measured(3, 1)}
    strata = second_look.measured_strata(drawn.office)
    assert strata == {"keep": Measured(4), "cleared": Measured(2), "verified": Measured(1, 1), "stopped": Measured()}
    page = client.get("/second-looks").text
    assert "0 trên 4: đến 52,7 %" in page
    assert "chưa đo" in page, "stopped"
    groups = second_look.disparity(drawn.office)
    assert [(g.name, g.judged, g.errors) for g in groups["Huyện / District"]] == [("Huyện B", 7, 1)]
    assert [(g.name, g.judged) for g in groups["Giới tính / Sex"]] == [("không rõ", None), ("nữ", None)], (
        "few: not told"
    )
    assert "ít hơn 5, không nêu" in drawn.client("kyten").get("/second-looks").text
    with drawn.office.cases.reading() as connection:
        assert ledger.faults(connection) == []


def test_months_end_in_vietnam(served: Served) -> None:
    """A step at 18:30 UTC on 31 March is of April in Vietnam."""
    served.clock.now = served.clock.now.replace(month=3, day=31, hour=18, minute=30)
    take_step(served.office, served.actors["canbo"], "c-1", Step.CLEAR, {"reason": REASON, "evidence": "sổ"}, seq=0)
    served.clock.pass_days(40)
    assert second_look.draw(served.office, served.actors["kyten"], "2021-03") == 0
    served.clock.now += timedelta(days=30)
    assert second_look.draw(served.office, served.actors["kyten"], "2021-04") == 1
