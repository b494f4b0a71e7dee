"""One sheet as received to its records and rejects: form is changed, never meaning; a distinct value is read once."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.received import ReceivedSheet, StandardisedSheet
from eligibility_audit.standardise import amounts, cells, contexts
from eligibility_audit.standardise.dates import previous_century, read_date
from eligibility_audit.standardise.encodings import repair_columns
from eligibility_audit.standardise.ids import NOT_PLAIN_ID, PLAIN_ID, ReadId, century_of_id, read_id
from eligibility_audit.standardise.messages import message
from eligibility_audit.standardise.names import NOT_PLAIN_NAME, PLAIN_NAME, ReadName, fold, read_name, tidy
from eligibility_audit.standardise.records import REJECTS, TEXT, columns_of

Text = Any  # pd.Series of dtype string[pyarrow]; the stubs have no name for it
_OFFICES_OWN_DAYS: Final = frozenset({"decision_date", "registered_on", "paid_on", "conclusion_date"})
_NOTE_OF: Final = {
    "zero_restored": "zeros_restored",
    "placeholder": "year_only_from_0101",
    "two_digit_year": "two_digit_years",
    "serial": "excel_serial_dates",
    "month_first": "month_before_day",
    "approximate": "approximate_dates",
}
_UNTIDY: Final = "^\\s|\\s$|\\s\\s|[\\t\\n\\r\\v\\f\u0300-\u036f\u00a0\u2000-\u200f\u202f\u2060\u3000\ufeff]"
_HEADINGS: Final = ("heading_commune", "heading_district", "heading_group")
_HEAD: Final = frozenset({"chu ho", "ch"})
_SEX_MARK: Final = frozenset({"x", "v", "1", "+", "co"})


def standardise_sheet(sheet: ReceivedSheet, as_of: date) -> StandardisedSheet:
    """The records of a sheet (all columns of its kind but record_id) and what could not be read in it."""
    return _Work(sheet, as_of).run()


class _Work:
    """A sheet being standardised: its decoded texts, the record columns made so far, rejects and notes."""

    def __init__(self, sheet: ReceivedSheet, as_of: date) -> None:
        self.sheet, self.as_of, self.kind = sheet, as_of, sheet.kind
        lines = sheet.lines.reset_index(drop=True)
        self.rows = len(lines)
        self.index = lines.index
        self.source_row = lines["source_row"].to_numpy(dtype="int64")
        fields = [f for f in KINDS[sheet.kind].field_names if f in lines]
        headings = [h for h in _HEADINGS if h in lines and lines[h].notna().any()]
        self.texts, decoded = _decoded({name: _filled(lines[name]) for name in [*fields, *headings]}, self.rows)
        self.blank, self.null = self.constant(""), self.constant(None)
        self.fields = frozenset(fields)
        self.lines = lines
        self.out: dict[str, Any] = {}
        self.rejects: list[pd.DataFrame] = []
        self.notes: Counter[str] = Counter(rows_decoded=int(decoded.sum()))

    # -- reading columns

    def text(self, field: str) -> Text:
        """A field's cells; blank where the sheet has no such column."""
        return self.texts.get(field, self.blank)

    def first_said(self, one: Text, other: Text) -> Text:
        """`one`, and where it is blank `other`."""
        if other is self.blank:
            return one
        return other if one is self.blank else one.mask(~_matches(one, r"\S"), other).astype(TEXT)

    def any_said(self, *fields: str) -> np.ndarray:
        """Where any of the fields has a word or a figure in it."""
        said = np.zeros(self.rows, dtype=bool)
        for field in self.fields.intersection(fields):
            said |= _matches(self.text(field), r"[\p{L}\p{N}]")
        return said

    def constant(self, value: str | None) -> Text:
        texts: Any = pa.repeat(pa.scalar(value, type=pa.large_string()), self.rows)
        return pd.Series(_array(texts, TEXT), index=self.index)

    def each(
        self, texts: Text, read: Callable[[str], Any], plain: tuple[str, str, Callable[[str], Any]] | None = None
    ) -> tuple[np.ndarray, list[Any]]:
        """The codes of the distinct texts, and what each reads as.

        `plain`: a pattern, a pattern that must not be there, and what such a text reads as without a closer look.
        """
        codes, distinct = pd.factorize(texts)
        if plain is None:
            return codes, [read(value) for value in distinct.tolist()]
        is_plain = _matches(distinct, plain[0]) & ~_matches(distinct, plain[1])
        simply = plain[2]
        pairs = zip(distinct.tolist(), is_plain.tolist(), strict=True)
        return codes, [simply(value) if easy else read(value) for value, easy in pairs]

    def gather(self, codes: np.ndarray, values: Sequence[Any], dtype: str = TEXT) -> pd.Series:
        return pd.Series(_array(values, dtype).take(codes), index=self.index)

    def null_where_blank(self, texts: Text) -> Text:
        values: Any = pa.array(texts, type=pa.large_string(), from_pandas=True)
        blank = pc.equal(values, pa.scalar("", type=pa.large_string()))
        if not pc.any(blank).as_py():
            return texts
        said = pc.if_else(blank, pa.scalar(None, type=pa.large_string()), values)
        return pd.Series(_array(said, TEXT), index=self.index)

    def tidied(self, field: str) -> Text:
        """A text column: NFC, single spaces, null where blank."""
        if field not in self.texts:
            return self.null
        texts = self.text(field)
        if not _matches(texts, _UNTIDY).any():
            return self.null_where_blank(texts)
        codes, values = self.each(texts, lambda value: tidy(value) or None)
        return self.gather(codes, values)

    def read(
        self,
        field: str,
        texts: Text,
        read: Callable[[str], Any],
        dtype: str = TEXT,
        plain: tuple[str, str, Callable[[str], Any]] | None = None,
    ) -> pd.Series:
        """A column whose reader answers with value, problem and perhaps a remark; problems become rejects."""
        codes, answers = self.each(texts, read, plain)
        self.reject(field, texts, codes, [answer.problem for answer in answers])
        self.remark(codes, [getattr(answer, "remark", "") for answer in answers])
        return self.gather(codes, [answer.value for answer in answers], dtype)

    def remark(self, codes: np.ndarray, remarks: list[str]) -> None:
        if not any(remarks):
            return
        for remark in set(remarks) - {""}:
            has = np.array([r == remark for r in remarks])
            self.notes[_NOTE_OF.get(remark, remark)] += int(has[codes].sum())

    def reject(self, field: str, texts: Text, codes: np.ndarray, problems: list[str], stage: str = "field") -> None:
        if not any(problems):
            return
        at = np.flatnonzero(np.array([p != "" for p in problems])[codes])
        found = [problems[code] for code in codes[at]]
        self.reject_rows(field, at, found, texts.iloc[at].tolist(), stage)

    def reject_rows(self, field: str, at: np.ndarray, found: list[str], raw: list[str], stage: str) -> None:
        rows = {
            "source_file": [self.sheet.source_file] * len(at),
            "source_sheet": [self.sheet.source_sheet] * len(at),
            "source_row": self.source_row[at],
            "stage": [stage] * len(at),
            "field": [field] * len(at),
            "code": found,
            "message": [message(code, field, self.kind) for code in found],
            "raw": raw,
        }
        self.rejects.append(pd.DataFrame(rows).astype(REJECTS))

    # -- the steps

    def run(self) -> StandardisedSheet:
        self.carry_household()
        self.names()
        self.national_ids()
        self.groups()
        self.sexes()
        self.births()
        self.places()
        for field in ("dossier_no", "home_place", "note"):
            self.out[field] = self.tidied(field)
        self.own_columns()
        records = self.frame()
        kept = self.keep(records)
        if not kept.all():
            records = records[kept].reset_index(drop=True)
        if self.kind == "poor_households":
            records = self.with_members(records)
        rejects = pd.concat(self.rejects, ignore_index=True) if self.rejects else _no_rejects()
        rejects = rejects.sort_values(["source_row", "stage", "field"], kind="stable").reset_index(drop=True)
        return StandardisedSheet(records, rejects, {note: n for note, n in self.notes.items() if n})

    def names(self) -> None:
        texts = self.text("name")
        if self.fields & {"surname_middle", "given_name"}:
            joined = self.text("surname_middle").str.cat(self.text("given_name"), sep=" ")
            texts = self.first_said(texts, joined)
        codes, names = self.each(texts, read_name, (PLAIN_NAME, NOT_PLAIN_NAME, ReadName))
        self.out["name"] = self.gather(codes, [n.name for n in names])
        self.out["name_received"] = texts.str.strip(" ")
        in_cell = self.gather(codes, [n.alias for n in names])
        self.notes["aliases"] += int(in_cell.notna().sum())
        self.out["alias"] = self.tidied("alias").fillna(in_cell) if "alias" in self.fields else in_cell

    def national_ids(self) -> None:
        self.out["national_id"] = self.read(
            "national_id", self.text("national_id"), read_id, plain=(PLAIN_ID, NOT_PLAIN_ID, ReadId)
        )

    def groups(self) -> None:
        """The group of a line: its own column, else the heading above, else what the sheet's name or title says."""
        self.out["heading_group"] = self.tidied("heading_group")
        if self.kind in ("deaths", "pensions", "service_records", "inspection_findings", "poor_households"):
            return
        fallback = contexts.group_of_sheet(self.sheet.source_sheet, self.sheet.title)
        group = self.tidied("group").fillna(self.out["heading_group"])
        self.out["group"] = group if fallback is None else group.fillna(fallback)

    def sexes(self) -> None:
        sex = self.sex_column() if "sex" in self.fields else self.null
        for field, said in (("birth_if_male", "M"), ("birth_if_female", "F")):
            if field in self.fields:
                other = self.text("birth_if_female" if said == "M" else "birth_if_male")
                alone = _matches(self.text(field), r"\w") & ~_matches(other, r"\w")
                sex = sex.mask(sex.isna() & alone, said)
        if "relation" in self.fields:
            codes, values = self.each(self.text("relation"), amounts.sex_of_relation)
            sex = sex.fillna(self.gather(codes, values))
        self.out["sex"] = sex

    def sex_column(self) -> Text:
        """The sex column; crosses and figures by what the heading or the names tell of them."""
        texts = self.text("sex")
        codes, distinct = pd.factorize(texts)
        folded = [fold(str(text)) for text in distinct]
        values = [amounts.read_sex(str(text)) for text in distinct]
        unread = np.array([v is None and said != "" for v, said in zip(values, folded, strict=True)], dtype=bool)
        if unread.any():
            heading = self.sheet.header.get("sex", "")
            coded = contexts.sex_codes(heading, texts, self.out["name"], unread[codes])
            values = [value or coded.get(said) for value, said in zip(values, folded, strict=True)]
            pairs = zip(values, distinct.tolist(), strict=True)
            problems = ["unreadable_sex" if v is None and re.search(r"\w", str(t)) else "" for v, t in pairs]
            self.reject("sex", texts, codes, problems)
        return self.gather(codes, values)

    def births(self) -> None:
        texts = self.text("date_of_birth")
        for field in ("birth_if_male", "birth_if_female"):
            if field in self.fields:
                other = self.text(field)
                texts = self.first_said(texts, other.mask(other.str.strip().str.lower().isin(_SEX_MARK), ""))
        if "birth_year" in self.fields:
            texts = self.first_said(texts, self.birth_pieces())
        codes, answers = self.each(texts, lambda text: read_date(text, self.as_of))
        self.reject("date_of_birth", texts, codes, [a.problem for a in answers])
        self.remark(codes, [a.remark for a in answers])
        born = self.gather(codes, [a.value for a in answers])
        unsure = np.array([a.remark == "two_digit_year" and a.value is not None for a in answers] or [False])[codes]
        if unsure.any():
            born = self.right_century(born, np.flatnonzero(unsure))
        self.out["date_of_birth"] = born

    def birth_pieces(self) -> Text:
        """Day, month and year of three columns as one text; blank where there is no year."""
        whole = r"\.0$"
        year = self.text("birth_year").str.strip().str.replace(whole, "", regex=True)
        day = self.text("birth_day").str.strip().str.replace(whole, "", regex=True)
        month = self.text("birth_month").str.strip().str.replace(whole, "", regex=True)
        joined = day.mask(day == "", "00").str.cat([month.mask(month == "", "00"), year], sep="/")
        alone = (day == "") & (month == "")
        return joined.mask(alone, year).mask(year == "", "").astype(TEXT)

    def right_century(self, born: Text, at: np.ndarray) -> Text:
        """Two-digit years: what a twelve-digit number states, else the latest century that the kind allows."""
        latest = contexts.latest_birth_year(self.kind, self.claims_or_groups(), self.as_of)
        values, ids = born.tolist(), self.out["national_id"].tolist()
        for row in at:
            value, stated = values[row], century_of_id(_or_none(ids[row]))
            year = int(value[:4])
            if stated == year:
                continue
            if year > latest[row] or stated == year - 100:
                values[row] = previous_century(value) or value
        return pd.Series(pd.array(values, dtype=TEXT), index=self.index)

    def claims_or_groups(self) -> Text:
        if self.kind == "agent_orange":
            return self.claims()
        return self.out.get("group", self.null)

    def claims(self) -> Text:
        """`veteran` or `child`: by the line's group, the heading, the sheet's name and title, then the columns."""
        if "claim" not in self.out:
            of_sheet = contexts.claim_of_sheet(self.sheet.source_sheet, self.sheet.title)
            codes, values = self.each(self.out["group"].fillna(""), contexts.claim_of_text)
            claim = self.gather(codes, values)
            if of_sheet is not None:
                claim = claim.fillna(of_sheet)
            if claim.isna().any():
                served = self.any_said("service", "service_from", "unit_place")
                parent = self.any_said("parent_name", "parent_dossier_no")
                claim = claim.mask(claim.isna() & parent & ~served, "child")
                claim = claim.mask(claim.isna() & served & ~parent, "veteran")
            self.out["claim"] = claim
        claims: Text = self.out["claim"]
        return claims

    def places(self) -> None:
        """Commune, district, code and hamlet: columns before headings before titles before names of sheets."""
        commune, district, address = self.text("commune"), self.text("district"), self.text("address")
        headed, headed_district = self.text("heading_commune"), self.text("heading_district")
        said = self.first_said(commune, address)
        if not (self.fields & {"commune", "address"}) and KINDS[self.kind].role == "reference":
            said = self.first_said(said, self.text("home_place"))
        said = self.first_said(said, headed)
        nearest = self.first_said(district, headed_district)
        addresses = [self.text("home_place"), address]
        gazetteer = contexts.gazetteer(self.sheet, self.as_of, [said, headed], [nearest], addresses)
        around = contexts.district_around(self.sheet, gazetteer, said)
        alone = contexts.commune_around(self.sheet, gazetteer, around)
        parts = [text.str.replace("\x1f", " ", regex=False) for text in (said, nearest, address)]
        keys = parts[0].str.cat(parts[1:], sep="\x1f")
        codes, distinct = pd.factorize(keys)

        def resolve(key: str) -> Any:
            text, near, where = key.split("\x1f")
            place = gazetteer.resolve(text or alone or "", near.strip() or around)
            if where.strip() and where != text:  # a commune column and an address: the address may know more
                more = gazetteer.resolve(where, place.district)
                district_of = place.district or (more.district if more.commune == place.commune else None)
                place = gazetteer.resolve(text or alone or "", district_of)._replace(hamlet=place.hamlet or more.hamlet)
            return place

        found = [resolve(key) for key in distinct.tolist()]
        for column in ("commune", "district"):
            self.out[column] = self.gather(codes, [getattr(place, column) for place in found])
        self.out["commune_code"] = self.gather(codes, [place.code for place in found])
        in_place = self.gather(codes, [place.hamlet for place in found])
        self.out["hamlet"] = self.tidied("hamlet").fillna(in_place) if "hamlet" in self.fields else in_place
        unclear = np.array([place.ambiguous for place in found] or [False])
        self.notes["communes_ambiguous"] += int(unclear[codes].sum()) if len(codes) else 0

    def own_columns(self) -> None:
        """The columns of the kind, each by its form; those that share a cell with another by their own step."""
        for field in KINDS[self.kind].fields:
            if field.name in self.out or field.name not in self.fields:
                continue
            self.by_form(field.name, field.form)
        steps: dict[str, tuple[Callable[[], object], ...]] = {
            "agent_orange": (self.claims, self.service, self.units, self.papers, self.decisions),
            "merit_other": (self.decisions,),
            "social_assistance": (self.decisions,),
            "service_records": (self.service, self.units),
            "inspection_findings": (self.conclusions,),
            "poor_households": (self.households,),
        }
        decided = (self.decisions,) if "decision_no" in KINDS[self.kind].field_names else ()
        for step in steps.get(self.kind, decided):
            step()

    def by_form(self, field: str, form: str) -> None:
        texts = self.text(field)
        if form == "money":
            unit = contexts.money_unit(self.sheet.title, self.sheet.header.get(field, ""))
            self.out[field] = self.read(field, texts, lambda t: amounts.read_money(t, unit), "Int64")
        elif form in ("number", "percent"):
            read = amounts.read_percent if form == "percent" else amounts.read_number
            self.out[field] = self.read(field, texts, read, "Float64")
        elif form == "whole":
            self.out[field] = self.read(field, texts, amounts.read_whole, "Int64") if field != "ordinal" else None
        elif form == "date":
            placeholder = field not in _OFFICES_OWN_DAYS
            self.out[field] = self.read(field, texts, lambda t: read_date(t, self.as_of, placeholder=placeholder))
        elif field == "start_month":
            start = self.read(field, texts, lambda t: read_date(t, self.as_of, placeholder=False))
            self.out[field] = start.str.slice(0, 7)
        elif form == "month":
            ends = self.read(field, texts, lambda t: cells.read_service_date(t, self.as_of))
            self.out[field] = ends.str.replace(r"-01$", "", regex=True).where(ends.str.len() == 10, ends)
        else:
            self.out[field] = self.tidied(field)

    def service(self) -> None:
        if "service" not in self.fields:
            return
        codes, periods = self.each(self.text("service"), lambda t: cells.read_period(t, self.as_of))
        self.reject("service", self.text("service"), codes, [p.problem for p in periods])
        for column, values in (("service_from", [p.first for p in periods]), ("service_to", [p.last for p in periods])):
            read = self.gather(codes, values)
            self.out[column] = self.out[column].fillna(read) if column in self.out else read

    def units(self) -> None:
        """Unit and place: of one cell, of a unit's column where no column has the place, of a place that is a unit."""
        source = next((f for f in ("unit_place", "unit", "place") if f in self.fields), None)
        if source is None or {"unit", "place"} <= self.fields:
            self.place_that_is_a_unit()
            return
        codes, pairs = self.each(self.text(source), _place_of if source == "place" else cells.split_unit_place)
        for column, values in (("unit", [u for u, _ in pairs]), ("place", [p for _, p in pairs])):
            read = self.gather(codes, values)
            known = self.out[column] if column in self.out and column != source else None
            self.out[column] = read if known is None else known.fillna(read)

    def place_that_is_a_unit(self) -> None:
        """Of two columns: a unit's code under 'place' is the unit; a place beside the unit's name is the place."""
        if "place" not in self.fields:
            return
        codes, pairs = self.each(self.text("place"), _unit_in_place)
        only_unit = self.gather(codes, pairs)
        self.out["unit"] = self.out["unit"].fillna(only_unit)
        self.out["place"] = self.out["place"].mask(only_unit.notna())
        alone = self.text("unit").mask(self.out["place"].notna(), "")
        codes, pairs = self.each(alone, cells.split_unit_place)
        beside = self.gather(codes, [p if u else None for u, p in pairs])
        if beside.notna().any():
            self.out["place"] = self.out["place"].fillna(beside)
            units = self.gather(codes, [u if p else None for u, p in pairs])
            self.out["unit"] = units.fillna(self.out["unit"])

    def papers(self) -> None:
        texts = self.text("papers").str.cat(self.text("paper_date"), sep=" ").str.strip().astype(TEXT)
        codes, papers = self.each(texts, lambda t: cells.read_papers(t, self.as_of))
        self.out["papers"] = self.gather(codes, [p.papers for p in papers])
        self.out["paper_dates"] = self.gather(codes, [p.dates for p in papers])
        self.out["undated_papers"] = self.gather(codes, [p.undated for p in papers], "Int64")
        if not (self.fields & {"papers", "paper_date"}):
            self.out["undated_papers"] = self.out["undated_papers"].mask(self.out["papers"].isna())

    def decisions(self) -> None:
        for field in ("decision", "decision_no"):
            if field not in self.fields:
                continue
            codes, pairs = self.each(self.text(field), lambda t: cells.read_decision(t, self.as_of))
            number, day = self.gather(codes, [n for n, _ in pairs]), self.gather(codes, [d for _, d in pairs])
            known = self.out.get("decision_no") if field == "decision" else None
            self.out["decision_no"] = number if known is None else known.fillna(number)
            dated = self.out.get("decision_date")
            self.out["decision_date"] = day if dated is None else dated.fillna(day)

    def conclusions(self) -> None:
        number, day = cells.read_conclusion(self.sheet.title, self.as_of)
        if number is None and re.match(r"(?i)kl|kết luận", self.sheet.source_sheet):
            number = tidy(self.sheet.source_sheet)
        for column, value in (("conclusion_no", number), ("conclusion_date", day)):
            known = self.out.get(column)
            said = self.constant(value)
            self.out[column] = said if known is None else known.fillna(said)

    # -- households

    def carry_household(self) -> None:
        """A list of one person a line: what is said of a household on its first line holds for the lines below."""
        if self.kind != "poor_households" or "relation" not in self.fields:
            return
        codes, heads = self.each(self.text("relation"), lambda text: fold(text).strip(" .") in _HEAD)
        head = np.array(heads or [False], dtype=bool)[codes]
        if "household_no" in self.fields:
            number = self.text("household_no").str.strip()
            head = head | ((number != "") & (number != number.shift(fill_value=""))).to_numpy(dtype=bool)
        self.household = np.cumsum(head)
        if not head.any():
            return
        for field in ("household_no", "household_class", "commune", "district", "hamlet", "address"):
            if field in self.fields:
                texts = self.text(field)
                carried = texts.mask(texts.str.strip() == "").groupby(self.household).ffill()
                self.texts[field] = carried.fillna("").astype(TEXT)

    def households(self) -> None:
        member = np.zeros(self.rows, dtype="int64")
        first = self.source_row
        if hasattr(self, "household"):
            groups = pd.Series(self.household, index=self.index)
            member = groups.groupby(self.household).cumcount().to_numpy()
            first = pd.Series(self.source_row).groupby(self.household).transform("first").to_numpy()
        self.out["member"] = member
        made = [f"{self.sheet.source_file}#{self.sheet.source_sheet}#{row}" for row in first]
        known: Text = self.out.get("household_no", self.null)
        self.out["household_no"] = known.fillna(pd.Series(pd.array(made, dtype=TEXT), index=self.index))
        fallback = cells.household_class(self.sheet.source_sheet) or contexts.class_of_title(self.sheet.title)
        codes, values = self.each(self.text("household_class"), cells.household_class)
        of_line = self.gather(codes, values)
        codes, values = self.each(self.text("heading_group"), cells.household_class)
        of_line = of_line.fillna(self.gather(codes, values))
        self.out["household_class"] = of_line.fillna(fallback) if fallback else of_line

    def with_members(self, records: pd.DataFrame) -> pd.DataFrame:
        """A record for each member that a household's cell lists, after its head."""
        if "members" not in self.fields:
            return records
        texts = self.text("members")
        codes, answers = self.each(texts, lambda t: cells.read_members(t, self.as_of))
        self.reject("members", texts, codes, ["member_without_name" if lost else "" for _, lost in answers])
        counts = np.array([len(found) for found, _ in answers] or [0])[codes]
        if not counts.any():
            return records
        parent = np.repeat(np.arange(self.rows), counts)
        found = [member for code in codes for member in answers[code][0]]
        everyone = self.frame().iloc[parent].reset_index(drop=True)
        for column in ("name", "alias", "name_received", "date_of_birth", "sex", "national_id", "relation"):
            everyone[column] = pd.array([getattr(member, column) for member in found], dtype=TEXT)
        for column in ("note", "dossier_no"):
            everyone[column] = pd.array([None] * len(found), dtype=TEXT)
        starts = np.repeat(np.cumsum(counts) - counts, counts)
        everyone["member"] = np.arange(len(found)) - starts + 1
        self.notes["members"] += len(found)
        together = pd.concat([records, everyone], ignore_index=True)
        return together.sort_values(["source_row", "member"], kind="stable").reset_index(drop=True)

    # -- the frame

    def frame(self) -> pd.DataFrame:
        """All columns of the kind, typed, in order."""
        columns = columns_of(self.kind)
        given: dict[str, Any] = {
            "source_file": self.constant(self.sheet.source_file),
            "source_sheet": self.constant(self.sheet.source_sheet),
            "source_row": self.source_row,
            "member": np.zeros(self.rows, dtype="int64"),
            "hidden": (self.lines["hidden"] | self.sheet.hidden).astype("boolean"),
            "sheet_title": self.constant(self.sheet.title or None),
            "line": self.lines["line"].astype(TEXT),
        }
        made = given | self.out | {f"received_{field}": self.texts[field] for field in self.fields}
        empty = {dtype: _array([None], dtype) for dtype in set(columns.values()) - {"int64"}}
        nothing = np.zeros(self.rows, dtype="int64")
        frame = {}
        for name, dtype in columns.items():
            column = made.get(name)
            if column is None:
                column = empty[dtype].take(nothing)
            elif getattr(column, "dtype", None) != dtype:
                column = _array(column, dtype)
            frame[name] = column.array if isinstance(column, pd.Series) else column
        return pd.DataFrame(frame, index=self.index, copy=False)

    def keep(self, records: pd.DataFrame) -> np.ndarray:
        """Lines with a person; others are rejected whole. A household whose head has no name keeps its members."""
        named = records["name"].notna().to_numpy(dtype=bool)
        if named.all():
            return named
        at = np.flatnonzero(~named)
        stages = ["line"] * len(at)
        if "members" in self.fields:
            others = self.text("members").iloc[at].tolist()
            stages = ["field" if cells.read_members(t, self.as_of)[0] else "line" for t in others]
        whole = np.array([stage == "line" for stage in stages])
        lines = self.lines["line"].fillna("").iloc[at].tolist()
        received = records["name_received"].fillna("").iloc[at].tolist()
        gone = {int(row) for row in self.source_row[at[whole]]}
        self.rejects = [frame[~frame["source_row"].isin(gone)] for frame in self.rejects]  # a line is rejected once
        for stage, raw in (("line", lines), ("field", received)):
            chosen = [i for i, said in enumerate(stages) if said == stage]
            if chosen:
                self.reject_rows("name", at[chosen], ["empty_name"] * len(chosen), [raw[i] for i in chosen], stage)
        return named


