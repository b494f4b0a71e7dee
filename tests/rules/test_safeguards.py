"""Procedure, section 8: the unknown never counts against a person; commune, surname, sex change nothing undeclared.

Of Agent Orange every combination of boundary values of the columns that a rule reads; of every rule of every programme,
whoever adds it, random lines of what its code and its law speak of (`every_rule.py`).
"""

import re
from datetime import date
from functools import cache
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest

from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.recommend import recommend
from eligibility_audit.recommend.acts import Acts, severity
from eligibility_audit.recommend.wording import check
from eligibility_audit.rules.assess import assess, cases_frame, import_rules
from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.parameters import LawPack, Parameters
from eligibility_audit.rules.registry import LOCATION, RULES, Rule
from eligibility_audit.standardise.records import columns_of
from tests.rules.cases import CHILD, DAY, FACTS, VETERAN, frame
from tests.rules.every_rule import every_rule, random_lines, read_by
from tests.rules.facts.invented import NO_PAIRS, lists

import_rules()
OWN = sorted(
    name
    for name, rule in RULES.items()
    if ".agent_orange." in rule.predicate.__module__ or name == "AO_ID_INCONSISTENT"
)
PACK = LawPack.load("agent_orange")
Cells = tuple[object, ...]

# Cells that may speak for the person; each is tested by name in agent_orange/. Any other, when nulled, accuses nobody.
SPEAKS_FOR = {
    "AO_PLACE": {"place"},
    "AO_UNIT_CODE_ONLY": {"unit", "place", "papers", "note"},
    "AO_MED_MISSING": {"percent"},
    "AO_NOT_PAID": {"note"},
    "AO_NOTE_ABSENT": {"note"},
    "AO_SERVING_UNPAID": {"serving_record_id"},
    "AO_SUPPLEMENT_NO_MINUTES": {"percent", "papers", "note"},
    "AO_NEUROPATHY_PAPER": {"papers", "paper_dates"},
    "AO_CHILD_NO_PARENT": {"parent_dossier_no", "parent_on_roster", "received_parent_dossier_no"},
}

DATES: Cells = (None, "1960", "1961-07-31", "1961-08", "1961-08-01", "1968", "1975-04-30", "1975-05", "1976-01")
CELLS: dict[str, Cells] = {
    "claim": ("veteran", "child", None),
    "date_of_birth": (None, "1947", "1948", "1948-12-31", "1960", "1967", "1968-01", "1975-06-01"),
    "sex": ("M", "F", None),
    "national_id": (None, "034048000001", "034148000001", "034049000001", "150123456", "034275000001"),
    "service_from": DATES,
    "service_to": DATES,
    "unit": (None, "E42 F3", "HT 32629A", "Đoàn 559", "Hải Phòng"),
    "place": (None, "Quảng Trị", "Hải Phòng", "Vĩnh Linh", "Bản Đông", "Lào", "Ký hiệu 98-686"),
    "disease": (
        None,
        "Ung thư phổi",
        "Tăng huyết áp",
        "Vô sinh",
        "Sinh con dị dạng",
        "Vô sinh, ĐTĐ",
        "Bệnh Zeta",
        "Gai sống chẻ đôi",
        "Thần kinh ngoại biên cấp tính",
    ),
    "percent": (None, 20.0, 21.0, 40.0, 41.0, 60.0, 61.0, 80.0, 81.0),
    "received_percent": (None, "", "45", "chưa có"),
    "monthly_amount": (None, 0, 974_000, 1_234_000, 1_624_000, 1_924_000, 2_062_000, 2_891_000, 3_703_000, 5_327_000),
    "papers": (None, "Giấy X Y Z", "Không có", "Giấy ra viện (2005)"),
    "received_papers": (None, "", "Không có", "Giấy X Y Z"),
    "paper_dates": (None, "1999-12-31", "2000-01-01", "2000", "1999", "2005;1980", "2005;2006"),
    "undated_papers": (None, 0, 1),
    "parent_dossier_no": (None, "HH000002"),
    "received_parent_dossier_no": (None, "", "HH000002"),
    "received_parent_name": (None, "", "Người Cha", "Mẹ: Người Cha"),
    "parent_first_year": (None, 1959, 1961, 1968),
    "parent_on_roster": (None, True, False),
    "own_children": (0, 1, 2),
    "note": (None, "Đào ngũ 1972", "Đang chấp hành án phạt tù", "Có người phục vụ", "Tạm dừng chi", "Con nuôi"),
    "group": (None, "Con đẻ", "Con riêng"),
    "parent_born": (None, "1930", "1934-12-31", "1947"),
    "parent_sex": (None, "M", "F"),
    "parent_dossier_of_other": (None, True, False),
    "elsewhere_record_id": (None, "r-9"),
    "serving_record_id": (None, "r-8"),
    "decision_date": (None, "1999", "1999-12-31", "2000", "2022-05-10"),
    "start_month": (None, "1999-12", "2000-01", "2022-04", "2022-06"),
}


