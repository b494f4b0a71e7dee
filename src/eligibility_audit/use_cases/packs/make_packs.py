"""One run as encrypted zips (AES-256), one a district: a folder a commune, with a day after which it is to be deleted.

The passwords go into a file of the owner's, never beside the zips and never onto the command line.
"""

import hashlib
import json
import secrets
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pandas as pd
import pyzipper  # type: ignore[import-untyped]  # it has no types

from eligibility_audit import publish
from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.errors import UsageError
from eligibility_audit.publish.list_files import PaperFormat, parts, slug, write_part
from eligibility_audit.publish.lists import by_name, listed
from eligibility_audit.publish.papers import Batch, Form
from eligibility_audit.settings import Settings
from eligibility_audit.use_cases.make_lists import Wanted, cut, of_run
from eligibility_audit.use_cases.packs.own_lines import Everybody, everybody, own_lines

DAYS: Final = 30  # our own rule, not law
MANIFEST: Final = "manifest.json"
SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
READ_ME: Final = (
    "Gói này có một thư mục cho mỗi xã; mỗi xã chỉ được giao thư mục của mình. Hồ sơ ở xã khác chỉ được nói là "
    "“một hồ sơ ở xã khác”. Hết hạn thì xóa tệp và hủy bản in. / One folder a commune; delete after the day."
)


@dataclass(frozen=True)
class Pack:
    """A zip that was made: its district, how many communes and lines are in it, its hash."""

    path: Path
    district: str
    communes: int
    lines: int
    sha256: str


@dataclass(frozen=True)
class Packs:
    """All that was made of a run, where the passwords are (None where they were asked for), and until when it holds."""

    packs: tuple[Pack, ...]
    passwords: Path | None
    expires_on: date

    def told(self) -> str:
        """A line a pack; no name of a person."""
        said = [f"{one.path.name}: {one.communes} xã / communes, {one.lines} dòng / lines" for one in self.packs]
        said.append(f"Dùng đến hết ngày {self.expires_on:%d/%m/%Y} / to be deleted after this day")
        if self.passwords is not None:
            said.append(f"Mật khẩu / passwords: {self.passwords} (gửi bằng đường khác / send them by another way)")
        return "\n".join(said)


def make_packs(
    run_folder: Path,
    out: Path,
    settings: Settings,
    *,
    today: date,
    districts: Sequence[str] = (),
    days: int = DAYS,
    head: publish.Letterhead | None = None,
    ask: Callable[[str], str] | None = None,
    formats: Sequence[PaperFormat] = ("pdf",),
) -> Packs:
    """Write a pack a district of a published run into `out`, a new folder. `ask` gives the password of a district.

    Raises UsageError for a folder that is not empty, a district that the run has not, a password that is too short;
    IntegrityError where the run's table is not the one that its manifest knows.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out}: thư mục không trống; chọn thư mục khác / is not empty; choose another --out")
    if _passwords_of(out).exists() and ask is None:  # those of packs that were sent and are opened with them
        raise UsageError(f"{_passwords_of(out)}: đã có mật khẩu của lần trước / are passwords; choose another --out")
    recommendations, batch = of_run(run_folder, settings)
    expires = today + timedelta(days)
    foot = f"{FOOT_VI} Bản này dùng đến hết ngày {expires:%d/%m/%Y}."
    batch = replace(batch, head=head or publish.Letterhead(), form=Form(foot=foot))
    lines = listed(cut(recommendations, Wanted((), districts=tuple(districts))))
    wanted = sorted(map(str, lines["district"].unique()), key=by_name)
    people = everybody(run_folder)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    words = {district: ask(district) if ask else _password() for district in wanted}
    if short := [district for district, word in words.items() if len(word) < 12]:
        raise UsageError(f"Mật khẩu của {', '.join(short)} cần ít nhất 12 ký tự. / A password has at least 12 signs.")
    made = []
    for district, name in zip(wanted, _file_names(wanted), strict=True):
        part = lines[lines["district"] == district].reset_index(drop=True)
        path = out / f"{name}.zip"
        made.append(_pack(part, district, path, words[district], batch, people, expires, tuple(formats)))
    kept = None if ask else _keep_passwords(out, words)
    told = [{"file": one.path.name, "sha256": one.sha256, "lines": one.lines} for one in made]
    index = {"run_id": batch.run_id, "made_on": f"{today}", "expires_on": f"{expires}", "packs": told}
    _private(out / "packs.json", json.dumps(index, ensure_ascii=False, indent=1).encode())
    return Packs(tuple(made), kept, expires)


def _pack(
    lines: pd.DataFrame,
    district: str,
    path: Path,
    password: str,
    batch: Batch,
    people: Everybody,
    expires: date,
    formats: tuple[PaperFormat, ...],
) -> Pack:
    path.touch(mode=0o600)
    communes = sorted(map(str, lines["commune"].unique()), key=by_name)
    files: list[dict[str, object]] = []
    with pyzipper.AESZipFile(path, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as packed:
        packed.setpassword(password.encode())
        packed.setencryption(pyzipper.WZ_AES, nbits=256)
        for commune, folder in zip(communes, _file_names(communes), strict=True):
            own = own_lines(lines[lines["commune"] == commune], people.elsewhere((district, commune)))
            for name, content in _of_commune(own, replace(batch, place=f"{commune}, {district}"), formats):
                place = f"{folder}/{name}"
                packed.writestr(place, content)
                digest = hashlib.sha256(content).hexdigest()
                files.append({"file": place, "commune": commune, "lines": len(own), "sha256": digest})
        told = {"run_id": batch.run_id, "as_of": f"{batch.as_of}", "district": district}
        told |= {"expires_on": f"{expires}", "ledger_root": batch.root, "read_me": READ_ME}
        packed.writestr(MANIFEST, json.dumps(told | {"files": files}, ensure_ascii=False, indent=1))
    return Pack(path, district, len(communes), len(lines), hashlib.sha256(path.read_bytes()).hexdigest())


def _file_names(places: Sequence[str]) -> list[str]:
    """A name a place; those that differ by signs alone (Xã An, Xã Ân) are numbered."""
    names: list[str] = []
    for place in places:
        same = sum(name == slug(place) or name.startswith(f"{slug(place)}--") for name in names)
        names.append(f"{slug(place)}--{same + 1}" if same else slug(place))
    return names


def _of_commune(own: pd.DataFrame, batch: Batch, formats: tuple[PaperFormat, ...]) -> list[tuple[str, bytes]]:
    """The workbook, the lists and the slips of a commune, made in a folder that is gone after it."""
    lines = own.drop(columns="list")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made = [*publish.write_lists(folder, lines, batch)]
        made += [write_part(part, folder) for part in parts(lines, batch, formats, slips=True)]
        return [(path.name, path.read_bytes()) for path in made]


def _password() -> str:
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(5)) for _ in range(5))


def _keep_passwords(out: Path, words: dict[str, str]) -> Path:
    """Beside the folder of the packs, not in it: who is sent the folder is not sent them."""
    path = _passwords_of(out)
    _private(path, "".join(f"{district}\t{word}\n" for district, word in words.items()).encode())
    return path


def _passwords_of(out: Path) -> Path:
    return out.parent / f"{out.name}.mat-khau.txt"


def _private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_bytes(content)
