"""Any tables by role, in memory and from files."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.linkage import guess_roles, link_frames
from eligibility_audit.use_cases.link_files import link_files
from tests.linkage.conftest import Crowd

ROLES = {
    "id": "rec_id",
    "columns": {
        "name": "full_name",
        "date_of_birth": "dob",
        "sex": "sex",
        "national_id": "nid",
        "place": "commune_code",
    },
}


@pytest.fixture(scope="module")
def tables(crowd: Crowd) -> tuple[pd.DataFrame, pd.DataFrame]:
    people = crowd([], 400)
    renamed = pd.DataFrame(
        {
            "rec_id": people["record_id"].str.extract(r"c-(\d+)-")[0].astype("int64"),
            "full_name": people["name"],
            "dob": people["date_of_birth"],
            "sex": people["sex"].map({"M": "Nam", "F": "Nữ"}),
            "nid": people["national_id"],
            "commune_code": people["commune"].str.extract(r"(\d+)")[0],
        }
    )
    second = people["kind"] == "covid_relief"
    return renamed[~second].reset_index(drop=True), renamed[second].reset_index(drop=True)


def test_across_two_tables_pairs_are_cross_pairs_and_ids_keep_their_type(
    tables: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    left, right = tables
    links = link_frames(left, right, ROLES)
    assert links.pairs["left_id"].dtype == links.pairs["right_id"].dtype == "int64"
    right_pairs = links.pairs["left_id"] == links.pairs["right_id"]
    assert right_pairs.mean() >= 0.99
    assert right_pairs.sum() >= 0.97 * len(left)
    assert list(links.clusters.columns) == ["side", "id", "cluster_id"]
    assert len(links.clusters) == len(left) + len(right)
    assert (links.clusters["side"] == "R").sum() == len(right)


def test_within_one_table_each_unordered_pair_comes_once(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    left, right = tables
    both = pd.concat([left, right.assign(rec_id=right["rec_id"] + 10_000)], ignore_index=True)
    links = link_frames(both, None, ROLES)
    pairs = [tuple(sorted(pair)) for pair in zip(links.pairs["left_id"], links.pairs["right_id"], strict=True)]
    assert len(pairs) == len(set(pairs))
    assert sum(b - a == 10_000 for a, b in pairs) >= 0.97 * len(left)
    together = links.clusters.groupby("cluster_id")["id"].apply(lambda ids: (ids % 10_000).nunique())
    assert (together == 1).mean() >= 0.99


def test_the_threshold_bounds_the_probability(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    left, right = tables
    few, many = (link_frames(left, right, ROLES, threshold=t).pairs for t in (0.999, 0.001))
    assert few["match_probability"].min() >= 0.999
    assert len(few) < len(many)


def test_names_and_roles_of_another_country() -> None:
    first = ["amelia", "oliver", "george", "isla", "harry", "ava", "noah", "lily", "jack", "freya", "theo", "ruby"]
    last = ["smith", "jones", "taylor", "brown", "davies", "evans", "wilson", "thomas", "roberts", "walker", "hall"]
    rows = [
        {
            "id": f"a{k}",
            "given_name": first[k % 12],
            "surname": last[k % 11],
            "birth_date": 19300101 + k * 713 % 28 + 10_000 * (k % 60),
            "postcode": 2000 + k % 90,
        }
        for k in range(130)
    ]
    left = pd.DataFrame(rows)
    right = left.assign(id=left["id"].str.replace("a", "b"))
    right.loc[::5, "surname"] = right.loc[::5, "surname"].str.replace("s", "z")
    right.loc[1::7, "given_name"] = None
    links = link_frames(left, right)
    assert links.model.roles["columns"] == {
        "date_of_birth": ["birth_date"],
        "given_name": ["given_name"],
        "surname": ["surname"],
        "place": ["postcode"],
    }
    found = links.pairs["left_id"].str[1:] == links.pairs["right_id"].str[1:]
    assert found.sum() >= 125
    assert found.mean() >= 0.98


def test_roles_are_guessed_from_headings() -> None:
    frame = pd.DataFrame({"ma": [1, 2], "Họ và tên": ["a", "b"], "Ngày sinh": ["1944", "1945"], "Số CMND": ["1", "2"]})
    assert guess_roles(frame) == {
        "id": "ma",
        "columns": {"national_id": "Số CMND", "date_of_birth": "Ngày sinh", "name": "Họ và tên"},
    }


@pytest.mark.parametrize(
    ("roles", "error"),
    [
        pytest.param({"id": "rec_id"}, UsageError, id="no columns"),
        pytest.param({"id": "rec_id", "columns": {"nom": "full_name"}}, UsageError, id="unknown role"),
        pytest.param({"id": "rec_id", "columns": {"name": "nom"}}, UsageError, id="unknown column"),
        pytest.param({"id": "no", "columns": {"name": "full_name"}}, UsageError, id="no such id"),
        pytest.param({"id": "full_name", "columns": {"name": "full_name"}}, InputError, id="repeated id"),
        pytest.param({"id": "empty", "columns": {"name": "full_name"}}, InputError, id="null id"),
    ],
)
def test_wrong_models(
    tables: tuple[pd.DataFrame, pd.DataFrame], roles: dict[str, object], error: type[Exception]
) -> None:
    frame = tables[0].assign(empty=None)
    with pytest.raises(error, match=" / "):
        link_frames(frame, None, roles)


def test_files_in_pairs_clusters_and_model_out(tables: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path) -> None:
    left, right = tables
    left.to_csv(tmp_path / "left.csv", index=False, encoding="utf-8-sig")
    right.to_parquet(tmp_path / "right.parquet")
    (tmp_path / "model.yaml").write_text(yaml.safe_dump(ROLES, allow_unicode=True), encoding="utf-8")
    ways = {
        "model_path": tmp_path / "model.yaml",
        "out": tmp_path / "pairs.parquet",
        "clusters": tmp_path / "c.parquet",
    }
    link_files(tmp_path / "left.csv", tmp_path / "right.parquet", **ways)
    pairs = pd.read_parquet(tmp_path / "pairs.parquet")
    assert list(pairs.columns) == ["left_id", "right_id", "match_probability", "match_weight"]
    assert pairs["left_id"].dtype == "int64"
    assert (pairs["left_id"] == pairs["right_id"]).mean() >= 0.99
    assert set(pd.read_parquet(tmp_path / "c.parquet").columns) == {"side", "id", "cluster_id"}
    learnt = tmp_path / "pairs.model.yaml"
    link_files(tmp_path / "left.csv", tmp_path / "right.parquet", model_path=learnt, out=tmp_path / "again.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "again.parquet"), pairs)


def test_fit_keeps_a_model(tables: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path) -> None:
    tables[0].to_parquet(tmp_path / "left.parquet")
    link_files(tmp_path / "left.parquet", fit=tmp_path / "kept.yaml")
    assert yaml.safe_load((tmp_path / "kept.yaml").read_text(encoding="utf-8"))["roles"]["id"] == "rec_id"


@pytest.mark.parametrize(
    ("content", "suffix", "error"),
    [
        pytest.param("rec_id,full_name\n1,a\n1,b\n", "csv", InputError, id="repeated id"),
        pytest.param("rec_id,full_name\n1,a\n,b\n", "csv", InputError, id="null id"),
        pytest.param("nothing", "xlsx", UsageError, id="another kind of file"),
        pytest.param("not parquet", "parquet", InputError, id="not what its name says"),
    ],
)
def test_bad_files(tmp_path: Path, content: str, suffix: str, error: type[Exception]) -> None:
    (tmp_path / f"left.{suffix}").write_text(content, encoding="utf-8")
    model = tmp_path / "m.yaml"
    model.write_text("id: rec_id\ncolumns: {name: full_name}\n", encoding="utf-8")
    with pytest.raises(error, match=" / "):
        link_files(tmp_path / f"left.{suffix}", model_path=model, out=tmp_path / "out.parquet")


@pytest.mark.parametrize("threshold", [0, -1, 1.5])
def test_a_threshold_is_a_probability(tmp_path: Path, threshold: float) -> None:
    with pytest.raises(UsageError, match="threshold"):
        link_files(tmp_path / "a.csv", out=tmp_path / "o.parquet", threshold=threshold)


def test_an_id_with_a_leading_zero_stays_text(tmp_path: Path) -> None:
    (tmp_path / "left.csv").write_text("rec_id,full_name\n007,Lê Văn An\n008,Lê Văn An\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text("id: rec_id\ncolumns: {name: full_name}\n", encoding="utf-8")
    link_files(
        tmp_path / "left.csv",
        model_path=tmp_path / "m.yaml",
        out=tmp_path / "o.parquet",
        clusters=tmp_path / "c.parquet",
    )
    assert sorted(pd.read_parquet(tmp_path / "c.parquet")["id"]) == ["007", "008"]


STRICT = [
    pytest.param({"blocks": []}, "blocking", id="an unknown key of the file"),
    pytest.param({"columns": {"nmae": "surname"}}, "name", id="an unknown role"),
    pytest.param({"comparisons": {"surname": "txt"}}, "text", id="an unknown way to compare"),
    pytest.param({"comparisons": {"surnam": "off"}}, "surname", id="an unknown field"),
    pytest.param({"weights": {"surname": {"equl": 3}}}, "equal", id="an unknown level"),
    pytest.param({"blocking": ["surnam & given_name"]}, "surname", id="an unknown key of a rule"),
    pytest.param({"blocking": ["surname &"]}, "words & commune", id="a rule that cannot be read"),
]


@pytest.mark.parametrize(("refined", "nearest"), STRICT)
def test_a_word_of_the_model_file_that_is_not_known_names_the_nearest(refined: dict[str, Any], nearest: str) -> None:
    table = pd.DataFrame({"rec_id": [1, 2], "surname": ["Smith", "Smith"], "given": ["Ann", "Ann"]})
    least = {"id": "rec_id", "columns": {"surname": "surname", "given_name": "given"}}
    with pytest.raises(UsageError, match=nearest):
        link_frames(table, None, least | refined)


def test_comparisons_blocking_and_weights_refine_the_least_model() -> None:
    table = pd.DataFrame(
        {"rec_id": range(60), "surname": ["Smith", "Jones", "Brown"] * 20, "given": [f"Ann{k // 2}" for k in range(60)]}
    )
    model = {
        "id": "rec_id",
        "columns": {"surname": "surname", "given_name": "given"},
        "comparisons": {"surname": "off"},
        "blocking": ["given_name (cap 10)"],
        "weights": {"given_name": {"equal": 25}},
    }
    links = link_frames(table, None, model)
    assert list(links.model.comparisons) == ["given_name"]
    assert [rule["rule"] for rule in links.report["rules"]] == ["given_name (cap 10)"]
    assert {level.weight for level in links.model.comparisons["given_name"] if level.name == "equal"} == {25}
    kept = link_frames(table, None, links.model)
    pd.testing.assert_frame_equal(kept.pairs, links.pairs)


def test_what_no_heading_explains_is_compared_as_what_it_holds() -> None:
    frame = pd.DataFrame(
        {
            "rec_id": range(60),
            "surname": [f"Smith{k}" for k in range(60)],
            "street": [f"{k} Long Street" for k in range(60)],
            "state": ["nsw", "vic", "qld"] * 20,
            "house": [str(1000 + k) for k in range(60)],
            "empty": [None] * 60,
            "same": ["x"] * 60,
        }
    )
    columns = guess_roles(frame)["columns"]
    assert columns == {"surname": "surname", "text": ["street"], "category": ["state"], "number": ["house"]}


def test_the_model_file_may_say_that_the_tables_are_one_to_one(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    left, right = tables
    twice = pd.concat([right, right.assign(rec_id=right["rec_id"] + 10_000)], ignore_index=True)
    roles = {"id": "rec_id", "columns": ROLES["columns"]}
    assert link_frames(left, twice, roles).pairs["left_id"].duplicated().any()
    assert not link_frames(left, twice, roles | {"one_to_one": True}).pairs["left_id"].duplicated().any()
