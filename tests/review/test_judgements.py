"""Judgements on pairs: by their button, with evidence and a reason; remembered, and heeded by the next run."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pandas as pd
import pytest
from sqlalchemy import select

from eligibility_audit import quality
from eligibility_audit.domain.review.people import Role
from eligibility_audit.linkage.judgements import check_judgements
from eligibility_audit.store.accounts import add_account
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.judgements import judged_of_case, judgements_for_run
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import DocumentRow, JudgementRow, LedgerRow
from eligibility_audit.use_cases import run_audit
from eligibility_audit.use_cases.invent_province import invent_province
from eligibility_audit.use_cases.judgements_asked import repointed
from eligibility_audit.use_cases.review.judge_pair import judge_pair
from eligibility_audit.use_cases.review.open_cases import open_cases
from tests.unasked import nothing_asked
from tests.web.conftest import PASSWORD, Served, dossier, served

__all__ = ["served"]
REASON = "đã đối chiếu sổ gốc: cha mẹ khác nhau"
PAPER = "Sổ hộ khẩu số 12"


def word(client: httpx.Client) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found
    return found[1]


def judge(client: httpx.Client, case_id: str = "c-1", **form: str) -> httpx.Response:
    said = {"other": "r-x", "judgement": "no_match", "evidence": PAPER, "reason": REASON}
    return client.post(f"/cases/{case_id}/judgements", data={"csrf": word(client), **said, **form})


def test_a_judgement_is_shown_with_who_when_and_on_what(served: Served) -> None:
    client = served.client("canbo")
    assert judge(client).status_code == 303
    text = client.get("/cases/c-1").text
    for told in ("không phải một người", "Người canbo", "01/03/2021", PAPER, REASON, "đang có hiệu lực"):
        assert told in text
    with served.office.cases.reading() as connection:
        assert "judge_pair" in set(connection.scalars(select(LedgerRow.act)))


def test_no_answer_is_chosen_beforehand(served: Served) -> None:
    form = re.search(
        r'<form method="post" action="/cases/c-1/judgements">.*?</form>',
        served.client("canbo").get("/cases/c-1").text,
        re.S,
    )
    assert form
    assert form[0].count('type="radio"') == 3
    assert "checked" not in form[0]


@pytest.mark.parametrize(
    ("login", "form", "status"),
    [
        pytest.param("canbo", {"judgement": ""}, 422, id="nothing chosen"),
        pytest.param("canbo", {"judgement": "maybe"}, 422, id="none of the three"),
        pytest.param("canbo", {"evidence": " "}, 422, id="no evidence"),
        pytest.param("canbo", {"judgement": "unsure", "evidence": ""}, 303, id="unsure needs none"),
        pytest.param("canbo", {"reason": "vì thế"}, 422, id="no reason"),
        pytest.param("canbo", {"other": "r-elsewhere"}, 422, id="a line that the dossier does not show"),
        pytest.param("canbo", {"expires_on": "2021-02-28"}, 422, id="its last day is over"),
        pytest.param("canbo", {"expires_on": "someday"}, 422, id="not a day"),
        pytest.param("xa", {}, 303, id="the commune's officer judges"),
        pytest.param("xem", {}, 422, id="who only looks does not"),
        pytest.param("kiemtra", {}, 422, id="who checks does not"),
    ],
)
def test_what_is_refused(served: Served, login: str, form: dict[str, str], status: int) -> None:
    assert judge(served.client(login), **form).status_code == status
    with served.office.cases.reading() as connection:
        assert len(connection.execute(select(JudgementRow)).all()) == (status == 303)


def test_a_case_of_another_district_is_not_judged(served: Served) -> None:
    assert judge(served.client("canbo"), "c-6").status_code == 422
    with served.office.cases.reading() as connection:
        assert not connection.execute(select(JudgementRow)).all()


def test_the_newest_judgement_of_a_pair_holds(served: Served) -> None:
    client = served.client("canbo")
    judge(client, judgement="match")
    judge(client, judgement="no_match")
    assert judgements_for_run(served.office)["judgement"].tolist() == ["no_match"]
    judge(client, judgement="unsure")
    assert judgements_for_run(served.office)["judgement"].tolist() == ["unsure"]
    assert judged_of_case(served.office, "c-1").pairs["r-x"].stands == "unsure"


def test_the_last_day_counts_and_the_day_after_it_is_over(served: Served) -> None:
    judge(served.client("canbo"), expires_on="2021-03-02")
    served.clock.pass_days(1)
    assert len(judgements_for_run(served.office)) == 1
    assert judged_of_case(served.office, "c-1").pairs["r-x"].stands == "binds"
    served.clock.pass_days(1)
    assert judgements_for_run(served.office).empty
    assert judged_of_case(served.office, "c-1").pairs["r-x"].stands == "expired"


def test_matches_in_a_chain_that_end_apart_are_told(served: Served) -> None:
    """1 = x, 2 = x, and 1 ≠ 2 cannot all be."""
    one, two = dossier(8, record_id="r-1"), dossier(9, record_id="r-2")
    with_two = {**dict(one.frozen), "record": {"record_id": "r-1", "name": "A"}}
    with_two["others"] = [*with_two["others"], {**with_two["others"][0], "other": "r-2"}]
    of_two = {**dict(two.frozen), "record": {"record_id": "r-2", "name": "B"}}
    served.office.cases.attach("run-2", [replace(one, frozen=with_two), replace(two, frozen=of_two)], served.clock())
    client = served.client("canbo")
    judge(client, "c-8", judgement="match")
    judge(client, "c-9", judgement="match")
    assert not judged_of_case(served.office, "c-8").conflicts
    judge(client, "c-8", other="r-2", judgement="no_match")
    assert len(judged_of_case(served.office, "c-8").conflicts) == 1
    assert "mâu thuẫn" in client.get("/cases/c-9").text


def test_found_alive_by_the_commune_binds_against_every_register_line(served: Served) -> None:
    client = served.client("xa")
    form = {"csrf": word(client), "document": "Biên bản 05/BB-UBND ngày 01/03/2021", "reason": REASON}
    assert client.post("/cases/c-1/alive", data=form).status_code == 303
    table = judgements_for_run(served.office)
    assert table["judgement"].tolist() == ["no_match"]
    text = client.get("/cases/c-1").text
    assert "còn sống: Biên bản 05/BB-UBND" in text
    with served.office.cases.reading() as connection:
        assert connection.scalars(select(DocumentRow.kind)).all() == ["alive"]
        assert "confirm_alive" in set(connection.scalars(select(LedgerRow.act)))


def test_what_a_run_is_given_holds_no_name(served: Served) -> None:
    judge(served.client("canbo"))
    table = judgements_for_run(served.office, b"k" * 32)
    check_judgements(table)
    text = table.to_csv()
    assert not [word for word in ("Người", "034048", "Sổ hộ khẩu", REASON) if word in text]


def test_a_line_with_another_id_and_the_same_facts_is_the_same_line() -> None:
    facts = {"kind": "deaths", "name": "Trần Thị Thử", "date_of_birth": "1950", "commune": "Xã A"}
    empty = dict.fromkeys(("alias", "sex", "national_id", "district", "home_place", "dossier_no"))
    people = pd.DataFrame(
        [{"record_id": "r-new", **facts, **empty}, {"record_id": "r-b", **facts, **empty, "name": "B"}]
    )
    from eligibility_audit.store.judgements import facts_of, fingerprint

    told = pd.DataFrame(
        {"left": ["r-b"], "right": ["r-old"], "left_facts": ["?"], "right_facts": [fingerprint(facts_of(facts), b"k")]}
    )
    found = repointed(told.astype("string[pyarrow]"), people, b"k")
    assert found is not None
    assert (found["left"].tolist(), found["right"].tolist()) == (["r-b"], ["r-new"])
    twice = repointed(
        told.astype("string[pyarrow]"), pd.concat([people, people.assign(record_id=["r-c", "r-d"])]), b"k"
    )
    assert twice is not None
    assert twice["right"].tolist() == ["r-old"]  # two such lines: nobody guesses which


def audit(plan: Path, out: Path) -> None:
    with run_audit.opened(plan, out) as run:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda n: run_audit.read_source(str(out), n), range(run.source_count)))
        run_audit.gather(str(out))
        assert run_audit.validate(str(out))
        run_audit.link(str(out))
        run_audit.assess(str(out))
        assert run_audit.recommend_(str(out))
        run_audit.publish_(str(out))


@pytest.mark.slow
def test_a_settled_pair_does_not_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit, a judgement on its page, another audit: the pair is gone, and so is the question that it led to."""
    monkeypatch.setenv("EA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("EA_STORE_URL", f"sqlite:///{tmp_path / 'home' / 'store.sqlite'}")
    monkeypatch.setenv("EA_JUDGEMENTS_FROM_STORE", "1")
    monkeypatch.setattr(quality, "validate_kind", nothing_asked)
    invent_province(persons=1_500, seed=31, out=tmp_path / "invented")
    plan = tmp_path / "invented" / "province" / "audit.yaml"
    audit(plan, tmp_path / "first")
    office = Office(open_engine(f"sqlite:///{tmp_path / 'home' / 'store.sqlite'}"), tmp_path)
    open_cases(office, tmp_path / "first")
    lan = add_account(office, login="lan", name="Lan", role=Role.OFFICER, unit="Phòng", password=PASSWORD)
    findings = pd.read_csv(tmp_path / "first" / "findings.csv", dtype=str)
    links = pd.read_csv(tmp_path / "first" / "links.csv", dtype=str)
    dead = findings[
        findings["rule_id"].str.contains("_DEAD_FUZZY") & findings["record_id"].isin(links["left_record_id"])
    ]
    chosen = dead.iloc[0]
    pairs = links[
        (links["left_record_id"] == chosen["record_id"]) & links["right_file"].str.contains("death|tu", case=False)
    ]
    for other in pairs["right_record_id"]:
        judge_pair(office, lan, chosen["case_id"], other, "no_match", evidence=PAPER, reason=REASON)
    audit(plan, tmp_path / "second")
    again = pd.read_csv(tmp_path / "second" / "links.csv", dtype=str)
    left = again[
        (again["left_record_id"] == chosen["record_id"]) & again["right_record_id"].isin(pairs["right_record_id"])
    ]
    assert len(pairs)
    assert left.empty
    later = pd.read_csv(tmp_path / "second" / "findings.csv", dtype=str)
    assert later[(later["record_id"] == chosen["record_id"]) & later["rule_id"].str.contains("_DEAD_")].empty
    assert open_cases(office, tmp_path / "second").opened == 0
    office.close()
