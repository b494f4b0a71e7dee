"""Replay: recompute a capsule offline and say *identical*, or *differs at step n, because …*."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eligibility_audit.errors import UsageError
from eligibility_audit.linkage.model import EarlierModelError
from eligibility_audit.use_cases.keeping import recompute
from eligibility_audit.use_cases.keeping.capsule import STEPS, Capsule, is_capsule, read
from eligibility_audit.use_cases.keeping.made_with import made_with

_SHOWN: Final = 4  # differing items that are named; the rest are counted
_PRINCIPAL: Final = ("pandas", "pyarrow", "numpy", "rapidfuzz", "vietnamadminunits")
_TOLD: Final = frozenset(
    {"outcome", "ground", "evidence_tier", "law_mark", "action", "legal_act", "direction", "months"}
)
MAY_BE_TAKEN: Final = (1, 2, 3)  # the steps that look at whole lists


@dataclass(frozen=True)
class Difference:
    """Where a step does not come to what it came to. `items`: name, then, now; `because`: Vietnamese, English."""

    step: int
    items: tuple[tuple[str, str | None, str | None], ...]
    because: tuple[str, str]


@dataclass(frozen=True)
class Replayed:
    """What a replay came to. `taken`: by step, what is not recomputed but taken from the run; `noted`: sentences."""

    name: str
    differences: tuple[Difference, ...]
    taken: Mapping[int, tuple[str, ...]]
    noted: tuple[str, ...]
    steps: tuple[int, ...] = tuple(STEPS)

    @property
    def identical(self) -> bool:
        """Whether every step comes to what it came to."""
        return not self.differences

    def told(self) -> str:
        """The answer in words; no personal data."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.identical:
            told = f"{self.steps[0]}–{self.steps[-1]}"
            yield f"{self.name}: giống hệt, bước {told} / identical, steps {told}"
        for each in self.differences:
            vi, en = STEPS[each.step]
            yield (
                f"{self.name}: khác ở bước {each.step} ({vi}), vì {each.because[0]} / "
                f"differs at step {each.step} ({en}), because {each.because[1]}"
            )
            yield from (f"    {name}{_change(name, then, now)}" for name, then, now in each.items[:_SHOWN])
            if len(each.items) > _SHOWN:
                yield f"    … {len(each.items) - _SHOWN} mục nữa / more"
        for step, names in self.taken.items():
            if names:
                yield (
                    f"  bước {step}: {len(names)} mục lấy từ lần chạy, không tính lại / "
                    f"step {step}: {len(names)} taken from the run, not recomputed ({', '.join(_columns(names))})"
                )
        yield from (f"  {sentence}" for sentence in self.noted)


def replay(path: Path) -> Replayed:
    """Replay one capsule. Raises UsageError or IntegrityError where it is none, or not as it was sealed."""
    return replayed(read(path), path.name)


def replay_all(folder: Path) -> Iterator[Replayed]:
    """Replay every capsule of a folder, in the order of names. Raises UsageError where there is none."""
    files = sorted(path for path in folder.glob("*.zip") if is_capsule(path))
    if not files:
        raise UsageError(f"{folder}: không có hộp niêm phong (.zip) nào / there is no capsule here")
    for path in files:
        yield replay(path)


def replayed(capsule: Capsule, name: str, steps: tuple[int, ...] = tuple(STEPS)) -> Replayed:
    """Replay a capsule that was read, or some steps of it."""
    then, now = recompute.stored(capsule), recompute.recomputed(capsule, steps)
    taken = {int(step): tuple(names) for step, names in capsule.about["taken"].items()}
    found = []
    for step in steps:
        items = differing(then[step], now[step], taken.get(step, ()))
        if items:
            found.append(Difference(step, tuple(items), because(step, capsule.about["made_with"], now[step], items)))
    return Replayed(name, tuple(found), taken, tuple(_notes(capsule)), steps)


def differing(
    then: Mapping[str, str], now: Mapping[str, str] | Exception, taken: Iterable[str] = ()
) -> list[tuple[str, str | None, str | None]]:
    """Name, then and now of what is otherwise; a step that failed differs in its first item."""
    if isinstance(now, Exception):
        return [(next(iter(then), "–"), None, type(now).__name__)]
    left_out = set(taken)
    names = sorted({*then, *now} - left_out)
    return [(name, then.get(name), now.get(name)) for name in names if then.get(name) != now.get(name)]


