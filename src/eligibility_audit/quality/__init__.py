"""Validate with Great Expectations; the only package that imports it, and only when records are validated."""

from eligibility_audit.quality.brakes import BrakeMessage, check_brakes, check_stops, missing_required, unchecked
from eligibility_audit.quality.page import write_validation
from eligibility_audit.quality.validation import Result, Validation, preload, validate_batch, validate_kind

__all__ = [
    "BrakeMessage",
    "Result",
    "Validation",
    "check_brakes",
    "check_stops",
    "missing_required",
    "preload",
    "unchecked",
    "validate_batch",
    "validate_kind",
    "write_validation",
]
