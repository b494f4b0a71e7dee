"""Drafts of decisions, one an act of `acts.yaml`, and the papers that only some steps allow: Forms 37, 38, forensic.

The same mechanism as the letters (`letters.fill`): docx templates that an office edits, checked when they are loaded
and filled. What a draft says of the law comes from the acts' data; the mark of the law is printed on each.
"""

from collections.abc import Mapping
from typing import Final

from eligibility_audit.publish.letter_templates import Text
from eligibility_audit.publish.letters import Letter

_OF_DECISION: Final = ("person", "authority", "preparer", "basis", "law_mark", "ground")
_MAY: Final = ("form", "start_month", "month", "old_amount", "new_amount", "undo", "with_paper")
_OF_ORDER: Final = ("person", "addressee", "question", "finding", "reason", "reply_due", "basis", "law_mark")

NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "tam_dung": ("Dự thảo quyết định tạm dừng", "Draft: pause on signs"),
    "tam_dinh_chi": ("Dự thảo quyết định tạm đình chỉ", "Draft: pause by law"),
    "cham_dut": ("Dự thảo quyết định chấm dứt", "Draft: end"),
    "cham_dut_theo_ban_an": ("Dự thảo quyết định chấm dứt theo bản án, kết luận", "Draft: end after a judgment"),
    "thu_hoi": ("Dự thảo thu hồi quyết định công nhận", "Draft: withdrawal of the recognition"),
    "thu_hoi_covid_relief": ("Dự thảo quyết định thu hồi số đã chi", "Draft: sum paid is taken back"),
    "dieu_chinh": ("Dự thảo quyết định điều chỉnh", "Draft: change of rate"),
    "huong_lai": ("Dự thảo quyết định hưởng lại", "Draft: resumption"),
    "truy_linh": ("Dự thảo quyết định truy lĩnh", "Draft: arrears"),
    "chi_bo_sung": ("Dự thảo quyết định chi bổ sung", "Draft: additional payment"),
    "truy_thu": ("Dự thảo quyết định theo kết luận đã có số (phần phải hoàn lại)", "Draft: repayment"),
    "thoi_huong": ("Dự thảo quyết định thôi hưởng trợ cấp xã hội", "Draft: end of social assistance"),
    "huong_htxh": ("Dự thảo quyết định hưởng trợ cấp hưu trí xã hội", "Draft: grant of the social pension"),
    "thoi_huong_htxh": ("Dự thảo quyết định thôi hưởng trợ cấp hưu trí xã hội", "Draft: end of the social pension"),
    "chuyen": ("Công văn chuyển hồ sơ đến cơ quan quân đội, công an", "Referral to the army or the police"),
}
ORDERS: Final[Mapping[str, tuple[str, str, str]]] = {  # of an open verification order of this kind
    "form_37": ("unit_decoding", "Đề nghị giải mã phiên hiệu (Mẫu số 37)", "Unit decoding (Form 37)"),
    "form_38": ("medical_board", "Giấy giới thiệu khám giám định (Mẫu số 38)", "Medical board (Form 38)"),
    "forensic": ("forensic", "Đề nghị giám định giấy tờ", "Forensic examination of papers"),
}
REPAYS: Final = ("truy_thu", "thu_hoi_covid_relief")  # with a signed conclusion and a second signer alone
RESUMES: Final = ("huong_lai", "truy_linh", "chi_bo_sung")
_MUST_BESIDES: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(REPAYS, ("conclusion", "second_signer", "amount")),
    "huong_lai": ("from_month",),
    "dieu_chinh": ("old_amount", "new_amount"),
}
_MAY_BESIDES: Final = ("from_month", "months_owed", "amount", "conclusion", "second_signer", "addressee", "question")


def draft_key(programme: str, act: str) -> str:
    """The draft of an act: the programme's own where it means something else there."""
    own = f"{act}_{programme}"
    return own if own in NAMES else act


