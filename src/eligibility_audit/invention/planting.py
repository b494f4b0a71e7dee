"""What is wrong in the invented lists, and what only looks wrong: codes and traps of the answer key."""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from eligibility_audit.invention import amounts, lists
from eligibility_audit.invention.names import Name, draw_name
from eligibility_audit.invention.people import Entry, Person, Roll, plant, set_trap

# Of 7,326 persons: how many lines (or pairs) of each; never fewer than two.
RATES: Final = {
    "AO_DEAD_CLEAR": 9, "AO_DEAD_FUZZY": 19, "AO_DUP": 18, "INSP_FORGED": 15, "INSP_CLEARED_THEN_FORGED": 3,
    "INSP_NO_PLACE": 9,
    "INSP_DISEASE": 8, "INSP_CHILD_BEFORE": 6, "INSP_VERIFY_MORE": 9, "AO_SERVICE_OUTSIDE": 12, "AO_PLACE": 12,
    "AO_SVC_CONFLICT": 8,
    "AO_UNIT_CODE_ONLY": 12, "AO_DISEASE": 12, "AO_CHILD_BEFORE": 9, "AO_CHILD_NO_PARENT": 9,
    "AO_INFERTILE_WITH_CHILD": 6, "AO_RATE": 18,
    "AO_PAPER_LATE": 15, "AO_PAPER_MISSING": 15, "AO_MED_MISSING": 9, "AO_ID_INCONSISTENT": 12, "ID_SHARED": 4,
    "ME_DEAD_CLEAR": 4,
    "ME_DEAD_FUZZY": 9, "ME_DUP": 8, "SA_DEAD_CLEAR": 7, "SA_DEAD_FUZZY": 11, "SA_DUP": 12, "SA_TWO_GROUPS": 6,
    "SA_80_YOUNGER": 10,
    "SA_80_PENSION": 8, "SA_COEF": 12, "SA_AMOUNT": 12, "SA_AGED_OUT": 6, "SA_NO_CERT": 12, "SA_ID_INCONSISTENT": 10,
    "CV_TWO_GROUPS": 14,
    "CV_DUP": 8, "CV_POOR_NOT_LISTED": 15, "CV_AMOUNT": 12, "X_BB_AO_DISEASE": 6, "X_NCC_BTXH": 15,
    "T_0101": 160, "T_NAMESAKE_YEAR": 12, "T_NAMESAKE_DEATH": 33, "T_NAMESAKE_PENSION": 6, "T_TWIN": 12,
    "T_FATHER_SON": 6, "T_TB_AO": 15,
    "T_BB_AO_CHILD": 6, "T_NCC_PENSION": 15, "T_DIS_PENSION": 8, "T_SINGLE_PARENT_DIS": 4, "T_STUDENT": 12,
    "T_CLEARED": 6,
    "T_CLEARED_LATER": 8, "T_FINDING_HITS_OTHER": 3, "T_SERVICE_EDGE": 6, "T_DISEASE_MIXED": 8, "T_COPY_DATE": 12,
    "T_PAPER_MIXED": 9,
    "T_SVC_YEAR_DIFF": 6, "T_NOT_IN_SERVICE": 15, "T_DEATH_CANCELLED": 6, "T_DIED_AFTER_PAYMENT": 12,
    "T_EXTENSION": 4, "gone": 9,
}  # fmt: skip
DUP_KINDS: Final = ("id_same", "name_dob", "id9v12_tone", "idtypo_year", "id_midswap", "weak")
FUZZY_KINDS: Final = ("year", "swap", "idtypo", "commune", "ascii")
CATEGORIES: Final = {
    "forged": (
        "Hồ sơ giả mạo",
        ("Giấy tờ gốc bị tẩy xóa, cơ quan cấp không ban hành; kết luận hồ sơ giả mạo",
        "Kết luận: giả mạo lý lịch, con dấu không đúng mẫu"),
        ("Đình chỉ trợ cấp, thu hồi số tiền đã nhận", "Đình chỉ, thu hồi"),
    ),
    "noplace": (
        "Không chứng minh được địa bàn",
        ("Hồ sơ không có giấy tờ chứng minh hoạt động tại vùng rải chất độc hóa học",
        "Chưa chứng minh được địa bàn B, C, K"),
        ("Bổ sung giấy tờ chứng minh", "Kiểm tra, xác minh lại"),
    ),
    "disease": (
        "Bệnh không thuộc danh mục",
        ("Bệnh ghi trong hồ sơ không có trong danh mục bệnh liên quan phơi nhiễm",
        "Bệnh tật không nằm trong danh mục quy định"),
        ("Kiểm tra, xác minh lại", "Khám lại, xem xét điều chỉnh"),
    ),
    "childbefore": (
        "Con sinh trước khi đi B, C, K",
        ("Người con sinh trước thời gian cha, mẹ tham gia kháng chiến tại vùng rải",
        "Năm sinh của con trước ngày bố vào chiến trường"),
        ("Kiểm tra, xác minh lại", "Xem xét lại điều kiện hưởng"),
    ),
    "more": (
        "Cần tiếp tục xác minh",
        ("Hồ sơ có thông tin chưa khớp, cần xác minh thêm tại đơn vị cũ", "Cần tiếp tục xác minh quá trình công tác"),
        ("Tiếp tục xác minh", "Giao Sở LĐTBXH xác minh, báo cáo"),
    ),
    "cleared": (
        "Đã xác minh, đủ điều kiện",
        ("Đã xác minh tại đơn vị cũ: đủ điều kiện hưởng chế độ", "Qua kiểm tra, hồ sơ hợp lệ, đủ điều kiện"),
        ("Giữ nguyên chế độ", "Tiếp tục hưởng"),
    ),
}  # fmt: skip


