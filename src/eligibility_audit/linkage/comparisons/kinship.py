"""What relatives share."""

import numpy as np

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import Ints, Levels
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, flagged, position


class KinshipComparison(Comparison):
    """What relatives share must not speak for them: twins, siblings with consecutive numbers; two contradictions."""

    levels = known.KINSHIP

    def __init__(self, field: str, name: str, date: str, national_id: str) -> None:
        self.field = field
        self._fields = self.needs = (name, date, national_id)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        name, date, number = (before[field] for field in self._fields)
        id_differs = number == position(known.NATIONAL_ID, "different")
        neighbour = number == position(known.NATIONAL_ID, "neighbour")
        other_name = name >= position(known.NAME, "marks_differ")
        same_day = date == position(known.DATE, "day")
        other_day = flagged(known.DATE, ("same_year", "different", "year_differs"))[date]
        conditions = [
            same_day & other_name & (id_differs | neighbour),
            neighbour & (other_name | other_day),
            same_day
            & (name == position(known.NAME, "given_differs"))
            & ~(number == position(known.NATIONAL_ID, "equal")),
            id_differs & other_day,
        ]
        out = np.zeros(len(name), dtype=np.int8)
        for code in (4, 3, 2, 1):  # the first that holds
            out[np.flatnonzero(conditions[code - 1])] = code
        return out
