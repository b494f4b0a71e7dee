"""The court bundle: an index, bút lục on every sheet, both sides of the evidence, law, acts, service, ledger, root."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from eligibility_audit.domain.review.complaints import Kind
from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError, UsageError
from eligibility_audit.publish.court_bundle import FONT, Bundle, Document, Table, bundle_pdf
from eligibility_audit.store import ledger
from eligibility_audit.store.along import record_notice_served
from eligibility_audit.store.complaints import Intake, enter
from eligibility_audit.store.tables import DocumentRow, LedgerRow, NoticeRow
from eligibility_audit.use_cases.review.court_bundle import court_bundle, write_court_bundle
from eligibility_audit.use_cases.review.letters import letter_of_case
from eligibility_audit.use_cases.review.take_step import take_step
from tests.review.test_attachments import PDF, attach
from tests.web.conftest import Served, dossier
from tests.web.test_attacks import word

REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"
LETTERS = "aáàảãạăắằẳẵặâấầẩẫậbcdđeéèẻẽẹêếềểễệghiíìỉĩịklmnoóòỏõọôốồổỗộơớờởỡợpqrstuúùủũụưứừửữựvxyýỳỷỹỵ"


@pytest.fixture
def worked(served: Served) -> Served:
    """c-1: asked, served with proof, answered, a scan and a letter on file, a complaint and a denunciation."""
    office, officer = served.office, served.actors["canbo"]
    take_step(office, officer, "c-1", Step.LOOK_UP, {"reason": REASON}, seq=0)
    asked = {"reason": REASON, "addressee": "người hưởng", "question": "giấy tờ gốc?", "due_on": "2021-03-31"}
    take_step(office, officer, "c-1", Step.ASK, asked, seq=1)
    with office.cases.reading() as connection:
        notice = str(connection.scalar(select(NoticeRow.notice_id)))
    record_notice_served(office, officer, "c-1", notice, date(2021, 3, 1), "post_receipt", "Biên nhận RR123")
    attach(served.client("canbo"), PDF)
    letter_of_case(office, officer, "c-1", "notice", {"contact": "phòng 1"})
    for kind, subject in ((Kind.REPORT, "Đề nghị xem lại mức hưởng"), (Kind.DENUNCIATION, "điều được giữ kín")):
        reporter = ("Người Báo Tin", "số 1") if kind == Kind.DENUNCIATION else None
        enter(
            office,
            officer,
            Intake(kind, subject, date(2021, 3, 1), date(2021, 3, 1), "direct", "c-1", reporter=reporter),
        )
    with office.cases.writing() as connection:
        ledger.seal(connection, office.clock())
    return served


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_everything_that_a_court_asks_for_is_in_it(worked: Served) -> None:
    made = court_bundle(worked.office, worked.actors["canbo"], "c-1")
    reader = PdfReader(io.BytesIO(made.pdf))
    said = " ".join(text_of(made.pdf).split())
    for number in range(1, made.documents + 1):
        assert f"Tài liệu số {number}." in said
    for n, page in enumerate(reader.pages, 1):
        assert f"BL {n:03}" in page.extract_text(), "every sheet has its bút lục"
    with worked.office.cases.reading() as connection:
        head = connection.scalars(
            select(LedgerRow.hash).where(LedgerRow.chain == "c-1", LedgerRow.act == "make_letter")
        ).one()
    for told in (
        *("MỤC LỤC", "034048000001", "Sổ khai tử số 9/2020", "Điều 32 Luật Hộ tịch", REASON, "Người canbo"),
        *("Biên nhận RR123", "biên nhận bưu điện", "01/03/2021", "Đề nghị xem lại mức hưởng", "Mốc chốt số 1"),
        *("chuỗi nguyên vẹn", "không phải là khoản nợ", "có lợi cho người hưởng", "Trích sổ ghi"),
    ):
        assert told in said, told
    assert head in said.replace(" ", "")
    assert "điều được giữ kín" not in said
    assert "Người Báo Tin" not in said


def test_the_law_is_that_of_the_day_of_the_run(served: Served) -> None:
    """The run is of 2020 and the case was opened later: a provision of 2022 is not the law of the day."""
    first = dossier(30)
    dated = replace(first, frozen={**first.frozen, "as_of": "2020-12-31"})
    served.office.cases.attach("run-9", [dated, dossier(31)], served.office.clock())
    said = " ".join(text_of(court_bundle(served.office, served.actors["kyten"], "c-30").pdf).split())
    assert "có hiệu lực ngày xét" in said
    assert "131/2021" not in said
    undated = " ".join(text_of(court_bundle(served.office, served.actors["kyten"], "c-31").pdf).split())
    assert "có hiệu lực ngày xét" not in undated, "a day that nobody wrote down is not guessed"


def test_the_index_names_the_sheets_of_each_document(worked: Served) -> None:
    made = court_bundle(worked.office, worked.actors["canbo"], "c-1")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made.pdf)).pages]
    for number in range(1, made.documents + 1):
        begins = next(n for n, text in enumerate(pages, 1) if f"Tài liệu số {number}." in text)
        assert re.search(rf"\n{begins:03}(–\d{{3}})?\n|{begins:03}", pages[0]), number


def test_files_go_along_and_their_hashes_stand_in_the_index(worked: Served) -> None:
    made = court_bundle(worked.office, worked.actors["canbo"], "c-1")
    bare = text_of(made.pdf).replace("\n", "").replace(" ", "")
    with zipfile.ZipFile(io.BytesIO(made.attachments)) as packed:
        names = packed.namelist()
        assert sorted(name.rsplit(".")[-1] for name in names) == ["docx", "pdf"]
        assert PDF in [packed.read(name) for name in names]
    with worked.office.cases.reading() as connection:
        for digest in connection.scalars(select(DocumentRow.sha256).where(DocumentRow.sha256.is_not(None))):
            assert digest in bare


def test_a_file_that_is_gone_is_said(worked: Served) -> None:
    with worked.office.cases.reading() as connection:
        digest = str(connection.scalar(select(DocumentRow.sha256).where(DocumentRow.kind == "letter_notice")))
    (worked.office.attachments / digest[:2] / digest).unlink()
    assert "TỆP KHÔNG CÒN" in text_of(court_bundle(worked.office, worked.actors["canbo"], "c-1").pdf)


def test_making_it_is_an_act_and_the_page_gives_it_to_those_who_may(worked: Served) -> None:
    client = worked.client("canbo")
    answer = client.post("/cases/c-1/court-bundle", data={"csrf": word(client)})
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.namelist() == ["ho-so.pdf", "attachments.zip"]
    assert client.post("/cases/c-6/court-bundle", data={"csrf": word(client)}).status_code == 422, "another district"
    viewer = worked.client("xem")
    assert viewer.post("/cases/c-1/court-bundle", data={"csrf": word(viewer)}).status_code == 422
    assert "court-bundle" not in viewer.get("/cases/c-1").text
    with worked.office.cases.reading() as connection:
        acts = connection.scalars(select(LedgerRow.act).where(LedgerRow.act == "court_bundle")).all()
        assert len(acts) == 1
        assert ledger.faults(connection) == []


def test_on_the_command_line_nothing_is_overwritten(worked: Served, tmp_path: Path) -> None:
    out = tmp_path / "c" / "c-1.pdf"
    write_court_bundle(worked.office, "c-1", out)
    assert out.stat().st_mode & 0o077 == 0
    assert out.with_suffix(".zip").exists()
    with pytest.raises(UsageError, match="đã có"):
        write_court_bundle(worked.office, "c-1", out)
    with pytest.raises(UsageError, match="Không có hồ sơ"):
        write_court_bundle(worked.office, "c-99", tmp_path / "other.pdf")


def test_text_is_text_whatever_it_looks_like_and_every_letter_has_a_glyph() -> None:
    nasty = '#panic("x") $ * _ ` <label> @ref \\ #sys.inputs'
    table = Table(("Chữ",), ((LETTERS + LETTERS.upper(),), (nasty,)), (1,))
    pdf = bundle_pdf(
        Bundle(
            "Sở", "HỒ SƠ", date(2021, 3, 1), (("a", "b"),), (Document("Bảng chữ", nasty, (table,)), Document("Trống"))
        )
    )
    reader = PdfReader(io.BytesIO(pdf))
    fonts = {str(f.get_object()["/BaseFont"]) for p in reader.pages for f in p["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert {FONT.replace(" ", "") in name for name in fonts} == {True}, fonts
    said = text_of(pdf).replace("\n", "").replace(" ", "")
    assert LETTERS in said
    assert LETTERS.upper() in said
    assert '#panic("x")' in said
    assert "Không có." in text_of(pdf)


def test_a_role_that_hands_nothing_over_is_refused(worked: Served) -> None:
    with pytest.raises(RefusedError):
        court_bundle(worked.office, worked.actors["xa"], "c-1")
