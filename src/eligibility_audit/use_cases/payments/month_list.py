"""Make the list of increases and decreases of a month, from signed and served decisions alone, and seal it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from eligibility_audit.domain.kinds import ROSTERS
from eligibility_audit.domain.review.pay_changes import PayChange, first_day
from eligibility_audit.domain.review.people import SYSTEM, Actor
from eligibility_audit.errors import UsageError
from eligibility_audit.publish import Letterhead
from eligibility_audit.publish.csv_files import write_csv
from eligibility_audit.publish.docx_lists import list_docx
from eligibility_audit.publish.month_list import COLUMNS, MonthBatch, MonthPaper, month_paper, month_table
from eligibility_audit.publish.pdf import list_pdf
from eligibility_audit.publish.workbook import write_paper
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.store.office import Office
from eligibility_audit.store.payments import MonthOfChanges, changes_of, record_list
from eligibility_audit.store.runs import Store

FORMATS: Final = ("xlsx", "pdf", "docx", "csv")


@dataclass(frozen=True)
class MadeList:
    """The list of a month: its files, and what it says and leaves out."""

    files: tuple[Path, ...]
    paper: MonthPaper
    found: MonthOfChanges

    def told(self) -> str:
        """Counts and sums, then what was left out and why. No name."""
        found, batch = self.found, self.paper.batch
        said = [*self.paper.summary, batch.source, self.paper.seal.lines[0]]
        for ids, why in (
            (found.held, "hoãn thi hành vì khiếu nại / execution is held for a complaint"),
            (found.set_aside, "quyết định đã bị sửa hoặc hủy / the decision was taken back"),
            (
                found.unproven,
                "thiếu số, ngày quyết định hoặc chứng cứ giao / number, day or proof of service is missing",
            ),
        ):
            said += [f"Không đưa vào / left out: {one}: {why}" for one in ids]
        if found.replaced:
            said.append(f"{found.replaced} quyết định có quyết định sau thay trong cùng tháng / replaced by later ones")
        said.append(
            f"Chưa có trong danh sách nào: đã giao {found.served}, đã ký chưa giao {found.signed}. / "
            f"On no list yet: {found.served} served, {found.signed} signed and not served."
        )
        return "\n".join(said)


def month_of(text: str) -> date:
    """The first day of a month as typed: 2026-12 or 12/2026. Raises UsageError."""
    try:
        return first_day(text)
    except ValueError:
        raise UsageError(f"Tháng {text}: viết như 2026-12 hoặc 12/2026. / Write a month as 2026-12.") from None


def make_month_list(
    office: Office,
    month: date,
    out: Path,
    *,
    root: str = "",
    head: Letterhead | None = None,
    formats: Sequence[str] = FORMATS,
    actor: Actor | None = None,
) -> MadeList:
    """Write the list of the run of a month into `out`, a new folder; that it was made is in the ledger.

    `actor`: whose area it is of (all of it where None); `root`: the last root of the ledger. Raises UsageError for a
    folder that is not empty.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out}: thư mục không trống; chọn thư mục khác / is not empty; choose another --out")
    found = changes_of(office, f"{month:%Y-%m}", actor)
    batch = _batch(office, month, root, head or Letterhead(), actor)
    made = month_paper(found.changes, batch, _acts())
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = tuple(_written(name, out, made, found.changes) for name in formats)
    for path in files:
        path.chmod(0o600)
    content = {"act": "payment_list", "month": f"{month:%Y-%m}", "lines": len(found.changes)}
    record_list(office, actor or SYSTEM, content | {"sha256": made.seal.digest})
    return MadeList(files, made, found)


def last_root(url: str) -> str:
    """The last root of the office's ledger; "" where it was never sealed."""
    store = Store(url)
    root = store.last_root()
    store.close()
    return root


def _batch(office: Office, month: date, root: str, head: Letterhead, actor: Actor | None) -> MonthBatch:
    today = office.today()
    sent = Acts.load("agent_orange").due("payer_changes", (month - timedelta(1)).replace(day=1))
    area = sorted([*actor.districts, *(", ".join(pair) for pair in actor.communes)]) if actor else []
    return MonthBatch(
        plan_name="",
        as_of=today,
        run_id=f"tg-{month:%Y%m}-{today:%Y%m%d}",
        place="; ".join(area),
        root=root,
        head=head,
        month=month,
        sent_by=f"đến hết ngày {sent.day:%d/%m/%Y} ({sent.clock.vi})",
        is_late=today > sent.day,
    )


def _acts() -> Mapping[tuple[str, str], str]:
    return {(name, key): act.vi for name in ROSTERS for key, act in Acts.load(name).acts.items()}


def _written(form: str, out: Path, made: MonthPaper, changes: Sequence[PayChange]) -> Path:
    path = out / f"danh-sach-tang-giam-{made.batch.run_id[3:9]}.{form}"
    if form == "xlsx":
        return write_paper(path, made)
    if form == "csv":
        write_csv(month_table(changes), path, COLUMNS)
    else:
        path.write_bytes(list_pdf(made) if form == "pdf" else list_docx(made))
    return path
