"""A capsule is recomputed from itself alone, and says at which step it differs and why."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.use_cases.keeping import capsule as sealed
from eligibility_audit.use_cases.keeping import replay_run as whole
from eligibility_audit.use_cases.keeping.capsule import Capsule
from eligibility_audit.use_cases.keeping.cut import kept_run
from eligibility_audit.use_cases.keeping.make_capsules import make_capsules
from eligibility_audit.use_cases.keeping.replay import differing, replay, replayed
from eligibility_audit.use_cases.keeping.replay_run import replay_run
from eligibility_audit.use_cases.verify_run import verify_run
from tests.keeping.conftest import KEY


@pytest.fixture(scope="module")
def one(capsules: list[Path]) -> Capsule:
    """A capsule of a veteran with a death."""
    found = [sealed.read(path) for path in capsules]
    return next(c for c in found if "deaths" in c.records and c.about["programme"] == "agent_orange")


def test_a_capsule_is_recomputed_and_what_hangs_on_the_whole_list_is_said(capsules: list[Path]) -> None:
    told = [replay(path) for path in capsules]
    assert [each.told() for each in told if not each.identical] == []
    taken = [each for each in told if any(each.taken.values())]
    assert all("taken from the run, not recomputed" in each.told() for each in taken)


def test_a_run_is_recomputed_whole(run: Path) -> None:
    told = replay_run(run)
    assert told.identical, told.told()
    assert "identical, steps 2–5" in told.told()


def test_a_pair_that_officers_judged_apart_is_taken_as_it_was(run: Path) -> None:
    kept = kept_run(run)
    apart, others = kept.pairs.head(1), kept.pairs.iloc[1:]
    lesser = [kept.candidates, apart.assign(comparisons='[{"field": "judgement", "level": "no_match", "weight": -30}]')]
    vars(kept).update(pairs=others, candidates=pd.concat(lesser, ignore_index=True))
    step, (then, now) = next(whole._steps(kept))
    assert (step, differing(then, now)) == (2, [])


def test_the_same_case_gives_the_same_bytes(run: Path, capsules: list[Path], tmp_path: Path) -> None:
    again = make_capsules(run, tmp_path, KEY, [capsules[0].stem])
    assert again[0].read_bytes() == capsules[0].read_bytes()


def test_no_key_and_no_host_is_in_a_capsule(one: Capsule, run: Path) -> None:
    key = (run.parent / "home" / "eligibility-audit.key").read_text().strip()
    text = b"".join(one.parts().values()).decode()
    assert key not in text
    assert str(run.parent) not in text


def _law(capsule: Capsule) -> Capsule:
    """Every ordinance under another name."""
    text = json.dumps(dict(capsule.law), ensure_ascii=False)
    return replace(capsule, law=json.loads(text.replace("Pháp lệnh", "Pháp lệnh cũ")))


def _findings(capsule: Capsule) -> Capsule:
    return replace(capsule, findings=capsule.findings.assign(evidence_tier="C"))


def _weight(capsule: Capsule) -> Capsule:
    changed = capsule.pairs["comparisons"].str.replace('"level": "', '"level": "not_', regex=False)
    return replace(capsule, pairs=capsule.pairs.assign(comparisons=changed))


def _record(capsule: Capsule) -> Capsule:
    kind = capsule.about["programme"]
    frame = capsule.records[kind]
    own = frame["record_id"].isin(capsule.about["records"])
    changed = frame.assign(date_of_birth=frame["date_of_birth"].mask(own, "1900-02-02"))
    return replace(capsule, records={**capsule.records, kind: changed})


def _line(capsule: Capsule) -> Capsule:
    return replace(capsule, recommendation=capsule.recommendation.assign(action="suspend"))


@pytest.mark.parametrize(
    ("change", "step"),
    [
        pytest.param(_record, 1, id="a birth date that was not received"),
        pytest.param(_weight, 2, id="another weight"),
        pytest.param(_law, 4, id="another law"),
        pytest.param(_findings, 4, id="another finding"),
        pytest.param(_line, 5, id="another action"),
    ],
)
def test_the_first_step_that_differs_is_named(one: Capsule, change: Callable[[Capsule], Capsule], step: int) -> None:
    told = replayed(change(one), "x", (step,))
    assert told.differences[0].step == step
    assert f"differs at step {step}" in told.told()
    assert "though code and packages are the same" in told.told()


@pytest.mark.parametrize(
    ("part", "said"),
    [
        pytest.param("rules", "the code of AO_", id="a rule"),
        pytest.param("code", "the code of this step was changed since", id="the step"),
        pytest.param("packages", "other packages: pandas 2.0.0 → ", id="a package"),
    ],
)
def test_the_cause_is_what_changed_since(one: Capsule, part: str, said: str) -> None:
    was: dict[str, Any] = json.loads(json.dumps(one.about["made_with"]))
    if part == "packages":
        was["packages"]["pandas"] = "2.0.0"
    else:
        was[part] = dict.fromkeys(was[part], "another")
    changed = _findings(replace(one, about={**one.about, "made_with": was}))
    assert said in replayed(changed, "x", (4,)).told()


def test_code_that_changed_without_another_answer_is_said_and_is_identical(one: Capsule) -> None:
    was = {**one.about["made_with"], "rules": dict.fromkeys(one.about["made_with"]["rules"], "another")}
    told = replayed(replace(one, about={**one.about, "made_with": was}), "x")
    assert told.identical
    assert "code changed since version" in told.told()


def test_words_of_a_replay_hold_no_personal_data(one: Capsule) -> None:
    told = replayed(_line(_record(one)), "x", (1, 5)).told()
    row = one.records[one.about["programme"]].set_index("record_id").loc[one.about["records"][0]]
    assert not [value for value in (row["name"], row["national_id"], row["date_of_birth"]) if str(value) in told]


def acts(**changed: Any) -> dict[str, Any]:
    steps = [
        {"seq": 1, "step": "look_up", "before": "recommended", "after": "office_lookup", "effect": None},
        {"seq": 2, "step": "clear", "before": "office_lookup", "after": "cleared", "effect": None},
    ]
    common = {"actor_role": "officer", "stated": {}}
    return {"steps": [{**common, **step} for step in steps], "ledger": [], "direction": None} | changed


def test_the_acts_of_officers_are_taken_again(one: Capsule) -> None:
    assert replayed(replace(one, acts=acts()), "x", (6,)).identical
    skipped = acts(steps=acts()["steps"][1:])
    assert replayed(replace(one, acts=skipped), "x", (6,)).differences[0].step == 6


def test_one_flipped_byte_anywhere_is_found(capsules: list[Path], tmp_path: Path) -> None:
    """Each part is named with its step; what is around the parts is named as such."""
    path = tmp_path / "c.zip"
    whole = capsules[0].read_bytes()
    path.write_bytes(whole)
    assert "Whole" in sealed.verify(path, KEY)
    named = set()
    for at in [*range(0, len(whole), max(1, len(whole) // 150)), *range(len(whole) - 160, len(whole), 7)]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(IntegrityError) as error:
            sealed.verify(path, KEY)
        named |= {part for part in sealed.PARTS if part in str(error.value)}
    assert {sealed.RECORDS, sealed.LAW, sealed.MODEL} <= named
    path.write_bytes(whole.replace(b"PK", b"XX", 1))
    with pytest.raises(IntegrityError, match="changed"):
        sealed.verify(path)


def test_a_part_is_named_with_its_step(one: Capsule, tmp_path: Path) -> None:
    content = sealed.packed(one, KEY)
    at = content.index(sealed.LAW.encode()) + len(sealed.LAW) + 40
    (tmp_path / "c.zip").write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
    with pytest.raises(IntegrityError, match=r"4-law\.json \(bước 4, .* / step 4, rules\)"):
        sealed.verify(tmp_path / "c.zip", KEY)


def test_another_key_is_named(capsules: list[Path]) -> None:
    with pytest.raises(IntegrityError, match="not sealed with this key"):
        sealed.verify(capsules[0], bytes(32))


def test_what_is_no_capsule_is_a_sentence(tmp_path: Path, run: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        sealed.verify(tmp_path / "none.zip")
    with pytest.raises(UsageError, match="recommends nothing"):
        make_capsules(run, tmp_path, KEY, ["c-none"])
    with pytest.raises(UsageError, match="finished run"):
        make_capsules(tmp_path, tmp_path, KEY)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("basis/findings.parquet", "step 3–4", id="findings"),
        pytest.param("records/deaths.parquet", "step 1", id="records"),
        pytest.param("links.csv", "step 2", id="links"),
        pytest.param("recommendations.csv", "step 5", id="recommendations"),
        pytest.param("manifest.json", "manifest", id="the manifest itself"),
    ],
)
def test_verify_names_the_flipped_byte_of_a_run(run: Path, name: str, said: str) -> None:
    file = run / name
    whole = file.read_bytes()
    at = whole.index(b'"counts"') + 30 if name == "manifest.json" else len(whole) // 2
    try:
        file.write_bytes(whole[:at] + b"\x39" + whole[at + 1 :])
        with pytest.raises(IntegrityError, match=said):
            verify_run(run)
    finally:
        file.write_bytes(whole)
    assert "whole" in verify_run(run)


def test_frames_come_back_as_they_were() -> None:
    from eligibility_audit.use_cases.keeping.tables import canonical, framed, told

    frame = pd.DataFrame(
        {
            "text": pd.array(["Đỗ", None], dtype="string[pyarrow]"),
            "whole": pd.array([2**60, None], dtype="Int64"),
            "part": pd.array([0.1 + 0.2, None], dtype="Float64"),
            "truth": pd.array([None, True], dtype="boolean"),
            "nothing": pd.array([None, None], dtype="Int64"),
        }
    )
    pd.testing.assert_frame_equal(framed(json.loads(canonical(told(frame)))), frame)
