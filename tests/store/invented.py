"""An invented office: accounts and cases for the store's tests."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, insert

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.store.cases import OF_RUN, Proposed
from eligibility_audit.store.tables import UserRow

NOW = datetime(2021, 3, 1, 2, 0, tzinfo=UTC)
OFFICER = Actor("u-officer", "Người Thụ Lý", Role.OFFICER, "Phòng huyện B")
CHECKER = Actor("u-checker", "Người Kiểm Tra", Role.CHECKER, "Thanh tra Sở")
SIGNER = Actor("u-signer", "Người Ký", Role.AUTHORITY, "Ban Giám đốc")
COMMUNE = Actor("u-commune", "Công Chức Xã", Role.COMMUNE_OFFICER, "Xã A")
EVERYBODY = (OFFICER, CHECKER, SIGNER, COMMUNE)
REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"


def add_accounts(engine: Engine, *actors: Actor) -> None:
    rows = [
        {
            "user_id": a.user_id,
            "login": a.user_id,
            "name": a.name,
            "role": a.role.value,
            "unit": a.unit,
            "districts": sorted(a.districts),
            "communes": sorted(a.communes),
            "confirms_law": a.confirms_law,
            "password_hash": "-",
            "is_active": True,
            "created_at": NOW,
            "changed_at": NOW,
        }
        for a in actors or EVERYBODY
    ]
    with engine.begin() as connection:
        connection.execute(insert(UserRow), rows)


def proposed(number: int = 1, evidence: str = "bằng chứng", **columns: Any) -> Proposed:
    own = {
        "programme": "agent_orange",
        "record_id": f"r-{number}",
        "recommendation_id": f"a-{number}",
        "action": "verify",
        "law_mark": "confirmed",
        "dossier_no": f"HH{number:06}",
        "name": f"Người Thử {number}",
        "name_key": f"nguoi thu {number}",
        "commune": "Xã A",
        "district": "Huyện B",
        "missing_papers": False,
        "about_death": False,
        "vulnerable": False,
        "refers_only": False,
        "is_protected": False,
        "due_on": date(2021, 3, 31),
        "office_can_settle": True,
    }
    return Proposed(f"c-{number}", dict.fromkeys(OF_RUN) | own | columns, {"evidence": evidence})
