"""The offices: eight ways of laying out a list, each with its own words, order of columns, tiers and habits."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from eligibility_audit.invention.mess import Habits


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what stands in it, and its heading in up to three tiers."""

    key: str
    heading: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """How one office lays out its lists."""

    words: int  # which heading words
    habits: Habits
    name: str = "one"  # one | split
    birth: str = "one"  # one | sexes | three
    service: str = "one"  # one | two
    place: str = "own"  # own | with unit
    papers: str = "one"  # one | two
    decision: str = "one"  # one | two
    where: str = "column"  # column | groups | sheet | address
    district_column: bool = False
    tiers: int = 1
    numbers: str = ""  # row of column numbers: "" | "1" | "(1)" | "A"
    title: str = "left"  # none | left | both | centre
    one_sheet: bool = False  # veterans and children, or all groups of assistance, on one sheet
    groups_as: str = "column"  # column | rows (of social assistance)
    households: str = "cell"  # cell | lines
    subtotals: bool = False
    repeat_header: int = 0  # lines between repeated headers; 0 = never
    signature: bool = True
    order: int = 0
    alias_column: bool = False
    hidden_lines: bool = False
    medium: str = "xlsx"  # xlsx | xls | csv-comma | csv-semicolon | csv-tab | csv-cp1258 | csv-tcvn3


