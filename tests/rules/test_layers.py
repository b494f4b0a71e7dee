"""Law laid over the installed one: entry by entry, known here from a day, recorded, refused where it is wrong."""

import json
from datetime import date
from pathlib import Path

import pytest

from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.errors import LawError, UsageError
from eligibility_audit.law.files import Law, law_folder, using
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import rules_of
from eligibility_audit.use_cases.law_asked import law_asked, law_named
from tests.rules.rosters import law, line, plan, run

DAY = date(2020, 12, 31)
MORE = """
paper_cutoff:
  values:
    - {valid_from: 2020-01-01, value: "1995-01-01", mark: to_verify, source: thử, last_checked: 2026-12-01}
"""
WHOLE = """
paper_cutoff:
  vi: giấy tờ lập trước ngày
  en: papers made before
  values:
    - {valid_from: 2013-06-01, value: "1990-01-01", mark: to_verify, source: thử, last_checked: 2026-12-01}
"""
CORRECTED = """
paper_cutoff:
  values:
    - valid_from: 2013-06-01
      known_from: 2027-03-01
      value: "1998-01-01"
      mark: confirmed
      source: thử
      last_checked: 2027-03-01
"""


def value(folder: Path, day: date = DAY, known_on: date | None = None) -> object:
    with using(Law((law_folder(folder),), known_on)):
        return LawPack.load("agent_orange").value("paper_cutoff", day).value


def test_values_alone_are_added_to_the_parameter_below(tmp_path: Path) -> None:
    folder = law(tmp_path, {"agent_orange/parameters.yaml": MORE})
    assert value(folder) == "1995-01-01"
    assert value(folder, date(2019, 12, 31)) == "2000-01-01"
    assert value(folder, date(2022, 3, 1)) == "2000-01-01", "the installed value of 2022 still follows"


def test_a_whole_parameter_stands_for_the_one_below(tmp_path: Path) -> None:
    folder = law(tmp_path, {"agent_orange/parameters.yaml": WHOLE})
    assert value(folder, date(2022, 3, 1)) == "1990-01-01"


def test_a_correction_is_the_law_from_the_day_it_is_known_here_for_the_days_it_speaks_of(tmp_path: Path) -> None:
    folder = law(tmp_path, {"agent_orange/parameters.yaml": CORRECTED})
    assert value(folder) == "1998-01-01"
    assert value(folder, known_on=date(2027, 3, 1)) == "1998-01-01"
    assert value(folder, known_on=date(2027, 2, 28)) == "2000-01-01"


def test_the_later_folder_is_asked_first(tmp_path: Path) -> None:
    one = law(tmp_path / "a", {"agent_orange/parameters.yaml": WHOLE})
    other = law(tmp_path / "b", {"agent_orange/parameters.yaml": CORRECTED})
    with using(Law((law_folder(one), law_folder(other)))):
        assert LawPack.load("agent_orange").value("paper_cutoff", DAY).value == "1998-01-01"


def test_where_a_value_comes_from_is_told(tmp_path: Path) -> None:
    folder = law(tmp_path, {"agent_orange/parameters.yaml": MORE})
    with using(Law((law_folder(folder),))):
        values = LawPack.load("agent_orange").parameters["paper_cutoff"].values
    assert [v.origin for v in values] == ["", "Luật thử (1)", ""]
    assert [v.known_from for v in values] == [date(2013, 6, 1), date(2026, 12, 1), date(2022, 2, 15)]


def test_what_was_published_before_the_product_is_known_from_the_day_it_is_law() -> None:
    with pytest.raises(LawError, match="01/01/2000"):
        Law(known_on=date(1999, 12, 31))
    with using(Law(known_on=date(2021, 6, 30))):
        assert [v.valid_from.year for v in LawPack.load("social_assistance").parameters["base"].values] == [2015]
    with using(Law(known_on=date(2021, 7, 1))):
        assert [v.valid_from.year for v in LawPack.load("social_assistance").parameters["base"].values] == [2015, 2021]


