"""Check a list that somebody received, offline: its lines, its hash, its signatures, the ledger's root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from eligibility_audit import publish
from eligibility_audit.errors import InputError, IntegrityError, UsageError
from eligibility_audit.publish import held as of
from eligibility_audit.publish.held import Held
from eligibility_audit.publish.lists import listed
from eligibility_audit.publish.signed import Signature, roots_of, signatures
from eligibility_audit.use_cases.run_folder import file_digest, read_manifest

TABLE: Final = "recommendations.csv"
SUFFIXES: Final = (".pdf", ".xlsx", ".csv")


@dataclass(frozen=True)
class Against:
    """What a file is held against. `trust`: files of trust roots; `run`: a run folder; `list_file`: a list as PDF or
    workbook; `root`: a root of the ledger from another hand; `is_root`: whether our own ledger has a root.
    """

    trust: tuple[Path, ...] = ()
    run: Path | None = None
    list_file: Path | None = None
    root: str = ""
    is_root: Callable[[str], bool] | None = None


def verify_document(path: Path, against: Against) -> str:
    """Sentences on what was checked, and what could not be. Raises IntegrityError naming what is not as it was."""
    if not path.is_file():
        raise UsageError(f"{path}: không có tệp này / there is no such file")
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{path.name}: chỉ kiểm tra được PDF, xlsx, csv / only PDF, xlsx and csv can be checked")
    if path.suffix.lower() == ".csv":
        return _table(path, against)
    told: list[str] = []
    faults: list[str] = []
    try:
        lists = _pdf(path, against, told, faults) if path.suffix.lower() == ".pdf" else _book(path, told)
    except InputError as error:
        raise IntegrityError(f"{path.name}: {error}") from None
    for held in lists:
        faults += held.faults() or _compared(held, against)
        told.append(f"Danh sách “{held.title}”: {len(held.lines)} dòng, mã kiểm tra {held.digest} / computed again")
    faults += _roots(lists, against, told)
    if faults:
        raise IntegrityError(
            f"{path.name}: không còn nguyên vẹn / is not whole:\n  " + "\n  ".join(dict.fromkeys(faults))
        )
    return f"{path.name}: nguyên vẹn / whole\n  " + "\n  ".join(told)


def _pdf(path: Path, against: Against, told: list[str], faults: list[str]) -> list[Held]:
    pdf = path.read_bytes()
    found = signatures(pdf, roots_of(against.trust) if against.trust else None)
    faults += [f"Chữ ký {n} / signature {n}: {one.told}" for n, one in enumerate(found, 1) if one.fault]
    told += [f"Chữ ký {n} / signature {n}: {one.told}" for n, one in enumerate(found, 1)]
    _unsigned(found, against, told, faults)
    content = of.machine_file(pdf)
    if content is None:
        told.append("Không có nội dung cho máy đọc: chỉ kiểm tra được chữ ký / no machine content: signatures alone")
        return []
    held = of.of_machine_file(content)
    pages = of.page_fault(pdf, content)
    if pages is None:
        told.append(
            "Trang in: chưa so được với nội dung cho máy đọc (tệp do bản phần mềm khác lập) / the pages could not be "
            "compared: another release made them"
        )
    elif pages:
        faults.append(pages)
    else:
        told.append("Trang in đúng từng byte với nội dung cho máy đọc / the pages are what the content prints as")
    return [held]


def _unsigned(found: Sequence[Signature], against: Against, told: list[str], faults: list[str]) -> None:
    if found:
        if not found[-1].covers_all:
            faults.append("Sau chữ ký cuối còn có nội dung được thêm / something was added behind the last signature")
        return
    if against.trust:
        faults.append("Chưa có chữ ký số nào, mà --trust đòi có / there is no signature, and --trust asks for one")
    told.append(
        "CHƯA KÝ SỐ: tệp tự khớp với mình, chưa chứng minh ai lập / NOT SIGNED: it agrees with itself, which does not "
        "say who made it"
    )


def _book(path: Path, told: list[str]) -> list[Held]:
    lists = of.of_workbook(path)
    if not lists:
        raise IntegrityError(f"{path.name}: không thấy danh sách nào có mã kiểm tra / no list with a hash is in it")
    told.append(
        "Sổ không mang chữ ký số; cột 9 để ghi tay, trang Tổng hợp và Theo xã không thuộc mã kiểm tra / a workbook has "
        "no signature; column 9 and the sheets of totals are not under the hash"
    )
    return lists


def _compared(held: Held, against: Against) -> list[str]:
    """The first line in which the list is not what the run's table, or another file's list, says."""
    if against.run is not None:
        table, _ = _of_run(against.run)
        again = of.of_table(of.cut_to(table, held), of.batch_of(held))
        return _difference(held, again[0] if again else None, against.run.name)
    if against.list_file is not None:
        return _difference(held, _of_file(against.list_file).get(held.code), against.list_file.name)
    return []


def _difference(held: Held, other: Held | None, name: str) -> list[str]:
    if other is None:
        return [f"Danh sách “{held.title}”: không có trong {name} / is not in it"]
    said = held.first_difference(other)
    return [f"{said} ({name})"] if said else []


def _of_file(path: Path) -> dict[str, Held]:
    """The lists of a PDF or workbook, by code; itself whole."""
    if path.suffix.lower() == ".pdf":
        content = of.machine_file(path.read_bytes())
        lists = [of.of_machine_file(content)] if content else []
    else:
        lists = of.of_workbook(path)
    faults = [fault for held in lists for fault in held.faults()]
    if faults or not lists:
        raise IntegrityError(f"{path.name}: {faults[0] if faults else 'không có danh sách nào / holds no list'}")
    return {held.code: held for held in lists}


def _table(path: Path, against: Against) -> str:
    """A CSV carries no hash of its own: it is held against a run, or against a list that is signed."""
    try:
        mine = publish.read_csv(path)
    except (ValueError, OSError, KeyError) as error:
        raise IntegrityError(f"{path.name}: không đọc được ({type(error).__name__}) / cannot be read") from None
    beside = path.parent if against.run is None and against.list_file is None else against.run
    if against.list_file is not None:
        lists = _of_file(against.list_file)
        faults = [fault for held in lists.values() for fault in _of_list(held, mine, path.name, against.list_file.name)]
        told = f"{sum(len(held.lines) for held in lists.values())} dòng khớp với {against.list_file.name}"
    elif beside is not None and read_manifest(beside) is not None:
        table, digest = _of_run(beside)
        faults = [] if file_digest(path) == digest else _row_difference(mine, table)
        told = f"{len(mine)} dòng khớp với lần chạy {beside.name}"
    else:
        raise UsageError(
            f"{path.name}: bảng CSV không mang mã kiểm tra; nêu --run THƯ_MỤC hoặc --against DANH_SÁCH.pdf / "
            "a CSV carries no hash: name --run or --against"
        )
    if faults:
        raise IntegrityError(f"{path.name}: không còn nguyên vẹn / is not whole:\n  " + "\n  ".join(faults))
    return f"{path.name}: nguyên vẹn; {told} / whole: its lines agree"


def _of_list(held: Held, mine: pd.DataFrame, own: str, name: str) -> list[str]:
    """Where a table is not what a list says; the lines of the list's places alone are looked at."""
    made = of.of_table(of.cut_to(mine, held), of.batch_of(held))
    return _difference(made[0], held, name) if made else _difference(held, None, own)


