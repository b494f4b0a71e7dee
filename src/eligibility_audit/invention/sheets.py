"""Sheets as an office lays them out: titles, headings, groups, people, totals, signatures, line by line."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from eligibility_audit.invention import mess
from eligibility_audit.invention.communes import Commune, District, Province
from eligibility_audit.invention.legacy import encode
from eligibility_audit.invention.mess import Cell, Habits, Truth
from eligibility_audit.invention.names import draw_name
from eligibility_audit.invention.offices import Column, Office
from eligibility_audit.invention.people import Entry

TITLES: Final = {
    "veteran": "DANH SÁCH NGƯỜI HOẠT ĐỘNG KHÁNG CHIẾN BỊ NHIỄM CHẤT ĐỘC HÓA HỌC ĐANG HƯỞNG TRỢ CẤP",
    "child": "DANH SÁCH CON ĐẺ CỦA NGƯỜI HOẠT ĐỘNG KHÁNG CHIẾN BỊ NHIỄM CHẤT ĐỘC HÓA HỌC",
    "agent_orange": "DANH SÁCH NGƯỜI HĐKC VÀ CON ĐẺ BỊ NHIỄM CHẤT ĐỘC HÓA HỌC HƯỞNG TRỢ CẤP HÀNG THÁNG",
    "merit_other": "DANH SÁCH THƯƠNG BINH, BỆNH BINH, THÂN NHÂN LIỆT SĨ HƯỞNG TRỢ CẤP HÀNG THÁNG",
    "social_assistance": "DANH SÁCH ĐỐI TƯỢNG BẢO TRỢ XÃ HỘI HƯỞNG TRỢ CẤP HÀNG THÁNG",
    "covid_relief": "DANH SÁCH NGƯỜI ĐƯỢC HỖ TRỢ DO ẢNH HƯỞNG CỦA ĐẠI DỊCH COVID-19",
    "poor_households": "DANH SÁCH HỘ NGHÈO, HỘ CẬN NGHÈO ĐẾN NGÀY 31/12/2019",
    "deaths": "SỔ ĐĂNG KÝ KHAI TỬ NĂM 2018 - 2020",
    "pensions": "DANH SÁCH NGƯỜI HƯỞNG LƯƠNG HƯU, TRỢ CẤP BHXH HÀNG THÁNG",
    "service_records": "DANH SÁCH TRÍCH NGANG QUÁ TRÌNH THAM GIA KHÁNG CHIẾN",
    "inspection_findings": "DANH SÁCH HỒ SƠ KÈM THEO KẾT LUẬN THANH TRA",
}
GROUP_WORDS: Final = {
    "veteran": ("Người HĐKC", "Người hoạt động kháng chiến", "HĐKC trực tiếp"), "child": ("Con đẻ",
    "Con đẻ người HĐKC", "Con đẻ NCC bị nhiễm"),
    "TB": ("Thương binh", "TB", "Thương binh"), "BB": ("Bệnh binh", "BB", "Bệnh binh"), "LS": ("Tuất liệt sĩ",
    "Thân nhân LS", "Tuất LS"),
    "NCT80": ("Người cao tuổi từ đủ 80 tuổi", "NCT từ 80 tuổi", "Người từ đủ 80 tuổi"),
    "NKT_N": ("Người khuyết tật nặng", "NKT nặng", "Khuyết tật nặng"),
    "NKT_DBN": ("Người khuyết tật đặc biệt nặng", "NKT đặc biệt nặng", "Khuyết tật đặc biệt nặng"),
    "MOCOI": ("Trẻ em mồ côi", "Trẻ mồ côi, bị bỏ rơi", "Trẻ em không có nguồn nuôi dưỡng"),
    "DONTHAN": ("Người đơn thân nghèo nuôi con", "Đơn thân nuôi con", "Đơn thân nghèo nuôi con nhỏ"),
    "NCTNGHEO": ("Người cao tuổi nghèo cô đơn", "NCT nghèo, không có người phụng dưỡng",
    "Người cao tuổi thuộc hộ nghèo"),
    "HIV": ("Người nhiễm HIV nghèo", "Người HIV/AIDS", "Người nhiễm HIV/AIDS"),
    "HOC22": ("Từ 16 đến 22 tuổi đang đi học", "Mồ côi 16-22 tuổi đang học", "Trẻ mồ côi 16-22 tuổi đang học"),
    "NCC": ("Người có công", "NCC với cách mạng", "Người có công với CM"), "BTXH": ("Đối tượng bảo trợ xã hội",
    "BTXH", "Bảo trợ xã hội"),
    "NGHEO": ("Hộ nghèo", "Người thuộc hộ nghèo", "Hộ nghèo"), "CANNGHEO": ("Hộ cận nghèo", "Cận nghèo",
    "Hộ cận nghèo"),
    "LD": ("Lao động tạm hoãn hợp đồng", "NLĐ tạm hoãn HĐLĐ", "Người lao động nghỉ không lương"),
    "TUDO": ("Lao động tự do", "LĐ tự do", "Lao động không có giao kết hợp đồng"), "HKD": ("Hộ kinh doanh",
    "Hộ kinh doanh cá thể", "Hộ KD"),
    "GV": ("Giáo viên ngoài công lập", "GV ngoài công lập", "Giáo viên mầm non tư thục"),
    "NGHEO_PS": ("Hộ nghèo phát sinh sau 31/12/2019", "Hộ nghèo mới phát sinh năm 2020",
    "Hộ nghèo phát sinh sau 31/12/2019"),
}  # fmt: skip
CONCLUSIONS: Final = {
    "A": ("KL-01/2017 (giả định)", date(2017, 5, 23)),
    "B": ("KL-02/2019 (giả định)", date(2019, 10, 8)),
}
_COUNTED: Final = ("Tổng cộng: {n} người", "Tổng số: {n} người", "Cộng: {n} đối tượng", "Tổng cộng {n} người")


@dataclass(slots=True)
class Line:
    """One line of a sheet. `people`: who stands on it, what it says of each, and the place in the household."""

    kind: str  # person, quarantine, or what it is instead: title, header, column_numbers, group, subtotal, total, ...
    cells: list[Cell]
    people: list[tuple[Entry, Truth, int]] = field(default_factory=list)
    hidden: bool = False
    merged: bool = False
    merges: tuple[
        tuple[int, int, int, int], ...
    ] = ()  # within the header: first row, first column, last row, last column
    encoding: str = ""
    reason: str = ""


@dataclass(slots=True)
class Sheet:
    """One sheet to be written: who stands on it and how the office lays it out."""

    name: str
    kind: str
    part: str
    office: Office
    columns: list[Column]
    entries: Sequence[list[Entry]]  # one list a line; several people where a household shares a line
    province: Province
    district: District | None = None
    commune: Commune | None = None
    subtitle: str = ""
    group_of: Callable[[Entry], str] | None = None  # heading rows of groups
    pasted: bool = False  # some lines were pasted from an old TCVN3 file


def lines(sheet: Sheet, rng: random.Random) -> Iterator[Line]:
    """Every line of the sheet from the first to the last that is not blank."""
    office = sheet.office
    yield from _titles(sheet, rng)
    header = _header(sheet)
    yield from header
    if office.numbers:
        yield Line("column_numbers", _column_numbers(len(sheet.columns), office.numbers))
    yield from _body(sheet, header, rng)
    if office.title != "none":
        yield from _foot(sheet, rng)


def _body(sheet: Sheet, header: list[Line], rng: random.Random) -> Iterator[Line]:
    office = sheet.office
    habits = office.habits
    pasted_habits = Habits(habits.date_form, 0.0, 0.0, 0.3, encoding="tcvn3", workbook=habits.workbook)
    pasted_from = int(rng.random() * max(1, len(sheet.entries) - 8)) if sheet.pasted else -1
    pasted_left = 5
    keys = [c.key for c in sheet.columns]
    group = ""
    ordinal = in_group = since_header = groups = 0
    for place, people in enumerate(sheet.entries):
        if sheet.group_of is not None:
            here = sheet.group_of(people[0])
            if here != group:
                if group and office.subtotals:
                    yield _wide(sheet, "subtotal", f"Cộng {group}: {in_group} người")
                group, in_group = here, 0
                if office.words in (0, 3):
                    ordinal = 0  # these offices number the people of each group anew
                groups += 1
                yield _wide(sheet, "group", _group_words(here, office, groups))
        if office.repeat_header and since_header == office.repeat_header:
            since_header = 0
            yield from header
        ordinal += 1
        in_group += 1
        since_header += 1
        old = place >= pasted_from >= 0 and pasted_left > 0 and people[0].free
        pasted_left -= old
        line = person_line(people, sheet, keys, pasted_habits if old else habits, ordinal, rng)
        if old:
            line.encoding = "tcvn3"
        yield line
        if office.words == 2 and place % 97 == 60:
            yield Line("blank", [None] * len(keys))
    if group and office.subtotals:
        yield _wide(sheet, "subtotal", f"Cộng {group}: {in_group} người")


def _wide(sheet: Sheet, kind: str, text: str) -> Line:
    cells: list[Cell] = [None] * len(sheet.columns)
    cells[0 if sheet.office.words != 1 else 1] = text
    return Line(kind, cells, merged=sheet.office.words in (0, 6))


def _group_words(name: str, office: Office, number: int) -> str:
    return (
        name,
        f"* {name}",
        name.upper(),
        f"{_roman(number)}. {name}",
        name,
        name,
        name,
        name,
    )[office.words]


def _roman(number: int) -> str:
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def _column_numbers(width: int, form: str) -> list[Cell]:
    if form == "A":
        return ["A", "B", *range(1, width - 1)]
    return [f"({n})" if form == "(1)" else n for n in range(1, width + 1)]


# titles, header, foot


def _titles(sheet: Sheet, rng: random.Random) -> Iterator[Line]:
    office, width = sheet.office, len(sheet.columns)
    if office.title == "none":
        return
    right = max(2, width - 4)
    place = sheet.district.full if sheet.district else sheet.province.full
    agency = f"UBND {place}".upper() if sheet.district else f"SỞ LAO ĐỘNG - TB&XH {sheet.province.full}".upper()
    title = TITLES[sheet.part]
    if office.title == "both":
        yield Line("title", _at(width, (0, agency), (right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")))
        yield Line("title", _at(width, (0, "PHÒNG LAO ĐỘNG - TB&XH"), (right, "Độc lập - Tự do - Hạnh phúc")))
        yield Line("blank", [None] * width)
    elif office.title == "left":
        yield Line("title", _at(width, (0, agency)))
    yield Line("title", _at(width, (0 if office.title == "centre" else 2, title)))
    where = f"{sheet.commune.full}, {place}" if sheet.commune else place
    yield Line("title", _at(width, (2, f"{where}{' - ' + sheet.subtitle if sheet.subtitle else ''}")))
    if rng.random() < 0.6:
        yield Line(
            "title",
            _at(
                width,
                (
                    2,
                    rng.choice(
                        ("(Tính đến ngày 31/12/2020)", "Thời điểm: tháng 12/2020", "Kèm theo công văn số 15/LĐTBXH")
                    ),
                ),
            ),
        )
    if rng.random() < 0.4:
        yield Line("blank", [None] * width)


def _at(width: int, *texts: tuple[int, str]) -> list[Cell]:
    cells: list[Cell] = [None] * width
    for place, text in texts:
        cells[min(place, width - 1)] = text
    return cells


def _header(sheet: Sheet) -> list[Line]:
    """The header's lines: a heading with fewer tiers is merged down, equal ones side by side are merged."""
    depth = max(len(c.heading) for c in sheet.columns)
    rows: list[list[Cell]] = [[None] * len(sheet.columns) for _ in range(depth)]
    merges: list[tuple[int, int, int, int]] = []
    for place, column in enumerate(sheet.columns):
        for tier, text in enumerate(column.heading):
            last = tier == len(column.heading) - 1
            left = sheet.columns[place - 1].heading if place else ()
            if not last and left[: tier + 1] == column.heading[: tier + 1]:
                continue  # covered by the merged cell on the left
            rows[tier][place] = text
            if last and tier < depth - 1:
                merges.append((tier, place, depth - 1, place))
            elif not last:
                end = place
                while (
                    end + 1 < len(sheet.columns)
                    and sheet.columns[end + 1].heading[: tier + 1] == column.heading[: tier + 1]
                ):
                    end += 1
                if end > place:
                    merges.append((tier, place, tier, end))
    return [Line("header", cells, merges=tuple(m for m in merges if m[0] == tier)) for tier, cells in enumerate(rows)]


