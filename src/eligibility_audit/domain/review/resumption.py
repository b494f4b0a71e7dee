"""From which month a stopped payment is resumed, by its ground (procedure.md, 2; Decree 131/2021, Article 119)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

GROUND_VI: Final[Mapping[str, str]] = {
    "cleared": "kết luận giấy tờ đúng: từ tháng bị dừng, kèm truy lĩnh / cleared: from the month it was stopped",
    "lied_for_extra": "khai thêm không đúng: từ tháng bị dừng, đúng mức / claimed extra: from that month, right rate",
    "released": "chấp hành xong hình phạt tù: tháng liền kề / released: the month after",
    "returned": "trở về, theo đơn: tháng liền kề sau tháng nhận đơn / returned: the month after the application",
    "annulled": "quyết định dừng bị hủy: như văn bản quy định / annulled: as ruled",
}
PAPERS: Final = ("conclusion", "commune_check")  # one of these is on file, with number and day
Stated = Mapping[str, object]


def resumed_from(stopped: str, stated: Stated) -> str:
    """The first month that is paid again, YYYY-MM. `stopped`: the first month that was not paid.

    `stated`: `ground`; for `released` and `returned` the day as `event_date`, for `annulled` the month as `from_month`.
    Raises ValueError for a ground that is none, or a day or month that is missing or none.
    """
    found = _FROM.get(str(stated.get("ground") or ""))
    if found is None:
        raise ValueError("ground")
    return found(stopped, stated)


def _of_stop(stopped: str, stated: Stated) -> str:
    return stopped


def _month_after(stopped: str, stated: Stated) -> str:
    day = date.fromisoformat(str(stated.get("event_date") or ""))
    return _month(day.year * 12 + day.month)


def _as_ruled(stopped: str, stated: Stated) -> str:
    return _month(_number(str(stated.get("from_month") or "")))


_FROM: Final[Mapping[str, Callable[[str, Stated], str]]] = {
    "cleared": _of_stop,
    "lied_for_extra": _of_stop,
    "released": _month_after,
    "returned": _month_after,
    "annulled": _as_ruled,
}


def months_owed(resumed_from: str, month: str) -> int:
    """How many months are owed when payment goes on in `month`: from the first that is owed to the one before it."""
    return max(0, _number(month) - _number(resumed_from))


def _number(month: str) -> int:
    first = date.fromisoformat(f"{month[:7]}-01")
    return first.year * 12 + first.month - 1


def _month(number: int) -> str:
    year, month = divmod(number, 12)
    return f"{year:04}-{month + 1:02}"
