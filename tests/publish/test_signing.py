"""Signed lists: who signed stands on the page, outside readers agree, and one changed byte is named, offline."""

import asyncio
import io
import random
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader

from eligibility_audit.errors import EligibilityAuditError, IntegrityError, RefusedError, UsageError
from eligibility_audit.publish import Batch, write_interchange, write_lists
from eligibility_audit.publish.held import machine_file, of_machine_file, of_table, of_workbook, page_fault
from eligibility_audit.publish.list_files import parts, write_part
from eligibility_audit.publish.signed import roots_of, signatures
from eligibility_audit.publish.signing import Token, key_of_file, mark
from eligibility_audit.use_cases.sign_files import Asked, pdfs, secret_of, sign_files
from eligibility_audit.use_cases.verify_document import Against, verify_document

from .invented import SUSPEND, UP, VERIFY, Row, recommendations
from .keys import BODY, NAME, PASSPHRASE, make_keys

ROOT = "5e" * 32
BATCH = Batch("Rà soát thử", date(2020, 12, 31), "0123456789ab", root=ROOT)
ROWS: tuple[Row, ...] = tuple({**VERIFY, "dossier_no": f"HH-{n:04}"} for n in range(5))
MADE = recommendations(ROWS)
LABEL, PIN = "thu", "1234"
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys, a list as PDF (`list.pdf`), as workbook and as table, and the PDF signed (`signed/list.pdf`)."""
    made = tmp_path_factory.mktemp("signing")
    make_keys(made)
    (part,) = parts(MADE, BATCH, ("pdf",))
    write_part(part, made).rename(made / "list.pdf")
    write_lists(made, MADE, BATCH)
    write_interchange(MADE, made / "table.csv")
    list(sign_files(Asked((made / "list.pdf",), made / "signed", reason="Trình ký"), made / "key.p12", PASSPHRASE))
    return made


def outside(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def trusting(folder: Path) -> Against:
    return Against(trust=(folder / "root.pem",))


def named(path: Path, against: Against | None = None) -> str:
    with pytest.raises(IntegrityError) as told:
        verify_document(path, against or Against())
    return str(told.value)


# -- who signed --------------------------------------------------------------------------------------------------------


def test_it_signs_and_reads_where_an_event_loop_runs(folder: Path) -> None:
    async def in_a_server() -> bool:
        list(sign_files(Asked((folder / "list.pdf",), folder / "in_a_server"), folder / "key.p12", PASSPHRASE))
        (one,) = signatures((folder / "in_a_server" / "list.pdf").read_bytes(), None)
        return one.is_intact

    with ThreadPoolExecutor(1) as threads:  # the tests' browser has a loop in this one
        assert threads.submit(lambda: asyncio.run(in_a_server())).result()


def test_a_signature_says_who_which_body_and_when_and_leads_to_the_root(folder: Path) -> None:
    (one,) = signatures((folder / "signed" / "list.pdf").read_bytes(), roots_of([folder / "root.pem"]))
    assert (one.by.name, one.by.organisation) == (NAME, BODY)
    assert one.is_intact
    assert one.is_trusted
    assert one.covers_all
    assert one.at is not None
    assert abs((datetime.now(UTC) - one.at).total_seconds()) < 120
    assert not one.stamped, "a time stamp only where an authority was named"
    told = verify_document(folder / "signed" / "list.pdf", trusting(folder))
    assert NAME in told
    assert "chứng thư dẫn tới gốc tin cậy" in told
    assert "Trang in đúng từng byte" in told


def test_the_mark_is_seen_on_the_first_page_above_what_is_printed(folder: Path) -> None:
    page = PdfReader(folder / "signed" / "list.pdf").pages[0]
    (annotation,) = [each.get_object() for each in page["/Annots"]]
    left, low, right, high = map(float, annotation["/Rect"])
    assert page.mediabox.top - 51 <= low < high <= page.mediabox.top, "inside the upper margin of 18 mm"
    assert 0 < left < right < page.mediabox.right
    said = "".join(PdfReader(io.BytesIO(mark_of(folder))).pages[0].extract_text().split())
    for words in ("Ký số bởi", NAME, BODY, "2026-11-22 17:00:05+07:00"):
        assert "".join(words.split()) in said


def mark_of(folder: Path) -> bytes:
    with key_of_file(folder / "key.p12", PASSPHRASE) as key:
        return mark(key.signed_by, "2026-11-22 17:00:05+07:00")


def test_outside_readers_agree(folder: Path) -> None:
    signed = str(folder / "signed" / "list.pdf")
    told = outside("pdfsig", "-nocert", signed)
    assert "Signature is Valid" in told
    assert "ETSI.CAdES.detached" in told
    assert "Total document signed" in told
    assert "No syntax or stream encoding errors" in outside("qpdf", "--check", signed)


def test_a_second_signer_stands_beside_the_first_and_both_hold(folder: Path, tmp_path: Path) -> None:
    asked = Asked((folder / "signed" / "list.pdf",), tmp_path)
    (twice,) = sign_files(asked, folder / "key.p12", PASSPHRASE)
    first, second = signatures(twice.read_bytes(), roots_of([folder / "root.pem"]))
    assert first.fault == second.fault == ""
    assert (first.covers_all, second.covers_all) == (False, True)
    boxes = [each.get_object()["/Rect"] for each in PdfReader(twice).pages[0]["/Annots"]]
    assert float(boxes[1][2]) <= float(boxes[0][0])
    verify_document(twice, trusting(folder))


def test_many_files_are_signed_with_one_opening_of_the_key(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from eligibility_audit.use_cases import sign_files as module

    opened: list[Path] = []

    def counted(path: Path, secret: str, address: str) -> object:
        opened.append(path)
        return key_of_file(path, secret, address)

    monkeypatch.setattr(module, "key_of_file", counted)
    source = tmp_path / "lists"
    source.mkdir()
    for n in range(5):
        shutil.copy(folder / "list.pdf", source / f"{n}.pdf")
    made = list(sign_files(Asked(pdfs([source]), tmp_path / "out"), folder / "key.p12", PASSPHRASE))
    assert [path.name for path in made] == [f"{n}.pdf" for n in range(5)]
    assert len(opened) == 1
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "secret", "said"),
    [
        pytest.param("key.p12", "sai", "mật khẩu sai", id="a wrong passphrase"),
        pytest.param("root.pem", PASSPHRASE, "không phải PKCS#12", id="no key file"),
        pytest.param("expired.p12", PASSPHRASE, "chỉ có hiệu lực", id="an expired certificate"),
        pytest.param("nowhere.p12", PASSPHRASE, "không đọc được", id="no such file"),
    ],
)
def test_a_key_that_cannot_sign_is_said_in_a_sentence(
    folder: Path, tmp_path: Path, name: str, secret: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        list(sign_files(Asked((folder / "list.pdf",), tmp_path / "out"), folder / name, secret))


def test_a_list_of_acts_is_signed_once_a_legal_officer_is_named(folder: Path, tmp_path: Path) -> None:
    (suspend,) = [write_part(part, tmp_path) for part in parts(recommendations([SUSPEND]), BATCH, ("pdf",))]
    with pytest.raises(RefusedError, match="chưa được xác nhận"):
        list(sign_files(Asked((suspend,), tmp_path / "out"), folder / "key.p12", PASSPHRASE))
    asked = Asked((suspend,), tmp_path / "out", law_confirmed_by="Lê Văn Pháp Chế")
    (signed,) = sign_files(asked, folder / "key.p12", PASSPHRASE)
    assert "Lê Văn Pháp Chế" in str(PdfReader(signed).get_fields()["KySo1"]["/V"]["/Reason"])
    assert recommendations([UP])["law_mark"].eq("confirmed").all()


def test_no_signed_file_is_written_over_and_no_passphrase_file_is_open_to_others(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="đã có"):
        list(sign_files(Asked((folder / "list.pdf",), folder / "signed"), folder / "key.p12", PASSPHRASE))
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    secret.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        secret_of(secret)
    secret.chmod(0o600)
    assert secret_of(secret) == PASSPHRASE


# -- what was changed is named -----------------------------------------------------------------------------------------


def flipped(source: Path, at: int, target: Path) -> Path:
    content = bytearray(source.read_bytes())
    content[at] ^= 0x01
    target.write_bytes(content)
    return target


@pytest.mark.parametrize("name", ["list.pdf", "signed/list.pdf"])
def test_one_flipped_byte_of_a_pdf_is_named_wherever_it_is(folder: Path, tmp_path: Path, name: str) -> None:
    source = folder / name
    size = source.stat().st_size
    places = {20, size // 2, size - 30, *random.Random(7).sample(range(size), 5)}  # in a key's padding, too
    kept = []
    for at in sorted(places):
        try:
            verify_document(flipped(source, at, tmp_path / "flipped.pdf"), Against())
        except IntegrityError:
            continue
        kept.append(at)
    assert kept == []


def test_a_list_without_a_signature_says_so_and_with_trust_it_does_not_pass(folder: Path) -> None:
    assert "CHƯA KÝ SỐ" in verify_document(folder / "list.pdf", Against())
    assert "Chưa có chữ ký số nào" in named(folder / "list.pdf", trusting(folder))


def test_a_signature_under_another_root_is_not_trusted(folder: Path) -> None:
    assert "không dẫn tới gốc" in named(folder / "signed" / "list.pdf", Against(trust=(folder / "other-root.pem",)))


def test_what_was_added_behind_the_signature_is_named(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.pdf"
    path.write_bytes((folder / "signed" / "list.pdf").read_bytes() + b"\n% more\n")
    assert "thêm" in named(path) or "changed" in named(path)


def test_pages_put_over_those_that_were_printed_are_named_before_and_after_a_signature(
    folder: Path, tmp_path: Path
) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO((folder / "list.pdf").read_bytes()))
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Contents"] = writer.add_object(StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    path = tmp_path / "list.pdf"
    with path.open("wb") as out:
        writer.write(out)
    assert "được thêm ngoài chữ ký" in named(path)
    list(sign_files(Asked((path,), tmp_path / "signed"), folder / "key.p12", PASSPHRASE))
    assert "được thêm ngoài chữ ký" in named(tmp_path / "signed" / "list.pdf", trusting(folder))


@pytest.mark.parametrize("damaged", ['"rows":[{"c":[[["plain"]]]}],"other"', '"rows":[{"h":"other","t":""}],"other"'])
def test_machine_content_that_cannot_be_printed_is_a_sentence(folder: Path, damaged: str) -> None:
    pdf = (folder / "list.pdf").read_bytes()
    content = str(machine_file(pdf)).replace('"rows"', damaged, 1)
    assert "không in lại được" in str(page_fault(pdf, content))


def test_the_first_changed_line_is_named_by_number_and_id_never_by_name(folder: Path) -> None:
    content = machine_file((folder / "list.pdf").read_bytes())
    assert content is not None
    held = of_machine_file(content)
    assert (held.faults(), held.persons, held.root) == ([], 5, ROOT)
    (fault,) = of_machine_file(content.replace("HH-0002", "HH-9992")).faults()
    assert "dòng 3 (mã m-00000000000000000002)" in fault
    assert "Nguyễn" not in fault
    taken = replace(held, lines=held.lines[:-1])
    assert "tổng ghi 5 người nhưng có 4 dòng" in taken.faults()[0]
    moved = replace(held, lines=(*held.lines[1:], held.lines[0]))
    assert "mã kiểm tra danh sách không khớp" in moved.faults()[0]
    pages = page_fault((folder / "list.pdf").read_bytes(), content.replace("HH-0002", "HH-9992"))
    assert pages
    assert "byte thứ" in pages


def test_a_workbook_names_its_first_changed_line_and_a_damaged_one_its_part(folder: Path, tmp_path: Path) -> None:
    (path,) = folder.glob("*.xlsx")
    assert [held.faults() for held in of_workbook(path)] == [[]]
    assert of_workbook(path)[0].digest == of_table(MADE, BATCH)[0].digest
    assert "5 dòng" in verify_document(path, Against(list_file=folder / "signed" / "list.pdf"))
    book = load_workbook(path, rich_text=True)
    sheet = book["Cần xác minh"]
    (row,) = [row for row in sheet.iter_rows(max_col=9) if "HH-0003" in str(row[1].value)]
    row[8].value = "đã xem"
    book.save(tmp_path / "note.xlsx")
    verify_document(tmp_path / "note.xlsx", Against())
    book = load_workbook(tmp_path / "note.xlsx", rich_text=True)
    next(row for row in book["Cần xác minh"].iter_rows() if "HH-0003" in str(row[1].value))[3].value = "Xã Khác"
    book.save(tmp_path / "other.xlsx")
    assert "dòng 4 (mã m-00000000000000000003)" in named(tmp_path / "other.xlsx")
    for at in random.Random(3).sample(range(200, path.stat().st_size // 2), 3):
        assert "hỏng" in named(flipped(path, at, tmp_path / "flipped.xlsx"))


def test_a_table_is_held_against_a_signed_list(folder: Path, tmp_path: Path) -> None:
    signed = Against(list_file=folder / "signed" / "list.pdf")
    assert "5 dòng khớp" in verify_document(folder / "table.csv", signed)
    changed = tmp_path / "table.csv"
    text = (folder / "table.csv").read_text(encoding="utf-8-sig")
    changed.write_text(text.replace("HH-0001", "HH-00010"), encoding="utf-8-sig")
    assert "dòng 2 (mã m-00000000000000000001)" in named(changed, signed)
    none = recommendations([UP])
    write_interchange(none, changed)
    assert "không có trong table.csv" in named(changed, signed), "all lines of the list are gone"
    with pytest.raises(UsageError, match="--against"):
        verify_document(folder / "table.csv", Against())


def test_a_table_of_all_places_is_held_against_the_list_of_one(folder: Path, tmp_path: Path) -> None:
    whole = recommendations([*ROWS, {**VERIFY, "dossier_no": "HH-0009", "commune": "Xã Khác Giả"}])
    write_interchange(whole, tmp_path / "table.csv")
    (part,) = parts(MADE, replace(BATCH, place="Xã An"), ("pdf",))
    assert "5 dòng khớp" in verify_document(tmp_path / "table.csv", Against(list_file=write_part(part, tmp_path)))


@pytest.mark.parametrize(
    ("against", "said"),
    [
        pytest.param(Against(root="6e" * 32), "không phải mốc đã lưu", id="not the root that was kept"),
        pytest.param(Against(is_root=lambda _: False), "không có trong sổ của cơ quan", id="not in the ledger"),
    ],
)
def test_a_root_that_is_not_the_ledgers_is_named(folder: Path, against: Against, said: str) -> None:
    assert said in named(folder / "signed" / "list.pdf", against)


def test_the_root_that_was_kept_agrees(folder: Path) -> None:
    assert "khớp / agrees" in verify_document(
        folder / "list.pdf", Against(root=ROOT, is_root=lambda root: root == ROOT)
    )


# -- a token -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def token(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Token:
    """A token of SoftHSM that holds the official's key and certificate."""
    if not SOFTHSM.is_file() or shutil.which("softhsm2-util") is None:
        pytest.skip("softhsm2 is not installed (Debian: softhsm2)")
    import pkcs11  # a C library: only where there is a token
    from pkcs11.util.x509 import decode_x509_certificate

    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n", encoding="utf-8")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    label = ("--label", "thu")
    outside("softhsm2-util", "--init-token", "--free", *label, "--so-pin", "4321", "--pin", "1234")
    outside(
        "softhsm2-util", "--import", str(folder / "key.pem"), "--token", "thu", *label, "--id", "01", "--pin", "1234"
    )
    library = pkcs11.lib(str(SOFTHSM))
    library.reinitialize()
    with library.get_token(token_label=LABEL).open(user_pin=PIN, rw=True) as session:
        known = decode_x509_certificate((folder / "certificate.der").read_bytes())
        known |= {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: "thu", pkcs11.Attribute.ID: b"\x01"}
        session.create_object(known)
    return Token(SOFTHSM, "thu", "thu")


def test_a_token_signs_as_a_file_does(folder: Path, tmp_path: Path, token: Token) -> None:
    (made,) = sign_files(Asked((folder / "list.pdf",), tmp_path / "out"), token, "1234")
    verify_document(made, trusting(folder))
    with pytest.raises(EligibilityAuditError, match="Thiết bị ký"):
        list(sign_files(Asked((folder / "list.pdf",), tmp_path / "again"), token, "9999"))
