"""What speaks against a proposal on its own records, looked up anew for the page: the proposal itself may be wrong.

Nothing here is taken from the rules' own words: a namesake, a number that others hold, a law of another day and a
registration that was cancelled are seen in the frozen records, whatever the finding says of them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from eligibility_audit.domain.cited import LATER_LAW
from eligibility_audit.domain.words import LAW_MARK_VI
from eligibility_audit.rules.facts.text import says
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.standardise.names import fold

_NUMBER: Final = re.compile(r"\d+/\d{4}/[A-ZĐ][\w-]*")
_LIKELY: Final = 0.5


@dataclass(frozen=True)
class Caution:
    """Something to look at before a decision: its kind (`death_cancelled`, `differs`, `id_shared`, `law`), in words."""

    kind: str
    vi: str
    en: str


def cautions(programme: str, frozen: Mapping[str, Any], today: date) -> tuple[Caution, ...]:
    """What a careful officer looks at first, of a dossier as `case_page` gives it; the gravest first, none twice.

    The day of the review is the run's, where it was frozen; else `today`.
    """
    day = date.fromisoformat(str(frozen["as_of"])) if frozen.get("as_of") else today
    record = frozen.get("record") or {}
    others = _relied_on(frozen)
    found = [
        *(caution for other in others for caution in _cancelled(programme, day, other)),
        *(caution for other in others for caution in _differs(record, other)),
        *_shared(record, frozen.get("others") or ()),
        *_law(programme, day, frozen),
    ]
    return tuple(dict.fromkeys(found))


def _relied_on(frozen: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The lines of other lists that the findings speak of; where they name none, the likeliest."""
    others = list(frozen.get("others") or ())
    texts = [str(finding.get("evidence") or "[]") for finding in frozen.get("findings") or ()]
    cited = {
        (item.get("file") or "", item.get("sheet") or "", int(item["row"]))
        for text in texts
        for item in json.loads(text)
        if item.get("row")
    }
    named = [other for other in others if (other["file"], other["sheet"] or "", other["row"]) in cited]
    return named or [other for other in others[:1] if other.get("probability", 0) >= _LIKELY]


def _where(other: Mapping[str, Any]) -> str:
    sheet = f", {other['sheet']}" if other.get("sheet") else ""
    return f"{other['file']}{sheet}, dòng {other['row']}"


def _cancelled(programme: str, day: date, other: Mapping[str, Any]) -> Iterator[Caution]:
    line = other["record"]
    note = str(line.get("note") or "")
    if note and line.get("kind") == "deaths" and says(note, _words_of_cancelling(programme, day)):
        yield Caution(
            "death_cancelled",
            f"Sổ khai tử ghi: “{note}” ({_where(other)}): việc đăng ký này không còn là bằng chứng đã chết.",
            "The registration of the death is noted as cancelled or mistaken: it proves no death.",
        )


@cache
def _words_of_cancelling(programme: str, day: date) -> tuple[str, ...]:
    return tuple(LawPack.load(programme).at(day, ("death_cancelled",)).words("death_cancelled"))


_FIELDS: Final = {"date_of_birth": ("ngày sinh", "birth date"), "sex": ("giới tính", "sex")}


def _differs(record: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Caution]:
    line = other["record"]
    differing = [
        told for name, told in _FIELDS.items() if _contradict(str(record.get(name) or ""), str(line.get(name) or ""))
    ]
    if record.get("name") and line.get("name") and not _is_same_name(str(record["name"]), str(line["name"])):
        differing.insert(0, ("họ tên", "name"))
    if other.get("ids") == "different":
        differing.append(("số định danh", "national id"))
    if differing:
        vi, en = (", ".join(each) for each in zip(*differing, strict=True))
        yield Caution(
            "differs",
            f"Dòng được dẫn ({_where(other)}) khác {vi}: có thể là người khác.",
            f"The line relied on differs in {en}: it may be another person.",
        )


def _contradict(one: str, other: str) -> bool:
    """Both are known, and neither is the other known less exactly (1949 and 1949-10-04)."""
    return bool(one and other) and not one.startswith(other) and not other.startswith(one)


def _is_same_name(one: str, other: str) -> bool:
    return fold(one) == fold(other)


def _shared(record: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> Iterator[Caution]:
    name = fold(str(record.get("name") or ""))
    holders = [
        other
        for other in others
        if other.get("ids") == "same" and other["record"].get("name") and fold(str(other["record"]["name"])) != name
    ]
    if holders:
        where = "; ".join(_where(other) for other in holders[:3])
        yield Caution(
            "id_shared",
            f"Số định danh này còn ghi cho người tên khác ({where}): trùng số không phải là trùng người.",
            "Somebody of another name holds this number, too: one number is not one person.",
        )


def _law(programme: str, day: date, frozen: Mapping[str, Any]) -> Iterator[Caution]:
    texts = [str(finding.get("legal_basis") or "") for finding in frozen.get("findings") or ()]
    cited = {number for text in texts for number in _NUMBER.findall(text.partition(LATER_LAW)[0])}
    for number in sorted(cited):
        spans = _acts(programme).get(number, ())  # of an unknown act nothing is said
        if spans and all(first > day for first, _ in spans):
            yield Caution(
                "law",
                f"Văn bản {number} không có hiệu lực ngày xét {day:%d/%m/%Y}: không làm căn cứ được.",
                f"{number} was not in force on the day of the review: it cannot be the basis.",
            )
        elif spans and not any(first <= day and (last is None or day <= last) for first, last in spans):
            yield Caution(
                "law",
                f"Văn bản {number} đã hết hiệu lực trước ngày xét {day:%d/%m/%Y}: chỉ là căn cứ cho việc của thời gian "
                "còn hiệu lực; xem ngày bắt đầu hưởng.",
                f"{number} had ended by the day of the review: it is a basis for its own time alone.",
            )
    marks = {str(finding.get("law_mark") or "") for finding in frozen.get("findings") or ()} - {"confirmed", ""}
    for mark in sorted(marks):
        said = f"{LAW_MARK_VI[mark]}." if mark in LAW_MARK_VI else "Căn cứ pháp lý cần kiểm tra trước khi ký."
        yield Caution("law", said, "The law is to be verified before anything is signed.")


@cache
def _acts(programme: str) -> Mapping[str, tuple[tuple[date, date | None], ...]]:
    found: dict[str, list[tuple[date, date | None]]] = {}
    for citation in LawPack.load(programme).citations.values():
        for number in _NUMBER.findall(citation.short_vi):
            found.setdefault(number, []).append((citation.valid_from, citation.valid_to))
    return {number: tuple(spans) for number, spans in found.items()}
