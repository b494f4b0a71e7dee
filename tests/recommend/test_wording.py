"""Words that accuse stand only beside a conclusion or decision number."""

from collections.abc import Iterator
from importlib import resources

import pytest
import yaml

from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.recommend.wording import ACCUSING, check
from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.registry import RULES
from eligibility_audit.use_cases.show_rules import GROUND, catalogue

import_rules()


@pytest.mark.parametrize("word", ACCUSING)
def test_each_word_alone_is_named(word: str) -> None:
    assert check(f"Hồ sơ có {word.upper()} ở đây.") == (word,)


@pytest.mark.parametrize("word", ACCUSING)
@pytest.mark.parametrize(
    "number", ["Kết luận KL-B", "Kết luận số 44/KL-TTr", "Quyết định 12/QĐ-SLĐ", "Bản án số 3/2019"]
)
def test_a_number_in_the_same_line_allows_it(word: str, number: str) -> None:
    assert check(f"{number} nêu {word}.") == ()
    assert check(f"{number} nêu:\n{word}.") == (word,)


@pytest.mark.parametrize(
    "text",
    [
        FOOT_VI,
        "Phụ lục ghi “giả mạo giấy tờ”",
        "Điều 55 (Xử lý vi phạm)",
        "tạm đình chỉ",
        "nội dung nợm",
        "Cần xác minh.",
    ],
)
def test_what_is_allowed(text: str) -> None:
    assert check(text) == ()


@pytest.mark.parametrize("text", ["Kết luận nêu giả mạo", "quyết định đình chỉ", "kết luận thanh tra về gian dối"])
def test_a_conclusion_without_a_number_allows_nothing(text: str) -> None:
    assert check(text) != ()


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_no_title_condition_or_page_of_a_rule_accuses(rule_id: str) -> None:
    made = RULES[rule_id]
    for said in (made.title_vi, made.condition_vi, GROUND[made.ground], *made.simplifications, catalogue()[rule_id]):
        assert check(said) == ()


@pytest.mark.parametrize("folder", ["common", "agent_orange", "merit_other", "social_assistance", "covid_relief"])
def test_no_text_of_the_legal_acts_accuses(folder: str) -> None:
    """But for the name of an act itself (procedure.md, 8): truy thu is what the act is called."""
    content = yaml.safe_load(resources.files("eligibility_audit.law").joinpath(folder, "acts.yaml").read_text("utf-8"))
    name = "truy thu" if "truy_thu" in content.get("acts", {}) else None
    for said in _texts(content):
        assert check(said.replace(name, "") if name else said) == (), said


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from _texts(part)
    elif isinstance(content, str):
        yield content
