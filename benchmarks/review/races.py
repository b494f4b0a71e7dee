"""Two officers on one case at the same moment, a thousand times: one acts, the other is told and loses no reason.

    python -m benchmarks.review.races [--times N] [--store sqlite|postgresql]

Through the pages of a server in a process of its own. Prints how the races ended and writes
benchmarks/out/review_races_<store>.json; ends with 1 where one ended otherwise, or the ledger does not hold.
"""

import argparse
import json
import sys
import tempfile
import threading
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import httpx
from sqlalchemy import func, select

from benchmarks.review.load import OUT, fill, log_in, served
from eligibility_audit.store import ledger
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.tables import CaseRow, StepRow
from tests.servers import postgresql

RIGHT = "one acted; the other was told, with the reason kept"
TOLD = "Người khác vừa xử lý"


def race(address: str, times: int, first: int = 0) -> Counter[str]:
    """How the races on cases `first`, `first + 1` … ended."""
    pair = [log_in(address, number) for number in (0, 1)]
    ended: Counter[str] = Counter()
    start = threading.Barrier(2)
    answers: list[httpx.Response | None] = [None, None]

    def act(side: int, case_id: str) -> None:
        client, word = pair[side]
        start.wait()
        form = {"csrf": word, "seq": "0", "reason": reason(side)}
        answers[side] = client.post(f"/cases/{case_id}/steps/look_up", data=form)

    for number in range(first, first + times):
        threads = [threading.Thread(target=act, args=(side, f"c-{number:07}")) for side in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ended[_ended(answers)] += 1
    return ended


def reason(side: int) -> str:
    """What an officer typed."""
    return f"đã tra sổ gốc và đối chiếu từng giấy tờ, người thứ {side + 1}"


def _ended(answers: list[httpx.Response | None]) -> str:
    statuses = [answer.status_code if answer else 0 for answer in answers]
    if sorted(statuses) != [303, 409]:
        return f"{sorted(statuses)}"
    late = statuses.index(409)
    answer = answers[late]
    said = answer.text if answer else ""
    return RIGHT if TOLD in said and reason(late) in said else "the other lost the reason, or was not told"


def lost(url: str, times: int) -> list[str]:
    """What the store lost: a case with another number of steps than one, or entries that do not hold."""
    engine = open_engine(url)
    with engine.connect() as connection:
        steps = select(StepRow.case_id, func.count()).group_by(StepRow.case_id)
        counted = dict(connection.execute(steps).tuples().all())
        moved = connection.scalar(select(func.count()).select_from(CaseRow).where(CaseRow.seq == 1))
        faults = [f"{fault.chain}: {fault.what}" for fault in ledger.faults(connection)]
    engine.dispose()
    odd = [f"{case_id}: {count} steps" for case_id, count in counted.items() if count != 1]
    return [*odd, *faults, *([] if len(counted) == moved == times else [f"{len(counted)} of {times} cases moved"])]


def main() -> None:
    """Race and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = f"sqlite:///{folder / 'store.sqlite'}"
        with postgresql(folder) if asked.store == "postgresql" else nullcontext(file) as url:
            fill(url, folder, asked.times, 2)
            with served(url, folder) as address:
                ended = race(address, asked.times)
            told = {"store": asked.store, "ended": dict(ended), "lost": lost(url, asked.times)}
    OUT.mkdir(exist_ok=True)
    text = json.dumps(told, indent=2, ensure_ascii=False)
    (OUT / f"review_races_{asked.store}.json").write_text(text, encoding="utf-8")
    sys.stdout.write(text + "\n")
    sys.exit(0 if set(ended) == {RIGHT} and not told["lost"] else 1)


if __name__ == "__main__":
    main()
