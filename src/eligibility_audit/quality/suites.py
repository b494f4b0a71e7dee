"""The committed suites: what is expected of each kind of list, with its words (expectations/<kind>.json)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

Severity = Literal["error", "warning", "info"]
SEVERITIES: Final = ("error", "warning", "info")  # most to least severe
ON: Final = ("received", "standardised")
PER: Final = ("record", "sheet")
NOT_NULL: Final = "expect_column_values_to_not_be_null"
ASKED_OF_EITHER: Final = ("expect_cell_to_be_read",)  # a row with one of its two columns is asked


@dataclass(frozen=True)
class Expectation:
    """One expectation: Great Expectations' JSON and our words for it.

    `on`: whether it looks at cells as received or at the standardised record. `per`: asked of each record or of each
    sheet.
    """

    code: str
    severity: Severity
    on: str
    per: str
    field: str
    sentence_vi: str
    sentence_en: str
    todo_vi: str
    todo_en: str
    config: Mapping[str, Any]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the checked frame that it asks about."""
        kwargs = self.config["kwargs"]
        return tuple(kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs)

    def asked(self, frame: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Which rows of the checked frame it is asked of, as Great Expectations counts them."""
        there = frame[list(self.columns)].notna().to_numpy()
        if self.config["type"] == NOT_NULL:
            return np.ones(len(frame), dtype=bool)
        return np.asarray(there.any(axis=1) if self.config["type"] in ASKED_OF_EITHER else there.all(axis=1))


PLUGIN_SUITES: Final[dict[str, Path]] = {}


@cache
def suite(kind: str) -> tuple[Expectation, ...]:
    """The expectations on lists of a kind, in the order of the file; none for a kind that a plugin brings without."""
    file = PLUGIN_SUITES.get(kind, files("eligibility_audit.expectations") / f"{kind}.json")
    if not file.is_file():
        return ()
    return tuple(_expectation(config) for config in json.loads(file.read_text(encoding="utf-8"))["expectations"])


def _expectation(config: Mapping[str, Any]) -> Expectation:
    meta = config["meta"]
    return Expectation(config=config, **{key: meta[key] for key in Expectation.__dataclass_fields__ if key != "config"})
