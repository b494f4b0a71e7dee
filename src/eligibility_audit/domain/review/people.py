"""Who takes part in a review, and who may not (procedure.md, 3)."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an account may do. One person has one role; the system's own steps are the system's."""

    VIEWER = "viewer"
    COMMUNE_OFFICER = "commune_officer"
    OFFICER = "officer"
    CHECKER = "checker"
    AUTHORITY = "authority"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


ROLE_VI: Final[dict[Role, str]] = {
    Role.VIEWER: "người xem",
    Role.COMMUNE_OFFICER: "công chức cấp xã",
    Role.OFFICER: "cán bộ thụ lý",
    Role.CHECKER: "người kiểm tra",
    Role.AUTHORITY: "người có thẩm quyền ký",
    Role.INSPECTOR: "thanh tra",
    Role.ADMINISTRATOR: "quản trị",
    Role.SYSTEM: "hệ thống",
}


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. `unit`: the office (a department's room, a district, a commune) they belong to.

    `districts`, `communes`: what they may see; empty = everything. `confirms_law`: a named legal officer.
    """

    user_id: str
    name: str
    role: Role
    unit: str
    districts: frozenset[str] = frozenset()
    communes: frozenset[tuple[str, str]] = frozenset()  # (commune, district)
    confirms_law: bool = False

    def sees(self, commune: str | None, district: str | None) -> bool:
        """Whether a record of this place is in the actor's scope; a place that is not known is seen by those who see
        everything alone."""
        if not self.districts and not self.communes:
            return True
        return (district or "") in self.districts or ((commune or ""), (district or "")) in self.communes


SYSTEM: Final = Actor("system", "hệ thống", Role.SYSTEM, "")


@dataclass(frozen=True)
class PastStep:
    """Who did what on a case before: all that conflicts of interest need."""

    step: str
    user_id: str
    unit: str


@dataclass(frozen=True)
class Conflicts:
    """Ties of an actor to a case: kin of the person, or certified the file (procedure.md, 3: bars every act)."""

    kin: frozenset[str] = field(default_factory=frozenset)  # user ids
    certified: frozenset[str] = field(default_factory=frozenset)

    def bar(self, user_id: str) -> str | None:
        """Why this user may not act on the case; None where nothing bars them."""
        if user_id in self.kin:
            return "là người thân của người có tên trong hồ sơ / is kin of the person"
        if user_id in self.certified:
            return "đã xác nhận hồ sơ này / certified this file"
        return None
