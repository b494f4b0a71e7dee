"""Scans on a case: what is taken, under which name, and what a browser may do with it."""

import hashlib
import re
from datetime import date

import httpx
import pytest
from sqlalchemy import select

from eligibility_audit.store.attachments import LARGEST, plain_name
from eligibility_audit.store.tables import DocumentRow, LedgerRow
from eligibility_audit.use_cases.review.missing_papers import missing_papers
from tests.review.test_judgements import word
from tests.web.conftest import Served, served

__all__ = ["served"]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 32


def attach(
    client: httpx.Client, content: bytes, name: str = "scan.pdf", case_id: str = "c-1", **form: str
) -> httpx.Response:
    said = {"csrf": word(client), "kind": "paper", "title": "Giấy ra viện", "number": "", **form}
    return client.post(f"/cases/{case_id}/attachments", data=said, files={"file": (name, content)})


def rows(served: Served) -> list[DocumentRow]:
    with served.office.cases.reading() as connection:
        return list(connection.execute(select(DocumentRow)).all())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        pytest.param(PDF, "application/pdf", id="pdf"),
        pytest.param(PNG, "image/png", id="png"),
        pytest.param(JPEG, "image/jpeg", id="jpeg"),
    ],
)
def test_a_scan_is_kept_by_its_hash_and_shown_as_what_it_is(served: Served, content: bytes, media_type: str) -> None:
    client = served.client("canbo")
    assert attach(client, content, "whatever.html").status_code == 303
    digest = hashlib.sha256(content).hexdigest()
    kept = served.office.attachments / digest[:2] / digest
    assert kept.read_bytes() == content
    assert kept.stat().st_mode & 0o077 == 0
    link = re.search(r'href="(/cases/c-1/attachments/[^"]+)"', client.get("/cases/c-1").text)
    assert link
    shown = client.get(link[1])
    assert (shown.content, shown.headers["content-type"]) == (content, media_type)
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "whatever" not in shown.headers["content-disposition"]
    with served.office.cases.reading() as connection:
        assert "attach" in set(connection.scalars(select(LedgerRow.act)))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(b"<script>alert(1)</script>", "scan.pdf", id="a page that calls itself pdf"),
        pytest.param(b"MZ\x90\0", "scan.png", id="a program"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "scan.svg", id="a drawing that may hold scripts"),
        pytest.param(b" %PDF-1.4", "scan.pdf", id="not at its beginning"),
        pytest.param(b"", "scan.pdf", id="empty"),
    ],
)
def test_what_is_no_scan_by_its_content_is_refused(served: Served, content: bytes, name: str) -> None:
    assert attach(served.client("canbo"), content, name).status_code == 422
    assert not rows(served)
    assert not [path for path in served.office.attachments.rglob("*") if len(path.name) == 64]


@pytest.mark.parametrize(
    ("size", "status"), [pytest.param(LARGEST, 303, id="the largest"), pytest.param(LARGEST + 1, 422, id="a byte more")]
)
def test_the_cap_on_size(served: Served, size: int, status: int) -> None:
    assert attach(served.client("canbo"), PDF + b"\0" * (size - len(PDF))).status_code == status


def test_a_body_beyond_all_measure_is_not_read(served: Served) -> None:
    assert attach(served.client("canbo"), PDF + b"\0" * (LARGEST + 2**20)).status_code == 413


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\hồ sơ\\giấy.pdf", "giấy.pdf"),
        ("/abs/lute.png", "lute.png"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("...", "?"),
        ("", "?"),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_name_is_text_and_no_path(name: str, shown: str) -> None:
    assert plain_name(name) == shown


@pytest.mark.parametrize("name", ["../../../outside.pdf", "..\\..\\outside.pdf", "<script>alert(1)</script>.pdf"])
def test_tricks_in_a_name_write_nowhere_else(served: Served, name: str) -> None:
    client = served.client("canbo")
    before = {path for path in served.office.attachments.rglob("*") if not path.name.startswith("store")}
    assert attach(client, PDF, name).status_code == 303
    after = {path for path in served.office.attachments.rglob("*") if not path.name.startswith("store")}
    digest = hashlib.sha256(PDF).hexdigest()
    assert {path.name for path in after - before} == {digest[:2], digest}
    assert "<script>alert" not in client.get("/cases/c-1").text


def test_a_scan_of_another_district_is_not_there(served: Served) -> None:
    whole = served.client("kiemtra")
    assert attach(whole, PDF, case_id="c-6").status_code == 303
    document = rows(served)[0].document_id
    assert whole.get(f"/cases/c-6/attachments/{document}").status_code == 200
    client = served.client("canbo")
    assert attach(client, PDF, case_id="c-6").status_code == 422
    for path in (
        f"/cases/c-6/attachments/{document}",
        f"/cases/c-1/attachments/{document}",
        "/cases/c-1/attachments/d-none",
    ):
        assert client.get(path).status_code == 404


def test_a_scan_that_was_changed_on_the_disk_is_not_shown(served: Served) -> None:
    client = served.client("canbo")
    attach(client, PDF)
    row = rows(served)[0]
    (served.office.attachments / row.sha256[:2] / row.sha256).write_bytes(PDF + b"more")  # type: ignore[index]
    assert client.get(f"/cases/c-1/attachments/{row.document_id}").status_code == 422


def test_who_only_looks_attaches_nothing(served: Served) -> None:
    assert attach(served.client("xem"), PDF).status_code == 422


def test_a_paper_that_is_missing_is_an_empty_slot() -> None:
    late = {"rule_id": "AO_PAPER_LATE", "reason_vi": "Giấy tờ lập sau ngày quy định."}
    dead = {"rule_id": "AO_DEAD_FUZZY", "reason_vi": "Trùng họ tên trong sổ khai tử."}
    slots = missing_papers("agent_orange", [dead, late], date(2020, 12, 31))
    assert [slot.vi for slot in slots] == ["Giấy tờ lập sau ngày quy định."]
    assert slots[0].ask
