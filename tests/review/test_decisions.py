"""Earlier decisions: history bound by number, then by identity; ambiguous ones listed; no act comes in by an import."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DatabaseError

from eligibility_audit.errors import InputError, RefusedError, UsageError
from eligibility_audit.linkage import Model
from eligibility_audit.store import ledger
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.earlier_decisions import decisions_of
from eligibility_audit.store.file_tables import DecisionBindingRow, EarlierDecisionRow
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import CaseRow, LedgerRow, StepRow
from eligibility_audit.use_cases.review.import_decisions import Imported, bind_earlier, import_decisions
from tests.store.invented import CHECKER, NOW, OFFICER, add_accounts
from tests.store.test_reattach import line, model, person
from tests.web.conftest import Served
from tests.web.test_attacks import word

__all__ = ["model"]
HEAD = "Số quyết định,Ngày quyết định,Cơ quan,Số hồ sơ,Họ và tên,Năm sinh,Nội dung,Áp dụng từ"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(open_engine(f"sqlite:///{tmp_path / 's.sqlite'}"), tmp_path, clock=lambda: NOW)
    add_accounts(made.engine)
    made.cases.attach("run", [line(n) for n in range(1, 6)], NOW)
    yield made
    made.close()


def take_in(office: Office, folder: Path, *lines: str, head: str = HEAD, learnt: Model | None = None) -> Imported:
    path = folder / "quyet_dinh.csv"
    path.write_text("\n".join(["QUYẾT ĐỊNH ĐÃ BAN HÀNH", head, *lines]), encoding="utf-8-sig")
    return import_decisions(office, OFFICER, path, programme="agent_orange", model=learnt)


def name(number: int) -> str:
    return str(person(number)["name"])


def told(office: Office, case_id: str) -> list[tuple[str, str, str]]:
    return [(d["number"], d["act"], d["bound_by"]) for d in decisions_of(office, case_id)]


def test_a_decision_is_bound_by_its_dossier_number(office: Office, tmp_path: Path) -> None:
    done = take_in(
        office,
        tmp_path,
        f"12/QĐ,05/06/2019,Sở LĐTBXH,hh000001,{name(1)},1931,Tạm dừng trợ cấp,07/2019",
        "3/KL,31/12/2019,Sở LĐTBXH,HH000002,,,Đã thực chứng lại: đúng,",
    )
    assert (done.added, done.by_dossier, done.by_linkage, done.listed, done.refused) == (2, 2, 0, (), ())
    assert told(office, "c-HH000001") == [("12/QĐ", "tam_dung", "dossier_no")]
    assert decisions_of(office, "c-HH000001")[0]["in_force_from"] == "2019-07"
    assert decisions_of(office, "c-HH000002")[0]["kind"] == "clearing"
    with office.cases.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(StepRow)) == 0, "history, never a step"
        assert set(connection.scalars(select(CaseRow.state))) == {"recommended"}
        by = select(LedgerRow.actor_id).where(LedgerRow.act == "bind_decision")
        assert set(connection.scalars(by)) == {"u-officer"}, "by the importer"
        assert ledger.faults(connection) == []


def test_the_same_file_twice_enters_nothing_twice(office: Office, tmp_path: Path) -> None:
    row = f"12/QĐ,05/06/2019,Sở,HH000001,{name(1)},1931,Chấm dứt hưởng,"
    take_in(office, tmp_path, row)
    again = take_in(office, tmp_path, row)
    assert (again.added, again.known) == (0, 1)
    assert len(told(office, "c-HH000001")) == 1


def test_without_a_number_the_identity_is_asked(office: Office, tmp_path: Path, model: Model) -> None:
    who = person(3)
    born = date.fromisoformat(who["date_of_birth"])
    head = HEAD.replace("Năm sinh", "Ngày sinh")
    done = take_in(
        office,
        tmp_path,
        f"7/QĐ,05/06/2019,Sở,,{who['name']},{born:%d/%m/%Y},Điều chỉnh mức hưởng,",
        f"8/QĐ,05/06/2019,Sở,,{who['name']},,Điều chỉnh mức hưởng,",
        "9/QĐ,05/06/2019,Sở,,Người Chưa Ai Biết,1950,Điều chỉnh mức hưởng,",
        head=head,
        learnt=model,
    )
    assert done.by_linkage == 1
    assert told(office, "c-HH000003") == [("7/QĐ", "dieu_chinh", "linkage")]
    assert [t.row[-1] for t in done.listed] == ["4", "5"], "a name alone, and somebody unknown: listed, not guessed"
    assert "c-HH000003" in done.listed[0].why


def test_a_case_of_another_district_counts_but_is_not_bound(office: Office, tmp_path: Path) -> None:
    """Two cases bear one number, one outside the importer's area: nobody chooses. Alone there, it waits for its own."""
    path = tmp_path / "a.csv"
    path.write_text(
        HEAD + "\n1/QĐ,05/06/2019,Sở,HH000001,,,Rà soát: đúng,\n2/QĐ,05/06/2019,Sở,HH000002,,,Rà soát: đúng,"
    )
    with office.cases.writing() as connection:
        place = {"district": "Huyện Hai", "commune": "Xã Cam Giả"}
        connection.execute(update(CaseRow).where(CaseRow.case_id.in_(["c-HH000002", "c-HH000003"])).values(**place))
        connection.execute(update(CaseRow).where(CaseRow.case_id == "c-HH000003").values(dossier_no="HH000001"))
        home = connection.scalar(select(CaseRow.district).where(CaseRow.case_id == "c-HH000001"))
    importer = replace(OFFICER, districts=frozenset({str(home)}))
    done = import_decisions(office, importer, path, programme="agent_orange")
    assert (done.added, done.by_dossier) == (2, 0)
    assert ["nhiều hồ sơ" in done.listed[0].why, "địa bàn khác" in done.listed[1].why] == [True, True]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        pytest.param("1/QĐ,05/06/2019,Sở,HH000001,Phan Thị Khác,1931,Tạm dừng,", "khác", id="another name"),
        pytest.param("1/QĐ,05/06/2019,Sở,HH000001,,1988,Tạm dừng,", "khác", id="another birth year"),
    ],
)
def test_a_number_with_another_person_is_listed(office: Office, tmp_path: Path, row: str, why: str) -> None:
    done = take_in(office, tmp_path, row)
    assert done.by_dossier == 0
    assert why in done.listed[0].why


