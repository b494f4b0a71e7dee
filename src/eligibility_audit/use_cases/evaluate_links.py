"""Measure the links of a table against labels (`eligibility-audit link --labels`)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from eligibility_audit.errors import UsageError
from eligibility_audit.linkage import FrameLinks
from eligibility_audit.linkage.evaluation import DEFAULT, Evaluation, evaluate
from eligibility_audit.use_cases.table_files import read_table


def evaluate_links(links: FrameLinks, frames: Sequence[pd.DataFrame], labels: str, into: Path | None) -> Evaluation:
    """The measurement, written to `into` as JSON where given.

    `frames`: the tables that were linked, left first. `labels`: a csv or parquet file (whose id may be called as in the
    tables), or a column of the tables that says who is who. Pairs down to the lowest that linking lists are measured;
    labels of ids that the tables do not have are left out and counted. Raises UsageError where there is neither such a
    file nor such a column, InputError for labels that cannot be used.
    """
    id_column = str(links.model.roles["id"])
    told = _labels(frames, labels, id_column)
    mine = _of_these(told, [frame[id_column] for frame in frames])
    pairs = pd.concat([links.pairs, links.candidates], ignore_index=True)
    measured = evaluate(pairs, told[mine], clusters=links.clusters, two_sided=len(frames) > 1)
    measured = replace(measured, summary={**measured.summary, "labels_of_unknown_ids": int((~mine).sum())})
    if into is not None:
        try:
            into.parent.mkdir(parents=True, exist_ok=True)
            into.write_text(measured.to_json(), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"Không ghi được tệp {into.name}. / The file {into.name} cannot be written.") from error
    return measured


def _labels(frames: Sequence[pd.DataFrame], labels: str, id_column: str) -> pd.DataFrame:
    if all(labels in frame.columns for frame in frames):
        sides = [
            pd.DataFrame({"side": side, "id": frame[id_column], "entity": frame[labels]})
            for side, frame in zip("LR", frames, strict=False)
        ]
        return pd.concat(sides, ignore_index=True)
    if not Path(labels).is_file():
        raise UsageError(
            f"Không có tệp nhãn {Path(labels).name} và các bảng không có cột như vậy."
            f" / There is no labels file {Path(labels).name}, and the tables have no such column."
        )
    told = read_table(Path(labels), None)
    return told if "id" in told.columns else told.rename(columns={id_column: "id"})


def _of_these(told: pd.DataFrame, ids: Sequence["pd.Series[Any]"]) -> "pd.Series[bool]":
    """Labels whose ids the tables have; columns are judged where they are used."""
    known = [each.astype("string[pyarrow]") for each in ids]
    mine = pd.Series(data=True, index=told.index)
    for column, of in (("left_id", known[0]), ("right_id", known[-1])):
        if column in told.columns:
            mine &= told[column].astype("string[pyarrow]").isin(of)
    if "id" in told.columns and "left_id" not in told.columns:
        right = (told["side"] == "R") if "side" in told.columns else pd.Series(data=False, index=told.index)
        text = told["id"].astype("string[pyarrow]")
        mine &= text.isin(known[-1]).where(right, text.isin(known[0]))
    return mine


def in_words(measured: Evaluation) -> list[str]:
    """What was measured, a line each."""
    told = measured.summary
    default, group = (_at_default(table) for table in (measured.by_threshold, measured.clusters))
    unknown = told.get("labels_of_unknown_ids") or 0
    lines = [
        f"Cặp đúng theo nhãn / true pairs by the labels: {told['true_pairs']:,}; trong đó có trong kết quả / of which "
        f"listed: {_share(told['reached'])}",
        f"Ở ngưỡng / at threshold {DEFAULT}: chính xác / precision {_share(default['precision'])}, bao phủ / recall "
        f"{_share(default['recall'])}, F1 {_number(default['f1'])}",
        f"Tốt nhất / best: F1 {_number(told['best_f1'])} ở ngưỡng / at {_number(told['best_threshold'])}; bao phủ khi "
        f"chính xác từ / recall at precision from {told['precision_asked']:.0%}: {_share(told['recall_at_precision'])}",
        f"Nhóm / clusters: chính xác / precision {_share(group['precision'])}, bao phủ / recall "
        f"{_share(group['recall'])}, F1 {_number(group['f1'])}",
        f"Xác suất có đúng không / calibration: mong đợi / expected {told['expected_at_default']:,.0f}, thực / "
        f"observed {told['observed_at_default']:,}; lệch trung bình / mean error {_number(told['calibration_error'])}",
    ]
    if unknown:
        lines.append(f"Nhãn của id không có trong bảng, không tính / labels of unknown ids, left out: {unknown:,}")
    return lines


def _at_default(table: pd.DataFrame) -> dict[str, float | None]:
    row = table[table["threshold"] == DEFAULT].to_dict("records")[0]
    return {str(name): None if pd.isna(value) else float(value) for name, value in row.items()}


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
