"""Tonight's people after last night's: what a full run with the same model gives, to the byte, for the work of what
changed.

`remember` keeps of a linking what the next one needs; `link_again` links tonight's people with it and gives both the
links and what the night after needs; `write` and `read_last` keep that in a folder.

Blocking keys are kept as numbers that do not depend on the table. So tonight only the blocks (of a rule, before it is
split) that a new, changed or gone record is in are made again, of last night and of tonight, and set against each
other; pairs that touch a change, or came together by one, are weighed. Rivals, judgements and groups are counted anew
where a component of pairs is not that of last night; all else is taken over. What a record owes to others (a district
told from a commune, a number that too many names bear, one line) is seen first: such a record has changed.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.linkage.arrays import MISSING, Flags, Floats, Ints, grouped
from eligibility_audit.linkage.blocking import PART, Pairs, Rule, make_blocks
from eligibility_audit.linkage.clusters import components
from eligibility_audit.linkage.comparisons import PlaceComparison
from eligibility_audit.linkage.comparisons.national_id import MOST_NAMES_OF_AN_ID
from eligibility_audit.linkage.engine import PROBABILITY_DECIMALS, Task, Weighed, evidence, planned, with_rivals
from eligibility_audit.linkage.groups import Groups, counts_of
from eligibility_audit.linkage.incremental import off, steps_taken, touching_pairs
from eligibility_audit.linkage.model import WEIGHT_DECIMALS, Model, read_model
from eligibility_audit.linkage.people import (
    CANDIDATES_FLOOR,
    FACTS,
    Links,
    Options,
    in_order,
    linked,
    places,
    task_of,
)

MODEL, PEOPLE, TOLD, CLUSTERS, CONTRADICTIONS, NUMBERS, PAIRS = (
    "model.yaml",
    "people.parquet",
    "pairs.parquet",
    "clusters.parquet",
    "contradictions.parquet",
    "keys.parquet",
    "weights.parquet",
)
BUCKETS = 1 << 22  # blocks are told by so many numbers: two that have one number are both made again, to no harm
_SPREAD = np.int64(0x1E3779B97F4A7C15)
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """Pairs (positions, in order) before judgements: weight without rivals, what rivals take, and a bit for each rule
    that makes the pair."""

    left: Ints
    right: Ints
    weight: Floats
    rival: Floats
    by: Ints

    def take(self, rows: Ints) -> "Found":
        """These pairs."""
        return Found(self.left[rows], self.right[rows], self.weight[rows], self.rival[rows], self.by[rows])


@dataclass(frozen=True)
class LastLinks:
    """What the next linking needs of the last one: people in order, their keys as numbers, pairs as found and as told,
    groups, model."""

    people: pd.DataFrame
    numbers: Mapping[str, Ints]
    found: Found
    told: pd.DataFrame
    clusters: pd.DataFrame
    contradictions: pd.DataFrame
    model: Model

    def write(self, folder: Path) -> None:
        """Keep it in a folder for its owner alone; what was there is replaced when all is written.

        Raises UsageError where the folder cannot be written.
        """
        aside = folder.with_name(f".{folder.name}.partial")
        try:
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(parents=True, mode=0o700)
            for name, frame in self._frames().items():
                frame.to_parquet(aside / name, index=False, compression="lz4")
            (aside / MODEL).write_text(self.model.to_text(), encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            aside.rename(folder)
        except OSError as error:
            raise UsageError(f"Không ghi được thư mục {folder.name}. / {folder.name} cannot be written.") from error

    def _frames(self) -> dict[str, pd.DataFrame]:
        found = self.found
        return {
            PEOPLE: self.people,
            NUMBERS: pd.DataFrame(dict(self.numbers)),
            PAIRS: pd.DataFrame({name: getattr(found, name) for name in Found.__dataclass_fields__}),
            TOLD: self.told,
            CLUSTERS: self.clusters,
            CONTRADICTIONS: self.contradictions,
        }


def read_last(folder: Path) -> LastLinks:
    """What a folder keeps of the last linking. Raises InputError where it does not."""
    names = (PEOPLE, NUMBERS, PAIRS, TOLD, CLUSTERS, CONTRADICTIONS)
    try:
        people, numbers, pairs, told, clusters, contradictions = (pd.read_parquet(folder / name) for name in names)
        found = Found(*(pairs[name].to_numpy() for name in Found.__dataclass_fields__))
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"Thư mục {folder.name} không giữ lần ghép trước; hãy xóa đi để ghép lại từ đầu."
            f" / The folder {folder.name} holds no state of a linking: remove it, and all is linked anew."
        ) from error
    keys = {str(name): numbers[name].to_numpy() for name in numbers.columns}
    return LastLinks(people, keys, found, told, clusters, contradictions, read_model(folder / MODEL))


def remember(people: pd.DataFrame, links: Links) -> LastLinks:
    """What the next linking needs of a linking of these people (the frame of `people()`, as it was linked)."""
    ordered = in_order(people)
    task = planned(task_of(ordered), links.model)
    numbers = _wanted(task.stable_keys(), task.rules)
    told, left, right = _told_in_order(ordered, pd.concat([links.pairs, links.candidates], ignore_index=True))
    by = np.zeros(len(told), dtype=np.int32)
    everyone = np.arange(len(ordered))
    for bit, made in enumerate(_all_made(task.rules, task.cap, numbers, [everyone] * (len(task.rules) + 1))):
        by |= made.has(left, right).astype(np.int32) << np.int32(bit)
    found = Found(left, right, *steps_taken(told), by)
    clusters, contradictions = links.groups.clusters, links.groups.contradictions
    return LastLinks(ordered, numbers, found, told, clusters, contradictions, links.model)


def link_again(
    last: LastLinks,
    people: pd.DataFrame,
    *,
    judgements: pd.DataFrame | None = None,
    day: date | None = None,
    key: bytes = b"",
) -> tuple[Links, LastLinks]:
    """The links of tonight's people, and what the next night needs.

    Pairs, candidates, groups and judgements are those, byte for byte, of `link_people(people, last.model,
    judgements=…, day=…, key=…, previous=last night's clusters)`, which keeps last night's cluster ids. The report says
    how many records were `touched`, pairs `compared` and `carried`; what blocking lost and how far the model has
    drifted is told by full runs.
    """
    tonight = _Tonight(last, in_order(people))
    weighed, touched = tonight.weigh()
    carried = tonight.carry(weighed)
    links, found, told = tonight.close(weighed, carried, Options(judgements=judgements, day=day, key=key))
    report = dict(links.report) | {"touched": touched, "compared": len(weighed.left), "carried": len(carried.pairs)}
    links = Links(links.pairs, links.candidates, last.model, report, links.groups, links.judged)
    kept = LastLinks(
        tonight.people, tonight.numbers, found, told, links.groups.clusters, links.groups.contradictions, last.model
    )
    return links, kept


@dataclass(frozen=True)
class _Made:
    """What a rule makes of some records (`rows`, whole blocks): the block of each, and pairs that come as pairs."""

    rows: Ints
    home: Ints
    extra: Codes
    size: int

    def has(self, left: Ints, right: Ints) -> Flags:
        """Whether the rule makes these pairs."""
        one, two = self._home_of(left), self._home_of(right)
        together = (one >= 0) & (one == two)
        if len(self.extra):
            together |= np.isin(left.astype(np.int64) * self.size + right, self.extra)
        return np.asarray(together, dtype=bool)

    def holds(self, records: Ints) -> Flags:
        """Which records are among the rows."""
        return self._at(records)[1]

    def _at(self, records: Ints) -> tuple[Ints, Flags]:
        at = np.minimum(np.searchsorted(self.rows, records), max(len(self.rows) - 1, 0))
        return at, self.rows[at] == records if len(self.rows) else np.zeros(len(records), dtype=bool)

    def _home_of(self, records: Ints) -> Ints:
        at, here = self._at(records)
        return np.where(here, self.home[at], MISSING) if len(self.rows) else np.full(len(records), MISSING)


@dataclass(frozen=True)
class _Carried:
    """Pairs of last night that stay as they are: which they are there, and they as they stand tonight."""

    pairs: Ints
    found: Found


class _Tonight:
    """Tonight's people beside last night's. `was`: by record its position then (-1 = new or changed); `now`: by record
    of then its position tonight (-1 = gone or changed)."""

    def __init__(self, last: LastLinks, people: pd.DataFrame) -> None:
        self.last, self.people, self.size = last, people, len(people)
        plan = planned(task_of(people.iloc[:0]), last.model)
        self.rules, self.cap = plan.rules, plan.cap
        there = _positions(last.people["record_id"], people["record_id"])
        same = _alike(last.people, people, there) & ~_other_lines(last.people, people, there)
        self.was = np.where(same, there, MISSING)
        self._witnesses = _place_witnesses(people)
        self.numbers = self._keys()
        self.now = np.full(len(last.people), MISSING)
        kept = np.flatnonzero(self.was >= 0)
        self.now[self.was[kept]] = kept

    def _keys(self) -> dict[str, Ints]:
        """The keys of tonight. Records whose keys others have changed are taken for changed."""
        then = self.last.numbers
        self._mark_places()
        numbers = {name: np.where(self.was >= 0, column[self.was], MISSING) for name, column in then.items()}
        changed = np.flatnonzero(self.was < 0)
        if len(changed):
            rows = np.union1d(changed, self._witnesses)
            at = np.searchsorted(rows, changed)
            made = _wanted(task_of(self.people.iloc[rows].reset_index(drop=True)).stable_keys(), self.rules)
            for name, column in made.items():
                numbers[name][changed] = column[at]
        self._placeholders(numbers)
        return numbers

    def _mark_places(self) -> None:
        """Where communes or districts are new or gone, those whose place is told from others may have moved."""
        then = self.last.people
        if _places_known(then) == _places_known(self.people):
            return
        lacking = _blank(self.people["commune"]) & ~_blank(self.people["home_place"])
        lacking |= ~_blank(self.people["commune"]) & _blank(self.people["district"])
        told = np.flatnonzero((self.was >= 0) & lacking)
        rows = np.union1d(told, self._witnesses)
        part = self.people.iloc[rows].reset_index(drop=True)
        commune, district, texts = places(part["commune"], part["district"], part["home_place"])
        keys = PlaceComparison("place", commune, district, texts=texts).stable
        at = np.searchsorted(rows, told)
        moved = np.zeros(len(told), dtype=bool)
        for name, column in keys.items():
            if name in self.last.numbers:
                moved |= column[at] != self.last.numbers[name][self.was[told]]
        self.was[told[moved]] = MISSING

    def _placeholders(self, numbers: dict[str, Ints]) -> None:
        """A number that too many names bear is no key: where that is otherwise tonight its holders have changed."""
        then = self.last.numbers
        gone = np.ones(len(self.last.people), dtype=bool)
        gone[self.was[self.was >= 0]] = False
        asked = pd.unique(
            np.concatenate([numbers["national_id_received"][self.was < 0], then["national_id_received"][gone]])
        )
        asked = asked[asked >= 0]
        before, tonight = (_borne_by_many(each, asked) for each in (then, numbers))
        received = numbers["national_id_received"]
        other = np.isin(received, np.setxor1d(before, tonight))
        self.was[other] = MISSING
        among = np.isin(received, asked)
        numbers["national_id"][among] = received[among]
        numbers["national_id"][np.isin(received, tonight)] = MISSING
        bearers = np.flatnonzero((received >= 0) & (numbers["national_id"] < 0))
        names = pd.DataFrame({"id": received[bearers], "name": numbers["name"][bearers]})
        first = ~names.duplicated().to_numpy() & (numbers["name"][bearers] >= 0)
        rank = names[first].groupby("id").cumcount().to_numpy()
        self._witnesses = np.union1d(self._witnesses, bearers[first][rank <= MOST_NAMES_OF_AN_ID])

    def weigh(self) -> tuple[Found, int]:
        """Pairs that touch a change or came together by one, all of them weighed, and how many records that is."""
        changed, touched = self.was < 0, self.was < 0
        codes: list[Codes] = [np.zeros(0, dtype=np.int64)]
        gone = np.flatnonzero(self.now < 0)
        self._pairs_made = []
        rows_of = [self._rows_of(rule, changed, gone) for rule in self.rules]
        rows_of.append(self._rows_of_aliases(changed, gone))
        then_of = [self._rows_then(rows, gone) for rows in rows_of]
        made_now = _all_made(self.rules, self.cap, self.numbers, rows_of)
        made_then = _all_made(self.rules, self.cap, self.last.numbers, then_of)
        for made, old in zip(made_now, made_then, strict=True):
            with_it = self._changed_blocks(made, old, changed)
            touched = touched.copy()
            touched[made.rows[with_it]] = True
            codes += [
                made.rows[left].astype(np.int64) * self.size + made.rows[right]
                for left, right in touching_pairs(made.home, with_it, PART)
            ]
            new = made.extra[~np.isin(made.extra, self._codes_now(old.extra))]
            codes.append(np.unique(np.concatenate([new, self._with(made.extra, changed)])))
            self._pairs_made.append(made)
        return self._weighed(np.unique(np.concatenate(codes))), int(touched.sum())

    def _changed_blocks(self, made: _Made, old: _Made, changed: Flags) -> Flags:
        """Of the rows of a rule those that changed, or whose block is not that of the others that were with them."""
        with_it = changed[made.rows]
        same = np.flatnonzero(~with_it)
        if len(same):
            then = old.home[np.searchsorted(old.rows, self.was[made.rows[same]])]
            alone = -2 - np.arange(len(same))
            now = made.home[same]
            with_it[same] = off(np.where(then < 0, alone, then), np.where(now < 0, alone, now))
        return with_it

    def _rows_of(self, rule: Rule, changed: Flags, gone: Ints) -> Ints:
        """Whole blocks (before any is split) of the rule that a changed or gone record is in."""
        bucket = _buckets([self.numbers[key] for key in rule.keys])
        left = _buckets([self.last.numbers[key][gone] for key in rule.keys])
        asked = np.zeros(BUCKETS + 1, dtype=bool)
        asked[bucket[changed]] = True
        asked[left] = True
        asked[BUCKETS] = False  # of those without a key
        return np.flatnonzero(asked[bucket])

    def _rows_of_aliases(self, changed: Flags, gone: Ints) -> Ints:
        """Records whose name or alias a changed or gone record has as its name or alias."""
        columns = [self.numbers["name"], self.numbers["alias"]]
        asked = [column[changed] for column in columns]
        asked += [self.last.numbers[name][gone] for name in ("name", "alias")]
        wanted = pd.unique(np.concatenate(asked))
        wanted = wanted[wanted >= 0]
        if not (self.numbers["alias"] >= 0).any() and not (self.last.numbers["alias"] >= 0).any():
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(np.isin(columns[0], wanted) | np.isin(columns[1], wanted) | (columns[1] >= 0))

    def _rows_then(self, rows: Ints, gone: Ints) -> Ints:
        then, among = self.was[rows], np.zeros(len(self.now), dtype=bool)
        among[then[then >= 0]] = True
        among[gone] = True
        return np.flatnonzero(among)

    def _codes_now(self, codes: Codes) -> Codes:
        """Pairs of then as pairs of tonight; those with a record that is gone or changed left out."""
        left, right = self.now[codes // len(self.now)], self.now[codes % len(self.now)]
        here = (left >= 0) & (right >= 0)
        return np.asarray(left[here].astype(np.int64) * self.size + right[here])

    def _with(self, codes: Codes, flags: Flags) -> Codes:
        return codes[flags[codes // self.size] | flags[codes % self.size]]

    def _weighed(self, codes: Codes) -> Found:
        """These pairs, two of one line left out, with their weights; `by` is told for those at or above the floor."""
        left, right = codes // self.size, codes % self.size
        rows, task = self._part(np.concatenate([left, right]))
        one, two = (np.searchsorted(rows, side).astype(np.int32) for side in (left, right))
        fine = task.allowed(one, two)
        weight = np.round(evidence(task, self.last.model)(one[fine], two[fine])[0], WEIGHT_DECIMALS) + 0.0
        left, right = left[fine], right[fine]
        by = self._made_by(left, right, np.zeros(len(left), dtype=np.int32))
        return Found(left, right, weight, np.zeros(len(left)), by)

    def _part(self, records: Ints) -> tuple[Ints, Task]:
        """These records, with those that what they owe to others is told from, in order, and how they are compared."""
        rows = np.union1d(records, self._witnesses).astype(np.int64)
        return rows, planned(task_of(self.people.iloc[rows].reset_index(drop=True)), self.last.model)

    def _made_by(self, left: Ints, right: Ints, then: Ints) -> Ints:
        """The rules that make these pairs tonight, where `then` are those that did last night."""
        by = then.copy()
        for bit, made in enumerate(self._pairs_made):
            asked = made.holds(left) | made.holds(right)
            one = np.int32(1 << bit)
            by = np.where(asked, (by & ~one) | made.has(left, right).astype(np.int32) * one, by)
        return np.asarray(by, dtype=np.int32)

    def carry(self, weighed: Found) -> _Carried:
        """Pairs of last night of which nothing has changed and which are candidates still."""
        found = self.last.found
        left, right = self.now[found.left], self.now[found.right]
        rows = np.flatnonzero((left >= 0) & (right >= 0) & _above(found.weight))
        rows = rows[~np.isin(left[rows] * self.size + right[rows], weighed.left * self.size + weighed.right)]
        by = self._made_by(left[rows], right[rows], found.by[rows])
        rows, by = rows[by > 0], by[by > 0]
        return _Carried(rows, Found(left[rows], right[rows], found.weight[rows], found.rival[rows], by))

    def close(self, weighed: Found, carried: _Carried, options: Options) -> tuple[Links, Found, pd.DataFrame]:
        """Rivals, judgements and groups: anew for components that are not those of last night, else as they were."""
        strong = weighed.take(np.flatnonzero(_above(weighed.weight)))
        old = carried.found
        inside = self._moved(strong, carried, options.judgements)
        again = inside[old.left]
        pairs = _joined(strong, old.take(np.flatnonzero(again)))
        rows, task = self._part(np.flatnonzero(inside))
        links, told, sure_here = self._linked(pairs, rows, task, inside, options)
        at = _ends(self.people, told)
        code, known = at[0] * self.size + at[1], pairs.left * self.size + pairs.right
        order = np.argsort(known)
        spot = np.minimum(np.searchsorted(known[order], code), max(len(known) - 1, 0))
        here = known[order][spot] == code if len(known) else np.zeros(len(code), dtype=bool)
        by = np.where(here, pairs.by[order][spot], 0) if len(known) else np.zeros(len(code), dtype=np.int32)
        fresh = Found(at[0], at[1], *steps_taken(told), by.astype(np.int32))
        kept = np.flatnonzero(~again)
        whole = Found(*(np.concatenate([a, b]) for a, b in zip(_columns(old.take(kept)), _columns(fresh), strict=True)))
        place = np.lexsort((whole.right, whole.left))
        table = pd.concat([self.last.told.iloc[carried.pairs[kept]], told], ignore_index=True)
        table = table.iloc[place].reset_index(drop=True)
        found = whole.take(place)
        groups = self._groups(links.groups, rows, inside)
        sure = table["match_probability"] >= options.threshold
        report = dict(links.report) | {
            "records": self.size,
            "rivals": int((old.rival[kept] <= -0.5).sum()) + int(links.report["rivals"]),
            "links": int(sure.sum()),
            "candidates": int((~sure).sum()),
            "expected_precision": _mean(np.concatenate([sure_here, _sure(self.last.told, carried.pairs[kept])])),
        }
        for name in ("compared", "blocks_split", "not_compared", "rules"):
            report.pop(name, None)
        report |= counts_of(groups)
        split = table[sure].reset_index(drop=True), table[~sure].reset_index(drop=True)
        return Links(*split, self.last.model, report, groups, links.judged), found, table

    def _moved(self, strong: Found, carried: _Carried, judgements: pd.DataFrame | None) -> Flags:
        """Records of components of pairs that are not those of last night: one is new, changed, judged, or lost or won
        a pair."""
        found, old = carried.found, self.last
        dirty = self.was < 0
        dirty[strong.left] = dirty[strong.right] = True
        lost = np.ones(len(old.found.left), dtype=bool)
        lost[carried.pairs] = False
        judged = old.told["comparisons"].str.contains('"field": "judgement"', regex=False).to_numpy(dtype=bool)
        for ends in (old.found.left[lost | judged], old.found.right[lost | judged]):
            there = self.now[ends]
            dirty[there[there >= 0]] = True
        if judgements is not None:
            named = pd.concat([judgements["left"], judgements["right"]]).astype("string[pyarrow]")
            at = _positions(self.people["record_id"], named)
            dirty[at[at >= 0]] = True
        left, right = np.concatenate([strong.left, found.left]), np.concatenate([strong.right, found.right])
        component = components(left, right, self.size)
        flagged = np.zeros(self.size, dtype=bool)
        flagged[component[dirty]] = True
        return flagged[component]

    def _linked(
        self, pairs: Found, rows: Ints, task: Task, inside: Flags, options: Options
    ) -> tuple[Links, pd.DataFrame, Floats]:
        """The links of these records alone, all their pairs, and the probabilities of those that are links before they
        are judged."""
        left, right = np.searchsorted(rows, pairs.left), np.searchsorted(rows, pairs.right)
        order = np.lexsort((right, left))
        weight = pairs.weight[order]
        found = Weighed(
            left[order].astype(np.int32),
            right[order].astype(np.int32),
            weight,
            _probability(weight),
            np.zeros(len(order)),
        )
        found, report = with_rivals(task, self.last.model, found, ())
        sure = found.probability[found.probability >= 0.5]
        part, previous, elsewhere = self._previous(rows, np.flatnonzero(inside))
        asked = Options(
            options.threshold, options.largest_cluster, previous, options.judgements, options.day, options.key,
            taken=elsewhere,
        )  # fmt: skip
        links = linked(part, task, self.last.model, found, report, asked)
        told = pd.concat([links.pairs, links.candidates], ignore_index=True)
        return links, told, sure

    def _previous(self, rows: Ints, records: Ints) -> tuple[pd.DataFrame, pd.DataFrame, frozenset[str]]:
        """These people; last night's clusters of the records and of those that are gone; names that others bear and
        these might be given."""
        part = self.people.iloc[rows].reset_index(drop=True)
        clusters = self.last.clusters
        ids = part["record_id"].iloc[np.searchsorted(rows, records)]
        stays = pc.is_in(_arrow(clusters["id"]), value_set=_arrow(self.people["record_id"]))
        own = pc.is_in(_arrow(clusters["id"]), value_set=_arrow(ids))
        with_them = pc.or_(own, pc.invert(stays)).to_numpy(zero_copy_only=False)
        others = clusters["cluster_id"][~with_them]
        borne = others[pc.is_in(_arrow(others), value_set=_arrow(ids)).to_numpy(zero_copy_only=False)]
        previous = clusters.loc[with_them, ["id", "cluster_id"]]
        witnesses = part["record_id"][~np.isin(rows, records)]  # alone here: nothing is told of them
        known = pd.DataFrame({"id": witnesses, "cluster_id": "\x00" + witnesses})
        return part, pd.concat([previous, known], ignore_index=True), frozenset(borne)

    def _groups(self, fresh: Groups, part: Ints, inside: Flags) -> Groups:
        """Groups of all: those counted anew, and the others as they were."""
        rows = np.flatnonzero(~inside)
        ids = self.people["record_id"]
        counted = inside[part]  # not those that only bear witness
        clusters = _in_place((self.last.clusters.iloc[self.was[rows]], rows), (fresh.clusters[counted], part[counted]))
        then = self.last.contradictions
        left = _positions(ids, then["left"])
        right = _positions(ids, then["right"])
        stays = (left >= 0) & (right >= 0) & ~inside[left]
        both = pd.concat([then[stays], fresh.contradictions], ignore_index=True)
        ends = [_positions(ids, both[side]) for side in ("left", "right")]
        weight = both["match_weight"].fillna(0.0).to_numpy(dtype=np.float64)
        held = (both["reason"] == "inside").to_numpy(dtype=bool)
        order = np.lexsort((ends[1], ends[0], weight, held))
        return Groups(clusters, both.iloc[order].reset_index(drop=True), fresh.changes)


def _wanted(numbers: Mapping[str, Ints], rules: Sequence[Rule]) -> dict[str, Ints]:
    """The keys that the rules use, and those that what records owe to each other is told from."""
    names = {key for rule in rules for key in (*rule.keys, *rule.then)} | {"name", "alias", "national_id_received"}
    names |= {"national_id", "commune", "district"}
    return {name: np.asarray(numbers[name], dtype=np.int64) for name in sorted(names)}


def _all_made(rules: Sequence[Rule], cap: int, numbers: Mapping[str, Ints], rows: Sequence[Ints]) -> Iterator[_Made]:
    """What each rule makes of its rows, and last what aliases make of theirs."""
    size = len(numbers["name"])
    for rule, own in zip(rules, rows, strict=False):
        keys = {key: _small(numbers[key][own]) for key in (*rule.keys, *rule.then)}
        blocks, _ = make_blocks(rule, keys, len(own), min(cap, rule.cap or cap))
        yield _Made(own, blocks.home, _as_codes(blocks.extra, own, size), size)
    yield _alias_pairs(numbers["name"], numbers["alias"], rows[-1], size)


def _small(numbers: Ints) -> Ints:
    codes = np.asarray(pd.factorize(numbers)[0], dtype=np.int64)
    return np.where(numbers < 0, MISSING, codes)


def _as_codes(extra: Sequence[Pairs], rows: Ints, size: int) -> Codes:
    empty = np.zeros(0, dtype=np.int64)
    codes = [rows[left].astype(np.int64) * size + rows[right] for left, right in extra]
    return np.unique(np.concatenate([empty, *codes]))


def _alias_pairs(names: Ints, aliases: Ints, rows: Ints, size: int, most: int = 200) -> _Made:
    """As `people.alias_pairs`, among these records."""
    bearing = rows[aliases[rows] >= 0]
    order = rows[np.argsort(names[rows], kind="stable")]
    first = np.searchsorted(names[order], aliases[bearing], side="left")
    last = np.searchsorted(names[order], aliases[bearing], side="right")
    few = last - first <= most
    pairs: list[Pairs] = []
    for record, start, stop in zip(bearing[few], first[few], last[few], strict=True):
        others = order[start:stop]
        others = others[others != record]
        pairs.append((np.minimum(others, record), np.maximum(others, record)))
    return _Made(rows, np.full(len(rows), MISSING), _as_codes(pairs, np.arange(size), size), size)


def _buckets(columns: Sequence[Ints]) -> Ints:
    """A number below `BUCKETS` for each combination; `BUCKETS` where a part is missing."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    lacking = np.zeros(len(code), dtype=bool)
    for column in columns:
        code *= _SPREAD
        code += column
        lacking |= column < 0
    code *= _SPREAD
    code >>= 64 - 22 - 1
    code &= BUCKETS - 1
    code[lacking] = BUCKETS
    return code