def _foot(sheet: Sheet, rng: random.Random) -> Iterator[Line]:
    office, width = sheet.office, len(sheet.columns)
    if office.words != 2:
        unit = "hộ" if sheet.kind == "poor_households" and office.households == "cell" else ""
        text = (
            f"Tổng cộng: {len(sheet.entries)} hộ" if unit else _COUNTED[office.words % 4].format(n=len(sheet.entries))
        )
        if sheet.kind == "poor_households" and not unit:
            text = f"Tổng cộng: {len(sheet.entries)} người"
        yield Line("total", _at(width, (1, text)))
    if rng.random() < 0.4:
        yield Line("note", _at(width, (0, "Ghi chú: Danh sách lập theo hồ sơ đang quản lý, có đối chiếu với xã.")))
    if office.signature:
        yield from _signature(sheet, rng)


def _signature(sheet: Sheet, rng: random.Random) -> Iterator[Line]:
    width = len(sheet.columns)
    right = max(2, width - 4)
    names = [draw_name(rng, "M").full, draw_name(rng, "F").full]
    yield Line("blank", [None] * width)
    yield Line("signature", _at(width, (right, f"{sheet.province.short}, ngày 31 tháng 12 năm 2020")))
    yield Line(
        "signature",
        _at(width, (1, "NGƯỜI LẬP BIỂU"), (right, rng.choice(("TRƯỞNG PHÒNG", "THỦ TRƯỞNG ĐƠN VỊ", "GIÁM ĐỐC")))),
    )
    yield Line("signature", _at(width, (1, "(Ký, ghi rõ họ tên)"), (right, "(Ký tên, đóng dấu)")))
    yield Line("blank", [None] * width)
    yield Line("signature", _at(width, (1, names[0]), (right, names[1])))


