"""Link the rows of one file, or of two, and write the pairs (design.md, 5: `eligibility-audit link`)."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.linkage import FrameLinks, Model, link_frames
from eligibility_audit.linkage.model import is_earlier, model_from
from eligibility_audit.linkage.workers import Means
from eligibility_audit.use_cases.evaluate_links import evaluate_links, in_words
from eligibility_audit.use_cases.link_state import read_state, write_state
from eligibility_audit.use_cases.table_files import read_table, write_table

CHANGE_VI = {
    "new": "mới",
    "gone": "mất",
    "grown": "thêm người",
    "shrunk": "bớt người",
    "changed": "đổi người",
    "split": "tách",
    "merged": "nhập",
}
STATE_VI = {
    "binds": "có hiệu lực",
    "set_aside": "để sang bên vì mâu thuẫn",
    "conflict": "trái nhau cùng ngày",
    "replaced": "đã có kết luận mới hơn",
    "unsure": "chưa rõ",
    "expired": "hết hạn",
    "reopened": "mở lại vì dữ liệu đã đổi",
    "unknown_record": "không có hồ sơ",
}
DRIFT_VI = {"none": "không khác đáng kể", "some": "khác một phần", "much": "khác nhiều"}
PAIR_COLUMNS = ("left_id", "right_id", "match_probability", "match_weight")


def link_files(
    left: Path,
    right: Path | None = None,
    *,
    model_path: Path | None = None,
    out: Path | None = None,
    clusters: Path | None = None,
    threshold: float = 0.5,
    fit: Path | None = None,
    labels: str | None = None,
    evaluate_into: Path | None = None,
    judgements: Path | None = None,
    state: Path | None = None,
    one_to_one: bool = False,
    means: Means | None = None,
) -> Mapping[str, Any]:
    """Pairs of rows at or above the threshold into `out`, every row's cluster into `clusters`; returns the report.

    `left`, `right`: csv or parquet. `model_path`: a learnt model, or roles (`id`, `columns`); without it the roles are
    guessed from the column names. Learnt weights go into `fit`, else beside `out` (`PAIRS.model.yaml`) where the model
    had none. `labels`: a file of labels, or the column that says who is who (`linkage/evaluation.py`): what is measured
    is told in the report and goes into `evaluate_into` (JSON). `judgements`: a table of what people judged of pairs
    (`linkage/judgements.py`). `state`: a folder that one linking leaves to the next: with the same model only what
    changed is compared, and clusters keep their names. `one_to_one`: a row has one partner
    at most. `means`: workers, memory and a folder for files (`linkage/workers.py`). Raises UsageError (threshold, files
    of another kind, unknown columns, nothing to write) and InputError (unreadable files, repeated or null ids, labels
    that say nothing).
    """
    if out is None and fit is None and labels is None:
        raise UsageError(
            "Hãy cho biết tệp kết quả (--out), tệp mô hình (--fit) hoặc nhãn để đo (--labels)."
            " / Say where to write: the pairs (--out) or the model (--fit), or what to measure against (--labels)."
        )
    if evaluate_into is not None and labels is None:
        raise UsageError("--evaluate cần có nhãn (--labels). / --evaluate needs labels (--labels).")
    if not 0 < threshold <= 1:
        raise UsageError("Ngưỡng phải lớn hơn 0 và không quá 1. / The threshold must be above 0 and at most 1.")
    given = None if model_path is None else read_model_file(model_path)
    earlier = is_earlier(given)
    if given is not None and earlier:  # its weights are of another version: learnt anew, by its roles
        given = given["roles"]
    if fit is not None and given is not None and "priors" in given:
        given = given["roles"]  # --fit learns anew
    columns = None if given is None else columns_of(given)
    frames = [read_table(path, columns) for path in (left, right) if path is not None]
    before = None if state is None else read_state(state)
    model = as_learnt(given) or (before.model if before is not None and given is None and fit is None else None)
    same = before is not None and model is not None and before.model.digest == model.digest
    links = link_frames(
        frames[0],
        frames[1] if right is not None else None,
        model or given,
        threshold=threshold,
        previous=before.clusters if before is not None else None,
        judgements=None if judgements is None else read_table(judgements, []),
        day=datetime.now().astimezone().date(),
        since=before.since if before is not None and same else None,
        one_to_one=one_to_one,
        means=means,
    )
    if state is not None:
        write_state(state, frames, links)
    _write(links, out, clusters)
    learnt = given is None or "priors" not in given
    kept = fit if fit is not None else (out.with_suffix(".model.yaml") if out is not None and learnt else None)
    if kept is not None:
        _write_model(links.model, kept)
    report = {**links.report, **_told(links)} | ({"model_of_earlier_version": True} if earlier else {})
    if labels is None:
        return report
    measured = evaluate_links(links, frames, labels, evaluate_into)
    return {**report, "evaluation": in_words(measured)}


def _told(links: FrameLinks) -> dict[str, Any]:
    """Conflicts of judgements and changes of clusters, for the words."""
    told: dict[str, Any] = {"cluster_changes": links.groups.changes["change"].value_counts().to_dict()}
    if links.judged is not None:
        rows = links.judged.conflicts.fillna("").to_dict("records")
        told["conflicts"] = [
            f"{row['left']} – {row['right']}: {row['judgement']} {row['on']} ↔ {row['with'] or row['chain']}"
            + (f" ({row['chain']})" if row["with"] and row["chain"] else "")
            for row in rows
        ]
    return told


def _write(links: FrameLinks, out: Path | None, clusters: Path | None) -> None:
    if out is not None:
        write_table(links.pairs[list(PAIR_COLUMNS)], out)
    if clusters is not None:
        write_table(links.clusters, clusters)


def read_model_file(path: Path) -> dict[str, Any]:
    """What a model file says: a learnt model, or roles. Raises InputError where it cannot be read."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - the safe loader, in C
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(
            f"Không đọc được tệp mô hình {path.name}. / The model file {path.name} cannot be read."
        ) from error
    if not isinstance(data, dict):
        raise InputError(
            f"Tệp mô hình {path.name} phải có id và columns. / The model file {path.name} must have id and columns."
        )
    return data


