"""What the report says of places, scores, the threshold, changes and measured error: hand-counted, no script."""

from pathlib import Path

import pandas as pd
import pytest

from eligibility_audit.domain.review.measures import Measured
from eligibility_audit.publish.lists import listed
from eligibility_audit.publish.report import write_report
from eligibility_audit.publish.report_measures import changes, of_places, sensitivity
from eligibility_audit.recommend.wording import check

from .invented import DEAD, SUSPEND, VERIFY, findings, recommendations, report_data
from .test_report import words_of

# Four proposals: the first rests on a link of 0.55 alone, the second on one of 0.97, the third names a record that no
# link leads to (by its number), the fourth names none. Their records are r-…0 to r-…3.
ROWS = (VERIFY, SUSPEND, DEAD, VERIFY)
MADE = recommendations(ROWS)
NAMED = ['["r-x"]', '["r-low", "r-y"]', '["r-z"]', None]
FOUND = findings(ROWS).assign(other_record_ids=pd.array(NAMED, dtype="string"))
ID = list(MADE["record_id"])
PAIRS = pd.DataFrame(
    {
        "left_record_id": [ID[0], "r-y", ID[1], "r-a"],
        "right_record_id": ["r-x", ID[1], "r-low", "r-b"],
        "match_probability": [0.55, 0.97, 0.51, 0.999],
    }
)


def told(**changed: object) -> dict[str, object]:
    return {"recommendations": MADE, "findings": FOUND, "pairs": PAIRS, "lesser": pd.Series([0.01, 0.4])} | changed


def test_a_proposal_stands_while_one_of_its_findings_is_linked_so_surely() -> None:
    found = {one.threshold: one for one in sensitivity(FOUND, listed(MADE), PAIRS)}
    assert [(t, one.links, one.proposals, one.lost) for t, one in found.items()] == [
        ("0,5", 4, 4, 0),
        ("0,6", 2, 3, 1),
        ("0,7", 2, 3, 1),
        ("0,8", 2, 3, 1),
        ("0,9", 2, 3, 1),
        ("0,95", 2, 3, 1),
        ("0,99", 1, 2, 2),
    ]
    assert (found["0,95"].stops, found["0,99"].stops) == (1, 0)
    assert {one.alive for one in found.values()} == {1}


def test_the_report_shows_scores_thresholds_and_places_as_pictures_inside_it(tmp_path: Path) -> None:
    page = write_report(tmp_path, report_data(**told())).read_text(encoding="utf-8")
    assert page.count("<svg") - page.count('aria-hidden="true" fill="none"') == 4
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
    assert len(page) < 400_000
    said = words_of(page)
    assert "0,99 1 2 2 0 1" in said
    assert "Xã An Giả, Huyện Một" in said
    assert check(said.replace("không phải là khoản nợ", "")) == ()
    assert write_report(tmp_path / "again", report_data(**told())).read_text(encoding="utf-8") == page


def test_without_links_and_without_a_run_before_the_report_says_so(tmp_path: Path) -> None:
    said = words_of(write_report(tmp_path, report_data()).read_text(encoding="utf-8"))
    assert "không ghép hồ sơ giữa các danh sách" in said
    assert "Đợt này chạy riêng" in said


def test_what_changed_is_told_by_list_and_case(tmp_path: Path) -> None:
    before = MADE.iloc[[1, 3]].assign(case_id=["c-old", MADE["case_id"].iloc[3]])
    assert [
        (row["sheet"], row["before"], row["now"], row["new"], row["gone"]) for row in changes(listed(MADE), before)
    ] == [("Cần xác minh", 1, 2, 1, 0), ("Trình tạm dừng", 1, 1, 1, 1), ("Xác nhận còn sống", 0, 1, 1, 0)]
    page = words_of(
        write_report(tmp_path, report_data(**told(before=before, before_label="đêm 2020-12-30"))).read_text("utf-8")
    )
    assert "So với đêm 2020-12-30" in page
    assert "Trình tạm dừng 1 1 1 1" in page


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        pytest.param({}, "Tỷ lệ sai của các đề xuất: chưa đo.", id="nothing was measured"),
        pytest.param({"INSP_FORGED": Measured(40, 0)}, "0 trên 40: đến 7,2 %", id="forty looks at one rule"),
    ],
)
def test_an_error_rate_is_told_only_where_it_was_measured(
    tmp_path: Path, measured: dict[str, Measured], said: str
) -> None:
    page = words_of(write_report(tmp_path, report_data(**told(measured=measured))).read_text(encoding="utf-8"))
    assert said in page
    assert "chưa đo" in page, "of the other rules"


def test_names_of_places_are_escaped_in_pictures() -> None:
    drawn = of_places(listed(recommendations([{**VERIFY, "commune": "<script>alert(1)</script>"}])))
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn
