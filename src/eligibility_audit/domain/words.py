"""The words of the review, their order, and what people read (design.md, 3)."""

from typing import Final

ACTIONS: Final = ("ask_papers", "adjust", "verify", "suspend", "terminate")  # least to most severe
STOPS: Final = ("suspend", "terminate")
OUTCOMES: Final = ("met", "not_met", "undetermined")
TIERS: Final = ("A", "B", "C")
LAW_MARKS: Final = ("confirmed", "to_verify", "not_found")  # strongest to weakest

ACTION_VI: Final = {
    "ask_papers": "Đề nghị bổ sung giấy tờ",
    "adjust": "Đề nghị điều chỉnh",
    "verify": "Cần xác minh",
    "suspend": "Trình tạm dừng",
    "terminate": "Trình chấm dứt",
}
ACTION_EN: Final = {
    "ask_papers": "Ask for papers",
    "adjust": "Adjust",
    "verify": "Verify",
    "suspend": "Propose suspension",
    "terminate": "Propose termination",
}
LAW_MARK_VI: Final = {
    "confirmed": "đã kiểm tra",
    "to_verify": "Căn cứ pháp lý cần kiểm tra trước khi ký",
    "not_found": "Chưa tìm thấy căn cứ; cần kiểm tra trước khi ký",
}
FOOT_VI: Final = "Danh sách này là đề xuất, không phải quyết định; không phải là khoản nợ."
