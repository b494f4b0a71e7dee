"""What a line of people with merit says against itself: a note of death, dates in no order, a rate that cannot be."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import pandas as pd

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.three_valued import Truth, lt
from eligibility_audit.rules.changes import answered, would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.plain_words import plain_words
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import Column, dated, number, quoted

PROGRAMMES: Final = ("agent_orange", "merit_other")
IDENTITY: Final = ("nd137.id", "nd31.identity", "nd131.130")
_BEHIND: Final = r"(?:\s*[:,]?\s*(?:(?:vào |từ )?(?:ngày|tháng|năm|lúc)\s*)?\d.*)?[.\s]*$"
_MISWRITTEN: Final = ("Một ngày có thể ghi sai.", "A date may be written wrongly.")


@rule(
    id="NCC_NOTE_DIED",
    programmes=PROGRAMMES,
    basis=("pl2005.death", "nd31.death", "nd131.122"),
    parameters="died_words",
    reads=("note",),
    ground="death_signal",
    tier="C",
    false_is="undetermined",
    title_vi="Ghi chú trên danh sách cho biết người hưởng đã chết",
    title_en="A note on the list says that the person died",
    condition_vi="Người hưởng còn sống.",
    simplifications=(
        "Chỉ khi ghi chú bắt đầu bằng lời đó và không nói về cha, mẹ, vợ, con. / "
        "Only where the note begins with such a word, and speaks of no relative.",
    ),
)
def note_says_nothing_of_death(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Not so where the note is a word for death, perhaps with a date; else NA: a list proves nobody alive."""
    said = _says_died(cases["note"], law.words("died_words"))
    return (~said).mask(~said)


@note_says_nothing_of_death.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    said = plain_words(
        cases,
        "Ghi chú trên danh sách: " + quoted(cases["note"]),
        "The note on the list: " + quoted(cases["note"]),
        asks=("; cần xã xác nhận tình trạng còn sống.", "; the commune is to confirm whether the person lives."),
        against=("Ghi chú có thể nói về người khác.", "The note may be about another person."),
    )
    return said.assign(stop_allowed=False)