def _borne_by_many(numbers: Mapping[str, Ints], asked: Ints) -> Ints:
    """Which of these id numbers more names bear than one person's misspellings explain."""
    received = numbers["national_id_received"]
    rows = np.flatnonzero(np.isin(received, asked)) if len(asked) else asked
    rows = rows[numbers["name"][rows] >= 0]
    if not len(rows):
        return rows.astype(np.int64)
    ids, names = pd.factorize(received[rows]), pd.factorize(numbers["name"][rows])[0]
    members, bounds = grouped([ids[0], names])
    return np.asarray(ids[1])[np.bincount(ids[0][members[bounds[:-1]]], minlength=len(ids[1])) > MOST_NAMES_OF_AN_ID]


def _above(weight: Floats) -> Flags:
    return np.asarray(_probability(weight) >= CANDIDATES_FLOOR, dtype=bool)


def _probability(weight: Floats) -> Floats:
    return np.asarray(np.round(1 / (1 + np.exp2(-np.clip(weight, -500, 500))), PROBABILITY_DECIMALS))


def _columns(found: Found) -> tuple[Any, ...]:
    return tuple(getattr(found, name) for name in Found.__dataclass_fields__)


def _joined(one: Found, two: Found) -> Found:
    return Found(*(np.concatenate([a, b]) for a, b in zip(_columns(one), _columns(two), strict=True)))


