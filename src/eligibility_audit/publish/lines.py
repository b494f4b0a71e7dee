"""One recommendation as the nine cells of a list's line, each a few runs of text in a style.

The words are those of the recommendation; nothing is concluded here. Styles: `plain`, `bold`, `small`, `mark`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import pandas as pd

from eligibility_audit.domain.words import LAW_MARK_VI
from eligibility_audit.publish.amounts import day, money
from eligibility_audit.publish.lists import ALIVE

Style = Literal["plain", "bold", "small", "mark"]
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
WHO_VI: Final = {"office": "cơ quan tra cứu", "citizen": "người dân"}
ALIVE_CHECK: Final = "(  ) còn sống   (  ) đã chết   (  ) không gặp"


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
    return _stacked(
        [("plain", text["dossier_no"] or "chưa có số")], [("small", f"{source}\nmã {text['recommendation_id']}")]
    )


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
    parts: list[Cell] = [[("plain", text["legal_basis"])]] if text["legal_basis"] else []
    if text["act_basis"]:
        parts.append([("small", f"Căn cứ xử lý: {text['act_basis']}")])
    confirmed = text["law_mark"] == "confirmed"
    parts.append([("small", "Căn cứ đã kiểm tra") if confirmed else ("mark", law_mark(text["law_mark"]))])
    return _stacked(*parts)


def _evidence(text: Mapping[str, str]) -> Cell:
    here = where(text["source_file"], text["source_sheet"], text["source_row"])
    held, against = pieces(text["evidence_for"], here), pieces(text["evidence_against"], here)
    if text["identity_agrees"]:
        held.append(f"Nhân thân khớp: {text['identity_agrees']}")
    if text["identity_differs"]:
        against.append(f"Nhân thân khác: {text['identity_differs']}")
    return _stacked(
        [("bold", "Ủng hộ: "), ("plain", _enumerated(held))],
        [("bold", "Không ủng hộ: "), ("plain", _enumerated(against))],
    )


def _task(text: Mapping[str, str]) -> Cell:
    who = WHO_VI.get(text["who_first"], text["who_first"])
    due_basis = f" ({text['due_basis']})" if text["due_basis"] else ""
    parts = (
        text["question_vi"],
        ALIVE_CHECK if text["list"] == ALIVE.code else "",
        f"– Cơ quan: {text['verify_with']}" if text["verify_with"] else "",
        f"– Làm trước: {who}" if who else "",
        f"– Hạn: {day(text['due_on'])}{due_basis}" if text["due_on"] else "",
        f"– Khép lại nếu: {text['least_change']}" if text["least_change"] else "",
    )
    return _stacked([("plain", "\n".join(part for part in parts if part))])


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
