"""What the list itself says: a question to the file, never a conclusion."""

import pytest

from tests.rules.cases import CHILD, answer, said

MET, NOT_MET, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        pytest.param("Đào ngũ năm 1972", NOT_MET, id="desertion"),
        pytest.param("Bị tước quân tịch", NOT_MET, id="stripped of the title"),
        pytest.param("Ông Chiêu về quê 1976", UNKNOWN, id="a name is no word for it"),
        pytest.param("Bị địch bắt tù đày", UNKNOWN, id="imprisoned by the enemy is an honour"),
        pytest.param(None, UNKNOWN, id="nothing said"),
    ],
)
def test_cases_that_are_not_recognised(note: str | None, expected: bool | None) -> None:
    assert answer("AO_NOTE_EXCLUDED", note=note) is expected
    assert answer("AO_NOTE_EXCLUDED", CHILD, note=note) is UNKNOWN, "a child's note is about the child"


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        pytest.param("Đang chấp hành án phạt tù tại trại 5", NOT_MET, id="prison"),
        pytest.param("Mất tích từ 2015", NOT_MET, id="missing"),
        pytest.param("Đã chấp hành xong án phạt tù", UNKNOWN, id="over"),
        pytest.param("Án treo", UNKNOWN, id="suspended"),
        pytest.param("Bị địch bắt tù đày", UNKNOWN, id="imprisoned by the enemy"),
        pytest.param("Mất giấy tờ", UNKNOWN, id="papers lost"),
    ],
)
def test_prison_exit_and_missing(note: str, expected: bool | None) -> None:
    assert answer("AO_NOTE_ABSENT", note=note) is expected
    assert "cần bản án" in str(said("AO_NOTE_ABSENT", note=note)["reason_vi"])
