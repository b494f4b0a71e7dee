"""Procedure, section 8: the unknown never counts against a person; commune, surname, sex change nothing undeclared.

Of Agent Orange every combination of boundary values of the columns that a rule reads; of every rule of every programme,
whoever adds it, random lines of what its code and its law speak of (`every_rule.py`).
"""

from datetime import date
from itertools import product

import numpy as np
import pandas as pd
import pytest

from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.recommend import recommend
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.rules.assess import assess, cases_frame, import_rules
from eligibility_audit.rules.parameters import LawPack
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


def table(rule_id: str) -> pd.DataFrame:
    """Every combination of the boundary values of what a rule reads; the other cells are those of the veteran."""
    rule = RULES[rule_id]
    cells = [name for name in CELLS if name in rule.columns()]
    combined = [dict(zip(cells, values, strict=True)) for values in product(*(CELLS[name] for name in cells))]
    return frame(*({**FACTS, **VETERAN, **line, "record_id": f"r-{n}"} for n, line in enumerate(combined)))


def answers(rule_id: str, records: pd.DataFrame) -> "pd.Series[bool]":
    rule = RULES[rule_id]
    return rule.decide(cases_frame(records, [], [rule]), rule.law(PACK, DAY))  # type: ignore[no-any-return]


@pytest.mark.parametrize("rule_id", OWN)
def test_nulling_a_cell_never_moves_the_outcome_to_not_met(rule_id: str) -> None:
    records = table(rule_id)
    was_against = (~answers(rule_id, records)).fillna(False)
    assert was_against.any() or RULES[rule_id].undetermined_is, "the boundaries must reach the rule"
    for cell in set(RULES[rule_id].columns()) & set(CELLS) - SPEAKS_FOR.get(rule_id, set()) - {"own_children"}:
        nulled = records.assign(**{cell: pd.Series(pd.NA, index=records.index, dtype=records[cell].dtype)})
        is_against = (~answers(rule_id, nulled)).fillna(False)
        worse = records.loc[(is_against & ~was_against).to_numpy(bool)]
        assert worse.empty, (cell, worse[[c for c in CELLS if c in RULES[rule_id].columns()]].iloc[0].to_dict())


@pytest.mark.parametrize("rule_id", OWN)
def test_commune_surname_and_sex_change_nothing_that_is_not_declared(rule_id: str) -> None:
    records = table(rule_id)
    other = {"commune": "Xã Khác", "district": "Huyện Khác", "name": "Họ Khác", "sex": "F"}
    changed = records.assign(**{k: v for k, v in other.items() if k not in RULES[rule_id].columns()})
    assert answers(rule_id, records).equals(answers(rule_id, changed))


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

# Cells of which the presence speaks for the person, or is itself what the rule is about; any other, when nulled,
# accuses nobody. Each is tested by name in the tests of the rule.
CLEARS = {
    "AO_CHILD_NO_PARENT": {"parent_dossier_no", "parent_on_roster", "received_parent_dossier_no"},
    "AO_PLACE": {"place"},
    "AO_NOT_PAID": {"note"},
    "AO_NOTE_ABSENT": {"note"},
    "AO_SERVING_UNPAID": {"serving_record_id"},
    "CV_AMOUNT": {"scheme", "months"},  # the months are another rule's, CV_MONTHS, where they are stated
    "CV_MONTHS": {"scheme"},
    "CV_LOWER_GROUP": {"overlap_record_id"},  # then it is CV_TWO_GROUPS that asks
    "PH_NO_YEAR": {"list_day"},  # the day of the list is what the rule asks for
    "PH_OLD_NOT_PAID": {"death_identity"},  # who is dead is owed nothing
    "PH_RELIEF_NOT_PAID": {"death_identity"},
    "SA_AMOUNT_OF_GROUP": {"coefficient", "base_of_list"},  # a stated coefficient is SA_AMOUNT's
    "SA_COEF": {"disability_level"},  # a level that contradicts the group decides nothing
    "SA_TWO_GROUPS": {"overlap_groups"},  # never null beside another line
}
ALWAYS_CLEARS = {"death_cancelled"}


def _day_of(rule: Rule) -> date:
    return next(day for day in DAYS if rule.in_force(day))


def _against(rule: Rule, programme: str, records: pd.DataFrame) -> "pd.Series[bool]":
    law = rule.law(LawPack.load(programme), _day_of(rule))
    return (~rule.decide(cases_frame(records, [], [rule]), law)).fillna(False).astype("bool")


@pytest.mark.parametrize(("rule_id", "programme"), EVERY)
def test_in_every_rule_what_is_not_known_counts_against_nobody(rule_id: str, programme: str) -> None:
    """A nulled cell makes no new finding, but one that asks for a paper."""
    rule = RULES[rule_id]
    records = random_lines(rule, programme, _day_of(rule))
    was = _against(rule, programme, records)
    if Acts.load(programme).step(rule.ground, rule_id).action == "ask_papers":
        return
    left = read_by(rule) - CLEARS.get(rule_id, set()) - ALWAYS_CLEARS
    for cell in sorted(left):
        nulled = records.assign(**{cell: pd.Series(pd.NA, index=records.index, dtype=records[cell].dtype)})
        worse = (_against(rule, programme, nulled) & ~was).to_numpy()
        assert not worse.any(), (cell, records.loc[worse].iloc[0].to_dict())


