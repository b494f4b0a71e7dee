"""A run takes a kept linkage model, which is an input of it; what blocking lost and what has drifted is said."""

import json
from pathlib import Path

import pytest

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.settings import load_settings
from eligibility_audit.use_cases.model_asked import linking_counts, linking_notes, model_asked
from eligibility_audit.use_cases.summarise_run import default_folder
from tests.rules import rosters

LOST = {"found_matches": 995.0, "lost_matches": 5.0, "lost_share": 0.005, "lost_share_from": 0.001}


def test_a_run_with_the_model_of_another_run_keeps_it_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = rosters.plan(tmp_path / "plan", *(rosters.line(number) for number in range(1, 25)))
    _, _, first = rosters.run(plan, tmp_path / "first")
    own_folder = default_folder(plan, tmp_path / "runs")
    monkeypatch.setenv("EA_MODEL", str(first.steps["link"] / "model.yaml"))
    _, _, second = rosters.run(plan, tmp_path / "second")
    models = [(run.steps["link"] / "model.yaml").read_bytes() for run in (first, second)]
    assert models[0] == models[1]
    assert default_folder(plan, tmp_path / "runs") != own_folder
    report = json.loads((second.steps["link"] / "link_report.json").read_text(encoding="utf-8"))
    assert linking_counts(report)["drift"]["changed"] == "none"
    assert first.folder.inputs_digest != second.folder.inputs_digest


def test_roles_alone_are_no_model_for_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "roles.yaml").write_text("{id: a, columns: {name: b}}", encoding="utf-8")
    monkeypatch.setenv("EA_MODEL", str(tmp_path / "roles.yaml"))
    with pytest.raises(UsageError, match=r"roles.yaml chưa có trọng số"):
        model_asked(load_settings())
    monkeypatch.setenv("EA_MODEL", str(tmp_path / "nowhere.yaml"))
    with pytest.raises(InputError, match=r"nowhere.yaml"):
        model_asked(load_settings())


@pytest.mark.parametrize(
    ("report", "said"),
    [
        pytest.param({}, [], id="too few matches to tell: nothing is said"),
        pytest.param({"blocking": LOST | {"lost_share_to": 0.0049}}, [], id="less than half a point is lost"),
        pytest.param({"blocking": LOST | {"lost_share_to": 0.02}}, ["0.5%"], id="perhaps two points are lost"),
        pytest.param({"drift": {"changed": "none", "fields": []}}, [], id="the model fits"),
        pytest.param(
            {"drift": {"changed": "much", "fields": [{"field": "name", "index": 0.4}]}}, ["name"], id="it does not fit"
        ),
    ],
)
def test_one_sentence_for_what_matters(report: dict[str, object], said: list[str]) -> None:
    notes = linking_notes(report)
    assert len(notes) == len(said)
    assert all(word in note for word, note in zip(said, notes, strict=True))


def test_the_manifest_keeps_the_figures_but_not_the_long_list_of_fields() -> None:
    report = {"blocking": LOST, "drift": {"changed": "some", "most": 0.2, "fields": [{"field": "name"}]}}
    assert linking_counts(report) == {"blocking": LOST, "drift": {"changed": "some", "most": 0.2}}
