"""Bulk acts: a preview that tells what will change and why not, a cap on stops, a result for each row."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from eligibility_audit.domain.review.limits import stops_at_once
from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.bulk import read_bulk
from eligibility_audit.store.tables import CaseRow, DocumentRow, LedgerRow, NoticeRow, StepRow
from eligibility_audit.store.team_tables import ProgrammeSizeRow
from eligibility_audit.use_cases.review import bulk
from eligibility_audit.use_cases.review.take_step import take_step
from tests.web.conftest import PASSWORD, Served, dossier
from tests.web.test_attacks import word

REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"
OWN = [{"finding_id": "f-own", "rule_id": "AO_DISEASE", "outcome": "not_met"}]


@pytest.mark.parametrize(
    ("persons", "allowed"),
    [
        pytest.param(0, 0, id="nobody is known of: none"),
        pytest.param(199, 0, id="0.995 of a person: none"),
        pytest.param(200, 1, id="exactly 0.5 %"),
        pytest.param(399, 1, id="1.995: one"),
        pytest.param(3_999, 19, id="19.995: nineteen"),
        pytest.param(4_000, 20, id="both limits meet"),
        pytest.param(200_000, 20, id="20 is the smaller"),
    ],
)
def test_stops_in_bulk_are_twenty_or_half_a_per_cent_the_smaller(persons: int, allowed: int) -> None:
    assert stops_at_once(persons) == allowed


@given(st.integers(0, 10**7))
def test_the_cap_is_never_more_than_either_limit(persons: int) -> None:
    assert stops_at_once(persons) <= min(20, persons * 0.005)
    assert stops_at_once(persons) <= stops_at_once(persons + 1)


def state(served: Served, case_id: str) -> str:
    with served.office.cases.reading() as connection:
        return str(connection.scalar(select(CaseRow.state).where(CaseRow.case_id == case_id)))


def ready_to_stop(served: Served, count: int, persons: int = 100_000) -> list[str]:
    """Cases whose notice was served and answered: each may be proposed to end."""
    office, officer = served.office, served.actors["canbo"]
    ids = [f"c-{number}" for number in range(100, 100 + count)]
    known = [dossier(n) for n in (*range(1, 6), 7)] + [dossier(6, commune="Xã C", district="Huyện D")]
    office.cases.attach("run-2", [*known, *(dossier(n) for n in range(100, 100 + count))], served.clock())
    day = office.today()
    for case_id in ids:
        take_step(office, officer, case_id, Step.LOOK_UP, {"reason": REASON}, seq=0)
    with office.cases.writing() as connection:
        size = {"run_id": "run-2", "programme": "agent_orange", "persons": persons, "counted_at": served.clock()}
        connection.execute(insert(ProgrammeSizeRow), [size])
        for case_id in ids:
            paper = {"document_id": f"d{case_id}", "case_id": case_id, "round": 1, "kind": "reply", "title": "x"}
            connection.execute(insert(DocumentRow), [paper | {"added_by": officer.user_id, "added_at": served.clock()}])
            sent = {
                "notice_id": f"n{case_id}",
                "case_id": case_id,
                "round": 1,
                "kind": "x",
                "proof_document": f"d{case_id}",
            }
            days = {"issued_on": day - timedelta(9), "served_on": day - timedelta(7), "reply_due": day}
            told = {"issued_by": officer.user_id, "means": "signature", "replied_on": day - timedelta(1)}
            connection.execute(insert(NoticeRow), [sent | days | told])
    return ids


def stop(served: Served, ids: list[str]) -> str:
    return bulk.preview(served.office, served.actors["canbo"], "submit", ids, {"act": "cham_dut"})


def test_the_preview_tells_what_will_change_and_changes_nothing(served: Served) -> None:
    take_step(served.office, served.actors["canbo"], "c-2", Step.LOOK_UP, {"reason": REASON}, seq=0)
    made = bulk.preview(served.office, served.actors["canbo"], "look_up", ["c-1", "c-2", "c-3", "c-6", "c-1"], {})
    shown = read_bulk(served.office, served.actors["canbo"], made)
    assert shown is not None
    assert {line.case_id: line.outcome for line in shown.lines} == {"c-1": "will", "c-2": "refused", "c-3": "will"}
    assert "không có việc" in next(iter(shown.reasons))
    assert state(served, "c-1") == "recommended"


def test_a_case_that_changed_since_the_preview_is_refused_and_stops_no_other(served: Served) -> None:
    office, officer = served.office, served.actors["canbo"]
    made = bulk.preview(office, officer, "look_up", ["c-1", "c-2", "c-3"], {})
    take_step(office, served.actors["xa"], "c-2", Step.LOOK_UP, {"reason": REASON}, seq=0)
    done = bulk.confirm(office, officer, made, REASON)
    assert [line.outcome for line in done.lines] == ["done", "failed", "done"]
    assert "Người khác vừa xử lý" in done.lines[1].why
    with office.cases.reading() as connection:
        assert ledger.faults(connection) == []
        steps = connection.execute(select(StepRow.case_id, func.count()).group_by(StepRow.case_id)).tuples().all()
        assert dict(steps) == {"c-1": 1, "c-2": 1, "c-3": 1}, "each in the ledger by itself"
    with pytest.raises(RefusedError, match="đã được xác nhận"):
        bulk.confirm(office, officer, made, REASON)


@pytest.mark.parametrize("reason", ["", "ok", " " * 20])
def test_a_batch_needs_a_reason(served: Served, reason: str) -> None:
    made = bulk.preview(served.office, served.actors["canbo"], "look_up", ["c-1"], {})
    with pytest.raises(RefusedError, match="lý do"):
        bulk.confirm(served.office, served.actors["canbo"], made, reason)
    assert state(served, "c-1") == "recommended"


def test_twenty_stops_go_at_once_and_the_twenty_first_does_not(served: Served) -> None:
    ids = ready_to_stop(served, 21)
    office, officer = served.office, served.actors["canbo"]
    with pytest.raises(RefusedError, match="vượt giới hạn"):
        bulk.confirm(office, officer, stop(served, ids), REASON)
    assert state(served, ids[0]) == "office_lookup", "nothing was done of a batch over the cap"
    done = bulk.confirm(office, officer, stop(served, ids[:20]), REASON)
    assert done.count("done") == 20, done.reasons.keys()
    with pytest.raises(RefusedError, match="vượt giới hạn"):
        bulk.confirm(office, officer, stop(served, ids[20:]), REASON)  # many small batches are one large one
    served.clock.pass_days(1)
    assert bulk.confirm(office, officer, stop(served, ids[20:]), REASON).count("done") == 1


@pytest.mark.parametrize(("persons", "fits"), [(400, True), (399, False)])
def test_half_a_per_cent_of_a_small_programme_is_the_cap(served: Served, persons: int, fits: bool) -> None:
    made = stop(served, ready_to_stop(served, 2, persons))
    over = bulk.over_cap(served.office, served.actors["canbo"], _read(served, made))
    assert (over == []) is fits


def _read(served: Served, made: str) -> bulk.Bulk:
    found = read_bulk(served.office, served.actors["canbo"], made)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("login", "reason", "lifted"),
    [
        pytest.param("kiemtra", REASON, True, id="a checker"),
        pytest.param("kyten", REASON, True, id="an authority"),
        pytest.param("kiemtra", "ok", False, id="without a reason"),
        pytest.param("xa", REASON, False, id="a commune officer"),
        pytest.param("canbo", REASON, False, id="the submitter"),
        pytest.param("xem", REASON, False, id="a viewer"),
    ],
)
def test_a_second_named_signer_lifts_the_cap(served: Served, login: str, reason: str, lifted: bool) -> None:
    made = stop(served, ready_to_stop(served, 3, persons=200))
    told = (served.office, served.actors["canbo"], made, REASON, served.actors[login], reason)
    if not lifted:
        with pytest.raises(RefusedError):
            bulk.confirm(*told)
        return
    assert bulk.confirm(*told).count("done") == 3
    with served.office.cases.reading() as connection:
        signed = connection.execute(select(LedgerRow.actor_id).where(LedgerRow.act == "lift_cap")).scalars().all()
    assert signed == [served.actors[login].user_id]


def test_the_medical_board_is_asked_only_about_a_finding_of_the_very_file(served: Served) -> None:
    """c-1 has a namesake in the register of deaths and nothing of its own; c-8 has a disease outside the list."""
    own = dossier(8)
    frozen = {**own.frozen, "findings": [{**own.frozen["findings"][0], **OWN[0]}]}
    cases = [dossier(n) for n in (*range(1, 6), 7)]
    served.office.cases.attach("run-2", [*cases, type(own)(own.case_id, own.columns, frozen)], served.clock())
    asked = {"kind": "medical_board", "body": "Hội đồng", "question": "tỷ lệ?", "due_on": "2021-05-01"}
    made = bulk.preview(served.office, served.actors["canbo"], "order_verification", ["c-1", "c-8"], asked)
    assert {line.case_id: line.outcome for line in _read(served, made).lines} == {"c-1": "refused", "c-8": "will"}
    asked |= {"finding": "f-own", "reason": REASON}
    with pytest.raises(RefusedError, match="Giám định lại"):
        take_step(served.office, served.actors["canbo"], "c-1", Step.ORDER_VERIFICATION, asked, seq=0)


def test_clearing_needs_the_evidence_of_each(served: Served) -> None:
    told = {"c-1": "sổ chi trả tháng 2", "c-2": " "}
    made = bulk.preview(served.office, served.actors["canbo"], "clear", ["c-1", "c-2"], {}, told)
    assert {line.case_id: line.outcome for line in _read(served, made).lines} == {"c-1": "will", "c-2": "refused"}


@pytest.mark.parametrize("step", ["check", "sign", "serve", "record_signs", "close", "withdraw", "nothing"])
def test_what_is_not_offered_is_not_done_in_bulk(served: Served, step: str) -> None:
    for login in ("canbo", "kiemtra", "kyten", "xem"):
        with pytest.raises(RefusedError):
            bulk.preview(served.office, served.actors[login], step, ["c-1"], {})


@pytest.fixture
def post(served: Served) -> Callable[[str, dict[str, object]], httpx.Response]:
    client = served.client("canbo")
    csrf = word(client)
    client.follow_redirects = True
    return lambda path, data: client.post(path, data={"csrf": csrf, **data})


def test_the_pages_from_the_queue_to_the_result_file(served: Served, post: Callable[..., httpx.Response]) -> None:
    page = post("/bulk", {"step": "look_up", "which": "ticked", "case": ["c-1", "c-3", "c-6"]})
    assert "2 hồ sơ đã chọn, 2 sẽ thay đổi, 0 bị từ chối" in page.text, "the case of another district is not there"
    done = post(f"{page.url.path}/confirm", {"reason": REASON})
    assert "2 hồ sơ đã làm" in done.text
    file = served.client("canbo").get(f"{page.url.path}/result.csv")
    assert file.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [(row["case_id"], row["outcome"]) for row in rows] == [("c-1", "done"), ("c-3", "done")]
    assert "Người Thử" not in file.text
    assert served.client("kyten").get(page.url.path).status_code == 404, "a batch is shown to who made it"


def test_all_that_the_filter_finds(served: Served, post: Callable[..., httpx.Response]) -> None:
    page = post("/bulk", {"step": "ask", "which": "all", "mine": "1"})
    assert "6 hồ sơ đã chọn" in page.text
    ids = re.search(r'name="cases" value="([^"]+)"', page.text)
    assert ids
    shown = post("/bulk/preview", {"step": "ask", "cases": ids[1], "due_on": "2021-04-01"})
    assert "6 hồ sơ đã chọn, 6 sẽ thay đổi" in shown.text, shown.text
    assert "hạn" in post("/bulk/preview", {"step": "ask", "cases": ids[1], "due_on": "mai"}).text


def test_the_second_signer_signs_on_the_page(served: Served, post: Callable[..., httpx.Response]) -> None:
    ids = ready_to_stop(served, 2, persons=200)
    page = post("/bulk/preview", {"step": "submit", "cases": " ".join(ids), "act": "cham_dut"})
    assert "Vượt giới hạn" in page.text
    second = {"second_login": "kiemtra", "second_password": "wrong", "second_reason": REASON}
    wrong = post(f"{page.url.path}/confirm", {"reason": REASON, **second})
    assert wrong.status_code == 422
    assert REASON in wrong.text, "what was typed is kept"
    assert state(served, ids[0]) == "office_lookup"
    done = post(f"{page.url.path}/confirm", {"reason": REASON, **second, "second_password": PASSWORD})
    assert "2 hồ sơ đã làm" in done.text


def test_a_forged_form_does_nothing_in_bulk(served: Served) -> None:
    client = served.client("canbo")
    assert client.post("/bulk", data={"step": "look_up", "case": "c-1"}).status_code == 403
