"""The kinds of list, and the columns each may bring. Names here are the names in frames, plans and files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, overload

Form = Literal["text", "date", "month", "money", "number", "whole", "percent", "id", "sex", "name"]
Role = Literal["roster", "reference"]


@dataclass(frozen=True)
class Field:
    """One column of a list: its name in frames, the form its text has, and what people call it.

    `headings`: how lists write it, for a field that the readers do not know by themselves (a plugin's).
    """

    name: str
    form: Form
    vi: str
    en: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of list. `required` are the fields without which the list is of no use (a brake).

    `programme`: the programme whose rules the list's own lines are held against; "" for one that is only referred to. A
    list may be both: poor households are a list to check payments by, and are reviewed themselves. `words`: folded
    words in titles and file names that tell the kind, for one that the readers do not know (a plugin's).
    """

    name: str
    role: Role
    programme: str
    vi: str
    en: str
    fields: tuple[Field, ...]
    required: tuple[str, ...] = ("name",)
    words: tuple[str, ...] = ()

    @property
    def field_names(self) -> tuple[str, ...]:
        """Names of all fields that a list of this kind may bring."""
        return tuple(field.name for field in self.fields)


COMMON: Final = (
    Field("ordinal", "whole", "Số thứ tự", "Row number"),
    Field("dossier_no", "text", "Số hồ sơ", "Dossier number"),
    Field("name", "name", "Họ và tên", "Full name"),
    Field("surname_middle", "name", "Họ và tên đệm", "Surname and middle name"),
    Field("given_name", "name", "Tên", "Given name"),
    Field("alias", "name", "Bí danh, tên gọi khác", "Alias"),
    Field("date_of_birth", "date", "Ngày sinh", "Date of birth"),
    Field("birth_if_male", "date", "Ngày sinh (cột Nam)", "Date of birth, in the column for men"),
    Field("birth_if_female", "date", "Ngày sinh (cột Nữ)", "Date of birth, in the column for women"),
    Field("birth_day", "whole", "Ngày sinh: ngày", "Birth date: day"),
    Field("birth_month", "whole", "Ngày sinh: tháng", "Birth date: month"),
    Field("birth_year", "whole", "Ngày sinh: năm", "Birth date: year"),
    Field("sex", "sex", "Giới tính", "Sex"),
    Field("national_id", "id", "Số CMND/CCCD", "National id number"),
    Field("hamlet", "text", "Thôn, xóm", "Hamlet"),
    Field("commune", "text", "Xã, phường, thị trấn", "Commune"),
    Field("district", "text", "Huyện, thành phố", "District"),
    Field("address", "text", "Địa chỉ", "Address"),
    Field("home_place", "text", "Nguyên quán", "Place of origin"),
    Field("phone", "text", "Điện thoại", "Telephone"),
    Field("note", "text", "Ghi chú", "Note"),
)
DECISION: Final = (
    Field("decision", "text", "Số, ngày quyết định", "Decision number and date"),
    Field("decision_no", "text", "Số quyết định", "Decision number"),
    Field("decision_date", "date", "Ngày quyết định", "Decision date"),
    Field("start_month", "month", "Thời điểm hưởng", "Paid from"),
)
MONTHLY: Final = (Field("monthly_amount", "money", "Mức trợ cấp tháng", "Monthly allowance"),)
GROUP: Final = (Field("group", "text", "Nhóm, diện đối tượng", "Group"),)
SERVICE: Final = (
    Field("service", "text", "Thời gian tham gia kháng chiến", "Service, from and to in one cell"),
    Field("service_from", "month", "Thời gian: từ", "Service from"),
    Field("service_to", "month", "Thời gian: đến", "Service to"),
    Field("unit", "text", "Đơn vị", "Unit"),
    Field("place", "text", "Địa bàn, chiến trường", "Place of service"),
    Field("unit_place", "text", "Đơn vị, chiến trường (một ô)", "Unit and place in one cell"),
)
PERCENT: Final = (Field("percent", "percent", "Tỷ lệ tổn thương cơ thể (%)", "Rate of bodily injury, percent"),)

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            "agent_orange",
            "roster",
            "agent_orange",
            "Người HĐKC và con đẻ bị nhiễm chất độc hóa học",
            "Veterans exposed to Agent Orange and their children",
            (
                *COMMON,
                *GROUP,
                *SERVICE,
                Field("disease", "text", "Bệnh tật, dị dạng dị tật", "Disease or malformation"),
                *PERCENT,
                Field("parent_name", "name", "Họ tên cha/mẹ là người HĐKC", "Name of the exposed parent"),
                Field("parent_dossier_no", "text", "Số hồ sơ của cha/mẹ", "Dossier number of the parent"),
                Field("papers", "text", "Giấy tờ gốc (ngày lập)", "Papers and their dates in one cell"),
                Field("paper_date", "date", "Ngày lập giấy tờ", "Date of the paper"),
                *DECISION,
                *MONTHLY,
            ),
        ),
        Kind(
            "merit_other",
            "roster",
            "merit_other",
            "Người có công khác",
            "Other people with merit",
            (*COMMON, *GROUP, *PERCENT, *DECISION, *MONTHLY),
        ),
        Kind(
            "social_assistance",
            "roster",
            "social_assistance",
            "Bảo trợ xã hội",
            "Social assistance",
            (
                *COMMON,
                *GROUP,
                Field("disability_level", "text", "Dạng, mức độ khuyết tật", "Kind and level of disability"),
                Field("certificate_no", "text", "Số giấy xác nhận khuyết tật", "Disability certificate number"),
                Field("coefficient", "number", "Hệ số", "Coefficient"),
                Field("guardian", "name", "Người nhận thay, người giám hộ", "Guardian or person paid for them"),
                *DECISION,
                *MONTHLY,
            ),
        ),
        Kind(
            "covid_relief",
            "roster",
            "covid_relief",
            "Hỗ trợ COVID-19",
            "COVID relief",
            (
                *COMMON,
                *GROUP,
                Field("months", "whole", "Số tháng", "Months"),
                Field("amount", "money", "Số tiền", "Amount paid"),
                Field("paid_on", "date", "Ngày chi", "Paid on"),
            ),
        ),
        Kind(
            "poor_households",
            "reference",
            "poor_households",
            "Hộ nghèo, hộ cận nghèo",
            "Poor and near-poor households",
            (
                *COMMON,
                Field("household_no", "text", "Mã hộ", "Household number"),
                Field("household_class", "text", "Loại hộ", "Class of household"),
                Field("household_size", "whole", "Số khẩu", "Persons in the household"),
                Field("relation", "text", "Quan hệ với chủ hộ", "Relation to the head"),
                Field("members", "text", "Các thành viên khác (một ô)", "Other members in one cell"),
            ),
        ),
        Kind(
            "deaths",
            "reference",
            "",
            "Sổ đăng ký khai tử",
            "Death registrations",
            (
                *COMMON,
                Field("registration_no", "text", "Số đăng ký", "Registration number"),
                Field("registered_on", "date", "Ngày đăng ký", "Registered on"),
                Field("died_on", "date", "Ngày chết", "Date of death"),
            ),
        ),
        Kind(
            "pensions",
            "reference",
            "",
            "Danh sách hưởng lương hưu, trợ cấp BHXH",
            "Pensions",
            (
                *COMMON,
                Field("book_no", "text", "Số sổ", "Book number"),
                Field("pension_kind", "text", "Loại hưởng", "Kind of pension"),
                *MONTHLY,
            ),
        ),
        Kind(
            "service_records",
            "reference",
            "",
            "Trích ngang quá trình công tác của quân nhân",
            "Army service records",
            (*COMMON, *SERVICE),
        ),
        Kind(
            "inspection_findings",
            "reference",
            "",
            "Phụ lục kết luận thanh tra",
            "Inspection findings",
            (
                *COMMON,
                Field("conclusion_no", "text", "Số kết luận", "Conclusion number"),
                Field("conclusion_date", "date", "Ngày kết luận", "Conclusion date"),
                Field("finding_group", "text", "Nhóm nội dung", "Category of the finding"),
                Field("finding_text", "text", "Nội dung kết luận", "Text of the finding"),
                Field("handling", "text", "Xử lý", "Required handling"),
            ),
        ),
    )
}


