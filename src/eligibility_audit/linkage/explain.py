"""Why a pair was linked: the waterfall from the prior to the probability, as data and in words."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eligibility_audit.linkage.model import Model

FIELDS_VI = {
    "name": "Họ tên",
    "date_of_birth": "Ngày sinh",
    "national_id": "Số CMND/CCCD",
    "sex": "Giới tính",
    "place": "Nơi ở",
    "dossier_no": "Số hồ sơ",
    "kinship": "Quan hệ gia đình",
    "rival": "Người khác cũng khớp",
}
RIVAL_VI = "có người khác cũng khớp, mà hai người đó không phải là một"


@dataclass(frozen=True)
class Step:
    """One step of the waterfall. Weights are log2; `running` and `probability` are those after the step."""

    field: str
    level: str
    m: float | None
    u: float | None
    weight: float
    frequency: float  # the part of the weight that is due to how rare the value is
    running: float
    probability: float


@dataclass(frozen=True)
class Explanation:
    """The waterfall and the same in Vietnamese sentences, the prior first and the result last."""

    steps: tuple[Step, ...]
    sentences: tuple[str, ...]


def explain_pair(pair: "Mapping[str, Any]", model: Model) -> Explanation:
    """Explain one row of pairs or candidates (match_weight and comparisons are read)."""
    found: list[dict[str, Any]] = json.loads(str(pair["comparisons"]))
    prior = round(float(pair["match_weight"]) - sum(float(each["weight"]) for each in found), 4)
    steps = [Step("prior", "", None, None, prior, 0.0, prior, probability(prior))]
    for each in found:
        steps.append(_step(each, model, steps[-1].running))
    return Explanation(tuple(steps), tuple(_sentences(steps, model)))


def probability(weight: float) -> float:
    """The probability of a weight (log2 odds), 6 decimals."""
    return round(1 / (1 + math.exp2(-max(min(weight, 500.0), -500.0))), 6)


def _step(each: Mapping[str, Any], model: Model, before: float) -> Step:
    weight = float(each["weight"])
    learnt = next((v for v in model.comparisons.get(each["field"], ()) if v.name == each["level"]), None)
    running = round(before + weight, 4)
    return Step(
        str(each["field"]),
        str(each["level"]),
        learnt.m if learnt else None,
        learnt.u if learnt else None,
        weight,
        round(weight - learnt.weight, 4) if learnt else 0.0,
        running,
        probability(running),
    )


def _sentences(steps: Sequence[Step], model: Model) -> list[str]:
    odds = 2 ** -steps[0].weight
    lines = [f"Trước khi so sánh: khoảng 1 trong {_number(odds + 1)} cặp dòng của hai danh sách này là cùng một người."]
    for step in steps[1:]:
        level = next((v.vi for v in model.comparisons.get(step.field, ()) if v.name == step.level), RIVAL_VI)
        rarity = ""
        if step.frequency >= 0.5:
            rarity = ", tên hiếm" if step.field == "name" else ", giá trị hiếm"
        elif step.frequency <= -0.5:
            rarity = ", tên phổ biến" if step.field == "name" else ", giá trị phổ biến"
        lines.append(f"{FIELDS_VI.get(step.field, step.field)}: {level}{rarity}; {_strength(step.weight)}.")
    percent = f"{100 * steps[-1].probability:.1f}".replace(".", ",")
    lines.append(f"Khả năng là cùng một người: {percent} %. Kết quả này là gợi ý để xác minh, không phải kết luận.")
    return lines


def _strength(weight: float) -> str:
    if abs(weight) < 0.5:
        return "hầu như không đổi khả năng"
    word = "nhẹ" if abs(weight) < 3 else "mạnh" if abs(weight) < 8 else "rất mạnh"
    return f"{'ủng hộ' if weight > 0 else 'phản bác'} {word}"


def _number(value: float) -> str:
    digits = 10 ** max(len(str(int(value))) - 2, 0)  # two significant digits are all that an estimate has
    return f"{round(value / digits) * digits:,}".replace(",", ".")
