"""The report of a period: the five results of the department, counted anew from the store and a run, each number with
its lines.

What neither knows (procedures, levels online, poverty rates) comes from a file of counts, and the report says so. What
nobody counted is *chưa đo*.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd
import yaml

from eligibility_audit.domain.conclusions import STATES
from eligibility_audit.domain.report_figures import parse_counts, recompute
from eligibility_audit.domain.review.complaints import KIND_VI, LEVEL_VI, OUTCOME_VI, STAGE_VI
from eligibility_audit.domain.review.measures import Measured
from eligibility_audit.errors import UsageError
from eligibility_audit.publish import csv_files
from eligibility_audit.publish.annual import Annual, Number, Section, write_annual
from eligibility_audit.publish.papers import Letterhead, programme_name
from eligibility_audit.store import measured_error
from eligibility_audit.store.office import Office
from eligibility_audit.store.period import of_period
from eligibility_audit.use_cases.run_folder import read_manifest

STORE, RUN, COUNTS, NOT = "kho rà soát", "lần chạy", "tệp số đếm", "chưa đo"
TIME_VI: Final = {"early": "trước hạn", "on_time": "đúng hạn", "late": "quá hạn", "": "không có hạn"}
EFFECT_VI: Final = {
    "pause": "tạm dừng",
    "end": "chấm dứt",
    "less": "điều chỉnh giảm",
    "more": "điều chỉnh tăng",
    "resume": "hưởng lại",
    "repay": "truy thu (chỉ theo quyết định đã ký)",
}
RESULT_VI: Final = {
    "dung": "đúng",
    "chua_dung": "chưa đúng",
    "khong_kiem_tra_duoc": "không kiểm tra được",
    "vang_mat": "vắng mặt",
    "da_chet": "đã chết",
}
CLASS_VI: Final = {"poor": "hộ nghèo", "near_poor": "hộ cận nghèo"}
STATE_COLUMN: Final = "state"


@dataclass(frozen=True)
class Period:
    """From which day to which, both among them."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise UsageError("--from phải trước --to / --from is before --to")


class _Made:
    """Numbers as they are counted, and the lines of each."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.lines: dict[str, pd.DataFrame] = {}

    def section(self, title: str) -> None:
        self.sections.append(Section(title, []))

    def number(
        self, code: str, label: str, value: int | str, source: str, lines: pd.DataFrame | None = None, *, note: str = ""
    ) -> None:
        """One number; `lines`: what it counts, which becomes the file `so-lieu/<code>.csv`."""
        if lines is not None and len(lines):
            self.lines[code] = lines
        self.sections[-1].numbers.append(Number(code, label, value, source, note, code if code in self.lines else ""))

    def money(self, of: str, label: str, amounts: "pd.Series[int]") -> None:
        """The sum of the lines of a number; an unknown amount adds nothing, and is counted."""
        unknown = int(amounts.isna().sum())
        note = f"{unknown} dòng không ghi số tiền" if unknown else ""
        told = Number(
            f"{of}-money", label, int(amounts.fillna(0).sum()), RUN, note, lines_of=of if of in self.lines else ""
        )
        self.sections[-1].numbers.append(told)

    def by(self, code: str, label: str, frame: pd.DataFrame, column: str, words: Callable[[str], str]) -> None:
        """The number of all lines of a table of the store, then of each value of a column."""
        self.number(code, label, len(frame), STORE, frame)
        for value, part in frame.groupby(frame[column].fillna(""), sort=True):
            told = words(str(value)) or "chưa ghi"
            self.number(f"{code}-{_plain(str(value))}", f"– {told}", len(part), STORE, part)


def annual_report(
    office: Office, period: Period, out: Path, *, run: Path | None, counts: Path | None, head: Letterhead
) -> list[Path]:
    """Write the report of a period into `out`, a new folder; returns its files.

    Raises UsageError for an `out` that is not empty, a folder that is no run, or faults in the file of counts.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out}: thư mục không trống; chọn thư mục khác / is not empty; choose another --out")
    if run is not None and read_manifest(run) is None:
        raise UsageError(f"{run}: không phải thư mục của một lần chạy / is not a run folder")
    figures = recompute(parse_counts(_counts(counts), counts.name)) if counts else ()
    tables = of_period(office, period.first, period.last)
    made = _Made()
    _merit(made, tables, run)
    _assistance(made, tables, run)
    _relief(made, run, period)
    _poverty(made, run)
    _complaints(made, tables)
    _service(made, tables)
    made.section("Số từ tệp số đếm của cơ quan, được tính lại")
    for figure in figures:
        value = int(figure.value) if figure.value.isdigit() else figure.value
        made.number(figure.code, figure.vi, value, COUNTS, note="suy ra" if figure.inferred else "")
    for code, label in (
        ("signed_share", "Tỷ lệ văn bản ký số"),
        ("online_share", "Tỷ lệ hồ sơ trực tuyến theo mức độ"),
        ("poverty_points_a_year", "Mức giảm tỷ lệ hộ nghèo"),
    ):
        if code not in {figure.code for figure in figures}:
            made.number(code, label, NOT, NOT, note="kho và lần chạy không có số này; nêu ở --counts")
    _measured(made, measured_error.of_rules(office))
    annual = Annual(period.first, period.last, tuple(made.sections), head, run is not None, counts is not None)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = write_annual(out, annual)
    folder = out / "so-lieu"
    folder.mkdir(mode=0o700)
    for code, lines in made.lines.items():
        path = folder / f"{code}.csv"
        csv_files.write_csv(lines, path, list(lines.columns))
        files.append(path)
    for path in files:
        path.chmod(0o600)
    return files


