"""What inspection annexes say of the people on the Agent Orange roster, bound by dossier number, then by identity.

A number that hits a person of another name binds nothing. A later conclusion on the same person takes the place of the
earlier one, whether it clears or not.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.domain.dates import span
from eligibility_audit.rules.facts.candidates import candidates
from eligibility_audit.rules.facts.identity import contradicts, in_words, supports
from eligibility_audit.rules.facts.people import Born, Name, People, agreement
from eligibility_audit.rules.facts.text import fold, folded, spelling
from eligibility_audit.rules.parameters import LawPack

TEXT: Final = "string[pyarrow]"
ROSTER: Final = "agent_orange"
COLUMNS: Final = {
    "inspection_record_id": TEXT,
    "inspection_category": TEXT,  # forged, child_before, disease, no_place, verify_more, cleared
    "inspection_bound": TEXT,  # dossier: by its number and an agreeing identity; identity: by name, birth year, commune
    "inspection_conclusion": TEXT,  # number, with its day where known
    "inspection_text": TEXT,  # as received
    "inspection_handling": TEXT,
    "inspection_dossier": TEXT,
    "inspection_before": TEXT,  # what earlier conclusions said, in words
    "inspection_agrees": TEXT,
    "inspection_differs": TEXT,
    "inspection_file": TEXT,
    "inspection_sheet": TEXT,
    "inspection_row": "Int64",
}
WORST_FIRST: Final = ("forged", "child_before", "disease", "no_place", "verify_more", "cleared")
CATEGORY_VI: Final = {
    "forged": "kết luận giả mạo",
    "child_before": "con sinh trước thời gian tham gia",
    "disease": "bệnh không thuộc danh mục",
    "no_place": "chưa chứng minh được địa bàn",
    "verify_more": "đề nghị xác minh thêm",
    "cleared": "đã xác minh, đủ điều kiện",
}
_TITLE: Final = re.compile(
    r"kết luận(?:\s+thanh tra)?(?:\s+số)?:?\s+([\w./-]*\d[\w./-]*|[A-ZĐ]{1,6}-\w+)", re.IGNORECASE
)
_DAY: Final = re.compile(r"ngày\s+(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})\s*(?:[/.-]|năm)\s*(\d{4})", re.IGNORECASE)

_NAMES_ONE: Final = re.compile(r"\b(?:kl|kltt|ket luan) ?\w")


def inspection_facts(
    records_by_kind: Mapping[str, pd.DataFrame], people: People, pairs: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """The finding that counts for each record of the Agent Orange roster that an annex names; columns `COLUMNS`.

    Where conclusions of one day say several things, the one that asks most counts; beside a clearing that may be as
    late (of the same day, a coarse or no day) nothing is a conclusion of forgery.
    """
    findings = records_by_kind.get("inspection_findings")
    roster = records_by_kind.get(ROSTER)
    if findings is None or roster is None or findings.empty or roster.empty:
        return _empty()
    bound = _bound(findings, roster, people, pairs)
    says = said(findings, as_of)
    bound = bound.join(says, on="inspection_record_id")
    bound = bound[bound["in_time"].astype("bool")]
    bound["rank"] = bound["inspection_category"].map({c: r for r, c in enumerate(WORST_FIRST)})
    bound = bound.sort_values(["record_id", "day", "rank", "inspection_record_id"], kind="stable")
    latest = bound["day"] == bound.groupby("record_id")["day"].transform("max")
    counts = _doubtful_beside_a_clearing(bound[latest], bound).drop_duplicates("record_id").set_index("record_id")
    counts["inspection_before"] = _in_words(bound[~latest])
    return counts.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()}, index=pd.Index([], dtype=TEXT))


def _doubtful_beside_a_clearing(latest: pd.DataFrame, bound: pd.DataFrame) -> pd.DataFrame:
    """Forgery beside a clearing that may be as late, its day read at its latest, is not concluded: to be looked at."""
    clears = bound["inspection_category"] == "cleared"
    until = bound["until"].where(clears).groupby(bound["record_id"]).max().reindex(latest["record_id"])
    cleared = until.to_numpy("float64") >= latest["day"].to_numpy("float64")
    forged = latest["inspection_category"] == "forged"
    return latest.assign(inspection_category=latest["inspection_category"].mask(forged & cleared, "verify_more"))


def _in_words(earlier: pd.DataFrame) -> "pd.Series[str]":
    if earlier.empty:
        return pd.Series(dtype=TEXT)
    said = earlier["inspection_conclusion"] + ": " + earlier["inspection_category"].map(CATEGORY_VI).astype(TEXT)
    return said.groupby(earlier["record_id"]).agg("; ".join)


def dossier_key(number: str) -> str:
    """A dossier number without spaces, marks and leading zeros: `HH 089505` and `HH089505` are one."""
    parts = re.findall(r"[a-z]+|[0-9]+", fold(number))
    return "".join(p.lstrip("0") or "0" if p.isdigit() else p for p in parts)


def dossier_keys(numbers: "pd.Series[str]") -> "pd.Series[str]":
    """`dossier_key` of each number, at the speed of Arrow; null where there is none."""
    codes, distinct = pd.factorize(numbers)
    texts = distinct.to_numpy("object").tolist()
    words = pa.array(folded(texts), type=pa.string())
    parted = pc.replace_substring_regex(words, "[^a-z0-9]+", " ")
    bare = pc.replace_substring(pc.replace_substring_regex(parted, r"(^|[^0-9])0+([0-9])", r"\1\2"), " ", "")
    keys = pd.array([key or None for key in bare.to_pylist()], dtype=TEXT)
    return pd.Series(keys.take(codes, allow_fill=True), index=numbers.index)


def bind(findings: pd.DataFrame, roster: pd.DataFrame, people: People, pairs: pd.DataFrame) -> pd.DataFrame:
    """Which line of an annex speaks of which record of the roster: by its dossier number, else by identity.

    `pairs`: what `located` gives. Returns the positions `finding` and `record`, `bound` (`dossier`: by its number and
    an agreeing identity; `identity`) and `probability` (float64; NaN where linkage has not proposed the pair). A line
    may fit several records. The rules and the ledger of a conclusion both rest on this.
    """
    by_number = _by_dossier(findings, roster, people)
    proposed = candidates(people, pairs, (ROSTER,), "inspection_findings")
    by_identity = _by_identity(people, proposed)
    taken = by_identity["finding"].isin(by_number["finding"])
    every = pd.concat([by_number, by_identity[~taken]], ignore_index=True)
    proposed = proposed.rename(columns={"left": "record", "right": "finding"})
    return every.merge(proposed, on=["finding", "record"], how="left")


def _bound(findings: pd.DataFrame, roster: pd.DataFrame, people: People, pairs: pd.DataFrame) -> pd.DataFrame:
    """Which finding speaks of which record: record_id, inspection_record_id, inspection_bound, agrees, differs."""
    every = bind(findings, roster, people, pairs)
    at, record = every["finding"].to_numpy("intp"), every["record"].to_numpy("intp")
    source = people.source.iloc[at].reset_index(drop=True)
    words = in_words(agreement(people, record, at))
    return pd.DataFrame(
        {
            "record_id": people.record_id[record],
            "inspection_record_id": people.record_id[at],
            "inspection_bound": every["bound"],
            "inspection_agrees": words["agrees"],
            "inspection_differs": words["differs"],
            "inspection_file": source["source_file"],
            "inspection_sheet": source["source_sheet"],
            "inspection_row": source["source_row"],
        }
    )


def _by_dossier(findings: pd.DataFrame, roster: pd.DataFrame, people: People) -> pd.DataFrame:
    left = pd.DataFrame(
        {"finding": np.flatnonzero(people.of("inspection_findings")), "key": dossier_keys(findings["dossier_no"]).array}
    )
    right = pd.DataFrame({"record": np.flatnonzero(people.of(ROSTER)), "key": dossier_keys(roster["dossier_no"]).array})
    both = left.dropna(subset="key").merge(right.dropna(subset="key"), on="key")
    how = agreement(people, both["record"].to_numpy("intp"), both["finding"].to_numpy("intp"))
    agrees = (how.name >= Name.CLOSE) & (how.born != Born.DIFFER) & (how.born != Born.OTHER_DAY)
    unsaid = (how.born == Born.UNKNOWN) | (how.sex == 0)
    bound = np.where(unsaid, "identity", "dossier")
    return pd.DataFrame(both.assign(bound=bound).loc[agrees, ["finding", "record", "bound"]])


def _by_identity(people: People, proposed: pd.DataFrame) -> pd.DataFrame:
    record, finding = proposed["left"].to_numpy("intp"), proposed["right"].to_numpy("intp")
    how = agreement(people, record, finding)
    kept = ~contradicts(how) & supports(how, proposed["probability"].to_numpy("float64"))
    return pd.DataFrame({"finding": finding[kept], "record": record[kept], "bound": "identity"})


def said(findings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """What each line of an annex says, indexed by record_id.

    inspection_category, _conclusion (number with its day), _text, _handling, _dossier; `number`, `dated` (ISO, null
    where neither the line nor the sheet's title gives it); `day`, `until` (float64 day numbers, the first and the last
    possible; -1e9 and 1e9 where unknown); `in_time` (the conclusion is not later than `as_of`).
    """
    law = LawPack.load(ROSTER).at(as_of, ("inspection_category", "inspection_cleared", "inspection_denied"))
    group, words = findings["finding_group"].astype(TEXT).fillna(""), findings["finding_text"].astype(TEXT).fillna("")
    codes, distinct = pd.factorize(group + "\x1f" + words)
    named = law.lists("inspection_category"), law.words("inspection_cleared"), law.words("inspection_denied")
    parts = [str(both).split("\x1f", maxsplit=1) for both in distinct]
    categories = [category(heading, text, *named) for heading, text in parts]
    number, day = conclusions_of(findings)
    written = day.str.replace(r"^(\d+)-(\d+)-(\d+)$", r"\3/\2/\1", regex=True)
    days = span(day)
    first = days["first"].astype("Float64").fillna(-1e9)
    return pd.DataFrame(
        {
            "inspection_category": pd.array(categories, dtype=TEXT).take(codes),
            "inspection_conclusion": (number.fillna("") + (" ngày " + written).fillna("")).str.strip().to_numpy(),
            "inspection_text": (group + ": " + words).str.strip(": ").to_numpy(),
            "inspection_handling": findings["handling"].to_numpy(),
            "inspection_dossier": findings["dossier_no"].to_numpy(),
            "number": number.to_numpy(),
            "dated": day.to_numpy(),
            "day": first.to_numpy("float64"),
            "until": days["last"].astype("Float64").fillna(1e9).to_numpy("float64"),
            "in_time": (first <= (as_of - date(1970, 1, 1)).days).to_numpy("bool"),
        },
        index=pd.Index(findings["record_id"]),
    )


def conclusions_of(findings: pd.DataFrame) -> tuple["pd.Series[str]", "pd.Series[str]"]:
    """Number and ISO day of each line's conclusion: the line's own, else what the sheet's title says.

    The sheet's name is a number only where it says that it names a conclusion (`KL-A`): `Sheet1` names none.
    """
    number = findings["conclusion_no"].astype(TEXT)
    day = findings["conclusion_date"].astype(TEXT)
    codes, distinct = pd.factorize(findings["sheet_title"].astype(TEXT))
    numbers = [m[1] if (m := _TITLE.search(str(t))) else None for t in distinct]
    days = [f"{int(m[3]):04}-{int(m[2]):02}-{int(m[1]):02}" if (m := _DAY.search(str(t))) else None for t in distinct]
    of_title = [
        pd.Series(pd.array(values, dtype=TEXT).take(codes, allow_fill=True), index=findings.index)
        for values in (numbers, days)
    ]
    sheet = findings["source_sheet"].astype(TEXT)
    sheet = sheet.where(sheet.map(lambda name: _NAMES_ONE.search(fold(str(name))) is not None).astype("bool"))
    return number.fillna(of_title[0]).fillna(sheet), day.fillna(of_title[1])


def category(
    group: str,
    words: str,
    categories: Mapping[str, tuple[str, ...]],
    cleared: tuple[str, ...],
    denied: tuple[str, ...],
) -> str:
    """The category of a finding by the words of its group and its text.

    A clearing counts wherever it stands; beside a conclusion of forgery it leaves the finding open. The group decides
    before the text; what no word names is to be verified further. `denied`: words before a word that take it back
    (`không đủ điều kiện`, `có dấu hiệu giả mạo`).
    """
    group_says, text_says = (_first_category(part, categories, denied) for part in (group, words))
    found = group_says or text_says or "verify_more"
    if not (_stands(group, cleared, denied) or _stands(words, cleared, denied)):
        return found
    return "verify_more" if found == "forged" else "cleared"


def category_of_group(group: str, as_of: date) -> str | None:
    """The category that the words of a group's name say; None where they say none."""
    law = LawPack.load(ROSTER).at(as_of, ("inspection_category", "inspection_cleared", "inspection_denied"))
    denied = law.words("inspection_denied")
    if _stands(group, law.words("inspection_cleared"), denied):
        return "cleared"
    return _first_category(group, law.lists("inspection_category"), denied)


def _first_category(words: str, categories: Mapping[str, tuple[str, ...]], denied: tuple[str, ...]) -> str | None:
    for name, phrases in categories.items():
        if _stands(words, phrases, denied if name == "forged" else ()):
            return name
    return None


def _stands(words: str, phrases: tuple[str, ...], denied: tuple[str, ...]) -> bool:
    """Whether a phrase stands in the text without a word of denial just before it."""
    plain = words.isascii()
    same = fold if plain else spelling
    written = f" {same(words)} "
    before = tuple(f" {same(word)} " for word in denied)
    for phrase in phrases:
        wanted = f" {same(phrase)} "
        at = written.find(wanted)
        while at >= 0:
            if not written[: at + 1].endswith(before):
                return True
            at = written.find(wanted, at + 1)
    return False
