"""What a recommendation rests on, kept in the run folder: the cases as the rules saw them, their findings, the law.

`basis/` holds `cases/<programme>.parquet` and `findings.parquet` of the records that are recommended, `law.json` (the
law as text) and `made_with.json`. A capsule is cut from it; it is small beside the records.
"""

import shutil
from pathlib import Path
from typing import Final

import pandas as pd

from eligibility_audit.law.files import Law, law_texts
from eligibility_audit.use_cases.keeping.made_with import made_with
from eligibility_audit.use_cases.keeping.tables import canonical

BASIS: Final = "basis"
LAW: Final = "law.json"
MADE_WITH: Final = "made_with.json"
ANNEX_DAYS: Final = "annex_days.parquet"


def write_basis(out: Path, assessed: Path, findings: pd.DataFrame, made: pd.DataFrame, law: Law) -> None:
    """Write the folder. `assessed`: the step with the cases; `made`: the recommendations."""
    (out / "cases").mkdir(parents=True)
    for path in sorted((assessed / "cases").glob("*.parquet")):
        cases = pd.read_parquet(path)
        cases[cases.index.isin(made["record_id"])].to_parquet(out / "cases" / path.name, compression="zstd")
    kept = findings[findings["record_id"].isin(made["record_id"])]
    kept.to_parquet(out / "findings.parquet", index=False, compression="zstd")
    if (assessed / ANNEX_DAYS).exists():
        shutil.copy2(assessed / ANNEX_DAYS, out / ANNEX_DAYS)
    known_on = str(law.known_on) if law.known_on else None
    (out / LAW).write_bytes(canonical({"known_on": known_on, "layers": law_texts(law)}))
    (out / MADE_WITH).write_bytes(canonical(dict(made_with())))
