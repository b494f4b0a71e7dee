"""A repayment is signed by two: on the page, by the API and by SQL alike."""

import re

import httpx
import pytest
from sqlalchemy import insert, select

from eligibility_audit.domain.review.people import Role
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.accounts import add_account
from eligibility_audit.store.tables import CaseRow, StepRow
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


@pytest.mark.parametrize(
    ("second", "said"),
    [
        pytest.param({}, "người ký thứ hai", id="nobody"),
        pytest.param({"second_login": "kyten", "second_password": PASSWORD}, "người ký thứ hai", id="the first again"),
        pytest.param({"second_login": "canbo", "second_password": PASSWORD}, "người ký thứ hai", id="the maker"),
        pytest.param({"second_login": "kiemtra", "second_password": PASSWORD}, "người ký thứ hai", id="the checker"),
        pytest.param({"second_login": "canbo2", "second_password": PASSWORD}, "người ký thứ hai", id="an officer"),
        pytest.param({"second_login": "pho", "second_password": "sai mat khau"}, "sai tên", id="a wrong password"),
        pytest.param({"second_signer": "u-made-up"}, "người ký thứ hai", id="only named in the form"),
    ],
)
def test_without_another_s_own_signature_it_is_not_signed(checked: Served, second: dict[str, str], said: str) -> None:
    if "second_signer" in second:
        second = {"second_signer": checked.actors["pho"].user_id}
    answer = step(checked, "kyten", "sign", **SIGNED, **second)
    assert answer.status_code == 422
    assert said in answer.text
    assert PASSWORD not in answer.text
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


@pytest.mark.parametrize("who", ["", "kyten", "canbo", "kiemtra", "canbo2", "u-nobody", "pho"])
def test_by_sql_a_repayment_without_a_second_signer_is_refused(checked: Served, who: str) -> None:
    signer = checked.actors["kyten"]
    second = checked.actors[who].user_id if who in checked.actors else who
    with checked.office.cases.reading() as connection:
        case = connection.execute(select(CaseRow.seq, CaseRow.round).where(CaseRow.case_id == "c-1")).one()
    row = {
        "case_id": "c-1",
        "seq": case.seq + 1,
        "round": case.round,
        "step": "sign",
        "before": "checked",
        "after": "signed",
        "effect": "repay",
        "actor_id": signer.user_id,
        "actor_role": "authority",
        "actor_unit": signer.unit,
        "at": checked.clock(),
        "on_day": checked.office.today(),
        "reason": REASON,
        "stated": {"second_signer": second} if second else {},
    }

    def write() -> None:
        with checked.office.cases.writing() as connection:
            connection.execute(insert(StepRow), [row])

    if who == "pho":
        write()
        return
    with pytest.raises(RefusedError, match="second signer"):
        write()