def _merit(made: _Made, tables: Mapping[str, pd.DataFrame], run: Path | None) -> None:
    made.section("1. Thực hiện kết luận thanh tra; rà soát người hưởng chính sách chất độc hóa học")
    ledger = _table(run, "conclusions/ledger.csv")
    if ledger is None:
        made.number(
            "conclusions", "Dòng của các kết luận thanh tra", NOT, NOT, note="lần chạy không có phụ lục kết luận"
        )
    else:
        kept = [c for c in ("obligation_id", "conclusion_no", "finding_group", STATE_COLUMN) if c in ledger.columns]
        ledger = ledger[kept]
        made.number("conclusions", "Dòng của các kết luận thanh tra", len(ledger), RUN, ledger)
        for state, part in ledger.groupby(ledger[STATE_COLUMN].fillna(""), sort=True):
            label = STATES[state].vi if state in STATES else str(state)
            made.number(f"conclusions-{_plain(str(state))}", f"– {label}", len(part), RUN, part)
    chosen = tables["decisions"][tables["decisions"]["programme"] == "agent_orange"]
    made.by("ao-decisions", "Quyết định đã ký trong kỳ", chosen, "effect", lambda v: EFFECT_VI.get(v, v))
    made.by("results", "Kết quả xác minh, thực chứng lại", tables["results"], "result", lambda v: RESULT_VI.get(v, v))


def _assistance(made: _Made, tables: Mapping[str, pd.DataFrame], run: Path | None) -> None:
    made.section("2. Trợ giúp xã hội và xác định mức độ khuyết tật")
    _groups(made, run, "social_assistance", "Người hưởng trợ cấp xã hội hằng tháng", "monthly_amount")
    others = tables["decisions"][tables["decisions"]["programme"] == "social_assistance"]
    made.by("sa-decisions", "Quyết định đã ký trong kỳ", others, "effect", lambda v: EFFECT_VI.get(v, v))


def _relief(made: _Made, run: Path | None, period: Period) -> None:
    made.section("3. Hỗ trợ người dân gặp khó khăn do đại dịch COVID-19")
    _groups(made, run, "covid_relief", "Lượt hỗ trợ chi trong kỳ", "amount", period)


def _poverty(made: _Made, run: Path | None) -> None:
    made.section("4. Hộ nghèo, hộ cận nghèo")
    places = ["district", "commune", "household_no"]
    records = _records(run, "poor_households", ("record_id", "household_class", *places))
    if records is None:
        made.number("households", "Số hộ", NOT, NOT, note="lần chạy không có danh sách hộ nghèo")
        return
    houses = records.dropna(subset=["household_no"]).drop_duplicates(places)
    unknown = int(records["household_no"].isna().sum())
    note = f"{unknown} dòng không ghi mã hộ: không tính" if unknown else ""
    made.number("households", "Hộ trên danh sách", len(houses), RUN, houses, note=note)
    for value, part in houses.groupby(houses["household_class"].fillna(""), sort=True):
        label = CLASS_VI.get(str(value), "chưa ghi loại hộ")
        made.number(f"households-{_plain(str(value))}", f"– {label}", len(part), RUN, part)
    made.number("household-members", "Nhân khẩu trên danh sách", len(records), RUN, records)


