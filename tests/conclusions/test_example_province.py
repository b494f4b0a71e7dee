"""The ledger of the example province, against its answer key."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from eligibility_audit import linkage
from eligibility_audit.domain.ledger import Ledger
from eligibility_audit.domain.plan import Source
from eligibility_audit.readers import SourceSpec, read_source
from eligibility_audit.standardise import assign_record_ids, standardise_sheet
from eligibility_audit.use_cases.follow_conclusions import follow
from eligibility_audit.use_cases.load_conclusions import Followed
from eligibility_audit.use_cases.load_plan import load_plan

pytestmark = [pytest.mark.shared, pytest.mark.slow]
KEY = b"k" * 32


def records_of(source: Source, base: Path, as_of: date) -> pd.DataFrame:
    spec = SourceSpec(kind=source.kind, path=source.path or "", sheets=source.sheets, columns=dict(source.columns))
    parts = [standardise_sheet(sheet, as_of).records for sheet in read_source(spec, base)]
    return assign_record_ids(pd.concat(parts, ignore_index=True), KEY, source.kind)


@pytest.fixture(scope="module")
def province() -> tuple[Ledger, list[dict[str, Any]]]:
    folder = Path(__file__).parents[2].parent / "shared" / "rosters"
    if not folder.is_dir():
        pytest.skip("../shared is absent")
    plan = load_plan(folder / "province" / "audit.yaml")
    wanted = {"agent_orange", "deaths", "inspection_findings"}
    sources = [source for source in plan.sources if source.kind in wanted]
    records = {source.kind: records_of(source, folder / "province", plan.as_of) for source in sources}
    links = linkage.link_people(linkage.people(records))
    made = follow(records, links.pairs, links.candidates, Followed(), as_of=plan.as_of, key=KEY)
    truth = [json.loads(line) for line in (folder / "key" / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    return made, truth


def keyed(made: Ledger, truth: list[dict[str, Any]]) -> pd.DataFrame:
    """The ledger's lines with what the key says of each: `entity_id`, `cat`, `dossier_state`, `on_roster`."""
    roster = {row["entity_id"] for row in truth if row["prog"] == "AO"}
    rows = {
        (row["file"], row["sheet"], row["excel_row"]): {
            "entity_id": row["entity_id"],
            "on_roster": row["entity_id"] in roster,
            **row["x"],
        }
        for row in truth
        if row["prog"] == "FI"
    }
    places = zip(made.lines["source_file"], made.lines["source_sheet"], made.lines["source_row"], strict=True)
    return pd.concat([made.lines, pd.DataFrame([rows[place] for place in places])], axis=1)


def test_the_ledger_holds_every_line_of_both_annexes(province: tuple[Ledger, list[dict[str, Any]]]) -> None:
    made, truth = province
    expected = Counter(row["x"]["kl"] for row in truth if row["prog"] == "FI")
    assert Counter(made.lines["conclusion_no"]) == expected
    whole = made.reconciliation[made.reconciliation["finding_group"] == ""]
    assert dict(zip(whole["conclusion_no"], whole["lines"], strict=True)) == expected


def test_whoever_is_on_the_roster_is_found_and_nobody_else(province: tuple[Ledger, list[dict[str, Any]]]) -> None:
    lines = keyed(*province)
    assert (lines["on_roster"] == (lines["person_record_ids"] != "")).all()
    assert not (lines["bound"] == "several").any()


def test_each_line_is_bound_to_the_person_that_the_key_says(province: tuple[Ledger, list[dict[str, Any]]]) -> None:
    lines = keyed(*province)
    found = lines[lines["person_record_ids"] != ""]
    assert found.groupby("entity_id")["person_record_ids"].nunique().eq(1).all()
    assert found.groupby("person_record_ids")["entity_id"].nunique().eq(1).all()
    assert lines.groupby("person")["entity_id"].nunique().eq(1).all()
    assert lines.groupby("entity_id")["person"].nunique().eq(1).all()


def test_a_number_is_only_trusted_where_it_is_the_persons(province: tuple[Ledger, list[dict[str, Any]]]) -> None:
    lines = keyed(*province)
    trusted = lines[lines["bound"] == "dossier"]
    assert set(trusted["dossier_state"]) == {"ok"}
    assert set(lines.loc[lines["dossier_state"].isin(["missing", "typo", "other"]), "bound"]) == {"identity"}


def test_the_later_conclusion_counts(province: tuple[Ledger, list[dict[str, Any]]]) -> None:
    lines = keyed(*province)
    last = lines[lines["kl"] == "KL-B"].set_index("entity_id")["cat"]
    both = lines[(lines["kl"] == "KL-A") & lines["entity_id"].isin(last.index)]
    assert len(both) == 11
    assert (both["changed_by"] == "KL-B").all()
    cleared = both["entity_id"].map(last) == "cleared"
    assert (both["state"] == cleared.map({True: "cleared", False: "to_review"})).all()
    alone = lines[~lines["entity_id"].isin(both["entity_id"])]
    assert (alone.loc[alone["cat"] == "cleared", "state"] == "cleared").all()
    assert (alone.loc[(alone["cat"] != "cleared") & alone["on_roster"], "state"] == "to_review").all()
    assert (alone.loc[(alone["cat"] != "cleared") & ~alone["on_roster"], "state"] == "not_found").all()


def test_every_handling_of_the_annexes_is_in_the_vocabulary(province: tuple[Ledger, list[dict[str, Any]]]) -> None:
    assert (province[0].lines["handling_unknown"] == "").all()
    assert (province[0].lines["handlings"] != "").all()
