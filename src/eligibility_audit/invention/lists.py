"""The lines that are in order: every list before anything is planted in it."""

import random
from datetime import date
from typing import Final

from eligibility_audit.invention import amounts
from eligibility_audit.invention.names import draw_name
from eligibility_audit.invention.people import Entry, Person, Roll

YearMonth = tuple[int, int]
LISTED: Final = (
    "Đái tháo đường týp 2", "Tiểu đường typ 2", "ĐTĐ type II", "Ung thư phổi, phế quản", "Ung thư phế quản",
    "K gan nguyên phát",
    "Ung thư tuyến tiền liệt", "Ung thư thanh quản", "Ung thư khí quản", "Bệnh Hodgkin",
    "U lympho ác tính không Hodgkin",
    "Đa u tủy xương (Kahler)", "Ung thư phần mềm", "Bệnh thần kinh ngoại biên bán cấp",
    "Bệnh thần kinh ngoại biên cấp tính",
    "Rối loạn tâm thần", "Bệnh trứng cá do Clo", "Bệnh porphyrin xuất hiện chậm",
)  # fmt: skip
UNLISTED: Final = (
    "Cao huyết áp", "Viêm khớp dạng thấp", "Hen phế quản mạn tính", "Viêm đại tràng", "Loét dạ dày tá tràng",
    "Thoái hóa đốt sống cổ",
    "Sỏi mật", "Đục thủy tinh thể", "Gút mạn tính", "Suy thận mạn",
)  # fmt: skip
MALFORMED: Final = (
    "Dị tật bẩm sinh bàn chân", "Khe hở môi, vòm miệng bẩm sinh", "Não úng thủy bẩm sinh", "Gai sống chẻ đôi",
    "Nứt đốt sống bẩm sinh",
    "Câm điếc bẩm sinh", "Mù bẩm sinh hai mắt", "Thiếu ngón tay bẩm sinh", "Bại não bẩm sinh",
    "Dị dạng sọ mặt bẩm sinh",
    "Liệt hai chi dưới bẩm sinh", "Dị dạng cột sống bẩm sinh",
)  # fmt: skip
INFERTILE: Final = ("Vô sinh", "Không có con đẻ (vô sinh)", "Vô sinh do nhiễm CĐHH")
DEFORMED_CHILD: Final = ("Có con đẻ dị dạng, dị tật", "Sinh con dị dạng", "Có con bị dị tật bẩm sinh")
PLACES: Final = (
    "Quảng Trị (B)", "Mặt trận B5", "Thừa Thiên - Huế", "Khu 5, Quảng Ngãi", "Quảng Nam (B1)", "Bình Định",
    "B3 - Gia Lai",
    "Tây Nguyên (B3)", "Đăk Lăk", "Tây Ninh (B2)", "Bình Long", "Long An (B2)", "Miền Đông Nam Bộ", "Chiến trường B",
    "Chiến trường C (Lào)",
    "Xa-va-na-khẹt (C)", "Đường 9 Nam Lào", "Chiến trường K", "Cam-pu-chia (K)", "Vĩnh Giang, Vĩnh Linh",
    "Vĩnh Thủy - Vĩnh Linh",
)  # fmt: skip
NORTHERN: Final = ("Hải Phòng", "Quảng Ninh", "Lạng Sơn", "Bắc Thái", "Thanh Hóa", "Hà Tây", "Nam Hà", "Yên Bái")
PAPERS: Final = (
    "Lý lịch quân nhân", "Lý lịch đảng viên", "Giấy X Y Z", "Quyết định xuất ngũ", "Quyết định phục viên",
    "Giấy ra viện",
    "Phiếu chuyển thương", "Huân chương Giải phóng", "Hồ sơ BHXH", "Hồ sơ thương binh", "Huân chương kháng chiến",
)  # fmt: skip
LATE_PAPERS: Final = (
    "Giấy xác nhận của Ban liên lạc",
    "Bản khai có xác nhận của UBND xã",
    "Giấy xác nhận của Ban CHQS huyện",
)
NO_PAPER: Final = ("", "Không có", "Chưa có")
BIRTH_PAPERS: Final = ("Giấy khai sinh", "Bản sao giấy khai sinh", "Trích lục khai sinh")
# Of 1,000 persons: how many of each sort (a province's usual mixture; about two lines a person come of it).
SHARES: Final = {
    "veteran": 112, "child": 74, "merit": 122, "assistance": 262, "poor": 160, "worker": 90, "teacher": 11,
    "dead": 52, "pensioner": 44,
    "soldier": 28, "gone": 2,
}  # fmt: skip
ASSISTANCE: Final = (
    ("NCT80", 414),
    ("NKT_N", 350),
    ("NKT_DBN", 120),
    ("MOCOI", 42),
    ("DONTHAN", 38),
    ("NCTNGHEO", 22),
    ("HIV", 12),
)
WORKERS: Final = (("LD", 60), ("TUDO", 26), ("HKD", 14))


