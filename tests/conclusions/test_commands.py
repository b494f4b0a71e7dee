"""What an office does by hand: files written for it, checked, and the report made anew from a run."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from eligibility_audit import publish
from eligibility_audit.errors import UsageError
from eligibility_audit.use_cases.conclusion_files import (
    check_conclusions,
    report_conclusions,
    show_conclusions,
    write_conclusion_files,
)
from tests.conclusions.invented import FIRST, FORGED, NOBODY, SECOND
from tests.rules.facts.invented import NO_PAIRS, lists

ANNEX = """\
TT,Số kết luận,Ngày kết luận,Họ tên đối tượng,Năm sinh,Số hồ sơ,Xã,Nhóm nội dung,Nội dung kết luận,Xử lý
1,44/KL-TTr,15/06/2017,Đinh Văn Thử,1948,HH000123,Xã Mẫu,Chưa rõ địa bàn,Chưa có giấy tờ về địa bàn,Thực chứng lại
2,44/KL-TTr,15/06/2017,Tạ Thị Vắng,1939,HH777777,Xã Xa,Chưa rõ địa bàn,Chưa có giấy tờ về địa bàn,Bổ sung giấy tờ
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "phu_luc.csv").write_text(ANNEX, encoding="utf-8")
    path = tmp_path / "audit.yaml"
    path.write_text(
        "name: Thử\nas_of: 2020-12-31\nsources: [{kind: inspection_findings, path: phu_luc.csv}]\n", encoding="utf-8"
    )
    return path


def test_a_file_is_written_for_each_conclusion_and_never_over_one(plan: Path) -> None:
    assert "conclusions: [conclusions/44-kl-ttr.yaml]" in write_conclusion_files(plan)
    file = plan.parent / "conclusions" / "44-kl-ttr.yaml"
    head = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert (head["number"], str(head["date"])) == ("44/KL-TTr", "2017-06-15")
    assert [finding["group"] for finding in head["findings"]] == ["Chưa rõ địa bàn"]
    file.write_text("của tôi", encoding="utf-8")
    write_conclusion_files(plan)
    assert file.read_text(encoding="utf-8") == "của tôi"


def test_a_file_that_nobody_filled_in_is_refused_and_one_that_is_filled_in_is_told(plan: Path) -> None:
    write_conclusion_files(plan)
    with plan.open("a", encoding="utf-8") as file:
        file.write("conclusions: [conclusions/44-kl-ttr.yaml]\n")
    with pytest.raises(UsageError, match="XEM LẠI"):
        check_conclusions(plan)
    path = plan.parent / "conclusions" / "44-kl-ttr.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(": XEM LẠI", ": Thanh tra"), encoding="utf-8")
    assert "44/KL-TTr ngày / of 15/06/2017, Thanh tra" in check_conclusions(plan)


def test_a_plan_without_annexes_is_told_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "audit.yaml"
    (tmp_path / "a.csv").write_text("Họ tên\nAi Đó\n", encoding="utf-8")
    path.write_text("name: Thử\nas_of: 2020-12-31\nsources: [{kind: deaths, path: a.csv}]\n", encoding="utf-8")
    with pytest.raises(UsageError, match="inspection_findings"):
        write_conclusion_files(path)


def finished_run(folder: Path) -> Path:
    """The files of a run that the report needs: what was read, and the links."""
    records = lists(
        agent_orange=[{"dossier_no": "HH000123"}],
        inspection_findings=[FIRST, FIRST | NOBODY, {**FIRST, **SECOND, **FORGED}],
    )
    (folder / "records").mkdir(parents=True)
    for kind, frame in records.items():
        frame.to_parquet(folder / "records" / f"{kind}.parquet", index=False)
    publish.write_csv(NO_PAIRS, folder / "links.csv", publish.LINKS)
    NO_PAIRS.to_parquet(folder / "candidates.parquet", index=False)
    rejected = {"source_file": ["inspection_findings.csv"], "source_row": [9], "stage": ["line"]}
    publish.write_csv(pd.DataFrame(rejected), folder / "rejects.csv", publish.REJECTS)
    (folder / "manifest.json").write_text(json.dumps({"inputs_digest": "abc"}), encoding="utf-8")
    return folder


def test_ledger_and_report_are_made_anew_without_a_new_run(plan: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path / "run")
    told = report_conclusions(plan, run, tmp_path / "out")
    assert "KL-1: 2 dòng / lines" in told
    assert "1 dòng không đọc được" in told.lower()
    assert (tmp_path / "out" / "report.html").stat().st_mode & 0o077 == 0
    with pytest.raises(UsageError, match="không trống"):
        report_conclusions(plan, run, tmp_path / "out")
    with pytest.raises(UsageError, match="đã xong"):
        report_conclusions(plan, tmp_path / "none", tmp_path / "other")


def test_what_a_run_says_is_shown_in_a_few_lines(plan: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path / "run")
    with pytest.raises(UsageError, match="không có sổ theo dõi"):
        show_conclusions(run)
    report_conclusions(plan, run, run / "conclusions")
    assert "chưa tìm thấy người / not found: 1 / 2" in show_conclusions(run)