def _mean(values: Floats) -> float | None:
    return round(float(values.mean()), 6) if len(values) else None


def _sure(told: pd.DataFrame, rows: Ints) -> Floats:
    values = told["match_probability"].to_numpy(dtype=np.float64)[rows]
    return np.asarray(values[values >= 0.5])


def _arrow(column: "pd.Series[Any]") -> Any:
    values: Any = pa.array(column.astype("string[pyarrow]"), from_pandas=True)
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _positions(ids: "pd.Series[str]", wanted: "pd.Series[str]") -> Ints:
    """The position of each wanted id; -1 where there is none."""
    known, asked = _arrow(ids), _arrow(wanted)
    rows = np.arange(len(known))
    if 4 * len(asked) < len(known):  # few: those alone are put into a table
        rows = np.flatnonzero(pc.is_in(known, value_set=asked).to_numpy(zero_copy_only=False))
        known = known.take(pa.array(rows))
    at = np.asarray(pc.index_in(asked, value_set=known).fill_null(MISSING).to_numpy(zero_copy_only=False))
    return np.where(at < 0, MISSING, rows[at]) if len(rows) else np.full(len(asked), MISSING)


def _ends(people: pd.DataFrame, told: pd.DataFrame) -> tuple[Ints, Ints]:
    ids = people["record_id"]
    return _positions(ids, told["left_record_id"]), _positions(ids, told["right_record_id"])


