"""Templates, and how values are written for people: days, money, what differs between two texts."""

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from difflib import SequenceMatcher
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from eligibility_audit.domain.dates import VIETNAM
from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.review.people import ROLE_VI
from eligibility_audit.domain.review.states import STATE_VI, STEP_VI
from eligibility_audit.domain.words import ACTION_EN, ACTION_VI, FOOT_VI, LAW_MARK_VI
from eligibility_audit.use_cases.review.judge_pair import JUDGEMENT_VI

LOCALE: Final = "vi"
TEMPLATES: Final = Path(__file__).parent / "templates"
_DATE: Final = re.compile(r"(?:\d\d/){0,2}\d{4}")
_ISO: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?$")


def render(request: Request, name: str, told: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """A page from a template; `who` is the session, where somebody is logged in."""
    who = getattr(request.state, "session", None)
    office = request.app.state.office
    common = {"who": who, "today": office.today(), "is_practice": office.is_practice, "path": request.url.path}
    page = _environment().get_template(name).render({**common, **told}).encode()
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):  # a commune's line is slow; files are left as they are
        page, headers = gzip.compress(page, compresslevel=5), {**headers, "Content-Encoding": "gzip"}
    return HTMLResponse(page, status_code=status, headers=headers)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": day,
        "moment": moment,
        "money": money,
        "number": number,
        "percent": percent,
        "likely": likely,
        "from_json": from_json,
        "written": written,
    }
    made.filters |= {
        "zip_words": with_words,
        "zip_same": with_itself,
        "zip_names": with_names,
        "zip_findings": findings,
    }
    made.globals |= {
        "ACTION_VI": ACTION_VI,
        "ACTION_EN": ACTION_EN,
        "LAW_MARK_VI": LAW_MARK_VI,
        "STATE_VI": STATE_VI,
        "STEP_VI": STEP_VI,
        "ROLE_VI": ROLE_VI,
        "KINDS": KINDS,
        "FOOT_VI": FOOT_VI,
        "JUDGEMENT_VI": JUDGEMENT_VI,
        "compared": compared,
    }
    return made


def day(value: object) -> str:
    """A day, or an ISO date to its precision, as Vietnamese write it: 31/12/2020, 12/2020, 2020."""
    if isinstance(value, date):
        return str(format_date(value, "dd/MM/yyyy", locale=LOCALE))
    found = _ISO.match(str(value or ""))
    return "/".join(part for part in reversed(found.groups()) if part) if found else str(value or "")


def written(value: object, field: str) -> str:
    """A field of a record as people write it."""
    return {"M": "nam", "F": "nữ"}.get(str(value), "") if field == "sex" else day(value)


def moment(value: datetime) -> str:
    """A moment in Vietnam, to the minute; SQLite gives the store's UTC without its zone."""
    known = value if value.tzinfo else value.replace(tzinfo=UTC)
    return str(format_datetime(known, "HH:mm dd/MM/yyyy", tzinfo=VIETNAM, locale=LOCALE))


def money(value: object) -> str:
    """Whole đồng: 1.624.000 đồng; blank where it is not known."""
    return "" if value in (None, "") else f"{number(int(float(str(value))))} đồng"


def from_json(value: object) -> list[Any]:
    """The items of a list kept as JSON; none where there is no text."""
    found = json.loads(str(value)) if value else []
    return found if isinstance(found, list) else []


def with_words(values: Iterable[str], words: Mapping[Any, str]) -> list[tuple[str, str]]:
    """Options of a choice: each value with its words."""
    return [(str(value), words[value]) for value in values]


def with_itself(values: Iterable[str]) -> list[tuple[str, str]]:
    """Options that say what they are."""
    return [(value, value) for value in values if value]


def with_names(values: Iterable[str], kinds: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Options: programmes by name."""
    return [(value, kinds[value].vi) for value in values]


def findings(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Options: the findings of a case."""
    return [(str(row["finding_id"]), str(row["reason_vi"])[:100]) for row in rows]


def number(value: int) -> str:
    """A count: 1.234."""
    return str(format_decimal(value, locale=LOCALE))


def percent(share: float) -> str:
    """A share of one, to one decimal: 83,0 %."""
    return f"{format_decimal(100 * share, '0.0', locale=LOCALE)} %"


def likely(probability: float) -> str:
    """A likelihood to one decimal; nothing is told as certain."""
    if probability > 0.999:
        return "trên 99,9 %"
    return percent(probability) if probability >= 0.001 else "dưới 0,1 %"


def compared(one: object, other: object) -> dict[str, Any]:
    """How two values of a field compare: `same`, `close`, `different`, `unknown`, and the letters of each with a mark.

    Of each side the pieces (text, mark); the mark is `same`, `tone` (the letter agrees, its tone or hat does not), or
    `other`.
    """
    left, right = str(one or "").strip(), str(other or "").strip()
    if not left or not right:
        return {"is": "unknown", "left": [(left, "same")], "right": [(right, "same")]}
    if left.casefold() == right.casefold():
        return {"is": "same", "left": [(left, "same")], "right": [(right, "same")]}
    if _is_coarser(left, right) or _is_coarser(right, left):
        return {"is": "close", "left": [(left, "same")], "right": [(right, "same")]}
    a, b = _pieces(left, right)
    close = all(mark != "other" for _, mark in (*a, *b)) or SequenceMatcher(None, left, right).ratio() >= 0.8
    return {"is": "close" if close else "different", "left": a, "right": b}


def _is_coarser(one: str, other: str) -> bool:
    """A date known to the year or month alone, where the other agrees as far as it goes: 1949 and 04/10/1949."""
    return bool(_DATE.fullmatch(one) and _DATE.fullmatch(other)) and other.endswith("/" + one)


def _pieces(left: str, right: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    one: list[tuple[str, str]] = []
    two: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, _bare(left), _bare(right), autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            one.append((left[i:j], "other"))
            two.append((right[k:m], "other"))
            continue
        for x, y in zip_longest(left[i:j], right[k:m], fillvalue=""):
            mark = "same" if x.casefold() == y.casefold() else "tone"
            one.append((x, mark))
            two.append((y, mark))
    return _joined(one), _joined(two)


def _bare(text: str) -> str:
    """The same number of letters, each without tone and hat."""
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter.casefold().replace("đ", "d"))[:1]
    return plain or letter


def _joined(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for text, mark in pieces:
        if not text:
            continue
        if found and found[-1][1] == mark:
            found[-1] = (found[-1][0] + text, mark)
        else:
            found.append((text, mark))
    return found
