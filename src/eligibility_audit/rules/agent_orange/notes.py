"""What the list itself says of a case that is not recognised, or of a person who is away."""

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.agent_orange.vocabulary import says_any, states_any
from eligibility_audit.rules.changes import answered
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.plain_words import plain_words
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import quoted, text


@rule(
    id="AO_NOTE_EXCLUDED",
    programmes=("agent_orange",),
    basis=("qd26.ao", "pl2005.excluded", "pl2020.53.1"),
    parameters="excluded_words",
    day="granting",
    reads=("claim", "note", "papers"),
    ground="doubt",
    tier="B",
    false_is="undetermined",
    title_vi="Danh sách có lời ghi về trường hợp không xem xét công nhận",
    title_en="The list has words on a case that is not recognised",
    condition_vi="Không thuộc trường hợp không xem xét công nhận người có công.",
    simplifications=(
        "Theo lời ghi trên danh sách; lý do thật ở hồ sơ gốc. / By the words on the list; the file tells the reason.",
    ),
)
def is_not_excluded(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Not so where the note or the papers of a veteran name such a case; else NA: the list cannot prove it."""
    words = law.words("excluded_words")
    said = states_any(cases["note"], words) | states_any(cases["papers"], words)
    of_veteran = (said & (cases["claim"] == "veteran").fillna(False)).astype("boolean")
    return (~of_veteran).mask(~of_veteran)


@is_not_excluded.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    in_note = states_any(cases["note"], law.words("excluded_words"))
    cell = text(cases["note"]).where(in_note, text(cases["papers"]))
    return plain_words(
        cases,
        "Danh sách ghi " + quoted(cell),
        "The list says " + quoted(cell),
        against=("Lời ghi có thể nói về việc khác.", "The words may be about something else."),
    )


@rule(
    id="AO_NOTE_ABSENT",
    programmes=("agent_orange",),
    basis=("qd26.ao", "pl2005.excluded", "pl2020.54"),
    parameters="absent_words",
    reads=("note",),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Ghi chú về chấp hành án, xuất cảnh hoặc mất tích",
    title_en="A note on prison, an exit or a missing person",
    condition_vi="Không đang chấp hành hình phạt tù, xuất cảnh trái phép hoặc mất tích.",
    simplifications=(
        "Chỉ đề nghị tìm bản án hoặc kết luận; không đề xuất dừng. / Asks for the judgment; proposes no stop.",
    ),
)
def is_not_away(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Not so where the note says prison, illegal exit or missing, and not that it is over; else NA."""
    words = law.lists("absent_words")
    said = states_any(cases["note"], words["absent"]) & ~says_any(cases["note"], words["over"])
    return (~said).mask(~said)


@is_not_away.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    return plain_words(
        cases,
        "Ghi chú trên danh sách: " + quoted(cases["note"]),
        "The note on the list: " + quoted(cases["note"]),
        asks=("; cần bản án hoặc kết luận của cơ quan có thẩm quyền.", "; the judgment or conclusion is needed."),
        against=("Có thể đã hết, hoặc nói về người khác.", "It may be over, or about another person."),
    )


answered(
    is_not_excluded,
    "office",
    "note",
    "papers",
    vi="hồ sơ gốc cho thấy không thuộc trường hợp đó",
    en="the original file shows that it is no such case",
)
answered(
    is_not_away,
    "office",
    "note",
    vi="văn bản cho thấy đã chấp hành xong, đã trở về, hoặc là người khác",
    en="a document shows that it is over, that the person is back, or that it is another person",
)
