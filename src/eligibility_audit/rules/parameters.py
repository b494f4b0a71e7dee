"""The law as data: parameters and citations of one programme, by date, from `law/<programme>/*.yaml`.

Nothing here computes a number of law; it is looked up on a day. A day before the first value, or a provision outside
its in-force dates, is a `LawError` sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PrivateAttr, TypeAdapter, ValidationError, model_validator

from eligibility_audit.domain.cited import LATER_LAW, UNNUMBERED, together
from eligibility_audit.domain.words import LAW_MARKS
from eligibility_audit.errors import LawError
from eligibility_audit.law.files import COMMON, Entry, Law, entries, law_in_use

Mark = Literal["confirmed", "to_verify", "not_found"]
Text = Annotated[str, Field(min_length=1)]
T = TypeVar("T")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Value(_Model):
    """The value of a parameter from a day on (to the day before the next value, or to `valid_to`).

    `known_from`: since when it is known here; where it is not written, since its pack is. A value that was known later
    stands before one of the same `valid_from`.
    """

    valid_from: date
    valid_to: date | None = None
    known_from: date | None = None
    value: JsonValue | date
    mark: Mark
    source: Text
    last_checked: date
    note: str = ""
    _origin: str = PrivateAttr(default="")

    @property
    def origin(self) -> str:
        """The folder of law it stands in; "" for the installed one."""
        return self._origin

    def of(self, entry: Entry) -> "Value":
        """The value with where it stands and since when it is known."""
        placed = self.model_copy(update={"known_from": entry.known(self.known_from, self.valid_from)})
        placed._origin = entry.origin
        return placed


class Parameter(_Model):
    """A number, a date or a list of the law, with its values in order of date."""

    vi: Text
    en: Text
    known_from: date | None = None
    values: Annotated[list[Value], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> "Parameter":
        for earlier, later in pairwise(self.values):
            if later.valid_from == earlier.valid_from and later.known_from != earlier.known_from:
                continue  # the same days as they were known earlier and later
            if later.valid_from <= (earlier.valid_to or earlier.valid_from):
                raise ValueError(f"the value of {later.valid_from} overlaps the one before it")
        return self

    def known(self, known_on: date | None) -> "Parameter":
        """The values that were known on a day (None: all), of one `valid_from` the one known last.

        A parameter without a known value keeps none.
        """
        kept = {
            v.valid_from: v for v in self.values if known_on is None or v.known_from is None or v.known_from <= known_on
        }
        return self.model_copy(update={"values": list(kept.values())})

    def on(self, day: date) -> Value | None:
        """The value in force on a day, if there is one."""
        found = None
        for value in self.values:
            if value.valid_from <= day:
                found = value
        return found if found is None or found.valid_to is None or day <= found.valid_to else None


class _MoreValues(_Model):
    """Values that a folder of law adds to a parameter of the law below it."""

    values: Annotated[list[Value], Field(min_length=1)]
    known_from: date | None = None


class Instrument(_Model):
    """A law, ordinance, decree or circular, and the days on which it is the law. In `law/instruments.yaml`.

    `short_vi`: the name as a finding cites it, where the full one tells its amendments.
    """

    vi: Text
    en: Text
    short_vi: str = ""
    valid_from: date
    valid_to: date | None = None
    known_from: date | None = None
    mark: Mark
    source: Text
    last_checked: date
    note: str = ""


class Provision(_Model):
    """A provision of an instrument, in `law/<programme>/citations.yaml`; its key is the instrument's, a dot, its own.

    `valid_from`, `valid_to`: where they differ from the instrument's.
    """

    vi: Text
    en: Text
    valid_from: date | None = None
    valid_to: date | None = None
    known_from: date | None = None
    mark: Mark
    source: Text
    last_checked: date
    note: str = ""


class Whole(_Model):
    """A provision written together with its instrument, for instance an internal rule that no instrument holds."""

    instrument_vi: Text
    instrument_en: Text
    provision_vi: Text
    provision_en: Text
    valid_from: date
    valid_to: date | None = None
    known_from: date | None = None
    mark: Mark
    source: Text
    last_checked: date
    note: str = ""


@dataclass(frozen=True)
class Citation:
    """A provision with its instrument: what it is called, the days on which it is the law, and how sure that is."""

    key: str
    vi: str
    en: str
    valid_from: date
    valid_to: date | None
    mark: Mark
    source: str
    last_checked: date
    known_from: date
    origin: str  # the folder of law it stands in; "" for the installed one
    short_vi: str  # as a finding cites it: without the words that say what a provision of unknown number is about

    @classmethod
    def of(
        cls,
        key: str,
        found: Provision | Whole,
        instruments: Mapping[str, Instrument],
        entry: Entry,
    ) -> "Citation":
        """The citation that an entry makes; its mark is the weaker of the provision's and the instrument's.

        Raises `LawError` where there is no such instrument.
        """
        if isinstance(found, Whole):
            vi, en = f"{found.provision_vi} {found.instrument_vi}", f"{found.provision_en}, {found.instrument_en}"
            return cls(
                key=key,
                vi=vi,
                en=en,
                valid_from=found.valid_from,
                valid_to=found.valid_to,
                mark=found.mark,
                source=found.source,
                last_checked=found.last_checked,
                known_from=entry.known(found.known_from, found.valid_from),
                origin=entry.origin,
                short_vi=vi,
            )
        instrument = instruments.get(key.split(".", maxsplit=1)[0])
        if instrument is None:
            raise LawError(
                f"Căn cứ {key} dẫn văn bản không có trong law/instruments.yaml; hãy thêm văn bản. / "
                f"The citation {key} names an instrument that law/instruments.yaml lacks; add it."
            )
        return cls(
            key=key,
            vi=f"{found.vi} {instrument.vi}",
            en=f"{found.en}, {instrument.en}",
            valid_from=found.valid_from or instrument.valid_from,
            valid_to=found.valid_to or instrument.valid_to,
            mark=weakest([found.mark, instrument.mark]),
            source=found.source,
            last_checked=min(found.last_checked, instrument.last_checked),
            known_from=entry.known(
                found.known_from or instrument.known_from, found.valid_from or instrument.valid_from
            ),
            origin=entry.origin,
            short_vi=_short(found.vi, instrument.short_vi or instrument.vi),
        )

    def known(self, known_on: date | None) -> "Citation":
        """It as known on a day (None: today): one that was not yet known never begins."""
        return self if known_on is None or self.known_from <= known_on else replace(self, valid_from=date.max)

    def in_force(self, day: date) -> bool:
        """Whether the provision is the law on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Basis:
    """The law of one rule on one day: what is in force, and what came later."""

    in_force: tuple[Citation, ...]
    later: tuple[Citation, ...]

    @property
    def mark(self) -> Mark:
        """The weakest mark of what is in force."""
        return weakest(citation.mark for citation in self.in_force)

    @property
    def vi(self) -> str:
        """One line: the law in force, then `quy định sau này` with the day from which it holds."""
        later = [_from(citation.short_vi, citation.valid_from) for citation in self.later]
        now = "; ".join(citation.short_vi for citation in self.in_force)
        return together([now, f"{LATER_LAW} {'; '.join(later)}"] if later else [now])


