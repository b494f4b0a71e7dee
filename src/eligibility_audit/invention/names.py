"""Names of invented people: our own tables, with the frequencies that make namesakes as common as they are.

Two people share a folded full name with a chance of a few in 100,000 (domain.md, 5), so every long list has namesakes
by accident. Names are drawn as (surname, middle, given); older people have the plainer ones.
"""

import random
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple


class Name(NamedTuple):
    """A full name in its three parts; `middle` may be empty or hold two words."""

    surname: str
    middle: str
    given: str

    @property
    def full(self) -> str:
        """The parts joined by single spaces."""
        return f"{self.surname} {self.middle} {self.given}" if self.middle else f"{self.surname} {self.given}"

    @property
    def surname_middle(self) -> str:
        """All but the given name."""
        return f"{self.surname} {self.middle}" if self.middle else self.surname


class Table:
    """Words drawn by weight."""

    def __init__(self, words: Sequence[str], weights: Sequence[float]) -> None:
        self.words = tuple(words)
        self.cumulative = list(accumulate(weights))

    def draw(self, rng: random.Random) -> str:
        """One word."""
        return self.words[bisect(self.cumulative, rng.random() * self.cumulative[-1])]


def _ranked(text: str, flat: float) -> Table:
    words = [w.replace("_", " ") for w in text.split()]
    return Table(words, [1 / (rank + flat) for rank in range(len(words))])


def _weighted(text: str) -> Table:
    pairs = [item.rsplit(":", 1) for item in text.split()]
    return Table([w.replace("_", " ").replace("-", "") for w, _ in pairs], [float(weight) for _, weight in pairs])


