"""Read the files of inspection conclusions that a plan names, and what offices have found out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from eligibility_audit.domain.conclusions import FILLED, Conclusion, Outcome, parse_conclusion, parse_outcome
from eligibility_audit.domain.plan import Plan
from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.readers.filled import filled_rows
from eligibility_audit.readers.sources import file_name
from eligibility_audit.use_cases.run_folder import file_digest


@dataclass(frozen=True)
class Followed:
    """The conclusions that a plan names, what was found out, and the hash of every file that says so."""

    conclusions: tuple[Conclusion, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)


def load_conclusions(plan: Plan, base: Path) -> Followed:
    """Read the files of `conclusions:` and the filled ledgers they name. Raises UsageError or InputError.

    A file that is not there, is not in its form, or names a conclusion twice is refused; so is an outcome that says no
    person, no day, or no document where its state needs one.
    """
    conclusions: list[Conclusion] = []
    outcomes: list[Outcome] = []
    digests: dict[str, str] = {}
    read: set[Path] = set()
    for name in plan.conclusions:
        path = base / name
        conclusion = _read(path, name)
        if conclusion.number in {known.number for known in conclusions}:
            raise UsageError(
                f"{name}: kết luận {conclusion.number} có hai tệp; giữ một / this conclusion has two files"
            )
        conclusions.append(conclusion)
        digests[name] = file_digest(path)
        for filled in _files(conclusion, path.parent, name):
            if filled not in read:  # two conclusions may name one ledger
                read.add(filled)
                digests[file_name(filled, base)] = file_digest(filled)
                outcomes += read_outcomes(filled)
    _changes_go_back(conclusions)
    return Followed(tuple(conclusions), tuple(outcomes), digests)


def read_outcomes(path: Path) -> list[Outcome]:
    """What one filled ledger says, row by row; rows in which nothing was filled in are passed over."""
    read = (
        parse_outcome(cells, f"{path.name}, dòng / row {row}")
        for row, cells in filled_rows(path, FILLED, "result_state")
    )
    return [outcome for outcome in read if outcome]


def _read(path: Path, name: str) -> Conclusion:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            f"{name}: không có tệp này; `eligibility-audit conclusions init` viết sẵn / there is no such file"
        ) from None
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{name}: không đọc được như văn bản UTF-8 / cannot be read as UTF-8 text") from None
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", dòng / line {mark.line + 1}" if mark else ""
        raise UsageError(f"{name}{line}: không phải YAML đúng / is not valid YAML") from None
    return parse_conclusion(content, name)


def _files(conclusion: Conclusion, folder: Path, where: str) -> Iterator[Path]:
    for pattern in conclusion.outcomes:
        found = sorted(p for p in folder.glob(pattern) if p.is_file() and not p.name.startswith(("~$", ".")))
        if not found and not set("*?[") & set(pattern):
            raise InputError(f"{where}: không có tệp kết quả {pattern} / there is no such file of results")
        yield from found


def _changes_go_back(conclusions: Sequence[Conclusion]) -> None:
    days = {conclusion.number: conclusion.date for conclusion in conclusions}
    for conclusion in conclusions:
        for number in conclusion.changes:
            if number in days and days[number] > conclusion.date:
                raise UsageError(
                    f"Kết luận {conclusion.number} không thể làm thay đổi kết luận {number} ban hành sau nó / "
                    "a conclusion cannot change a later one; look at their days"
                )
