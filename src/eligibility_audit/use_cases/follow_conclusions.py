"""Follow inspection conclusions through a run: their ledger, and the report on what was done about them."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.domain.conclusions import Conclusion
from eligibility_audit.domain.ledger import Ledger
from eligibility_audit.publish.implementation import Implementation, write_implementation
from eligibility_audit.rules.facts.annexes import ANNEX, annexes
from eligibility_audit.rules.facts.inspection import conclusions_of
from eligibility_audit.use_cases.conclusion_ledger import make_ledger, same_number
from eligibility_audit.use_cases.load_conclusions import Followed

READS: Final = (  # of every list; of the annexes everything is read
    *("record_id", "source_file", "source_sheet", "source_row", "name", "alias", "date_of_birth", "sex", "national_id"),
    *("dossier_no", "commune", "district", "commune_code", "home_place"),
)


def with_days(findings: pd.DataFrame, conclusions: Sequence[Conclusion]) -> pd.DataFrame:
    """The annexes' lines, the day of their conclusion taken from its file where the annex does not state it."""
    numbers, days = conclusions_of(findings)
    known = {
        number: of.date.isoformat() for number in numbers.dropna().unique() if (of := same_number(number, conclusions))
    }
    return findings.assign(conclusion_date=days.fillna(numbers.map(known).astype("string[pyarrow]")))


def differing_days(findings: pd.DataFrame, conclusions: Sequence[Conclusion]) -> list[str]:
    """A sentence for each conclusion whose day in its file is another than an annex gives; the annex's counts.

    The annex is the paper as received; the file was written by hand. A coarser date that may be the same differs not.
    """
    numbers, days = conclusions_of(findings)
    told = pd.DataFrame({"number": numbers, "day": days}).dropna().drop_duplicates()
    said = []
    for number, day in told.sort_values(["number", "day"]).itertuples(index=False, name=None):
        of = same_number(number, conclusions)
        if of is None or of.date.isoformat().startswith(str(day)):
            continue
        said.append(
            f"Kết luận {of.number}: tệp kết luận ghi ngày {of.date:%d/%m/%Y}, phụ lục ghi {day}; lấy theo phụ lục, hãy "
            f"đối chiếu văn bản gốc và sửa tệp / conclusion {of.number}: its file says {of.date}, the annex {day}; the "
            "annex counts, compare the original and mend the file"
        )
    return said


def follow(
    records_by_kind: Mapping[str, pd.DataFrame],
    pairs: pd.DataFrame,
    lesser: pd.DataFrame,
    followed: Followed,
    *,
    as_of: date,
    key: bytes,
    accounts: Sequence[Mapping[str, Any]] = (),
) -> Ledger:
    """The ledger of all conclusions on a day.

    `pairs`, `lesser`: linkage's pairs, likely and less so; `accounts`: of the sheets read (kind, source_file,
    source_sheet, rejects).
    """
    if ANNEX in records_by_kind:
        annex = with_days(records_by_kind[ANNEX], followed.conclusions)
        records_by_kind = {**records_by_kind, ANNEX: annex}
    unreadable = {(a["source_file"], a["source_sheet"] or ""): a["rejects"] for a in accounts if a["kind"] == ANNEX}
    found = annexes(records_by_kind, pairs, lesser, as_of)
    counted = {place: count for place, count in unreadable.items() if count}
    return make_ledger(found, followed.conclusions, followed.outcomes, as_of=as_of, key=key, unreadable=counted)


def publish_conclusions(ledger: Ledger, folder: Path, plan_name: str, as_of: date, run_id: str) -> list[str]:
    """Write the ledger and the reports into the folder; return what a person should know, as sentences."""
    data = Implementation(ledger=ledger, plan_name=plan_name, as_of=as_of, run_id=run_id)
    accusing = write_implementation(folder, data)
    notes = list(ledger.notes)
    if accusing:
        notes.append(
            "Báo cáo thực hiện kết luận có từ buộc tội; không gửi đi, báo cho nhóm phát triển / "
            "the report on conclusions accuses; do not send it out, tell the developers"
        )
    return notes
