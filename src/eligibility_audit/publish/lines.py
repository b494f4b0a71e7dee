"""One recommendation as the nine cells of a list's line, each a few runs of text in a style.

The words are those of the recommendation; nothing is concluded here. `plain` and `bold` are of full size, `fine` and
`fine_bold` a little smaller, `small` and `mark` as their names say.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal

import pandas as pd

from eligibility_audit.domain.words import LAW_MARK_VI
from eligibility_audit.publish.amounts import day, money
from eligibility_audit.publish.heights import line_count, shortened
from eligibility_audit.publish.inert import plain
from eligibility_audit.publish.lists import ALIVE

Style = Literal["plain", "bold", "fine", "fine_bold", "small", "mark"]
Run = tuple[Style, str]
Cell = tuple[Run, ...]
Line = Mapping[str, str]  # a row of `lists.listed`, its values as texts

HEADINGS: Final = (
    "TT",
    "Số hồ sơ",
    "Họ tên – ngày sinh",
    "Xã",
    "Lý do",
    "Căn cứ, dấu kiểm tra",
    "Bằng chứng ủng hộ | không ủng hộ",
    "Việc cần làm – cơ quan – hạn",
    "Khiếu nại; ý kiến cán bộ rà soát",
)
SIZES: Final[Mapping[Style, float]] = {"plain": 10, "bold": 10, "fine": 9, "fine_bold": 9, "small": 8, "mark": 9}
POINTS: Final = 10.0
LINE_POINTS: Final = 12.0  # of a line of 10 pt Times New Roman; smaller ones in proportion
WIDTHS: Final = (4.0, 13.0, 12.5, 10.0, 21.0, 27.5, 24.5, 24.0, 9.5)  # characters; the lists' page is as wide
MOST_LINES: Final = 28  # so that a line of a list always fits one page, under the repeated headings
CUT: Final = " … (cắt bớt; toàn văn trong recommendations.csv)"
LATER_LAW: Final = "Quy định sau này:"  # how rules begin what came into force after the day of the review
WHO_VI: Final = {"office": "cơ quan tra cứu", "citizen": "người dân"}
ALIVE_CHECK: Final = " ".join(
    f"[   ] {answer}".replace(" ", "\u00a0") for answer in ("còn sống", "đã chết", "không gặp")
)


def texts_of(lines: pd.DataFrame) -> Iterator[dict[str, str]]:
    """The rows of a frame of `lists.listed` with every value as text; what is not known is empty."""
    columns = [lines[name].astype("string").fillna("").str.strip().tolist() for name in lines.columns]
    names = [str(name) for name in lines.columns]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def cells(line: Line, number: int) -> tuple[Cell, ...]:
    """The nine cells of a line of `texts_of`; nothing in them runs (`inert.plain`)."""
    nine: tuple[Cell, ...] = (
        (("plain", str(number)),),
        _dossier(line),
        _person(line),
        (("plain", line["commune"]),),
        _reason(line),
        _basis(line),
        _evidence(line),
        _task(line),
        (("plain", line["complaint"]),) if line.get("complaint") else (),
    )
    return tuple(tuple((style, plain(text)) for style, text in cell) for cell in nine)


def fitting(cell: Cell, width: float) -> Cell:
    """The cell, cut where a row of a page cannot be high enough for it; then it says so."""
    if height(cell, width) <= MOST_LINES * LINE_POINTS:
        return cell
    texts = shortened([text for _, text in cell], width, POINTS, MOST_LINES, CUT)
    return tuple((style, text) for (style, _), text in zip(cell, texts, strict=True) if text)


@lru_cache(maxsize=16384)
def height(cell: Cell, width: float) -> float:
    """Points that a cell needs in a column `width` characters wide. A run in another size begins a line of its own."""
    points, part, size = 0.0, "", POINTS
    for style, text in cell:
        if part and SIZES[style] != size:
            points += _high(part, width, size)
            part = ""
        part, size = part + text, SIZES[style]
    return points + (_high(part, width, size) if part else 0.0)


def _high(part: str, width: float, size: float) -> float:
    return line_count(part.removeprefix("\n"), width, size) * LINE_POINTS * size / POINTS


def law_mark(mark: str) -> str:
    """The mark of the citation in words; one that is not known is not confirmed."""
    return LAW_MARK_VI.get(mark, LAW_MARK_VI["to_verify"])


def pieces(value: str, here: str = "") -> list[str]:
    """The sentences of an evidence cell: a JSON list of `{vi, file, sheet, row}` or of texts, or plain text.

    Each with where it was found, unless that is `here`, the line itself.
    """
    if not value.startswith("["):
        return [value] if value else []
    try:
        items = json.loads(value)
    except ValueError:
        return [value]
    return [sentence for item in items if (sentence := _piece(item, here))]


def _piece(item: object, here: str) -> str:
    if not isinstance(item, dict):
        return _text(item)
    sentence = _text(item.get("vi")) or _text(item.get("en"))
    source = where(_text(item.get("file")), _text(item.get("sheet")), _text(item.get("row")))
    return f"{sentence} ({source})" if sentence and source and source != here else sentence


def where(file: str, sheet: str, row: str) -> str:
    """Where a line stands: `dòng 12, trang QP, tệp agent_orange.xlsx`; the folder is left out."""
    parts = (("dòng", row), ("trang", sheet), ("tệp", file.rsplit("/", 1)[-1]))
    return ", ".join(f"{label} {value}" for label, value in parts if value)


def _dossier(text: Line) -> Cell:
    source = where(text["source_file"], text["source_sheet"], text["source_row"])
    return (("fine", _lines((text["dossier_no"] or "chưa có số", source, f"mã {text['recommendation_id']}"))),)


def _person(text: Line) -> Cell:
    born = f"sinh {day(text['date_of_birth'])}" if text["date_of_birth"] else "chưa rõ ngày sinh"
    return _stacked((("bold", text["name"] or "chưa rõ họ tên"),), (("plain", born),))


def _reason(text: Line) -> Cell:
    parts: list[Cell] = [(("plain", text["reason_vi"]),)]
    if paid := text["monthly_amount"]:
        parts.append((("plain", f"Mức hưởng: {money(int(paid))}/tháng."),))
    if asked := text["amount_to_clarify"]:
        months = f" ({text['months']} tháng)" if text["months"] else ""
        parts.append((("bold", f"Số tiền cần làm rõ: {money(int(asked))}{months}."),))
    return _stacked(*parts)


def _basis(text: Line) -> Cell:
    now, later, then = text["legal_basis"].partition(LATER_LAW)
    confirmed = text["law_mark"] == "confirmed"
    return _stacked(
        (("fine", "Căn cứ đã kiểm tra") if confirmed else ("mark", law_mark(text["law_mark"])),),
        (("fine", now.strip()),),
        (("small", f"Căn cứ xử lý: {text['act_basis']}" if text["act_basis"] else ""),),
        (("small", later + then),),
    )


def _evidence(text: Line) -> Cell:
    here = where(text["source_file"], text["source_sheet"], text["source_row"])
    held, against = pieces(text["evidence_for"], here), pieces(text["evidence_against"], here)
    for sentences, label, identity in (
        (held, "Nhân thân khớp", text["identity_agrees"]),
        (against, "Nhân thân khác", text["identity_differs"]),
    ):
        if identity and not any(identity in sentence for sentence in sentences):
            sentences.append(f"{label}: {identity}")
    return _stacked(
        (("fine_bold", "Ủng hộ: "), ("fine", enumerated(held))),
        (("fine_bold", "Không ủng hộ: "), ("fine", enumerated(against))),
    )


def _task(text: Line) -> Cell:
    who = WHO_VI.get(text["who_first"], text["who_first"])
    due_basis = f" – {text['due_basis']}" if text["due_basis"] else ""
    tasks = (
        text["question_vi"],
        ALIVE_CHECK if text["list"] == ALIVE.code else "",
        f"– Hỏi: {text['verify_with']}" if text["verify_with"] else "",
        f"– Làm trước: {who}" if who else "",
        f"– Hạn: {day(text['due_on'])}{due_basis}" if text["due_on"] else "",
        f"– Khép lại nếu: {text['least_change']}" if text["least_change"] else "",
    )
    return (("fine", _lines(tasks)),)


def _lines(sentences: Sequence[str]) -> str:
    return "\n".join(sentence for sentence in sentences if sentence)


def enumerated(sentences: Sequence[str]) -> str:
    """The sentences one after another, numbered where there are several."""
    if not sentences:
        return "chưa ghi nhận."
    return sentences[0] if len(sentences) == 1 else " ".join(f"({n}) {s}" for n, s in enumerate(sentences, 1))


def _stacked(*parts: Cell) -> Cell:
    """Parts one under another; empty texts and empty parts are left out."""
    stacked: list[Run] = []
    for part in parts:
        runs = [(style, text) for style, text in part if text]
        if stacked and runs:
            runs[0] = (runs[0][0], "\n" + runs[0][1])
        stacked.extend(runs)
    return tuple(stacked)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
