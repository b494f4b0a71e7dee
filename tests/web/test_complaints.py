"""Complaints and letters against the real server: the whole way by forms alone, and once in a browser."""

import hashlib
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from eligibility_audit.domain.review.people import Role
from eligibility_audit.publish.letters import lines
from eligibility_audit.store import ledger
from eligibility_audit.store.accounts import add_account
from eligibility_audit.store.tables import CaseRow, ComplaintRow, DocumentRow
from tests.web.conftest import PASSWORD, Served
from tests.web.test_attacks import word
from tests.web.test_week import as_user

REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"


@pytest.fixture
def people(served: Served) -> Served:
    """The office, with somebody who took part in nothing."""
    made = add_account(
        served.office, login="thanhtra", name="Người thanhtra", role=Role.INSPECTOR, unit="Thanh tra tỉnh",
        password=PASSWORD,
    )  # fmt: skip
    served.actors["thanhtra"] = made
    return served


def step(served: Served, login: str, what: str, case: str = "c-1", **stated: str) -> httpx.Response:
    client = served.client(login)
    with served.office.cases.reading() as connection:
        seq = connection.scalar(select(CaseRow.seq).where(CaseRow.case_id == case))
    form = {"csrf": word(client), "seq": str(seq), "reason": REASON, **stated}
    return client.post(f"/cases/{case}/steps/{what}", data=form)


def move(served: Served, login: str, complaint: str, what: str, **stated: str) -> httpx.Response:
    client = served.client(login)
    with served.office.cases.reading() as connection:
        seq = connection.scalar(select(ComplaintRow.seq).where(ComplaintRow.complaint_id == complaint))
    form = {"csrf": word(client), "seq": str(seq), "reason": REASON, **stated}
    return client.post(f"/complaints/{complaint}/steps/{what}", data=form)


def decided(served: Served) -> None:
    """A lower rate, noticed, answered for in silence, signed and served."""
    step(served, "canbo", "ask", addressee="người hưởng", question="Giấy tờ gốc ở đâu?", due_on="2021-03-31")
    client = served.client("canbo")
    notice = re.search(r"/cases/c-1/notices/([^\"]+)\"", client.get("/cases/c-1").text)
    assert notice
    proof = {"served_on": "2021-03-01", "means": "post_receipt", "proof": "biên nhận 12"}
    client.post(f"/cases/c-1/notices/{notice[1]}", data={"csrf": word(client), **proof})
    served.clock.pass_days(31)
    assert step(served, "canbo", "submit", act="cham_dut").status_code == 303
    assert step(served, "kiemtra", "check").status_code == 303
    assert step(served, "kyten", "sign", decision_no="12/QĐ-SLĐ", decision_date="2021-04-01").status_code == 303
    proof = {"served_on": "2021-04-01", "means": "signature", "proof": "biên bản giao"}
    assert step(served, "canbo", "serve", **proof).status_code == 303
    assert step(served, "canbo", "put_on_payment_list", month="2021-05").status_code == 303


def entered(served: Served, login: str = "canbo", **stated: str) -> str:
    client = served.client(login)
    page = client.get("/complaints/new?case=c-1").text
    against = re.search(r'<option value="(\d+)">số 12/QĐ-SLĐ', page)
    form = {"kind": "khieu_nai", "subject": "Tôi vẫn còn sống; = xin xem lại", "case_id": "c-1", "via": "reception"}
    form |= {"against_step": against[1]} if against else {}
    answer = client.post("/complaints/new", data={"csrf": word(client), **form, **stated})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/complaints/")


def letter(served: Served, login: str, address: str, **stated: str) -> httpx.Response:
    client = served.client(login)
    return client.post(f"{address}/letters", data={"csrf": word(client), **stated})


def test_the_whole_way_from_complaint_to_reopening(people: Served) -> None:
    served = people
    decided(served)
    complaint = entered(served)
    paper = {"document_no": "5/TB", "document_date": "2021-04-01"}
    client = served.client("canbo")
    page = client.get(f"/complaints/{complaint}").text
    assert "Trong thời hiệu, đến hết ngày 30/06/2021" in page
    assert "Giám đốc Sở" in page
    assert "đang mở: không ra việc bất lợi mới" in client.get("/cases/c-1").text
    assert complaint in client.get("/complaints").text
    assert move(served, "canbo", complaint, "accept", **paper).status_code == 303
    assert move(served, "canbo", complaint, "decide_hold", hold="yes").status_code == 422, "an officer does not"
    assert move(served, "kyten", complaint, "decide_hold", hold="yes").status_code == 303
    maker = served.actors["canbo"].user_id
    refused = move(served, "kyten", complaint, "assign_verifier", verifier=maker)
    assert refused.status_code == 422
    assert "đã tham gia hồ sơ" in refused.text
    assert REASON in refused.text, "what was typed is kept"
    verifier = served.actors["thanhtra"].user_id
    assert move(served, "kyten", complaint, "assign_verifier", verifier=verifier).status_code == 303
    assert move(served, "thanhtra", complaint, "report", document="Báo cáo 3/BC").status_code == 303
    dialogue = {"dialogue_on": "2021-04-01", "document": "Biên bản đối thoại"}
    assert move(served, "thanhtra", complaint, "hold_dialogue", **dialogue).status_code == 303
    ruling = {**paper, "document_no": "9/QĐ-GQKN", "outcome": "annulled"}
    assert move(served, "kyten", complaint, "settle", **ruling).status_code == 303
    client = served.client("canbo")
    page = client.get(f"/complaints/{complaint}").text
    assert "Tính từ tháng 05/2021" in page
    assert "mới được đề xuất" in client.get("/cases/c-1").text, "the case is open again, and its page is there"
    made = letter(served, "canbo", f"/complaints/{complaint}", letter="settlement", contact="Phòng, 0200")
    assert made.status_code == 200
    assert "hủy bỏ quyết định" in " ".join(lines(made.content))
    with served.office.cases.reading() as connection:
        assert ledger.faults(connection) == []


