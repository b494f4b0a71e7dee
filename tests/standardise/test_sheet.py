"""A sheet as received becomes records and rejects; nothing is lost between the two."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.received import ReceivedSheet, StandardisedSheet
from eligibility_audit.standardise import assign_record_ids, standardise_sheet
from eligibility_audit.standardise.records import columns_of

AS_OF = date(2020, 12, 31)
KEY = b"0123456789abcdef"


def received(
    kind: str, rows: Sequence[Mapping[str, str]], title: str = "", sheet: str = "DS", **more: object
) -> ReceivedSheet:
    fields = list(dict.fromkeys(name for row in rows for name in row))
    lines = pd.DataFrame({name: [row.get(name, "") for row in rows] for name in fields}, dtype="string[pyarrow]")
    lines.insert(0, "source_row", pd.Series(range(5, 5 + len(rows)), dtype="int64"))
    lines.insert(1, "hidden", False)
    lines.insert(2, "line", pd.array(["\t".join(row.values()) for row in rows], dtype="string[pyarrow]"))
    for heading in ("heading_commune", "heading_district", "heading_group"):
        if heading not in lines:
            lines[heading] = pd.array([None] * len(rows), dtype="string[pyarrow]")
    return ReceivedSheet(kind, "a.xlsx", sheet, lines, {}, len(rows) + 4, title=title, **more)  # type: ignore[arg-type]


def read(kind: str, rows: Sequence[Mapping[str, str]], **more: object) -> StandardisedSheet:
    return standardise_sheet(received(kind, rows, **more), AS_OF)  # type: ignore[arg-type]


def first(done: StandardisedSheet) -> "pd.Series[object]":
    return done.records.iloc[0].astype(object)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_columns_are_those_of_the_contract(kind: str) -> None:
    records = read(kind, [{"name": "Lê Thị Ổi"}]).records
    assert {name: str(dtype) for name, dtype in records.dtypes.items()} == {
        name: str(pd.Series([], dtype=dtype).dtype) for name, dtype in columns_of(kind).items()
    }


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_sheet_without_lines_gives_no_records(kind: str) -> None:
    empty = received(kind, [{"name": "Lê Thị Ổi"}])
    done = standardise_sheet(ReceivedSheet(kind, "a.xlsx", "DS", empty.lines.iloc[:0], {}, 0), AS_OF)
    assert len(done.records) == len(done.rejects) == 0


def test_three_states_of_what_was_received() -> None:
    record = first(read("deaths", [{"name": "Lê Thị Ổi", "note": ""}]))
    assert (record["received_name"], record["received_note"]) == ("Lê Thị Ổi", "")
    assert pd.isna(record["received_died_on"])


def test_a_line_without_a_name_is_rejected_whole_and_once() -> None:
    done = read("deaths", [{"name": "", "date_of_birth": "45/45/1950"}, {"name": "Lê Thị Ổi", "date_of_birth": "1950"}])
    assert done.records["name"].tolist() == ["Lê Thị Ổi"]
    assert done.rejects[["source_row", "stage", "code"]].to_numpy().tolist() == [[5, "line", "empty_name"]]


def test_an_unreadable_field_leaves_the_person() -> None:
    done = read("merit_other", [{"name": "Lê Thị Ổi", "date_of_birth": "31/02/1950", "monthly_amount": "chưa rõ"}])
    record = first(done)
    assert pd.isna(record["date_of_birth"])
    assert pd.isna(record["monthly_amount"])
    assert done.rejects[["field", "code", "raw"]].to_numpy().tolist() == [
        ["date_of_birth", "no_such_day", "31/02/1950"],
        ["monthly_amount", "text_in_amount", "chưa rõ"],
    ]
    assert all(" / " in message for message in done.rejects["message"])


def test_names_and_birth_in_pieces() -> None:
    rows = [
        {"surname_middle": "Lê Thị", "given_name": "Ổi (bí danh Na)", "birth_if_male": "", "birth_if_female": "1950"},
        {"surname_middle": "Lê Văn", "given_name": "Mít", "birth_if_male": "3/4/1951", "birth_if_female": ""},
    ]
    records = read("service_records", rows).records
    assert records["name"].tolist() == ["Lê Thị Ổi", "Lê Văn Mít"]
    assert records["alias"].iloc[0] == "Na"
    assert records["sex"].tolist() == ["F", "M"]
    assert records["date_of_birth"].tolist() == ["1950", "1951-04-03"]


def test_day_month_and_year_in_three_columns() -> None:
    row = {"name": "Lê Thị Ổi", "birth_day": "3.0", "birth_month": "4", "birth_year": "1950.0"}
    assert first(read("deaths", [row, row | {"birth_day": "", "birth_month": ""}]))["date_of_birth"] == "1950-04-03"
    assert read("deaths", [row | {"birth_day": "", "birth_month": ""}]).records["date_of_birth"].tolist() == ["1950"]


@pytest.mark.parametrize(
    ("kind", "row", "born"),
    [
        pytest.param("agent_orange", {"group": "HĐKC", "date_of_birth": "3/4/15"}, "1915-04-03", id="a veteran"),
        pytest.param("agent_orange", {"group": "Con đẻ", "date_of_birth": "3/4/15"}, "2015-04-03", id="a child"),
        pytest.param("social_assistance", {"group": "NCT 80 tuổi", "date_of_birth": "4/20"}, "1920-04", id="over 80"),
        pytest.param("social_assistance", {"group": "Trẻ em", "date_of_birth": "3/4/20"}, "2020-04-03", id="a baby"),
        pytest.param("deaths", {"date_of_birth": "18", "national_id": "034018123457"}, "1918", id="the id knows"),
    ],
)
def test_two_digit_years(kind: str, row: dict[str, str], born: str) -> None:
    assert first(read(kind, [{"name": "Lê Thị Ổi", **row}]))["date_of_birth"] == born


def test_crosses_under_a_heading_for_women() -> None:
    done = read("deaths", [{"name": "Lê Na", "sex": "x"}, {"name": "Lê Mít", "sex": ""}], header={"sex": "Nữ"})
    assert done.records["sex"].tolist() == ["F", "M"]


def test_codes_of_sex_are_told_by_the_heading() -> None:
    rows = [{"name": "Lê Na", "sex": "2"}, {"name": "Lê Mít", "sex": "1"}]
    assert read("deaths", rows, header={"sex": "Giới tính (1: Nam, 2: Nữ)"}).records["sex"].tolist() == ["F", "M"]


def test_codes_of_sex_that_nothing_explains_stay_unknown() -> None:
    done = read("deaths", [{"name": "Lê Na", "sex": "2"}, {"name": "Lê Mít", "sex": "1"}])
    assert done.records["sex"].isna().all()
    assert set(done.rejects["code"]) == {"unreadable_sex"}


def test_the_district_of_the_title_settles_a_bare_commune() -> None:
    rows = [{"name": "Lê Thị Ổi", "commune": name} for name in ("Tân Hòa", "Duyên Hải", "Minh Tân", "Văn Cẩm")]
    records = read("merit_other", rows, title="PHÒNG LĐTBXH HƯNG HÀ | TỈNH THÁI BÌNH").records
    assert set(records["district"]) == {"Huyện Hưng Hà"}
    assert records["commune"].iloc[0] == "Xã Tân Hòa"


def test_a_title_that_the_communes_contradict_is_not_believed() -> None:
    rows = [{"name": "Lê Thị Ổi", "commune": name} for name in ("An Khê", "Quỳnh Hoa", "Quỳnh Giao", "An Vinh")]
    records = read("merit_other", rows, title="GỬI PHÒNG LĐTBXH HƯNG HÀ | TỈNH THÁI BÌNH").records
    assert set(records["district"]) == {"Huyện Quỳnh Phụ"}


def test_heading_rows_go_before_titles() -> None:
    row = {"name": "Lê Thị Ổi", "commune": "Tân Hòa", "heading_district": "Huyện Vũ Thư"}
    done = read("merit_other", [row], title="Hưng Hà | Thái Bình")
    assert first(done)["district"] == "Huyện Vũ Thư"


def test_a_sheet_of_one_commune_takes_commune_and_district_of_its_title() -> None:
    done = read("social_assistance", [{"name": "Lê Thị Ổi"}], title="Danh sách | Xã Tân Bình, Huyện Bình Tân")
    assert first(done)[["commune", "district", "commune_code"]].tolist() == ["Xã Tân Bình", "Huyện Bình Tân", "29797"]


def test_a_heading_does_not_go_with_a_pasted_row() -> None:
    rows = [{"name": "Lª V¨n B¶y", "heading_commune": "Xã Tân Long"}]
    assert first(read("merit_other", rows, title="Huyện Mang Thít"))["commune"] == "Xã Tân Long"


@pytest.mark.parametrize(
    ("row", "unit", "place"),
    [
        pytest.param({"unit": "C2", "place": "Quân khu 4"}, "C2", "Quân khu 4", id="a military region is a place"),
        pytest.param({"place": "Quân khu 3"}, None, "Quân khu 3", id="also where no column is the unit's"),
        pytest.param({"unit": "", "place": "Z117"}, "Z117", None, id="a code under place is a unit"),
        pytest.param({"unit": "E5 F3 Quảng Trị", "place": ""}, "E5 F3", "Quảng Trị", id="a place beside the unit"),
    ],
)
def test_unit_and_place_of_two_columns(row: dict[str, str], unit: str | None, place: str | None) -> None:
    record = first(read("agent_orange", [{"name": "Lê Thị Ổi", **row}]))
    assert record[["unit", "place"]].where(record.notna(), None).tolist() == [unit, place]


def test_the_group_falls_back_to_the_heading_then_to_the_sheet() -> None:
    row = {"name": "Lê Thị Ổi", "heading_group": "NCT 80 tuổi"}
    assert first(read("social_assistance", [row]))["group"] == "NCT 80 tuổi"
    assert (
        first(read("social_assistance", [{"name": "Lê Thị Ổi"}], sheet="Nguoi cao tuoi"))["group"] == "Nguoi cao tuoi"
    )


@pytest.mark.parametrize(
    ("row", "sheet", "title", "claim"),
    [
        pytest.param({}, "QP-Con", "", "child", id="the sheet's name"),
        pytest.param({}, "QP-HĐKC", "", "veteran", id="the sheet's name, veteran"),
        pytest.param({}, "DS", "CON ĐẺ CỦA NGƯỜI HĐKC", "child", id="the title"),
        pytest.param({"group": "Con đẻ người HĐKC"}, "DS", "NGƯỜI HĐKC VÀ CON ĐẺ", "child", id="the group"),
        pytest.param({"service": "1965-1970"}, "DS", "NGƯỜI HĐKC VÀ CON ĐẺ", "veteran", id="service"),
        pytest.param({"parent_name": "Lê Văn Mít"}, "DS", "", "child", id="a parent"),
        pytest.param({}, "DS", "NGƯỜI HĐKC VÀ CON ĐẺ", None, id="nothing tells"),
    ],
)
def test_claim(row: dict[str, str], sheet: str, title: str, claim: str | None) -> None:
    said = first(read("agent_orange", [{"name": "Lê Thị Ổi", **row}], sheet=sheet, title=title))["claim"]
    assert pd.isna(said) if claim is None else said == claim


def test_compound_cells_of_a_dossier() -> None:
    row = {
        "name": "Lê Văn Mít",
        "service": "từ 8/1965 đến 4/1967",
        "unit_place": "Sư đoàn 3; Chiến trường B (Quảng Trị)",
        "papers": "Lý lịch quân nhân (03.04.1975); Giấy X Y Z",
        "decision": "3575/QĐ-LĐTBXH ngày 24/6/2014",
        "start_month": "2014-01-01",
        "percent": "46%",
        "monthly_amount": "2.062.000 đ",
    }
    record = first(read("agent_orange", [row]))
    expected = {
        "service_from": "1965-08",
        "service_to": "1967-04",
        "unit": "Sư đoàn 3",
        "place": "Chiến trường B (Quảng Trị)",
        "paper_dates": "1975-04-03",
        "undated_papers": 1,
        "decision_no": "3575/QĐ-LĐTBXH",
        "decision_date": "2014-06-24",
        "start_month": "2014-01",
        "percent": 46,
        "monthly_amount": 2062000,
    }
    assert {name: record[name] for name in expected} == expected


def test_members_in_one_cell_are_records_of_the_same_line() -> None:
    row = {
        "name": "Lê Thị Ổi",
        "household_class": "Cận nghèo",
        "commune": "An Khê, Quỳnh Phụ",
        "members": "Lê Na (1990, con)",
    }
    records = read("poor_households", [row]).records
    assert records["member"].tolist() == [0, 1]
    assert records["name"].tolist() == ["Lê Thị Ổi", "Lê Na"]
    assert records["household_no"].nunique() == records["source_row"].nunique() == 1
    assert records["household_class"].tolist() == ["near_poor", "near_poor"]


def test_a_household_whose_head_has_no_name_keeps_its_members() -> None:
    done = read("poor_households", [{"name": "", "members": "Lê Na (1990, con)"}])
    assert done.records["name"].tolist() == ["Lê Na"]
    assert done.rejects["stage"].tolist() == ["field"]


def test_one_person_a_line_carries_the_household() -> None:
    rows = [
        {
            "household_no": "7",
            "name": "Lê Thị Ổi",
            "relation": "Chủ hộ",
            "commune": "An Khê",
            "household_class": "Nghèo",
        },
        {"household_no": "", "name": "Lê Na", "relation": "Con gái", "commune": "", "household_class": ""},
        {
            "household_no": "8",
            "name": "Lê Văn Mít",
            "relation": "Chủ hộ",
            "commune": "An Vinh",
            "household_class": "Nghèo",
        },
    ]
    records = read("poor_households", rows).records
    assert records["household_no"].tolist() == ["7", "7", "8"]
    assert records["member"].tolist() == [0, 1, 0]
    assert records["household_class"].tolist() == ["poor"] * 3
    assert records["commune"].iloc[1] == records["commune"].iloc[0]
    assert records["sex"].iloc[1] == "F"


def test_the_conclusion_of_the_title() -> None:
    record = first(
        read("inspection_findings", [{"name": "Lê Na"}], title="Kèm theo Kết luận số 4/KL-TTr ngày 15/6/2017")
    )
    assert (record["conclusion_no"], record["conclusion_date"]) == ("4/KL-TTr", "2017-06-15")


def test_amounts_in_thousands_where_the_title_says_so() -> None:
    done = read("pensions", [{"name": "Lê Na", "monthly_amount": "2.062"}], title="Đơn vị tính: nghìn đồng")
    assert first(done)["monthly_amount"] == 2062000


def test_a_legacy_sheet_is_decoded() -> None:
    done = read(
        "deaths", [{"name": "NguyÔn V¨n MÝt", "commune": "Xã Lâm Thao"}, {"name": "Lª ThÞ æi", "commune": "Quúnh Hoa"}]
    )
    assert done.records["name"].tolist() == ["Nguyễn Văn Mít", "Lê Thị ổi"]
    assert done.notes["rows_decoded"] == 2


def test_notes_count_what_was_changed() -> None:
    row = {"name": "Lê Na", "date_of_birth": "01/01/1950", "national_id": "34051734630"}
    assert read("deaths", [row]).notes == {"zeros_restored": 1, "year_only_from_0101": 1}


def test_a_line_inserted_above_changes_nobodys_id() -> None:
    def ids(rows: Sequence[Mapping[str, str]]) -> list[str]:
        return assign_record_ids(read("deaths", rows).records, KEY, "deaths")["record_id"].tolist()

    one, two, new = {"name": "Lê Na"}, {"name": "Lê Mít"}, {"name": "Lê Ổi"}
    assert ids([one, two]) == ids([new, one, two])[1:]
    assert len(set(ids([one, one]))) == 2
    assert ids([one])[0].startswith("r-")


ANYTHING = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "-", "1/1950", "Lê Na (1990, con)", "34051734630", "3.4E+10", "Xã A, B", "x", "Nữ", "1.000"]),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_every_line_is_a_record_or_a_reject_whatever_the_cells_hold(kind: str, data: st.DataObject) -> None:
    row = st.fixed_dictionaries(dict.fromkeys(KINDS[kind].field_names, ANYTHING))
    done = read(kind, data.draw(st.lists(row, min_size=1, max_size=4)), title=data.draw(ANYTHING))
    lines = set(done.rejects.loc[done.rejects["stage"] == "line", "source_row"])
    records = set(done.records["source_row"])
    assert lines | records == set(range(5, 5 + len(lines | records)))
    assert not lines & records
    assert done.records["name"].notna().all()
    assert {str(dtype) for dtype in done.rejects.dtypes} <= {"int64", "string"}
