"""The plan: strict, and each fault a sentence that names the key and the nearest known one."""

import pytest

from eligibility_audit.domain.plan import parse_plan, plan_schema
from eligibility_audit.errors import UsageError

DEATHS = {"kind": "deaths", "path": "deaths.csv"}


def plan(**changes: object) -> dict[str, object]:
    return {"name": "Rà soát 2020", "as_of": "2020-12-31", "sources": [DEATHS]} | changes


def source(**changes: object) -> dict[str, object]:
    return plan(sources=[DEATHS | changes])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(plan(souces=[]), "souces.*gần nhất.*`sources`", id="a mistyped key of the plan"),
        pytest.param(source(pth="x"), "pth.*`path`", id="a mistyped key of a source"),
        pytest.param(source(kind="death"), "'death'.*`deaths`", id="a mistyped kind"),
        pytest.param(plan(brakes={"reject_shar": 0.1}), "reject_shar.*`reject_share`", id="a mistyped brake"),
        pytest.param(plan(as_of="2020-02-31"), "as_of", id="a day that is none"),
        pytest.param(plan(as_of=2020), "as_of.*2020-12-31", id="a year in the place of a day"),
        pytest.param(plan(sources=[]), "sources", id="no source"),
        pytest.param({"name": "x", "as_of": "2020-12-31"}, "sources: thiếu", id="sources missing"),
        pytest.param(source(path=None), "either `path` or `sql`", id="a source without a place"),
        pytest.param(source(sql="bhxh.deaths", order_by="id"), "either `path` or `sql`", id="two places"),
        pytest.param(source(path=None, sql="bhxh.deaths"), "order_by", id="a table without an order"),
        pytest.param(source(path=None, sql="postgresql://u:p@h/x", order_by="id"), "sql", id="a URL in the plan"),
        pytest.param(source(columns={"nationalid": "CMND"}), "`national_id`", id="a mistyped field"),
        pytest.param(["name"], "mapping", id="a list in the place of a plan"),
        pytest.param(None, "mapping", id="an empty file"),
    ],
)
def test_a_fault_is_a_sentence(content: object, said: str) -> None:
    with pytest.raises(UsageError, match=f"(?s)audit.yaml.*{said}"):
        parse_plan(content, "audit.yaml")


def test_a_fault_in_a_source_does_not_also_say_that_there_are_too_few_sources() -> None:
    with pytest.raises(UsageError) as raised:
        parse_plan(source(kind="death"), "audit.yaml")
    assert "at least 1" not in str(raised.value)


def test_the_kinds_come_in_their_fixed_order() -> None:
    content = plan(sources=[DEATHS, {"kind": "agent_orange", "path": "a.xlsx"}])
    assert parse_plan(content, "audit.yaml").kinds == ("agent_orange", "deaths")


def test_the_schema_knows_every_key() -> None:
    assert set(plan_schema()["properties"]) == {
        "name",
        "as_of",
        "law_known_on",
        "sources",
        "brakes",
        "conclusions",
        "nightly",
    }
