"""One recommendation as the nine cells of a list's line, each a few runs of text in a style.

The words are those of the recommendation; nothing is concluded here. `plain` and `bold` are of full size, `fine` and
`fine_bold` a little smaller, `small` and `mark` as their names say.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import pandas as pd

from eligibility_audit.domain.words import LAW_MARK_VI
from eligibility_audit.publish.amounts import day, money
from eligibility_audit.publish.lists import ALIVE

Style = Literal["plain", "bold", "fine", "fine_bold", "small", "mark"]
Run = tuple[Style, str]
Cell = list[Run]

HEADINGS: Final = (
    "TT",
    "Số hồ sơ",
    "Họ tên – ngày sinh",
    "Xã",
    "Lý do",
    "Căn cứ, dấu kiểm tra",
    "Bằng chứng ủng hộ | không ủng hộ",
    "Việc cần làm – cơ quan – hạn",
    "Khiếu nại, ý kiến",
)
LATER_LAW: Final = "Quy định sau này:"  # how rules begin what came into force after the day of the review
WHO_VI: Final = {"office": "cơ quan tra cứu", "citizen": "người dân"}
ALIVE_CHECK: Final = " ".join(
    f"[   ] {answer}".replace(" ", "\u00a0") for answer in ("còn sống", "đã chết", "không gặp")
)


def cells(line: Mapping[str, object], number: int) -> list[Cell]:
    """The nine cells of a line; `line` has the columns of `publish.lists.listed`."""
    text = {name: _text(value) for name, value in line.items()}
    return [
        [("plain", str(number))],
        _dossier(text),
        _person(text),
        [("plain", text["commune"])],
        _reason(line, text),
        _basis(text),
        _evidence(text),
        _task(text),
        [("plain", text["complaint"])] if text.get("complaint") else [],
    ]


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


def _dossier(text: Mapping[str, str]) -> Cell:
    source = where(text["source_file"], text["source_sheet"], text["source_row"])
    return [("fine", _lines((text["dossier_no"] or "chưa có số", source, f"mã {text['recommendation_id']}")))]


def _person(text: Mapping[str, str]) -> Cell:
    born = f"sinh {day(text['date_of_birth'])}" if text["date_of_birth"] else "chưa rõ ngày sinh"
    return _stacked([("bold", text["name"] or "chưa rõ họ tên")], [("plain", born)])


def _reason(line: Mapping[str, object], text: Mapping[str, str]) -> Cell:
    paid, asked = line["monthly_amount"], line["amount_to_clarify"]
    parts: list[Cell] = [[("plain", text["reason_vi"])]]
    if isinstance(paid, int):
        parts.append([("plain", f"Mức hưởng: {money(paid)}/tháng.")])
    if isinstance(asked, int):
        months = f" ({text['months']} tháng)" if text["months"] else ""
        parts.append([("bold", f"Số tiền cần làm rõ: {money(asked)}{months}.")])
    return _stacked(*parts)


def _basis(text: Mapping[str, str]) -> Cell:
    now, later, then = text["legal_basis"].partition(LATER_LAW)
    confirmed = text["law_mark"] == "confirmed"
    return _stacked(
        [("fine", "Căn cứ đã kiểm tra") if confirmed else ("mark", law_mark(text["law_mark"]))],
        [("fine", now.strip())],
        [("small", f"Căn cứ xử lý: {text['act_basis']}" if text["act_basis"] else "")],
        [("small", later + then)],
    )


def _evidence(text: Mapping[str, str]) -> Cell:
    here = where(text["source_file"], text["source_sheet"], text["source_row"])
    held, against = pieces(text["evidence_for"], here), pieces(text["evidence_against"], here)
    for sentences, label, identity in (
        (held, "Nhân thân khớp", text["identity_agrees"]),
        (against, "Nhân thân khác", text["identity_differs"]),
    ):
        if identity and not any(identity in sentence for sentence in sentences):
            sentences.append(f"{label}: {identity}")
    return _stacked(
        [("fine_bold", "Ủng hộ: "), ("fine", _enumerated(held))],
        [("fine_bold", "Không ủng hộ: "), ("fine", _enumerated(against))],
    )


def _task(text: Mapping[str, str]) -> Cell:
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
    return _stacked([("fine", _lines(tasks))])


def _lines(sentences: Sequence[str]) -> str:
    return "\n".join(sentence for sentence in sentences if sentence)


def _enumerated(sentences: Sequence[str]) -> str:
    if not sentences:
        return "chưa ghi nhận."
    return sentences[0] if len(sentences) == 1 else " ".join(f"({n}) {s}" for n, s in enumerate(sentences, 1))


def _stacked(*parts: Cell) -> Cell:
    """Parts one under another; empty texts and empty parts are left out."""
    cell: Cell = []
    for part in parts:
        runs = [(style, text) for style, text in part if text]
        if cell and runs:
            runs[0] = (runs[0][0], "\n" + runs[0][1])
        cell.extend(runs)
    return cell


def _text(value: Any) -> str:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 (a NaN is not itself)
        return ""
    return str(value).strip()
