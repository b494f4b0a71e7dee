"""Officers at work: 50 sessions with a request every 5 s each on 200,000 cases.

    python -m benchmarks.review.load [--cases N] [--sessions N] [--seconds S] [--store sqlite|postgresql]

Prints p50 and p95 of queue, case page, act and search (login apart: it is slow on purpose) and the CPU of the
application a request; writes benchmarks/out/review_<store>.json. PostgreSQL: a server of its own is started, where
one is installed.
"""

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import psutil

from eligibility_audit.domain.review.people import Role
from eligibility_audit.standardise.names import fold
from eligibility_audit.store.accounts import add_account
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.cases import OF_RUN, Proposed
from eligibility_audit.store.office import Office
from tests.servers import free_port, postgresql

OUT = Path(__file__).parents[1] / "out"
PASSWORD = "mot mat khau dai"  # noqa: S105 - of invented accounts
EVERY = 5.0  # seconds between two requests of one session
REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"
ASKED = ("queue", "case", "act", "search")


SURNAMES = ("Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
MIDDLE = ("Văn", "Thị", "Đức", "Hữu", "Minh", "Thanh", "Ngọc", "Xuân", "Quang", "Công", "Đình")
GIVEN = ("An", "Bình", "Chiến", "Dung", "Hà", "Hải", "Hoa", "Hùng", "Hương", "Lan", "Long", "Mai", "Nam", "Nga", "Phúc",
         "Quân", "Sơn", "Tâm", "Thắng", "Thảo", "Tiến", "Toàn", "Tuấn", "Vinh", "Yến")  # fmt: skip


def name(number: int) -> str:
    """An invented name; some are common, as names are."""
    parts = (SURNAMES, MIDDLE, MIDDLE, GIVEN)
    spread = number * 2_654_435_761 % 2**32
    words = []
    for part in parts:
        spread, which = divmod(spread, len(part))
        words.append(part[which])
    return " ".join(words if spread % 3 else (words[0], words[1], words[3]))


def case(number: int) -> Proposed:
    """An invented case; communes, deadlines and states of evidence differ from one to the next."""
    columns = {
        "programme": "agent_orange",
        "record_id": f"r-{number:020x}",
        "recommendation_id": f"a-{number}",
        "action": ("verify", "ask_papers", "adjust")[number % 3],
        "law_mark": "confirmed",
        "dossier_no": f"HH{number:06}",
        "name": name(number),
        "name_key": fold(name(number)),
        "date_of_birth": "1948-05-20",
        "national_id": f"0340{number:08}",
        "commune": f"Xã {number % 260}",
        "district": f"Huyện {number % 8}",
        "due_on": date(2021, 1, 1) + timedelta(days=number % 365) if number % 20 else None,
        "office_can_settle": number % 4 == 0,
    }
    flags = dict.fromkeys(("missing_papers", "about_death", "vulnerable", "refers_only", "is_protected"), False)
    said = {"reason_vi": "Cần xác minh.", "reason_en": "To verify.", "legal_basis": "Nghị định 31/2013/NĐ-CP"}
    shown = json.dumps([{"vi": "Sổ khai tử.", "en": "Register.", "file": "tu.csv", "sheet": "", "row": 4}])
    line = {**said, "law_mark": "confirmed", "evidence_for": shown, "evidence_against": "[]", "verify_with": "UBND xã"}
    line |= {"question_vi": "Còn sống không?", "who_first": "office", "due_basis": "30 ngày", "least_change": "Xã."}
    line |= dict.fromkeys(("identity_agrees", "identity_differs", "amount_to_clarify", "months"))
    finding = {"finding_id": f"f-{number}", "rule_id": "AO_DEAD_FUZZY", "outcome": "undetermined", "evidence_tier": "B"}
    finding |= {**said, "law_mark": "confirmed", "evidence": shown, "evidence_against": "[]"}
    own = {"record_id": f"r-{number:020x}", "name": name(number), "date_of_birth": "1948-05-20"}
    link = {"other": f"x-{number}", "file": "tu.csv", "sheet": "", "row": 4, "probability": 0.8, "sentences": ["Gần."]}
    others = [{**link, "comparisons": [], "record": {**own, "kind": "deaths"}}]
    frozen = {"recommendation": line, "findings": [finding], "record": own, "others": others}
    return Proposed(f"c-{number:07}", dict.fromkeys(OF_RUN) | columns | flags, frozen)


def fill(url: str, folder: Path, cases: int, sessions: int) -> float:
    """A store with cases and accounts; returns the seconds that opening the cases took."""
    office = Office(open_engine(url), folder)
    began = time.perf_counter()
    office.cases.attach("run-1", [case(number) for number in range(cases)], datetime.now(UTC))
    took = time.perf_counter() - began
    for number in range(sessions):
        own = {"login": f"u{number}", "name": f"Cán bộ {number}", "unit": f"Phòng {number}", "password": PASSWORD}
        add_account(office, role=Role.OFFICER, **own)
    office.close()
    return took


@contextmanager
def served(url: str, folder: Path) -> Iterator[str]:
    """The application in a process of its own."""
    port = free_port()
    code = (
        "import sys, uvicorn; from pathlib import Path; from eligibility_audit.store.base import open_engine;"
        "from eligibility_audit.store.office import Office; from eligibility_audit.web import create_app;"
        "uvicorn.run(create_app(Office(open_engine(sys.argv[1]), Path(sys.argv[2]))), port=int(sys.argv[3]),"
        " log_level='critical', access_log=False)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, url, str(folder), str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{address}/login", timeout=2)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def log_in(address: str, number: int) -> tuple[httpx.Client, str]:
    """A session, and its word."""
    client = httpx.Client(base_url=address, timeout=60)
    client.post("/login", data={"login": f"u{number}", "password": PASSWORD})
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found
    return client, found[1]


def work(people: list[tuple[httpx.Client, str]], seconds: float, cases: int) -> dict[str, list[float]]:
    """Seconds of each request by what was asked; a session asks every `EVERY` seconds."""
    sessions = len(people)
    taken: dict[str, list[float]] = defaultdict(list)
    until = time.monotonic() + seconds

    def one(number: int) -> None:
        client, word = people[number]
        dice = random.Random(number)
        time.sleep(dice.random() * EVERY)
        own = number  # cases that nobody else acts on
        while time.monotonic() < until:
            asked, case_id = dice.choice(ASKED), f"c-{dice.randrange(cases):07}"
            began = time.perf_counter()
            if asked == "queue":
                answer = client.get("/queue", params={"page": dice.randrange(1, 4)})
            elif asked == "case":
                answer = client.get(f"/cases/{case_id}")
            elif asked == "search":
                answer = client.post("/queue", data={"csrf": word, "words": f"Người Thử {dice.randrange(cases)}"})
            else:
                form = {"csrf": word, "seq": "0", "reason": REASON}
                answer = client.post(f"/cases/c-{own:07}/steps/look_up", data=form)
                own += sessions
            took = time.perf_counter() - began
            taken[asked].append(took)
            if answer.status_code >= 400:
                taken[f"{asked}: {answer.status_code}"].append(took)
            time.sleep(max(0.0, EVERY - took))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _cpu_of_server() -> float:
    """CPU seconds of the application's process."""
    return sum(sum(child.cpu_times()[:2]) for child in psutil.Process().children() if "uvicorn" in _command(child))


def _command(process: psutil.Process) -> str:
    return " ".join(process.cmdline())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        server = (
            postgresql(folder) if asked.store == "postgresql" else nullcontext(f"sqlite:///{folder / 'store.sqlite'}")
        )
        with server as url:
            filled = fill(url, folder, asked.cases, asked.sessions)
            with served(url, folder) as address:
                people = [log_in(address, number) for number in range(asked.sessions)]
                before = _cpu_of_server()
                taken = work(people, asked.seconds, asked.cases)
                cpu = _cpu_of_server() - before
    rows = {
        name: {
            "requests": len(times),
            "p50_ms": round(1000 * statistics.median(times)),
            "p95_ms": round(1000 * sorted(times)[int(0.95 * (len(times) - 1))]),
        }
        for name, times in sorted(taken.items())
    }
    asked_for = sum(len(taken[name]) for name in ASKED)
    per_request = round(1000 * cpu / max(1, asked_for), 1)
    told = {"asked": vars(asked), "opening_s": round(filled, 1), "requests": rows, "cpu_ms_a_request": per_request}
    OUT.mkdir(exist_ok=True)
    (OUT / f"review_{asked.store}.json").write_text(json.dumps(told, indent=2, ensure_ascii=False), encoding="utf-8")
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
