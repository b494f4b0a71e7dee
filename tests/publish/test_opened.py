"""What we export, opened by the programs that an office opens it with."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.publish import Batch, write_braked, write_lists

from .invented import recommendations

pytestmark = pytest.mark.slow


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: {package})")
    return found


def test_libreoffice_prints_the_lists_with_every_person_and_the_foot(tmp_path: Path) -> None:
    soffice, pdftotext = program("soffice", "libreoffice-calc"), program("pdftotext", "poppler-utils")
    made = recommendations()
    (path,) = write_lists(tmp_path, made, Batch("Rà soát thử", date(2020, 12, 31), "0123456789ab"))
    own = f"-env:UserInstallation=file://{tmp_path / 'office'}"
    convert = [soffice, own, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(convert, check=True, capture_output=True, timeout=240)
    command = [pdftotext, "-layout", str(path.with_suffix(".pdf")), "-"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    assert FOOT_VI in printed
    assert [d for d in made["dossier_no"].dropna() if d not in printed] == []


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
