"""The page of those who lead: how far the work is, what is late, what is owed; each number opens its cases."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from eligibility_audit.store.measured_error import of_rules
from eligibility_audit.store.overview import decide_rule, decisions, overview
from eligibility_audit.web.gate import Here, Reader, Writer
from eligibility_audit.web.render import render

router = APIRouter(prefix="/director", include_in_schema=False)
AGES_VI = {"0-7": "0–7 ngày", "8-30": "8–30 ngày", "31-90": "31–90 ngày", "91": "hơn 90 ngày"}


@router.get("")
def shown(
    request: Request, office: Here, who: Reader, district: Annotated[str, Query(max_length=120)] = ""
) -> Response:
    """The figures; the communes of a district where it is named."""
    figures = overview(office, who.actor, district)
    told = {
        "figures": figures,
        "measured": of_rules(office, (row.name for row in figures.rules)),
        "district": district,
        "ages": AGES_VI,
        "decisions": decisions(office),
        "cases": _cases,
    }
    return render(request, "director.html.j2", told)


@router.post("/rules/{rule_id}")
def decided(
    office: Here,
    who: Writer,
    rule_id: str,
    goes_on: Annotated[str, Form(max_length=3)] = "",
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Decide on a rule past its limit of reversals."""
    decide_rule(office, who.actor, rule_id, reason, goes_on=goes_on == "yes")
    return RedirectResponse("/director#reversals", status_code=303)


def _cases(**wanted: str) -> str:
    """The address of the queue that a number counts."""
    return "/queue?" + urlencode({"mine": "false", **wanted})
