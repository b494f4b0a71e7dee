"""A small invented province in files, and edits to it; nobody in it exists."""

import csv
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Final

SURNAMES: Final = ("Đinh", "Tạ", "Lục", "Mạc", "Kiều", "Thân")
MIDDLES: Final = ("Văn", "Hữu", "Quang", "Bá")
GIVEN: Final = ("Thử", "Nghiệm", "Giả", "Mẫu", "Tưởng", "Bịa", "Nháp", "Kính")
COMMUNES: Final = ("Xã An Khê", "Xã Quỳnh Hoa", "Xã An Ninh")
DISTRICT: Final = "Huyện Quỳnh Phụ"
VETERANS: Final = (
    *("STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Xã", "Huyện", "Số hồ sơ", "Đối tượng", "Thời gian phục vụ"),
    *("Địa bàn", "Tên bệnh", "Tỷ lệ", "Giấy tờ", "Số quyết định", "Ngày quyết định", "Mức trợ cấp"),
)
DEATHS: Final = ("STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Xã", "Huyện", "Ngày chết", "Ngày đăng ký", "Số đăng ký")
AID: Final = (
    *("STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Xã", "Huyện", "Số hồ sơ", "Nhóm đối tượng", "Mức độ khuyết tật"),
    *("Hệ số", "Số quyết định", "Ngày quyết định", "Mức trợ cấp"),
)
PLAN: Final = """name: Đêm thử
as_of: 2020-12-31
sources:
  - {kind: agent_orange, path: "rosters/hoa_hoc_*.csv"}
  - {kind: social_assistance, path: rosters/btxh.csv}
  - {kind: deaths, path: references/khai_tu.csv}
"""


def province(folder: Path, seed: int = 1, lines: int = 12) -> Path:
    """Write a plan with two files of veterans, one of social assistance and one of deaths; returns the plan's path."""
    luck = random.Random(seed)
    (folder / "rosters").mkdir(parents=True)
    (folder / "references").mkdir()
    for number in (1, 2):
        rows = [veteran(luck, 100 * number + n) for n in range(lines)]
        write(folder / "rosters" / f"hoa_hoc_{number}.csv", VETERANS, rows)
    write(folder / "rosters" / "btxh.csv", AID, [aided(luck, n) for n in range(lines)])
    dead = [death(read(folder / "rosters" / "hoa_hoc_1.csv")[n], n) for n in (2, 5)]
    write(folder / "references" / "khai_tu.csv", DEATHS, [*dead, *(death(veteran(luck, 900 + n), n) for n in range(4))])
    plan = folder / "audit.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    return plan


def person(luck: random.Random) -> tuple[str, str, str, str]:
    """Name, birth date, number, commune."""
    name = " ".join((luck.choice(SURNAMES), luck.choice(MIDDLES), luck.choice(GIVEN)))
    born = f"{luck.randint(2, 28):02}/{luck.randint(2, 12):02}/{luck.randint(1944, 1955)}"
    return name, born, f"034{'0'}{born[-2:]}{luck.randint(0, 999_999):06}", luck.choice(COMMUNES)


def veteran(luck: random.Random, number: int) -> list[str]:
    """A line of the roster."""
    name, born, own, commune = person(luck)
    percent = luck.choice((45, 65, 85))
    papers = luck.choice(("Quyết định phục viên (01/03/1976)", ""))
    place = luck.choice(("Quảng Trị", "Hải Phòng", ""))
    return [
        *(str(number), name, born, own, commune, DISTRICT, f"HH{number:06}", "Người HĐKC", "02/1968 - 06/1973"),
        *(place, "Đái tháo đường type 2", str(percent), papers, f"{number}/QĐ-SLĐ", "15/06/2008", "2062000"),
    ]


def aided(luck: random.Random, number: int) -> list[str]:
    """A line of social assistance."""
    name, born, own, commune = person(luck)
    return [
        *(str(number + 1), name, born, own, commune, DISTRICT, f"XH{number:06}", "Người khuyết tật"),
        *(luck.choice(("Nặng", "Đặc biệt nặng")), luck.choice(("1,5", "2,0")), f"{number}/QĐ", "15/06/2015", "540000"),
    ]


def death(line: list[str], number: int) -> list[str]:
    """The registration of the death of somebody on a line."""
    return [str(number + 1), *line[1:6], "04/03/2019", "10/03/2019", f"{number + 1}/2019"]


def read(path: Path) -> list[list[str]]:
    """The lines of a file without its heading."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def write(path: Path, heading: Iterable[str], lines: Iterable[list[str]]) -> None:
    """Write a file of a list."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([list(heading), *lines])


def heading(path: Path) -> list[str]:
    """The heading of a file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))
