# mypy: disable-error-code="attr-defined, untyped-decorator"
# Great Expectations is typed in part only: its decorators are not, and it does not re-export what it documents.
"""The one module that imports Great Expectations (5 seconds): the expectations of our own, and running a suite.

Imported inside functions only. What Great Expectations hands back holds people's values; what leaves this module is
positions of rows and counts.
"""

import os

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import logging
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility_audit.quality import dates_in_order, national_id

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # its own, at import
    import great_expectations as gx
    from great_expectations.core.expectation_suite import ExpectationSuite
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import ColumnMapExpectation, ColumnPairMapExpectation
    from great_expectations.expectations.metrics.map_metric_provider import (
        ColumnMapMetricProvider,
        ColumnPairMapMetricProvider,
        column_condition_partial,
        column_pair_condition_partial,
    )

Column = Any  # a pandas Series, of categories where it is text
Positions = npt.NDArray[np.int64]
Ignore = Literal["both_values_are_missing", "either_value_is_missing", "neither"]
WHOLE: dict[str, Any] = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "return_unexpected_index_query": False,
}


class NationalIdWellFormed(ColumnMapMetricProvider):
    """Nine digits, or twelve with a known province and century."""

    condition_metric_name = "column_values.vietnamese_national_id"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: Column, **_: Any) -> Column:  # noqa: N805 - the decorator makes it a class method
        return pd.Series(national_id.is_well_formed(column), index=column.index)


class ExpectColumnValuesToBeVietnameseNationalId(ColumnMapExpectation):
    """Expect the ids to be well-formed Vietnamese national ids."""

    map_metric: ClassVar[str] = "column_values.vietnamese_national_id"
    mostly: float = 1.0


class DatesWithin(ColumnMapMetricProvider):
    """A date known to its precision may lie in a range of days."""

    condition_metric_name = "column_values.partial_date_within"
    condition_value_keys = ("earliest", "latest")

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: Column, earliest: str | None = None, latest: str | None = None, **_: Any) -> Column:  # noqa: N805
        return pd.Series(dates_in_order.is_within(column, earliest, latest), index=column.index)


class ExpectColumnPartialDatesToBeWithin(ColumnMapExpectation):
    """Expect the dates, known to the day, month or year, to be able to lie in [earliest, latest]."""

    map_metric: ClassVar[str] = "column_values.partial_date_within"
    success_keys: ClassVar[tuple[str, ...]] = ("earliest", "latest", "mostly")
    mostly: float = 1.0
    earliest: str | dict[str, str] | None = None
    latest: str | dict[str, str] | None = None


class NationalIdAgreesWithSex(ColumnPairMapMetricProvider):
    """The id's century-and-sex digit fits the sex."""

    condition_metric_name = "column_pair_values.national_id_sex"
    condition_domain_keys = (
        "batch_id",
        "table",
        "column_A",
        "column_B",
        "row_condition",
        "condition_parser",
        "ignore_row_if",
    )

    @column_pair_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_A: Column, column_B: Column, **_: Any) -> Column:  # noqa: N803, N805
        return pd.Series(national_id.agrees_with_sex(column_A, column_B), index=column_A.index)


class NationalIdAgreesWithBirthYear(ColumnPairMapMetricProvider):
    """The id's year of birth is the year of the date of birth."""

    condition_metric_name = "column_pair_values.national_id_birth_year"
    condition_domain_keys = NationalIdAgreesWithSex.condition_domain_keys

    @column_pair_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_A: Column, column_B: Column, **_: Any) -> Column:  # noqa: N803, N805
        return pd.Series(national_id.agrees_with_birth_year(column_A, column_B), index=column_A.index)


class DatesInOrder(ColumnPairMapMetricProvider):
    """The second date may lie after the first, by a number of years within limits."""

    condition_metric_name = "column_pair_values.partial_dates_in_order"
    condition_domain_keys = NationalIdAgreesWithSex.condition_domain_keys
    condition_value_keys = ("least_years", "most_years")

    @column_pair_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_A: Column, column_B: Column, **limits: Any) -> Column:  # noqa: N803, N805
        answer = dates_in_order.is_in_order(
            column_A, column_B, limits.get("least_years") or 0, limits.get("most_years")
        )
        return pd.Series(answer, index=column_A.index)


