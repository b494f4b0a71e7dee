"""An inspection conclusion as data: its head, the numbers its body states, the chain of mandates down to each unit.

The persons stand in the annex workbook (`inspection_findings`); one small YAML file a conclusion says what no annex
says. It is strict, as the plan is. What an office finds out comes back as an `Outcome`, a line at a time.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, NoReturn, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from rapidfuzz import process

from eligibility_audit.errors import UsageError

Day: TypeAlias = datetime.date
Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Count = Annotated[int, Field(ge=0)]
Level = Literal["party", "plan", "task", "unit"]  # a chain goes down this order; units may stand under units
StateName = Literal["to_review", "reviewed", "cleared", "signs_recorded", "stopped", "under_complaint", "not_found"]

LOOK: Final = "XEM LẠI"  # written where a person has to fill something in
LEVEL_VI: Final = {"party": "Kết luận của cấp ủy", "plan": "Kế hoạch", "task": "Nhiệm vụ", "unit": "Đơn vị thực hiện"}


@dataclass(frozen=True)
class State:
    """Where an obligation stands. `is_open`: it can be overdue. `needs_document`: not taken without its number, day."""

    vi: str
    en: str
    is_open: bool
    needs_document: bool = False
    also: tuple[str, ...] = ()  # other words of offices for it


STATES: Final[dict[str, State]] = {
    "to_review": State("chưa rà soát", "to review", is_open=True, also=("chưa làm",)),
    "reviewed": State("đã rà soát (chưa có kết quả)", "reviewed, no result yet", is_open=True, also=("đã rà soát",)),
    "cleared": State(
        "đã xác minh: hồ sơ đúng", "cleared", is_open=False, also=("đã xác minh", "hồ sơ đúng", "giữ nguyên")
    ),
    "signs_recorded": State(
        "đã ghi nhận dấu hiệu (có văn bản)",
        "signs recorded, with a document",
        is_open=True,
        needs_document=True,
        also=("đã ghi nhận dấu hiệu",),
    ),
    "stopped": State(
        "đã có quyết định dừng hoặc chấm dứt",
        "stopped by a decision",
        is_open=False,
        needs_document=True,
        also=("đã dừng", "đã có quyết định dừng", "đã chấm dứt"),
    ),
    "under_complaint": State("đang giải quyết khiếu nại", "under complaint", is_open=False, also=("đang khiếu nại",)),
    "not_found": State("chưa tìm thấy người", "not found", is_open=True, also=("không tìm thấy",)),
}

# What a conclusion requires for a file. The words of annexes for each: law/common/parameters_conclusions.yaml.
HANDLINGS: Final[dict[str, tuple[str, str]]] = {
    "field_check": ("thực chứng lại", "look at the person again"),
    "medical_exam": ("giám định lại", "medical examination again"),
    "paper_exam": ("giám định giấy tờ, tài liệu", "forensic examination of papers"),
    "decode_unit": ("giải mã phiên hiệu đơn vị", "decode the unit"),
    "papers": ("bổ sung giấy tờ", "ask for papers"),
    "verify": ("kiểm tra, xác minh, rà soát lại", "check, verify, review again"),
    "suspend": ("tạm dừng chi trả", "suspend"),
    "stop": ("dừng trợ cấp", "stop the allowance"),
    "terminate": ("chấm dứt hưởng", "terminate"),
    "revoke": ("thu hồi quyết định, giấy chứng nhận", "revoke the decision or certificate"),
    "recover": ("thu hồi số tiền đã hưởng", "recover what was paid"),
    "adjust": ("điều chỉnh mức hưởng", "adjust the allowance"),
    "arrears": ("chi trả phần còn thiếu", "pay what is owed to the person"),
    "keep": ("giữ nguyên chế độ", "keep the allowance"),
    "refer": ("chuyển cơ quan có thẩm quyền", "refer to another body"),
    "account": ("kiểm điểm trách nhiệm của cán bộ", "account of the officers responsible"),
    "by_law": ("xem xét, xử lý theo quy định", "handle by the rules"),
    "report": ("báo cáo kết quả", "report"),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Dated(_Strict):
    @field_validator("date", "due", mode="before", check_fields=False)
    @classmethod
    def _a_day(cls, value: object) -> object:
        if isinstance(value, bool | int | float):
            raise ValueError("một ngày ghi như 2019-09-10 / a day is written 2019-09-10")  # noqa: TRY004 - pydantic turns ValueErrors into messages
        return as_day(value) if isinstance(value, str) else value


class StatedFinding(_Strict):
    """What the body of a conclusion states of a group of files: its number, and the sentence that says so.

    `group`: as the annex calls it. `handling`: words as in the conclusion.
    """

    group: Text
    stated: Count | None = None
    quoted: str = ""
    handling: tuple[Text, ...] = ()


class Mandate(_Dated):
    """A document that hands the work down, and what stands under it. A unit's document may be its parent's.

    `groups`: the groups of findings it is for; none means all. `due`: where it has none, the nearest one above holds.
    """

    level: Level
    number: Text | None = None
    date: Day | None = None
    body: Text | None = None
    subject: str = ""
    unit: Text | None = None
    district: Text | None = None  # of a unit that is a commune
    groups: tuple[Text, ...] = ()
    due: Day | None = None
    under: tuple["Mandate", ...] = ()

    @model_validator(mode="after")
    def _named(self) -> "Mandate":
        if self.level == "unit":
            if self.unit is None:
                raise ValueError("cấp `unit` phải nêu tên đơn vị (`unit`) / a mandate of level `unit` names its `unit`")
        elif self.number is None or self.date is None or self.body is None:
            raise ValueError(
                f"cấp `{self.level}` phải có / a mandate of level `{self.level}` has `number`, `date`, `body`"
            )
        if self.date and self.due and self.due < self.date:
            raise ValueError(
                f"hạn trước ngày của văn bản / `due` {self.due} is before the document's own day {self.date}"
            )
        order = get_args(Level)
        for below in self.under:
            down = order.index(below.level) - order.index(self.level)
            if down < 0 or (down == 0 and self.level != "unit"):
                raise ValueError(
                    f"`{below.level}` không đứng dưới / cannot stand under `{self.level}`; thứ tự / the order: "
                    f"{', '.join(order)}"
                )
        return self


class Reporting(_Strict):
    """Who reports to whom: for the head and foot of the implementation report."""

    parent_agency: str = ""
    agency: str = ""
    place: str = ""
    to: tuple[Text, ...] = ()
    copies: tuple[Text, ...] = ()
    signer_title: str = ""
    signer_name: str = ""


class Conclusion(_Dated):
    """The head of an inspection conclusion, what its body states, and the mandates that carry it out.

    `also_written`: other ways in which annexes write its number. `changes`: numbers of earlier conclusions of which it
    changes findings. `outcomes`: files with what was found out, relative to this file; patterns are allowed.
    """

    number: Text
    date: Day
    body: Text
    subject: Text
    also_written: tuple[Text, ...] = ()
    changes: tuple[Text, ...] = ()
    stated: Count | None = None
    findings: tuple[StatedFinding, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    outcomes: tuple[Text, ...] = ()
    reporting: Reporting = Field(default_factory=Reporting)

    @model_validator(mode="after")
    def _consistent(self) -> "Conclusion":
        unsaid = [name for name in ("body", "subject") if getattr(self, name).startswith(LOOK)]
        if unsaid:
            raise ValueError(f"`{'`, `'.join(unsaid)}` vẫn ghi {LOOK}: hãy điền / still to be filled in")
        for chain in chains(self.mandates):
            said = chain[-1].date
            if said and said < self.date:
                raise ValueError(
                    f"văn bản giao việc ngày {said} trước ngày kết luận {self.date} / before the conclusion itself"
                )
        groups = [finding.group.casefold().strip() for finding in self.findings]
        twice = {group for group in groups if groups.count(group) > 1}
        if twice:
            raise ValueError(f"`findings` nêu một nhóm hai lần / name a group twice: {', '.join(sorted(twice))}")
        if self.number in self.changes:
            raise ValueError("một kết luận không tự thay đổi mình / a conclusion does not change itself")
        return self


def chains(mandates: Iterable[Mandate], above: tuple[Mandate, ...] = ()) -> Iterator[tuple[Mandate, ...]]:
    """Every mandate with those above it, top first, in the order written."""
    for mandate in mandates:
        chain = (*above, mandate)
        yield chain
        yield from chains(mandate.under, chain)


def due_of(chain: tuple[Mandate, ...]) -> Day | None:
    """The due day of the lowest mandate of a chain that has one."""
    return next((mandate.due for mandate in reversed(chain) if mandate.due), None)


@dataclass(frozen=True)
class Outcome:
    """What an office found out of one line: by whom, on which day, by which document. `place`: file and row."""

    obligation_id: str
    state: str
    on: Day
    by: str
    document_no: str = ""
    document_date: Day | None = None
    note: str = ""
    conclusion_no: str = ""
    dossier_no: str = ""
    name: str = ""
    place: str = ""


# Columns of a filled ledger, by their names in the CSV and in the workbook.
FILLED: Final = {
    "obligation_id": "Mã dòng",
    "result_state": "Kết quả",
    "result_on": "Ngày có kết quả",
    "result_by": "Người ghi",
    "result_document_no": "Số văn bản",
    "result_document_date": "Ngày văn bản",
    "result_note": "Ghi chú kết quả",
    "conclusion_no": "Kết luận",
    "dossier_no": "Số hồ sơ",
    "name": "Họ và tên",
}
_RESULTS: Final = tuple(name for name in FILLED if name.startswith("result_"))
_NOT_A_PERSON: Final = re.compile(r"hệ thống|he thong|máy|may|phần mềm|system|auto\w*|admin|robot|bot", re.IGNORECASE)
_ID: Final = re.compile(r"o-[0-9a-f]{20}")


def parse_outcome(row: Mapping[str, str], place: str) -> Outcome | None:
    """One row of a filled ledger; None where nothing was filled in. Texts may be missing.

    Raises UsageError: a state that is none, no person who says so, no day, or no document where the state needs one.
    """
    cells = {name: (row.get(name) or "").strip() for name in FILLED}
    if not any(cells[name] for name in _RESULTS):
        return None
    state = state_of(cells["result_state"])
    if state is None:
        known = "; ".join(f"{code} ({found.vi})" for code, found in STATES.items())
        _refuse(place, f"“{cells['result_state']}” không phải là kết quả", f"this is no state; known are: {known}")
    if not _ID.fullmatch(cells["obligation_id"]):
        _refuse(place, "thiếu mã dòng (o-…); chép lại từ sổ theo dõi", "the line's code (o-…) is missing")
    person = cells["result_by"]
    if not re.search(r"[^\W\d]{2}", person) or _NOT_A_PERSON.fullmatch(person):
        _refuse(
            place, "thiếu tên người ghi kết quả (không phải phần mềm)", "who found it out, a person's name, is missing"
        )
    day = _day_in(cells["result_on"], place, "ngày có kết quả", "the day of the result")
    if day is None:
        _refuse(place, "thiếu ngày có kết quả", "the day of the result is missing")
    document_day = _day_in(cells["result_document_date"], place, "ngày văn bản", "the document's day")
    if STATES[state].needs_document and not (re.search(r"\d", cells["result_document_no"]) and document_day):
        _refuse(
            place,
            f"kết quả “{STATES[state].vi}” phải có số và ngày văn bản",
            f"`{state}` needs the document's number and day",
        )
    if document_day and document_day > day:
        _refuse(place, "ngày văn bản sau ngày có kết quả", "the document's day is after the day of the result")
    return Outcome(
        obligation_id=cells["obligation_id"],
        state=state,
        on=day,
        by=person,
        document_no=cells["result_document_no"],
        document_date=document_day,
        note=cells["result_note"],
        conclusion_no=cells["conclusion_no"],
        dossier_no=cells["dossier_no"],
        name=cells["name"],
        place=place,
    )


def _refuse(place: str, vi: str, en: str) -> NoReturn:
    raise UsageError(f"{place}: {vi} / {en}")


def _day_in(text: str, place: str, vi: str, en: str) -> Day | None:
    if not text:
        return None
    try:
        return as_day(text)
    except ValueError:
        _refuse(place, f"{vi} “{text}” không phải là một ngày như 10/09/2019", f"{en} is not a day")


def state_of(text: str) -> str | None:
    """The state that a code or Vietnamese words name; None where there is none."""
    wanted = " ".join(text.casefold().split())
    for code, state in STATES.items():
        if wanted in {code, state.vi, state.en, *state.also}:
            return code
    return None


def as_day(text: str) -> Day:
    """A day as 2019-09-10 or 10/9/2019 (also with dots or dashes). Raises ValueError for anything else."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?", text.strip())
    if found:
        return Day(int(found[1]), int(found[2]), int(found[3]))
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text.strip())
    if not found:
        raise ValueError(f"“{text}” không phải là một ngày như 2019-09-10 / is not a day such as 2019-09-10")
    return Day(int(found[3]), int(found[2]), int(found[1]))


