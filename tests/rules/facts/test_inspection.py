"""Which finding of an inspection speaks of which file, and what it says."""

from typing import Any

import pandas as pd
import pytest

from eligibility_audit.rules.facts.candidates import located
from eligibility_audit.rules.facts.inspection import category, dossier_key, dossier_keys, inspection_facts
from eligibility_audit.rules.facts.people import gather_people
from eligibility_audit.rules.parameters import LawPack
from tests.rules.facts.invented import DAY, NO_PAIRS, lists

FORGED = {
    "dossier_no": "HH000123",
    "date_of_birth": "1948",
    "national_id": None,
    "sex": None,
    "conclusion_no": "KL-1",
    "conclusion_date": "2019-09-10",
    "finding_group": "Hồ sơ giả mạo",
    "finding_text": "Lý lịch bị sửa; kết luận giả mạo",
}
CLEARED = {**FORGED, "finding_group": "Đã xác minh", "finding_text": "Hồ sơ đúng, đủ điều kiện hưởng"}


def facts(
    *findings: dict[str, Any], roster: tuple[dict[str, Any], ...] = ({"dossier_no": "HH000123"},)
) -> pd.DataFrame:
    records = lists(agent_orange=list(roster), inspection_findings=list(findings))
    people = gather_people(records)
    return inspection_facts(records, people, located(people, NO_PAIRS), DAY)


@pytest.mark.parametrize(
    ("finding", "bound"),
    [
        pytest.param({}, "dossier", id="number, name and year"),
        pytest.param({"dossier_no": "HH 123"}, "dossier", id="spaces and zeros"),
        pytest.param({"dossier_no": None}, "identity", id="no number: name, year, commune"),
        pytest.param({"dossier_no": "HH000124"}, "identity", id="mistyped number of nobody"),
        pytest.param({"dossier_no": None, "commune": "Xã Khác"}, None, id="no number, another commune"),
        pytest.param({"date_of_birth": "1951"}, None, id="the number of a namesake"),
        pytest.param({"date_of_birth": None}, "identity", id="number and name, birth not stated: never sure"),
    ],
)
def test_binding(finding: dict[str, Any], bound: str | None) -> None:
    said = facts({**FORGED, **finding})
    assert (None if said.empty else said["inspection_bound"].iloc[0]) == bound


def test_a_number_that_hits_another_person_binds_nothing_to_them() -> None:
    other = {"name": "Lò Văn Khác", "date_of_birth": "1950-01-02", "dossier_no": "HH000123", "commune": "Xã Xa"}
    said = facts(FORGED, roster=(other, {"dossier_no": "HH000999"}))
    assert said.index.tolist() == ["agent_orange-1"]
    assert said["inspection_bound"].tolist() == ["identity"]


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        pytest.param(({**CLEARED, "conclusion_date": "2017-06-15"}, FORGED), "forged", id="cleared, then forged"),
        pytest.param((FORGED, {**CLEARED, "conclusion_date": "2020-01-15"}), "cleared", id="forged, then cleared"),
        pytest.param((FORGED, CLEARED), "verify_more", id="both in one conclusion"),
        pytest.param(
            ({**FORGED, "conclusion_date": None}, {**CLEARED, "conclusion_date": None}), "verify_more", id="no dates"
        ),
        pytest.param((FORGED, {**CLEARED, "conclusion_date": "2021-02-01"}), "forged", id="cleared after the day"),
        pytest.param((FORGED, {**CLEARED, "conclusion_date": None}), "verify_more", id="cleared on no known day"),
        pytest.param((FORGED, {**CLEARED, "conclusion_date": "2019"}), "verify_more", id="cleared in that year"),
        pytest.param((FORGED, {**CLEARED, "conclusion_date": "2018"}), "forged", id="cleared in the year before"),
    ],
)
def test_the_later_conclusion_counts(findings: tuple[dict[str, Any], ...], expected: str) -> None:
    assert facts(*findings)["inspection_category"].tolist() == [expected]


def test_number_and_day_may_stand_in_the_title() -> None:
    bare = {**FORGED, "conclusion_no": None, "conclusion_date": None}
    said = facts({**bare, "sheet_title": "PHỤ LỤC kèm theo Kết luận số 12/KL-TTr ngày 5/6/2018"})
    assert said["inspection_conclusion"].tolist() == ["12/KL-TTr ngày 05/06/2018"]


@pytest.mark.parametrize(
    ("sheet", "named"),
    [
        pytest.param("KL-A", "KL-A", id="the sheet names it"),
        pytest.param("Kết luận 45", "Kết luận 45", id="in words"),
        pytest.param("Sheet1", "", id="a sheet's own number names no conclusion: nothing to stop upon"),
        pytest.param("Phụ lục 2", "", id="an annex is no conclusion"),
    ],
)
def test_only_a_sheet_named_after_a_conclusion_names_one(sheet: str, named: str) -> None:
    bare = {**FORGED, "conclusion_no": None, "conclusion_date": None}
    assert facts({**bare, "source_sheet": sheet})["inspection_conclusion"].tolist() == [named]


@pytest.mark.parametrize(
    ("group", "words", "expected"),
    [
        pytest.param("Hồ sơ giả mạo", "", "forged", id="group"),
        pytest.param("", "Đã kết luận làm giả giấy tờ", "forged", id="text alone"),
        pytest.param("", "Nghi giả mạo con dấu", "verify_more", id="suspected is not concluded"),
        pytest.param("", "Có dấu hiệu giả mạo", "verify_more", id="signs are not concluded"),
        pytest.param("Xác minh thêm", "Không phát hiện giả mạo", "verify_more", id="denied"),
        pytest.param("Hồ sơ bị tố cáo giả mạo", "Đã xác minh, đủ điều kiện", "verify_more", id="forged and cleared"),
        pytest.param("", "Giấy tờ phù hợp", "cleared", id="papers fit"),
        pytest.param("", "Không đủ điều kiện", "verify_more", id="denied clearing"),
        pytest.param("", "Chưa phù hợp về địa bàn", "no_place", id="denied clearing, place"),
        pytest.param("", "Bệnh ngoài danh mục", "disease", id="disease"),
        pytest.param("", "Con sinh trước thời gian cha vào chiến trường", "child_before", id="born before"),
        pytest.param("", "Không chứng minh được địa bàn B, C, K", "no_place", id="place"),
        pytest.param("", "dia ban chua ro", "no_place", id="without diacritics"),
        pytest.param("", "", "verify_more", id="nothing said"),
    ],
)
def test_categories(group: str, words: str, expected: str) -> None:
    law = LawPack.load("agent_orange").at(DAY, ("inspection_category", "inspection_cleared", "inspection_denied"))
    named = law.lists("inspection_category"), law.words("inspection_cleared"), law.words("inspection_denied")
    assert category(group, words, *named) == expected


@pytest.mark.parametrize(("number", "key"), [("HH 089505", "hh89505"), ("TBH/HH-0012", "tbhhh12"), ("  ", "")])
def test_dossier_numbers_are_compared_without_spaces_and_zeros(number: str, key: str) -> None:
    assert dossier_key(number) == key


def test_the_keys_of_many_numbers_are_those_of_each_alone() -> None:
    parts = ("HH", "Đ", "0", "00", "012", "100", "/", " ", "-0", "", "a")
    numbers = [one + two + three for one in parts for two in parts for three in parts]
    keys = dossier_keys(pd.Series([*numbers, None], dtype="string[pyarrow]"))
    assert [None if pd.isna(key) else key for key in keys] == [*(dossier_key(n) or None for n in numbers), None]
