"""CSV, JSON Lines and Parquet of the same lines, and the published schema that they keep to."""

import json
from pathlib import Path

import pandas as pd
import pytest
from jsonschema import Draft202012Validator

from eligibility_audit.publish import RECOMMENDATIONS, read_csv, write_interchange
from eligibility_audit.publish.interchange import COLUMNS, schema

from .invented import EVERY, VERIFY, recommendations

PUBLISHED = Path(__file__).parents[2] / "docs" / "recommendations.schema.json"


def lines(folder: Path, made: pd.DataFrame) -> list[dict[str, object]]:
    write_interchange(made, folder / "r.jsonl")
    return [json.loads(line) for line in (folder / "r.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_published_schema_is_the_one_that_the_program_keeps_to() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == schema()
    Draft202012Validator.check_schema(schema())


def test_every_line_keeps_to_the_schema(tmp_path: Path) -> None:
    bare = {"action": "verify", "law_mark": "to_verify", "programme": "agent_orange", "rule_ids": "AO_RATE"}
    made = lines(tmp_path, recommendations([*EVERY, bare]))
    faults = [fault.message for line in made for fault in Draft202012Validator(schema()).iter_errors(line)]
    assert faults == []
    assert len(made) == len(EVERY) + 1
    assert [*made[0]] == list(COLUMNS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"action": "keep"}, "is not one of", id="an action that there is not"),
        pytest.param({"months": 1.5}, "is not of type", id="half a month"),
        pytest.param({"extra": 1}, "Additional properties", id="a field that there is not"),
        pytest.param({"recommendation_id": None}, "is not of type", id="no id"),
    ],
)
def test_the_schema_refuses_what_is_not_of_the_contract(
    change: dict[str, object], message: str, tmp_path: Path
) -> None:
    (line, *_) = lines(tmp_path, recommendations())
    assert any(message in fault.message for fault in Draft202012Validator(schema()).iter_errors(line | change))


def test_the_three_formats_hold_the_same_lines_and_texts_as_received(tmp_path: Path) -> None:
    made = recommendations([*EVERY, {**VERIFY, "name": '=HYPERLINK("x")', "reason_vi": "hai\ndòng"}])
    for name in ("csv", "parquet"):
        write_interchange(made, tmp_path / f"r.{name}")
    csv, parquet = read_csv(tmp_path / "r.csv"), pd.read_parquet(tmp_path / "r.parquet")
    told = lines(tmp_path, made)
    for column in (*RECOMMENDATIONS, "list"):
        assert csv[column].astype("string").fillna("").tolist() == parquet[column].astype("string").fillna("").tolist()
    assert [line["name"] for line in told] == [None if pd.isna(n) else n for n in parquet["name"]]
    assert '=HYPERLINK("x")' in parquet["name"].tolist()
    assert "'=HYPERLINK" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    assert sum(line["amount_to_clarify"] or 0 for line in told) == int(made["amount_to_clarify"].fillna(0).sum())
