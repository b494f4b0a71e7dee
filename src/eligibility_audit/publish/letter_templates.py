"""Writes the templates of the letters: docx files that an office opens and edits in its word processor.

`python -m eligibility_audit.publish.letter_templates <folder>` writes all of them. Form: Decree 30/2020/NĐ-CP, the nine
parts of a document (national motto, issuing body, number and symbol, place and day, kind and abstract, content,
signature, seal, recipients), 14 pt. Placeholders are names in double braces and nothing else (`letters.FIELDS`).
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

FONT: Final = "Times New Roman"
SIZE: Final = 14
CENTER, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True)
class Text:
    """A letter as it is first written. `title` is empty for a công văn, whose abstract stands under its number.

    `body`: paragraphs; one that begins with `# ` is a heading, with `^ ` stands in the middle, with `- ` is an item.
    """

    symbol: str
    title: str
    abstract: str
    body: Sequence[str]
    recipients: Sequence[str] = ("Như trên", "Lưu: VT, hồ sơ {{ dossier }}")


_ABOUT: Final = (
    "Họ tên: {{ person }}; năm sinh: {{ born }}",
    "Số hồ sơ: {{ dossier }}; chế độ: {{ programme }}; nơi ở: {{ address }}",
)
_RIGHTS: Final = (
    "Ông (bà) có quyền xem hồ sơ của mình, gửi giấy tờ, nhờ người thân hoặc trợ giúp viên pháp lý đi cùng. "
    "Ông (bà) không phải nộp khoản tiền nào."
)
_ASK_US: Final = "Cần hỏi, xin liên hệ: {{ contact }}. Chúng tôi có thể đến nhà nếu ông (bà) đi lại khó khăn."
_COMPLAIN: Final = (
    "Nếu không đồng ý, ông (bà) có quyền khiếu nại trong 90 ngày kể từ ngày được giao quyết định, hoặc khởi kiện tại "
    "Tòa án, theo pháp luật về khiếu nại và tố tụng hành chính."
)

TEXTS: Final[dict[str, Text]] = {
    "notice": Text(
        "TB",
        "THÔNG BÁO",
        "Về nội dung cần làm rõ trong hồ sơ",
        (
            "Kính gửi: Ông (bà) {{ person }}",
            *_ABOUT,
            "Khi rà soát hồ sơ, chúng tôi thấy một nội dung cần làm rõ. Đây chưa phải là kết luận về ông (bà), và "
            "chưa có quyết định nào thay đổi việc chi trả.",
            "# Nội dung cần làm rõ",
            "{{ reason }}",
            "Căn cứ: {{ basis }}",
            "# Đề nghị ông (bà)",
            "{{ question }}",
            "Thời gian trả lời: đến hết ngày {{ reply_due }}. Ông (bà) có thể trả lời bằng thư, trực tiếp, hoặc nhờ "
            "người khác trả lời thay. Nếu cần thêm thời gian, xin báo cho chúng tôi.",
            _RIGHTS,
            _ASK_US,
        ),
    ),
    "papers": Text(
        "TB",
        "GIẤY ĐỀ NGHỊ",
        "Về việc bổ sung giấy tờ trong hồ sơ",
        (
            "Kính gửi: Ông (bà) {{ person }}",
            *_ABOUT,
            "Hồ sơ của ông (bà) còn thiếu giấy tờ sau đây mà cơ quan nhà nước chưa có:",
            "{{ question }}",
            "Lý do cần giấy tờ này: {{ reason }}",
            "Xin gửi trước ngày {{ reply_due }}. Bản sao cũng được; chúng tôi sẽ đối chiếu và trả lại bản chính.",
            "Nếu không còn giấy tờ, xin cho chúng tôi biết: cơ quan sẽ tự tìm tại nơi đã cấp. Việc chi trả vẫn như "
            "hiện nay trong khi chờ.",
            _ASK_US,
        ),
    ),
    "body": Text(
        "CV",
        "",
        "V/v đề nghị xác minh hồ sơ số {{ dossier }}",
        (
            "Kính gửi: {{ addressee }}",
            "Khi rà soát hồ sơ dưới đây, chúng tôi cần quý cơ quan xác minh từ hồ sơ gốc.",
            *_ABOUT,
            "# Nội dung cần xác minh",
            "{{ question }}",
            "# Vì sao cần xác minh",
            "{{ reason }}",
            "Căn cứ: {{ basis }}",
            "Đề nghị quý cơ quan trả lời bằng văn bản trước ngày {{ reply_due }}, kèm bản sao tài liệu gốc nếu có. "
            "Nội dung trên là đề nghị xác minh, chưa phải là kết luận.",
        ),
    ),
    "family": Text(
        "CV",
        "",
        "V/v thông tin về ông (bà) {{ person }}",
        (
            "Kính gửi: Gia đình ông (bà) {{ person }}",
            *_ABOUT,
            "Chúng tôi nhận được thông tin rằng ông (bà) {{ person }} có thể đã mất. Nếu đúng như vậy, chúng tôi xin "
            "chia buồn cùng gia đình.",
            "Nếu thông tin này chưa đúng, chúng tôi thành thật xin lỗi; xin báo lại để chúng tôi sửa ngay, và việc chi "
            "trả vẫn như hiện nay.",
            "# Những khoản gia đình có thể được nhận",
            "- mai táng phí, cho người đã lo việc mai táng;",
            "- trợ cấp một lần cho thân nhân;",
            "- trợ cấp tuất hằng tháng, nếu đủ điều kiện.",
            "Mỗi khoản tùy theo chế độ và quy định tại thời điểm đó. Chúng tôi sẽ giúp gia đình làm giấy tờ, không thu "
            "phí. Gia đình chưa cần gửi giấy tờ mà cơ quan hộ tịch đã có.",
            "Xin gia đình cho biết tin, nếu được, trước ngày {{ reply_due }}.",
            "Liên hệ: {{ contact }}. Chúng tôi có thể đến nhà.",
        ),
    ),
    "visit": Text(
        "GM",
        "GIẤY HẸN",
        "Về việc đến thăm và xem giấy tờ tại nhà",
        (
            "Kính gửi: Ông (bà) {{ person }}",
            *_ABOUT,
            "Chúng tôi xin được đến thăm ông (bà) tại nhà ngày {{ meeting_day }}, vào lúc {{ meeting_time }}.",
            "Mục đích: {{ question }}",
            "Người đến sẽ đưa thẻ công chức cho ông (bà) xem. Ông (bà) có thể mời người thân cùng có mặt. Nếu ngày đó "
            "không tiện, xin báo để hẹn ngày khác; vắng mặt không làm thay đổi việc chi trả.",
            _RIGHTS,
            _ASK_US,
        ),
    ),
    "cleared": Text(
        "TB",
        "THÔNG BÁO",
        "Kết thúc rà soát – hồ sơ đúng",
        (
            "Kính gửi: Ông (bà) {{ person }}",
            *_ABOUT,
            "Chúng tôi đã rà soát xong hồ sơ của ông (bà). Kết quả: hồ sơ đúng.",
            "Việc chi trả của ông (bà) tiếp tục như hiện nay. Ông (bà) không phải làm gì thêm.",
            "Nội dung đã được làm rõ: {{ reason }}",
            "Cảm ơn ông (bà) đã giúp chúng tôi. Nếu việc rà soát đã gây phiền cho ông (bà), chúng tôi xin lỗi.",
            _ASK_US,
        ),
    ),
    "complaint_accepted": Text(
        "TB",
        "THÔNG BÁO",
        "Về việc thụ lý khiếu nại",
        (
            "Kính gửi: Ông (bà) {{ filer }}",
            "Ngày {{ received_on }}, chúng tôi nhận được khiếu nại của ông (bà) với nội dung: “{{ subject }}”",
            "Khiếu nại {{ against }}.",
            "Khiếu nại được thụ lý từ ngày {{ accepted_on }}. Người giải quyết: {{ settler }}. Hạn giải quyết: ngày "
            "{{ settle_due }} ({{ settle_basis }}).",
            "Về việc thi hành quyết định trong khi chờ: {{ hold }}",
            "Người xác minh là người không tham gia hồ sơ trước đây. Ông (bà) có quyền đưa chứng cứ, xem tài liệu, nhờ "
            "luật sư hoặc trợ giúp viên pháp lý, và tham gia đối thoại.",
            _ASK_US,
        ),
        ("Như trên", "Lưu: VT, hồ sơ khiếu nại {{ complaint }}"),
    ),
    "complaint_refused": Text(
        "TB",
        "THÔNG BÁO",
        "Về việc không thụ lý khiếu nại",
        (
            "Kính gửi: Ông (bà) {{ filer }}",
            "Ngày {{ received_on }}, chúng tôi nhận được khiếu nại của ông (bà) với nội dung: “{{ subject }}”",
            "Khiếu nại {{ against }}.",
            "Chúng tôi không thụ lý được khiếu nại này, vì: {{ ground }}",
            "Giải thích: {{ reason }}",
            "Nếu có lý do chính đáng mà chúng tôi chưa biết (ốm đau, thiên tai, đi xa, trở ngại khác), xin cho chúng "
            "tôi biết: thời gian đó không tính vào thời hiệu.",
            _COMPLAIN,
            _ASK_US,
        ),
        ("Như trên", "Lưu: VT, hồ sơ khiếu nại {{ complaint }}"),
    ),
    "dialogue": Text(
        "GM",
        "GIẤY MỜI",
        "Đối thoại về khiếu nại",
        (
            "Kính gửi: Ông (bà) {{ filer }}",
            "Chúng tôi mời ông (bà) đến đối thoại về khiếu nại với nội dung: “{{ subject }}”",
            "Thời gian: {{ meeting_time }}, ngày {{ meeting_day }}. Địa điểm: {{ meeting_place }}.",
            "Người chủ trì: {{ settler }}.",
            "Ông (bà) có thể đi cùng người thân, người đại diện, luật sư hoặc trợ giúp viên pháp lý, và mang theo giấy "
            "tờ. Cuộc đối thoại có biên bản; ông (bà) được đọc lại và ghi ý kiến trước khi ký.",
            "Nếu ông (bà) đi lại khó khăn hoặc ngày đó không tiện, xin báo để đổi ngày hoặc đối thoại tại nhà.",
            _ASK_US,
        ),
        ("Như trên", "Lưu: VT, hồ sơ khiếu nại {{ complaint }}"),
    ),
    "settlement": Text(
        "QĐ",
        "QUYẾT ĐỊNH",
        "Về việc giải quyết khiếu nại của ông (bà) {{ filer }} ({{ level }})",
        (
            "Khiếu nại nhận ngày {{ received_on }}, thụ lý ngày {{ accepted_on }}, nội dung: “{{ subject }}”",
            "Khiếu nại {{ against }}.",
            "# Kết quả xác minh và đối thoại",
            "Đối thoại ngày {{ dialogue_on }}. {{ reason }}",
            "# Kết luận",
            "Điều 1. Kết quả giải quyết: {{ outcome }}.",
            "Điều 2. Việc thực hiện: {{ remedy }}",
            "Điều 3. {{ next_level }} Ông (bà) có quyền khởi kiện tại Tòa án theo Luật Tố tụng hành chính.",
            "Điều 4. Quyết định này có hiệu lực theo pháp luật về khiếu nại và được gửi cho ông (bà) {{ filer }}.",
        ),
        ("Ông (bà) {{ filer }}", "Người bị khiếu nại", "Lưu: VT, hồ sơ khiếu nại {{ complaint }}"),
    ),
}


def write(folder: Path, texts: Mapping[str, Text] = TEXTS) -> list[Path]:
    """Write the templates into a folder; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, text in texts.items():
        path = folder / f"{name}.docx"
        _paper(text).save(str(path))
        made.append(path)
    return made


