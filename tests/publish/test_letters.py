"""Letters: nine parts of Decree 30/2020, templates that an office may edit, nothing that accuses, nothing that runs."""

import io
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.errors import RefusedError, UsageError
from eligibility_audit.publish.letter_templates import TEXTS, write
from eligibility_audit.publish.letters import BLANK, LETTERS, fill, inert, lines, load, quoted, template_file
from eligibility_audit.recommend import wording

NINE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số:", "Nơi nhận:", "(chữ ký, dấu)")


def told(key: str) -> dict[str, str]:
    return {name: f"[{name}]" for name in LETTERS[key].fields}


def edited(folder: Path, key: str, paragraph: str = "", *, without: str = "") -> Path:
    """The template as somebody left it in a word processor."""
    paper = Document(str(template_file(key)))
    for each in paper.paragraphs:
        if without and without in each.text:
            each.clear()
    if paragraph:
        paper.add_paragraph(paragraph)
    folder.mkdir(exist_ok=True)
    paper.save(str(folder / f"{key}.docx"))
    return folder / f"{key}.docx"


@pytest.mark.parametrize("key", LETTERS)
def test_each_letter_has_its_parts_says_what_it_must_and_accuses_nobody(key: str) -> None:
    text = lines(fill(LETTERS[key], told(key)))
    assert [part for part in NINE if not any(part in line for line in text)] == []
    for name in (*LETTERS[key].must, "superior", "office", "number", "place", "date_vi", "signer_title", "signer"):
        assert any(f"[{name}]" in line for line in text), name
    assert [line for line in text if wording.check(line)] == []


@pytest.mark.parametrize("key", LETTERS)
def test_the_templates_are_those_that_the_script_writes(key: str, tmp_path: Path) -> None:
    write(tmp_path)
    assert set(TEXTS) == set(LETTERS)
    assert lines((tmp_path / f"{key}.docx").read_bytes()) == lines(template_file(key).read_bytes())


def test_the_body_is_in_large_type() -> None:
    paper = Document(str(template_file("notice")))
    assert {run.font.size.pt for p in paper.paragraphs for run in p.runs if run.font.size} == {14.0}


def test_the_letter_to_a_family_alleges_nothing_and_names_what_they_may_be_owed() -> None:
    text = " ".join(lines(fill(LETTERS["family"], told("family")))).casefold()
    for owed in ("mai táng phí", "trợ cấp một lần", "tuất"):
        assert owed in text
    for word in ("thu hồi", "hoàn trả", "chấm dứt", "sai"):
        assert word not in text


@pytest.mark.parametrize(
    ("paragraph", "said"),
    [
        pytest.param("Số CCCD: {{ national_id }}", "national_id", id="a name that the letter does not have"),
        pytest.param("{% for x in y %}{{ x }}{% endfor %}", "chỉ được dùng", id="a loop"),
        pytest.param("{{ person.__class__ }}", "chỉ được dùng", id="more than a name"),
        pytest.param("{{ person", "không đọc được", id="braces that do not end"),
    ],
)
def test_a_template_with_something_strange_is_a_sentence(tmp_path: Path, paragraph: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        load(LETTERS["notice"], edited(tmp_path, "notice", paragraph))


def test_a_template_that_says_too_little_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"thiếu reply_due"):
        load(LETTERS["notice"], edited(tmp_path, "notice", without="{{ reply_due }}"))
    (tmp_path / "notice.docx").write_bytes(b"PK nonsense")
    with pytest.raises(UsageError, match="không đọc được"):
        load(LETTERS["notice"], tmp_path / "notice.docx")


def test_an_office_s_own_words_are_used(tmp_path: Path) -> None:
    edited(tmp_path, "notice", "Trân trọng, {{ signer }}")
    assert "Trân trọng, [signer]" in lines(fill(LETTERS["notice"], told("notice"), tmp_path))


def test_a_letter_that_accuses_is_not_made() -> None:
    with pytest.raises(RefusedError, match="giả mạo"):
        fill(LETTERS["notice"], told("notice") | {"reason": "Giấy tờ giả mạo."})
    numbered = {"reason": "Kết luận số 44/KL-TTr nêu giấy tờ giả mạo."}
    assert fill(LETTERS["notice"], told("notice") | numbered)
    theirs = {"subject": quoted("Họ nói tôi gian dối ” và nợ")}
    assert fill(LETTERS["complaint_accepted"], told("complaint_accepted") | theirs), "text as received"


def test_what_is_not_known_is_a_line_to_fill_in() -> None:
    assert any(BLANK in line for line in lines(fill(LETTERS["visit"], {"person": "Người Thử"})))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-5", "'-5"),
        ("@a", "'@a"),
        ("Nguyễn & <Văn>", "Nguyễn & <Văn>"),
        ("{{ 7*7 }}", "{ { 7*7 }}"),
    ],
)
def test_a_text_stays_text(text: str, kept: str) -> None:
    made = lines(fill(LETTERS["cleared"], told("cleared") | {"person": text}))
    assert any(kept in line for line in made)


@given(st.text(max_size=60))
def test_any_text_is_inert(text: str) -> None:
    assert not inert(text).startswith(("=", "+", "-", "@"))


def test_a_name_of_any_letters_is_written(tmp_path: Path) -> None:
    made = fill(LETTERS["notice"], told("notice") | {"person": "Ð\x00<w:p/> ]]> Đặng 𠀀"})
    assert Document(io.BytesIO(made)).paragraphs