def cells_of(rule_id: str) -> list[str]:
    return [name for name in CELLS if name in RULES[rule_id].columns()]


def table(rule_id: str) -> pd.DataFrame:
    """Every combination of the boundary values of what a rule reads; the other cells are those of the veteran."""
    cells = cells_of(rule_id)
    sizes = [len(CELLS[cell]) for cell in cells]
    lines = int(np.prod(sizes))
    whole = frame({**FACTS, **VETERAN}).iloc[np.zeros(lines, dtype=int)].reset_index(drop=True)
    for cell, at in zip(cells, np.unravel_index(np.arange(lines), sizes), strict=True):
        whole[cell] = pd.array(list(CELLS[cell]), dtype=whole[cell].dtype).take(at)
    return whole.assign(record_id=pd.array([f"r-{n}" for n in range(lines)], dtype="string[pyarrow]"))


def answers(rule_id: str, records: pd.DataFrame) -> "pd.Series[bool]":
    rule = RULES[rule_id]
    return rule.decide(cases_frame(records, [], [rule]), rule.law(PACK, DAY))  # type: ignore[no-any-return]


@pytest.mark.parametrize("rule_id", OWN)
def test_nulling_a_cell_never_moves_the_outcome_to_not_met(rule_id: str) -> None:
    """Every combination is in the table, so that of each line the one with a cell nulled is there too."""
    records, cells = table(rule_id), cells_of(rule_id)
    against = (~answers(rule_id, records)).fillna(False).to_numpy("bool").reshape([len(CELLS[cell]) for cell in cells])
    assert against.any() or RULES[rule_id].undetermined_is, "the boundaries must reach the rule"
    for axis, cell in enumerate(cells):
        if cell not in SPEAKS_FOR.get(rule_id, set()) | {"own_children"}:
            nulled = np.take(against, [CELLS[cell].index(None)], axis)
            worse = records.loc[(nulled & ~against).ravel(), cells]
            assert worse.empty, (cell, worse.iloc[0].to_dict())


def test_only_the_identity_rule_reads_sex_and_none_reads_name_or_commune() -> None:
    reads = {name: set(RULES[name].reads) for name in OWN}
    assert [name for name in OWN if "sex" in reads[name]] == ["AO_ID_INCONSISTENT"]
    assert not [name for name in OWN if reads[name] & {"name", "commune", "district", "hamlet", "home_place"}]


@pytest.mark.parametrize("rule_id", OWN)
def test_a_line_of_blanks_accuses_nobody(rule_id: str) -> None:
    keep = {"source_file", "source_sheet", "source_row", "claim", "own_children"}
    blank = [
        {name: (value if name in keep else None) for name, value in {**FACTS, **line}.items()}
        for line in (VETERAN, CHILD)
    ]
    records = frame(*({**line, "record_id": f"r-{n}"} for n, line in enumerate(blank)))
    assert not (~answers(rule_id, records)).fillna(False).any()


EVERY = every_rule(RULES)
DAYS = (DAY, date(2023, 1, 1), date(2025, 8, 1))

