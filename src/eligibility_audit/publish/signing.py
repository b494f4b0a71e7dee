"""PAdES signatures on PDF files: with a key from a PKCS#12 file or a PKCS#11 token, opened once for many files.

The mark that people see (who, which body, when) is set by typst as a small page and put into the upper margin of the
first page, where nothing of ours is printed; a second signature stands to its left. The signature covers the file as it
was: it is added behind it.
"""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, TypeVar
from zoneinfo import ZoneInfo

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.publish.pdf import compiled

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers.pdf_cms import Signer
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko.stamp.static import StaticStampStyle

T = TypeVar("T")
VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
MARK_POINTS: Final = (226, 38)  # width and height; the page of `mark.typ` is as large
RIGHT_POINTS: Final = 42  # from the right edge, as the margin of our pages
TOP_POINTS: Final = 6
FIELD: Final = "KySo"
_WIDE: Final = 2048  # bits below which a key is not safe


def in_a_thread(work: Callable[[], T]) -> T:
    """Do what starts an event loop of its own where none can be running: a server's thread has one already."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work).result()


@dataclass(frozen=True)
class Token:
    """A PKCS#11 token: its module (a library), the token's label and the certificate's; empty labels: the only one."""

    module: Path
    label: str = ""
    certificate: str = ""


@dataclass(frozen=True)
class SignedBy:
    """Who signs, as the certificate says."""

    name: str
    organisation: str


@dataclass
class Key:
    """An open key. `signed_by`: from its certificate; `time_stamps`: an authority's address, "" for none."""

    signer: "Signer"
    signed_by: SignedBy
    time_stamps: str = ""
    _stamper: "TimeStamper | None" = field(default=None, repr=False)
    _marks: dict[str, "StaticStampStyle"] = field(default_factory=dict, repr=False)
    _folder: TemporaryDirectory[str] = field(default_factory=TemporaryDirectory, repr=False)

    def sign(self, pdf: bytes, now: datetime, *, reason: str = "", place: str = "") -> bytes:
        """The PDF with one more signature. Raises InputError where it is no PDF that can be signed."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

        try:
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            before = len(list(writer.prev.embedded_signatures))
            how = PdfSignatureMetadata(
                field_name=f"{FIELD}{before + 1}",
                md_algorithm="sha256",
                subfilter=SigSeedSubFilter.PADES,
                name=self.signed_by.name,
                reason=reason or None,
                location=place or None,
            )
            where = SigFieldSpec(how.field_name or FIELD, on_page=0, box=_box(writer, before))
            signer = PdfSigner(
                how, self.signer, timestamper=self._time_stamper(), stamp_style=self._mark(now), new_field_spec=where
            )
            made = in_a_thread(lambda: signer.sign_pdf(writer))
        except SigningError as error:
            raise UsageError(f"Không ký được: {error} / signing failed") from None
        except (PdfError, ValueError, KeyError) as error:
            raise InputError(f"Không phải PDF ký được ({type(error).__name__}) / no PDF that can be signed") from None
        return bytes(made.getbuffer())

    def close(self) -> None:
        """Forget the marks that were drawn."""
        self._folder.cleanup()

    def _time_stamper(self) -> "TimeStamper | None":
        if self.time_stamps and self._stamper is None:
            from pyhanko.sign.timestamps import HTTPTimeStamper

            self._stamper = HTTPTimeStamper(self.time_stamps)
        return self._stamper

    def _mark(self, now: datetime) -> "StaticStampStyle":
        """The mark of this second, drawn once."""
        from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
        from pyhanko.stamp.static import StaticStampStyle

        told = now.astimezone(VIETNAM).isoformat(sep=" ", timespec="seconds")
        if told not in self._marks:
            path = Path(self._folder.name) / f"{len(self._marks)}.pdf"
            path.write_bytes(mark(self.signed_by, told))
            self._marks.clear()
            whole = SimpleBoxLayoutRule(x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID)
            self._marks[told] = StaticStampStyle.from_pdf_file(str(path), border_width=0, background_layout=whole)
        return self._marks[told]


def mark(who: SignedBy, told: str) -> bytes:
    """The mark as a page of its own: *Ký số bởi*, the body, the moment with its zone."""
    lines = [("Ký số bởi", who.name), ("Cơ quan", who.organisation), ("Thời gian ký", told)]
    wide, high = MARK_POINTS
    return compiled("mark.typ", {"lines": [line for line in lines if line[1]], "wide": wide, "high": high})


@contextmanager
def key_of_file(path: Path, passphrase: str, time_stamps: str = "") -> Iterator[Key]:
    """The key of a PKCS#12 file, open for any number of files.

    Raises UsageError where the file cannot be read, the passphrase is wrong, or the certificate is not valid now.
    """
    from pyhanko.sign.signers import SimpleSigner

    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: không đọc được ({error.strerror}) / cannot be read") from None
    try:
        signer = SimpleSigner.load_pkcs12_data(content, other_certs=set(), passphrase=passphrase.encode())
    except (ValueError, TypeError):
        raise UsageError(
            f"{path}: không mở được khóa; mật khẩu sai hoặc không phải PKCS#12 / "
            "the key does not open: a wrong passphrase, or no PKCS#12"
        ) from None
    yield from _open(signer, time_stamps)


@contextmanager
def key_of_token(token: Token, pin: str, time_stamps: str = "") -> Iterator[Key]:
    """The key of a PKCS#11 token, one session for any number of files. Raises UsageError as `key_of_file`."""
    from pkcs11.exceptions import PKCS11Error
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    if not token.module.is_file():
        raise UsageError(f"{token.module}: không có thư viện PKCS#11 này / there is no such PKCS#11 module")
    try:
        wanted = TokenCriteria(label=token.label) if token.label else None
        session = open_pkcs11_session(str(token.module), token_criteria=wanted, user_pin=pin)
        try:
            yield from _open(PKCS11Signer(session, cert_label=token.certificate or None), time_stamps)
        finally:
            session.close()
    except (PKCS11Error, SigningError) as error:
        raise UsageError(
            f"Thiết bị ký: {type(error).__name__}; xem nhãn, mã PIN và thiết bị đã cắm chưa / "
            "the token: look at its label, the PIN, and whether it is plugged in"
        ) from None


