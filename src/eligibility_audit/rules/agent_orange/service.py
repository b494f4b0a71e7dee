"""When and where the veteran served."""

import pandas as pd

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.three_valued import Truth, overlaps
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import dated, item, pieces

CONDITION = ("pl2005.ao", "nd31.ao", "pl2020.29.1", "nd131.53.1")


@rule(
    id="AO_SERVICE_OUTSIDE",
    programmes=("agent_orange",),
    basis=CONDITION,
    parameters="service_period",
    reads=("claim", "service_from", "service_to"),
    ground="doubt",
    tier="B",
    title_vi="Thời gian tham gia kháng chiến nằm ngoài khoảng quy định",
    title_en="Service outside the period",
    simplifications=("Chỉ xét một khoảng thời gian ghi trên danh sách; khoảng chưa rõ một đầu thì không kết luận.",),
)
def served_in_the_period(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a day of service falls into the period of the law. Children are judged by their parent's service."""
    start, end = law.period("service_period")
    inside = overlaps(cases["service_from_first"], cases["service_to_last"], day_number(start), day_number(end))
    return inside | (cases["claim"] == "child").fillna(True)


@served_in_the_period.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    start, end = law.period("service_period")
    service = dated(cases["service_from"]) + " – " + dated(cases["service_to"]).replace("", "?")
    vi = "Danh sách ghi thời gian tham gia " + service
    return pd.DataFrame(
        {
            "reason_vi": vi + f", không có ngày nào trong khoảng {start:%d/%m/%Y} – {end:%d/%m/%Y}; cần xác minh.",
            "reason_en": "The list says service "
            + service
            + f", no day of it within {start} to {end}; to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", "The list says service " + service + ".")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    "Có thể ghi nhầm năm, hoặc ghi thời gian tại ngũ sau cùng.",
                    "The year may be a slip, or the last service was written.",
                ),
            ),
            "least_change": f"Giấy tờ cho thấy có tham gia trước ngày {end:%d/%m/%Y}.",
        }
    )