# What procedure.md, 8 leaves outside the property: a field that contradicts the match or the accusation, an exculpating
# row or note, a list in which being listed is the condition. Each is tested by name in the tests of the rule.
CLEARS = {
    "AO_CHILD_NO_PARENT": {"parent_dossier_no", "parent_on_roster", "received_parent_dossier_no"},  # the condition
    "AO_PLACE": {"place"},  # a southern place contradicts the unit's
    "AO_SVC_CONFLICT": {"place"},
    "AO_NOT_PAID": {"note"},
    "AO_SERVING_UNPAID": {"serving_record_id"},  # another line that pays it
    "CV_AMOUNT": {"scheme"},  # the words of the province's own scheme
    "CV_MONTHS": {"scheme"},
    "CV_LOWER_GROUP": {"scheme"},
    "CV_POOR_NOT_LISTED": {"scheme"},
    "PH_NO_YEAR": {"list_day"},  # of the whole list, of no person
    "PH_OLD_NOT_PAID": {"death_identity"},  # who is dead is owed nothing
    "PH_RELIEF_NOT_PAID": {"death_identity"},
    "SA_AMOUNT_OF_GROUP": {"base_of_list"},  # a higher base that nearly the whole list follows
    "SA_COEF": {"disability_level"},  # a level of its own cell contradicts the group's
    "SA_TWO_GROUPS": {"overlap_groups"},  # the pair that may be paid together; never null beside another line
}
ALWAYS_CLEARS = {"death_cancelled"}
# The same cause was asked by another rule: with the cell, one of these speaks; without it, the rule itself.
ASKED_BY = {
    ("CV_AMOUNT", "months"): ("CV_MONTHS",),
    ("CV_LOWER_GROUP", "overlap_record_id"): ("CV_TWO_GROUPS",),
    ("SA_AMOUNT_OF_GROUP", "coefficient"): ("SA_AMOUNT", "SA_COEF"),
}
NO_RATES = {"CV_PROVINCE_AMOUNT"}  # silent until a province declares its rates


def _day_of(rule: Rule) -> date:
    return next(day for day in DAYS if rule.in_force(day))


def _law(rule: Rule, programme: str) -> Parameters:
    return rule.law(LawPack.load(programme), _day_of(rule))


class Lines:
    """Lines as a rule sees them, what it answers, and which findings it gives: not met, or a cell that is blank."""

    def __init__(self, rule: Rule, programme: str, records: pd.DataFrame) -> None:
        self.records, self.cases = records, cases_frame(records, [], [rule])
        self.answer = rule.decide(self.cases, _law(rule, programme))
        blank = says_none(self.cases[f"received_{rule.cell}"]) if rule.cell else False
        self.against = (~self.answer).fillna(False).astype("bool") | (self.answer.isna() & blank)


@cache
def _lines(rule_id: str, programme: str) -> Lines:
    rule = RULES[rule_id]
    return Lines(rule, programme, random_lines(rule, programme, _day_of(rule)))


def _against(rule: Rule, programme: str, records: pd.DataFrame) -> "pd.Series[bool]":
    return Lines(rule, programme, records).against


@pytest.mark.parametrize(("rule_id", "programme"), EVERY)
def test_the_lines_reach_an_answer_against_the_person(rule_id: str, programme: str) -> None:
    assert _lines(rule_id, programme).against.any() or rule_id in NO_RATES


@pytest.mark.parametrize(("rule_id", "programme"), EVERY)
def test_in_every_rule_what_is_not_known_counts_against_nobody(rule_id: str, programme: str) -> None:
    """A nulled cell makes no new finding, but one that asks for a paper; nor does a line of blanks make any."""
    rule = RULES[rule_id]
    records, was = _lines(rule_id, programme).records, _lines(rule_id, programme).against
    cells = sorted(read_by(rule) - CLEARS.get(rule_id, set()) - ALWAYS_CLEARS)
    nulled = [records.assign(**{cell: _null(records[cell])}) for cell in cells]
    every = pd.concat([*nulled, _blank(records.head(1))], ignore_index=True)
    every["record_id"] = pd.array([f"r-{n}" for n in range(len(every))], dtype="string[pyarrow]")
    found = _against(rule, programme, every).to_numpy()
    assert not found[-1], "a line of blanks"
    worse = found[:-1].reshape(len(cells), len(records)) & ~was.to_numpy()
    asks = Acts.load(programme).step(rule.undetermined_is or rule.ground, rule_id).action == "ask_papers"
    for cell, rows in zip(cells, worse, strict=True):
        asked = [
            _against(RULES[other], programme, _with_columns_of(other, programme, records)).to_numpy()
            for other in ASKED_BY.get((rule_id, cell), ())
        ]
        row = rows & ~np.logical_or.reduce([*asked, np.zeros(len(rows), dtype=bool)])
        assert asks or not row.any(), (cell, records.loc[row].iloc[0].to_dict())


