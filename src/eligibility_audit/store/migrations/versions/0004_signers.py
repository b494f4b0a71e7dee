"""A repayment has a second signer, whom the store asks for; an account may be bound to the office's log-in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NAME = "ea_steps_second_signer"
_SAID = "ea: a repayment needs a second signer"


def upgrade() -> None:
    """Add the subject of an account, and the trigger on signed repayments."""
    op.add_column("users", sa.Column("oidc_subject", sa.String(length=255), nullable=True))
    op.create_index("ix_users_oidc_subject", "users", ["oidc_subject"], unique=True)
    stated = "NEW.stated ->> 'second_signer'" if _is_postgresql() else "json_extract(NEW.stated, '$.second_signer')"
    is_signed = (
        f"EXISTS (SELECT 1 FROM users u WHERE u.user_id = {stated} AND u.user_id <> NEW.actor_id AND u.is_active"
        " AND u.role IN ('checker', 'authority') AND NOT EXISTS (SELECT 1 FROM steps p WHERE p.case_id = NEW.case_id"
        ' AND p."round" = NEW."round" AND p.actor_id = u.user_id) AND NOT EXISTS (SELECT 1 FROM conflicts k'
        " WHERE k.case_id = NEW.case_id AND k.user_id = u.user_id))"
    )
    when = "NEW.step = 'sign' AND NEW.effect = 'repay'"
    if _is_postgresql():
        op.execute(
            f"CREATE FUNCTION {_NAME}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT"
            f" AS $ea$ BEGIN IF {when} AND ({is_signed}) IS NOT TRUE THEN RAISE EXCEPTION '{_SAID}'; END IF;"
            " RETURN NEW; END $ea$"
        )
        op.execute(f"CREATE TRIGGER {_NAME} BEFORE INSERT ON steps FOR EACH ROW EXECUTE FUNCTION {_NAME}()")
        return
    op.execute(
        f"CREATE TRIGGER {_NAME} BEFORE INSERT ON steps WHEN {when} AND NOT {is_signed}"
        f" BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    )


def downgrade() -> None:
    """Take both away."""
    op.execute(f"DROP TRIGGER {_NAME}{' ON steps' if _is_postgresql() else ''}")
    if _is_postgresql():
        op.execute(f"DROP FUNCTION {_NAME}()")
    op.drop_index("ix_users_oidc_subject", table_name="users")
    op.drop_column("users", "oidc_subject")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
