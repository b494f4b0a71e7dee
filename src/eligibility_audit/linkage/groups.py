"""Names of clusters that last from one run to the next, and the tables that tell of clusters.

A cluster is named after its smallest record id; where the last run's clusters are given, the largest share of an old
cluster keeps the old name, so that a member more or less renames nothing, and splits and merges are told.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility_audit.linkage.arrays import Floats, Ints
from eligibility_audit.linkage.clusters import REASONS, Clusters

CHANGES = ("cluster_id", "change", "previous_id", "records")
CONTRADICTIONS = ("left", "right", "match_weight", "reason", "because_left", "because_right")


@dataclass(frozen=True)
class Groups:
    """What clusters come to, by record name.

    `clusters`: id, cluster_id, records, weakest_weight (log2, of the weakest link that holds the group together; null
    alone). `contradictions`: links that were not followed, each with why and the pair that is the cause; and, as
    `inside`, pairs of one cluster that contradict each other. `changes` against the last run: new, gone, grown, shrunk,
    changed, split (a part of previous_id now apart), merged (previous_id is now in cluster_id).
    """

    clusters: pd.DataFrame
    contradictions: pd.DataFrame
    changes: pd.DataFrame


def describe_groups(
    names: "pd.Series[str]",
    pairs: tuple[Ints, Ints, Floats],
    found: Clusters,
    previous: pd.DataFrame | None = None,
    taken: frozenset[str] = frozenset(),
) -> Groups:
    """The tables of clusters. `names`: a text id for each record, no two alike; `previous`: id, cluster_id of the last
    run, ids as in `names`; `taken`: names of clusters that are looked after elsewhere."""
    names = names.astype("string[pyarrow]").reset_index(drop=True)
    ids, changes = name_clusters(names, found.label, previous, taken)
    members = np.bincount(found.label, minlength=len(names))[found.label]
    weakest = pd.array(pairs[2][found.weakest] if len(pairs[2]) else np.zeros(len(names)), dtype="Float64")
    weakest[found.weakest < 0] = pd.NA
    clusters = pd.DataFrame(
        {"id": names, "cluster_id": ids, "records": pd.array(members, dtype="Int64"), "weakest_weight": weakest}
    )
    return Groups(clusters, _contradictions(names, pairs, found), changes)


def counts_of(groups: Groups) -> dict[str, int]:
    """What a report says of the groups."""
    reasons = groups.contradictions["reason"].value_counts()
    sizes = groups.clusters.drop_duplicates("cluster_id")["records"]
    return {
        "clusters": int((sizes > 1).sum()),
        "largest_cluster": int(sizes.max()) if len(sizes) else 0,
        "refused_by_clusters": int(reasons.drop("inside", errors="ignore").sum()),
        "contradictions": int(reasons.reindex(["contradiction", "inside"]).sum()),
    }


def _contradictions(names: "pd.Series[str]", pairs: tuple[Ints, Ints, Floats], found: Clusters) -> pd.DataFrame:
    refused, order = found.refused, np.lexsort(found.inside[::-1])
    one, two = (side[order] for side in found.inside)
    nobody = np.full(len(one), -1)
    columns: dict[str, pd.Series[str]] = {}
    for name, positions in (
        ("left", np.concatenate([pairs[0][refused.pair], one])),
        ("right", np.concatenate([pairs[1][refused.pair], two])),
        ("because_left", np.concatenate([refused.cause_left, nobody])),
        ("because_right", np.concatenate([refused.cause_right, nobody])),
    ):
        told = names.take(np.maximum(positions, 0)).reset_index(drop=True) if len(names) else names
        columns[name] = told.mask(positions < 0)
    weight = pd.array(np.concatenate([pairs[2][refused.pair], np.zeros(len(one))]), dtype="Float64")
    weight[len(refused.pair) :] = pd.NA
    reasons = [*(REASONS[k] for k in refused.reason.tolist()), *("inside" for _ in range(len(one)))]
    table = {"match_weight": weight, "reason": pd.array(reasons, dtype="string[pyarrow]"), **columns}
    return pd.DataFrame({name: table[name] for name in CONTRADICTIONS})


def name_clusters(
    names: "pd.Series[str]", label: Ints, previous: pd.DataFrame | None = None, taken: frozenset[str] = frozenset()
) -> "tuple[pd.Series[str], pd.DataFrame]":
    """The cluster id of each record, and what changed against the last run's clusters."""
    number, _ = pd.factorize(label)
    smallest = names.groupby(number, sort=True).min().astype("string[pyarrow]").reset_index(drop=True)
    if previous is None:
        ids = smallest
        changes = pd.DataFrame(
            {c: pd.array([], dtype="Int64" if c == "records" else "string[pyarrow]") for c in CHANGES}
        )
    else:
        ids, changes = _kept_names(names, number, smallest, previous, taken)
    return ids.take(number).reset_index(drop=True), changes


