"""A capsule: one zip with all that one determination rests on, sealed by hash and by the office's key.

A part is a file whose name begins with the step it belongs to (`STEPS`; 0: what the capsule says of itself). The last
member, `seal.json`, holds the hash of each part; the zip's comment holds the hash of all bytes before it and its HMAC.
"""

import hashlib
import hmac
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.use_cases.keeping.tables import canonical, framed, told

FORMAT: Final = 1
STEPS: Final[Mapping[int, tuple[str, str]]] = {
    1: ("đọc, chuẩn hóa", "read, standardise"),
    2: ("ghép", "link"),
    3: ("dữ kiện", "facts"),
    4: ("áp dụng quy tắc", "rules"),
    5: ("đề xuất", "recommend"),
    6: ("việc của cán bộ", "acts"),
}
ABOUT: Final = "0-about.json"
RECORDS: Final = "1-records.json"  # as received and as standardised, by kind: the case's own, and those around it
PAIRS: Final = "2-pairs.json"
CANDIDATES: Final = "2-candidates.json"
MODEL: Final = "2-model.yaml"
CASES: Final = "3-cases.json"
LAW: Final = "4-law.json"
FINDINGS: Final = "4-findings.json"
RECOMMENDATION: Final = "5-recommendation.json"
ACTS: Final = "6-acts.json"
PARTS: Final = (ABOUT, RECORDS, PAIRS, CANDIDATES, MODEL, CASES, LAW, FINDINGS, RECOMMENDATION, ACTS)
SEAL: Final = "seal.json"
_UNSIGNED: Final = "-" * 64
_COMMENT: Final = re.compile(rb"ea1 sha256=([0-9a-f]{64}) hmac=([0-9a-f]{64}|-{64})")
_LENGTH: Final = len(f"ea1 sha256={'0' * 64} hmac={_UNSIGNED}")
_DAY: Final = (1980, 1, 1, 0, 0, 0)  # no clock: the same content gives the same bytes


@dataclass(frozen=True)
class Capsule:
    """What one determination rests on.

    `about`: case, records, run with its inputs by hash, what it was made with, and what could not be recomputed when it
    was sealed (`taken`, by step). `records`: by kind; `cases`: the case's rows as the rules saw them, with `record_id`.
    """

    about: Mapping[str, Any]
    records: Mapping[str, pd.DataFrame]
    pairs: pd.DataFrame
    candidates: pd.DataFrame
    model: str
    cases: pd.DataFrame
    law: Mapping[str, Any]
    findings: pd.DataFrame
    recommendation: pd.DataFrame
    acts: Mapping[str, Any]

    def parts(self) -> dict[str, bytes]:
        """The files of the capsule."""
        frames = {
            PAIRS: self.pairs,
            CANDIDATES: self.candidates,
            CASES: self.cases,
            FINDINGS: self.findings,
            RECOMMENDATION: self.recommendation,
        }
        content: dict[str, Any] = {name: told(frame) for name, frame in frames.items()}
        content |= {ABOUT: dict(self.about), LAW: dict(self.law), ACTS: dict(self.acts)}
        content[RECORDS] = {kind: told(frame) for kind, frame in self.records.items()}
        return {name: canonical(each) for name, each in content.items()} | {MODEL: self.model.encode()}