# people


def person_line(
    people: list[Entry], sheet: Sheet, keys: list[str], habits: Habits, ordinal: int, rng: random.Random
) -> Line:
    """The line of one person, or of a household whose other members stand in one cell."""
    entry, office = people[0], sheet.office
    cells: dict[str, Cell] = {"stt": ordinal}
    truth = _identity(entry, sheet, keys, habits, cells, rng)
    _FACTS[entry.kind](entry, sheet, habits, cells, rng)
    who = [(entry, truth, 0)]
    if entry.kind == "poor_households" and "members" in keys:
        texts = [_member(member, habits, truth, who, rng) for member in people[1:]]
        cells["members"] = "; ".join(texts)
    row: list[Cell] = [cells.get(key) for key in keys]
    if habits.encoding != "unicode":
        row = [encode(c, habits.encoding) if isinstance(c, str) else c for c in row]
        if habits.encoding != office.habits.encoding:
            truth.noise.append("pasted_tcvn3")
    hidden = office.hidden_lines and rng.random() < 0.01
    if entry.reject:
        return Line("quarantine", row, [(entry, truth, 0)], hidden, reason=entry.reject)
    return Line("person", row, who, hidden)


def _member(entry: Entry, habits: Habits, head: Truth, who: list[tuple[Entry, Truth, int]], rng: random.Random) -> str:
    person = entry.person
    name = person.name.full
    truth = Truth(name, str(person.born.year), "year", sex=None, commune=head.commune, district=head.district, noise=[])
    if rng.random() < 0.03 and habits.encoding == "unicode":
        name = name.upper()
    who.append((entry, truth, len(who)))
    return f"{name} ({person.born.year}, {entry.facts['relation']})"


