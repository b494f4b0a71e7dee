"""Which pay run a decision reaches: the list of increases and decreases goes to the payer before the 25th for the next.

Both days are clocks (`payer_changes`, `payer_report` of `law/common/clocks.yaml`; Circular 44/2022/TT-BTC, Article 8).
"""

from datetime import date, timedelta

from eligibility_audit.domain.clocks import Due
from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.recommend.acts import Acts

_PAID = frozenset({"end", "less", "more", "change", "pause", "resume"})


def pay_run(acts: Acts, decided: date) -> tuple[Due, date]:
    """By when the decision of a day is handed to the payer, and the first day of the month whose run it reaches."""
    sent = acts.due("payer_changes", decided)
    return sent, _next_month(sent.day)


def says_pay_run(acts: Acts, act: str, day: date) -> str:
    """The sentence for a line: the run that a decision from `day` on reaches at the earliest; "" where none is changed.

    A one-off payment has no next run.
    """
    if acts.acts[act].effect not in _PAID or "monthly_amount" not in KINDS[acts.programme].field_names:
        return ""
    sent, run = pay_run(acts, day)
    told = acts.due("payer_report", run).day + timedelta(days=1)
    return (
        f"quyết định đã giao và gửi cơ quan chi trả đến hết ngày {sent.day:%d/%m/%Y} thì kịp kỳ chi trả tháng "
        f"{run:%m/%Y}, sau đó là tháng {_next_month(run):%m/%Y}; trước ngày {told:%d/%m/%Y} đối chiếu danh sách "
        "đã chi, chưa chi"
    )


def _next_month(day: date) -> date:
    months = day.year * 12 + day.month
    return date(months // 12, months % 12 + 1, 1)