def _from(citation: str, day: date) -> str:
    name = citation.removesuffix(UNNUMBERED).rstrip()
    return f"{name} (từ {day:%d/%m/%Y})" + (f" {UNNUMBERED}" if citation.endswith(UNNUMBERED) else "")


def _short(provision: str, instrument: str) -> str:
    return f"{instrument} {UNNUMBERED}" if UNNUMBERED in provision else f"{provision} {instrument}"


def weakest(marks: Iterable[Mark]) -> Mark:
    """The weakest of some law marks; `confirmed` where there are none."""
    return max(marks, key=LAW_MARKS.index, default="confirmed")


class Parameters:
    """The parameters that a rule has declared, on one day. Asking for any other is a `LawError`."""

    def __init__(self, pack: "LawPack", day: date, names: Sequence[str]) -> None:
        self.programme: Final = pack.programme
        self.day: Final = day
        self._values: Final = {name: pack.value(name, day) for name in names}
        self._pack: Final = pack

    def __getitem__(self, name: str) -> JsonValue | date:
        return self._values[self._asked(name)].value

    def _asked(self, name: str) -> str:
        if name not in self._values:
            raise LawError(
                f"Quy tắc không khai báo tham số {name}. Hãy thêm vào parameters= của quy tắc. / "
                f"The rule does not declare the parameter {name}. Add it to the rule's parameters=."
            )
        return name

    def whole(self, name: str) -> int:
        """A whole number, for instance đồng."""
        return TypeAdapter(int).validate_python(self[name], strict=True)

    def day_of(self, name: str) -> date:
        """A date."""
        value = self[name]
        return value if isinstance(value, date) else date.fromisoformat(str(value))

    def period(self, name: str) -> tuple[date, date]:
        """A first and a last day."""
        first, last = TypeAdapter(tuple[str, str]).validate_python(self[name])
        return date.fromisoformat(first), date.fromisoformat(last)

    def words(self, name: str) -> tuple[str, ...]:
        """A list of words."""
        return TypeAdapter(tuple[str, ...]).validate_python(self[name])

    def lists(self, name: str) -> dict[str, tuple[str, ...]]:
        """Lists of words by name."""
        return TypeAdapter(dict[str, tuple[str, ...]]).validate_python(self[name])

    def amounts(self, name: str) -> dict[str, int]:
        """Whole numbers by name."""
        return TypeAdapter(dict[str, int]).validate_python(self[name], strict=True)

    def earlier(self, name: str) -> list[Value]:
        """The values of a declared parameter before the one in force, oldest first."""
        now = self._values[name]
        return [value for value in self._pack.parameters[name].values if value.valid_from < now.valid_from]

    def so_far(self, name: str) -> list[Value]:
        """The values of a declared parameter to the one in force, which is the last."""
        return [*self.earlier(name), self._values[name]]

    def every(self, name: str) -> list[Value]:
        """The values of a declared parameter, those to come too, oldest first."""
        return list(self._pack.parameters[self._asked(name)].values)

    @property
    def mark(self) -> Mark:
        """The weakest mark of the values."""
        return weakest(value.mark for value in self._values.values())


