"""What one law makes of a roster that another does not: findings and recommendations of two laws, side by side."""

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

TEXT: Final = "string[pyarrow]"
OWED: Final = "tăng"  # the direction of a line by which the office would pay more
CHANGES: Final = (
    *("programme", "source_file", "source_sheet", "source_row", "dossier_no", "commune", "district", "record_id"),
    *("case_id", "change", "action_a", "action_b", "rules_a", "rules_b", "amount_a", "amount_b", "direction_a"),
    *("direction_b", "legal_basis_a", "legal_basis_b", "reason_a", "reason_b"),
)
RULES: Final = (
    "programme",
    "rule_id",
    "findings_a",
    "findings_b",
    "new",
    "gone",
    "changed",
    *(("clarify_more", "clarify_less", "owed_more", "owed_less")),
)
ACTIONS: Final = (
    "programme",
    "action_a",
    "action_b",
    "records",
    "clarify_more",
    "clarify_less",
    "owed_more",
    "owed_less",
)
COMMUNES: Final = ("programme", "district", "commune", "new", "gone", "changed")
_SEEN: Final = ("action", "rule_ids", "amount_to_clarify", "direction", "legal_basis", "reason_vi")
_NAMES: Final = ("action", "rules", "amount", "direction", "legal_basis", "reason")
_PLACE: Final = CHANGES[:8]


@dataclass(frozen=True)
class Difference:
    """Law B against law A, in đồng (`Int64`) and counts.

    `changes`: one row a record whose recommendation is new (only by B), gone (only by A) or changed (`CHANGES`).
    `rules`: findings by programme and rule (`RULES`); `actions`: records by the action of A and of B (`ACTIONS`);
    `communes`: records by commune (`COMMUNES`). Money to be made clear and money owed to people are never netted.
    """

    changes: pd.DataFrame
    rules: pd.DataFrame
    actions: pd.DataFrame
    communes: pd.DataFrame

    def count(self, change: str) -> int:
        """How many records' recommendations are `new`, `gone` or `changed`."""
        return int((self.changes["change"] == change).sum())

    def money(self, column: str) -> int:
        """A sum of money over the recommendations, in đồng: `clarify_more` and so on."""
        return int(self.actions[column].sum())


def difference(findings: tuple[pd.DataFrame, pd.DataFrame], made: tuple[pd.DataFrame, pd.DataFrame]) -> Difference:
    """What the second law changes. `findings`, `made`: of `rules.assess` and `recommend`, by the one and the other."""
    changes = _changes(*made)
    return Difference(
        changes=changes.reindex(columns=list(CHANGES)),
        rules=_of_rules(*findings),
        actions=_of_actions(changes),
        communes=_of_communes(changes),
    )


def _changes(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    kept = ["case_id", *_PLACE]
    names = dict(zip(_SEEN, _NAMES, strict=True))
    sides = [
        frame.set_index("record_id", drop=False)[[*_SEEN]].rename(columns={n: f"{names[n]}_{side}" for n in _SEEN})
        for frame, side in ((one, "a"), (other, "b"))
    ]
    both = sides[0].join(sides[1], how="outer")
    where = pd.concat([one[kept], other[kept]]).drop_duplicates("record_id").set_index("record_id", drop=False)
    both = where.loc[both.index].join(both).reset_index(drop=True)
    unlike = pd.Series(False, index=both.index)
    for name in _NAMES:
        unlike |= _unlike(both[f"{name}_a"], both[f"{name}_b"])
    change = pd.Series("same", index=both.index, dtype=TEXT).mask(unlike, "changed")
    change = change.mask(both["action_a"].isna(), "new").mask(both["action_b"].isna(), "gone")
    both = both.assign(change=change)[change != "same"]
    return both.sort_values([*_PLACE[:4], "record_id"], kind="stable").reset_index(drop=True)


def _unlike(one: "pd.Series[Any]", other: "pd.Series[Any]") -> "pd.Series[bool]":
    alike = (one == other).fillna(False) | (one.isna() & other.isna())
    return ~alike.astype("bool")


def _money(amount: "pd.Series[Any]", direction: "pd.Series[Any]") -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    """What is to be made clear, and what may be owed to the person; 0 where there is none."""
    sums, owed = amount.fillna(0), (direction == OWED).fillna(False).astype("bool")
    return sums.mask(owed, 0), sums.where(owed, 0)


def _more_and_less(frame: pd.DataFrame) -> pd.DataFrame:
    """Per row, how much more and how much less the second law gives, to be made clear and owed, never netted."""
    found = {}
    sides = [_money(frame[f"amount_{side}"], frame[f"direction_{side}"]) for side in ("a", "b")]
    for number, name in enumerate(("clarify", "owed")):
        change = (sides[1][number] - sides[0][number]).astype("Int64")
        found[f"{name}_more"], found[f"{name}_less"] = change.clip(lower=0), (-change).clip(lower=0)
    return frame.assign(**found)


def _of_rules(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    columns = [
        "finding_id",
        "programme",
        "rule_id",
        "outcome",
        "amount_at_stake",
        "direction",
        "reason_vi",
        "legal_basis",
    ]
    sides = [frame[columns].rename(columns={"amount_at_stake": "amount"}) for frame in (one, other)]
    both = sides[0].merge(sides[1], on=["finding_id", "programme", "rule_id"], how="outer", suffixes=("_a", "_b"))
    in_one, in_other = both["outcome_a"].notna(), both["outcome_b"].notna()
    unlike = pd.Series(False, index=both.index)
    for name in ("outcome", "amount", "direction", "reason_vi", "legal_basis"):
        unlike |= _unlike(both[f"{name}_a"], both[f"{name}_b"])
    counts = {
        "findings_a": in_one,
        "findings_b": in_other,
        "new": ~in_one,
        "gone": ~in_other,
        "changed": in_one & in_other & unlike,
    }
    counted = _more_and_less(both).assign(**{name: where.astype("Int64") for name, where in counts.items()})
    summed = counted.groupby(["programme", "rule_id"], sort=True)[list(RULES[2:])].sum().reset_index()
    return summed.reindex(columns=list(RULES))


def _of_actions(changes: pd.DataFrame) -> pd.DataFrame:
    sums = _more_and_less(changes).assign(records=pd.Series(1, index=changes.index, dtype="Int64"))
    sums[["action_a", "action_b"]] = sums[["action_a", "action_b"]].fillna("keep")
    summed = sums.groupby(["programme", "action_a", "action_b"], sort=True)[list(ACTIONS[3:])].sum().reset_index()
    return summed.reindex(columns=list(ACTIONS))


def _of_communes(changes: pd.DataFrame) -> pd.DataFrame:
    flags = {name: (changes["change"] == name).astype("Int64") for name in ("new", "gone", "changed")}
    counted = changes[["programme", "district", "commune"]].fillna("").assign(**flags)
    return counted.groupby(["programme", "district", "commune"], sort=True)[list(flags)].sum().reset_index()