_TABLE: Final = """
stt|STT|TT|Số TT|Stt|Số thứ tự|TT|STT|STT
dossier|Số hồ sơ|Mã số HS|Số HS|Mã hồ sơ|Số hồ sơ NCC|Số hồ sơ quản lý|Hồ sơ số|Số HSơ
name|Họ và tên|Họ tên đối tượng|Họ, tên người hưởng|Họ tên|Họ và tên người được hưởng|Tên đối tượng hưởng|HỌ VÀ TÊN|ho_va_ten
surname_middle|Họ và chữ đệm|Họ đệm|Họ, đệm|Họ và tên lót|Họ và đệm|Họ lót|HỌ ĐỆM|ho_dem
given_name|Tên|Tên|Tên|Tên|Tên|Tên|TÊN|ten
alias|Bí danh|Tên gọi khác|Bí danh, tên khác|Bí danh|Tên khác|Tên thường gọi|BÍ DANH|bi_danh
birth|Ngày sinh|Ngày, tháng, năm sinh|Năm sinh|Ngày tháng năm sinh|Sinh năm|Ngày/tháng/năm sinh|NGÀY SINH|ngay_sinh
sex|Giới tính|Nam/Nữ|Giới|Giới tính|Phái|Giới tính (Nam/Nữ)|GIỚI TÍNH|gioi_tinh
national_id|Số CMND/CCCD|Số CMND|CMND/Căn cước|Số giấy CMND (CCCD)|Số định danh/CMND|Số CMTND|SỐ CMND|so_cccd
hamlet|Thôn|Thôn/xóm|Thôn, tổ dân phố|Địa chỉ (thôn)|Xóm, ấp|Tổ/thôn|THÔN|thon
commune|Xã, phường, thị trấn|Xã|Tên xã|Xã/phường/TT|Đơn vị (xã)|Nơi cư trú (xã)|XÃ|xa_phuong
district|Huyện|Huyện, thành phố|Quận/huyện|Huyện/TX/TP|Huyện|Tên huyện|HUYỆN|huyen
address|Địa chỉ|Nơi cư trú|Hộ khẩu thường trú|Chỗ ở hiện nay|Địa chỉ thường trú|Nơi ở|ĐỊA CHỈ|dia_chi
home|Quê quán|Nguyên quán|Nơi đăng ký HKTT|Quê quán (xã, huyện)|Nguyên quán|Quê quán|QUÊ QUÁN|que_quan
service|Thời gian hoạt động kháng chiến|Thời gian tham gia KC|Thời gian công tác tại chiến trường|Quá trình tham gia (từ - đến)|Thời gian ở chiến trường|Thời gian tham gia chiến đấu|THỜI GIAN THAM GIA KC|thoi_gian_tham_gia
unit|Đơn vị|Đơn vị khi tham gia|Đơn vị chiến đấu|Phiên hiệu đơn vị|Đơn vị công tác|Đơn vị|ĐƠN VỊ|don_vi
place|Địa bàn hoạt động|Chiến trường|Nơi hoạt động (chiến trường)|Địa bàn|Địa bàn phơi nhiễm|Nơi chiến đấu|CHIẾN TRƯỜNG|dia_ban
unit_place|Đơn vị, địa bàn hoạt động|Đơn vị - chiến trường|Đơn vị, nơi chiến đấu|Đơn vị/địa bàn|Đơn vị và chiến trường|Đơn vị, địa bàn|ĐƠN VỊ, CHIẾN TRƯỜNG|don_vi_dia_ban
disease|Bệnh, tật|Tên bệnh|Bệnh tật, dị dạng, dị tật|Tình trạng bệnh, tật|Loại bệnh/dị tật|Bệnh tật theo biên bản|TÊN BỆNH|benh_tat
percent|Tỷ lệ TTCT (%)|Tỷ lệ %|Tỷ lệ tổn thương cơ thể|% TTCT|Mức suy giảm KNLĐ (%)|Tỷ lệ suy giảm (%)|TỶ LỆ|ty_le
parent_name|Họ tên cha (mẹ) là NCC|Họ tên bố/mẹ|Tên cha, mẹ tham gia KC|Họ tên người HĐKC|Con ông (bà)|Họ tên cha/mẹ HĐKC|HỌ TÊN CHA MẸ|ho_ten_cha_me
parent_dossier|Số hồ sơ cha (mẹ)|Số HS bố/mẹ|Số hồ sơ của cha, mẹ|Mã HS người HĐKC|Số HS của cha/mẹ|Hồ sơ cha mẹ số|SỐ HỒ SƠ CHA MẸ|so_ho_so_cha_me
papers|Giấy tờ chứng minh|Giấy tờ gốc|Giấy tờ làm căn cứ, ngày lập|Giấy tờ trong hồ sơ|Giấy tờ kèm theo|Loại giấy tờ gốc|GIẤY TỜ|giay_to
paper_date|Ngày lập giấy tờ|Ngày cấp giấy tờ|Ngày lập|Ngày cấp giấy tờ gốc|Ngày lập giấy tờ|Ngày của giấy tờ|NGÀY LẬP GIẤY TỜ|ngay_lap_giay_to
decision|Số, ngày quyết định|Quyết định (số, ngày)|QĐ hưởng trợ cấp|Số QĐ, ngày QĐ|Quyết định trợ cấp|Quyết định số, ngày|QUYẾT ĐỊNH|quyet_dinh
decision_no|Số quyết định|Số QĐ|QĐ số|Số QĐ trợ cấp|Số QĐ hưởng|Số quyết định|SỐ QĐ|so_quyet_dinh
decision_date|Ngày quyết định|Ngày QĐ|Ngày ký QĐ|Ngày QĐ|Ngày ban hành|Ngày, tháng QĐ|NGÀY QĐ|ngay_quyet_dinh
start|Hưởng từ tháng|Thời gian hưởng|Tháng hưởng|Thời điểm hưởng|Bắt đầu hưởng|Hưởng từ|HƯỞNG TỪ|huong_tu
amount|Mức trợ cấp|Mức hưởng/tháng|Trợ cấp hàng tháng (đồng)|Số tiền hưởng|Mức trợ cấp hàng tháng|Trợ cấp tháng|MỨC TRỢ CẤP|muc_tro_cap
note|Ghi chú|Ghi chú|Diễn giải, ghi chú|Ghi chú|Ghi chú khác|Ghi chú|GHI CHÚ|ghi_chu
group|Diện đối tượng|Loại đối tượng|Nhóm đối tượng|Đối tượng|Diện hưởng|Thuộc diện|DIỆN|nhom
level|Mức độ khuyết tật|Dạng tật, mức độ|Mức độ KT|Mức khuyết tật|Dạng, mức độ khuyết tật|Mức độ khuyết tật|MỨC ĐỘ KT|muc_do_kt
certificate|Số giấy xác nhận khuyết tật|Số GXN KT|Giấy XNKT số|Số giấy XN|Số giấy xác nhận KT|GXN khuyết tật (số)|SỐ GXNKT|so_gxn
coefficient|Hệ số|Hệ số|HS trợ cấp|Hệ số hưởng|Hệ số TC|Hệ số trợ cấp|HỆ SỐ|he_so
guardian|Người giám hộ|Người nhận thay|Người nhận hộ|Họ tên người giám hộ|Người nhận trợ cấp thay|Người giám hộ/nhận thay|NGƯỜI NHẬN THAY|nguoi_nhan_thay
months|Số tháng hỗ trợ|Số tháng|Tháng hỗ trợ|Số tháng hưởng|Thời gian (tháng)|Số tháng|SỐ THÁNG|so_thang
paid_amount|Số tiền hỗ trợ|Số tiền|Số tiền đã chi (đồng)|Kinh phí hỗ trợ|Thành tiền|Số tiền nhận|SỐ TIỀN|so_tien
paid|Ngày chi trả|Ngày chi|Ngày nhận tiền|Ngày cấp tiền|Ngày chi trả|Ngày nhận|NGÀY CHI|ngay_chi
household|Mã hộ|Số hộ|Mã số hộ|Hộ số|Mã hộ|Mã hộ gia đình|MÃ HỘ|ma_ho
class|Loại hộ|Phân loại hộ|Diện hộ|Hộ nghèo/cận nghèo|Loại hộ|Phân loại|LOẠI HỘ|loai_ho
size|Số khẩu|Số nhân khẩu|Số người|Nhân khẩu|Số khẩu|Tổng số khẩu|SỐ KHẨU|so_khau
relation|Quan hệ với chủ hộ|QH chủ hộ|Quan hệ|Quan hệ với chủ hộ|Quan hệ chủ hộ|Quan hệ với chủ hộ|QUAN HỆ|quan_he
members|Thành viên khác trong hộ|Các thành viên khác|Các khẩu khác (năm sinh, quan hệ)|Thành viên hộ|Thành viên còn lại|Các thành viên|THÀNH VIÊN KHÁC|thanh_vien
registration_no|Số đăng ký|Số|Số đăng ký khai tử|Số ĐK|Số khai tử|Số vào sổ|SỐ ĐK|so_dang_ky
registered|Ngày đăng ký|Ngày ĐK|Ngày đăng ký khai tử|Ngày vào sổ|Ngày đăng ký|Ngày ĐK khai tử|NGÀY ĐK|ngay_dang_ky
died|Ngày chết|Ngày mất|Ngày, tháng, năm chết|Ngày từ trần|Chết ngày|Ngày mất|NGÀY CHẾT|ngay_chet
book|Số sổ BHXH|Số sổ|Mã số BHXH|Số sổ BHXH|Sổ số|Số sổ hưởng|SỐ SỔ|so_so
pension|Loại trợ cấp|Loại hưởng|Chế độ hưởng|Loại chế độ|Loại hưởng BHXH|Chế độ|LOẠI HƯỞNG|loai_huong
pension_amount|Mức hưởng|Số tiền/tháng|Mức lương hưu|Số tiền|Mức hưởng hàng tháng|Tiền lương hưu|MỨC HƯỞNG|muc_huong
conclusion_no|Số kết luận|KL số|Kết luận số|Số KL|Số kết luận thanh tra|Kết luận số|SỐ KL|so_ket_luan
conclusion_date|Ngày kết luận|Ngày KL|Ngày ban hành KL|Ngày KL|Ngày kết luận|Ngày kết luận|NGÀY KL|ngay_ket_luan
finding_group|Nhóm sai phạm|Nhóm vấn đề|Nhóm nội dung|Loại sai sót|Phân nhóm|Nhóm nội dung|NHÓM NỘI DUNG|nhom_noi_dung
text|Nội dung kết luận|Kết luận|Nội dung|Nội dung kết luận thanh tra|Kết luận của đoàn|Nội dung kết luận|NỘI DUNG KẾT LUẬN|noi_dung_ket_luan
handling|Kiến nghị xử lý|Xử lý|Hướng xử lý|Kiến nghị|Biện pháp xử lý|Đề nghị xử lý|XỬ LÝ|kien_nghi_xu_ly
"""  # noqa: E501 - a table, one row a column of the lists
HEADINGS: Final = {row.split("|")[0]: tuple(row.split("|")[1:]) for row in _TABLE.strip().splitlines()}