class LawPack:
    """The parameters and citations of one programme."""

    def __init__(self, programme: str, parameters: Mapping[str, Parameter], citations: Mapping[str, Citation]) -> None:
        self.programme: Final = programme
        self.parameters: Final = dict(parameters)
        self.citations: Final = dict(citations)

    @classmethod
    def load(cls, programme: str, known_on: date | None = None) -> "LawPack":
        """The pack of a programme in the law in use (`law.files.using`), as it was known on a day, read once.

        Raises `LawError` where a file of it is not what it should be.
        """
        law = law_in_use()
        return _load(programme, replace(law, known_on=known_on) if known_on else law)

    def value(self, name: str, day: date) -> Value:
        """The value of a parameter in force on a day. Raises `LawError` where there is none."""
        parameter = self.parameters.get(name)
        if parameter is None:
            raise LawError(
                f"Không có tham số {name} trong law/{self.programme}/parameters.yaml. / "
                f"There is no parameter {name} in law/{self.programme}/parameters.yaml."
            )
        if not parameter.values:
            raise LawError(
                f"Tham số {name} ({parameter.vi}) của {self.programme} khi đó chưa được biết ở đây; hãy bỏ "
                f"law_known_on hoặc chọn ngày sau. / The parameter {name} ({parameter.en}) of {self.programme} was not "
                "yet known here; leave out law_known_on, or take a later day."
            )
        found = parameter.on(day)
        if found is None:
            first = parameter.values[0].valid_from
            raise LawError(
                f"Tham số {name} ({parameter.vi}) của {self.programme} không có giá trị vào ngày {day:%d/%m/%Y}; "
                f"giá trị đầu tiên từ {first:%d/%m/%Y}. Hãy bổ sung giá trị có căn cứ, hoặc chọn ngày khác. / "
                f"The parameter {name} ({parameter.en}) of {self.programme} has no value on {day}; the first is from "
                f"{first}. Add a value with its source, or take another day."
            )
        return found

    def at(self, day: date, names: Sequence[str]) -> Parameters:
        """The parameters of a rule on a day."""
        return Parameters(self, day, names)

    def cite(self, key: str, day: date) -> Citation:
        """A provision as the law of a day. Raises `LawError` where it is not in force on that day."""
        citation = self._citation(key)
        if citation.valid_from == date.max:
            raise LawError(
                f"{citation.vi} ({key}) khi đó chưa được biết; hãy bỏ law_known_on hoặc chọn ngày sau. / "
                f"{citation.en} ({key}) was not yet known; leave out law_known_on, or take a later day."
            )
        if not citation.in_force(day):
            until = f" đến {citation.valid_to:%d/%m/%Y}" if citation.valid_to else ""
            until_en = f" to {citation.valid_to}" if citation.valid_to else ""
            raise LawError(
                f"{citation.vi} ({key}) có hiệu lực từ {citation.valid_from:%d/%m/%Y}{until}, không phải là căn cứ của "
                f"ngày {day:%d/%m/%Y}. Hãy dẫn quy định có hiệu lực ngày đó. / "
                f"{citation.en} ({key}) is in force from {citation.valid_from}{until_en}, and is not the law of {day}. "
                f"Cite the provision in force on that day."
            )
        return citation

    def basis(self, keys: Sequence[str], day: date) -> Basis:
        """Of some provisions: those in force on a day, and those that came later.

        Raises `LawError` where none is in force on the day.
        """
        citations = [self._citation(key) for key in keys]
        in_force = tuple(c for c in citations if c.in_force(day))
        if not in_force:
            ended = [c for c in citations if c.valid_to is not None and c.valid_to < day]
            last = max(ended, key=lambda c: c.valid_to or date.min) if ended else citations[0]
            self.cite(last.key, day)
        return Basis(in_force, tuple(c for c in citations if day < c.valid_from < date.max))

    def _citation(self, key: str) -> Citation:
        if key not in self.citations:
            raise LawError(
                f"Không có căn cứ {key} trong law/{self.programme}/citations.yaml. / "
                f"There is no citation {key} in law/{self.programme}/citations.yaml."
            )
        return self.citations[key]