def _null(column: "pd.Series[object]") -> "pd.Series[object]":
    return pd.Series(pd.NA, index=column.index, dtype=column.dtype)


def _with_columns_of(rule_id: str, programme: str, records: pd.DataFrame) -> pd.DataFrame:
    more = random_lines(RULES[rule_id], programme, _day_of(RULES[rule_id]))
    return records.join(more[[name for name in more.columns if name not in records.columns]])


def _blank(records: pd.DataFrame) -> pd.DataFrame:
    kept = {"record_id", "opens_list", *LOCATION}
    blank = records.assign(**{name: _null(records[name]) for name in set(records.columns) - kept})
    return blank.assign(opens_list=pd.array([False], dtype="boolean")) if "opens_list" in blank else blank


ENGLISH = re.compile(r"violat|fraud|cheat|swindl|guilty|illegally|\bdebts?\b|must repay|\bowes\b")


@pytest.mark.parametrize(("rule_id", "programme"), EVERY)
def test_no_sentence_of_a_rule_accuses(rule_id: str, programme: str) -> None:
    """Title, condition, simplifications, reasons, evidence, for and against, what would clear: in both languages."""
    rule = RULES[rule_id]
    lines = _lines(rule_id, programme)
    flagged = lines.cases[lines.against.to_numpy()]
    sentences = [rule.title_vi, rule.title_en, rule.condition_vi, *rule.simplifications]
    if len(flagged):
        said = rule.say(flagged, _law(rule, programme))
        texts = said.select_dtypes(include=["string", "object", "str"])
        sentences += [str(value) for name in texts.columns for value in texts[name].dropna().unique()]
        assert {"reason_vi", "reason_en"} <= set(said.columns)
        assert (said["reason_vi"].str.len() > 0).all()
        assert (said["reason_en"].str.len() > 0).all()
    for sentence in sentences:
        assert check(sentence) == (), sentence
        assert not ENGLISH.search(sentence.casefold()), sentence


@pytest.mark.parametrize(("rule_id", "programme"), EVERY)
def test_every_rule_answers_each_case_by_itself(rule_id: str, programme: str) -> None:
    """The order of the lines, and who else is on the list, change no answer: what hangs on others comes as facts."""
    lines = _lines(rule_id, programme)
    some = np.arange(len(lines.cases))[::-1]
    some = some[some % 7 > 0]
    turned = RULES[rule_id].decide(lines.cases.iloc[some], _law(RULES[rule_id], programme))
    assert lines.answer.iloc[some].equals(turned)


PROFILE = frozenset({"name", "alias", "commune", "district", "commune_code", "hamlet", "home_place", "sex"})


def test_no_rule_reads_who_somebody_is_or_where_they_live_but_those_that_hold_a_number_against_it() -> None:
    reads = {name: PROFILE & set(rule.columns()) for name, rule in RULES.items()}
    assert {name: columns for name, columns in reads.items() if columns} == {
        name: {"sex"} for name in ("AO_ID_INCONSISTENT", "ME_ID_INCONSISTENT", "SA_ID_INCONSISTENT")
    }


