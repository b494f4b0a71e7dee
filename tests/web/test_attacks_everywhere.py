"""The same attacks at every address that the application has, listed from the application itself."""

import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from eligibility_audit.store.tables import CaseRow, LedgerRow, StepRow
from tests.web.conftest import Served, dossier
from tests.web.test_attacks import REASON, states, word

OPEN = {"/login", "/login/oidc", "/login/oidc/back", "/static"}
CANARY = "Chim Hoàng Yến Thử"
SPOKEN = ("chim hoang yen", "hoàng yến", "034048777777")


def addresses(app: Any, case_id: str = "c-1") -> Iterator[tuple[str, str]]:
    """Each page's method and path, with `case_id` and ids of nothing in the place of what varies."""
    for route in app.routes:
        for inner in getattr(getattr(route, "original_router", None), "routes", [route]):
            if inner.path in OPEN or not getattr(inner, "methods", None):
                continue
            path = inner.path.replace("{case_id}", case_id).replace("{step}", "look_up").replace("{move}", "accept")
            for method in sorted(inner.methods - {"HEAD"}):
                yield method, re.sub(r"\{\w+\}", "x-1", path)


def test_the_list_is_the_application_s(served: Served) -> None:
    found = set(addresses(served.app))
    assert {("GET", "/"), ("GET", "/cases/c-1"), ("POST", "/cases/c-1/steps/look_up"), ("GET", "/nights")} <= found
    assert len(found) >= 40


def test_no_address_answers_a_stranger(served: Served) -> None:
    client = served.client()
    answers = {each: client.request(*each) for each in addresses(served.app)}
    others = {each: got.status_code for each, got in answers.items() if got.status_code != 303}
    assert set(others.values()) <= {413}, "a file without its size is refused before anything is read"
    assert {got.headers["location"] for got in answers.values() if got.status_code == 303} == {"/login"}


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        pytest.param({}, {}, id="no word"),
        pytest.param({"csrf": "x" * 32}, {}, id="a wrong word"),
        pytest.param({"csrf": ""}, {"origin": "http://evil.example"}, id="from another site"),
    ],
)
def test_no_form_works_without_the_word_of_its_session(
    served: Served, form: dict[str, str], headers: dict[str, str]
) -> None:
    client = served.client("canbo")
    posts = [path for method, path in addresses(served.app) if method == "POST"]
    assert len(posts) >= 20
    told = {path: client.post(path, data={**form, "reason": REASON, "seq": "0"}, headers=headers) for path in posts}
    assert {path: got.status_code for path, got in told.items() if got.status_code not in (403, 413)} == {}
    assert client.get("/").status_code == 200, "not even the way out"
    assert states(served) == {"recommended"}


def test_another_district_s_case_is_at_no_address(served: Served) -> None:
    client = served.client("canbo")
    form = {"csrf": word(client), "reason": REASON, "seq": "0", "kind": "paper", "title": "Giấy", "letter": "notice"}
    form |= {"other": "r-x", "judgement": "match", "document": "Biên bản 1", "subject": "Khiếu nại thử một lần"}
    tried = [each for each in addresses(served.app, "c-6") if "c-6" in each[1]]
    assert len(tried) >= 12
    told = {each: client.request(*each, data=form if each[0] == "POST" else None) for each in tried}
    assert {each: got.status_code for each, got in told.items() if got.status_code not in (404, 413, 422)} == {}
    assert not [each for each, got in told.items() if "Ẩn Danh" in got.text]
    with served.office.cases.reading() as connection:
        assert connection.scalar(select(CaseRow.seq).where(CaseRow.case_id == "c-6")) == 0
        assert set(connection.scalars(select(LedgerRow.act).where(LedgerRow.chain == "c-6"))) == {"open"}


def test_what_a_step_does_not_ask_for_is_kept_nowhere(served: Served) -> None:
    client = served.client("canbo")
    more = {"second_signer": "u-x", "owed": "999", "effect": "end", "actor_id": "u-x", "on_day": "2001-01-01"}
    form = {"csrf": word(client), "seq": "0", "reason": REASON, **more}
    assert client.post("/cases/c-1/steps/look_up", data=form).status_code == 303
    with served.office.cases.reading() as connection:
        row = connection.execute(select(StepRow)).mappings().one()
    assert (row["stated"], row["effect"], row["actor_id"]) == ({}, None, served.actors["canbo"].user_id)
    assert word(client) not in str(dict(row))


def test_no_name_is_in_a_log_an_address_or_a_header(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """A canary walks through search, pages, refusals, letters and faults; who reads the logs does not meet it."""
    case = dossier(60, name=CANARY, name_key="chim hoang yen thu", national_id="034048777777")
    case = type(case)(case.case_id, {**case.columns, "national_id": "034048777777"}, case.frozen)
    served.office.cases.attach("run-2", [*(dossier(n) for n in range(1, 6)), case], served.clock())
    caplog.set_level(logging.INFO)
    client = served.client("canbo")
    csrf = word(client)
    answers = [
        client.post("/queue", data={"csrf": csrf, "words": CANARY}),
        client.post("/queue", data={"csrf": csrf, "words": "034048777777"}),
        client.get("/cases/c-60"),
        client.get("/cases/c-60/sheet"),
        client.post("/cases/c-60/steps/submit", data={"csrf": csrf, "seq": "0", "reason": CANARY, "act": "cham_dut"}),
        client.post("/cases/c-60/letters", data={"csrf": csrf, "letter": "notice", "contact": CANARY}),
        client.post("/cases/c-60/number", data={"csrf": csrf, "reason": f"{CANARY} cần đối chiếu"}),
        client.post("/complaints/new", data={"csrf": csrf, "subject": CANARY, "kind": CANARY, "case_id": "c-60"}),
        client.get(f"/cases/{CANARY}"),
    ]
    assert all(got.status_code < 500 for got in answers)
    assert CANARY in answers[0].text, "the search finds it"
    links = [unquote(a) for got in answers for a in re.findall(r'(?:href|action|src)="([^"]+)"', got.text)]
    heads = [f"{name}: {unquote(value)}" for got in answers for name, value in got.headers.items()]
    spoken = [line for line in (*links, *heads, *caplog.text.splitlines()) if any(s in line.casefold() for s in SPOKEN)]
    assert [line for line in spoken if "HTTP Request" not in line] == [], "httpx is the test's own"
