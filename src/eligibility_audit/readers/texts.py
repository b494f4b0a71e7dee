"""Text files (csv) as grids: encoding, delimiter, and the physical line on which each record starts."""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from eligibility_audit.errors import InputError
from eligibility_audit.readers.grid import Grid, columns_of
from eligibility_audit.standardise import encodings

DELIMITERS: Final = (",", ";", "\t", "|")
BLOCK: Final = 1 << 20
SAMPLE: Final = 1 << 18
MAX_FIELD: Final = 1 << 17
MAX_RECORD_LINES: Final = 200
ENCODINGS: Final = {
    "utf-8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1258": "cp1258",
    "tcvn3": "cp1252",
    "vni": "cp1252",
}
# Words that any list has: which of two readings of the same bytes is Vietnamese.
_WORDS: Final = frozenset(
    [
        "nguyễn",
        "trần",
        "phạm",
        "hoàng",
        "vũ",
        "đặng",
        "bùi",
        "đỗ",
        "hồ",
        "ngô",
        "dương",
        "lý",
        "thị",
        "văn",
        "đức",
        "hữu",
        "xã",
        "huyện",
        "phường",
        "thôn",
        "xóm",
        "tỉnh",
        "nữ",
        "số",
        "họ",
        "tên",
        "tên",
        "đệm",
        "ngày",
        "sinh",
        "giới",
        "tính",
        "địa",
        "chỉ",
        "ghi",
        "chú",
        "quyết",
        "định",
        "tiền",
        "hộ",
        "nghèo",
        "danh",
        "sách",
        "người",
        "đối",
        "tượng",
        "mức",
        "trợ",
        "cấp",
        "hưởng",
    ]
)


def text_grid(path: Path, name: str, encoding: str = "") -> Grid:
    """The file as one grid without a sheet's name. Raises InputError for bytes or quotes that cannot be read."""
    found = _named(encoding, name) if encoding else find_encoding(path, name)
    rows: list[int] = []
    widths: list[int] = []
    try:
        with path.open(encoding=_codec(path, found), newline="", errors="strict") as file:
            delimiter = find_delimiter(file.read(SAMPLE))
            file.seek(0)
            lines: Iterable[str] = file
            if found == "cp1258":
                lines = (unicodedata.normalize("NFC", line) for line in file)
            columns = columns_of(_records(lines, delimiter, rows, widths, name), name)
    except UnicodeError:
        raise _undecodable(name, found, len(rows) + 1) from None
    numbers = np.array(rows, dtype="int64")
    cells = np.array(widths, dtype="int64")
    return Grid("", columns, numbers, np.zeros(len(numbers), dtype=bool), encoding=found, widths=cells).trimmed()


def _records(
    lines: Iterable[str], delimiter: str, rows: list[int], widths: list[int], name: str
) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader((line.replace("\x00", "") for line in lines), delimiter=delimiter)
    start = 1
    try:
        for record in reader:
            if reader.line_num - start >= 1:
                _check_quotes(record, delimiter, reader.line_num - start, start, name)
            rows.append(start)
            widths.append(len(record))
            start = reader.line_num + 1
            yield record
    except csv.Error:
        raise _open_quote(name, start) from None


def _check_quotes(record: list[str], delimiter: str, breaks: int, start: int, name: str) -> None:
    """A quote that is never closed swallows whole records: no cell holds lines that look like records."""
    swallowed = max(
        (line.count(delimiter) for cell in record if "\n" in cell or "\r" in cell for line in cell.splitlines()[1:]),
        default=0,
    )
    if breaks > MAX_RECORD_LINES or swallowed >= 3:
        raise _open_quote(name, start)


def _open_quote(name: str, line: int) -> InputError:
    return InputError(
        f"{name}: dấu ngoặc kép mở ở dòng {line} không được đóng; hãy sửa dòng đó rồi chạy lại. / "
        f"{name}: a quotation mark opened on line {line} is not closed; correct that line and run again."
    )


def find_delimiter(sample: str) -> str:
    """The delimiter under which most records have one and the same number of cells; a comma where none has two."""
    best, best_score = ",", 0.0
    text = sample[: sample.rfind("\n") + 1] or sample
    for delimiter in DELIMITERS:
        try:
            widths = Counter(
                len(r) for r in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if len(r) > 1
            )
        except csv.Error:
            continue
        lines = max(text.count("\n"), 1)
        score = sum(count * min(width, 30) for width, count in widths.most_common(1)) / lines
        if score > best_score * 1.05:
            best, best_score = delimiter, score
    return best


