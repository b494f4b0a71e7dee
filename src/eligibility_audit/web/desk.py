"""The first page and the queue."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request, Response
from starlette.background import BackgroundTask
from starlette.datastructures import FormData

from eligibility_audit.domain.kinds import ROSTERS
from eligibility_audit.domain.review.states import State
from eligibility_audit.domain.words import ACTIONS
from eligibility_audit.store.accounts import Session
from eligibility_audit.store.assignments import keep_place, place_of_work
from eligibility_audit.store.measured_error import of_rules
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import Filter, first_page, places, queue
from eligibility_audit.use_cases.review.bulk import STEPS_VI, offered
from eligibility_audit.web.gate import Here, Reader, Writer
from eligibility_audit.web.render import render

router = APIRouter()


@router.get("/", include_in_schema=False)
def first(request: Request, office: Here, who: Reader) -> Response:
    """What is due today, what can be settled here, what we may owe."""
    soonest = queue(office, who.actor, Filter())
    told = {
        "counts": first_page(office, who.actor),
        "soonest": soonest.lines[:5],
        "stopped_at": place_of_work(office, who.actor),
    }
    return render(request, "first.html.j2", told)


@router.get("/queue", include_in_schema=False)
def listed(
    request: Request,
    office: Here,
    who: Reader,
    state: Annotated[str, Query(max_length=30)] = "",
    programme: Annotated[str, Query(max_length=40)] = "",
    action: Annotated[str, Query(max_length=20)] = "",
    district: Annotated[str, Query(max_length=120)] = "",
    commune: Annotated[str, Query(max_length=120)] = "",
    due: Annotated[str, Query(max_length=10)] = "",
    alone: bool = False,
    mine: bool = True,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    rule: Annotated[str, Query(max_length=60)] = "",
    age: Annotated[str, Query(max_length=10)] = "",
    whose: Annotated[str, Query(max_length=40)] = "",
    owes: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The queue, filtered by what is not personal."""
    seen = {"page": page, "rule": rule, "age": age, "whose": whose, "owes": owes}
    wanted = Filter(state, programme, action, district, commune, due, alone, mine, **seen)  # type: ignore[arg-type]
    answer = _listed(request, office, who, wanted)
    answer.background = BackgroundTask(keep_place, office, who.actor, wanted.as_text())
    return answer


@router.post("/queue", include_in_schema=False)
def searched(
    request: Request,
    office: Here,
    who: Writer,
    words: Annotated[str, Form(max_length=200)] = "",
    page: Annotated[int, Form(ge=1, le=100_000)] = 1,
) -> Response:
    """The cases of a name, a dossier number or an id: asked by POST, so that no name stands in an address."""
    return _listed(request, office, who, replace(Filter(), words=words, mine=False, page=page))


def filter_of(form: FormData) -> Filter:
    """The filter that a form of the queue carries along."""
    told: dict[str, Any] = {name: str(form.get(name) or "")[:120] for name in _CARRIED}
    alone, mine = form.get("alone") == "1", form.get("mine") != "0"
    return Filter(**told, alone=alone, mine=mine)


_CARRIED: Final = ("state", "programme", "action", "district", "commune", "due", "rule", "age", "whose", "owes")


def _listed(request: Request, office: Office, who: Session, wanted: Filter) -> Response:
    told = {
        "found": queue(office, who.actor, wanted),
        "measured": of_rules(office, [wanted.rule] if wanted.rule else None),
        "filter": wanted,
        "places": places(office, who.actor, wanted.district),
        "states": list(State),
        "programmes": ROSTERS,
        "actions": ACTIONS,
        "in_bulk": [(step, STEPS_VI[step]) for step in offered(who.actor.role)],
    }
    return render(request, "queue.html.j2", told)
