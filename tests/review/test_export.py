"""A person's rights: all that is held of them; forgetting, after which the ledger still verifies."""

import json
import zipfile
from pathlib import Path

import pytest

from eligibility_audit.errors import UsageError
from eligibility_audit.store.rights import OF_A_CASE, cases_of
from eligibility_audit.use_cases.review.export_subject import export_subject
from tests.review.test_attachments import PDF, attach
from tests.review.test_judgements import PAPER, judge
from tests.web.conftest import Served, served

__all__ = ["served"]


def test_all_that_is_held_of_a_person_is_in_the_file(served: Served, tmp_path: Path) -> None:
    client = served.client("canbo")
    judge(client)
    attach(client, PDF)
    out = tmp_path / "person.zip"
    assert export_subject(served.office, "hh000001", out) == 7  # the invented cases share one national id
    assert out.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(out) as packed:
        held = json.loads(packed.read("c-1/data.json"))
        page = packed.read("c-1/index.html").decode()
        assert PDF in [packed.read(name) for name in packed.namelist() if "attachments" in name]
    assert set(OF_A_CASE) < set(held)
    assert held["judgements"][0]["evidence"] == PAPER
    assert [entry["act"] for entry in held["ledger"]] == ["open", "judge_pair", "attach"]
    assert PAPER in page


def test_a_script_in_what_is_held_is_text(served: Served, tmp_path: Path) -> None:
    export_subject(served.office, "c-7", tmp_path / "p.zip")
    with zipfile.ZipFile(tmp_path / "p.zip") as packed:
        assert "<script>" not in packed.read("c-7/index.html").decode()


def test_a_name_is_no_key_to_a_person(served: Served, tmp_path: Path) -> None:
    assert cases_of(served.office, "Người Thử 1") == []
    with pytest.raises(UsageError):
        export_subject(served.office, "Người Thử 1", tmp_path / "p.zip")
