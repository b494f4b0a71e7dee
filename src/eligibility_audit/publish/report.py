"""The report of a run: one file that opens offline, prints, and holds counts, never a person.

What came in, what could not be read, what is proposed, what was not done and why, who does what next. It knows no
clock: the same run gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.review.measures import Measured
from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.publish import charts, report_measures
from eligibility_audit.publish.amounts import day, money, number
from eligibility_audit.publish.contracts import FINDINGS, REJECTS, conform
from eligibility_audit.publish.lines import WHO_VI, law_mark
from eligibility_audit.publish.lists import ADJUST, ADJUST_UP, LISTS, by_name, listed
from eligibility_audit.publish.papers import programme_name
from eligibility_audit.publish.rule_notes import rule_notes
from eligibility_audit.recommend.wording import check

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

FILE_NAME: Final = "report.html"
MANY: Final = 40  # a table with more rows is folded up
NOT_PERSON_VI: Final = {
    "title": "tên danh sách",
    "header": "tiêu đề cột",
    "repeated_header": "tiêu đề cột lặp lại",
    "column_numbers": "số thứ tự cột",
    "group": "dòng tên huyện, xã, nhóm",
    "subtotal": "cộng nhóm",
    "total": "tổng cộng",
    "note": "ghi chú",
    "signature": "chữ ký",
    "blank": "dòng trống",
    "no_table": "trang không có bảng",
    "hidden_copy": "trang ẩn lặp lại trang khác",
}
OUTCOME_VI: Final = {"not_met": "chưa thấy đáp ứng", "undetermined": "chưa đủ thông tin", "met": "đáp ứng"}
SEVERITY_VI: Final = {"error": "cần sửa", "warning": "cần xem lại", "info": "để biết"}
STAGE_VI: Final = {"line": "cả dòng", "field": "một ô"}
TASKS: Final = {
    "verify": (
        "Cán bộ nghiệp vụ",
        "Tra cứu, hỏi cơ quan giữ hồ sơ; ghi kết quả đúng, chưa đúng hoặc không kiểm tra được.",
    ),
    "ask_papers": (
        "Cán bộ nghiệp vụ",
        "Tìm trong hồ sơ lưu trước; chỉ mời người dân nộp giấy tờ không cơ quan nào giữ.",
    ),
    "adjust_up": ("Cán bộ nghiệp vụ", "Đối chiếu biên bản, quyết định; lập đề nghị điều chỉnh tăng."),
    "adjust_down": (
        "Cán bộ nghiệp vụ",
        "Đối chiếu biên bản, quyết định; thông báo cho người dân trước khi đề nghị điều chỉnh.",
    ),
    "adjust": ("Cán bộ nghiệp vụ", "Đối chiếu mức hưởng và thời gian hưởng với quyết định."),
    "suspend": (
        "Người lập, người kiểm tra, người ký",
        "Ghi văn bản làm căn cứ; kiểm tra chéo; trình người có thẩm quyền.",
    ),
    "terminate": (
        "Người lập, người kiểm tra, người ký",
        "Chỉ trình khi văn bản của cơ quan có thẩm quyền đã có trong hồ sơ.",
    ),
    "alive": (
        "UBND cấp xã",
        "Đến gặp; ghi còn sống, đã chết hoặc không gặp. Người đến gặp không phải người lập danh sách.",
    ),
}


@dataclass(frozen=True)
class ReportData:
    """What the report is made of.

    `reconciliation`: the columns of `contracts.RECONCILIATION`, of which `not_person` may be counts by reason, and as
    far as known `kind`, `unmapped` (headings that no field took) and `warnings`. `rejects`, `findings`,
    `recommendations`: the contract's columns. `link_report`: counts of the linkage. `validation`: kind,
    source_file, code, severity, sentence_vi, evaluated, failed; None where it was not asked. `notes`: sentences on what
    was not checked. `councils`: signals on the councils that determine disability (`contracts.COUNCILS`). `docs`: where
    the pages on rules stand, as the beginning of a link; "" for none. `pairs`: links with their `match_probability`
    (its findings then have `other_record_ids`), None where nothing was linked; `lesser`: probabilities of the pairs
    below. `before`: the recommendations of the run before this one, called `before_label`. `measured`: what blind
    second looks found, by rule.
    """

    plan_name: str
    as_of: date
    run_id: str
    reconciliation: pd.DataFrame
    rejects: pd.DataFrame
    findings: pd.DataFrame
    recommendations: pd.DataFrame
    link_report: Mapping[str, Any] = field(default_factory=dict)
    validation: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    councils: pd.DataFrame | None = None
    docs: str = ""
    pairs: pd.DataFrame | None = None
    lesser: "pd.Series[float] | None" = None
    before: pd.DataFrame | None = None
    before_label: str = ""
    measured: Mapping[str, Measured] = field(default_factory=dict)


@dataclass(frozen=True)
class Bar:
    """One row of a chart: its label, its count, its part of the longest row in percent, and its money."""

    label: str
    count: int
    share: float
    to_clarify: int = 0
    hint: str = ""
    link: str = ""


def write_report(folder: Path, summary: ReportData) -> Path:
    """Write `report.html` into the folder and return its path. Texts from the sources are escaped."""
    return _write(folder, "report.html.j2", _view(summary))


def write_braked(
    folder: Path, messages: Sequence[object], *, plan_name: str = "", as_of: date | None = None, run_id: str = ""
) -> Path:
    """Write the `report.html` of a run that a brake stopped: nothing was published, why, and what to do.

    `messages`: sentences `Vietnamese / English`, or objects whose text is one.
    """
    sentences = [_two(str(message)) for message in messages]
    view = {"plan_name": plan_name, "as_of": f"{as_of:%d/%m/%Y}" if as_of else "", "run_id": run_id}
    return _write(folder, "braked.html.j2", {**view, "messages": sentences})


def _write(folder: Path, template: str, view: Mapping[str, object]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    path.write_text(page(template, view), encoding="utf-8", newline="\n")
    return path


def page(template: str, view: Mapping[str, object]) -> str:
    """A page made from a template of this package; what the view says is escaped, a name it lacks is an error."""
    return _template(template).render(view)


def _template(name: str) -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("eligibility_audit.publish", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "money": money, "marked": _marked}
    return environment.get_template(name)


def _view(summary: ReportData) -> dict[str, object]:
    lines, sheets = listed(summary.recommendations), _sheets(summary.reconciliation)
    findings, rejects = conform(summary.findings, FINDINGS), conform(summary.rejects, REJECTS)
    persons = sum(sheet["persons"] for sheet in sheets if sheet["programme"])
    return {
        "plan_name": summary.plan_name,
        "as_of": f"{summary.as_of:%d/%m/%Y}",
        "run_id": summary.run_id,
        "foot": FOOT_VI,
        "sheets": sheets,
        "totals": {
            key: sum(s[key] for s in sheets) for key in ("lines", "records", "rejects", "not_person", "persons")
        },
        "files": len({sheet["file"] for sheet in sheets}),
        "audited": persons,
        "kept": max(persons - len(lines), 0),
        "proposed": len(lines),
        "share_proposed": _percent(len(lines), persons),
        "tasks": _tasks(lines),
        "by_list": _by_list(lines),
        "by_programme": _bars(lines, lines["programme"].fillna("").map(programme_name)),
        "by_district": _by_district(lines),
        "by_rule": _by_rule(findings, summary.docs, summary.measured),
        "measured": sum(one.judged for one in summary.measured.values()),
        "places_chart": _drawn(report_measures.of_places(lines)),
        "rules_chart": _drawn(report_measures.of_rules_and_districts(findings, lines)),
        "changes": None if summary.before is None else report_measures.changes(lines, summary.before),
        "before_label": summary.before_label,
        **_linked(summary, lines),
        "to_clarify": _asked(lines[lines["list"] != ADJUST_UP.code]),
        "upward": _asked(lines[lines["list"] == ADJUST_UP.code]),
        "not_person": _not_person(summary.reconciliation),
        "rejects": _rejects(rejects),
        "unmapped": _unmapped(summary.reconciliation),
        "warnings": _warnings(summary.reconciliation),
        "validation": _validation(summary.validation),
        "linked": {key: value for key, value in summary.link_report.items() if isinstance(value, int)},
        "laws": _laws(findings),
        "unconfirmed": int((lines["law_mark"].fillna("") != "confirmed").sum()),
        "simplifications": _simplifications(findings),
        "councils": _councils(summary.councils),
        "notes": [_two(note) for note in summary.notes],
        "many": MANY,
    }


def _sheets(reconciliation: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for line in reconciliation.to_dict("records"):
        kind = KINDS.get(str(line.get("kind", "")))
        counts = {key: _total(line.get(key)) for key in ("lines", "records", "rejects", "not_person", "persons")}
        label = kind.vi if kind else ""
        programme = kind.programme if kind else "unknown"
        rows.append({"file": str(line["source_file"]), "sheet": _plain(line["source_sheet"]), "kind": label})
        rows[-1] |= {"programme": programme, **counts}
    return rows


def _not_person(reconciliation: pd.DataFrame) -> list[Bar]:
    sums: dict[str, int] = {}
    for counts in reconciliation.get("not_person", pd.Series(dtype="object")):
        if isinstance(counts, Mapping):
            for reason, count in counts.items():
                sums[reason] = sums.get(reason, 0) + int(count)
    return _chart([(NOT_PERSON_VI.get(reason, reason), count, 0) for reason, count in sums.items() if count])


def _rejects(rejects: pd.DataFrame) -> list[dict[str, Any]]:
    """Counts by stage and code; the sentence is the most common one, never the raw text."""
    rows = []
    for (stage, code), part in rejects.groupby([rejects["stage"].fillna(""), rejects["code"].fillna("")], sort=True):
        commonest = part["message"].dropna().value_counts()
        sentence = str(min(commonest[commonest == commonest.max()].index)) if len(commonest) else ""
        rows.append(
            {
                "stage": STAGE_VI.get(str(stage), str(stage)),
                "code": str(code),
                "message": _two(sentence),
                "count": len(part),
                "sheets": len(part[["source_file", "source_sheet"]].fillna("").drop_duplicates()),
            }
        )
    return sorted(rows, key=lambda row: (-int(row["count"]), str(row["code"])))


def _unmapped(reconciliation: pd.DataFrame) -> list[tuple[str, str]]:
    """Where a sheet has columns that no field took: the place and the headings."""
    found = []
    for line in reconciliation.to_dict("records"):
        headings = line.get("unmapped")
        if isinstance(headings, list | tuple) and headings:
            place = ", ".join(part for part in (str(line["source_file"]), _plain(line["source_sheet"])) if part)
            found.append((place, "; ".join(f"“{heading}”" for heading in headings)))
    return found


def _warnings(reconciliation: pd.DataFrame) -> list[tuple[str, str]]:
    found = []
    for line in reconciliation.to_dict("records"):
        warnings = line.get("warnings")
        found += [_two(str(w)) for w in warnings] if isinstance(warnings, list | tuple) else []
    return list(dict.fromkeys(found))


def _validation(validation: pd.DataFrame | None) -> list[dict[str, Any]] | None:
    if validation is None:
        return None
    counts = {name: pd.to_numeric(validation[name]).fillna(0).astype("int64") for name in ("failed", "evaluated")}
    failed = validation.assign(**counts)[counts["failed"] > 0]
    keys = ["severity", "code", "sentence_vi"]
    sums = failed.groupby(keys, sort=True)[["failed", "evaluated"]].sum().reset_index()
    rows = [{str(k): v for k, v in row.items()} for row in sums.to_dict("records")]
    order = list(SEVERITY_VI)
    return [
        row | {"severity": SEVERITY_VI.get(str(row["severity"]), row["severity"])}
        for row in sorted(
            rows,
            key=lambda row: (
                order.index(row["severity"]) if row["severity"] in order else 9,
                -int(row["failed"]),
                str(row["code"]),
            ),
        )
    ]


def _councils(councils: pd.DataFrame | None) -> dict[str, Any] | None:
    """The councils whose files are worth looking at first, by place; None where there is no list of them."""
    if councils is None or councils.empty:
        return None
    shown = councils[(councils["signals_vi"].fillna("") != "").to_numpy("bool")]
    rows = [
        {"district": _plain(line["district"]), "commune": _plain(line["commune"]), "disabled": int(line["disabled"])}
        | {"said": str(line["signals_vi"])}
        for line in shown.to_dict("records")
    ]
    rows.sort(key=lambda row: (by_name(str(row["district"])), by_name(str(row["commune"]))))
    return {"count": int(councils["commune"].notna().sum()), "rows": rows}


def _tasks(lines: pd.DataFrame) -> list[dict[str, Any]]:
    tasks = []
    for kind in LISTS:
        part = lines[lines["list"] == kind.code]
        if part.empty:
            continue
        who, what = TASKS[kind.code]
        bodies = part["verify_with"].dropna().value_counts()
        asked = sorted(bodies.index, key=lambda body: (-int(bodies[body]), str(body)))[:3]
        due = part["due_on"].dropna()
        office = int((part["who_first"] == "office").fillna(False).sum())
        tasks.append(
            {
                "sheet": kind.sheet,
                "code": kind.code,
                "count": len(part),
                "who": who,
                "what": what,
                "asked": "; ".join(str(body) for body in asked),
                "office": office,
                "citizen_word": WHO_VI["citizen"],
                "due": day(str(due.min())) if len(due) else "",
            }
        )
    return tasks


def _by_list(lines: pd.DataFrame) -> list[Bar]:
    rows = [(kind.sheet, lines[lines["list"] == kind.code], kind.code) for kind in LISTS]
    longest = max((len(part) for _, part, _ in rows), default=0)
    return [
        Bar(sheet, len(part), _percent(len(part), longest), _asked(part), hint=code)
        for sheet, part, code in rows
        if len(part) or code != ADJUST.code
    ]


def _by_district(lines: pd.DataFrame) -> list[Bar]:
    return sorted(_bars(lines, lines["district"]), key=lambda bar: by_name(bar.label))


def _linked(summary: ReportData, lines: pd.DataFrame) -> dict[str, object]:
    """Scores of the links and what hangs on the threshold; nothing where nothing was linked."""
    pairs = summary.pairs
    if pairs is None or pairs.empty or "other_record_ids" not in summary.findings.columns:
        return {"scores_chart": "", "thresholds": [], "thresholds_chart": ""}
    lesser = pd.Series(dtype="float64") if summary.lesser is None else summary.lesser
    sure = pairs["match_probability"].to_numpy("float64")
    found = report_measures.sensitivity(summary.findings, lines, pairs)
    rows = [{"label": one.threshold, "count": one.proposals, "told": number(one.proposals)} for one in found]
    drawn = charts.steps(rows, "Chỉ tính các cặp có xác suất từ", "Số đề xuất còn căn cứ")
    scores = report_measures.of_scores(sure, lesser.to_numpy("float64"))
    return {"scores_chart": _drawn(scores), "thresholds": found, "thresholds_chart": _drawn(drawn)}


def _drawn(svg: str) -> "Markup":
    """A chart of ours, to be put into the page as it is: its renderer escaped its texts."""
    from markupsafe import Markup

    return Markup(svg)  # noqa: S704


def _by_rule(findings: pd.DataFrame, docs: str, measured: Mapping[str, Measured]) -> list[dict[str, Any]]:
    """Findings by rule. A title with an accusing word is left out: no conclusion's number stands beside it here."""
    notes = rule_notes()
    sizes = findings["rule_id"].fillna("").value_counts()
    rows = []
    for rule in sorted(sizes.index, key=lambda name: (-int(sizes[name]), str(name))):
        part = findings[findings["rule_id"] == rule]
        outcomes = part["outcome"].fillna("").value_counts().sort_index()
        rows.append(
            {
                "bar": Bar(str(rule), len(part), _percent(len(part), int(sizes.max()))),
                "title": notes[rule].title if rule in notes and not check(notes[rule].title) else "",
                "programmes": ", ".join(sorted({programme_name(str(p)) for p in part["programme"].dropna()})),
                "outcomes": "; ".join(
                    f"{OUTCOME_VI.get(str(o), str(o))}: {number(int(n))}" for o, n in outcomes.items()
                ),
                "link": f"{docs.rstrip('/')}/{rule}.md" if docs else "",
                "measured": measured.get(str(rule), Measured()).told,
            }
        )
    return rows


