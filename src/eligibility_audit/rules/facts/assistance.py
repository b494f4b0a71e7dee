"""What a roster of social assistance says as a whole: the base that nearly all its amounts follow."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import pandas as pd

LIST: Final = "social_assistance"
FOLLOWED: Final = 0.8  # of the lines with coefficient and amount; a base that fewer follow is not the list's
LEAST: Final = 30  # such lines


def facts(records_by_kind: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, as_of: date) -> dict[str, pd.DataFrame]:
    """social_assistance: base_of_list (`Int64`, đồng): amount over coefficient of nearly all lines; else null."""
    records = records_by_kind.get(LIST)
    if records is None or records.empty:
        return {}
    index = pd.Index(records["record_id"].astype("string[pyarrow]"), name="record_id")
    base = base_of_list(records["monthly_amount"], records["coefficient"])
    return {LIST: pd.DataFrame({"base_of_list": pd.Series(base, index=index, dtype="Int64")})}


def base_of_list(amounts: "pd.Series[int]", coefficients: "pd.Series[float]") -> int | None:
    """The base that nearly all lines follow; None where they follow none, or are too few to say."""
    known = amounts.notna() & coefficients.notna() & (coefficients > 0).fillna(False)
    ratios = (amounts[known] / coefficients[known]).round().astype("Int64")
    counts = ratios.value_counts()
    if len(ratios) < LEAST or counts.iloc[0] < FOLLOWED * len(ratios):
        return None
    return int(counts.index[0])