def because(
    step: int, was: Mapping[str, Any], now: object, items: Iterable[tuple[str, str | None, str | None]]
) -> tuple[str, str]:
    """The cause, as far as what it was made with (`was`) tells: the rule's code, the step's, packages, the content."""
    here = made_with()
    if isinstance(now, EarlierModelError):
        return (
            f"bản này không đọc được mô hình ghép của bản {was['version']}; hãy phát lại bằng bản đó",
            f"this version reads no linkage model of version {was['version']}; replay it with that version",
        )
    rules = _rules_changed(was, here, items) if step == 4 else None
    if rules is not None:
        return rules
    failed = type(now).__name__ if isinstance(now, Exception) else ""
    if was["code"].get(str(step)) != here["code"].get(str(step)):
        return (
            f"mã của bước này đã đổi từ bản {was['version']}"
            + (f" và không làm lại được ({failed})" if failed else ""),
            f"the code of this step was changed since version {was['version']}"
            + (f" and cannot do it again ({failed})" if failed else ""),
        )
    packages = _other_packages(was)
    if packages:
        return f"thư viện khác: {packages}", f"other packages: {packages}"
    if failed:
        return f"bước này không làm lại được ({failed})", f"the step cannot be done ({failed})"
    return (
        "nội dung trong hộp không dẫn đến kết quả này dù mã và thư viện không đổi",
        "what is in the capsule does not lead to it, though code and packages are the same",
    )


def _rules_changed(
    was: Mapping[str, Any], here: Mapping[str, Any], items: Iterable[tuple[str, str | None, str | None]]
) -> tuple[str, str] | None:
    """Which of the rules that answer otherwise are not the code that they were; None where all are."""
    rules = sorted({name.split("|")[0] for name, _, _ in items})
    other = [rule for rule in rules if was["rules"].get(rule) != here["rules"].get(rule)]
    moved = [rule for rule in other if rule not in was["rules"] or rule not in here["rules"]]
    if not other:
        return None
    version, names = was["version"], ", ".join(moved or other)
    if moved:
        return (
            f"quy tắc {names} đã bỏ hoặc mới có từ bản {version}",
            f"the rules {names} were dropped or added since version {version}",
        )
    return f"mã của quy tắc {names} đã đổi từ bản {version}", f"the code of {names} was changed since version {version}"


def _other_packages(was: Mapping[str, Any]) -> str:
    here = made_with()["packages"]
    then = was["packages"]
    other = [name for name in _PRINCIPAL if then.get(name) != here.get(name)]
    return ", ".join(f"{name} {then.get(name, '–')} → {here.get(name, '–')}" for name in other)


def _notes(capsule: Capsule) -> Iterator[str]:
    was, here = capsule.about["made_with"], made_with()
    if was["code"] != here["code"] or was["rules"] != here["rules"]:
        changed = sorted(rule for rule, digest in was["rules"].items() if here["rules"].get(rule) != digest)
        own = sorted({*capsule.findings["rule_id"]} & {*changed})
        version, count, names = was["version"], len(changed), ", ".join(own) or "–"
        yield (
            f"mã đã đổi từ bản {version}: {count} quy tắc, trong đó của hồ sơ này: {names} / "
            f"code changed since version {version}: {count} rules, of this case {names}"
        )
    if was["packages_sha256"] != here["packages_sha256"]:
        count = sum(here["packages"].get(name) != version for name, version in was["packages"].items())
        yield f"{count} thư viện khác bản / {count} packages of another version"
    left_out = capsule.about["left_out"]
    if left_out:
        yield f"{left_out} dòng liên quan xa không đưa vào hộp / {left_out} records further around are not in it"
    if capsule.about["sealed_with_other_code"]:
        yield "hộp được lập bằng mã khác với lần chạy / the capsule was made by other code than the run"


def _columns(names: Iterable[str]) -> list[str]:
    return sorted({name.rsplit(".", 1)[-1] for name in names})


def _change(name: str, then: str | None, now: str | None) -> str:
    """Then and now, of columns that tell nothing of who it is."""
    return f": {then or '–'} → {now or '–'}" if name.rsplit(".", 1)[-1] in _TOLD else ""
