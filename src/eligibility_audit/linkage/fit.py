"""Learning the model from the pairs themselves, without labels.

`u`, the share of a level among different persons, is counted exactly where values are equal, otherwise sampled from
random pairs; `m` and the prior come from expectation-maximisation over the counts of patterns, all other pairs of
the data being taken for different persons. A prior is kept for each pair of kinds: two lines of one roster are the
same person far more rarely than a line of a roster and one of the COVID list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.linkage.arrays import Flags, Floats, Ints, Levels, combine
from eligibility_audit.linkage.comparisons import Comparison, Table
from eligibility_audit.linkage.levels import Level
from eligibility_audit.linkage.model import LISTED_FROM, Frequencies, LearntLevel, learn_level
from eligibility_audit.linkage.texts import listed as listed_texts
from eligibility_audit.linkage.texts import positions_in

SAMPLE = 600_000  # random pairs for u
PSEUDO_MATCHES = 30.0  # how many true pairs the assumed m is worth
PSEUDO_PAIRS = 10.0  # pairs of different persons that the assumption of independence is worth
PSEUDO_PRIOR = 3.0  # how many true pairs the overall prior is worth for one pair of kinds
ROUNDS = 60
TF_BINS = 64  # of half a bit
RAREST = 0.25  # persons: no value is taken to be rarer than this
TF_LOWEST, TF_HIGHEST = -8.0, 6.0
PSEUDO_PERSONS = 5.0  # persons that the assumption of independence of the parts of a value is worth
LEAST_DRAWN = 20  # pairs drawn at a level, to tell how rare its values typically are
COUNTED_BY_PAIRS = ("national_id", "dossier_no")  # nearly all pairs that agree are one person: the rest is counted


@dataclass
class Patterns:
    """Distinct combinations of levels among the candidates, and how many pairs have each."""

    levels: npt.NDArray[np.int8]  # patterns x comparisons
    rarity: Floats  # how much rarer than usual are the values that agree by chance: the name, the year (bits)
    rest: Floats  # all other adjustments (bits)
    group: Ints  # pair of kinds
    counts: Floats


def persons(keys: Mapping[str, Ints], size: int) -> Ints:
    """One record for each person as far as name and birth date tell, so that nobody counts twice in a frequency."""
    name = keys.get("name")
    if name is None or "date" not in keys:
        return np.arange(size)
    full = combine([name, keys["date"]])
    dated = np.unique(full, return_index=True)[1] if (full >= 0).any() else np.zeros(0, dtype=np.int64)
    dated = dated[full[dated] >= 0]
    lacking = np.flatnonzero((full < 0) & (name >= 0) & ~np.isin(name, name[dated]))
    undated = lacking[keys["year"][lacking] < 0]  # nothing tells them apart: each is a person
    coarse = lacking[keys["year"][lacking] >= 0]
    if len(coarse):
        coarse = coarse[np.unique(combine([name[coarse], keys["year"][coarse]]), return_index=True)[1]]
    return np.sort(np.concatenate([dated, coarse, undated]))


def frequencies(tables: Mapping[str, Table], people: Ints) -> dict[str, Frequencies]:
    """The frequency tables, counted over persons."""
    found: dict[str, Frequencies] = {}
    for name, table in tables.items():
        codes = table.codes if table.of_lines else table.codes[people]
        counts = np.bincount(codes[codes >= 0], minlength=len(table.values)).astype(np.float64)
        total = max(float(counts.sum()), 1.0)
        often = counts >= LISTED_FROM
        rare = counts[(counts > 0) & ~often]
        values = listed_texts(_plain(table.values), np.flatnonzero(often))
        listed = dict(zip(values, counts[often].tolist(), strict=True))
        average = max(float((counts * np.maximum(counts - 1, 0)).sum() / max(total * (total - 1), 1.0)), 1.0 / total**2)
        if table.together:
            average = _together_on_average(counts, table)
        found[name] = Frequencies(
            total, float(f"{average:.6g}"), listed, float(f"{rare.mean():.6g}") if len(rare) else 1.0
        )
    return found


def _together_on_average(counts: Floats, table: Table) -> float:
    """How many times more often than chance two persons share the first part who share the second."""
    first, second = (np.bincount(codes, weights=counts) for _, codes in table.parts)
    alone = float((first**2).sum() / max(first.sum(), 1.0) ** 2)
    return max(float((counts**2).sum() / max((second**2).sum(), 1.0)) / max(alone, 1e-12), 1.0)


def shares_of_values(tables: Mapping[str, Table], known: Mapping[str, Frequencies]) -> dict[str, Floats]:
    """By table the share of persons that has each value; of parts together, how many times that of chance."""
    return {
        name: _together(name, tables, known) if table.together else _counts(name, tables, known) / known[name].total
        for name, table in tables.items()
        if name in known
    }


def _together(name: str, tables: Mapping[str, Table], known: Mapping[str, Frequencies]) -> Floats:
    table = tables[name]
    expected = np.full(len(table.values), known[name].total)
    for part, codes in table.parts:
        expected *= (_listed(tables[part].values, known[part], known[part].unlisted) / known[part].total)[codes]
    seen = _listed(table.values, known[name], known[name].unlisted)
    return np.asarray((seen + PSEUDO_PERSONS) / (expected + PSEUDO_PERSONS))


def adjustments(
    comparison: Comparison,
    tables: Mapping[str, Table],
    shares: Mapping[str, Floats],
    known: Mapping[str, Frequencies],
) -> dict[int, tuple[Floats, Ints]]:
    """Level code -> adjustment (log2) by value code, and the value code of each record."""
    found: dict[int, tuple[Floats, Ints]] = {}
    for code, name in comparison.adjusted.items():
        if name in shares:
            typical = known[name].typical.get(comparison.levels[code - 1].name, known[name].average)
            bits = np.clip(np.log2(typical / shares[name]), TF_LOWEST, TF_HIGHEST)
            found[code] = (np.round(bits, 4), tables[name].codes)
    return found


def excess(flat: float | Floats, rarity: Floats) -> Floats:
    """The excess of namesakes by the rarity (log2) of the name: a part of it is there however rare the name is."""
    return np.asarray(-np.log2(1 - flat + flat * np.exp2(np.clip(rarity, TF_LOWEST, TF_HIGHEST))))


def typical_shares(
    comparison: Comparison,
    tables: Mapping[str, Table],
    shares: Mapping[str, Floats],
    drawn: tuple[Ints, Ints, Levels],
) -> dict[str, dict[str, float]]:
    """By table and level, the share of the rarer of two values that is typical of a level at which values differ.

    The weight of such a level is that of a pair as rare as the harmonic mean of the pairs drawn at random (left, right,
    level): then the adjustment makes no pair of different persons likelier on the whole.
    """
    left, right, level = drawn
    typical: dict[str, dict[str, float]] = {}
    for code, name in comparison.adjusted.items():
        rows = np.flatnonzero(level == code)
        one, two = tables[name].codes[left[rows]], tables[name].codes[right[rows]]
        of_lines = tables[name].together and tables[name].of_lines  # where values agree: one of many at each level
        if ((one != two) | of_lines).sum() >= LEAST_DRAWN:
            rarer = np.minimum(shares[name][one], shares[name][two])
            typical.setdefault(name, {})[comparison.levels[code - 1].name] = float(f"{1 / (1 / rarer).mean():.6g}")
    return typical


def _counts(name: str, found: Mapping[str, Table], tables: Mapping[str, Frequencies]) -> Floats:
    """How many persons have each value; of a value that is not listed, as many as its parts let expect."""
    table, known = found[name], tables[name]
    counts = _listed(table.values, known, 0.0)
    rare = np.flatnonzero(counts == 0)
    if not table.parts or any(part not in tables for part, _ in table.parts):
        counts[rare] = known.unlisted
        return counts
    expected = np.full(len(rare), 2 * known.total)  # twice: given and middle names are of one sex or the other
    for part, codes in table.parts:
        of_part = tables[part]
        expected *= (_listed(found[part].values, of_part, of_part.unlisted) / of_part.total)[codes[rare]]
    counts[rare] = np.clip(2 * expected / (1 + expected), RAREST, LISTED_FROM - 1)
    return counts


def _listed(values: pa.StringArray, known: Frequencies, unlisted: float) -> Floats:
    """The count of each value as the table lists it."""
    counts = np.array([*known.listed.values(), unlisted])
    return np.asarray(counts[positions_in(_plain(values), list(known.listed))])  # -1, not listed, is the last


def _plain(values: pa.StringArray) -> pa.StringArray:
    """As the model's text writes them."""
    return pc.replace_substring(values, ";", " ")


