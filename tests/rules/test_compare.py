"""A preview of another law: what is new, gone and changed, money both ways, before anything is used."""

import json
from pathlib import Path

import pandas as pd
import pytest

from eligibility_audit.errors import LawError, UsageError
from eligibility_audit.recommend.difference import difference
from eligibility_audit.rules.assess import COLUMNS
from eligibility_audit.use_cases.compare_law import compare_laws
from tests.rules.rosters import law, line, plan, run

LATER_PAPERS = """
paper_cutoff:
  values:
    - {valid_from: 2020-01-01, value: "1975-01-01", mark: to_verify, source: thử, last_checked: 2026-12-01}
"""
MORE_MONEY = """
allowances:
  values:
    - valid_from: 2019-07-01
      known_from: 2026-12-01
      value: {ao_21_40: 1234000, ao_41_60: 2162000, ao_61_80: 2891000, ao_81: 3703000, suppl_81: 815000,
              suppl_81_special: 1624000, serving_person: 1624000, child_61_80: 974000, child_81: 1624000}
      mark: to_verify
      source: thử
      last_checked: 2026-12-01
"""


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, encoding="utf-8-sig", dtype_backend="pyarrow")


def test_a_new_amount_is_previewed_with_money_and_communes(tmp_path: Path) -> None:
    path = plan(tmp_path / "lists", *(line(n) for n in range(1, 6)), line(6, amount="2.162.000"))
    folder = law(tmp_path / "law", {"agent_orange/parameters.yaml": MORE_MONEY})
    told = compare_laws(path, ["installed", str(folder)], tmp_path / "out")
    assert "thêm 5 hồ sơ có đề xuất, bớt 1" in told
    assert "AO_RATE (agent_orange): 1 → 5; +5 −1 ~0" in told
    assert "thêm 500.000" in told, "five people are paid 100.000 less than the new table says"
    rules = read(tmp_path / "out" / "rules.csv").set_index("rule_id").loc["AO_RATE"]
    assert rules[["owed_more", "owed_less", "clarify_more", "clarify_less"]].tolist() == [500_000, 0, 0, 100_000]
    changes = read(tmp_path / "out" / "changes.csv")
    assert changes["change"].tolist() == ["new"] * 5 + ["gone"]
    communes = read(tmp_path / "out" / "communes.csv")
    assert communes[["new", "gone"]].sum().tolist() == [5, 1]
    assert len(communes) == 2
    actions = read(tmp_path / "out" / "actions.csv")
    assert actions[["action_a", "action_b", "records"]].values.tolist() == [
        ["adjust", "keep", 1],
        ["keep", "adjust", 5],
    ]
    manifest = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert manifest["laws"]["b"]["folders"][-1]["version"] == "1"
    assert manifest["counts"] == {"new": 5, "gone": 1, "changed": 0}


def test_what_is_previewed_is_what_a_run_then_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = plan(tmp_path / "lists", *(line(n) for n in range(1, 5)))
    folder = law(tmp_path / "law", {"agent_orange/parameters.yaml": LATER_PAPERS})
    compare_laws(path, ["installed", str(folder)], tmp_path / "out")
    _, before, _ = run(path, tmp_path / "one")
    monkeypatch.setenv("EA_LAW", str(folder))
    _, after, _ = run(path, tmp_path / "two")
    changes = read(tmp_path / "out" / "changes.csv")
    new = changes.loc[changes["change"] == "new", "record_id"].tolist()
    assert sorted(new) == sorted(set(after["record_id"]) - set(before["record_id"]))


def test_the_same_law_twice_differs_in_nothing(tmp_path: Path) -> None:
    path = plan(tmp_path / "lists", line(1, amount="1.000.000"))
    told = compare_laws(path, ["installed", "known:2026-11-22"], tmp_path / "out")
    assert "cùng một kết quả" in told
    assert read(tmp_path / "out" / "changes.csv").empty


def test_nothing_is_left_beside_the_folder(tmp_path: Path) -> None:
    path = plan(tmp_path / "lists", line(1))
    compare_laws(path, ["installed", "installed"], tmp_path / "at" / "out")
    assert [p.name for p in (tmp_path / "at").iterdir()] == ["out"]


@pytest.mark.parametrize("laws", [[], ["installed"], ["installed"] * 3])
def test_two_laws_are_compared(tmp_path: Path, laws: list[str]) -> None:
    with pytest.raises(UsageError, match="--law"):
        compare_laws(plan(tmp_path, line(1)), laws, tmp_path / "out")


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="--out"):
        compare_laws(plan(tmp_path, line(1)), ["installed", "installed"], tmp_path / "out")


def test_no_folder_of_law_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="nowhere"):
        compare_laws(plan(tmp_path, line(1)), ["installed", str(tmp_path / "nowhere")], tmp_path / "out")


def test_nothing_against_nothing_is_nothing() -> None:
    from eligibility_audit.recommend import recommend

    none = pd.DataFrame({n: pd.array([], dtype=t) for n, t in COLUMNS.items()})
    made = recommend(none, {}, as_of=pd.Timestamp("2020-12-31").date(), key=b"k" * 16)
    found = difference((none, none), (made, made))
    assert found.count("new") == 0
    assert found.money("owed_more") == 0