def test_a_letter_is_downloaded_and_recorded_with_its_hash(served: Served) -> None:
    made = letter(served, "canbo", "/cases/c-1", letter="notice", contact="=HYPERLINK(1)")
    text = " ".join(lines(made.content))
    assert "'=HYPERLINK(1)" in text
    assert "Người Thử 1" in text
    assert "034048000001" not in text
    with served.office.cases.reading() as connection:
        row = connection.execute(select(DocumentRow.kind, DocumentRow.sha256, DocumentRow.file_name)).one()
    assert (row.kind, row.sha256) == ("letter_notice", hashlib.sha256(made.content).hexdigest())
    assert row.file_name == "notice-c-1.docx"
    assert letter(served, "canbo", "/cases/c-1", letter="cleared").status_code == 422, "it is not cleared yet"
    assert letter(served, "canbo", "/cases/c-1", letter="../../etc/passwd").status_code == 422
    assert letter(served, "canbo", "/cases/c-6", letter="notice").status_code == 422, "another district"
    assert letter(served, "xem", "/cases/c-1", letter="notice").status_code == 422, "a viewer"


def test_an_office_s_own_template_that_is_not_in_order_is_a_sentence(served: Served, tmp_path: Path) -> None:
    own = served.office.attachments.parent / "letters"
    own.mkdir(exist_ok=True)
    try:
        (own / "notice.docx").write_bytes(b"no docx")
        answer = letter(served, "canbo", "/cases/c-1", letter="notice")
        assert answer.status_code == 422
        assert "notice.docx" in answer.text
    finally:
        (own / "notice.docx").unlink()


@pytest.mark.parametrize("address", ["/complaints", "/complaints/new", "/complaints/reception", "/complaints/k-x"])
def test_nobody_sees_it_without_logging_in(served: Served, address: str) -> None:
    assert served.client().get(address).status_code == 303


def test_scope_forms_and_strangers(served: Served) -> None:
    client = served.client("canbo")
    csrf = word(client)
    form = {"kind": "khieu_nai", "subject": "Khiếu nại của người khác huyện", "case_id": "c-6", "csrf": csrf}
    assert client.post("/complaints/new", data=form).status_code in (404, 422)
    assert client.get("/complaints/new?case=c-6").status_code == 404
    assert client.post("/complaints/new", data={**form, "case_id": "c-1", "csrf": "x"}).status_code == 403
    assert client.post("/complaints/new", data={"csrf": csrf}).status_code == 422
    assert client.get("/complaints/k-nothing").status_code == 404
    assert client.get("/complaints/reception?day=abc").status_code == 404
    assert client.get("/complaints/reception").status_code == 200
    client = served.client("xem")
    assert client.get("/complaints/new").status_code == 422


def test_a_denunciation_is_not_there_for_others(served: Served) -> None:
    kept = {"kind": "to_cao", "subject": "Tố cáo cán bộ nhận hồ sơ sai", "reporter": "Người Báo", "contact": "xóm 3"}
    made = entered(served, "canbo", **kept)
    for login in ("xa", "kiemtra", "xem"):
        client = served.client(login)
        assert client.get(f"/complaints/{made}").status_code == 404
        assert made not in client.get("/cases/c-1").text + client.get("/complaints").text
    client = served.client("kyten")
    assert "Người Báo" not in client.get(f"/complaints/{made}").text
    seen = client.post(f"/complaints/{made}/reporter", data={"csrf": word(client), "reason": REASON})
    assert "Người Báo" in seen.text


@pytest.mark.slow
def test_a_complaint_in_a_browser(browser: Any, people: Served) -> None:
    with as_user(browser, people, "canbo", java_script_enabled=False) as page:
        page.goto(f"{people.url}/cases/c-1")
        page.click("text=Nhận đơn về hồ sơ này")
        page.check('input[name="kind"][value="kien_nghi"]')
        page.fill("#subject", "Đề nghị xem lại tên trên danh sách")
        page.click("button.main")
        assert "kiến nghị" in page.inner_text("h1").lower()
        page.locator("details.step summary", has_text="Trả lời").click()
        page.fill("#answer--document", "Công văn 8/CV")
        page.fill("#answer--reason", REASON)
        page.click('form[action$="/steps/answer"] button')
        assert "đã giải quyết" in page.inner_text(".state")
        for width in (360, 683, 1366):
            page.set_viewport_size({"width": width, "height": 740})
            for path in ("/complaints?done=true", "/complaints/new?case=c-1", "/complaints/reception", page.url):
                page.goto(path if path.startswith("http") else people.url + path)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, path)