def _named(encoding: str, name: str) -> str:
    key = encoding.lower().replace("_", "-").replace("utf8", "utf-8").replace("utf16", "utf-16")
    if key not in ENCODINGS:
        raise InputError(
            f"{name}: không biết bảng mã “{encoding}”; hãy dùng một trong: {', '.join(ENCODINGS)}. / "
            f"{name}: unknown encoding “{encoding}”; use one of: {', '.join(ENCODINGS)}."
        )
    return key


def _codec(path: Path, encoding: str) -> str:
    codec = ENCODINGS[encoding]
    if codec != "cp1252":
        return codec
    try:
        for _ in _decoded(path, "cp1252"):
            pass
    except UnicodeError:
        return "latin-1"
    return "cp1252"


def find_encoding(path: Path, name: str) -> str:
    """utf-8, utf-16(-le, -be), cp1258, tcvn3 or vni: a byte-order mark, else what the bytes can be, else what reads."""
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    _check_is_text(start, name)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if nulls := start[:4096].count(0):
        return _utf16_without_mark(start[:4096], nulls, name)
    line = 1
    try:
        for text in _decoded(path, "utf-8-sig"):
            line += text.count("\n")
    except UnicodeDecodeError as error:
        return _single_byte(path, name, line + error.object[: error.start].count(b"\n"))
    return "utf-8"


def _check_is_text(start: bytes, name: str) -> None:
    if not start.strip():
        raise InputError(
            f"{name}: tệp rỗng; hãy kiểm tra lại nguồn gửi. / {name}: the file is empty; check it with its sender."
        )
    plain = start[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    kinds = {
        (b"pk\x03\x04",): ("bảng tính hoặc tệp nén", "a workbook or archive"),
        (b"\xd0\xcf\x11\xe0",): ("tài liệu Office", "an Office document"),
        (b"%pdf",): ("tệp PDF", "a PDF file"),
        (b"par1",): ("tệp Parquet", "a Parquet file"),
        (b"<!doctype html", b"<html", b"<table"): ("trang web (HTML)", "a web page (HTML)"),
    }
    for marks, (vi, en) in kinds.items():
        if plain.startswith(marks):
            raise InputError(
                f"{name}: nội dung là {vi}, không phải csv; hãy đặt đúng đuôi tệp hoặc lưu lại thành csv. / "
                f"{name}: the content is {en}, not csv; give it its right name or save it as csv."
            )


def _utf16_without_mark(start: bytes, nulls: int, name: str) -> str:
    odd = start[1::2].count(0)
    if nulls > len(start) * 0.15 and (odd > nulls * 0.9 or odd < nulls * 0.1):
        return "utf-16-le" if odd > nulls * 0.9 else "utf-16-be"
    raise InputError(
        f"{name}: nội dung không phải văn bản; hãy lưu lại thành csv UTF-8. / "
        f"{name}: the content is not text; save it as csv UTF-8."
    )


def _single_byte(path: Path, name: str, line: int) -> str:
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    high = sum(byte >= 0x80 for byte in start)
    sound = len("".join(c for c in start.decode("utf-8", "ignore") if ord(c) >= 0x80).encode())
    if sound > 0.6 * high and sound:  # UTF-8 with broken bytes in it: no other reading is right
        raise _undecodable(name, "utf-8", line)
    readings = {
        "cp1258": unicodedata.normalize("NFC", start.decode("cp1258", "replace")),
        "tcvn3": encodings.decode(start.decode("cp1252", "replace"), "tcvn3"),
        "vni": encodings.decode(start.decode("cp1252", "replace"), "vni"),
    }
    hits = {encoding: _vietnamese(text) for encoding, text in readings.items()}
    best = max(hits, key=lambda encoding: hits[encoding])
    if hits[best] == 0:
        raise _undecodable(name, "utf-8", line)
    return best


def _vietnamese(text: str) -> int:
    return sum(word in _WORDS for word in re.findall(r"[^\W\d_]+", text.lower()))


def _undecodable(name: str, encoding: str, line: int) -> InputError:
    return InputError(
        f"{name}: quanh dòng {line} có ký tự không đọc được theo bảng mã {encoding}; hãy lưu lại thành csv UTF-8 "
        f"hoặc ghi `encoding:` trong kế hoạch. / {name}: near line {line} there are bytes that {encoding} cannot read; "
        f"save the file as csv UTF-8 or give `encoding:` in the plan."
    )


def _decoded(path: Path, codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield decoder.decode(block)
    yield decoder.decode(b"", final=True)
