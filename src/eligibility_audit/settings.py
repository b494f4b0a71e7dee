"""Settings from the environment (`EA_…`); a bad value is refused, never replaced by a default."""

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from eligibility_audit.errors import UsageError

KEY_FILE = "eligibility-audit.key"
KEY_BYTES = 32


class Settings(BaseSettings):
    """EA_HOME: folder of the key and the store. EA_KEY: the key of all ids, 64 hexadecimal digits.

    EA_LAW, EA_PLUGINS: folders of law laid over the installed one, and folders of plugins, several parted as in PATH.
    EA_LAW_KNOWN_ON: the law as it was known here on a day. EA_JUDGEMENTS_FROM_STORE: runs heed what officers judged.
    EA_MODEL: the learnt linkage model that runs use.
    """

    model_config = SettingsConfigDict(env_prefix="EA_", extra="ignore", hide_input_in_errors=True)

    home: Path = Path("~/.eligibility-audit")
    key: SecretStr | None = None
    store_url: str | None = None
    workers: Annotated[int, Field(ge=1, le=64)] = min(2, os.cpu_count() or 1)
    progress: Literal["auto", "on", "off"] = "auto"
    law: str = ""
    law_known_on: date | None = None
    plugins: str = ""
    judgements_from_store: bool = False
    model: Path | None = None

    @property
    def folder(self) -> Path:
        """EA_HOME with `~` resolved."""
        return self.home.expanduser()

    @property
    def law_folders(self) -> tuple[Path, ...]:
        """The folders of EA_LAW, in their order."""
        return _folders(self.law)

    @property
    def plugin_folders(self) -> tuple[Path, ...]:
        """The folders of EA_PLUGINS, in their order."""
        return _folders(self.plugins)

    @property
    def store(self) -> str:
        """SQLAlchemy URL of the store; a SQLite file in the home folder unless EA_STORE_URL says otherwise."""
        return self.store_url or f"sqlite:///{self.folder / 'store.sqlite'}"


def _folders(text: str) -> tuple[Path, ...]:
    return tuple(Path(part).expanduser() for part in text.split(os.pathsep) if part)


def load_settings() -> Settings:
    """Read the environment; raise UsageError naming each bad variable."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(f"EA_{str(f['loc'][0]).upper()}: {f['msg']}" for f in error.errors(include_url=False))
        raise UsageError(f"Biến môi trường không hợp lệ / bad environment variable: {faults}") from None


def load_key(settings: Settings, plan_folder: Path | None = None) -> bytes:
    """The key of all ids: EA_KEY, else the file beside the plan (made by `init`), else the home folder's, made once."""
    if settings.key is not None:
        return _key_of(settings.key.get_secret_value(), "EA_KEY")
    beside = plan_folder / KEY_FILE if plan_folder else None
    if beside and beside.exists():
        return _key_of(beside.read_text(encoding="ascii", errors="replace"), KEY_FILE)
    own = settings.folder / KEY_FILE
    if not own.exists():
        make_key(own)
    return _key_of(own.read_text(encoding="ascii", errors="replace"), str(own.name))


def make_key(path: Path) -> None:
    """Write a new random key, readable by its owner alone; an existing key is never replaced."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")


def _key_of(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise UsageError(
            f"{where}: khóa phải là 64 chữ số thập lục phân; chạy `eligibility-audit init` để tạo / "
            "the key is 64 hexadecimal digits; `eligibility-audit init` makes one"
        )
    return key
