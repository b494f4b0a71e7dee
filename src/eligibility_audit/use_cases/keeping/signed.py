"""Capsules of signed decisions: one when it is signed, and what was missed then at the end of the day."""

import logging
from pathlib import Path
from typing import Final

from eligibility_audit.settings import Settings, load_key, load_settings
from eligibility_audit.store import ledger
from eligibility_audit.store.decided import Decided, decided, signed_cases
from eligibility_audit.store.office import Office, open_office
from eligibility_audit.use_cases.keeping.basis import BASIS
from eligibility_audit.use_cases.keeping.capsule import write
from eligibility_audit.use_cases.keeping.cut import kept_run

_LOG: Final = logging.getLogger("eligibility_audit.keeping")


def seal_decision(office: Office, case_id: str) -> Path | None:
    """The capsule of a decision that was just signed; None where it cannot be made now.

    A signature stands whether or not its capsule could be made: `seal_missed` makes it at the end of the day.
    """
    try:
        found = decided(office, case_id)
        return None if found is None or office.is_practice else _seal(office, found)
    except Exception as error:  # noqa: BLE001 - the signature is written; nothing of its capsule may undo the answer
        _LOG.warning("no capsule of a signed decision yet: %s", type(error).__name__)
        return None


def seal_missed(office: Office) -> tuple[int, int]:
    """Make the capsules that signed decisions lack; how many were made, and how many still lack one."""
    wanted = {case_id for case_id, seq in signed_cases(office) if not place(office, case_id, seq).exists()}
    made = sum(seal_decision(office, case_id) is not None for case_id in sorted(wanted))
    return made, len(wanted) - made


def end_of_day(settings: Settings) -> dict[str, object]:
    """Seal the ledger where it has grown, and make the capsules that signed decisions lack; the root and the counts."""
    office = open_office(settings)
    try:
        made, missing = seal_missed(office)
        with office.cases.writing() as connection:
            root = ledger.seal_grown(connection, office.clock())
    finally:
        office.close()
    return {"ledger_root": root, "capsules_made": made, "capsules_missing": missing}


def place(office: Office, case_id: str, seq: int) -> Path:
    """Where the capsule of the signature at `seq` is."""
    return office.capsules / f"{case_id}-{seq}.zip"


def _seal(office: Office, found: Decided) -> Path | None:
    from eligibility_audit.use_cases.keeping.make_capsules import cut, of_cases

    folder = next((each for each in found.folders if (each / BASIS).is_dir()), None)
    signatures = [each["seq"] for each in found.acts["steps"] if each["step"] == "sign"]
    if folder is None or not signatures:
        return None
    run = kept_run(folder)
    path = place(office, found.case_id, max(signatures))
    for capsule in cut(run, of_cases(run, [found.run_case]), found.acts):
        write(capsule, path, load_key(load_settings()))
    return path
