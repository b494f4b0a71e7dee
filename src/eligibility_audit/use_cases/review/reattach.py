"""Cases from run to run: by their id, then by dossier number, then by linkage (design.md, 5).

A dossier number or a name that was corrected opens no second case. What is not sure opens a case of its own and is
linked to the one that it may be: nothing is merged, nothing is guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eligibility_audit.linkage import Model
from eligibility_audit.standardise.names import fold
from eligibility_audit.store.case_links import KnownCase, aliases, frozen_records, known_cases
from eligibility_audit.store.cases import Proposed
from eligibility_audit.store.office import Office
from eligibility_audit.store.reattached import Alias, Linked, Ties
from eligibility_audit.use_cases.review.same_person import Match, matched


@dataclass(frozen=True)
class Reattached:
    """The proposals under the ids of their cases, and what is to be recorded of it."""

    proposed: tuple[Proposed, ...]
    ties: Ties


def reattach(office: Office, proposed: Sequence[Proposed], model: Model | None) -> Reattached:
    """Bring the proposals of a run to the cases that are there. `model`: the learnt linkage of the run."""
    known, other_ids = known_cases(office), aliases(office)
    ids = {each.case_id for each in proposed}
    mapped = {one: other_ids[one] for one in ids - known.keys() if one in other_ids and other_ids[one] not in ids}
    taken = (ids & known.keys()) | set(mapped.values())
    new = [p for p in proposed if p.case_id not in known and p.case_id not in mapped]
    found = _by_dossier(new, known, taken)
    taken |= {alias.case_id for alias in found}
    attached = {alias.alias for alias in found}
    gone = {one: case for one, case in known.items() if one not in taken}
    left = [p for p in new if p.case_id not in attached]
    records = frozen_records(office, _worth_comparing(gone, left, proposed))
    by_linkage, links = _by_linkage(left, gone, records, model)
    found += by_linkage
    still_gone = gone.keys() - {alias.case_id for alias in by_linkage}
    links += _one_after_all([p for p in proposed if p.case_id in known], known, still_gone, records, model)
    mapped |= {alias.alias: alias.case_id for alias in found}
    told = tuple(replace(p, case_id=mapped.get(p.case_id, p.case_id)) for p in proposed)
    return Reattached(told, Ties(tuple(found), tuple(links)))


def _by_dossier(new: Sequence[Proposed], known: Mapping[str, KnownCase], taken: set[str]) -> list[Alias]:
    """New ids whose dossier number one case alone has, and that no other line of the run claims."""
    free: dict[tuple[str, str], list[str]] = {}
    for case in known.values():
        if case.dossier_no and case.case_id not in taken:
            free.setdefault((case.programme, case.dossier_no), []).append(case.case_id)
    wanted: dict[tuple[str, str], list[str]] = {}
    for each in new:
        if each.columns.get("dossier_no"):
            wanted.setdefault(_dossier(each), []).append(each.case_id)
    return [
        Alias(who[0], free[number][0], "dossier_no")
        for number, who in wanted.items()
        if len(who) == 1 and len(free.get(number, ())) == 1
    ]


def _dossier(proposed: Proposed) -> tuple[str, str]:
    return str(proposed.columns["programme"]), str(proposed.columns["dossier_no"])


def _by_linkage(
    new: Sequence[Proposed],
    gone: Mapping[str, KnownCase],
    records: Mapping[str, Mapping[str, Any]],
    model: Model | None,
) -> tuple[list[Alias], list[Linked]]:
    found: list[Alias] = []
    links: list[Linked] = []
    for programme in sorted({case.programme for case in gone.values()}):
        mine = {p.case_id: _record(p) for p in new if p.columns["programme"] == programme}
        theirs = {one: records[one] for one, case in gone.items() if case.programme == programme and one in records}
        for one, match in matched(mine, theirs, programme, model).items():
            if match.sure:
                found.append(Alias(one, match.sure[0], "linkage", match.sure[1]))
            else:
                links += _perhaps(one, match)
    return found, links


def _perhaps(one: str, match: Match) -> list[Linked]:
    said = (
        "Có thể là một hồ sơ: nhân thân gần khớp nhưng chưa chắc, cần cán bộ xem. / Perhaps one file: to be looked at."
    )
    return [Linked(one, other, "linkage", said, p) for other, p in match.candidates]


def _one_after_all(
    proposed: Sequence[Proposed],
    known: Mapping[str, KnownCase],
    gone: Iterable[str],
    records: Mapping[str, Mapping[str, Any]],
    model: Model | None,
) -> list[Linked]:
    """Cases that are gone because their line now stands under another case's number: the two are one file."""
    missing = {one for one in gone if known[one].is_current}
    links: list[Linked] = []
    for programme in sorted({known[one].programme for one in missing}):
        lost = {one: records[one] for one in missing if known[one].programme == programme and one in records}
        keys = {key for one in lost for key in (known[one].name_key, known[one].national_id) if key}
        there = {p.case_id: _record(p) for p in proposed if p.columns["programme"] == programme and _keys(p) & keys}
        for one, match in matched(lost, there, programme, model).items():
            said = "Dòng của hồ sơ này nay đứng dưới số của hồ sơ kia: hai hồ sơ là một. / Its line now stands there."
            links += (
                [Linked(one, match.sure[0], "linkage", said, match.sure[1])] if match.sure else _perhaps(one, match)
            )
    return links


def _worth_comparing(gone: Mapping[str, KnownCase], new: Sequence[Proposed], proposed: Sequence[Proposed]) -> set[str]:
    """Those whose frozen record is read: all that are gone where there is a new line, else those that share a key."""
    if new:
        return set(gone)
    keys = {key for p in proposed for key in _keys(p)}
    return {one for one, case in gone.items() if case.is_current and {case.name_key, case.national_id} & keys}


def _keys(proposed: Proposed) -> set[str]:
    told = (proposed.columns.get("name_key") or fold(str(proposed.columns.get("name") or "")),)
    return {str(key) for key in (*told, proposed.columns.get("national_id")) if key}


def _record(proposed: Proposed) -> Mapping[str, Any]:
    record = proposed.frozen.get("record") or {}
    return record if record else proposed.columns
