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
from eligibility_audit.linkage import READS, Model, explain_pair, kept_model, people, tell_people_pair
from eligibility_audit.publish import read_csv
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.use_cases import explain_family
from eligibility_audit.use_cases.explain_pair import routes_in_words, side_by_side, steps_in_words, verdict
from eligibility_audit.use_cases.plugins import load_plugins

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
SEX: Final = {"M": "Nam / male", "F": "Nữ / female"}
MOST_LINKS: Final = 20


def explain(id_: str, run_folder: str | Path) -> str:
    """The chain behind a record, finding, case or recommendation, or between two records (ids parted by a space).

    Raises `UsageError` where the folder is no run, or holds no such id.
    """
    load_plugins()  # which may bring kinds of list
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

    def pair(self, left: str, right: str) -> dict[str, Any] | None:
        """The pair of two records, where it was found or nearly so."""
        path = self.folder / "candidates.parquet"
        for table in (self.links(), pd.read_parquet(path) if path.exists() else pd.DataFrame()):
            if table.empty:
                continue
            ends = table[["left_record_id", "right_record_id"]]
            both = table[ends.isin([left, right]).all(axis=1)]
            for link in _rows(both):
                return link
        return None

    def people(self) -> pd.DataFrame:
        """What was linked: the people of all lists."""
        paths = {kind: self.folder / "records" / f"{kind}.parquet" for kind in KINDS}
        return people({k: pd.read_parquet(p, columns=list(READS)) for k, p in paths.items() if p.exists()})

    def model(self) -> Model | None:
        """What linkage has learnt, where the run kept it."""
        path = self.folder / "model.yaml"
        return kept_model(path)

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
    yield _headline(run, record_id)
    yield from _source(kind, record)
    yield from _numbered("2. Đọc thành / Read as", list(_person(record)))
    yield from _numbered(
        "3. Dòng khác có thể của cùng một người / Other lines that may be the same person", _links(run, record_id)
    )
    yield from _numbered("4. Phát hiện / Findings", _findings(run, record_id))
    yield from _numbered("5. Đề xuất / Recommendation", _recommendation(run, record_id))
    if kind == explain_family.KIND:
        chain = explain_family.family_chain(run.folder, record_id, lambda other: _headline(run, other))
        yield from _numbered("6. Gia đình / Family", chain)


def _headline(run: _Run, record_id: str) -> str:
    lines = _of(run.recommendations, record_id)
    if not lines:
        return "Không có đề xuất: chưa thấy gì cần làm rõ. / No recommendation: nothing was found to be made clear."
    action = str(lines[0]["action"])
    return f"Đề xuất: {ACTION_VI[action]}. / Recommendation: {ACTION_EN[action]}."


def _person(record: dict[str, Any]) -> Iterator[str]:
    for name, label in PERSON.items():
        if name in record:
            value = str(record[name])
            yield f"{label}: {SEX.get(value, value) if name == 'sex' else _day(value)}"


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
    model = run.model()
    for link in _rows(mine.head(MOST_LINKS)):
        side = "right" if link["left_record_id"] == record_id else "left"
        place = _where(link[f"{side}_file"], link[f"{side}_sheet"], link[f"{side}_row"])
        yield f"Dòng khác / other line: {place} ({link[f'{side}_record_id']})"
        yield from (f"   {said}" for said in _compared(link, model))
    if len(mine) > MOST_LINKS:
        yield f"và {len(mine) - MOST_LINKS} dòng khác / and {len(mine) - MOST_LINKS} more"


def _compared(link: dict[str, Any], model: Model | None) -> Iterator[str]:
    """What was compared, in words, each step with its field, level, weight and the chance after it."""
    if model is not None:
        yield from steps_in_words(explain_pair(link, model))
    else:
        for item in _items(link.get("comparisons")):
            yield f"{item.get('field', '')} {item.get('level', '')}, {float(item.get('weight', 0.0)):+.2f}"
    yield f"Xác suất cùng một người / probability: {float(link['match_probability']):.4f}"


