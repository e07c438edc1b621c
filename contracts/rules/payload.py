"""What the rules about payloads share: careful reading, since a payload can hold any JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from fluent_oms_simulator.domain.inventory import FUTURE_TYPES
from fluent_oms_simulator.domain.refs import LONGEST_REF, position_ref
from fluent_oms_simulator.errors import shortened

from .rule import Batch, once

Row = Mapping[str, Any]

INVENTORY_CATALOGUE = "INVENTORY_CATALOGUE"
LAST_ON_HAND = "LAST_ON_HAND"
DELTA = "DELTA"
COUNTED_TYPES = frozenset({LAST_ON_HAND, "RESERVED", "SALE", "CORRECTION", DELTA})
"""The quantity types that are stock on hand (Inventory quantity types, 10 Jan 2025)."""

KNOWN_TYPES = COUNTED_TYPES | FUTURE_TYPES | {"PURCHASE_ORDER", "ADJUSTMENT"}
_NUMBER = re.compile(r"[+-]?[0-9][0-9,. ]*")
_LONGEST_NUMBER = 40
WHOLE_NUMBER = "a whole number, written without quotes, decimal point or exponent"
_NO_ROW: Row = {}


def rows(listed: Sequence[Any]) -> Sequence[Row]:
    """The records of a list, each at its index; what is no record stands as an empty one."""
    if set(map(type, listed)) == {dict}:
        return listed
    return [row if isinstance(row, dict) else _NO_ROW for row in listed]


@once
def records_of(batch: Batch) -> Sequence[Row]:
    """The records of a batch, each at its index."""
    return rows(batch.records)


@once
def column(batch: Batch, name: str) -> Sequence[Any]:
    """What the records have in one field, each at its index; None where it is not there."""
    return [row.get(name) for row in records_of(batch)]


@once
def attributes_of(batch: Batch) -> Sequence[tuple[int, Row]]:
    """The attributes of the records that have some, each with its record's index."""
    return [
        (index, attributes)
        for index, attributes in enumerate(column(batch, "attributes"))
        if attributes and attributes.__class__ is dict
    ]


@once
def texts(batch: Batch, name: str) -> Sequence[str]:
    """The different texts that the records have in one field, in their order.

    In that order they are near each other in memory, which makes all that follows faster.
    """
    try:
        values = list(dict.fromkeys(column(batch, name)))
    except TypeError:  # a list or an object, which cannot be told apart in this way
        values = list(dict.fromkeys(filter(_is_text, column(batch, name))))
    return values if set(map(type, values)) == {str} else list(filter(_is_text, values))


def _is_text(value: object) -> bool:
    return value.__class__ is str


def distinct(values: Iterable[Any]) -> set[Any]:
    """The different values, less lists and objects."""
    listed = values if isinstance(values, list) else list(values)
    try:
        return set(listed)
    except TypeError:
        return {value for value in listed if isinstance(value, Hashable)}


def shown(value: object) -> str:
    """A value for a person, as JSON and cut to what a message can show."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return json.dumps(shortened(value), ensure_ascii=False)
    return shortened(json.dumps(value))


def squeezed(name: str) -> str:
    """A name less its case and separators, in which people and programs write it differently."""
    return "".join(filter(str.isalnum, name)).lower()


def text(value: object) -> str | None:
    """A ref or an id as text, and a number as it is written; None where there is neither."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def catalogue_retailer(ref: object) -> str | None:
    """The retailer that a catalogue's ref ends with, as in `DEFAULT:1`; None where it does not."""
    last = ref.rpartition(":")[2] if isinstance(ref, str) and ":" in ref else ""
    return last if last.isascii() and last.isdigit() else None


def catalogue_type(ref: object) -> str | None:
    """The type that a catalogue's ref begins with, as in `DEFAULT:1`; None where it does not."""
    return ref.partition(":")[0] if isinstance(ref, str) and ":" in ref else None


def is_padded(value: object) -> bool:
    """Whether a ref begins or ends with blanks."""
    return value.__class__ is str and value != value.strip()


def padded_refs(listed: Iterable[Row], names: Sequence[str]) -> Iterator[tuple[int, str, object]]:
    """Refs that begin or end with blanks: index, field, ref."""
    for index, row in enumerate(listed):
        for name in names:
            ref = row.get(name)
            if is_padded(ref):
                yield index, name, ref


def long_position_refs(
    refs: Iterable[tuple[object, object]], product: str, kind: str
) -> Iterator[tuple[int, str]]:
    """Pairs of product and location that are each short enough, but not together.

    The index of each, and what was found; `product` is the field that the product stands in, `kind`
    the type of the catalogue.
    """
    for index, (product_ref, location_ref) in enumerate(refs):
        if isinstance(product_ref, str) and isinstance(location_ref, str):
            length = len(position_ref(product_ref, location_ref, kind))
            if length > LONGEST_REF >= max(len(product_ref), len(location_ref)):
                yield index, f"a position ref of {length} characters ({product}:locationRef:{kind})"


def misnamed(
    listed: Sequence[Row], known: Collection[str], aliases: Mapping[str, str]
) -> Iterator[tuple[int, str, str]]:
    """Fields under a wrong name whose right one is not there: index, wrong name, right name."""
    suspects = {
        name: right
        for name in set().union(*listed).difference(known)
        if isinstance(name, str) and (right := aliases.get(squeezed(name))) is not None
    }
    if not suspects:
        return
    for index, row in enumerate(listed):
        missing: set[str] = set()
        for name in row:
            right = suspects.get(name)
            if right is not None and row.get(right) is None and right not in missing:
                missing.add(right)
                yield index, name, right


def token(name: str) -> str:
    """A field's name as a step of a JSON pointer, whole, so that the pointer leads there."""
    return name.replace("~", "~0").replace("/", "~1")


def beside(pointer: str, aliases: Mapping[str, str]) -> str:
    """Where the right field would be, beside one with a wrong name; empty where there is none."""
    parent, _, step = pointer.rpartition("/")
    right = aliases.get(squeezed(step.replace("~1", "/").replace("~0", "~")))
    return f"{parent}/{right}" if right else ""


def names_of(right: str, *others: str) -> dict[str, str]:
    """What a field is called by mistake, squeezed, to its right name."""
    return dict.fromkeys((squeezed(right), *others), right)


def is_ill_written(amount: object) -> bool:
    """Whether an amount is a number all the same, but not written as the rules take it."""
    if isinstance(amount, str):
        return len(amount) <= _LONGEST_NUMBER and _NUMBER.fullmatch(amount.strip()) is not None
    return isinstance(amount, float)


def meant_type(word: str) -> str | None:
    """The documented type that a misspelt one stands for."""
    return None if word in KNOWN_TYPES else _WRITTEN_TYPES.get(squeezed(word))


_WRITTEN_TYPES = {squeezed(name): name for name in KNOWN_TYPES} | {
    "onhand": LAST_ON_HAND,
    "stockonhand": LAST_ON_HAND,
    "soh": LAST_ON_HAND,
    "lastonhandqty": LAST_ON_HAND,
    "deltas": "DELTA",
    "sales": "SALE",
    "corrected": "CORRECTION",
    "corrections": "CORRECTION",
    "reserve": "RESERVED",
    "reservation": "RESERVED",
}


def is_nearly_changed(event: str) -> bool:
    """Whether a name means InventoryChanged, however it is written."""
    return squeezed(event) in _NEARLY_CHANGED


_NEARLY_CHANGED = {"inventorychanged", "inventorychange", "inventorieschanged", "inventorychanges"}
