"""Who acts from the command line: an account by its login, without a password, on the machine that holds the store."""

from sqlalchemy import select

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import UsageError
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import UserRow


def actor_of(office: Office, login: str) -> Actor:
    """The active account of a login. Raises UsageError where there is none."""
    wanted = select(UserRow).where(
        UserRow.login == login.strip().casefold(), UserRow.is_active, UserRow.role != Role.SYSTEM.value
    )
    with office.cases.reading() as connection:
        row = connection.execute(wanted).mappings().first()
    if row is None:
        raise UsageError(
            f"{login}: không có tài khoản đang dùng tên này; xem `accounts add`. / There is no active account of it."
        )
    return Actor(
        user_id=row["user_id"],
        name=row["name"],
        role=Role(row["role"]),
        unit=row["unit"],
        districts=frozenset(row["districts"]),
        communes=frozenset((commune, district) for commune, district in row["communes"]),
        confirms_law=row["confirms_law"],
    )
