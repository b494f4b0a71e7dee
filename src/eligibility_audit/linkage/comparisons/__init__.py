"""Comparing two records field by field; one module for each kind of field."""

from eligibility_audit.linkage.comparisons.base import Comparison, Table, chance_equal, position
from eligibility_audit.linkage.comparisons.date import DateComparison
from eligibility_audit.linkage.comparisons.equal import EqualComparison
from eligibility_audit.linkage.comparisons.habit import HabitComparison
from eligibility_audit.linkage.comparisons.kinship import KinshipComparison
from eligibility_audit.linkage.comparisons.name import NameComparison
from eligibility_audit.linkage.comparisons.namesakes import GenerationComparison, NamesakeComparison
from eligibility_audit.linkage.comparisons.national_id import NationalIdComparison
from eligibility_audit.linkage.comparisons.place import PlaceComparison
from eligibility_audit.linkage.comparisons.sex import SexComparison
from eligibility_audit.linkage.comparisons.text import NumberComparison, SwapComparison, TextComparison

__all__ = [
    "Comparison",
    "DateComparison",
    "EqualComparison",
    "GenerationComparison",
    "HabitComparison",
    "KinshipComparison",
    "NameComparison",
    "NamesakeComparison",
    "NationalIdComparison",
    "NumberComparison",
    "PlaceComparison",
    "SexComparison",
    "SwapComparison",
    "Table",
    "TextComparison",
    "chance_equal",
    "position",
]
