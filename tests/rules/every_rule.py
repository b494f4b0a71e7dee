"""Random lines for any rule: the columns that it declares, filled with what its own code and its law speak of."""

import inspect
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from types import CodeType, FunctionType

import numpy as np
import pandas as pd

from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.rules.assess import gather_facts
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import LOCATION, Rule, date_columns
from eligibility_audit.standardise.records import columns_of
from tests.rules.adverse_lines import MERIT_SIDE, REACHES
from tests.rules.facts.invented import DAY, NO_PAIRS, lists

TEXT = "string[pyarrow]"
DATES = (
    *(
        "1905",
        "1938-03",
        "1940-12-31",
        "1941-01-01",
        "1948",
        "1961-07-31",
        "1961-08-01",
        "1968-02",
        "1975-04-30",
        "1976",
    ),
    *("1999-12-31", "2000-01-01", "2004-12-31", "2005", "2012-05-31", "2013-07", "2016-12-31", "2017-06-01", "2018"),
    *("2019-07-01", "2019-12-31", "2020", "2020-04-01", "2020-05", "2020-06-30", "2020-12-31"),
)
DATED = ("_born", "_on", "_from", "_to", "_day", "_decided")  # facts that are dates
NUMBERS = ("034048000001", "034148000001", "034240000001", "034305000001", "150123456")
LINES = 100
AIMED = 60  # of them are the rule's own adverse line, each with one other cell at random


@cache
def types(programme: str) -> dict[str, str]:
    """The type of every column of the cases of a programme: of its records and of the facts."""
    known = {str(name): str(kind) for name, kind in columns_of(programme).items()}
    for frame in _facts().get(programme, []):
        known |= {str(name): str(kind) for name, kind in frame.dtypes.items()}
    return known


@cache
def _facts() -> dict[str, list[pd.DataFrame]]:
    made = lists(**{kind: [{}] for kind in ("agent_orange", "merit_other", "social_assistance", "covid_relief")})
    made |= lists(**{kind: [{}] for kind in ("deaths", "pensions", "service_records", "inspection_findings")})
    made |= lists(poor_households=[{"household_no": "1"}])
    return gather_facts(made, NO_PAIRS, DAY)