def fold(text: str) -> str:
    """Lower case without diacritics."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


class Planter:
    """Plants the cases into the lists of a roll, each into lines that no other case uses."""

    def __init__(self, roll: Roll, persons: int) -> None:
        self.roll = roll
        self.rng = roll.rng
        self.persons = persons
        self.parents: set[int] = set()  # entities of veterans with a child on the roster
        self.clear_deaths: dict[int, str] = {}  # entity -> how its death is registered
        self.fuzzy_deaths: dict[int, str] = {}
        self.cancelled: set[int] = set()
        self.orphans: list[Entry] = []
        self._pools: dict[str, list[Entry]] = {}

    def number(self, code: str) -> int:
        """How many of a code."""
        return max(2, round(RATES[code] * self.persons / 7326))

    def pool(self, name: str, lines: Iterable[Entry]) -> None:
        """Lines from which cases are taken, in a mixed order."""
        mixed = [e for e in lines if e.free]
        self.rng.shuffle(mixed)
        self._pools[name] = mixed

    def take(self, name: str, number: int, fits: Callable[[Entry], bool] = lambda _: True) -> list[Entry]:
        """Up to `number` lines of a pool that no case uses yet and that fit; they are taken out of the pool."""
        taken: list[Entry] = []
        left: list[Entry] = []
        pool = self._pools[name]
        while pool and len(taken) < number:
            entry = pool.pop()
            if not entry.free:
                continue
            if fits(entry):
                taken.append(entry)
                entry.person.special = True
            else:
                left.append(entry)
        pool.extend(left)
        return taken

    def plan(self, pool: str, code: str, fits: Callable[[Entry], bool] = lambda _: True) -> list[Entry]:
        """The lines for one code."""
        return self.take(pool, self.number(code), fits)

    # what a line must show

    def sure(self, *entries: Entry) -> None:
        """Both the number in use and the full birth date are shown."""
        for entry in entries:
            person = entry.person
            person.main = person.main or "9"
            order = entry.order()
            order.national_id, order.dob = person.national_id, "day"

    def typo(self, number: str) -> str:
        """One digit of the serial mistyped."""
        place = len(number) - 2 - int(self.rng.random() * 4)
        digit = str((int(number[place]) + 1 + int(self.rng.random() * 8)) % 10)
        return number[:place] + digit + number[place + 1 :]

    def swapped(self, number: str) -> str:
        """Two neighbouring digits of the serial exchanged."""
        for place in range(len(number) - 4, len(number) - 2):
            if number[place] != number[place + 1]:
                return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        return self.typo(number)


def before_the_army(planter: Planter) -> None:
    """Agent Orange cases about file, service, papers, amounts, and family: they shape the army's records."""
    roster = planter.roll.lines["agent_orange"]
    planter.parents = {p.person.number for e in roster if isinstance(p := e.facts.get("parent"), Entry)}
    planter.pool("veterans", (e for e in roster if e.facts["claim"] == "veteran"))
    planter.pool("children", (e for e in roster if e.facts["claim"] == "child"))
    planter.orphans = [e for e in roster if e.trap == "T_PARENT_DECEASED"]
    _inspections(planter)
    _service(planter)
    _papers(planter)
    _family(planter)
    _combinations(planter)


def _childless(planter: Planter) -> Callable[[Entry], bool]:
    return lambda e: e.person.number not in planter.parents


def _sick(entry: Entry) -> bool:
    return entry.facts["basis"] == "benh"


# findings


def finding(planter: Planter, entry: Entry, category: str, conclusion: str, dossier: str | None) -> Entry:
    """One line of an inspection annex about the person of `entry`, with the dossier number as the annex has it."""
    rng = planter.rng
    group, texts, handlings = CATEGORIES[category]
    facts: dict[str, object] = {
        "conclusion": conclusion, "category": category, "finding_group": group, "text": rng.choice(texts),
        "handling": rng.choice(handlings),
    }  # fmt: skip
    line = planter.roll.add("inspection_findings", "FI", entry.person, facts, dossier=dossier, commune=entry.commune)
    line.order().plain_name = True
    line.order().dob = "day" if rng.random() < 0.3 else "year"
    return line


def _as_annexed(planter: Planter, dossier: str) -> str:
    """A dossier number as an annex may write it: a blank between symbol and number, the first zeros lost."""
    symbol = "".join(c for c in dossier if c.isalpha())
    return f"{symbol} {int(dossier[-6:])}" if planter.rng.random() < 0.3 else dossier


