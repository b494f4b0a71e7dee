"""A pause that turns out wrong: resumed with arrears from the month of suspension; nothing is closed on a pause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import DatabaseError

from eligibility_audit.domain.review.resumption import months_owed, resumed_from
from eligibility_audit.domain.review.states import State, Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.along import add_document
from eligibility_audit.store.tables import CaseRow, StepRow
from eligibility_audit.use_cases.review.take_step import take_step
from tests.web.conftest import Served, dossier

REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"


@pytest.mark.parametrize(
    ("stated", "month"),
    [
        pytest.param({"ground": "cleared"}, "2021-04", id="cleared: the month it was stopped"),
        pytest.param({"ground": "lied_for_extra"}, "2021-04", id="claimed extra: that month, at the right rate"),
        pytest.param({"ground": "released", "event_date": "2021-12-31"}, "2022-01", id="released: the month after"),
        pytest.param({"ground": "returned", "event_date": "2021-06-01"}, "2021-07", id="returned: the month after"),
        pytest.param({"ground": "annulled", "from_month": "2021-02"}, "2021-02", id="annulled: as ruled"),
    ],
)
def test_the_month_follows_from_the_ground(stated: dict[str, str], month: str) -> None:
    assert resumed_from("2021-04", stated) == month


@pytest.mark.parametrize(
    "stated", [{}, {"ground": "x"}, {"ground": "released"}, {"ground": "annulled", "from_month": "tháng 2"}]
)
def test_without_its_ground_there_is_no_month(stated: dict[str, str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the guard says it in words
        resumed_from("2021-04", stated)


@given(st.integers(1990 * 12, 2090 * 12), st.integers(0, 60))
def test_what_is_owed_are_the_months_in_between(month: int, months: int) -> None:
    first, last = ((number // 12, number % 12 + 1) for number in (month, month + months))
    assert months_owed("{}-{:02}".format(*first), "{}-{:02}".format(*last)) == months


def step(served: Served, login: str, what: Step, **stated: object) -> State:
    with served.office.cases.reading() as connection:
        seq = connection.scalar(select(CaseRow.seq).where(CaseRow.case_id == "c-1"))
    told = {"reason": REASON, **stated}
    return take_step(served.office, served.actors[login], "c-1", what, told, seq=int(seq or 0))


def signed(served: Served, month: str) -> None:
    step(served, "kiemtra", Step.CHECK)
    step(served, "kyten", Step.SIGN, decision_no="12/QĐ", decision_date="2021-03-01")
    step(served, "canbo", Step.SERVE, served_on="2021-03-01", means="signature", proof="biên bản")
    step(served, "canbo", Step.PUT_ON_PAYMENT_LIST, month=month)


@pytest.fixture
def paused(served: Served) -> Served:
    others = [dossier(n) for n in range(2, 8)]
    served.office.cases.attach("run-2", [dossier(1, monthly_amount=1_624_000), *others], served.clock())
    step(served, "canbo", Step.LOOK_UP)
    step(served, "canbo", Step.RECORD_SIGNS, document_no="9/KL-TTr", document_date="2021-02-01")
    for kind in ("request_to_body", "invitation"):
        add_document(served.office, served.actors["canbo"], "c-1", kind, "Văn bản 3/SLĐTBXH")
    step(served, "canbo", Step.SUBMIT, act="tam_dung")
    signed(served, "2021-04")
    with pytest.raises(RefusedError, match="tạm dừng"):
        step(served, "canbo", Step.CLOSE)
    assert step(served, "canbo", Step.AWAIT_CONCLUSION, request_no="3/SLĐTBXH") == State.AWAITING_CONCLUSION
    return served


def test_cleared_of_forgery_the_person_is_paid_from_the_month_of_suspension(paused: Served) -> None:
    with pytest.raises(RefusedError, match="kết luận"):
        step(paused, "canbo", Step.SUBMIT, act="huong_lai", ground="cleared")
    add_document(paused.office, paused.actors["canbo"], "c-1", "conclusion", "Kết luận: giấy tờ đúng", number="7/KL")
    with pytest.raises(RefusedError, match="căn cứ hưởng lại"):
        step(paused, "canbo", Step.SUBMIT, act="huong_lai")
    step(paused, "canbo", Step.SUBMIT, act="huong_lai", ground="cleared", from_month="1999-01", months_owed="900")
    signed(paused, "2021-08")  # by the same checker and signer as the pause
    with paused.office.cases.reading() as connection:
        last = select(StepRow.stated).where(StepRow.case_id == "c-1").order_by(StepRow.seq.desc()).limit(1)
        told = connection.scalar(last)
        assert ledger.faults(connection) == []
    assert told is not None
    assert (told["from_month"], told["months_owed"], told["owed"]) == ("2021-04", 4, 6_496_000)
    page = paused.client("canbo").get("/cases/c-1").text
    assert "Truy lĩnh từ tháng 04/2021: 4 tháng, 6.496.000 đồng" in page
    assert step(paused, "canbo", Step.CLOSE) == State.CLOSED


def test_a_resumption_needs_a_stop(served: Served) -> None:
    step(served, "canbo", Step.LOOK_UP)
    add_document(served.office, served.actors["canbo"], "c-1", "conclusion", "Kết luận")
    with pytest.raises(RefusedError, match="không có việc dừng"):
        step(served, "canbo", Step.SUBMIT, act="huong_lai", ground="cleared")


def test_a_paused_case_is_not_closed_by_sql(paused: Served) -> None:
    officer = paused.actors["canbo"]
    with paused.office.cases.reading() as connection:
        case = connection.execute(select(CaseRow.seq, CaseRow.state).where(CaseRow.case_id == "c-1")).one()
    row = {
        "case_id": "c-1", "seq": case.seq + 1, "round": 1, "step": "submit", "before": case.state,
        "after": "submitted", "effect": "resume", "actor_id": officer.user_id, "actor_role": "officer",
        "actor_unit": officer.unit, "at": paused.clock(), "on_day": paused.office.today(), "reason": REASON,
        "stated": {},
    }  # fmt: skip
    with pytest.raises(DatabaseError, match="needs a conclusion"), paused.office.engine.begin() as connection:
        connection.execute(insert(StepRow), [row])