def random_lines(rule: Rule, programme: str, day: date) -> pd.DataFrame:
    """`LINES` lines of the columns that a rule declares, each cell null or one of what may matter to the rule."""
    known = types(programme)
    random = np.random.default_rng(zlib.crc32(f"{rule.id} {programme}".encode()))
    words, figures = _words(rule, programme), _figures(rule, programme)
    aim = {**REACHES.get(rule.id, {}), **(MERIT_SIDE.get(rule.id, {}) if programme == "merit_other" else {})}
    columns: dict[str, object] = {}
    for name in sorted({*_asked(rule), "dossier_no"}):
        kind = known.get(name, TEXT)
        pool = _pool(name, kind, words, figures, day)
        values = np.array([None, *pool], dtype=object)[random.integers(0, len(pool) + 1, LINES)]
        if name in aim:
            kept = np.arange(AIMED)[random.permutation(AIMED) >= AIMED // max(len(aim), 2)]
            values[kept] = aim[name]
        columns[name] = pd.array([None if v is None else v for v in values], dtype=_nullable(kind))
    columns |= {"source_file": "a.csv", "source_sheet": "", "record_id": [f"r-{n}" for n in range(LINES)]}
    columns["source_row"] = pd.array(range(2, LINES + 2), dtype="Int64")
    return pd.DataFrame(columns).astype({"source_file": TEXT, "source_sheet": TEXT, "record_id": TEXT})


def _asked(rule: Rule) -> set[str]:
    """The columns to bring: dates as texts, from which their days are made."""
    days = {f"{name}_{end}": name for name in date_columns() for end in ("first", "last")}
    return {days.get(name, name) for name in (*rule.shown(), *rule.dated_by())} - set(LOCATION)


def _nullable(kind: str) -> str:
    return {"int64": "Int64", "str": TEXT, "bool": "boolean", "float64": "Float64"}.get(kind, kind)


def _pool(name: str, kind: str, words: list[str], figures: list[float], day: date) -> list[object]:
    if kind == "boolean":
        return [True, False]
    if name in date_columns() or (
        kind.startswith("string") and name.endswith(("_born", "_on", "_from", "_to", "_day", "_decided"))
    ):
        return list(DATES)
    if name.endswith(("_first", "_last")):
        return [(day + timedelta(days=n) - date(1970, 1, 1)).days for n in (-9000, -400, -31, -1, 0, 20)]
    if kind.startswith("Float"):
        return sorted({20.0, 21.0, 40.0, 41.0, 60.0, 61.0, 80.0, 81.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, *figures})
    if kind.startswith("Int") or kind == "int64":
        return sorted({0, 1, 2, 3, 4, 6, 1948, 1961, 1975, 2019, *(int(f) for f in figures)})
    if name == "paper_dates":
        return ["1999-12-31", "2000-01-01", "2000", "2005;1980", "1974-05;1976"]
    if name == "claim":
        return ["veteran", "child"]
    if name == "national_id":
        return list(NUMBERS)
    if name == "sex":
        return ["M", "F"]
    plain = ["", "Không có", "12/QĐ", "x"] if name.startswith("received_") else ["12/QĐ", "r-9", "x"]
    return [*plain, *words]


def _words(rule: Rule, programme: str) -> list[str]:
    """Texts that a rule may look for: those in its code, and some of its word lists."""
    found = {text for text in _texts(rule.predicate.__code__, rule.predicate.__globals__, 1) if 0 < len(text) < 40}
    found = {text for text in found if text.isprintable()}
    pack = LawPack.load(programme)
    for name in rule.parameters[programme]:
        said = [text for value in pack.parameters[name].values for text in _strings(value.value)]
        found |= set(said[:: max(len(said) // 12, 1)])
    return sorted(found)[:80]


def _texts(code: CodeType, names: dict[str, object], depth: int) -> Iterator[str]:
    for constant in code.co_consts:
        yield from _strings(constant)
        if isinstance(constant, CodeType):
            yield from _texts(constant, names, depth)
    for name in code.co_names:
        thing = names.get(name)
        if isinstance(thing, FunctionType) and depth and "eligibility_audit.rules" in str(inspect.getmodule(thing)):
            yield from _texts(thing.__code__, thing.__globals__, depth - 1)
        elif isinstance(thing, str | tuple | list | dict | frozenset):
            yield from _strings(thing)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings([*value, *value.values()])
    elif isinstance(value, tuple | list | frozenset | set):
        for part in value:
            yield from _strings(part)


def _figures(rule: Rule, programme: str) -> list[float]:
    """Numbers of the rule's law, and their neighbours."""
    pack = LawPack.load(programme)
    found: set[float] = set()
    for name in rule.parameters[programme]:
        for value in pack.parameters[name].values:
            found |= set(_numbers(value.value))
    near = [n + step for n in sorted(found) for step in (-1, 0, 1)]
    return near[:: max(len(near) // 40, 1)]


def _numbers(value: object) -> Iterable[float]:
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, dict):
        yield from _numbers(list(value.values()))
    elif isinstance(value, list):
        for part in value:
            yield from _numbers(part)


def every_rule(rules: dict[str, Rule]) -> list[tuple[str, str]]:
    """Each rule with each of its programmes."""
    every = ((name, programme) for name, rule in sorted(rules.items()) for programme in rule.programmes)
    return [(name, programme) for name, programme in every if programme in AUDITED]


def read_by(rule: Rule) -> set[str]:
    """The columns of random lines on which the answer may depend."""
    days = {f"{name}_{end}": name for name in date_columns() for end in ("first", "last")}
    return {days.get(name, name) for name in rule.columns()}