def _inspections(planter: Planter) -> None:
    rng = planter.rng
    forged: list[Entry] = []
    with_children = planter.take(
        "veterans", max(2, planter.number("INSP_FORGED") // 3), lambda e: e.person.number in planter.parents
    )
    for place, entry in enumerate(with_children + planter.plan("veterans", "INSP_FORGED")[len(with_children) :]):
        _forged(planter, entry, ("ok", "missing", "typo")[place % 3], "B" if rng.random() < 0.6 else "A")
        forged.append(entry)
    for entry in planter.plan("veterans", "INSP_CLEARED_THEN_FORGED"):
        finding(planter, entry, "cleared", "A", entry.dossier)
        _forged(planter, entry, "ok", "B")
        plant(entry, "INSP_CLEARED_THEN_FORGED", "stop")
        forged.append(entry)
    guilty = {e.person.number for e in forged}
    for entry in planter.roll.lines["agent_orange"]:
        parent = entry.facts.get("parent")
        if isinstance(parent, Entry) and parent.person.number in guilty:
            plant(entry, "AO_PARENT_FORGED", "verify")
    for code, category in (("INSP_NO_PLACE", "noplace"), ("INSP_DISEASE", "disease"), ("INSP_VERIFY_MORE", "more")):
        for entry in planter.plan("veterans", code, _sick):
            finding(planter, entry, category, rng.choice("AB"), _as_annexed(planter, entry.dossier or ""))
            if category == "disease":
                entry.facts["disease"] = rng.choice(lists.UNLISTED)
                plant(entry, "AO_DISEASE", "verify")
            plant(entry, code, "verify")
    for entry in planter.plan("veterans", "T_CLEARED"):
        finding(planter, entry, "cleared", rng.choice("AB"), entry.dossier)
        set_trap(entry, "T_CLEARED")
    for entry in planter.plan("veterans", "T_CLEARED_LATER"):
        finding(planter, entry, rng.choice(("noplace", "more")), "A", entry.dossier)
        finding(planter, entry, "cleared", "B", entry.dossier)
        set_trap(entry, "T_CLEARED_LATER")
    for entry in planter.plan("veterans", "T_FINDING_HITS_OTHER"):
        _gone(planter, "forged", entry.dossier)
        planter.sure(entry)
        set_trap(entry, "T_FINDING_HITS_OTHER")
    for _ in range(planter.number("gone")):
        _gone(planter, rng.choice(tuple(CATEGORIES)), planter.roll.dossier("HH"))


def _forged(planter: Planter, entry: Entry, number: str, conclusion: str) -> None:
    dossier = entry.dossier or ""
    if number == "missing":
        finding(planter, entry, "forged", conclusion, None)
    elif number == "typo":
        finding(planter, entry, "forged", conclusion, planter.typo(dossier))
    else:
        finding(planter, entry, "forged", conclusion, _as_annexed(planter, dossier))
    planter.sure(entry)
    entry.order().plain_name = True
    plant(entry, "INSP_FORGED", "stop", () if number == "ok" else ("verify",))


def _gone(planter: Planter, category: str, dossier: str | None) -> None:
    """A finding about somebody who is no longer on the roster."""
    roll = planter.roll
    person = roll.person("M", roll.born(1936, 1954))
    finding(planter, Entry("", "", person, person.commune, {}), category, planter.rng.choice("AB"), dossier)


# service, disease, papers, amounts


def _service(planter: Planter) -> None:
    rng = planter.rng
    alone = _childless(planter)
    for entry in planter.plan("veterans", "AO_SERVICE_OUTSIDE", alone):
        start = 1976 + int(rng.random() * 4)
        entry.facts |= {
            "from": (start, int(rng.random() * 12) + 1),
            "to": (start + 2 + int(rng.random() * 4), 6),
            "place": "Chiến trường K",
        }
        entry.facts["papers"] = [(rng.choice(lists.PAPERS), planter.roll.day(date(start + 1, 2, 1), date(1996, 12, 1)))]
        plant(entry, "AO_SERVICE_OUTSIDE", "verify")
    for entry in planter.plan("veterans", "T_SERVICE_EDGE", alone):
        early = (1974, 9 + int(rng.random() * 4)) if rng.random() < 0.5 else (1975, 1 + int(rng.random() * 4))
        entry.facts |= {"from": early, "to": (1977 + int(rng.random() * 4), 5), "months_only": True}
        entry.facts["papers"] = [(rng.choice(lists.PAPERS), planter.roll.day(date(1977, 2, 1), date(1996, 12, 1)))]
        set_trap(entry, "T_SERVICE_EDGE")
    for entry in planter.plan("veterans", "AO_PLACE"):
        entry.facts["place"] = rng.choice(lists.NORTHERN)
        plant(entry, "AO_PLACE", "verify")
    for entry in planter.plan("veterans", "AO_SVC_CONFLICT"):
        entry.facts["army"] = "conflict"
        planter.sure(entry)
        plant(entry, "AO_SVC_CONFLICT", "verify")
    for entry in planter.plan("veterans", "AO_UNIT_CODE_ONLY"):
        n = int(rng.random() * 89_000) + 10_000
        code = rng.choice(
            [f"Hòm thư {n} KH", f"HT {n // 1000}.{n % 1000:03d}", f"Đơn vị {n % 900 + 100}.HT {n // 1000}"]
        )
        entry.facts |= {"place": None, "unit": code, "army": "none"}
        plant(entry, "AO_UNIT_CODE_ONLY", "ask_papers")
    for entry in planter.plan("veterans", "T_SVC_YEAR_DIFF"):
        entry.facts["army"] = "year"
        planter.sure(entry)
        set_trap(entry, "T_SVC_YEAR_DIFF")
    for entry in planter.plan("veterans", "T_NOT_IN_SERVICE"):
        entry.facts["army"] = "none"
        set_trap(entry, "T_NOT_IN_SERVICE")


def _papers(planter: Planter) -> None:
    rng, roll = planter.rng, planter.roll
    for entry in planter.plan("veterans", "AO_PAPER_LATE"):
        entry.facts["papers"] = [_late(planter)]
        plant(entry, "AO_PAPER_LATE", "ask_papers")
    for entry in planter.plan("veterans", "AO_PAPER_MISSING"):
        entry.facts["papers"] = [(rng.choice(lists.NO_PAPER), None)]
        plant(entry, "AO_PAPER_MISSING", "ask_papers")
    for entry in planter.plan("veterans", "T_PAPER_MIXED"):
        early = _papers_of(entry)[0]
        entry.facts["papers"] = [_late(planter), early] if rng.random() < 0.5 else [early, _late(planter)]
        set_trap(entry, "T_PAPER_MIXED")
    for entry in planter.plan("veterans", "T_COPY_DATE"):
        name, made = _papers_of(entry)[0]
        copied = roll.day(date(2003, 1, 5), date(2013, 11, 1))
        text = f"{name} lập {made:%d/%m/%Y} (bản sao chứng thực {copied:%d/%m/%Y})"
        entry.facts["papers"] = [(text, None)]
        set_trap(entry, "T_COPY_DATE")
    for entry in planter.plan("veterans", "AO_DISEASE", _sick):
        entry.facts["disease"] = rng.choice(lists.UNLISTED)
        plant(entry, "AO_DISEASE", "verify")
    for entry in planter.plan("veterans", "T_DISEASE_MIXED", _sick):
        both = [rng.choice(lists.LISTED), rng.choice(lists.UNLISTED).lower()]
        entry.facts["disease"] = rng.choice(["; ", ", ", " + "]).join(both)
        set_trap(entry, "T_DISEASE_MIXED")
    for entry in planter.plan("veterans", "AO_MED_MISSING", _sick):
        entry.facts["percent"] = None
        plant(entry, "AO_MED_MISSING", "ask_papers")
    for place, entry in enumerate(planter.plan("veterans", "AO_RATE", _sick)):
        percent = entry.facts["percent"]
        assert isinstance(percent, int)  # noqa: S101 - a disease basis has a rate
        entry.facts["amount"] = amounts.wrong_rate(amounts.veteran(percent), percent, children=False)[place % 2]
        plant(entry, "AO_RATE", "adjust")
    for entry in planter.plan("veterans", "AO_ID_INCONSISTENT"):
        _contradict(planter, entry)
        plant(entry, "AO_ID_INCONSISTENT", "verify")


def _late(planter: Planter) -> tuple[str, date | None]:
    return planter.rng.choice(lists.LATE_PAPERS), planter.roll.day(date(2000, 2, 1), date(2015, 6, 1))


def _papers_of(entry: Entry) -> list[tuple[str, date | None]]:
    papers = entry.facts["papers"]
    assert isinstance(papers, list)  # noqa: S101 - every claim has a list of papers
    return papers


def _contradict(planter: Planter, entry: Entry) -> None:
    """A twelve-digit number of the other sex, or of a birth year ten years or more away."""
    person, rng = entry.person, planter.rng
    if rng.random() < 0.5:
        number = planter.roll.id12("M" if person.sex == "F" else "F", person.born.year)
    else:
        number = planter.roll.id12(
            person.sex, min(1999, person.born.year + 10 + int(rng.random() * 15)) if person.born.year < 1985 else 1960
        )
    order = entry.order()
    order.national_id, order.dob, order.clean_id = number, "day", True


# families and combined benefits


def _family(planter: Planter) -> None:
    rng, roll = planter.rng, planter.roll
    for code, number in (
        ("AO_CHILD_BEFORE", planter.number("AO_CHILD_BEFORE")),
        ("INSP_CHILD_BEFORE", planter.number("INSP_CHILD_BEFORE")),
    ):
        for parent in planter.take("veterans", number, lambda e: e.facts["basis"] != "vosinh"):
            exposed = lists.month_of(parent, "from")[0]
            entry = lists.child(roll, parent, born=roll.born(exposed - 3, exposed - 1))
            entry.order().dob = "day"
            if code.startswith("INSP"):
                finding(planter, entry, "childbefore", rng.choice("AB"), entry.dossier)
                plant(entry, code, "verify")
            plant(entry, "AO_CHILD_BEFORE", "verify")
    known = {fold(e.person.name.full) for e in roll.lines["agent_orange"] if e.facts["claim"] == "veteran"}
    for entry in planter.orphans[: planter.number("AO_CHILD_NO_PARENT")]:
        entry.trap = None
        name = draw_name(rng, "M", entry.person.name.surname).full
        named = rng.random() < 0.6 and fold(name) not in known
        entry.facts |= {"parent_dossier": None, "parent_name": name if named else None, "note": ""}
        plant(entry, "AO_CHILD_NO_PARENT", "verify")
    for entry in planter.plan("veterans", "AO_INFERTILE_WITH_CHILD", lambda e: e.facts["basis"] == "vosinh"):
        lists.child(roll, entry).person.special = True  # the child must stay readable
        plant(entry, "AO_INFERTILE_WITH_CHILD", "verify")
    for parent in planter.take("veterans", planter.number("T_TWIN"), lambda e: e.facts["basis"] != "vosinh"):
        _twins(planter, parent)
    for parent in planter.take("veterans", planter.number("ID_SHARED"), lambda e: e.facts["basis"] != "vosinh"):
        first, second = lists.child(roll, parent), lists.child(roll, parent)
        planter.sure(first, second)
        second.order().national_id = first.order().national_id
        for entry in (first, second):
            entry.order().plain_name = True
            plant(entry, "ID_SHARED", "verify")


def _twins(planter: Planter, parent: Entry) -> None:
    sex = planter.rng.choice("MF")
    first = lists.child(planter.roll, parent, sex=sex)
    while True:
        second = lists.child(planter.roll, parent, born=first.person.born, middle=first.person.name.middle, sex=sex)
        if second.person.name.given != first.person.name.given:
            break
        second.person.name = second.person.name._replace(given=second.person.name.given + " Em")
        break
    second.person.commune = second.commune = first.commune
    second.person.name = second.person.name._replace(surname=first.person.name.surname)
    for entry in (first, second):
        planter.sure(entry)
        set_trap(entry, "T_TWIN")


def _combinations(planter: Planter) -> None:
    roll = planter.roll
    pairs = (
        ("T_TB_AO", "TB", _sick, None),
        ("T_BB_AO_CHILD", "BB", lambda e: e.facts["basis"] == "condi", None),
        ("X_BB_AO_DISEASE", "BB", _sick, "verify"),
    )
    for code, group, fits, expected in pairs:
        for entry in planter.plan("veterans", code, fits):
            other = lists.merit_line(roll, entry.person, group)
            planter.sure(entry, other)
            for line in (entry, other):
                if expected:
                    plant(line, code, expected)
                else:
                    set_trap(line, code)
    for entry in planter.plan("veterans", "T_NCC_PENSION"):
        planter.sure(entry, lists.pension_line(roll, entry.person))
        set_trap(entry, "T_NCC_PENSION")


def after_the_army(planter: Planter) -> None:
    """Deaths, duplicates, namesakes, and social assistance."""
    roll = planter.roll
    planter.pool("merit", roll.lines["merit_other"])
    planter.pool("social", roll.lines["social_assistance"])
    planter.pool("any", (e for kind in ("agent_orange", "merit_other", "social_assistance") for e in roll.lines[kind]))
    planter.pool("roster", roll.lines["agent_orange"])
    for pool, programme in (("roster", "AO"), ("merit", "ME"), ("social", "SA")):
        _deaths(planter, pool, programme)
        _duplicates(planter, pool, f"{programme}_DUP")
    _namesakes(planter)
    _social(planter)
    _social_pairs(planter)
    for entry in planter.take("any", planter.number("T_0101")):
        entry.order().dob = "0101"
        set_trap(entry, "T_0101")
    for entry in roll.lines["agent_orange"]:
        if entry.free and entry.facts["claim"] == "veteran" and not _sick(entry):
            entry.trap = "T_BASIS_NO_PCT"


def army_records(planter: Planter) -> None:
    """The army's records of the veterans whose case depends on them; the other veterans by chance."""
    roll, rng = planter.roll, planter.rng
    for entry in roll.lines["agent_orange"]:
        wish = entry.facts.get("army")
        if entry.facts["claim"] != "veteran" or wish == "none":
            continue
        if wish == "conflict":
            planter.sure(lists.army_record(roll, entry, place=rng.choice(lists.NORTHERN)))
        elif wish == "year":
            line = lists.army_record(roll, entry)
            planter.sure(line)
            line.order().born = _other_year(entry.person.born, rng.choice([-2, -1, 1, 2]))
        elif rng.random() < 0.72:
            lists.army_record(roll, entry)


def _other_year(born: date, by: int) -> date:
    return date(born.year + by, born.month, min(born.day, 28))


# deaths


def _death_day(planter: Planter) -> date:
    """Before the COVID payments or after them: nothing hangs on the weeks between."""
    if planter.rng.random() < 0.6:
        return planter.roll.day(date(2018, 1, 4), date(2020, 3, 20))
    return planter.roll.day(date(2020, 7, 6), date(2020, 11, 28))


def _deaths(planter: Planter, pool: str, programme: str) -> None:
    roll, rng = planter.roll, planter.rng
    for place, entry in enumerate(planter.plan(pool, f"{programme}_DEAD_CLEAR")):
        how = ("id", "full")[place % 2]
        _registered(planter, entry, how)
        planter.clear_deaths[entry.person.number] = how
        plant(entry, f"{programme}_DEAD_CLEAR", "stop")
    for place, entry in enumerate(planter.plan(pool, f"{programme}_DEAD_FUZZY", _swappable)):
        how = FUZZY_KINDS[place % len(FUZZY_KINDS)]
        _registered(planter, entry, how)
        planter.fuzzy_deaths[entry.person.number] = how
        plant(entry, f"{programme}_DEAD_FUZZY", "verify")
    code = "T_DEATH_CANCELLED"
    for entry in planter.take(pool, max(1, planter.number(code) // 3)):
        line = lists.death_line(roll, entry.person, _death_day(planter))
        entry.person.died = None
        line.facts["note"] = rng.choice(
            ["Hủy đăng ký khai tử do nhầm người", "Đã thu hồi trích lục khai tử: người này còn sống"]
        )
        planter.sure(entry, line)
        planter.cancelled.add(entry.person.number)
        set_trap(entry, code, ("verify",))
        line.trap = code


def _swappable(entry: Entry) -> bool:
    return (
        entry.person.born.day <= 12 and entry.person.born.day != entry.person.born.month and entry.person.born.month > 1
    )


def _registered(planter: Planter, entry: Entry, how: str) -> None:
    """The registration of a death, agreeing as far as `how` says."""
    person = entry.person
    line = lists.death_line(planter.roll, person, _death_day(planter))
    planter.sure(entry)
    entry.order().plain_name = line.order().plain_name = True
    order = line.order()
    order.national_id, order.dob = "", "day"
    if how == "id":
        order.national_id = person.national_id
    elif how in ("year", "ascii"):
        order.dob, order.ascii_name = "year", how == "ascii"
    elif how == "swap":
        order.born, order.ascii_name = date(person.born.year, person.born.day, person.born.month), True
    elif how == "idtypo":
        order.dob, order.national_id, order.clean_id = "year", planter.typo(person.national_id or person.id9), True
    elif how == "commune":
        line.commune = planter.roll.elsewhere(entry.commune)


# duplicates and namesakes


def _duplicates(planter: Planter, pool: str, code: str) -> None:
    roll = planter.roll
    for place, entry in enumerate(planter.take(pool, max(len(DUP_KINDS), planter.number(code)), _swappable)):
        how = DUP_KINDS[place % len(DUP_KINDS)]
        mark = "".join(c for c in (entry.dossier or "") if c.isalpha())
        facts = {k: v for k, v in entry.facts.items() if k != "army"} | lists.decision(roll, 2004, 2018)
        second = roll.add(
            entry.kind,
            entry.prog,
            entry.person,
            facts,
            dossier=roll.dossier(mark) if mark else None,
            commune=roll.elsewhere(entry.commune),
        )
        _show_twice(planter, entry, second, how)
        for line in (entry, second):
            line.facts["dup_kind"] = how
            plant(line, code, "verify", ("keep",) if how == "weak" else ())


def _show_twice(planter: Planter, first: Entry, second: Entry, how: str) -> None:
    person = first.person
    planter.sure(first, second)
    first.order().plain_name = True
    order = second.order()
    order.plain_name = True
    if how == "name_dob":
        order.national_id = ""
    elif how == "id9v12_tone":
        first.order().national_id, order.national_id = person.id9, person.id12
        order.name, order.plain_name = other_spelling(person.name), False
    elif how == "idtypo_year":
        order.national_id, order.dob, order.clean_id = planter.typo(person.national_id or person.id9), "year", True
    elif how == "id_midswap":
        order.national_id, order.clean_id = planter.swapped(person.national_id or person.id9), True
    elif how == "weak":
        order.national_id, order.dob, order.ascii_name = "", "year", True


def other_spelling(name: Name) -> Name:
    """The same name with the tone mark on the other vowel (hòa, hoà), where it has such a syllable."""
    return Name(*(other_tone_place(part) for part in name))


_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"


def other_tone_place(text: str) -> str:
    """`Hòa` as `Hoà`, `Thùy` as `Thuỳ`, and the other way."""
    words = [unicodedata.normalize("NFD", w) for w in text.split(" ")]
    for place, word in enumerate(words):
        tone = next((c for c in word if c in _TONES), "")
        bare = word.replace(tone, "") if tone else ""
        if tone and len(bare) >= 2 and bare[-2:].lower() in ("oa", "oe", "uy") and bare[-3:-2].lower() != "q":
            old = bare[:-1] + tone + bare[-1]
            words[place] = bare + tone if word == old else old
    return unicodedata.normalize("NFC", " ".join(words))


def _another_day(planter: Planter, person: Person) -> date:
    """A day of the same year, in another month and not the day and month exchanged."""
    while True:
        day = planter.roll.born(person.born.year, person.born.year)
        if day.month != person.born.month and abs(day.day - person.born.day) > 2 and day.month != person.born.day:
            return day


def _namesakes(planter: Planter) -> None:
    roll, rng = planter.roll, planter.rng
    for entry in planter.take("roster", planter.number("T_NAMESAKE_YEAR"), lambda e: e.facts["claim"] == "veteran"):
        twin = lists.veteran(roll, str(entry.facts["basis"]))
        born = _another_day(planter, entry.person)
        commune = entry.commune if rng.random() < 0.34 else roll.elsewhere(entry.commune)
        _become(planter, twin.person, entry.person.sex, entry.person.name, born)
        twin.person.commune = twin.commune = commune
        twin.facts |= {"from": entry.facts["from"], "to": entry.facts["to"]}
        for line in (entry, twin):
            planter.sure(line)
            line.person.exact = True
            line.order().plain_name = True
            set_trap(line, "T_NAMESAKE_YEAR")
    for entry in planter.plan("any", "T_NAMESAKE_DEATH"):
        near = entry.commune if rng.random() < 0.4 else None
        other = roll.person(entry.person.sex, _another_day(planter, entry.person), commune=near, name=entry.person.name)
        line = lists.death_line(roll, other, _death_day(planter))
        planter.sure(entry)
        line.order().dob, line.order().plain_name = "day", True
        set_trap(entry, "T_NAMESAKE_DEATH")
    for entry in planter.take(
        "any", planter.number("T_FATHER_SON"), lambda e: e.person.sex == "M" and e.person.born.year > 1944
    ):
        born = roll.born(entry.person.born.year - 34, entry.person.born.year - 22)
        father = roll.person("M", born, commune=entry.commune, name=entry.person.name)
        lists.death_line(roll, father, _death_day(planter)).order().dob = "day"
        planter.sure(entry)
        set_trap(entry, "T_FATHER_SON")
    for entry in planter.take("social", planter.number("T_NAMESAKE_PENSION"), lambda e: e.facts["group"] == "NCT80"):
        born = _another_day(planter, entry.person)
        other = roll.person(entry.person.sex, born, name=entry.person.name)
        planter.sure(lists.pension_line(roll, other), entry)
        set_trap(entry, "T_NAMESAKE_PENSION")


def _become(planter: Planter, person: Person, sex: str, name: Name, born: date) -> None:
    person.sex, person.name, person.born = sex, name, born
    person.id12 = planter.roll.id12(sex, born.year)


# social assistance


def _group(*groups: str) -> Callable[[Entry], bool]:
    return lambda e: e.facts["group"] in groups


def _social(planter: Planter) -> None:
    roll, rng = planter.roll, planter.rng
    for place, entry in enumerate(planter.plan("social", "SA_COEF", _group("NKT_N", "NKT_DBN", "NCT80"))):
        right = float(str(entry.facts["coefficient"]))
        wrong = ({1.0: 1.5, 1.5: 2.0, 2.0: 1.5, 2.5: 2.0}, {1.0: 2.0, 1.5: 1.0, 2.0: 3.0, 2.5: 1.5})[place % 2][right]
        entry.facts |= {"coefficient": wrong, "amount": round(wrong * amounts.SOCIAL_BASE)}
        entry.order().dob = "day"
        plant(entry, "SA_COEF", "adjust")
    for entry in planter.plan("social", "SA_AMOUNT"):
        entry.facts["amount"] = int(str(entry.facts["amount"])) + rng.choice([90_000, 135_000, 100_000, -45_000])
        plant(entry, "SA_AMOUNT", "adjust")
    for entry in planter.plan("social", "SA_NO_CERT", _group("NKT_N", "NKT_DBN")):
        entry.facts["certificate"] = None
        plant(entry, "SA_NO_CERT", "ask_papers")
    for entry in planter.plan("social", "SA_ID_INCONSISTENT", lambda e: e.person.born.year < 1985):
        _contradict(planter, entry)
        plant(entry, "SA_ID_INCONSISTENT", "verify")
    for code, group, years in (("SA_80_YOUNGER", "NCT80", (1943, 1952)), ("SA_AGED_OUT", "MOCOI", (1988, 1996))):
        for _ in range(planter.number(code)):
            entry = lists.assistance_line(roll, roll.person(rng.choice("MF"), roll.born(*years)), group)
            entry.order().dob = "day"
            plant(entry, code, "verify")
    for _ in range(planter.number("T_STUDENT")):
        set_trap(lists.assistance_person(roll, "HOC22"), "T_STUDENT")


def _social_pairs(planter: Planter) -> None:
    roll = planter.roll
    for entry in planter.plan("social", "SA_80_PENSION", _group("NCT80")):
        planter.sure(entry, lists.pension_line(roll, entry.person))
        plant(entry, "SA_80_PENSION", "verify")
    for entry in planter.plan("social", "SA_TWO_GROUPS", _group("NCT80")):
        second = lists.assistance_line(roll, entry.person, "NKT_N")
        planter.sure(entry, second)
        plant(entry, "SA_TWO_GROUPS", "verify")
        plant(second, "SA_TWO_GROUPS", "verify")
    for entry in planter.take(
        "social",
        planter.number("T_SINGLE_PARENT_DIS"),
        lambda e: e.facts["group"] == "NKT_N" and 1963 <= e.person.born.year <= 1990,
    ):
        second = lists.assistance_line(roll, entry.person, "DONTHAN")
        planter.sure(entry, second)
        set_trap(entry, "T_SINGLE_PARENT_DIS")
        set_trap(second, "T_SINGLE_PARENT_DIS")
    for entry in planter.take(
        "social", planter.number("T_DIS_PENSION"), lambda e: e.facts["group"] == "NKT_N" and e.person.born.year < 1959
    ):
        planter.sure(entry, lists.pension_line(roll, entry.person))
        set_trap(entry, "T_DIS_PENSION")
    for place, entry in enumerate(
        planter.take("merit", planter.number("X_NCC_BTXH"), lambda e: e.person.born.year < 1956)
    ):
        second = lists.assistance_line(
            roll, entry.person, "NCT80" if entry.person.born.year < 1940 and place % 2 else "NKT_N"
        )
        planter.sure(entry, second)
        plant(entry, "X_NCC_BTXH", "verify", ("keep",))
        plant(second, "X_NCC_BTXH", "verify", ("keep",))


# COVID relief


def before_covid(planter: Planter) -> None:
    """Payments to people who are on no roster or reference list."""
    roll, rng = planter.roll, planter.rng
    for _ in range(planter.number("CV_POOR_NOT_LISTED")):
        person = roll.person(rng.choice("MF"), roll.born(1948, 1995))
        plant(lists.covid_line(roll, person, rng.choice(["NGHEO", "CANNGHEO"])), "CV_POOR_NOT_LISTED", "verify")
    for _ in range(planter.number("T_EXTENSION")):
        person = roll.person(rng.choice("MF"), roll.born(1955, 2008))
        set_trap(lists.covid_line(roll, person, "NGHEO_PS"), "T_EXTENSION")
    for _ in range(planter.number("T_DIED_AFTER_PAYMENT")):
        person = roll.person(rng.choice("MF"), roll.born(1930, 1958))
        paid = lists.covid_line(roll, person, "NCC")
        line = lists.death_line(roll, person, roll.day(date(2020, 7, 6), date(2020, 11, 28)))
        planter.sure(paid, line)
        set_trap(paid, "T_DIED_AFTER_PAYMENT")


def on_covid(planter: Planter) -> None:
    """Payments to the dead, twice, in two groups, of a wrong amount."""
    roll = planter.roll
    payments = [e for e in roll.lines["covid_relief"] if e.prog == "CV"]
    for entry in payments:
        number = entry.person.number
        if number in planter.clear_deaths or number in planter.fuzzy_deaths:
            _paid_to_the_dead(planter, entry)
        elif number in planter.cancelled:
            set_trap(entry, "T_DEATH_CANCELLED", ("verify",))
            planter.sure(entry)
    planter.pool("paid", payments)
    for entry in planter.plan("paid", "CV_DUP"):
        second = lists.covid_line(roll, entry.person, str(entry.facts["group"]))
        second.facts |= {"months": entry.facts["months"], "amount": entry.facts["amount"]}
        second.commune = roll.elsewhere(entry.commune)
        planter.sure(entry, second)
        plant(entry, "CV_DUP", "verify")
        plant(second, "CV_DUP", "verify")
    listed = {e.person.number: e for e in roll.lines["poor_households"]}
    for entry in planter.plan(
        "paid", "CV_TWO_GROUPS", lambda e: e.facts["group"] == "BTXH" and e.person.number in listed
    ):
        second = lists.covid_line(
            roll, entry.person, "NGHEO" if listed[entry.person.number].facts["class"] == "Nghèo" else "CANNGHEO"
        )
        planter.sure(entry, second)
        plant(entry, "CV_TWO_GROUPS", "verify", ("adjust",))
        plant(second, "CV_TWO_GROUPS", "verify", ("adjust",))
    for place, entry in enumerate(planter.plan("paid", "CV_AMOUNT")):
        right = int(str(entry.facts["amount"]))
        entry.facts["amount"] = (right * 2, right // 2, right + 500_000)[place % 3]
        plant(entry, "CV_AMOUNT", "adjust")


def _paid_to_the_dead(planter: Planter, entry: Entry) -> None:
    person = entry.person
    planter.sure(entry)
    entry.order().plain_name = True
    if person.died is not None and person.died >= date(2020, 4, 1):
        set_trap(entry, "T_DIED_AFTER_PAYMENT")
    elif person.number in planter.clear_deaths:
        plant(entry, "CV_DEAD_CLEAR", "stop", ("verify",))
    else:
        plant(entry, "CV_DEAD_FUZZY", "verify")
