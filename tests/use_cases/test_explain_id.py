"""Why a line is proposed for what it is: the chain as an officer reads it."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest

from eligibility_audit.errors import UsageError
from eligibility_audit.publish import write_csv
from eligibility_audit.recommend import recommend
from eligibility_audit.rules.assess import assess
from eligibility_audit.use_cases.explain_id import explain
from tests.rules.facts.invented import lists, pairs

DAY: Final = date(2020, 12, 31)
KEY: Final = b"k" * 16
HEADINGS: Final = ("1. Dòng gốc", "2. Đọc thành", "3. Dòng khác có thể", "4. Phát hiện", "5. Đề xuất")
VETERAN: Final = {
    "claim": "veteran",
    "dossier_no": "HH000123",
    "service_from": "1968-02",
    "service_to": "1973-06",
    "place": "Quảng Trị",
    "disease": "Đái tháo đường type 2",
    "percent": 45.0,
    "papers": "Quyết định phục viên",
    "paper_dates": "1976-03-01",
    "monthly_amount": 2_062_000,
    "received_name": "ĐINH VĂN THỬ",
    "received_percent": "45",
    "received_papers": "Quyết định phục viên (01/03/1976)",
    "received_note": "",
}
NUMBERED: Final = {"national_id": None, "commune": "Xã Xa"}


def _line(name: str, changed: dict[str, Any]) -> dict[str, Any]:
    others = {"record_id": f"agent_orange-{name}", "name": f"Lê Văn {name}", "dossier_no": f"HH-{name}", **NUMBERED}
    return {**VETERAN, **others, **changed}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with five kinds of recommendation, and a line about which nothing is said."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "records").mkdir()
    records = lists(
        agent_orange=[
            {**VETERAN, "record_id": "agent_orange-dead"},
            _line("Kết", {"date_of_birth": "1950-02-01"}),
            _line("Mức", {"date_of_birth": "1951-02-01", "monthly_amount": 2_891_000}),
            _line("Giấy", {"date_of_birth": "1952-02-01", "papers": None, "paper_dates": None, "received_papers": ""}),
            _line("Nơi", {"date_of_birth": "1953-02-01", "place": "Hải Phòng"}),
            _line("Yên", {"date_of_birth": "1954-02-01"}),
        ],
        deaths=[{"died_on": "2019-03-04", "registered_on": "2019-03-10", "registration_no": "12/2019"}],
        inspection_findings=[
            {
                **NUMBERED,
                "name": "Lê Văn Kết",
                "date_of_birth": "1950",
                "dossier_no": "HH-Kết",
                "conclusion_no": "KL-1",
                "conclusion_date": "2019-09-10",
                "finding_group": "Hồ sơ giả mạo",
                "finding_text": "Lý lịch bị sửa; kết luận giả mạo",
            }
        ],
    )
    ids = records["agent_orange"]["record_id"]
    for name in ("name", "percent", "papers", "note"):
        column = f"received_{name}"
        given = {"received_name": "name"}.get(column)
        values = (
            records["agent_orange"][given] if given else ["" if name == "papers" and "Giấy" in i else "1" for i in ids]
        )
        records["agent_orange"][column] = pd.array(values, dtype="string[pyarrow]")
    found = pairs(("agent_orange-dead", "deaths-0", 0.99))
    found["comparisons"] = '[{"field": "date_of_birth", "level": "day", "weight": 14.5}]'
    findings = assess(records, found, as_of=DAY, key=KEY)
    write_csv(findings, folder / "findings.csv", list(findings.columns))
    made = recommend(findings, records, DAY, KEY)
    write_csv(made, folder / "recommendations.csv", list(made.columns))
    links = found.assign(
        **{f"{side}_{name}": value for side in ("left", "right") for name, value in PLACE.items()},
    )
    write_csv(links, folder / "links.csv", list(links.columns))
    for kind, frame in records.items():
        frame.to_parquet(folder / "records" / f"{kind}.parquet", index=False)
    return folder


PLACE: Final = {"file": "deaths.csv", "sheet": "", "row": 2}


@pytest.mark.parametrize(
    ("record", "action", "said"),
    [
        pytest.param(
            "dead",
            "Trình chấm dứt",
            ["Sổ đăng ký khai tử số 12/2019: chết ngày 04/03/2019", "chấm dứt hưởng chế độ", "(18 tháng / months)"],
            id="a sure death",
        ),
        pytest.param("Kết", "Trình tạm dừng", ["Kết luận KL-1 ngày 10/09/2019", "tạm dừng"], id="a conclusion"),
        pytest.param("Mức", "Đề nghị điều chỉnh", ["2.891.000 đồng/tháng", "2.062.000"], id="a wrong amount"),
        pytest.param("Giấy", "Đề nghị bổ sung giấy tờ", ["Ô giấy tờ để trống"], id="no paper"),
        pytest.param("Nơi", "Cần xác minh", ["“Hải Phòng”", "Bộ Chỉ huy quân sự"], id="a place in the North"),
    ],
)
def test_the_action_comes_first_then_the_chain_in_order(run: Path, record: str, action: str, said: list[str]) -> None:
    told = explain(f"agent_orange-{record}", run)
    assert f"Đề xuất: {action}." in told.splitlines()[1]
    places = [told.index(heading) for heading in HEADINGS]
    assert places == sorted(places)
    for words in (*said, "Hạn / Due: 01/02/2021", "Căn cứ / Basis: ", "Khép lại nếu"):
        assert words in told


def test_nothing_in_it_is_written_for_machines(run: Path) -> None:
    told = explain("agent_orange-dead", run)
    assert "20/05/1948" in told
    assert "Nam / male" in told
    for code in ("1948-05-20", ": M\n", "cham_dut", "not_found", "nan", "<NA>", "None"):
        assert code not in told


def test_any_id_of_the_chain_leads_to_the_same_page(run: Path) -> None:
    page = explain("agent_orange-dead", run)
    line = (
        pd.read_csv(run / "recommendations.csv", encoding="utf-8-sig").set_index("record_id").loc["agent_orange-dead"]
    )
    assert {explain(line[name], run) for name in ("recommendation_id", "case_id", "finding_ids")} == {page}


def test_a_line_without_a_finding_says_so(run: Path) -> None:
    told = explain("agent_orange-Yên", run)
    assert "Không có đề xuất" in told
    assert "4. Phát hiện / Findings: không có / none" in told


def test_two_lines_are_compared_field_by_field(run: Path) -> None:
    told = explain("agent_orange-dead deaths-0", run)
    assert "date_of_birth day, +14.50" in told
    assert "probability: 0.9900" in told
    assert "Not compared" in explain("agent_orange-Yên deaths-0", run)


@pytest.mark.parametrize("asked", ["a-nobody", "", "a b c", "agent_orange-dead r-nobody"])
def test_an_id_that_is_not_there_is_a_sentence_in_both_languages(run: Path, asked: str) -> None:
    with pytest.raises(UsageError, match=r".+ / .+"):
        explain(asked, run)


def test_a_folder_that_is_no_run_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--run"):
        explain("a-1", tmp_path)
