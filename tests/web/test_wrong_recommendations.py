"""Twenty scripted cases, four of them wrongly proposed: what the pages show that stops a careful officer.

The four are as a misled system would leave them: the proposal is the gravest there is, its law mark says confirmed,
and its findings name nothing against. What stops the officer has to come from the records that the page lays side by
side, and from the steps that are refused.
"""

import json
import re
from typing import Any

import pytest

from tests.web.conftest import Served, dossier
from tests.web.test_complaints import step

SURE = {"name": "Lò Thị Thử", "date_of_birth": "1948-05-20", "sex": "F", "national_id": "034048000001"}
DEATH = {**SURE, "kind": "deaths", "died_on": "2019-06-16", "registration_no": "9/2020", "commune": "Xã A"}
FOR = json.dumps([{"vi": "Sổ khai tử.", "en": "Register.", "file": "tu.csv", "sheet": "", "row": 4}])
LAW = "Điều 32 Luật Hộ tịch 60/2014/QH13"


def planted(number: int, other: dict[str, Any] | None, basis: str = LAW, **columns: Any) -> Any:
    """A case with the person of `SURE`; `other`: the line that the proposal relies on."""
    told = {"action": "terminate", "about_death": other is not None, "name": SURE["name"], "name_key": "lo thi thu"}
    made = dossier(number, **{**told, **columns})
    finding = {
        **made.frozen["findings"][0],
        "rule_id": "AO_DEAD_CLEAR",
        "outcome": "not_met",
        "evidence_tier": "A",
        "law_mark": "confirmed",
        "legal_basis": basis,
        "evidence": FOR,
        "evidence_against": "[]",
    }
    frozen = {
        "as_of": "2020-12-31",
        "recommendation": {**made.frozen["recommendation"], "legal_basis": basis},
        "findings": [finding],
        "record": {**SURE, "commune": "Xã A"},
        "others": [] if other is None else [{**made.frozen["others"][0], "probability": 0.9999, "record": other}],
    }
    return type(made)(made.case_id, made.columns, frozen)


NAMESAKE = {**DEATH, "date_of_birth": "1951-11-02", "national_id": None}
SHARED = {**DEATH, "name": "Giàng A Khác", "sex": "M", "date_of_birth": "1939"}
CANCELLED = {**DEATH, "note": "Hủy đăng ký khai tử do nhầm người"}
WRONG = {
    101: planted(101, NAMESAKE),
    102: planted(102, SHARED),
    103: planted(103, DEATH, "Điều 122 Nghị định 131/2021/NĐ-CP"),
    104: planted(104, CANCELLED),
}
RIGHT = {
    **{number: planted(number, DEATH) for number in range(105, 113)},
    **{number: planted(number, {**DEATH, "date_of_birth": "1948"}) for number in range(113, 115)},
    **{number: planted(number, None, action="ask_papers") for number in range(115, 118)},
    **{number: planted(number, None, action="adjust") for number in range(118, 121)},
}


@pytest.fixture
def twenty(served: Served) -> Served:
    cases = [*WRONG.values(), *RIGHT.values()]
    assert len(cases) == 20
    served.office.cases.attach("run-2", cases, served.clock())
    return served


def cautions(text: str) -> str:
    found = re.search(r'<section class="caution".*?</section>', text, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[0]) if found else ""


@pytest.mark.parametrize(
    ("number", "first", "beside"),
    [
        pytest.param(
            101, "khác ngày sinh: có thể là người khác", 'class="different"><th scope="row">Ngày sinh', id="a namesake"
        ),
        pytest.param(
            102, "trùng số không phải là trùng người", 'class="different"><th scope="row">Họ tên', id="a shared id"
        ),
        pytest.param(
            103, "131/2021/NĐ-CP không có hiệu lực ngày xét 31/12/2020", "Căn cứ: Điều 122", id="law of another day"
        ),
        pytest.param(
            104,
            "Hủy đăng ký khai tử do nhầm người",
            '<th scope="row">Ghi chú trên danh sách',
            id="a cancelled death",
        ),
    ],
)
def test_a_wrong_proposal_is_stopped_by_its_own_page(twenty: Served, number: int, first: str, beside: str) -> None:
    client = twenty.client("canbo")
    page = client.get(f"/cases/c-{number}").text
    assert first in cautions(page), "it stands above all else"
    assert page.index('class="caution"') < page.index("Vì sao được nêu") < page.index('id="steps"')
    assert beside in page, "and again where the records stand side by side"
    assert first in client.get(f"/cases/c-{number}/sheet").text, "the sheet that is printed says it"
    answer = step(twenty, "canbo", "look_up", f"c-{number}")
    assert answer.status_code == 303
    refused = step(twenty, "canbo", "submit", f"c-{number}", act="cham_dut")
    assert refused.status_code == 422
    assert "Còn thiếu" in refused.text, "neither the registrar's answer nor the commune's check is there"


def test_a_law_that_had_ended_is_told_as_the_law_of_its_own_time(twenty: Served) -> None:
    """A benefit granted long ago is judged by the law of then: it is a thing to look at, not an error."""
    ended = planted(130, DEATH, "Quyết định 26/2000/QĐ-TTg. Quy định sau này: Nghị định 131/2021/NĐ-CP")
    twenty.office.cases.attach("run-3", [*WRONG.values(), *RIGHT.values(), ended], twenty.clock())
    said = cautions(twenty.client("canbo").get("/cases/c-130").text)
    assert "26/2000/QĐ-TTg đã hết hiệu lực trước ngày xét 31/12/2020" in said
    assert "131/2021" not in said, "what is named as later law is no basis"
    assert "không làm căn cứ được" not in said


def test_right_proposals_cry_no_wolf(twenty: Served) -> None:
    client = twenty.client("canbo")
    assert {number: cautions(client.get(f"/cases/c-{number}").text) for number in RIGHT} == dict.fromkeys(RIGHT, "")


def test_a_wrong_one_of_twenty_is_found_from_the_queue_and_closed_as_right(twenty: Served) -> None:
    answer = step(twenty, "canbo", "clear", "c-104", evidence="Sổ hộ tịch: đăng ký khai tử đã hủy")
    assert answer.status_code == 303
    assert "đã rà soát: hồ sơ đúng" in twenty.client("canbo").get("/cases/c-104").text