def _identity(
    entry: Entry, sheet: Sheet, keys: list[str], habits: Habits, cells: dict[str, Cell], rng: random.Random
) -> Truth:
    name, full, alias, noise = mess.name_cell(entry, habits, rng)
    shown_sex = "sex" in keys or "birth_male" in keys
    cell, three, truth = mess.dob_cell(entry, habits, rng)
    truth.name = full
    truth.sex = entry.person.sex if shown_sex else None
    truth.dossier = entry.dossier if "dossier" in keys else None
    given = name.given
    if alias and "alias" in keys:
        cells["alias"] = alias
    elif alias:
        given += rng.choice((f" (tức {alias})", f" (bí danh {alias})", f" (tên khác: {alias})"))
    if entry.reject == "empty_name":
        name, given = name._replace(surname="", middle="", given=""), ""
    cells["surname_middle"], cells["given_name"] = name.surname_middle, given
    cells["name"] = f"{name.surname_middle} {given}".strip()
    cells["birth"] = cell
    cells["birth_day"], cells["birth_month"], cells["birth_year"] = three
    cells["birth_male" if entry.person.sex == "M" else "birth_female"] = cell
    cells["sex"] = _sex_cell(entry.person.sex, sheet.office, rng)
    id_noise: list[str] = []
    if "national_id" in keys:
        cells["national_id"], truth.national_id, id_noise = mess.id_cell(entry, habits, rng)
    cells["dossier"] = entry.dossier
    place_noise = _place(entry, sheet, keys, cells, truth, rng)
    truth.noise = [*noise, *truth.noise, *id_noise, *place_noise]
    return truth