class CellWasRead(ColumnPairMapMetricProvider):
    """Where the first column has text, the second has a value."""

    condition_metric_name = "column_pair_values.cell_was_read"
    condition_domain_keys = NationalIdAgreesWithSex.condition_domain_keys

    @column_pair_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_A: Column, column_B: Column, **_: Any) -> Column:  # noqa: N803, N805
        blank = national_id.over_distinct(column_A, lambda text: not text.strip(), missing=True)
        return pd.Series(blank | column_B.notna().to_numpy(dtype=bool), index=column_A.index)


class _PairExpectation(ColumnPairMapExpectation):
    """A condition on two columns; a row where either is missing is not asked, unless said otherwise."""

    success_keys: ClassVar[tuple[str, ...]] = ("ignore_row_if", "mostly")
    mostly: float = 1.0
    ignore_row_if: Ignore = "either_value_is_missing"


class ExpectNationalIdToAgreeWithSex(_PairExpectation):
    """Expect 12-digit ids (column_A) to fit the sex (column_B)."""

    map_metric: ClassVar[str] = "column_pair_values.national_id_sex"


class ExpectNationalIdToAgreeWithBirthYear(_PairExpectation):
    """Expect 12-digit ids (column_A) to fit the year of the date of birth (column_B)."""

    map_metric: ClassVar[str] = "column_pair_values.national_id_birth_year"


class ExpectColumnPairPartialDatesToBeInOrder(_PairExpectation):
    """Expect dates in column_B to be able to lie least_years to most_years after those in column_A."""

    map_metric: ClassVar[str] = "column_pair_values.partial_dates_in_order"
    success_keys: ClassVar[tuple[str, ...]] = ("least_years", "most_years", "ignore_row_if", "mostly")
    least_years: int = 0
    most_years: int | None = None


class ExpectCellToBeRead(_PairExpectation):
    """Expect a value in column_B wherever column_A has text."""

    map_metric: ClassVar[str] = "column_pair_values.cell_was_read"
    ignore_row_if: Ignore = "both_values_are_missing"


def run(
    expectations: Sequence[Mapping[str, Any]], frame: pd.DataFrame, parameters: Mapping[str, str]
) -> dict[str, Positions]:
    """Ask the expectations (Great Expectations JSON, each with a `code` in its meta) of a frame on a RangeIndex.

    Returns the positions of all rows that fail, ascending, for each code. Raises RuntimeError, without any value,
    where an expectation could not be asked.
    """
    batch = _whole_frame().get_batch(batch_parameters={"dataframe": frame})
    suite = ExpectationSuite(name="suite", expectations=[dict(expectation) for expectation in expectations])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, inside Great Expectations
        results = batch.validate(suite, result_format=WHOLE, expectation_parameters=dict(parameters))
    return {result.expectation_config.meta["code"]: _answer(result) for result in results.results}


def _answer(result: Any) -> Positions:
    found = result.result
    if result.exception_info.get("raised_exception", True) or "element_count" not in found:
        code = result.expectation_config.meta["code"]
        raise RuntimeError(f"expectation {code} ({result.expectation_config.type}) could not be asked")
    failing = np.sort(np.asarray(found.get("unexpected_index_list") or [], dtype="int64"))
    if len(failing) != found["unexpected_count"]:
        raise RuntimeError(f"expectation {result.expectation_config.meta['code']} did not list all that fail")
    return failing


@cache
def _whole_frame() -> Any:
    """The batch definition of one ephemeral context a process: nothing on disk, no progress bars, nothing sent out."""
    for name in ("great_expectations", "great_expectations.data_context.types.base"):  # the second sets its own
        logging.getLogger(name).setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return (
        context.data_sources.add_pandas("records")
        .add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("whole")
    )