def _told_in_order(people: pd.DataFrame, told: pd.DataFrame) -> tuple[pd.DataFrame, Ints, Ints]:
    left, right = _ends(people, told)
    order = np.lexsort((right, left))
    return told.iloc[order].reset_index(drop=True), left[order], right[order]


def _alike(old: pd.DataFrame, new: pd.DataFrame, there: Ints) -> Flags:
    """Which records have the facts that they had."""
    same = there >= 0
    rows = pa.array(np.maximum(there, 0))
    for column in FACTS if len(old) else ():
        now, then = _arrow(new[column]), _arrow(old[column]).take(rows)
        equal = pc.or_kleene(pc.equal(now, then), pc.and_(pc.is_null(now), pc.is_null(then))).fill_null(False)
        same &= equal.to_numpy(zero_copy_only=False)
    return np.asarray(same, dtype=bool)


def _other_lines(old: pd.DataFrame, new: pd.DataFrame, there: Ints) -> Flags:
    """Records that are not of one source line with those that they were with; that a line has moved is no change."""
    out = np.zeros(len(new), dtype=bool)
    rows = np.flatnonzero(there >= 0)
    now, then = _arrow(new["line"].iloc[rows]), _arrow(old["line"]).take(pa.array(there[rows]))
    if now.equals(then):
        return out
    codes = [np.asarray(each.dictionary_encode().indices.fill_null(MISSING)) for each in (then, now)]
    out[rows] = off(codes[0], codes[1])
    return out


