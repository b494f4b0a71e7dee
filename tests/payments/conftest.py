"""An invented office with decisions on its payment lists. Nobody here lives."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import insert, select

from eligibility_audit.domain.review.complaints import Move
from eligibility_audit.domain.review.states import Step
from eligibility_audit.store import complaints
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.cases import Proposed
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import CaseRow, DocumentRow, NoticeRow
from eligibility_audit.use_cases.review.complaints import enter, take
from tests.publish.invented import VERIFY, recommendations
from tests.store.invented import CHECKER, COMMUNE, OFFICER, REASON, SIGNER, add_accounts, proposed

NOW = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 12)
MONTH = date(2026, 12, 1)
PEOPLE = {
    1: {"name": "Nguyễn Thị Thử", "date_of_birth": "1948", "monthly_amount": 2_055_000},
    2: {"name": "Trần Văn Giả", "date_of_birth": "1950-03", "monthly_amount": 1_479_000, "commune": "Xã C"},
    3: {"name": "Lê Thị Bịa", "date_of_birth": "1939", "monthly_amount": 3_103_000},
    4: {"name": "=Phạm Văn Mẫu", "date_of_birth": "1961", "monthly_amount": 902_000},
    5: {"name": "Hoàng Thị Ví Dụ", "date_of_birth": "1944", "monthly_amount": 1_000_000},
    6: {"name": "Vũ Văn Tưởng Tượng", "date_of_birth": "1947", "refers_only": True},
}


@dataclass
class Desk:
    """The office, and its steps one after another."""

    office: Office

    def on(self, now: datetime) -> None:
        """Let it be another moment."""
        self.office = replace(self.office, clock=lambda: now)

    def step(self, number: int, step: Step, actor: object, effect: str | None = None, **stated: object) -> None:
        """Take a step on a case, now."""
        case_id = f"c-{number}"
        with self.office.cases.reading() as connection:
            seq = int(connection.scalar(select(CaseRow.seq).where(CaseRow.case_id == case_id)) or 0)
        told = {"reason": REASON, **stated}
        self.office.cases.take_step(
            case_id,
            step,
            actor,
            told,
            seq=seq,
            now=self.office.clock(),
            effect=effect,  # type: ignore[arg-type]
        )

    def begun(self, number: int) -> None:
        """Looked up, the notice served and answered, a conclusion on file."""
        self.step(number, Step.LOOK_UP, COMMUNE)
        self.noticed(number)

    def noticed(self, number: int, round_: int = 1) -> None:
        """A notice served and answered, a conclusion on file."""
        own = {"case_id": f"c-{number}", "round": round_}
        with self.office.cases.writing() as connection:
            paper = {"title": "Biên nhận", "added_by": OFFICER.user_id, "added_at": NOW, **own}
            for kind in ("post_receipt", "conclusion"):
                connection.execute(
                    insert(DocumentRow), [paper | {"document_id": f"d-{kind}-{number}-{round_}", "kind": kind}]
                )
            sent = {"notice_id": f"n-{number}-{round_}", "kind": "findings", "issued_by": OFFICER.user_id, **own}
            served = {"issued_on": DAY - timedelta(9), "served_on": DAY - timedelta(7), "means": "post_receipt"}
            reply = {"reply_due": DAY + timedelta(23), "replied_on": DAY - timedelta(1)}
            proof = {"proof_document": f"d-post_receipt-{number}-{round_}"}
            connection.execute(insert(NoticeRow), [sent | served | reply | proof])

    def decided(self, number: int, act: str, effect: str, *, until: Step | None = None, **stated: object) -> None:
        """From the submission to service (or to the step `until`)."""
        of_submission = {n: v for n, v in stated.items() if n in ("ground", "event_date", "from_month")}
        of_signature = {n: v for n, v in stated.items() if n in ("new_amount", "back_pay")}
        moves = (
            (Step.SUBMIT, OFFICER, {"act": act, **of_submission}),
            (Step.CHECK, CHECKER, {}),
            (Step.SIGN, SIGNER, {"decision_no": f"{number}7/QĐ-SNV", "decision_date": DAY, **of_signature}),
            (Step.SERVE, COMMUNE, {"served_on": DAY, "means": "signature", "proof": "d-1"}),
        )
        for step, actor, told in moves:
            self.step(number, step, actor, effect if step == Step.SUBMIT else None, **told)
            if step == until:
                return

    def listed(self, number: int, month: str = "2026-12") -> None:
        """Put on the list of a month."""
        self.step(number, Step.PUT_ON_PAYMENT_LIST, OFFICER, month=month)

    def complained(self, number: int, *, hold: str) -> None:
        """A complaint against the last decision, accepted, its hold decided: `yes` or `no`."""
        signed = complaints.decisions(self.office, OFFICER, f"c-{number}")[0]  # the newest first
        about = {"kind": "khieu_nai", "subject": "Tôi không đồng ý với quyết định", "filer": "Người Thử"}
        days = {"filed_on": f"{DAY}", "received_on": f"{DAY}"}
        against = {"case_id": f"c-{number}", "against_step": str(signed.seq)}
        found = enter(self.office, OFFICER, about | days | against)
        paper = {"document_no": "7/TB", "document_date": f"{DAY}"}
        for move, told in ((Move.ACCEPT, paper), (Move.DECIDE_HOLD, {"hold": hold})):
            row = complaints.found(self.office, SIGNER, found)
            assert row is not None
            take(self.office, SIGNER, found, move, {"reason": REASON, **told}, seq=row["seq"])


def lines_of_run() -> pd.DataFrame:
    """The run's recommendations for these people."""
    rows = [
        VERIFY
        | {"commune": "Xã A", **own, "case_id": f"c-{number}", "dossier_no": f"HH{number:06}", "district": "Huyện B"}
        for number, own in PEOPLE.items()
    ]
    return recommendations(rows)


