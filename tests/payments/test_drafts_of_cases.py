"""Which draft a case allows where it stands; what is refused, and why."""

from datetime import date

import pytest
from sqlalchemy import insert, update

from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.publish.letters import lines
from eligibility_audit.store.case_page import case_page
from eligibility_audit.store.tables import CaseRow, DocumentRow, OrderRow
from eligibility_audit.use_cases.review.drafts import draft_of_case, offered
from tests.store.invented import CHECKER, COMMUNE, OFFICER

from .conftest import DAY, NOW, Desk


def may(desk: Desk, number: int) -> list[str]:
    page = case_page(desk.office, OFFICER, f"c-{number}")
    assert page is not None
    return offered(page)


def test_a_decision_is_drafted_once_submitted_and_before_it_is_signed(desk: Desk) -> None:
    assert may(desk, 5) == [], "looked up, nothing submitted"
    desk.decided(5, "cham_dut", "end", until=Step.SUBMIT)
    assert may(desk, 5) == ["draft_cham_dut"]
    text = " ".join(lines(draft_of_case(desk.office, OFFICER, "c-5", "draft_cham_dut", {}).content))
    for said in ("Hoàng Thị Ví Dụ", "khoản 4 Điều 122", "căn cứ đã kiểm tra", "Giám đốc Sở Nội vụ".upper()[:9]):
        assert said in text, said
    with pytest.raises(RefusedError, match="được trình là"):
        draft_of_case(desk.office, OFFICER, "c-5", "draft_tam_dung", {})
    assert may(desk, 4) == [], "signed already"
    with pytest.raises(RefusedError, match="chưa ký"):
        draft_of_case(desk.office, OFFICER, "c-4", "draft_cham_dut", {})
    with pytest.raises(RefusedError, match="Vai trò"):
        draft_of_case(desk.office, CHECKER, "c-5", "draft_cham_dut", {})


def test_a_law_that_is_not_confirmed_is_printed_as_such(desk: Desk) -> None:
    with desk.office.cases.writing() as connection:
        connection.execute(update(CaseRow).where(CaseRow.case_id == "c-5").values(law_mark="to_verify"))
    desk.decided(5, "cham_dut", "end", until=Step.SUBMIT)
    made = draft_of_case(desk.office, OFFICER, "c-5", "draft_cham_dut", {})
    assert any("Căn cứ pháp lý cần kiểm tra trước khi ký" in line for line in lines(made.content))


def test_a_repayment_needs_a_numbered_conclusion_and_a_second_signer(desk: Desk) -> None:
    desk.decided(5, "truy_thu", "repay", until=Step.SUBMIT)
    with pytest.raises(RefusedError, match="kết luận đã ký"):
        draft_of_case(desk.office, OFFICER, "c-5", "draft_truy_thu", {"second_signer": "u-signer"})
    paper = {"document_id": "d-k", "case_id": "c-5", "round": 1, "kind": "conclusion", "title": "Kết luận"}
    with desk.office.cases.writing() as connection:
        of = {"number": "44/KL-TTr", "dated_on": date(2026, 10, 1), "added_by": OFFICER.user_id, "added_at": NOW}
        connection.execute(insert(DocumentRow), [paper | of])
    for login in ("", OFFICER.user_id):
        with pytest.raises(RefusedError, match="người ký thứ hai"):
            draft_of_case(desk.office, OFFICER, "c-5", "draft_truy_thu", {"second_signer": login})
    made = draft_of_case(desk.office, OFFICER, "c-5", "draft_truy_thu", {"second_signer": CHECKER.user_id})
    text = " ".join(lines(made.content))
    assert "Kết luận số 44/KL-TTr ngày 01/10/2026" in text
    assert CHECKER.name in text


@pytest.mark.parametrize(
    ("kind", "key"), [("unit_decoding", "form_37"), ("medical_board", "form_38"), ("forensic", "forensic")]
)
def test_forms_follow_an_open_order_of_their_kind(desk: Desk, kind: str, key: str) -> None:
    with pytest.raises(RefusedError, match="chưa có yêu cầu xác minh"):
        draft_of_case(desk.office, OFFICER, "c-5", key, {})
    order = {"order_id": "o-1", "case_id": "c-5", "round": 1, "kind": kind, "body": "Bộ Chỉ huy quân sự tỉnh Giả"}
    more = {"question": "Đơn vị ấy ở đâu?", "reason": "hồ sơ chỉ ghi ký hiệu", "due_on": DAY, "ordered_on": DAY}
    with desk.office.cases.writing() as connection:
        connection.execute(insert(OrderRow), [order | more | {"ordered_by": OFFICER.user_id}])
    assert may(desk, 5) == [key]
    text = " ".join(lines(draft_of_case(desk.office, COMMUNE, "c-5", key, {}).content))
    assert "Bộ Chỉ huy quân sự tỉnh Giả" in text
    assert "Đơn vị ấy ở đâu?" in text
    with desk.office.cases.writing() as connection:
        connection.execute(update(OrderRow).values(result="dung", result_on=DAY, recorded_by=OFFICER.user_id))
    assert may(desk, 5) == [], "answered"


def test_only_files_of_the_army_or_the_police_are_referred(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="quân đội, công an"):
        draft_of_case(desk.office, OFFICER, "c-5", "draft_chuyen", {})
    assert may(desk, 6) == ["draft_chuyen"]
    assert draft_of_case(desk.office, OFFICER, "c-6", "draft_chuyen", {}).name == "draft_chuyen-c-6.docx"
