"""The chain of a family in words: the parent, how found, its state; who else hangs on the same file."""

from pathlib import Path

import pytest

from eligibility_audit.use_cases.explain_family import family_chain
from tests.rules.facts.invented import lists

FATHER = {"record_id": "agent_orange-f", "claim": "veteran", "name": "Trịnh Văn Thử", "dossier_no": "HH037155"}
CHILD = {"claim": "child", "parent_name": "Trịnh Văn Thử", "parent_dossier_no": "HH 37155", "dossier_no": None}


def _chain(folder: Path, record_id: str) -> list[str]:
    return list(family_chain(folder, record_id, lambda other: f"<{other}>"))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "records").mkdir()
    children = [{**CHILD, "record_id": f"agent_orange-{n}", "name": f"Trịnh Thị {n}"} for n in ("a", "b")]
    lost = {**CHILD, "record_id": "agent_orange-l", "name": "Lê Thị Lạc", "parent_dossier_no": "HH000999"}
    alone = {**FATHER, "record_id": "agent_orange-x", "name": "Lê Văn Một", "dossier_no": "HH000001"}
    frame = lists(agent_orange=[FATHER, *children, lost, alone])["agent_orange"]
    frame.to_parquet(tmp_path / "records" / "agent_orange.parquet")
    return tmp_path


def test_a_child_is_shown_the_parents_file_how_it_was_found_and_its_state(run: Path) -> None:
    said = _chain(run, "agent_orange-a")
    assert "số hồ sơ / dossier HH 37155" in said[0]
    assert "agent_orange-f" in said[1]
    assert "theo số hồ sơ" in said[1]
    assert said[2].endswith("<agent_orange-f>")
    assert "no child is stopped for another's file" in said[3]
    assert said[4].startswith("anh chị em, xét riêng")
    assert said[4].endswith("<agent_orange-b>")


def test_a_parent_who_is_not_on_the_roster_says_nothing_against_the_child(run: Path) -> None:
    said = _chain(run, "agent_orange-l")
    assert len(said) == 2
    assert "không phải là điều bất lợi cho người con" in said[1]


def test_a_veteran_is_shown_the_children_whose_claims_hang_on_the_file(run: Path) -> None:
    said = _chain(run, "agent_orange-f")
    assert [line.split(":")[0] for line in said] == ["người con / child"] * 2
    assert _chain(run, "agent_orange-x") == []
    assert _chain(run, "r-nobody") == []
    assert _chain(run.parent, "agent_orange-a") == [], "no such roster in the run"