@pytest.mark.parametrize(
    ("known_on", "later"),
    [
        pytest.param(None, True, id="all that is known: Decree 20/2021 is named as later law"),
        pytest.param(date(2021, 7, 1), True, id="known on its first day"),
        pytest.param(date(2020, 12, 31), False, id="known on 31 December 2020: Decree 20/2021 is not there"),
    ],
)
def test_the_law_as_known_in_2020_does_not_name_what_came_after(known_on: date | None, later: bool) -> None:
    day = date(2020, 12, 31)
    import_rules()
    with using(Law(known_on=known_on)):
        pack = LawPack.load("social_assistance")
        said = {rule.id: pack.basis(rule.basis["social_assistance"], day).vi for rule in rules_of(pack.programme, day)}
    assert said
    assert any("20/2021" in basis for basis in said.values()) is later
    assert all("136/2013" in said[name] for name in ("SA_COEF", "SA_DEAD_CLEAR"))


def test_an_issued_act_is_known_before_it_is_law() -> None:
    """Decree 31/2013 of 9 April 2013, in force from 1 June."""
    with using(Law(known_on=date(2013, 4, 9))):
        assert LawPack.load("agent_orange").citations["nd31.ao"].valid_from == date(2013, 6, 1)
    with using(Law(known_on=date(2013, 4, 8))):
        pack = LawPack.load("agent_orange")
        with pytest.raises(LawError, match="not yet known"):
            pack.cite("nd31.ao", date(2013, 6, 1))


@pytest.mark.parametrize("programme", AUDITED)
@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2021, 12, 31), date(2024, 12, 31), date(2025, 12, 31)])
def test_a_programme_can_be_judged_by_the_law_as_known_on_its_own_day(programme: str, day: date) -> None:
    import_rules()
    with using(Law(known_on=day)):
        pack = LawPack.load(programme)
        known = {rule.id: rule.law(pack, day).day for rule in rules_of(programme, day) if rule.in_force(day)}
        assert known
        assert Acts.load(programme).due("reply", day).day > day
    with using(Law()):
        assert set(known) == {rule.id for rule in rules_of(programme, day) if rule.in_force(day)}


def test_a_parameter_that_was_not_yet_known_says_so(tmp_path: Path) -> None:
    text = WHOLE.replace("paper_cutoff", "new_one").replace("last_checked", "known_from: 2027-01-01, last_checked")
    folder = law(tmp_path, {"agent_orange/parameters.yaml": text})
    with using(Law((law_folder(folder),), date(2026, 12, 31))), pytest.raises(LawError, match="not yet known"):
        LawPack.load("agent_orange").value("new_one", DAY)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param({"agent_orang/parameters.yaml": MORE}, "agent_orange", id="an unknown programme"),
        pytest.param({"agent_orange/amounts.yaml": MORE}, "parameters", id="an unknown file"),
        pytest.param({"agent_orange/parameters.yml": MORE}, "parameters", id="another ending"),
        pytest.param({"parameters.yaml": MORE}, "instruments", id="in the wrong place"),
    ],
)
def test_a_file_that_has_no_place_is_refused_and_the_place_is_named(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    with pytest.raises(LawError, match=said):
        law_folder(law(tmp_path, files))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WHOLE.replace("mark: to_verify", "mark: sure"), id="an unknown mark"),
        pytest.param(WHOLE.replace("valid_from", "from"), id="an unknown key"),
        pytest.param(MORE.replace("paper_cutoff", "no_such"), id="values of nothing"),
        pytest.param("paper_cutoff: [", id="not YAML"),
        pytest.param("- paper_cutoff", id="a list"),
        pytest.param(WHOLE + WHOLE, id="a name twice"),
    ],
)
def test_a_file_that_is_not_in_its_form_is_a_sentence_that_names_it(tmp_path: Path, text: str) -> None:
    folder = law(tmp_path / "tinh", {"agent_orange/parameters.yaml": text})
    with using(Law((law_folder(folder),))), pytest.raises(LawError, match=r"tinh/agent_orange/parameters\.yaml"):
        LawPack.load("agent_orange")


