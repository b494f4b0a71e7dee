"""What people read of a line or a field that could not be read: Vietnamese / English. No value of a cell is in it."""

from functools import cache
from typing import Final

from eligibility_audit.domain.kinds import KINDS

_SAID: Final = {
    "empty_name": (
        "Dòng không có họ tên; không xác định được người. Ghi họ tên rồi chạy lại.",
        "The line has no name; no person can be identified. Write the name and run again.",
    ),
    "no_such_day": ("Ngày này không có trong lịch; xem lại giấy tờ gốc.", "There is no such day; look at the paper."),
    "unreadable_date": (
        "Không đọc được ngày; ghi dạng ngày/tháng/năm.",
        "The date cannot be read; write day/month/year.",
    ),
    "year_out_of_range": (
        "Năm nằm ngoài khoảng có thể; xem lại giấy tờ gốc.",
        "The year is outside what is possible; look at the paper.",
    ),
    "unreadable_period": (
        "Không đọc được thời gian; ghi dạng tháng/năm - tháng/năm.",
        "The period cannot be read; write month/year - month/year.",
    ),
    "id_digits_lost": (
        "Số bị Excel rút gọn, các chữ số cuối đã mất; nhập lại dạng văn bản.",
        "Excel shortened the number and its last digits are lost; enter it again as text.",
    ),
    "id_not_digits": ("Số giấy tờ có ký tự không phải chữ số.", "The id number has characters that are no digits."),
    "id_wrong_length": ("Số giấy tờ không đủ 9 hoặc 12 chữ số.", "The id number has neither 9 nor 12 digits."),
    "id_placeholder": ("Số giấy tờ là số ghi tạm.", "The id number is a filler."),
    "text_in_amount": ("Ô số tiền không phải là số; ghi số đồng.", "The amount is not a number; write it in đồng."),
    "amount_not_whole": ("Số không phải là số nguyên.", "The number is not whole."),
    "unreadable_number": ("Không đọc được số.", "The number cannot be read."),
    "number_is_a_range": (
        "Ô ghi một khoảng, không phải một số; ghi đúng một số.",
        "The cell holds a range, not a number; write one number.",
    ),
    "unreadable_sex": ("Không đọc được giới tính; ghi Nam hoặc Nữ.", "The sex cannot be read; write Nam or Nữ."),
    "member_without_name": (
        "Một phần của ô không có họ tên người.",
        "A part of the cell names nobody.",
    ),
}


@cache
def message(code: str, field: str, kind: str) -> str:
    """The sentence of a code for a field of a kind of list."""
    vi, en = _SAID[code]
    names = {f.name: (f.vi, f.en) for f in KINDS[kind].fields}
    if field == "name" or field not in names:
        return f"{vi} / {en}"
    field_vi, field_en = names[field]
    return f"{field_vi}: {vi} / {field_en}: {en}"
