"""What the values of a snapshot's lines may be, and what lines are."""

from functools import reduce
from typing import Annotated, Any, TypeVar

import msgspec
import orjson
from msgspec import Meta, field

from ...clock import END_OF_TIME
from ...domain.entities import Attribute
from ...domain.inventory import MOST_LINES
from .unreadable import SnapshotFault

FIRST_MOMENT = -62_135_596_800_000
"""The beginning of the year 1, in milliseconds since 1970."""
_MOST_EXACT = 2**53
_MOST_BATCHES = 2**38
"""As many as a packed source can tell apart."""

Moment = Annotated[int, Meta(ge=FIRST_MOMENT, le=END_OF_TIME)]
"""Milliseconds since 1970, UTC."""
Amount = Annotated[int, Meta(ge=-_MOST_EXACT, le=_MOST_EXACT)]
Whole = Annotated[int, Meta(ge=0, le=_MOST_EXACT)]
Made = Annotated[int, Meta(ge=0, le=2**37)]
"""How many of a kind there have been, so that many more can be told apart."""
Number = Annotated[int, Meta(ge=1, le=_MOST_EXACT)]
PlainCount = Annotated[int, Meta(gt=-(2**31), lt=2**31)]
Row = Annotated[int, Meta(ge=0, lt=2**31)]
BatchNumber = Annotated[int, Meta(ge=-1, lt=_MOST_BATCHES)]
BatchLine = Annotated[int, Meta(ge=0, lt=MOST_LINES)]
Attributes = dict[str, Attribute]
Json = Any
Kind = TypeVar("Kind")

_LEVELS_ABOVE = 54
"""Around a value where it is shown; orjson writes 254 levels."""


class Form(
    msgspec.Struct,
    kw_only=True,
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """An object in a file; a value that is the usual one is left out."""


class EntityForm(Form):
    """What all entities have."""

    number: Number
    ref: str
    type: str
    status: str
    created_at: Moment
    updated_at: Moment
    name: str | None = None
    description: str | None = None
    attributes: Attributes = field(default_factory=dict)


class Line(Form, tag_field="kind"):
    """A line of a file after its head."""


class Cause(Form):
    """What changed a quantity: the line of a batch, the entry of an event, or a mutation."""

    batch: BatchNumber | None = None
    line: BatchLine | None = None
    event: str | None = None
    entries: str | None = None
    entry: Annotated[int, Meta(ge=-1, le=_MOST_EXACT)] | None = None
    mutation: str | None = None


def check_json(value: object, where: str) -> None:
    """Raise SnapshotFault for what cannot be shown again: too deep, or too large a number."""
    try:
        orjson.dumps(reduce(lambda inner, _: [inner], range(_LEVELS_ABOVE), value), default=list)
    except TypeError as error:
        raise SnapshotFault(where, f"what cannot be written ({error})", "JSON") from None


def fields_of(form: Form) -> dict[str, Any]:
    """The fields of a form by their names."""
    return {name: getattr(form, name) for name in form.__struct_fields__}


def domain_value(form: Form, kind: type[Kind]) -> Kind:
    """A value of the domain with the fields of a form."""
    return msgspec.convert(form, kind, from_attributes=True)


def json_object(body: bytes, where: str) -> dict[str, Any]:
    """The object in some JSON; raises SnapshotFault for any other text."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise SnapshotFault(where, f"no JSON ({error})", "an object as JSON") from None
    if not isinstance(document, dict):
        raise SnapshotFault(where, "other JSON", "an object as JSON")
    check_json(document, where)
    return document
