"""Every line of every annex stands in the ledger once, with its person, its state and its due day."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_audit.domain.conclusions import STATES
from eligibility_audit.errors import UsageError
from eligibility_audit.use_cases.follow_conclusions import differing_days, with_days
from tests.conclusions.invented import CLEARS, FIRST, FORGED, NOBODY, SECOND, conclusion, ledger, outcome
from tests.rules.facts.invented import lists


@pytest.mark.parametrize(
    ("finding", "bound", "state"),
    [
        pytest.param({}, "dossier", "to_review", id="number and identity agree"),
        pytest.param({"sex": "F"}, "identity", "to_review", id="the sex differs: never sure"),
        pytest.param({"dossier_no": None}, "identity", "to_review", id="no number: name, year, commune"),
        pytest.param({"dossier_no": "HH000124"}, "identity", "to_review", id="a mistyped number of nobody"),
        pytest.param({"dossier_no": None, "commune": "Xã Khác"}, "", "not_found", id="no number, another commune"),
        pytest.param({"date_of_birth": "1951"}, "", "not_found", id="the number of a namesake born otherwise"),
        pytest.param(CLEARS, "dossier", "cleared", id="the annex itself says that the file is right"),
        pytest.param(NOBODY | CLEARS, "", "cleared", id="right, and on no roster: nothing is left to do"),
    ],
)
def test_who_a_line_speaks_of_and_where_it_stands(finding: dict[str, Any], bound: str, state: str) -> None:
    line = ledger({**FIRST, **finding}).lines.iloc[0]
    assert (line["bound"], line["state"]) == (bound, state)


def test_a_mistyped_number_that_hits_another_person_binds_to_the_one_named() -> None:
    other = {"name": "Lò Văn Khác", "date_of_birth": "1950-01-02", "dossier_no": "HH000123", "commune": "Xã Xa"}
    made = ledger(FIRST, roster=(other, {"dossier_no": "HH000999"}))
    assert made.lines["person_record_ids"].tolist() == ["agent_orange-1"]


def test_where_the_one_named_is_on_no_roster_the_holder_of_the_number_is_a_candidate_and_why_not() -> None:
    other = {"name": "Lò Văn Khác", "date_of_birth": "1950-01-02", "dossier_no": "HH000123", "commune": "Xã Xa"}
    made = ledger(FIRST, roster=(other,))
    assert made.lines["state"].tolist() == ["not_found"]
    assert made.candidates["candidate_record_id"].tolist() == ["agent_orange-0"]
    assert "người khác tên" in made.candidates["why_not_sure"].iloc[0]


def test_a_line_that_two_records_fit_is_bound_to_neither_alone() -> None:
    twins = ({"dossier_no": "HH1", "national_id": None}, {"dossier_no": "HH2", "national_id": None})
    made = ledger({**FIRST, "dossier_no": None}, roster=twins)
    assert made.lines["bound"].tolist() == ["several"]
    assert set(made.candidates["candidate_record_id"]) == {"agent_orange-0", "agent_orange-1"}


def test_candidates_of_who_was_not_found_say_why_each_is_not_sure() -> None:
    near = {"name": "Tạ Thị Vắng", "date_of_birth": "1940-02-03", "commune": "Xã Gần", "dossier_no": "HH5"}
    dead = {"name": "Tạ Thị Vắng", "date_of_birth": "1939", "commune": "Xã Khác nữa", "dossier_no": None}
    made = ledger(FIRST | NOBODY, roster=(near,), deaths=[dead])
    assert made.candidates["candidate_kind"].tolist() == ["deaths", "agent_orange"]
    assert made.candidates["why_not_sure"].str.contains("khác: ").all()


# -- a later conclusion --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        pytest.param({}, CLEARS, "cleared", id="open, then cleared"),
        pytest.param(CLEARS, FORGED, "to_review", id="cleared, then forged"),
        pytest.param({}, FORGED, "to_review", id="open, then forged"),
        pytest.param({}, CLEARS | {"conclusion_date": "2021-02-01"}, "to_review", id="cleared after the day"),
    ],
)
def test_the_later_conclusion_counts(first: dict[str, Any], second: dict[str, Any], state: str) -> None:
    made = ledger({**FIRST, **first}, {**FIRST, **SECOND, **second})
    assert made.lines["state"].iloc[0] == state


def test_what_was_changed_says_by_what_and_to_what_and_is_overdue_once() -> None:
    due = conclusion(
        mandates=[{"level": "plan", "number": "1/KH", "date": "2017-07-01", "body": "UBND tỉnh", "due": "2018-01-01"}]
    )
    lines = ledger(FIRST, {**FIRST, **SECOND, **FORGED}, conclusions=(due,)).lines
    assert lines["changed_by"].fillna("").tolist() == ["KL-2", ""]
    assert lines["changed_to"].fillna("").tolist() == ["forged", ""]
    assert lines["is_overdue"].tolist() == [False, False]


def test_a_later_conclusion_counts_where_the_person_is_on_no_roster() -> None:
    lines = ledger(FIRST | NOBODY, {**FIRST, **NOBODY, **SECOND, **CLEARS}).lines
    assert lines["state"].tolist() == ["cleared", "cleared"]
    assert lines["changed_by"].iloc[0] == "KL-2"


def test_cleared_and_forged_on_one_day_leaves_both_open() -> None:
    assert ledger({**FIRST, **CLEARS}, {**FIRST, **FORGED}).lines["state"].tolist() == ["to_review", "to_review"]


def test_two_namesakes_are_not_made_one_person_by_a_line_without_a_number() -> None:
    roster = ({"dossier_no": "HH1", "national_id": None}, {"dossier_no": "HH2", "national_id": None})
    lines = ledger(
        {**FIRST, "dossier_no": "HH1"},
        {**FIRST, "dossier_no": "HH2"},
        {**FIRST, **SECOND, **CLEARS, "dossier_no": None},
        roster=roster,
    ).lines
    assert lines["state"].tolist()[:2] == ["to_review", "to_review"]


def test_the_files_day_stands_in_where_the_annex_gives_none() -> None:
    bare = {**FIRST, **CLEARS, "conclusion_no": "KL-2", "conclusion_date": None}
    later = conclusion(number="KL-2", date="2019-09-10", changes=["KL-1"])
    assert ledger(FIRST, bare).lines["state"].iloc[0] == "to_review"
    assert ledger(FIRST, bare, conclusions=(later,)).lines["state"].iloc[0] == "cleared"


@pytest.mark.parametrize(
    ("annex", "file", "told"),
    [
        pytest.param("2017-06-15", "2017-06-15", False, id="one day"),
        pytest.param("2017-06-15", "2017-06-16", True, id="a day apart"),
        pytest.param("2017", "2017-06-16", False, id="the annex gives the year"),
        pytest.param("2018", "2017-06-16", True, id="another year"),
        pytest.param(None, "2017-06-16", False, id="the annex gives none: the file's day stands in"),
    ],
)
def test_where_file_and_annex_give_two_days_the_annex_counts_and_it_is_told(
    annex: str | None, file: str, told: bool
) -> None:
    annexes = lists(inspection_findings=[{**FIRST, "conclusion_date": annex}])["inspection_findings"]
    files = (conclusion(number="KL-1", date=file),)
    said = differing_days(annexes, files)
    assert bool(said) is told
    if told:
        assert "lấy theo phụ lục" in said[0]
        assert with_days(annexes, files)["conclusion_date"].tolist() == [annex]


def test_a_conclusion_known_to_the_year_comes_before_one_of_a_later_year_and_after_one_without_a_day() -> None:
    rough, undated = {**FIRST, "conclusion_date": "2017"}, {**FIRST, "conclusion_no": "KL-0", "conclusion_date": None}
    lines = ledger(undated, rough, {**FIRST, **SECOND, **CLEARS}).lines.set_index("conclusion_no")
    assert lines["changed_by"].fillna("").to_dict() == {"KL-0": "KL-2", "KL-1": "KL-2", "KL-2": ""}
    assert lines.loc["KL-1", "conclusion_date"] == "2017"


def test_a_conclusion_after_the_day_changes_nothing_and_is_told() -> None:
    made = ledger(FIRST, {**FIRST, **CLEARS, "conclusion_no": "KL-3", "conclusion_date": "2021-02-01"})
    assert made.lines["changed_by"].isna().all()
    assert any("sau ngày tính" in note for note in made.notes)


def test_one_number_of_two_years_is_two_conclusions_and_another_spelling_is_none() -> None:
    lines = ledger(FIRST, {**FIRST, "conclusion_date": "2019-09-10"}, {**FIRST, "conclusion_no": "kl 1"}).lines
    assert lines["conclusion_no"].tolist() == ["KL-1", "KL-1", "KL-1 (2019-09-10)"]


@pytest.mark.parametrize("roster", [pytest.param((), id="an empty roster"), pytest.param(None, id="no roster")])
def test_without_a_roster_everybody_is_not_found(roster: tuple[dict[str, Any], ...] | None) -> None:
    made = ledger(FIRST, roster=roster or (), without_roster=roster is None)
    assert made.lines["state"].tolist() == ["not_found"]


# -- what adds up ---------------------------------------------------------------------------------------------------


def account(made: Any, group: str = "") -> dict[str, Any]:
    table = made.reconciliation
    return dict(table[table["finding_group"] == group].iloc[0])


def test_every_difference_to_the_number_in_the_conclusion_is_named() -> None:
    stated = conclusion(stated=5, findings=[{"group": "Không chứng minh được địa bàn", "stated": 4}])
    row = account(ledger(FIRST, FIRST, FIRST | NOBODY, conclusions=(stated,), rejects=1))
    assert (row["stated"], row["lines"], row["difference"]) == (5, 3, 2)
    assert (row["doubled"], row["persons"], row["by_dossier"], row["not_found"]) == (1, 2, 1, 1)
    for words in ("thiếu 2", "1 dòng không đọc được", "1 dòng ghi lại người", "1 người chưa tìm thấy", "các nhóm là 4"):
        assert words in row["explanation"] or words in row["explanation"].lower(), words


def test_what_agrees_says_so_and_what_was_not_stated_too() -> None:
    assert account(ledger(FIRST, conclusions=(conclusion(stated=1),)))["explanation"].startswith("Khớp")
    assert "Chưa ghi số" in account(ledger(FIRST))["explanation"]


def test_a_group_of_the_body_without_a_line_is_a_row_of_its_own() -> None:
    stated = conclusion(findings=[{"group": "Hồ sơ giả mạo", "stated": 121}])
    row = account(ledger(FIRST, conclusions=(stated,)), "Hồ sơ giả mạo")
    assert (row["stated"], row["lines"], row["difference"]) == (121, 0, 121)


def test_a_line_is_of_the_group_as_the_body_calls_it() -> None:
    stated = conclusion(findings=[{"group": "Hồ sơ giả mạo", "stated": 1}])
    made = ledger({**FIRST, **FORGED, "finding_group": "Giả mạo giấy tờ"}, conclusions=(stated,))
    assert made.lines["finding_group"].tolist() == ["Hồ sơ giả mạo"]


@pytest.mark.parametrize("written", ["44", "44/KL-TTr", "Kết luận 44", "44/kl-ttr"])
def test_an_annex_may_write_the_number_otherwise(written: str) -> None:
    file = conclusion(number="44/KL-TTr", also_written=["Kết luận 44"])
    assert ledger({**FIRST, "conclusion_no": written}, conclusions=(file,)).lines["conclusion_no"].tolist() == [
        "44/KL-TTr"
    ]


def test_digits_that_two_conclusions_begin_with_name_neither() -> None:
    files = (conclusion(number="44/KL-A"), conclusion(number="44/KL-B"))
    assert ledger({**FIRST, "conclusion_no": "44"}, conclusions=files).lines["conclusion_no"].tolist() == ["44"]


KINDS_OF_LINE = st.sampled_from([FIRST, FIRST | NOBODY, FIRST | CLEARS, FIRST | FORGED, FIRST | {"dossier_no": None}])


@settings(max_examples=12)
@given(st.lists(st.tuples(KINDS_OF_LINE, st.sampled_from([{}, SECOND])), min_size=1, max_size=8))
def test_no_line_is_ever_lost(made_of: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    made = ledger(*(line | which for line, which in made_of))
    whole = made.reconciliation[made.reconciliation["finding_group"] == ""]
    assert len(made.lines) == len(made_of) == int(whole["lines"].sum())
    assert made.lines["state"].isin(list(STATES)).all()
    assert made.lines["obligation_id"].is_unique
    found = ["by_dossier", "by_identity", "by_other_line", "several", "not_found"]
    assert (whole[found].sum(axis=1) == whole["persons"]).all()
    assert (whole["persons"] + whole["doubled"] == whole["lines"]).all()


# -- what offices found out -------------------------------------------------------------------------------------


def code(at: int = 0, *findings: dict[str, Any]) -> str:
    return str(ledger(*(findings or (FIRST,))).lines["obligation_id"].iloc[at])


def test_a_result_is_taken_with_who_when_and_which_document() -> None:
    said = outcome(code(), "stopped", "2018-03-01", document_no="12/QĐ", note="Đã gửi")
    line = ledger(FIRST, outcomes=(said,)).lines.iloc[0]
    assert (line["state"], line["state_by"], line["state_on"]) == ("stopped", "Nguyễn Thị Ghi", "2018-03-01")
    assert (line["document_no"], line["state_note"], line["state_because"]) == ("12/QĐ", "Đã gửi", "officer")


def test_the_last_result_counts_and_one_after_the_day_does_not() -> None:
    said = [outcome(code(), "reviewed", "2018-03-01"), outcome(code(), "cleared", "2018-04-01")]
    assert ledger(FIRST, outcomes=said).lines["state"].tolist() == ["cleared"]
    late = outcome(code(), "under_complaint", "2021-01-05")
    made = ledger(FIRST, outcomes=[*said, late])
    assert made.lines["state"].tolist() == ["cleared"]
    assert any("sau ngày tính" in note for note in made.notes)


def test_two_results_of_one_day_that_contradict_are_refused() -> None:
    said = [outcome(code(), "reviewed", "2018-03-01"), outcome(code(), "cleared", "2018-03-01")]
    with pytest.raises(UsageError, match="cùng ngày"):
        ledger(FIRST, outcomes=said)


def test_a_result_before_the_conclusion_is_refused() -> None:
    with pytest.raises(UsageError, match="trước ngày kết luận"):
        ledger(FIRST, outcomes=(outcome(code(), "cleared", "2017-06-14"),))


def test_what_was_found_out_before_a_later_conclusion_does_not_answer_it() -> None:
    both = FIRST, {**FIRST, **SECOND, **FORGED}
    made = ledger(*both, outcomes=(outcome(code(0, *both), "cleared", "2018-03-01"),))
    assert made.lines["state"].tolist() == ["to_review", "to_review"]
    made = ledger(*both, outcomes=(outcome(code(0, *both), "cleared", "2019-10-01"),))
    assert made.lines["state"].tolist() == ["cleared", "cleared"]


def test_a_line_typed_anew_keeps_its_result_and_one_that_is_gone_is_told() -> None:
    old = outcome(
        "o-" + "0" * 20, "cleared", "2018-03-01", conclusion_no="KL-1", dossier_no="HH 123", name="đinh văn thử"
    )
    assert ledger(FIRST, outcomes=(old,)).lines["state"].tolist() == ["cleared"]
    gone = outcome("o-" + "0" * 20, "cleared", "2018-03-01", conclusion_no="KL-1", dossier_no="HH9", name="Ai Đó")
    made = ledger(FIRST, outcomes=(gone,))
    assert made.unplaced == (gone,)
    assert any("không còn dòng" in note for note in made.notes)


def test_the_code_of_a_line_does_not_hang_on_the_lines_beside_it() -> None:
    assert (
        ledger(FIRST | NOBODY | {"record_id": "x"}, FIRST | {"record_id": "y"}).lines["obligation_id"].iloc[1]
        == (ledger(FIRST | {"record_id": "y"}).lines["obligation_id"].iloc[0])
    )
