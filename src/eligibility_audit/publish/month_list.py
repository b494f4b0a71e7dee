"""The list that moves money, *Danh sách tăng, giảm tháng MM/YYYY*: signed and served decisions, for the payer.

Made of the content model of the other lists (`papers`), so that the same renderers print it. What the office owes
stands first; every line is under a hash, and the ninth column is left for the payer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import pandas as pd

from eligibility_audit.domain.review.pay_changes import SECTIONS, PayChange, Section
from eligibility_audit.publish.amounts import day, money, number, words
from eligibility_audit.publish.inert import plain
from eligibility_audit.publish.lines import Cell
from eligibility_audit.publish.lists import NO_COMMUNE, NO_DISTRICT, ListKind, by_name
from eligibility_audit.publish.papers import (
    Batch,
    Entry,
    Form,
    Heading,
    ListPaper,
    Seal,
    Sums,
    entry,
    programme_name,
)

FOOT: Final = "Danh sách này chỉ gồm quyết định đã ký và đã giao; không thay cho quyết định."
SECTION_VI: Final[Mapping[Section, str]] = {
    "arrears": "TRUY LĨNH: CƠ QUAN CÒN PHẢI TRẢ",
    "more": "TĂNG, HƯỞNG LẠI",
    "less": "GIẢM MỨC HƯỞNG",
    "stop": "TẠM DỪNG, CHẤM DỨT",
    "repay": "THU LẠI THEO QUYẾT ĐỊNH, KẾT LUẬN ĐÃ CÓ SỐ",
}
FORM: Final = Form(
    headings=(
        "TT",
        "Số hồ sơ",
        "Họ tên – ngày sinh",
        "Xã",
        "Nội dung thay đổi",
        "Quyết định; ngày giao",
        "Mức tháng (đồng): đang hưởng → mới",
        "Truy lĩnh, chi một lần (đồng)",
        "Ghi chú của cơ quan chi trả",
    ),
    widths=(4.0, 17.0, 19.0, 14.0, 24.0, 27.0, 15.0, 13.0, 13.0),
    number="Số: ………/DS-………",
    attached="(Kèm theo Công văn số ………/CV-……… ngày …… tháng …… năm ………)",
    notes=(
        "Mỗi dòng là một quyết định; mức mới chưa ghi thì theo quyết định kèm theo và không cộng vào tổng.",
        "Khiếu nại chưa giải quyết mà được hoãn thi hành thì quyết định không có trong danh sách này.",
    ),
    foot=FOOT,
    signers=(
        ("NGƯỜI LẬP DANH SÁCH", "(ký, ghi rõ họ tên)"),
        ("NGƯỜI KIỂM TRA\n(không phải người lập)", "(ký, ghi rõ họ tên)"),
        ("THỦ TRƯỞNG CƠ QUAN", "(chức vụ, chữ ký, họ tên; dấu hoặc chữ ký số của cơ quan)"),
    ),
    recipients=("Tổ chức chi trả", "UBND cấp xã có tên trong danh sách", "Lưu: VT, hồ sơ chi trả"),
)
MEANS_VI: Final = {"signature": "ký nhận", "post_receipt": "biên nhận bưu điện", "visit_minutes": "biên bản đến nhà"}
NOT_STATED: Final = "theo quyết định"
COLUMNS: Final = (
    *("section", "dossier_no", "name", "date_of_birth", "commune", "district", "programme", "act", "decision_no"),
    *("decision_date", "served_on", "before", "after", "change", "owed", "from_month", "month", "case_id"),
)


@dataclass(frozen=True)
class MonthBatch(Batch):
    """What the list of a month shares: the run that it reaches, and by when it goes to the payer."""

    month: date = date.min
    sent_by: str = ""
    is_late: bool = False
    form: Form = field(default=FORM)

    @property
    def source(self) -> str:
        """From what the list was made."""
        late = " Lập sau hạn gửi: đề nghị cơ quan chi trả cho biết có kịp kỳ này không." if self.is_late else ""
        cut = f" Phạm vi: {plain(self.place)}." if self.place else ""
        return (
            f"Kỳ chi trả tháng {self.month:%m/%Y}; gửi cơ quan chi trả {self.sent_by}. "
            f"Lập ngày {self.as_of:%d/%m/%Y}, mã {self.run_id}.{cut}{late}"
        )


@dataclass(frozen=True)
class MoneySums:
    """What decisions come to. đồng: what a month's payments rise and fall by, what is paid once; `open`: not stated."""

    decisions: int = 0
    up: int = 0
    down: int = 0
    owed: int = 0
    open: int = 0

    @classmethod
    def of(cls, changes: Sequence[PayChange]) -> "MoneySums":
        """The sums; what is not known adds nothing and is counted."""
        known = [one.change for one in changes if one.change is not None]
        return cls(
            len(changes),
            sum(change for change in known if change > 0),
            -sum(change for change in known if change < 0),
            sum(one.owed or 0 for one in changes if one.section == "arrears"),
            len(changes) - len(known),
        )

    def __str__(self) -> str:
        parts = [f"{number(self.decisions)} quyết định"]
        for label, value in (
            ("tăng mỗi tháng", self.up),
            ("giảm mỗi tháng", self.down),
            ("truy lĩnh", self.owed),
        ):
            if value:
                parts.append(f"{label}: {money(value)}")
        if self.open:
            parts.append(f"chưa ghi mức mới: {number(self.open)}")
        return "; ".join(parts)