def _paper(text: Text) -> Paper:
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    _head(paper, text)
    if text.title:
        _line(paper.add_paragraph(), text.title, bold=True, align=CENTER, before=12)
        _line(paper.add_paragraph(), text.abstract, bold=True, align=CENTER, after=10)
    for each in text.body:
        _body_line(paper, each)
    paper.paragraphs[-1].paragraph_format.keep_with_next = True  # no signature alone on a page
    _foot(paper, text)
    return paper


def _head(paper: Paper, text: Text) -> None:
    left, right = _two_columns(paper, 6.2, 9.8)
    _line(left.paragraphs[0], "{{ superior }}", size=13, align=CENTER)
    _line(left.add_paragraph(), "{{ office }}", size=13, bold=True, align=CENTER)
    _rule(left.add_paragraph(), "—————")
    _line(left.add_paragraph(), "Số: {{ number }}/" + text.symbol + "-{{ symbol }}", size=13, align=CENTER)
    if not text.title:
        _line(left.add_paragraph(), text.abstract, size=12, align=CENTER)
    _line(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTER)
    _line(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=CENTER)
    _rule(right.add_paragraph(), "———————————")
    _line(right.add_paragraph(), "{{ place }}, {{ date_vi }}", size=13, italic=True, align=CENTER)


