"""The one given as the parent: signals only, and nobody falls by association alone."""

import pandas as pd
import pytest

from eligibility_audit.rules.facts.family import family, two_parents
from tests.rules.cases import CHILD, VETERAN, answer, frame, said

MET, NOT_MET, UNKNOWN = True, False, None
FATHER = {**VETERAN, "record_id": "r-f", "name": "Trịnh Văn Thử", "dossier_no": "HH037155", "source_row": 3}
SON = {**CHILD, "record_id": "r-s", "name": "Trịnh Văn Con", "dossier_no": "CD000009", "source_row": 5}


@pytest.mark.parametrize(
    ("born", "parent", "expected"),
    [
        pytest.param("1962-05-20", "1948-05-20", MET, id="on the 14th birthday"),
        pytest.param("1962-05-19", "1948-05-20", NOT_MET, id="the day before it"),
        pytest.param("1962", "1948-05-20", MET, id="some day of the year is late enough"),
        pytest.param("1961", "1948", NOT_MET, id="no day of the two years is"),
        pytest.param("1962", "1948", MET, id="years alone, 14 apart"),
        pytest.param("1947", "1948", NOT_MET, id="older than the parent"),
        pytest.param("1962-02-28", "1948-02-29", NOT_MET, id="29 February: the day before 1 March"),
        pytest.param("1962-03-01", "1948-02-29", MET, id="29 February: 1 March"),
        pytest.param(None, "1948", UNKNOWN, id="the child's birth not known"),
        pytest.param("1961", None, UNKNOWN, id="the parent not found"),
    ],
)
def test_a_parent_of_fourteen(born: str | None, parent: str | None, expected: bool | None) -> None:
    assert answer("AO_PARENT_TOO_YOUNG", CHILD, date_of_birth=born, parent_born=parent) is expected


@pytest.mark.parametrize(
    ("cell", "sex", "expected"),
    [
        pytest.param("Mẹ: Trần Thị Mẫu", "F", MET, id="the mother, a woman"),
        pytest.param("Mẹ: Trần Thị Mẫu", "M", NOT_MET, id="the mother, a man"),
        pytest.param("Bố Trần Văn Mẫu", "F", NOT_MET, id="the father, a woman"),
        pytest.param("Trần Văn Mẫu (cha)", "F", NOT_MET, id="in brackets"),
        pytest.param("Trần Văn Mẫu", "F", UNKNOWN, id="no word for either"),
        pytest.param("Nguyễn Thị Cha", "F", UNKNOWN, id="part of a name"),
        pytest.param("Mẹ: Trần Thị Mẫu", None, UNKNOWN, id="sex not known"),
    ],
)
def test_father_or_mother_and_the_sex_of_the_file(cell: str, sex: str | None, expected: bool | None) -> None:
    assert answer("AO_PARENT_ROLE", CHILD, received_parent_name=cell, parent_sex=sex) is expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param({"note": "Con nuôi"}, NOT_MET, id="adopted"),
        pytest.param({"note": "con riêng của vợ"}, NOT_MET, id="a step-child"),
        pytest.param({"group": "Cháu nội"}, NOT_MET, id="a grandchild"),
        pytest.param({"note": "Bố đã từ trần năm 2004"}, UNKNOWN, id="another note"),
        pytest.param({}, UNKNOWN, id="nothing said"),
        pytest.param({"note": "Con nuôi", "claim": "veteran"}, MET, id="of a veteran's child"),
    ],
)
def test_words_that_say_no_biological_child(cells: dict[str, object], expected: bool | None) -> None:
    assert answer("AO_CHILD_NOT_BIOLOGICAL", CHILD, **cells) is expected


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param("Trịnh Văn Thử", MET, id="his own"),
        pytest.param("Lê Quang Đối", NOT_MET, id="another man's"),
        pytest.param(None, MET, id="no name given"),
    ],
)
def test_a_number_that_is_another_mans(named: str | None, expected: bool | None) -> None:
    facts = family(frame(FATHER, {**SON, "parent_dossier_no": "HH 37155", "parent_name": named}))
    line = {**SON, "parent_name": named, "parent_dossier_no": "HH 37155"}
    of_other = bool(facts.loc["r-s", "parent_dossier_of_other"])
    assert answer("AO_PARENT_OTHER_NAME", line, parent_dossier_of_other=of_other) is expected
    assert (
        facts.loc["r-s", "parent_found"] is pd.NA
        if expected is NOT_MET
        else facts.loc["r-s", "parent_found"] == "dossier"
    )


