"""The model: what was learnt of levels, priors and frequencies, as text that can be kept, read and used again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from eligibility_audit.errors import InputError
from eligibility_audit.linkage.levels import Level

VERSION = 3
WEIGHT_DECIMALS = 4
LISTED_FROM = 3  # a value with fewer holders is not listed: the table stays short and names nobody rare


@dataclass(frozen=True)
class Frequencies:
    """How often values occur: those held by at least `LISTED_FROM`, and the mean of the others."""

    total: float
    average: float  # chance that two persons drawn at random share the value
    listed: Mapping[str, float]
    unlisted: float
    typical: Mapping[str, float] = field(default_factory=dict)  # by level: share of the rarer of two values that differ

    def share(self, value: str) -> float:
        """The share of persons with this value."""
        return self.listed.get(value, self.unlisted) / self.total


@dataclass(frozen=True)
class LearntLevel:
    """A level with what the data said of it; `weight` is log2(m / u) within its bounds. `flat`: of a level at which
    namesakes are commoner than chance, the part of the excess that is there however rare the name is. `judged`: what
    officers' judgements have added to the weight."""

    name: str
    vi: str
    m: float
    u: float
    weight: float
    flat: float = 0.0
    judged: float = 0.0


@dataclass(frozen=True)
class Model:
    """All that is needed to weigh a pair: the same model gives the same weights."""

    comparisons: Mapping[str, tuple[LearntLevel, ...]]
    prior: float  # log2 odds that two records drawn at random are one person
    priors: Mapping[str, float]  # by kinds: "agent_orange | deaths"
    frequencies: Mapping[str, Frequencies]
    blocking: tuple[str, ...] = ()
    cap: int = 0
    roles: Mapping[str, Any] = field(default_factory=dict)
    seen: Mapping[str, Any] = field(default_factory=dict)  # what the lists were like that it was learnt from
    version: int = VERSION

    def weights(self, name: str) -> "np.ndarray[Any, np.dtype[np.float64]]":
        """Weights of a comparison by level code; code 0 (not comparable) weighs 0."""
        return np.array([0.0, *(level.weight for level in self.comparisons[name])])

    def must_fit(self, levels: Mapping[str, Sequence[str]]) -> None:
        """Raise InputError where the model does not know these comparisons by these levels: another version made it."""
        for name, wanted in levels.items():
            if [level.name for level in self.comparisons.get(name, ())] != [*wanted]:
                raise InputError(
                    f"Mô hình không có phép so sánh {name} như phiên bản này cần. Hãy tạo lại bằng lệnh link --fit."
                    f" / The model lacks the comparison {name} as this version needs it. Make it again with link --fit."
                )

    def to_text(self) -> str:
        """YAML, the same bytes for the same model."""
        data: dict[str, Any] = {
            "version": self.version,
            "roles": dict(self.roles),
            "prior": self.prior,
            "priors": dict(self.priors),
            "comparisons": {name: [asdict(level) for level in found] for name, found in self.comparisons.items()},
            "blocking": {"cap": self.cap, "rules": list(self.blocking)},
            "seen": dict(self.seen),
            "frequencies": {name: _frequencies_out(table) for name, table in self.frequencies.items()},
        }
        return yaml.dump(data, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=120)

    @property
    def digest(self) -> str:
        """A hash of the text: an input of a run."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()


_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def learn_level(level: Level, m: float, u: float, flat: float = 0.0) -> LearntLevel:
    """A level with its weight, held within the bounds that are known beforehand."""
    if level.fixed is not None:
        weight = level.fixed
    else:
        weight = float(np.clip(np.log2(max(m, 1e-12) / max(u, 1e-12)), level.floor, level.ceiling))
    return LearntLevel(level.name, level.vi, _short(m), _short(u), round(weight, WEIGHT_DECIMALS), round(flat, 4))


def read_model(path: Path) -> Model:
    """A model from its file.

    Raises InputError where the file is missing, is no model, or is of another version.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - the safe loader, in C
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(
            f"Không đọc được tệp mô hình {path.name}. Hãy tạo lại bằng lệnh link --fit."
            f" / The model file {path.name} cannot be read. Make it again with link --fit."
        ) from error
    return model_from(data, path.name)


class EarlierModelError(InputError):
    """A whole model, of a version of this package that is no longer read."""


def kept_model(path: Path) -> Model | None:
    """The model that a run kept, to put its pairs into words; None where there is none, or one of an earlier version.

    Raises InputError where the file is damaged.
    """
    try:
        return read_model(path) if path.exists() else None
    except EarlierModelError:  # the pairs of such a run are shown by their levels alone
        return None


def is_earlier(data: Any) -> bool:
    """Whether the content of a model file is a learnt model of an earlier version."""
    version = data.get("version") if isinstance(data, dict) else None
    return isinstance(version, int) and 0 < version < VERSION and {"comparisons", "priors", "roles"} <= data.keys()


def model_from(data: Any, where: str) -> Model:
    """A model from the content of its file; `where` names the file in errors."""
    if not isinstance(data, dict) or data.get("version") != VERSION:
        error = EarlierModelError if is_earlier(data) else InputError
        raise error(
            f"Tệp {where} không phải mô hình liên kết phiên bản {VERSION}. Hãy tạo lại bằng lệnh link --fit."
            f" / {where} is not a linkage model of version {VERSION}. Make it again with link --fit."
        )
    try:
        return Model(
            comparisons={
                name: tuple(LearntLevel(**level) for level in found) for name, found in data["comparisons"].items()
            },
            prior=float(data["prior"]),
            priors={str(k): float(v) for k, v in data["priors"].items()},
            frequencies={name: _frequencies_in(table) for name, table in data["frequencies"].items()},
            blocking=tuple(data["blocking"]["rules"]),
            cap=int(data["blocking"]["cap"]),
            roles=data["roles"],
            seen=data.get("seen", {}),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"Mô hình trong tệp {where} thiếu hoặc sai một phần. Hãy tạo lại bằng lệnh link --fit."
            f" / The model in {where} lacks a part or has a wrong one. Make it again with link --fit."
        ) from error


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _frequencies_out(table: Frequencies) -> dict[str, Any]:
    by_count: dict[float, list[str]] = {}
    for value, count in table.listed.items():
        by_count.setdefault(count, []).append(value)
    listed = {count: "; ".join(sorted(values)) for count, values in sorted(by_count.items())}
    told: dict[str, Any] = {"total": table.total, "average": table.average, "unlisted": table.unlisted}
    return told | ({"typical": dict(table.typical)} if table.typical else {}) | {"listed": listed}


def _frequencies_in(table: Mapping[str, Any]) -> Frequencies:
    listed = {value: float(count) for count, values in table["listed"].items() for value in str(values).split("; ")}
    typical = {level: float(share) for level, share in table.get("typical", {}).items()}
    return Frequencies(float(table["total"]), float(table["average"]), listed, float(table["unlisted"]), typical)
