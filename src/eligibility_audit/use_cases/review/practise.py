"""An office to practise in: an invented commune, accounts for each role, nothing of the real store."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eligibility_audit.domain.review.people import Role
from eligibility_audit.store.accounts import add_account
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.office import Office
from eligibility_audit.use_cases.invent_province import invent_province
from eligibility_audit.use_cases.review.open_cases import open_cases

PERSONS: Final = 1_500
PASSWORD: Final = "tap-lam-2020"  # noqa: S105 - of invented accounts in a store of invented people
ACCOUNTS: Final = (
    ("xa", "Công Chức Tập", Role.COMMUNE_OFFICER, "UBND xã", False),
    ("canbo", "Cán Bộ Tập", Role.OFFICER, "Phòng LĐTBXH huyện", False),
    ("kiemtra", "Kiểm Tra Tập", Role.CHECKER, "Thanh tra Sở", False),
    ("kyten", "Ký Tên Tập", Role.AUTHORITY, "Ban Giám đốc Sở", False),
    ("phapche", "Pháp Chế Tập", Role.OFFICER, "Phòng Pháp chế", True),
    ("xem", "Người Xem Tập", Role.VIEWER, "Sở", False),
)


@dataclass(frozen=True)
class Practice:
    """The office, and whom one can log in as: (login, role), all with `PASSWORD`."""

    office: Office
    logins: tuple[tuple[str, Role], ...]


def practise(folder: Path, run: Callable[[Path, Path], object], *, persons: int = PERSONS) -> Practice:
    """An office of invented people in a folder; one that is there already is gone on with.

    `run(plan, run_folder)` runs an audit.
    """
    store = folder / "store.sqlite"
    is_new = not store.exists()
    plan, run_folder = folder / "invented" / "province" / "audit.yaml", folder / "run"
    if not plan.exists():
        invent_province(persons=persons, seed=260, out=folder / "invented")
    if not (run_folder / "manifest.json").exists():
        run(plan, run_folder)
    office = Office(open_engine(f"sqlite:///{store}"), folder / "attachments", is_practice=True)
    if is_new:
        open_cases(office, run_folder)
        for login, name, role, unit, confirms_law in ACCOUNTS:
            add_account(
                office, login=login, name=name, role=role, unit=unit, password=PASSWORD, confirms_law=confirms_law
            )
    return Practice(office, tuple((login, role) for login, _, role, _, _ in ACCOUNTS))
