"""The chain of mandates: which unit, by which day, by which documents."""

from typing import Any

import pytest

from tests.conclusions.invented import FIRST, conclusion, ledger

TASK = {"level": "task", "number": "2/SLĐ", "date": "2017-08-01", "body": "Sở", "due": "2018-06-30"}
PLAN = {"level": "plan", "number": "1/KH", "date": "2017-07-01", "body": "UBND tỉnh", "due": "2018-12-31"}
PLACE = FIRST["finding_group"]


def chain(*under: dict[str, Any], task: dict[str, Any] | None = None) -> Any:
    return conclusion(mandates=[PLAN | {"under": [TASK | (task or {}) | {"under": list(under)}]}])


@pytest.mark.parametrize(
    ("file", "unit", "due"),
    [
        pytest.param(chain(), "Huyện Thử", "2018-06-30", id="the task's day holds for all units"),
        pytest.param(chain(task={"due": None}), "Huyện Thử", "2018-12-31", id="else the plan's"),
        pytest.param(
            chain({"level": "unit", "unit": "Huyện Thử", "due": "2018-01-31"}), "Huyện Thử", "2018-01-31", id="district"
        ),
        pytest.param(
            chain({"level": "unit", "unit": "Phòng LĐTBXH huyện Thử", "due": "2018-01-31"}),
            "Phòng LĐTBXH huyện Thử",
            "2018-01-31",
            id="its office",
        ),
        pytest.param(
            chain(
                {"level": "unit", "unit": "Huyện Thử", "due": "2018-01-31"},
                {"level": "unit", "unit": "Xã Mẫu", "district": "Huyện Thử", "due": "2018-05-31"},
            ),
            "Xã Mẫu",
            "2018-05-31",
            id="the commune goes before the district",
        ),
        pytest.param(
            chain({"level": "unit", "unit": "Xã Mẫu", "district": "Huyện Khác", "due": "2018-01-01"}),
            "Huyện Thử",
            "2018-06-30",
            id="a commune of that name elsewhere",
        ),
        pytest.param(
            chain({"level": "unit", "unit": "Huyện Thử", "due": "2018-01-31", "groups": ["Nhóm khác"]}),
            "Huyện Thử",
            "2018-06-30",
            id="for another group of findings",
        ),
        pytest.param(
            chain(
                {"level": "unit", "unit": "Huyện Thử", "due": "2018-01-31"},
                {"level": "unit", "unit": "Huyện Thử", "due": "2018-02-28", "groups": [PLACE]},
            ),
            "Huyện Thử",
            "2018-02-28",
            id="what names the group goes before what names none",
        ),
    ],
)
def test_the_most_particular_mandate_sets_the_day(file: Any, unit: str, due: str) -> None:
    line = ledger(FIRST, conclusions=(file,)).lines.iloc[0]
    assert (line["unit"], line["due_on"]) == (unit, due)


def test_the_basis_names_every_document_from_the_plan_down() -> None:
    file = chain({"level": "unit", "unit": "Huyện Thử", "number": "3/UBND", "date": "2017-09-01", "due": "2018-01-31"})
    basis = ledger(FIRST, conclusions=(file,)).lines["due_basis"].iloc[0]
    assert basis == "1/KH ngày 01/07/2017; 2/SLĐ ngày 01/08/2017; 3/UBND ngày 01/09/2017"


@pytest.mark.parametrize(
    ("due", "overdue"),
    [
        pytest.param("2020-12-30", True, id="the day before"),
        pytest.param("2020-12-31", False, id="on the day itself it is not late"),
        pytest.param(None, False, id="no due day"),
    ],
)
def test_overdue_begins_the_day_after(due: str | None, overdue: bool) -> None:
    file = conclusion(mandates=[PLAN | {"due": due}])
    assert ledger(FIRST, conclusions=(file,)).lines["is_overdue"].tolist() == [overdue]
