"""The whole job on an invented province, by the command line that an office uses."""

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.servers import prefect_server

pytestmark = pytest.mark.slow

CONTRACT = {
    "reconciliation.csv": ["source_file", "source_sheet", "lines", "records", "rejects", "not_person", "persons"],
    "rejects.csv": ["source_file", "source_sheet", "source_row", "stage", "code", "message", "raw"],
    "findings.csv": [
        "finding_id",
        "case_id",
        "record_id",
        "rule_id",
        "programme",
        "outcome",
        "evidence_tier",
        "law_mark",
    ],
    "recommendations.csv": ["recommendation_id", "case_id", "record_id", "action", "legal_act", "act_basis"],
    "links.csv": ["left_record_id", "left_file", "left_sheet", "left_row", "right_record_id"],
}


class Office:
    """A home folder, an invented province, and the command line."""

    def __init__(self, folder: Path, api: str) -> None:
        self.folder = folder
        self.env = os.environ | {
            "EA_HOME": str(folder / "home"),
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": api,
            "EA_PROGRESS": "off",
        }

    def __call__(self, *args: object, timeout: float = 300) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "eligibility_audit", *map(str, args)]
        return subprocess.run(
            command, env=self.env, cwd=self.folder, capture_output=True, text=True, timeout=timeout, check=False
        )

    @property
    def plan(self) -> Path:
        return self.folder / "invented" / "province" / "audit.yaml"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with prefect_server(folder / "prefect") as api:  # starting one for every run would take most of the time
        office = Office(folder, api)
        made = office("invent", "--persons", 1500, "--seed", 7, "--out", "invented")
        assert made.returncode == 0, made.stderr
        yield office


@pytest.fixture(scope="module")
def run(office: Office) -> Path:
    done = office("run", office.plan, "--out", "first")
    assert done.returncode == 0, done.stderr
    assert "Đề xuất" in done.stdout
    return office.folder / "first"


def test_every_file_of_the_contract_is_there_with_its_columns(run: Path) -> None:
    for name, columns in CONTRACT.items():
        with (run / name).open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        assert header[: len(columns)] == columns, name
    for name in ("manifest.json", "report.html", "candidates.parquet", "clusters.parquet", "validation/index.html"):
        assert (run / name).is_file(), name
    assert list((run / "lists").glob("*.xlsx"))
    assert list((run / "records").glob("*.parquet"))


def test_every_source_line_is_accounted_for(run: Path) -> None:
    for sheet in rows(run / "reconciliation.csv"):
        assert int(sheet["lines"]) == sum(int(sheet[part]) for part in ("records", "rejects", "not_person")), sheet


def test_at_most_one_recommendation_a_record_and_none_that_keeps(run: Path) -> None:
    made = rows(run / "recommendations.csv")
    assert made
    assert len({row["record_id"] for row in made}) == len(made)
    assert {row["action"] for row in made} <= {"ask_papers", "adjust", "verify", "suspend", "terminate"}


def test_a_recommendation_rests_on_findings_that_are_there(run: Path) -> None:
    known = {row["finding_id"] for row in rows(run / "findings.csv")}
    for row in rows(run / "recommendations.csv"):
        assert row["reason_vi"]
        assert row["legal_basis"]
        assert set(row["finding_ids"].split(";")) <= known


@pytest.fixture(scope="module")
def second(office: Office, run: Path) -> "subprocess.CompletedProcess[str]":
    return office("run", office.plan, "--out", "second")


def test_the_same_inputs_give_the_same_bytes(
    office: Office, run: Path, second: "subprocess.CompletedProcess[str]"
) -> None:
    assert second.returncode == 0
    for name in CONTRACT:
        assert (run / name).read_bytes() == (office.folder / "second" / name).read_bytes(), name


def test_a_finished_run_is_left_as_it_is(office: Office, run: Path) -> None:
    before = (run / "manifest.json").stat().st_mtime_ns
    assert office("run", office.plan, "--out", "first").returncode == 0
    assert (run / "manifest.json").stat().st_mtime_ns == before


def test_fail_on_says_so_with_exit_code_1(office: Office, run: Path) -> None:
    assert office("run", office.plan, "--out", "first", "--fail-on", "verify").returncode == 1


