"""Settings from the environment (`EA_…`); a bad value is refused, never replaced by a default."""

import os
import secrets
from datetime import date, time
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from eligibility_audit.errors import UsageError

KEY_FILE = "eligibility-audit.key"
KEY_BYTES = 32


_MAIL: Final = r"^[^@\s]+@[^@\s]+$"


def _a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("no such time zone; write one such as Asia/Ho_Chi_Minh") from None
    return name


def _an_issuer(url: str) -> str:
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or not (parts.scheme == "https" or is_here) or parts.query or parts.fragment:
        raise ValueError("it is https://HOST/PATH, as the provider writes it (http on this machine alone)")
    return url.rstrip("/")


def _an_smtp(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("it is smtp://HOST:PORT or smtps://USER:PASSWORD@HOST:PORT")
    return url


class Settings(BaseSettings):
    """EA_HOME: folder of the key and the store. EA_KEY: the key of all ids, 64 hexadecimal digits.

    EA_LAW, EA_PLUGINS: folders of law laid over the installed one, and folders of plugins, several parted as in PATH.
    EA_LAW_KNOWN_ON: the law as it was known here on a day. EA_JUDGEMENTS_FROM_STORE: runs heed what officers judged.
    EA_MODEL: the learnt linkage model that runs use.

    EA_TSA_URL: authority that stamps the time of digital signatures; none unless named (docs/signing.md).

    EA_OIDC_ISSUER, EA_OIDC_CLIENT_ID, EA_OIDC_CLIENT_SECRET: the office's own log-in (OpenID Connect), all or none.

    Of nights (docs/nightly.md): EA_NIGHTS: their folder. EA_NIGHT_AT, EA_NIGHT_ZONE: when a night begins, by which
    clock. EA_NIGHT_HOURS: within which it ends. EA_NIGHT_WEBHOOK, EA_NIGHT_SMTP (`smtp://` or `smtps://`, with user and
    password where asked), EA_NIGHT_MAIL_FROM, EA_NIGHT_MAIL_TO: where its message goes. EA_TELEMETRY: address of an
    OpenTelemetry collector.
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
    nights: Path | None = None
    night_at: time = time(1, 0)
    night_zone: Annotated[str, AfterValidator(_a_zone)] = "Asia/Ho_Chi_Minh"
    night_hours: Annotated[float, Field(gt=0, le=24)] = 6.0
    night_webhook: HttpUrl | None = None
    night_smtp: Annotated[SecretStr, AfterValidator(_an_smtp)] | None = None
    night_mail_from: Annotated[str, Field(pattern=_MAIL)] | None = None
    night_mail_to: Annotated[str, Field(pattern=_MAIL)] | None = None
    telemetry: HttpUrl | None = None
    tsa_url: HttpUrl | None = None
    oidc_issuer: Annotated[str, AfterValidator(_an_issuer)] | None = None
    oidc_client_id: Annotated[str, Field(min_length=1)] | None = None
    oidc_client_secret: Annotated[SecretStr, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _all_of_oidc_or_none(self) -> Self:
        known = [each is not None for each in (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret)]
        if any(known) and not all(known):
            raise ValueError("EA_OIDC_ISSUER, EA_OIDC_CLIENT_ID and EA_OIDC_CLIENT_SECRET are set together")
        return self

    @property
    def nights_folder(self) -> Path:
        """EA_NIGHTS, else `nights` in the home folder."""
        return (self.nights or self.folder / "nights").expanduser()

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
        faults = "; ".join(_told(f["loc"], f["msg"]) for f in error.errors(include_url=False))
        raise UsageError(f"Biến môi trường không hợp lệ / bad environment variable: {faults}") from None


def _told(where: tuple[int | str, ...], what: str) -> str:
    return f"EA_{str(where[0]).upper()}: {what}" if where else what


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
