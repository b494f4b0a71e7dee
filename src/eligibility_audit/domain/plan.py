"""The plan of an audit (`audit.yaml`): strict, so that a mistyped key is an error and never a silent default."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from rapidfuzz import process

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.errors import UsageError


def _known_kind(name: str) -> str:
    if name not in KINDS:
        raise PydanticCustomError("unknown_kind", "no such kind")
    return name


def _kinds_in_schema(schema: dict[str, Any]) -> None:
    schema["enum"] = list(KINDS)


KindName = Annotated[str, AfterValidator(_known_kind), Field(json_schema_extra=_kinds_in_schema)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BrakeLimits(_Strict):
    """When too much is wrong and nothing is published (design.md, 5)."""

    reject_share: Annotated[float, Field(gt=0, le=1)] = 0.05
    reject_count: Annotated[int, Field(ge=1)] = 20
    missing_persons_share: Annotated[float, Field(gt=0, le=1)] = 0.20
    stop_share: Annotated[float, Field(gt=0, le=1)] = 0.05
    stop_count: Annotated[int, Field(ge=0)] = 50
    control_total: Mapping[KindName, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)


class NightLimits(_Strict):
    """Against the last night: when too much is otherwise and nothing is published (docs/nightly.md)."""

    shrink_share: Annotated[float, Field(gt=0, le=1)] = 0.10
    shrink_count: Annotated[int, Field(ge=1)] = 20
    reject_rise: Annotated[int, Field(ge=1)] = 20
    jump_share: Annotated[float, Field(gt=0)] = 0.20
    jump_count: Annotated[int, Field(ge=1)] = 50
    due_within: Annotated[int, Field(ge=0)] = 7


class Source(_Strict):
    """One roster or reference list: a file, a pattern of files, or a table of a database.

    `max_age`: days after which a file that nobody wrote anew is too old for a night.
    """

    kind: KindName
    path: str | None = None
    sql: Annotated[str, Field(pattern=r"^\w+\.\w+(\.\w+)?$")] | None = None
    order_by: str | None = None
    sheets: tuple[str, ...] = ()
    columns: Mapping[str, str] = Field(default_factory=dict)
    encoding: str | None = None
    max_age: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "Source":
        if (self.path is None) == (self.sql is None):
            raise ValueError("a source has either `path` or `sql`")
        if self.sql is not None and not self.order_by:
            raise ValueError("a `sql` source needs `order_by`, so that row numbers mean the same tomorrow")
        if self.path is not None and self.order_by is not None:
            raise ValueError("`order_by` belongs to a `sql` source")
        return self

    @model_validator(mode="after")
    def _known_columns(self) -> "Source":
        known = KINDS[self.kind].field_names
        for name in self.columns:
            if name not in known:
                raise ValueError(f"`columns` has no field {name!r}{_nearest(name, known)}")
        return self


class Plan(_Strict):
    """What is audited: the lists, and the day at which the law and the facts are taken.

    `law_known_on`: the law as it was known here on a day; without it, all that is known.
    """

    name: Annotated[str, Field(min_length=1, max_length=200)]
    as_of: date
    law_known_on: date | None = None
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    brakes: BrakeLimits = Field(default_factory=BrakeLimits)
    nightly: NightLimits = Field(default_factory=NightLimits)
    conclusions: tuple[Annotated[str, Field(min_length=1)], ...] = ()  # files of domain.conclusions.Conclusion

    @field_validator("as_of", "law_known_on", mode="before")
    @classmethod
    def _a_day(cls, value: object) -> object:
        if isinstance(value, bool | int | float):
            raise ValueError("it is a day such as 2020-12-31")  # noqa: TRY004 - pydantic turns ValueErrors into messages
        return value

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds that the plan brings, in the order of `KINDS`."""
        brought = {source.kind for source in self.sources}
        return tuple(kind for kind in KINDS if kind in brought)


def parse_plan(content: object, where: str) -> Plan:
    """Check a loaded YAML document; raise UsageError with one sentence a fault, each naming the key and what to do."""
    if not isinstance(content, dict):
        raise UsageError(
            f"{where}: kế hoạch phải là các cặp khóa: giá trị (name, as_of, sources) / "
            "a plan is a mapping with name, as_of and sources"
        )
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        found = error.errors(include_url=False)
        nested = {fault["loc"][0] for fault in found if len(fault["loc"]) > 1}
        # a source with a fault is not counted by pydantic, which then says that there are too few sources
        told = [f for f in found if not (f["type"] == "too_short" and f["loc"][0] in nested)]
        faults = "\n".join(f"  - {_sentence(fault)}" for fault in told)
        raise UsageError(f"{where}: kế hoạch có lỗi / the plan has faults:\n{faults}") from None


def plan_schema() -> dict[str, Any]:
    """The plan's JSON Schema, for editors."""
    return Plan.model_json_schema() | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def _sentence(fault: Mapping[str, Any]) -> str:
    steps = [str(step) for step in fault["loc"]]
    place = ".".join(steps) or "plan"
    if fault["type"] == "extra_forbidden":
        return f"{place}: khóa lạ / unknown key{_nearest(steps[-1], _keys_at(steps[:-1]))}"
    if fault["type"] == "missing":
        return f"{place}: thiếu / is missing; write it"
    if fault["type"] == "unknown_kind":
        return f"{place}: {fault['input']!r}: không có / is not one of them{_nearest(str(fault['input']), KINDS)}"
    return f"{place}: {str(fault['msg']).removeprefix('Value error, ')}"


def _keys_at(steps: list[str]) -> Iterable[str]:
    if steps[:1] == ["sources"]:
        return Source.model_fields
    if steps[:1] == ["nightly"]:
        return NightLimits.model_fields
    return BrakeLimits.model_fields if steps[:1] == ["brakes"] else Plan.model_fields


def _nearest(word: str, known: Iterable[str]) -> str:
    names = list(known)
    best = process.extractOne(word, names, score_cutoff=60)
    return f"; gần nhất / the nearest is `{best[0]}`" if best else f"; có / known are: {', '.join(names)}"
