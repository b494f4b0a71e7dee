"""The month from which it is paid: from 80, from the month of the decision; too late counts as much as too early."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.three_valued import Truth, lt
from eligibility_audit.rules.changes import would_be
from eligibility_audit.rules.money import monthly_sums
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.price_tables import PRICED_BY, bases
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.social_assistance.age import is_paid_for_80
from eligibility_audit.rules.wording import TEXT, Column, dated, item, pieces, text
from eligibility_audit.rules.words_of_groups import group_of

_EPOCH: Final = 1970 * 12
_BY_DECISION = ("orphan", "student", "single_parent", "hiv", "elderly_poor", "elderly_care", "small_area_child")


@rule(
    id="SA_START_LATE",
    programmes=("social_assistance",),
    basis=("nd20.8.1dd",),
    valid_from="2021-07-01",
    parameters=("ages", "oldest_words", "paid_from_80", *PRICED_BY["social_assistance"]),
    reads=("group", "date_of_birth", "start_month"),
    shows=("monthly_amount",),
    ground="rate",
    tier="B",
    title_vi="Hưởng theo tuổi muộn hơn tháng đủ 80 tuổi",
    title_en="Paid for the age of 80 from a month after the 80th birthday",
    condition_vi="Người từ đủ 80 tuổi được hưởng kể từ thời điểm đủ 80 tuổi.",
    simplifications=(
        "Chỉ xét người đủ 80 tuổi khi quy định này có hiệu lực, biết tháng sinh và tháng hưởng. / "
        "Only who turned 80 while this provision held, where the months of birth and start are known.",
        "Người có thể đã hưởng chế độ khác trong thời gian đó. / The person may have been paid otherwise meanwhile.",
        "Mỗi tháng tính theo mức chuẩn của tháng ấy. / Each month at the base of its time.",
    ),
)
def is_paid_from_80(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the allowance for 80 starts by the month of the 80th birthday; NA for others, and where not known."""
    turned_first, turned_last = _turned(cases, law)
    first, last = (_month(day) for day in law.period("paid_from_80"))
    then = (turned_first >= first) & (turned_last <= last) & is_paid_for_80(cases, law)
    on_time = _months(cases["start_month_first"]) <= turned_last
    return on_time.astype("boolean").mask(~then.fillna(False).astype("bool") | cases["start_month_first"].isna())


@is_paid_from_80.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    turned, start = _turned(cases, law)[1], _months(cases["start_month_first"])
    late = (start - turned).astype("Int64")
    owed = monthly_sums(turned - _EPOCH, start - _EPOCH, cases["monthly_amount"], bases(law), law.day)
    vi = "Sinh " + dated(cases["date_of_birth"]) + ", hưởng từ " + dated(cases["start_month"])
    en = "Born " + dated(cases["date_of_birth"]) + ", paid from " + dated(cases["start_month"])
    return pd.DataFrame(
        {
            "reason_vi": vi + ": muộn " + text(late) + " tháng so với tháng đủ 80 tuổi.",
            "reason_en": en + ": " + text(late) + " months after the 80th birthday.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
            "amount_at_stake": owed["amount"],
            "months": owed["months"],
            "direction": pd.Series("tăng", index=cases.index, dtype=TEXT),
        }
    )


