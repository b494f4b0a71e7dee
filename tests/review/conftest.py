"""The server of the pages, for the tests of the review."""

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from eligibility_audit.store import accounts
from tests.web.conftest import browser, served

__all__ = ["browser", "served"]


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords of invented accounts need not be slow to guess."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    accounts._nobody.cache_clear()
    monkeypatch.setattr(accounts, "_hasher", lambda: quick)
