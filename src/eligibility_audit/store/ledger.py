"""The ledger in the store: appending, sealing with a root, walking it (domain/review/ledger.py has the hashes)."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby

from sqlalchemy import Connection, RowMapping, func, insert, select

from eligibility_audit.domain.review import ledger as pure
from eligibility_audit.domain.review.ledger import START, Entry, Fault
from eligibility_audit.store.tables import CaseKeyRow, LedgerRow, RootHeadRow, RootRow

KEY_BYTES = 32


def stamp(now: datetime) -> str:
    """A moment as the ledger writes it: ISO, UTC, to the second."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def append(
    connection: Connection,
    chain: str,
    *,
    now: datetime,
    actor_id: str,
    act: str,
    before: str = "",
    after: str = "",
    content: Mapping[str, object],
) -> Entry:
    """Write the next entry of a chain; within the transaction of the act itself."""
    last = connection.execute(
        select(LedgerRow.n, LedgerRow.hash).where(LedgerRow.chain == chain).order_by(LedgerRow.n.desc()).limit(1)
    ).first()
    n, prev_hash = (last.n + 1, last.hash) if last else (1, START)
    hashed = pure.content_hash(content, _key(connection, chain))
    entry = _entry(chain, n, now, actor_id, act, before, after, hashed, prev_hash)
    connection.execute(insert(LedgerRow), [_row(entry)])
    return entry


def open_chains(
    connection: Connection, contents: Mapping[str, Mapping[str, object]], *, now: datetime, act: str, after: str
) -> None:
    """The first entry of many new chains at once, by the system."""
    keys = {chain: secrets.token_bytes(KEY_BYTES) for chain in contents}
    if not keys:
        return
    connection.execute(insert(CaseKeyRow), [{"chain": chain, "key": key.hex()} for chain, key in keys.items()])
    entries = [
        _entry(chain, 1, now, "system", act, "", after, pure.content_hash(content, keys[chain]), START)
        for chain, content in contents.items()
    ]
    connection.execute(insert(LedgerRow), [_row(entry) for entry in entries])


def seal(connection: Connection, now: datetime) -> str:
    """Close the day: a root over the heads of all chains, which is printed and deposited outside. Returns the root."""
    heads = _heads(connection)
    last = connection.execute(select(RootRow).order_by(RootRow.root_no.desc()).limit(1)).mappings().first()
    number, prev_root = (int(last["root_no"]) + 1, str(last["root"])) if last else (1, START)
    known = _recorded(connection)
    root = pure.root_hash(((chain, n, head) for chain, (n, head) in heads.items()), prev_root)
    row = {"root_no": number, "made_at": stamp(now), "chains": len(heads), "prev_root": prev_root, "root": root}
    entries = connection.scalar(select(func.count()).select_from(LedgerRow)) or 0
    connection.execute(insert(RootRow), [row | {"entries": entries}])
    grown = [
        {"root_no": number, "chain": chain, "n": n, "hash": head}
        for chain, (n, head) in heads.items()
        if known.get(chain) != (n, head)
    ]
    if grown:
        connection.execute(insert(RootHeadRow), grown)
    return root


def seal_grown(connection: Connection, now: datetime) -> str:
    """Close the day where anything was entered since the last root; returns the last root, empty where there is none.

    An unchanged ledger keeps its root: lists of one run made twice print the same.
    """
    last = connection.execute(select(RootRow).order_by(RootRow.root_no.desc()).limit(1)).mappings().first()
    entries = connection.scalar(select(func.count()).select_from(LedgerRow)) or 0
    if entries == (int(last["entries"]) if last else 0):
        return str(last["root"]) if last else ""
    return seal(connection, now)


def entries(connection: Connection) -> int:
    """How many entries the ledger has."""
    return connection.scalar(select(func.count()).select_from(LedgerRow)) or 0


def last_seal(connection: Connection) -> tuple[int, str] | None:
    """Number and root of the last seal; None where the ledger was never sealed."""
    row = connection.execute(select(RootRow.root_no, RootRow.root).order_by(RootRow.root_no.desc()).limit(1)).first()
    return (row.root_no, row.root) if row else None


def has_root(connection: Connection, root: str) -> bool:
    """Whether the ledger was ever sealed with this root."""
    return connection.scalar(select(RootRow.root_no).where(RootRow.root == root)) is not None


