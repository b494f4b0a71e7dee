"""What the office did in a period, line by line, for its report: cases, decisions, results, complaints; no names."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Select, select

from eligibility_audit.domain.dates import day_in_vietnam
from eligibility_audit.domain.review.states import Step
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import CaseRow, ComplaintRow, NoticeRow, OrderRow, StepRow

# Columns of each table; every line can be found again by its case or complaint.
TABLES: Final[dict[str, tuple[str, ...]]] = {
    "opened": ("case_id", "programme", "district", "commune", "opened_on"),
    "settled": ("case_id", "programme", "district", "step", "settled_on", "due_on", "in_time"),
    "decisions": ("case_id", "programme", "effect", "signed_on", "decision_no", "monthly_amount"),
    "results": ("case_id", "order_id", "kind", "result", "result_on"),
    "notices": ("case_id", "notice_id", "kind", "served_on"),
    "received": ("complaint_id", "case_id", "kind", "level", "stage", "received_on"),
    "answered": ("complaint_id", "case_id", "kind", "level", "outcome", "settled_on", "due_on", "in_time"),
}


def of_period(office: Office, first: date, last: date) -> dict[str, pd.DataFrame]:
    """The tables of `TABLES`, of the days from `first` to `last`, both among them.

    `in_time`: `early`, `on_time`, `late`, or empty where there is no due day.
    """
    begins = datetime.combine(first, time(), UTC) - timedelta(hours=7)  # midnight in Vietnam
    ends = datetime.combine(last + timedelta(days=1), time(), UTC) - timedelta(hours=7)
    opened = select(CaseRow.case_id, CaseRow.programme, CaseRow.district, CaseRow.commune, CaseRow.opened_at)
    done = (
        select(CaseRow.case_id, CaseRow.programme, CaseRow.district, StepRow.step, StepRow.on_day, CaseRow.due_on)
        .join(StepRow, StepRow.case_id == CaseRow.case_id)
        .where(StepRow.step.in_([Step.CLEAR.value, Step.CLOSE.value]), StepRow.on_day.between(first, last))
        .order_by(CaseRow.case_id, StepRow.seq)
    )
    signed = (
        select(
            CaseRow.case_id, CaseRow.programme, StepRow.effect, StepRow.on_day, StepRow.stated, CaseRow.monthly_amount
        )
        .join(StepRow, StepRow.case_id == CaseRow.case_id)
        .where(StepRow.step == Step.SIGN.value, StepRow.on_day.between(first, last))
        .order_by(CaseRow.case_id, StepRow.seq)
    )
    results = (
        select(OrderRow.case_id, OrderRow.order_id, OrderRow.kind, OrderRow.result, OrderRow.result_on)
        .where(OrderRow.result.is_not(None), OrderRow.result_on.between(first, last))
        .order_by(OrderRow.order_id)
    )
    notices = (
        select(NoticeRow.case_id, NoticeRow.notice_id, NoticeRow.kind, NoticeRow.served_on)
        .where(NoticeRow.served_on.between(first, last))
        .order_by(NoticeRow.notice_id)
    )
    of = ComplaintRow
    received = select(of.complaint_id, of.case_id, of.kind, of.level, of.stage, of.received_on)
    answered = select(of.complaint_id, of.case_id, of.kind, of.level, of.outcome, of.settled_on, of.due_on)
    with office.cases.reading() as connection:
        return {
            "opened": _frame(
                connection,
                opened.where(CaseRow.opened_at >= begins, CaseRow.opened_at < ends).order_by(CaseRow.case_id),
                "opened",
            ),
            "settled": _frame(connection, done, "settled"),
            "decisions": _frame(connection, signed, "decisions"),
            "results": _frame(connection, results, "results"),
            "notices": _frame(connection, notices, "notices"),
            "received": _frame(
                connection, received.where(of.received_on.between(first, last)).order_by(of.complaint_id), "received"
            ),
            "answered": _frame(
                connection, answered.where(of.settled_on.between(first, last)).order_by(of.complaint_id), "answered"
            ),
        }


def _frame(connection: Connection, query: "Select[Any]", name: str) -> pd.DataFrame:
    columns = TABLES[name]
    rows = [tuple(row) for row in connection.execute(query)]
    if name == "decisions":
        rows = [(*row[:4], str((row[4] or {}).get("decision_no") or ""), row[5]) for row in rows]
    if columns[-1] == "in_time":
        rows = [(*row, _in_time(row[-2], row[-1])) for row in rows]
    frame = pd.DataFrame(rows, columns=list(columns), dtype="object")
    for column in columns:
        if column == "monthly_amount":
            frame[column] = frame[column].astype("Int64")
        else:
            told = [None if value is None else _told(value) for value in frame[column]]
            frame[column] = pd.Series(told, dtype="string[pyarrow]")
    return frame


def _told(value: object) -> str:
    if isinstance(value, datetime):  # SQLite gives the store's UTC without its zone
        return str(day_in_vietnam(value if value.tzinfo else value.replace(tzinfo=UTC)))
    return str(value)


def _in_time(day: date | None, due: date | None) -> str:
    if day is None or due is None:
        return ""
    return "early" if day < due else "on_time" if day == due else "late"