OFFICES: Final = (
    Office(
        0,
        Habits("d/m/Y", 0.1, 0.15, 0.2),
        birth="sexes",
        tiers=2,
        numbers="1",
        title="both",
        where="groups",
        subtotals=True,
        service="two",
    ),
    Office(
        1,
        Habits("d.m.Y", 0.0, 0.3, 0.5),
        name="split",
        place="with unit",
        title="left",
        where="column",
        order=1,
        households="lines",
        repeat_header=40,
        decision="two",
    ),
    Office(
        2,
        Habits("d/m/Y short", 0.35, 0.2, 0.1),
        tiers=2,
        service="two",
        where="sheet",
        papers="two",
        title="centre",
        order=2,
        groups_as="rows",
        one_sheet=True,
        numbers="(1)",
        alias_column=True,
    ),
    Office(
        3,
        Habits("d/m/Y", 0.0, 0.1, 0.3, encoding="tcvn3"),
        where="groups",
        order=3,
        title="both",
        place="with unit",
        groups_as="column",
        one_sheet=True,
        numbers="A",
    ),
    Office(
        4,
        Habits("d-m-Y", 0.0, 0.2, 0.2),
        birth="three",
        tiers=2,
        where="address",
        title="left",
        order=1,
        service="two",
        decision="two",
        medium="csv-semicolon",
        households="lines",
        hidden_lines=True,
        one_sheet=True,
    ),
    Office(
        5,
        Habits("d/m/Y", 0.3, 0.35, 0.15, encoding="vni"),
        where="column",
        order=2,
        district_column=True,
        title="left",
        households="lines",
        service="one",
        papers="two",
        repeat_header=55,
        medium="xls",
        groups_as="rows",
    ),
    Office(
        6,
        Habits("d/m/Y", 0.6, 0.05, 0.05, upper=True),
        tiers=3,
        where="column",
        district_column=True,
        title="both",
        order=0,
        birth="one",
        service="two",
        name="split",
        subtotals=True,
        hidden_lines=True,
        groups_as="rows",
        numbers="1",
    ),
    Office(
        7,
        Habits("Y-m-d", 0.0, 0.1, 0.05),
        where="column",
        district_column=True,
        title="none",
        signature=False,
        order=3,
        service="two",
        decision="two",
        papers="two",
        place="own",
        medium="csv-comma",
        households="lines",
        one_sheet=True,
    ),
)
CSV_MEDIA: Final = ("csv-comma", "csv-semicolon", "csv-tab", "csv-cp1258", "csv-tcvn3")

