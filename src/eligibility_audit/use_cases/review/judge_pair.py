"""Judge a pair of lines: the same person, not the same, unsure. Nothing is judged by default; each takes its button."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import RefusedError
from eligibility_audit.store.along import add_document
from eligibility_audit.store.case_page import case_page
from eligibility_audit.store.judgements import VERDICTS, write_judgements
from eligibility_audit.store.office import Office

JUDGES: Final = frozenset({Role.OFFICER, Role.COMMUNE_OFFICER})
JUDGEMENT_VI: Final[Mapping[str, str]] = {
    "match": "cùng một người / the same person",
    "no_match": "không phải một người / not the same",
    "unsure": "chưa chắc / unsure",
}
_LEAST: Final = 10  # letters of a reason, as for every step


def judge_pair(
    office: Office,
    actor: Actor,
    case_id: str,
    other: str,
    judgement: str,
    *,
    evidence: str,
    reason: str,
    expires_on: date | None = None,
) -> None:
    """Judge the case's line and another line that its dossier shows.

    `evidence`: the paper or register that it rests on (none is needed to be unsure). Raises RefusedError.
    """
    why = _refusals(actor, judgement, evidence, reason, expires_on, office.today())
    if why:
        raise RefusedError(why)
    write_judgements(
        office,
        actor,
        case_id,
        [other],
        judgement,
        evidence=evidence.strip(),
        reason=reason.strip(),
        expires_on=expires_on,
    )


def confirm_alive(office: Office, actor: Actor, case_id: str, *, document: str, reason: str) -> int:
    """The commune's check found the person alive (*còn sống*): no register line shown with the case is this person.

    The minutes become a document of the case. Returns how many lines it binds; raises RefusedError.
    """
    why = _refusals(actor, "no_match", document, reason, None, office.today())
    page = case_page(office, actor, case_id)
    if page is None:
        raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])
    dead = deaths_shown(page.dossier["frozen"])
    if not dead:
        why.append("Hồ sơ này không có dòng khai tử nào. / The dossier shows no line of a register of deaths.")
    if why:
        raise RefusedError(why)
    write_judgements(
        office,
        actor,
        case_id,
        dead,
        "no_match",
        evidence=f"còn sống: {document.strip()}",
        reason=reason.strip(),
        expires_on=None,
        act="confirm_alive",
    )
    add_document(office, actor, case_id, "alive", f"Kết quả kiểm tra của xã: còn sống. {document.strip()}"[:300])
    return len(dead)


def deaths_shown(frozen: Mapping[str, Any]) -> list[str]:
    """Record ids of the lines of registers of deaths that a dossier shows."""
    return [str(each["other"]) for each in frozen.get("others", ()) if each["record"].get("kind") == "deaths"]


def _refusals(
    actor: Actor, judgement: str, evidence: str, reason: str, expires_on: date | None, today: date
) -> list[str]:
    why = []
    if actor.role not in JUDGES:
        why.append("Vai trò của bạn không kết luận về cặp dòng. / Your role does not judge pairs.")
    if judgement not in VERDICTS:
        why.append("Hãy chọn: cùng một người, không phải một người, hoặc chưa chắc. / Choose one of the three.")
    if judgement != "unsure" and not evidence.strip():
        why.append("Hãy ghi dựa vào giấy tờ, sổ nào. / Say on what paper or register it rests.")
    if len(reason.strip()) < _LEAST:
        why.append(f"Hãy ghi lý do, ít nhất {_LEAST} chữ. / Give a reason of at least {_LEAST} letters.")
    if expires_on is not None and expires_on < today:
        why.append("Ngày hết hiệu lực đã qua. / The last day is over.")
    return why
