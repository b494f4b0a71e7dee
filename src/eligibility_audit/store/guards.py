"""What the database itself refuses, whoever asks: the table of allowed steps, and the rights of the application.

The triggers stand in the migrations. The application's own account may add rows to what is history and may change
nothing there; on the cases it may change nothing that a step changes.
"""

import re
from typing import Final

from sqlalchemy import Connection, text

from eligibility_audit.domain.review.complaints import RULES
from eligibility_audit.domain.review.states import TRANSITIONS
from eligibility_audit.errors import UsageError

ADD_ONLY: Final = (
    *("steps", "dossiers", "documents", "ledger", "roots", "root_heads", "judgements", "second_looks"),
    "complaint_steps",
    *("case_findings", "programme_sizes", "assignments", "rule_decisions", "kept_records", "draws", "samples"),
    *("earlier_decisions", "decision_bindings", "case_aliases", "case_links", "opinion_drafts"),
)
# Tables that the application changes, with the columns that it may change; what a step sets is not among them.
CHANGES: Final[dict[str, tuple[str, ...]]] = {
    "runs": (),
    "users": (
        "name",
        "role",
        "unit",
        "districts",
        "communes",
        "confirms_law",
        "password_hash",
        "is_active",
        "changed_at",
    ),
    "cases": (
        *(
            "run_id",
            "record_id",
            "name",
            "name_key",
            "name_tail",
            "queue_key",
            "date_of_birth",
            "national_id",
            "commune",
            "district",
            "dossier_no",
        ),
        *("recommendation_id", "action", "legal_act", "law_mark", "due_on", "office_can_settle", "assigned_to"),
        *("law_confirmed_by", "is_current", "monthly_amount", "amount_to_clarify", "direction", "missing_papers"),
        "sex",
    ),
    "case_keys": (),
    "case_counts": (),
    "conflicts": (),
    "notices": ("served_on", "means", "proof_document", "replied_on", "reply_document"),
    "verification_orders": ("result", "result_on", "result_document", "recorded_by"),
    "complaints": ("accepted_on", "due_on", "is_remote", "is_complex", "dialogue_on", "result_served_on"),
    "reporters": (),
    "absences": ("ended_on",),
    "bulks": ("confirmed_at", "reason", "second_id", "second_reason"),
    "bulk_lines": ("outcome", "why"),
    "sessions": ("seen_at", "ended_at"),
    "unmaskings": (),
    "unsent_reasons": ("text", "changed_at"),
    "places": ("filter", "case_id", "changed_at"),
}
_FORGETS: Final = (
    "case_keys",
    "sessions",
    "unsent_reasons",
    "case_counts",
)  # what may be deleted: a key, by which a case is forgotten


def write_steps(connection: Connection) -> None:
    """Write the table of steps as the code has it; the triggers check every row against it."""
    rows = [
        {"before": t.before.value, "step": t.step.value, "after": t.after.value, "role": role.value}
        for t in TRANSITIONS
        for role in sorted(t.roles)
    ]
    connection.execute(text("DELETE FROM allowed_steps"))
    statement = "INSERT INTO allowed_steps (before, step, after, role) VALUES (:before, :step, :after, :role)"
    connection.execute(text(statement), rows)
    if not connection.dialect.has_table(connection, "allowed_complaint_steps"):
        return
    complaints = [
        {"kind": kind.value, "level": level.value, "before": r.before.value, "step": r.move.value}
        | {"after": r.after.value, "role": role.value}
        for r in RULES
        for kind in sorted(r.kinds)
        for level in sorted(r.levels)
        for role in sorted(r.roles)
    ]
    connection.execute(text("DELETE FROM allowed_complaint_steps"))
    connection.execute(
        text(
            "INSERT INTO allowed_complaint_steps (kind, level, before, step, after, role)"
            " VALUES (:kind, :level, :before, :step, :after, :role)"
        ),
        complaints,
    )


def grant_to(connection: Connection, role: str) -> None:
    """Give an account of PostgreSQL what the application needs and no more. Raises UsageError for a strange name."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
        raise UsageError("Tên tài khoản không hợp lệ. / The name of the account is not valid.")
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {role}"))
    connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    for table in (*ADD_ONLY, *CHANGES):
        connection.execute(text(f"GRANT INSERT ON {table} TO {role}"))
    for table, columns in CHANGES.items():
        if columns:
            connection.execute(text(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {role}"))
    for table in _FORGETS:
        connection.execute(text(f"GRANT DELETE ON {table} TO {role}"))
    connection.commit()
