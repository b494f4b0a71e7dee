"""Who is the same person: candidate pairs, comparisons, weights, clusters.

`people` gathers the columns of all lists, `link_people` weighs their pairs, `explain_pair` says why; `link_frames` does
the same for any tables whose columns are given roles. `read_model` and `Model.to_text` keep what was learnt.
"""

from eligibility_audit.linkage.again import LastLinks, link_again, read_last, remember
from eligibility_audit.linkage.explain import Explanation, Step, explain_pair
from eligibility_audit.linkage.frames import (
    FrameLinks,
    FramePair,
    FrameSince,
    guess_roles,
    link_frames,
    tell_frame_pair,
)
from eligibility_audit.linkage.groups import Groups
from eligibility_audit.linkage.judgements import Judged, apply_judgements, check_judgements
from eligibility_audit.linkage.model import Model, kept_model, read_model
from eligibility_audit.linkage.people import (
    READS,
    Links,
    Since,
    link_incremental,
    link_people,
    people,
    tell_people_pair,
)

__all__ = [
    "READS",
    "Explanation",
    "FrameLinks",
    "FramePair",
    "FrameSince",
    "Groups",
    "Judged",
    "LastLinks",
    "Links",
    "Model",
    "Since",
    "Step",
    "apply_judgements",
    "check_judgements",
    "explain_pair",
    "guess_roles",
    "kept_model",
    "link_again",
    "link_frames",
    "link_incremental",
    "link_people",
    "people",
    "read_last",
    "read_model",
    "remember",
    "tell_frame_pair",
    "tell_people_pair",
]
