"""An office in the middle of its work, so that each page has something to show."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from eligibility_audit.domain.review.states import Step
from eligibility_audit.store import ledger, second_look
from eligibility_audit.use_cases.review.take_step import take_step
from tests.web.conftest import Served
from tests.web.test_attacks import word

REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


@dataclass(frozen=True)
class Filled:
    """The addresses of what was made, each with the login that sees it."""

    served: Served
    pages: tuple[tuple[str, str], ...]

    @property
    def by_login(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for login, path in self.pages:
            found.setdefault(login, []).append(path)
        return found


def fill(served: Served) -> Filled:
    """c-1 asked, its complaint open, a scan on it; c-2 to be visited; c-3 cleared, and drawn for a second look."""
    office, actors = served.office, served.actors
    cleared = {"reason": REASON, "evidence": "sổ đăng ký"}
    take_step(office, actors["canbo"], "c-3", Step.CLEAR, cleared, seq=0)
    visit = {"kind": "field_visit", "body": "UBND xã", "question": "Ở đâu?", "finding": "f-2", "due_on": "2021-04-20"}
    take_step(office, actors["canbo"], "c-2", Step.ORDER_VERIFICATION, {**visit, "reason": REASON}, seq=0)
    asked = {"addressee": "người hưởng", "question": "Giấy tờ gốc ở đâu?", "due_on": "2021-04-30", "reason": REASON}
    take_step(office, actors["canbo"], "c-1", Step.ASK, asked, seq=0)
    with office.cases.writing() as connection:
        ledger.seal(connection, served.clock())
    served.clock.pass_days(31)
    second_look.draw(office, actors["kyten"], "2021-03")
    client, checker = served.client("canbo"), served.client("kiemtra")
    csrf = word(client)
    scan: Any = {"file": ("giấy.png", PNG, "image/png")}
    told = {"csrf": csrf, "title": "Giấy chứng nhận"}
    assert client.post("/cases/c-1/attachments", data=told, files=scan).status_code == 303
    complaint = _made(
        client,
        "/complaints/new",
        {"csrf": csrf, "kind": "kien_nghi", "subject": "Xin xem lại hồ sơ", "case_id": "c-1"},
    )
    bulk = _made(client, "/bulk", {"csrf": csrf, "step": "look_up", "case": "c-4"})
    look = re.search(r'href="(/second-looks/[^"]+)"', checker.get("/second-looks").text)
    assert look
    officer = (
        *("/", "/queue?mine=false", "/cases/c-1", "/cases/c-7", "/cases/c-1/sheet"),
        *("/complaints", "/complaints/new", "/complaints/new?case=c-1", "/complaints/reception", complaint, bulk),
        *("/colleagues", "/visits", "/visits?district=Huy%E1%BB%87n%20B&commune=X%C3%A3%20A", "/cases/none"),
    )
    pages = (
        ("", "/login"),
        *(("canbo", path) for path in officer),
        *(("kyten", path) for path in ("/nights", "/director?district=Huy%E1%BB%87n%20B", "/cases/c-1")),
        *(("kiemtra", path) for path in ("/second-looks", look[1])),
    )
    served.app.state.nights = a_week_of_nights(served.office.attachments / "nights", ("done", "braked"))
    return Filled(served, pages)


def a_week_of_nights(folder: Path, ends: Sequence[str], day: date = date(2021, 3, 1)) -> Path:
    """Nights of one plan from a day on, each ended in its way, as `nightly` leaves them."""
    home = folder / "audit-0a1b2c3d"
    for number, status in enumerate(ends):
        told: dict[str, Any] = {
            "plan": "Rà soát thử",
            "status": status,
            "brakes": [] if status == "done" else ["Đã phanh."],
        }
        if status == "done":
            told |= {
                "brakes": [],
                "as_of": "2020-12-31",
                "proposals": 1_200 + number,
                "warnings": ["x"],
                "adds_up": True,
            }
            told |= {"counts": {"new": number, "cleared": 2}, "by_cause": {"roster": {"new": number, "cleared": 2}}}
        night = home / "nights" / str(day + timedelta(days=number))
        night.mkdir(parents=True)
        (night / "night.json").write_text(json.dumps(told), encoding="utf-8")
        measures = {"records": {"agent_orange": 900, "deaths": 100}, "pairs": 300, "rejected_lines": 4}
        (night / "metrics.json").write_text(json.dumps({"measures": measures}), encoding="utf-8")
    standing = {"state": "current" if ends[-1] == "done" else "old", "night": "2021-03-01"}
    (home / "statements.json").write_text(json.dumps(standing), encoding="utf-8")
    return folder


def _made(client: httpx.Client, path: str, form: dict[str, str]) -> str:
    answer = client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])
