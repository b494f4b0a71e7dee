"""The law as data: by date, cited, marked; a value or a provision outside its dates is an error sentence."""

import re
from datetime import date

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from eligibility_audit.domain.cited import LATER_LAW, together
from eligibility_audit.domain.kinds import ROSTERS
from eligibility_audit.errors import LawError
from eligibility_audit.law.files import parse_yaml
from eligibility_audit.rules.parameters import LawPack, Parameter, Provision

PACK = LawPack.load("agent_orange")
IN_2020, IN_2021, IN_2022 = date(2020, 12, 31), date(2021, 12, 31), date(2022, 2, 15)
_INSTRUMENT_NUMBER = re.compile(r"\d+/(?:\d{4}/)?[\w-]+")
CONDITION = ("pl2005.ao", "nd31.ao", "pl2020.29.1", "nd131.53.1")


@pytest.mark.parametrize("programme", ROSTERS)
def test_every_programme_has_its_pack(programme: str) -> None:
    assert LawPack.load(programme).citations


def test_a_value_is_that_of_the_day() -> None:
    amounts = {
        day: PACK.at(day, ["allowances"]).amounts("allowances")["ao_21_40"] for day in (IN_2020, date(2023, 7, 1))
    }
    assert amounts == {IN_2020: 1_234_000, date(2023, 7, 1): 1_562_000}


def test_a_day_before_the_first_value_is_an_error_that_names_parameter_day_and_first_day() -> None:
    with pytest.raises(LawError) as error:
        PACK.at(date(2019, 6, 30), ["allowances"])
    for part in ("allowances", "30/06/2019", "01/07/2019", "2019-06-30", "2019-07-01"):
        assert part in str(error.value)


def test_a_run_of_2020_may_cite_decree_131_only_as_later_law() -> None:
    with pytest.raises(LawError, match="15/02/2022"):
        PACK.cite("nd131.53.1", IN_2020)
    basis = PACK.basis(CONDITION, IN_2020)
    assert [c.key for c in basis.in_force] == ["pl2005.ao", "nd31.ao"]
    assert [c.key for c in basis.later] == ["pl2020.29.1", "nd131.53.1"]
    assert "Quy định sau này: Khoản 1 Điều 29 Pháp lệnh 02/2020/UBTVQH14 (từ 01/07/2021)" in basis.vi


def test_a_basis_says_once_that_articles_are_to_be_checked_and_names_each_instrument_once() -> None:
    assert PACK.basis((*CONDITION, "pl2020.31.1", "lht.death"), IN_2020).vi == (
        "Pháp lệnh 26/2005/PL-UBTVQH11, Nghị định 31/2013/NĐ-CP (điều khoản cần kiểm tra); "
        "Điều 32, Điều 33 (đăng ký khai tử) Luật Hộ tịch 60/2014/QH13. "
        "Quy định sau này: Khoản 1 Điều 29, khoản 1 Điều 31 Pháp lệnh 02/2020/UBTVQH14 (từ 01/07/2021); "
        "Khoản 1 Điều 53 Nghị định 131/2021/NĐ-CP (từ 15/02/2022)"
    )


def test_bases_of_several_findings_are_brought_together_without_repetition() -> None:
    one, two = PACK.basis(CONDITION, IN_2020).vi, PACK.basis(("pl2005.ao", "tt05.ao", "pl2020.31.1"), IN_2020).vi
    assert together([one, two, one]) == (
        "Pháp lệnh 26/2005/PL-UBTVQH11, Nghị định 31/2013/NĐ-CP, Thông tư 05/2013/TT-BLĐTBXH "
        "(điều khoản cần kiểm tra). Quy định sau này: Khoản 1 Điều 29, khoản 1 Điều 31 Pháp lệnh 02/2020/UBTVQH14 "
        "(từ 01/07/2021); Khoản 1 Điều 53 Nghị định 131/2021/NĐ-CP (từ 15/02/2022)"
    )