@rule(
    id="NCC_DECISION_LATER",
    programmes=PROGRAMMES,
    basis=IDENTITY,
    reads=("decision_date",),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Quyết định ghi ngày sau ngày rà soát",
    title_en="A decision dated after the day of the review",
    condition_vi="Ngày quyết định không sau ngày rà soát.",
)
def is_decided_by_now(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the decision, at its earliest, is not after the day of the review."""
    return ~lt(pd.Series(day_number(law.day), index=cases.index), cases["decision_date_first"])


@is_decided_by_now.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    day = dated(cases["decision_date"])
    return plain_words(
        cases,
        "Danh sách ghi quyết định ngày " + day + f", sau ngày rà soát {law.day:%d/%m/%Y}",
        "The list gives a decision of " + day + f", after the day of the review {law.day}",
        against=_MISWRITTEN,
    )


@rule(
    id="NCC_DECISION_BEFORE_BIRTH",
    programmes=PROGRAMMES,
    basis=IDENTITY,
    reads=("date_of_birth", "decision_date"),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Quyết định ghi ngày trước ngày sinh",
    title_en="A decision dated before the birth",
    condition_vi="Ngày quyết định không trước ngày sinh.",
)
def is_decided_after_birth(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the decision, at its latest, is not before the birth, at its earliest."""
    return ~lt(cases["decision_date_last"], cases["date_of_birth_first"])


@is_decided_after_birth.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    day, born = dated(cases["decision_date"]), dated(cases["date_of_birth"])
    return plain_words(
        cases,
        "Danh sách ghi sinh " + born + ", quyết định ngày " + day,
        "The list gives the birth as " + born + ", the decision of " + day,
        against=_MISWRITTEN,
    )


@rule(
    id="NCC_PERCENT_OUTSIDE",
    programmes=PROGRAMMES,
    basis=IDENTITY,
    reads=("percent",),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Tỷ lệ tổn thương cơ thể ngoài khoảng 0–100",
    title_en="A rate of injury outside 0 to 100",
    condition_vi="Tỷ lệ tổn thương cơ thể từ 0 đến 100.",
)
def rate_is_a_percentage(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the rate lies from 0 to 100."""
    return ((cases["percent"] >= 0) & (cases["percent"] <= 100)).astype("boolean")


@rate_is_a_percentage.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    rate = number(cases["percent"])
    return plain_words(
        cases,
        "Danh sách ghi tỷ lệ " + rate + " %",
        "The list gives a rate of " + rate + " %",
        against=("Có thể ghi nhầm cột.", "It may be in the wrong column."),
    )


@rule(
    id="NCC_DECIDER",
    programmes=PROGRAMMES,
    basis=IDENTITY,
    parameters="deciders_without_power",
    day="granting",
    reads=("decision_no", "decision_date"),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Ký hiệu quyết định là của cơ quan không có thẩm quyền vào ngày đó",
    title_en="The decision's symbol is that of a body without power on that day",
    condition_vi="Cơ quan ghi trong ký hiệu có thẩm quyền quyết định vào ngày của quyết định.",
    simplifications=(
        "Chỉ xét ký hiệu chắc chắn không phải; hồ sơ của quân đội, công an không xét. / "
        "Only symbols that plainly are not; files of the army and the police are not looked at.",
    ),
)
def body_had_the_power(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Not so where the symbol names a body of the list of the day; else NA, as where the decision has no day."""
    without = {_plain(word) for word in law.words("deciders_without_power")}
    codes, distinct = pd.factorize(cases["decision_no"])
    found = [bool(without.intersection(re.split(r"[/\-–\s.]+", _plain(str(text))))) for text in distinct]
    said = pd.Series(pd.array([*found, False], dtype="boolean").take(codes), index=cases.index)
    said &= cases["decision_date_last"].notna()
    return (~said).mask(~said)


@body_had_the_power.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    symbol, day = quoted(cases["decision_no"]), dated(cases["decision_date"])
    return plain_words(
        cases,
        "Quyết định ghi " + symbol + (" ngày " + day).where(day != "", ""),
        "The decision is given as " + symbol + (" of " + day).where(day != "", ""),
        asks=("; cần kiểm tra cơ quan ký.", "; who signed it is to be checked."),
        against=("Ký hiệu hoặc ngày có thể ghi sai.", "The symbol or the date may be written wrongly."),
    )


def _says_died(notes: Column, words: Sequence[str]) -> Truth:
    """Whether a note is one of the words, perhaps with a date behind it; False where it is null."""
    first = "|".join(sorted((re.escape(_lower(word)) for word in words), key=len, reverse=True))
    pattern = re.compile(rf"(?:{first}){_BEHIND}")
    codes, distinct = pd.factorize(notes)
    found = [pattern.match(_lower(str(text).strip())) is not None for text in distinct]
    return pd.Series(pd.array([*found, False], dtype="boolean").take(codes), index=notes.index)


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _plain(symbol: str) -> str:
    return unicodedata.normalize("NFC", symbol).upper()


answered(
    note_says_nothing_of_death,
    "office",
    "note",
    vi="xã đến gặp, xác nhận người hưởng còn sống",
    en="the commune met the person alive",
)
would_be(
    is_decided_by_now,
    "office",
    vi="quyết định trong hồ sơ ghi ngày không sau ngày rà soát",
    en="the decision on file is not dated after the day of the review",
    decision_date=lambda cases, law: law.day.isoformat(),
)
would_be(
    is_decided_after_birth,
    "office",
    vi="quyết định trong hồ sơ ghi ngày sau ngày sinh",
    en="the decision on file is dated after the birth",
    decision_date=lambda cases, law: law.day.isoformat(),
)
answered(
    rate_is_a_percentage,
    "entry",
    "percent",
    vi="tỷ lệ ghi nhầm cột; tỷ lệ lấy theo biên bản giám định",
    en="the rate is in the wrong column; it is taken from the board's minutes",
)
answered(
    body_had_the_power,
    "office",
    "decision_no",
    vi="quyết định trong hồ sơ do cơ quan có thẩm quyền ký",
    en="the decision on file was signed by a body with the power",
)
