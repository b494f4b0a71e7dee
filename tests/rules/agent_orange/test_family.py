"""Children and parents: found by dossier number, else by name; years compared; infertility against own children."""

import pytest

from eligibility_audit.rules.facts.family import family, same_number
from tests.rules.cases import CHILD, VETERAN, answer, frame

MET, NOT_MET, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("one", "other"),
    [("HH037155", "HH 37155"), ("HH037155", "hh-037155"), ("TBH/HH/000012", "TBHHH12"), ("000012", "12")],
)
def test_one_dossier_number_written_two_ways(one: str, other: str) -> None:
    assert same_number(one) == same_number(other)


@pytest.mark.parametrize(
    ("born", "since", "expected"),
    [
        pytest.param("1967", 1968, NOT_MET, id="the year before"),
        pytest.param("1967-12-31", 1968, NOT_MET, id="the last day of the year before"),
        pytest.param("1968-01-01", 1968, MET, id="the same year, if earlier in it"),
        pytest.param("1975", 1968, MET, id="after"),
        pytest.param("1960", 1959, NOT_MET, id="exposure cannot be before 1961"),
        pytest.param("1961", 1959, MET, id="1961"),
        pytest.param(None, 1968, UNKNOWN, id="birth not known"),
        pytest.param("1967", None, UNKNOWN, id="the parent's service not known"),
    ],
)
def test_a_child_born_in_a_year_before_the_parents_exposure(
    born: str | None, since: int | None, expected: bool | None
) -> None:
    assert answer("AO_CHILD_BEFORE", CHILD, date_of_birth=born, parent_first_year=since) is expected


@pytest.mark.parametrize(
    ("dossier", "received", "on_roster", "expected"),
    [
        pytest.param(
            "HH000002", "HH000002", None, MET, id="a dossier is cited, though the parent is not on this roster"
        ),
        pytest.param(None, "", None, NOT_MET, id="none cited, no parent named"),
        pytest.param(None, "", False, NOT_MET, id="none cited, the named parent not on the roster"),
        pytest.param(None, "", True, UNKNOWN, id="none cited, a veteran of that name is on the roster"),
        pytest.param(None, None, False, UNKNOWN, id="the sheet has no such column"),
        pytest.param(None, "đang tìm", None, UNKNOWN, id="the cell says something else"),
    ],
)
def test_a_child_hangs_on_a_parents_dossier(
    dossier: str | None, received: str | None, on_roster: bool | None, expected: bool | None
) -> None:
    found = answer(
        "AO_CHILD_NO_PARENT",
        CHILD,
        parent_dossier_no=dossier,
        received_parent_dossier_no=received,
        parent_on_roster=on_roster,
    )
    assert found is expected


def test_without_a_column_for_the_dossier_a_blank_name_is_what_lacks() -> None:
    nothing = {"parent_dossier_no": None, "parent_name": None, "received_parent_dossier_no": None}
    assert answer("AO_CHILD_NO_PARENT", CHILD, **nothing, received_parent_name="") is NOT_MET
    assert answer("AO_CHILD_NO_PARENT", CHILD, **nothing, received_parent_name="Người Cha") is UNKNOWN
    assert answer("AO_CHILD_NO_PARENT", CHILD, **nothing, received_parent_name=None) is UNKNOWN


@pytest.mark.parametrize(
    ("disease", "children", "expected"),
    [
        pytest.param("Vô sinh", 0, MET, id="no child"),
        pytest.param("Vô sinh", 1, NOT_MET, id="a child"),
        pytest.param("Vô sinh, đái tháo đường", 1, MET, id="a listed disease carries the claim"),
        pytest.param("Sinh con dị dạng, dị tật", 1, MET, id="the basis is the child"),
        pytest.param("Đái tháo đường", 1, MET, id="another basis"),
    ],
)
def test_infertility_and_a_child_on_the_roster(disease: str, children: int, expected: bool | None) -> None:
    assert answer("AO_INFERTILE_WITH_CHILD", disease=disease, own_children=children) is expected


FATHER = {**VETERAN, "record_id": "r-f", "name": "Trịnh Văn Thử", "dossier_no": "HH037155", "source_row": 3}
SON = {**CHILD, "record_id": "r-s", "name": "Trịnh Văn Con", "dossier_no": "CD000009", "source_row": 5}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        pytest.param({"parent_dossier_no": "HH 37155", "parent_name": "Trịnh Văn Thử"}, True, id="number and name"),
        pytest.param({"parent_dossier_no": "HH037155", "parent_name": None}, True, id="number alone"),
        pytest.param({"parent_dossier_no": "HH037155", "parent_name": "TRINH VAN THU"}, True, id="no diacritics"),
        pytest.param(
            {"parent_dossier_no": "HH037155", "parent_name": "Lê Quang Đối"}, False, id="another man's number"
        ),
        pytest.param({"parent_dossier_no": "HH037156", "parent_name": "Trịnh Văn Thử"}, False, id="a number not here"),
        pytest.param({"parent_dossier_no": None, "parent_name": "Trịnh Văn Thử"}, True, id="name in the commune"),
        pytest.param(
            {"parent_dossier_no": None, "parent_name": "Trịnh Văn Thử", "commune": "Xã C"}, True, id="district"
        ),
        pytest.param(
            {"parent_dossier_no": None, "parent_name": "Trịnh Văn Thử", "district": "Huyện D"}, False, id="elsewhere"
        ),
    ],
)
def test_who_the_parent_is(cells: dict[str, object], found: bool) -> None:
    facts = family(frame(FATHER, {**SON, **cells}))
    assert (facts.loc["r-s", "parent_record_id"] == "r-f") is found or not found
    assert facts["parent_record_id"].notna().tolist() == [False, found]
    assert facts["own_children"].tolist() == [int(found), 0]
    assert facts["parent_first_year"].fillna(0).tolist() == [0, 1968 if found else 0]


def test_two_of_one_name_are_nobodys_parent_but_on_the_roster() -> None:
    other = {**FATHER, "record_id": "r-g", "dossier_no": "HH000077"}
    facts = family(frame(FATHER, other, {**SON, "parent_dossier_no": None, "parent_name": "Trịnh Văn Thử"}))
    assert facts["parent_record_id"].notna().sum() == 0
    assert bool(facts.loc["r-s", "parent_on_roster"])
