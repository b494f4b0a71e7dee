"""Identifiers: keyed hashes, so that no id can be reversed to a name or a national id (design.md, 5)."""

import hashlib
from collections.abc import Iterable

LENGTH = 10  # bytes: 20 hexadecimal digits; among 10 million ids a collision has a chance of 4e-11


def keyed_ids(prefix: str, parts: Iterable[str], key: bytes) -> list[str]:
    """One id for each text: the prefix, a hyphen and 20 hexadecimal digits. Parts of a text are joined by `\\x1f`."""
    return [prefix + "-" + hashlib.blake2b(p.encode(), key=key, digest_size=LENGTH).hexdigest() for p in parts]
