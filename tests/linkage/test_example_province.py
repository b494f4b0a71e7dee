"""The example province, as a perfect reader gets it: precision of all links, recall by what the two lines share."""

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from eligibility_audit.linkage import link_people
from eligibility_audit.linkage.people import COLUMNS

KEY = Path(__file__).parents[2].parent / "shared" / "rosters" / "key"
KINDS = {
    "AO": "agent_orange",
    "ME": "merit_other",
    "SA": "social_assistance",
    "CV": "covid_relief",
    "EXT": "covid_relief",
    "PH": "poor_households",
    "DE": "deaths",
    "PE": "pensions",
    "SV": "service_records",
    "FI": "inspection_findings",
}
RECALL = {"id": 0.999, "name_dob_commune": 0.999, "name_dob": 0.95, "name_year_commune": 0.99}


@pytest.mark.shared
@pytest.mark.skipif(not KEY.is_dir(), reason="../shared is absent")
def test_links_of_the_example_province() -> None:
    lines = [json.loads(line) for line in (KEY / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = pd.DataFrame(lines).rename(columns={"dob": "date_of_birth", "id": "national_id"})
    rows["record_id"] = rows["row_id"].astype(str)
    rows["kind"] = rows["prog"].map(KINDS)
    rows["line"] = rows["file"] + "/" + rows["sheet"] + "/" + rows["excel_row"].astype(str)
    people = rows.reindex(columns=list(COLUMNS)).astype("string[pyarrow]")
    pairs = link_people(people).pairs
    who = dict(zip(rows["record_id"], rows["entity_id"], strict=True))
    found = list(zip(pairs["left_record_id"], pairs["right_record_id"], strict=True))
    assert sum(who[a] == who[b] for a, b in found) / len(found) >= 0.995
    linked = {frozenset(pair) for pair in found}
    truth = pd.read_csv(KEY / "truth_links.csv", dtype=str)
    there, hit = Counter(truth["evidence"]), Counter[str]()
    for a, b, evidence in zip(truth["row_id_l"], truth["row_id_r"], truth["evidence"], strict=True):
        hit[evidence] += frozenset((a, b)) in linked
    assert {e: hit[e] / there[e] >= least for e, least in RECALL.items()} == dict.fromkeys(RECALL, True)