def _two_lines(**second: object) -> "pd.Series[str]":
    """The same child on two lines, under r-f and under the second parent; what is found of the first line."""
    other = {**FATHER, "record_id": "r-g", "dossier_no": "HH000077", "name": "Phạm Văn Khác", "source_row": 4, **second}
    one = {**SON, "parent_dossier_no": "HH037155", "parent_name": None}
    two = {**SON, "record_id": "r-t", "parent_dossier_no": "HH000077", "parent_name": None, "source_row": 6}
    kin = family(frame(FATHER, other, one, two))
    ids = pd.Index(["r-f", "r-g", "r-s", "r-t"], name="record_id")
    twice = {"duplicate_record_id": ["r-g" if second.get("twin") else None, None, "r-t", "r-s"]}
    places = {"duplicate_file": ["a.xlsx"] * 4, "duplicate_sheet": [""] * 4, "duplicate_row": [6] * 4}
    duplicates = pd.DataFrame({**twice, **places}, index=ids).astype({"duplicate_record_id": "string[pyarrow]"})
    return two_parents(kin, duplicates)["elsewhere_record_id"]


def test_one_child_of_two_fathers_and_of_a_father_and_a_mother() -> None:
    assert _two_lines()["r-s"] == "r-t"
    assert _two_lines(sex="F").isna().all(), "a father on one line, a mother on the other"
    assert _two_lines(sex=None).isna().all(), "the sex of one is not known"
    assert pd.isna(_two_lines(twin=True)["r-s"]), "the two fathers may be one man, twice on the roster"
    assert answer("AO_CHILD_TWO_PARENTS", CHILD, elsewhere_record_id="r-t") is NOT_MET
    assert answer("AO_CHILD_TWO_PARENTS", CHILD) is MET


def test_a_child_born_before_anyone_could_be_exposed_needs_no_parent() -> None:
    assert answer("AO_CHILD_BEFORE", CHILD, date_of_birth="1960") is NOT_MET
    assert answer("AO_CHILD_BEFORE", CHILD, date_of_birth="1961") is UNKNOWN
    assert "01/08/1961" in str(said("AO_CHILD_BEFORE", CHILD, date_of_birth="1960")["reason_vi"])


@pytest.mark.parametrize(
    ("rule_id", "cells"),
    [
        ("AO_PARENT_TOO_YOUNG", {"parent_born": "1970", "parent_record_id": "r-f"}),
        ("AO_PARENT_ROLE", {"received_parent_name": "Mẹ: X", "parent_sex": "M", "parent_record_id": "r-f"}),
        ("AO_PARENT_OTHER_NAME", {"parent_dossier_of_other": True}),
        ("AO_CHILD_TWO_PARENTS", {"elsewhere_record_id": "r-t"}),
        ("AO_CHILD_NOT_BIOLOGICAL", {"note": "Con nuôi"}),
    ],
)
def test_what_is_said_of_a_parent_is_a_question_with_what_speaks_for_the_child(
    rule_id: str, cells: dict[str, object]
) -> None:
    words = said(rule_id, CHILD, **cells)
    assert str(words["reason_vi"]).endswith("; cần xác minh.")
    assert words["evidence"] != "[]"
    assert words["evidence_against"] != "[]"
