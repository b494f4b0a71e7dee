"""Read `audit.yaml` and what it names; every fault is a sentence that says where."""

from pathlib import Path

import yaml

from eligibility_audit.domain.plan import Plan, parse_plan
from eligibility_audit.errors import UsageError
from eligibility_audit.use_cases.plugins import load_plugins


def load_plan(path: Path) -> Plan:
    """The checked plan in a file. Raise UsageError for a missing file, YAML that is none, or a fault in the plan."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(
            f"{path}: không có tệp này; `eligibility-audit init THƯ_MỤC` tạo kế hoạch / "
            "there is no such file; `eligibility-audit init FOLDER` makes a plan"
        ) from None
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path}: không đọc được như văn bản UTF-8 / cannot be read as UTF-8 text") from None
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", dòng / line {mark.line + 1}" if mark else ""
        raise UsageError(f"{path.name}{line}: không phải YAML đúng / is not valid YAML") from None
    load_plugins()  # which may bring kinds of list
    return parse_plan(content, path.name)
