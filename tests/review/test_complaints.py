"""Complaints: the days at their limits, who may settle and verify, what a complaint bars, what an outcome brings."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DatabaseError

from eligibility_audit.domain.review.complaints import (
    RULES,
    ComplaintFacts,
    Kind,
    Level,
    Move,
    Stage,
    clock_of,
    proposed_hold,
    refused,
)
from eligibility_audit.domain.review.people import Actor, Conflicts, Role
from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError, StaleError
from eligibility_audit.store import complaints as store
from eligibility_audit.store import ledger
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.cases import Proposed
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import (
    CaseRow,
    ComplaintRow,
    ComplaintStepRow,
    ConflictRow,
    DossierRow,
    LedgerRow,
    NoticeRow,
)
from eligibility_audit.use_cases.review.complaints import enter, filed_in_time, go_on, receptions, show, take
from tests.conftest import in_one_file
from tests.store.invented import CHECKER, COMMUNE, EVERYBODY, NOW, OFFICER, REASON, SIGNER, add_accounts, proposed

VERIFIER = Actor("u-verifier", "Người Xác Minh", Role.INSPECTOR, "Thanh tra tỉnh")
ROOM = Actor("u-room", "Người Cùng Phòng", Role.OFFICER, "Phòng huyện B")
AFAR = Actor("u-afar", "Người Huyện Khác", Role.OFFICER, "Phòng huyện D", frozenset({"Huyện D"}))
VIEWER = Actor("u-viewer", "Người Xem", Role.VIEWER, "Sở")
DAY = date(2021, 3, 1)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, migrated_store: Path) -> Path:
    """A store with accounts and two cases, made once."""
    file = tmp_path_factory.mktemp("store") / "store.sqlite"
    shutil.copy(migrated_store, file)
    engine = open_engine(f"sqlite:///{file}")
    add_accounts(engine, *EVERYBODY, VERIFIER, ROOM, AFAR, VIEWER)
    one = proposed(1, monthly_amount=1_624_000, legal_act="cham_dut")
    frozen = {"findings": [{"finding_id": "f-1", "rule_id": "AO_DEAD_FUZZY", "outcome": "undetermined"}]}
    Office(engine, file.parent).cases.attach("run-1", [Proposed("c-1", one.columns, frozen), proposed(2)], NOW)
    in_one_file(engine)
    return file


@pytest.fixture
def office(tmp_path: Path, template: Path) -> Iterator[Office]:
    shutil.copy(template, tmp_path / "store.sqlite")
    engine = open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    moment = {"now": NOW}
    made = Office(engine, tmp_path, clock=lambda: moment["now"])
    object.__setattr__(made, "moment", moment)
    yield made
    engine.dispose()


def on(office: Office, day: date) -> None:
    office.moment["now"] = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)  # type: ignore[attr-defined]


def step(office: Office, what: Step, actor: Actor, effect: str | None = None, **stated: object) -> None:
    with office.cases.reading() as connection:
        seq = connection.scalar(select(CaseRow.seq).where(CaseRow.case_id == "c-1"))
    told = {"reason": REASON, **stated}
    office.cases.take_step("c-1", what, actor, told, seq=int(seq or 0), now=office.clock(), effect=effect)


def decided(office: Office, *, served: date | None = DAY, effect: str = "end") -> None:
    """A decision signed on 1 March 2021, and served where a day is given."""
    step(office, Step.LOOK_UP, COMMUNE)
    with office.cases.writing() as connection:
        paper = (
            "INSERT INTO documents (document_id, case_id, round, kind, title, added_by, added_at)"
            " VALUES ('d-0', 'c-1', 1, 'post_receipt', 'Biên nhận', 'u-officer', '2021-02-01')"
        )
        connection.execute(text(paper))
        sent = {"notice_id": "n-1", "case_id": "c-1", "round": 1, "kind": "findings", "issued_by": "u-officer"}
        days = {"issued_on": DAY - timedelta(60), "served_on": DAY - timedelta(50), "reply_due": DAY - timedelta(20)}
        connection.execute(insert(NoticeRow), [sent | days | {"means": "post_receipt", "proof_document": "d-0"}])
    step(office, Step.SUBMIT, OFFICER, effect, act="cham_dut")
    step(office, Step.CHECK, CHECKER)
    step(office, Step.SIGN, SIGNER, decision_no="12/QĐ", decision_date="2021-03-01")
    if served:
        step(office, Step.SERVE, COMMUNE, served_on=served.isoformat(), means="signature", proof="biên bản")
        step(office, Step.PUT_ON_PAYMENT_LIST, OFFICER, month="2021-04")


def against(office: Office, filed: date, **more: str) -> str:
    on(office, max(filed, office.today()))
    signed = store.decisions(office, OFFICER, "c-1")[0]
    form = {"kind": "khieu_nai", "subject": "Tôi vẫn còn sống, đề nghị chi trả lại", "filer": "Người Thử 1"}
    days = {"filed_on": filed.isoformat(), "received_on": filed.isoformat()}
    return enter(office, OFFICER, form | days | {"case_id": "c-1", "against_step": str(signed.seq)} | more)


def go(office: Office, complaint: str, move: Move, actor: Actor, **stated: str) -> Stage:
    row = store.found(office, SIGNER, complaint)
    assert row is not None
    return take(office, actor, complaint, move, {"reason": REASON, **stated}, seq=row["seq"])


def paper(day: date, number: str = "7/TB") -> dict[str, str]:
    return {"document_no": number, "document_date": day.isoformat()}


def settle(office: Office, complaint: str, day: date, outcome: str) -> None:
    go(office, complaint, Move.ACCEPT, SIGNER, **paper(day))
    go(office, complaint, Move.DECIDE_HOLD, SIGNER, hold="yes")
    go(office, complaint, Move.ASSIGN_VERIFIER, SIGNER, verifier="u-verifier")
    go(office, complaint, Move.REPORT, VERIFIER, document="Báo cáo 3/BC")
    go(office, complaint, Move.HOLD_DIALOGUE, VERIFIER, dialogue_on=day.isoformat(), document="Biên bản đối thoại")
    go(office, complaint, Move.SETTLE, SIGNER, outcome=outcome, **paper(day, "9/QĐ-GQKN"))


@pytest.mark.parametrize(
    ("served", "filed", "is_late"),
    [
        pytest.param(date(2021, 3, 2), date(2021, 5, 31), False, id="day 90, a Monday: in time"),
        pytest.param(date(2021, 3, 2), date(2021, 6, 1), True, id="day 91: late"),
        pytest.param(DAY, date(2021, 5, 31), False, id="day 90 is a Sunday: the Monday is in time"),
        pytest.param(DAY, date(2021, 6, 1), True, id="day 90 is a Sunday: the Tuesday is late"),
        pytest.param(DAY, DAY, False, id="the day it was served"),
        pytest.param(None, date(2022, 3, 1), None, id="not served: the time does not run, a year later either"),
    ],
)
def test_ninety_days_run_from_proven_service(
    office: Office, served: date | None, filed: date, is_late: bool | None
) -> None:
    on(office, served or DAY)
    decided(office, served=served)
    row = store.found(office, OFFICER, against(office, filed))
    assert row is not None
    assert filed_in_time(office, OFFICER, row).is_late is is_late


@pytest.mark.parametrize(
    ("filed", "is_late"),
    [
        pytest.param(date(2022, 2, 7), False, id="the first working day after Tết: in time"),
        pytest.param(date(2022, 2, 8), True, id="the day after: late"),
    ],
)
def test_a_limit_that_ends_in_tet_ends_when_offices_open(office: Office, filed: date, is_late: bool) -> None:
    decided(office, served=None)
    on(office, date(2021, 11, 4))
    step(office, Step.SERVE, COMMUNE, served_on="2021-11-04", means="signature", proof="biên bản")
    row = store.found(office, OFFICER, against(office, filed))  # 90 days after 4 November: 2 February, in Tết
    assert row is not None
    assert filed_in_time(office, OFFICER, row).is_late is is_late


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param("2021-03-10", "2021-03-22", id="ten days; the 20th is a Saturday"),
        pytest.param("2021-02-01", "2021-02-17", id="ten days end in Tết: 11 February to the 17th"),
        pytest.param("2026-06-30", "2026-07-10", id="the last day of the law of 2011: ten days"),
        pytest.param("2026-07-01", "2026-07-10", id="the law of 2025: seven working days"),
        pytest.param("2026-07-02", "2026-07-13", id="seven working days over a weekend"),
    ],
)
def test_acceptance_by_the_law_of_the_day(office: Office, received: str, due: str) -> None:
    on(office, date.fromisoformat(received))
    form = {"kind": "khieu_nai", "subject": "Khiếu nại việc rà soát hồ sơ", "received_on": received}
    row = store.found(office, OFFICER, enter(office, OFFICER, form | {"case_id": "c-1"}))
    assert row is not None
    assert str(row["due_on"]) == due


@pytest.mark.parametrize(
    ("level", "is_remote", "is_complex", "clock"),
    [
        (Level.FIRST, False, False, "complaint_first"),
        (Level.FIRST, False, True, "complaint_first_complex"),
        (Level.FIRST, True, False, "complaint_first_remote"),
        (Level.SECOND, False, True, "complaint_second_complex"),
        (Level.SECOND, True, True, "complaint_second_remote_complex"),
        (Level.COURT, False, False, None),
    ],
)
def test_each_level_has_its_clock(level: Level, is_remote: bool, is_complex: bool, clock: str | None) -> None:
    assert clock_of(Kind.COMPLAINT, level, Stage.ACCEPTED, is_complex=is_complex, is_remote=is_remote) == clock


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        pytest.param("kien_nghi", "2021-03-15", id="a petition: ten working days"),
        pytest.param("phan_anh", "2021-03-15", id="a report: the same"),
        pytest.param("to_cao", "2021-03-10", id="a denunciation: seven working days"),
    ],
)
def test_what_is_no_complaint_has_a_clock_too(office: Office, kind: str, due: str) -> None:
    form = {"kind": kind, "subject": "Đề nghị xem lại việc chi trả", "reporter": "Ai Đó", "case_id": "c-1"}
    made = enter(office, OFFICER, form)
    row = store.found(office, SIGNER, made)
    assert row is not None
    assert str(row["due_on"]) == due


def test_late_is_said_and_is_a_ground_only_where_it_is_true(office: Office) -> None:
    decided(office)
    complaint = against(office, date(2021, 5, 28))
    with pytest.raises(RefusedError, match="không quá thời hiệu"):
        go(office, complaint, Move.REFUSE, SIGNER, ground="late", **paper(date(2021, 5, 28)))
    late = against(office, date(2021, 6, 15))
    assert go(office, late, Move.REFUSE, SIGNER, ground="late", **paper(date(2021, 6, 15))) == Stage.REFUSED


def test_an_open_complaint_bars_what_is_adverse_and_nothing_else(office: Office) -> None:
    decided(office)
    complaint = against(office, DAY)
    step(office, Step.CLOSE, OFFICER)
    step(office, Step.REOPEN, OFFICER, cause="xem lại")
    step(office, Step.LOOK_UP, COMMUNE)
    with pytest.raises(RefusedError, match="khiếu nại"):
        step(office, Step.SUBMIT, OFFICER, "end", act="cham_dut")
    step(office, Step.SUBMIT, OFFICER, "more", act="dieu_chinh")
    with office.cases.reading() as connection:
        assert connection.execute(select(DossierRow).where(DossierRow.round == 2)).first(), "its evidence goes along"
    assert store.found(office, OFFICER, complaint)


def test_the_whole_way_to_an_annulled_decision(office: Office) -> None:
    decided(office)
    complaint = against(office, date(2021, 5, 3))
    go(office, complaint, Move.ACCEPT, SIGNER, **paper(date(2021, 5, 3)))
    with pytest.raises(RefusedError, match="tạm ngừng"):
        go(office, complaint, Move.ASSIGN_VERIFIER, SIGNER, verifier="u-verifier")
    go(office, complaint, Move.DECIDE_HOLD, SIGNER, hold="yes")
    go(office, complaint, Move.ASSIGN_VERIFIER, SIGNER, verifier="u-verifier")
    with pytest.raises(RefusedError, match="được giao xác minh"):
        go(office, complaint, Move.REPORT, ROOM, document="Báo cáo")
    go(office, complaint, Move.REPORT, VERIFIER, document="Báo cáo 3/BC")
    with pytest.raises(RefusedError, match="đối thoại"):
        go(office, complaint, Move.SETTLE, SIGNER, outcome="kept", **paper(date(2021, 5, 3)))
    go(office, complaint, Move.SETTLE, SIGNER, outcome="annulled", **paper(date(2021, 5, 3)))
    on(office, date(2021, 7, 1))
    shown = show(office, OFFICER, complaint)
    assert shown is not None
    assert shown.proposal is not None
    assert (shown.proposal.from_month, shown.proposal.months, shown.proposal.amount) == ("2021-04", 3, 4_872_000)
    with office.cases.reading() as connection:
        case = connection.execute(select(CaseRow.state, CaseRow.round).where(CaseRow.case_id == "c-1")).one()
        assert (case.state, case.round) == ("recommended", 2)
        assert ledger.faults(connection) == []
    told = store.precision_by_rule(office)
    assert [(p.rule_id, p.n, p.upheld, p.reversed) for p in told] == [("AO_DEAD_FUZZY", 1, 0, 1)]
    assert told[0].bound == 1.0


def test_the_second_level_runs_from_the_first_result_and_stands_for_the_matter(office: Office) -> None:
    decided(office)
    first = against(office, date(2021, 5, 3))
    settle(office, first, date(2021, 5, 3), "kept")
    assert store.precision_by_rule(office)[0].upheld == 1
    again = {"subject": "Tôi không đồng ý", "filed_on": "2021-06-04", "received_on": "2021-06-04"}
    on(office, date(2021, 6, 4))
    go(office, first, Move.SERVE, COMMUNE, served_on="2021-05-04", means="signature", proof="ký nhận")
    second = go_on(office, OFFICER, first, Level.SECOND, again)
    row = store.found(office, OFFICER, second)
    assert row is not None
    assert "cấp tỉnh" in row["settler"]
    filed = filed_in_time(office, OFFICER, row)
    assert (filed.last_day, filed.is_late) == (date(2021, 6, 3), True), "thirty days after 4 May"
    settle(office, second, date(2021, 6, 4), "changed")
    told = store.precision_by_rule(office)[0]
    assert (told.n, told.reversed) == (1, 1), "one matter, by its last level"


def test_nobody_goes_on_before_the_first_result(office: Office) -> None:
    decided(office)
    complaint = against(office, date(2021, 5, 3))
    with pytest.raises(RefusedError, match="chưa hết hạn"):
        go_on(office, OFFICER, complaint, Level.SECOND, {})
    on(office, date(2021, 6, 20))
    assert go_on(office, OFFICER, complaint, Level.COURT, {}), "its time is over and no result came"


@pytest.mark.parametrize(
    "who",
    [
        pytest.param("u-officer", id="the maker"),
        pytest.param("u-checker", id="the checker"),
        pytest.param("u-room", id="a colleague of the maker's room"),
        pytest.param("u-commune", id="of the commune"),
        pytest.param("u-signer", id="the settler"),
        pytest.param("u-kin", id="kin"),
    ],
)
def test_the_verifier_took_no_part_also_in_raw_sql(office: Office, who: str) -> None:
    kin = Actor("u-kin", "Người Thân", Role.INSPECTOR, "Nơi khác")
    add_accounts(office.engine, kin)
    with office.cases.writing() as connection:
        tie = {"case_id": "c-1", "user_id": "u-kin", "tie": "kin", "stated_by": "u-officer", "stated_at": NOW}
        connection.execute(insert(ConflictRow), [tie])
    decided(office)
    complaint = against(office, DAY)
    go(office, complaint, Move.ACCEPT, SIGNER, **paper(DAY))
    go(office, complaint, Move.DECIDE_HOLD, SIGNER, hold="no")
    with pytest.raises(RefusedError):
        go(office, complaint, Move.ASSIGN_VERIFIER, SIGNER, verifier=who)
    row = {"complaint_id": complaint, "seq": 3, "step": "assign_verifier", "before": "accepted", "after": "verifying"}
    by = {"actor_id": "u-signer", "actor_role": "authority", "at": NOW, "on_day": DAY, "reason": REASON, "stated": {}}
    free = {"verifier": who, "hold": None, "outcome": None}
    with pytest.raises(DatabaseError), office.engine.begin() as connection:
        connection.execute(insert(ComplaintStepRow), [row | by | free])
    with office.engine.begin() as connection:
        connection.execute(insert(ComplaintStepRow), [row | by | free | {"verifier": "u-verifier"}])


@pytest.mark.parametrize(
    "change",
    [
        {"settled_on": DAY},
        {"stage": "settled"},
        {"outcome": "kept"},
        {"settler": "Người khác"},
        {"kind": "kien_nghi"},
        {"case_id": "c-2"},
        {"served_on": date(2020, 1, 1)},
        {"verifier": "u-officer"},
    ],
)
def test_raw_sql_settles_and_moves_nothing(office: Office, change: dict[str, object]) -> None:
    decided(office)
    against(office, DAY)
    with pytest.raises(DatabaseError), office.engine.begin() as connection:
        connection.execute(update(ComplaintRow).values(**change))
    with pytest.raises(DatabaseError), office.engine.begin() as connection:
        connection.execute(text("DELETE FROM complaints"))


def test_a_denunciation_and_its_reporter_are_hidden(office: Office) -> None:
    form = {"kind": "to_cao", "subject": "Tố cáo việc nhận hồ sơ", "reporter": "Người Báo Tin", "contact": "số 1"}
    made = enter(office, OFFICER, form | {"case_id": "c-1", "filer": "Người Báo Tin"})
    for stranger in (COMMUNE, ROOM, CHECKER, VIEWER):
        assert store.found(office, stranger, made) is None
        assert store.listed(office, stranger) == []
    row = store.found(office, SIGNER, made)
    assert row is not None
    assert "Người Báo Tin" not in str(row)
    with pytest.raises(RefusedError):
        store.reporter_of(office, OFFICER, made, REASON)
    with pytest.raises(RefusedError):
        store.reporter_of(office, SIGNER, made, "vì")
    assert store.reporter_of(office, SIGNER, made, REASON) == ("Người Báo Tin", "số 1")
    with office.cases.reading() as connection:
        acts = connection.execute(select(LedgerRow.chain, LedgerRow.act).where(LedgerRow.chain == made)).all()
        assert [act for _, act in acts] == ["complaint_enter", "complaint_see_reporter"]
        on_case = set(connection.scalars(select(LedgerRow.act).where(LedgerRow.chain == "c-1")))
    assert on_case == {"open"}, "the case does not tell of it"


def test_another_district_does_not_learn_of_it(office: Office) -> None:
    decided(office)
    complaint = against(office, DAY)
    assert store.found(office, AFAR, complaint) is None
    assert store.decisions(office, AFAR, "c-1") == []
    with pytest.raises(RefusedError):
        take(office, AFAR, complaint, Move.ACCEPT, {"reason": REASON, **paper(DAY)}, seq=0)
    with pytest.raises(RefusedError):
        enter(office, AFAR, {"kind": "khieu_nai", "subject": "Khiếu nại hồ sơ này", "case_id": "c-1"})


def test_one_petition_to_many_bodies_is_one_matter(office: Office) -> None:
    form = {"kind": "kien_nghi", "subject": "Đề nghị xem lại mức hưởng", "people": "12", "bodies": "Sở\nUBND tỉnh"}
    first = enter(office, OFFICER, form)
    second = enter(office, COMMUNE, form | {"matter": first})
    rows = [store.found(office, OFFICER, each) for each in (first, second)]
    assert {row["matter"] for row in rows if row} == {first}
    assert rows[0] is not None
    assert (rows[0]["people"], rows[0]["bodies"]) == (12, ["Sở", "UBND tỉnh"])


def test_an_answer_answers_the_notice(office: Office) -> None:
    decided(office)
    with office.cases.writing() as connection:
        connection.execute(update(NoticeRow).values(replied_on=None))
    made = enter(office, COMMUNE, {"kind": "tra_loi", "subject": "Tôi gửi giấy tờ gốc", "case_id": "c-1"})
    row = store.found(office, OFFICER, made)
    assert row is not None
    assert row["stage"] == "settled"
    with office.cases.reading() as connection:
        assert connection.scalar(select(NoticeRow.replied_on)) == DAY


def test_two_at_one_complaint(office: Office) -> None:
    decided(office)
    complaint = against(office, DAY)
    go(office, complaint, Move.DECIDE_HOLD, SIGNER, hold="no")
    with pytest.raises(StaleError):
        take(office, SIGNER, complaint, Move.DECIDE_HOLD, {"reason": REASON, "hold": "yes"}, seq=0)


@pytest.mark.parametrize(("effect", "hold"), [("pause", True), ("repay", True), ("end", False), ("less", False)])
def test_the_default_proposal_on_execution(effect: str, hold: bool) -> None:
    assert proposed_hold(effect) is hold


@pytest.mark.parametrize(
    ("today", "days"),
    [
        pytest.param("2021-04-13", ["2021-04-15", "2021-04-22"], id="the 15th is a Thursday: once"),
        pytest.param("2021-05-14", ["2021-05-17", "2021-05-20"], id="the 15th is a Saturday: the Monday after"),
        pytest.param("2021-02-09", ["2021-02-17", "2021-02-18"], id="no reception in Tết"),
    ],
)
def test_receptions_on_the_fifteenth_and_thursdays(office: Office, today: str, days: list[str]) -> None:
    on(office, date.fromisoformat(today))
    assert [str(day) for day in receptions(office, 2)] == days


FACTS = ComplaintFacts(Kind.COMPLAINT, Level.FIRST, Stage.RECEIVED, DAY, "Xã A", "Huyện B", "end")
MOVES = st.sampled_from(list(Move))


@given(st.sampled_from(list(Kind)), st.sampled_from(list(Level)), st.sampled_from(list(Stage)), MOVES,
       st.sampled_from(list(Role)))  # fmt: skip
def test_what_is_not_in_the_table_is_refused(kind: Kind, level: Level, stage: Stage, move: Move, role: Role) -> None:
    facts = ComplaintFacts(kind, level, stage, DAY)
    allowed = any(
        r.move == move and r.before == stage and kind in r.kinds and level in r.levels and role in r.roles
        for r in RULES
    )
    why = refused(facts, move, Actor("u-x", "Ai", role, "Đâu"), {}, DAY)
    assert why, "a reason is always missing here"
    assert allowed or len(why) == 1


@pytest.mark.parametrize("tie", ["kin", "certified"])
def test_a_tie_bars_every_step(tie: str) -> None:
    facts = ComplaintFacts(
        Kind.COMPLAINT, Level.FIRST, Stage.RECEIVED, DAY, conflicts=Conflicts(**{tie: frozenset({"u-signer"})})
    )
    told = {"reason": REASON, "document_no": "7", "document_date": DAY}
    assert refused(facts, Move.ACCEPT, SIGNER, told, DAY)
    assert refused(FACTS, Move.ACCEPT, SIGNER, told, DAY) == []


@pytest.mark.parametrize(("hold", "held"), [("yes", True), ("no", False)])
def test_a_held_execution_stays_off_the_payment_list(office: Office, hold: str, held: bool) -> None:
    decided(office, served=None)
    step(office, Step.SERVE, COMMUNE, served_on=DAY.isoformat(), means="signature", proof="biên bản")
    complaint = against(office, DAY + timedelta(1))
    go(office, complaint, Move.ACCEPT, SIGNER, **paper(DAY + timedelta(1)))
    go(office, complaint, Move.DECIDE_HOLD, SIGNER, hold=hold)
    if not held:
        step(office, Step.PUT_ON_PAYMENT_LIST, OFFICER, month="2021-04")
        return
    with pytest.raises(RefusedError, match="tạm hoãn"):
        step(office, Step.PUT_ON_PAYMENT_LIST, OFFICER, month="2021-04")
    listed = (
        "INSERT INTO steps SELECT case_id, seq + 1, round, 'put_on_payment_list', 'served', 'on_payment_list', effect,"
        " 'u-officer', 'officer', 'Phòng huyện B', at, on_day, reason, '{}' FROM steps WHERE step = 'serve'"
    )
    with pytest.raises(DatabaseError, match="its execution is held"), office.engine.begin() as connection:
        connection.execute(text(listed))
