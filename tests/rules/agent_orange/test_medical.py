"""The disease and its rate: a listed disease from 21 %, a child from 61 %, infertility and a deformed child without."""

import pytest

from tests.rules.cases import CHILD, VETERAN, answer

MET, NOT_MET, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("disease", "expected"),
    [
        pytest.param("Đái tháo đường týp 2", MET, id="diabetes"),
        pytest.param("ĐTĐ típ 2 + tăng huyết áp", MET, id="a listed and an unlisted one"),
        pytest.param("Tăng huyết áp; K phổi", MET, id="the listed one second"),
        pytest.param("UNG THU PHOI", MET, id="without diacritics"),
        pytest.param("U lympho không Hodgkin", MET, id="non-Hodgkin"),
        pytest.param("Vô sinh", MET, id="another basis"),
        pytest.param("Sinh con dị dạng, dị tật", MET, id="a deformed child"),
        pytest.param("Tăng huyết áp", NOT_MET, id="plainly not listed"),
        pytest.param("Thoái hoá khớp gối hai bên", NOT_MET, id="not listed, with filler words"),
        pytest.param("Viêm gan B, sỏi thận", NOT_MET, id="two, neither listed"),
        pytest.param("Ung thư dạ dày", NOT_MET, id="a cancer that is not listed"),
        pytest.param("Hen phế quản", NOT_MET, id="the bronchi, but no cancer"),
        pytest.param("Tăng huyết áp, bệnh Zeta", UNKNOWN, id="an unlisted one and a word that is not known"),
        pytest.param("Bệnh Zeta", UNKNOWN, id="not known"),
        pytest.param("Ung thư", UNKNOWN, id="of what is not said"),
        pytest.param("Gai sống chẻ đôi", UNKNOWN, id="an item for children only"),
        pytest.param(None, UNKNOWN, id="blank"),
    ],
)
def test_only_a_sole_disease_plainly_not_listed_is_doubted(disease: str | None, expected: bool | None) -> None:
    assert answer("AO_DISEASE", disease=disease) is expected


@pytest.mark.parametrize(
    ("disease", "expected"),
    [
        pytest.param("Gai sống chẻ đôi", MET, id="spina bifida"),
        pytest.param("Bại não bẩm sinh", MET, id="congenital"),
        pytest.param("Tăng huyết áp", NOT_MET, id="plainly not listed"),
        pytest.param("Bệnh Zeta", UNKNOWN, id="not known"),
    ],
)
def test_a_child_needs_a_malformation(disease: str, expected: bool | None) -> None:
    assert answer("AO_DISEASE", CHILD, disease=disease) is expected


@pytest.mark.parametrize(
    ("disease", "received", "expected"),
    [
        pytest.param("Ung thư phổi", "", NOT_MET, id="a disease, the cell blank"),
        pytest.param("Ung thư phổi", "chưa có", NOT_MET, id="a disease, the cell says not yet"),
        pytest.param("Ung thư phổi", "??", UNKNOWN, id="a cell that could not be read asks nothing"),
        pytest.param("Ung thư phổi", None, UNKNOWN, id="the sheet has no such column"),
        pytest.param("Vô sinh", "", MET, id="infertility needs no rate"),
        pytest.param("Có con dị tật bẩm sinh", "", MET, id="a deformed child needs no rate"),
        pytest.param("Bệnh Zeta", "", UNKNOWN, id="the basis is not known"),
        pytest.param(None, "", UNKNOWN, id="no disease written"),
    ],
)
def test_a_claim_on_a_disease_needs_its_rate(disease: str | None, received: str | None, expected: bool | None) -> None:
    assert answer("AO_MED_MISSING", disease=disease, percent=None, received_percent=received) is expected


def test_a_child_needs_a_rate() -> None:
    assert answer("AO_MED_MISSING", CHILD, percent=None, received_percent="") is NOT_MET
    assert answer("AO_MED_MISSING", CHILD) is MET


@pytest.mark.parametrize(
    ("line", "changed", "expected"),
    [
        pytest.param({}, {"percent": 21.0}, MET, id="a veteran at 21 %"),
        pytest.param({}, {"percent": 20.9}, NOT_MET, id="a veteran below 21 %"),
        pytest.param({}, {"percent": 10.0, "disease": "Vô sinh"}, MET, id="infertility needs no rate"),
        pytest.param({}, {"percent": 10.0, "disease": "Bệnh Zeta"}, UNKNOWN, id="the basis is not known"),
        pytest.param({}, {"percent": None}, UNKNOWN, id="no rate"),
        pytest.param(CHILD, {"percent": 61.0}, MET, id="a child at 61 %"),
        pytest.param(CHILD, {"percent": 60.0}, NOT_MET, id="a child below 61 %"),
    ],
)
def test_the_lowest_band(line: dict[str, object], changed: dict[str, object], expected: bool | None) -> None:
    assert (answer("AO_PERCENT_LOW", line, **changed) if line else answer("AO_PERCENT_LOW", **changed)) is expected


@pytest.mark.parametrize(
    ("claim", "disease", "expected"),
    [
        pytest.param("child", "Đái tháo đường type 2", NOT_MET, id="a child on item 12"),
        pytest.param("child", "Đái tháo đường, dị tật bẩm sinh", MET, id="a child with a malformation besides"),
        pytest.param("child", "Gai sống chẻ đôi", MET, id="a child on item 17"),
        pytest.param("child", "Rối loạn tâm thần bẩm sinh", MET, id="a child's mental disorder may be of item 16"),
        pytest.param("veteran", "Gai sống chẻ đôi", NOT_MET, id="a veteran on item 17"),
        pytest.param("veteran", "Sinh con bị gai sống chẻ đôi", MET, id="a veteran's child has it"),
        pytest.param("veteran", "Gai sống chẻ đôi, đái tháo đường", MET, id="a veteran with a disease of the list"),
        pytest.param("veteran", "Đái tháo đường type 2", MET, id="a veteran on item 12"),
        pytest.param("child", None, UNKNOWN, id="nothing written"),
    ],
)
def test_items_1_to_15_are_the_veterans_16_and_17_the_childs(
    claim: str, disease: str | None, expected: bool | None
) -> None:
    line = CHILD if claim == "child" else VETERAN
    assert answer("AO_DISEASE_SCOPE", line, disease=disease) is expected
