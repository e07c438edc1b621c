"""What mutations share: who may be told what, how long texts may be, how an entity is changed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ...domain.account.account import Account
from ...domain.entities import Attribute, Attributes, Entity, upserted
from ...domain.faults import NotFound, RuleError, TooLong
from ...errors import shortened
from ..arguments import Arguments
from ..context import Call, Info, call_of
from ..error_codes import BAD_REQUEST, refusal, rule_refusal

E = TypeVar("E", bound=Entity)

Work = Callable[[Call, Account, Arguments], Any]
"""Does what a mutation asks for, all or nothing, and returns what its selection is read from."""

# Fluent docs: GraphQL schema docs, and GraphQL query limits, 25 Sept 2024, for all other texts.
LONGEST = {"ref": 100, "type": 50, "productRef": 100, "storageAreaRef": 100}
# Of a location and its address: a public copy of the schema (2023).
LONGEST |= {"supportPhoneNumber": 20, "defaultCarrier": 50, "companyName": 45, "street": 100}
LONGEST |= {"city": 45, "state": 200, "postcode": 100, "region": 250, "country": 100}
LONGEST |= {"timeZone": 32, "directions": 4_096}
LONGEST_TEXT = 255

_NAMES = ("/ref", "/type", "/status", "/productRef", "/locationRef")
"""What may not be empty. No page says so, but nothing could be found by it."""

_CONTROL_CHARACTERS = re.compile("[\\x00-\\x1f\\x7f]")
"""What a text of one line has none of, as in batches and events (schemas/common)."""
_LINES = ("/description", "/directions")
"""Texts that may have several lines."""

_ENTITY_FIELDS = {"type": "type", "status": "status", "name": "name", "description": "description"}


def mutation(work: Work, *, of_quantity: bool = False) -> Callable[..., Any]:
    """A resolver that does this work and tells what a rule refused.

    What is written of a quantity is counted with the quantities of all other sources.
    """

    def resolve(_root: Any, info: Info, **arguments: Any) -> Any:
        call = call_of(info)
        if arguments.get("input") is None:
            raise refusal(BAD_REQUEST, f"{info.field_name} has no `input`: expected one.")
        assert call.account is not None, "a mutation runs on an account that it may change"
        try:
            check_lengths(arguments)
            if of_quantity:
                return work(call, call.account, arguments)
            writing = call.account.holdings.writing
            size = writing.check(arguments, call.account.bytes_written)
            done = work(call, call.account, arguments)
            writing.add(size)
            return done
        except RuleError as error:
            raise rule_refusal(error) from None

    return resolve


def check_lengths(value: Any, path: str = "", longest: int = LONGEST_TEXT) -> None:
    """Raise TooLong for a text that is longer than the platform keeps, RuleError for no name.

    RuleError also for control characters, but in attributes, which are anything.
    """
    if isinstance(value, str) and len(value) > longest:
        raise TooLong(f"{path} has {len(value)} characters: expected at most {longest}")
    if value == "" and path.endswith(_NAMES):
        raise RuleError(f"{path} is empty: expected at least one character")
    if isinstance(value, str) and _CONTROL_CHARACTERS.search(value) and not _is_free(path):
        raise RuleError(f"{path} is {shortened(repr(value))}: expected no control characters")
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name == "value":  # of an attribute: any JSON
                continue
            check_lengths(part, f"{path}/{name}", LONGEST.get(name, LONGEST_TEXT))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            check_lengths(part, f"{path}/{index}", longest)


def _is_free(path: str) -> bool:
    return path.endswith(_LINES) or "/attributes/" in path


def attributes_of(given: Arguments, known: Attributes | None = None) -> Attributes:
    """The attributes after an input; raises RuleError when there are too many."""
    entries = [entry for entry in given.get("attributes") or () if entry is not None]
    attributes = (Attribute(entry["name"], entry["type"], entry["value"]) for entry in entries)
    return upserted(known, {attribute.name: attribute for attribute in attributes})


def changed(entity: E, given: Arguments, at: int, **fields: Any) -> E:
    """An entity with what an update input gives it; null leaves a field as it is.

    `fields` are further fields with their values, None where the input does not give one.
    """
    values = {
        field: given[name] for name, field in _ENTITY_FIELDS.items() if given.get(name) is not None
    }
    values |= {field: value for field, value in fields.items() if value is not None}
    attributes = attributes_of(given, entity.attributes)
    return replace(entity, **values, attributes=attributes, updated_at=at)


def texts(given: Arguments, name: str) -> tuple[str, ...] | None:
    """A list of texts in an input, without its nulls."""
    values = given.get(name)
    return None if values is None else tuple(value for value in values if value is not None)


def found(entity: E | None, what: str) -> E:
    """An entity that a mutation names; raises NotFound."""
    if entity is None:
        raise NotFound(f"there is no {what}")
    return entity
