"""The same function over parts, on threads, processes or a Dask cluster; results come in the order of the parts.

What a part comes to does not depend on who works on it, so all of these give the same bytes.
"""

import multiprocessing
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from eligibility_audit.errors import UsageError

One = TypeVar("One")
Made = TypeVar("Made")
IN_FLIGHT = 8  # parts per worker that may wait for their turn
Columns = dict[str, npt.NDArray[Any]]


class Workers(Protocol):
    """What runs a function over many parts."""

    def map(self, work: Callable[[One], Made], parts: Iterable[One]) -> Iterator[Made]:
        """The results in the order of the parts."""


class Threads:
    """Threads of this process: numpy, Arrow and RapidFuzz work side by side."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or os.cpu_count() or 1

    def map(self, work: Callable[[One], Made], parts: Iterable[One]) -> Iterator[Made]:
        """See `Workers`."""
        if self.count == 1:
            yield from map(work, parts)
            return
        with ThreadPoolExecutor(self.count) as pool:
            yield from _in_order(lambda part: pool.submit(work, part), parts, self.count * IN_FLIGHT)


class Processes:
    """Processes of this machine, each with a copy of what the work holds."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or os.cpu_count() or 1

    def map(self, work: Callable[[One], Made], parts: Iterable[One]) -> Iterator[Made]:
        """See `Workers`."""
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may wait for ever
        with ProcessPoolExecutor(self.count, context, _take, (work,)) as pool:
            yield from _in_order(lambda part: pool.submit(_do, part), parts, self.count * IN_FLIGHT)


class Cluster:
    """A Dask cluster, by its `distributed.Client`."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def map(self, work: Callable[[One], Made], parts: Iterable[One]) -> Iterator[Made]:
        """See `Workers`."""
        held = self._client.scatter(work, broadcast=True, hash=False)
        width = max(sum(self._client.nthreads().values()), 1) * IN_FLIGHT
        yield from _in_order(lambda part: self._client.submit(_call, held, part, pure=False), parts, width)


def cluster(address: str) -> Cluster:
    """The Dask cluster whose scheduler has this address.

    Raises UsageError where the extra `scale` is not installed or nobody answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(
            "Chưa cài phần mở rộng scale (dask, distributed). / The extra `scale` (dask, distributed) is not installed."
        ) from error
    try:
        return Cluster(Client(address, timeout="10s"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"Không nối được với cụm Dask tại {address}. / No Dask scheduler answers at {address}."
        ) from error


def _in_order(submit: Callable[[One], Any], parts: Iterable[One], width: int) -> Iterator[Any]:
    """Results of what is submitted, in order, `width` parts at a time."""
    rest = iter(parts)
    waiting = [submit(part) for part in islice(rest, width)]
    waiting.reverse()
    while waiting:
        yield waiting.pop().result()
        if (part := next(rest, None)) is not None:
            waiting.insert(0, submit(part))


def _call(work: Callable[[One], Made], part: One) -> Made:
    return work(part)


_HELD: dict[str, Any] = {}


def _take(work: Any) -> None:
    _HELD["work"] = work


def _do(part: Any) -> Any:
    return _HELD["work"](part)


@dataclass(frozen=True)
class Means:
    """What a run may use: workers, and memory for what parts come to (bytes), beyond which it is written into files of
    a folder of its own below `spill`."""

    workers: Workers = field(default_factory=Threads)
    memory: int = 1 << 30
    spill: Path | None = None

    @property
    def local(self) -> Threads:
        """Threads for what is not worth sending to others."""
        return self.workers if isinstance(self.workers, Threads) else Threads()


def means(workers: int | None, memory: str | None, spill: Path | None, scheduler: str | None) -> Means:
    """Means from what a person may say: threads, bytes ("500M", "4G"), a folder, the address of a Dask scheduler.

    Raises UsageError for what is no number of bytes, for memory that is bounded without a folder, and as `cluster`.
    """
    if memory is not None and spill is None:
        raise UsageError(
            "Giới hạn bộ nhớ (--memory) cần thư mục tạm (--spill). / --memory needs a folder for files (--spill)."
        )
    who: Workers = Threads(workers) if scheduler is None else cluster(scheduler)
    return Means(who, Means.memory if memory is None else _bytes(memory), spill)


def _bytes(text: str) -> int:
    told = re.fullmatch(r"(\d+)([KMG]?)B?", text.strip().upper())
    if told is None or int(told[1]) == 0:
        raise UsageError(
            f"Không hiểu lượng bộ nhớ {text}; hãy viết như 500M hoặc 4G."
            f" / {text} is no amount of memory: write 500M or 4G."
        )
    return int(told[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[told[2]]


class Kept:
    """Columns that parts came to, in the order in which they came; past the allowed memory in files that go with it."""

    def __init__(self, memory: int, spill: Path | None) -> None:
        self._memory, self._spill = memory, spill
        self._here: list[Columns] = []
        self._size = 0
        self._files: list[Path] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> "Kept":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything, files too."""
        self._here, self._size, self._files = [], 0, []
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def add(self, columns: Columns) -> None:
        """Keep what a part came to."""
        self._here.append(columns)
        self._size += sum(column.nbytes for column in columns.values())
        if self._spill is not None and self._size > self._memory:
            self._write()

    def _write(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._folder is None and self._spill is not None:
            self._spill.mkdir(parents=True, exist_ok=True)
            self._folder = tempfile.TemporaryDirectory(prefix="linkage-", dir=self._spill)
        path = Path(self._folder.name if self._folder else "") / f"{len(self._files):06d}.parquet"
        joined = {name: np.concatenate([each[name] for each in self._here]) for name in self._here[0]}
        pq.write_table(pa.table([*map(pa.array, joined.values())], names=[*joined]), path, compression="zstd")
        self._files.append(path)
        self._here, self._size = [], 0

    def __iter__(self) -> Iterator[Columns]:
        import pyarrow.parquet as pq

        for path in self._files:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(1 << 20):
                    yield {name: batch.column(name).to_numpy() for name in batch.schema.names}
        yield from self._here
