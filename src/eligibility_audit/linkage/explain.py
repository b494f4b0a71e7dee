"""Why a pair was linked: the waterfall from the prior to the probability, as data and in words."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eligibility_audit.linkage.model import Model

FIELDS_VI = {
    "prior": "Trước khi so sánh",
    "name": "Họ tên",
    "surname": "Họ",
    "given_name": "Tên",
    "date_of_birth": "Ngày sinh",
    "national_id": "Số CMND/CCCD",
    "sex": "Giới tính",
    "place": "Nơi ở",
    "dossier_no": "Số hồ sơ",
    "kinship": "Quan hệ gia đình",
    "namesake": "Người trùng tên",
    "middle_of_generation": "Tên đệm theo lứa tuổi",
    "given_of_generation": "Tên theo lứa tuổi",
    "dates_written": "Cách ghi ngày sinh",
    "numbers_held": "Loại số định danh",
    "rival": "Hồ sơ khác",
    "judgement": "Kết luận của cán bộ",
}
FIELDS_EN = {
    "prior": "Before comparing",
    "name": "Name",
    "surname": "Surname",
    "given_name": "Given name",
    "date_of_birth": "Date of birth",
    "national_id": "National id",
    "sex": "Sex",
    "place": "Place",
    "dossier_no": "Dossier number",
    "kinship": "Family",
    "namesake": "Namesakes",
    "middle_of_generation": "Middle name by age",
    "given_of_generation": "Given name by age",
    "dates_written": "How dates are written",
    "numbers_held": "Kinds of numbers",
    "rival": "Other records",
    "judgement": "Officers' judgement",
}
LEVELS_VI = {  # of steps that no model has
    "another_fits": "có người khác cũng khớp, mà hai người đó không phải là một",
    "third_fits": "có hồ sơ thứ ba khớp với cả hai",
    "match": "cán bộ đã kết luận là cùng một người",
    "match_by_chain": "suy ra từ các kết luận khác: cùng một người",
    "no_match": "cán bộ đã kết luận không phải cùng một người",
    "no_match_by_chain": "suy ra từ các kết luận khác: không phải cùng một người",
}
LEVELS_EN = {
    "equal": "the same",
    "tone_placement": "the same but for where the tone mark stands",
    "bare": "the same, one of them written without marks",
    "marks_differ": "the same letters, other marks",
    "slip": "one slip of spelling or hearing apart",
    "near": "two slips apart",
    "abbreviated": "abbreviated, initials and given name fit",
    "middle_dropped": "same surname and given name, a middle name missing",
    "middle_differs": "same surname and given name, another middle name",
    "reordered": "the same words in another order",
    "given_differs": "the same surname and middle name, another given name",
    "alias": "the alias of one is the name of the other",
    "different": "different",
    "day": "the same day",
    "swapped": "day and month exchanged",
    "typo": "one digit apart",
    "year_slip": "the same day and month, the year a little off",
    "near_day": "no more than 31 days apart",
    "same_year": "the same year, another day",
    "month": "the same month, no day on one side",
    "month_swapped": "the month here is the day there, same year",
    "month_differs": "the same year, another month",
    "year": "the same year, only the year on one side",
    "both_day": "full dates on both sides",
    "one_coarse": "a full date on one side only",
    "both_coarse": "no full date on either side",
    "both_new_year": "01/01 on both sides",
    "one_new_year": "01/01 on one side, a full date on the other",
    "coarse_new_year": "01/01 on one side, the year (or month) alone on the other",
    "both_none": "no number on either side",
    "one_none": "no number on one side",
    "two_kinds": "a number of another kind on either side",
    "one_kind": "numbers of one kind on both sides",
    "third_fits": "a third record is the same as both",
    "near_year": "one or two years apart, no full date on one side",
    "year_differs": "another year, no full date on one side",
    "same": "the same",
    "neighbour": "numbers next to each other, as in one household",
    "regimes_agree": "the 12-digit number fits birth year and sex of the other",
    "regimes_contradict": "the 12-digit number is against birth year or sex of the other",
    "same_commune": "the same commune",
    "same_district": "the same district, another commune",
    "merged": "a commune and the one it was merged into: perhaps the same place",
    "same_commune_one_list": "the same commune, in one kind of list",
    "elsewhere_one_list": "another commune, in one kind of list",
    "twins": "same day and surname, other given name and id: perhaps twins",
    "siblings": "neighbouring ids, other names: perhaps siblings",
    "one_birth": "same day, surname and middle name, another given name: perhaps twins",
    "two_contradictions": "both the full date and the id differ",
    "year_here": "same name, birth year and commune: other people agree so as well",
    "coarse_year_here": "same name, birth year (one side knows no more) and commune",
    "coarse_year": "same name and birth year (one side knows no more)",
    "here": "same name and commune: names go by village",
    "of_one_generation": "this name at this age",
    "another_fits": "another record fits as well, and the two are not one person",
    "close": "nearly the same",
    "similar": "somewhat alike",
    "match": "officers judged: the same person",
    "match_by_chain": "follows from other judgements: the same person",
    "no_match": "officers judged: not the same person",
    "no_match_by_chain": "follows from other judgements: not the same person",
}


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
    vi: str  # the level in words
    en: str


@dataclass(frozen=True)
class Explanation:
    """The waterfall and the same in sentences, the prior first and the result last."""

    steps: tuple[Step, ...]
    sentences: tuple[str, ...]
    sentences_en: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """All of it as JSON can hold it: `prior`, `steps`, `match_weight`, `match_probability`, sentences."""
        return {
            "prior": self.steps[0].weight,
            "steps": [asdict(step) for step in self.steps[1:]],
            "match_weight": self.steps[-1].running,
            "match_probability": self.steps[-1].probability,
            "sentences_vi": list(self.sentences),
            "sentences_en": list(self.sentences_en),
        }


def explain_pair(pair: "Mapping[str, Any]", model: Model) -> Explanation:
    """Explain one row of pairs or candidates (match_weight and comparisons are read)."""
    found: list[dict[str, Any]] = json.loads(str(pair["comparisons"]))
    prior = round(float(pair["match_weight"]) - sum(float(each["weight"]) for each in found), 4)
    steps = [Step("prior", "", None, None, prior, 0.0, prior, probability(prior), "", "")]
    for each in found:
        steps.append(_step(each, model, steps[-1].running))
    return Explanation(tuple(steps), tuple(_sentences_vi(steps)), tuple(_sentences_en(steps)))


def probability(weight: float) -> float:
    """The probability of a weight (log2 odds), 6 decimals."""
    return round(1 / (1 + math.exp2(-max(min(weight, 500.0), -500.0))), 6)


def _step(each: Mapping[str, Any], model: Model, before: float) -> Step:
    field, level, weight = str(each["field"]), str(each["level"]), float(each["weight"])
    learnt = next((v for v in model.comparisons.get(field, ()) if v.name == level), None)
    running = round(before + weight, 4)
    return Step(
        field,
        level,
        learnt.m if learnt else None,
        learnt.u if learnt else None,
        weight,
        round(weight - learnt.weight, 4) if learnt else 0.0,
        running,
        probability(running),
        learnt.vi if learnt else LEVELS_VI.get(level, level),
        LEVELS_EN.get(level, level.replace("_", " ")),
    )


def _sentences_vi(steps: Sequence[Step]) -> list[str]:
    odds = number_in_words(2 ** -steps[0].weight + 1, ".")
    lines = [f"Trước khi so sánh: khoảng 1 trong {odds} cặp dòng của hai danh sách này là cùng một người."]
    for step in steps[1:]:
        what = "tên" if step.field == "name" else "giá trị"
        rarity = _rarity(step.frequency, f", {what} hiếm", f", {what} phổ biến")
        lines.append(f"{FIELDS_VI.get(step.field, step.field)}: {step.vi}{rarity}; {_strength_vi(step)}.")
    percent = f"{100 * steps[-1].probability:.1f}".replace(".", ",")
    lines.append(f"Khả năng là cùng một người: {percent} %. {_ending_vi(steps)}")
    return lines


def _sentences_en(steps: Sequence[Step]) -> list[str]:
    odds = number_in_words(2 ** -steps[0].weight + 1, ",")
    lines = [f"Before comparing: about 1 in {odds} pairs of lines of these two lists is one person."]
    for step in steps[1:]:
        what = "name" if step.field == "name" else "value"
        rarity = _rarity(step.frequency, f", a rare {what}", f", a common {what}")
        lines.append(f"{FIELDS_EN.get(step.field, step.field)}: {step.en}{rarity}; {_strength_en(step)}.")
    lines.append(f"Chance that it is one person: {100 * steps[-1].probability:.1f} %. {_ending_en(steps)}")
    return lines


def _ending_vi(steps: Sequence[Step]) -> str:
    if steps[-1].field == "judgement":
        return "Theo kết luận của cán bộ."
    return "Kết quả này là gợi ý để xác minh, không phải kết luận."


def _ending_en(steps: Sequence[Step]) -> str:
    if steps[-1].field == "judgement":
        return "As officers judged."
    return "A hint what to verify, not a conclusion."


def _rarity(bits: float, rare: str, common: str) -> str:
    return rare if bits >= 0.5 else common if bits <= -0.5 else ""


def _strength_vi(step: Step) -> str:
    if step.field == "judgement":
        return "quyết định kết quả"
    if abs(step.weight) < 0.5:
        return "hầu như không đổi khả năng"
    word = "nhẹ" if abs(step.weight) < 3 else "mạnh" if abs(step.weight) < 8 else "rất mạnh"
    return f"{'ủng hộ' if step.weight > 0 else 'phản bác'} {word}"


def _strength_en(step: Step) -> str:
    if step.field == "judgement":
        return "decides the result"
    if abs(step.weight) < 0.5:
        return "hardly changes the chance"
    word = "weakly" if abs(step.weight) < 3 else "strongly" if abs(step.weight) < 8 else "very strongly"
    return f"speaks {word} {'for' if step.weight > 0 else 'against'}"


def number_in_words(value: float, separator: str) -> str:
    """A large estimate with its thousands parted."""
    digits = 10 ** max(len(str(int(value))) - 2, 0)  # two significant digits are all that an estimate has
    return f"{round(value / digits) * digits:,}".replace(",", separator)