def _roster(programme: str) -> pd.DataFrame:
    """A roster on which many rules speak: each line another person, of cells that a rule answers against."""
    random = np.random.default_rng(7)
    made = []
    for name, rule in RULES.items():
        if programme in rule.programmes:
            lines = _lines(name, programme)
            made.append(lines.records[lines.against.to_numpy()].head(3))
    own = {name: kind for name, kind in columns_of(programme).items() if name not in PROFILE}
    lines = pd.concat([frame[[n for n in frame.columns if n in own]] for frame in made], ignore_index=True)
    records = lists(**{programme: [{}]})[programme].iloc[[0] * len(lines)].reset_index(drop=True)
    for name in lines.columns:
        records[name] = lines[name].astype(records[name].dtype)
    records["sex"] = pd.array(random.choice(["M", "F"], len(records)), dtype="string[pyarrow]")
    return _persons(records, programme)


def _persons(records: pd.DataFrame, programme: str) -> pd.DataFrame:
    """Each line made another person's: id, dossier, name and row its own; no number."""
    numbers = range(len(records))
    words = ("Ba", "Ke", "Mon", "Tuy", "Vinh", "Hoa", "Gang", "Phuc", "Xet", "Lom")  # no two sound or look alike
    own = {
        "record_id": [f"{programme}-{n}" for n in numbers],
        "dossier_no": [f"HH{n}" for n in numbers],
        "name": ["Trần " + " ".join(words[int(digit)] for digit in f"{n:05}") for n in numbers],
        "national_id": [None for _ in numbers],
    }
    texts = {name: pd.array(values, dtype="string[pyarrow]") for name, values in own.items()}
    return records.assign(**texts, source_row=range(2, len(records) + 2))


@pytest.mark.parametrize("programme", AUDITED)
def test_another_surname_commune_or_sex_changes_no_finding_and_no_action(programme: str) -> None:
    """The whole way from records to actions, each line as it is and as another's; without numbers, so that what holds
    a number against them rests."""
    base = _roster(programme)
    lines = _persons(pd.concat([base, base], ignore_index=True), programme)
    other = lines.index >= len(base)
    changed = {
        "name": lines["name"].str.replace("Trần", "Lò", regex=False),
        "commune": pd.Series("Xã Khác", index=lines.index, dtype="string[pyarrow]"),
        "district": pd.Series("Huyện Khác", index=lines.index, dtype="string[pyarrow]"),
        "sex": lines["sex"].map({"M": "F", "F": "M"}).astype("string[pyarrow]"),
        "source_file": pd.Series("khac.csv", index=lines.index, dtype="string[pyarrow]"),  # a list of their own
    }
    lines = lines.assign(**{name: lines[name].mask(other, column) for name, column in changed.items()})
    findings, made = _whole_way(programme, lines)
    said = (
        findings[["record_id", "rule_id", "outcome", "subject", "amount_at_stake"]],
        made[["record_id", "action", "rule_ids", "amount_to_clarify", "direction", "due_on"]],
    )
    assert len(findings) > 10 or programme == "poor_households", "the lines must reach the rules"
    for table_said in said:
        line = _number(table_said["record_id"])
        halves = [
            table_said[half]
            .assign(record_id=line[half] % len(base))
            .sort_values("record_id", kind="stable", ignore_index=True)
            for half in (line < len(base), line >= len(base))
        ]
        pd.testing.assert_frame_equal(*halves)


