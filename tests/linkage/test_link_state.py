"""What one linking leaves to the next, judgements as a file, and a pair explained: through the use cases."""

from pathlib import Path

import pandas as pd
import pytest

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.linkage import kept_model
from eligibility_audit.linkage.model import VERSION, EarlierModelError, read_model
from eligibility_audit.use_cases.explain_pair import explain_pair_of_files
from eligibility_audit.use_cases.link_files import describe, link_files
from tests.linkage.conftest import Crowd

ROLES = """\
id: record_id
columns: {name: name, date_of_birth: date_of_birth, sex: sex, national_id: national_id, place: commune}
"""


@pytest.fixture
def table(crowd: Crowd, tmp_path: Path) -> Path:
    crowd([], 60).to_parquet(tmp_path / "people.parquet", index=False)
    (tmp_path / "roles.yaml").write_text(ROLES, encoding="utf-8")
    return tmp_path / "people.parquet"


def test_the_second_linking_compares_only_what_changed_and_keeps_the_names(table: Path, tmp_path: Path) -> None:
    roles, state, out = tmp_path / "roles.yaml", tmp_path / "state", tmp_path / "clusters.parquet"
    first = link_files(
        table, model_path=roles, out=tmp_path / "a.parquet", clusters=out, state=state, fit=tmp_path / "m"
    )
    names = pd.read_parquet(out).set_index("id")["cluster_id"]
    people = pd.read_parquet(table)
    gone, kept = "c-0-a", "c-0-b"  # the record that gave its cluster the name
    people[people["record_id"] != gone].to_parquet(table, index=False)
    again = link_files(table, out=tmp_path / "b.parquet", clusters=out, state=state)
    assert again["compared"] == 0 < first["compared"]
    assert pd.read_parquet(out).set_index("id")["cluster_id"][kept] == names[gone]
    assert again["cluster_changes"] == {"shrunk": 1}
    assert "Chỉ so phần thay đổi / only what changed was compared: 0" in describe(again)
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".partial")]


def test_another_model_is_a_full_run(table: Path, tmp_path: Path) -> None:
    roles, state = tmp_path / "roles.yaml", tmp_path / "state"
    link_files(table, model_path=roles, out=tmp_path / "a.parquet", state=state)
    again = link_files(table, model_path=roles, out=tmp_path / "a.parquet", state=state)  # roles: learnt anew
    assert "touched" not in again


def test_a_folder_that_is_no_state_is_a_sentence(table: Path, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with pytest.raises(InputError, match="holds no state"):
        link_files(table, model_path=tmp_path / "roles.yaml", out=tmp_path / "a.parquet", state=tmp_path / "state")


def test_judgements_come_as_a_file(table: Path, tmp_path: Path) -> None:
    told = tmp_path / "judged.csv"
    told.write_text(
        "left,right,judgement,by,on\nc-0-a,c-7-b,match,CB01,2026-01-01\nc-7-b,c-9-a,match,CB01,2026-01-02\n"
        "c-0-a,c-9-a,no_match,CB02,2026-01-03\n",
        encoding="utf-8",
    )
    out = tmp_path / "a.parquet"
    report = link_files(table, model_path=tmp_path / "roles.yaml", out=out, judgements=told)
    pairs = pd.read_parquet(out).set_index(["left_id", "right_id"])["match_probability"]
    assert pairs["c-0-a", "c-7-b"] == 1.0
    assert report["judgements"] == {"binds": 2, "set_aside": 1}
    assert len(report["conflicts"]) == 1
    assert "c-0-a ≠ c-9-a (2026-01-03)" in report["conflicts"][0]
    assert "c-7-b" in report["conflicts"][0]
    assert "Mâu thuẫn / conflict: " in describe(report)


def test_a_pair_is_explained_with_both_rows_and_its_picture(table: Path, tmp_path: Path) -> None:
    picture = tmp_path / "pair.svg"
    text = explain_pair_of_files(table, None, tmp_path / "roles.yaml", "c-1-a", "c-1-b", picture)
    assert "name          | " in text
    assert "Họ tên: họ tên giống hệt" in text
    assert "Name: the same" in text
    assert "Hai dòng này được ghép. / The two are linked." in text
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    text = explain_pair_of_files(table, None, tmp_path / "roles.yaml", "c-1-a", "c-2-b")
    assert "3. Đưa ra so sánh / Brought together by" in text
    with pytest.raises(UsageError, match="must be an"):
        explain_pair_of_files(table, None, tmp_path / "roles.yaml", "c-1-a", "c-1-b", tmp_path / "pair.gif")


@pytest.mark.parametrize("earlier", [*range(1, VERSION)])
def test_a_model_of_an_earlier_version_is_learnt_anew_and_that_is_said(
    earlier: int, table: Path, tmp_path: Path
) -> None:
    kept, out = tmp_path / "m.yaml", tmp_path / "a.parquet"
    link_files(table, model_path=tmp_path / "roles.yaml", out=out, fit=kept)
    whole = kept.read_text(encoding="utf-8")
    kept.write_text(whole.replace(f"version: {VERSION}", f"version: {earlier}", 1), encoding="utf-8")
    assert kept_model(kept) is None
    with pytest.raises(EarlierModelError, match="link --fit"):
        read_model(kept)
    told = describe(link_files(table, model_path=kept, out=out))
    assert "the model was of an earlier version: learnt anew, by its roles" in told
    assert kept_model(out.with_suffix(".model.yaml")) is not None


@pytest.mark.parametrize("text", [f"version: {VERSION}", "[]", "version: 1", "priors: {", "\x00"])
def test_a_damaged_model_is_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="link --fit"):
        kept_model(tmp_path / "model.yaml")