_PARAMETERS: Final = TypeAdapter(Parameter)
_MORE_VALUES: Final = TypeAdapter(_MoreValues)
_PROVISIONS: Final[TypeAdapter[Provision | Whole]] = TypeAdapter(Provision | Whole)
_INSTRUMENTS: Final = TypeAdapter(Instrument)


@cache
def _load(programme: str, law: Law) -> LawPack:
    installed = {folder: entries(folder, "parameters", law) for folder in (COMMON, programme)}
    if not installed[programme] and not entries(programme, "citations", law):
        raise LawError(
            f"Không có luật của {programme} trong law/{programme}/; hãy thêm hoặc cài lại chương trình. / "
            f"There is no law of {programme} in law/{programme}/; add it, or install the programme again."
        )
    instruments = {name: _last(said, _INSTRUMENTS)[0] for name, said in entries("", "instruments", law).items()}
    parameters = {
        name: _parameter(said, law.known_on) for name, said in _both(installed[COMMON], installed[programme]).items()
    }
    provisions = _both(entries(COMMON, "citations", law), entries(programme, "citations", law))
    citations = {}
    for key, said in provisions.items():
        provision, entry = _last(said, _PROVISIONS)
        citations[key] = Citation.of(key, provision, instruments, entry).known(law.known_on)
    return LawPack(programme, parameters, citations)


def _last(said: Sequence[Entry], shape: TypeAdapter[T]) -> tuple[T, Entry]:
    """The entry that stands before the others, in its form; the others are held to it too."""
    shaped = [_shaped(entry, shape) for entry in said]
    return shaped[-1], said[-1]


def _shaped(entry: Entry, shape: TypeAdapter[T]) -> T:
    try:
        return shape.validate_python(entry.content)
    except ValidationError as error:
        raise entry.fault(error) from error


def _parameter(said: Sequence[Entry], known_on: date | None) -> Parameter:
    """A parameter from its layers: one that gives `values:` alone adds them to the parameter below it."""
    values: list[Value] = []
    vi = en = ""
    for entry in said:
        if isinstance(entry.content, dict) and set(entry.content) <= {"values", "known_from"} and vi:
            more = _shaped(entry, _MORE_VALUES).values
            values += [value.of(entry) for value in more]
        else:
            whole = _shaped(entry, _PARAMETERS)
            vi, en, values = whole.vi, whole.en, [value.of(entry) for value in whole.values]
    try:
        return Parameter(vi=vi, en=en, values=sorted(values, key=_place)).known(known_on)
    except ValidationError as error:
        raise said[-1].fault(error) from error


def _place(value: Value) -> tuple[date, date]:
    return value.valid_from, value.known_from or value.last_checked


def _both(one: dict[str, T], other: dict[str, T]) -> dict[str, T]:
    twice = one.keys() & other.keys()
    if twice:
        names = ", ".join(sorted(twice))
        raise LawError(
            f"Trong law/ có hai mục cùng tên: {names}; hãy giữ một. / There are two entries {names} in law/; keep one."
        )
    return one | other