def sample_pairs(people: Ints, size: int = SAMPLE) -> tuple[Ints, Ints]:
    """Random pairs of different persons, the same for the same input; all pairs where there are few."""
    n = len(people)
    if n * (n - 1) // 2 <= size:
        left, right = np.triu_indices(n, 1)
        return people[left], people[right]
    draw = np.random.default_rng(20201231)
    left, right = draw.integers(0, n, size), draw.integers(0, n - 1, size)
    right = np.where(right >= left, right + 1, right)
    return people[np.minimum(left, right)], people[np.maximum(left, right)]


def shares(level: Levels, levels: Sequence[Level], counted: Mapping[int, float]) -> Floats:
    """u of each level under its circumstance: counted where it can be, otherwise from the sample."""
    hits = np.bincount(level, minlength=len(levels) + 1)[1:].astype(np.float64)
    assumed = np.array([max(each.u, 1e-12) for each in levels])
    n = _under(levels, hits)
    u = np.where(hits >= 5, hits / np.maximum(n, 1.0), (hits + 1) / (n + 1 / assumed))
    for code, share in counted.items():
        u[code - 1] = share if share > 0 else min(u[code - 1], assumed[code - 1])
    return np.asarray(np.clip(u, 1e-12, 1.0), dtype=np.float64)


