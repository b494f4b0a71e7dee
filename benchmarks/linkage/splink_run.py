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
- Febrl and the public sets: as in Splink's own demonstrations where there is one.
- Prior from deterministic rules, u from 1e7 random pairs, m by EM on two blocks, as its documentation has it.
"""

# ruff: noqa: S608 - the names in the statements are our own

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

Settings = tuple[list[Any], list[Any], list[Any], list[Any]]  # comparisons, blocking, deterministic rules, EM blocks

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


def people(con: duckdb.DuckDBPyConnection) -> Settings:
    """Lists of people in Vietnam."""
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
    comparisons = [_name(), _birth(), _national_id(same_u, near_u), cl.ExactMatch("sex"), _place()]
    certain = [block_on("national_id"), block_on("folded", "dob", "commune")]
    return comparisons, rules, certain, [block_on("national_id"), block_on("folded", "dob")]


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


def febrl(con: duckdb.DuckDBPyConnection) -> Settings:
    """As in Splink's own demonstrations of Febrl, with the address beside."""
    prepare(con, "rec_id", "*")
    comparisons = [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]).configure(term_frequency_adjustments=True),
    ]
    rules = [
        block_on("soc_sec_id"),
        block_on("date_of_birth"),
        block_on("given_name", "surname"),
        block_on("given_name", "postcode"),
        block_on("surname", "postcode"),
        block_on("address_1"),
        block_on("substr(given_name, 1, 3)", "street_number"),
        block_on("substr(surname, 1, 3)", "street_number"),
    ]
    certain = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    return comparisons, rules, certain, [block_on("date_of_birth"), block_on("postcode")]


def historical(con: duckdb.DuckDBPyConnection) -> Settings:
    """As in Splink's own demonstration of these persons."""
    prepare(con, "unique_id", "*")
    comparisons = [
        cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_and_surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.LevenshteinAtThresholds("postcode_fake", [1, 2]),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ]
    rules = [
        block_on("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
        block_on("surname", "dob"),
        block_on("first_name", "dob"),
        block_on("postcode_fake", "first_name"),
        block_on("postcode_fake", "surname"),
        block_on("dob", "birth_place"),
        block_on("substr(postcode_fake, 1, 3)", "dob"),
        block_on("substr(postcode_fake, 1, 3)", "first_name"),
        block_on("substr(postcode_fake, 1, 3)", "surname"),
        block_on("substr(first_name, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 1, 4)"),
    ]
    certain = [
        block_on("first_name", "surname", "dob"),
        block_on("substr(first_name, 1, 2)", "surname", "substr(postcode_fake, 1, 2)"),
        block_on("dob", "postcode_fake"),
    ]
    return comparisons, rules, certain, [block_on("first_name", "surname"), block_on("dob")]


def sites(con: duckdb.DuckDBPyConnection) -> Settings:
    """Names and addresses in lower case, without signs; numbers as they are."""
    prepare(con, "id", f"{_plain('site_name')}, {_plain('address')}, zip, phone")
    comparisons = [
        cl.JaroWinklerAtThresholds("site_name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("phone", [1, 2]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("zip").configure(term_frequency_adjustments=True),
    ]
    rules = [
        block_on("phone"),
        block_on("address"),
        block_on("substr(site_name, 1, 6)"),
        block_on("split_part(address, ' ', 1)", "substr(site_name, 1, 1)"),
        block_on("zip", "substr(site_name, 1, 4)"),
    ]
    certain = [block_on("phone", "address"), block_on("site_name", "address")]
    return comparisons, rules, certain, [block_on("phone"), block_on("address"), block_on("site_name")]


def restaurants(con: duckdb.DuckDBPyConnection) -> Settings:
    """Names and addresses in lower case, without signs; telephones as digits."""
    digits = "regexp_replace(phone, '[^0-9]', '', 'g') AS phone"
    prepare(con, "id", f"{_plain('name')}, {_plain('addr')}, city, {digits}, type")
    comparisons = [
        cl.JaroWinklerAtThresholds("name", [0.92, 0.8]),
        cl.JaroWinklerAtThresholds("addr", [0.92, 0.8]),
        cl.LevenshteinAtThresholds("phone", [1, 2]),
        cl.ExactMatch("city"),
        cl.ExactMatch("type"),
    ]
    rules = [
        block_on("phone"),
        block_on("substr(name, 1, 4)"),
        block_on("split_part(addr, ' ', 1)", "city"),
        block_on("split_part(addr, ' ', 1)", "substr(name, 1, 1)"),
    ]
    return comparisons, rules, [block_on("phone")], [block_on("phone"), block_on("substr(name, 1, 4)")]


def prepare(con: duckdb.DuckDBPyConnection, id_column: str, columns: str) -> None:
    """`prepared` and, of the right table, `prepared_right`."""
    for table in ("", "_right"):
        if _count(con, f"SELECT count(*) FROM duckdb_views() WHERE view_name = 'received{table}'"):
            own = "" if id_column == "unique_id" else f"{id_column} AS unique_id, "
            con.execute(f"CREATE TABLE prepared{table} AS SELECT {own}{columns} FROM received{table}").fetchall()


def _plain(column: str) -> str:
    folded = f"strip_accents(lower({column}))"
    return f"trim(regexp_replace(regexp_replace({folded}, '[^a-z0-9 ]', ' ', 'g'), ' +', ' ', 'g')) AS {column}"


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    found = con.execute(sql).fetchall()
    return float(found[0][0])


SETTINGS = {"people": people, "febrl": febrl, "historical": historical, "sites": sites, "restaurants": restaurants}


def main() -> None:
    """Do the job of argv[1]."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    con = duckdb.connect()
    for name, path in zip(("received", "received_right"), job["tables"], strict=False):
        con.register(name, pq.read_table(path))
    wall, cpu = time.perf_counter(), time.process_time()
    pairs, compared = link(con, job)
    pq.write_table(pairs, job["pairs"])
    measured = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    measured["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(measured | {"compared": compared}))


def link(con: duckdb.DuckDBPyConnection, job: dict[str, Any]) -> tuple[pa.Table, int]:
    """Pairs at or above the job's floor, and how many were compared."""
    comparisons, rules, certain, blocks = SETTINGS[job["settings"]](con)
    two = len(job["tables"]) > 1
    settings = SettingsCreator(
        link_type="link_only" if two else "dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI(connection=con)
    tables = [api.register(name) for name in ("prepared", "prepared_right")[: len(job["tables"])]]
    linker = Linker(tables if two else tables[0], settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(certain, recall=RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS)
    for block in blocks:
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    candidates = linker.inference.compute_blocked_pairs_for_predict()
    compared = int(_count(con, f"SELECT count(*) FROM {candidates.physical_name}"))
    found = linker.inference.predict(threshold_match_probability=job["floor"])
    if "model" in job:
        linker.misc.save_model_to_json(job["model"], overwrite=True)
    columns = "unique_id_l AS left_id, unique_id_r AS right_id, match_probability, match_weight"
    return con.sql(f"SELECT {columns} FROM {found.physical_name}").to_arrow_table(), compared


if __name__ == "__main__":
    main()
