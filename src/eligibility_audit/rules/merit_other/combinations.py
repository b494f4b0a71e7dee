"""Which benefits may be paid to one person together: law as data, by date (parameters_combinations.yaml)."""

from typing import Final, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, TypeAdapter

from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.wording import TEXT, Column

Verdict = Literal["allow", "one_examination", "highest", "deny", "contested"]


class Combination(BaseModel):
    """Two sides, each any of some statuses, and what the law says of them together; `basis`: keys of citations."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    one: tuple[str, ...]
    other: tuple[str, ...]
    verdict: Verdict
    basis: tuple[str, ...]

    def fits(self, left: str, right: str) -> bool:
        """Whether the two statuses are its sides, in either order."""
        return (left in self.one and right in self.other) or (right in self.one and left in self.other)


_MATRIX: Final = TypeAdapter(tuple[Combination, ...])


def matrix(law: Parameters, name: str) -> tuple[Combination, ...]:
    """The combinations in force on the day, in their order."""
    return _MATRIX.validate_python(law[name])


def verdict(left: Column, right: Column, combinations: tuple[Combination, ...]) -> Column:
    """What the first fitting combination says of two statuses; null where one is null or none fits."""
    codes, distinct = pd.factorize((left.astype(TEXT) + "\x1f" + right.astype(TEXT)).astype("object"))
    sides = [str(pair).split("\x1f") for pair in distinct]
    said = [_verdict(one, other, combinations) for one, other in sides]
    return pd.Series(pd.array([*said, None], dtype=TEXT).take(codes), index=left.index)


def _verdict(left: str, right: str, combinations: tuple[Combination, ...]) -> Verdict | None:
    return next((each.verdict for each in combinations if each.fits(left, right)), None)