def _under(levels: Sequence[Level], counts: Floats) -> Floats:
    """For each level the sum of the counts of all levels under the same circumstance."""
    circumstances = [level.given for level in levels]
    sums = {given: counts[[g == given for g in circumstances]].sum() for given in set(circumstances)}
    return np.array([sums[given] for given in circumstances])


@dataclass(frozen=True)
class Fitted:
    """What EM found: levels by comparison, priors (log2 odds) by group, the rounds it took, the matches it expects."""

    levels: dict[str, tuple[LearntLevel, ...]]
    prior: float
    group_priors: Floats
    rounds: int
    matches: float


@dataclass(frozen=True)
class Chance:
    """What chance lets expect: the share of all pairs, and the shares of pairs made by chance, and of lines, whose name
    (and year) is at least twice as rare as those of namesakes on average."""

    share: float
    made: float
    made_rare: float
    rare_lines: float


def fit(
    comparisons: Sequence[Comparison],
    u: Mapping[str, Floats],
    comparable: Mapping[str, float],
    agreeing: Mapping[str, float],
    chances: Mapping[str, Mapping[int, Chance]],
    patterns: Patterns,
    pairs_in_group: Floats,
    records: int,
) -> Fitted:
    """m and priors by EM; u of counted ids along with them. `comparable`: share of all pairs that have both
    values; `agreeing`: how many pairs agree, compared or not; `chances`: see `chances_together`."""
    u_now = {name: values.copy() for name, values in u.items()}
    m_now = {c.field: np.array([max(level.m, 1e-6) for level in c.levels]) for c in comparisons}
    total = max(float(pairs_in_group.sum()), 1.0)
    overall, before, rounds = _assumed_prior(pairs_in_group, records), -1.0, 0
    prior = np.full(len(pairs_in_group), overall)
    probability = np.zeros(len(patterns.counts))
    flats = {c.field: np.zeros(len(c.levels)) for c in comparisons}
    by_field = {c.field: patterns.levels[:, k] for k, c in enumerate(comparisons)}
    telling = {c.field: c.telling(by_field) for c in comparisons if c.lifts}
    for rounds in range(1, ROUNDS + 1):  # noqa: B007 - the last value is reported
        learnt = {c.field: _learn(c.levels, m_now[c.field], u_now[c.field]) for c in comparisons}
        weight = np.log2(prior / (1 - prior))[patterns.group] + patterns.rarity + patterns.rest
        for k, comparison in enumerate(comparisons):
            table = np.array([0.0, *(level.weight for level in learnt[comparison.field])])
            weight = weight + table[patterns.levels[:, k]]
            if comparison.lifts:
                flat = np.array([0.0, *flats[comparison.field]])[patterns.levels[:, k]]
                weight = weight + excess(flat, patterns.rarity)
        probability = 1 / (1 + np.exp2(-np.clip(weight, -200, 200)))
        same = probability * patterns.counts
        matches = float(same.sum())
        overall = float(np.clip((matches + 0.5) / total, 1e-14, 0.5))
        in_group = np.bincount(patterns.group, weights=same, minlength=len(pairs_in_group))
        prior = np.clip((in_group + PSEUDO_PRIOR) / (pairs_in_group + PSEUDO_PRIOR / overall), 1e-14, 0.5)
        for k, comparison in enumerate(comparisons):
            if comparison.lifts:
                lifted = _lifts(
                    comparison,
                    by_field[comparison.field],
                    telling[comparison.field],
                    chances[comparison.field],
                    patterns,
                    same,
                    total,
                )
                u_now[comparison.field], flats[comparison.field] = lifted
                continue
            width = len(comparison.levels) + 1
            found = np.bincount(patterns.levels[:, k], weights=same, minlength=width)[1:]
            seen: Floats = found + PSEUDO_MATCHES * np.array([level.m for level in comparison.levels])
            m_now[comparison.field] = seen / np.maximum(_under(comparison.levels, seen), 1e-12)
            if comparison.field in COUNTED_BY_PAIRS:
                apart = max(agreeing[comparison.field] - float(found[0]), 0.0)
                u_now[comparison.field][0] = (apart + 0.5) / max(comparable[comparison.field] * total, 1.0)
        if abs(matches - before) <= 1e-6 * max(matches, 1.0):
            break
        before = matches
    learnt = {c.field: _learn(c.levels, m_now[c.field], u_now[c.field], flats[c.field]) for c in comparisons}
    matches = float((probability * patterns.counts).sum())
    return Fitted(learnt, _log_odds(overall), np.round(np.log2(prior / (1 - prior)), 4), rounds, matches)


