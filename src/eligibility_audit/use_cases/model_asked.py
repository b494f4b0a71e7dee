"""The kept model that a run is to link with (EA_MODEL, `run --model`), and what the report says of linking."""

from collections.abc import Mapping
from typing import Any

from eligibility_audit.errors import UsageError
from eligibility_audit.linkage import Model
from eligibility_audit.settings import Settings
from eligibility_audit.use_cases.link_files import as_learnt, read_model_file

LEAST_LOST = 0.005  # of the pairs of one person: less is not worth a sentence


def model_asked(settings: Settings) -> Model | None:
    """The learnt model that the settings name; None where a run learns its own.

    Raises InputError where it cannot be read, UsageError where it holds roles alone.
    """
    if settings.model is None:
        return None
    learnt = as_learnt(read_model_file(settings.model))
    if learnt is None:
        raise UsageError(
            f"{settings.model.name} chưa có trọng số; hãy dùng model.yaml của một lần chạy"
            " / has no weights; use the model.yaml of a run"
        )
    return learnt


def with_model(inputs: dict[str, object], model: Model | None) -> dict[str, object]:
    """The inputs of a run with the hash of its model."""
    return inputs if model is None else inputs | {"model": model.digest}


def linking_counts(report: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest keeps of what blocking lost, and of how far a kept model has drifted."""
    counts: dict[str, Any] = {"blocking": report["blocking"]} if report.get("blocking") else {}
    if "drift" in report:
        counts["drift"] = {name: value for name, value in report["drift"].items() if name != "fields"}
    return counts


def linking_notes(report: Mapping[str, Any]) -> list[str]:
    """Sentences on pairs that were likely lost before comparing, and on a model that no longer fits."""
    notes: list[str] = []
    lost, drift = report.get("blocking") or {}, report.get("drift") or {}
    if lost.get("lost_share_to", 0.0) >= LEAST_LOST:
        notes.append(
            f"Ghép hồ sơ: ước tính {lost['lost_share']:.1%} cặp cùng người ({lost['lost_share_from']:.1%}–"
            f"{lost['lost_share_to']:.1%}) không được đem so / estimated share of pairs of one person never compared"
        )
    if drift.get("changed", "none") != "none":
        most = ", ".join(dict.fromkeys(str(each["field"]) for each in drift["fields"][:3]))
        much = ("nhiều", "much") if drift["changed"] == "much" else ("một phần", "in part")
        notes.append(
            f"Dữ liệu đã khác {much[0]} so với khi học mô hình ghép ({most}); nên học lại / the lists differ {much[1]} "
            "from those that the linkage model was learnt from; learn it anew"
        )
    return notes
