"""Write, check and show what a plan says of inspection conclusions."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from eligibility_audit.domain.conclusions import STATES, chains
from eligibility_audit.domain.plan import Plan
from eligibility_audit.errors import UsageError
from eligibility_audit.publish import read_csv
from eligibility_audit.rules.facts.annexes import ANNEX
from eligibility_audit.rules.facts.inspection import conclusions_of
from eligibility_audit.settings import load_key, load_settings
from eligibility_audit.standardise import standardise_sheet
from eligibility_audit.use_cases.collect_inputs import collect_sources
from eligibility_audit.use_cases.conclusion_ledger import same_number
from eligibility_audit.use_cases.follow_conclusions import follow, publish_conclusions
from eligibility_audit.use_cases.load_conclusions import load_conclusions
from eligibility_audit.use_cases.load_plan import load_plan
from eligibility_audit.use_cases.run_folder import read_manifest

FOLDER: Final = "conclusions"
_BLANK: Final = """\
# Tệp của một kết luận thanh tra; điền các chỗ XEM LẠI. Mọi khóa: docs/conclusions.md
# One inspection conclusion; fill in where it says XEM LẠI (look).
number: {number}
date: {date}
body: XEM LẠI    # cơ quan ban hành kết luận / who issued it
subject: XEM LẠI    # trích yếu / its subject
# also_written: ["44"]    # cách khác mà phụ lục ghi số kết luận / other ways in which annexes write the number
# changes: []    # số của kết luận trước mà kết luận này làm thay đổi / earlier conclusions that it changes
# stated: 0    # tổng số hồ sơ mà phần thân kết luận nêu / number of files that its body states
findings:    # `stated`: số mà phần thân kết luận nêu, không phải số dòng của phụ lục / as the body states it
{findings}
mandates: []    # văn bản giao việc, từ trên xuống; ví dụ / documents that hand the work down, for instance:
#  - level: plan
#    number: 05/KH-UBND
#    date: 2017-07-10
#    body: UBND tỉnh
#    due: 2018-06-30
#    under:
#      - level: task
#        number: 120/SLĐTBXH
#        date: 2017-08-01
#        body: Sở
#        under:
#          - {{level: unit, unit: Huyện …, due: 2017-12-31}}
outcomes: ["{folder}/*.xlsx", "{folder}/*.csv"]    # sổ theo dõi mà đơn vị đã điền / ledgers that units filled in
"""


def write_conclusion_files(plan_path: Path) -> str:
    """Write a file for each conclusion that the plan's annexes name and no file of the plan tells; in words, which.

    Nothing is written over. Raises UsageError where the plan has no annexes, InputError where one cannot be read.
    """
    plan, base = load_plan(plan_path), plan_path.resolve().parent
    known = load_conclusions(plan, base).conclusions
    findings = _annexes(plan, base)
    numbers, days = conclusions_of(findings)
    told = []
    folder = base / FOLDER
    for number in dict.fromkeys(numbers.dropna().tolist()):
        if same_number(number, known):
            told.append(f"  {number}: đã có tệp / has a file")
            continue
        own = (numbers == number).fillna(False).astype("bool")
        path = folder / f"{_slug(number)}.yaml"
        if path.exists():
            told.append(f"  {number}: {path.name} đã có, chưa nêu trong kế hoạch / is there, the plan does not name it")
            continue
        folder.mkdir(exist_ok=True, mode=0o700)
        path.write_text(_blank(number, days[own].dropna(), findings.loc[own, "finding_group"]), encoding="utf-8")
        told.append(f"  {number}: đã viết / written {path}; {int(own.sum())} dòng / lines")
    names = sorted(path.name for path in folder.glob("*.yaml")) if folder.is_dir() else []
    listed = ", ".join(f"{FOLDER}/{name}" for name in names)
    return "\n".join([*told, "", "Thêm vào kế hoạch / add to the plan:", f"  conclusions: [{listed}]"])


def _annexes(plan: Plan, base: Path) -> pd.DataFrame:
    sources = [source for source in collect_sources(plan, base) if source.kind == ANNEX]
    parts = [standardise_sheet(sheet, plan.as_of).records for source in sources for sheet in source.read()]
    if not parts:
        raise UsageError(
            "Kế hoạch không có phụ lục kết luận thanh tra (inspection_findings) / the plan brings no inspection annex"
        )
    return pd.concat(parts, ignore_index=True)


def _blank(number: str, days: "pd.Series[str]", groups: "pd.Series[str]") -> str:
    day = str(days.iloc[0]) if len(days) else ""
    exact = bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", day))
    counted = groups.dropna().value_counts(sort=False)
    findings = "\n".join(
        f"  - group: {_scalar(str(group))}\n    # stated: XEM LẠI (phụ lục có {count} dòng / lines of the annex)"
        for group, count in counted.items()
    )
    return _BLANK.format(
        number=_scalar(number),
        date=day if exact else "XEM LẠI",
        findings=findings or "  []",
        folder=f"ket-qua-{_slug(number)}",
    )


def _scalar(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, width=1000).splitlines()[0]


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "ket-luan"


def check_conclusions(plan_path: Path) -> str:
    """What the plan's conclusions and filled ledgers say, without a run; raises as `load_conclusions` does."""
    followed = load_conclusions(load_plan(plan_path), plan_path.resolve().parent)
    if not followed.conclusions:
        return "Kế hoạch không nêu tệp kết luận nào (`conclusions:`) / the plan names no conclusion (`conclusions:`)"
    lines = []
    for conclusion in followed.conclusions:
        stated = "chưa ghi / not said" if conclusion.stated is None else f"{conclusion.stated:,}"
        documents = sum(1 for _ in chains(conclusion.mandates))
        lines.append(f"{conclusion.number} ngày / of {conclusion.date:%d/%m/%Y}, {conclusion.body}")
        lines.append(
            f"  nêu / states: {stated}; nhóm / groups: {len(conclusion.findings)}; giao việc / mandates: {documents}"
        )
    lines.append(f"Kết quả đã ghi / results filled in: {len(followed.outcomes):,}")
    for code, state in STATES.items():
        count = sum(outcome.state == code for outcome in followed.outcomes)
        if count:
            lines.append(f"  {state.vi} / {state.en}: {count:,}")
    return "\n".join(lines)


