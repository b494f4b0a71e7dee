"""Cells that hold several things."""

from datetime import date

import pytest

from eligibility_audit.standardise import cells

AS_OF = date(2020, 12, 31)


@pytest.mark.parametrize(
    ("received", "first", "last"),
    [
        pytest.param("từ 8/1965 đến 4/1967", "1965-08", "1967-04", id="from, to"),
        pytest.param("1/1964 - 12/1971", "1964-01", "1971-12", id="dash"),
        pytest.param("Tháng 3/1971 - 1978", "1971-03", "1978", id="words, year"),
        pytest.param("06-1974 - 12-1979", "1974-06", "1979-12", id="dashes within"),
        pytest.param("1966-1971", "1966", "1971", id="years"),
        pytest.param("8/65-4/67", "1965-08", "1967-04", id="two-digit years"),
        pytest.param("5/1974-", "1974-05", None, id="open end"),
        pytest.param("5/1974 đến nay", "1974-05", None, id="until now"),
        pytest.param("đến 1972", None, "1972", id="end only"),
        pytest.param("từ 1/2/1965 đến 30/4/1975", "1965-02-01", "1975-04-30", id="days"),
        pytest.param("1965-1968; 1970-1972", "1965", "1972", id="two periods: their hull"),
        pytest.param("", None, None, id="blank"),
    ],
)
def test_periods(received: str, first: str | None, last: str | None) -> None:
    assert cells.read_period(received, AS_OF) == (first, last, "")


@pytest.mark.parametrize("received", ["không rõ", "từ 13/1965 đến 4/1967"])
def test_a_period_with_an_unreadable_end_is_not_read_at_all(received: str) -> None:
    assert cells.read_period(received, AS_OF) == (None, None, "unreadable_period")


@pytest.mark.parametrize(
    ("received", "unit", "place"),
    [
        pytest.param("E7, Sư đoàn 3; Chiến trường B (Huế)", "E7, Sư đoàn 3", "Chiến trường B (Huế)", id="semicolon"),
        pytest.param("Chiến trường B (Huế) (Đoàn 559)", "Đoàn 559", "Chiến trường B (Huế)", id="unit in brackets"),
        pytest.param("TNXP Đội 7; B2 - Tây Ninh", "TNXP Đội 7", "B2 - Tây Ninh", id="B2 is a place"),
        pytest.param("C7 D2 E9; C (Sê Pôn, Lào)", "C7 D2 E9", "C (Sê Pôn, Lào)", id="C7 is a company, C is Laos"),
        pytest.param("Sư đoàn 3, K (Campuchia)", "Sư đoàn 3", "K (Campuchia)", id="comma"),
        pytest.param("Đoàn 3, Vĩnh Quang, Vĩnh Linh", "Đoàn 3", "Vĩnh Quang, Vĩnh Linh", id="a place of two words"),
        pytest.param("D8 Công binh; Hải Phòng", "D8 Công binh", "Hải Phòng", id="a province of the North"),
        pytest.param("E9 F5", "E9 F5", None, id="only a unit code"),
        pytest.param("hòm thư 12345 BT", "hòm thư 12345 BT", None, id="only a letter-box"),
        pytest.param("Đoàn 9 (phiên hiệu chưa giải mã)", "Đoàn 9 (phiên hiệu chưa giải mã)", None, id="not deciphered"),
        pytest.param("Nam Lào (C)", None, "Nam Lào (C)", id="only a place"),
        pytest.param("", None, None, id="blank"),
    ],
)
def test_unit_and_place(received: str, unit: str | None, place: str | None) -> None:
    assert cells.split_unit_place(received) == (unit, place)


