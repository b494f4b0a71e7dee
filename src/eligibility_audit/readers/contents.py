"""What the cells of a column look like: settles headings that could mean several things."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from eligibility_audit.readers.headings import plain
from eligibility_audit.standardise.names import fold

ENOUGH: Final = 3  # cells with text, below which a column says nothing

SURNAMES: Final = frozenset(
    """nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dao doan dinh trinh truong lam mai to
    ha luong luu cao ta chu quach kieu dam tong phung thai la lai vuong vi nghiem bach giang khuc tang ton
    trieu quan thach ninh khong bang an chau quang tu lo ha dau luc nong ma be hua sung vang giap kim ngac
    nhu phi phuong cu hy on mac doi lu cam ca lieu van nghi thieu che thi cong ung dong tieu tien duong si
    uong vien xa y mong tra pho dong dieu duc mau khieu khuat mau lenh""".split()  # noqa: SIM905
)
_SEXES: Final = frozenset({"nam", "nu", "m", "f", "male", "female", "trai", "gai", "n", "0", "1"})
_SEPARATORS: Final = re.compile(r"[\s.,'’`\-]")
_MONEY_WORDS: Final = re.compile(r"(?i)\s*(đồng|dong|đ|vnđ|vnd|d)\.?\s*$")
_YEAR: Final = re.compile(r"(?<!\d)(1[89]\d\d|20[0-4]\d)(?!\d)")
_DATE: Final = re.compile(r"\d{1,4}\s*[/.\-]\s*\d{1,4}(\s*[/.\-]\s*\d{1,4})?")
_FULL_DATE: Final = re.compile(
    r"(\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{2,4})|(\d{4}-\d\d-\d\d)|(ng[aà]y\s*\d)", re.IGNORECASE
)
_LETTERS: Final = re.compile(r"[^\W\d_]")
_PERIOD: Final = re.compile(r"\d{4}.*[-–đdÐ®].*\d{2,4}")


def is_date(text: str) -> bool:
    """A birth date or another date in any of its forms, a year alone, or a serial number of Excel."""
    words = [w for w in re.findall(r"[^\W\d_]+", fold(text)) if w not in {"ngay", "thang", "nam", "sinh", "t"}]
    if words or len(text) > 30:
        return False
    return bool(_YEAR.search(text) or _DATE.search(text) or re.fullmatch(r"\d{5}|(19|20)\d{6}", text.strip()))


def is_year(text: str) -> bool:
    """Four digits, or the last two of a year."""
    return bool(re.fullmatch(r"\s*(\d{4}|\d{2})\s*", text))


def is_full_date(text: str) -> bool:
    """Holds a day, a month and a year."""
    return bool(_FULL_DATE.search(text))


def is_period(text: str) -> bool:
    """From and to in one cell."""
    return len(text) > 6 and bool(_PERIOD.search(text)) and not re.fullmatch(r"\s*\d{4}-\d\d(-\d\d)?\s*", text)


def is_id(text: str) -> bool:
    """8 to 12 digits and separators."""
    digits = _SEPARATORS.sub("", text)
    return (digits.isdigit() and 8 <= len(digits) <= 12) or bool(re.fullmatch(r"\d[.,]\d+E\+\d+", text.strip()))


def is_money(text: str) -> bool:
    """A whole number of at least 10,000."""
    digits = re.sub(r"[\s.,]", "", _MONEY_WORDS.sub("", text))
    return digits.isdigit() and len(digits) >= 5 and int(digits) >= 10_000


def is_percent(text: str) -> bool:
    """0 to 100, with or without a sign."""
    number = text.replace("%", "").replace(",", ".").strip()
    return bool(re.fullmatch(r"\d{1,3}(\.\d+)?", number)) and float(number) <= 100


def is_small(text: str) -> bool:
    """A number below 100."""
    number = text.replace(",", ".").strip()
    return bool(re.fullmatch(r"\d{1,2}(\.\d+)?", number))


def is_whole(text: str) -> bool:
    """A whole number."""
    return text.strip().rstrip(".)").isdigit()


def is_sex(text: str) -> bool:
    """Nam, Nữ and their short forms."""
    return fold(text).strip(" .") in _SEXES or text.strip() in {"N÷", "n÷", "Nöõ", "nöõ", "NÖÕ"}


def is_name(text: str) -> bool:
    """Two to seven words of letters that begin with a surname."""
    words = fold(text.partition("(")[0]).split()
    return 2 <= len(words) <= 7 and words[0] in SURNAMES and not any(c.isdigit() for c in text)


def is_part_of_name(text: str) -> bool:
    """Words of letters, as any part of a name."""
    words = text.partition("(")[0].split()
    return 1 <= len(words) <= 5 and all(_LETTERS.search(w) for w in words) and not any(c.isdigit() for c in text)


def is_surname(text: str) -> bool:
    """Begins with a surname."""
    words = fold(text).split()
    return is_part_of_name(text) and words[0] in SURNAMES


def is_given_name(text: str) -> bool:
    """One or two words of letters."""
    return is_part_of_name(text) and len(text.partition("(")[0].split()) <= 2


def has_letters(text: str) -> bool:
    """Words, not only numbers."""
    return bool(_LETTERS.search(text))


def has_digits(text: str) -> bool:
    """A number somewhere."""
    return any(c.isdigit() for c in text)


def is_place(text: str) -> bool:
    """A few words that are no date and no number."""
    return has_letters(text) and len(text) <= 45 and not is_date(text)


def is_decision(text: str) -> bool:
    """A number and a date in one cell."""
    return has_digits(text) and is_full_date(text) and ("/" in text) and has_letters(text)


def is_decision_number(text: str) -> bool:
    """A number of a decision without its date."""
    return has_digits(text) and not is_full_date(text)


def is_number_of_paper(text: str) -> bool:
    """A number, perhaps with letters, that is no full date."""
    return has_digits(text) and not re.fullmatch(r"\s*\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}\s*", text) and len(text) <= 40


def is_dossier(text: str) -> bool:
    """A number, with or without letters, that is no round sum of money and no decimal."""
    return has_digits(text) and not re.fullmatch(r"\s*\d[\d.,]*[05]00\s*|\s*\d+,\d\s*", text)


def is_mark(text: str) -> bool:
    """A cross in a column of choices."""
    return plain(text) in {"x", "v", "1", "co"} or text.strip() in {"+", "✓", "✔", "*"}


def is_list_of_people(text: str) -> bool:
    """Several people in one cell, or one with a year or a relation beside the name."""
    return has_letters(text) and bool(re.search(r"[,;:(\n\d]| - ", text))


def _is_address(text: str) -> bool:
    return has_letters(text) and len(text) > 4


def _is_class(text: str) -> bool:
    return any(word in fold(text) for word in ("ngheo", "hn", "hcn", "poor", "binh")) or is_mark(text)


FITS: Final[Mapping[str, Callable[[str], bool]]] = {
    "ordinal": is_whole,
    "name": is_name,
    "surname_middle": is_surname,
    "given_name": is_given_name,
    "parent_name": is_name,
    "guardian": is_part_of_name,
    "alias": is_part_of_name,
    "date_of_birth": is_date,
    "birth_if_male": is_date,
    "birth_if_female": is_date,
    "birth_day": is_small,
    "birth_month": is_small,
    "birth_year": is_year,
    "sex": is_sex,
    "national_id": is_id,
    "hamlet": is_place,
    "commune": is_place,
    "district": is_place,
    "address": _is_address,
    "home_place": has_letters,
    "dossier_no": is_dossier,
    "parent_dossier_no": is_dossier,
    "decision": is_decision,
    "decision_no": is_decision_number,
    "decision_date": is_date,
    "start_month": is_date,
    "monthly_amount": is_money,
    "amount": is_money,
    "percent": is_percent,
    "coefficient": is_small,
    "months": is_small,
    "paid_on": is_date,
    "service": is_period,
    "service_from": is_date,
    "service_to": is_date,
    "unit": has_letters,
    "place": has_letters,
    "unit_place": has_letters,
    "disease": has_letters,
    "papers": has_letters,
    "paper_date": is_date,
    "group": has_letters,
    "disability_level": has_letters,
    "certificate_no": is_number_of_paper,
    "household_class": _is_class,
    "household_size": is_small,
    "household_no": has_digits,
    "relation": has_letters,
    "members": is_list_of_people,
    "registration_no": is_number_of_paper,
    "registered_on": is_date,
    "died_on": is_date,
    "book_no": is_number_of_paper,
    "pension_kind": has_letters,
    "conclusion_no": has_digits,
    "conclusion_date": is_date,
    "finding_group": has_letters,
    "finding_text": has_letters,
    "handling": has_letters,
    "phone": is_id,
}


@dataclass(frozen=True, eq=False)
class Column:
    """A sample of a column's cells that have text, and the share of all sampled cells that have."""

    texts: tuple[str, ...]
    filled: float

    def share(self, fits: Callable[[str], bool]) -> float:
        """The share of cells that fit; 0 for an empty column."""
        return sum(map(fits, self.texts)) / len(self.texts) if self.texts else 0.0


def sample(columns: Sequence[Sequence[str]]) -> list[Column]:
    """Columns of sampled cells, "" where blank."""
    found = []
    for cells in columns:
        texts = tuple(cell for cell in cells if cell.strip())
        found.append(Column(texts, len(texts) / max(len(cells), 1)))
    return found


@lru_cache(maxsize=4096)
def fit(field: str, column: Column) -> float:
    """-1 (nothing fits) to 1 (everything fits); 0 where the column says nothing."""
    fits = FITS.get(field)
    if fits is None or len(column.texts) < ENOUGH:
        return 0.0
    if field in KINDS_OF_THING and _names_people(column):
        return -0.6
    return 2 * column.share(fits) - 1


# Fields whose cells repeat a few words: a column of names all different is none of them.
KINDS_OF_THING: Final = frozenset(
    """group household_class pension_kind disability_level finding_group finding_text handling disease papers unit
    unit_place relation""".split()  # noqa: SIM905
)


def _names_people(column: Column) -> bool:
    return column.share(is_name) >= 0.7 and len(set(column.texts)) > 0.5 * len(column.texts)