@pytest.mark.parametrize(
    ("row", "why"),
    [
        pytest.param("1/QĐ,02/03/2021,Sở,HH000001,,,Chấm dứt hưởng,", "ở tương lai", id="after today"),
        pytest.param(",05/06/2019,Sở,HH000001,,,Chấm dứt hưởng,", "number", id="no number"),
        pytest.param("1/QĐ,05/06/2019,,HH000001,,,Chấm dứt hưởng,", "authority", id="no authority"),
        pytest.param("1/QĐ,31/02/2019,Sở,HH000001,,,Chấm dứt hưởng,", "its day", id="no such day"),
        pytest.param(
            "1/QĐ,05/06/2019,Sở,HH000001,,,Xử lý theo quy định,", "act", id="no act that the law's data knows"
        ),
        pytest.param("1/QĐ,05/06/2019,Sở,,,,Chấm dứt hưởng,", "họ tên", id="nobody's"),
    ],
)
def test_what_is_no_decision_is_refused_by_line(office: Office, tmp_path: Path, row: str, why: str) -> None:
    done = take_in(office, tmp_path, row)
    assert done.added == 0
    assert why in done.refused[0].why
    assert done.refused[0].row.endswith("row 3")


def test_no_stop_comes_in_once_a_case_is_open(office: Office, tmp_path: Path) -> None:
    """Signed two days after the case was opened: it needs a notice, service and a reply, here."""
    later = Office(office.engine, tmp_path, clock=lambda: NOW.replace(day=9))
    done = take_in(later, tmp_path, "1/QĐ,03/03/2021,Sở,HH000001,,,Chấm dứt hưởng chế độ,04/2021")
    assert done.added == 0
    assert "đi qua các bước" in done.refused[0].why


def test_the_store_itself_refuses_it(office: Office) -> None:
    row = {"decision_id": "e-1", "kind": "decision", "programme": "agent_orange", "number": "1", "act": "cham_dut"}
    more = {"dated_on": date(2021, 3, 5), "authority": "Sở", "source": "x", "row_sha256": "0" * 64}
    bound = {"decision_id": "e-1", "case_id": "c-HH000001", "bound_by": "dossier_no"}
    with office.engine.begin() as connection:
        connection.execute(insert(EarlierDecisionRow), [row | more | {"imported_by": "u-officer", "imported_at": NOW}])
    with pytest.raises(DatabaseError, match="goes through its steps"), office.engine.begin() as connection:
        connection.execute(insert(DecisionBindingRow), [bound | {"by_user": "u-officer", "bound_at": NOW}])
    with pytest.raises(DatabaseError, match="only added to"), office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE earlier_decisions SET dated_on = '2019-01-01'")


def test_a_file_that_says_where_cases_stand_is_refused(office: Office, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="không đổi bước"):
        take_in(office, tmp_path, "1/QĐ,05/06/2019,Sở,HH000001,,,Chấm dứt,,signed", head=HEAD + ",Trạng thái")
    with pytest.raises(InputError, match="Số quyết định"):
        take_in(office, tmp_path, "x,y", head="Cột A,Cột B")


def test_a_decision_waits_for_its_case(office: Office, tmp_path: Path) -> None:
    done = take_in(office, tmp_path, "1/QĐ,05/06/2019,Sở,HH000009,,,Hưởng lại chế độ,")
    assert "khi hồ sơ được mở" in done.listed[0].why
    office.cases.attach("run-2", [line(n) for n in (1, 2, 3, 4, 5, 9)], NOW)
    bind_earlier(office, None, None)
    assert told(office, "c-HH000009") == [("1/QĐ", "huong_lai", "dossier_no")]


def test_who_may_import_and_for_which_programme(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "\n1/QĐ,05/06/2019,Sở,HH000001,,,Chấm dứt,", encoding="utf-8")
    with pytest.raises(RefusedError):
        import_decisions(office, CHECKER, path, programme="agent_orange")
    with pytest.raises(UsageError, match="--programme"):
        import_decisions(office, OFFICER, path)


def test_it_stands_on_the_case_page_and_two_cases_are_linked_there(served: Served, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "\n1/QĐ,05/06/2019,Sở,HH000001,,,Rà soát: đúng,", encoding="utf-8")
    import_decisions(served.office, served.actors["canbo"], path, programme="agent_orange")
    client = served.client("canbo")
    page = client.get("/cases/c-1").text
    assert "Đã thực chứng lại: đúng" in page
    assert "gắn theo số hồ sơ" in page
    data: dict[str, Any] = {"csrf": word(client), "other": "c-2", "reason": "hai số của cùng một quyết định"}
    assert client.post("/cases/c-1/links", data=data).status_code == 303
    assert "/cases/c-1" in client.get("/cases/c-2").text.split('id="earlier"')[1]
    assert client.post("/cases/c-1/links", data=data | {"other": "c-6"}).status_code == 422, "another district"
