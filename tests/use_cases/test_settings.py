"""Settings: a bad value is refused; the key is made once and kept."""

from pathlib import Path

import pytest

from eligibility_audit.errors import UsageError
from eligibility_audit.settings import KEY_FILE, load_key, load_settings, make_key


@pytest.mark.parametrize(("name", "value"), [("EA_WORKERS", "0"), ("EA_WORKERS", "many"), ("EA_PROGRESS", "loud")])
def test_a_bad_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=name):
        load_settings()


def test_a_bad_key_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EA_KEY", "secret-but-short")
    with pytest.raises(UsageError, match="EA_KEY") as raised:
        load_key(load_settings())
    assert "secret-but-short" not in str(raised.value)


def test_a_key_is_made_once_and_is_its_owners_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EA_HOME", str(tmp_path / "home"))
    first = load_key(load_settings())
    assert load_key(load_settings()) == first
    assert (tmp_path / "home" / KEY_FILE).stat().st_mode & 0o077 == 0


def test_the_key_beside_the_plan_comes_first(tmp_path: Path) -> None:
    make_key(tmp_path / KEY_FILE)
    key = load_key(load_settings(), tmp_path)
    assert key.hex() == (tmp_path / KEY_FILE).read_text(encoding="ascii").strip()
