"""The acts as data: which action and which legal act follow from a ground, whom to ask what, and by when.

From `law/common/acts.yaml` and `clocks.yaml`, over them those of `law/<programme>/`, by layers (`law/files.py`). What
is not written there is not offered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from eligibility_audit.domain.cited import LATER_LAW
from eligibility_audit.domain.clocks import Clock, Due, SwappedDay, WorkingDays, due
from eligibility_audit.domain.words import ACTIONS, LAW_MARK_VI, STOPS
from eligibility_audit.errors import LawError
from eligibility_audit.law.files import COMMON, Entry, Law, entries, law_in_use

Mark = Literal["confirmed", "to_verify", "not_found"]
Action = Literal["none", "ask_papers", "adjust", "verify", "suspend", "terminate"]
Text = Annotated[str, Field(min_length=1)]
T = TypeVar("T")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(_Model):
    """Words that hold from a day on (to `valid_to`, its last day), with the mark of their source."""

    valid_from: date
    valid_to: date | None = None
    known_from: date | None = None
    vi: Text
    mark: Mark

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


Some = Annotated[tuple[Dated, ...], Field(min_length=1)]


class Act(_Model):
    """A legal act, whole: on which grounds, on what evidence, who prepares and decides it, and what comes after it.

    `effect`: what it does to the payment; `change` is more or less, as the direction of the proposal says. `refer`: the
    file is handed to the body that decides. `offered`: `match`, a proposal may follow from a match of lists; `officer`,
    only a named officer who enters the judgment or conclusion opens it, never the system. `clock`: key into
    `clocks.yaml`. `conclusion`: what a conclusion of the body that established the file, or a judgment, makes of the
    act. `undo`: the new act that takes it back.
    """

    vi: Text
    en: Text
    effect: Literal["end", "less", "more", "change", "pause", "repay", "resume", "refer"]
    offered: Literal["match", "officer"]
    grounds: Annotated[tuple[Text, ...], Field(min_length=1)]
    evidence: Annotated[tuple[Text, ...], Field(min_length=1)]
    with_: Annotated[Text, Field(alias="with")]
    basis: Some
    decider: Some
    preparer: Some
    form: tuple[Dated, ...]
    start_month: Text
    clock: Text
    conclusion: Annotated[Mapping[Literal["cleared", "partly", "confirmed"], Text], Field(min_length=1)]
    undo: Text
    known_from: date | None = None


class Referral(_Model):
    """Files that another body decides: they are sent to it, and nothing else is proposed.

    `words`: by column of the record, how a list says so (compared without regard to capitals).
    """

    vi: Text
    en: Text
    words: Annotated[Mapping[Text, tuple[Text, ...]], Field(min_length=1)]
    to: Some
    basis: Some
    question_vi: Text
    known_from: date | None = None


class Step(_Model):
    """What follows from a ground. `money`: the line shows the monthly amount and the sum to be made clear.

    `evidence_of`: a rule that speaks of the same fault; where both found it, that one speaks, this one is its evidence.
    """

    action: Action
    act: str | None = None
    money: bool = False
    clock: str = "reply"
    who_first: Literal["office", "citizen"] = "office"
    verify_with: str = ""
    question_vi: str = ""
    evidence_of: str = ""


class _Clocks(_Model):
    vi: Text
    en: Text
    values: Annotated[tuple[Clock, ...], Field(min_length=1)]
    known_from: date | None = None


@dataclass(frozen=True)
class Acts:
    """The acts of one programme."""

    programme: str
    clocks: Mapping[str, Sequence[Clock]]
    acts: Mapping[str, Act]
    grounds: Mapping[str, Step]
    unsure: Mapping[str, Step]  # of the grounds that stop, what follows where the identity is not sure
    rules: Mapping[str, Mapping[str, str]]
    referrals: Mapping[str, Referral]
    working_days: WorkingDays

    @classmethod
    def load(cls, programme: str, known_on: date | None = None) -> "Acts":
        """The acts of a programme in the law in use (`law.files.using`), as it was known on a day, read once.

        Raises `LawError` where a file of it is not what it should be.
        """
        law = law_in_use()
        return _load(programme, replace(law, known_on=known_on) if known_on else law)

    def step(self, ground: str, rule_id: str = "", *, stop_allowed: bool = True) -> Step:
        """What follows from a ground found by a rule; a stop on an identity that is not sure becomes `verify`.

        Raises `LawError` for a ground of which the programme's data says nothing.
        """
        step = self.grounds.get(ground)
        if step is None:
            raise LawError(
                f"law/{self.programme}/acts.yaml không nói gì về {ground}; hãy bổ sung. / "
                f"law/{self.programme}/acts.yaml says nothing of the ground {ground}; add it."
            )
        if step.action in STOPS and not stop_allowed:
            step = self.unsure[ground]
        said = self.rules.get(rule_id)
        return step if not said else step.model_copy(update=dict(said))

    def basis(self, act: str, day: date) -> Dated | None:
        """The provision that gives the power to act on a day; None where none is known."""
        return on_day(self.acts[act].basis, day)

    def cited(self, act: str, day: date) -> tuple[str, Mark]:
        """The power to act as a proposal of `day` cites it, and its mark.

        Where none is in force, one that came later is cited as such, at best to be verified. Raises `LawError` where
        there is neither: a citation outside its in-force dates is none.
        """
        held = self.basis(act, day)
        later = [basis for basis in self.acts[act].basis if basis.valid_from > day]
        if held is None and not later:
            raise LawError(
                f"Không có căn cứ có hiệu lực vào ngày {day:%d/%m/%Y} cho việc “{act}”; hãy xem lại acts.yaml. / "
                f"No basis of the act {act} is in force on {day}; look at acts.yaml."
            )
        if held is not None:
            return held.vi if held.mark == "confirmed" else f"{held.vi} ({LAW_MARK_VI[held.mark]})", held.mark
        first = min(later, key=lambda basis: basis.valid_from)
        mark: Mark = "not_found" if first.mark == "not_found" else "to_verify"
        return f"{LATER_LAW} {first.vi} ({LAW_MARK_VI[mark]})", mark

    def decider(self, act: str, day: date) -> Dated | None:
        """Who decides the act on a day."""
        return on_day(self.acts[act].decider, day)

    def due(self, clock: str, start: date, on: date | None = None) -> Due:
        """The day by which, counted from `start`, by the version of the clock that is law on `on` (else on `start`).

        A clock that is not yet law falls back to our own time for a reply. Raises `LawError` where there is neither.
        """
        for name in (clock, OWN_REPLY):
            found = due(self.clocks[name], start, on or start, self.working_days)
            if found is not None:
                return found
        raise LawError(
            f"Không có thời hạn {clock} vào ngày {start:%d/%m/%Y}; hãy bổ sung law/common/clocks.yaml. / "
            f"There is no clock {clock} on {start}; add it to law/common/clocks.yaml."
        )


OWN_REPLY: Final = "reply"


def on_day(values: Sequence[Dated], day: date) -> Dated | None:
    """What holds on a day, if anything does."""
    return next((value for value in values if value.holds(day)), None)


def severity(action: str) -> int:
    """0 for none, then the order of ACTIONS."""
    return 0 if action == "none" else ACTIONS.index(action) + 1


_CLOCKS: Final = TypeAdapter(_Clocks)
_ACT: Final = TypeAdapter(Act)
_REFERRAL: Final = TypeAdapter(Referral)
_SWAPPED: Final = TypeAdapter(SwappedDay)
_GROUND: Final = TypeAdapter(dict[str, str | bool | None])
_WORDS: Final = TypeAdapter(dict[str, str])
_SECTIONS: Final = ("acts", "grounds", "rules", "referrals")


@cache
def _load(programme: str, law: Law) -> Acts:
    common, own = _sections(COMMON, law), _sections(programme, law)
    known = law.known_on
    acts = {name: _known(entry, known) for name, entry in (common["acts"] | own["acts"]).items()}
    usual = {name: _shaped(entry, _GROUND) for name, entry in common["grounds"].items()}
    special = {name: _shaped(entry, _GROUND) for name, entry in own["grounds"].items()}
    rules = {name: _shaped(entry, _WORDS) for name, entry in (common["rules"] | own["rules"]).items()}
    referrals = {name: _shaped(entry, _REFERRAL) for name, entry in (common["referrals"] | own["referrals"]).items()}
    try:
        grounds = {name: Step.model_validate(usual.get(name, {}) | special.get(name, {})) for name in usual | special}
        unsure = {
            name: Step.model_validate(
                step.model_dump() | usual.get(name, {}) | {"action": "verify", "act": None, "clock": OWN_REPLY}
            )
            for name, step in grounds.items()
            if step.action in STOPS
        }
    except ValidationError as error:
        raise _bad(programme, error) from error
    clocks = {name: _versions(entry, known) for name, entry in _clocks(programme, law).items()}
    loaded = Acts(programme, clocks, acts, grounds, unsure, rules, referrals, working_days(law))
    _check(loaded)
    return loaded


def _check(acts: Acts) -> None:
    """What no file may say: an act that is not there, or that only an officer opens; a clock that is not there."""
    for ground, step in acts.grounds.items():
        needs_act = step.action in (*STOPS, "adjust")
        if needs_act != (step.act is not None):
            raise _bad(acts.programme, f"{ground}: {step.action} {'needs an act' if needs_act else 'has no act'}")
        if step.act is not None and (step.act not in acts.acts or acts.acts[step.act].offered != "match"):
            raise _bad(acts.programme, f"{ground}: {step.act} is no act that may follow from a match")
    timed = {step.clock for step in acts.grounds.values()} | {act.clock for act in acts.acts.values()}
    if timed - acts.clocks.keys():
        raise _bad(acts.programme, f"unknown clock: {', '.join(sorted(timed - acts.clocks.keys()))}")


def working_days(law: Law | None = None) -> WorkingDays:
    """The working days of Viet Nam, with the days that the law in use says were swapped."""
    found = entries(COMMON, "working_days", law or law_in_use())
    swapped = {}
    for day, said in found.items():
        try:
            swapped[date.fromisoformat(day)] = _shaped(said[-1], _SWAPPED).working
        except ValueError as error:
            raise said[-1].fault(error) from error
    return WorkingDays(swapped)


def _sections(folder: str, law: Law) -> dict[str, dict[str, Entry]]:
    """The entries of the sections of `acts.yaml`; those of a later layer stand before those below it."""
    found: dict[str, dict[str, Entry]] = {section: {} for section in _SECTIONS}
    for section, said in entries(folder, "acts", law).items():
        if section not in found:
            raise said[-1].fault(f"{section}: the sections are {', '.join(_SECTIONS)}")
        for entry in said:
            if not isinstance(entry.content, dict):
                raise entry.fault(section)
            for name, content in entry.content.items():
                inner = replace(entry, content=content)
                since = content.get("known_from") if isinstance(content, dict) else None
                if law.known_on is None or not isinstance(since, date) or since <= law.known_on:
                    found[section][str(name)] = inner
    return found


def _clocks(programme: str, law: Law) -> dict[str, Entry]:
    found = entries(COMMON, "clocks", law) | entries(programme, "clocks", law)
    return {name: said[-1] for name, said in found.items()}


def _versions(entry: Entry, known_on: date | None) -> tuple[Clock, ...]:
    return tuple(
        v for v in _shaped(entry, _CLOCKS).values if _is_known(entry.known(v.known_from, v.valid_from), known_on)
    )


def _known(entry: Entry, known_on: date | None) -> Act:
    """The act with what was known of it on a day."""
    act = _shaped(entry, _ACT)
    dated = {
        name: tuple(
            value
            for value in getattr(act, name)
            if _is_known(entry.known(value.known_from, value.valid_from), known_on)
        )
        for name in ("basis", "decider", "preparer", "form")
    }
    return act.model_copy(update=dated)


def _is_known(known_from: date, known_on: date | None) -> bool:
    return known_on is None or known_from <= known_on


def _shaped(entry: Entry, shape: TypeAdapter[T]) -> T:
    try:
        return shape.validate_python(entry.content)
    except ValidationError as error:
        raise entry.fault(error) from error


def _bad(folder: str, error: object) -> LawError:
    return LawError(
        f"Tệp law/{folder}/acts.yaml không đúng mẫu; hãy sửa chỗ được nêu. / "
        f"The file law/{folder}/acts.yaml is not in its form; mend what is named here. {error}"
    )