def _body_line(paper: Paper, text: str) -> None:
    paragraph = paper.add_paragraph()
    if text.startswith("# "):
        _line(paragraph, text[2:], bold=True, before=6, after=3)
        paragraph.paragraph_format.keep_with_next = True
        return
    if text.startswith(("Kính gửi", "^ ")):
        _line(paragraph, text.removeprefix("^ "), bold=True, align=CENTER, before=6, after=8)
        return
    item = text.startswith("- ")
    _line(paragraph, "– " + text[2:] if item else text, align=JUSTIFY, after=6)
    paragraph.paragraph_format.first_line_indent = Cm(1)
    paragraph.paragraph_format.line_spacing = 1.15


def _foot(paper: Paper, text: Text) -> None:
    left, right = _two_columns(paper, 8, 8)
    _line(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True, before=12)
    for each in text.recipients:
        _line(left.add_paragraph(), f"– {each};", size=11)
    _line(right.paragraphs[0], "{{ signer_title }}", bold=True, align=CENTER, before=12)
    _line(right.add_paragraph(), "(chữ ký, dấu)", size=12, italic=True, align=CENTER, after=48)
    _line(right.add_paragraph(), "{{ signer }}", bold=True, align=CENTER)


def _two_columns(paper: Paper, one: float, two: float) -> tuple[_Cell, _Cell]:
    table = paper.add_table(rows=1, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, cell, width in zip(table.columns, table.rows[0].cells, (one, two), strict=True):
        column.width = cell.width = Cm(width)
    row = table.rows[0]._tr.get_or_add_trPr()
    row.append(OxmlElement("w:cantSplit"))
    return table.rows[0].cells[0], table.rows[0].cells[1]


def _rule(paragraph: Paragraph, text: str) -> None:
    _line(paragraph, text, size=8, align=CENTER)


def _line(
    paragraph: Paragraph,
    text: str,
    *,
    size: int = SIZE,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
    before: int = 0,
    after: int = 0,
) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    if align is not None:
        paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)


if __name__ == "__main__":
    from eligibility_audit.publish.drafts import TEXTS as DRAFTS

    write(Path(sys.argv[1]), TEXTS | dict(DRAFTS))