class _Names(Sequence[str]):
    """Names of the kinds of which something holds, those that plugins brought included."""

    def __init__(self, holds: Callable[[Kind], bool]) -> None:
        self._holds = holds

    def _now(self) -> tuple[str, ...]:
        return tuple(kind.name for kind in KINDS.values() if self._holds(kind))

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        return self._now()[at]

    def __len__(self) -> int:
        return len(self._now())


ROSTERS: Final = _Names(lambda kind: kind.role == "roster")
REFERENCES: Final = _Names(lambda kind: kind.role == "reference")
AUDITED: Final = _Names(lambda kind: bool(kind.programme))  # the rosters, and references under review


def add_kind(kind: Kind) -> None:
    """A further kind of list, for instance a plugin's. Raises `ValueError` where there is one of its name."""
    if kind.name in KINDS:
        raise ValueError(f"there is a kind {kind.name} already")
    KINDS[kind.name] = kind


# Fields that hold one value in pieces, and the standardised column they become. The pieces are not columns of a record.
PIECES: Final[dict[str, str]] = {
    "surname_middle": "name",
    "given_name": "name",
    "birth_if_male": "date_of_birth",
    "birth_if_female": "date_of_birth",
    "birth_day": "date_of_birth",
    "birth_month": "date_of_birth",
    "birth_year": "date_of_birth",
    "service": "service_from",
    "unit_place": "unit",
    "decision": "decision_no",
    "members": "name",
}
