"""`verify --ledger` on the command line: whole, or which entry is changed, missing, reordered, cut off, rebuilt."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text, update
from typer.testing import CliRunner

from eligibility_audit.cli.application import app
from eligibility_audit.domain.review.ledger import Entry
from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.store import ledger
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.tables import LedgerRow
from tests.store.invented import NOW

CLI = CliRunner()
FIELDS = ("actor_id", "act", "at", "before", "after", "content_hash", "prev_hash", "hash")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """c-1 and c-2, three acts each, sealed; the triggers are gone, as for whoever has the file itself."""
    store = tmp_path_factory.mktemp("made") / "store.sqlite"
    engine = open_engine(f"sqlite:///{store}")
    with engine.begin() as connection:
        ledger.open_chains(connection, {"c-1": {"x": 1}, "c-2": {"x": 2}}, now=NOW, act="open", after="recommended")
        for act in ("look_up", "clear"):
            for chain in ("c-1", "c-2"):
                ledger.append(connection, chain, now=NOW, actor_id="u-1", act=act, content={"reason": "vì sao"})
        ledger.seal(connection, NOW)
        for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {row.name}"))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return store


@pytest.fixture
def engine(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    shutil.copy(made, tmp_path / "store.sqlite")
    monkeypatch.setenv("EA_HOME", str(tmp_path))
    monkeypatch.delenv("EA_STORE_URL", raising=False)
    opened = open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield opened
    opened.dispose()


def root(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(text("SELECT root FROM roots ORDER BY root_no DESC LIMIT 1")))


def write(engine: Engine, entry: Entry) -> None:
    """An entry as somebody would write it who makes its hash fit."""
    fits = replace(entry, hash=entry.own_hash())
    values = {name: getattr(fits, name) for name in FIELDS}
    with engine.begin() as connection:
        of_entry = (LedgerRow.chain == fits.chain, LedgerRow.n == fits.n)
        connection.execute(update(LedgerRow).where(*of_entry).values(values))


def chain(engine: Engine) -> list[Entry]:
    with engine.connect() as connection:
        return ledger.chains_of(connection, ["c-1"])


def change(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE ledger SET actor_id = 'u-9' WHERE chain = 'c-1' AND n = 2"))


def take_away(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM ledger WHERE chain = 'c-1' AND n = 2"))


def exchange(engine: Engine) -> None:
    _, two, three = chain(engine)
    write(engine, replace(two, act=three.act, before=three.before, after=three.after, prev_hash=three.prev_hash))
    write(engine, replace(three, act=two.act, before=two.before, after=two.after, prev_hash=two.prev_hash))


def cut_off(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM ledger WHERE chain = 'c-1' AND n = 3"))


def rebuild(engine: Engine) -> None:
    """From the second entry on, with every hash made anew: by itself the chain looks whole."""
    one, two, three = chain(engine)
    two = replace(two, actor_id="u-9", prev_hash=one.hash)
    write(engine, two)
    write(engine, replace(three, prev_hash=two.own_hash()))


@pytest.mark.parametrize(
    ("meddle", "named"),
    [
        pytest.param(change, "changed: Sổ c-1, mục 2", id="changed"),
        pytest.param(take_away, "missing: Sổ c-1, mục 2", id="missing"),
        pytest.param(exchange, "reordered: Sổ c-1, mục 2", id="reordered"),
        pytest.param(cut_off, "cut_off: Sổ c-1, mục 3", id="cut off"),
        pytest.param(rebuild, "rebuilt: Sổ c-1, mục 3", id="rebuilt"),
    ],
)
def test_each_fault_is_named_and_ends_with_four(engine: Engine, meddle: object, named: str) -> None:
    meddle(engine)  # type: ignore[operator]
    error = CLI.invoke(app, ["verify", "--ledger"]).exception
    assert isinstance(error, IntegrityError)
    assert error.exit_code == 4
    assert named in str(error)


def test_a_whole_ledger_is_said_to_be_whole_and_holds_the_root_kept_outside(engine: Engine) -> None:
    done = CLI.invoke(app, ["verify", "--ledger", "--root", root(engine).upper()])
    assert done.exit_code == 0, done.output
    assert "nguyên vẹn: 6 mục; mốc chốt số 1" in done.output
    other = CLI.invoke(app, ["verify", "--ledger", "--root", "0" * 64]).exception
    assert isinstance(other, IntegrityError)
    assert "rebuilt" in str(other), "all of it, roots too, was made anew"


@pytest.mark.parametrize(
    "given",
    [["verify"], ["verify", ".", "--ledger"], ["verify", ".", "--root", "0"], ["verify", "--ledger", "--root", "xyz"]],
    ids=["nothing", "both", "a root without the ledger", "no root"],
)
def test_what_is_asked_has_to_be_clear(engine: Engine, given: list[str]) -> None:
    assert isinstance(CLI.invoke(app, given).exception, UsageError)


def test_sealing_on_the_command_line_goes_on_from_the_root_before(engine: Engine) -> None:
    before = root(engine)
    done = CLI.invoke(app, ["ledger", "seal"])
    assert done.output.strip() == root(engine) != before
    assert CLI.invoke(app, ["verify", "--ledger", "--root", before]).exit_code == 0
