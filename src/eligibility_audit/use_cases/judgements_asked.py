"""The officers' judgements that a run is given: those of the store, where the settings ask for them."""

from pathlib import Path

import pandas as pd

from eligibility_audit.linkage.judgements import check_judgements, fingerprint
from eligibility_audit.linkage.people import FACTS
from eligibility_audit.rules.facts.candidates import JUDGED_APART
from eligibility_audit.settings import Settings
from eligibility_audit.use_cases.run_folder import digest_of

_SIDES = ("left_facts", "right_facts")


def judgements_asked(settings: Settings, key: bytes) -> pd.DataFrame | None:
    """The judgements in force in the store (EA_JUDGEMENTS_FROM_STORE); None where the settings do not ask for them."""
    if not settings.judgements_from_store:
        return None
    from eligibility_audit.store.judgements import judgements_for_run
    from eligibility_audit.store.office import open_office

    office = open_office(settings)
    try:
        return judgements_for_run(office, key)
    finally:
        office.close()


def with_digest(inputs: dict[str, object], judgements: pd.DataFrame | None) -> dict[str, object]:
    """The inputs of a run with the hash of its judgements."""
    return inputs if judgements is None else inputs | {"judgements": digest_of(judgements.to_csv(index=False))}


def checked(judgements: pd.DataFrame | None) -> pd.DataFrame | None:
    """Judgements whose columns are those of linkage, and the facts of each side where they are told."""
    if judgements is None:
        return None
    sides = {name: judgements[name].reset_index(drop=True) for name in _SIDES if name in judgements.columns}
    return check_judgements(judgements).assign(**sides)


def repointed(judgements: pd.DataFrame | None, people: pd.DataFrame, key: bytes) -> pd.DataFrame | None:
    """Judgements on the records of this run.

    A line's id is a hash of all that stands in it: where a column changed that nobody judged by (an amount, a date of
    payment), the line has another id and the same facts. Such a side is taken to the one line with these facts; where
    several have them, or none, it stays what it was and is told as `unknown_record`.
    """
    if judgements is None or not set(_SIDES) <= set(judgements.columns) or not len(judgements):
        return judgements
    told, known = judgements.copy(), people["record_id"]
    lost = {side: ~told[side].isin(known) & told[f"{side}_facts"].notna() for side in ("left", "right")}
    if not any(rows.any() for rows in lost.values()):
        return told
    facts = people[list(FACTS)].astype("string[pyarrow]").fillna("")
    prints = [fingerprint(row, key) for row in facts.itertuples(index=False, name=None)]
    own = pd.DataFrame({"id": known.to_numpy(), "facts": prints}).drop_duplicates("facts", keep=False)
    of_facts = dict(zip(own["facts"], own["id"], strict=True))
    for side, rows in lost.items():
        moved = [of_facts.get(print_, id_) for print_, id_ in zip(told[f"{side}_facts"], told[side], strict=True)]
        told[side] = told[side].mask(rows, pd.Series(moved, index=told.index, dtype="string[pyarrow]"))
    return told


def with_apart(pairs: pd.DataFrame, link_folder: Path) -> pd.DataFrame:
    """The pairs, with those that a judgement in force keeps apart at probability `JUDGED_APART`: the rules join lines
    by exact values too, and would ask again what an officer has answered."""
    file = link_folder / "judgements.parquet"
    return with_judged_apart(pairs, pd.read_parquet(file) if file.exists() else None)


def with_judged_apart(pairs: pd.DataFrame, judged: pd.DataFrame | None) -> pd.DataFrame:
    """`with_apart`, from the judgements with their states as linkage tells them; None: there are none."""
    if judged is None:
        return pairs
    apart = judged[(judged["state"] == "binds") & (judged["judgement"] == "no_match")]
    rows = apart[["left", "right"]].set_axis(["left_record_id", "right_record_id"], axis=1)
    return pd.concat([pairs, rows.assign(match_probability=JUDGED_APART)], ignore_index=True).astype(pairs.dtypes)
