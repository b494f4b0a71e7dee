"""Opinions that officers filled in on a list away from the pages: drafts beside a case, never a step of it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLE = "opinion_drafts"
_SAID = "ea: history is only added to"
# Once the case's key is gone and the ledger says so, the words may be blanked, and nothing else of the row be changed.
_FORGOTTEN = (
    "NOT EXISTS (SELECT 1 FROM case_keys k WHERE k.chain = NEW.case_id)"
    " AND EXISTS (SELECT 1 FROM ledger l WHERE l.chain = NEW.case_id AND l.act = 'forget')"
)
_KEPT = ("draft_id", "case_id", "round", "line_sha256", "file_sha256", "row_sha256", "entered_by", "entered_at")


def upgrade() -> None:
    """Make the table; it is only added to."""
    op.create_table(
        _TABLE,
        sa.Column("draft_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("line_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("row_sha256", sa.String(length=64), nullable=False),
        sa.Column("entered_by", sa.String(length=40), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"]),
        sa.ForeignKeyConstraint(["entered_by"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("draft_id"),
        sa.UniqueConstraint("row_sha256"),
    )
    op.create_index("ix_opinion_drafts_case_id", _TABLE, ["case_id"])
    same = " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in _KEPT)
    _refuse("UPDATE", f"{same} AND {_FORGOTTEN}", "NEW")
    _refuse("DELETE", "FALSE", "OLD")


def downgrade() -> None:
    """Take it away."""
    if _is_postgresql():
        op.execute(f"DROP TABLE {_TABLE} CASCADE")
        op.execute(f"DROP FUNCTION IF EXISTS ea_{_TABLE}_no_update, ea_{_TABLE}_no_delete")
    else:
        op.drop_table(_TABLE)


def _refuse(event: str, unless: str, row: str) -> None:
    name = f"ea_{_TABLE}_no_{event.lower()}"
    if not _is_postgresql():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {_TABLE} WHEN COALESCE(({unless}), 0) = 0"
            f" BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT"
        f" AS $ea$ BEGIN IF ({unless}) IS NOT TRUE THEN RAISE EXCEPTION '{_SAID}'; END IF; RETURN {row}; END $ea$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {_TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
