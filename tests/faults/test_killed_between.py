"""What `make chaos` (docs/faults.md) is for at its dearest moments: between two writes that belong together."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from xlsxwriter.exceptions import FileCreateError

from eligibility_audit.cli import application
from eligibility_audit.errors import UsageError
from eligibility_audit.law.files import Law
from eligibility_audit.use_cases import run_audit, run_night
from eligibility_audit.use_cases.nights import metrics
from eligibility_audit.use_cases.nights.home import NightHome
from eligibility_audit.use_cases.nights.kept import Kept
from eligibility_audit.use_cases.run_folder import RunFolder

WORKER = """
import multiprocessing, os, signal, time
from eligibility_audit.use_cases import in_processes
def idle(pids):
    in_processes.begin()
    pids.put(os.getpid())
    time.sleep(600)
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    pids = context.Queue()
    context.Process(target=idle, args=(pids,)).start()
    print(pids.get(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def writing(out: Path) -> None:
    (out / "file.txt").write_text("một", encoding="utf-8")


def finished(place: Path, inputs: dict[str, Any], kept: Kept | None = None) -> None:
    folder = RunFolder(place, inputs, kept=kept)
    assert not folder.is_finished()
    with folder:
        folder.finish(folder.step("publish", "k", writing), {"status": "done"})


def test_killed_after_the_folder_was_moved_nothing_of_it_stays_aside(tmp_path: Path) -> None:
    finished(tmp_path / "run", {"plan": 1})
    left = tmp_path / ".run.partial" / "steps"
    left.mkdir(parents=True)
    assert RunFolder(tmp_path / "run", {"plan": 1}).is_finished()
    assert not left.parent.exists()


def test_a_worker_of_a_killed_run_that_still_writes_writes_into_no_step_of_the_next(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "run", {"plan": 1}) as killed:
        left = killed.aside / "steps" / "read-a.half-1"
        left.mkdir(parents=True)
    with RunFolder(tmp_path / "run", {"plan": 1}) as folder:
        assert not left.exists()
        folder.step("read", "a", lambda out: (out / "own").touch() if out != left else pytest.fail("the same folder"))


def test_a_night_killed_before_it_ended_whose_lists_change_then_is_made_anew(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept")
    finished(tmp_path / "run", {"lists": "of the killed start"}, kept)
    finished(tmp_path / "run", {"lists": "of tonight"}, kept)
    assert json.loads((tmp_path / "run" / "manifest.json").read_bytes())["inputs"] == {"lists": "of tonight"}


def test_a_start_that_goes_on_drops_no_kept_step_that_it_did_not_look_at(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept")
    with RunFolder(tmp_path / "run", {"plan": 1}, kept=kept) as folder:
        folder.step("read-0000", "a", writing, keep="read")
    again = Kept(tmp_path / "kept")
    with RunFolder(tmp_path / "run", {"plan": 1}, kept=again) as folder:
        folder.step("read-0000", "a", writing, keep="read")
        folder.step("read-0001", "b", writing, keep="read")
    assert again.sweep() == 0
    assert sorted(path.name for path in kept.folder.iterdir()) == ["read-a", "read-b"]
    assert Kept(tmp_path / "kept").sweep() == 0  # one that found its run finished used none


def test_the_measures_of_a_killed_start_of_tonight_are_not_those_of_a_night_before(tmp_path: Path) -> None:
    for label in ("2026-01-01", "2026-01-02"):
        metrics.keep(tmp_path, tmp_path, label, {"pairs": len(label), "of": label}, [])
    assert [each["of"] for each in metrics.earlier(tmp_path, "2026-01-02")] == ["2026-01-01"]


@pytest.mark.parametrize(
    ("status", "taken"),
    [
        pytest.param("done", True, id="ended, killed before it was taken over"),
        pytest.param("braked", False, id="killed before it ended, then braked under the same name"),
        pytest.param(None, False, id="killed before it ended"),
    ],
)
def test_only_a_night_that_ended_well_is_the_last_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str | None, taken: bool
) -> None:
    home = NightHome(tmp_path)
    (tmp_path / ".last.next").mkdir()
    monkeypatch.setattr(run_night, "read_last_night", lambda _folder: SimpleNamespace(label="2026-01-02"))
    if status:
        home.end("2026-01-02", {"status": status, "statements": {"state": "current", "night": "2026-01-02"}})
    run_night.settle(home)
    assert home.last.exists() is taken
    assert home.statements()["state"] == ("current" if taken else "none")


def test_a_disk_without_room_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device", "runs/0001/links.csv")

    monkeypatch.setattr(application, "app", full)
    with pytest.raises(SystemExit) as ended:
        application.main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert "links.csv" in said
    assert "goes on" in said
    assert "Traceback" not in said


def test_a_store_that_is_gone_is_a_sentence_without_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_run: object) -> None:
        raise OperationalError("select", {}, Exception("postgresql://audit:secret@db"))

    run = SimpleNamespace(law=Law(), folder=SimpleNamespace(aside=tmp_path))
    monkeypatch.setitem(run_audit._open, "run", run)
    with pytest.raises(UsageError, match="store cannot be reached") as said:
        run_audit._step(gone)("run")
    assert "secret" not in str(said.value)


def test_a_full_disk_under_a_library_s_own_name_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_run: object) -> None:
        try:
            Path("/dev/full").write_text("x", encoding="utf-8")
        except OSError as error:
            raise FileCreateError(error) from None

    monkeypatch.setitem(run_audit._open, "run", SimpleNamespace(law=Law()))
    with pytest.raises(OSError, match="No space left"):
        run_audit._step(full)("run")


def test_the_workers_of_a_killed_run_end_with_it(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(WORKER, encoding="utf-8")
    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    until = time.monotonic() + 20
    while _lives(int(ended.stdout)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _lives(int(ended.stdout))


def _lives(process: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