def _open(signer: "Signer", time_stamps: str) -> Iterator[Key]:
    certificate = signer.signing_cert
    if certificate is None:
        raise UsageError("Không thấy chứng thư của khóa / the key has no certificate")
    valid = certificate["tbs_certificate"]["validity"]
    begins, ends = valid["not_before"].native, valid["not_after"].native
    if not begins <= datetime.now(VIETNAM) <= ends:
        raise UsageError(
            f"Chứng thư chỉ có hiệu lực từ {begins:%d/%m/%Y} đến {ends:%d/%m/%Y} / the certificate is not valid now"
        )
    if certificate.public_key.algorithm == "rsa" and certificate.public_key.bit_size < _WIDE:
        raise UsageError(f"Khóa RSA ngắn hơn {_WIDE} bit / the RSA key is too short")
    key = Key(signer, signed_by(certificate.subject.native), time_stamps)
    try:
        yield key
    finally:
        key.close()


def signed_by(subject: "dict[str, object]") -> SignedBy:
    """Name and body of a certificate's subject; of several units the first."""

    def one(name: str) -> str:
        value = subject.get(name, "")
        return str(value[0] if isinstance(value, list) and value else value or "")

    return SignedBy(one("common_name"), one("organization_name"))


def _box(writer: "IncrementalPdfFileWriter", before: int) -> tuple[int, int, int, int]:
    """Where the next mark stands on the first page."""
    first = writer.find_page_for_modification(0)[0].get_object()  # type: ignore[no-untyped-call]
    sides = first.get("/MediaBox") or writer.prev.root["/Pages"]["/MediaBox"]
    right, top = float(sides[2]) - RIGHT_POINTS, float(sides[3]) - TOP_POINTS
    wide, high = MARK_POINTS
    end = right - before * (wide + 6)
    return round(end - wide), round(top - high), round(end), round(top)
