"""An invented crowd to link people in: names of our own making that collide as Vietnamese names do."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from eligibility_audit.linkage.people import COLUMNS

SURNAMES = ("Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi", "Đỗ")
MIDDLE = {"M": ("Văn", "Văn", "Hữu", "Đức", "Xuân"), "F": ("Thị", "Thị", "Thị", "Thị Thu", "Ngọc")}
MALE = "Hùng Dũng Sơn Hải Tuấn Nam Long Thành Bình Phong Quý Khánh Thái Cường Thắng Hòa Lâm Lực Phúc Đạt"
FEMALE = "Hoa Huệ Hồng Hương Lan Linh Mai Nga Nhung Oanh Quyên Thảo Thu Thủy Trang Tuyết Vân Yến Cúc Châu"
GIVEN = {"M": MALE.split(), "F": FEMALE.split()}

Crowd = Callable[..., pd.DataFrame]


def frame(rows: list[dict[str, str | None]]) -> pd.DataFrame:
    """A people frame of these rows; what a row does not say is null, its line and id are its own."""
    filled = [
        {"record_id": f"r-{k:05d}", "kind": "agent_orange", "line": f"row {k}"} | row for k, row in enumerate(rows)
    ]
    columns = {c: pd.array([row.get(c) for row in filled], dtype="string[pyarrow]") for c in COLUMNS}
    return pd.DataFrame(columns)


@pytest.fixture(scope="session")
def crowd() -> Crowd:
    """`crowd(planted, persons=1500)`: the planted rows among people who are on two lists each."""

    def make(planted: list[dict[str, str | None]], persons: int = 1500) -> pd.DataFrame:
        draw = np.random.default_rng(7)
        rows: list[dict[str, str | None]] = []
        for k in range(persons):
            sex = "MF"[int(draw.integers(2))]
            year, month, day = int(draw.integers(1930, 1990)), int(draw.integers(1, 13)), int(draw.integers(1, 29))
            commune = int(draw.integers(30))
            person: dict[str, str | None] = {
                "name": f"{draw.choice(SURNAMES)} {draw.choice(MIDDLE[sex])} {draw.choice(GIVEN[sex])}",
                "date_of_birth": f"{year}-{month:02d}-{day:02d}",
                "sex": sex,
                "national_id": f"{160_000_000 + 7919 * k:09d}",
                "commune": f"Xã Số {commune}",
                "district": f"Huyện {commune // 5}",
            }
            rows.append(person | {"record_id": f"c-{k}-a", "kind": "agent_orange"})
            coarse = {"date_of_birth": str(year)} if k % 4 == 0 else {}
            lacking = {"national_id": None} if k % 3 == 0 else {}
            rows.append(person | coarse | lacking | {"record_id": f"c-{k}-b", "kind": "covid_relief"})
        return frame([*planted, *rows])

    return make
