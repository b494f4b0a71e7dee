"""A week's work in a browser: commune officer, maker, checker, authority; and what the pages refuse on the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from eligibility_audit.store import ledger
from eligibility_audit.store.tables import CaseRow
from tests.web.conftest import PASSWORD, Served

pytestmark = pytest.mark.slow
REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"


@contextmanager
def as_user(browser: Any, served: Served, login: str, **options: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, **options)
    outside: list[str] = []
    context.on("request", lambda r: outside.append(r.url) if not r.url.startswith(served.url) else None)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(served.url)
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_selector("form.out", state="attached")  # logged in, not on the way there
    page.wait_for_load_state()
    yield page
    assert outside == [], "no page asks anything of the outside"
    context.close()


def take(page: Any, step: str, **stated: str) -> None:
    form = f'form[action$="/steps/{step}"]'
    details = page.locator(f"details.step:has({form})")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    for name, value in {"reason": REASON, **stated}.items():
        field = page.locator(f"#{step}--{name}")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator(f"{form} button").click()


def state(served: Served, case_id: str = "c-1") -> str:
    with served.office.cases.reading() as connection:
        return str(connection.scalar(select(CaseRow.state).where(CaseRow.case_id == case_id)))


def test_a_whole_week_from_the_flag_to_the_payment_list(browser: Any, served: Served) -> None:
    case = f"{served.url}/cases/c-1"
    with as_user(browser, served, "xa") as page:
        page.goto(case)
        take(page, "look_up")
        assert state(served) == "office_lookup"
    with as_user(browser, served, "canbo") as page:
        page.goto(case)
        take(page, "submit", act="cham_dut")
        assert "thông báo" in page.inner_text("#refused"), "no notice was served"
        assert page.input_value("#submit--reason") == REASON, "what was typed is kept"
        take(page, "ask", addressee="người hưởng", question="Giấy tờ gốc ở đâu?", due_on="2021-03-31")
        page.fill("[id$='--served_on']", "2021-03-01")
        page.select_option("[id$='--means']", "post_receipt")
        page.fill("[id$='--proof']", "biên nhận số 12")
        page.click("text=Ghi việc giao")
        assert "đã giao 01/03/2021" in page.inner_text("#documents")
        take(page, "submit", act="cham_dut")
        assert "chờ trả lời" in page.inner_text("#refused"), "the time to reply is not over"
        served.clock.pass_days(31)
    with as_user(browser, served, "canbo") as page:
        page.goto(case)
        take(page, "submit", act="cham_dut")
        assert state(served) == "submitted"
    with as_user(browser, served, "kiemtra2") as page:
        page.goto(case)
        take(page, "check")
        assert "đơn vị" in page.inner_text("#refused"), "the checker is of the maker's unit"
    with as_user(browser, served, "kiemtra") as page:
        page.goto(f"{served.url}/queue")
        page.click("a.open")
        take(page, "check")
    with as_user(browser, served, "kyten") as page:
        page.goto(case)
        take(page, "sign", decision_no="12/QĐ-SLĐTBXH", decision_date="2021-04-01")
    with as_user(browser, served, "canbo") as page:
        page.goto(case)
        take(page, "serve", served_on="2021-04-01", means="signature", proof="biên bản giao")
        take(page, "put_on_payment_list", month="2021-05")
    assert state(served) == "on_payment_list"
    with served.office.cases.reading() as connection:
        assert ledger.faults(connection) == []


def test_the_keyboard_alone_and_no_key_stops_anybody(browser: Any, served: Served) -> None:
    with as_user(browser, served, "canbo") as page:
        page.keyboard.press("q")
        page.wait_for_url("**/queue")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/*")
        page.keyboard.press("Shift+Slash")
        assert page.locator("#keys").is_visible()
        page.keyboard.press("Escape")
        before = {state(served, f"c-{n}") for n in range(1, 8)}
        for key in "abcdefghijklmnopqrstuvwxyz":
            page.keyboard.press(key)
        page.wait_for_load_state()
        assert {state(served, f"c-{n}") for n in range(1, 8)} == before == {"recommended"}


def test_a_typed_reason_is_not_lost_with_the_line(browser: Any, served: Served) -> None:
    with as_user(browser, served, "canbo") as page:
        page.goto(f"{served.url}/cases/c-2")
        page.locator('details.step:has(form[action$="/look_up"]) summary').click()
        page.fill("#look_up--reason", REASON)
        page.context.set_offline(True)
        page.locator('form[action$="/look_up"] button').click()
        page.wait_for_timeout(300)
        page.context.set_offline(False)
        page.goto(f"{served.url}/cases/c-2")
        assert page.input_value("#look_up--reason") == REASON


def test_the_pages_work_without_scripts(browser: Any, served: Served) -> None:
    with as_user(browser, served, "canbo", java_script_enabled=False) as page:
        page.goto(f"{served.url}/cases/c-3")
        page.locator('details.step:has(form[action$="/look_up"]) summary').click()
        page.fill("#look_up--reason", REASON)
        page.locator('form[action$="/look_up"] button').click()
        assert state(served, "c-3") == "office_lookup"
