"""Why a line is proposed for what it is: the whole chain from the line as received to the action, in words."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.words import ACTION_EN, ACTION_VI, LAW_MARK_VI
from eligibility_audit.errors import UsageError
from eligibility_audit.publish import read_csv

PERSON: Final = {
    "name": "Họ tên / Name",
    "alias": "Bí danh / Alias",
    "date_of_birth": "Ngày sinh / Born",
    "sex": "Giới tính / Sex",
    "national_id": "Số CMND/CCCD / National id",
    "dossier_no": "Số hồ sơ / Dossier",
    "commune": "Xã / Commune",
    "district": "Huyện / District",
}
FIELDS_VI: Final = {field.name: field.vi for kind in KINDS.values() for field in kind.fields} | {
    "place": "Nơi ở",
    "family": "Gia đình",
}
MOST_LINKS: Final = 20


def explain(id_: str, run_folder: str | Path) -> str:
    """The chain behind a record, finding, case or recommendation, or between two records (ids parted by a space).

    Raises `UsageError` where the folder is no run, or holds no such id.
    """
    run = _Run(Path(run_folder))
    ids = [part for part in re.split(r"[\s,;~]+", id_.strip()) if part]
    if len(ids) == 2:
        return "\n".join(_pair(run, *ids))
    if len(ids) != 1:
        raise UsageError(
            "Hãy cho một mã, hoặc hai mã của hai dòng cách nhau bằng dấu cách. / "
            "Give one id, or two record ids parted by a space."
        )
    records = run.records_of(ids[0])
    return "\n\n".join("\n".join(_record(run, record)) for record in records)


class _Run:
    """The files of a run folder, read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "records").is_dir():
            raise UsageError(
                f"{folder}: không phải thư mục của một lần chạy; hãy chỉ thư mục khác bằng --run. / "
                "This is not a run folder; name another one with --run."
            )
        self.folder = folder
        self.findings = self._table("findings.csv")
        self.recommendations = self._table("recommendations.csv")

    def _table(self, name: str) -> pd.DataFrame:
        path = self.folder / name
        return read_csv(path) if path.exists() else pd.DataFrame()

    def links(self) -> pd.DataFrame:
        """The pairs found."""
        return self._table("links.csv")

    def records_of(self, id_: str) -> list[str]:
        """The records that an id is about."""
        found: list[str] = []
        for table in (self.recommendations, self.findings):
            for column in ("recommendation_id", "finding_id", "case_id"):
                if column in table.columns:
                    found += table.loc[table[column] == id_, "record_id"].astype(str).tolist()
        if not found and self.record(id_) is not None:
            found = [id_]
        if not found:
            raise UsageError(
                f"Không có mã {id_} trong {self.folder.name}; mã ở các cột ..._id của tệp csv, hoặc trên danh sách. / "
                f"There is no id {id_} in {self.folder.name}; ids stand in the columns ..._id of the csv files."
            )
        return list(dict.fromkeys(found))

    def record(self, record_id: str) -> "tuple[str, dict[str, Any]] | None":
        """The kind and the columns of a record."""
        for kind in KINDS:
            path = self.folder / "records" / f"{kind}.parquet"
            if path.exists():
                rows = pd.read_parquet(path, filters=[("record_id", "==", record_id)])
                if len(rows):
                    row = rows.iloc[0]
                    return kind, {str(name): row[name] for name in rows.columns if not pd.isna(row[name])}
        return None


def _record(run: _Run, record_id: str) -> Iterator[str]:
    found = run.record(record_id)
    if found is None:
        raise UsageError(f"Không có dòng {record_id}. / There is no record {record_id}.")
    kind, record = found
    yield f"Dòng {record_id}: {KINDS[kind].vi} / Record {record_id}: {KINDS[kind].en}"
    yield from _source(kind, record)
    yield from _numbered(
        "2. Chuẩn hóa / Standardised", [f"{label}: {record[name]}" for name, label in PERSON.items() if name in record]
    )
    yield from _numbered("3. Liên kết / Links", _links(run, record_id))
    yield from _numbered("4. Phát hiện / Findings", _findings(run, record_id))
    yield from _numbered("5. Đề xuất / Recommendation", _recommendation(run, record_id))


def _source(kind: str, record: dict[str, Any]) -> Iterator[str]:
    place = _where(record.get("source_file"), record.get("source_sheet"), record.get("source_row"))
    yield f"1. Dòng gốc / Source line: {place}"
    received = {field.name: field.vi for field in KINDS[kind].fields}
    for name, label in received.items():
        value = record.get(f"received_{name}")
        if value:
            yield f"   {label}: “{value}”"


def _links(run: _Run, record_id: str) -> Iterator[str]:
    links = run.links()
    if links.empty:
        return
    mine = links[(links["left_record_id"] == record_id) | (links["right_record_id"] == record_id)]
    mine = mine.assign(p=mine["match_probability"].astype("float64")).sort_values("p", ascending=False, kind="stable")
    for link in _rows(mine.head(MOST_LINKS)):
        side = "right" if link["left_record_id"] == record_id else "left"
        place = _where(link[f"{side}_file"], link[f"{side}_sheet"], link[f"{side}_row"])
        yield f"{link[f'{side}_record_id']} ({place}): xác suất cùng một người / probability {link['p']:.4f}"
        yield from (f"   {said}" for said in _compared(link.get("comparisons")))
    if len(mine) > MOST_LINKS:
        yield f"và {len(mine) - MOST_LINKS} dòng khác / and {len(mine) - MOST_LINKS} more"


