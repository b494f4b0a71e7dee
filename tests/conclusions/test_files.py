"""Conclusions' files and filled ledgers are strict: a fault is a sentence that says where, never a silent default."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.domain.conclusions import (
    FILLED,
    HANDLINGS,
    STATES,
    as_day,
    chains,
    conclusion_schema,
    parse_outcome,
    state_of,
)
from eligibility_audit.domain.plan import parse_plan
from eligibility_audit.domain.report_figures import parse_counts, recompute
from eligibility_audit.errors import EligibilityAuditError, InputError, UsageError
from eligibility_audit.rules.facts.handling import handlings
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.use_cases.load_conclusions import load_conclusions, read_outcomes
from tests.conclusions.invented import DAY, conclusion

ROOT = Path(__file__).parents[2]
MANDATE = {"level": "plan", "number": "1/KH", "date": "2017-07-01", "body": "UBND"}
UNIT = {"level": "unit", "unit": "Huyện Thử"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param({"numbr": 1}, "numbr.*`number`", id="unknown key, the nearest named"),
        pytest.param({"reporting": {"agensy": "Sở"}}, "reporting.agensy.*`agency`", id="unknown key below"),
        pytest.param({"date": 20170615}, "date", id="a number is no day"),
        pytest.param({"date": "15/13/2017"}, "date", id="no such day"),
        pytest.param({"subject": "XEM LẠI"}, "`subject`", id="still to be filled in"),
        pytest.param({"stated": -1}, "stated", id="a negative number"),
        pytest.param({"changes": ["KL-1"]}, "tự thay đổi", id="changes itself"),
        pytest.param({"findings": [{"group": "A"}, {"group": "a "}]}, "hai lần", id="a group twice"),
        pytest.param({"mandates": [{"level": "plan", "number": "1"}]}, "`date`", id="a plan without its day"),
        pytest.param({"mandates": [{"level": "unit"}]}, "`unit`", id="a unit without its name"),
        pytest.param({"mandates": [UNIT | {"under": [MANDATE]}]}, "thứ tự", id="a plan under a unit"),
        pytest.param({"mandates": [MANDATE | {"under": [MANDATE]}]}, "thứ tự", id="a plan under a plan"),
        pytest.param({"mandates": [MANDATE | {"due": "2017-06-30"}]}, "hạn trước", id="due before it was signed"),
        pytest.param(
            {"mandates": [MANDATE | {"date": "2017-06-14"}]}, "trước ngày kết luận", id="before the conclusion"
        ),
    ],
)
def test_a_fault_in_a_conclusion_is_named(said: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        conclusion(**said)


def test_units_may_stand_under_units_and_days_may_be_written_as_offices_do() -> None:
    made = conclusion(
        date="15/6/2017", mandates=[MANDATE | {"under": [UNIT | {"under": [{"level": "unit", "unit": "Xã Mẫu"}]}]}]
    )
    assert made.date.isoformat() == "2017-06-15"


def test_the_published_schema_is_the_one_in_force() -> None:
    assert json.loads((ROOT / "docs" / "conclusion.schema.json").read_text(encoding="utf-8")) == conclusion_schema()


def test_the_examples_of_the_page_are_in_their_form() -> None:
    page = (ROOT / "docs" / "conclusions.md").read_text(encoding="utf-8")
    example, counts = (part.split("```")[0] for part in page.split("```yaml")[1:])
    made = conclusion(**yaml.safe_load(example))
    assert [len(chain) for chain in chains(made.mandates)] == [1, 2, 3, 3]
    assert len(recompute(parse_counts(yaml.safe_load(counts), "page"))) == 7


# -- what offices write back ----------------------------------------------------------------------------------------

FILLED_IN = {
    "obligation_id": "o-" + "a" * 20,
    "result_state": "đã có quyết định dừng hoặc chấm dứt",
    "result_on": "10/9/2019",
    "result_by": "Nguyễn Thị Ghi",
    "result_document_no": "12/QĐ-SLĐTBXH",
    "result_document_date": "2019-09-09",
}


def test_a_filled_row_is_taken() -> None:
    taken = parse_outcome(FILLED_IN, "kq.csv, dòng 5")
    assert taken is not None
    assert (taken.state, taken.on.isoformat(), taken.by) == ("stopped", "2019-09-10", "Nguyễn Thị Ghi")


def test_a_row_in_which_nothing_was_filled_in_says_nothing() -> None:
    assert parse_outcome({"obligation_id": "o-" + "a" * 20, "name": "Đinh Văn Thử"}, "kq.csv") is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param({"result_state": "xong"}, "không phải là kết quả", id="no such state"),
        pytest.param({"result_state": ""}, "không phải là kết quả", id="a day without a state"),
        pytest.param({"obligation_id": ""}, "mã dòng", id="no code"),
        pytest.param({"result_by": ""}, "tên người ghi", id="nobody says so"),
        pytest.param({"result_by": "Hệ thống"}, "tên người ghi", id="a machine says so"),
        pytest.param({"result_by": "123"}, "tên người ghi", id="a number says so"),
        pytest.param({"result_on": ""}, "thiếu ngày", id="no day"),
        pytest.param({"result_on": "31/02/2019"}, "không phải là một ngày", id="no such day"),
        pytest.param({"result_document_no": ""}, "số và ngày văn bản", id="stopped without a document"),
        pytest.param({"result_document_no": "có"}, "số và ngày văn bản", id="a document without a number"),
        pytest.param({"result_document_date": ""}, "số và ngày văn bản", id="a document without its day"),
        pytest.param(
            {"result_state": "signs_recorded", "result_document_no": ""}, "số và ngày văn bản", id="signs, no document"
        ),
        pytest.param({"result_document_date": "11/09/2019"}, "sau ngày có kết quả", id="a document of the day after"),
    ],
)
def test_a_row_that_cannot_stand_is_refused_with_its_place(wrong: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        parse_outcome(FILLED_IN | wrong, "kq.csv, dòng 5")
    assert "kq.csv, dòng 5" in str(refused.value)


@given(st.dictionaries(st.sampled_from(sorted(FILLED)), st.text(max_size=12)))
def test_no_row_makes_a_stop_without_person_day_and_document(cells: dict[str, str]) -> None:
    try:
        taken = parse_outcome(FILLED_IN | cells, "kq.csv")
    except UsageError:
        return
    if taken is not None and STATES[taken.state].needs_document:
        assert taken.by.strip()
        assert any(c.isdigit() for c in taken.document_no)
        assert taken.document_date is not None
        assert taken.document_date <= taken.on


@pytest.mark.parametrize("state", list(STATES))
def test_a_state_is_known_by_its_code_and_its_words(state: str) -> None:
    words = STATES[state]
    assert {state_of(text) for text in (state, words.vi.upper(), words.en, *words.also)} == {state}


def test_the_list_of_states_fits_a_cell_of_excel() -> None:
    """A list in a cell is parted by commas and has at most 255 signs."""
    words = [state.vi for state in STATES.values()]
    assert len(",".join(words)) <= 255
    assert not any("," in word for word in words)


@pytest.mark.parametrize("text", ["2019-09-10", "10/9/2019", "10.09.2019", "10-9-2019", "2019-09-10 00:00:00"])
def test_days_as_offices_write_them(text: str) -> None:
    assert as_day(text).isoformat() == "2019-09-10"


# -- handling --------------------------------------------------------------------------------------------------------

LAW = LawPack.load("agent_orange").at(DAY, ("inspection_handling", "inspection_denied"))
VOCABULARY, DENIED = LAW.lists("inspection_handling"), LAW.words("inspection_denied")


@pytest.mark.parametrize(
    ("words", "known", "unknown"),
    [
        pytest.param("Thực chứng lại", ("field_check",), (), id="look at the person again"),
        pytest.param("Giám định lại", ("medical_exam",), (), id="medical board again"),
        pytest.param("Trưng cầu giám định tài liệu", ("paper_exam",), (), id="forensic, not medical"),
        pytest.param("Yêu cầu bổ sung giấy tờ", ("papers",), (), id="papers"),
        pytest.param("Đình chỉ trợ cấp, thu hồi số tiền đã hưởng", ("stop", "recover"), (), id="stop and recover"),
        pytest.param("Tạm đình chỉ", ("suspend",), (), id="tạm đình chỉ is not đình chỉ"),
        pytest.param("Thu hồi quyết định và giấy chứng nhận", ("revoke",), ("giấy chứng nhận",), id="revoke"),
        pytest.param("Không thu hồi", (), ("Không thu hồi",), id="denied: kept as received"),
        pytest.param("Đề nghị Cục xem", (), ("Đề nghị Cục xem",), id="unknown: kept as received"),
        pytest.param("thuc chung lai", ("field_check",), (), id="without diacritics"),
        pytest.param("Rà soát, báo cáo", ("verify", "report"), (), id="review and report"),
        pytest.param("", (), (), id="nothing said"),
    ],
)
def test_what_is_to_be_done(words: str, known: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert handlings(words, VOCABULARY, DENIED) == (known, unknown)


def test_every_handling_of_the_vocabulary_has_its_words_for_people() -> None:
    assert set(VOCABULARY) == set(HANDLINGS)


@given(st.text(alphabet="đình chỉ thu hồi không bổ sung,;. xyz", max_size=40))
def test_no_part_of_a_handling_is_lost(text: str) -> None:
    """Each part gives a code or is kept as received."""
    known, unknown = handlings(text, VOCABULARY, DENIED)
    assert bool(known or unknown) == any(c not in " ,;.-\n" for c in text)


# -- files on disk ---------------------------------------------------------------------------------------------------


def office(folder: Path, **said: Any) -> Any:
    head = {"number": "KL-1", "date": "2017-06-15", "body": "Đoàn", "subject": "Rà soát"}
    (folder / "kl-1.yaml").write_text(yaml.safe_dump(head | said, allow_unicode=True), encoding="utf-8")
    sources = [{"kind": "inspection_findings", "path": "a.xlsx"}]
    return parse_plan(
        {"name": "Thử", "as_of": "2020-12-31", "sources": sources, "conclusions": ["kl-1.yaml"]}, "audit.yaml"
    )


def test_results_come_from_csv_as_excel_saves_it(tmp_path: Path) -> None:
    rows = ["Sổ;;;", ";".join(FILLED[name] for name in FILLED_IN), ";".join(FILLED_IN.values())]
    (tmp_path / "kq.csv").write_text("\r\n".join(rows) + "\r\n", encoding="utf-8-sig", newline="")
    followed = load_conclusions(office(tmp_path, outcomes=["kq.csv"]), tmp_path)
    assert [outcome.state for outcome in followed.outcomes] == ["stopped"]
    assert set(followed.digests) == {"kl-1.yaml", "kq.csv"}
    assert followed.outcomes[0].place == "kq.csv, dòng / row 3"


def test_a_changed_result_is_another_input(tmp_path: Path) -> None:
    head = ",".join(FILLED_IN)
    (tmp_path / "kq.csv").write_text(f"{head}\n{','.join(FILLED_IN.values())}\n", encoding="utf-8")
    plan = office(tmp_path, outcomes=["*.csv"])
    before = load_conclusions(plan, tmp_path).digests
    (tmp_path / "kq.csv").write_text(f"{head}\n", encoding="utf-8")
    assert load_conclusions(plan, tmp_path).digests != before


@pytest.mark.parametrize(
    ("said", "error"),
    [
        pytest.param({"outcomes": ["khong_co.csv"]}, InputError, id="a file of results that is not there"),
        pytest.param({"outcomes": ["kl-1.yaml"]}, InputError, id="a file that is no ledger"),
        pytest.param({"outcomes": ["other.csv"]}, InputError, id="a table of something else"),
        pytest.param({"outcomes": ["broken.xlsx"]}, InputError, id="a workbook that is none"),
    ],
)
def test_files_that_cannot_be_read_are_sentences(tmp_path: Path, said: dict[str, Any], error: type[Exception]) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "broken.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(error, match=" / "):
        load_conclusions(office(tmp_path, **said), tmp_path)


def test_a_plan_whose_conclusion_is_not_there_or_is_no_yaml(tmp_path: Path) -> None:
    plan = office(tmp_path)
    (tmp_path / "kl-1.yaml").write_text("number: [", encoding="utf-8")
    with pytest.raises(UsageError, match="YAML"):
        load_conclusions(plan, tmp_path)
    (tmp_path / "kl-1.yaml").unlink()
    with pytest.raises(EligibilityAuditError, match="conclusions init"):
        load_conclusions(plan, tmp_path)


def test_no_name_of_a_person_stands_in_an_error(tmp_path: Path) -> None:
    rows = [",".join([*FILLED_IN, "name"]), ",".join([*(FILLED_IN | {"result_on": ""}).values(), "Đinh Văn Thử"])]
    (tmp_path / "kq.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        read_outcomes(tmp_path / "kq.csv")
    assert "Thử" not in str(refused.value)
    assert "Ghi" not in str(refused.value)
