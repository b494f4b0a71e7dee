"""The brakes of a night: what is so unlike the last night that nothing may be published before a person has looked.

Pure: accounts and counts in, sentences out. A brake names files and numbers, never a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from eligibility_audit.domain.plan import NightLimits, Plan
from eligibility_audit.use_cases.source_file import SourceFile

Account = Mapping[str, Any]
LOOK = "nếu đã xem và đúng là vậy, chạy lại với --accept"
LOOK_EN = "if somebody looked and it is so, run again with --accept"


def gone(now: Iterable[str], before: Iterable[str]) -> list[str]:
    """Sources that the last night had and that are not there."""
    there = set(now)
    return [
        f"{name}: đêm trước có, đêm nay không thấy; đưa tệp trở lại; {LOOK} / was there last night and is not; put it "
        f"back; {LOOK_EN}"
        for name in before
        if name not in there
    ]


def stale(plan: Plan, sources: Sequence[SourceFile], now: datetime) -> list[str]:
    """Files that were last written longer ago than their `max_age` allows."""
    ages = {(source.kind, source.path): source.max_age for source in plan.sources if source.max_age is not None}
    said = []
    for file in sources:
        most = ages.get((file.kind, file.spec.path or None))
        if most is None or not isinstance(file.item, Path):
            continue
        age = now - datetime.fromtimestamp(file.item.stat().st_mtime, tz=now.tzinfo)
        if age > timedelta(days=most):
            said.append(
                f"{file.name}: tệp đã {age.days} ngày không đổi, quá {most} ngày; lấy bản mới từ cơ quan cấp / the "
                f"file is {age.days} days old, more than {most}; fetch a new one from the body that gives it"
            )
    return said


def unlike(now: Sequence[Account], before: Sequence[Account], limits: NightLimits) -> list[str]:
    """Sheets that lost people or columns, or of which far more could not be read, than in the last night."""
    known = {(a["source_file"], a["source_sheet"]): a for a in now}
    said = []
    for then in before:
        place = f"{then['source_file']} [{then['source_sheet']}]" if then["source_sheet"] else str(then["source_file"])
        sheet = known.get((then["source_file"], then["source_sheet"]))
        if sheet is None:
            if then["persons"]:
                said.append(f"{place}: trang này không còn; {LOOK} / the sheet is gone; {LOOK_EN}")
            continue
        said += _unlike(place, sheet, then, limits)
    return said


def _unlike(place: str, now: Account, then: Account, limits: NightLimits) -> list[str]:
    said = []
    fewer = then["persons"] - now["persons"]
    if fewer >= limits.shrink_count and fewer > limits.shrink_share * then["persons"]:
        said.append(
            f"{place}: {now['persons']} người, đêm trước {then['persons']}; danh sách có thể bị cắt; {LOOK} / "
            f"{now['persons']} people, {then['persons']} last night; the list may be cut short; {LOOK_EN}"
        )
    lost = sorted(set(then["columns"]) - set(now["columns"]))
    moved = sorted(name for name in set(then["columns"]) & set(now["columns"]) if _heading(now, name, then))
    if then["persons"] and (lost or moved):
        said.append(
            f"{place}: dòng tiêu đề đã đổi ({', '.join([*lost, *moved])}); kiểm tra các cột còn đúng nghĩa; {LOOK} / "
            f"the header changed; check that the columns still mean the same; {LOOK_EN}"
        )
    more = now["rejects"] - then["rejects"]
    if more >= limits.reject_rise:
        said.append(
            f"{place}: {now['rejects']} dòng không đọc được, đêm trước {then['rejects']}; xem rejects.csv; {LOOK} / "
            f"{now['rejects']} lines could not be read, {then['rejects']} last night; see rejects.csv; {LOOK_EN}"
        )
    return said


def _heading(now: Account, name: str, then: Account) -> bool:
    return str(now["columns"][name]).strip().casefold() != str(then["columns"][name]).strip().casefold()


def jumped(now: pd.DataFrame, before: pd.DataFrame, limits: NightLimits) -> list[str]:
    """Programmes whose recommendations of one action rose past the limit. Frames with `programme` and `action`."""
    keys = ["programme", "action"]
    counts = [frame[keys].value_counts().sort_index() for frame in (now, before)]
    said = []
    for programme, action in counts[0].index.tolist():
        count, then = int(counts[0][programme, action]), int(counts[1].get((programme, action), 0))
        if count - then > max(limits.jump_count, limits.jump_share * then):
            said.append(
                f"{programme}: {count} đề xuất {action}, đêm trước {then}; danh sách đối chiếu hoặc luật có thể sai; "
                f"{LOOK} / {count} proposals to {action}, {then} last night; a reference list or the law may be "
                f"wrong; {LOOK_EN}"
            )
    return said
