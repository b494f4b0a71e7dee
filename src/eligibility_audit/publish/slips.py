"""The slip (phiếu) of a case: what its line on the list says and leaves out, on one page, with room for the answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from eligibility_audit.domain.words import ACTION_VI
from eligibility_audit.publish.amounts import day, money
from eligibility_audit.publish.heights import line_count, shortened
from eligibility_audit.publish.inert import plain
from eligibility_audit.publish.lines import CUT, WHO_VI, Line, enumerated, law_mark, pieces, where
from eligibility_audit.publish.lists import ALIVE, ListKind
from eligibility_audit.publish.papers import Seal, entries, programme_name

SLIP_TITLE: Final = "PHIẾU RÀ SOÁT HỒ SƠ"
ACTS_VI: Final = {
    "dieu_chinh": "điều chỉnh",
    "tam_dung": "tạm dừng",
    "cham_dut": "chấm dứt",
    "tam_dinh_chi": "tạm đình chỉ",
}
ANSWERS: Final = ("đúng", "chưa đúng", "không kiểm tra được", "vắng mặt", "đã chết")
ALIVE_ANSWERS: Final = ("còn sống", "đã chết", "không gặp")
RESULT: Final = "KẾT QUẢ (cán bộ ghi tay):"
HAND: Final = (
    "Ý kiến cán bộ rà soát:",
    "Giấy tờ, văn bản kèm theo (số, ngày, nơi cấp):",
    "Trả lời của người có tên hoặc gia đình; khiếu nại (nếu có):",
)
SLIP_SIGNERS: Final = (
    "NGƯỜI CÓ TÊN HOẶC GIA ĐÌNH\n(nếu có mặt)",
    "CÁN BỘ RÀ SOÁT",
    "NGƯỜI KIỂM TRA\n(không phải người lập)",
)
LABEL_WIDTH: Final = 19.0  # characters, of the two columns of a slip
TEXT_WIDTH: Final = 66.0
ROOM_POINTS: Final = 480.0  # on an A4 page, between the head of a slip and what is written by hand
SIZES: Final = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0)  # the largest at which the slip keeps to one page
LINE: Final = 1.22  # points of a line by points of its letters
CELL_POINTS: Final = 4.0
MOST_LINES: Final = 7  # of one answer, where even the smallest letters are too large


@dataclass(frozen=True)
class Slip:
    """One page. `rows`: label, text, and whether it stands out; `code`: what ties it to its line and list."""

    number: int
    id: str
    title: str
    code: str
    rows: tuple[tuple[str, str, bool], ...]
    answers: tuple[str, ...]
    points: float


def slips(kind: ListKind, lines: pd.DataFrame, seal: Seal) -> Iterator[Slip]:
    """A slip a line of one list, in its order; `seal` grows along with the lines."""
    for line, entry in entries(lines):
        seal.add(entry)
        said = [(label, plain(text), bold) for label, text, bold in _rows(line) if text]
        points = next((size for size in SIZES if _height(said, size) <= ROOM_POINTS), 0.0)
        if not points:
            points = SIZES[-1]
            said = [(label, _cut(text, points), bold) for label, text, bold in said]
        answers = ALIVE_ANSWERS if kind is ALIVE else ANSWERS
        title = f"Số {entry.number} – {kind.title.capitalize()}"
        code = f"Mã {entry.id}; kiểm tra dòng: {entry.digest[:12]}"
        yield Slip(entry.number, entry.id, title, code, tuple(said), answers, points)


def _rows(line: Line) -> Iterator[tuple[str, str, bool]]:
    here = where(line["source_file"], line["source_sheet"], line["source_row"])
    born = day(line["date_of_birth"]) if line["date_of_birth"] else "chưa rõ"
    yield "Họ và tên", f"{line['name'] or 'chưa rõ'} – ngày sinh: {born}", True
    yield "Số hồ sơ", f"{line['dossier_no'] or 'chưa có số'}; số định danh: {line['national_id'] or 'không ghi'}", False
    yield "Chương trình", f"{programme_name(line['programme'])}; {line['commune']}, {line['district']}", False
    yield "Dòng danh sách gốc", here, False
    yield "Đề xuất", _proposed(line), True
    yield "Lý do", line["reason_vi"], False
    yield "Mức hưởng tháng", f"{money(int(line['monthly_amount']))}" if line["monthly_amount"] else "", False
    months = f" ({line['months']} tháng)" if line["months"] else ""
    asked = f"{money(int(line['amount_to_clarify']))}{months}" if line["amount_to_clarify"] else ""
    yield "Số tiền cần làm rõ", asked, True
    mark = "Căn cứ đã kiểm tra" if line["law_mark"] == "confirmed" else law_mark(line["law_mark"])
    yield "Căn cứ", f"{mark}.\n{line['legal_basis']}", False
    yield "Căn cứ xử lý", line["act_basis"], False
    yield "Bằng chứng ủng hộ", enumerated(pieces(line["evidence_for"], here)), False
    yield "Bằng chứng không ủng hộ", enumerated(pieces(line["evidence_against"], here)), False
    yield "Nhân thân", _identity(line), False
    yield "Điều cần làm rõ", line["question_vi"], True
    who = WHO_VI.get(line["who_first"], line["who_first"])
    asks = (line["verify_with"], f"làm trước: {who}" if who else "")
    yield "Hỏi ai", "; ".join(each for each in asks if each), False
    due = f" – {line['due_basis']}" if line["due_basis"] else ""
    yield "Hạn", f"{day(line['due_on'])}{due}" if line["due_on"] else "", True
    yield "Khép lại nếu", line["least_change"], False


def _proposed(line: Line) -> str:
    if line["list"] == ALIVE.code:
        return "Xác nhận tình trạng còn sống"
    act = ACTS_VI.get(line["legal_act"], line["legal_act"])
    proposed = ACTION_VI[line["action"]] + (f" {line['direction']}" if line["direction"] else "")
    return f"{proposed} (việc có thể dẫn tới: {act})" if act else proposed


def _identity(line: Line) -> str:
    parts = (("khớp", line["identity_agrees"]), ("khác", line["identity_differs"]))
    return "; ".join(f"{label}: {text}" for label, text in parts if text)


def _height(rows: Sequence[tuple[str, str, bool]], points: float) -> float:
    counts = (
        max(line_count(label, LABEL_WIDTH, points), line_count(text, TEXT_WIDTH, points)) for label, text, _ in rows
    )
    return sum(count * points * LINE + CELL_POINTS for count in counts)


def _cut(text: str, points: float) -> str:
    return shortened([text], TEXT_WIDTH, points, MOST_LINES, CUT)[0]
