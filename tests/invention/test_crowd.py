"""A long list of people with its truth: shape, numbers, kin; and that it is the same for the same seed."""

from pathlib import Path

import pandas as pd
import pytest

from eligibility_audit.errors import UsageError
from eligibility_audit.invention import crowd, invent_crowd
from eligibility_audit.standardise.names import fold
from eligibility_audit.use_cases.invent_province import describe_people, invent_people
from eligibility_audit.use_cases.link_files import link_files

ROWS = 12_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("crowd")
    invent_crowd(ROWS, 3, made)
    return made


@pytest.fixture(scope="module")
def people(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "people.parquet").merge(pd.read_parquet(folder / "key" / "people.parquet"))


def test_the_truth_stands_apart(folder: Path) -> None:
    columns = ["rec_id", "name", "date_of_birth", "sex", "national_id", "commune", "district"]
    assert list(pd.read_parquet(folder / "people.parquet").columns) == columns


def test_three_rows_in_a_hundred_make_a_pair(people: pd.DataFrame) -> None:
    size = people["entity"].value_counts()
    pairs = int((size * (size - 1) // 2).sum())
    assert len(people) == ROWS
    assert 0.025 < pairs / ROWS < 0.038


def test_names_collide_as_they_do(people: pd.DataFrame) -> None:
    folded = people["name"].map(lambda name: " ".join(fold(name).split()))
    assert folded.value_counts().iloc[0] > 0.003 * ROWS  # about 1,000 on 208,496 rows
    assert folded.nunique() > 0.4 * ROWS


def test_numbers_are_of_the_person(people: pd.DataFrame) -> None:
    known = people.dropna(subset=["national_id", "date_of_birth"])
    assert set(known["national_id"].str.len()) == {9, 12}
    long = known[known["national_id"].str.len() == 12]
    century = long["national_id"].str[3].astype("int64")
    year = long["date_of_birth"].str[:4].astype("int64")
    assert (long["national_id"].str[4:6] == (year % 100).map("{:02d}".format)).mean() > 0.93
    assert ((century >= 2) == (year >= 2000)).mean() > 0.97
    assert ((century % 2 == 1) == (long["sex"] == "Nữ"))[long["sex"].notna()].mean() > 0.97
    firsts = known.drop_duplicates("entity")
    assert firsts["national_id"].duplicated().mean() < 0.005  # a number of a relative's, or two mistyped alike


def test_every_day_is_in_the_calendar(people: pd.DataFrame) -> None:
    dates = people["date_of_birth"].dropna()
    assert set(dates.str.len()) == {4, 7, 10}
    pd.to_datetime(dates[dates.str.len() == 10], format="%Y-%m-%d")  # raises where there is no such day


def test_namesakes_of_one_year_and_commune_are_there(people: pd.DataFrame) -> None:
    firsts = people.drop_duplicates("entity").assign(year=people["date_of_birth"].str[:4])
    same = firsts.dropna(subset=["year", "commune"]).duplicated(["name", "year", "commune"], keep=False)
    assert same.sum() >= 20


def test_the_same_seed_gives_the_same_rows_and_another_does_not(folder: Path, tmp_path: Path) -> None:
    for seed in (3, 4):
        invent_crowd(ROWS, seed, tmp_path / str(seed))
    first, again, other = (
        pd.read_parquet(path / "people.parquet") for path in (folder, tmp_path / "3", tmp_path / "4")
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first["name"].equals(other["name"])


def test_a_number_is_nobody_elses_in_the_next_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "CHUNK", 2_000)
    made = invent_crowd(6_000, 1, tmp_path)
    table = pd.read_parquet(tmp_path / "people.parquet").merge(pd.read_parquet(tmp_path / "key" / "people.parquet"))
    assert (made.rows, len(table), table["rec_id"].is_unique) == (6_000, 6_000, True)
    firsts = table.dropna(subset="national_id").drop_duplicates("entity")
    assert firsts["national_id"].duplicated().mean() < 0.005


@pytest.mark.parametrize("rows", [pytest.param(999, id="too_few"), pytest.param(50_000_001, id="too_many")])
def test_out_of_range_is_said(tmp_path: Path, rows: int) -> None:
    with pytest.raises(UsageError, match=" / "):
        invent_people(rows=rows, seed=1, out=tmp_path / "crowd")
    assert not (tmp_path / "crowd").exists()


def test_what_is_invented_can_be_linked_and_measured(tmp_path: Path) -> None:
    out = tmp_path / "crowd"
    made = invent_people(rows=4_000, seed=1, out=out)
    assert "--labels" in describe_people(made, out)
    report = link_files(
        out / "people.parquet", model_path=out / "model.yaml", labels=str(out / "key" / "people.parquet")
    )
    assert f"{made.pairs:,}" in report["evaluation"][0]
    with pytest.raises(UsageError):
        invent_people(rows=4_000, seed=1, out=out)
