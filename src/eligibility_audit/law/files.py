"""Where the files of the law are and how they are read: the installed ones, and folders laid over them entry by entry.

A folder of law has the form of this one: `pack.yaml` (what it is, and since when its entries are known here), then
`instruments.yaml` and `<programme>/*.yaml`. Its entries stand before those of the same name below it; one that was not
yet known on the day asked for (`Law.known_on`) is as if it were not there. Nothing here knows what an entry means.
"""

import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.errors import LawError

PACK: Final = "pack.yaml"
COMMON: Final = "common"
STEMS: Final = {
    "": ("instruments",),
    COMMON: ("parameters", "citations", "acts", "clocks", "working_days", "complaints", "retention"),
}
STEMS_OF_PROGRAMME: Final = ("parameters", "citations", "acts", "clocks")
Text = Annotated[str, Field(min_length=1)]


class Pack(BaseModel):
    """What a folder of law says of itself, in `pack.yaml`. `known_from`: of the entries that do not say their own.

    `published_from`: a folder that writes down law that was published long before. What of it does not say its own
    `known_from` is known from the day from which it is law (it was published by then); no day before this one is asked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    vi: Text
    en: Text
    version: Text
    known_from: date
    published_from: date | None = None


@dataclass(frozen=True)
class LawFolder:
    """A folder of law that is laid over the installed one. Made by `law_folder`."""

    path: Path
    pack: Pack
    digest: str

    @property
    def name(self) -> str:
        """What it is called where a value's origin is told."""
        return f"{self.pack.vi} ({self.pack.version})"


@dataclass(frozen=True)
class Law:
    """The law that is asked: folders over the installed one, later ones first asked, as it was known on a day.

    `base`: a folder that stands in the place of the installed law (what a capsule carries); None: the installed one.
    """

    folders: tuple[LawFolder, ...] = ()
    known_on: date | None = None
    base: LawFolder | None = None

    @property
    def lowest(self) -> Pack:
        """What the lowest folder says of itself."""
        return installed_pack() if self.base is None else self.base.pack

    def __post_init__(self) -> None:
        first = self.lowest.published_from or self.lowest.known_from
        if self.known_on is not None and self.known_on < first:
            raise LawError(
                f"Luật được biết ở đây từ {first:%d/%m/%Y}; không thể hỏi luật như được biết ngày "
                f"{self.known_on:%d/%m/%Y}. Hãy chọn ngày sau đó, hoặc bỏ law_known_on. / The law is known here from "
                f"{first}; it cannot be asked as it was known on {self.known_on}. Take a later day, or leave it out."
            )

    def sources(self) -> dict[str, object]:
        """What a manifest says of it: version and hash of each folder, and the day of knowledge."""
        told: list[dict[str, str]] = [
            {"name": folder.pack.vi, "version": folder.pack.version, "sha256": folder.digest} for folder in self.folders
        ]
        return {"folders": told, "known_on": str(self.known_on) if self.known_on else None}


_IN_USE: Final[ContextVar[Law | None]] = ContextVar("law in use", default=None)


def law_in_use() -> Law:
    """The law that is asked where none is named: the installed one, unless a `using` block says otherwise."""
    return _IN_USE.get() or Law()


@contextmanager
def using(law: Law) -> Iterator[None]:
    """Within the block this law is asked (in this thread)."""
    token = _IN_USE.set(law)
    try:
        yield
    finally:
        _IN_USE.reset(token)


@dataclass(frozen=True)
class Entry:
    """One entry of a file of law as it stands there, with where it stands and since when it is known here.

    `published`: what stands in it is known from the day from which it is law, where it does not say `known_from`.
    """

    content: object
    file: str
    origin: str  # name of the folder of law; "" for the installed one
    known_from: date
    published: bool = False

    def known(self, since: date | None, valid_from: date) -> date:
        """Since when a dated part of it is known: as that part says, else as the entry or its folder does."""
        return since or (valid_from if self.published else self.known_from)

    def fault(self, error: object) -> LawError:
        """The sentence for an entry that is not in its form."""
        return out_of_form(self.file, error)


def out_of_form(file: str, error: object) -> LawError:
    """The sentence for a file of law that is not in its form."""
    return LawError(
        f"Tệp {file} không đúng mẫu; hãy sửa chỗ được nêu. / "
        f"The file {file} is not in its form; mend what is named here. {error}"
    )


