"""Invented annexes: a roster, the lines of two conclusions, and their files; nobody is real."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from eligibility_audit.domain.conclusions import Conclusion, Outcome, parse_conclusion
from eligibility_audit.domain.ledger import Ledger
from eligibility_audit.use_cases.follow_conclusions import follow
from eligibility_audit.use_cases.load_conclusions import Followed
from tests.rules.facts.invented import NO_PAIRS, lists

DAY: Final = date(2020, 12, 31)
KEY: Final = b"k" * 32
NOBODY: Final = {
    "name": "Tạ Thị Vắng",
    "date_of_birth": "1939",
    "commune": "Xã Xa",
    "district": "Huyện Khác",
    "dossier_no": "HH777777",
}
FIRST: Final = {
    "dossier_no": "HH000123",
    "date_of_birth": "1948",
    "national_id": None,
    "sex": None,
    "conclusion_no": "KL-1",
    "conclusion_date": "2017-06-15",
    "finding_group": "Không chứng minh được địa bàn",
    "finding_text": "Không có giấy tờ về địa bàn",
    "handling": "Thực chứng lại, bổ sung giấy tờ",
    "sheet_title": "PHỤ LỤC",
}
CLEARS: Final = {"finding_group": "Đã xác minh", "finding_text": "Hồ sơ đúng, đủ điều kiện", "handling": "Giữ nguyên"}
FORGED: Final = {"finding_group": "Hồ sơ giả mạo", "finding_text": "Kết luận giả mạo", "handling": "Đình chỉ, thu hồi"}
SECOND: Final = {"conclusion_no": "KL-2", "conclusion_date": "2019-09-10"}


def conclusion(**said: Any) -> Conclusion:
    """KL-1 of 15/06/2017, with what it says besides."""
    return parse_conclusion(
        {"number": "KL-1", "date": "2017-06-15", "body": "Đoàn thanh tra", "subject": "Rà soát", **said}, "kl-1.yaml"
    )


def ledger(
    *findings: dict[str, Any],
    roster: tuple[dict[str, Any], ...] = ({"dossier_no": "HH000123"},),
    conclusions: Iterable[Conclusion] = (),
    outcomes: Iterable[Outcome] = (),
    rejects: int = 0,
    without_roster: bool = False,
    **more: list[dict[str, Any]],
) -> Ledger:
    """The ledger of these annex lines on DAY."""
    records = lists(agent_orange=list(roster), inspection_findings=list(findings), **more)
    if without_roster:
        del records["agent_orange"]
    followed = Followed(tuple(conclusions), tuple(outcomes), {})
    accounts = [
        {
            "kind": "inspection_findings",
            "source_file": "inspection_findings.csv",
            "source_sheet": "",
            "rejects": rejects,
        }
    ]
    return follow(records, NO_PAIRS, NO_PAIRS, followed, as_of=DAY, key=KEY, accounts=accounts)


def outcome(at: str, state: str, on: str, **said: Any) -> Outcome:
    """A result that Nguyễn Thị Ghi has written down."""
    return Outcome(at, state, date.fromisoformat(on), "Nguyễn Thị Ghi", place="kq.csv, dòng 2", **said)