def parse_conclusion(content: object, where: str) -> Conclusion:
    """Check a loaded YAML document; raise UsageError with one sentence a fault, each naming the key."""
    if not isinstance(content, dict):
        raise UsageError(
            f"{where}: tệp kết luận phải là các cặp khóa: giá trị (number, date, body, subject) / "
            "a conclusion is a mapping with number, date, body and subject"
        )
    try:
        return Conclusion.model_validate(content)
    except ValidationError as error:
        faults = "\n".join(f"  - {_sentence(fault)}" for fault in error.errors(include_url=False))
        raise UsageError(f"{where}: tệp kết luận có lỗi / the conclusion has faults:\n{faults}") from None


def conclusion_schema() -> dict[str, Any]:
    """The JSON Schema of a conclusion's file, for editors."""
    return Conclusion.model_json_schema() | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


_MODELS: Final[dict[str, type[_Strict]]] = {
    "findings": StatedFinding,
    "mandates": Mandate,
    "under": Mandate,
    "reporting": Reporting,
}


def _sentence(fault: Mapping[str, Any]) -> str:
    steps = [str(step) for step in fault["loc"]]
    place = ".".join(steps) or "conclusion"
    if fault["type"] == "extra_forbidden":
        holders = [step for step in steps[:-1] if step in _MODELS]
        known = (_MODELS[holders[-1]] if holders else Conclusion).model_fields
        best = process.extractOne(steps[-1], list(known), score_cutoff=60)
        near = f"; gần nhất / the nearest is `{best[0]}`" if best else f"; có / known are: {', '.join(known)}"
        return f"{place}: khóa lạ / unknown key{near}"
    if fault["type"] == "missing":
        return f"{place}: thiếu / is missing; write it"
    return f"{place}: {str(fault['msg']).removeprefix('Value error, ')}"