def _decision(key: str) -> Letter:
    besides = _MUST_BESIDES.get(key, ())
    may = tuple(name for name in (*_MAY, *_MAY_BESIDES) if name not in besides)
    must = ("person", "addressee", "question", "basis", "law_mark") if key == "chuyen" else (*_OF_DECISION, *besides)
    return Letter(*(f"draft_{key}", *NAMES[key]), must=must, may=tuple({*may, *_OF_DECISION, *_OF_ORDER} - set(must)))


DRAFTS: Final[Mapping[str, Letter]] = {f"draft_{key}": _decision(key) for key in NAMES} | {
    key: Letter(key, vi, en, must=_OF_ORDER, may=("preparer",)) for key, (_, vi, en) in ORDERS.items()
}

# -- the words of the templates -------------------------------------------------------------------------------------

_UNSIGNED: Final = "DỰ THẢO – chưa có hiệu lực khi chưa được người có thẩm quyền ký và giao."
_LAW: Final = (
    "^ {{ authority }}",
    "Căn cứ {{ basis }};",
    "Dấu kiểm tra căn cứ: {{ law_mark }}. Mẫu biểu: {{ form }}.",
    "Căn cứ hồ sơ và kết quả xác minh: {{ ground }}",
    "Theo đề nghị của {{ preparer }}.",
)
_AFTER_CONCLUSION: Final = (_LAW[0], "Căn cứ Kết luận số {{ conclusion }} và {{ basis }};", *_LAW[2:])
_WHO: Final = (
    "đối với ông (bà) {{ person }}, năm sinh {{ born }}, số hồ sơ {{ dossier }}, chế độ {{ programme }}, nơi ở "
    "{{ address }}."
)
_RIGHTS: Final = (
    "Ông (bà) {{ person }} có quyền khiếu nại trong 90 ngày kể từ ngày được giao quyết định, hoặc khởi kiện tại Tòa "
    "án, theo pháp luật về khiếu nại và tố tụng hành chính. Cần hỏi, xin liên hệ: {{ contact }}."
)
_CARRY_OUT: Final = (
    "{{ preparer }}, tổ chức chi trả, Ủy ban nhân dân cấp xã và ông (bà) {{ person }} thi hành Quyết định này."
)
_UNDO: Final = "Khi căn cứ thay đổi: {{ undo }}."
_TO: Final = ("Ông (bà) {{ person }}", "Tổ chức chi trả", "UBND cấp xã", "Lưu: VT, hồ sơ {{ dossier }}")


def _text(about: str, *articles: str, law: tuple[str, ...] = _LAW) -> Text:
    said = [f"Điều {n}. {each}" for n, each in enumerate((*articles, _RIGHTS, _CARRY_OUT), 1)]
    return Text("QĐ", "QUYẾT ĐỊNH", about, (_UNSIGNED, *law, "^ QUYẾT ĐỊNH:", *said), _TO)


