"""The list of every piece of law with its mark, what an official should verify first."""

import csv
from io import StringIO

from eligibility_audit.rules.registry import RULES
from eligibility_audit.use_cases.law_to_verify import HEADINGS, as_csv, as_markdown, pieces


def test_what_is_confirmed_comes_last_and_what_stops_a_payment_first() -> None:
    every = pieces()
    marks = [each.mark == "confirmed" for each in every]
    assert marks == sorted(marks)
    unconfirmed = [each for each in every if each.mark != "confirmed"]
    assert unconfirmed[0].action == "terminate"
    assert {each.kind for each in every} == {"citation", "parameter", "act", "clock"}


def test_no_rule_and_no_provision_of_a_rule_is_left_out() -> None:
    every = pieces()
    assert set().union(*(each.rules for each in every)) == set(RULES)
    for rule in RULES.values():
        for programme in rule.programmes:
            asked = {*rule.basis[programme], *rule.parameters[programme]}
            assert asked <= {each.key for each in every if rule.id in each.rules}


def test_a_provision_that_several_rules_lean_on_stands_once() -> None:
    found = [(each.kind, each.key, each.vi, each.valid_from, each.mark) for each in pieces()]
    assert len(found) == len(set(found))


def test_the_table_has_a_line_a_piece_and_the_page_a_row_a_rule() -> None:
    rows = list(csv.DictReader(StringIO(as_csv())))
    assert tuple(rows[0]) == HEADINGS
    assert [int(row["order"]) for row in rows] == list(range(1, len(pieces()) + 1))
    page = as_markdown()
    assert all(f"[{name}](findings/{name}.md)" in page for name in RULES)
    assert page.count("chưa tìm thấy / not found") >= sum(row["mark"] == "not_found" for row in rows)
