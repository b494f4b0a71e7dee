"""Splink at its best on one table: run in an environment of its own, by path, never imported by us.

    python benchmarks/linkage/splink_run.py JOB.json

The job names the table, the roles of its columns and where the pairs go; a line of JSON with the measurement is
printed. The clock runs from the table in memory to the pairs on disk: preparing the columns counts, imports do not.

Settings, written before our engine was measured against them, and changed since only where Splink gained by it:
- DuckDB backend, as many threads as cores, no seed (a seed makes it slower), no charts, no intermediate columns.
- Whole names: with their marks (term frequencies), without them (term frequencies), Levenshtein 1, Levenshtein 2, same
  surname and given name (a middle name dropped or abbreviated), Jaro-Winkler 0.92 and 0.85. Comparisons other than
  equality are of names without marks: DuckDB's functions compare bytes.
- Birth dates: same day, day and month exchanged, one digit, same year where one side has the year alone (1 January is
  such), same year, otherwise. The year alone is not punished.
- National ids: of one length alone (9 digits against 12 are not comparable): same, one digit mistaken (or two
  exchanged), otherwise; u of the first two is counted on the whole table, as random pairs never hit them, and held.
- Place: same commune (term frequencies), same district, otherwise. Sex: same or not.
- Blocking: ten rules that together reach what is in reach, of sizes that a laptop bears.
- Prior from deterministic rules, u from 1e7 random pairs, m by EM on two blocks, as its documentation has it.
"""

import json
import logging
import resource
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

RANDOM_PAIRS = 1e7
RECALL = 0.8  # share of true pairs that the deterministic rules find

PEOPLE = """
CREATE TABLE prepared AS
WITH spelled AS (
    SELECT rec_id AS unique_id, regexp_replace(trim(lower(nfc_normalize(name))), '\\s+', ' ', 'g') AS full_name,
        date_of_birth, sex, national_id, commune, district
    FROM received
), folded AS (
    SELECT *, replace(strip_accents(full_name), 'đ', 'd') AS folded FROM spelled
)
SELECT unique_id, full_name, folded, sex, national_id, commune, district,
    split_part(folded, ' ', 1) AS surname, split_part(folded, ' ', -1) AS given,
    left(date_of_birth, 4) AS birth_year,
    CASE WHEN length(date_of_birth) = 10 AND date_of_birth NOT LIKE '%-01-01' THEN date_of_birth END AS dob,
    CASE WHEN length(date_of_birth) = 10 AND date_of_birth NOT LIKE '%-01-01'
        THEN left(date_of_birth, 5) || substr(date_of_birth, 9, 2) || substr(date_of_birth, 5, 3) END AS dob_swapped,
    length(national_id) AS id_length
FROM folded
"""

# Pairs that differ in one digit are counted by the number with that digit struck out.
NEAR_IDS = """
WITH struck AS (
    SELECT place, left(national_id, place - 1) || '*' || substr(national_id, place + 1) AS rest
    FROM prepared, range(1, 13) places(place) WHERE national_id IS NOT NULL AND place <= length(national_id)
), same AS (SELECT count(*) AS n FROM struck GROUP BY place, rest HAVING count(*) > 1)
SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM same
"""
SAME_IDS = "SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n FROM prepared GROUP BY {by})"


def people(con: duckdb.DuckDBPyConnection) -> tuple[SettingsCreator, list[Any], list[Any]]:
    """Settings for lists of people in Vietnam, deterministic rules, blocks for EM."""
    con.execute(PEOPLE).fetchall()
    same, near = _count(con, SAME_IDS.format(by="national_id")), _count(con, NEAR_IDS)
    nulls = _count(con, "SELECT count(*) FROM prepared WHERE national_id IS NULL")
    same -= nulls * (nulls - 1) / 2
    comparable = _count(con, SAME_IDS.format(by="id_length")) - nulls * (nulls - 1) / 2
    doubled = 0.9 * same  # most who share a number are one person; what is left is chance
    same_u = max((same - doubled) / max(comparable, 1), 1e-9)
    near_u = max((near - 12 * same) / max(comparable, 1), 1e-9)
    rules = [
        block_on("national_id"),
        block_on("folded", "dob"),
        block_on("folded", "commune"),
        block_on("folded", "birth_year", "district"),
        block_on("given", "birth_year", "commune"),
        block_on("surname", "given", "dob"),
        block_on("surname", "dob", "district"),
        block_on("dob", "commune"),
        block_on("given", "dob", "district"),
        "l.dob = r.dob_swapped AND l.given = r.given AND l.surname = r.surname",
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_name(), _birth(), _national_id(same_u, near_u), cl.ExactMatch("sex"), _place()],
        blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    certain = [block_on("national_id"), block_on("folded", "dob", "commune")]
    return settings, certain, [block_on("national_id"), block_on("folded", "dob")]


