"""Two officers on one case at the same moment: the small version of `python -m benchmarks.review.races`."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from benchmarks.review.load import fill
from benchmarks.review.races import RIGHT, lost, race
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.office import Office

TIMES = 20


@pytest.mark.slow
def test_one_acts_and_the_other_is_told_and_loses_no_reason(tmp_path: Path, web_server: tuple[str, FastAPI]) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    fill(url, tmp_path, TIMES, 2)
    address, app = web_server
    app.state.office = Office(open_engine(url), tmp_path)
    assert race(address, TIMES) == {RIGHT: TIMES}
    assert lost(url, TIMES) == []
    app.state.office.close()