def test_a_folder_of_something_else_is_exit_code_2(office: Office) -> None:
    (office.folder / "letters").mkdir(exist_ok=True)
    (office.folder / "letters" / "letter.txt").touch()
    refused = office("run", office.plan, "--out", "letters")
    assert refused.returncode == 2
    assert "--out" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_missing_source_is_exit_code_2_and_named(office: Office) -> None:
    plan = office.folder / "missing.yaml"
    plan.write_text(
        "name: thiếu\nas_of: 2020-12-31\nsources:\n  - {kind: deaths, path: khong_co.csv}\n", encoding="utf-8"
    )
    refused = office("run", plan, "--out", "none")
    assert refused.returncode == 2
    assert "khong_co.csv" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_brake_publishes_nothing_and_is_exit_code_3(office: Office) -> None:
    plan = office.plan.with_name("braked.yaml")
    asked = yaml.safe_load(office.plan.read_text(encoding="utf-8"))
    asked["sources"] = [source for source in asked["sources"] if source["kind"] in {"agent_orange", "deaths"}]
    asked["brakes"] = {"control_total": {"agent_orange": 1_000_000}}
    plan.write_text(yaml.safe_dump(asked), encoding="utf-8")
    braked = office("run", plan, "--out", "braked")
    assert braked.returncode == 3, braked.stderr
    folder = office.folder / "braked"
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["status"] == "braked"
    for name in ("reconciliation.csv", "rejects.csv", "validation/index.html"):
        assert (folder / name).is_file(), name
    for name in ("findings.csv", "recommendations.csv", "lists"):
        assert not (folder / name).exists(), name


def test_killed_at_any_step_it_goes_on_to_the_same_result(office: Office, run: Path) -> None:
    command = [sys.executable, "-m", "eligibility_audit", "run", str(office.plan), "--out", "killed"]
    aside = office.folder / ".killed.partial" / "steps"
    for waited_for in ("read-0002", "validate", "assess"):
        process = subprocess.Popen(
            command,
            env=office.env,
            cwd=office.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 120
        while time.monotonic() < until and process.poll() is None:
            if any(path.name.startswith(waited_for) for path in (aside.iterdir() if aside.is_dir() else ())):
                break
            time.sleep(0.02)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not (office.folder / "killed").exists() or waited_for == "assess"
    assert office("run", office.plan, "--out", "killed").returncode == 0
    for name in CONTRACT:
        assert (run / name).read_bytes() == (office.folder / "killed" / name).read_bytes(), name


def test_nobodys_name_or_number_reaches_prefect_or_the_logs(
    office: Office, run: Path, second: "subprocess.CompletedProcess[str]"
) -> None:
    """Canaries: every name and number of a recommendation, looked for in Prefect's database and what was printed."""
    made = rows(run / "recommendations.csv")
    canaries = {row["name"] for row in made} | {row["national_id"] for row in made if row["national_id"]}
    assert canaries
    kept = second.stdout + second.stderr
    for database in (office.folder / "prefect").rglob("*.db"):
        with sqlite3.connect(database) as connection:
            kept += "\n".join(connection.iterdump())
    assert "read and standardise a source" in kept  # Prefect's database was looked at
    assert [canary for canary in canaries if canary and canary in kept] == []


def test_explain_says_where_a_recommendation_comes_from(office: Office, run: Path) -> None:
    row = rows(run / "recommendations.csv")[0]
    told = office("explain", row["recommendation_id"], "--run", "first")
    assert told.returncode == 0, told.stderr
    assert row["source_file"] in told.stdout
    assert row["source_row"] in told.stdout


def test_verify_finds_one_flipped_byte(office: Office, run: Path) -> None:
    copy = office.folder / "copy"
    shutil.copytree(run, copy, dirs_exist_ok=True)
    assert office("verify", "copy").returncode == 0
    data = bytearray((copy / "recommendations.csv").read_bytes())
    data[-3] ^= 1
    (copy / "recommendations.csv").write_bytes(data)
    damaged = office("verify", "copy")
    assert damaged.returncode == 4
    assert "recommendations.csv" in damaged.stderr