_LEADS: Final = (
    ("stt", "dossier", "name", "birth", "sex", "id", "where"),
    ("stt", "name", "birth", "sex", "where", "id", "dossier"),
    ("stt", "where", "dossier", "name", "sex", "birth", "id"),
    ("dossier", "stt", "name", "sex", "birth", "where", "id"),
)
_BODIES: Final = {
    "veteran": ("home", "service", "unit", "disease", "percent", "papers"),
    "child": ("disease", "percent", "parent", "papers"),
    "agent_orange": ("group", "service", "unit", "disease", "percent", "parent", "papers"),
    "merit_other": ("group", "percent"),
    "social_assistance": ("group", "level", "certificate", "coefficient", "guardian"),
}
_TAILS: Final = {
    "agent_orange": (("decision", "start", "amount", "note"), ("amount", "start", "decision", "note")),
    "covid_relief": (("months", "paid_amount", "paid"), ("paid_amount", "months", "paid", "note")),
    "poor_households": (("class", "size", "members"), ("size", "class", "members", "note")),
    "deaths": (("died", "note"), ("died", "note")),
    "pensions": (("book", "pension", "pension_amount"), ("pension", "book", "pension_amount")),
    "service_records": (("service", "unit", "place"), ("unit", "place", "service")),
    "inspection_findings": (("finding_group", "text", "handling"), ("finding_group", "text", "handling", "note")),
}
_NO_DOSSIER: Final = ("social_assistance", "covid_relief", "poor_households", "deaths", "pensions", "service_records")
_ABOVE: Final = {
    "parent": "Cha/mẹ là người HĐKC", "decision": "Quyết định", "three": "Ngày sinh", "sexes": "Năm sinh",
    "where": "Nơi cư trú", "name": "Họ và tên", "career": "Quá trình tham gia kháng chiến",
}  # fmt: skip