def faults(connection: Connection, deposited: str | None = None) -> list[Fault]:
    """What is not as it was written: every chain walked, every root computed again.

    `deposited`: a root that was printed or kept outside; a ledger rebuilt with all its roots does not hold it.
    """
    rows = connection.execute(select(LedgerRow).order_by(LedgerRow.chain, LedgerRow.n)).mappings()
    chains = {chain: [_read(row) for row in found] for chain, found in groupby(rows, key=lambda row: str(row["chain"]))}
    found = [fault for chain, entries in chains.items() for fault in pure.chain_faults(chain, entries)]
    found += pure.head_faults(_recorded(connection), chains)
    return found + _root_faults(connection, deposited)


def _root_faults(connection: Connection, deposited: str | None) -> list[Fault]:
    heads: dict[str, tuple[int, str]] = {}
    prev, found, seen = START, [], set()
    by_root = {
        number: list(rows)
        for number, rows in groupby(
            connection.execute(select(RootHeadRow).order_by(RootHeadRow.root_no)).mappings(),
            key=lambda r: int(r["root_no"]),
        )
    }
    for root in connection.execute(select(RootRow).order_by(RootRow.root_no)).mappings():
        number = int(root["root_no"])
        heads |= {str(r["chain"]): (int(r["n"]), str(r["hash"])) for r in by_root.get(number, ())}
        own = pure.root_hash(((chain, n, head) for chain, (n, head) in heads.items()), prev)
        if own != root["root"] or prev != root["prev_root"]:
            vi, en = f"Mốc chốt số {number} không khớp.", f"Root {number} does not hold."
            found.append(Fault("changed", "roots", number, vi, en))
        prev = str(root["root"])
        seen.add(prev)
    if deposited is not None and deposited not in seen:
        vi = "Mốc chốt lưu bên ngoài không có trong sổ: sổ đã bị lập lại hoặc cắt bớt."
        found.append(
            Fault("rebuilt", "roots", 0, vi, "The root kept outside is not in the ledger: it was rebuilt or cut off.")
        )
    return found


def _heads(connection: Connection) -> dict[str, tuple[int, str]]:
    last = select(LedgerRow.chain, func.max(LedgerRow.n).label("n")).group_by(LedgerRow.chain).subquery()
    rows = connection.execute(
        select(LedgerRow.chain, LedgerRow.n, LedgerRow.hash).join(
            last, (LedgerRow.chain == last.c.chain) & (LedgerRow.n == last.c.n)
        )
    )
    return {chain: (n, head) for chain, n, head in rows}


def _recorded(connection: Connection) -> dict[str, tuple[int, str]]:
    """The newest head recorded for each chain."""
    rows = connection.execute(select(RootHeadRow.chain, RootHeadRow.n, RootHeadRow.hash).order_by(RootHeadRow.root_no))
    return {chain: (n, head) for chain, n, head in rows}


def _key(connection: Connection, chain: str) -> bytes:
    found = connection.scalar(select(CaseKeyRow.key).where(CaseKeyRow.chain == chain))
    if found is None:
        found = secrets.token_hex(KEY_BYTES)
        connection.execute(insert(CaseKeyRow), [{"chain": chain, "key": found}])
    return bytes.fromhex(found)


def _entry(
    chain: str, n: int, now: datetime, actor_id: str, act: str, before: str, after: str, hashed: str, prev_hash: str
) -> Entry:
    at = stamp(now)
    own = pure.entry_hash(chain, n, at, actor_id, act, before, after, hashed, prev_hash)
    return Entry(chain, n, at, actor_id, act, before, after, hashed, prev_hash, own)


_FIELDS: Sequence[str] = ("chain", "n", "at", "actor_id", "act", "before", "after", "content_hash", "prev_hash", "hash")


def _row(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in _FIELDS}


def _read(row: RowMapping) -> Entry:
    return Entry(**{name: row[name] for name in _FIELDS})


def chains_of(connection: Connection, chains: Iterable[str]) -> list[Entry]:
    """The entries of some chains, in order."""
    rows = connection.execute(
        select(LedgerRow).where(LedgerRow.chain.in_(list(chains))).order_by(LedgerRow.chain, LedgerRow.n)
    ).mappings()
    return [_read(row) for row in rows]
