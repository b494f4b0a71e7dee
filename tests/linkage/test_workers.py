"""Who does the work and in what parts does not change a byte of the result."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from eligibility_audit.errors import UsageError
from eligibility_audit.linkage import Links, blocking, link_people
from eligibility_audit.linkage.workers import Cluster, Columns, Kept, Means, Processes, Threads, Workers, means

Crowd = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def people(crowd: Crowd) -> pd.DataFrame:
    alias = {"name": "Trần Văn Tèo", "alias": "Hùng", "date_of_birth": "1950-02-03", "district": "Huyện 1"}
    same = {"name": "Trần Văn Hùng", "date_of_birth": "1950-02-03", "district": "Huyện 1"}
    return crowd([alias | {"kind": "agent_orange"}, same | {"kind": "covid_relief"}], persons=700)


@pytest.fixture(scope="module")
def alone(people: pd.DataFrame) -> Links:
    return link_people(people, means=Means(Threads(1)))


def same_bytes(one: Links, two: Links) -> None:
    assert one.model.to_text() == two.model.to_text()
    assert one.report == two.report
    for a, b in ((one.pairs, two.pairs), (one.candidates, two.candidates)):
        pd.testing.assert_frame_equal(a, b, check_exact=True)


@pytest.mark.parametrize("part", [pytest.param(50, id="many parts"), pytest.param(10**9, id="one part a rule")])
@pytest.mark.parametrize("count", [1, 3])
def test_threads_and_parts(
    people: pd.DataFrame, alone: Links, count: int, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocking.Candidates.__init__, "__defaults__", (None, part))
    same_bytes(link_people(people, means=Means(Threads(count))), alone)


def test_what_does_not_fit_into_memory_is_written_and_goes_afterwards(
    people: pd.DataFrame, alone: Links, tmp_path: Path
) -> None:
    same_bytes(link_people(people, means=Means(Threads(2), memory=1, spill=tmp_path / "spill")), alone)
    assert list((tmp_path / "spill").iterdir()) == []


def test_kept_columns_come_back_in_order_from_files_and_memory(tmp_path: Path) -> None:
    columns: list[Columns] = [{"a": np.arange(k, k + 3), "b": np.array([k, k, k], dtype=np.int32)} for k in range(5)]
    with Kept(50, tmp_path) as kept:
        for each in columns:
            kept.add(each)
        assert len(list(tmp_path.rglob("*.parquet"))) == 2
        read = list(kept)
    assert np.concatenate([each["a"] for each in read]).tolist() == np.concatenate([c["a"] for c in columns]).tolist()
    assert list(tmp_path.rglob("*.parquet")) == []


@pytest.mark.slow
def test_two_processes(people: pd.DataFrame, alone: Links) -> None:
    same_bytes(link_people(people, means=Means(Processes(2))), alone)


@pytest.fixture
def two_workers() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of tornado and of large graphs
def test_a_dask_cluster_of_two_workers(people: pd.DataFrame, alone: Links, two_workers: Any) -> None:
    workers: Workers = Cluster(two_workers)
    same_bytes(link_people(people, means=Means(workers)), alone)


def test_memory_as_people_write_it(tmp_path: Path) -> None:
    assert means(None, "4G", tmp_path, None).memory == 4 << 30
    assert means(3, None, None, None).local.count == 3


@pytest.mark.parametrize(
    ("memory", "spill"),
    [
        pytest.param("4G", None, id="a bound without a folder"),
        pytest.param("a lot", Path("x"), id="no number"),
        pytest.param("0", Path("x"), id="nothing"),
    ],
)
def test_means_that_cannot_be(memory: str, spill: Path | None) -> None:
    with pytest.raises(UsageError):
        means(None, memory, spill, None)