def columns(kind: str, part: str, office: Office, *, claim_column: bool = False) -> list[Column]:
    """The columns of one sheet, in order. `part`: `veteran` or `child` where the sheet has one claim, else the kind."""
    lead = [g for g in _LEADS[office.order] if not (g == "dossier" and kind in _NO_DOSSIER)]
    body = list(_BODIES.get(part, ())) if kind != "covid_relief" else ["group"]
    if kind == "deaths":
        lead = (
            ["stt", "registration_no", "registered", *lead[1:]]
            if lead[0] == "stt"
            else ["registration_no", "registered", *lead]
        )
    if kind == "poor_households":
        lead = ["household" if g == "stt" and office.households == "lines" else g for g in lead]
        lead = [*lead, "relation"] if office.households == "lines" else lead
    if kind in ("service_records", "inspection_findings"):
        lead = [g for g in lead if g not in ("sex", "id")]
    tail = _TAILS.get(kind, _TAILS["agent_orange"])[office.words % 2]
    if kind == "poor_households" and office.households == "lines":
        tail = tuple(k for k in tail if k != "members")
    if kind == "inspection_findings" and _is_flat(office):
        tail = ("conclusion_no", "conclusion_date", *tail)  # no sheet, no title that could say it
    if not claim_column and kind in ("agent_orange", "social_assistance"):
        body = [k for k in body if k != "group"]
    return [column for group in (*lead, *body, *tail) for column in _columns_of(group, kind, office)]


def _columns_of(group: str, kind: str, office: Office) -> list[Column]:
    make = _MAKERS.get(group)
    return make(kind, office) if make else [_one(office, group)]


def _one(office: Office, key: str, above: str = "") -> Column:
    """One column with the office's word for it, under the heading `above` where the office has tiers."""
    text = HEADINGS[key][office.words]
    return Column(key, (above, text) if above and office.tiers > 1 else (text,))


def _is_flat(office: Office) -> bool:
    return office.medium in CSV_MEDIA or office.medium == "parquet"


def _name(kind: str, office: Office) -> list[Column]:
    alias = [_one(office, "alias")] if office.alias_column and kind in ("agent_orange", "merit_other") else []
    if office.name == "one":
        return [_one(office, "name"), *alias]
    above = _ABOVE["name"] if office.tiers > 2 else ""
    return [_one(office, "surname_middle", above), _one(office, "given_name", above), *alias]


def _birth(kind: str, office: Office) -> list[Column]:
    if office.birth == "sexes" and kind not in ("service_records", "inspection_findings", "poor_households"):
        return [Column("birth_male", (_ABOVE["sexes"], "Nam")), Column("birth_female", (_ABOVE["sexes"], "Nữ"))]
    if office.birth == "three":
        keys = ("birth_day", "birth_month", "birth_year")
        if _is_flat(office):
            return [Column(k, (w,)) for k, w in zip(keys, ("Ngày sinh", "Tháng sinh", "Năm sinh"), strict=True)]
        return [Column(k, (_ABOVE["three"], w)) for k, w in zip(keys, ("Ngày", "Tháng", "Năm"), strict=True)]
    return [_one(office, "birth")]


