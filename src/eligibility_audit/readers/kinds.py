"""Guessing which kind of list a sheet is, from its title, its headings and its contents."""

from collections.abc import Mapping
from typing import Final

from eligibility_audit.domain.kinds import COMMON, KINDS
from eligibility_audit.errors import InputError
from eligibility_audit.readers.header import understand
from eligibility_audit.readers.headings import plain
from eligibility_audit.readers.sheets import Looked

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "agent_orange": ("chat doc hoa hoc", "chat doc", "cdhh", "da cam", "hdkc", "khang chien", "dioxin", "agent orange"),
    "merit_other": ("nguoi co cong", "thuong binh", "benh binh", "liet si", "ncc", "tuat", "merit"),
    "social_assistance": (
        "bao tro xa hoi",
        "btxh",
        "tro cap xa hoi",
        "136 2013",
        "20 2021",
        "khuyet tat",
        "cao tuoi",
        "bao tro",
    ),
    "covid_relief": ("covid", "42 nq", "15 2020", "dai dich", "ho tro nguoi dan", "relief"),
    "poor_households": ("ho ngheo", "can ngheo", "poor household"),
    "deaths": ("khai tu", "chet", "tu vong", "qua doi", "chung tu", "death"),
    "pensions": ("luong huu", "bhxh", "huu tri", "bao hiem xa hoi", "pension"),
    "service_records": ("quan nhan", "trich ngang", "qua trinh cong tac", "di b", "quan su", "service record"),
    "inspection_findings": ("ket luan", "thanh tra", "sai pham", "inspection", "finding"),
}
_COMMON: Final = frozenset(field.name for field in COMMON)
_WEAK: Final = frozenset(
    {"group", "monthly_amount", "amount", "decision", "decision_no", "decision_date", "start_month", "place", "unit"}
)

# Fields that tell a kind: no other list is kept for them.
_TELLING: Final = frozenset(
    """died_on registration_no handling finding_text conclusion_no household_no household_size members disease
    parent_name parent_dossier_no coefficient certificate_no disability_level months paid_on book_no""".split()  # noqa: SIM905
)


def guess_kind(looked: Looked, file_name: str) -> tuple[str, float]:
    """The likeliest kind and how sure it is, 0..1; ("", 0.0) where the sheet has no header."""
    if looked.place is None:
        return "", 0.0
    words = f" {plain(looked.title)} {plain(looked.grid.sheet)} {plain(file_name)} "
    ranks = {kind: _rank(looked, kind, words) for kind in KINDS}
    first, second = sorted(ranks.values(), reverse=True)[:2]
    if first <= 0.5:
        return "", 0.0
    best = max(ranks, key=lambda kind: ranks[kind])
    return best, round(min(0.99, 0.5 + 0.5 * (first - second) / max(first, 1.0)), 2)


def _rank(looked: Looked, kind: str, words: str) -> float:
    known = _WORDS.get(kind, KINDS[kind].words)
    said = sum(f" {word} " in words for word in known)
    if looked.place is None:
        return 0.0
    try:
        header = understand(kind, looked.place, looked.columns, {}, "")
    except InputError:
        return 1.5 * min(said, 2)
    own = sum(
        confidence * (0.4 if name in _WEAK else 2.0 if name in _TELLING else 1.0)
        for name, confidence in header.confidences.items()
        if name not in _COMMON
    )
    paid = {"monthly_amount", "amount", "coefficient"} & header.columns.keys()
    groups = header.columns.get("group", ())
    cells = plain(" ".join(text for column in groups for text in looked.columns[column].texts))
    said += any(word in cells for word in known)
    return (
        own
        + 1.5 * min(said, 2)
        - min(0.3 * len(header.unmapped), 1.5)
        - (0.6 if KINDS[kind].role == "roster" and not paid else 0.0)
        - (2.0 if "name" not in header.columns else 0.0) * ("given_name" not in header.columns)
    )