def _sex_cell(sex: str, office: Office, rng: random.Random) -> str:
    words = {"M": ("Nam", "nam", "Nam", "Nam"), "F": ("Nữ", "nữ", "Nữ", "Nữ")}[sex]
    return words[office.words % 4] if rng.random() < 0.95 else words[0].lower()


def _place(
    entry: Entry, sheet: Sheet, keys: list[str], cells: dict[str, Cell], truth: Truth, rng: random.Random
) -> list[str]:
    commune = entry.commune
    cells["hamlet"] = entry.person.hamlet
    truth.commune, truth.district = commune, commune.district.full
    if "commune" in keys:
        known = "district" in keys or sheet.district is not None
        cells["commune"], noise = mess.commune_cell(commune, rng, district_known=known)
        cells["district"] = commune.district.full if rng.random() < 0.8 else commune.district.brief
        return noise
    if "address" in keys or "home" in keys:
        text, certain, noise = mess.address_cell(entry, rng)
        cells["address"] = cells["home"] = text
        if not certain and sheet.district is None and sheet.commune is None:
            truth.commune, truth.district = None, None
        if "home" in keys and ("hamlet" in keys or "address" in keys):
            cells["home"] = f"{commune.full}, {commune.district.brief}"
        return noise
    return []


# the facts of each kind


