"""The least change: applied, it clears the case; no smaller set of the declared changes does."""

from datetime import date
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from eligibility_audit.domain.three_valued import le
from eligibility_audit.rules import changes as declared
from eligibility_audit.rules import registry
from eligibility_audit.rules.changes import change
from eligibility_audit.rules.least_change import as_sentences, least_changes
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import Rule, rule

LAW = LawPack.load("agent_orange").at(date(2020, 12, 31), ())
COLUMNS = ("percent", "monthly_amount", "undated_papers", "parent_first_year")


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> list[Rule]:
    return four_rules(monkeypatch)


def four_rules(monkeypatch: pytest.MonkeyPatch) -> list[Rule]:
    """Four conditions over four numbers: each at most 10, the second and third together at most 15."""
    monkeypatch.setattr(registry, "RULES", {})
    monkeypatch.setattr(declared, "CHANGES", {})
    made = []

    def condition(name: str, *columns: str, most: int) -> Rule:
        @rule(
            id=f"T_{name}",
            programmes=("agent_orange",),
            basis="nd75.ao",
            reads=columns,
            ground="doubt",
            tier="B",
            title_vi="thử",
            title_en="a test",
        )
        def few(cases: pd.DataFrame, law: object) -> object:
            return le(cases[list(columns)].sum(axis="columns"), most)

        made.append(few)
        return few

    first = condition("A", "percent", most=10)
    second = condition("B", "monthly_amount", most=10)
    both = condition("C", "monthly_amount", "undated_papers", most=15)
    last = condition("D", "parent_first_year", most=10)

    def lower(of: Rule, who: str, column: str, to: int) -> None:
        @change(of, who, column, vi=f"{column} là {to}", en=f"{column} is {to}")  # type: ignore[arg-type]
        def _(cases: pd.DataFrame, law: object) -> pd.DataFrame:
            return pd.DataFrame({column: pd.Series(to, index=cases.index)})

    lower(first, "office", "percent", 5)
    lower(second, "citizen", "monthly_amount", 9)
    lower(both, "entry", "undated_papers", 1)
    lower(both, "office", "monthly_amount", 0)
    lower(last, "entry", "parent_first_year", 11)  # does not help
    return made


def cases(*lines: tuple[int, int, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(list(lines), columns=list(COLUMNS)).astype("Int64")
    place = {"source_file": "a.xlsx", "source_sheet": "s", "source_row": pd.Series(1, frame.index, dtype="Int64")}
    return frame.assign(**place).set_axis(pd.Index([f"r-{n}" for n in range(len(lines))], name="record_id"))


def flags(each: Rule, frame: pd.DataFrame) -> "pd.Series[bool]":
    return (~each.decide(frame, LAW)).fillna(False).astype("bool")


def sets(rules: list[Rule], frame: pd.DataFrame) -> pd.DataFrame:
    return least_changes(frame, rules, lambda each, some: [(LAW, None)], flags)


@pytest.mark.parametrize(
    ("line", "size", "said"),
    [
        pytest.param((20, 0, 0, 0), 1, ["percent là 5"], id="one condition, one change"),
        pytest.param(
            (0, 20, 0, 0), 1, ["monthly_amount là 0", "monthly_amount là 9"], id="either of two; office first"
        ),
        pytest.param((0, 20, 14, 0), 1, ["monthly_amount là 0"], id="what clears two conditions beats two changes"),
        pytest.param((20, 20, 14, 0), 2, ["percent là 5 và", "monthly_amount là 0"], id="two conditions apart"),
        pytest.param((0, 0, 0, 20), 0, [], id="a change that does not help is not proposed"),
        pytest.param((0, 20, 20, 0), 2, ["undated_papers là 1"], id="no one change clears both"),
    ],
)
def test_the_smallest_set(rules: list[Rule], line: tuple[int, int, int, int], size: int, said: list[str]) -> None:
    found = sets(rules, cases(line))
    assert set(found["size"]) == ({size} if size else set())
    sentence = as_sentences(found)["vi"].iloc[0] if size else ""
    for phrase in said:
        assert phrase.split(" và")[0] in sentence


def test_who_can_bring_it_is_said(rules: list[Rule]) -> None:
    sentence = as_sentences(sets(rules, cases((0, 20, 0, 0)))).iloc[0]
    assert sentence["vi"] == (
        "Cơ quan tự tra cứu: monthly_amount là 0; hoặc người hưởng cung cấp: monthly_amount là 9."
    )
    assert sentence["en"].startswith("The office can look up: monthly_amount is 0; or only the person can bring:")


def test_applied_it_clears_and_no_smaller_set_does(rules: list[Rule]) -> None:
    """Every combination of numbers at the boundaries; every set of declared changes, applied to all lines at once."""
    bounds = (0, 5, 6, 9, 10, 11, 14, 15, 25)
    frame = cases(*product(bounds, bounds, bounds, (0, 10, 11)))
    found = sets(rules, frame).assign(at=lambda each: frame.index.get_indexer(each["record_id"]))
    every = declared.changes_of(rules)
    possible = [c for size in range(len(every) + 1) for c in combinations(range(len(every)), size) if _apart(c, every)]
    clears = {numbers: _clears(rules, frame, [every[n] for n in numbers]) for numbers in possible}
    smallest = np.full(len(frame), len(every) + 1)
    for numbers, cleared in clears.items():
        smallest[cleared] = np.minimum(smallest[cleared], len(numbers))
    assert set(smallest[found["at"]]) == {1, 2, 3}
    for at, numbers in zip(found["at"], found["changes"], strict=True):
        assert clears[numbers][at]
        assert len(numbers) == smallest[at]
    flagged = ~clears[()]
    assert set(found["at"]) == set(np.flatnonzero(flagged & (smallest <= len(every))))


def _clears(rules: list[Rule], frame: pd.DataFrame, changes: list[declared.Change]) -> "np.ndarray[Any, Any]":
    tried = frame.copy()
    for values in (each.values(frame, LAW) for each in changes):
        tried[list(values.columns)] = values
    return ~np.logical_or.reduce([flags(rule, tried).to_numpy() for rule in rules])


def _apart(numbers: tuple[int, ...], every: list[declared.Change]) -> bool:
    columns = [column for number in numbers for column in every[number].columns]
    return len(columns) == len(set(columns))
