"""Lists as documents: seconds and memory of workbooks, PDF, DOCX and slips.

    python -m benchmarks.documents [--workbook N ...] [--pdf N ...] [--docx N ...] [--slips N ...] [--sign N ...]

Lines are invented: a thousand cases, each with words of its own, repeated under numbers of their own over a province of
260 communes. Every size is a process of its own; CPU seconds, the most memory, bytes. Writes
benchmarks/out/documents.json.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from benchmarks.whole_run import OUT, machine
from eligibility_audit.publish import RECOMMENDATIONS, Batch, conform, write_lists
from eligibility_audit.publish.list_files import PAPERS, PaperFormat, parts, write_part
from eligibility_audit.publish.lists import listed

BATCH: Final = Batch("Rà soát đo thử", date(2020, 12, 31), "0123456789ab")
SIZES: Final = {
    "workbook": (20_000, 1_000_000),
    "pdf": (500, 20_000),
    "docx": (500, 20_000),
    "slips": (5_000,),
    "sign": (1_000,),
}
SIGNED_LINES: Final = 20  # of a list that is signed
COMMUNES, DISTRICTS, WORDS = 260, 8, 1_000


@dataclass
class Measured:
    """One document or set of documents."""

    what: str
    lines: int
    files: int
    cpu_seconds: float
    seconds: float
    peak_mib: float
    bytes: int
    machine: str


def lines(count: int) -> pd.DataFrame:
    """Recommendations of one list, *cần xác minh*, that differ in number, name, place and words."""
    number = pd.Series(range(count))
    words = (number % WORDS).astype("string")
    found = '[{"vi": "Dòng trong danh sách đối chiếu số ' + words + ' nêu cùng họ tên, năm sinh và xã", "row": 7}]'
    commune = number * COMMUNES // count
    frame = pd.DataFrame(
        {
            "recommendation_id": "m-" + number.astype("string").str.zfill(20),
            "case_id": "c-" + number.astype("string").str.zfill(20),
            "record_id": "r-" + number.astype("string").str.zfill(20),
            "action": "verify",
            "evidence_tier": "B",
            "law_mark": "to_verify",
            "programme": "agent_orange",
            "source_file": "rosters/chat_doc.xlsx",
            "source_sheet": "DS",
            "source_row": number + 7,
            "dossier_no": "HH-" + number.astype("string").str.zfill(7),
            "name": "Nguyễn Văn Thử " + words,
            "date_of_birth": "1948-07-15",
            "commune": "Xã Giả " + commune.astype("string").str.zfill(3),
            "district": "Huyện Giả " + (commune * DISTRICTS // COMMUNES).astype("string"),
            "rule_ids": "AO_SERVICE_OUTSIDE",
            "reason_vi": "Thời gian tham gia ghi trong danh sách nằm ngoài khoảng của luật, số " + words + ".",
            "legal_basis": "Khoản 1 Điều 29 Pháp lệnh 02/2020/UBTVQH14. Quy định sau này: khoản 1 Điều 53 Nghị định "
            "131/2021/NĐ-CP (từ 15/02/2022)",
            "evidence_for": found,
            "evidence_against": '[{"vi": "Danh sách có ghi đơn vị, địa bàn"}]',
            "identity_agrees": "họ tên, năm sinh, xã",
            "verify_with": "Bộ Chỉ huy quân sự cấp tỉnh",
            "question_vi": "Thời gian tham gia kháng chiến của người này theo hồ sơ quân nhân là từ ngày nào?",
            "who_first": "office",
            "due_on": "2021-01-30",
            "due_basis": "30 ngày (quy định nội bộ, không phải luật)",
            "monthly_amount": 1_624_000,
            "amount_to_clarify": 1_624_000,
            "months": 1,
            "least_change": "Giấy tờ gốc cho thấy có tham gia trong khoảng 01/08/1961 – 30/04/1975.",
        }
    )
    return conform(frame, RECOMMENDATIONS)


def measure(what: str, count: int) -> Measured:
    """Make the documents in this process."""
    made = lines(SIGNED_LINES if what == "sign" else count)
    listed(made.head(1))  # brings in the rules, whose grounds lists ask for: once a process
    with tempfile.TemporaryDirectory() as folder:
        make = _signer(made, count, Path(folder)) if what == "sign" else lambda: _make(what, made, Path(folder))
        started, cpu = time.perf_counter(), time.process_time()
        written = make()
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        size = sum(path.stat().st_size for path in written)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(what, count, len(written), round(cpu, 2), round(seconds, 2), round(peak), size, machine())


def _signer(made: pd.DataFrame, count: int, folder: Path) -> Callable[[], list[Path]]:
    """Sign copies of one list with one opening of a key that is made for it; making list and key is not measured."""
    from eligibility_audit.use_cases.sign_files import Asked, sign_files
    from tests.publish.keys import PASSPHRASE, make_keys

    make_keys(folder)
    (part,) = parts(made, BATCH, ("pdf",))
    content = write_part(part, folder).read_bytes()
    (folder / "lists").mkdir()
    files = tuple(folder / "lists" / f"{number:05}.pdf" for number in range(count))
    for path in files:
        path.write_bytes(content)
    asked = Asked(files, folder / "signed")
    return lambda: list(sign_files(asked, folder / "key.p12", PASSPHRASE))


def _make(what: str, made: pd.DataFrame, folder: Path) -> list[Path]:
    if what == "workbook":
        return list(write_lists(folder, made, BATCH))
    wanted: tuple[PaperFormat, ...] = ("docx",) if what == "slips" else tuple(form for form in PAPERS if form == what)
    return [
        write_part(part, folder)
        for part in parts(made, BATCH, wanted, slips=what == "slips")
        if part.is_slips == (what == "slips")
    ]


def main() -> None:
    """Measure each size in a process of its own and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    for what, sizes in SIZES.items():
        parser.add_argument(f"--{what}", type=int, nargs="*", default=list(sizes))
    parser.add_argument("--one", nargs=2, metavar=("WHAT", "LINES"), help="measure this alone, in this process")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(asdict(measure(asked.one[0], int(asked.one[1])))))
        return
    measured = []
    for what in SIZES:
        for count in getattr(asked, what):
            command = [sys.executable, "-m", "benchmarks.documents", "--one", what, str(count)]
            told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            measured.append(told)
            print(
                f"{what:>9} {count:>9,} lines {told['files']:>4} files {told['cpu_seconds']:>8.2f} CPU s "
                f"{told['peak_mib']:>6,.0f} MiB {told['bytes'] / 1e6:>8.1f} MB"
            )
    OUT.mkdir(exist_ok=True)
    (OUT / "documents.json").write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
