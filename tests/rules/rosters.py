"""A small roster in a folder with its plan, and folders of law over it: whole runs without Prefect."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from eligibility_audit.use_cases import run_audit

HEAD = (
    "TT,Số hồ sơ,Họ và tên,Ngày sinh,Giới tính,Số CMND,Xã,Huyện,Diện,Từ,Đến,Đơn vị,Địa bàn,Bệnh tật,Tỷ lệ (%),"
    "Giấy tờ gốc,Số quyết định,Ngày quyết định,Mức trợ cấp tháng"
)
NAMES = ("Trần Văn Khởi", "Lê Đình Tuấn", "Phạm Quang Sáng", "Vũ Hữu Lợi", "Đỗ Bá Hưng", "Ngô Trí Dũng")


def line(number: int, **changed: object) -> str:
    """A line of a veteran against whom nothing speaks, with some cells changed."""
    cells = {
        "dossier": f"HH00{number:04d}",
        "name": NAMES[number % len(NAMES)],
        "born": f"{10 + number % 18:02d}/0{1 + number % 9}/19{46 + number % 6}",
        "sex": "Nam",
        "id": f"1501{number:05d}",
        "commune": "An Khê" if number % 2 else "Đồng Tiến",
        "district": "Quỳnh Phụ",
        "group": "Người HĐKC",
        "from": "02/1968",
        "to": "06/1974",
        "unit": "E42 F3",
        "place": "Quảng Trị",
        "disease": "Đái tháo đường type 2",
        "percent": 45,
        "papers": "Quyết định phục viên (01/03/1976)",
        "decision": f"{100 + number}/QĐ",
        "decided": "01/01/2014",
        "amount": "2.062.000",
    }
    return ",".join(str(value) for value in (number, *{**cells, **changed}.values()))


def plan(folder: Path, *lines: str, as_of: str = "2020-12-31", more: str = "") -> Path:
    """Write the roster and its plan."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ao.csv").write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    path = folder / "audit.yaml"
    path.write_text(
        f"name: Thử\nas_of: {as_of}\n{more}sources:\n  - {{kind: agent_orange, path: ao.csv}}\n", encoding="utf-8"
    )
    return path


def law(folder: Path, files: Mapping[str, str], known_from: str = "2026-12-01", version: str = "1") -> Path:
    """Write a folder of law."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    pack = f"vi: Luật thử\nen: Law on trial\nversion: '{version}'\nknown_from: {known_from}\n"
    (folder / "pack.yaml").write_text(pack, encoding="utf-8")
    return folder


def run(path: Path, out: Path) -> tuple[pd.DataFrame, pd.DataFrame, run_audit.Run]:
    """Findings, recommendations and the run, up to the recommendations; nothing is published."""
    with run_audit.opened(path, out) as opened:
        run_audit.read_and_link(opened, str(out))
        run_audit.assess(str(out))
        run_audit.recommend_(str(out))
        findings = pd.read_parquet(opened.steps["assess"] / "findings.parquet")
        made = pd.read_parquet(opened.steps["recommend"] / "recommendations.parquet")
    return findings, made, opened
