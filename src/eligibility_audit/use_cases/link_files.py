"""Link the rows of one file, or of two, and write the pairs (design.md, 5: `eligibility-audit link`)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.linkage import FrameLinks, Model, link_frames

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
) -> Mapping[str, Any]:
    """Pairs of rows at or above the threshold into `out`, every row's cluster into `clusters`; returns the report.

    `left`, `right`: csv or parquet. `model_path`: a learnt model, or roles (`id`, `columns`); without it the roles are
    guessed from the column names. Learnt weights go into `fit`, else beside `out` (`PAIRS.model.yaml`) where the model
    had none. Raises UsageError (threshold, files of another kind, unknown columns, nothing to write) and InputError
    (unreadable files, repeated or null ids).
    """
    if out is None and fit is None:
        raise UsageError(
            "Hãy cho biết tệp kết quả (--out) hoặc tệp mô hình (--fit)."
            " / Say where to write: the pairs (--out) or the model (--fit)."
        )
    if not 0 < threshold <= 1:
        raise UsageError("Ngưỡng phải lớn hơn 0 và không quá 1. / The threshold must be above 0 and at most 1.")
    given = None if model_path is None else _read_model(model_path)
    if fit is not None and given is not None and "priors" in given:
        given = given["roles"]  # --fit learns anew
    columns = None if given is None else _columns(given)
    frames = [_read_table(path, columns) for path in (left, right) if path is not None]
    links = link_frames(frames[0], frames[1] if right is not None else None, given, threshold=threshold)
    _write(links, out, clusters)
    learnt = given is None or "priors" not in given
    kept = fit if fit is not None else (out.with_suffix(".model.yaml") if out is not None and learnt else None)
    if kept is not None:
        _write_model(links.model, kept)
    return links.report


def _write(links: FrameLinks, out: Path | None, clusters: Path | None) -> None:
    if out is not None:
        _write_table(links.pairs[list(PAIR_COLUMNS)], out)
    if clusters is not None:
        _write_table(links.clusters, clusters)


def _read_model(path: Path) -> dict[str, Any]:
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


def _columns(model: Mapping[str, Any]) -> list[str]:
    """Columns that the model reads, the id first."""
    roles = model.get("roles", model)
    columns = roles.get("columns")
    listed = columns.values() if isinstance(columns, Mapping) else ()
    named = [each for value in listed for each in (value if isinstance(value, list) else [value])]
    return [str(name) for name in (roles.get("id", ""), *named)]


def _read_table(path: Path, columns: list[str] | None) -> pd.DataFrame:
    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        if path.suffix.lower() in (".csv", ".tsv", ".txt"):
            separator = "\t" if path.suffix.lower() == ".tsv" else ","
            frame = pd.read_csv(
                path, dtype="string[pyarrow]", encoding="utf-8-sig", sep=separator, skipinitialspace=True
            )
            return _with_whole_ids(frame, columns[:1] if columns else [str(name) for name in frame.columns])
    except (OSError, ValueError) as error:  # pandas' and Arrow's parsing errors are ValueErrors
        raise InputError(f"Không đọc được tệp {path.name}. / The file {path.name} cannot be read.") from error
    raise UsageError(f"Tệp {path.name} không phải csv hay parquet. / The file {path.name} is neither csv nor parquet.")


def _with_whole_ids(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Ids that are plainly whole numbers are whole numbers; any other spelling (a leading zero) stays text."""
    for name in columns:
        if name in frame.columns and len(frame) and frame[name].str.fullmatch(r"0|-?[1-9]\d{0,17}").fillna(False).all():
            frame[name] = frame[name].astype("int64")
    return frame


def _write_table(frame: pd.DataFrame, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".csv":
            frame.to_csv(path, index=False, encoding="utf-8-sig")
        else:
            frame.to_parquet(path, index=False)
    except OSError as error:
        raise UsageError(f"Không ghi được tệp {path.name}. / The file {path.name} cannot be written.") from error


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
    if report.get("expected_precision") is not None:
        lines.append(
            f"Tỷ lệ đúng mô hình tự ước lượng (chưa đo) / precision as the model sees it, not measured: "
            f"{report['expected_precision']:.1%}"
        )
    if report.get("refused_by_clusters"):
        lines.append(f"Cặp không nối vào nhóm / links that clusters refused: {report['refused_by_clusters']:,}")
    return "\n".join(lines)
