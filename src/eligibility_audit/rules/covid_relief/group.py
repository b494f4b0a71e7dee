"""The one group in which a person is helped: the highest, under the scheme that is theirs, and not before its day."""

import pandas as pd

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import answered, would_be
from eligibility_audit.rules.facts.listed import POOR
from eligibility_audit.rules.linked.others import ids, other_item, where
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, dated, item, money, pieces, quoted, text
from eligibility_audit.rules.words_of_groups import group_of


@rule(
    id="CV_LOWER_GROUP",
    programmes=("covid_relief",),
    basis=("nq42.groups", "qd15.one"),
    parameters=("relief", "group_words", "monthly_day"),
    reads=("group", "amount", "scheme", "monthly_record_id", "monthly_decided", "overlap_record_id"),
    shows=where("monthly"),
    ground="one_off_amount",
    tier="B",
    title_vi="Nhận theo nhóm có mức thấp hơn nhóm của mình",
    title_en="Paid in a group whose rate is lower than that of another of theirs",
    condition_vi="Người thuộc nhiều nhóm được hưởng một chế độ, chế độ cao nhất.",
    simplifications=(
        "Chỉ xét người nhận theo hộ nghèo, cận nghèo mà có quyết định hưởng hằng tháng từ trước tháng 4/2020. / "
        "Only who was paid as poor and had a monthly allowance decided before April 2020.",
        "Có dòng khác trong danh sách chi thì xét ở quy tắc hai nhóm. / A second line is for the rule of two groups.",
    ),
)
def is_paid_in_the_highest_group(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid as poor had no monthly allowance, whose holders are paid more; met by other groups."""
    before = (cases["monthly_decided"] < day_number(law.day_of("monthly_day"))).fillna(False)
    lower = _is_paid_as_poor(cases, law) & (cases["amount"] < _higher(law)).fillna(False)
    once = cases["overlap_record_id"].isna() & (cases["scheme"] != "province").fillna(True)
    return (~(cases["monthly_record_id"].notna() & before & lower & once)).astype("boolean")


@is_paid_in_the_highest_group.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    amount = cases["amount"]
    due = pd.Series(_higher(law), index=cases.index, dtype="Int64")
    vi = "Danh sách ghi đã chi " + money(amount) + " đồng cho nhóm " + quoted(cases["group"])
    en = "The list says " + money(amount) + " đồng were paid to the group " + quoted(cases["group"])
    there = "Dòng khớp trên danh sách hưởng trợ cấp hằng tháng, quyết định trước tháng 4/2020."
    return pd.DataFrame(
        {
            "reason_vi": vi + "; người hưởng trợ cấp hằng tháng được " + money(due) + " đồng.",
            "reason_en": en + "; who has a monthly allowance is paid " + money(due) + " đồng.",
            "evidence": pieces(
                cases,
                item(cases, vi + ".", en + "."),
                other_item(
                    cases, "monthly", there, "The matching line of a monthly roster, decided before April 2020."
                ),
            ),
            "evidence_against": pieces(cases, item(cases, "Có thể là người trùng họ tên.", "It may be a namesake.")),
            "amount_at_stake": due - amount,
            "direction": pd.Series("tăng", index=cases.index, dtype=TEXT),
            "subject": text(cases["monthly_record_id"]),
            "other_record_ids": ids(cases["monthly_record_id"]),
        }
    )


@rule(
    id="CV_PROVINCE_LISTED",
    programmes=("covid_relief",),
    basis=("hdnd_tb.groups", "qd15.list"),
    parameters="group_words",
    reads=("group", "scheme", "poor_number_listed"),
    shows=("amount",),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Chi theo nghị quyết của tỉnh cho hộ phát sinh, nhưng đã có trong danh sách tại 31/12/2019",
    title_en="Paid by the province as newly poor, but on the list of 31 December 2019",
    condition_vi="Chính sách của tỉnh dành cho nhân khẩu của hộ nghèo, cận nghèo phát sinh sau ngày 31/12/2019.",
    simplifications=("Chỉ xét theo số CMND/CCCD. / By the id number alone.",),
)
def became_poor_later(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid as newly poor is not on the earlier list by number; NA for other groups or without a list."""
    later = (group_of(cases["group"], law.lists("group_words")) == "poor_later").fillna(False)
    return (~cases["poor_number_listed"]).mask(~(later & (cases["scheme"] == "province").fillna(False)))


@became_poor_later.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Danh sách chi ghi nhóm " + quoted(cases["group"]) + ", số CMND/CCCD có trong danh sách hộ tại 31/12/2019"
    en = "The list gives the group " + quoted(cases["group"]) + ", and the number is on the list of 31 December 2019"
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cần xác minh thuộc chính sách nào.",
            "reason_en": en + "; by which scheme is to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


@rule(
    id="CV_PAID_EARLY",
    programmes=("covid_relief",),
    basis=("nq42.groups", "qd15.groups"),
    parameters="paid_from",
    reads=("paid_on",),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Ngày chi ghi trước ngày ban hành quyết định hỗ trợ",
    title_en="Paid before the decision on the relief was made",
    condition_vi="Ngày chi không sớm hơn ngày ban hành quyết định hỗ trợ.",
    simplifications=(
        "Danh sách không có ngày tạm hoãn, mất việc, ngừng kinh doanh, doanh thu, công việc nên không xét. / "
        "Lists do not give days of suspension or closure, revenue or kind of work: those conditions are not looked at.",
    ),
)
def is_not_paid_before_the_relief(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the day of payment may be one on which the relief existed; NA where no day is stated."""
    last = cases["paid_on_last"]
    return (last >= day_number(law.day_of("paid_from"))).astype("boolean").mask(last.isna())


@is_not_paid_before_the_relief.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    first = f"{law.day_of('paid_from'):%d/%m/%Y}"
    vi, en = "Danh sách ghi ngày chi " + dated(cases["paid_on"]), "The list says paid on " + dated(cases["paid_on"])
    return pd.DataFrame(
        {
            "reason_vi": vi + f", trước ngày {first}; cần xác minh ngày chi.",
            "reason_en": en + f", before {first}; the day is to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases, item(cases, "Có thể ghi nhầm ngày.", "The day may be a slip.")),
        }
    )


def _is_paid_as_poor(cases: pd.DataFrame, law: Parameters) -> Column:
    poor: Column = group_of(cases["group"], law.lists("group_words")).isin(POOR).fillna(False).astype("bool")
    return poor


def _higher(law: Parameters) -> int:
    return min(law.amounts("relief")[name] for name in ("merit", "social_assistance"))


def _as_monthly(cases: pd.DataFrame, law: Parameters) -> Column:
    return pd.Series(_higher(law), index=cases.index, dtype="Int64")


answered(
    is_paid_in_the_highest_group,
    "office",
    "monthly_record_id",
    vi="dòng hưởng hằng tháng là của người khác",
    en="the line of the monthly roster is another person's",
)
would_be(
    is_paid_in_the_highest_group,
    "office",
    vi=lambda cases, law: "đã chi theo nhóm hưởng trợ cấp hằng tháng, " + money(_as_monthly(cases, law)) + " đồng",
    en=lambda cases, law: "paid as one with a monthly allowance, " + money(_as_monthly(cases, law)) + " đồng",
    group=lambda cases, law: law.lists("group_words")["social_assistance"][0],
    amount=_as_monthly,
)
would_be(
    became_poor_later,
    "office",
    vi="có quyết định công nhận hộ phát sinh sau ngày 31/12/2019; dòng trong danh sách cũ là của người khác",
    en="the household was recognised after 31 December 2019, and the earlier list names another person",
    poor_number_listed=False,
)
would_be(
    is_not_paid_before_the_relief,
    "office",
    vi="chứng từ ghi ngày chi sau khi có quyết định hỗ trợ",
    en="vouchers give a day when the relief existed",
    paid_on=lambda cases, law: law.day_of("paid_from").isoformat(),
)
