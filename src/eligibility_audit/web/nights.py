"""What the nights did: how proposals changed and why, and whether last night's stand; counts alone."""

from fastapi import APIRouter, Request, Response

from eligibility_audit.errors import RefusedError
from eligibility_audit.publish.difference import CAUSE_EN, CAUSE_VI, STATUS_EN, STATUS_VI
from eligibility_audit.store.overview import MAY_SEE
from eligibility_audit.use_cases.nights.shown import shown_plans
from eligibility_audit.web.gate import Reader
from eligibility_audit.web.render import render

router = APIRouter(include_in_schema=False)
CHANGES = ("new", "cleared", "changed", "reopened", "expiring")
ENDED_VI = {
    "done": "xong / done",
    "braked": "phanh, không công bố / braked, nothing published",
    "failed": "hỏng / failed",
}


@router.get("/nights")
def shown(request: Request, who: Reader) -> Response:
    """The last seven nights of each plan."""
    if who.actor.role not in MAY_SEE:
        raise RefusedError(["Vai trò của bạn không xem trang này. / Your role does not see this page."])
    told = {
        "plans": shown_plans(request.app.state.nights),
        "changes": CHANGES,
        "ENDED_VI": ENDED_VI,
        "STATUS_VI": STATUS_VI,
        "STATUS_EN": STATUS_EN,
        "CAUSE_VI": CAUSE_VI,
        "CAUSE_EN": CAUSE_EN,
    }
    return render(request, "nights.html.j2", told)
