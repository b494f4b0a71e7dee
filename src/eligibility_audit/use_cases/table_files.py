"""Tables as files: csv and parquet, read and written."""

from pathlib import Path

import pandas as pd

from eligibility_audit.errors import InputError, UsageError


def read_table(path: Path, columns: list[str] | None) -> pd.DataFrame:
    """A csv or parquet file. A csv is text, but for ids that are whole: the first of `columns`, any column where None.

    Raises InputError where it cannot be read, UsageError for files of another kind.
    """
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


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a csv (UTF-8 with its mark) or parquet file by its name. Raises UsageError where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".csv":
            frame.to_csv(path, index=False, encoding="utf-8-sig")
        else:
            frame.to_parquet(path, index=False)
    except OSError as error:
        raise UsageError(f"Không ghi được tệp {path.name}. / The file {path.name} cannot be written.") from error
