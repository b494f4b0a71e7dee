"""What we export, opened by the programs that an office opens it with."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.publish import Batch, write_braked, write_lists
from eligibility_audit.publish.list_files import parts, write_part

from .invented import recommendations

pytestmark = pytest.mark.slow


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: {package})")
    return found


def test_libreoffice_prints_lists_and_slips_with_every_person_and_the_foot(tmp_path: Path) -> None:
    soffice, pdftotext = program("soffice", "libreoffice-calc"), program("pdftotext", "poppler-utils")
    made, batch = recommendations(), Batch("Rà soát thử", date(2020, 12, 31), "0123456789ab")
    (book,) = write_lists(tmp_path, made, batch)
    papers = [write_part(part, tmp_path) for part in parts(made, batch, ("docx",), slips=True)]
    verify, its_slips = (path for path in papers if path.stem in ("can-xac-minh", "phieu-can-xac-minh"))
    printed = tmp_path / "printed"
    convert = [soffice, f"-env:UserInstallation=file://{tmp_path / 'office'}", "--headless", "--convert-to", "pdf"]
    files = [str(path) for path in (book, verify, its_slips)]
    subprocess.run([*convert, "--outdir", str(printed), *files], check=True, capture_output=True, timeout=240)
    for path, numbers in ((book, made["dossier_no"].dropna()), (verify, ["HH-0001"]), (its_slips, ["HH-0001"])):
        command = [pdftotext, "-layout", str(printed / f"{path.stem}.pdf"), "-"]
        text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
        assert FOOT_VI in text
        assert [number for number in numbers if number not in text] == []


def test_a_browser_shows_the_page_without_a_network(tmp_path: Path) -> None:
    chromium = program("chromium", "chromium")
    page = write_braked(tmp_path, ["Quá nhiều dòng không đọc được. / Too many rejects."], plan_name="Rà soát thử")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]
    command = [chromium, *options, *quiet, f"--user-data-dir={tmp_path / 'browser'}", "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    assert "Quá nhiều dòng không đọc được" in shown
    assert "http://" not in shown.replace("http://www.w3.org", "")
    assert "https://" not in shown
