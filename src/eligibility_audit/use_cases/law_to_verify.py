"""Every rule with its citations and marks, and what of the law an official should verify first."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Final, Literal

from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.domain.words import ACTION_EN, ACTION_VI
from eligibility_audit.law.files import using
from eligibility_audit.recommend.acts import Act, Acts, severity
from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.parameters import LawPack, Mark, weakest
from eligibility_audit.rules.registry import RULES, Rule
from eligibility_audit.use_cases.law_asked import law_asked
from eligibility_audit.use_cases.show_rules import MARK

Kind = Literal["citation", "parameter", "act", "clock"]
KIND: Final[dict[Kind, str]] = {
    "citation": "điều khoản / provision",
    "parameter": "tham số / parameter",
    "act": "việc pháp lý / legal act",
    "clock": "thời hạn / time limit",
}
SEED: Final = date(2020, 12, 31)  # the year of the report that the product was first made for
SHOWN: Final = 4  # rules named in a row of the page; the table of the command names all
HEADINGS: Final = (
    *("order", "kind", "key", "text_vi", "text_en", "valid_from", "valid_to", "mark", "source", "last_checked"),
    *("action", "rules", "programmes"),
)
_NO_ACTION: Final = {"none": "không đề xuất / no proposal"}
_SAYS: Final = {name: f"{ACTION_VI[name]} / {ACTION_EN[name]}" for name in ACTION_VI} | _NO_ACTION


@dataclass
class Piece:
    """A piece of the law with its days and mark, and what leans on it: rules, programmes, the most severe action."""

    kind: Kind
    key: str
    vi: str
    en: str
    valid_from: date
    valid_to: date | None
    mark: Mark
    source: str
    last_checked: date | None
    action: str = "none"
    rules: set[str] = field(default_factory=set)
    programmes: set[str] = field(default_factory=set)

    @property
    def order(self) -> tuple[object, ...]:
        """Unconfirmed first; then what the most severe action leans on, what held in 2020, what most rules lean on."""
        held = self.valid_from <= SEED and (self.valid_to is None or self.valid_to >= SEED)
        settled = self.mark == "confirmed"
        return settled, -severity(self.action), not held, -len(self.rules), self.kind, self.key, self.valid_from


Pieces = dict[tuple[str, ...], Piece]


def pieces() -> list[Piece]:
    """Every provision, value, legal act and time limit that something leans on, in the order in which to verify it."""
    import_rules()
    found: Pieces = {}
    for rule in RULES.values():
        for programme in rule.programmes:
            _lean(found, rule, programme)
    for programme in AUDITED:
        acts = Acts.load(programme)
        doing = {step.act: step.action for step in acts.grounds.values() if step.act}
        for name, act in acts.acts.items():
            _keep(found, _of_act(name, act), "", programme, doing.get(name, "none"))
        timed = {step.clock for step in acts.grounds.values()} | {act.clock for act in acts.acts.values()}
        for name in timed:
            _keep(found, _of_clock(name, acts), "", programme, "none")
    return sorted(found.values(), key=lambda piece: piece.order)


def _lean(found: Pieces, rule: Rule, programme: str) -> None:
    pack, action = LawPack.load(programme), action_of(rule, programme)
    cited = (pack.citations[key] for key in rule.basis[programme])
    provisions = [
        Piece("citation", c.key, c.vi, c.en, c.valid_from, c.valid_to, c.mark, c.source, c.last_checked) for c in cited
    ]
    values = [
        Piece("parameter", key, p.vi, p.en, v.valid_from, v.valid_to, v.mark, v.source, v.last_checked)
        for key in rule.parameters[programme]
        for p in (pack.parameters[key],)
        for v in p.values
    ]
    _keep(found, (*provisions, *values), rule.id, programme, action)


def _keep(found: Pieces, said: Iterable[Piece], rule_id: str, programme: str, action: str) -> None:
    for each in said:
        kept = found.setdefault((each.kind, each.key, each.vi, str(each.valid_from), each.mark), each)
        kept.rules |= {rule_id} - {""}
        kept.programmes.add(programme)
        kept.action = max(kept.action, action, key=severity)


def _of_act(name: str, act: Act) -> Iterator[Piece]:
    said = (("basis", act.basis), ("decider", act.decider), ("preparer", act.preparer), ("form", act.form))
    for part, values in said:
        for value in values:
            text = f"{act.vi}: {value.vi}"
            en = f"{act.en}: {part}"
            yield Piece("act", f"{name}.{part}", text, en, value.valid_from, value.valid_to, value.mark, "", None)


def _of_clock(name: str, acts: Acts) -> Iterator[Piece]:
    for clock in acts.clocks[name]:
        days = clock.valid_from, clock.valid_to
        yield Piece("clock", name, clock.vi, clock.en, *days, clock.mark, clock.source, clock.last_checked)


def action_of(rule: Rule, programme: str) -> str:
    """What a finding of the rule leads to, where the identity is sure."""
    return Acts.load(programme).step(rule.ground, rule.id).action


def as_csv() -> str:
    """A line for each piece of the law, unconfirmed first; columns `HEADINGS`."""
    with using(law_asked()):
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADINGS)
        for number, each in enumerate(pieces(), start=1):
            days = each.valid_from, each.valid_to or "", each.mark, each.source, each.last_checked or ""
            about = each.action, ";".join(sorted(each.rules)), ";".join(sorted(each.programmes))
            writer.writerow((number, each.kind, each.key, each.vi, each.en, *days, *about))
    return out.getvalue()


def as_markdown() -> str:
    """Two tables: what to verify, in order; every rule with its citations and marks."""
    with using(law_asked()):
        every = pieces()
        return "\n".join([*_heading(every), *_first(every), "", *_rules(), ""])


def write_to_verify(path: Path) -> Path:
    """Write the tables into a file of Markdown."""
    path.write_text(as_markdown(), encoding="utf-8", newline="\n")
    return path


def _heading(every: list[Piece]) -> list[str]:
    counts = {mark: sum(each.mark == mark for each in every) for mark in MARK}
    told = ", ".join(f"{MARK[mark]}: {counts[mark]}" for mark in MARK)
    return [
        "# Luật cần kiểm tra / Law to verify",
        "",
        "Sinh từ các quy tắc và từ `law/` (`make docs`); không sửa tay. Bảng đầu đủ cột: `eligibility-audit rules "
        "to-verify --csv`. / Made from the rules and `law/`; not edited by hand.",
        "",
        f"{len(every)} mục / pieces of law: {told}.",
        "",
        "Thứ tự: điều chưa được xác nhận trước; trong đó, điều mà đề xuất nặng nhất dựa vào; điều có hiệu lực năm "
        "2020; điều mà nhiều quy tắc dựa vào. / Order: unconfirmed first; of these what the most severe proposal leans "
        "on, what held in 2020, what most rules lean on.",
        "",
    ]


def _first(every: list[Piece]) -> Iterator[str]:
    yield from ("## Kiểm tra trước / To verify first", "")
    yield from _heads(
        "", "Loại / kind", "Nội dung / what", "Từ – đến / days", "Dấu / mark", "Đề xuất / proposal", "Quy tắc"
    )
    for number, each in enumerate((each for each in every if each.mark != "confirmed"), start=1):
        rules = _some(sorted(each.rules)) or ", ".join(sorted(each.programmes))
        until = f"{each.valid_to:%d/%m/%Y}" if each.valid_to else ""
        cells = (
            *(str(number), KIND[each.kind], f"{each.vi} / {each.en} (`{each.key}`)"),
            *(f"{each.valid_from:%d/%m/%Y} – {until}", MARK[each.mark], _SAYS[each.action], rules),
        )
        yield _row(cell.replace("|", "/") for cell in cells)


def _rules() -> Iterator[str]:
    yield from ("## Mọi quy tắc / Every rule", "")
    yield from _heads(
        "Mã / code", "Danh sách / lists", "Đề xuất / proposal", "Căn cứ / citations", "Tham số / parameters"
    )
    for name, rule in sorted(RULES.items()):
        packs = [LawPack.load(programme) for programme in rule.programmes]
        cited = {c.key: c for pack in packs for c in (pack.citations[key] for key in rule.basis[pack.programme])}
        values = {
            key: weakest(value.mark for value in pack.parameters[key].values)
            for pack in packs
            for key in rule.parameters[pack.programme]
        }
        does = dict.fromkeys(_SAYS[action_of(rule, programme)] for programme in rule.programmes)
        law = (f"{each.vi} / {each.en} ({MARK[each.mark]})" for each in cited.values())
        cells = (
            *(_link(name), ", ".join(rule.programmes), "; ".join(does), "<br>".join(law)),
            ", ".join(f"`{key}` ({MARK[mark]})" for key, mark in values.items()),
        )
        yield _row(cells)


def _heads(*heads: str) -> tuple[str, str]:
    return _row(heads), _row("---" for _ in heads)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _some(names: list[str]) -> str:
    more = f" +{len(names) - SHOWN}" if len(names) > SHOWN else ""
    return ", ".join(map(_link, names[:SHOWN])) + more


def _link(name: str) -> str:
    return f"[{name}](findings/{name}.md)"
