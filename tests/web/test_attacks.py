"""Attacks, and what came of them: each is tried against a real server."""

import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from eligibility_audit.store.tables import CaseRow, LedgerRow, UnmaskingRow
from tests.web.conftest import Served

REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"


def word(client: httpx.Client) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found
    return found[1]


def states(served: Served) -> set[str]:
    with served.office.cases.reading() as connection:
        return set(connection.scalars(select(CaseRow.state)))


@pytest.mark.parametrize("path", ["/", "/queue", "/cases/c-1", "/cases/c-1/sheet"])
def test_nobody_sees_a_page_without_logging_in(served: Served, path: str) -> None:
    answer = served.client().get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.parametrize("login", ["canbo", "xa"])
def test_a_case_of_another_district_is_not_there(served: Served, login: str) -> None:
    client = served.client(login)
    assert client.get("/cases/c-6").status_code == client.get("/cases/c-nothing").status_code == 404
    assert "Ẩn Danh" not in client.get("/queue?mine=false").text
    found = client.post("/queue", data={"csrf": word(client), "words": "Ẩn Danh Khác Huyện"})
    assert "c-6" not in found.text
    step = client.post("/cases/c-6/steps/look_up", data={"csrf": word(client), "seq": "0", "reason": REASON})
    assert step.status_code == 404
    assert states(served) == {"recommended"}


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        pytest.param({}, {}, id="no word"),
        pytest.param({"csrf": "x" * 32}, {}, id="a wrong word"),
        pytest.param({"csrf": "own"}, {"origin": "http://evil.example"}, id="from another site"),
    ],
)
def test_a_forged_form_changes_nothing(served: Served, data: dict[str, str], headers: dict[str, str]) -> None:
    client = served.client("canbo")
    form = {**data, "seq": "0", "reason": REASON}
    if form.get("csrf") == "own":
        form["csrf"] = word(client)
    answer = client.post("/cases/c-1/steps/look_up", data=form, headers=headers)
    assert answer.status_code == 403
    assert states(served) == {"recommended"}


def test_the_session_is_new_after_the_login(served: Served) -> None:
    client = served.client()
    client.cookies.set("ea_session", "fixed-by-somebody")
    answer = client.post("/login", data={"login": "canbo", "password": "mat khau thu 1"})
    cookie = answer.headers["set-cookie"]
    assert "fixed-by-somebody" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_a_session_that_was_left_is_over(served: Served) -> None:
    client = served.client("canbo")
    token = client.cookies["ea_session"]
    client.post("/logout", data={"csrf": word(client)})
    again = served.client()
    again.cookies.set("ea_session", token)
    assert again.get("/").status_code == 303


def test_guessing_passwords_is_slowed(served: Served) -> None:
    client = served.client()
    answers = [client.post("/login", data={"login": "canbo", "password": f"guess {n}"}).status_code for n in range(14)]
    assert answers[0] == 401
    assert answers[-1] == 429


def test_mass_assignment_sets_nothing(served: Served) -> None:
    client = served.client("canbo")
    form = {"csrf": word(client), "seq": "0", "reason": REASON, "state": "signed", "effect": "end", "actor_id": "u-x"}
    client.post("/cases/c-1/steps/look_up", data=form)
    assert states(served) == {"recommended", "office_lookup"}


def test_a_script_in_a_name_is_text(served: Served) -> None:
    text = served.client("canbo").get("/queue").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("words", ["' OR 1=1 --", "%", "_", "\\", '"; DROP TABLE cases; --', "x" * 300, "\x00"])
def test_sql_in_the_search_is_text(served: Served, words: str) -> None:
    client = served.client("canbo")
    answer = client.post("/queue", data={"csrf": word(client), "words": words})
    assert answer.status_code in (200, 422)
    assert "Người Thử 3" not in answer.text
    assert states(served) == {"recommended"}


def test_headers_keep_everything_at_home(served: Served) -> None:
    answer = served.client("canbo").get("/cases/c-1")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_whole_id_is_shown_to_who_may_see_it_with_a_reason_and_is_recorded(served: Served) -> None:
    client = served.client("canbo")
    assert "034048000001" not in client.get("/cases/c-1").text
    assert "034048000001" not in client.get("/cases/c-1/sheet").text
    form = {"csrf": word(client)}
    assert client.post("/cases/c-1/number", data={**form, "reason": "x"}).status_code == 422
    assert "034048000001" in client.post("/cases/c-1/number", data={**form, "reason": REASON}).text
    viewer = served.client("xem")
    assert viewer.post("/cases/c-1/number", data={"csrf": word(viewer), "reason": REASON}).status_code == 422
    with served.office.cases.reading() as connection:
        assert len(connection.execute(select(UnmaskingRow)).all()) == 1
        assert "unmask" in set(connection.scalars(select(LedgerRow.act)))


def test_no_name_stands_in_the_ledger_or_in_an_address(served: Served, tmp_path: Path) -> None:
    client = served.client("canbo")
    found = client.post("/queue", data={"csrf": word(client), "words": "Người Thử"})
    addresses = re.findall(r'(?:href|action)="([^"]+)"', found.text)
    assert addresses
    assert not [a for a in addresses if "Ng" in a or "nguoi" in a.casefold()]
    with served.office.cases.reading() as connection:
        rows = connection.execute(select(LedgerRow)).all()
    assert rows
    assert not [row for row in rows if "Thử" in str(row) or "034048" in str(row)]


def test_two_officers_one_case(served: Served) -> None:
    one, two = served.client("canbo"), served.client("xa")
    first = one.post("/cases/c-1/steps/look_up", data={"csrf": word(one), "seq": "0", "reason": REASON})
    second = two.post("/cases/c-1/steps/look_up", data={"csrf": word(two), "seq": "0", "reason": REASON})
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Người khác vừa xử lý" in second.text
