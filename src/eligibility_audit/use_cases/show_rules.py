"""The rules in words: a list, one rule, and a page a finding code."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.errors import LawError, UsageError
from eligibility_audit.law.files import installed_pack, law_in_use, using
from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.days import DAY_EN, DAY_VI
from eligibility_audit.rules.parameters import Citation, LawPack, Mark, Parameter, Value, weakest
from eligibility_audit.rules.registry import RULES, Rule
from eligibility_audit.use_cases.law_asked import law_asked

MARK: Final = {
    "confirmed": "đã kiểm tra / confirmed",
    "to_verify": "cần kiểm tra / to verify",
    "not_found": "chưa tìm thấy / not found",
}
MARK_SHORT: Final = {"confirmed": "✓", "to_verify": "cần kiểm tra", "not_found": "chưa tìm thấy"}
DAY_SHORT: Final = {"as_of": "rà soát", "granting": "cấp", "payment": "chi"}
GROUND: Final = {
    "death_sure": "có đăng ký khai tử khớp chắc chắn / a death registration on a sure identity",
    "death_signal": "dấu hiệu đã chết / a signal of death",
    "death_cancelled": "đăng ký khai tử đã bị hủy / a cancelled death registration",
    "duplicate": "một người hai dòng / one person on two lines",
    "forgery_concluded": "kết luận thanh tra về giấy tờ / an inspection concluded on the papers",
    "inspection_open": "kết luận thanh tra chưa giải quyết / an open inspection finding",
    "inspection_cleared": "kết luận sau đã xác định đủ điều kiện / cleared by a later conclusion",
    "doubt": "nghi vấn về điều kiện hưởng / doubt about the condition",
    "identity_contradiction": "thông tin nhân thân mâu thuẫn / contradiction in the identity",
    "id_shared": "một số định danh ghi cho nhiều người / one number with several persons",
    "rate": "mức hưởng, tỷ lệ / rate or amount",
    "paper_missing": "thiếu giấy tờ / a paper is missing",
    "paper_late": "giấy tờ lập muộn / a paper made late",
    "unit_code_only": "chỉ có ký hiệu đơn vị / only a unit code",
    "child_without_parent": "con chưa có hồ sơ cha/mẹ / a child without the parent's dossier",
    "overlap": "hưởng trùng chế độ / overlapping benefits",
    "not_listed": "không có trong danh sách làm điều kiện / not on the list that is the condition",
    "one_off_amount": "mức chi một lần / amount of a one-off payment",
    "legal_review": "luật chưa rõ, cần bộ phận pháp chế xem / the law is not settled; for the legal officer",
    "one_off_death": "chi một lần cho người đã chết / one-off payment to a deceased person",
}


def list_rules() -> str:
    """The law that is asked, then a line a rule: id, programmes, whose day's law, weakest mark, title.

    Under a rule that leans on a folder of law stands which of its parameters and provisions come from which folder.
    """
    import_rules()
    with using(law_asked()):
        lines = [*_sources(), ""]
        width = max(len(name) for name in RULES)
        for name, rule in sorted(RULES.items()):
            packs = [LawPack.load(programme) for programme in rule.programmes]
            mark = weakest(mark for pack in packs for mark in _marks(rule, pack))
            about = f"{', '.join(rule.programmes):<18}  {DAY_SHORT[rule.day]:<8}  {MARK_SHORT[mark]:<13}"
            lines.append(f"{name:<{width}}  {about}  {rule.title_vi} / {rule.title_en}")
            lines += [f"{'':<{width}}    {line}" for line in _unique(o for pack in packs for o in _origins(rule, pack))]
    return "\n".join(lines)


def _sources() -> list[str]:
    """What the law that is asked is made of."""
    law, own = law_in_use(), installed_pack()
    lines = [f"# {own.vi} ({own.version}), biết từ / known from {own.known_from:%d/%m/%Y}"]
    lines += [f"# + {f.name}: {f.path}, biết từ / known from {f.pack.known_from:%d/%m/%Y}" for f in law.folders]
    if law.known_on:
        lines.append(f"# như được biết ngày / as it was known on {law.known_on:%d/%m/%Y}")
    return lines


def _marks(rule: Rule, pack: LawPack) -> Iterator[Mark]:
    yield from (pack.citations[key].mark for key in rule.basis[pack.programme])
    for key in rule.parameters[pack.programme]:
        yield from (value.mark for value in pack.parameters[key].values)


def _origins(rule: Rule, pack: LawPack) -> Iterator[str]:
    """What of a rule's law stands in a folder, and in which."""
    for key in rule.basis[pack.programme]:
        if pack.citations[key].origin:
            yield f"{key}: {pack.citations[key].origin}"
    for key in rule.parameters[pack.programme]:
        for value in pack.parameters[key].values:
            if value.origin:
                yield f"{key} ({_days(value.valid_from, value.valid_to)}): {value.origin}"