@pytest.mark.parametrize(
    ("received", "dates", "undated"),
    [
        pytest.param("Lý lịch quân nhân (03.04.1975)", "1975-04-03", 0, id="one"),
        pytest.param(
            "Lý lịch quân nhân (03.04.1975); Giấy X Y Z (..)", "1975-04-03", 1, id="one of two without a date"
        ),
        pytest.param("Giấy A; Giấy B (12/04/2003; 05/06/1974)", "2003-04-12;1974-06-05", 0, id="dates together"),
        pytest.param("Lý lịch lập 1978 (sao y 12/3/2012)", "1978", 0, id="the day of a copy is not one"),
        pytest.param("Giấy khai sinh, bản sao chứng thực 2012", None, 1, id="only a copy is dated"),
        pytest.param("Giấy khai sinh (bản sao) (24/08/1981)", "1981-08-24", 0, id="a copy of a dated paper"),
        pytest.param("Trích lục khai sinh", None, 1, id="no date"),
    ],
)
def test_papers(received: str, dates: str | None, undated: int) -> None:
    assert cells.read_papers(received, AS_OF) == (received, dates, undated)


@pytest.mark.parametrize("received", ["", "không", "không có giấy tờ", "-"])
def test_no_paper(received: str) -> None:
    assert cells.read_papers(received, AS_OF) == (None, None, 0)


@pytest.mark.parametrize(
    ("received", "number", "day"),
    [
        pytest.param("3575/QĐ-LĐTBXH ngày 24/6/2014", "3575/QĐ-LĐTBXH", "2014-06-24", id="ngày"),
        pytest.param("1091/QĐ-SLĐTBXH, 07/06/2018", "1091/QĐ-SLĐTBXH", "2018-06-07", id="comma"),
        pytest.param("QĐ số 12/QĐ-UBND ngày 3 tháng 4 năm 2015", "12/QĐ-UBND", "2015-04-03", id="words"),
        pytest.param("123 (01/01/2012)", "123", "2012-01-01", id="an office may decide on 1 January"),
        pytest.param("1234/2014/QĐ-UBND", "1234/2014/QĐ-UBND", None, id="the year of a number is no date"),
    ],
)
def test_decisions(received: str, number: str | None, day: str | None) -> None:
    assert cells.read_decision(received, AS_OF) == (number, day)


@pytest.mark.parametrize(
    ("title", "number", "day"),
    [
        pytest.param("ĐOÀN | PHỤ LỤC kèm theo Kết luận KL-A ngày 15/6/2017", "KL-A", "2017-06-15", id="number, day"),
        pytest.param("Kết luận số 44/KL-TTr ngày 15 tháng 6 năm 2017", "44/KL-TTr", "2017-06-15", id="words"),
        pytest.param("DANH SÁCH ĐỐI TƯỢNG", None, None, id="none"),
    ],
)
def test_conclusions(title: str, number: str | None, day: str | None) -> None:
    assert cells.read_conclusion(title, AS_OF) == (number, day)


@pytest.mark.parametrize(
    "received",
    [
        pytest.param("Đặng Văn Na (1958, chồng); Phạm Thị Ổi (1990, con gái)", id="brackets"),
        pytest.param("Đặng Văn Na (chồng, SN 1958), Phạm Thị Ổi (con gái, 1990)", id="brackets and commas"),
        pytest.param("Đặng Văn Na - 1958 - chồng\nPhạm Thị Ổi - 1990 - con gái", id="dashes, lines"),
        pytest.param("Đặng Văn Na, 1958, chồng; Phạm Thị Ổi, 1990, con gái", id="commas"),
        pytest.param("Chồng: Đặng Văn Na, sinh 1958; con gái: Phạm Thị Ổi 1990", id="relation first"),
        pytest.param("1. Đặng Văn Na (1958-chồng), 2. Phạm Thị Ổi (1990-con gái)", id="numbered"),
    ],
)
def test_members_of_a_household(received: str) -> None:
    (one, other), nameless = cells.read_members(received, AS_OF)
    assert (one.name, one.date_of_birth, one.sex) == ("Đặng Văn Na", "1958", "M")
    assert (other.name, other.date_of_birth, other.sex) == ("Phạm Thị Ổi", "1990", "F")
    assert nameless == 0


def test_classes_of_household() -> None:
    said = ["Hộ nghèo", "N", "Cận nghèo", "HCN", "Không", ""]
    assert [cells.household_class(text) for text in said] == ["poor", "poor", "near_poor", "near_poor", None, None]