def show_conclusions(run_folder: Path) -> str:
    """The ledger of a run in a few lines: n of N by state, what does not add up, what is overdue."""
    folder = run_folder / FOLDER
    if not (folder / "ledger.csv").exists():
        raise UsageError(
            f"{run_folder}: lần chạy này không có sổ theo dõi kết luận; kế hoạch cần nguồn inspection_findings / "
            "this run has no ledger of conclusions; the plan needs a source of inspection_findings"
        )
    ledger = read_csv(folder / "ledger.csv")
    account = pd.read_csv(folder / "reconciliation.csv", encoding="utf-8-sig", keep_default_na=False, dtype=str)
    return "\n".join(_shown(ledger, account, folder))


def _shown(ledger: pd.DataFrame, account: pd.DataFrame, folder: Path) -> Iterator[str]:
    for row in account[account["finding_group"] == ""].to_dict("records"):
        own = ledger[ledger["conclusion_no"] == row["conclusion_no"]]
        yield f"Kết luận / conclusion {row['conclusion_no']}: {len(own):,} dòng / lines. {row['explanation']}"
        for code, state in STATES.items():
            count = int((own["state"] == code).sum())
            if count:
                yield f"  {state.vi} / {state.en}: {count:,} / {len(own):,}"
        overdue = int((own["is_overdue"] == "true").sum())
        if overdue:
            yield f"  quá hạn / overdue: {overdue:,}"
    yield ""
    yield f"Báo cáo / report: {folder / 'report.html'}"
    yield f"Sổ theo dõi để điền / ledger to fill in: {folder / 'ledger.xlsx'}"


def report_conclusions(plan_path: Path, run_folder: Path, out: Path) -> str:
    """Make ledger and report anew from a run's records and what the plan's conclusions say now, without a new run.

    Raises UsageError where the folder is no finished run, or `out` holds something.
    """
    manifest = read_manifest(run_folder)
    if manifest is None or not (run_folder / "links.csv").exists():
        raise UsageError(f"{run_folder}: không phải một lần chạy đã xong / is no run that came to its end")
    if out.exists() and any(out.iterdir()):
        raise UsageError(
            f"{out}: thư mục không trống; chọn thư mục khác / the folder is not empty; choose another --out"
        )
    plan, base = load_plan(plan_path), plan_path.resolve().parent
    followed, settings = load_conclusions(plan, base), load_settings()
    records = {path.stem: pd.read_parquet(path) for path in sorted((run_folder / "records").glob("*.parquet"))}
    rejects = read_csv(run_folder / "rejects.csv")
    ledger = follow(
        records,
        read_csv(run_folder / "links.csv"),
        pd.read_parquet(run_folder / "candidates.parquet"),
        followed,
        as_of=plan.as_of,
        key=load_key(settings, base),
        accounts=_accounts(rejects, records.get(ANNEX)),
    )
    notes = publish_conclusions(ledger, out, plan.name, plan.as_of, str(manifest.get("inputs_digest", ""))[:12])
    for path in [out, *out.iterdir()]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    account = pd.read_csv(out / "reconciliation.csv", encoding="utf-8-sig", keep_default_na=False, dtype=str)
    return "\n".join([*_shown(read_csv(out / "ledger.csv"), account, out), *notes])


def _accounts(rejects: pd.DataFrame, annex: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Lines of the annexes' files that could not be read, by file and sheet."""
    files = set(annex["source_file"]) if annex is not None else set()
    lost = rejects[(rejects["stage"] == "line") & rejects["source_file"].isin(files)]
    sheets = zip(lost["source_file"], lost["source_sheet"].fillna(""), lost["source_row"], strict=True)
    counted = Counter((str(file), str(sheet)) for file, sheet, _ in set(sheets))
    return [
        {"kind": ANNEX, "source_file": file, "source_sheet": sheet, "rejects": count}
        for (file, sheet), count in sorted(counted.items())
    ]