def _agent_orange(entry: Entry, sheet: Sheet, habits: Habits, cells: dict[str, Cell], rng: random.Random) -> None:
    facts, office = entry.facts, sheet.office
    cells["home"] = f"{entry.commune.full}, {entry.commune.district.brief}, {sheet.province.short}"
    cells["group"] = GROUP_WORDS[str(facts["claim"])][office.words % 3]
    disease = str(facts["disease"])
    cells["disease"] = disease.upper() if rng.random() < 0.03 and habits.encoding == "unicode" else disease
    percent = facts["percent"]
    cells["percent"] = None if percent is None else f"{percent}%" if rng.random() < 0.15 else _whole(percent)
    if "from" in facts:
        _service(entry, cells, rng)
    cells["parent_name"], cells["parent_dossier"] = _text(facts.get("parent_name")), _text(facts.get("parent_dossier"))
    _papers(facts["papers"], office, habits, cells, rng)
    _decision(entry, office, habits, cells, rng, "SLĐTBXH")
    cells["note"] = _text(facts.get("note"))


def _service(entry: Entry, cells: dict[str, Cell], rng: random.Random) -> None:
    facts = entry.facts
    only = bool(facts.get("months_only"))
    first, last = (mess.month_text(_pair(facts[k]), rng, months_only=only) for k in ("from", "to"))
    cells["service_from"], cells["service_to"] = first, last
    cells["service"] = rng.choice(
        (
            f"từ {first} đến {last}",
            f"{first} - {last}",
            f"Từ {first} đến {last}",
            f"{first}-{last}" if "-" not in first + last else f"{first} đến {last}",
        )
    )
    unit, place = _text(facts["unit"]), _text(facts["place"])
    cells["unit"], cells["place"] = unit, place
    cells["unit_place"] = rng.choice((f"{unit}, {place}", f"{unit}; {place}", f"{place} ({unit})")) if place else unit


def _papers(papers: object, office: Office, habits: Habits, cells: dict[str, Cell], rng: random.Random) -> None:
    assert isinstance(papers, list)  # noqa: S101 - every claim has a list of papers
    if office.papers == "two":
        cells["papers"] = "; ".join(name for name, _ in papers) or None
        days = [mess.day_text(made, Habits(habits.date_form), rng) for _, made in papers if made]
        cells["paper_date"] = "; ".join(str(d) for d in days) or None
        return
    form = rng.choice(("{n} ({d})", "{n} ngày {d}", "{n} ({d})"))
    texts = [
        form.format(n=name, d=f"{made.day:02d}/{made.month:02d}/{made.year}") if made else name for name, made in papers
    ]
    cells["papers"] = "; ".join(texts) or None


def _decision(
    entry: Entry, office: Office, habits: Habits, cells: dict[str, Cell], rng: random.Random, maker: str
) -> None:
    facts = entry.facts
    number = str(facts["decision_no"]).format(office=maker)
    made = facts["decision_date"]
    assert isinstance(made, date)  # noqa: S101 - every decision has a date
    cells["decision_no"] = number
    cells["decision_date"] = mess.day_text(made, habits, rng)
    cells["decision"] = (
        f"{number} ngày {made.day}/{made.month}/{made.year}" if rng.random() < 0.9 else f"{number}, {made:%d/%m/%Y}"
    )
    year, month = _pair(facts["start"])
    cells["start"] = (
        date(year, month, 1)
        if habits.workbook and rng.random() < habits.date_cells
        else rng.choice((f"{month:02d}/{year}", f"{month}/{year}"))
    )
    cells["amount"] = _money(entry, habits, rng)


def _money(entry: Entry, habits: Habits, rng: random.Random) -> Cell:
    if entry.reject == "text_in_amount":
        return rng.choice(mess.NO_AMOUNT)
    return mess.money_cell(_whole(entry.facts["amount"]), habits, rng)


def _merit(entry: Entry, sheet: Sheet, habits: Habits, cells: dict[str, Cell], rng: random.Random) -> None:
    cells["group"] = GROUP_WORDS[str(entry.facts["group"])][sheet.office.words % 3]
    percent = entry.facts["percent"]
    cells["percent"] = None if percent is None else f"{percent}%" if rng.random() < 0.1 else _whole(percent)
    _decision(entry, sheet.office, habits, cells, rng, "LĐTBXH")


