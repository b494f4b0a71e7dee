"""Make a letter of a case or of a complaint: filled from what the page shows, kept, and recorded with its hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.review.complaints import LEVEL_VI, OUTCOME_VI, Level
from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.domain.review.states import State
from eligibility_audit.domain.words import LAW_MARK_VI
from eligibility_audit.errors import RefusedError, UsageError
from eligibility_audit.publish.letters import LETTERS, Letter, fill, quoted
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.store.attachments import keep
from eligibility_audit.store.case_page import case_page
from eligibility_audit.store.complaints import record_letter
from eligibility_audit.store.office import Office
from eligibility_audit.use_cases.review.complaints import Shown, show

WRITES: Final = frozenset({Role.COMMUNE_OFFICER, Role.OFFICER, Role.AUTHORITY})
TYPED: Final = (
    "contact",
    "meeting_day",
    "meeting_time",
    "meeting_place",
    "signer_title",
    "signer",
    "superior",
    "place",
)
_NOT_YET: Final = "Chưa lập được thư này: hồ sơ chưa ở bước đó. / The case is not yet where this letter is written."


@dataclass(frozen=True)
class Made:
    """A letter that was made: its file, named without anything personal."""

    name: str
    content: bytes
    sha256: str


def letter_of_case(office: Office, actor: Actor, case_id: str, key: str, form: Mapping[str, str]) -> Made:
    """A letter of a case. `form`: what was typed for it (`TYPED`, `question`, `reply_due`). Raises RefusedError."""
    letter = _letter(key, of_complaint=False)
    may_write(actor)
    page = case_page(office, actor, case_id)
    if page is None:
        raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])
    if key == "cleared" and page.case["state"] != State.CLEARED:
        raise RefusedError([_NOT_YET])
    line = page.dossier["frozen"].get("recommendation") or {}
    told = head_of(office, actor, page.case, form) | {
        "reason": _cleared_by(page.history) if key == "cleared" else str(line.get("reason_vi") or ""),
        "basis": basis(line),
        "question": form.get("question", "").strip() or str(line.get("question_vi") or ""),
        "addressee": form.get("addressee", "").strip() or str(line.get("verify_with") or ""),
        "reply_due": written(form.get("reply_due") or _own_time(page.case["programme"], office.today())),
    }
    return make_letter(office, actor, letter, told, case_id, case_id)


def letter_of_complaint(office: Office, actor: Actor, complaint_id: str, key: str, form: Mapping[str, str]) -> Made:
    """A letter of a complaint; nothing of a denunciation is written from here. Raises RefusedError."""
    letter = _letter(key, of_complaint=True)
    may_write(actor)
    shown = show(office, actor, complaint_id)
    if shown is None or shown.page.case is None or shown.page.complaint["kind"] != "khieu_nai":
        raise RefusedError(["Không có khiếu nại này trong địa bàn của bạn. / There is no such complaint in your area."])
    row = shown.page.complaint
    needed = {"complaint_accepted": "accepted_on", "settlement": "outcome"}.get(key)
    if (needed and row[needed] is None) or (key == "complaint_refused" and row["stage"] != "refused"):
        raise RefusedError([_NOT_YET])
    told = head_of(office, actor, shown.page.case, form) | _of_complaint(shown)
    return make_letter(office, actor, letter, told, str(row["case_id"]), complaint_id)


def _letter(key: str, *, of_complaint: bool) -> Letter:
    letter = LETTERS.get(key)
    if letter is None or letter.of_complaint != of_complaint:
        raise RefusedError(["Không có mẫu thư này. / There is no such letter."])
    return letter


def may_write(actor: Actor) -> None:
    """Raises RefusedError for a role that writes no letters."""
    if actor.role not in WRITES:
        raise RefusedError(["Vai trò của bạn không lập thư. / Your role writes no letters."])


def make_letter(office: Office, actor: Actor, letter: Letter, told: Mapping[str, str], case_id: str, name: str) -> Made:
    """Fill a template, keep the file with the case, and record it by its hash. Raises RefusedError."""
    try:
        content = fill(letter, told, own_templates(office))
    except UsageError as error:
        raise RefusedError([str(error)]) from None
    digest = keep(office.attachments, content)
    made = Made(f"{letter.key}-{name}.docx", content, digest)
    record_letter(office, actor, case_id, kind=f"letter_{letter.key}", title=letter.vi, name=made.name, sha256=digest)
    return made


def own_templates(office: Office) -> Path:
    """Where the office keeps templates of its own, beside its attachments."""
    return office.attachments.parent / "letters"


def head_of(office: Office, actor: Actor, case: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, str]:
    """What every letter of a case says: who writes, of whom, when."""
    today = office.today()
    return {
        **{name: form.get(name, "").strip() for name in TYPED},
        "meeting_day": written(form.get("meeting_day", "")),
        "office": actor.unit.upper(),
        "place": form.get("place", "").strip() or str(case["district"] or ""),
        "date_vi": f"ngày {today.day:02} tháng {today.month:02} năm {today.year}",
        "person": str(case["name"] or ""),
        "born": str(case["date_of_birth"] or "")[:4],
        "dossier": str(case["dossier_no"] or "không ghi"),
        "programme": KINDS[case["programme"]].vi,
        "address": ", ".join(str(part) for part in (case["commune"], case["district"]) if part),
    }


def _of_complaint(shown: Shown) -> dict[str, str]:
    row, decision, last = shown.page.complaint, shown.page.decision, shown.page.history
    told = dict(last[-1]["stated"]) if last else {}
    settled = next((step for step in reversed(last) if step["step"] in ("settle", "refuse")), None)
    return {
        "filer": str(row["filer"] or shown.page.case["name"] if shown.page.case else ""),
        "complaint": str(row["complaint_id"]),
        "subject": quoted(row["subject"]),
        "received_on": written(row["received_on"]),
        "accepted_on": written(row["accepted_on"]),
        "dialogue_on": written(row["dialogue_on"]),
        "against": _against(decision),
        "settler": row["settler"],
        "level": LEVEL_VI[Level(row["level"])],
        "settle_due": written(row["due_on"]),
        "settle_basis": shown.clock.clock.vi if shown.clock else "",
        "hold": _HOLD[row["hold"]],
        "ground": shown.grounds.get(str(told.get("ground") or ""), ""),
        "reason": quoted(settled["reason"]) if settled else "",
        "outcome": OUTCOME_VI.get(row["outcome"] or "", ""),
        "remedy": _remedy(shown),
        "next_level": _NEXT[row["level"]],
    }


_HOLD: Final[Mapping[bool | None, str]] = {
    True: "tạm ngừng thi hành quyết định cho đến khi giải quyết xong.",
    False: "quyết định vẫn được thi hành; lý do đã ghi trong hồ sơ.",
    None: "đang được xem xét; ông (bà) sẽ được báo.",
}
_NEXT: Final[Mapping[str, str]] = {
    "first": (
        "Nếu không đồng ý, ông (bà) có quyền khiếu nại lần hai trong 30 ngày (vùng sâu, vùng xa: 45 ngày) kể từ ngày "
        "nhận được quyết định này."
    ),
    "second": "Đây là kết quả giải quyết lần hai.",
    "court": "Thực hiện theo bản án.",
}


def _against(decision: Any) -> str:
    if decision is None:
        return "không nêu quyết định đã ký"
    served = f"giao ngày {written(decision.served_on)}" if decision.served_on else "chưa có chứng cứ giao"
    return f"đối với Quyết định số {decision.number} ngày {written(decision.signed_on)}, {served}"


def _remedy(shown: Shown) -> str:
    if shown.proposal is None:
        return "quyết định bị khiếu nại tiếp tục có hiệu lực." if shown.page.complaint["outcome"] == "kept" else ""
    month = "/".join(reversed(shown.proposal.from_month.split("-")))
    return f"{shown.proposal.act}; hồ sơ được mở lại; tính từ tháng {month}."


def _cleared_by(history: tuple[Mapping[str, Any], ...]) -> str:
    return next((str(step["reason"]) for step in reversed(history) if step["step"] == "clear"), "")


def basis(line: Mapping[str, Any]) -> str:
    """The law of a proposal, with its mark where it is not confirmed."""
    mark = str(line.get("law_mark") or "confirmed")
    said = str(line.get("legal_basis") or "")
    return said if mark == "confirmed" or not said else f"{said} ({LAW_MARK_VI[mark]})"


def _own_time(programme: str, today: date) -> str:
    return Acts.load(programme).due("reply", today).day.isoformat()


def written(day: object) -> str:
    """A day as Vietnamese write it; a text that is no day as it is."""
    if day is None or day == "":
        return ""
    try:
        found = day if isinstance(day, date) else date.fromisoformat(str(day))
    except ValueError:
        return str(day)
    return f"{found:%d/%m/%Y}"
