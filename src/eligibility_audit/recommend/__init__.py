"""From findings to at most one recommendation a record."""

from eligibility_audit.recommend.making import recommend

__all__ = ["recommend"]
