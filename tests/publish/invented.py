"""Invented recommendations: nobody here lives, no dossier is real."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from eligibility_audit.publish import FINDINGS, RECOMMENDATIONS, conform
from eligibility_audit.publish.report import ReportData

Row = Mapping[str, object]

VERIFY: Row = {
    "action": "verify",
    "programme": "agent_orange",
    "rule_ids": "AO_SERVICE_OUTSIDE",
    "law_mark": "to_verify",
    "source_file": "rosters/cdhh.xlsx",
    "source_sheet": "Huyện Một",
    "dossier_no": "HH-0001",
    "name": "Nguyễn Văn Ẩn",
    "date_of_birth": "1948-07-15",
    "commune": "Xã An Giả",
    "district": "Huyện Một",
    "reason_vi": "Thời gian tham gia ghi trong danh sách nằm ngoài khoảng 01/8/1961 – 30/4/1975.",
    "legal_basis": "Khoản 1 Điều 29 Pháp lệnh 02/2020/UBTVQH14",
    "evidence_for": json.dumps(
        [{"vi": "Cột thời gian: 09/1976", "en": "", "file": "rosters/cdhh.xlsx", "sheet": "Huyện Một", "row": 7}]
    ),
    "evidence_against": json.dumps(
        [{"vi": "Có huân chương", "en": "", "file": "references/qn.csv", "sheet": "", "row": 3}]
    ),
    "verify_with": "Bộ Chỉ huy quân sự tỉnh",
    "question_vi": "Có giấy tờ nào ghi thời gian khác không?",
    "who_first": "office",
    "due_on": "2021-01-30",
    "due_basis": "quy định nội bộ, không phải luật",
    "least_change": "Có giấy tờ lập trước 01/01/2000 ghi thời gian trong khoảng",
    "monthly_amount": 2_062_000,
}
ASK: Row = {**VERIFY, "action": "ask_papers", "rule_ids": "AO_PAPER_MISSING", "reason_vi": "Cột giấy tờ gốc để trống."}
UP: Row = {
    **VERIFY,
    "action": "adjust",
    "legal_act": "dieu_chinh",
    "programme": "social_assistance",
    "rule_ids": "SA_AMOUNT",
    "direction": "tăng",
    "law_mark": "confirmed",
    "amount_to_clarify": 135_000,
    "months": 1,
}
DOWN: Row = {
    **UP,
    "programme": "agent_orange",
    "rule_ids": "AO_RATE",
    "direction": "giảm",
    "amount_to_clarify": 829_000,
}
SUSPEND: Row = {**VERIFY, "action": "suspend", "legal_act": "tam_dung", "rule_ids": "INSP_FORGED;AO_DEAD_FUZZY"}
TERMINATE: Row = {**VERIFY, "action": "terminate", "legal_act": "cham_dut", "rule_ids": "INSP_WITHDRAWN"}
DEAD: Row = {
    **TERMINATE,
    "rule_ids": "ME_DEAD_CLEAR",
    "programme": "merit_other",
    "amount_to_clarify": 4_124_000,
    "months": 2,
}
MAYBE_DEAD: Row = {**VERIFY, "rule_ids": "AO_DEAD_FUZZY;AO_RATE", "district": None, "commune": None}
EVERY = (VERIFY, ASK, UP, DOWN, SUSPEND, TERMINATE, DEAD, MAYBE_DEAD)


def recommendations(rows: Sequence[Row] = EVERY) -> pd.DataFrame:
    """Recommendations with ids and source rows of their own, in the contract's columns and types."""
    numbered = [
        {"recommendation_id": f"m-{n:020x}", "record_id": f"r-{n:020x}", "case_id": f"c-{n:020x}", "source_row": 7 + n}
        | row
        for n, row in enumerate(rows)
    ]
    frame = conform(pd.DataFrame(numbered, columns=list(RECOMMENDATIONS)), RECOMMENDATIONS)
    return frame.astype({name: "string[pyarrow]" for name in frame if frame[name].dtype == object})


def findings(rows: Sequence[Row] = EVERY) -> pd.DataFrame:
    """One finding a recommendation."""
    made = recommendations(rows)
    frame = made.assign(finding_id=made["record_id"], rule_id=made["rule_ids"].str.split(";").str[0], outcome="not_met")
    return conform(frame, FINDINGS)


def report_data(**changes: object) -> ReportData:
    """A small run of one roster and one reference list."""
    accounts = [
        {"kind": "agent_orange", "source_file": "rosters/cdhh.xlsx", "source_sheet": "Huyện Một", "lines": 105}
        | {
            "records": 100,
            "rejects": 1,
            "not_person": {"title": 3, "total": 1},
            "persons": 100,
            "unmapped": ["Cột lạ"],
        },
        {"kind": "deaths", "source_file": "references/kt.csv", "source_sheet": "", "lines": 21}
        | {"records": 20, "rejects": 0, "not_person": {"header": 1}, "persons": 20, "unmapped": []},
    ]
    rejects = pd.DataFrame(
        {
            "source_file": ["rosters/cdhh.xlsx"],
            "source_sheet": ["Huyện Một"],
            "source_row": [9],
            "stage": ["line"],
            "code": ["NAME_EMPTY"],
            "message": ["Không có họ tên / there is no name"],
            "raw": ["BÍ MẬT 1948"],
        }
    )
    made: dict[str, object] = {
        "plan_name": "Rà soát thử",
        "as_of": date(2020, 12, 31),
        "run_id": "0123456789ab",
        "reconciliation": pd.DataFrame(accounts),
        "rejects": rejects,
        "findings": findings(),
        "recommendations": recommendations(),
        "link_report": {"records": 120, "compared": 700, "links": 3, "not_compared": 12, "rules": []},
        "notes": ("Chưa kiểm tra được số người / the number of persons was not checked",),
    }
    return ReportData(**(made | changes))  # type: ignore[arg-type]