def recommendation_rows() -> list[dict[str, Any]]:
    """They as rows, what is unknown None."""
    table = lines_of_run()
    return [
        {str(k): v for k, v in row.items()}
        for row in table.astype("object").where(table.notna(), None).to_dict("records")
    ]


@pytest.fixture(scope="session")
def decided_store(tmp_path_factory: pytest.TempPathFactory, migrated_store: Path) -> Path:
    """1 ended; 2 lowered to 1.200.000; 3 stopped in October, resumed for December; 4 signed, unserved; 5 begun."""
    file = tmp_path_factory.mktemp("payments") / "store.sqlite"
    shutil.copy(migrated_store, file)
    engine = open_engine(f"sqlite:///{file}")
    add_accounts(engine)
    desk = Desk(Office(engine, file.parent, lambda: NOW))
    lines = recommendation_rows()
    rows = [
        Proposed(
            f"c-{number}",
            {**proposed(number).columns, **own, "recommendation_id": lines[number - 1]["recommendation_id"]},
            {"record": {}, "others": [], "findings": [], "recommendation": lines[number - 1]},
        )
        for number, own in PEOPLE.items()
    ]
    desk.office.cases.attach("run-1", rows, NOW)
    desk.begun(1)
    desk.decided(1, "cham_dut", "end")
    desk.listed(1)
    desk.begun(2)
    desk.decided(2, "dieu_chinh", "less", new_amount="1.200.000")
    desk.listed(2)
    desk.begun(3)
    desk.decided(3, "cham_dut", "end")
    desk.listed(3, "2026-10")
    desk.step(3, Step.CLOSE, OFFICER)
    desk.step(3, Step.REOPEN, OFFICER, cause="kết luận mới")
    desk.step(3, Step.LOOK_UP, COMMUNE)
    desk.noticed(3, 2)
    desk.decided(3, "huong_lai", "resume", ground="cleared")
    desk.listed(3)
    desk.begun(4)
    desk.decided(4, "cham_dut", "end", until=Step.SIGN)
    desk.begun(5)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture
def desk(tmp_path: Path, decided_store: Path) -> Iterator[Desk]:
    """A copy of that office, to go on with."""
    shutil.copy(decided_store, tmp_path / "store.sqlite")
    engine = open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield Desk(Office(engine, tmp_path / "attachments", lambda: NOW))
    engine.dispose()


Filed = Callable[[str], Path]


@pytest.fixture
def filed(tmp_path: Path) -> Filed:
    """A csv file of a text."""

    def write(text: str) -> Path:
        path = tmp_path / "da-chi.csv"
        path.write_text(text, encoding="utf-8-sig")
        return path

    return write
