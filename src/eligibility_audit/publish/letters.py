"""Letters: a docx template, which an office may edit, filled in; checked when it is loaded and when it is filled.

An unknown placeholder, one that is missing, or anything but a plain name in double braces is a sentence. What is filled
in is text: nothing of it is run, and a letter that accuses without a conclusion (`recommend.wording`) is not made.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from eligibility_audit.errors import RefusedError, UsageError
from eligibility_audit.publish.inert import PATTERN
from eligibility_audit.recommend import wording

BLANK: Final = "……………"  # what an office fills in by hand
_HEAD: Final = (
    *("superior", "office", "number", "symbol", "place", "date_vi", "signer_title", "signer", "contact"),
    *("person", "born", "dossier", "programme", "address"),
)
_OF_COMPLAINT: Final = ("filer", "subject", "received_on", "against", "settler", "complaint")


@dataclass(frozen=True)
class Letter:
    """A kind of letter. `must`: placeholders without which it says too little; `may`: others that it can have."""

    key: str
    vi: str
    en: str
    must: tuple[str, ...]
    may: tuple[str, ...] = ()
    of_complaint: bool = False

    @property
    def fields(self) -> frozenset[str]:
        """All that its template may name."""
        return frozenset((*_HEAD, *self.must, *self.may))


LETTERS: Final[Mapping[str, Letter]] = {
    each.key: each
    for each in (
        Letter(
            *("notice", "Thông báo nội dung cần làm rõ", "Notice of findings"),
            must=("person", "reason", "question", "reply_due", "contact"),
            may=("basis", "addressee"),
        ),
        Letter(
            *("papers", "Giấy đề nghị bổ sung giấy tờ", "Request for papers"),
            must=("person", "question", "reply_due", "contact"),
            may=("reason", "basis"),
        ),
        Letter(
            *("body", "Công văn đề nghị cơ quan lập hồ sơ xác minh", "Request to the establishing body"),
            must=("person", "addressee", "question", "reply_due"),
            may=("reason", "basis"),
        ),
        Letter(
            *("family", "Thư gửi gia đình", "Letter to the family"),
            must=("person", "contact"),
            may=("reply_due",),
        ),
        Letter(
            *("visit", "Giấy hẹn đến thăm", "Invitation to a visit"),
            must=("person", "meeting_day", "contact"),
            may=("meeting_time", "question"),
        ),
        Letter(
            *("cleared", "Thông báo kết thúc rà soát – hồ sơ đúng", "Review ended: the file is right"),
            must=("person",),
            may=("reason",),
        ),
        Letter(
            *("complaint_accepted", "Thông báo thụ lý khiếu nại", "Complaint accepted"),
            must=("filer", "subject", "accepted_on", "settle_due", "settler"),
            may=("settle_basis", "hold", *_OF_COMPLAINT),
            of_complaint=True,
        ),
        Letter(
            *("complaint_refused", "Thông báo không thụ lý khiếu nại", "Complaint not accepted"),
            must=("filer", "subject", "ground", "reason"),
            may=_OF_COMPLAINT,
            of_complaint=True,
        ),
        Letter(
            *("dialogue", "Giấy mời đối thoại", "Invitation to a dialogue"),
            must=("filer", "meeting_day", "meeting_place"),
            may=("meeting_time", *_OF_COMPLAINT),
            of_complaint=True,
        ),
        Letter(
            *("settlement", "Quyết định giải quyết khiếu nại", "Settlement of a complaint"),
            must=("filer", "against", "outcome", "remedy", "next_level"),
            may=("level", "accepted_on", "dialogue_on", "reason", *_OF_COMPLAINT),
            of_complaint=True,
        ),
    )
}
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_NAME: Final = re.compile(r"\{\{\s*[a-z_]+\s*\}\}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DANGEROUS: Final = re.compile(PATTERN)


def template_file(key: str, own: Path | None = None) -> Path:
    """The template of a letter: the office's own where it has one in `own`, else ours."""
    if own is not None and (own / f"{key}.docx").is_file():
        return own / f"{key}.docx"
    return Path(str(resources.files("eligibility_audit.publish") / "letters" / f"{key}.docx"))


def load(letter: Letter, file: Path) -> DocxTemplate:
    """A template that was checked. Raises UsageError that names the file and what is wrong with it."""
    try:
        template = DocxTemplate(file)
        template.init_docx()
        names = set(template.get_undeclared_template_variables(jinja_env=_environment()))
        said = template.patch_xml(template.get_xml())
    except (BadZipFile, KeyError, ValueError, OSError, TemplateError) as error:
        raise _bad(file, f"không đọc được ({type(error).__name__})", "it cannot be read") from None
    strange = [tag for tag in _TAG.findall(re.sub(r"<[^>]+>", "", said)) if not _NAME.fullmatch(tag)]
    if strange:
        raise _bad(
            file, f"chỉ được dùng {{{{ tên }}}}, không được dùng {strange[0][:40]}", "only plain names may stand"
        )
    unknown, missing = sorted(names - letter.fields), sorted(set(letter.must) - names)
    if unknown:
        raise _bad(file, f"không có nội dung tên {', '.join(unknown)}", f"unknown: {', '.join(unknown)}")
    if missing:
        raise _bad(file, f"thiếu {', '.join(missing)}", f"missing: {', '.join(missing)}")
    return template


def fill(letter: Letter, told: Mapping[str, str], own: Path | None = None) -> bytes:
    """The letter as a docx file. `told`: texts by name; what is not told stays a blank line to fill in.

    Raises UsageError for a template that is not in order, RefusedError where the text would accuse.
    """
    template = load(letter, template_file(letter.key, own))
    values = {name: inert(told.get(name) or BLANK) for name in letter.fields}
    template.render(values, jinja_env=_environment(), autoescape=True)
    made = io.BytesIO()
    template.save(made)
    words = {word for line in lines(made.getvalue()) for word in wording.check(line)}
    if words:
        raise RefusedError(
            [
                f"Thư có từ chỉ được dùng khi đã có kết luận, quyết định có số: {', '.join(sorted(words))}. "
                "Hãy viết lại. / The letter accuses without a numbered conclusion: write it otherwise."
            ]
        )
    return made.getvalue()


def lines(content: bytes) -> list[str]:
    """The paragraphs of a docx file, tables too, in order of the file."""
    body = Document(io.BytesIO(content)).element.body
    return ["".join(node.text or "" for node in each.iter(_T)) for each in body.iter(_P)]


_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_T, _P = f"{_W}t", f"{_W}p"


def inert(text: str) -> str:
    """A text that no office program runs (`publish.inert`), without control characters or braces of a template."""
    plain = _CONTROL.sub(" ", str(text)).strip()
    plain = plain.replace("{{", "{ {").replace("{%", "{ %")
    return "'" + plain if _DANGEROUS.match(plain) else plain


def quoted(text: str) -> str:
    """A text as received, to stand between quotation marks: it cannot end them."""
    return " ".join(re.sub("[“”]", '"', text).split())


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _bad(file: Path, vi: str, en: str) -> UsageError:
    return UsageError(
        f"Mẫu thư {file.name}: {vi}; hãy sửa mẫu. / The template {file.name}: {en}; mend it in the word processor."
    )