def _blank(column: "pd.Series[str]") -> Flags:
    return np.asarray((column.isna() | (column == "")).to_numpy(dtype=bool))


def _combinations(people: pd.DataFrame) -> tuple[Ints, Any]:
    """The first record of each commune with each district, as written, and these two columns."""
    columns = [_arrow(people[name]).dictionary_encode() for name in ("commune", "district")]
    codes = [np.asarray(column.indices.fill_null(len(column.dictionary)), dtype=np.int64) for column in columns]
    both = codes[0] * (len(columns[1].dictionary) + 1) + codes[1]
    first = np.flatnonzero(~pd.Series(both).duplicated().to_numpy())
    return first, [column.take(pa.array(first)).to_pylist() for column in columns]


def _places_known(people: pd.DataFrame) -> frozenset[tuple[str | None, str | None]]:
    _, (communes, districts) = _combinations(people)
    return frozenset(zip(communes, districts, strict=True))


def _place_witnesses(people: pd.DataFrame) -> Ints:
    """Records from which it is told which communes there are and which district each is in."""
    return _combinations(people)[0]


def _in_place(*parts: tuple[pd.DataFrame, Ints]) -> pd.DataFrame:
    table = pd.concat([frame for frame, _ in parts], ignore_index=True)
    return table.iloc[np.argsort(np.concatenate([at for _, at in parts]))].reset_index(drop=True)
