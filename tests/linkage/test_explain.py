"""Why a pair: as data, in two languages, beside each other, for pairs that were never compared too."""

import json

import pandas as pd
import pytest

from eligibility_audit.errors import UsageError
from eligibility_audit.linkage import FramePair, Model, explain_pair, link_frames, link_people, tell_frame_pair
from eligibility_audit.linkage.explain import FIELDS_EN, FIELDS_VI
from eligibility_audit.linkage.letters import marked, marks
from eligibility_audit.linkage.people import tell_people_pair
from tests.linkage.conftest import Crowd

ROLES = {
    "id": "record_id",
    "columns": {
        "name": "name",
        "date_of_birth": "date_of_birth",
        "sex": "sex",
        "national_id": "national_id",
        "place": ["commune", "district"],
    },
}


@pytest.fixture(scope="module")
def crowd_linked(crowd: Crowd) -> tuple[pd.DataFrame, Model, pd.DataFrame]:
    frame = crowd([], 200)
    links = link_frames(frame, None, ROLES)
    return frame, links.model, pd.concat([links.pairs, links.candidates], ignore_index=True)


def test_a_pair_is_told_as_it_was_linked(crowd_linked: tuple[pd.DataFrame, Model, pd.DataFrame]) -> None:
    frame, model, pairs = crowd_linked
    rivalled = pairs[pairs["comparisons"].str.contains("rival")].head(3)
    for pair in pd.concat([pairs.head(5), pairs.tail(5), rivalled]).to_dict("records"):
        told = tell_frame_pair(frame, None, model, pair["left_id"], pair["right_id"]).told
        assert (told.weight, told.probability) == (pair["match_weight"], pair["match_probability"])
        assert told.comparisons == pair["comparisons"]
        assert told.candidate


def test_an_explanation_is_data(crowd_linked: tuple[pd.DataFrame, Model, pd.DataFrame]) -> None:
    _, model, pairs = crowd_linked
    told = explain_pair(pairs.iloc[0], model)
    data = json.loads(json.dumps(told.data(), ensure_ascii=False))
    assert data["match_weight"] == pytest.approx(data["prior"] + sum(step["weight"] for step in data["steps"]))
    assert data["match_probability"] == pytest.approx(pairs.iloc[0]["match_probability"], abs=2e-6)
    assert {"field", "level", "m", "u", "weight", "frequency", "running", "probability", "vi", "en"} <= data["steps"][
        0
    ].keys()
    assert len(data["sentences_vi"]) == len(data["sentences_en"]) == len(data["steps"]) + 2


def test_the_words_of_both_languages_are_there(crowd_linked: tuple[pd.DataFrame, Model, pd.DataFrame]) -> None:
    _, model, pairs = crowd_linked
    assert FIELDS_VI.keys() == FIELDS_EN.keys()
    told = explain_pair(pairs.iloc[0], model)
    assert told.sentences_en[0].startswith("Before comparing: about 1 in ")
    assert told.sentences_en[-1].startswith("Chance that it is one person: ")
    assert told.sentences[-1].startswith("Khả năng là cùng một người: ")
    assert not any("_" in sentence for sentence in (*told.sentences, *told.sentences_en))


def two(one: dict[str, str | None], other: dict[str, str | None], model: Model, frame: pd.DataFrame) -> FramePair:
    extra = pd.DataFrame([one | {"record_id": "x-1"}, other | {"record_id": "x-2"}], columns=frame.columns)
    return tell_frame_pair(pd.concat([frame, extra.astype("string[pyarrow]")]), None, model, "x-1", "x-2")


def test_a_pair_that_no_rule_meets_says_what_each_rule_lacked(
    crowd_linked: tuple[pd.DataFrame, Model, pd.DataFrame],
) -> None:
    frame, model, _ = crowd_linked
    one: dict[str, str | None] = {"name": "An Văn Bé", "date_of_birth": "1950-06-15", "national_id": "111111111"}
    told = two(one, {"name": "Lê Thị Tí", "date_of_birth": "1971-02-02"}, model, frame).told
    assert not told.candidate
    assert told.probability < 0.01
    by_rule = {route.rule.split(" > ")[0]: route for route in told.routes}
    assert by_rule["national_id"].state == "missing"
    assert by_rule["national_id"].vi == "không: thiếu số CMND/CCCD"
    assert by_rule["commune & date"].state == "missing"
    assert by_rule["given_sound & date"].state == "differs"


def test_a_rival_is_named(crowd: Crowd) -> None:
    person: dict[str, str | None] = {"name": "Lê Quang Vịnh", "commune": "Xã Số 3", "district": "Huyện 0"}
    rows = [
        person | {"record_id": "p-1", "date_of_birth": "1947-03-19"},
        person | {"record_id": "p-2", "date_of_birth": "1947", "kind": "covid_relief"},
        person | {"record_id": "p-3", "date_of_birth": "1947-08-30"},
    ]
    frame = crowd(rows, 200)
    model = link_people(frame).model
    told = tell_people_pair(frame, model, "p-1", "p-2")
    assert told is not None
    assert told.explanation.steps[-1].field == "rival"
    assert len(told.rivals) == 1
    assert tell_people_pair(frame, model, "p-1", "nobody") is None


def test_no_such_row_is_a_sentence(crowd_linked: tuple[pd.DataFrame, Model, pd.DataFrame]) -> None:
    frame, model, _ = crowd_linked
    with pytest.raises(UsageError, match="no row with the id nobody"):
        tell_frame_pair(frame, None, model, "c-1-a", "nobody")
    with pytest.raises(UsageError, match="one row"):
        tell_frame_pair(frame, None, model, "c-1-a", "c-1-a")


@pytest.mark.parametrize(
    ("one", "two", "shown", "said"),
    [
        pytest.param("Hùng", "Hưng", ("H[ù]ng", "H[ư]ng"), ("ù (u, dấu huyền) ≠ ư (ư, không dấu thanh)",), id="vowel"),
        pytest.param("Hòa", "Hoà", ("H[òa]", "H[oà]"), (), id="place of the tone"),
        pytest.param("1950-03-02", "1950-03-12", ("1950-03-[0]2", "1950-03-[1]2"), (), id="digit"),
        pytest.param("Đạt", "Dạt", ("[Đ]ạt", "[D]ạt"), ("Đ (Đ, không dấu thanh) ≠ D (D, không dấu thanh)",), id="đ"),
        pytest.param("Lê Thị Na", "Lê Na", ("Lê [Thị ]Na", "Lê Na"), (), id="a word more"),
        pytest.param("Tí", "Tí", ("Tí", "Tí"), (), id="equal, composed or not"),
    ],
)
def test_letters_that_differ_are_marked(one: str, two: str, shown: tuple[str, str], said: tuple[str, ...]) -> None:
    found = marked(one, two)
    assert tuple(text.replace("][", "") for text in found) == shown
    if said:
        assert marks(one, two) == said