def test_a_folder_without_its_pack_is_told_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="known_from"):
        law_folder(tmp_path)
    with pytest.raises(LawError, match="no such folder"):
        law_folder(tmp_path / "nowhere")


def test_the_law_of_the_settings_and_of_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = law(tmp_path, {"agent_orange/parameters.yaml": MORE})
    monkeypatch.setenv("EA_LAW", str(folder))
    assert [f.pack.version for f in law_asked().folders] == ["1"]
    assert law_asked(date(2026, 12, 5)).known_on == date(2026, 12, 5)
    monkeypatch.setenv("EA_LAW_KNOWN_ON", "2026-12-31")
    assert law_asked(date(2026, 12, 5)).known_on == date(2026, 12, 31)
    assert law_named("installed") == Law()
    assert law_named("known:2026-12-05").known_on == date(2026, 12, 5)
    assert len(law_named(str(folder)).folders) == 2
    with pytest.raises(UsageError, match="known:"):
        law_named("known:soon")


def test_a_run_asks_the_law_of_its_folder_and_writes_it_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = plan(tmp_path / "lists", line(1, papers="Lý lịch (05/05/1997)"), line(2))
    findings, _, before = run(path, tmp_path / "one")
    assert "AO_PAPER_LATE" not in findings["rule_id"].tolist()
    folder = law(tmp_path / "law", {"agent_orange/parameters.yaml": MORE})
    monkeypatch.setenv("EA_LAW", str(folder))
    findings, _, after = run(path, tmp_path / "two")
    assert "AO_PAPER_LATE" in findings["rule_id"].tolist()
    told = after.folder.inputs["law"]
    assert told["folders"] == [{"name": "Luật thử", "version": "1", "sha256": law_folder(folder).digest}]
    assert before.folder.inputs["law"]["folders"] == []
    assert json.dumps(told)
    monkeypatch.setenv("EA_LAW_KNOWN_ON", "2026-11-30")
    findings, _, early = run(path, tmp_path / "three")
    assert "AO_PAPER_LATE" not in findings["rule_id"].tolist()
    assert early.folder.inputs["law"]["known_on"] == "2026-11-30"


def test_the_plan_may_name_the_day_of_knowledge(tmp_path: Path) -> None:
    path = plan(tmp_path, line(1), more="law_known_on: 2026-11-25\n")
    assert run(path, tmp_path / "out")[2].folder.inputs["law"]["known_on"] == "2026-11-25"
    path = plan(tmp_path, line(1, papers="Giấy xác nhận (05/06/2001)"), more="law_known_on: 2020-12-31\n")
    findings = run(path, tmp_path / "known_then")[0]
    assert not findings.empty
    assert not findings["legal_basis"].str.contains("quy định sau này").any()
    path = plan(tmp_path, line(1), more="law_known_on: 1999-12-31\n")
    with pytest.raises(LawError, match="01/01/2000"):
        run(path, tmp_path / "other")


ENDED = """
pl2005:
  vi: Pháp lệnh 26/2005/PL-UBTVQH11
  en: Ordinance 26/2005/PL-UBTVQH11
  valid_from: 2005-10-01
  valid_to: 2019-12-31
  mark: to_verify
  source: thử
  last_checked: 2026-12-01
nd31:
  vi: Nghị định 31/2013/NĐ-CP
  en: Decree 31/2013/NĐ-CP
  valid_from: 2013-06-01
  valid_to: 2019-12-31
  mark: to_verify
  source: thử
  last_checked: 2026-12-01
"""


def test_a_rule_whose_provisions_are_out_of_force_on_the_day_fails_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EA_LAW", str(law(tmp_path / "law", {"instruments.yaml": ENDED})))
    with pytest.raises(LawError, match="31/12/2019") as raised:
        run(plan(tmp_path / "lists", line(1)), tmp_path / "out")
    assert raised.value.exit_code == 2