def _name() -> Any:
    return cl.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            cll.NullLevel("folded"),
            cll.ExactMatchLevel("full_name", term_frequency_adjustments=True),
            cll.ExactMatchLevel("folded", term_frequency_adjustments=True),
            cll.LevenshteinLevel("folded", 1),
            cll.LevenshteinLevel("folded", 2),
            cll.CustomLevel("surname_l = surname_r AND given_l = given_r", "same surname and given name"),
            cll.JaroWinklerLevel("folded", 0.92),
            cll.JaroWinklerLevel("folded", 0.85),
            cll.ElseLevel(),
        ],
    )


def _birth() -> Any:
    vague = "(dob_l IS NULL OR dob_r IS NULL)"
    return cl.CustomComparison(
        output_column_name="birth",
        comparison_levels=[
            cll.NullLevel("birth_year"),
            cll.ExactMatchLevel("dob"),
            cll.CustomLevel("dob_l = dob_swapped_r", "day and month exchanged"),
            cll.CustomLevel("levenshtein(dob_l, dob_r) <= 1", "one digit"),
            cll.CustomLevel(f"{vague} AND birth_year_l = birth_year_r", "same year, one side vague"),
            cll.CustomLevel(f"{vague} AND abs(birth_year_l::INT - birth_year_r::INT) <= 3", "near year, vague"),
            cll.CustomLevel("birth_year_l = birth_year_r", "same year, other day"),
            cll.ElseLevel(),
        ],
    )


def _national_id(same_u: float, near_u: float) -> Any:
    one_digit = "damerau_levenshtein(national_id_l, national_id_r) <= 1"
    rest = {"u_probability": 1 - same_u - near_u, "fix_u_probability": True}
    return cl.CustomComparison(
        output_column_name="national_id",
        comparison_levels=[
            cll.CustomLevel(
                "national_id_l IS NULL OR national_id_r IS NULL OR id_length_l <> id_length_r", "not comparable"
            ).configure(is_null_level=True),
            cll.ExactMatchLevel("national_id").configure(u_probability=same_u, fix_u_probability=True),
            cll.CustomLevel(one_digit, "one digit").configure(u_probability=near_u, fix_u_probability=True),
            cll.ElseLevel().configure(**rest),
        ],
    )


def _place() -> Any:
    return cl.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            cll.NullLevel("commune"),
            cll.CustomLevel("commune_l = commune_r AND district_l = district_r", "same commune").configure(
                tf_adjustment_column="commune", disable_tf_exact_match_detection=True
            ),
            cll.ExactMatchLevel("district"),
            cll.ElseLevel(),
        ],
    )


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    found = con.execute(sql).fetchall()
    return float(found[0][0])


def main() -> None:
    """Do the job of argv[1]."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    received = pq.read_table(job["table"])
    con = duckdb.connect()
    con.register("received", received)
    wall, cpu = time.perf_counter(), time.process_time()
    pairs = link(con, job)
    pq.write_table(pairs, job["pairs"])
    measured = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    measured["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    measured["compared"] = job["compared"]
    print(json.dumps(measured))


def link(con: duckdb.DuckDBPyConnection, job: dict[str, Any]) -> pa.Table:
    """Pairs at or above the job's floor; `compared` is put into the job."""
    settings, certain, blocks = people(con)
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register("prepared"), settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(certain, recall=RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS)
    for block in blocks:
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    candidates = linker.inference.compute_blocked_pairs_for_predict()
    job["compared"] = int(_count(con, f"SELECT count(*) FROM {candidates.physical_name}"))  # noqa: S608
    found = linker.inference.predict(threshold_match_probability=job["floor"])
    if "model" in job:
        linker.misc.save_model_to_json(job["model"], overwrite=True)
    columns = "unique_id_l AS left_id, unique_id_r AS right_id, match_probability, match_weight"
    return con.sql(f"SELECT {columns} FROM {found.physical_name}").to_arrow_table()  # noqa: S608


if __name__ == "__main__":
    main()
