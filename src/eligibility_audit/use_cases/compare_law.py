"""What a changed rule or parameter would do to the whole roster: two laws, one reading, one linkage."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from eligibility_audit import publish, quality
from eligibility_audit.domain.words import ACTION_EN, ACTION_VI
from eligibility_audit.errors import UsageError
from eligibility_audit.law.files import Law, using
from eligibility_audit.recommend import recommend
from eligibility_audit.recommend.difference import ACTIONS, CHANGES, COMMUNES, RULES, Difference, difference
from eligibility_audit.rules.assess import assess
from eligibility_audit.use_cases import progress, run_audit
from eligibility_audit.use_cases.law_asked import law_named
from eligibility_audit.use_cases.load_plan import load_plan
from eligibility_audit.use_cases.run_folder import digest_of

FILES = {"changes.csv": CHANGES, "rules.csv": RULES, "actions.csv": ACTIONS, "communes.csv": COMMUNES}
KEEP = "không đề xuất / no proposal"


def compare_laws(plan: Path, laws: Sequence[str], out: Path | None = None) -> str:
    """Assess the plan's lists by two laws and write what differs into a new folder; returns it in sentences.

    `laws`: two of `installed`, `known:DAY` or a folder of law. Written: `changes.csv` (a row a record), `rules.csv`,
    `actions.csv`, `communes.csv`, `compare.json` (inputs and counts). Raises `UsageError` for another number of laws or
    a folder that is not empty, and what reading, linking and the law raise.
    """
    if len(laws) != 2:
        raise UsageError("Cần đúng hai --law để so sánh / give exactly two --law to compare")
    asked = [law_named(name) for name in laws]
    load_plan(plan)
    place = (out or Path("compare") / digest_of(str(plan.resolve()), [law.sources() for law in asked])[:12]).resolve()
    if place.exists() and any(place.iterdir()):
        raise UsageError(
            f"{place}: thư mục không trống; chọn --out khác / the folder is not empty; choose another --out"
        )
    with run_audit.opened(plan, place) as run:
        run_audit.read_and_link(run, str(place))
        pairs = pd.read_parquet(run.steps["link"] / "pairs.parquet")
        records = run.records()
        results = []
        for number, law in enumerate(asked, start=1):
            results.append(_assessed(run, records, pairs, law))
            progress.tell("assess", number, len(asked))
        found = difference((results[0]["findings"], results[1]["findings"]), (results[0]["made"], results[1]["made"]))
        notes = [note for result in results for note in result["notes"]]
        _write(
            place, found, {"inputs": dict(run.folder.inputs), "laws": dict(zip("ab", _told(laws, asked), strict=True))}
        )
        shutil.rmtree(run.folder.aside, ignore_errors=True)
    return in_words(found, laws, notes, place)


def _told(names: Sequence[str], laws: Sequence[Law]) -> list[dict[str, object]]:
    return [{"name": Path(name).name, **law.sources()} for name, law in zip(names, laws, strict=True)]


def _assessed(run: run_audit.Run, records: dict[str, pd.DataFrame], pairs: pd.DataFrame, law: Law) -> dict[str, Any]:
    notes: list[str] = []
    with using(law):
        findings = assess(
            records, pairs, as_of=run.plan.as_of, key=run.key, tell=lambda told: notes.append(told.sentence)
        )
        made = recommend(findings, records, as_of=run.plan.as_of, key=run.key)
    notes += map(str, quality.check_stops(made, run.persons, run.plan.brakes))
    return {"findings": findings, "made": made, "notes": notes}


def _write(place: Path, found: Difference, told: dict[str, Any]) -> None:
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    frames = (found.changes, found.rules, found.actions, found.communes)
    for (name, columns), frame in zip(FILES.items(), frames, strict=True):
        publish.write_csv(frame, place / name, columns)
    told["counts"] = {change: found.count(change) for change in ("new", "gone", "changed")}
    told["money"] = {name: found.money(name) for name in RULES[-4:]}
    (place / "compare.json").write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8")
    for path in place.iterdir():
        path.chmod(0o600)


def in_words(found: Difference, laws: Sequence[str], notes: Sequence[str], place: Path) -> str:
    """The difference in sentences."""
    one, other = laws
    new, gone, changed = (found.count(change) for change in ("new", "gone", "changed"))
    if not (new or gone or changed or found.rules[["new", "gone", "changed"]].to_numpy().any()):
        return (
            f"Hai luật {one} và {other} cho cùng một kết quả trên các danh sách này. / "
            f"The laws {one} and {other} give the same on these lists.\n  {place}"
        )
    money = {name: _dong(found.money(name)) for name in RULES[-4:]}
    lines = [
        f"So với {one}, theo {other}: thêm {new:,} hồ sơ có đề xuất, bớt {gone:,}, đổi nội dung {changed:,}. / "
        f"Against {one}, {other} adds {new:,} records with a proposal, drops {gone:,}, changes {changed:,}.",
        f"Số tiền cần làm rõ: thêm {money['clarify_more']}, bớt {money['clarify_less']} đồng; có thể phải trả thêm cho "
        f"người hưởng: thêm {money['owed_more']}, bớt {money['owed_less']} đồng. / To be made clear: "
        f"+{money['clarify_more']}, −{money['clarify_less']}; owed to people: +{money['owed_more']}, "
        f"−{money['owed_less']} đồng.",
    ]
    for row in found.actions.to_dict("records"):
        was, now = (_action(str(row[f"action_{side}"])) for side in "ab")
        lines.append(f"  {row['programme']}: {was} → {now}: {row['records']:,}")
    for row in found.rules.to_dict("records"):
        if row["new"] or row["gone"] or row["changed"]:
            lines.append(
                f"  {row['rule_id']} ({row['programme']}): {row['findings_a']:,} → {row['findings_b']:,}; "
                f"+{row['new']:,} −{row['gone']:,} ~{row['changed']:,}"
            )
    where = found.communes
    lines.append(
        f"  {len(where):,} xã có thay đổi / communes with a change; {place / 'communes.csv'}, {place / 'changes.csv'}"
    )
    lines += [f"Lưu ý / note: {note}" for note in dict.fromkeys(notes)]
    lines.append("Chưa luật nào được dùng, chưa ai được báo / neither law was put to use, nobody was told")
    return "\n".join(lines)


def _action(name: str) -> str:
    return KEEP if name == "keep" else f"{ACTION_VI[name]} / {ACTION_EN[name]}"


def _dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
