"""Recompute the figures of a yearly report from a file of its counts."""

from pathlib import Path

import yaml

from eligibility_audit.domain.report_figures import parse_counts, recompute
from eligibility_audit.errors import UsageError


def show_figures(path: Path) -> str:
    """The figures that follow from the counts in a YAML file, in words. Raises UsageError for a fault in it."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(f"{path}: không có tệp này / there is no such file") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise UsageError(f"{path}: không đọc được như YAML / cannot be read as YAML") from None
    figures = recompute(parse_counts(content, path.name))
    if not figures:
        return "Không có số nào tính lại được từ các số đếm này / no figure follows from these counts"
    marks = {True: "  [suy ra / inferred]", False: ""}
    return "\n".join(f"{f.code}: {f.value}{marks[f.inferred]}\n  {f.vi}\n  {f.en}" for f in figures)
