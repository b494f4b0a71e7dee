"""Accounts and logins. Passwords are kept as argon2 hashes, session tokens as their hash."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from pwdlib import PasswordHash
from sqlalchemy import insert, select, update

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import UsageError
from eligibility_audit.store import ledger
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import SessionRow, UserRow

LEAST_PASSWORD: Final = 10
IDLE: Final = timedelta(hours=2)
LONGEST: Final = timedelta(hours=12)
CHAIN: Final = "accounts"


@dataclass(frozen=True)
class LoggedIn:
    """A session that was opened. `token` goes into the cookie and is kept nowhere else."""

    token: str
    csrf: str


@dataclass(frozen=True)
class Session:
    """Who is there, and the word that each form of theirs has to carry."""

    actor: Actor
    csrf: str


def add_account(
    office: Office,
    *,
    login: str,
    name: str,
    role: Role,
    unit: str,
    password: str,
    districts: Sequence[str] = (),
    communes: Sequence[tuple[str, str]] = (),
    confirms_law: bool = False,
    oidc_subject: str | None = None,
    by: str = "system",
) -> Actor:
    """Make an account.

    `oidc_subject`: who the office's own log-in says it is, by its subject or, where there is an @, by its verified
    address; with it the password may be blank, and then there is none. Raises UsageError for a login or subject that
    is taken, a short password, a role that is the system's.
    """
    subject = (oidc_subject or "").strip() or None
    if subject and not password:
        password = secrets.token_urlsafe(32)  # nobody knows it
    if role == Role.SYSTEM:
        raise UsageError("Vai trò này chỉ của hệ thống. / This role is the system's alone.")
    if len(password) < LEAST_PASSWORD:
        raise UsageError(
            f"Mật khẩu cần ít nhất {LEAST_PASSWORD} ký tự. / A password has at least {LEAST_PASSWORD} characters."
        )
    user_id, now = f"u-{secrets.token_hex(8)}", office.clock()
    row = {
        "user_id": user_id,
        "login": login.strip().casefold(),
        "name": name.strip(),
        "role": role.value,
        "unit": unit.strip(),
        "districts": list(districts),
        "communes": [list(each) for each in communes],
        "confirms_law": confirms_law,
        "password_hash": _hasher().hash(password),
        "oidc_subject": _subject(subject) if subject else None,
        "is_active": True,
        "created_at": now,
        "changed_at": now,
    }
    with office.cases.writing() as connection:
        if connection.scalar(select(UserRow.user_id).where(UserRow.login == row["login"])):
            raise UsageError("Tên đăng nhập đã có. / The login is taken.")
        if subject and connection.scalar(select(UserRow.user_id).where(UserRow.oidc_subject == row["oidc_subject"])):
            raise UsageError("Danh tính OIDC này đã thuộc một tài khoản. / This OIDC subject has an account already.")
        connection.execute(insert(UserRow), [row])
        content = {"user": user_id, "role": role.value, "confirms_law": confirms_law}
        ledger.append(connection, CHAIN, now=now, actor_id=by, act="add_account", after=role.value, content=content)
    return Actor(user_id, name, role, unit, frozenset(districts), frozenset(communes), confirms_law)


def role_of(text: str) -> Role:
    """A role by its name. Raises UsageError that names the roles."""
    known = [role for role in Role if role != Role.SYSTEM]
    if text not in known:
        raise UsageError(f"Không có vai trò {text}; có: {', '.join(known)}. / There is no such role.")
    return Role(text)


def place_of(text: str) -> tuple[str, str]:
    """Commune and district written `Xã A, Huyện B`. Raises UsageError."""
    commune, _, district = (part.strip() for part in text.partition(","))
    if not commune or not district:
        raise UsageError(f"Viết xã như `Xã A, Huyện B`, không phải `{text}`. / Write a commune as `Xã A, Huyện B`.")
    return commune, district


def log_in(office: Office, login: str, password: str) -> LoggedIn | None:
    """Open a session; None where login or password is wrong. As long for an unknown login as for a wrong password."""
    with office.cases.reading() as connection:
        row = connection.execute(
            select(UserRow.user_id, UserRow.password_hash).where(
                UserRow.login == login.strip().casefold(), UserRow.is_active, UserRow.role != Role.SYSTEM.value
            )
        ).first()
    fits = _hasher().verify(password, row.password_hash if row else _nobody())
    return _open(office, row.user_id, {}) if row is not None and fits else None


def log_in_as(office: Office, subject: str, verified_email: str | None) -> LoggedIn | None:
    """Open a session for whom the office's own log-in vouches for; None where no active account is bound to it.

    An account that is bound to an address is found by that verified address alone, never by a subject.
    """
    known = [subject] if "@" not in subject else []
    if verified_email and "@" in verified_email:
        known.append(verified_email)
    with office.cases.reading() as connection:
        found = connection.scalars(
            select(UserRow.user_id).where(
                UserRow.oidc_subject.in_([_subject(each) for each in known]),
                UserRow.is_active,
                UserRow.role != Role.SYSTEM.value,
            )
        ).all()
    return _open(office, found[0], {"by": "oidc"}) if len(found) == 1 else None


def _subject(text: str) -> str:
    """Addresses are the same in small and capital letters; a subject is not."""
    return text.casefold() if "@" in text else text


def _open(office: Office, user_id: str, content: dict[str, str]) -> LoggedIn:
    token, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(24), office.clock()
    session = {"token_hash": _hashed(token), "user_id": user_id, "csrf": csrf, "began_at": now, "seen_at": now}
    with office.cases.writing() as connection:
        connection.execute(insert(SessionRow), [session])
        ledger.append(connection, CHAIN, now=now, actor_id=user_id, act="log_in", content=content)
    return LoggedIn(token, csrf)


def session_of(office: Office, token: str | None) -> Session | None:
    """The session of a cookie; None where there is none, it was ended, or it lay idle too long."""
    if not token:
        return None
    with office.cases.reading() as connection:
        row = connection.execute(
            select(SessionRow, UserRow)
            .join(UserRow, UserRow.user_id == SessionRow.user_id)
            .where(SessionRow.token_hash == _hashed(token), SessionRow.ended_at.is_(None), UserRow.is_active)
        ).first()
    if row is None:
        return None
    now, seen = office.clock(), _aware(row.seen_at)
    if now - seen > IDLE or now - _aware(row.began_at) > LONGEST:
        return None
    if now - seen > timedelta(minutes=1):
        with office.cases.writing() as connection:
            connection.execute(update(SessionRow).where(SessionRow.token_hash == _hashed(token)).values(seen_at=now))
    communes = frozenset((commune, district) for commune, district in row.communes)
    who = (row.user_id, row.name, Role(row.role), row.unit, frozenset(row.districts), communes, row.confirms_law)
    return Session(Actor(*who), row.csrf)


def who_signs(office: Office, login: str, password: str) -> Actor | None:
    """Somebody who signs beside the one that is logged in, by login and password; no session is opened."""
    with office.cases.reading() as connection:
        row = (
            connection.execute(
                select(UserRow).where(
                    UserRow.login == login.strip().casefold(), UserRow.is_active, UserRow.role != Role.SYSTEM.value
                )
            )
            .mappings()
            .first()
        )
    fits = _hasher().verify(password, row["password_hash"] if row else _nobody())
    if row is None or not fits:
        return None
    communes = frozenset((commune, district) for commune, district in row["communes"])
    return Actor(row["user_id"], row["name"], Role(row["role"]), row["unit"], frozenset(row["districts"]), communes)


def log_out(office: Office, token: str) -> None:
    """End a session."""
    with office.cases.writing() as connection:
        connection.execute(
            update(SessionRow).where(SessionRow.token_hash == _hashed(token)).values(ended_at=office.clock())
        )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps no time zone


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_hex(16))
