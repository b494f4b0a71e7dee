"""Measured error and small numbers (procedure.md, 8): exact bounds of a share, and what is not told of few people."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

CONFIDENCE: Final = 0.95
FEW: Final = 5  # fewer people than this are not told apart
_HALVINGS: Final = 50


def upper_bound(errors: int, judged: int, confidence: float = CONFIDENCE) -> float:
    """The one-sided upper Clopper-Pearson bound of a share: 0 of 40 gives 0.072. Of none judged: 1."""
    if errors >= judged:
        return 1.0
    return _where(lambda p: _at_most(errors, judged, p) > 1 - confidence)


def interval(errors: int, judged: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The two-sided Clopper-Pearson interval of a share. Of none judged: 0 to 1."""
    each = 1 - (1 - confidence) / 2
    low = 0.0 if errors == 0 else 1 - upper_bound(judged - errors, judged, each)
    return low, upper_bound(errors, judged, each)


def _at_most(errors: int, judged: int, share: float) -> float:
    """P(X <= errors) of a binomial, each term from its logarithm so that none overflows."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return float(errors >= judged)
    yes, no = math.log(share), math.log1p(-share)
    terms = (
        math.lgamma(judged + 1) - math.lgamma(k + 1) - math.lgamma(judged - k + 1) + k * yes + (judged - k) * no
        for k in range(errors + 1)
    )
    return min(1.0, math.fsum(map(math.exp, terms)))


def _where(holds: Callable[[float], bool]) -> float:
    """Where a condition that holds from 0 on ends, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return (low + high) / 2


@dataclass(frozen=True)
class Measured:
    """How often a second look disagreed."""

    judged: int = 0
    errors: int = 0

    @property
    def told(self) -> str:
        """`0 trên 40: đến 7,2 %`, or `chưa đo`."""
        if not self.judged:
            return "chưa đo"
        bound = f"{100 * upper_bound(self.errors, self.judged):.1f}".replace(".", ",")
        return f"{self.errors} trên {self.judged}: đến {bound} %"

    @property
    def told_en(self) -> str:
        """`0 of 40: up to 7.2 %`, or `not measured`."""
        if not self.judged:
            return "not measured"
        return f"{self.errors} of {self.judged}: up to {100 * upper_bound(self.errors, self.judged):.1f} %"


def protected(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts by group with those of few people hidden (None).

    Where one group alone would be hidden, the smallest of the others is hidden, too: else the total tells it. A group
    of nobody is told.
    """
    hidden = {group for group, count in counts.items() if 0 < count < FEW}
    if len(hidden) == 1:
        others = [group for group, count in counts.items() if group not in hidden and count]
        hidden |= {min(others, key=lambda group: (counts[group], group))} if others else set()
    return {group: None if group in hidden else count for group, count in counts.items()}