@pytest.mark.parametrize(("rule_id", "programme"), EVERY)
def test_in_every_rule_a_line_of_blanks_accuses_nobody(rule_id: str, programme: str) -> None:
    rule = RULES[rule_id]
    records = random_lines(rule, programme, _day_of(rule)).head(1)
    kept = {"record_id", "opens_list", *LOCATION}
    blank = records.assign(
        **{n: pd.Series(pd.NA, index=records.index, dtype=records[n].dtype) for n in set(records.columns) - kept}
    )
    if "opens_list" in blank:
        blank["opens_list"] = pd.array([False], dtype="boolean")
    assert not _against(rule, programme, blank).any()


@pytest.mark.parametrize(("rule_id", "programme"), EVERY)
def test_every_rule_answers_each_case_by_itself(rule_id: str, programme: str) -> None:
    """The order of the lines, and who else is on the list, change no answer: what hangs on others comes as facts."""
    rule = RULES[rule_id]
    records = random_lines(rule, programme, _day_of(rule))
    law = rule.law(LawPack.load(programme), _day_of(rule))
    cases = cases_frame(records, [], [rule])
    whole = rule.decide(cases, law)
    turned = rule.decide(cases.iloc[::-1], law)
    some = rule.decide(cases.iloc[::7], law)
    assert whole.equals(turned.iloc[::-1])
    assert whole.iloc[::7].equals(some)


PROFILE = frozenset({"name", "alias", "commune", "district", "commune_code", "hamlet", "home_place", "sex"})


def test_no_rule_reads_who_somebody_is_or_where_they_live_but_those_that_hold_a_number_against_it() -> None:
    reads = {name: PROFILE & set(rule.columns()) for name, rule in RULES.items()}
    assert {name: columns for name, columns in reads.items() if columns} == {
        name: {"sex"} for name in ("AO_ID_INCONSISTENT", "ME_ID_INCONSISTENT", "SA_ID_INCONSISTENT")
    }


def _roster(programme: str) -> pd.DataFrame:
    """A roster on which many rules speak: each line another person, of random cells."""
    random = np.random.default_rng(7)
    made = [random_lines(r, programme, DAY).head(12) for r in RULES.values() if programme in r.programmes]
    own = {name: kind for name, kind in columns_of(programme).items() if name not in PROFILE}
    lines = pd.concat([frame[[n for n in frame.columns if n in own]] for frame in made], ignore_index=True)
    records = lists(**{programme: [{}]})[programme].iloc[[0] * len(lines)].reset_index(drop=True)
    for name in lines.columns:
        records[name] = lines[name].astype(records[name].dtype)
    numbers = [str(n) for n in range(len(records))]
    records["record_id"] = pd.array([f"{programme}-{n}" for n in numbers], dtype="string[pyarrow]")
    records["dossier_no"] = pd.array([f"HH{n}" for n in numbers], dtype="string[pyarrow]")
    letters = [chr(97 + n // 676) + chr(97 + n // 26 % 26) + chr(97 + n % 26) for n in range(len(records))]
    records["name"] = pd.array([f"Trần Văn {letter.title()}" for letter in letters], dtype="string[pyarrow]")
    records["sex"] = pd.array(random.choice(["M", "F"], len(records)), dtype="string[pyarrow]")
    records["national_id"] = pd.array([None] * len(records), dtype="string[pyarrow]")
    records["source_row"] = range(2, len(records) + 2)
    return records


@pytest.mark.parametrize("programme", AUDITED)
def test_another_surname_commune_or_sex_changes_no_finding_and_no_action(programme: str) -> None:
    """The whole way from records to actions; without numbers, so that what holds a number against them rests."""
    records = _roster(programme)
    other = records.assign(
        name=records["name"].str.replace("Trần", "Lò", regex=False),
        commune=pd.Series("Xã Khác", index=records.index, dtype="string[pyarrow]"),
        district=pd.Series("Huyện Khác", index=records.index, dtype="string[pyarrow]"),
        sex=records["sex"].map({"M": "F", "F": "M"}).astype("string[pyarrow]"),
    )
    said = []
    for roster in (records, other):
        findings = assess({programme: roster}, NO_PAIRS, as_of=DAY, key=b"key")
        made = recommend(findings, {programme: roster}, as_of=DAY, key=b"key")
        said.append(
            (
                findings[["record_id", "rule_id", "outcome", "subject", "amount_at_stake"]],
                made[["record_id", "action", "rule_ids", "amount_to_clarify", "direction", "due_on"]],
            )
        )
    assert len(said[0][0]) > 10 or programme == "poor_households", "the lines must reach the rules"
    for one, changed in zip(*said, strict=True):
        pd.testing.assert_frame_equal(one, changed)
