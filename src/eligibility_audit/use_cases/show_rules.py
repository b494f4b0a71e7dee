"""The rules in words: a list, one rule, and a page a finding code."""

import difflib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.errors import UsageError
from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.parameters import Citation, LawPack, Parameter, Value
from eligibility_audit.rules.registry import RULES, Rule

MARK: Final = {
    "confirmed": "đã kiểm tra / confirmed",
    "to_verify": "cần kiểm tra / to verify",
    "not_found": "chưa tìm thấy / not found",
}
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
    """One line a rule: id, programme, title."""
    import_rules()
    width = max(len(name) for name in RULES)
    return "\n".join(
        f"{name:<{width}}  {', '.join(rule.programmes):<18}  {rule.title_vi} / {rule.title_en}"
        for name, rule in sorted(RULES.items())
    )


def show_rule(rule_id: str) -> str:
    """A rule in full: condition, law by date, parameters, columns, what is simplified.

    Raises `UsageError` where there is no such rule, naming the nearest.
    """
    import_rules()
    rule = RULES.get(rule_id.upper())
    if rule is None:
        near = ", ".join(difflib.get_close_matches(rule_id.upper(), RULES, n=3, cutoff=0.5))
        raise UsageError(
            f"Không có quy tắc {rule_id}. Gần giống: {near or '—'}. Xem danh sách: eligibility-audit rules list. / "
            f"There is no rule {rule_id}. Nearest: {near or '—'}. The list: eligibility-audit rules list."
        )
    return _page(rule)


def catalogue() -> dict[str, str]:
    """A page (Markdown) for each finding code."""
    import_rules()
    return {name: _page(rule) for name, rule in sorted(RULES.items())}


def write_catalogue(folder: Path) -> list[Path]:
    """Write `<code>.md` for each finding code and `README.md`, the list, into a folder. Returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = catalogue()
    rows = [f"| [{name}]({name}.md) | {RULES[name].title_vi} | {RULES[name].title_en} |" for name in pages]
    index = "\n".join(
        [
            "# Mã kết quả / Finding codes",
            "",
            "Sinh từ các quy tắc và từ `law/`; không sửa tay. / Made from the rules and `law/`; not edited by hand.",
            "",
            "| Mã / code | Nội dung | Meaning |",
            "|---|---|---|",
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


def _page(rule: Rule) -> str:
    packs = {programme: LawPack.load(programme) for programme in rule.programmes}
    lists = [KINDS[name] for name in rule.programmes]
    lines = [
        f"# {rule.id}",
        "",
        f"**{rule.title_vi}.** {rule.title_en}.",
        "",
        f"- Danh sách / list: {'; '.join(f'{kind.vi} / {kind.en}' for kind in lists)}",
        f"- Lý do / ground: {GROUND[rule.ground]}",
        f"- Mức chứng cứ / evidence tier: {rule.tier}",
        f"- Kết quả khi không đạt / outcome where it fails: {_outcome(rule)}",
        f"- Khi không rõ / where it is not known: {_unknown(rule)}",
        f"- Cột được đọc / columns read: {', '.join(f'`{name}`' for name in rule.reads)}",
        "",
        "## Điều kiện / Condition",
        "",
        *([rule.condition_vi, ""] if rule.condition_vi else []),
        " ".join((rule.predicate.__doc__ or "").split()),
        "",
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
    return f"- {_days(found.valid_from, found.valid_to)}: {found.vi} / {found.en} ({MARK[found.mark]})"


def _parameter(key: str, parameter: Parameter) -> list[str]:
    lines = [f"- `{key}`: {parameter.vi} / {parameter.en}"]
    for value in parameter.values:
        lines.append(
            f"  - {_days(value.valid_from, value.valid_to)}: {_value(value)} ({MARK[value.mark]}; {value.source})"
        )
    return lines


def _value(value: Value) -> str:
    content = value.value
    if isinstance(content, dict):
        if any(isinstance(item, list) for item in content.values()):
            counts = ", ".join(f"{name} {len(item)}" for name, item in content.items() if isinstance(item, list))
            return f"danh sách từ, sửa trong `law/` / word lists, edited in `law/` ({counts})"
        return ", ".join(
            f"{name} {item:,}" if isinstance(item, int) else f"{name} {item}" for name, item in content.items()
        )
    if isinstance(content, list):
        short = [str(item) for item in content]
        return " – ".join(short) if len(short) == 2 else f"{len(short)} từ / words"
    return str(content)


def _days(start: date, end: date | None) -> str:
    return f"{start:%d/%m/%Y} – {end:%d/%m/%Y}" if end else f"từ / from {start:%d/%m/%Y}"


def _unique(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))
