"""The family tree of a case: as the run's list has it, each member's own file beside, nobody judged by another's."""

import re
from pathlib import Path

import pandas as pd
import pytest

from eligibility_audit.use_cases.review.families import families
from tests.web.conftest import Served, dossier

COLUMNS = (
    *("record_id", "claim", "name", "dossier_no", "parent_name", "parent_dossier_no", "commune", "district"),
    *("source_file", "source_sheet", "source_row", "date_of_birth", "sex", "service_from"),
)
LIST = {
    "father": ("veteran", "Lê Văn Cha", "HH000001", None, None),
    "one": ("child", "Lê Thị Một", "CD000001", "Lê Văn Cha", "HH000001"),
    "two": ("child", "Lê Văn Hai", "CD000002", "Lê Văn Cha", "HH000001"),
    "orphan": ("child", "Trần Thị Côi", "CD000003", "Trần Văn Khuất", "HH000099"),
    "alone": ("veteran", "Phạm Văn Riêng", "HH000007", None, None),
}


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    lines = [
        {"record_id": one, **dict(zip(COLUMNS[1:6], told, strict=True)), "commune": "Xã A", "district": "Huyện B"}
        for one, told in LIST.items()
    ]
    frame = pd.DataFrame(lines, columns=list(COLUMNS))
    frame["source_row"] = range(len(frame))
    frame = frame.astype(dict.fromkeys(frame.columns.drop("source_row"), "string[pyarrow]"))
    (tmp_path / "records").mkdir()
    frame.to_parquet(tmp_path / "records" / "agent_orange.parquet", index=False)
    return tmp_path


def test_who_belongs_to_whom(run_folder: Path) -> None:
    found = families(run_folder, LIST)
    told = {one: [(m["relation"], m.get("record_id"), m["name"]) for m in members] for one, members in found.items()}
    assert told == {
        "father": [("child", "one", "Lê Thị Một"), ("child", "two", "Lê Văn Hai")],
        "one": [("parent", "father", "Lê Văn Cha"), ("sibling", "two", "Lê Văn Hai")],
        "two": [("parent", "father", "Lê Văn Cha"), ("sibling", "one", "Lê Thị Một")],
        "orphan": [("parent", None, "Trần Văn Khuất")],
    }
    assert families(run_folder / "nothing", LIST) == {}


def test_the_tree_on_the_page(served: Served) -> None:
    here = {"commune": "Xã A", "district": "Huyện B"}
    family = [
        {"relation": "parent", "record_id": "r-1", "name": "Người Cha", "dossier_no": "HH000001", **here},
        {"relation": "sibling", "record_id": "r-9", "name": "Người Em", "dossier_no": "CD000009", **here},
        {"relation": "sibling", "record_id": "r-8", "name": "Người Xa", "commune": "Xã C", "district": "Huyện D"},
    ]
    made = dossier(50)
    case = type(made)(made.case_id, made.columns, {**made.frozen, "family": family})
    served.office.cases.attach("run-2", [*(dossier(n) for n in range(1, 6)), case], served.clock())
    page = served.client("canbo").get("/cases/c-50").text
    tree = re.sub(r"\s+", " ", page.split('id="family"')[1].split("</section>", maxsplit=1)[0])
    assert '<a href="/cases/c-1">Người Cha</a>' in tree
    assert "cần xác minh, mới được đề xuất" in tree, "its own file, as it stands"
    assert "Người Em, số hồ sơ CD000009, Xã A: không có hồ sơ được nêu" in tree
    assert "Người Xa" not in page, "another area's people are not told"
    assert "ở địa bàn khác" in tree
    assert "Không ai bị dừng vì hồ sơ của người khác" in tree
    assert 'id="family"' not in served.client("canbo").get("/cases/c-2").text
