"""On what ground a claim stands: a listed disease, infertility, a deformed child; and the words that say so."""

from typing import Final

import pandas as pd

from eligibility_audit.rules.agent_orange.vocabulary import nothing_left, scan
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.wording import Column

BASIS_PARAMETERS: Final = ("diseases", "child_diseases", "bases", "unlisted_diseases")


def basis(disease: Column, law: Parameters) -> pd.DataFrame:
    """What the cell for the disease says, as truths: listed, child_listed, infertile, deformed_child, unlisted.

    `unlisted`: the cell names plainly unlisted diseases and nothing else. All are NA where the cell is blank.
    """
    bases = law.lists("bases")
    unlisted = law.lists("unlisted_diseases")
    listed = {"listed": _all(law.lists("diseases")), **bases, "unlisted": unlisted["diseases"]}
    found = scan(disease, listed)
    stripped = scan(disease, {"unlisted": unlisted["diseases"], "fillers": unlisted["fillers"]})
    child = scan(disease, {"child_listed": _all(law.lists("child_diseases"))})
    return pd.DataFrame(
        {
            "listed": found["listed"],
            "infertile": found["infertile"],
            "deformed_child": found["deformed_child"],
            "child_listed": child["child_listed"],
            "unlisted": stripped["unlisted"] & nothing_left(stripped["rest"]) & ~found["listed"],
        }
    )


def _all(lists: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(word for words in lists.values() for word in words)