def _unit_in_place(text: str) -> str | None:
    """The unit that stands in a cell of places, numbered and without a place; null for any other cell."""
    unit, place = cells.split_unit_place(text)
    return unit if place is None and unit and any(c.isdigit() for c in text) and not cells.is_region(text) else None


def _place_of(text: str) -> tuple[str | None, str | None]:
    """Unit and place of a cell of a column of places."""
    return (None, tidy(text)) if cells.is_region(text) else cells.split_unit_place(text)


def _filled(column: Text) -> Text:
    """A column as Arrow text, blank where null."""
    texts = column if column.dtype == TEXT else column.astype(TEXT)
    return texts.fillna("") if texts.hasnans else texts


def _decoded(texts: dict[str, Text], rows: int) -> tuple[dict[str, Text], np.ndarray]:
    """Text columns decoded, headings but for (the reader decodes them); plain ASCII columns are left as they are."""
    foreign = {name: column for name, column in texts.items() if name not in _HEADINGS and not _all_ascii(column)}
    if not foreign:
        return texts, np.zeros(rows, dtype=bool)
    decoded, changed = repair_columns(foreign)
    return texts | decoded, changed


def _matches(texts: Any, pattern: str) -> np.ndarray:
    """Where the pattern is found; null texts do not match."""
    values: Any = pa.array(texts, type=pa.large_string(), from_pandas=True)
    return np.asarray(pc.fill_null(pc.match_substring_regex(values, pattern), False)).astype(bool)


def _all_ascii(column: Text) -> bool:
    texts: Any = pa.array(column, from_pandas=True)
    answer = pc.all(pc.string_is_ascii(texts))
    return answer.as_py() is not False


def _array(values: Any, dtype: str) -> Any:
    return pd.array(values, dtype=cast(Any, dtype))


def _or_none(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _no_rejects() -> pd.DataFrame:
    return pd.DataFrame({name: _array([], dtype) for name, dtype in REJECTS.items()})