def _sex(kind: str, office: Office) -> list[Column]:
    return [] if office.birth == "sexes" and kind != "poor_households" else [_one(office, "sex")]


def _where(kind: str, office: Office) -> list[Column]:
    if kind == "service_records":
        return [_one(office, "home")]
    if kind in ("deaths", "pensions", "inspection_findings") or office.where == "address":
        return [_one(office, "address")]
    if office.where in ("groups", "sheet"):
        return [_one(office, "hamlet")]
    district = [_one(office, "district", _ABOVE["where"])] if office.district_column else []
    return [_one(office, "commune", _ABOVE["where"]), *district]


def _service(kind: str, office: Office) -> list[Column]:
    if office.service == "one":
        return [_one(office, "service")]
    over = HEADINGS["service"][office.words]
    if office.tiers == 1:
        return [Column("service_from", (f"{over}: từ",)), Column("service_to", (f"{over}: đến",))]
    if office.tiers == 3:
        return [Column(k, (_ABOVE["career"], over, w)) for k, w in (("service_from", "Từ"), ("service_to", "Đến"))]
    return [Column("service_from", (over, "Từ tháng, năm")), Column("service_to", (over, "Đến tháng, năm"))]


def _unit(kind: str, office: Office) -> list[Column]:
    if kind != "agent_orange":
        return [_one(office, "unit")]
    if office.place == "with unit":
        return [_one(office, "unit_place")]
    above = _ABOVE["career"] if office.tiers == 3 else ""
    return [_one(office, "unit", above), _one(office, "place", above)]


def _parent(kind: str, office: Office) -> list[Column]:
    return [_one(office, "parent_name", _ABOVE["parent"]), _one(office, "parent_dossier", _ABOVE["parent"])]


def _papers(kind: str, office: Office) -> list[Column]:
    return [_one(office, "papers"), *([_one(office, "paper_date")] if office.papers == "two" else [])]


def _decision(kind: str, office: Office) -> list[Column]:
    if office.decision == "one":
        return [_one(office, "decision")]
    return [_one(office, "decision_no", _ABOVE["decision"]), _one(office, "decision_date", _ABOVE["decision"])]


_MAKERS: Final[dict[str, Callable[[str, Office], list[Column]]]] = {
    "name": _name, "birth": _birth, "sex": _sex, "where": _where, "service": _service, "unit": _unit, "parent": _parent,
    "papers": _papers, "decision": _decision, "id": lambda kind, office: [_one(office, "national_id")],
}  # fmt: skip


def offices_of_a_province(rng: random.Random, files: str) -> tuple[Office, ...]:
    """The eight offices in a seeded order, as `files` wants them: auto, workbooks, csv or parquet."""
    mixed = list(OFFICES)
    rng.shuffle(mixed)
    if files == "workbooks":
        return tuple(replace(o, medium="xlsx") if o.medium != "xlsx" else o for o in mixed)
    if files == "csv":
        return tuple(flat(o, rng.choice(CSV_MEDIA[:3])) for o in mixed)
    if files == "parquet":
        return tuple(flat(o, "parquet") for o in mixed)
    return tuple(flat(o, o.medium) if o.medium in CSV_MEDIA else o for o in mixed)


def flat(office: Office, medium: str) -> Office:
    """The same office writing a plain table: one header line, nothing around it."""
    encoding = "tcvn3" if medium == "csv-tcvn3" else "unicode"
    where = office.where if office.where == "address" else "column"
    return replace(
        office, medium=medium, tiers=1, numbers="", title="none", where=where, district_column=where == "column",
        subtotals=False, repeat_header=0,
        signature=False, birth="one" if office.birth == "sexes" else office.birth, one_sheet=True,
        groups_as="column", hidden_lines=False,
        habits=replace(office.habits, workbook=False, encoding=encoding, date_cells=0.0),
    )  # fmt: skip
