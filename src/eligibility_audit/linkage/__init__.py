"""Who is the same person: candidate pairs, comparisons, weights, clusters."""

from eligibility_audit.linkage.model import Model, read_model
from eligibility_audit.linkage.people import Links, link_people, people

__all__ = ["Links", "Model", "link_people", "people", "read_model"]
