"""The signatures of a PDF, read offline: is what they cover as it was, and does their certificate lead to a root?"""

import io
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.publish.signing import VIETNAM, SignedBy, in_a_thread, signed_by

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate  # type: ignore[import-untyped]
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature


@dataclass(frozen=True)
class Signature:
    """One signature. `is_trusted`: None where no root was named. `covers_all`: nothing was added behind it.

    `added`: what was added behind it is more than further signatures. `stamped`: the moment is a time stamp's.
    """

    by: SignedBy
    at: datetime | None
    stamped: bool
    is_intact: bool
    is_trusted: bool | None
    covers_all: bool
    added: bool

    @property
    def fault(self) -> str:
        """Why it does not hold; "" where it does."""
        if not self.is_intact:
            return "nội dung đã bị thay đổi sau khi ký / what it covers was changed"
        if self.added:
            return "sau khi ký đã thêm nội dung khác ngoài chữ ký / more than signatures was added behind it"
        if self.is_trusted is False:
            return "chứng thư không dẫn tới gốc tin cậy đã nêu / its certificate does not lead to the named roots"
        return ""

    @property
    def told(self) -> str:
        """In one line: who, which body, when, and whether it holds."""
        body = f", {self.by.organisation}" if self.by.organisation else ""
        when = f"{self.at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}" if self.at else "không rõ lúc nào"
        clock = "dấu thời gian" if self.stamped else "giờ máy người ký"
        if self.fault:
            return f"{self.by.name}{body}, {when} ({clock}): {self.fault}"
        trust = (
            "chứng thư dẫn tới gốc tin cậy" if self.is_trusted else "chưa biết chứng thư của ai cấp: chưa nêu --trust"
        )
        return f"{self.by.name}{body}, {when} ({clock}): còn nguyên; {trust} / intact"


def roots_of(paths: Sequence[Path]) -> "list[Certificate]":
    """Trust roots from PEM or DER files. Raises UsageError where one cannot be read as that."""
    from pyhanko.keys import load_certs_from_pemder

    try:
        return list(load_certs_from_pemder([str(path) for path in paths]))  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError):
        names = ", ".join(str(path) for path in paths)
        raise UsageError(f"{names}: không đọc được chứng thư gốc (PEM, DER) / no certificate can be read") from None


def signatures(pdf: bytes, roots: "Sequence[Certificate] | None" = None) -> list[Signature]:
    """The signatures of a PDF in their order; `roots`: None where trust is not asked for. No network is used.

    Whether a certificate was withdrawn is not known offline, and is not said. Raises InputError for a damaged file.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        return [_read(one, roots) for one in reader.embedded_regular_signatures]
    except (PdfError, ValueError, KeyError, TypeError, IndexError, zlib.error) as error:
        raise InputError(f"Tệp PDF hỏng ({type(error).__name__}) / the PDF is damaged") from None


def _read(one: "EmbeddedPdfSignature", roots: "Sequence[Certificate] | None") -> Signature:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    reader_log = logging.getLogger("pyhanko")
    reader_log.addHandler(logging.NullHandler())
    reader_log.propagate = False  # it writes down whose certificate it could not follow
    by = signed_by(one.signer_cert.subject.native)
    uses = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
    context = ValidationContext(trust_roots=list(roots or ()), allow_fetching=False, revocation_mode="soft-fail")
    try:
        status = in_a_thread(
            partial(validate_pdf_signature, one, context, ts_validation_context=context, key_usage_settings=uses)
        )
    except (SignatureValidationError, SigningError):
        return Signature(by, None, stamped=False, is_intact=False, is_trusted=None, covers_all=False, added=False)
    stamp = status.timestamp_validity
    at = stamp.timestamp if stamp is not None and stamp.valid and stamp.intact else status.signer_reported_dt
    covers_all = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    only_signatures = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)
    return Signature(
        by,
        at,
        stamped=stamp is not None and stamp.valid,
        is_intact=bool(status.intact and status.valid),
        is_trusted=None if roots is None else bool(status.trusted),
        covers_all=covers_all,
        added=not covers_all and status.modification_level not in only_signatures,
    )
