"""Who is linked and who is not, among an invented crowd whose names collide."""

import json
from typing import Any

import pandas as pd
import pytest

from eligibility_audit.errors import InputError
from eligibility_audit.linkage import Links, Model, explain_pair, link_people, people, read_model
from eligibility_audit.linkage.explain import probability
from eligibility_audit.linkage.model import model_from
from tests.linkage.conftest import Crowd, frame

Row = dict[str, str | None]
PERSON: Row = {
    "name": "Lê Quang Vịnh",
    "date_of_birth": "1947-03-19",
    "sex": "M",
    "national_id": "152345678",
    "commune": "Xã Số 3",
    "district": "Huyện 0",
}
OTHER_LIST: Row = PERSON | {"kind": "covid_relief"}
DEATHS: Row = PERSON | {"kind": "deaths"}


def probability_of(crowd: Crowd, one: Row, two: Row) -> float:
    rows = [one | {"record_id": "p-1"}, two | {"record_id": "p-2"}]
    links = link_people(crowd(rows, 500))
    both = pd.concat([links.pairs, links.candidates])
    sides = both["left_record_id"].isin(["p-1", "p-2"]) & both["right_record_id"].isin(["p-1", "p-2"])
    found = both.loc[sides, "match_probability"]
    return float(found.iloc[0]) if len(found) else 0.0


