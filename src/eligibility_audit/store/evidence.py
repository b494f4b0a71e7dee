"""What of frozen evidence is a fact: what a settled case is opened again for, and what it is not."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

_OF_FINDING: Final = ("rule_id", "outcome", "evidence_tier", "law_mark", "legal_basis")
_SIDES: Final = ("evidence", "evidence_against")


def facts(frozen: Mapping[str, Any]) -> str:
    """Hash of what the evidence says: rules, outcomes, law, and each piece for and against.

    Left out: which line of which file it stood on, the day it is due, ids, spelling of the person's own line; none of
    them is a reason to open a settled case again. Evidence in another form is taken whole.
    """
    if "findings" not in frozen:
        return _hash(dict(frozen))
    said = [
        [str(finding.get(name)) for name in _OF_FINDING] + [_pieces(finding.get(side)) for side in _SIDES]
        for finding in frozen["findings"]
    ]
    line = frozen.get("recommendation") or {}
    return _hash({"findings": sorted(said, key=str), "action": line.get("action"), "legal_act": line.get("legal_act")})


def _pieces(told: object) -> list[str]:
    return sorted(str(item.get("vi")) for item in json.loads(str(told))) if told else []


def _hash(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