def show_rule(rule_id: str, on: date | None = None) -> str:
    """A rule in full: condition, law by date, parameters, columns, what is simplified; `on`: its law on one day.

    Raises `UsageError` where there is no such rule, naming the nearest, and `LawError` for a day on which the rule has
    no law.
    """
    import_rules()
    law = law_asked()
    rule = RULES.get(rule_id.upper())
    if rule is None:
        near = ", ".join(difflib.get_close_matches(rule_id.upper(), RULES, n=3, cutoff=0.5))
        raise UsageError(
            f"Không có quy tắc {rule_id}. Gần giống: {near or '—'}. Xem danh sách: eligibility-audit rules list. / "
            f"There is no rule {rule_id}. Nearest: {near or '—'}. The list: eligibility-audit rules list."
        )
    with using(law):
        return _page(rule) if on is None else "\n".join([*_heading(rule), *_on_day(rule, on), ""])


def catalogue(tests: Path | None = None) -> dict[str, str]:
    """A page (Markdown) for each finding code; `tests`: the folder whose files that name the rule are listed."""
    import_rules()
    texts = _test_files(tests) if tests and tests.is_dir() else {}
    return {name: _page(rule, texts) for name, rule in sorted(RULES.items())}


def _test_files(folder: Path) -> dict[str, str]:
    return {
        f"tests/{path.relative_to(folder).as_posix()}": path.read_text(encoding="utf-8")
        for path in sorted((folder / "rules").rglob("test_*.py"))
    }


def write_catalogue(folder: Path, tests: Path | None = Path("tests")) -> list[Path]:
    """Write `<code>.md` for each finding code and `README.md`, the list, into a folder. Returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = catalogue(tests)
    rows = [
        f"| [{name}]({name}.md) | {RULES[name].title_vi} | {RULES[name].title_en} | {_mark_of(RULES[name])} |"
        for name in pages
    ]
    index = "\n".join(
        [
            "# Mã kết quả / Finding codes",
            "",
            "Sinh từ các quy tắc và từ `law/`; không sửa tay. / Made from the rules and `law/`; not edited by hand.",
            "",
            "Dấu của luật năm 2020 / the law mark of 2020-12-31: điều một cán bộ cần kiểm tra trước / "
            "what an official should verify first.",
            "",
            "| Mã / code | Nội dung | Meaning | Luật 2020 / law of 2020 |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
    written = []
    for name, page in {"README": index, **pages}.items():
        path = folder / f"{name}.md"
        path.write_text(page, encoding="utf-8", newline="\n")
        written.append(path)
    return written


_SEED: Final = date(2020, 12, 31)


def _mark_of(rule: Rule) -> str:
    """The weakest mark of a rule's law on the last day of 2020; a dash where it had none or was none."""
    if not rule.in_force(_SEED):
        return "—"
    marks = []
    for programme in rule.programmes:
        pack = LawPack.load(programme)
        try:
            marks += [pack.basis(rule.basis[programme], _SEED).mark, rule.law(pack, _SEED).mark]
        except LawError:
            continue
    return MARK[weakest(marks)] if marks else "—"


def _heading(rule: Rule) -> list[str]:
    lists = [KINDS[name] for name in rule.programmes]
    return [
        f"# {rule.id}",
        "",
        f"**{rule.title_vi}.** {rule.title_en}.",
        "",
        f"- Danh sách / list: {'; '.join(f'{kind.vi} / {kind.en}' for kind in lists)}",
        f"- Lý do / ground: {GROUND[rule.ground]}",
        f"- Mức chứng cứ / evidence tier: {rule.tier}",
        f"- Luật của ngày nào / whose day's law: {DAY_VI[rule.day]} / {DAY_EN[rule.day]} (`{rule.day}`)",
        f"- Quy tắc được áp dụng / the rule applies: {_applies(rule)}",
        f"- Kết quả khi không đạt / outcome where it fails: {_outcome(rule)}",
        f"- Khi không rõ / where it is not known: {_unknown(rule)}",
        f"- Cột được đọc / columns read: {', '.join(f'`{name}`' for name in rule.reads)}",
        "",
        "## Điều kiện / Condition",
        "",
        *([rule.condition_vi, ""] if rule.condition_vi else []),
        " ".join((rule.predicate.__doc__ or "").split()),
        "",
    ]


def _applies(rule: Rule) -> str:
    if rule.valid_from == date.min and rule.valid_to == date.max:
        return "mọi ngày có luật / on every day of which the law is known"
    return _days(rule.valid_from, rule.valid_to if rule.valid_to < date.max else None)


