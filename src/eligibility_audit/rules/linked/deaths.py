"""Is the person alive? A death registration on a sure identity, and one on a signal."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import answered
from eligibility_audit.rules.facts.identity import in_english
from eligibility_audit.rules.linked.others import other_item, unlike, when, where
from eligibility_audit.rules.money import first_run, month, month_after, monthly_sums, says_month
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.price_tables import CUT_OFF, PRICED_BY, tables
from eligibility_audit.rules.registry import Rule, rule
from eligibility_audit.rules.wording import Column, Item, dated, item, pieces, text

READS: Final = ("death_identity", "death_cancelled")
SHOWS: Final = (
    "death_record_id",
    "death_on",
    "death_last",
    "death_registration",
    "death_agrees",
    "death_differs",
    "death_namesakes",
    "death_after_decision",
    *where("death"),
)
MERIT: Final = ("pl2005.death", "nd31.death", "nd131.122", "nd131.123", "lht.death")
BASIS: Final = {
    "agent_orange": MERIT,
    "merit_other": MERIT,
    "social_assistance": ("nd136.stop", "nd20.8", "tt02.2", "lht.death"),
}
CODES: Final = {"agent_orange": "AO", "merit_other": "ME", "social_assistance": "SA"}
SIMPLIFIED: Final = (
    "Đăng ký khai tử có lời ghi hủy, thu hồi hoặc nhầm thì không dùng. / "
    "A registration that is noted as cancelled, withdrawn or mistaken is not used.",
)
SUMMED: Final = (
    *SIMPLIFIED,
    "Tiền của tháng có người chết được coi là được hưởng; số tiền cần làm rõ tính từ tháng sau, từng tháng theo mức "
    "của tháng ấy, đến hết tháng của ngày rà soát. Tháng không rõ mức thì không tính và được nêu riêng. / "
    "The month of death is taken as due; the sum to be made clear runs from the next month, each at the amount of its "
    "own table, to the month of the audit. Months of no known amount are left out and told.",
)


def _registered(cases: pd.DataFrame, identity: str) -> Truth:
    """No standing registration with this identity; never NA: not being in the register is no sign of anything."""
    found = (cases["death_identity"] == identity) & ~cases["death_cancelled"].fillna(False)
    return (~found.fillna(False)).astype("boolean")


def _register_says(cases: pd.DataFrame) -> tuple[Column, Column]:
    """What the registration says, in Vietnamese and English, without a full stop."""
    died, number = dated(cases["death_on"]), text(cases["death_registration"])
    on = when(died != "", "chết ngày " + died) + when(died == "", "chết, không ghi ngày")
    on_en = when(died != "", "died on " + died) + when(died == "", "died, day not stated")
    by = when(number != "", " số " + number)
    return "Sổ đăng ký khai tử" + by + ": " + on, "Death registration" + by.str.replace(" số ", " ") + ": " + on_en


def _against(cases: pd.DataFrame, *more: Item) -> Column:
    namesakes = cases["death_namesakes"].fillna(0)
    late = ~cases["death_after_decision"].fillna(True)
    differs = text(cases["death_differs"])
    others = text(namesakes)
    return pieces(
        cases,
        other_item(
            cases,
            "death",
            unlike(differs),
            "Does not agree: " + in_english(differs) + ".",
        ),
        other_item(
            cases,
            "death",
            when(namesakes > 0, "Sổ khai tử còn " + others + " người khác cùng họ tên và năm sinh."),
            "The register has " + others + " more of this name and birth year.",
        ),
        item(cases, when(late, "Quyết định hưởng ghi sau ngày chết."), "The decision is dated after the death."),
        *more,
    )


def _too_late_to_stop(cases: pd.DataFrame, law: Parameters) -> Item:
    """Where the death came when the list of the next month's run was with the payer already: nobody's doing."""
    run = first_run(cases["death_last"], law.whole(CUT_OFF))
    missed = (run > month_after(cases["death_last"])).fillna(False)
    after = says_month(month_after(cases["death_last"]))
    vi = f"Chết từ ngày {law.whole(CUT_OFF)}: danh sách kỳ chi trả tháng " + after + " đã chuyển cơ quan chi trả."
    en = f"Died on or after day {law.whole(CUT_OFF)}: the list of the run of " + after + " was with the payer already."
    return item(cases, when(missed, vi), en)


def _not_priced(cases: pd.DataFrame, sums: pd.DataFrame) -> Item:
    left = text(sums["open"])
    vi = "Còn " + left + " tháng không rõ mức khi đó, chưa tính vào số tiền cần làm rõ."
    en = left + " more months, whose amount at the time is not known, are not in the sum."
    return item(cases, when((sums["open"] > 0).fillna(False), vi), en)


def _words(cases: pd.DataFrame, law: Parameters, sure: bool, programme: str | None = None) -> pd.DataFrame:
    """`programme`: where sums are made. None stands beside what may be another person's death."""
    sums = None if programme is None else _summed(cases, programme, law)
    more = [] if sums is None else [_too_late_to_stop(cases, law), _not_priced(cases, sums)]
    vi, en = _register_says(cases)
    agrees = text(cases["death_agrees"])
    ask = "; cần xác nhận tình trạng còn sống." if sure else "; chưa chắc cùng một người, cần xác minh."
    ask_en = "; to be confirmed by the commune." if sure else "; not surely the same person, to be verified."
    out = pd.DataFrame(
        {
            "reason_vi": vi + ", trùng " + agrees + ask,
            "reason_en": en + ", agreeing in " + in_english(agrees) + ask_en,
            "evidence": pieces(
                cases,
                other_item(
                    cases, "death", vi + "; trùng " + agrees + ".", en + "; agrees in " + in_english(agrees) + "."
                ),
                item(cases, "Còn tên trên danh sách chi trả.", "Still on the list of payments."),
            ),
            "evidence_against": _against(cases, *more),
            "identity_agrees": agrees,
            "identity_differs": text(cases["death_differs"]),
            "subject": text(cases["death_record_id"]),
            "other_record_ids": '["' + text(cases["death_record_id"]) + '"]',
            "stop_allowed": pd.Series(sure, index=cases.index, dtype="boolean"),
        }
    )
    return out if sums is None else out.assign(months=sums["months"], amount_at_stake=sums["amount"])


