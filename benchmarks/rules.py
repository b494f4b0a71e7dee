"""The rules of all programmes over a million and ten million invented cases: CPU seconds and memory.

    python -m benchmarks.rules [--cases N ...] [--part N] [--persons P] [--seed S] [--slowest N]

A province is invented, read and linked once and kept under benchmarks/out. Its lists are then copied as often as
wanted, each copy with values of its own (names, numbers, days, texts: no two cases alike), put together up to `--part`
cases, and assessed part after part, as provinces are. A case is a line under review. Every size is a process of its
own; the seconds are of the processor, without making the copies. Writes benchmarks/out/rules.json.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

import pandas as pd

from benchmarks.whole_run import OUT, machine
from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.invention import invent
from eligibility_audit.rules import assess as assessing
from eligibility_audit.rules.registry import Rule
from eligibility_audit.use_cases import run_audit

DAY: Final = date(2020, 12, 31)
KEY: Final = b"0" * 32
MIB: Final = 1024
MIDDLE: Final = ("Bá", "Công", "Diệu", "Đăng", "Đình", "Hải", "Huy", "Kim", "Mai", "Ngọc", "Nhật", "Phúc", "Quang")
NAMES: Final = ("name", "parent_name")
FILES_NO: Final = ("dossier_no", "parent_dossier_no", "decision_no", "certificate_no", "household_no", "book_no")
TEXTS: Final = ("papers", "note", "unit", "disease")
Lists = Mapping[str, pd.DataFrame]


@dataclass
class Measured:
    """One size: cases, CPU seconds by stage, the slowest rules, the most memory of the process."""

    cases: int
    copies: int
    findings: int
    cpu: dict[str, float]
    peak_mib: float
    machine: str
    slowest: dict[str, float] = field(default_factory=dict)

    @property
    def per_million(self) -> float:
        """CPU seconds for a million cases, facts and words included."""
        return sum(self.cpu.values()) * 1e6 / self.cases


def province(persons: int, seed: int) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The records by kind, and the linked pairs, of an invented province; made once."""
    kept = OUT / f"rules_{persons}_{seed}"
    if not kept.is_dir():
        aside = OUT / f".rules_{persons}_{seed}"
        shutil.rmtree(aside, ignore_errors=True)
        plan = invent(persons, seed, aside / "invented", "parquet").plan_path
        with run_audit.opened(plan, aside / "run") as run:
            run_audit.read_and_link(run, str(aside / "run"))
            for kind, records in run.records().items():
                records.to_parquet(aside / f"{kind}.parquet")
            shutil.copy2(run.steps["link"] / "pairs.parquet", aside / "pairs")
        shutil.rmtree(aside / "invented")
        aside.rename(kept)
    lists = {path.stem: pd.read_parquet(path) for path in sorted(kept.glob("*.parquet"))}
    return lists, pd.read_parquet(kept / "pairs")


def copied(lists: Lists, number: int) -> dict[str, pd.DataFrame]:
    """The lists with values of their own: the same people in other names, numbers, days and words."""
    return {kind: _copy(records, number) for kind, records in lists.items()}


def _copy(records: pd.DataFrame, number: int) -> pd.DataFrame:
    changes: dict[str, Callable[[str], str]] = {"record_id": lambda value: f"{value}{number}"}
    changes |= dict.fromkeys(NAMES, lambda value: _name(value, number))
    changes |= dict.fromkeys(FILES_NO, lambda value: f"{value}-{number}")
    changes |= dict.fromkeys(TEXTS, lambda value: f"{value}; tờ {number}")
    changes |= {"national_id": lambda value: f"{value[:-6]}{(int(value[-6:]) + 7919 * number) % 10**6:06}"}
    days = [
        name for name in map(str, records) if name.endswith(("_date", "_on", "_from", "_to")) or name == "date_of_birth"
    ]
    changes |= dict.fromkeys([name for name in days if "received" not in name], lambda value: _day(value, number))
    return records.assign(**{name: _each(records[name], change) for name, change in changes.items() if name in records})


def _each(column: "pd.Series[Any]", change: Callable[[str], str]) -> "pd.Series[Any]":
    codes, values = pd.factorize(column)
    changed = pd.array([*(change(str(value)) for value in values), None], dtype="string[pyarrow]")
    return pd.Series(changed.take(codes), index=column.index)


