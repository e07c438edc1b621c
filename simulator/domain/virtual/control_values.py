"""What a control says in its values: what it applies to, and how much.

The attribute `context` is a list of {type, property: "ref", value}, as the published threshold
control has it. That other controls have it too, and that one without it says what it applies to in
its ref, `<group>:<type>:<product>[:<location>]`, is inferred.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from ..entities import Control

LARGEST_AMOUNT: Final = 2**31 - 1
"""GraphQL's Int has 32 bits."""

LONGEST_STATUS: Final = 255
"""Characters of a status, as GraphQL takes one."""

MOST_PLACES: Final = 10_000
"""Products times locations that one control may name."""

_AMOUNT_NAMES = frozenset({"buffer", "quantity", "value"})
_PRODUCT_TYPES = frozenset({"PRODUCT", "VARIANTPRODUCT"})
_LOCATION_TYPES = frozenset({"LOCATION"})
_CATALOGUE_TYPES = frozenset({"CATALOGUE", "INVENTORYCATALOGUE", "VIRTUALCATALOGUE"})


class Nonsense(ValueError):  # noqa: N818 - it is the control that errs
    """A control that can have no effect; the message says why."""


class Reach(NamedTuple):
    """What a control applies to.

    `tail` is the end of a ref, whose colons may part a product from a location or belong to one.
    """

    product_refs: frozenset[str] = frozenset()
    location_refs: frozenset[str] = frozenset()
    catalogue_refs: frozenset[str] = frozenset()
    tail: str | None = None

    def places(self) -> Iterator[tuple[str | None, str | None]]:
        """Each product at each location, None for any."""
        if not (self.product_refs or self.location_refs):
            return
        for product_ref in self.product_refs or (None,):
            for location_ref in self.location_refs or (None,):
                yield product_ref, location_ref


def reach_of(control: Control) -> Reach:
    """The products and locations that a control applies to; raises Nonsense."""
    reach = _context_of(control)
    if reach is None:
        start = f"{control.group_ref}:{control.type}:"
        tail = control.ref.removeprefix(start)
        if tail == control.ref or not tail:
            raise Nonsense(
                f"it has no value named context, and its ref does not begin with {start} "
                "and a product ref"
            )
        return Reach(tail=tail)
    if not (reach.product_refs or reach.location_refs):
        raise Nonsense("its context names neither a product nor a location")
    if max(1, len(reach.product_refs)) * max(1, len(reach.location_refs)) > MOST_PLACES:
        raise Nonsense(f"its context names more than {MOST_PLACES} products and locations")
    return reach


def amount_of(control: Control) -> int:
    """The amount of a buffer; raises Nonsense."""
    numbers = {
        value.name: number
        for value in control.values
        if (number := _whole_number(value.value)) is not None
    }
    named = [numbers[name] for name in numbers if name in _AMOUNT_NAMES]
    found = named or list(numbers.values())
    if len(found) != 1:
        raise Nonsense(
            f"its values hold {len(found) or 'no'} whole numbers; it takes one, "
            "named buffer, quantity or value"
        )
    return found[0]


def threshold_of(control: Control) -> tuple[int | None, str, frozenset[str]]:
    """Up to which quantity, which status, and for which catalogues, where it names any.

    Raises Nonsense. A control without a threshold is the catch-all (inferred).
    """
    values = {value.name: value.value for value in control.values}
    status = values.get("status")
    if not isinstance(status, str) or not status:
        raise Nonsense("it has no value named status that is a text")
    if len(status) > LONGEST_STATUS or not status.isprintable() or not status.strip():
        raise Nonsense(f"its status is no text of at most {LONGEST_STATUS} visible characters")
    reach = _context_of(control) or Reach()
    if reach.product_refs or reach.location_refs:
        raise Nonsense("a threshold is for a catalogue, not for a product or a location")
    threshold = values.get("threshold")
    up_to = _whole_number(threshold)
    if threshold is not None and up_to is None:
        raise Nonsense("its threshold is not a whole number")
    return up_to, status, reach.catalogue_refs


def _whole_number(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_AMOUNT:
        return value
    return None


def _context_of(control: Control) -> Reach | None:
    """What the context names, None without a context; raises Nonsense."""
    contexts = [value.value for value in control.values if value.name == "context"]
    if not contexts:
        return None
    products: set[str] = set()
    locations: set[str] = set()
    catalogues: set[str] = set()
    for entry in _entries(contexts):
        kind = str(entry.get("type")).upper().replace("_", "")
        ref = entry.get("value")
        if not isinstance(ref, str) or entry.get("property", "ref") != "ref":
            raise Nonsense("an entry of its context does not give a ref as text")
        if kind in _PRODUCT_TYPES:
            products.add(ref)
        elif kind in _LOCATION_TYPES:
            locations.add(ref)
        elif kind in _CATALOGUE_TYPES:
            catalogues.add(ref)
        else:
            raise Nonsense(f"the simulator knows no contexts of the type {entry.get('type')!s:.50}")
    return Reach(frozenset(products), frozenset(locations), frozenset(catalogues))


def _entries(contexts: list[object]) -> Iterator[dict[str, object]]:
    for context in contexts:
        entries = context if isinstance(context, list) else [context]
        for entry in entries:
            if not isinstance(entry, dict):
                raise Nonsense("its context is not a list of {type, property, value}")
            yield entry