SAME = [
    pytest.param(PERSON, OTHER_LIST | {"date_of_birth": None, "commune": None, "district": None}, id="name and id"),
    pytest.param(PERSON, OTHER_LIST | {"national_id": None}, id="name, full date, commune"),
    pytest.param(
        PERSON, OTHER_LIST | {"national_id": None, "commune": "Xã Số 20", "district": "Huyện 4"}, id="name, date"
    ),
    pytest.param(PERSON, OTHER_LIST | {"national_id": None, "date_of_birth": "1947"}, id="name, year, commune"),
    pytest.param(PERSON, OTHER_LIST | {"name": "Le Quang Vinh", "national_id": None}, id="diacritics lost"),
    pytest.param(PERSON, OTHER_LIST | {"national_id": "034047123456"}, id="nine and twelve digits"),
    pytest.param(PERSON, OTHER_LIST | {"national_id": "152345778", "date_of_birth": "1947"}, id="id mistyped"),
    pytest.param(PERSON, OTHER_LIST | {"name": "Lê Thị Quang Vịnh", "national_id": None}, id="a middle name more"),
    pytest.param(PERSON, DEATHS | {"sex": None, "date_of_birth": "1947-03"}, id="roster and deaths"),
    pytest.param(PERSON, PERSON | {"commune": "Xã Số 20", "district": "Huyện 4"}, id="paid twice in one roster"),
]
NOT_SAME = [
    pytest.param(
        PERSON | {"date_of_birth": "1970-04-10", "name": "Lê Quang Tiến", "national_id": "152345671"},
        OTHER_LIST | {"date_of_birth": "1970-04-10", "national_id": "152345672"},
        id="twins with consecutive numbers",
    ),
    pytest.param(PERSON, OTHER_LIST | {"name": "Lê Quang Tiến", "national_id": None}, id="twins, one without a number"),
    pytest.param(
        PERSON,
        OTHER_LIST | {"name": "Lê Quang Tiến", "date_of_birth": "1949-11-02", "national_id": "152345679"},
        id="siblings",
    ),
    pytest.param(
        PERSON,
        OTHER_LIST | {"name": "Trần Thị Hậu", "date_of_birth": "1949-11-02", "sex": "F"},
        id="spouses, one number",
    ),
    pytest.param(
        PERSON, DEATHS | {"date_of_birth": "1921-06-08", "national_id": None}, id="father of the same name, full date"
    ),
    pytest.param(PERSON, DEATHS | {"date_of_birth": "1921", "national_id": None}, id="father of the same name, year"),
    pytest.param(
        PERSON, DEATHS | {"date_of_birth": "1947-08-30", "national_id": None}, id="namesake of the year in the commune"
    ),
    pytest.param(
        PERSON,
        OTHER_LIST | {"date_of_birth": "1947-08-30", "national_id": "151111111"},
        id="namesake, other date and id",
    ),
    pytest.param(
        PERSON,
        OTHER_LIST
        | {"date_of_birth": "1947", "national_id": "151111111", "commune": "Xã Số 20", "district": "Huyện 4"},
        id="namesake of the year, other id and commune",
    ),
    pytest.param(
        PERSON,
        PERSON | {"line": "one", "record_id": "p-2"} | {"name": "Lê Thị Na", "national_id": None},
        id="household",
    ),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_the_same_person(crowd: Crowd, one: Row, two: Row) -> None:
    assert probability_of(crowd, one, two) >= 0.5


@pytest.mark.parametrize(("one", "two"), NOT_SAME)
def test_not_the_same_person(crowd: Crowd, one: Row, two: Row) -> None:
    assert probability_of(crowd, one, two) < 0.5


def test_members_of_one_line_are_never_linked(crowd: Crowd) -> None:
    assert probability_of(crowd, PERSON | {"line": "one"}, PERSON | {"line": "one"}) == 0.0


def test_a_line_with_a_year_only_is_neither_of_two_namesakes_of_that_year(crowd: Crowd) -> None:
    coarse: Row = DEATHS | {"date_of_birth": "1947", "national_id": None, "record_id": "d"}
    first = PERSON | {"national_id": None, "record_id": "p-1"}
    second = PERSON | {"national_id": None, "date_of_birth": "1947-08-30", "record_id": "p-2"}
    links = link_people(crowd([coarse, first, second]))
    assert "d" not in {*links.pairs["right_record_id"]}
    named = links.candidates[links.candidates["right_record_id"] == "d"]
    assert set(named["left_record_id"]) == {"p-1", "p-2"}
    assert all('"rival"' in text for text in named["comparisons"])


@pytest.fixture(scope="module")
def linked(crowd: Crowd) -> tuple[pd.DataFrame, Links]:
    people_frame = crowd([PERSON | {"record_id": "p-1"}, OTHER_LIST | {"record_id": "p-2"}])
    return people_frame, link_people(people_frame)


def test_crowd_precision_and_recall(linked: tuple[pd.DataFrame, Links]) -> None:
    pairs = linked[1].pairs
    one, two = pairs["left_record_id"].str.split("-").str[1], pairs["right_record_id"].str.split("-").str[1]
    right = (one == two) | ((one == "1") & (two == "2"))
    assert right.mean() >= 0.99
    assert right.sum() >= 0.98 * 1500


def test_pairs_have_the_columns_of_the_contract_in_order(linked: tuple[pd.DataFrame, Links]) -> None:
    people_frame, links = linked
    assert list(links.pairs.columns) == [
        "left_record_id",
        "left_kind",
        "right_record_id",
        "right_kind",
        "match_probability",
        "match_weight",
        "comparisons",
    ]
    assert str(links.pairs["match_probability"].dtype) == str(links.pairs["match_weight"].dtype) == "Float64"
    assert not [c for c in links.pairs.columns if links.pairs[c].dtype == object]
    assert (links.pairs["match_probability"] >= 0.5).all()
    assert (links.candidates["match_probability"] < 0.5).all()
    order = list(links.pairs["left_kind"].map({"agent_orange": 0, "covid_relief": 3}))
    assert order == sorted(order)
    assert links.report["compared"] > len(links.pairs)
    assert links.report["records"] == len(people_frame)


def test_the_same_people_in_any_order_give_the_same_bytes(linked: tuple[pd.DataFrame, Links]) -> None:
    people_frame, links = linked
    shuffled = people_frame.sample(frac=1, random_state=1)
    shuffled.index = pd.Index([0] * len(shuffled))  # an index that repeats means nothing
    again = link_people(shuffled)
    assert again.pairs.to_csv() == links.pairs.to_csv()
    assert again.candidates.to_csv() == links.candidates.to_csv()
    assert again.model.to_text() == links.model.to_text()


def test_a_kept_model_gives_the_same_weights(linked: tuple[pd.DataFrame, Links], tmp_path: Any) -> None:
    people_frame, links = linked
    path = tmp_path / "model.yaml"
    path.write_text(links.model.to_text(), encoding="utf-8")
    kept = read_model(path)
    assert kept == links.model
    assert kept.digest == links.model.digest
    again = link_people(people_frame, kept)
    pd.testing.assert_frame_equal(again.pairs, links.pairs)
    pd.testing.assert_frame_equal(again.candidates, links.candidates)


def test_the_waterfall_ends_at_the_weight_of_the_pair(linked: tuple[pd.DataFrame, Links]) -> None:
    _, links = linked
    for _, pair in pd.concat([links.pairs.head(50), links.candidates.head(50)]).iterrows():
        told = explain_pair(pair, links.model)
        assert told.steps[0].field == "prior"
        assert told.steps[-1].running == pytest.approx(float(pair["match_weight"]), abs=1e-6)
        assert told.steps[-1].probability == pytest.approx(float(pair["match_probability"]), abs=2e-6)
        assert len(told.sentences) == len(told.steps) + 1
        rarity = [step for step in told.steps if step.frequency]
        assert all(step.m is not None and step.u is not None for step in rarity)


def test_the_sentences_speak_to_an_officer(linked: tuple[pd.DataFrame, Links]) -> None:
    _, links = linked
    pair = links.pairs[links.pairs["left_record_id"] == "p-1"].iloc[0]
    told = explain_pair(pair, links.model)
    assert told.sentences[0].startswith("Trước khi so sánh: khoảng 1 trong")
    assert any(s.startswith("Số CMND/CCCD: trùng số CMND/CCCD") for s in told.sentences)
    assert told.sentences[-1].endswith("không phải kết luận.")
    assert not any(word in " ".join(told.sentences) for word in ("vi phạm", "gian dối"))
    fields = [each["field"] for each in json.loads(pair["comparisons"])]
    assert "Lê" not in pair["comparisons"]
    assert fields[:3] == ["name", "date_of_birth", "national_id"]


def test_people_gathers_kinds_in_order_and_one_line_is_one_key() -> None:
    text = {"source_file": "a.xlsx", "source_sheet": "", "name": "Lê Văn An"}
    one = pd.DataFrame([text | {"record_id": "r-1", "source_row": 4}, text | {"record_id": "r-2", "source_row": 4}])
    two = pd.DataFrame([text | {"record_id": "r-3", "source_row": 5}])
    found = people({"deaths": two, "agent_orange": one})
    assert list(found["kind"]) == ["agent_orange", "agent_orange", "deaths"]
    assert found["line"].iloc[0] == found["line"].iloc[1] != found["line"].iloc[2]
    assert found["national_id"].isna().all()
    assert not [c for c in found.columns if found[c].dtype == object]


@pytest.mark.parametrize("rows", [[], [PERSON], [PERSON, OTHER_LIST]], ids=["nobody", "one", "two"])
def test_few_people(rows: list[Row]) -> None:
    links = link_people(frame(rows))
    assert len(links.pairs) + len(links.candidates) <= max(len(rows) - 1, 0)


def test_a_number_that_many_names_share_identifies_nobody(crowd: Crowd) -> None:
    people_frame = crowd([], 300)
    links = link_people(people_frame.assign(national_id=pd.array(["000000000"] * 600, dtype="string[pyarrow]")))
    assert not any('"national_id"' in text for text in links.pairs["comparisons"])
    one, two = links.pairs["left_record_id"].str.split("-").str[1], links.pairs["right_record_id"].str.split("-").str[1]
    assert (one == two).mean() >= 0.99


def test_one_common_name_and_nothing_else_links_nobody() -> None:
    assert len(link_people(frame([{"name": "Nguyễn Văn An"}] * 50)).pairs) == 0


def test_people_without_any_field_are_not_linked() -> None:
    assert len(link_people(frame([{"kind": "deaths"}, {"kind": "deaths"}])).pairs) == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[1, 2]", id="a list"),
        pytest.param("version: 99", id="another version"),
        pytest.param("version: 1", id="parts missing"),
        pytest.param("a: [", id="not YAML"),
    ],
)
def test_a_file_that_is_no_model(tmp_path: Any, text: str) -> None:
    path = tmp_path / "model.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"model\.yaml"):
        read_model(path)


def test_a_model_from_memory(linked: tuple[pd.DataFrame, Links]) -> None:
    import yaml

    model: Model = linked[1].model
    assert model_from(yaml.safe_load(model.to_text()), "memory") == model


def test_probability_of_a_weight() -> None:
    assert probability(0) == 0.5
    assert probability(-1000) == 0.0
    assert probability(1000) == 1.0
