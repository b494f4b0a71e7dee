"""Who hears how far a run is. Silent unless somebody listens; what is told holds no personal data."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, int, int], None]  # step, done, of how many

_listeners: list[Listener] = []


def tell(step: str, done: int, total: int) -> None:
    """Say how far a step is."""
    for listener in _listeners:
        listener(step, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Hear everything told inside the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
