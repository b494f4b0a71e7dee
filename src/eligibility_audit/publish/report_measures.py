"""What the report tells beyond counts: places, scores of links, what hangs on the threshold, what changed since."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from eligibility_audit.publish import charts
from eligibility_audit.publish.amounts import number
from eligibility_audit.publish.lists import LISTS, listed

THRESHOLDS: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
BANDS: Final = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
MOST_PLACES, MOST_RULES, MOST_DISTRICTS = 20, 15, 20
ALWAYS: Final = 2.0  # above every probability: what rests on no link


@dataclass(frozen=True)
class AtThreshold:
    """What would be left were links counted from this probability on only."""

    threshold: str
    links: int
    proposals: int
    lost: int
    stops: int
    alive: int


def decimal(value: float) -> str:
    """A fraction as Vietnamese readers write it."""
    return f"{value:g}".replace(".", ",")


def of_places(lines: pd.DataFrame) -> str:
    """Ranked bars of the communes with most proposals; "" where no line names one."""
    counted = lines.groupby(["commune", "district"], observed=True).size()
    of_place = [(", ".join(map(str, key)), int(n)) for key, n in zip(counted.index, counted, strict=True)]
    top = sorted(of_place, key=lambda pair: (-pair[1], pair[0]))[:MOST_PLACES]
    rows = [{"label": name, "count": n, "told": number(n)} for name, n in top]
    return charts.ranked_bars(rows, "Số người có đề xuất") if rows else ""


def of_rules_and_districts(findings: pd.DataFrame, lines: pd.DataFrame) -> str:
    """Shades of findings by rule and district; "" where there are none. A finding without a proposal has no place."""
    places = lines[["record_id", "district"]].drop_duplicates("record_id")
    placed = findings[["record_id", "rule_id"]].merge(places, on="record_id")
    if placed.empty:
        return ""
    counted = placed.groupby(["rule_id", "district"], observed=True).size()
    rules = placed["rule_id"].value_counts()
    districts = placed["district"].value_counts()
    shown = sorted(rules.index, key=lambda rule: (-int(rules[rule]), str(rule)))[:MOST_RULES]
    across = sorted(districts.index, key=lambda name: (-int(districts[name]), str(name)))[:MOST_DISTRICTS]
    most = max(int(n) for n in counted)
    rows = [
        {"row": str(rule), "column": str(district), "count": n, "told": number(n) if n else "", "dark": n > most / 3}
        for rule in shown
        for district in across
        for n in [int(counted.get((rule, district), 0))]
    ]
    return charts.squares(rows, "Huyện")


def of_scores(links: "np.ndarray[Any, Any]", lesser: "np.ndarray[Any, Any]") -> str:
    """Columns of pairs by their probability of being one person; "" where there are none."""
    together = np.concatenate([links, lesser]).astype("float64")
    if not len(together):
        return ""
    counts, _ = np.histogram(together, bins=np.array(BANDS))
    rows = [
        {"label": f"{decimal(low)}–{decimal(high)}", "count": int(n), "told": number(int(n))}
        for low, high, n in zip(BANDS, BANDS[1:], counts, strict=False)
    ]
    return charts.columns(rows, "Xác suất là cùng một người", "Số cặp")


def sensitivity(findings: pd.DataFrame, lines: pd.DataFrame, pairs: pd.DataFrame) -> list[AtThreshold]:
    """How many proposals would still have a finding, were links counted from a higher probability on.

    `lines`: of `lists.listed`. A finding stands as long as one of the records that it speaks of is linked so surely;
    one that rests on no link always stands. Nothing is decided anew: a finding that only a lower threshold would bring
    is not told.
    """
    of_line = lines["record_id"].map(_strengths(findings, pairs)).fillna(ALWAYS).to_numpy("float64")
    of_list = lines["list"].astype("category")
    stops, alive = (of_list.isin(codes).to_numpy("bool") for codes in (["suspend", "terminate"], ["alive"]))
    sure = pairs["match_probability"].to_numpy("float64")
    made = []
    for threshold in THRESHOLDS:
        stands = of_line >= threshold
        left = int(stands.sum())
        counts = int((sure >= threshold).sum()), left, len(lines) - left
        made.append(AtThreshold(decimal(threshold), *counts, int((stands & stops).sum()), int((stands & alive).sum())))
    return made


_STRENGTHS: Final = """
WITH named AS (
  SELECT n, record_id, unnest(string_split(trim(other_record_ids, '[]" '), '", "')) AS other
  FROM findings WHERE length(other_record_ids) > 2
), links AS (
  SELECT left_record_id AS record_id, right_record_id AS other, match_probability AS p FROM pairs
  UNION ALL SELECT right_record_id, left_record_id, match_probability FROM pairs
), known AS (SELECT n, max(p) AS p FROM named LEFT JOIN links USING (record_id, other) GROUP BY n)
SELECT record_id, max(coalesce(p, ?)) AS strength FROM findings LEFT JOIN known USING (n) GROUP BY record_id
"""


def _strengths(findings: pd.DataFrame, pairs: pd.DataFrame) -> "pd.Series[float]":
    """By record: the surest of its findings, each as sure as the surest link among the records that it names.

    Records that are named by number or line and not by a link are sure whatever the threshold.
    """
    import duckdb

    named = findings[["record_id", "other_record_ids"]].assign(n=range(len(findings)))
    with duckdb.connect() as con:
        con.register("findings", pa.Table.from_pandas(named, preserve_index=False))
        con.register("pairs", pa.Table.from_pandas(pairs, preserve_index=False))
        found = con.execute(_STRENGTHS, [ALWAYS]).fetchnumpy()
    return pd.Series(found["strength"], index=pd.Index(found["record_id"]), dtype="float64")


def changes(lines: pd.DataFrame, before: pd.DataFrame) -> list[dict[str, object]]:
    """By list: proposals then and now, new ones and those that are gone, by case."""
    was = listed(before)
    rows = []
    for kind in LISTS:
        now_of = set(lines.loc[lines["list"] == kind.code, "case_id"])
        then_of = set(was.loc[was["list"] == kind.code, "case_id"])
        if now_of or then_of:
            rows.append(
                {
                    "sheet": kind.sheet,
                    "code": kind.code,
                    "before": len(then_of),
                    "now": len(now_of),
                    "new": len(now_of - then_of),
                    "gone": len(then_of - now_of),
                }
            )
    return rows
