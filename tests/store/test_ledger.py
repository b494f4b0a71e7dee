"""The ledger names what was done to it: changed, missing, reordered, cut off, rebuilt (procedure.md, 8)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, text

from eligibility_audit.domain.review.ledger import Entry, chain_faults, entry_hash, root_hash
from eligibility_audit.store import ledger
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.tables import CaseKeyRow
from tests.store.invented import NOW

HEADS = [("c-1", 2, "a" * 64), ("c-2", 1, "b" * 64), ("c-3", 7, "c" * 64)]


@pytest.fixture
def engine(tmp_path: Path, migrated_store: Path) -> Iterator[Engine]:
    """Two cases with three acts each, sealed after the second; somebody with the rights of the owner."""
    shutil.copy(migrated_store, tmp_path / "store.sqlite")
    opened = open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with opened.begin() as connection:
        ledger.open_chains(connection, {"c-1": {"x": 1}, "c-2": {"x": 2}}, now=NOW, act="open", after="recommended")
        for act in ("look_up", "clear"):
            for chain in ("c-1", "c-2"):
                if act == "clear" and chain == "c-1":
                    ledger.seal(connection, NOW)
                ledger.append(connection, chain, now=NOW, actor_id="u-1", act=act, content={"reason": "vì sao"})
        for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {row.name}"))
    yield opened
    opened.dispose()


def found(engine: Engine, deposited: str | None = None) -> list[tuple[str, str, int]]:
    with engine.connect() as connection:
        return [(fault.what, fault.chain, fault.n) for fault in ledger.faults(connection, deposited)]


def meddle(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_an_untouched_ledger_has_no_fault(engine: Engine) -> None:
    assert found(engine) == []


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        pytest.param(
            ["UPDATE ledger SET actor_id = 'u-9' WHERE chain = 'c-1' AND n = 2"], ("changed", "c-1", 2), id="who"
        ),
        pytest.param(["UPDATE ledger SET at = '2020' WHERE chain = 'c-2' AND n = 3"], ("changed", "c-2", 3), id="when"),
        pytest.param(["DELETE FROM ledger WHERE chain = 'c-1' AND n = 2"], ("missing", "c-1", 2), id="missing"),
        pytest.param(
            ["DELETE FROM ledger WHERE chain = 'c-2' AND n >= 2"], ("cut_off", "c-2", 2), id="the end cut off"
        ),
        pytest.param(["DELETE FROM ledger WHERE chain = 'c-2'"], ("cut_off", "c-2", 1), id="a whole chain"),
        pytest.param(["UPDATE roots SET root = 'f'"], ("changed", "roots", 1), id="the root"),
        pytest.param(["DELETE FROM root_heads WHERE chain = 'c-1'"], ("changed", "roots", 1), id="what was sealed"),
    ],
)
def test_what_was_done_is_named(engine: Engine, statements: list[str], fault: tuple[str, str, int]) -> None:
    meddle(engine, *statements)
    assert fault in found(engine)


def test_two_entries_exchanged_with_their_hashes_made_anew(engine: Engine) -> None:
    with engine.connect() as connection:
        one, two, three = ledger.chains_of(connection, ["c-1"])

    def moved(entry: Entry, n: int) -> Entry:
        told = (entry.actor_id, entry.act, entry.before, entry.after, entry.content_hash, entry.prev_hash)
        return Entry(entry.chain, n, entry.at, *told, entry_hash(entry.chain, n, entry.at, *told))

    faults = chain_faults("c-1", [one, moved(three, 2), moved(two, 3)])
    assert ("reordered", 2) in [(fault.what, fault.n) for fault in faults]


def test_a_ledger_rebuilt_with_all_its_roots_does_not_hold_the_root_kept_outside(engine: Engine) -> None:
    with engine.begin() as connection:
        kept = ledger.seal(connection, NOW)
    meddle(engine, "DELETE FROM ledger", "DELETE FROM root_heads", "DELETE FROM roots", "DELETE FROM case_keys")
    with engine.begin() as connection:
        ledger.open_chains(connection, {"c-1": {"x": 9}}, now=NOW, act="open", after="recommended")
        ledger.seal(connection, NOW)
    assert found(engine) == [], "by itself it looks whole"
    assert ("rebuilt", "roots", 0) in found(engine, kept)


def test_a_person_is_forgotten_by_the_key_and_the_ledger_still_holds(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(delete(CaseKeyRow).where(CaseKeyRow.chain == "c-1"))
    assert found(engine) == []


@pytest.mark.parametrize("at", range(3))
def test_one_flipped_letter_changes_the_root(at: int) -> None:
    flipped = [(c, n, h if k != at else "d" + h[1:]) for k, (c, n, h) in enumerate(HEADS)]
    start = "0" * 64
    assert root_hash(HEADS, start) == root_hash(HEADS[::-1], start), "the order of asking does not matter"
    assert root_hash(flipped, start) != root_hash(HEADS, start)
    assert root_hash(HEADS, "1" * 64) != root_hash(HEADS, start)
