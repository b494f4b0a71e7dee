"""Backup of the store in one file, and restoring it into an empty one.

SQLite by its own backup, PostgreSQL table by table with COPY in one transaction: both are one moment of the store,
taken while people work. Attachments and capsules go along; the key of all ids does not (it is kept apart). The file is
a zip; `backup.json` in it holds the SHA-256 of each part, and the form of the store.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, MetaData, Table, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.store.base import current, head, migrate, open_engine, unmigrated_engine
from eligibility_audit.store.office import Office

ABOUT: Final = "backup.json"
FORMAT: Final = 1
SQLITE: Final = "store.sqlite"
FILES: Final = ("attachments", "capsules")
WRITTEN_BY_CODE: Final = frozenset({"alembic_version", "allowed_steps", "allowed_complaint_steps"})
_BLOCK: Final = 2**20


def back_up(office: Office, out: Path) -> Mapping[str, int]:
    """Write the backup, readable by its owner alone; rows by table. Raises UsageError where the file is there."""
    if out.exists():
        raise UsageError(f"{out}: tệp đã có; hãy đặt tên khác / the file is there already; name another")
    half = out.with_name(f".{out.name}.half")
    try:
        half.unlink(missing_ok=True)
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise UsageError(f"{out.parent}: không ghi được ({error.strerror}) / cannot be written") from None
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".backup-") as aside, os.fdopen(handle, "wb") as file:
        folder = Path(aside)
        about = _taken(office.engine, folder)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            for name, path in [*_of(folder), *_files(office)]:
                packed.write(path, name)
                about["parts"][name] = _sha256(path)
            packed.writestr(ABOUT, json.dumps(about, indent=1, sort_keys=True))
        file.flush()
        os.fsync(file.fileno())
    half.replace(out)
    return dict(about["rows"])


def restore(file: Path, url: str, folder: Path) -> Mapping[str, int]:
    """Bring a backup into an empty store at a URL, its files into `folder`; rows by table.

    A backup of an earlier form is brought up to date. Raises UsageError for a store that holds anything or is of
    another database, IntegrityError where a part is not as it was written: nothing is written then.
    """
    with _opened(file) as packed:
        about = _checked(packed, file)
        if (about["database"] == "sqlite") != url.startswith("sqlite"):
            raise UsageError(
                f"Bản sao lưu là của {about['database']}; hãy khôi phục vào cùng loại kho (EA_STORE_URL) / "
                f"the backup is of {about['database']}; restore it into a store of that kind"
            )
        _refuse_full(url, folder)
        with tempfile.TemporaryDirectory(prefix="eligibility-audit-restore-") as aside:
            packed.extractall(aside)
            place = Path(aside)
            (_restore_sqlite if about["database"] == "sqlite" else _restore_postgresql)(place, url, about)
            for name in FILES:
                if (place / name).is_dir():
                    shutil.copytree(place / name, folder / name, dirs_exist_ok=True)
    for path in (each for name in FILES for each in (folder / name).rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    engine = open_engine(url)
    try:
        return _counted(engine, about)
    finally:
        engine.dispose()


def _taken(engine: Engine, folder: Path) -> dict[str, Any]:
    """The store written into a folder; what the backup says of itself."""
    with engine.connect() as connection:
        form = current(connection)
    about: dict[str, Any] = {"format": FORMAT, "database": engine.dialect.name, "form": form, "parts": {}, "rows": {}}
    if engine.dialect.name == "sqlite":
        about["rows"] = _take_sqlite(engine, folder / SQLITE)
    else:
        about["rows"] = _take_postgresql(engine, folder / "tables")
    return about


def _take_sqlite(engine: Engine, out: Path) -> dict[str, int]:
    with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(out)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        names = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {
            name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names of its own tables
            for name in names
            if not name.startswith("sqlite_")
        }


def _take_postgresql(engine: Engine, out: Path) -> dict[str, int]:
    out.mkdir()
    rows = {}
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        driver: Any = connection.connection.driver_connection
        for table in _tables(connection):
            rows[table.name] = int(connection.scalar(select(func.count()).select_from(table)) or 0)
            with driver.cursor() as cursor, (out / f"{table.name}.copy").open("wb") as file:
                columns = ", ".join(f'"{column.name}"' for column in table.columns if column.computed is None)
                with cursor.copy(f'COPY "{table.name}" ({columns}) TO STDOUT') as copy:
                    for block in copy:
                        file.write(block)
            named = json.dumps([column.name for column in table.columns if column.computed is None])
            (out / f"{table.name}.json").write_text(named, encoding="utf-8")
    return rows


def _restore_sqlite(place: Path, url: str, _about: Mapping[str, Any]) -> None:
    target = Path(url.removeprefix("sqlite:///"))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = target.with_name(f".{target.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    with closing(sqlite3.connect(place / SQLITE)) as source, closing(sqlite3.connect(half)) as copy:
        source.backup(copy)
    for left in ("-wal", "-shm"):
        target.with_name(target.name + left).unlink(missing_ok=True)
    half.replace(target)


def _restore_postgresql(place: Path, url: str, about: Mapping[str, Any]) -> None:
    """The store in the form of the backup, its rows without the checks that each was held by when it was written."""
    engine = unmigrated_engine(url)
    try:
        with engine.connect() as connection:
            migrate(connection, str(about["form"]))
        with engine.begin() as connection:
            _fill(connection, place / "tables")
        with engine.connect() as connection:
            migrate(connection, "head")
    except SQLAlchemyError as error:
        raise UsageError(
            f"Không khôi phục được ({type(error).__name__}); hãy dùng tài khoản chủ của kho trống / "
            "cannot be restored; use the account that owns the empty store"
        ) from None
    finally:
        engine.dispose()


def _fill(connection: Connection, place: Path) -> None:
    tables = _tables(connection)
    names = [table.name for table in tables]
    for name in names:
        connection.execute(text(f'ALTER TABLE "{name}" DISABLE TRIGGER USER'))
    for name in reversed(names):
        connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608 - what the form itself brought
    driver: Any = connection.connection.driver_connection
    for table in tables:
        columns = json.loads((place / f"{table.name}.json").read_text(encoding="utf-8"))
        listed = ", ".join(f'"{column}"' for column in columns)
        into = f'COPY "{table.name}" ({listed}) FROM STDIN'
        path = place / f"{table.name}.copy"
        with driver.cursor() as cursor, path.open("rb") as file, cursor.copy(into) as copy:
            while block := file.read(_BLOCK):
                copy.write(block)
        _count_on(connection, table)
    for name in names:
        connection.execute(text(f'ALTER TABLE "{name}" ENABLE TRIGGER USER'))


def _count_on(connection: Connection, table: Table) -> None:
    """A table that numbers its rows goes on after the last."""
    for column in table.primary_key.columns:
        named = {"table": f'"{table.name}"', "column": column.name}
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), named)
        if sequence:
            last = connection.scalar(select(func.max(column)))
            connection.execute(
                text("SELECT setval(:sequence, :last, :used)"),
                {"sequence": sequence, "last": last or 1, "used": last is not None},
            )


def _tables(connection: Connection) -> list[Table]:
    """The tables that hold rows, each after those that it refers to."""
    known = MetaData()
    known.reflect(connection)
    return [table for table in known.sorted_tables if table.name not in WRITTEN_BY_CODE]


def _refuse_full(url: str, folder: Path) -> None:
    full = UsageError(
        "Kho đích không trống; chỉ khôi phục vào kho mới (EA_STORE_URL, EA_HOME) / "
        "the store is not empty; restore into a new one"
    )
    if any(any((folder / name).iterdir()) for name in FILES if (folder / name).is_dir()):
        raise full
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).exists():
        return
    engine = unmigrated_engine(url)
    try:
        with engine.connect() as connection:
            there = set(inspect(connection).get_table_names())
            if any(_has_rows(connection, table) for table in _tables(connection) if table.name in there):
                raise full
    except SQLAlchemyError as error:
        raise UsageError(
            f"Không mở được kho đích ({type(error).__name__}); xem lại EA_STORE_URL / the store cannot be opened"
        ) from None
    finally:
        engine.dispose()


def _has_rows(connection: Connection, table: Table) -> bool:
    return connection.execute(select(text("1")).select_from(table).limit(1)).first() is not None


def _counted(engine: Engine, about: Mapping[str, Any]) -> dict[str, int]:
    """The rows that are there now. Raises IntegrityError where a table lacks some."""
    with engine.connect() as connection:
        found = {
            table.name: int(connection.scalar(select(func.count()).select_from(table)) or 0)
            for table in _tables(connection)
        }
    short = [name for name, rows in about["rows"].items() if name in found and found[name] != rows]
    if short:
        raise IntegrityError(f"Khôi phục thiếu dòng ở / rows are missing in: {', '.join(short)}")
    return found


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile):
        raise UsageError(f"{file}: không phải bản sao lưu / is not a backup") from None


def _checked(packed: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    """What the backup says of itself, each of its parts held against its hash."""
    try:
        about: dict[str, Any] = json.loads(packed.read(ABOUT))
        wrong = [name for name, digest in about["parts"].items() if _sha256_in(packed, name) != digest]
        wrong += sorted(set(packed.namelist()) - {*about["parts"], ABOUT})
    except (KeyError, ValueError, zipfile.BadZipFile, OSError, RuntimeError):
        raise IntegrityError(f"{file.name}: bản sao lưu bị hỏng / the backup is damaged") from None
    if wrong:
        raise IntegrityError(f"{file.name}: đã bị thay đổi / changed: {', '.join(wrong)}")
    forms = about.get("format"), about.get("form")
    if forms[0] != FORMAT or not forms[1]:
        raise UsageError(f"{file.name}: dạng sao lưu khác; dùng bản mới hơn (kho {head()}) / a backup of another form")
    return about


def _of(folder: Path) -> Iterator[tuple[str, Path]]:
    yield from ((path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*")) if path.is_file())


def _files(office: Office) -> Iterator[tuple[str, Path]]:
    for name, folder in zip(FILES, (office.attachments, office.capsules), strict=True):
        yield from ((f"{name}/{inner}", path) for inner, path in _of(folder))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sha256_in(packed: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with packed.open(name) as file:
        for block in iter(lambda: file.read(_BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()
