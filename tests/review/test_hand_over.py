"""Assignment, absence and its deputy, hand-over, ties, where one stopped, the visit sheet."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import assignments, ledger
from eligibility_audit.store.accounts import add_account
from eligibility_audit.store.queue import Filter, queue
from eligibility_audit.store.tables import CaseRow
from eligibility_audit.use_cases.review.take_step import take_step
from tests.web.conftest import PASSWORD, Served, dossier
from tests.web.test_attacks import word

REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"
NOTE = "xem kỹ sổ chi trả trước khi hỏi"


@pytest.fixture
def second(served: Served) -> Actor:
    """A colleague of the officer, of the same unit and district."""
    return add_account(
        served.office, login="canbo2", name="Người canbo2", role=Role.OFFICER, unit="Phòng huyện B",
        password=PASSWORD, districts=["Huyện B"],
    )  # fmt: skip


def mine(served: Served, actor: Actor, whose: str = "me") -> set[str]:
    return {line.case_id for line in queue(served.office, actor, Filter(mine=False, whose=whose)).lines}


def give(served: Served, to: Actor, *cases: str) -> None:
    for case_id in cases:
        assignments.assign(served.office, served.actors["canbo"], case_id, to.user_id, NOTE)


def test_the_queue_shows_mine_my_unit_s_and_nobody_s(served: Served, second: Actor) -> None:
    give(served, served.actors["canbo"], "c-1")
    give(served, second, "c-2")
    assert mine(served, served.actors["canbo"]) == {"c-1"}
    assert mine(served, second) == {"c-2"}
    assert mine(served, second, "unit") == {"c-1", "c-2"}
    assert mine(served, second, "nobody") == {"c-3", "c-4", "c-5", "c-7"}
    assert [one["note"] for one in assignments.history_of(served.office, second, "c-2")] == [NOTE]


@pytest.mark.parametrize(
    ("by", "to", "case_id", "why"),
    [
        pytest.param("canbo", "xa", "c-1", "không cùng đơn vị", id="another unit"),
        pytest.param("kyten", "xa", "c-6", "địa bàn của người nhận", id="not the taker's area"),
        pytest.param("canbo", "canbo", "c-6", "không có hồ sơ này", id="not the giver's area"),
        pytest.param("canbo", "kiemtra", "c-1", "không phải là cán bộ thụ lý", id="a checker works on no case"),
        pytest.param("xem", "canbo", "c-1", "Vai trò", id="a viewer gives nothing"),
        pytest.param("kiemtra", "canbo", "c-1", "Vai trò", id="a checker gives nothing"),
    ],
)
def test_who_is_not_given_a_case(served: Served, by: str, to: str, case_id: str, why: str) -> None:
    with pytest.raises(RefusedError, match=f"(?i){why}"):
        assignments.assign(served.office, served.actors[by], case_id, served.actors[to].user_id, NOTE)


def test_who_is_tied_is_never_given_the_case_and_takes_no_step(served: Served, second: Actor) -> None:
    give(served, second, "c-1")
    assert assignments.state_tie(served.office, second, "hh000001", "kin") == "c-1"
    assert mine(served, second) == set(), "what was theirs is theirs no more"
    with pytest.raises(RefusedError, match="người thân"):
        give(served, second, "c-1")
    with pytest.raises(RefusedError, match="người thân"):
        take_step(served.office, second, "c-1", Step.LOOK_UP, {"reason": REASON}, seq=0)
    give(served, served.actors["canbo"], "c-1", "c-2")
    done = assignments.hand_over(
        served.office, served.actors["canbo"], served.actors["canbo"].user_id, second.user_id, NOTE
    )
    assert done.given == 1
    assert [case_id for case_id, _ in done.stayed] == ["c-1"]
    assert mine(served, second) == {"c-2"}
    with served.office.cases.reading() as connection:
        assert ledger.faults(connection) == []


def test_a_deputy_sees_the_cases_of_the_absent_but_not_those_they_are_tied_to(served: Served, second: Actor) -> None:
    office, officer = served.office, served.actors["canbo"]
    give(served, officer, "c-1", "c-2")
    assignments.state_tie(office, second, "c-2", "certified")
    today = office.today()
    assignments.state_absence(
        office, officer, officer.user_id, today + timedelta(1), today + timedelta(3), second.user_id
    )
    seen = []
    for _ in range(5):
        seen.append(mine(served, second))
        served.clock.pass_days(1)
    assert seen == [set(), {"c-1"}, {"c-1"}, {"c-1"}, set()], "from the first day to the last"


def test_who_is_away_is_given_nothing_and_is_no_deputy(served: Served, second: Actor) -> None:
    office, officer = served.office, served.actors["canbo"]
    today = office.today()
    absence = assignments.state_absence(office, second, second.user_id, today, today, officer.user_id)
    with pytest.raises(RefusedError, match="vắng mặt"):
        give(served, second, "c-1")
    with pytest.raises(RefusedError, match="vắng mặt"):
        assignments.state_absence(office, officer, officer.user_id, today, today + timedelta(5), second.user_id)
    assignments.end_absence(office, second, absence)
    give(served, second, "c-1")


@pytest.mark.parametrize(("who", "deputy"), [("canbo", "canbo"), ("canbo", "xa"), ("xa", "canbo")])
def test_absences_that_are_refused(served: Served, who: str, deputy: str) -> None:
    today = served.office.today()
    user, other = served.actors[who].user_id, served.actors[deputy].user_id
    with pytest.raises(RefusedError):
        assignments.state_absence(served.office, served.actors[who], user, today, today, other)


def test_nobody_speaks_for_another_but_who_leads(served: Served, second: Actor) -> None:
    office, officer = served.office, served.actors["canbo"]
    today = office.today()
    with pytest.raises(RefusedError, match="lãnh đạo"):
        assignments.state_absence(office, second, officer.user_id, today, today, second.user_id)
    with pytest.raises(RefusedError, match="lãnh đạo"):
        assignments.hand_over(office, second, officer.user_id, second.user_id, NOTE)
    give(served, officer, "c-1")
    assert assignments.hand_over(office, served.actors["kyten"], officer.user_id, second.user_id, NOTE).given == 1


def test_the_pages_of_hand_over(served: Served, second: Actor) -> None:
    give(served, served.actors["canbo"], "c-1", "c-2")
    client = served.client("canbo")
    form = {"csrf": word(client)}
    day = served.office.today().isoformat()
    assert (
        client.post(
            "/colleagues/absences", data={**form, "deputy": second.user_id, "from_day": day, "to_day": "x"}
        ).status_code
        == 422
    )
    done = client.post("/colleagues/hand-over", data={**form, "to_user": second.user_id, "note": NOTE})
    assert "Đã bàn giao 2 hồ sơ" in done.text
    away = {**form, "deputy": second.user_id, "from_day": day, "to_day": day}
    assert client.post("/colleagues/absences", data=away).status_code == 303
    assert "người thay: Người canbo2" in client.get("/colleagues").text
    assert client.post("/colleagues/ties", data={**form, "number": "HH000006", "tie": "kin"}).status_code == 422, (
        "elsewhere"
    )
    assert client.post("/colleagues/ties", data={**form, "number": "HH000003", "tie": "kin"}).status_code == 303
    assert "HH000003" in client.get("/colleagues").text


def test_it_goes_on_where_one_stopped(served: Served) -> None:
    client = served.client("canbo")
    assert "Làm tiếp" not in client.get("/").text
    client.get("/queue?programme=agent_orange&age=0-7")
    client.get("/cases/c-3")
    for _ in range(50):  # written once the page is sent
        page = client.get("/").text
        if "Làm tiếp" in page:
            break
        time.sleep(0.02)
    assert 'href="/cases/c-3"' in page.split("Làm tiếp")[1][:300]
    assert "age=0-7" in page
    assert "Làm tiếp" not in served.client("xa").get("/").text, "each their own"


def test_the_sheet_of_visits_by_hamlet(served: Served) -> None:
    office, officer = served.office, served.actors["canbo"]
    known = [*(dossier(n) for n in (1, 2, 3, 4, 5, 7)), dossier(6, commune="Xã C", district="Huyện D")]
    for number, hamlet in ((8, "Thôn Đông"), (9, "Thôn Bắc")):
        one = dossier(number)
        frozen = {**one.frozen, "record": {**one.frozen["record"], "hamlet": hamlet}}
        known.append(type(one)(one.case_id, one.columns, frozen))
    office.cases.attach("run-2", known, served.clock())
    asked = {"kind": "field_visit", "body": "xã", "question": "ông còn sống không?", "due_on": "2021-03-20"}
    for number in (1, 8, 9):
        take_step(
            office, officer, f"c-{number}", Step.ORDER_VERIFICATION, {**asked, "finding": "f", "reason": REASON}, seq=0
        )
    other = {**asked, "kind": "question_to_body", "finding": "f", "reason": REASON}
    take_step(office, officer, "c-2", Step.ORDER_VERIFICATION, other, seq=0)
    client = served.client("xa")
    assert "Xã A" in client.get("/visits").text
    page = client.get("/visits?district=Huyện B&commune=Xã A").text
    order = [
        page.index(text)
        for text in ("Thôn Bắc", "Người Thử 9", "Thôn Đông", "Người Thử 8", "Chưa rõ thôn", "Người Thử 1<")
    ]
    assert order == sorted(order)
    assert "Người Thử 2" not in page, "no visit to them"
    assert "034048000001" not in page
    assert "•001" in page
    for box in ("đúng", "chưa đúng", "không kiểm tra được", "vắng mặt", "đã chết"):
        assert f"☐ {box}" in page
    assert "Người Thử" not in client.get("/visits?district=Huyện D&commune=Xã C").text
    result = {"reason": REASON, "result": "dung", "document": "biên bản"}
    take_step(office, served.actors["xa"], "c-8", Step.RECORD_RESULT, result, seq=1)
    assert "Thôn Đông" not in client.get("/visits?district=Huyện B&commune=Xã A").text
    with office.cases.reading() as connection:
        assert connection.scalar(select(CaseRow.state).where(CaseRow.case_id == "c-8")) == "office_lookup"
