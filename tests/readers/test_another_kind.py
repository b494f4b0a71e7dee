"""A list under the wrong kind is said to be one, before anybody is looked for in it."""

from pathlib import Path

import pytest

from eligibility_audit.readers import SourceSpec, read_source

PENSIONS = "STT,Họ và tên,Ngày sinh,Giới tính,Số sổ BHXH,Số CMND,Địa chỉ,Loại hưởng,Mức lương hưu\n" + "\n".join(
    f"{n},Nguyễn Văn Thử,0{n}/02/1940,Nam,340000000{n},15000000{n},Xã Không Có,Hưu trí,4.500.000" for n in range(1, 9)
)


@pytest.mark.parametrize(("kind", "warned"), [("pensions", False), ("deaths", True), ("inspection_findings", True)])
def test_a_pension_list(tmp_path: Path, kind: str, warned: bool) -> None:
    (tmp_path / "huu_tri.csv").write_text(PENSIONS, encoding="utf-8")
    (sheet,) = read_source(SourceSpec(kind=kind, path="huu_tri.csv"), tmp_path)
    assert any("`kind:`" in warning for warning in sheet.warnings) == warned