@dataclass(frozen=True)
class MonthPaper(ListPaper):
    """The list of a month, whole."""

    money: MoneySums = field(default_factory=MoneySums)

    @property
    def summary(self) -> tuple[str, ...]:
        """Control sums, in figures and in words."""
        of = self.money
        told = [f"Số quyết định: {number(of.decisions)} ({words(of.decisions)})."]
        for label, value in (
            ("Truy lĩnh cơ quan còn phải trả, chi một lần", of.owed),
            ("Tăng mỗi tháng", of.up),
            ("Giảm mỗi tháng", of.down),
        ):
            told.append(f"{label}: {money(value)} ({words(value)} đồng).")
        if of.open:
            told.append(
                f"Số dòng mức mới ghi trong quyết định, không cộng ở đây: {number(of.open)} ({words(of.open)})."
            )
        return tuple(told)

    @property
    def closing(self) -> tuple[str, str]:
        """The total under the last line, in figures and in words."""
        of = self.money
        said = f"{words(of.decisions)} quyết định; tăng mỗi tháng {words(of.up)} đồng; "
        said += f"giảm mỗi tháng {words(of.down)} đồng; truy lĩnh {words(of.owed)} đồng."
        return f"TỔNG CỘNG DANH SÁCH: {of}", f"Bằng chữ: {said[0].upper()}{said[1:]}"


def month_kind(month: date) -> ListKind:
    """The list of a month."""
    return ListKind(
        "pay_changes",
        f"Tăng giảm {month:%m-%Y}",
        f"DANH SÁCH TĂNG, GIẢM THÁNG {month:%m/%Y}",
        "Gồm những quyết định đã ký và đã giao, đã đưa vào kỳ chi trả này. Khoản cơ quan còn phải trả người dân đứng "
        "trước.",
    )


def month_paper(changes: Sequence[PayChange], batch: MonthBatch, acts: Mapping[tuple[str, str], str]) -> MonthPaper:
    """The list of a month's changes. `acts`: what people call an act, by programme and act."""
    kind = month_kind(batch.month)
    seal = Seal(kind, batch)
    rows = tuple(_rows(in_order(changes), seal, acts))
    return MonthPaper(kind, batch, Sums(len(changes)), (), rows, seal, MoneySums.of(changes))


def in_order(changes: Sequence[PayChange]) -> list[PayChange]:
    """By section, programme, district, commune, dossier number; never by money."""
    return sorted(
        changes,
        key=lambda one: (
            SECTIONS.index(one.section),
            one.programme,
            by_name(one.district or NO_DISTRICT),
            by_name(one.commune or NO_COMMUNE),
            one.dossier_no or "",
            one.case_id,
        ),
    )


def _rows(changes: Sequence[PayChange], seal: Seal, acts: Mapping[tuple[str, str], str]) -> Iterator[Heading | Entry]:
    told: tuple[str, ...] = ()
    for place, one in enumerate(changes, 1):
        key = (one.section, f"{one.programme}\x1f{one.district}")
        of_section = [each for each in changes if each.section == one.section]
        if key[:1] != told[:1]:
            yield Heading("programme", f"{SECTION_VI[one.section]} – {MoneySums.of(of_section)}")
        if key != told:
            of_district = [e for e in of_section if (e.programme, e.district) == (one.programme, one.district)]
            name = f"{one.district or NO_DISTRICT} ({programme_name(one.programme)})"
            yield Heading("district", plain(f"{name} – {MoneySums.of(of_district)}"))
        told = key
        line = entry(place, one.case_id, _cells(one, place, acts), FORM.widths)
        seal.add(line)
        yield line


def _cells(one: PayChange, place: int, acts: Mapping[tuple[str, str], str]) -> tuple[Cell, ...]:
    born = f"\nsinh {day(one.date_of_birth)}" if one.date_of_birth else ""
    served = f"giao ngày {day(one.served_on)}" + (f" ({MEANS_VI[one.means]})" if one.means in MEANS_VI else "")
    decided = f"Quyết định số {one.decision_no} ngày {day(one.decision_date)}"
    cells: tuple[Cell, ...] = (
        (("plain", str(place)),),
        (("fine", f"{one.dossier_no or 'chưa có số'}\nmã {one.case_id}"),),
        (("bold", one.name or "chưa rõ họ tên"), ("plain", born)),
        (("plain", one.commune or NO_COMMUNE),),
        (("plain", _said(one, acts)),),
        (("fine", f"{decided}\n{served}"),),
        (("plain", f"{_amount(one.before)} → {_amount(one.after)}"),),
        (("bold", number(one.owed)),) if one.section == "arrears" and one.owed else (("plain", "–"),),
        (),
    )
    return tuple(tuple((style, plain(text)) for style, text in cell if text) for cell in cells)


def _said(one: PayChange, acts: Mapping[tuple[str, str], str]) -> str:
    act = acts.get((one.programme, one.act), one.act)
    said = f"{act[:1].upper()}{act[1:]}, theo Quyết định số {one.decision_no}; từ kỳ chi trả tháng {day(one.month)}"
    if one.section != "arrears":
        return said
    since = f" từ tháng {day(one.from_month)}" if one.from_month else ""
    months = f" ({one.months_owed} tháng)" if one.months_owed else ""
    return f"{said}; truy lĩnh{since}{months}"


def _amount(value: int | None) -> str:
    return NOT_STATED if value is None else number(value)


def month_table(changes: Sequence[PayChange]) -> pd.DataFrame:
    """The same lines for the payer's program: money as numbers, in the columns `COLUMNS`."""
    rows = [{name: getattr(one, name) for name in COLUMNS} for one in in_order(changes)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = ("before", "after", "change", "owed")
    types = {name: "Int64" if name in numbers else "string[pyarrow]" for name in COLUMNS}
    return table.astype(types)