def count(share: str, persons: int) -> int:
    """How many people of a sort, with a floor that leaves room for every planted case."""
    floors = {"veteran": 230, "child": 150, "merit": 130, "assistance": 230, "poor": 100}
    return max(round(SHARES[share] * persons / 1000), min(floors.get(share, 5), persons // 4))


def weighted(rng: random.Random, table: tuple[tuple[str, int], ...]) -> str:
    """One word of a table of weights."""
    draw = rng.random() * sum(weight for _, weight in table)
    for word, weight in table:
        draw -= weight
        if draw < 0:
            return word
    return table[-1][0]


def veterans(roll: Roll, persons: int) -> list[Entry]:
    """Veterans on the Agent Orange roster."""
    return [veteran(roll) for _ in range(count("veteran", persons))]


def veteran(roll: Roll, basis: str | None = None) -> Entry:
    """One veteran whose file is in order."""
    rng = roll.rng
    person = roll.person("F" if rng.random() < 0.12 else "M", roll.born(1933, 1955))
    basis = basis or weighted(rng, (("benh", 80), ("condi", 11), ("vosinh", 9)))
    percent = int(rng.random() * 65) + 24 if basis == "benh" else None
    disease = rng.choice({"benh": LISTED, "condi": DEFORMED_CHILD, "vosinh": INFERTILE}[basis])
    start, end = service(roll, person)
    facts: dict[str, object] = {
        "claim": "veteran", "basis": basis, "percent": percent, "disease": disease, "from": start, "to": end,
        "unit": unit(rng),
        "place": rng.choice(PLACES), "papers": [(rng.choice(PAPERS), paper_day(roll, start))],
        "amount": amounts.veteran(percent),
        **decision(roll, 2001, 2018),
    }  # fmt: skip
    return roll.add("agent_orange", "AO", person, facts, dossier=roll.dossier("HH"))


def service(roll: Roll, person: Person) -> tuple[YearMonth, YearMonth]:
    """Service that begins between September 1961 and 1974, at 17 or older."""
    rng = roll.rng
    year = max(1962, person.born.year + 18) + int(rng.random() * 6)
    start = (min(year, 1974), int(rng.random() * 12) + 1)
    return start, (min(start[0] + 1 + int(rng.random() * 7), 1983), int(rng.random() * 12) + 1)


def unit(rng: random.Random) -> str:
    """A unit: regiment and division, transport station, youth volunteers."""
    n = int(rng.random() * 300) + 2
    forms = (
        f"E{n} F{n % 50 + 300}",
        f"Trung đoàn {n}",
        f"Sư đoàn {n % 40 + 304}",
        f"D{n % 20 + 1} E{n}",
        f"Binh trạm {n % 40 + 4}",
        f"TNXP Đội {n}",
    )
    return rng.choice(forms)


def paper_day(roll: Roll, start: YearMonth) -> date:
    """A day on which a paper was made: after service began, well before 2000."""
    return roll.day(date(start[0] + 1, 2, 1), date(1996, 12, 31))


def decision(roll: Roll, first: int, last: int) -> dict[str, object]:
    """Number and date of the granting decision, and the month of the first payment."""
    day = roll.day(date(first, 1, 5), date(last, 12, 20))
    start = (day.year + day.month // 12, day.month % 12 + 1)
    return {"decision_no": f"{int(roll.rng.random() * 6000) + 11}/QĐ-{{office}}", "decision_date": day, "start": start}


def children(roll: Roll, persons: int, parents: list[Entry]) -> list[Entry]:
    """Children on the Agent Orange roster: most of a veteran on the roster, the others of one who has died."""
    rng = roll.rng
    fertile = [p for p in parents if p.facts["basis"] != "vosinh"]
    rng.shuffle(fertile)
    made: list[Entry] = []
    wanted = count("child", persons)
    place = 0
    while len(made) < wanted:
        if rng.random() < 0.68:
            parent = fertile[place % len(fertile)]
            place += 1
            made += [child(roll, parent) for _ in range(1 if rng.random() < 0.6 else 2)]
        else:
            made.append(orphaned_child(roll))
    return made


def child(
    roll: Roll, parent: Entry, *, born: date | None = None, middle: str | None = None, sex: str | None = None
) -> Entry:
    """A child of a veteran on the roster, born after the veteran's first exposure."""
    rng = roll.rng
    sex = sex or ("F" if rng.random() < 0.45 else "M")
    start = month_of(parent, "from")
    if born is None:
        born = roll.born(start[0] + 2, min(start[0] + 18, 1990))
    surname = parent.person.name.surname if parent.person.sex == "M" else None
    commune = parent.commune if rng.random() < 0.88 else None
    person = roll.person(sex, born, commune=commune, name=draw_name(rng, sex, surname, middle))
    return _child_entry(roll, person, parent.person.name.full, parent.dossier, parent)


def orphaned_child(roll: Roll) -> Entry:
    """A child whose parent has died and is no longer on the roster; the dossier is cited."""
    rng = roll.rng
    sex = "F" if rng.random() < 0.45 else "M"
    parent = draw_name(rng, "M")
    person = roll.person(sex, roll.born(1966, 1989), name=draw_name(rng, sex, parent.surname))
    entry = _child_entry(roll, person, parent.full, roll.dossier("HH"), None)
    entry.facts["note"] = rng.choice(["Cha đã mất", "Bố mất năm 2006", "NCC đã từ trần 2011", "Cha chết năm 1998"])
    entry.trap = "T_PARENT_DECEASED"
    return entry


def _child_entry(
    roll: Roll, person: Person, parent_name: str, parent_dossier: str | None, parent: Entry | None
) -> Entry:
    rng = roll.rng
    percent = int(rng.random() * 35) + 61
    made = roll.day(date(person.born.year, 12, 1), date(1998, 12, 31)) if rng.random() < 0.7 else None
    facts: dict[str, object] = {
        "claim": "child", "basis": "benh", "percent": percent, "disease": rng.choice(MALFORMED),
        "parent_name": parent_name,
        "parent_dossier": parent_dossier, "papers": [(rng.choice(BIRTH_PAPERS), made)],
        "amount": amounts.child(percent),
        **decision(roll, 2001, 2018),
    }  # fmt: skip
    if parent is not None:
        facts["parent"] = parent
    return roll.add("agent_orange", "AO", person, facts, dossier=roll.dossier("CD"))


def merit(roll: Roll, persons: int) -> None:
    """War invalids, sick soldiers, relatives of martyrs."""
    for _ in range(count("merit", persons)):
        group = weighted(roll.rng, (("TB", 52), ("BB", 24), ("LS", 24)))
        sex = "F" if roll.rng.random() < (0.85 if group == "LS" else 0.07) else "M"
        person = roll.person(sex, roll.born(1926 if group == "LS" else 1938, 1958))
        merit_line(roll, person, group)


def merit_line(roll: Roll, person: Person, group: str) -> Entry:
    """One line on the list of other people with merit."""
    rng = roll.rng
    percent = (
        None if group == "LS" else int(rng.random() * (40 if group == "TB" else 30)) + (21 if group == "TB" else 41)
    )
    amount = 1_624_000 if percent is None else amounts.wounded(percent) if group == "TB" else amounts.sick(percent)
    facts: dict[str, object] = {"group": group, "percent": percent, "amount": amount, **decision(roll, 1977, 2015)}
    return roll.add("merit_other", "ME", person, facts, dossier=roll.dossier(group))


def assistance(roll: Roll, persons: int) -> None:
    """Monthly social assistance."""
    for _ in range(count("assistance", persons)):
        assistance_person(roll, weighted(roll.rng, ASSISTANCE))


def assistance_person(roll: Roll, group: str) -> Entry:
    """A new person of a group, of an age that leaves no doubt about the coefficient."""
    rng = roll.rng
    spans = {
        "NCT80": ((1919, 1939),), "NKT_N": ((1942, 1958), (1963, 2002), (2007, 2016)), "NKT_DBN": ((1936, 1958),
        (1963, 2002), (2007, 2016)),
        "MOCOI": ((2006, 2015), (2018, 2019)), "DONTHAN": ((1965, 1994),), "NCTNGHEO": ((1942, 1958),),
        "HIV": ((1965, 1998),),
        "HOC22": ((1999, 2003),),
    }  # fmt: skip
    sex = "F" if rng.random() < (0.9 if group == "DONTHAN" else 0.64 if group == "NCT80" else 0.47) else "M"
    return assistance_line(roll, roll.person(sex, roll.born(*rng.choice(spans[group]))), group)


def assistance_line(roll: Roll, person: Person, group: str) -> Entry:
    """One line on the list of monthly social assistance."""
    rng = roll.rng
    coefficient = amounts.coefficient(group, person.born)
    disabled = group in ("NKT_N", "NKT_DBN")
    minor = person.born.year > 2004
    facts: dict[str, object] = {
        "group": group, "coefficient": coefficient, "amount": round(coefficient * amounts.SOCIAL_BASE),
        "certificate": _certificate(rng) if disabled else None,
        "level": {"NKT_N": "Nặng", "NKT_DBN": "Đặc biệt nặng"}.get(group),
        "guardian": draw_name(rng,
        "F" if rng.random() < 0.6 else "M").full if minor or (disabled and rng.random() < 0.4) else None,
        **decision(roll, 2011, 2020),
    }  # fmt: skip
    return roll.add("social_assistance", "SA", person, facts)


def _certificate(rng: random.Random) -> str:
    return f"{int(rng.random() * 480) + 3:03d}/{rng.choice(['GXNKT', 'XN-KT', 'GXN'])}"


def poor(roll: Roll, persons: int) -> list[list[Entry]]:
    """Poor and near-poor households at 31 December 2019, some around a person on social assistance."""
    rng = roll.rng
    groups = ("NKT_N", "DONTHAN", "NCTNGHEO", "NCT80")
    assisted = (e for e in roll.lines["social_assistance"] if e.facts["group"] in groups)
    heads = [e.person for e in assisted if e.person.born.year < 1995]
    rng.shuffle(heads)
    households: list[list[Entry]] = []
    left = count("poor", persons)
    while left > 0:
        known = heads.pop() if heads and rng.random() < 0.4 else None
        household = _household(roll, known, len(households) + 1)
        left -= len(household) - (known is not None)
        households.append(household)
    return households


def _household(roll: Roll, known: Person | None, number: int) -> list[Entry]:
    rng = roll.rng
    head = known or roll.person("F" if rng.random() < 0.45 else "M", roll.born(1940, 1988))
    facts: dict[str, object] = {"household": number, "class": "Nghèo" if rng.random() < 0.45 else "Cận nghèo"}
    household = [roll.add("poor_households", "PH", head, facts | {"relation": "Chủ hộ"})]
    for _ in range(rng.choice([0, 1, 1, 2, 2, 3])):
        relation = rng.choice(["vợ" if head.sex == "M" else "chồng", "con", "con", "cháu"])
        if relation in ("vợ", "chồng") and any(e.facts["relation"] == relation for e in household):
            relation = "con"
        household.append(_relative(roll, head, relation, facts))
    for entry in household:
        entry.facts["size"] = len(household)
    return household


def _relative(roll: Roll, head: Person, relation: str, facts: dict[str, object]) -> Entry:
    rng = roll.rng
    if relation in ("vợ", "chồng"):
        sex = "F" if relation == "vợ" else "M"
        person = roll.person(sex, roll.born(head.born.year - 4, head.born.year + 4), commune=head.commune)
    else:
        sex = "F" if rng.random() < 0.5 else "M"
        gap = 22 if relation == "con" else 48
        year = min(head.born.year + gap + int(rng.random() * 14), 2017)
        surname = head.name.surname if head.sex == "M" else None
        person = roll.person(sex, roll.born(year, year + 1), commune=head.commune, name=draw_name(rng, sex, surname))
    return roll.add("poor_households", "PH", person, facts | {"relation": relation})


def soldiers(roll: Roll, persons: int) -> None:
    """The army's records of some with other merit and of some on no roster (those of veterans: see planting)."""
    rng = roll.rng
    for entry in roll.lines["merit_other"]:
        if entry.facts["group"] != "LS" and rng.random() < 0.22:
            start, end = service(roll, entry.person)
            facts: dict[str, object] = {"from": start, "to": end, "unit": unit(rng), "place": rng.choice(PLACES)}
            roll.add("service_records", "SV", entry.person, facts)
    for _ in range(count("soldier", persons)):
        person = roll.person("M", roll.born(1938, 1955))
        start, end = service(roll, person)
        roll.add(
            "service_records", "SV", person, {"from": start, "to": end, "unit": unit(rng), "place": rng.choice(PLACES)}
        )


def army_record(roll: Roll, entry: Entry, **other: object) -> Entry:
    """The army's record of a veteran on the roster; `other` facts differ from the roster's."""
    facts = {name: entry.facts[name] for name in ("from", "to", "unit", "place")} | other
    return roll.add("service_records", "SV", entry.person, facts)


def dead(roll: Roll, persons: int) -> None:
    """Death registrations of people who are on no roster."""
    for _ in range(count("dead", persons)):
        person = roll.person("F" if roll.rng.random() < 0.47 else "M", roll.born(1918, 1988))
        death_line(roll, person, roll.day(date(2018, 1, 4), date(2020, 12, 8)))


def death_line(roll: Roll, person: Person, died: date) -> Entry:
    """The registration of a death, some days after it."""
    person.died = died
    registered = min(date(2020, 12, 30), date.fromordinal(died.toordinal() + 1 + int(roll.rng.random() * 14)))
    return roll.add("deaths", "DE", person, {"died": died, "registered": registered, "note": ""})


def pensioners(roll: Roll, persons: int) -> None:
    """People with a pension who are on no roster."""
    for _ in range(count("pensioner", persons)):
        pension_line(roll, roll.person("F" if roll.rng.random() < 0.4 else "M", roll.born(1930, 1962)))


def pension_line(roll: Roll, person: Person) -> Entry:
    """One line on the list of pensions."""
    rng = roll.rng
    kind = weighted(rng, (("Hưu trí", 78), ("Tuất tháng", 12), ("Mất sức lao động", 10)))
    facts: dict[str, object] = {
        "pension": kind,
        "book": f"{int(rng.random() * 9e9) + 10**9:010d}",
        "amount": (int(rng.random() * 7000) + 1800) * 1000,
    }
    return roll.add("pensions", "PE", person, facts)


def workers(roll: Roll, persons: int) -> None:
    """People who lost work in 2020 and teachers paid by the province; they make up the number of persons asked for."""
    for _ in range(count("teacher", persons)):
        person = roll.person("F" if roll.rng.random() < 0.9 else "M", roll.born(1968, 1996))
        covid_line(roll, person, "GV", months=1)
    while len(roll.people) < persons:
        person = roll.person("F" if roll.rng.random() < 0.55 else "M", roll.born(1962, 2001))
        covid_line(roll, person, weighted(roll.rng, WORKERS))


def covid_line(roll: Roll, person: Person, group: str, months: int | None = None) -> Entry:
    """One payment of COVID relief."""
    months = 3 if group in amounts.ONCE else months or roll.rng.choice([1, 2, 3])
    amount = amounts.COVID[group] * (1 if group in amounts.ONCE else months)
    extension = group in ("GV", "NGHEO_PS")
    paid = (
        roll.day(date(2020, 8, 3), date(2020, 10, 28)) if extension else roll.day(date(2020, 5, 6), date(2020, 6, 29))
    )
    facts: dict[str, object] = {"group": group, "months": months, "amount": amount, "paid": paid}
    return roll.add("covid_relief", "EXT" if extension else "CV", person, facts)


def covid_of_rosters(roll: Roll) -> None:
    """One payment to everybody on a roster or in a poor household: the highest group alone."""
    paid: set[int] = set()
    rng = roll.rng
    for kind, group in (
        ("agent_orange", "NCC"),
        ("merit_other", "NCC"),
        ("social_assistance", "BTXH"),
        ("poor_households", ""),
    ):
        for entry in roll.lines[kind]:
            person = entry.person
            if (
                person.number not in paid
                and not entry.facts.get("no_covid")
                and (not person.died or rng.random() < 0.9)
                and rng.random() < 0.985
            ):
                paid.add(person.number)
                covid_line(roll, person, group or ("NGHEO" if entry.facts["class"] == "Nghèo" else "CANNGHEO"))


def month_of(entry: Entry, name: str) -> YearMonth:
    """A month among the facts of a line."""
    value = entry.facts[name]
    assert isinstance(value, tuple)  # noqa: S101 - a veteran's service is a pair
    return value
