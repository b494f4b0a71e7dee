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


@pytest.mark.parametrize(
    ("note", "excluded", "away"),
    [
        pytest.param("Không đào ngũ", UNKNOWN, UNKNOWN, id="denied"),
        pytest.param("Đào ngũ: không", UNKNOWN, UNKNOWN, id="denied behind"),
        pytest.param("Đã xác minh không đào ngũ, không đầu hàng địch", UNKNOWN, UNKNOWN, id="each denied"),
        pytest.param("Không xuất cảnh trái phép, không mất tích", UNKNOWN, UNKNOWN, id="not away"),
        pytest.param("Chưa chấp hành án phạt tù nào", UNKNOWN, UNKNOWN, id="never in prison"),
        pytest.param("Không rõ lý do đào ngũ năm 1972", NOT_MET, UNKNOWN, id="the reason is not known, the fact is"),
        pytest.param("Không có giấy tờ; đào ngũ 1972", NOT_MET, UNKNOWN, id="another clause denies something else"),
        pytest.param("Mất tích từ 1999, không rõ ở đâu", UNKNOWN, NOT_MET, id="missing"),
    ],
)
def test_what_a_note_denies_is_not_held_against_the_person(note: str, excluded: bool | None, away: bool | None) -> None:
    assert answer("AO_NOTE_EXCLUDED", note=note) is excluded
    assert answer("AO_NOTE_ABSENT", note=note) is away


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        pytest.param("Con nuôi", NOT_MET, id="adopted"),
        pytest.param("Không phải con nuôi", UNKNOWN, id="denied"),
        pytest.param("Do con dâu nhận thay", UNKNOWN, id="who collects"),
        pytest.param("Cháu nội chăm sóc", UNKNOWN, id="who cares"),
    ],
)
def test_who_collects_or_is_denied_is_no_word_on_the_child(note: str, expected: bool | None) -> None:
    assert answer("AO_CHILD_NOT_BIOLOGICAL", CHILD, note=note) is expected
