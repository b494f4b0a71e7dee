"""Words that accuse stand only beside a conclusion or decision number."""

import pytest

from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.recommend.wording import ACCUSING, check


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
