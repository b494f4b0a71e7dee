"""The API: the same rights and refusals as the pages, and no answer that nobody foresaw."""

from pathlib import Path

import httpx
import pytest

from tests.review.test_judgements import PAPER, REASON, word
from tests.web.conftest import PASSWORD, Served, served
from tests.web.test_attacks import states

__all__ = ["served"]
API = "/api/v1"


def program(served: Served, login: str) -> httpx.Client:
    client = served.client()
    opened = client.post(f"{API}/sessions", json={"login": login, "password": PASSWORD})
    assert opened.status_code == 201
    return httpx.Client(
        base_url=served.url + API, headers={"Authorization": f"Bearer {opened.json()['token']}"}, timeout=20
    )


def test_a_step_by_a_program_is_the_same_step(served: Served) -> None:
    client = program(served, "canbo")
    assert client.get("/queue").json()["count"] == 6
    seq = client.get("/cases/c-1").json()["case"]["seq"]
    answer = client.post("/cases/c-1/steps/look_up", json={"seq": seq, "reason": REASON})
    assert (answer.status_code, answer.json()) == (200, {"state": "office_lookup"})
    late = client.post("/cases/c-1/steps/look_up", json={"seq": seq, "reason": REASON})
    assert late.status_code == 409
    judged = {"other": "r-x", "judgement": "no_match", "evidence": PAPER, "reason": REASON}
    assert client.post("/cases/c-1/judgements", json=judged).status_code == 204
    assert client.get("/cases/c-1").json()["judgements"]["pairs"]["r-x"]["stands"] == "binds"
    assert client.post("/cases/c-1/documents", json={"kind": "paper", "title": "Giấy"}).status_code == 201


def test_no_whole_id_leaves_by_the_api(served: Served) -> None:
    assert "034048000001" not in program(served, "canbo").get("/cases/c-1").text


@pytest.mark.parametrize("path", ["/queue", "/cases/c-1"])
def test_nobody_is_nobody_here_too(served: Served, path: str) -> None:
    answer = served.client().get(API + path)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_the_cookie_alone_changes_nothing(served: Served) -> None:
    client = served.client("canbo")
    asked = {"seq": 0, "reason": REASON}
    assert client.post(f"{API}/cases/c-1/steps/look_up", json=asked).status_code == 403
    assert states(served) == {"recommended"}
    with_word = client.post(f"{API}/cases/c-1/steps/look_up", json=asked, headers={"x-csrf": word(client)})
    assert with_word.status_code == 200


def test_refusals_are_told_as_on_the_pages(served: Served) -> None:
    client = program(served, "canbo")
    assert client.get("/cases/c-6").status_code == client.get("/cases/c-none").status_code == 404
    answer = client.post("/cases/c-6/steps/look_up", json={"seq": 0, "reason": REASON})
    assert answer.status_code == 422
    assert "địa bàn" in answer.json()["reasons"][0]
    submit = client.post("/cases/c-1/steps/sign", json={"seq": 0, "reason": REASON})
    assert (submit.status_code, states(served)) == (422, {"recommended"})
    extra = client.post("/cases/c-1/steps/look_up", json={"seq": 0, "reason": REASON, "state": "signed"})
    assert extra.status_code == 422


def test_guessing_passwords_is_slowed_here_too(served: Served) -> None:
    client = served.client()
    asked = [client.post(f"{API}/sessions", json={"login": "canbo", "password": f"no {n}"}) for n in range(10)]
    assert (asked[0].status_code, asked[-1].status_code) == (401, 429)


@pytest.mark.slow
def test_no_request_brings_the_server_down(served: Served, tmp_path: Path) -> None:
    """schemathesis against the real server: whatever is sent, no answer of 500 or more."""
    import subprocess
    import sys

    token = program(served, "canbo").headers["authorization"]
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{served.url}{API}/openapi.json"),
        *("--url", f"{served.url}{API}", "-H", f"Authorization: {token}", "--checks", "not_a_server_error"),
        *("--max-examples", "30", "--seed", "5", "--exclude-method", "DELETE", "--workers", "1"),
        *("--phases", "examples,coverage,fuzzing"),  # no operation links to another: the fourth has nothing to walk
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=540)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