@pytest.mark.parametrize("day", [IN_2020, IN_2021, IN_2022])
def test_no_basis_says_a_thing_twice_and_none_loses_an_instrument(day: date) -> None:
    for programme in ("agent_orange", "merit_other", "social_assistance", "covid_relief"):
        pack = LawPack.load(programme)
        basis = pack.basis(tuple(pack.citations), day)
        assert together([basis.vi]) == basis.vi
        now, _, later = basis.vi.partition(LATER_LAW)
        assert max(part.count("điều khoản cần kiểm tra") for part in (now, later)) <= 1
        for citations, part in ((basis.in_force, now), (basis.later, later)):
            assert all(found[0] in part for c in citations if (found := _INSTRUMENT_NUMBER.search(c.short_vi)))


def test_between_the_ordinance_and_its_decree_the_old_decree_still_holds() -> None:
    assert [c.key for c in PACK.basis(CONDITION, IN_2021).in_force] == ["nd31.ao", "pl2020.29.1"]


def test_from_february_2022_the_new_law_alone_is_cited() -> None:
    basis = PACK.basis(CONDITION, IN_2022)
    assert [c.key for c in basis.in_force] == ["pl2020.29.1", "nd131.53.1"]
    assert "Quy định sau này" not in basis.vi
    assert basis.mark == "confirmed"


def test_the_mark_is_the_weakest_of_what_is_in_force() -> None:
    assert PACK.basis(CONDITION, IN_2020).mark == "to_verify"


def test_no_provision_in_force_at_all_is_an_error() -> None:
    with pytest.raises(LawError, match="pl2020"):
        PACK.basis(("pl2020.29.1", "nd131.53.1"), IN_2020)


def test_unknown_parameters_and_citations_are_named() -> None:
    with pytest.raises(LawError, match="no_such"):
        PACK.value("no_such", IN_2020)
    with pytest.raises(LawError, match="no_such"):
        PACK.cite("no_such", IN_2020)


def test_recalled_law_is_never_marked_confirmed() -> None:
    for programme in ROSTERS:
        pack = LawPack.load(programme)
        for citation in pack.citations.values():
            assert citation.mark != "confirmed" or "nhớ lại" not in citation.source
        for parameter in pack.parameters.values():
            assert all(value.mark != "confirmed" or "nhớ lại" not in value.source for value in parameter.values)


def test_before_july_2021_no_citation_of_agent_orange_is_confirmed() -> None:
    in_force = [c for c in PACK.citations.values() if c.in_force(IN_2020) and c.key != "own_reply_time"]
    assert in_force
    assert all(c.mark != "confirmed" for c in in_force)


@pytest.mark.parametrize("text", ["on", "off", "yes", "no", "012", "1:30"])
def test_the_traps_of_yaml_stay_text(text: str) -> None:
    assert parse_yaml(f"{text}: {text}") == {text: text}


def test_a_repeated_key_is_an_error() -> None:
    with pytest.raises(yaml.YAMLError, match="repeated key"):
        parse_yaml("a: 1\na: 2")


VALUE = {
    "valid_from": date(2020, 1, 1),
    "value": 1,
    "mark": "to_verify",
    "source": "x",
    "last_checked": date(2026, 1, 1),
}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"mark": "sure"}, id="an unknown mark"),
        pytest.param({"source": ""}, id="no source"),
        pytest.param({"surprise": 1}, id="an unknown key"),
        pytest.param({"valid_from": "soon"}, id="no date"),
    ],
)
def test_a_value_out_of_form_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Parameter).validate_python({"vi": "a", "en": "a", "values": [{**VALUE, **change}]})


def test_values_may_not_overlap() -> None:
    twice = {"vi": "a", "en": "a", "values": [VALUE, VALUE]}
    with pytest.raises(ValidationError, match="overlaps"):
        TypeAdapter(Parameter).validate_python(twice)


def test_a_provision_says_when_it_was_last_checked() -> None:
    with pytest.raises(ValidationError, match="last_checked"):
        TypeAdapter(Provision).validate_python({"vi": "a", "en": "a", "mark": "confirmed", "source": "x"})
