"""What a night changed and why: a page to read and print, two tables for machines, and a message; counts and ids."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.words import ACTION_VI
from eligibility_audit.publish.csv_files import write_csv
from eligibility_audit.publish.report import page

PAGE: Final = "difference.html"
TABLE: Final = "difference.csv"
STEPS: Final = "difference_steps.csv"
COLUMNS: Final = (
    *("statement_id", "programme", "case_id", "record_id", "record_id_before", "status", "cause", "changed_by"),
    *("action_before", "action_after", "rules_before", "rules_after", "amount_before", "amount_after"),
    *("direction_before", "direction_after", "first_said", "due_on"),
)
STEP_COLUMNS: Final = tuple(name for name in COLUMNS if name not in ("changed_by", "first_said", "due_on"))
WORLD: Final = frozenset({"roster", "reference", "judgement", "time"})
CAUSE_VI: Final = {
    "roster": "Dòng danh sách hưởng đã đổi",
    "reference": "Danh sách đối chiếu đã đổi",
    "judgement": "Kết luận, quyết định của cán bộ hoặc cơ quan",
    "time": "Thời gian trôi qua",
    "rule": "Quy tắc, tham số hoặc phần mềm đã đổi",
    "model": "Mô hình ghép hồ sơ đã đổi",
}
CAUSE_EN: Final = {
    "roster": "roster row",
    "reference": "reference list",
    "judgement": "judgement or determination",
    "time": "time passed",
    "rule": "rule, parameter or code",
    "model": "linkage model",
}
STATUS_VI: Final = {
    "new": "Mới có đề xuất",
    "cleared": "Không còn đề xuất",
    "changed": "Đổi nội dung",
    "reopened": "Có lại sau khi đã hết",
    "expiring": "Sắp hết hạn trả lời",
    "unchanged": "Không đổi",
}
STATUS_EN: Final = {
    "new": "new",
    "cleared": "cleared",
    "changed": "changed",
    "reopened": "reopened",
    "expiring": "expiring",
    "unchanged": "unchanged",
}


def write_difference(folder: Path, whole: pd.DataFrame, steps: pd.DataFrame, told: Mapping[str, Any]) -> None:
    """Write `difference.html`, `difference.csv` (a row a proposal) and `difference_steps.csv` (a row a cause of it).

    `whole`: `recommend.since.CHANGES` with `first_said` and `due_on`; `steps`: the changes of each cause; `told`: the
    counts of the night (`use_cases.run_night`).
    """
    by = whole["cause"].astype("string[pyarrow]").map(_changed_by).astype("string[pyarrow]")
    write_csv(whole.assign(changed_by=by), folder / TABLE, COLUMNS)
    write_csv(steps, folder / STEPS, STEP_COLUMNS)
    _write_page(folder / PAGE, told, _groups(whole))


def write_braked_night(folder: Path, told: Mapping[str, Any]) -> None:
    """Write the page of a night that published nothing: why, and which statements stand."""
    _write_page(folder / PAGE, told, [])


def night_message(told: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text of the message about a night: counts, nothing of a person."""
    if told["status"] != "done":
        subject = f"[eligibility_audit] Đêm {told['night']}: CHƯA CÔNG BỐ GÌ / nothing published"
        state = told.get("statements", {}).get("state", "none")
        lines = [
            f"Có {len(told['brakes'])} điểm phải xem trước khi công bố; xem trang của đêm này trên máy chủ.",
            f"{len(told['brakes'])} things to look at before anything is published; see the night's page.",
            "Kết quả của đêm trước vẫn giữ và được ghi là cũ." if state == "old" else "Chưa có kết quả nào trước đó.",
            "The statements of the last good night stand, marked as old." if state == "old" else "There are none yet.",
        ]
        return subject, "\n".join(lines) + "\n"
    counts = told["counts"]
    subject = f"[eligibility_audit] Đêm {told['night']}: " + ", ".join(
        f"{counts[name]} {STATUS_VI[name].lower()}" for name in ("new", "cleared", "changed")
    )
    lines = [f"{told['plan']}: {told['proposals']} đề xuất / proposals, tính đến / as of {told['as_of']}"]
    lines += [f"  {STATUS_VI[name]} / {STATUS_EN[name]}: {counts[name]}" for name in STATUS_VI]
    for cause, sums in told["by_cause"].items():
        lines.append(f"  {CAUSE_VI[cause]} / {CAUSE_EN[cause]}: +{sums['new']} −{sums['cleared']} ~{sums['changed']}")
    lines += [f"Lưu ý / note: {len(told['warnings'])}"] if told.get("warnings") else []
    lines.append("Tất cả là đề xuất, chưa phải quyết định / all are proposals, none is a decision")
    return subject, "\n".join(lines) + "\n"


def _changed_by(causes: object) -> str:
    """`world`, `us` or `both`, of causes joined by `;`."""
    if not isinstance(causes, str) or not causes:
        return ""
    sides = {"world" if cause in WORLD else "us" for cause in causes.split(";")}
    return "both" if len(sides) == 2 else sides.pop()


def _groups(whole: pd.DataFrame) -> list[dict[str, Any]]:
    """Changes counted by programme, status, cause and action before and after, the most frequent first."""
    if whole.empty:
        return []
    keys = ["programme", "status", "cause", "action_before", "action_after"]
    counted = whole[keys].fillna("").groupby(keys, sort=True).size().reset_index(name="count")
    counted = counted.sort_values("count", ascending=False, kind="stable")
    return [
        {
            "programme": KINDS[row["programme"]].vi if row["programme"] in KINDS else row["programme"],
            "status": STATUS_VI[row["status"]],
            "cause": "; ".join(CAUSE_VI[cause] for cause in row["cause"].split(";") if cause) or "–",
            "before": ACTION_VI.get(row["action_before"], "–"),
            "after": ACTION_VI.get(row["action_after"], "–"),
            "count": row["count"],
        }
        for row in counted.to_dict("records")
    ]


def _write_page(path: Path, told: Mapping[str, Any], groups: list[dict[str, Any]]) -> None:
    by_cause = [
        {"cause": cause, "vi": CAUSE_VI[cause], "en": CAUSE_EN[cause], "world": cause in WORLD, **sums}
        for cause, sums in told.get("by_cause", {}).items()
    ]
    sides = {side: _sum([each for each in by_cause if each["world"] is side]) for side in (True, False)}
    view = {
        "told": told,
        "groups": groups,
        "by_cause": by_cause,
        "world": sides[True],
        "us": sides[False],
        "statuses": [(STATUS_VI[name], STATUS_EN[name], told.get("counts", {}).get(name, 0)) for name in STATUS_VI],
    }
    path.write_text(page("difference.html.j2", view), encoding="utf-8", newline="\n")


def _sum(causes: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(each[name] for each in causes) for name in ("new", "cleared", "changed", "more", "less")}
