"""The court bundle of a case: one PDF with index and bút lục, one zip of the files; its hash is in the ledger."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from eligibility_audit.domain.dates import VIETNAM
from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.review.complaints import KIND_VI, LEVEL_VI, MOVE_VI, OUTCOME_VI, STAGE_VI
from eligibility_audit.domain.review.people import SYSTEM, Actor
from eligibility_audit.domain.review.states import STATE_VI, STEP_VI
from eligibility_audit.domain.words import FOOT_VI, LAW_MARK_VI
from eligibility_audit.errors import RefusedError, UsageError
from eligibility_audit.publish.court_bundle import Attached, Bundle, Document, Table, breakable, bundle_pdf
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import rules_of
from eligibility_audit.store import ledger
from eligibility_audit.store.attachments import media_type, read_kept
from eligibility_audit.store.court_file import CourtFile, Rows, court_file
from eligibility_audit.store.office import Office

_ENDINGS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
_RESULT_VI: Final = {
    "dung": "đúng với hồ sơ",
    "chua_dung": "chưa đúng với hồ sơ",
    "khong_kiem_tra_duoc": "không kiểm tra được",
    "vang_mat": "vắng mặt (không phải là chưa đúng)",
    "da_chet": "đã chết",
}
_MEANS_VI: Final = {"signature": "ký nhận", "post_receipt": "biên nhận bưu điện", "visit_minutes": "biên bản đến nhà"}
_STATED_VI: Final = {
    "addressee": "gửi",
    "question": "hỏi",
    "due_on": "hạn",
    "body": "cơ quan",
    "kind": "cách",
    "finding": "về phát hiện",
    "document": "văn bản",
    "result": "kết quả",
    "evidence": "dựa vào",
    "document_no": "văn bản số",
    "document_date": "ngày",
    "act": "việc pháp lý",
    "decision_no": "quyết định số",
    "decision_date": "ngày",
    "served_on": "giao ngày",
    "means": "cách giao",
    "proof": "chứng cứ giao",
    "month": "tháng chi trả",
    "request_no": "văn bản đề nghị số",
    "cause": "do",
    "outcome": "kết quả",
    "ground": "căn cứ",
}
_UNTOLD: Final = frozenset({"csrf", "seq", "step"})


@dataclass(frozen=True)
class CourtBundle:
    """The two files, each with its hash, and how many documents the index has."""

    pdf: bytes
    attachments: bytes
    documents: int

    @property
    def sha256(self) -> tuple[str, str]:
        """Of the PDF and of the zip."""
        return hashlib.sha256(self.pdf).hexdigest(), hashlib.sha256(self.attachments).hexdigest()


def court_bundle(office: Office, actor: Actor, case_id: str) -> CourtBundle:
    """Make the bundle of a case; that it was made, and its hashes, are in the ledger. Raises RefusedError."""
    found = court_file(office, actor, case_id)
    attached, packed = _attachments(office, found.documents)
    documents = tuple(_documents(found))
    case = found.case
    pdf = bundle_pdf(
        Bundle(
            office=actor.unit or "Cơ quan quản lý hồ sơ",
            title="HỒ SƠ RÀ SOÁT CUNG CẤP CHO TÒA ÁN",
            made_on=office.today(),
            facts=(
                ("Hồ sơ rà soát số", case_id),
                ("Người có tên trong hồ sơ", str(case["name"] or "không rõ")),
                ("Ngày sinh", _day(case["date_of_birth"]) or "không rõ"),
                ("Số định danh", str(case["national_id"] or "không ghi")),
                ("Chương trình", KINDS[case["programme"]].vi),
                ("Số hồ sơ hưởng", str(case["dossier_no"] or "không ghi")),
                ("Nơi chi trả", ", ".join(filter(None, (case["commune"], case["district"])))),
                ("Đang ở bước", STATE_VI[case["state"]]),
                ("Lập ngày", f"{office.today():%d/%m/%Y}, bởi {actor.name}"),
            ),
            documents=documents,
            attached=attached,
            foot=f"Hồ sơ {case_id}",
        )
    )
    made = CourtBundle(pdf, packed, len(documents))
    content = {"pdf": made.sha256[0], "attachments": made.sha256[1]}
    with office.cases.writing() as connection:
        ledger.append(
            connection, case_id, now=office.clock(), actor_id=actor.user_id, act="court_bundle", content=content
        )
    return made


def write_court_bundle(office: Office, case_id: str, out: Path, actor: Actor = SYSTEM) -> CourtBundle:
    """Write `out` (a PDF) and the zip of the same name beside it. Raises UsageError where either is there already."""
    pdf, packed = out.with_suffix(".pdf"), out.with_suffix(".zip")
    for path in (pdf, packed):
        if path.exists():
            raise UsageError(f"{path.name}: tệp đã có; hãy đặt tên khác. / the file is there already; name another.")
    try:
        made = court_bundle(office, actor, case_id)
    except RefusedError as error:
        raise UsageError(str(error)) from None
    for path, content in ((pdf, made.pdf), (packed, made.attachments)):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    return made


def _attachments(office: Office, documents: Rows) -> tuple[tuple[Attached, ...], bytes]:
    attached: list[Attached] = []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for row in documents:
            if not row["sha256"]:
                continue
            title = _titled(row)
            try:
                content = read_kept(office.attachments, row["sha256"])
            except RefusedError:  # said in the index, not passed over: the court sees that the file is not whole
                attached.append(Attached(f"{title} – TỆP KHÔNG CÒN HOẶC ĐÃ THAY ĐỔI", "–", breakable(row["sha256"])))
                continue
            ending = _ENDINGS.get(media_type(content) or "", "docx" if content.startswith(b"PK") else "bin")
            name = f"{len(attached) + 1:02}-{row['sha256'][:12]}.{ending}"
            stamped = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            stamped.external_attr = 0o600 << 16
            packed.writestr(stamped, content)
            attached.append(Attached(title, name, breakable(row["sha256"])))
    return tuple(attached), out.getvalue()


def _documents(found: CourtFile) -> Iterator[Document]:
    yield _source_lines(found)
    for dossier in found.dossiers:
        yield _evidence(dossier)
    yield _law(found)
    yield _acts(found)
    yield _service(found)
    yield _orders(found)
    yield _papers(found)
    yield _complaints(found)
    yield _judgements(found)
    yield _earlier(found)
    yield _extract(found)


def _source_lines(found: CourtFile) -> Document:
    frozen = found.dossiers[-1]["frozen"] if found.dossiers else {}
    record = frozen.get("record") or {}
    tables = [_received("Dòng của hồ sơ này", record)] if record else []
    tables += [
        _received(f"Dòng {n} được đem so sánh", {**(other.get("record") or {}), **_placed(other)})
        for n, other in enumerate(frozen.get("others") or (), 1)
    ]
    return Document(
        "Các dòng nguồn như đã nhận",
        "Nguyên văn từng ô của danh sách nhận được; cột “nhận được” là đúng như trong tệp, chưa chuẩn hóa.",
        tuple(tables),
    )


def _placed(other: Mapping[str, Any]) -> dict[str, Any]:
    return {"source_file": other.get("file"), "source_sheet": other.get("sheet"), "source_row": other.get("row")}


def _received(title: str, record: Mapping[str, Any]) -> Table:
    where = ", ".join(
        f"{name} {record[key]}"
        for key, name in (("source_file", "tệp"), ("source_sheet", "trang"), ("source_row", "dòng"))
        if record.get(key)
    )
    names = {f.name: f.vi for kind in KINDS.values() for f in kind.fields}
    cells = {k.removeprefix("received_"): v for k, v in record.items() if k.startswith("received_")}
    cells = cells or {k: v for k, v in record.items() if k in names}
    rows = tuple((names.get(name, name), str(value)) for name, value in cells.items())
    return Table(("Cột", "Nhận được"), rows, (1, 2), f"{title}: {where or 'không rõ nơi'}")


def _evidence(dossier: Mapping[str, Any]) -> Document:
    frozen, tables = dossier["frozen"], []
    for n, finding in enumerate(frozen.get("findings") or (), 1):
        sides = [
            ("Nhận định", str(finding.get("reason_vi") or "")),
            ("Quy tắc, mức chứng cứ", f"{finding.get('rule_id')}, mức {finding.get('evidence_tier') or '–'}"),
            ("Chứng cứ ủng hộ nhận định", _pieces(finding.get("evidence"))),
            ("Chứng cứ không ủng hộ, có lợi cho người hưởng", _pieces(finding.get("evidence_against"))),
            ("Căn cứ", str(finding.get("legal_basis") or "")),
            ("Dấu kiểm tra luật", LAW_MARK_VI.get(str(finding.get("law_mark")), str(finding.get("law_mark") or "–"))),
        ]
        tables.append(Table(("Mục", "Nội dung"), tuple(sides), (1, 3), f"Nhận định {n}"))
    said = [
        (f"{link.get('file') or ''}, dòng {link.get('row') or ''}", "\n".join(link.get("sentences") or ()))
        for link in frozen.get("others") or ()
    ]
    if said:
        tables.append(Table(("Dòng được so sánh", "So sánh từng điểm"), tuple(said), (1, 3), "So sánh nhân thân"))
    told = (
        f"Chứng cứ hệ thống dựa vào, đóng băng lúc {_moment(dossier['frozen_at'])}, từ lần chạy {dossier['run_id']}; "
        f"mã băm SHA-256: {breakable(dossier['sha256'])}. {FOOT_VI}"
    )
    return Document(f"Chứng cứ như đã đóng băng (vòng {dossier['round']})", told, tuple(tables))


def _pieces(told: object) -> str:
    items = json.loads(str(told)) if told else []
    lines = []
    for item in items:
        where = ", ".join(
            f"{name} {item[key]}"
            for key, name in (("file", "tệp"), ("sheet", "trang"), ("row", "dòng"))
            if item.get(key)
        )
        lines.append(f"– {item.get('vi', '')}" + (f" ({where})" if where else ""))
    return "\n".join(lines) or "không có"


def _law(found: CourtFile) -> Document:
    rows: dict[tuple[str, str], tuple[str, ...]] = {}
    programme = found.case["programme"]
    for dossier in found.dossiers:
        findings = dossier["frozen"].get("findings") or ()
        on = _as_of(found, dossier)
        for citation, mark, held, source in _citations(programme, findings, on):
            rows[citation, mark] = (citation, mark, held, source)
    frozen = {
        (str(f.get("legal_basis")), LAW_MARK_VI.get(str(f.get("law_mark")), "–"))
        for d in found.dossiers
        for f in d["frozen"].get("findings") or ()
        if f.get("legal_basis")
    }
    acts = Acts.load(programme).acts
    used = sorted(
        {str(s["stated"].get("act")) for s in found.steps if s["step"] == "submit" and s["stated"].get("act")}
    )
    offered = tuple((acts[a].vi, str(acts[a].effect)) for a in used if a in acts)
    confirmed = tuple(
        (_stamp(entry["at"]), found.names.get(entry["actor_id"], ""))
        for entry in found.entries
        if entry["act"] == "confirm_law"
    )
    tables = [
        Table(("Căn cứ như in trên đề xuất", "Dấu kiểm tra"), tuple(sorted(frozen)), (3, 1), "Như đã đóng băng"),
        Table(
            ("Điều khoản", "Dấu kiểm tra", "Hiệu lực", "Nguồn, ngày kiểm tra"),
            tuple(rows.values()),
            (3, 1, 1.2, 1.8),
            "Từng điều khoản của quy tắc, có hiệu lực ngày xét",
        ),
        Table(("Việc pháp lý đã trình", "Tác động"), offered, (3, 1), "Việc pháp lý"),
        Table(("Lúc", "Cán bộ pháp chế xác nhận"), confirmed, (1, 2), "Xác nhận căn cứ pháp lý trước khi ký"),
    ]
    told = "Pháp luật của ngày xét, kèm dấu: đã kiểm tra, cần kiểm tra, hoặc chưa tìm thấy."
    return Document("Pháp luật áp dụng", told, tuple(t for t in tables if t.rows))


def _citations(
    programme: str, findings: Iterable[Mapping[str, Any]], on: date | None
) -> Iterator[tuple[str, str, str, str]]:
    if on is None:  # of a case whose day nobody wrote down: what was frozen stands alone
        return
    import_rules()
    rules, pack = {rule.id: rule for rule in rules_of(programme, on)}, LawPack.load(programme)
    for finding in findings:
        rule = rules.get(str(finding.get("rule_id")))
        for key in rule.basis.get(programme, ()) if rule else ():
            citation = pack.citations.get(key)
            if citation is None or not citation.in_force(on):
                continue
            until = f"{citation.valid_to:%d/%m/%Y}" if citation.valid_to else "nay"
            held = f"{citation.valid_from:%d/%m/%Y} – {until}"
            yield citation.vi, LAW_MARK_VI[citation.mark], held, f"{citation.source}; {citation.last_checked:%d/%m/%Y}"


def _as_of(found: CourtFile, dossier: Mapping[str, Any]) -> date | None:
    """The day at which law and facts were taken: frozen with the evidence, else as the run is known here."""
    said = dossier["frozen"].get("as_of")
    return date.fromisoformat(said) if said else found.days.get(dossier["run_id"])


def _acts(found: CourtFile) -> Document:
    rows = tuple(
        (
            str(step["seq"]),
            _moment(step["at"]),
            STEP_VI[step["step"]],
            f"{STATE_VI[step['before']]} → {STATE_VI[step['after']]}",
            found.names.get(step["actor_id"], ""),
            "\n".join(filter(None, (step["reason"], _stated(step["stated"])))),
        )
        for step in found.steps
    )
    head = ("TT", "Lúc", "Việc", "Bước", "Người làm", "Lý do, nội dung đã ghi")
    told = f"Mở hồ sơ lúc {_moment(found.case['opened_at'])}. Lý do chép nguyên văn của người làm."
    return Document("Các việc đã làm, ngày và người làm", told, _only(Table(head, rows, (0.5, 1.3, 1.5, 1.8, 1.6, 3))))


def _service(found: CourtFile) -> Document:
    titles = {row["document_id"]: _titled(row) for row in found.documents}
    notices = tuple(
        (
            f"{_day(n['issued_on'])}, gửi {n['kind']}",
            _day(n["served_on"]) or "chưa giao",
            _MEANS_VI.get(str(n["means"]), str(n["means"] or "–")),
            titles.get(n["proof_document"], "–"),
            _day(n["reply_due"]),
            _day(n["replied_on"]) or "không có",
        )
        for n in found.notices
    )
    head = ("Thông báo", "Giao ngày", "Cách giao", "Chứng cứ giao", "Hạn trả lời", "Trả lời ngày")
    served = tuple(
        (
            _day(s["stated"].get("served_on")),
            _MEANS_VI.get(str(s["stated"].get("means")), ""),
            str(s["stated"].get("proof") or ""),
            found.names.get(s["actor_id"], ""),
        )
        for s in found.steps
        if s["step"] == "serve"
    )
    tables = [
        Table(head, notices, (2, 1, 1, 2, 1, 1), "Thông báo cho người hưởng"),
        Table(("Giao ngày", "Cách giao", "Chứng cứ giao", "Người ghi"), served, (1, 1, 3, 2), "Giao quyết định"),
    ]
    told = "Thông báo chỉ tính từ khi có chứng cứ giao; chưa giao được là chưa tống đạt."
    return Document("Chứng cứ giao thông báo, quyết định", told, tuple(t for t in tables if t.rows))


def _orders(found: CourtFile) -> Document:
    rows = tuple(
        (
            o["body"],
            o["question"],
            f"{_day(o['ordered_on'])} / {_day(o['due_on'])}",
            f"{_RESULT_VI.get(str(o['result']), 'chưa có kết quả')} {_day(o['result_on'])}".strip(),
            found.names.get(o["recorded_by"] or o["ordered_by"], ""),
        )
        for o in found.orders
    )
    head = ("Cơ quan", "Nội dung hỏi", "Lập / hạn", "Kết quả", "Người ghi")
    return Document("Yêu cầu xác minh và kết quả", "", _only(Table(head, rows, (1.5, 3, 1.3, 1.5, 1.6))))


def _papers(found: CourtFile) -> Document:
    rows = tuple(
        (_titled(d), _moment(d["added_at"]), found.names.get(d["added_by"], ""), breakable(d["sha256"] or "") or "–")
        for d in found.documents
    )
    head = ("Văn bản", "Đưa vào lúc", "Người đưa vào", "SHA-256 của tệp")
    return Document("Giấy tờ, văn bản trong hồ sơ", "", _only(Table(head, rows, (2.5, 1.2, 1.6, 2), is_small=True)))


def _complaints(found: CourtFile) -> Document:
    tables = []
    for row in found.complaints:
        told = (
            f"{KIND_VI[row['kind']]} ({LEVEL_VI[row['level']]}), gửi ngày {_day(row['filed_on'])}, "
            f"nhận ngày {_day(row['received_on'])}: {STAGE_VI[row['stage']]}"
            + (f"; kết quả: {OUTCOME_VI[row['outcome']]}" if row["outcome"] else "")
        )
        steps = tuple(
            (
                _moment(s["at"]),
                MOVE_VI[s["step"]],
                found.names.get(s["actor_id"], ""),
                "\n".join(filter(None, (s["reason"], _stated(s["stated"])))),
            )
            for s in found.complaint_steps
            if s["complaint_id"] == row["complaint_id"]
        )
        first = (_moment(row["entered_at"]), "Nhận đơn", found.names.get(row["entered_by"], ""), str(row["subject"]))
        tables.append(Table(("Lúc", "Việc", "Người làm", "Nội dung"), (first, *steps), (1.2, 1.6, 1.6, 3), told))
    told = "Khiếu nại, kiến nghị, phản ánh, trả lời. Tố cáo, nếu có, không nằm trong hồ sơ này."
    return Document("Lịch sử khiếu nại", told, tuple(tables))


def _judgements(found: CourtFile) -> Document:
    said = {"match": "cùng một người", "no_match": "không phải một người", "unsure": "chưa rõ"}
    rows = tuple(
        (
            _day(j["judged_on"]),
            said.get(str(j["judgement"]), ""),
            found.names.get(j["judged_by"], ""),
            "\n".join(filter(None, (j["reason"], j["evidence"]))),
        )
        for j in found.judgements
    )
    head = ("Ngày", "Kết luận", "Người kết luận", "Lý do, chứng cứ")
    return Document("Kết luận của cán bộ về cặp dòng", "", _only(Table(head, rows, (1, 1.3, 1.6, 3))))


def _earlier(found: CourtFile) -> Document:
    acts = Acts.load(found.case["programme"]).acts
    rows = tuple(
        (
            f"{e['number']}, {_day(e['dated_on'])}",
            e["authority"],
            "đã thực chứng lại: đúng"
            if e["kind"] == "clearing"
            else (acts[e["act"]].vi if e["act"] in acts else e["act"]),
            _day(e["in_force_from"]) or "–",
            {"dossier_no": "số hồ sơ", "linkage": "đối chiếu nhân thân"}.get(str(e["bound_by"]), ""),
            e["source"],
        )
        for e in found.earlier
    )
    head = ("Số, ngày", "Cơ quan", "Việc", "Áp dụng từ", "Gắn theo", "Nguồn nhập")
    own = found.case["case_id"]
    linked = tuple(
        (row["right_case"] if row["left_case"] == own else row["left_case"], row["reason"], _moment(row["linked_at"]))
        for row in found.links
    )
    tables = (
        Table(head, rows, (1.5, 1.5, 1.5, 1, 1, 1.3), "Quyết định, kết quả trước đây của cơ quan"),
        Table(("Hồ sơ", "Vì sao", "Ghi lúc"), linked, (1.5, 3, 1), "Hồ sơ liên quan (không nhập làm một)"),
    )
    return Document("Quyết định trước đây, hồ sơ liên quan", "", tuple(t for t in tables if t.rows))


def _extract(found: CourtFile) -> Document:
    rows = tuple(
        (
            f"{entry['n']}",
            _stamp(entry["at"]),
            found.names.get(entry["actor_id"], entry["actor_id"]),
            f"{entry['act']}\n{entry['before']} → {entry['after']}" if entry["after"] else entry["act"],
            breakable(entry["prev_hash"]),
            breakable(entry["hash"]),
        )
        for entry in found.entries
    )
    head = ("Mục", "Lúc (UTC)", "Người", "Việc", "Mã băm mục trước", "Mã băm")
    root = found.root
    sealed = (
        f"Mốc chốt số {root['root_no']} lúc {root['made_at']}: {breakable(root['root'])}; "
        f"mốc giữ chuỗi này đến mục {root['up_to']}. "
        if root
        else "Sổ chưa được chốt lần nào. "
    )
    whole = "; ".join(found.faults) or "chuỗi nguyên vẹn khi lập hồ sơ này"
    return Document(
        "Trích sổ ghi, mã băm và mốc chốt",
        f"{sealed}Kiểm tra: {whole}. Sổ không chứa dữ liệu cá nhân; nội dung từng việc đứng sau mã băm có khóa.",
        _only(Table(head, rows, (0.5, 1.3, 1.3, 1.3, 1.8, 1.8), is_small=True)),
    )


def _only(table: Table) -> tuple[Table, ...]:
    return (table,) if table.rows else ()


def _titled(row: Mapping[str, Any]) -> str:
    number = f", số {row['number']}" if row["number"] else ""
    dated = f", ngày {_day(row['dated_on'])}" if row["dated_on"] else ""
    return f"{row['title']}{number}{dated}"


def _stated(stated: Mapping[str, Any]) -> str:
    told = {name: value for name, value in stated.items() if value not in (None, "") and name not in _UNTOLD}
    return "; ".join(f"{_STATED_VI.get(name, name)}: {_told(value)}" for name, value in told.items())


def _told(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return _RESULT_VI.get(str(value)) or _MEANS_VI.get(str(value)) or _day(value)


def _day(value: object) -> str:
    """A day, or an ISO date to its precision, as people write it; any other text as it is."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    text = str(value or "")
    parts = text.split("-")
    return "/".join(reversed(parts)) if all(p.isdigit() for p in parts) and len(parts[0]) == 4 else text


def _moment(value: datetime) -> str:
    known = value if value.tzinfo else value.replace(tzinfo=UTC)
    return f"{known.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def _stamp(at: str) -> str:
    return at.replace("T", " ").removesuffix("Z")