_FROM: Final = "Thực hiện từ tháng {{ month }} ({{ start_month }})."
_PAID_BACK: Final = (
    "Số tiền: {{ amount }}. Mức độ lỗi và chứng cứ của lỗi ghi trong kết luận; chưa xác định lỗi thì số tiền là "
    "0 đồng. Lỗi của cơ quan, người thừa kế: không có căn cứ."
)
_SECOND: Final = (
    "Người ký thứ hai, không phải người trình, người kiểm tra hay người ký quyết định: {{ second_signer }}."
)
TEXTS: Final[Mapping[str, Text]] = {
    "draft_tam_dung": _text(
        "Về việc tạm dừng hưởng chế độ",
        f"Tạm dừng hưởng chế độ {_WHO} {_FROM}",
        "Cùng ngày, gửi {{ with_paper }}. Đây là biện pháp trong khi chờ kết luận, chưa phải là kết luận về ông (bà).",
        _UNDO,
    ),
    "draft_tam_dinh_chi": _text(
        "Về việc tạm đình chỉ hưởng chế độ",
        f"Tạm đình chỉ hưởng chế độ {_WHO} {_FROM}",
        "Kèm {{ with_paper }}.",
        _UNDO,
    ),
    "draft_cham_dut": _text(
        "Về việc chấm dứt hưởng chế độ",
        f"Chấm dứt hưởng chế độ {_WHO} {_FROM}",
        "Kèm {{ with_paper }}.",
        _UNDO,
    ),
    "draft_cham_dut_theo_ban_an": _text(
        "Về việc chấm dứt hưởng chế độ theo bản án hoặc kết luận",
        f"Chấm dứt hưởng chế độ {_WHO} Bản án hoặc kết luận: {{{{ conclusion }}}}. {_FROM}",
        "Kèm {{ with_paper }}.",
        _UNDO,
    ),
    "draft_thu_hoi": _text(
        "Về việc thu hồi quyết định công nhận, giấy tờ đã cấp",
        f"Thu hồi quyết định công nhận, giấy tờ đã cấp {_WHO} Văn bản kết luận: {{{{ conclusion }}}}. {_FROM}",
        "Kèm {{ with_paper }}.",
        _UNDO,
    ),
    "draft_thu_hoi_covid_relief": _text(
        "Về việc thu hồi số đã chi theo Kết luận số {{ conclusion }}",
        f"Thu hồi số đã chi theo Kết luận số {{{{ conclusion }}}} {_WHO}",
        _PAID_BACK,
        _SECOND,
        _UNDO,
        law=_AFTER_CONCLUSION,
    ),
    "draft_dieu_chinh": _text(
        "Về việc điều chỉnh mức hưởng",
        f"Điều chỉnh mức hưởng {_WHO} Mức đang hưởng: {{{{ old_amount }}}}; mức mới: {{{{ new_amount }}}}. {_FROM}",
        "Phần chi thiếu (nếu có) được truy lĩnh: {{ amount }}. Kèm {{ with_paper }}.",
        _UNDO,
    ),
    "draft_huong_lai": _text(
        "Về việc hưởng lại chế độ",
        f"Hưởng lại chế độ {_WHO} Tính từ tháng {{{{ from_month }}}}; chi từ kỳ tháng {{{{ month }}}} "
        "({{ start_month }}).",
        "Truy lĩnh những tháng chưa chi ({{ months_owed }} tháng): {{ amount }}. Cơ quan chi một lần.",
    ),
    "draft_truy_linh": _text(
        "Về việc truy lĩnh",
        f"Chi truy lĩnh {_WHO} Tính từ tháng {{{{ from_month }}}} ({{{{ months_owed }}}} tháng): {{{{ amount }}}}.",
        "Chi một lần vào kỳ tháng {{ month }} ({{ start_month }}). Kèm {{ with_paper }}.",
    ),
    "draft_chi_bo_sung": _text(
        "Về việc chi bổ sung",
        f"Chi bổ sung {_WHO} Số tiền: {{{{ amount }}}}. {_FROM}",
        "Kèm {{ with_paper }}.",
    ),
    "draft_truy_thu": _text(
        "Về việc truy thu theo Kết luận số {{ conclusion }}",
        f"Truy thu theo Kết luận số {{{{ conclusion }}}} {_WHO}",
        _PAID_BACK,
        _SECOND,
        _UNDO,
        law=_AFTER_CONCLUSION,
    ),
    "draft_thoi_huong": _text(
        "Về việc thôi hưởng trợ cấp xã hội", f"Thôi hưởng trợ cấp xã hội {_WHO} {_FROM}", "Kèm {{ with_paper }}.", _UNDO
    ),
    "draft_huong_htxh": _text(
        "Về việc hưởng trợ cấp hưu trí xã hội",
        f"Hưởng trợ cấp hưu trí xã hội {_WHO} Mức hưởng: {{{{ new_amount }}}}. {_FROM}",
        "Kèm {{ with_paper }}.",
    ),
    "draft_thoi_huong_htxh": _text(
        "Về việc thôi hưởng trợ cấp hưu trí xã hội",
        f"Thôi hưởng trợ cấp hưu trí xã hội {_WHO} {_FROM}",
        "Kèm {{ with_paper }}.",
        _UNDO,
    ),
    "draft_chuyen": Text(
        "CV",
        "",
        "V/v chuyển xem xét hồ sơ số {{ dossier }}",
        (
            "Kính gửi: {{ addressee }}",
            "Hồ sơ dưới đây do cơ quan quân đội hoặc công an xác lập và quản lý; việc xem xét thuộc thẩm quyền của quý "
            "cơ quan.",
            "Họ tên: {{ person }}; năm sinh: {{ born }}; số hồ sơ: {{ dossier }}; chế độ: {{ programme }}; nơi ở: "
            "{{ address }}",
            "# Nội dung đề nghị xem xét",
            "{{ question }}",
            "{{ ground }}",
            "Căn cứ: {{ basis }} (dấu kiểm tra: {{ law_mark }}).",
            "Trong khi chờ trả lời, việc chi trả giữ nguyên. Nội dung trên là đề nghị xem xét, chưa phải là kết luận.",
            "Liên hệ: {{ contact }}.",
        ),
    ),
    "form_37": Text(
        "CV",
        "",
        "V/v đề nghị cấp giấy xác nhận thông tin giải mã phiên hiệu, ký hiệu đơn vị (Mẫu số 37)",
        (
            "Kính gửi: {{ addressee }}",
            "Căn cứ {{ basis }} (dấu kiểm tra: {{ law_mark }}), đề nghị quý cơ quan cấp giấy xác nhận thông tin giải "
            "mã phiên hiệu, ký hiệu, thời gian và địa bàn hoạt động của đơn vị theo Mẫu số 37.",
            "Họ tên: {{ person }}; năm sinh: {{ born }}; số hồ sơ: {{ dossier }}; nơi ở: {{ address }}",
            "# Nội dung cần giải mã",
            "{{ question }}",
            "Nội dung ghi trong hồ sơ: {{ finding }}",
            "Lý do đề nghị: {{ reason }}",
            "Đề nghị trả lời trước ngày {{ reply_due }}. Chi trả của người có tên không thay đổi trong khi chờ.",
            "Liên hệ: {{ contact }}.",
        ),
    ),
    "form_38": Text(
        "GGT",
        "GIẤY GIỚI THIỆU",
        "Khám giám định (Mẫu số 38)",
        (
            "Kính gửi: {{ addressee }}",
            "Căn cứ {{ basis }} (dấu kiểm tra: {{ law_mark }}), giới thiệu:",
            "Ông (bà) {{ person }}; năm sinh: {{ born }}; số hồ sơ: {{ dossier }}; nơi ở: {{ address }}",
            "đến khám giám định về nội dung sau đây của chính hồ sơ này:",
            "{{ finding }}",
            "# Đề nghị Hội đồng cho biết",
            "{{ question }}",
            "Lý do giới thiệu: {{ reason }}",
            "Đề nghị gửi biên bản trước ngày {{ reply_due }}. Vắng mặt không có nghĩa là không đúng; ông (bà) có quyền "
            "đề nghị phúc quyết.",
            "Liên hệ: {{ contact }}.",
        ),
    ),
    "forensic": Text(
        "CV",
        "",
        "V/v đề nghị giám định giấy tờ trong hồ sơ số {{ dossier }}",
        (
            "Kính gửi: {{ addressee }}",
            "Căn cứ {{ basis }} (dấu kiểm tra: {{ law_mark }}), đề nghị quý cơ quan giám định giấy tờ trong hồ sơ dưới "
            "đây.",
            "Họ tên: {{ person }}; năm sinh: {{ born }}; số hồ sơ: {{ dossier }}; nơi ở: {{ address }}",
            "# Giấy tờ và nội dung cần giám định",
            "{{ finding }}",
            "# Câu hỏi",
            "{{ question }}",
            "Lý do: {{ reason }}. Kèm theo: mẫu so sánh (ghi số, ngày, nơi cấp): ……………",
            "Đề nghị trả lời trước ngày {{ reply_due }}. Đây là đề nghị giám định, chưa phải là kết luận.",
            "Liên hệ: {{ contact }}.",
        ),
    ),
}