def as_learnt(given: Mapping[str, Any] | None) -> Model | None:
    """The learnt model that a model file holds; None where it holds roles alone."""
    return None if given is None or "priors" not in given else model_from(given, "model")


def columns_of(model: Mapping[str, Any]) -> list[str]:
    """Columns that the model reads, the id first."""
    roles = model.get("roles", model)
    columns = roles.get("columns")
    listed = columns.values() if isinstance(columns, Mapping) else ()
    named = [each for value in listed for each in (value if isinstance(value, list) else [value])]
    return [str(name) for name in (roles.get("id", ""), *named)]


def _write_model(model: Model, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(model.to_text(), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"Không ghi được tệp {path.name}. / The file {path.name} cannot be written.") from error


def describe(report: Mapping[str, Any]) -> str:
    """What linking came to, in words."""
    lines = [
        f"Hồ sơ / records: {report['records']:,}",
        f"Cặp đã so / pairs compared: {report['compared']:,}; không so / not compared: {report['not_compared']:,}",
        f"Khối phải chia nhỏ / blocks split: {report['blocks_split']:,}",
        f"Cặp trùng tìm được / links found: {report['links']:,}",
    ]
    if report.get("model_of_earlier_version"):
        lines.append(
            "Mô hình thuộc phiên bản cũ: đã học lại theo vai trò các cột của nó"
            " / the model was of an earlier version: learnt anew, by its roles"
        )
    if report.get("expected_precision") is not None:
        lines.append(
            f"Tỷ lệ đúng mô hình tự ước lượng (chưa đo) / precision as the model sees it, not measured: "
            f"{report['expected_precision']:.1%}"
        )
    if report.get("blocking"):
        lost = report["blocking"]
        lines.append(
            f"Ước tính cặp cùng người không được so / pairs of one person never compared, estimated: "
            f"{lost['lost_share']:.2%} ({lost['lost_share_from']:.2%}–{lost['lost_share_to']:.2%})"
        )
    if "drift" in report:
        drift = report["drift"]
        lines.append(
            f"Dữ liệu so với khi học mô hình / the lists against those of the model: {DRIFT_VI[drift['changed']]} / "
            f"{drift['changed']} ({drift['most']:.2f})"
        )
    if "touched" in report:
        lines.append(
            f"Chỉ so phần thay đổi / only what changed was compared: {report['touched']:,} hồ sơ / records;"
            f" giữ lại / kept: {report['carried']:,} cặp / pairs"
        )
    if report.get("cluster_changes"):
        changes = ", ".join(
            f"{CHANGE_VI[name]} / {name} {count:,}" for name, count in report["cluster_changes"].items()
        )
        lines.append(f"Nhóm so với lần trước / clusters against the last run: {changes}")
    if "judgements" in report:
        states = ", ".join(f"{STATE_VI[name]} / {name} {count:,}" for name, count in report["judgements"].items())
        lines.append(f"Kết luận của cán bộ / judgements: {states or 'không có / none'}")
        lines += [f"  Mâu thuẫn / conflict: {said}" for said in report.get("conflicts", ())]
    if report.get("contradictions"):
        lines.append(f"Mâu thuẫn trong nhóm / contradictions in clusters: {report['contradictions']:,}")
    if report.get("refused_by_clusters"):
        lines.append(f"Cặp không nối vào nhóm / links that clusters refused: {report['refused_by_clusters']:,}")
    lines += report.get("evaluation", ())
    return "\n".join(lines)