@rule(
    id="SA_START_BEFORE_80",
    programmes=("social_assistance",),
    basis=("nd136.start", "nd20.8.1dd"),  # the former makes a decision of no known day one that may be older
    valid_from="2021-07-01",
    parameters=("ages", "oldest_words"),
    reads=("group", "date_of_birth", "start_month"),
    day="granting",
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Hưởng theo tuổi từ trước tháng đủ 80 tuổi",
    title_en="Paid for the age of 80 from a month before the 80th birthday",
    condition_vi="Người từ đủ 80 tuổi được hưởng kể từ thời điểm đủ 80 tuổi.",
    simplifications=(
        "Người có thể đã hưởng theo nhóm khác trước khi đủ 80 tuổi. / "
        "The person may have been paid in another group before.",
        "Quyết định trước 01/07/2021 không xét: điều khoản cũ về thời điểm hưởng chưa tìm thấy. / "
        "Decisions before 1 July 2021 are not looked at: the article of the time was not found.",
    ),
)
def is_not_paid_before_80(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the allowance for 80 starts no earlier than the birthday may be; NA for others, and where not known."""
    early = lt(_months(cases["start_month_last"]), _turned(cases, law)[0])
    return (~early).mask(~is_paid_for_80(cases, law))


@is_not_paid_before_80.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Sinh " + dated(cases["date_of_birth"]) + ", danh sách ghi hưởng từ " + dated(cases["start_month"])
    en = "Born " + dated(cases["date_of_birth"]) + ", paid from " + dated(cases["start_month"])
    return _said(cases, vi + ": trước tháng đủ 80 tuổi", en + ": before the 80th birthday")


@rule(
    id="SA_START_BEFORE_DECISION",
    programmes=("social_assistance",),
    basis=("nd136.start", "nd20.8.1dd"),
    parameters="group_words",
    reads=("group", "decision_date", "start_month"),
    day="granting",
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Hưởng từ trước tháng ký quyết định",
    title_en="Paid from a month before the decision",
    condition_vi="Trừ người khuyết tật và người hưởng theo tuổi, trợ cấp được hưởng từ tháng ký quyết định.",
    simplifications=(
        "Người khuyết tật hưởng từ tháng được cấp giấy xác nhận; danh sách không có ngày cấp nên không xét. / "
        "A disability is paid from the month of the certificate, whose date no list has: it is not looked at.",
        "Danh sách có thể ghi quyết định điều chỉnh sau, không phải quyết định đầu tiên. / "
        "The list may give a later decision, not the first one.",
    ),
)
def is_not_paid_before_the_decision(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the first month paid is not before that of the decision; NA for groups that start by another fact."""
    by_decision = group_of(cases["group"], law.lists("group_words")).isin(_BY_DECISION).fillna(False).astype("bool")
    early = lt(_months(cases["start_month_last"]), _months(cases["decision_date_first"]))
    return (~early).mask(~by_decision)


@is_not_paid_before_the_decision.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Danh sách ghi quyết định ngày " + dated(cases["decision_date"]) + ", hưởng từ " + dated(cases["start_month"])
    en = "The decision is of " + dated(cases["decision_date"]) + ", paid from " + dated(cases["start_month"])
    return _said(cases, vi, en)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months(days: Column) -> Column:
    """Months since year 0 of day numbers (`Int64`); null where unknown."""
    known = days.fillna(0).to_numpy("int64").astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    found: Column = pd.Series(np.asarray(known) + 1970 * 12, index=days.index, dtype="Int64").mask(days.isna())
    return found


def _turned(cases: pd.DataFrame, law: Parameters) -> tuple[Column, Column]:
    """The first and the last month in which the person may have turned 80."""
    years = law.amounts("ages")["oldest"] * 12
    return _months(cases["date_of_birth_first"]) + years, _months(cases["date_of_birth_last"]) + years


def _said(cases: pd.DataFrame, vi: Column, en: Column) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cần xác minh quyết định đầu tiên và thời gian hưởng.",
            "reason_en": en + "; the first decision and the months paid are to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


would_be(
    is_paid_from_80,
    "office",
    vi="chứng từ cho thấy đã truy lĩnh từ tháng đủ 80 tuổi, hoặc khi ấy hưởng chế độ khác",
    en="vouchers show payment since the 80th birthday, or another benefit meanwhile",
    start_month=lambda cases, law: _written(_turned(cases, law)[1]),
)
would_be(
    is_not_paid_before_80,
    "office",
    vi="quyết định trong hồ sơ ghi hưởng theo tuổi từ tháng đủ 80 tuổi",
    en="the decision on file pays for the age from the 80th birthday",
    start_month=lambda cases, law: _written(_turned(cases, law)[0]),
)
would_be(
    is_not_paid_before_the_decision,
    "office",
    vi="hồ sơ có quyết định đầu tiên, ký không muộn hơn tháng hưởng",
    en="the file has a first decision, made by the first month paid",
    decision_date=lambda cases, law: cases["start_month"],
)


def _written(months: Column) -> Column:
    """Months since year 0 as YYYY-MM; null where unknown."""
    year, month = text(months // 12).str.zfill(4), text(months % 12 + 1).str.zfill(2)
    return (year + "-" + month).astype(TEXT).where(months.notna())