def _laws(findings: pd.DataFrame) -> list[dict[str, Any]]:
    """Citations that are not confirmed, with the number of findings that rest on them."""
    open_ = findings[findings["law_mark"].fillna("") != "confirmed"]
    keys = [open_["legal_basis"].fillna("chưa ghi căn cứ"), open_["law_mark"].fillna("")]
    rows = [{"basis": str(b), "mark": law_mark(str(m)), "count": len(part)} for (b, m), part in open_.groupby(keys)]
    return sorted(rows, key=lambda row: (-int(str(row["count"])), str(row["basis"])))


def _simplifications(findings: pd.DataFrame) -> list[tuple[str, str]]:
    """What the rules that found something do not take into account: the rules, the sentence."""
    used = set(findings["rule_id"].dropna())
    said: dict[str, list[str]] = {}
    for rule, note in sorted(rule_notes().items()):
        for text in note.simplifications if rule in used else ():
            said.setdefault(text, []).append(rule)
    return [(", ".join(rules), text) for text, rules in said.items()]


def _bars(lines: pd.DataFrame, labels: "pd.Series[Any]") -> list[Bar]:
    return _chart([(str(label), len(part), _asked(part)) for label, part in lines.groupby(labels, sort=True)])


def _chart(rows: Sequence[tuple[str, int, int]]) -> list[Bar]:
    longest = max((count for _, count, _ in rows), default=0)
    bars = [Bar(label, count, _percent(count, longest), asked) for label, count, asked in rows]
    return sorted(bars, key=lambda bar: (-bar.count, bar.label))


def _asked(lines: pd.DataFrame) -> int:
    return int(lines["amount_to_clarify"].sum())


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def _total(value: object) -> int:
    if isinstance(value, Mapping):
        return sum(int(count) for count in value.values())
    return 0 if value is None or pd.isna(value) else int(value)  # type: ignore[call-overload]


def _plain(value: object) -> str:
    return "" if value is None or value is pd.NA else str(value)


def _marked(sentence: str) -> "Markup":
    """A sentence whose `commands` between backticks are set as such; everything is escaped."""
    from markupsafe import Markup, escape

    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        return escape(sentence)
    return Markup("").join(Markup("<code>{}</code>").format(p) if n % 2 else escape(p) for n, p in enumerate(parts))


def _two(sentence: str) -> tuple[str, str]:
    """A sentence `Vietnamese / English` as its two parts; the second is empty where there is but one."""
    vi, _, en = sentence.partition(" / ")
    return vi, en
