"""Plugins: a programme, a parameter or a rule of a province, from a folder of its own (EA_PLUGINS) or a package.

A plugin is a folder with `plugin.yaml` (name, version, kinds of list), Python modules with `@rule` functions, and
`law/`, a folder of law. A package brings one by an entry point of the group `eligibility_audit.plugins` that names the
package whose folder holds `plugin.yaml`. docs/plugins.md has an example that the tests run.
"""

import hashlib
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eligibility_audit.domain import kinds
from eligibility_audit.errors import EligibilityAuditError, UsageError
from eligibility_audit.law.files import LawFolder, law_folder, parse_yaml
from eligibility_audit.settings import load_settings

GROUP: Final = "eligibility_audit.plugins"
FILE: Final = "plugin.yaml"
SHARED: Final[Mapping[str, tuple[kinds.Field, ...]]] = {
    "common": kinds.COMMON,
    "group": kinds.GROUP,
    "decision": kinds.DECISION,
    "monthly": kinds.MONTHLY,
    "percent": kinds.PERCENT,
}
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OwnField(_Strict):
    """A column that only lists of this kind have. `headings`: how lists write it."""

    name: Name
    form: kinds.Form
    vi: Text
    en: Text
    headings: Annotated[tuple[Text, ...], Field(min_length=1)]


class OwnKind(_Strict):
    """A kind of list. `fields`: names of shared sets of fields (`SHARED`) and fields of its own."""

    role: Literal["roster", "reference"] = "roster"
    vi: Text
    en: Text
    fields: Annotated[
        tuple[Literal["common", "group", "decision", "monthly", "percent"] | OwnField, ...], Field(min_length=1)
    ]
    required: tuple[Name, ...] = ("name",)
    words: tuple[Text, ...] = ()


class Description(_Strict):
    """What `plugin.yaml` says."""

    name: Name
    version: Text
    vi: Text
    en: Text
    kinds: Mapping[Name, OwnKind] = Field(default_factory=dict)


@dataclass(frozen=True)
class Plugin:
    """A plugin in use."""

    name: str
    version: str
    digest: str
    law: LawFolder | None

    def source(self) -> dict[str, str]:
        """What a manifest says of it."""
        return {"name": self.name, "version": self.version, "sha256": self.digest}


_LOADED: Final[dict[Path, Plugin]] = {}


def load_plugins() -> tuple[Plugin, ...]:
    """The plugins of the settings and of installed packages, each loaded once in a process.

    Raises `UsageError` for a plugin that is none or is broken, naming it, the file and what is wrong.
    """
    return tuple(_load(folder.resolve()) for folder in (*_packaged(), *load_settings().plugin_folders))


def _packaged() -> list[Path]:
    found = []
    for point in metadata.entry_points(group=GROUP):
        try:
            spec = importlib.util.find_spec(point.value)
        except ImportError as error:
            raise _broken(point.name, point.value, error) from error
        if spec is None or not spec.submodule_search_locations:
            raise _broken(point.name, point.value, "không phải một gói / no package")
        found.append(Path(spec.submodule_search_locations[0]))
    return found


def _load(folder: Path) -> Plugin:
    if folder in _LOADED:
        return _LOADED[folder]
    said = _description(folder)
    try:
        for name, own in said.kinds.items():
            _add_kind(name, own, folder)
        law = law_folder(folder / "law") if (folder / "law").is_dir() else None
    except (ValueError, EligibilityAuditError) as error:
        raise _broken(said.name, folder.name, error) from error
    for file in sorted(folder.glob("[!_]*.py")):
        _import(said.name, file)
    made = Plugin(said.name, said.version, _digest(folder), law)
    _LOADED[folder] = made
    return made


def _description(folder: Path) -> Description:
    try:
        return Description.model_validate(parse_yaml((folder / FILE).read_text(encoding="utf-8")))
    except OSError:
        raise _broken(folder.name, FILE, "không có tệp này / there is no such file") from None
    except (yaml.YAMLError, ValidationError) as error:
        raise _broken(folder.name, FILE, error) from error


def _add_kind(name: str, own: OwnKind, folder: Path) -> None:
    from eligibility_audit.quality.suites import PLUGIN_SUITES, suite
    from eligibility_audit.readers.headings import learn

    fields: list[kinds.Field] = []
    for given in own.fields:
        fields += SHARED[given] if isinstance(given, str) else [kinds.Field(**given.model_dump())]
    unknown = set(own.required) - {field.name for field in fields}
    if unknown:
        raise ValueError(f"required: {', '.join(sorted(unknown))}")
    programme = name if own.role == "roster" else ""
    kinds.add_kind(kinds.Kind(name, own.role, programme, own.vi, own.en, tuple(fields), own.required, own.words))
    for field in fields:
        learn(field.name, field.headings)
    if (folder / "expectations" / f"{name}.json").is_file():
        PLUGIN_SUITES[name] = folder / "expectations" / f"{name}.json"
    suite.cache_clear()


def _import(plugin: str, file: Path) -> None:
    from eligibility_audit.rules.assess import PLUGIN_MODULES, import_rules

    import_rules()  # whose ids are taken
    name = f"eligibility_audit_plugin_{plugin}_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise _broken(plugin, file.name, "không đọc được / cannot be read")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a foreign module does wrong is said in a sentence
        del sys.modules[name]
        raise _broken(plugin, file.name, f"{type(error).__name__}: {error}") from error
    PLUGIN_MODULES.append(module)


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".yaml", ".json"):
            total.update(path.relative_to(folder).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _broken(plugin: str, where: str, error: object) -> UsageError:
    return UsageError(
        f"Phần bổ sung {plugin}, {where}: không dùng được; hãy sửa chỗ được nêu hoặc bỏ khỏi EA_PLUGINS. / "
        f"The plugin {plugin}, {where}, cannot be used; mend what is named here, or take it out of EA_PLUGINS. {error}"
    )
