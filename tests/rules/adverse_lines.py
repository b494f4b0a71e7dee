"""Cells that make a rule answer against a person, for rules that random cells seldom reach; from the rules' own tests.

A date column gives its days too. Everything not named here is random (`every_rule.py`).
"""

from collections.abc import Mapping
from typing import Final

from eligibility_audit.domain.dates import day_number
from eligibility_audit.rules.facts.inspection import WORST_FIRST
from tests.rules.facts.invented import DAY

Cells = Mapping[str, object]

_VETERAN: Final[Cells] = {"claim": "veteran", "disease": "Đái tháo đường type 2"}
_BOUND: Final[Cells] = {"inspection_bound": "dossier"}
_DISABLED: Final[Cells] = {"group": "Người khuyết tật", "disability_level": None}
_RELIEF: Final[Cells] = {"scheme": None, "overlap_record_id": None}
_LONG_AGO: Final = day_number(DAY) - 9000

REACHES: Final[Mapping[str, Cells]] = {
    "AO_CHILD_BASIS_UNPAID": {"claim": "veteran", "monthly_amount": 1_234_000, "own_children": 1},
    "AO_CHILD_NO_PARENT": {
        "claim": "child",
        "parent_dossier_no": None,
        "parent_name": "Người Cha",
        "parent_on_roster": False,
        "received_parent_dossier_no": "",
        "received_parent_name": "Người Cha",
    },
    "AO_INFERTILE_WITH_CHILD": {"claim": "veteran", "disease": "Vô sinh", "own_children": 1},
    "AO_MED_MISSING": {**_VETERAN, "percent": None, "received_percent": ""},
    "AO_NEUROPATHY_PAPER": {
        "claim": "veteran",
        "disease": "Thần kinh ngoại biên cấp tính",
        "papers": "Giấy ra viện (2005)",
        "paper_dates": "2005",
        "undated_papers": 0,
    },
    "AO_NOT_PAID": {**_VETERAN, "percent": 45.0, "monthly_amount": 0, "note": None},
    "AO_PAPER_LATE": {"claim": "veteran", "paper_dates": "2005;2006", "undated_papers": 0},
    "AO_PAPER_MISSING": {"claim": "veteran", "papers": None, "received_papers": "", "paper_dates": None},
    "AO_PARENT_FORGED": {"claim": "child", "parent_inspection_category": "forged"},
    "AO_PLACE": {"claim": "veteran", "unit": "Hải Phòng", "place": "Hải Phòng"},
    "AO_SERVING_UNPAID": {
        "claim": "veteran",
        "percent": 81.0,
        "monthly_amount": 3_703_000,
        "note": "Có người phục vụ",
        "serving_record_id": None,
    },
    "AO_START_EARLY": {
        "claim": "veteran",
        "disease": "Vô sinh",
        "decision_date": "2022-05-10",
        "start_month": "2022-01",
    },
    "AO_SUPPLEMENT_NO_MINUTES": {
        "claim": "veteran",
        "monthly_amount": 5_327_000,
        "percent": None,
        "received_percent": "",
        "papers": None,
        "note": None,
    },
    "AO_SVC_CONFLICT": {
        "unit": "Quảng Trị",
        "place": "Quảng Trị",
        "army_record_id": "r-9",
        "army_place": "Hải Phòng",
        "army_overlaps": True,
    },
    "AO_UNIT_CODE_ONLY": {"claim": "veteran", "unit": "HT 32629A", "place": None, "papers": None, "note": None},
    "CV_DEAD_CLEAR": {"death_identity": "sure", "death_cancelled": False, "death_last": _LONG_AGO},
    "CV_DEAD_FUZZY": {"death_identity": "signal", "death_cancelled": False, "death_last": _LONG_AGO},
    "CV_LOWER_GROUP": {
        **_RELIEF,
        "group": "Hộ nghèo",
        "amount": 750_000,
        "monthly_record_id": "r-9",
        "monthly_decided": _LONG_AGO,
    },
    "CV_POOR_NOT_LISTED": {"group": "Hộ nghèo", "scheme": None, "poor_listed": False},
    "CV_PROVINCE_AMOUNT": {"group": "Giáo viên ngoài công lập", "amount": 1_000_000, "scheme": "province"},
    "CV_PROVINCE_LISTED": {"group": "Nghèo phát sinh", "scheme": "province", "poor_number_listed": True},
    **{
        rule: {**_BOUND, "inspection_category": category}
        for rule, category in zip(
            ("INSP_FORGED", "INSP_CHILD_BEFORE", "INSP_DISEASE", "INSP_NO_PLACE", "INSP_VERIFY_MORE"),
            WORST_FIRST[:-1],
            strict=True,
        )
    },
    "NCC_DECISION_LATER": {"decision_date": "2024-02-03"},
    "NCC_PERCENT_OUTSIDE": {"percent": 450.0},
    "PH_CLASS": {"household_class": None, "received_household_class": "", "opens_household": True},
    "PH_NO_YEAR": {"list_day": None, "opens_list": True},
    "PH_OLD_NOT_PAID": {"date_of_birth": "1920-02-03", "old_age_paid": False, "death_identity": None},
    "PH_RELIEF_NOT_PAID": {"list_day": "2019-12-31", "relief_paid": False, "death_identity": None},
    "SA_80_PENSION": {
        "group": "Người cao tuổi từ đủ 80 tuổi",
        "pension_record_id": "r-9",
        "pension_status": "pension",
    },
    "SA_CHILDREN": {"group": "Đơn thân nghèo nuôi 2 con", "coefficient": 1.0},
    "SA_HIV_PENSION": {"group": "Nhiễm HIV", "date_of_birth": "1970-02-03", "pension_record_id": "r-9"},
    "SA_LEVEL": {"group": "NKT nặng", "disability_level": "Đặc biệt nặng"},
    "SA_LIGHT": {"group": "Người khuyết tật", "disability_level": "Nhẹ"},
    "SA_NO_CERT": {**_DISABLED, "certificate_no": None, "received_certificate_no": ""},
    "SA_NO_GUARDIAN": {"date_of_birth": "2015-02-03", "guardian": None, "received_guardian": ""},
    "SA_NO_LEVEL": {**_DISABLED, "received_disability_level": ""},
    "SA_START_LATE": {
        "group": "Người cao tuổi từ đủ 80 tuổi",
        "date_of_birth": "1942-02-03",
        "start_month": "2022-09",
    },
    "SA_SP_PENSION": {"group": "Trợ cấp hưu trí xã hội", "pension_record_id": "r-9", "pension_amount": 3_000_000},
    "SA_AREA_YOUNGER": {"group": "NCT từ đủ 75 đến dưới 80 tuổi", "date_of_birth": "1960-02-03"},
    "X_BB_AO_DISEASE": {"paid_record_id": "r-9", "paid_status": "sick_soldier", "paid_own_status": "ao_disease"},
    "X_BB_AO_RATE": {
        "paid_status": "sick_soldier",
        "paid_own_status": "ao_other_basis",
        "monthly_amount": 3_703_000,
    },
    "X_SERVING_TWICE": {"monthly_amount": 6_142_000, "serving_record_id": "r-9", "serving_status": "serving"},
}
MERIT_SIDE: Final[Mapping[str, Cells]] = {
    "X_BB_AO_DISEASE": {"paid_record_id": "r-9", "paid_status": "ao_disease", "paid_own_status": "sick_soldier"},
}
