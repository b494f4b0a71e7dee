"""The run folder: whole or not there; resumed where it was stopped; never over somebody else's."""

import json
from pathlib import Path

import pytest

from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.use_cases.run_folder import RunFolder, read_manifest
from eligibility_audit.use_cases.verify_run import verify_run


def write(text: str) -> "object":
    def make(out: Path) -> None:
        (out / "file.txt").write_text(text, encoding="utf-8")

    return make


def finished(place: Path, text: str = "một") -> Path:
    folder = RunFolder(place, {"plan": 1})
    assert not folder.is_finished()
    with folder:
        whole = folder.step("publish", "k", write(text))  # type: ignore[arg-type]
        folder.finish(whole, {"status": "done"})
    return place


def test_a_finished_run_is_left_as_it_is(tmp_path: Path) -> None:
    place = finished(tmp_path / "run")
    assert RunFolder(place, {"plan": 1}).is_finished()
    assert (place / "file.txt").read_text(encoding="utf-8") == "một"
    assert not (tmp_path / ".run.partial").exists()


def test_a_folder_of_other_inputs_is_refused(tmp_path: Path) -> None:
    place = finished(tmp_path / "run")
    with pytest.raises(UsageError, match="--out"):
        RunFolder(place, {"plan": 2}).is_finished()


def test_a_folder_with_anything_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.docx").touch()
    with pytest.raises(UsageError, match="--out"):
        RunFolder(tmp_path / "letters", {"plan": 1}).is_finished()


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    finished(tmp_path / "run")


def test_a_run_stopped_in_a_step_makes_that_step_anew_and_keeps_those_before(tmp_path: Path) -> None:
    made: list[str] = []

    def step(name: str, fail: bool = False) -> "object":
        def make(out: Path) -> None:
            (out / "half").touch()
            if fail:
                raise KeyboardInterrupt
            made.append(name)

        return make

    with RunFolder(tmp_path / "run", {"plan": 1}) as folder:
        folder.step("read", "a", step("read"))  # type: ignore[arg-type]
        with pytest.raises(KeyboardInterrupt):
            folder.step("link", "b", step("link", fail=True))  # type: ignore[arg-type]
    with RunFolder(tmp_path / "run", {"plan": 1}) as folder:
        folder.step("read", "a", step("read"))  # type: ignore[arg-type]
        folder.step("link", "b", step("link"))  # type: ignore[arg-type]
    assert made == ["read", "link"]


def test_what_other_inputs_left_half_done_is_not_used(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "run", {"plan": 1}) as folder:
        folder.step("read", "a", write("của kế hoạch cũ"))  # type: ignore[arg-type]
    with RunFolder(tmp_path / "run", {"plan": 2}) as folder:
        done = folder.step("read", "a", write("mới"))  # type: ignore[arg-type]
    assert (done / "file.txt").read_text(encoding="utf-8") == "mới"


def test_two_runs_at_one_place_are_refused(tmp_path: Path) -> None:
    with (
        RunFolder(tmp_path / "run", {"plan": 1}),
        pytest.raises(UsageError, match="another run"),
        RunFolder(tmp_path / "run", {"plan": 1}),
    ):
        pass


def test_only_the_owner_can_read_a_run(tmp_path: Path) -> None:
    place = finished(tmp_path / "run")
    assert [path for path in [place, *place.rglob("*")] if path.stat().st_mode & 0o077] == []


def test_a_damaged_manifest_is_an_integrity_error(tmp_path: Path) -> None:
    place = finished(tmp_path / "run")
    (place / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(IntegrityError):
        read_manifest(place)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(lambda run: (run / "file.txt").write_text("hai"), "file.txt.*changed", id="one changed"),
        pytest.param(lambda run: (run / "file.txt").unlink(), "file.txt.*missing", id="one missing"),
        pytest.param(lambda run: (run / "more.csv").touch(), "more.csv.*not in the manifest", id="one too many"),
    ],
)
def test_verify_names_the_file_that_differs(tmp_path: Path, damage: object, said: str) -> None:
    place = finished(tmp_path / "run")
    assert "1" in verify_run(place)
    damage(place)  # type: ignore[operator]
    with pytest.raises(IntegrityError, match=said):
        verify_run(place)


def test_the_manifest_holds_the_inputs(tmp_path: Path) -> None:
    manifest = json.loads((finished(tmp_path / "run") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"] == {"plan": 1}
    assert manifest["status"] == "done"