def _row_difference(mine: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """The first row that is not the run's, in the order of the file; of tables that `lists` made, of its lists."""
    theirs = table
    if "list" in mine.columns:  # made by `lists`, perhaps of some lists or places alone
        cut = ["list", "district", "commune"]
        theirs = listed(table).merge(mine[cut].drop_duplicates(), on=cut)
    columns = [name for name in theirs.columns if name in mine.columns and name != "list"]
    missing = sorted(set(theirs.columns) - set(mine.columns) - {"list"})
    if missing:
        return [f"thiếu cột {', '.join(missing)} / columns are missing"]
    left, right = (frame[columns].astype("string").fillna("").to_numpy().tolist() for frame in (mine, theirs))
    for number, (one, other) in enumerate(zip(left, right, strict=False), 1):
        if one != other:
            where = ", ".join(name for name, a, b in zip(columns, one, other, strict=True) if a != b)
            return [f"dòng {number} (dòng {number + 1} của tệp), cột {where}: khác / row {number} differs in {where}"]
    if len(left) != len(right):
        at = min(len(left), len(right)) + 1
        return [f"từ dòng {at}: có {len(left)} dòng, lẽ ra {len(right)} / from row {at} on, {len(right)} were made"]
    return []


def _of_run(folder: Path) -> tuple[pd.DataFrame, str]:
    manifest = read_manifest(folder)
    if manifest is None or not (folder / TABLE).is_file():
        raise UsageError(f"{folder}: không phải thư mục của một lần chạy đã công bố danh sách / is no such run folder")
    digest = str(manifest.get("files", {}).get(TABLE, ""))
    if file_digest(folder / TABLE) != digest:
        raise IntegrityError(f"{folder.name}/{TABLE}: đã bị thay đổi sau lần chạy / was changed after the run")
    return publish.read_csv(folder / TABLE), digest


def _roots(lists: Sequence[Held], against: Against, told: list[str]) -> list[str]:
    faults = []
    for root in dict.fromkeys(held.root for held in lists):
        if not root:
            told.append("Mốc chốt sổ cái: danh sách không mang mốc nào / the list bears no root of the ledger")
            if against.root:
                faults.append("Danh sách không mang mốc chốt sổ cái / the list bears no root of the ledger")
            continue
        if against.root and root != against.root.strip().lower():
            faults.append(
                f"Mốc chốt sổ cái trên danh sách ({root}) không phải mốc đã lưu / is not the root that was kept"
            )
        if against.is_root is not None and not against.is_root(root):
            faults.append(f"Mốc chốt sổ cái {root} không có trong sổ của cơ quan / is not in this office's ledger")
        checked = bool(against.root) or against.is_root is not None
        told.append(f"Mốc chốt sổ cái: {root}" + (" – khớp / agrees" if checked else " – chưa so / not compared"))
    return faults
