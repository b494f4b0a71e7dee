"""Sign PDF files with one opening of the key: lists that are still as they were made, whose law may be signed."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from eligibility_audit.errors import InputError, IntegrityError, RefusedError, UsageError
from eligibility_audit.publish.held import machine_file, of_machine_file
from eligibility_audit.publish.signing import Key, Token, key_of_file, key_of_token
from eligibility_audit.settings import load_settings

# Lists that lead to an act which somebody signs: their law is confirmed first (procedure.md, 1).
ACTS: Final = frozenset({"adjust_up", "adjust_down", "adjust", "suspend", "terminate"})


@dataclass(frozen=True)
class Asked:
    """What is to be signed and how. `law_confirmed_by`: the legal officer who confirmed the marked provisions."""

    files: tuple[Path, ...]
    out: Path
    reason: str = ""
    place: str = ""
    law_confirmed_by: str = ""


def sign_files(asked: Asked, key: Path | Token, secret: str) -> Iterator[Path]:
    """Sign each file into `out` under its own name; yields each signed file as it is written.

    All files are looked at before the key is opened. Raises UsageError, InputError, IntegrityError for a list that was
    changed, RefusedError for a list of acts with provisions that nobody confirmed.
    """
    reason = _looked_at(asked)
    asked.out.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _opened(key, secret) as opened:
        for path in asked.files:
            signed = opened.sign(path.read_bytes(), datetime.now(UTC), reason=reason, place=asked.place)
            made = asked.out / path.name
            made.touch(mode=0o600)
            made.write_bytes(signed)
            yield made


def _opened(key: Path | Token, secret: str) -> AbstractContextManager[Key]:
    time_stamps = load_settings().tsa_url
    address = str(time_stamps) if time_stamps else ""
    return key_of_token(key, secret, address) if isinstance(key, Token) else key_of_file(key, secret, address)


def _looked_at(asked: Asked) -> str:
    """Look at every file before any is signed; returns the reason that the signatures state."""
    names = [path.name for path in asked.files]
    if len(set(names)) < len(names):
        raise UsageError("Hai tệp trùng tên; ký từng thư mục một / two files of one name; sign a folder at a time")
    refused = []
    for path in asked.files:
        if not path.is_file():
            raise UsageError(f"{path}: không có tệp này / there is no such file")
        if (asked.out / path.name).exists():
            raise UsageError(f"{asked.out / path.name}: đã có; chọn --out khác / is there; choose another --out")
        try:
            content = machine_file(path.read_bytes())
            held = None if content is None else of_machine_file(content)
        except InputError as error:
            raise InputError(f"{path.name}: {error}") from None
        if held is None:
            continue
        if faults := held.faults():
            raise IntegrityError(f"{path.name}: không ký: {faults[0]}")
        if held.code in ACTS and held.unconfirmed and not asked.law_confirmed_by:
            refused.append(f"{path.name} ({held.unconfirmed})")
    if refused:
        raise RefusedError(
            [
                f"Còn dòng có căn cứ pháp lý chưa được xác nhận: {', '.join(refused)}. Cán bộ pháp chế xác nhận rồi ký "
                "với --law-confirmed-by HỌ_TÊN. / These lists have lines whose law nobody confirmed."
            ]
        )
    by = f"Căn cứ pháp lý do {asked.law_confirmed_by} xác nhận" if asked.law_confirmed_by else ""
    return ". ".join(part for part in (asked.reason, by) if part)


def secret_of(path: Path) -> str:
    """The passphrase or PIN that a file holds, its line end left out. Raises UsageError."""
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path}: không đọc được mật khẩu / the passphrase cannot be read") from None
    if path.stat().st_mode & 0o077:
        raise UsageError(f"{path}: người khác đọc được tệp mật khẩu; chmod 600 / others can read the passphrase file")
    return text


def pdfs(names: Sequence[Path]) -> tuple[Path, ...]:
    """The PDF files that are named, those of a folder for a folder."""
    found: list[Path] = []
    for name in names:
        found += sorted(name.glob("*.pdf")) if name.is_dir() else [name]
    if not found:
        raise UsageError("Không có tệp PDF nào để ký / there is no PDF to sign")
    return tuple(found)