def _on_day(rule: Rule, day: date) -> list[str]:
    """The law of a rule on one day: what is in force and what came later, and its values. Raises `LawError`."""
    lines = [f"## Luật ngày / The law on {day:%d/%m/%Y}", ""]
    for programme in rule.programmes:
        pack = LawPack.load(programme)
        rule.law(pack, day)
        basis = pack.basis(rule.basis[programme], day)
        lines += [_citation(found) for found in basis.in_force]
        lines += [f"{_citation(found)}: quy định sau này / later law" for found in basis.later]
        for key in rule.parameters[programme]:
            value = pack.value(key, day)
            lines += [f"- `{key}`: {pack.parameters[key].vi} / {pack.parameters[key].en}", _dated(value)]
    return _unique(lines)


def _page(rule: Rule, tests: Mapping[str, str] | None = None) -> str:
    packs = {programme: LawPack.load(programme) for programme in rule.programmes}
    lines = [
        *_heading(rule),
        "## Căn cứ theo ngày / Law by date",
        "",
        *_unique(line for name, pack in packs.items() for line in _basis(rule.basis[name], pack)),
    ]
    parameters = {key: pack.parameters[key] for name, pack in packs.items() for key in rule.parameters[name]}
    if parameters:
        lines += ["", "## Tham số / Parameters", ""]
        lines += [line for key, parameter in parameters.items() for line in _parameter(key, parameter)]
    if rule.simplifications:
        lines += ["", "## Giản lược / Simplifications", "", *(f"- {text}" for text in rule.simplifications)]
    if tests:
        alike = [name for name, other in RULES.items() if other.predicate.__code__ is rule.predicate.__code__]
        named = [file for file, text in tests.items() if any(f'"{name}"' in text for name in alike)]
        lines += ["", "## Phép kiểm tra / Tests", "", *(f"- `{file}`" for file in named)]
    lines += [
        "",
        "Đây là đề xuất để người có thẩm quyền xem xét, không phải quyết định. / "
        "A proposal for the competent officer, not a decision.",
        "",
    ]
    return "\n".join(lines)


def _outcome(rule: Rule) -> str:
    if rule.false_is == "undetermined":
        return "chưa đủ căn cứ để kết luận (`undetermined`) / not enough evidence"
    return "cần làm rõ (`not_met`) / to be clarified"


def _unknown(rule: Rule) -> str:
    if rule.undetermined_is is None:
        return "không nêu / no finding"
    return (
        f"{GROUND[rule.undetermined_is]}, chỉ khi ô `{rule.cell}` để trống hoặc ghi không có / "
        f"only where the cell `{rule.cell}` is blank or says there is none"
    )


def _basis(keys: Iterable[str], pack: LawPack) -> list[str]:
    return [_citation(pack.citations[key]) for key in keys]


def _citation(found: Citation) -> str:
    where = f"; {found.origin}" if found.origin else ""
    return f"- {_days(found.valid_from, found.valid_to)}: {found.vi} / {found.en} ({MARK[found.mark]}{where})"


def _parameter(key: str, parameter: Parameter) -> list[str]:
    return [f"- `{key}`: {parameter.vi} / {parameter.en}", *(_dated(value) for value in parameter.values)]


def _dated(value: Value) -> str:
    """A value with its days, its mark, its source, and where it comes from."""
    said = [MARK[value.mark], value.source, f"xem lần cuối / last checked {value.last_checked:%d/%m/%Y}"]
    if value.origin:
        said += [value.origin, f"biết từ / known from {value.known_from:%d/%m/%Y}"]
    return f"  - {_days(value.valid_from, value.valid_to)}: {_value(value)} ({'; '.join(said)})"


def _value(value: Value) -> str:
    content = value.value
    if isinstance(content, dict):
        if any(isinstance(item, list) for item in content.values()):
            counts = ", ".join(f"{name} {len(item)}" for name, item in content.items() if isinstance(item, list))
            return f"danh sách từ, sửa trong `law/` / word lists, edited in `law/` ({counts})"
        return ", ".join(
            f"{name} {item:,}" if isinstance(item, int) else f"{name} {item}" for name, item in content.items()
        )
    if isinstance(content, list) and all(isinstance(row, dict) for row in content):
        return "; ".join(_combination(row) for row in content if isinstance(row, dict))
    if isinstance(content, list):
        short = [str(item) for item in content]
        return " – ".join(short) if len(short) == 2 else f"{len(short)} từ / words"
    return str(content)


def _combination(row: Mapping[str, object]) -> str:
    """A row of a matrix of benefits paid together: both sides, what the law says of them, the provisions."""
    one, other, basis = (", ".join(f"`{name}`" for name in _texts(row.get(side))) for side in ("one", "other", "basis"))
    return f"{one} + {other}: **{row.get('verdict')}** ({basis})"


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []


def _days(start: date, end: date | None) -> str:
    return f"{start:%d/%m/%Y} – {end:%d/%m/%Y}" if end else f"từ / from {start:%d/%m/%Y}"


def _unique(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))
