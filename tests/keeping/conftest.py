"""One finished run of an invented province, and capsules of it, for all tests of this folder."""

from pathlib import Path

import pytest

from eligibility_audit.publish import read_csv
from eligibility_audit.use_cases.keeping.make_capsules import make_capsules
from eligibility_audit.use_cases.run_night import plainly
from tests.nights.invented import province

KEY = bytes(range(32))


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder."""
    place = tmp_path_factory.mktemp("keeping")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EA_HOME", str(place / "home"))
        patch.setenv("EA_WORKERS", "1")
        plan = province(place / "province", lines=6)
        assert plainly(str(plan), str(place / "run")) == "done"
    return place / "run"


@pytest.fixture(scope="session")
def capsules(run: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A capsule of a case of each programme: of one with a death, where there is such a case."""
    made = read_csv(run / "recommendations.csv")
    with_deaths = made["rule_ids"].str.contains("DEAD")
    chosen = made.assign(death=with_deaths).sort_values("death", ascending=False, kind="stable")
    wanted = chosen.drop_duplicates("programme")["case_id"].tolist()
    return make_capsules(run, tmp_path_factory.mktemp("capsules"), KEY, wanted)
