"""A repayment is signed by two: on the page and by the API; by SQL: tests/store/test_second_signer.py."""

import re

import httpx
import pytest
from sqlalchemy import select

from eligibility_audit.domain.review.people import Role
from eligibility_audit.store import ledger
from eligibility_audit.store.accounts import add_account
from eligibility_audit.store.tables import StepRow
from tests.web.conftest import PASSWORD, Served
from tests.web.test_attacks import REASON, word
from tests.web.test_complaints import step

SIGNED = {"decision_no": "12/QĐ-SLĐ", "decision_date": "2021-04-01"}


@pytest.fixture
def checked(served: Served) -> Served:
    """c-1: a repayment, noticed, answered by silence, submitted and checked; two more people who could sign."""
    for login, role in (("pho", Role.AUTHORITY), ("canbo2", Role.OFFICER)):
        served.actors[login] = add_account(
            served.office, login=login, name=f"Người {login}", role=role, unit="Ban Giám đốc", password=PASSWORD
        )
    step(served, "canbo", "ask", addressee="người hưởng", question="Giấy tờ gốc ở đâu?", due_on="2021-03-31")
    client = served.client("canbo")
    notice = re.search(r"/cases/c-1/notices/([^\"]+)\"", client.get("/cases/c-1").text)
    assert notice
    proof = {"served_on": "2021-03-01", "means": "post_receipt", "proof": "biên nhận 12"}
    client.post(f"/cases/c-1/notices/{notice[1]}", data={"csrf": word(client), **proof})
    served.clock.pass_days(31)
    assert step(served, "canbo", "submit", act="truy_thu").status_code == 303
    assert step(served, "kiemtra", "check").status_code == 303
    return served


def signed(served: Served) -> tuple[str, dict[str, str]]:
    with served.office.cases.reading() as connection:
        last = connection.execute(select(StepRow.step, StepRow.stated).order_by(StepRow.seq.desc()).limit(1)).one()
        assert ledger.faults(connection) == []
    return last.step, last.stated


def test_without_another_s_own_signature_it_is_not_signed(checked: Served) -> None:
    needed = "người ký thứ hai"
    second = {"second_login": "pho", "second_password": PASSWORD}
    tried = {
        "nobody": ({}, needed),
        "the first again": ({**second, "second_login": "kyten"}, needed),
        "the maker": ({**second, "second_login": "canbo"}, needed),
        "the checker": ({**second, "second_login": "kiemtra"}, needed),
        "an officer": ({**second, "second_login": "canbo2"}, needed),
        "a wrong password": ({**second, "second_password": "sai mat khau"}, "sai tên"),
        "only named in the form": ({"second_signer": checked.actors["pho"].user_id}, needed),
    }
    for who, (typed, said) in tried.items():
        answer = step(checked, "kyten", "sign", **SIGNED, **typed)
        assert answer.status_code == 422, who
        assert said in answer.text, who
        assert PASSWORD not in answer.text, who
    assert signed(checked)[0] == "check"


def test_two_sign_and_both_stand_in_the_history(checked: Served) -> None:
    page = checked.client("kyten").get("/cases/c-1").text
    assert 'name="second_login"' in page
    told = {"second_login": "pho", "second_password": PASSWORD, "csrf_token": "x", "state": "closed"}
    assert step(checked, "kyten", "sign", **SIGNED, **told).status_code == 303
    assert signed(checked) == ("sign", {**SIGNED, "second_signer": checked.actors["pho"].user_id})
    assert "Người ký thứ hai: Người pho" in checked.client("canbo").get("/cases/c-1").text


def test_a_program_needs_the_second_signer_too(checked: Served) -> None:
    opened = checked.client().post("/api/v1/sessions", json={"login": "kyten", "password": PASSWORD})
    client = httpx.Client(
        base_url=checked.url + "/api/v1", headers={"Authorization": f"Bearer {opened.json()['token']}"}, timeout=20
    )
    seq = client.get("/cases/c-1").json()["case"]["seq"]
    asked = {"seq": seq, "reason": REASON, "stated": SIGNED}
    assert client.post("/cases/c-1/steps/sign", json=asked).status_code == 422
    second = {"login": "pho", "password": PASSWORD}
    answer = client.post("/cases/c-1/steps/sign", json={**asked, "second": second})
    assert (answer.status_code, answer.json()) == (200, {"state": "signed"})
