"""Which list a recommendation stands on, and in which order (procedure.md, 7).

One list an act, never mixed. A line whose question is whether the person lives stands on a list of its own, which
alleges nothing, whatever its action but `suspend`: that one answers to another ground as well.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

import pandas as pd

from eligibility_audit.publish.contracts import RECOMMENDATIONS, conform
from eligibility_audit.publish.rule_notes import rule_notes


@dataclass(frozen=True)
class ListKind:
    """One list: its code in frames, the name of its sheet, its title and what is to be done with it."""

    code: str
    sheet: str
    title: str
    note: str


VERIFY: Final = ListKind(
    "verify",
    "Cần xác minh",
    "DANH SÁCH HỒ SƠ CẦN XÁC MINH",
    "Có dấu hiệu cần làm rõ; chưa có kết luận. Cơ quan tra cứu trước, chỉ hỏi người dân điều không cơ quan nào giữ. "
    "Trong khi xác minh, chế độ vẫn chi trả như cũ.",
)
ASK_PAPERS: Final = ListKind(
    "ask_papers",
    "Bổ sung giấy tờ",
    "DANH SÁCH HỒ SƠ ĐỀ NGHỊ BỔ SUNG GIẤY TỜ",
    "Chỉ thiếu giấy tờ. Cơ quan tra cứu hồ sơ lưu trước; người dân chỉ nộp giấy tờ không cơ quan nào giữ. "
    "Thiếu giấy tờ không phải là căn cứ để ngừng chi trả.",
)
ADJUST_UP: Final = ListKind(
    "adjust_up",
    "Điều chỉnh tăng",
    "DANH SÁCH ĐỀ NGHỊ ĐIỀU CHỈNH TĂNG MỨC HƯỞNG",
    "Mức đang hưởng thấp hơn bảng mức chuẩn áp dụng. Số tiền cần làm rõ là phần người dân có thể được hưởng thêm.",
)
ADJUST_DOWN: Final = ListKind(
    "adjust_down",
    "Điều chỉnh giảm",
    "DANH SÁCH ĐỀ NGHỊ ĐIỀU CHỈNH GIẢM MỨC HƯỞNG",
    "Mức đang hưởng cao hơn bảng mức chuẩn áp dụng. Người có tên được thông báo và có thời gian trả lời trước khi "
    "mức hưởng thay đổi.",
)
ADJUST: Final = ListKind(
    "adjust",
    "Điều chỉnh khác",
    "DANH SÁCH ĐỀ NGHỊ ĐIỀU CHỈNH (CHƯA RÕ TĂNG HAY GIẢM)",
    "Mức hưởng hoặc thời gian hưởng khác với bảng mức chuẩn áp dụng; dữ liệu chưa đủ để nói là tăng hay giảm.",
)
SUSPEND: Final = ListKind(
    "suspend",
    "Trình tạm dừng",
    "DANH SÁCH TRÌNH XEM XÉT TẠM DỪNG",
    "Cán bộ có tên ghi rõ văn bản làm căn cứ, người khác kiểm tra, người có thẩm quyền ký. Cùng ngày gửi văn bản "
    "đề nghị cơ quan lập hồ sơ xác minh và mời người có tên giải trình.",
)
TERMINATE: Final = ListKind(
    "terminate",
    "Trình chấm dứt",
    "DANH SÁCH TRÌNH XEM XÉT CHẤM DỨT",
    "Chỉ trình ký khi kết luận của cơ quan lập hồ sơ, văn bản thu hồi giấy tờ hoặc bản án đã có trong hồ sơ, "
    "đã gửi thông báo và đã hết thời gian trả lời.",
)
ALIVE: Final = ListKind(
    "alive",
    "Xác nhận còn sống",
    "DANH SÁCH CẦN XÁC NHẬN TÌNH TRẠNG CÒN SỐNG",
    "Danh sách này không nêu lỗi của ai. UBND cấp xã đến gặp và ghi kết quả. “Còn sống” khép lại việc; “không gặp” "
    "không phải là “đã chết”. Nếu đã mất, gia đình được báo về các khoản có thể được hưởng.",
)
LISTS: Final = (VERIFY, ASK_PAPERS, ADJUST_UP, ADJUST_DOWN, ADJUST, SUSPEND, TERMINATE, ALIVE)

GROUNDS_OF_DEATH: Final = frozenset({"death_sure", "death_signal", "death_cancelled", "one_off_death"})
NO_DISTRICT: Final = "Chưa rõ huyện"
NO_COMMUNE: Final = "Chưa rõ xã"


def listed(recommendations: pd.DataFrame) -> pd.DataFrame:
    """Every recommendation once, in the order of the lists.

    The columns of `RECOMMENDATIONS`, `complaint` where there is one, and `list` (code of `LISTS`); `district` and
    `commune` are never null. Ordered by list, programme, district, commune, then by what is due first and what the
    office can settle alone; never by money. Raises ValueError for an action that no list takes.
    """
    columns = (*RECOMMENDATIONS, *(c for c in ("complaint",) if c in recommendations.columns))
    lines = conform(recommendations, columns).reset_index(drop=True)
    lines["list"] = _codes(lines)
    for column, unknown in (("district", NO_DISTRICT), ("commune", NO_COMMUNE)):
        tidy = {name: " ".join(str(name).split()) or unknown for name in lines[column].dropna().unique()}
        lines[column] = lines[column].map(tidy).astype("string[pyarrow]").fillna(unknown)
    order = pd.DataFrame(
        {
            "list": lines["list"].map({kind.code: place for place, kind in enumerate(LISTS)}).astype("int64"),
            "programme": lines["programme"],
            "district": _rank(lines["district"]),
            "commune": _rank(lines["commune"]),
            "due_on": lines["due_on"],
            "citizen": (lines["who_first"] == "citizen").fillna(False).astype(bool),
            "dossier_no": lines["dossier_no"],
            "id": lines["recommendation_id"],
        }
    )
    place = order.sort_values(list(order.columns), kind="stable", na_position="last").index
    return lines.loc[place].reset_index(drop=True)


def count_lists(recommendations: pd.DataFrame) -> dict[str, int]:
    """How many lines stand on each list, by the name of its sheet; lists without lines are 0."""
    counted = _codes(recommendations.reset_index(drop=True)).value_counts()
    return {kind.sheet: int(counted.get(kind.code, 0)) for kind in LISTS}


def _codes(lines: pd.DataFrame) -> "pd.Series[str]":
    action = lines["action"].astype("string[pyarrow]")
    unknown = sorted(
        {str(value) for value in action.unique()} - {"verify", "ask_papers", "adjust", "suspend", "terminate"}
    )
    if unknown:
        raise ValueError(f"Không có danh sách cho đề xuất / no list takes the action: {', '.join(unknown)}")
    code = action.copy()
    direction = lines["direction"].astype("string[pyarrow]").fillna("")
    code = code.mask((action == "adjust") & (direction == "tăng"), ADJUST_UP.code)
    code = code.mask((action == "adjust") & (direction == "giảm"), ADJUST_DOWN.code)
    return code.mask(_asks_whether_alive(lines["rule_ids"]) & action.isin(["verify", "terminate"]), ALIVE.code)


def _asks_whether_alive(rule_ids: "pd.Series[str]") -> "pd.Series[bool]":
    """Whether one of the rules (joined by `;`) has a ground of death."""
    of_death = {name for name, note in rule_notes().items() if note.ground in GROUNDS_OF_DEATH}
    distinct = rule_ids.dropna().unique()
    asking = [text for text in distinct if of_death.intersection(str(text).split(";"))]
    return rule_ids.isin(asking).fillna(False).astype(bool)


def by_name(name: str) -> tuple[bool, str, str]:
    """A key that sorts names of places without regard to case and diacritics, what is not known after all others."""
    apart = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return name in (NO_DISTRICT, NO_COMMUNE), "".join(s for s in apart if not unicodedata.combining(s)), name


def _rank(names: "pd.Series[str]") -> "pd.Series[int]":
    places = {name: place for place, name in enumerate(sorted(names.unique(), key=by_name))}
    return names.map(places).astype("int64")
