"""A file's life: earlier decisions, cases under another number, cases that are one; what may be forgotten, and when.

History is only added to. The one exception: once a case's key is gone and the ledger says so, the contents of its rows
may be blanked, and nothing else of them changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002.2"
branch_labels = None
depends_on = None

_NO_KEY = (
    "(NOT EXISTS (SELECT 1 FROM case_keys k WHERE k.chain = {case})"
    " AND EXISTS (SELECT 1 FROM ledger l WHERE l.chain = {case} AND l.act = 'forget'))"
)
_OWN = _NO_KEY.format(case="NEW.case_id")
# Table → what may be blanked, and when.
FORGETS = {
    "steps": (("reason", "stated"), _OWN),
    "dossiers": (("frozen",), _OWN),
    "documents": (("title", "number", "file_name"), _OWN),
    "judgements": (("reason", "evidence"), _OWN),
    "unmaskings": (("reason",), _OWN),
    "complaint_steps": (
        ("reason", "stated"),
        "EXISTS (SELECT 1 FROM complaints q WHERE q.complaint_id = NEW.complaint_id AND "
        + _NO_KEY.format(case="q.case_id")
        + ")",
    ),
    "assignments": (("note",), _OWN),
    "second_looks": (
        ("reason",),
        "EXISTS (SELECT 1 FROM samples s WHERE s.look_id = NEW.look_id AND " + _NO_KEY.format(case="s.case_id") + ")",
    ),
    "case_links": (
        ("reason",),
        "(" + _NO_KEY.format(case="NEW.left_case") + " OR " + _NO_KEY.format(case="NEW.right_case") + ")",
    ),
    "kept_records": (
        ("frozen",),
        "EXISTS (SELECT 1 FROM ledger l WHERE l.chain = 'retention' AND l.act = 'forget' AND l.\"after\" = NEW.month)",
    ),
    "earlier_decisions": (
        ("number", "dossier_no", "name", "date_of_birth", "source"),
        "EXISTS (SELECT 1 FROM decision_bindings b WHERE b.decision_id = NEW.decision_id AND "
        + _NO_KEY.format(case="b.case_id")
        + ")",
    ),
}
_NEW = ("earlier_decisions", "decision_bindings", "case_aliases", "case_links")
_SAID = "ea: history is only added to"
# An act after the case was opened goes through its steps: no import is a way round service, reply and signatures.
_BINDING_MUST = (
    "EXISTS (SELECT 1 FROM earlier_decisions d JOIN cases c ON c.case_id = NEW.case_id"
    " WHERE d.decision_id = NEW.decision_id AND d.programme = c.programme AND d.dated_on <= c.opened_at)"
)
_BINDING_SAID = "ea: a decision after the case was opened goes through its steps"


def upgrade() -> None:
    """Make the tables, then what guards them."""
    _make_tables()
    for table in _NEW:
        if table not in FORGETS:
            _refuse(table, "UPDATE", "FALSE")
        _refuse(table, "DELETE", "FALSE")
    for table, (columns, when) in FORGETS.items():
        if table not in _NEW:
            _drop(table)
        _refuse(table, "UPDATE", f"{_same_but(table, columns)} AND {when}")
    _refuse_insert("decision_bindings", _BINDING_MUST, _BINDING_SAID)


def downgrade() -> None:
    """Drop what upgrade made; history is only added to, again."""
    for table in FORGETS:
        if table not in _NEW:
            _drop(table)
            _refuse(table, "UPDATE", "FALSE")
    for table in reversed(_NEW):
        if _is_postgresql():
            op.execute(f"DROP TABLE {table} CASCADE")
            op.execute(f"DROP FUNCTION IF EXISTS ea_{table}_no_update, ea_{table}_no_delete, ea_{table}_insert")
        else:
            op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "earlier_decisions",
        sa.Column("decision_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(length=300), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("in_force_from", sa.String(length=10), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("dossier_no", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("date_of_birth", sa.String(length=10), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("row_sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_by", sa.String(length=40), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["imported_by"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("decision_id"),
        sa.UniqueConstraint("row_sha256"),
    )
    op.create_index("ix_earlier_decisions_dossier_no", "earlier_decisions", ["dossier_no"])
    op.create_table(
        "decision_bindings",
        sa.Column("decision_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("bound_by", sa.String(length=20), nullable=False),
        sa.Column("match_probability", sa.Float(), nullable=True),
        sa.Column("by_user", sa.String(length=40), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["earlier_decisions.decision_id"]),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"]),
        sa.ForeignKeyConstraint(["by_user"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("decision_id"),
    )
    op.create_index("ix_decision_bindings_case_id", "decision_bindings", ["case_id"])
    op.create_table(
        "case_aliases",
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("match_probability", sa.Float(), nullable=True),
        sa.Column("run_id", sa.String(length=80), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"]),
        sa.PrimaryKeyConstraint("alias"),
    )
    op.create_index("ix_case_aliases_case_id", "case_aliases", ["case_id"])
    op.create_table(
        "case_links",
        sa.Column("link_id", sa.String(length=40), nullable=False),
        sa.Column("left_case", sa.String(length=40), nullable=False),
        sa.Column("right_case", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("match_probability", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("run_id", sa.String(length=80), nullable=True),
        sa.Column("linked_by", sa.String(length=40), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["left_case"], ["cases.case_id"]),
        sa.ForeignKeyConstraint(["right_case"], ["cases.case_id"]),
        sa.ForeignKeyConstraint(["linked_by"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("link_id"),
        sa.UniqueConstraint("left_case", "right_case"),
    )
    op.create_index("ix_case_links_left_case", "case_links", ["left_case"])
    op.create_index("ix_case_links_right_case", "case_links", ["right_case"])


def _same_but(table: str, columns: tuple[str, ...]) -> str:
    """Every other column is what it was."""
    others = [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table) if c["name"] not in columns]
    return " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in others)


def _refuse(table: str, event: str, unless: str) -> None:
    name, row = f"ea_{table}_no_{event.lower()}", "NEW" if event == "UPDATE" else "OLD"
    if _is_postgresql():
        body = f"IF ({unless}) IS NOT TRUE THEN RAISE EXCEPTION '{_SAID}'; END IF; RETURN {row};"
        _function(name, body, table, f"BEFORE {event}")
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN COALESCE(({unless}), 0) = 0"
        f" BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    )


def _refuse_insert(table: str, must: str, said: str) -> None:
    if _is_postgresql():
        body = f"IF ({must}) IS NOT TRUE THEN RAISE EXCEPTION '{said}'; END IF; RETURN NEW;"
        _function(f"ea_{table}_insert", body, table, "BEFORE INSERT")
        return
    op.execute(
        f"CREATE TRIGGER ea_{table}_insert_0 BEFORE INSERT ON {table} WHEN COALESCE(({must}), 0) = 0"
        f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
    )


def _function(name: str, body: str, table: str, moment: str) -> None:
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path FROM CURRENT AS $ea$ BEGIN {body} END $ea$"
    )
    op.execute(f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _drop(table: str) -> None:
    on = f" ON {table}" if _is_postgresql() else ""
    op.execute(f"DROP TRIGGER ea_{table}_no_update{on}")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
