"""The same function over parts, on threads, processes or a Dask cluster; results come in the order of the parts."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

One = TypeVar("One")
Made = TypeVar("Made")


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
            yield from pool.map(work, parts)