def law_folder(path: Path, programmes: Iterable[str] = ()) -> LawFolder:
    """A folder of law, looked at: its `pack.yaml`, and that it holds files of law alone.

    `programmes`: further names of programmes that it may hold. Raises `LawError` for what is missing or has no place.
    """
    if not path.is_dir():
        raise LawError(f"{path}: không có thư mục luật này. / There is no such folder of law.")
    try:
        text = (path / PACK).read_text(encoding="utf-8")
    except OSError:
        raise LawError(
            f"{path}: thiếu {PACK}; hãy viết bốn dòng vi, en, version, known_from (ngày luật được biết ở đây). / "
            f"{PACK} is missing; write its four lines vi, en, version, known_from (since when the law is known here)."
        ) from None
    pack = _pack(text, f"{path.name}/{PACK}")
    known = (COMMON, *KINDS, *programmes)
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*.y*ml")):
        place = file.relative_to(path)
        _check_place(place, known)
        digest.update(place.as_posix().encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return LawFolder(path.resolve(), pack, digest.hexdigest())


def _check_place(place: Path, known: Iterable[str]) -> None:
    folder = place.parent.as_posix() if place.parent.parts else ""
    if folder == "" and place.name == PACK:
        return
    if folder and folder not in known:
        near = ", ".join(difflib.get_close_matches(folder, list(known), n=1)) or ", ".join(known)
        raise LawError(
            f"{place.as_posix()}: không có chương trình {folder}; gần nhất: {near}. / There is no programme {folder}; "
            f"the nearest: {near}."
        )
    stems = STEMS.get(folder, STEMS_OF_PROGRAMME)
    if place.suffix != ".yaml" or not place.name.startswith(stems):
        names = ", ".join(f"{stem}*.yaml" for stem in stems)
        raise LawError(
            f"{place.as_posix()}: tên tệp không có trong luật; các tên: {names}. / No file of law is called so; the "
            f"names: {names}."
        )


def entries(folder: str, stem: str, law: Law) -> dict[str, list[Entry]]:
    """The entries of the files `<stem>*.yaml` of a folder of the law (`""`: its top), by name.

    Of one name: from the lowest layer up, those known on `law.known_on`. Raises `LawError` for a file that is not YAML,
    a name that stands twice in one layer, or an entry without its place.
    """
    found: dict[str, list[Entry]] = {}
    lowest = (None, "") if law.base is None else (law.base.path, law.base.digest)
    layers = [_layer(*lowest, folder, stem)] + [_layer(own.path, own.digest, folder, stem) for own in law.folders]
    for number, layer in enumerate(layers):
        origin = law.folders[number - 1].name if number else ""
        pack = law.folders[number - 1].pack if number else law.lowest
        since = date.min if pack.published_from else pack.known_from
        for name, (content, file) in layer.items():
            entry = Entry(content, file, origin, _known_from(content, since), pack.published_from is not None)
            named = entry.published and stem == "instruments"  # provisions say by it since when they are known
            if law.known_on is None or named or entry.known_from <= law.known_on:
                found.setdefault(name, []).append(entry)
    return found


def law_texts(law: Law) -> list[dict[str, str]]:
    """The law as text, the lowest folder first: place of a file to its content. What `law_of_texts` reads back."""
    installed = Path(str(resources.files("eligibility_audit.law")))
    lowest = installed if law.base is None else law.base.path
    return [_texts(folder) for folder in (lowest, *(own.path for own in law.folders))]


def _texts(folder: Path) -> dict[str, str]:
    files = sorted(folder.rglob("*.yaml"))
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in files}


def law_of_texts(layers: Sequence[Mapping[str, str]], known_on: date | None, folder: Path) -> Law:
    """The law that `law_texts` told, written into an empty folder; the installed law has no part in it."""
    made = []
    for number, texts in enumerate(layers):
        place = folder / f"law-{number}"
        for name, text in texts.items():
            file = place / name
            if not file.resolve().is_relative_to(place.resolve()):
                raise LawError(f"{name}: không phải tên tệp luật. / It is not the name of a file of law.")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        made.append(law_folder(place, {name.split("/")[0] for name in texts if "/" in name}))
    return Law(tuple(made[1:]), known_on, made[0])


def _known_from(content: object, since: date) -> date:
    said = content.get("known_from") if isinstance(content, dict) else None
    return said if isinstance(said, date) else since


@cache
def _layer(path: Path | None, digest: str, folder: str, stem: str) -> Mapping[str, tuple[object, str]]:
    """Name to content and file, of one folder; `digest` makes a changed folder another one."""
    root: Traversable = (path or resources.files("eligibility_audit.law")).joinpath(folder)
    files = [f for f in root.iterdir() if f.name.startswith(stem) and f.name.endswith(".yaml")] if root.is_dir() else []
    found: dict[str, tuple[object, str]] = {}
    for file in sorted(files, key=lambda f: f.name):
        name = "/".join(part for part in (path.name if path else "law", folder, file.name) if part)
        content = _content(file.read_text(encoding="utf-8"), name)
        twice = ", ".join(sorted(found.keys() & content.keys()))
        if twice:
            raise LawError(
                f"{name}: mục {twice} đã có ở tệp khác; hãy giữ một. / The entries {twice} stand in another file too; "
                "keep one."
            )
        found |= {key: (value, name) for key, value in content.items()}
    return found


def _content(text: str, name: str) -> dict[str, object]:
    try:
        content = parse_yaml(text) or {}
    except yaml.YAMLError as error:
        raise out_of_form(name, error) from error
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise out_of_form(name, "tên: nội dung / names and contents")
    return content


@cache
def installed_pack() -> Pack:
    """What the installed law says of itself."""
    text = resources.files("eligibility_audit.law").joinpath(PACK).read_text(encoding="utf-8")
    return _pack(text, f"law/{PACK}")


def _pack(text: str, name: str) -> Pack:
    try:
        return Pack.model_validate(_content(text, name))
    except ValidationError as error:
        raise out_of_form(name, error) from error


class _Loader(yaml.CSafeLoader):
    """YAML in which `on`, `no` and `012` are text, and a repeated key is an error."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if tag not in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:int"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9_]*)$"), list("-0123456789"))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[object, object]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    if len(set(keys)) != len(keys):
        raise yaml.constructor.ConstructorError(None, None, "repeated key", node.start_mark)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse_yaml(text: str) -> object:
    """The content of a law file. Raises `yaml.YAMLError`."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
