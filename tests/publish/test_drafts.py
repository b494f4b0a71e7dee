"""Drafts: one an act of `acts.yaml`, editable, the law's mark on each, and no word that accuses without a number."""

import io
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from eligibility_audit.domain.kinds import ROSTERS
from eligibility_audit.errors import RefusedError, UsageError
from eligibility_audit.publish.drafts import DRAFTS, NAMES, ORDERS, REPAYS, TEXTS, draft_key
from eligibility_audit.publish.letter_templates import write
from eligibility_audit.publish.letters import LETTERS, fill, lines, load, template_file
from eligibility_audit.recommend import wording
from eligibility_audit.recommend.acts import Acts

ACTS = [(programme, act) for programme in ROSTERS for act in Acts.load(programme).acts]


def told(key: str) -> dict[str, str]:
    return {name: f"[{name}]" for name in DRAFTS[key].fields} | {"conclusion": "44/KL-TTr ngày 01/10/2026"}


@pytest.mark.parametrize(("programme", "act"), ACTS)
def test_each_act_has_its_template_and_what_the_law_says_of_it_can_be_printed(programme: str, act: str) -> None:
    acts = Acts.load(programme)
    key = f"draft_{draft_key(programme, act)}"
    cited, mark = acts.cited(act, date(2026, 11, 22))
    law = {"basis": cited, "law_mark": mark, "start_month": acts.acts[act].start_month}
    law |= {"with_paper": acts.acts[act].with_, "undo": acts.acts[act].undo}
    text = lines(fill(DRAFTS[key], told(key) | law))
    assert [line for line in text if wording.check(line)] == []
    assert any(cited in line for line in text)
    assert any(f"kiểm tra: {mark}" in line or f"cứ: {mark}" in line for line in text), "the law's mark"


def test_nothing_is_drafted_that_no_act_or_order_asks_for() -> None:
    assert {f"draft_{draft_key(*one)}" for one in ACTS} | set(ORDERS) == set(DRAFTS) == set(TEXTS)
    assert not set(DRAFTS) & set(LETTERS)
    assert set(REPAYS) <= set(NAMES)


@pytest.mark.parametrize("key", DRAFTS)
def test_each_has_its_parts_its_fields_and_is_what_the_script_writes(key: str, tmp_path: Path) -> None:
    text = lines(fill(DRAFTS[key], told(key)))
    nine = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số:", "Nơi nhận:", "(chữ ký, dấu)")
    assert [part for part in nine if not any(part in line for line in text)] == []
    for name in DRAFTS[key].must:
        assert any(told(key)[name] in line for line in text), name
    assert [line for line in text if wording.check(line)] == []
    write(tmp_path, {key: TEXTS[key]})
    assert lines((tmp_path / f"{key}.docx").read_bytes()) == lines(template_file(key).read_bytes())


@pytest.mark.parametrize("key", [key for key in DRAFTS if key.startswith("draft_") and key != "draft_chuyen"])
def test_a_decision_says_that_it_is_a_draft_and_how_to_complain(key: str) -> None:
    text = " ".join(lines(fill(DRAFTS[key], told(key))))
    assert "DỰ THẢO – chưa có hiệu lực" in text
    assert "quyền khiếu nại trong 90 ngày" in text


def test_a_repayment_without_a_numbered_conclusion_is_not_made() -> None:
    with pytest.raises(RefusedError, match="truy thu"):
        fill(DRAFTS["draft_truy_thu"], told("draft_truy_thu") | {"conclusion": ""})


def test_an_office_s_template_is_checked(tmp_path: Path) -> None:
    paper = Document(str(template_file("form_38")))
    paper.add_paragraph("Số CCCD: {{ national_id }}")
    paper.save(str(tmp_path / "form_38.docx"))
    with pytest.raises(UsageError, match="national_id"):
        load(DRAFTS["form_38"], tmp_path / "form_38.docx")


def test_received_text_stays_text() -> None:
    made = fill(DRAFTS["draft_tam_dung"], told("draft_tam_dung") | {"person": "=1+1 {{ x }}"})
    assert Document(io.BytesIO(made)).paragraphs
    assert any("'=1+1 { { x }}" in line for line in lines(made))