def assumed(
    comparisons: Sequence[Comparison], u: Mapping[str, Floats], pairs_in_group: Floats, records: int
) -> tuple[dict[str, tuple[LearntLevel, ...]], Floats]:
    """Levels and priors (log2 odds, by pair of kinds) before the data have spoken, but for u."""
    learnt = {c.field: _learn(c.levels, np.array([level.m for level in c.levels]), u[c.field]) for c in comparisons}
    return learnt, np.full(len(pairs_in_group), _log_odds(_assumed_prior(pairs_in_group, records)))


def _assumed_prior(pairs_in_group: Floats, records: int) -> float:
    return min(0.1 * max(records, 1) / max(float(pairs_in_group.sum()), 1.0), 0.1)


def _lifts(
    comparison: Comparison,
    level: Ints,
    telling: Mapping[int, Sequence[Flags]],
    chances: Mapping[int, Chance],
    patterns: Patterns,
    same: Floats,
    total: float,
) -> tuple[Floats, Floats]:
    """How many times more often than chance other fields agree together among different persons, and the part of the
    excess that is there however rare the name is: two equations, of all names and of the rarer ones."""
    lift, flat = np.ones(len(comparison.levels)), np.zeros(len(comparison.levels))
    by_chance, rare = np.exp2(-np.clip(patterns.rarity, TF_LOWEST, TF_HIGHEST)), patterns.rarity >= 1
    for code, conditions in telling.items():
        apart = np.where(np.logical_and.reduce(conditions), patterns.counts - same, 0.0) * np.exp2(patterns.rest)
        chance = chances[code]
        like = np.where(np.isin(level, comparison.like(code)), same, 0.0)
        weight = float(like.sum()) + PSEUDO_MATCHES
        made = (float((like * by_chance).sum()) + PSEUDO_MATCHES * chance.made) / weight
        made_rare = (float((like * by_chance)[rare].sum()) + PSEUDO_MATCHES * chance.made_rare) / weight
        lines_rare = (float(like[rare].sum()) + PSEUDO_MATCHES * chance.rare_lines) / weight
        expected = chance.share * total + PSEUDO_PAIRS
        seen = float(apart.sum()) + PSEUDO_PAIRS * made
        seen_rare = float(apart[rare].sum()) + PSEUDO_PAIRS * made_rare
        steep = lines_rare * made - made_rare
        always = np.clip((seen_rare * made - seen * made_rare) / steep if steep > 1e-3 else 0.0, 0.0, seen)
        of_chance = max((seen - always) / made, expected)
        lift[code - 1], flat[code - 1] = (of_chance + always) / expected, always / (of_chance + always)
    for code, (one, two, three) in comparison.tied.items():
        lift[code - 1], flat[code - 1] = lift[one - 1] * lift[two - 1] / lift[three - 1], flat[one - 1]
    return lift, flat


def chances_together(
    comparison: Comparison, found: Mapping[str, Levels], exact: float, rarity: Floats
) -> dict[int, Chance]:
    """By level of a comparison that lifts: the share of all pairs that would be counted at it, were its conditions
    independent. `found`: levels of pairs drawn at random; `exact`: the share of pairs whose names agree, counted;
    `rarity`: of the values of each line, in bits: chance makes pairs of them in proportion to 2 to the minus as many.
    """
    by_chance = np.exp2(-np.clip(rarity, TF_LOWEST, TF_HIGHEST))
    rare, lines = rarity >= 1, max(len(rarity), 1)
    made = float(by_chance.sum()) / lines or 1.0, float(by_chance[rare].sum()) / lines
    shares: dict[int, Chance] = {}
    for code, (_, *others) in comparison.telling(found).items():
        share = exact * float(np.prod([float(other.mean()) if len(other) else 0.0 for other in others]))
        shares[code] = Chance(share, *made, float(rare.sum()) / lines)
    return shares


def _learn(levels: Sequence[Level], m: Floats, u: Floats, flat: Floats | None = None) -> tuple[LearntLevel, ...]:
    flat = np.zeros(len(levels)) if flat is None else flat
    return tuple(learn_level(level, float(m[k]), float(u[k]), float(flat[k])) for k, level in enumerate(levels))


def _log_odds(share: float) -> float:
    return round(float(np.log2(share / (1 - share))), 4)
