"""The command line: exit codes and sentences of what needs no run."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from eligibility_audit.cli import app
from eligibility_audit.errors import EligibilityAuditError

DEATHS = "Số đăng ký,Họ và tên,Ngày sinh,Giới tính,Số CMND,Nơi cư trú,Ngày chết\n" + "\n".join(
    f"{n}/2020,Nguyễn Văn Thử,0{n}/02/1940,Nam,15000000{n},Xã Không Có,0{n}/03/2020" for n in range(1, 9)
)


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [*map(str, args)])


def fails(*args: object) -> EligibilityAuditError:
    result = call(*args)
    assert isinstance(result.exception, EligibilityAuditError), result.output
    return result.exception


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "khai_tu.csv").write_text(DEATHS, encoding="utf-8")
    return tmp_path


def plan(office: Path, text: str = "", source: str = "{kind: deaths, path: khai_tu.csv}") -> Path:
    path = office / "audit.yaml"
    path.write_text(f"name: thử\nas_of: 2020-12-31\nsources:\n  - {source}\n{text}", encoding="utf-8")
    return path


def test_inspect_says_what_each_column_is(office: Path) -> None:
    told = call("inspect", office / "khai_tu.csv")
    assert told.exit_code == 0
    assert "deaths" in told.stdout
    assert "national_id: Số CMND" in told.stdout


def test_init_writes_a_plan_that_is_sound_and_never_over_another(office: Path) -> None:
    told = call("init", office, "--as-of", "2020-12-31")
    assert told.exit_code == 0, told.output
    assert "{kind: deaths, path: khai_tu.csv}" in (office / "audit.yaml").read_text(encoding="utf-8")
    assert (office / "eligibility-audit.key").stat().st_mode & 0o077 == 0
    assert "đã có kế hoạch" in str(fails("init", office))


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        pytest.param("{kind: deaths, path: khong_co.csv}", "", "khong_co.csv", id="a missing file"),
        pytest.param('{kind: deaths, path: "*.xlsx"}', "", "xlsx", id="a pattern that nothing matches"),
        pytest.param("{kind: deaths, path: khai_tu.csv}", "brake: {}", "brakes", id="a mistyped key"),
        pytest.param(
            "{kind: deaths, path: khai_tu.csv}", "  - {kind: deaths, path: khai_tu.csv}", "hai lần", id="twice"
        ),
        pytest.param("{kind: deaths, sql: kho.khai_tu, order_by: id}", "", "EA_SQL_KHO", id="a database nobody named"),
        pytest.param("{kind: deaths", "", "YAML", id="a broken plan"),
    ],
)
def test_a_fault_in_the_plan_is_a_sentence_before_anything_starts(
    office: Path, source: str, text: str, said: str
) -> None:
    fault = fails("run", plan(office, text, source), "--out", office / "out")
    assert fault.exit_code == 2
    assert said in str(fault)
    assert not (office / "out").exists()


def test_a_plan_that_is_a_folder_or_missing(office: Path) -> None:
    assert "không đọc được" in str(fails("run", office))
    assert "không có tệp này" in str(fails("run", office / "khong_co.yaml"))


def test_explain_without_any_run_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EA_HOME", str(tmp_path))  # where no other test has run anything
    assert "Chưa có lần chạy nào" in str(fails("explain", "a-0"))


def test_verify_of_something_else(office: Path) -> None:
    assert "không phải thư mục của một lần chạy" in str(fails("verify", office))


def test_rules_are_listed_and_shown() -> None:
    assert "AO_DUP" in call("rules", "list").stdout
    assert "Căn cứ" in call("rules", "show", "AO_PLACE").stdout
    assert fails("rules", "show", "AO_PLAC").exit_code == 2


def test_link_writes_pairs_and_clusters(tmp_path: Path) -> None:
    names = ["Nguyễn Văn An", "Trần Thị Bích", "Lê Văn Cường", "Phạm Thị Dung", "Hoàng Văn Em"] * 8
    left = pd.DataFrame(
        {
            "id": range(len(names)),
            "name": [f"{name} {n // 5}" for n, name in enumerate(names)],
            "date_of_birth": [f"{1940 + n}-03-{n % 27 + 1:02d}" for n in range(len(names))],
        }
    )
    left.to_csv(tmp_path / "left.csv", index=False)
    left.iloc[::2].to_csv(tmp_path / "right.csv", index=False)
    (tmp_path / "model.yaml").write_text(
        "id: id\ncolumns: {name: name, date_of_birth: date_of_birth}\n", encoding="utf-8"
    )
    told = call(
        "link", tmp_path / "left.csv", tmp_path / "right.csv", "--model", tmp_path / "model.yaml",
        "--out", tmp_path / "pairs.parquet", "--clusters", tmp_path / "clusters.parquet",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    pairs = pd.read_parquet(tmp_path / "pairs.parquet")
    assert set(zip(pairs["left_id"], pairs["right_id"], strict=True)) == {(n, n) for n in left["id"][::2]}
    assert len(pd.read_parquet(tmp_path / "clusters.parquet")) == len(left) + len(left) // 2


def test_the_command_ends_with_a_sentence_and_its_code_not_a_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eligibility_audit", "inspect", str(tmp_path / "none.xlsx")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Lỗi / error:")
    assert "Traceback" not in done.stderr
    assert not done.stdout
