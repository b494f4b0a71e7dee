"""Measured error beside every proposal; the blind page hides what would find the case; letters are kept files."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from eligibility_audit.domain.review.blind import HIDDEN, alike, blinded, compared
from eligibility_audit.domain.review.measures import Measured
from eligibility_audit.store import second_look
from eligibility_audit.store.measured_error import of_rules
from eligibility_audit.store.tables import DocumentRow
from eligibility_audit.store.team_tables import DrawRow, SampleRow, SecondLookRow
from eligibility_audit.use_cases.review.letters import letter_of_case
from eligibility_audit.web.render import day, moment, money, number, percent
from tests.web.conftest import Served

NAMES = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxy ", min_size=1, max_size=20)


def looked(served: Served, districts: dict[str, int], errors: int = 0) -> None:
    """So many second looks a district at cases of AO_DEAD_FUZZY; the first `errors` of them disagree."""
    boss, now = served.actors["kyten"].user_id, served.clock()
    wanted = [district for district, count in districts.items() for _ in range(count)]
    sample = {"month": "2021-02", "stratum": "cleared", "programme": "agent_orange", "missing_papers": False}
    more = {"rule_ids": "AO_DEAD_FUZZY;AO_RATE", "first_verdict": "dung", "record_id": "r", "sex": "M"}
    with served.office.cases.writing() as connection:
        drawn = {"month": "2021-02", "root": "0" * 64, "counts": {}, "drawn_by": boss, "drawn_at": now}
        connection.execute(insert(DrawRow), [drawn])
        rows = [sample | more | {"look_id": f"l-{n}", "district": where} for n, where in enumerate(wanted)]
        connection.execute(insert(SampleRow), rows)
        look = {"looked_by": boss, "looked_on": date(2021, 3, 1), "verdict": "dung", "reason": "đã xem lại kỹ"}
        done = [look | {"look_id": f"l-{n}", "agrees": n >= errors} for n in range(len(wanted))]
        connection.execute(insert(SecondLookRow), done)


def test_not_measured_is_said_and_then_the_bound_stands_on_every_page(served: Served) -> None:
    boss = served.client("kyten")
    pages = ("/cases/c-1", "/cases/c-1/sheet", "/director", "/queue?rule=AO_DEAD_FUZZY&mine=false")
    assert all("chưa đo" in boss.get(page).text.casefold() for page in pages)
    looked(served, {"Huyện B": 40})
    for page in pages:
        assert "0 trên 40: đến 7,2 %" in boss.get(page).text, page
    assert of_rules(served.office, ["AO_RATE", "AO_OTHER"]) == {"AO_RATE": Measured(40), "AO_OTHER": Measured()}


def test_a_small_group_is_hidden_with_another_where_the_total_would_tell(served: Served) -> None:
    looked(served, {"Huyện B": 20, "Huyện D": 9, "Huyện E": 2}, errors=1)
    groups = {g.name: g for g in second_look.disparity(served.office)["Huyện / District"]}
    assert groups["Huyện E"].judged is None, "two people"
    assert groups["Huyện D"].judged is None, "else 31 less 20 less 9 tells the two"
    assert (groups["Huyện B"].judged, groups["Huyện B"].errors) == (20, 1)
    assert (groups["Huyện B"].low, groups["Huyện B"].high) == pytest.approx((0.0013, 0.2487), abs=1e-4)
    page = served.client("kyten").get("/second-looks").text
    assert "1 trên 20: 0,1 % – 24,9 %" in page
    assert {"Huyện / District", "Giới tính / Sex", "Tuổi / Age", "Giấy tờ / Papers"} <= set(
        second_look.disparity(served.office)
    )


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        pytest.param("Lê Văn An", "lê văn an", "giống hệt", id="the same"),
        pytest.param("Lê Văn Ân", "Lê Văn An", "chỉ khác dấu", id="tone and hat"),
        pytest.param("Lê Văn An", "Lê Thị An", "giống 2 trên 3 chữ", id="a word"),
        pytest.param("Đỗ An", "Do Ân", "chỉ khác dấu", id="đ"),
        pytest.param("Lê Văn An", "Trần Thị Hoa", "khác", id="another"),
        pytest.param("", "Lê Văn An", "", id="not known"),
    ],
)
def test_a_name_is_told_by_how_it_compares(one: str, other: str, said: str) -> None:
    assert said in alike(one, other)
    assert bool(alike(one, other)) == bool(said)


@given(st.sampled_from(HIDDEN), NAMES)
def test_nothing_hidden_is_shown(field: str, value: str) -> None:
    text = f"{value} canary7"
    shown = blinded({field: text, f"received_{field}": text, "name_received": text, "group": "1"})
    assert "canary7" not in str(shown)
    assert shown["group"] == "1"
    assert "canary7" not in str(compared({field: text}, {field: text}))


def test_a_letter_is_kept_shown_and_only_downloaded(served: Served) -> None:
    made = letter_of_case(served.office, served.actors["canbo"], "c-1", "notice", {"contact": "phòng 1"})
    client = served.client("canbo")
    with served.office.cases.reading() as connection:
        document = connection.scalars(select(DocumentRow.document_id).where(DocumentRow.sha256 == made.sha256)).one()
    at = f"/cases/c-1/attachments/{document}"
    page = client.get("/cases/c-1").text
    assert f'href="{at}?download=1"' in page
    assert f'<iframe class="scan" loading="lazy" title="Thông báo nội dung cần làm rõ" src="{at}"' not in page
    got = client.get(at)
    assert got.content == made.content
    assert got.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in got.headers["content-security-policy"]
    assert served.client("xa").get("/cases/c-6").status_code == 404
    assert served.client("xa").get(at.replace("c-1", "c-6")).status_code == 404


def test_days_and_numbers_are_written_as_vietnamese_write_them() -> None:
    assert day(date(2021, 3, 1)) == "01/03/2021"
    assert day("1951-03") == "03/1951"
    assert money(1_624_000) == "1.624.000 đồng"
    assert (money(None), money(0), number(12_345)) == ("", "0 đồng", "12.345")
    assert percent(0.83) == "83,0 %"
    assert moment(datetime(2021, 3, 1, 18, 30, tzinfo=UTC)) == "01:30 02/03/2021"
    assert moment(datetime(2021, 3, 1, 18, 30)) == "01:30 02/03/2021", "SQLite's UTC"  # noqa: DTZ001
