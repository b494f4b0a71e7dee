"""Hashes of the ledger: one chain a case, and a root over the heads of all chains (design.md, 9).

An entry holds no personal data: who (an account), when, which act, before and after, and a keyed hash of the content.
The key is the case's own: once it is deleted the content can no longer be tied to the entry, and the chain still holds.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

START: Final = "0" * 64  # what the first entry of a chain, and the first root, follow


@dataclass(frozen=True)
class Entry:
    """One act in the ledger. `chain`: the case's id, or `accounts`, `rules` …; `n`: its place in the chain, from 1."""

    chain: str
    n: int
    at: str  # ISO, UTC, to the second
    actor_id: str
    act: str
    before: str
    after: str
    content_hash: str
    prev_hash: str
    hash: str

    def own_hash(self) -> str:
        """The hash that the fields give."""
        told = (self.actor_id, self.act, self.before, self.after, self.content_hash, self.prev_hash)
        return entry_hash(self.chain, self.n, self.at, *told)


def content_hash(content: Mapping[str, object], key: bytes) -> str:
    """Keyed hash of what was done, in a form that does not depend on the order of keys."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def entry_hash(chain: str, n: int, at: str, *fields: str) -> str:
    """Hash of an entry's fields; a unit separator keeps `ab`+`c` from being `a`+`bc`."""
    return hashlib.sha256("\x1f".join([chain, str(n), at, *fields]).encode()).hexdigest()


def root_hash(heads: Iterable[tuple[str, int, str]], prev_root: str) -> str:
    """Merkle root over the heads (chain, n, hash) of all chains in order of the chain, after the root before it."""
    level = [hashlib.sha256(f"{c}\x1f{n}\x1f{h}".encode()).digest() for c, n, h in sorted(heads)]
    level = level or [b""]
    while len(level) > 1:
        level = [hashlib.sha256(b"".join(level[k : k + 2])).digest() for k in range(0, len(level), 2)]
    return hashlib.sha256(bytes.fromhex(prev_root) + level[0]).hexdigest()


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written. `what`: changed, missing, reordered, cut_off, rebuilt."""

    what: str
    chain: str
    n: int
    vi: str
    en: str


def chain_faults(chain: str, entries: Sequence[Entry]) -> list[Fault]:
    """What is wrong within one chain (entries in order of n)."""
    found: list[Fault] = []
    before, expected = START, 1
    for entry in entries:
        if entry.n > expected:
            found.append(_fault("missing", chain, expected, "thiếu mục", "an entry is missing"))
        if entry.own_hash() != entry.hash:
            found.append(_fault("changed", chain, entry.n, "nội dung mục đã bị sửa", "the entry was changed"))
        elif entry.prev_hash != before and entry.n == expected:
            said = ("mục không nối tiếp mục trước", "it does not follow the one before")
            found.append(_fault("reordered", chain, entry.n, *said))
        before, expected = entry.hash, entry.n + 1
    return found


def head_faults(recorded: Mapping[str, tuple[int, str]], chains: Mapping[str, Sequence[Entry]]) -> list[Fault]:
    """What the heads recorded with a root say: a chain that was cut off, or rebuilt from an entry on."""
    found: list[Fault] = []
    for chain, (n, head) in sorted(recorded.items()):
        entry = next((e for e in chains.get(chain, ()) if e.n == n), None)
        if entry is None:
            last = max((e.n for e in chains.get(chain, ())), default=0)
            found.append(_fault("cut_off", chain, last + 1, f"mất các mục đến mục {n}", f"entries up to {n} are gone"))
        elif entry.hash != head:
            found.append(_fault("rebuilt", chain, n, "chuỗi đã bị lập lại sau khi chốt", "rebuilt after it was sealed"))
    return found


def _fault(what: str, chain: str, n: int, vi: str, en: str) -> Fault:
    return Fault(what, chain, n, f"Sổ {chain}, mục {n}: {vi}.", f"Chain {chain}, entry {n}: {en}.")