def _complaints(made: _Made, tables: Mapping[str, pd.DataFrame]) -> None:
    made.section("5. Tiếp công dân; khiếu nại, tố cáo, kiến nghị, phản ánh")
    received, answered = tables["received"], tables["answered"]
    made.by("received", "Đơn nhận trong kỳ", received, "kind", lambda v: dict(KIND_VI).get(v, v))  # type: ignore[call-overload]
    made.by("received-level", "Theo cấp giải quyết", received, "level", lambda v: dict(LEVEL_VI).get(v, v))  # type: ignore[call-overload]
    made.by("received-stage", "Đến nay đang ở bước", received, "stage", lambda v: dict(STAGE_VI).get(v, v))  # type: ignore[call-overload]
    made.by("answered", "Đơn giải quyết trong kỳ, theo kết quả", answered, "outcome", lambda v: OUTCOME_VI.get(v, v))
    made.by("answered-time", "Đơn giải quyết trong kỳ, theo hạn", answered, "in_time", lambda v: TIME_VI.get(v, v))


def _service(made: _Made, tables: Mapping[str, pd.DataFrame]) -> None:
    made.section("6. Hồ sơ rà soát: tiếp nhận và giải quyết")
    made.by("opened", "Hồ sơ mở trong kỳ", tables["opened"], "programme", programme_name)
    made.by("settled", "Hồ sơ kết thúc trong kỳ", tables["settled"], "in_time", lambda v: TIME_VI.get(v, v))
    made.by(
        "decisions", "Quyết định đã ký trong kỳ, mọi chương trình", tables["decisions"], "programme", programme_name
    )
    made.number("notices", "Thông báo đã giao (có bằng chứng giao)", len(tables["notices"]), STORE, tables["notices"])


def _measured(made: _Made, measured: Mapping[str, Measured]) -> None:
    made.section("7. Sai sót đã đo")
    judged = sum(one.judged for one in measured.values())
    if not judged:
        made.number("error", "Tỷ lệ sai của đề xuất và quyết định", NOT, NOT, note="chưa có mẫu xét lại độc lập nào")
    for rule, one in sorted(measured.items()):
        if one.judged:
            made.number(f"error-{_plain(rule)}", f"Quy tắc {rule}: không đồng ý trên số đã xét lại", one.told, STORE)


def _groups(made: _Made, run: Path | None, kind: str, label: str, money: str, period: Period | None = None) -> None:
    """Persons and đồng by group of a list of the run; of payments those of the period alone."""
    columns = ("record_id", "group", "district", money, *(("paid_on",) if period else ()))
    records = _records(run, kind, columns)
    if records is None:
        made.number(kind, label, NOT, NOT, note="lần chạy không có danh sách này")
        return
    if period is not None:
        paid = records["paid_on"].astype("string").fillna("")
        inside = (paid >= str(period.first)) & (paid <= str(period.last)) & (paid.str.len() == 10)
        unknown = records[paid.str.len() != 10]
        if len(unknown):
            made.number(f"{kind}-no-day", "Lượt không ghi đủ ngày chi: không tính vào kỳ", len(unknown), RUN, unknown)
        records = records[inside.to_numpy("bool")]
    made.number(kind, label, len(records), RUN, records)
    made.money(kind, "– số tiền (đồng)", records[money])
    for place, (group, part) in enumerate(records.groupby(records["group"].fillna(""), sort=True), 1):
        code, told = f"{kind}-{place}", str(group) or "chưa ghi nhóm"
        made.number(code, f"– {told}", len(part), RUN, part)
        made.money(code, f"– {told}: đồng", part[money])


def _records(run: Path | None, kind: str, columns: tuple[str, ...]) -> pd.DataFrame | None:
    path = None if run is None else run / "records" / f"{kind}.parquet"
    return pd.read_parquet(path, columns=list(columns)) if path is not None and path.is_file() else None


def _table(run: Path | None, name: str) -> pd.DataFrame | None:
    path = None if run is None else run / name
    return csv_files.read_csv(path) if path is not None and path.is_file() else None


def _counts(path: Path) -> object:
    try:
        content: object = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(f"{path}: không có tệp này / there is no such file") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise UsageError(f"{path}: không đọc được như YAML / cannot be read as YAML") from None
    return content


def _plain(value: str) -> str:
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in value.lower()).strip("-")
    return kept or "none"