def _summed(cases: pd.DataFrame, programme: str, law: Parameters) -> pd.DataFrame:
    """The months from the one after the death to that of the audit, and what they come to (`monthly_sums`)."""
    first = month_after(cases["death_last"])
    until = pd.Series(month(law.day) + 1, index=cases.index, dtype="Int64")
    return monthly_sums(first, until, cases["monthly_amount"], tables(programme, law), law.day)


def _another_or_alive(of: Rule) -> None:
    """Whose answer ends the question of a death: the registrar's, or the commune's after a visit."""
    answered(
        of,
        "office",
        "death_identity",
        vi="xã đến gặp, xác nhận người hưởng còn sống, hoặc cơ quan hộ tịch trả lời đó là người khác",
        en="the commune met the person alive, or the registrar answers that it was somebody else",
    )


def _register_rules(programme: str, code: str) -> None:
    @rule(
        id=f"{code}_DEAD_CLEAR",
        programmes=(programme,),
        basis=BASIS,
        parameters=(*PRICED_BY[programme], CUT_OFF),
        reads=READS,
        shows=(*SHOWS, "monthly_amount"),
        ground="death_sure",
        tier="A",
        title_vi="Có đăng ký khai tử, chắc chắn cùng một người",
        title_en="A death registration on a sure identity",
        condition_vi="Không có đăng ký khai tử còn giá trị nào chắc chắn là của người này.",
        simplifications=SUMMED,
    )
    def no_sure_death(cases: pd.DataFrame, law: Parameters) -> Truth:
        """Whether no standing death registration belongs to this very person (procedure.md, 1: sure identity)."""
        return _registered(cases, "sure")

    @no_sure_death.words
    def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        return _words(cases, law, True, programme)

    _another_or_alive(no_sure_death)

    @rule(
        id=f"{code}_DEAD_FUZZY",
        programmes=(programme,),
        basis=BASIS,
        reads=READS,
        shows=SHOWS,
        ground="death_signal",
        tier="B",
        title_vi="Có đăng ký khai tử, chưa chắc cùng một người",
        title_en="A death registration that may be this person's",
        condition_vi="Không có đăng ký khai tử còn giá trị nào khớp một phần với người này.",
        simplifications=SIMPLIFIED,
    )
    def no_signal_of_death(cases: pd.DataFrame, law: Parameters) -> Truth:
        """Whether no standing death registration agrees with this person in part."""
        return _registered(cases, "signal")

    @no_signal_of_death.words
    def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        return _words(cases, law, False)

    _another_or_alive(no_signal_of_death)


for _programme, _code in CODES.items():
    _register_rules(_programme, _code)


def _died_before(cases: pd.DataFrame, law: Parameters, identity: str) -> Truth:
    early = (cases["death_last"] < day_number(law.day_of("relief_from"))).fillna(False)
    return _registered(cases, identity) | ~early


def _relief_words(cases: pd.DataFrame, law: Parameters, sure: bool) -> pd.DataFrame:
    out = _words(cases, law, sure)
    start = f"{law.day_of('relief_from'):%d/%m/%Y}"
    out["reason_vi"] = out["reason_vi"].str.replace("; ", f" (trước ngày bắt đầu hỗ trợ {start}); ", n=1, regex=False)
    out["reason_en"] = out["reason_en"].str.replace("; ", f" (before the relief began on {start}); ", n=1, regex=False)
    return out.assign(amount_at_stake=cases["amount"].astype("Int64")) if sure else out


def _register_relief(identity: str, id_: str, tier: str, title_vi: str, title_en: str) -> None:
    @rule(
        id=id_,
        programmes=("covid_relief",),
        basis=("nq42.groups", "qd15.groups", "lht.death"),
        parameters="relief_from",
        reads=(*READS, "death_last"),
        shows=(*(name for name in SHOWS if name != "death_last"), "amount"),
        ground="one_off_death",
        tier=tier,
        title_vi=title_vi,
        title_en=title_en,
        condition_vi="Người được hỗ trợ còn sống vào ngày bắt đầu hỗ trợ.",
        simplifications=(
            "Chỉ xét người chết trước ngày bắt đầu hỗ trợ; chết sau đó không đặt vấn đề. / "
            "Only who died before the relief began; a later death raises no question.",
            *SIMPLIFIED,
        ),
    )
    def alive_when_relief_began(cases: pd.DataFrame, law: Parameters) -> Truth:
        """Whether no standing registration says that this person died before the relief began."""
        return _died_before(cases, law, identity)

    @alive_when_relief_began.words
    def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        return _relief_words(cases, law, identity == "sure")

    _another_or_alive(alive_when_relief_began)


_register_relief(
    "sure", "CV_DEAD_CLEAR", "A", "Chết trước khi hỗ trợ, chắc chắn cùng một người", "Died before the relief"
)
_register_relief("signal", "CV_DEAD_FUZZY", "B", "Có thể đã chết trước khi hỗ trợ", "May have died before the relief")