def _whole_way(programme: str, roster: pd.DataFrame, **others: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    kinds = {programme: roster, **others}
    with patch("eligibility_audit.rules.assess.with_least_changes", lambda found, *_: found):  # words alone, and slow
        findings = assess(kinds, NO_PAIRS, as_of=DAY, key=b"key")
    return findings, recommend(findings, kinds, as_of=DAY, key=b"key")


# Cells of the line itself that speak for the person, by the rule that then asks (each tested by name in its tests).
SPEAKS = {
    **CLEARS,
    "CV_AMOUNT": {"group", "months", "scheme"},
    "SA_AMOUNT_OF_GROUP": {"coefficient"},
}


@pytest.mark.parametrize("programme", AUDITED)
def test_the_whole_way_a_nulled_cell_moves_no_action_up_and_no_sum(programme: str) -> None:
    """From records to actions: each line as it is and once for each cell nulled, the register of deaths beside."""
    base = _roster(programme)
    fixed = {"record_id", "claim", "member", "hidden", "name", "dossier_no", "household_no", *LOCATION}
    cells = [n for n in columns_of(programme) if n in base and n not in fixed and base[n].notna().any()]
    copies = _persons(pd.concat([base] * (len(cells) + 1), ignore_index=True), programme)
    nulled = [_null(base[cell]) for cell in cells]
    for at, (cell, column) in enumerate(zip(cells, nulled, strict=True), 1):
        where = range(at * len(base), (at + 1) * len(base))
        copies[cell] = copies[cell].mask(copies.index.isin(where), column.iloc[0])
    dead = _register_of(pd.concat([base] * (len(cells) + 1), ignore_index=True), copies, len(base))
    findings, made = _whole_way(programme, copies, deaths=dead)
    rules = {n: set(found) for n, found in findings.groupby(_number(findings["record_id"]))["rule_id"]}
    actions = made.set_index(_number(made["record_id"]))
    assert len(rules) > len(cells) or programme == "poor_households"
    grew = []
    for at, cell in enumerate(cells, 1):
        for line in range(len(base)):
            now = line + at * len(base)
            new = rules.get(now, set()) - rules.get(line, set())
            asked = {r for r in new if cell not in SPEAKS.get(r, set()) and not _asks_a_paper(r, programme)}
            up = _height(actions, now) > max(_height(actions, line), severity("ask_papers"))
            more = _sum(actions, now) > _sum(actions, line)
            if (up or more) and (asked or not new):
                grew.append((cell, sorted(asked), base.iloc[line][cells].dropna().to_dict()))
    assert not grew, grew[0]


def _register_of(before: pd.DataFrame, copies: pd.DataFrame, lines: int) -> pd.DataFrame:
    """A death registration of every third of `lines`, as the line was before anything was nulled."""
    some = np.arange(len(copies)) % lines % 3 == 0
    dead = [
        {"name": name, "date_of_birth": born, "sex": sex, "national_id": None, "died_on": "2020-03-05"}
        for name, born, sex in zip(
            copies["name"][some], before["date_of_birth"][some], before["sex"][some], strict=True
        )
    ]
    return lists(deaths=[{k: None if pd.isna(v) else v for k, v in line.items()} for line in dead])["deaths"]


def _number(ids: "pd.Series[str]") -> "pd.Series[int]":
    return ids.str.rsplit("-", n=1).str[1].astype(int)


def _asks_a_paper(rule_id: str, programme: str) -> bool:
    rule = RULES[rule_id]
    return Acts.load(programme).step(rule.undetermined_is or rule.ground, rule_id).action == "ask_papers"


def _height(actions: pd.DataFrame, line: int) -> int:
    return severity(str(actions.at[line, "action"])) if line in actions.index else 0


def _sum(actions: pd.DataFrame, line: int) -> int:
    value = actions.at[line, "amount_to_clarify"] if line in actions.index else 0
    return 0 if pd.isna(value) else int(value)


@pytest.mark.parametrize(
    ("rule_id", "cell"),
    [pytest.param(name, cell, id=f"{name}: {cell}") for name, cells in CLEARS.items() for cell in sorted(cells)],
)
def test_every_exception_is_needed_and_its_cell_only_ever_speaks_for_the_person(rule_id: str, cell: str) -> None:
    """There are lines whom the cell clears: without it the rule asks, with it the rule does not."""
    cleared = []
    for programme in (p for name, p in EVERY if name == rule_id):
        rule, lines = RULES[rule_id], _lines(rule_id, programme)
        some = lines.records[cell].dropna().drop_duplicates()
        without = lines.records.assign(**{cell: _null(lines.records[cell])})
        asked = without[_against(rule, programme, without).to_numpy()].head(20)
        with_it = asked.loc[asked.index.repeat(len(some))].reset_index(drop=True)
        with_it[cell] = some.array.take(np.arange(len(with_it)) % len(some))
        with_it["record_id"] = pd.array([f"r-{n}" for n in range(len(with_it))], dtype="string[pyarrow]")
        cleared.append(not _against(rule, programme, with_it).all())
    assert any(cleared)
