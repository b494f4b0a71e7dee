"""Legal bases in one line: each instrument once, `điều khoản cần kiểm tra` once, later law apart."""

import re
from collections.abc import Iterable
from typing import Final

LATER_LAW: Final = "Quy định sau này:"
UNNUMBERED: Final = "(điều khoản cần kiểm tra)"  # the instrument is known, the article is not
_INSTRUMENT: Final = re.compile(r"(.+?) ((?:Pháp lệnh|Luật|Nghị định|Nghị quyết|Quyết định|Thông tư) .+)")


def together(bases: Iterable[str]) -> str:
    """Several bases as one: `A 1, A 2 của X; Y, Z (điều khoản cần kiểm tra). Quy định sau này: A 3 của W (từ …)`.

    A basis: citations parted by `; `, then perhaps `. Quy định sau này: ` and further ones. What is not understood
    stays as it is, once. The order is that of first mention.
    """
    now: list[str] = []
    later: list[str] = []
    for basis in bases:
        held, _, came = basis.partition(LATER_LAW)
        now += _citations(held)
        later += _citations(came)
    said = _grouped(now)
    return f"{said}. {LATER_LAW} {_grouped(later)}" if later else said


def _citations(text: str) -> list[str]:
    return [part for part in text.strip().removesuffix(".").split("; ") if part]


def _grouped(citations: Iterable[str]) -> str:
    """Provisions gathered under their instrument; instruments whose article is not known gathered into one group."""
    groups: dict[tuple[str, str], dict[str, None]] = {}
    for citation in citations:
        found = _INSTRUMENT.fullmatch(citation)
        if citation.endswith(UNNUMBERED):
            names = citation.removesuffix(UNNUMBERED).strip().split(", ")
            groups.setdefault(("", UNNUMBERED), {}).update(dict.fromkeys(names))
        elif found:
            groups.setdefault(("", found[2]), {}).update(dict.fromkeys(map(_lower, found[1].split(", "))))
        else:
            groups.setdefault((citation, ""), {}).setdefault(citation)
    return "; ".join(_upper(f"{', '.join(names)} {tail}".strip()) for (_, tail), names in groups.items())


def _lower(provision: str) -> str:
    """Within a list only `Điều`, `Phụ lục` and the like keep their capital."""
    return re.sub(r"^(?:Khoản|Điểm)\b", lambda word: word[0].lower(), provision)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