def _kept_names(
    names: "pd.Series[str]",
    number: npt.NDArray[np.int64],
    smallest: "pd.Series[str]",
    previous: pd.DataFrame,
    elsewhere: frozenset[str],
) -> "tuple[pd.Series[str], pd.DataFrame]":
    was = pd.Series(
        previous["cluster_id"].astype("string[pyarrow]").to_numpy(), index=previous["id"].astype("string[pyarrow]")
    )
    old = names.map(was).astype("string[pyarrow]")
    now = pd.DataFrame({"number": number, "old": old, "smallest": smallest.take(number).to_numpy()})
    both = now.dropna(subset="old").groupby(["number", "old"], sort=False).size().rename("shared").reset_index()
    members = np.bincount(number, minlength=len(smallest))
    before = was.value_counts()
    had = before.reindex(both["old"]).to_numpy()
    same = (both["shared"].to_numpy() == had) & (members[both["number"].to_numpy()] == had)  # nobody came or went
    ids = smallest.array.copy()
    ids[both["number"].to_numpy()[same]] = both["old"].array[same]
    settled, both = both[same], both[~same].reset_index(drop=True)
    both["smallest"] = smallest.take(both["number"].to_numpy()).to_numpy()
    ranked = both.sort_values(["shared", "old", "smallest"], ascending=[False, True, True], kind="stable")
    kept: dict[int, str] = {}
    used: set[str] = set()
    for cluster, name in zip(ranked["number"], ranked["old"], strict=True):
        if cluster not in kept and name not in used:
            kept[cluster] = name
            used.add(name)
    open_ones = np.setdiff1d(np.arange(len(smallest)), settled["number"].to_numpy())
    asked = smallest.take(open_ones)
    taken = {*before.index[before.index.isin(asked)], *used, *elsewhere}
    names_of = [kept.get(k) or _fresh(name, taken) for k, name in zip(open_ones.tolist(), asked, strict=True)]
    ids[open_ones] = pd.array(names_of, dtype="string[pyarrow]")
    column = pd.Series(ids, dtype="string[pyarrow]")
    gone = before.index[~before.index.isin(settled["old"]) & ~before.index.isin(both["old"])]
    return column, _changes(both, column, members, before, open_ones, gone)


def _fresh(name: str, taken: set[str]) -> str:
    """The name, or the first of name.2, name.3 … that no cluster of this or the last run bears."""
    found, k = name, 1
    while found in taken:
        k += 1
        found = f"{name}.{k}"
    taken.add(found)
    return found


def _changes(
    both: pd.DataFrame,
    ids: "pd.Series[str]",
    members: Ints,
    before: "pd.Series[int]",
    open_ones: Ints,
    gone: "pd.Index[str]",
) -> pd.DataFrame:
    """What changed. `both`: clusters now and then that share records and are not the same; `open_ones`: clusters that
    are not one of then, whole; `gone`: names of those of whom nobody is left."""
    kept = {*ids.take(open_ones)}
    had = before.reindex(both["old"]).to_numpy()
    rows: list[tuple[str, str, str | None, int]] = [
        (str(ids[k]), "new", None, int(members[k])) for k in np.setdiff1d(open_ones, both["number"]).tolist()
    ]
    for number, old, shared, then in zip(both["number"], both["old"], both["shared"], had, strict=True):
        name, size = str(ids[number]), int(members[number])
        if name == old:
            how = _sizes(size, int(then), shared)
            if how:
                rows.append((name, how, old, size))
            continue
        rows.append((name, "split" if old in kept else "merged", old, int(shared)))
    rows += [(name, "gone", name, 0) for name in sorted(gone)]
    rows.sort(key=lambda row: (row[1], row[0], row[2] or ""))
    frame = pd.DataFrame(rows, columns=list(CHANGES))
    text = {c: "string[pyarrow]" for c in CHANGES if c != "records"}
    return frame.astype(text | {"records": "Int64"})


def _sizes(size: int, had: int, shared: int) -> str:
    """What became of a cluster that kept its name; "" where nothing."""
    if size == had == shared:
        return ""
    if shared == had:
        return "grown"
    return "shrunk" if shared == size else "changed"