def _compared(comparisons: object) -> Iterator[str]:
    for item in _items(comparisons):
        weight = float(item.get("weight", 0.0))
        field = str(item.get("field", ""))
        yield f"{FIELDS_VI.get(field, field)} ({field}): {item.get('level')}, {weight:+.2f}"


def _findings(run: _Run, record_id: str) -> Iterator[str]:
    if run.findings.empty:
        return
    for finding in _rows(run.findings[run.findings["record_id"] == record_id]):
        named = f"{finding['rule_id']} ({finding['finding_id']}, bậc / tier {finding['evidence_tier']})"
        yield f"{named}: {finding['reason_vi']}"
        yield f"   {finding['reason_en']}"
        yield f"   Căn cứ / Basis: {finding['legal_basis']}"
        yield from (f"   Ủng hộ / For: {said}" for said in _evidence(finding["evidence"]))
        yield from (f"   Không ủng hộ / Against: {said}" for said in _evidence(finding["evidence_against"]))


def _recommendation(run: _Run, record_id: str) -> Iterator[str]:
    if run.recommendations.empty or not (run.recommendations["record_id"] == record_id).any():
        return
    line = _rows(run.recommendations[run.recommendations["record_id"] == record_id])[0]
    action = str(line["action"])
    yield f"{ACTION_VI[action]} / {ACTION_EN[action]} ({line['recommendation_id']}, hồ sơ / case {line['case_id']})"
    said = (
        ("Việc pháp lý / Legal act", line["legal_act"]),
        ("Căn cứ xử lý / Act basis", line["act_basis"]),
        ("Dấu kiểm tra căn cứ / Law mark", LAW_MARK_VI.get(str(line["law_mark"]), line["law_mark"])),
        ("Nhân thân khớp / Identity agrees", line["identity_agrees"]),
        ("Nhân thân khác / Identity differs", line["identity_differs"]),
        ("Hỏi ai / Ask", line["verify_with"]),
        ("Hỏi gì / Question", line["question_vi"]),
        ("Hạn / Due", f"{line['due_on']} ({line['due_basis']})"),
        ("Mức tháng / Monthly amount", _money(line["monthly_amount"])),
        ("Số tiền cần làm rõ / To be made clear", _money(line["amount_to_clarify"])),
        ("Khép lại nếu / Closed if", line["least_change"]),
    )
    yield from (f"{label}: {value}" for label, value in said if value)


def _pair(run: _Run, left: str, right: str) -> Iterator[str]:
    for record_id in (left, right):
        found = run.record(record_id)
        if found is None:
            raise UsageError(f"Không có dòng {record_id}. / There is no record {record_id}.")
        kind, record = found
        place = _where(record.get("source_file"), record.get("source_sheet"), record.get("source_row"))
        yield f"{record_id}: {KINDS[kind].vi}, {place}"
        yield from (f"   {label}: {record[name]}" for name, label in PERSON.items() if name in record)
    path = run.folder / "candidates.parquet"
    tables = [run.links(), pd.read_parquet(path) if path.exists() else pd.DataFrame()]
    for table in tables:
        if table.empty:
            continue
        ends = table["left_record_id"], table["right_record_id"]
        both = table[((ends[0] == left) & (ends[1] == right)) | ((ends[0] == right) & (ends[1] == left))]
        for link in _rows(both):
            yield f"Xác suất cùng một người / probability: {float(link['match_probability']):.4f}"
            yield from (f"   {said}" for said in _compared(link.get("comparisons")))
            return
    yield "Hai dòng này không được so sánh, hoặc xác suất quá thấp. / Not compared, or the probability is too low."


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as mappings, an unknown value as an empty text."""
    return [
        {str(name): "" if pd.isna(value) else value for name, value in row.items()} for row in frame.to_dict("records")
    ]


def _numbered(heading: str, lines: Iterable[str]) -> Iterator[str]:
    said = list(lines)
    yield heading + ("" if said else ": không có / none")
    yield from (f"   {line}" for line in said)


def _evidence(text: object) -> Iterator[str]:
    for item in _items(text):
        place = _where(item.get("file"), item.get("sheet"), item.get("row"))
        yield f"{item.get('vi', '')} ({place})" if place else str(item.get("vi", ""))


def _items(text: object) -> list[dict[str, Any]]:
    if not isinstance(text, str) or not text.startswith("["):
        return []
    return [item for item in json.loads(text) if isinstance(item, dict)]


def _where(file: object, sheet: object, row: object) -> str:
    parts = (("tệp", file), ("trang", sheet), ("dòng", row))
    return ", ".join(f"{label} {value}" for label, value in parts if value not in (None, "") and value == value)  # noqa: PLR0124 (NaN)


def _money(value: object) -> str:
    return f"{int(float(str(value))):,} đồng".replace(",", ".") if value not in (None, "") else ""
