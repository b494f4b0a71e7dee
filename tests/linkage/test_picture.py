"""The picture of a pair stands alone: no network, all letters, both kinds of file."""

import re

import pytest

from eligibility_audit.linkage.explain import Explanation, explain_pair
from eligibility_audit.linkage.model import LearntLevel, Model
from eligibility_audit.linkage.picture import picture


@pytest.fixture(scope="module")
def told() -> Explanation:
    levels = (LearntLevel("equal", "họ tên giống hệt", 0.9, 1e-4, 13.1),)
    comparisons = (
        '[{"field": "name", "level": "equal", "weight": 14.6},'
        ' {"field": "date_of_birth", "level": "different", "weight": -9.0}]'
    )
    return explain_pair({"match_weight": -6.4, "comparisons": comparisons}, Model({"name": levels}, -12.0, {}, {}))


def test_svg_stands_alone_and_can_be_put_into_a_page(told: Explanation) -> None:
    svg = picture(told, "a và b").decode()
    assert svg.startswith("<svg ")
    assert {*re.findall(r"https?://[^\"' <]+", svg)} <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "<script" not in svg
    for words in ("a và b", "Họ tên: họ tên giống hệt", "Trước khi so sánh", "Kết quả", "+14,6", "−9,0"):
        assert words in svg, words


def test_the_same_pair_gives_the_same_picture(told: Explanation) -> None:
    assert picture(told) == picture(told)


def test_png(told: Explanation) -> None:
    assert picture(told, kind="png").startswith(b"\x89PNG\r\n")