def _social(entry: Entry, sheet: Sheet, habits: Habits, cells: dict[str, Cell], rng: random.Random) -> None:
    facts = entry.facts
    cells["group"] = GROUP_WORDS[str(facts["group"])][sheet.office.words % 3]
    cells["level"], cells["certificate"], cells["guardian"] = (
        _text(facts[k]) for k in ("level", "certificate", "guardian")
    )
    coefficient = float(str(facts["coefficient"]))
    draw = rng.random()
    cells["coefficient"] = (
        coefficient if draw < 0.4 else str(coefficient).replace(".", ",") if draw < 0.8 else str(coefficient)
    )
    _decision(entry, sheet.office, habits, cells, rng, "UBND")


def _covid(entry: Entry, sheet: Sheet, habits: Habits, cells: dict[str, Cell], rng: random.Random) -> None:
    facts = entry.facts
    cells["group"] = GROUP_WORDS[str(facts["group"])][sheet.office.words % 3]
    cells["months"] = _whole(facts["months"])
    cells["paid_amount"] = _money(entry, habits, rng)
    cells["paid"] = mess.day_text(_date(facts["paid"]), habits, rng)


def _poor(entry: Entry, sheet: Sheet, habits: Habits, cells: dict[str, Cell], rng: random.Random) -> None:
    facts = entry.facts
    cells["household"] = f"H{_whole(facts['household']):05d}"
    cells["class"] = str(facts["class"]) if sheet.office.words % 2 else f"Hộ {str(facts['class']).lower()}"
    cells["size"], cells["relation"] = _whole(facts["size"]), str(facts["relation"])


def _death(entry: Entry, sheet: Sheet, habits: Habits, cells: dict[str, Cell], rng: random.Random) -> None:
    facts = entry.facts
    registered = _date(facts["registered"])
    cells["registration_no"] = f"{entry.person.number % 400 + 1}/{registered.year}"
    cells["registered"], cells["died"] = (
        mess.day_text(registered, habits, rng),
        mess.day_text(_date(facts["died"]), habits, rng),
    )
    cells["note"] = _text(facts["note"])


def _pension(entry: Entry, sheet: Sheet, habits: Habits, cells: dict[str, Cell], rng: random.Random) -> None:
    facts = entry.facts
    cells["book"], cells["pension"], cells["pension_amount"] = (
        str(facts["book"]),
        str(facts["pension"]),
        _money(entry, habits, rng),
    )


def _army(entry: Entry, sheet: Sheet, habits: Habits, cells: dict[str, Cell], rng: random.Random) -> None:
    _service(entry, cells, rng)


def _finding(entry: Entry, sheet: Sheet, habits: Habits, cells: dict[str, Cell], rng: random.Random) -> None:
    facts = entry.facts
    cells["conclusion_no"], made = CONCLUSIONS[str(facts["conclusion"])]
    cells["conclusion_date"] = mess.day_text(made, habits, rng)
    cells["finding_group"], cells["text"], cells["handling"] = (
        str(facts[k]) for k in ("finding_group", "text", "handling")
    )


_FACTS: Final[dict[str, Callable[[Entry, Sheet, Habits, dict[str, Cell], random.Random], None]]] = {
    "agent_orange": _agent_orange, "merit_other": _merit, "social_assistance": _social, "covid_relief": _covid,
    "poor_households": _poor,
    "deaths": _death, "pensions": _pension, "service_records": _army, "inspection_findings": _finding,
}  # fmt: skip


def _text(value: object) -> str | None:
    return str(value) if value else None


def _whole(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 - counts and amounts are whole numbers
    return value


def _pair(value: object) -> tuple[int, int]:
    assert isinstance(value, tuple)  # noqa: S101 - months are pairs
    return value[0], value[1]


def _date(value: object) -> date:
    assert isinstance(value, date)  # noqa: S101 - days are dates
    return value
