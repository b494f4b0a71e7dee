"""Silence is an alarm: a night that did not run, came late, did not end, ran twice, or whose word is not ours."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from eligibility_audit.settings import Settings
from eligibility_audit.use_cases.nights.heartbeat import END, FILE, REFUSED, START, beat, look
from eligibility_audit.use_cases.nights.home import NightHome

KEY: Final = b"k" * 32
DUE: Final = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)  # 01:00 of 11 March in Hà Nội
MORNING: Final = DUE + timedelta(hours=6)


@pytest.fixture
def home(tmp_path: Path) -> NightHome:
    return NightHome(tmp_path)


def codes(home: NightHome, now: datetime = MORNING, key: bytes = KEY) -> list[str]:
    return [alarm.code for alarm in look(home, key, Settings(), now)]


def night(home: NightHome, start: datetime, minutes: int | None = 40, status: str = "done") -> None:
    label = (start + timedelta(hours=7)).date().isoformat()
    beat(home, KEY, start, START, label)
    if minutes is not None:
        beat(home, KEY, start + timedelta(minutes=minutes), END, label, status=status)


@pytest.mark.parametrize(
    ("start", "minutes", "status", "now", "expected"),
    [
        pytest.param(DUE, 40, "done", MORNING, [], id="ran in time and ended well"),
        pytest.param(DUE, None, "", DUE + timedelta(hours=1), [], id="still running"),
        pytest.param(DUE, None, "", MORNING + timedelta(hours=1), ["unfinished"], id="killed: began and never ended"),
        pytest.param(DUE - timedelta(days=1), 40, "done", MORNING, ["missing"], id="ran last night, not tonight"),
        pytest.param(DUE - timedelta(days=1), 40, "done", DUE + timedelta(minutes=20), [], id="tonight may yet begin"),
        pytest.param(DUE + timedelta(hours=2), 40, "done", MORNING, ["late"], id="two hours late"),
        pytest.param(DUE, 40, "braked", MORNING, ["braked"], id="a brake held it"),
        pytest.param(DUE, 40, "failed", MORNING, ["failed"], id="it failed"),
        pytest.param(DUE, 40, "done", DUE - timedelta(hours=1), ["clock"], id="the clock is set back to before it"),
    ],
)
def test_what_is_said_of_a_night(
    home: NightHome, start: datetime, minutes: int | None, status: str, now: datetime, expected: list[str]
) -> None:
    night(home, start, minutes, status)
    assert [code for code in codes(home, now) if not (expected == ["clock"] and code == "missing")] == expected


def test_no_night_at_all_is_missing(home: NightHome) -> None:
    assert codes(home) == ["missing"]


def test_a_second_night_at_once_is_told(home: NightHome) -> None:
    beat(home, KEY, DUE, START, "2026-03-11")
    beat(home, KEY, DUE + timedelta(minutes=5), REFUSED, "2026-03-11")
    beat(home, KEY, DUE + timedelta(minutes=40), END, "2026-03-11", status="done")
    assert codes(home) == ["overlap"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('"braked"', '"done"', id="a braked night made to look good"),
        pytest.param("2026-03-10T18", "2026-03-11T18", id="an old night made to look new"),
    ],
)
def test_an_altered_word_is_a_false_signature(home: NightHome, old: str, new: str) -> None:
    night(home, DUE, status="braked")
    file = home.folder / FILE
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert codes(home) == ["signature"]


def test_a_word_taken_out_or_another_key_is_a_false_signature(home: NightHome) -> None:
    night(home, DUE - timedelta(days=1))
    night(home, DUE)
    assert codes(home, key=b"other" * 8) == ["signature"]
    file = home.folder / FILE
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")
    assert codes(home) == ["signature"]


def test_half_a_line_of_a_machine_that_went_down_is_no_word(home: NightHome) -> None:
    night(home, DUE - timedelta(days=1))
    with (home.folder / FILE).open("a", encoding="utf-8") as file:
        file.write('{"event": "sta')
    night(home, DUE)
    assert codes(home) == []
