"""A case page on a commune's old computer and slow line: a processor four times slower, 1 Mbit/s, 100 ms each way.

    python -m benchmarks.review.slow_line [--repeat N]

The fullest case that the pages may have to show (twelve other lines, six findings, a long history) is opened in
chromium with nothing kept from before; prints bytes over the line and seconds until the page is there and may be used,
and writes benchmarks/out/slow_line.json.
"""

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from eligibility_audit.domain.review.people import Role
from eligibility_audit.store.accounts import add_account
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.cases import Proposed
from eligibility_audit.store.office import Office
from eligibility_audit.web import create_app
from tests.servers import free_port
from tests.web.conftest import CHROMIUM, PASSWORD, dossier

OUT = Path(__file__).parents[1] / "out" / "slow_line.json"
LINE = {"offline": False, "latency": 100, "downloadThroughput": 125_000, "uploadThroughput": 125_000}
SLOWER = 4
OTHERS, FINDINGS = 12, 6  # a run freezes twelve other lines at most


def fullest(number: int = 1) -> Proposed:
    """A case with as much on it as a run leaves."""
    made = dossier(number)
    frozen = dict(made.frozen)
    other = frozen["others"][0]
    sentences = [f"Câu {n} về mức độ khớp của họ tên, ngày sinh và nơi ở của hai dòng này." for n in range(8)]
    frozen["others"] = [{**other, "other": f"r-x{n}", "row": n, "sentences": sentences} for n in range(OTHERS)]
    frozen["findings"] = [{**frozen["findings"][0], "finding_id": f"f-{number}-{n}"} for n in range(FINDINGS)]
    return Proposed(made.case_id, made.columns, frozen)


def opened(browser: Any, url: str, path: str, *, login: str) -> dict[str, float]:
    """Open a page as somebody who has just come in: seconds until it may be used, bytes received for it."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(url)
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_load_state()
    line = context.new_cdp_session(page)
    received = [0.0]
    line.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    began = time.perf_counter()
    page.goto(url + path, wait_until="load")
    seconds = time.perf_counter() - began
    page.wait_for_timeout(100)
    context.close()
    return {"seconds": round(seconds, 2), "bytes": sum(received)}


@contextmanager
def office(folder: Path) -> Iterator[str]:
    """A served office with that case; yields its address."""
    made = Office(open_engine(f"sqlite:///{folder / 'store.sqlite'}"), folder)
    made.cases.attach("run-1", [fullest()], made.clock())
    add_account(made, login="canbo", name="Cán Bộ", role=Role.OFFICER, unit="Phòng", password=PASSWORD)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(made), port=port, log_level="critical", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
    made.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, office(Path(folder)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        found = [opened(browser, url, "/cases/c-1", login="canbo") for _ in range(repeat)]
        browser.close()
    told = {
        "seconds": statistics.median(one["seconds"] for one in found),
        "slowest": max(one["seconds"] for one in found),
        "bytes": max(one["bytes"] for one in found),
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