def write(capsule: Capsule, path: Path, key: bytes | None) -> None:
    """Write a capsule, readable by its owner alone, whole or not at all."""
    half = path.with_name(f".{path.name}.half")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(packed(capsule, key))
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def packed(capsule: Capsule, key: bytes | None) -> bytes:
    """The bytes of a capsule; without a key it is sealed by its hashes alone."""
    parts = capsule.parts()
    parts[SEAL] = canonical({name: _sha256(content) for name, content in parts.items()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in (*PARTS, SEAL):
            member = zipfile.ZipInfo(name, _DAY)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
            file.writestr(member, parts[name], compresslevel=9)
        file.comment = b" " * _LENGTH
    before = out.getvalue()[:-_LENGTH]
    digest = _sha256(before)
    signed = _UNSIGNED if key is None else hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()
    return before + f"ea1 sha256={digest} hmac={signed}".encode()


def verify(path: Path, key: bytes | None = None) -> str:
    """A sentence saying that a capsule is whole. Raises IntegrityError naming the part and the step that is not."""
    _opened(path, key)
    vi, en = ("niêm phong đúng khóa", "sealed with this key") if key else ("chưa đối chiếu khóa", "key not looked at")
    return (
        f"Nguyên vẹn: {len(PARTS)} phần đúng như khi niêm phong; {vi}. / "
        f"Whole: {len(PARTS)} parts are as they were sealed; {en}."
    )


def read(path: Path) -> Capsule:
    """The capsule of a file. Raises UsageError where it is none, IntegrityError where it is not as it was sealed."""
    parts = _opened(path, None)
    content = {name: json.loads(parts[name]) for name in PARTS if name != MODEL}
    if content[ABOUT]["format"] != FORMAT:
        raise UsageError(f"{path.name}: dạng hộp niêm phong khác / a capsule of another form; use a later version")
    return Capsule(
        about=content[ABOUT],
        records={kind: framed(each) for kind, each in content[RECORDS].items()},
        pairs=framed(content[PAIRS]),
        candidates=framed(content[CANDIDATES]),
        model=parts[MODEL].decode(),
        cases=framed(content[CASES]),
        law=content[LAW],
        findings=framed(content[FINDINGS]),
        recommendation=framed(content[RECOMMENDATION]),
        acts=content[ACTS],
    )


def is_capsule(path: Path) -> bool:
    """Whether a file has the name of a capsule."""
    return path.is_file() and path.suffix == ".zip"


def step_of(part: str) -> int:
    """The step that a part belongs to; 0 for what the capsule says of itself."""
    return int(part[0]) if part[:1].isdigit() else 0


def _opened(path: Path, key: bytes | None) -> dict[str, bytes]:
    """The parts, each held against its hash, and the whole against the comment."""
    try:
        content = path.read_bytes()
    except OSError:
        raise UsageError(f"{path}: không đọc được / cannot be read; name a capsule") from None
    sealed = _COMMENT.fullmatch(content[-_LENGTH:])
    whole = sealed is not None and sealed[1].decode() == _sha256(content[:-_LENGTH])
    try:
        parts, faults = _parts(content)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        parts, faults = {}, [f"{path.name}: cấu trúc tệp zip đã bị thay đổi / the zip's own directory was changed"]
    if not whole and not faults:
        where = ("dấu niêm phong", "the seal") if sealed is None else ("vỏ tệp zip", "the zip around the parts")
        faults = [f"{where[0]} đã bị thay đổi; mọi phần bên trong còn đúng / {where[1]} was changed; every part holds"]
    if faults:
        raise IntegrityError(f"{path.name} không còn nguyên vẹn / is not whole:\n  " + "\n  ".join(faults))
    if key is not None and sealed is not None:
        _check_key(path, sealed, key)
    return parts


def _check_key(path: Path, sealed: "re.Match[bytes]", key: bytes) -> None:
    signed = hmac.new(key, sealed[1], hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signed.encode(), sealed[2]):
        raise IntegrityError(
            f"{path.name}: không phải do khóa này niêm phong / was not sealed with this key; name the office's EA_KEY"
        )


def _parts(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    parts: dict[str, bytes] = {}
    broken: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = file.namelist()
        for name in names:
            try:
                parts[name] = file.read(name)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError):
                broken.append(name)
    said: dict[str, str] = {}
    try:
        said = json.loads(parts.get(SEAL, b"{}"))
    except ValueError:
        broken.append(SEAL)
    broken += [name for name in said if name not in names]
    broken += [name for name, digest in said.items() if name in parts and _sha256(parts[name]) != digest]
    broken += [name for name in (*PARTS, SEAL) if name not in names and name not in said]
    return parts, [_fault(name) for name in dict.fromkeys(broken)]


def _fault(name: str) -> str:
    step = step_of(name)
    if not step:
        return f"{name}: đã bị thay đổi / changed"
    vi, en = STEPS[step]
    return f"{name} (bước {step}, {vi} / step {step}, {en}): đã bị thay đổi / changed"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