def _findings(run: _Run, record_id: str) -> Iterator[str]:
    for finding in _of(run.findings, record_id):
        tier = f"mức chứng cứ / evidence tier {finding['evidence_tier']}"
        named = f"{finding['rule_id']} ({finding['finding_id']}, {tier})"
        yield f"{named}: {finding['reason_vi']}"
        yield f"   {finding['reason_en']}"
        yield f"   Căn cứ / Basis: {finding['legal_basis']}"
        yield from (f"   Ủng hộ / For: {said}" for said in _evidence(finding["evidence"]))
        yield from (f"   Không ủng hộ / Against: {said}" for said in _evidence(finding["evidence_against"]))


def _recommendation(run: _Run, record_id: str) -> Iterator[str]:
    lines = _of(run.recommendations, record_id)
    if not lines:
        return
    line = lines[0]
    action = str(line["action"])
    months = f" ({line['months']} tháng / months)" if line["months"] not in (None, "") else ""
    asked = _money(line["amount_to_clarify"])
    yield f"{ACTION_VI[action]} / {ACTION_EN[action]} ({line['recommendation_id']}, hồ sơ / case {line['case_id']})"
    said = (
        ("Việc pháp lý / Legal act", _act(str(line["programme"]), str(line["legal_act"]))),
        ("Căn cứ xử lý / Act basis", line["act_basis"]),
        ("Dấu kiểm tra căn cứ / Law mark", LAW_MARK_VI.get(str(line["law_mark"]), line["law_mark"])),
        ("Nhân thân khớp / Identity agrees", line["identity_agrees"]),
        ("Nhân thân khác / Identity differs", line["identity_differs"]),
        ("Hỏi ai / Ask", line["verify_with"]),
        ("Hỏi gì / Question", line["question_vi"]),
        ("Hạn / Due", f"{_day(str(line['due_on']))}; {line['due_basis']}"),
        ("Mức tháng / Monthly amount", _money(line["monthly_amount"])),
        ("Số tiền cần làm rõ / To be made clear", asked + months if asked else ""),
        ("Khép lại nếu / Closed if", line["least_change"]),
    )
    yield from (f"{label}: {value}" for label, value in said if value)


def _pair(run: _Run, left: str, right: str) -> Iterator[str]:
    persons: list[dict[str, str]] = []
    for record_id in (left, right):
        found = run.record(record_id)
        if found is None:
            raise UsageError(f"Không có dòng {record_id}. / There is no record {record_id}.")
        kind, record = found
        place = _where(record.get("source_file"), record.get("source_sheet"), record.get("source_row"))
        yield f"{record_id}: {KINDS[kind].vi}, {place}"
        persons.append(dict(line.split(": ", 1) for line in _person(record)))
    fields = [label for label in PERSON.values() if label in persons[0] or label in persons[1]]
    values = {label: (persons[0].get(label), persons[1].get(label)) for label in fields}
    yield from (f"   {said}" for said in side_by_side(values))
    link = run.pair(left, right)
    if link is not None:
        yield from _compared(link, run.model())
        return
    model = run.model()
    told = None if model is None else tell_people_pair(run.people(), model, left, right)
    if told is None:
        yield "Hai dòng này không được so sánh, hoặc xác suất quá thấp. / Not compared, or the probability is too low."
        return
    yield from steps_in_words(told.explanation)
    yield from routes_in_words(told)
    yield verdict(told, threshold=0.5)


def _of(table: pd.DataFrame, record_id: str) -> list[dict[str, Any]]:
    """The rows of a record; none where the table is empty."""
    return [] if table.empty else _rows(table[table["record_id"] == record_id])


def _act(programme: str, name: str) -> str:
    act = Acts.load(programme).acts.get(name) if name else None
    return f"{act.vi} / {act.en}" if act else name


def _day(value: str) -> str:
    """An ISO date to its precision as Vietnamese write it; anything else as it is."""
    return "/".join(reversed(value.split("-"))) if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", value) else value


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