SURNAMES: Final = _weighted(
    "Nguyễn:31.4 Trần:9.7 Lê:9.0 Phạm:6.4 Hoàng:4.2 Vũ:3.6 Phan:3.2 Đặng:2.6 Bùi:2.5 Đỗ:2.4 Hồ:1.5 Ngô:1.6 "
    "Dương:1.3 Lý:0.7 "
    "Võ:1.2 Đinh:1.0 Đào:0.9 Mai:0.9 Trịnh:0.8 Trương:0.9 Cao:0.7 Lương:0.7 Hà:0.8 Tạ:0.5 Phùng:0.5 Đoàn:0.6 "
    "Lâm:0.4 Tô:0.4 "
    "Chu:0.4 Tống:0.3 Quách:0.2 Thái:0.3 Kiều:0.3 La:0.2 Lưu:0.5 Lại:0.3 Vương:0.4 Từ:0.2 Doãn:0.2 Nghiêm:0.2 "
    "Bạch:0.2 "
    "Tăng:0.2 Ninh:0.2 Khổng:0.15 Châu:0.2 Thân:0.15 Giáp:0.1 Khuất:0.1 Ông:0.05 Viên:0.05 Mạc:0.1 Triệu:0.2 "
    "Nông:0.2 "
    "Hứa:0.1 Đàm:0.2 Sầm:0.05 Cù:0.1 Vi:0.1 Văn:0.1 Đồng:0.15 Huỳnh:1.0 Tiêu:0.05 Thạch:0.1 Uông:0.05"
)
MIDDLES_M: Final = _weighted(
    "Văn:19 Đức:5.5 Xuân:4.5 Hữu:4.5 Quang:4.5 Đình:4.5 Ngọc:3.5 Minh:3.5 Công:3.2 Thanh:3.0 Duy:2.6 Mạnh:2.4 "
    "Trọng:2.2 "
    "Quốc:2.2 Viết:2.0 Khắc:1.8 Bá:2.0 Thế:2.2 Tiến:2.2 Hồng:1.5 Sỹ:1.5 Danh:0.9 Huy:1.2 Gia:0.8 Đăng:1.4 "
    "Nhật:0.7 Anh:0.7 "
    "Phúc:0.8 Thành:0.9 Chí:1.0 Như:0.4 Doãn:0.5 Vĩnh:0.4 Tất:0.6 Cảnh:0.6 Hoàng:0.8 Bảo:0.4 Trung:0.6 -:1.6"
)
MIDDLES_F: Final = _weighted(
    "Thị:33 Thị_Thu:3.2 Thị_Thanh:3.2 Thị_Ngọc:2.8 Thị_Hồng:2.6 Thị_Kim:2.4 Thị_Minh:2.2 Thị_Bích:1.8 Thị_Mai:1.4 "
    "Thị_Phương:1.4 Thị_Thùy:1.2 Thị_Xuân:1.2 Thị_Lan:1.0 Thị_Quỳnh:0.7 Thị_Hải:0.9 Thị_Vân:1.2 Thị_Diệu:0.7 "
    "Thị_Tuyết:1.0 Thị_Hoài:0.8 "
    "Thị_Khánh:0.7 Thị_Lệ:0.7 Thị_Mỹ:0.9 Thị_Như:0.6 Thị_Ánh:0.8 Thị_Kiều:0.6 Thị_Hương:1.0 Thị_Yến:0.7 "
    "Thị_Hoàng:0.4 Ngọc:2.2 Thu:1.8 Thanh:1.8 Hồng:1.4 Kim:1.4 Bích:1.0 "
    "Minh:1.2 Phương:1.0 Thùy:0.7 Diệu:0.6 Khánh:0.5 Như:0.5 Tuyết:0.6 Mỹ:0.6 Hoài:0.6 Ánh:0.5 -:0.3"
)
GIVEN_M: Final = _ranked(
    "Hùng Dũng Tuấn Minh Thắng Hải Sơn Long Thành Bình Cường Quang Hòa Tùng Phong Nam Đức Trung Lâm Khoa Vinh "
    "Toàn Tiến Phúc "
    "Hưng Huy Khánh Kiên Hiếu Chiến Tâm Thịnh Lợi Quân Quyết Tân An Bảo Bắc Cảnh Chính Chung Công Đạt Điền Định "
    "Đông Hậu Hiển "
    "Hoạt Học Hợp Huấn Khải Khang Khiêm Khôi Kỳ Lạc Lân Lập Liêm Linh Lộc Luận Lực Lương Mạnh Mậu Năng Nghĩa Nghị "
    "Ngọc Nguyên "
    "Nhân Nhật Ninh Oanh Phấn Phát Phú Phương Quế Quý Sáng Sinh Tài Tấn Thái Thân Thăng Thanh Thao Thế Thi Thiện "
    "Thiệu Thìn "
    "Thông Thuấn Thuận Thuyết Thư Thực Tiệp Tịnh Tín Toại Trí Triển Trọng Trường Trực Tú Tuyên Tường Uy Vạn Việt "
    "Vĩnh Vượng Xuân "
    "Yên Ất Bính Đinh Mão Sửu Tuất Bảy Tư Năm Út Hạnh Hoan Hỷ Kha Nhượng Ngạn Vững Tráng Cầu Đảm Khương Hàm Nhàn "
    "Tốn Chuyên Duyệt "
    "Giáp Ngọ Tỵ Mùi Thân Dần Hợi Tý Đăng Độ Giang Hành Bân Bổng Cẩn Cư Diện Đối Đoán Đương Hiệu Hỗ Khuê Lục Miện "
    "Ngũ Nhị Phụng",
    60,
)
GIVEN_F: Final = _ranked(
    "Hoa Lan Hương Hằng Hà Thủy Hạnh Hiền Nga Mai Loan Liên Nhung Thảo Phương Yến Oanh Dung Huệ Tuyết Vân Thu "
    "Thanh Bình Tâm "
    "Hồng Ngọc Minh Xuân Đào Cúc Lý Lành Mận Na Nụ Hậu Hoà Hợi Hường Huyền Khuyên Kim Là Lài Lệ Lựu Luyến Ly Miền "
    "Mơ Mùi Mỹ "
    "Ngà Ngân Nghĩa Nguyệt Nhàn Nhâm Nhạn Nhị Nhuận Như Phấn Phượng Phúc Quế Quyên Sáu Sen Sinh Soi Tám Thắm "
    "Thắng Thành Thê "
    "Thêu Thìn Thơ Thoa Thoan Thỏa Thơm Thuận Thục Thúy Thùy Tính Toan Trà Trang Trinh Tươi Tuyến Tỵ Út Uyên Vinh "
    "Vui Vượng "
    "Xoan Xuyến Ý Yên Ánh Bảy Bích Bưởi Chanh Chín Chung Diệp Diệu Dịu Doan Duyên Đông Gấm Giang Hải Hân Hiên Hòe "
    "Hồi Khánh "
    "Lam Lụa Mến Miên Nết Ngát Ngoan Nhài Nhẫn Nữ Oánh Quý Sâm Tần Thường Tiệp Tốt Trâm Tú Vân Viên Xuê Ba Bốn "
    "Năm Tư Mười Hai "
    "Chắt Chút Cậy Dần Đượm Đua Gái Hậu Khoa Lạng Mão Ngần Nhớn Rãnh Sửu Tẹo Thóc Tý Tuất Vóc Ấm Bé Cam Chè Dâu "
    "Hến Hin Lượt Mít",
    60,
)


def draw_name(rng: random.Random, sex: str, surname: str | None = None, middle: str | None = None) -> Name:
    """A name for a man (`M`) or a woman (`F`); a surname or middle name already known is kept."""
    women = sex == "F"
    return Name(
        SURNAMES.draw(rng) if surname is None else surname,
        (MIDDLES_F if women else MIDDLES_M).draw(rng) if middle is None else middle,
        (GIVEN_F if women else GIVEN_M).draw(rng),
    )