def _name(name: str, number: int) -> str:
    first, *others = name.split()
    more = [MIDDLE[number % len(MIDDLE)], MIDDLE[number // len(MIDDLE) % len(MIDDLE)]]
    return " ".join((first, *more, *others))


def _day(day: str, number: int) -> str:
    """Another day of the same month; 1 January, which stands for a year, and coarse dates stay."""
    if len(day) != 10 or day.endswith("01-01"):
        return day
    return f"{day[:8]}{(int(day[8:]) + 5 * number) % 27 + 2:02}"


def together(lists: Lists, pairs: pd.DataFrame, numbers: Iterable[int]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Several copies as one province, and the linked pairs within each."""
    made = [(copied(lists, number), _pairs(pairs, number)) for number in numbers]
    whole = {kind: pd.concat([copy[kind] for copy, _ in made], ignore_index=True) for kind in lists}
    return whole, pd.concat([linked for _, linked in made], ignore_index=True)


def _pairs(pairs: pd.DataFrame, number: int) -> pd.DataFrame:
    ends = ("left_record_id", "right_record_id")
    return pairs.assign(**{end: _each(pairs[end], lambda value: f"{value}{number}") for end in ends})


def measure(cases: int, part: int, persons: int, seed: int, slowest: int) -> Measured:
    """Assess part after part until so many cases are judged."""
    lists, pairs = province(persons, seed)
    each = sum(len(records) for kind, records in lists.items() if kind in AUDITED)
    copies = max(round(cases / each), 1)
    assessing.import_rules()
    at_once = min(max(part // each, 1), copies)
    found, rules = 0, dict[str, float]()
    spent = dict.fromkeys(("facts", "rules and words", "least change"), 0.0)
    with Stopwatch(spent, rules):
        for first in range(0, copies, at_once):
            made, linked = together(lists, pairs, range(first, min(first + at_once, copies)))
            began, known = time.process_time(), spent["facts"] + spent["least change"]
            found += len(assessing.assess(made, linked, as_of=DAY, key=KEY))
            whole = time.process_time() - began
            spent["rules and words"] += whole - (spent["facts"] + spent["least change"] - known)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    most = dict(sorted(rules.items(), key=lambda item: -item[1])[:slowest])
    return Measured(copies * each, copies, found, spent, peak, machine(), most)


class Stopwatch:
    """While it is open: seconds of the stages, and of the conditions of each rule, are added up."""

    def __init__(self, spent: dict[str, float], rules: dict[str, float]) -> None:
        self.spent, self.rules = spent, rules

    def __enter__(self) -> None:
        self.kept = (assessing.gather_facts, assessing.with_least_changes, Rule.decide, Rule.say)
        facts, changes, decide, say = self.kept
        assessing.gather_facts = _counted(facts, self.spent, lambda *_: "facts")
        assessing.with_least_changes = _counted(changes, self.spent, lambda *_: "least change")
        Rule.decide = _counted(decide, self.rules, lambda rule, *_: rule.id)  # type: ignore[method-assign]
        Rule.say = _counted(say, self.rules, lambda rule, *_: f"{rule.id}, words")  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        assessing.gather_facts, assessing.with_least_changes = self.kept[:2]
        Rule.decide, Rule.say = self.kept[2:]  # type: ignore[method-assign]


def _counted(function: Callable[..., Any], into: dict[str, float], name: Callable[..., str]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return function(*given, **named)
        finally:
            into[name(*given)] = into.get(name(*given), 0.0) + time.process_time() - began

    return timed


def show(results: list[Measured]) -> Iterator[str]:
    """The measurements as a table."""
    heads = ("facts", "rules", "change", "CPU s", "s/million", "peak MiB")
    yield f"{'cases':>12}{'copies':>8}" + "".join(f"{head:>11}" for head in heads)
    for result in results:
        figures = (*result.cpu.values(), sum(result.cpu.values()), result.per_million, result.peak_mib)
        yield f"{result.cases:>12,}{result.copies:>8}" + "".join(f"{figure:>11,.1f}" for figure in figures)
    for name, seconds in results[-1].slowest.items():
        yield f"  {name:<40}{seconds:>8.2f} s"


def main() -> int:
    """Measure each size in a process of its own, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, nargs="+", default=[200_000, 1_000_000, 10_000_000])
    parser.add_argument("--part", type=int, default=1_000_000, help="cases assessed at once")
    parser.add_argument("--persons", type=int, default=120_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--slowest", type=int, default=15)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    if asked.alone:
        print(json.dumps(asdict(measure(asked.cases[0], asked.part, asked.persons, asked.seed, asked.slowest))))
        return 0
    province(asked.persons, asked.seed)
    results = []
    for cases in asked.cases:
        told = {"cases": cases} | {name: getattr(asked, name) for name in ("part", "persons", "seed", "slowest")}
        of = [text for name, value in told.items() for text in (f"--{name}", str(value))]
        command = [sys.executable, "-m", "benchmarks.rules", "--alone", *of]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        results.append(Measured(**json.loads(said.splitlines()[-1])))
    (OUT / "rules.json").write_text(json.dumps([asdict(r) for r in results], indent=1, ensure_ascii=False), "utf-8")
    print("\n".join(show(results)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
