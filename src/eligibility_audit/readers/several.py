"""One field in several columns: a date in parts, a surname in parts, a choice by crosses under one heading."""

from collections.abc import Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from eligibility_audit.readers import contents
from eligibility_audit.readers.headings import plain, scores

_DATES: Final = frozenset(
    """died_on registered_on decision_date start_month service_from service_to paid_on paper_date
    conclusion_date""".split()  # noqa: SIM905
)
_CHOICES: Final = frozenset({"group", "household_class", "disability_level", "pension_kind", "finding_group"})
_PARTS: Final = {"ngay": 0, "thang": 1, "nam": 2}
_SURE: Final = 0.75


@dataclass(frozen=True)
class Bundle:
    """Columns that make one field together: their texts joined by `between`, or, where that is null, a choice."""

    name: str
    columns: tuple[int, ...]
    between: str | None
    words: tuple[str, ...] = ()


def bundles(tiers: Sequence[tuple[str, ...]], columns: Sequence[contents.Column]) -> list[Bundle]:
    """All that stand in a header."""
    found = []
    for above, members in groupby(range(len(tiers)), key=lambda c: tiers[c][:-1] or None):
        held = tuple(members)
        if above is not None and len(held) > 1:
            found += [b for b in (_date(above, held, tiers), _choice(above, held, tiers, columns)) if b]
    return found + _surnames(tiers)


def _date(above: tuple[str, ...], held: tuple[int, ...], tiers: Sequence[tuple[str, ...]]) -> Bundle | None:
    order = [_PARTS.get(plain(tiers[c][-1])) for c in held]
    if None in order or sorted(p for p in order if p is not None) not in ([0, 1, 2], [1, 2]):
        return None
    name = _best(above, _DATES)
    in_order = tuple(column for _, column in sorted(zip([p or 0 for p in order], held, strict=True)))
    return Bundle(name, in_order, "/") if name else None


def _choice(
    above: tuple[str, ...], held: tuple[int, ...], tiers: Sequence[tuple[str, ...]], columns: Sequence[contents.Column]
) -> Bundle | None:
    texts = tuple(text for c in held for text in columns[c].texts)
    if len(texts) < contents.ENOUGH or contents.Column(texts, 1.0).share(contents.is_mark) < 0.8:
        return None
    name = _best(above, _CHOICES)
    return Bundle(name, held, None, tuple(tiers[c][-1] for c in held)) if name else None


def _best(above: tuple[str, ...], of: frozenset[str]) -> str:
    """The field that the heading names best, where it is one of these: 'Ngày sinh' in parts is no day of payment."""
    found = scores(above)
    name = max(found, key=lambda name: found[name], default="")
    return name if name in of and found[name] >= _SURE else ""


def _surnames(tiers: Sequence[tuple[str, ...]]) -> list[Bundle]:
    """'Họ', 'Tên đệm', 'Tên' side by side."""
    words = [plain(t[-1]) if t else "" for t in tiers]
    for column in range(len(words) - 2):
        surname, middle, given = words[column : column + 3]
        if surname == "ho" and given == "ten" and middle in {"dem", "ten dem", "chu dem", "lot", "ten lot", "chu lot"}:
            return [Bundle("surname_middle", (column, column + 1), " ")]
    return []


def set_aside(
    held: Sequence[Bundle], found: MutableSequence[Mapping[str, float]], columns: Sequence[contents.Column]
) -> list[contents.Column]:
    """The first column of each bundle stands for it; the others name nothing."""
    seen = list(columns)
    for bundle in held:
        for column in bundle.columns:
            found[column] = {"": 1.0}
            seen[column] = contents.Column(("",), 1.0)
        found[bundle.columns[0]] = {bundle.name: 0.97}
    return seen


def taken(
    held: Sequence[Bundle], best: Mapping[str, int], chosen: dict[str, tuple[int, ...]]
) -> tuple[dict[str, str], dict[str, tuple[tuple[int, str], ...]]]:
    """Where a bundle's first column was given its field, all its columns are: what joins them, what crosses mean."""
    joins, choices = {}, {}
    for bundle in held:
        if best.get(bundle.name) != bundle.columns[0]:
            continue
        chosen[bundle.name] = bundle.columns
        if bundle.between is None:
            choices[bundle.name] = tuple(zip(bundle.columns, bundle.words, strict=True))
        else:
            joins[bundle.name] = bundle.between
    return joins, choices
