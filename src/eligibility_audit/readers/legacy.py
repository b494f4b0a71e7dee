"""Reading single cells of sheets that may be written in a legacy encoding."""

from collections.abc import Iterable, Sequence

from eligibility_audit.readers.grid import Grid
from eligibility_audit.standardise import encodings

_SAMPLE = 120
_REPEATS = 4  # a single cell is little evidence: weigh it as if the sheet said it four times


def sheet_encoding(grid: Grid) -> str:
    """unicode, tcvn3 or vni: what most of a sheet's text is written in."""
    step = max(1, len(grid) // _SAMPLE)
    texts = [cell for line in grid.lines(range(0, len(grid), step)) for cell in line]
    texts += [cell for line in grid.head(40) for cell in line]
    return str(encodings.guess(_telling(texts)))


def _telling(texts: Iterable[str]) -> list[str]:
    return list({text for text in texts if not text.isascii()})


class Decoder:
    """Decodes headings and heading rows of one sheet, a line at a time: a line is typed in one font.

    A line with letters that no one-byte font has is Unicode, whatever the rest of the sheet is.
    """

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding

    def line(self, cells: Sequence[str]) -> list[str]:
        """The cells of a line in Unicode."""
        encoding = self._of(cells)
        return [cell if cell.isascii() else encodings.decode(cell, encoding) for cell in cells]

    def column(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The cells of a column in Unicode; in a Unicode sheet the column may still be in a font of its own."""
        if self.encoding != "unicode":
            return tuple(self.line([cell])[0] for cell in cells)
        encoding = str(encodings.guess(_telling(cells)))
        return tuple(cell if cell.isascii() else encodings.decode(cell, encoding) for cell in cells)

    def _of(self, cells: Sequence[str]) -> str:
        telling = [cell for cell in cells if not cell.isascii()]
        if not telling or any(_beyond_one_byte(cell) for cell in telling):
            return "unicode"
        if self.encoding != "unicode":
            return self.encoding
        return str(encodings.guess(telling * _REPEATS))


def _beyond_one_byte(text: str) -> bool:
    """Letters such as ạ, ơ, ư, which no legacy font has; the punctuation of cp1252 does not count."""
    return any(c.isalpha() and ord(c) > 0xFF and c not in "ŒœŠšŽžŸƒˆ" for c in text)
