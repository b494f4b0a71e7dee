"""The page of the nights: seven at most, counts alone, for those who lead."""

import re

from tests.web.conftest import Served
from tests.web.filled import a_week_of_nights


def rows(text: str) -> list[list[str]]:
    table = text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in table.split("</tr>")[:-1]
    ]


def test_the_last_seven_nights_the_latest_first(served: Served) -> None:
    served.app.state.nights = a_week_of_nights(served.office.attachments / "nights", ["done"] * 8 + ["braked"])
    page = served.client("kyten").get("/nights").text
    found = rows(page)
    assert [row[0].split()[0] for row in found] == [f"2021-03-0{n}" for n in range(9, 2, -1)]
    assert found[0][1:3] == ["phanh, không công bố / braked, nothing published", "–"]
    assert found[1][2:5] == ["1.207", "7", "2"]
    assert found[1][-4:] == ["1.000", "300", "4", "0; 1"]
    assert "CŨ, của đêm 2021-03-01" in page, "what stands is said to be old"


def test_none_yet_and_not_for_everybody(served: Served) -> None:
    assert "Chưa có đêm nào" in served.client("kyten").get("/nights").text
    assert served.client("canbo").get("/nights").status_code == 422
    assert served.client().get("/nights").status_code == 303
