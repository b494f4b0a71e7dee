"""Signals on a council's files: by commune, protected where persons are few, and never a word against a person."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from eligibility_audit.recommend import recommend
from eligibility_audit.rules.assess import assess
from eligibility_audit.rules.councils import councils
from tests.rules.facts.invented import DAY, NO_PAIRS, lists

KEY = b"k" * 16


def person(number: int, **said: Any) -> dict[str, Any]:
    line = {"name": f"Người Thứ {number}", "national_id": None, "date_of_birth": "1980", "group": "NKT nặng"}
    return {**line, "certificate_no": f"{number}/GXN", "received_certificate_no": f"{number}/GXN", **said}


def commune(name: str, severe: int, most: int, first: int = 0, **said: Any) -> list[dict[str, Any]]:
    groups = ["NKT nặng"] * severe + ["NKT đặc biệt nặng"] * most
    return [person(first + n, group=group, commune=name, **said) for n, group in enumerate(groups)]


def of(*lines: dict[str, Any], day: date = DAY) -> pd.DataFrame:
    return councils(lists(social_assistance=list(lines))["social_assistance"], day).set_index("commune")


AROUND = commune("Xã Khác", 36, 4, first=1000)


@pytest.mark.parametrize(
    ("severe", "most", "expected"),
    [
        pytest.param(10, 10, "cao hơn", id="half of twenty, one in ten around"),
        pytest.param(16, 4, "", id="a fifth of twenty: within chance"),
        pytest.param(0, 9, "", id="all of nine: too few to compare"),
        pytest.param(0, 10, "cao hơn", id="all of ten"),
    ],
)
def test_a_share_far_from_that_of_the_other_communes(severe: int, most: int, expected: str) -> None:
    found = of(*commune("Xã Này", severe, most), *AROUND).loc["Xã Này"]
    assert (expected in found["signals_vi"]) if expected else (found["signals_vi"] == "")
    assert pd.isna(found["most_severe_share"]) is (severe + most < 10)


def test_a_share_is_held_only_against_thirty_persons_around() -> None:
    found = of(*commune("Xã Này", 0, 20), *commune("Xã Khác", 29, 0, first=100)).loc["Xã Này"]
    assert pd.isna(found["district_share"])
    assert found["signals_vi"] == ""


def test_one_number_of_several_persons() -> None:
    shared = [person(1), person(2, certificate_no=" 1 / gxn"), person(3)]
    found = of(*shared).iloc[0]
    assert (found["shared_numbers"], found["persons_on_shared"]) == (1, 2)
    assert found["signals_vi"] == "", "two may be a slip"
    third = of(*shared, person(4, certificate_no="1/GXN")).iloc[0]
    assert third["signals_vi"].startswith("1 số giấy xác nhận ghi cho 3 người")
    twice = of(person(1), person(1)).iloc[0]
    assert twice["shared_numbers"] == 0, "one person on two lines"
    apart = of(person(1), person(2, certificate_no="1/GXN", commune="Xã Khác"))
    assert apart["shared_numbers"].tolist() == [0, 0], "another council's number"


def test_many_decisions_of_one_day_and_many_without_a_number() -> None:
    batch = [person(n, decision_date="2019-05-05" if n < 6 else f"2019-06-{n + 1:02}") for n in range(10)]
    assert "6 trong 10 người có quyết định cùng một ngày" in of(*batch).iloc[0]["signals_vi"]
    spread = [{**line, "decision_date": f"2019-0{n % 5 + 1}-05"} for n, line in enumerate(batch)]
    assert of(*spread).iloc[0]["signals_vi"] == ""
    blank = [
        {**line, "certificate_no": None, "received_certificate_no": "" if n < 6 else None}
        for n, line in enumerate(spread)
    ]
    assert "6 trong 10 người không ghi số giấy" in of(*blank).iloc[0]["signals_vi"]


def test_lines_without_a_commune_are_counted_and_give_no_signal() -> None:
    found = of(*(person(n, commune=None, district=None, certificate_no="1") for n in range(12)))
    assert found["disabled"].tolist() == [12]
    assert found["signals_vi"].tolist() == [""]


def test_other_groups_are_no_matter_of_the_council() -> None:
    assert of({**person(1), "group": "NCT 80 tuổi"}).empty


def test_no_persons_action_rises_through_a_council() -> None:
    alone = [*commune("Xã Này", 2, 0)]
    among = [*alone, *commune("Xã Này", 0, 30, first=50, certificate_no="1"), *AROUND]

    def acts(lines: list[dict[str, Any]]) -> list[str]:
        records = lists(social_assistance=lines)
        made = recommend(assess(records, NO_PAIRS, as_of=DAY, key=KEY), records, as_of=DAY, key=KEY)
        own = {f"social_assistance-{n}" for n in range(len(alone))}
        return sorted(made.loc[made["record_id"].isin(own), "action"])

    assert "cao hơn" in of(*among).loc["Xã Này"]["signals_vi"]
    assert acts(among) == acts(alone)
