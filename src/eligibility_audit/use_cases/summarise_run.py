"""What a run came to, in a few lines, from its folder alone."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eligibility_audit.domain.words import ACTIONS
from eligibility_audit.errors import UsageError
from eligibility_audit.settings import load_key, load_settings
from eligibility_audit.use_cases.collect_inputs import collect_inputs, collect_sources
from eligibility_audit.use_cases.judgements_asked import checked, judgements_asked, with_digest
from eligibility_audit.use_cases.law_asked import law_asked
from eligibility_audit.use_cases.load_conclusions import load_conclusions
from eligibility_audit.use_cases.load_plan import load_plan
from eligibility_audit.use_cases.model_asked import model_asked, with_model
from eligibility_audit.use_cases.run_folder import RunFolder, digest_of, read_manifest


@dataclass(frozen=True)
class Summary:
    """A finished run: its text for the terminal, whether a brake stopped it, and how many of each action."""

    text: str
    braked: bool
    actions: dict[str, int]

    def reaches(self, action: str) -> bool:
        """True where there is a recommendation as severe as `action` or more."""
        return any(self.actions.get(other, 0) for other in ACTIONS[ACTIONS.index(action) :])


def is_done(plan_path: Path, place: Path) -> bool:
    """Whether the place already holds this very run. Says in a second what is wrong with the plan, sources or place.

    Raises UsageError or InputError as `run_audit.opened` does.
    """
    return RunFolder(place.resolve(), _inputs(plan_path)).is_finished()


def _inputs(plan_path: Path) -> dict[str, object]:
    plan = load_plan(plan_path)
    base = plan_path.resolve().parent
    sources = collect_sources(plan, base)
    settings = load_settings()
    key = load_key(settings, base)
    inputs = collect_inputs(plan, sources, key, law_asked(plan.law_known_on))
    inputs |= {"conclusions": dict(load_conclusions(plan, base).digests)}
    return with_model(with_digest(inputs, checked(judgements_asked(settings, key))), model_asked(settings))


def default_folder(plan_path: Path, runs: Path) -> Path:
    """`runs/<sequence>-<hash of inputs>`: the folder of the same inputs where there is one, else the next number."""
    digest = digest_of(_inputs(plan_path))[:12]
    earlier = sorted(path.name for path in runs.iterdir() if path.is_dir()) if runs.is_dir() else []
    same = [name for name in earlier if name.removeprefix(".").removesuffix(".partial").endswith(f"-{digest}")]
    if same:
        return runs / same[-1].removeprefix(".").removesuffix(".partial")
    numbers = [int(head) for name in earlier if (head := name.removeprefix(".").split("-")[0]).isdigit()]
    return runs / f"{max(numbers, default=0) + 1:04d}-{digest}"


def latest_folder() -> Path:
    """The folder of the run that ended last. Raise UsageError where there is none."""
    from eligibility_audit.store import Store  # heavy

    store = Store(load_settings().store)
    folder = store.latest_folder()
    store.close()
    if folder is None:
        raise UsageError(
            "Chưa có lần chạy nào; dùng --run THƯ_MỤC hoặc chạy `eligibility-audit run` / "
            "there is no run yet; use --run FOLDER or run one"
        )
    return folder


def summarise(place: Path) -> Summary:
    """Read the manifest of a finished run."""
    manifest = read_manifest(place)
    if manifest is None:
        raise UsageError(f"{place}: không phải thư mục của một lần chạy / is not a run folder")
    counts: dict[str, Any] = manifest["counts"]
    actions = {str(action): int(count) for action, count in counts.get("recommendations", {}).items()}
    braked = manifest["status"] == "braked"
    lines = [
        f"Đã đọc {counts['sources']} tệp, {counts['lines']:,} dòng = {counts['record_lines']:,} dòng có người + "
        f"{counts['rejected_lines']:,} không đọc được + {counts['not_person']:,} không phải người; "
        f"{counts['records']:,} người / lines read = with people + not readable + not people; people.",
    ]
    if braked:
        lines.append("ĐÃ DỪNG: có quá nhiều điểm sai, không công bố gì / BRAKED: nothing is published:")
        lines += [f"  - {sentence}" for sentence in manifest.get("brakes", [])]
    else:
        total = sum(actions.values())
        lines.append(f"Đề xuất cho {total:,} hồ sơ / recommendations for {total:,} records:")
        lines += [f"  {name:<28}{count:>8,}" for name, count in counts.get("lists", {}).items()]
        lines.append("  Tất cả là đề xuất, chưa phải quyết định / all are proposals, none is a decision")
    lines += [f"Lưu ý / note: {warning}" for warning in manifest.get("warnings", [])]
    lines.append("")
    for name, words in (
        ("lists", "Danh sách theo xã / lists"),
        ("report.html", "Báo cáo / report"),
        ("recommendations.csv", "Bảng đề xuất / table"),
        ("conclusions/report.html", "Kết luận thanh tra / conclusions"),
        ("validation/index.html", "Kiểm tra dữ liệu / validation"),
        ("rejects.csv", "Dòng, ô không đọc được / rejects"),
    ):
        if (place / name).exists():
            lines.append(f"  {words:<36}{place / name}")
    return Summary(text="\n".join(lines), braked=braked, actions=actions)
