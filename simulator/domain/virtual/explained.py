"""How a virtual quantity was worked out: from which positions, and which controls applied.

By the same arithmetic as the quantity itself (available.py), which this adds nothing to.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..entities import VirtualCatalogueProfile
from .available import (
    VirtualPosition,
    VirtualSources,
    aggregate_quantity,
    aggregates,
    base_quantity,
    counts_in_aggregate,
    location_part,
)
from .controls import EXCLUSION, QUANTITY_BUFFER, AppliedControl, IgnoredControl

MOST_PARTS = 100
"""Positions that are told of one virtual position."""
MOST_IGNORED = 20


class SourcePart(NamedTuple):
    """A position that a virtual one follows from, and what it adds to it.

    `counts` says whether it is summed up: one of another status is not.
    """

    ref: str
    location_ref: str
    on_hand: int
    status: str
    counts: bool
    controls: Sequence[AppliedControl]
    adds: int


class Explained(NamedTuple):
    """How a quantity came about; `derived` differs from what is seen where a mutation wrote it.

    `parts` are the first of `parts_total`; `controls` are those of the product over all locations,
    `threshold` gives the status. `ignored` are controls of the group that have no effect.
    """

    derived: int
    parts: Sequence[SourcePart]
    parts_total: int
    controls: Sequence[AppliedControl]
    threshold: AppliedControl | None
    ignored: Sequence[IgnoredControl]


def explain(
    profile: VirtualCatalogueProfile, sources: VirtualSources, position: VirtualPosition
) -> Explained | None:
    """How a virtual position follows from its sources; None for one that follows from nothing."""
    inventory = sources.inventory
    if inventory is None or position.product_ref is None:
        return None
    is_sum = aggregates(profile.type, sources.behaviour)
    rows = _rows(inventory, sources, position, is_sum=is_sum)
    if not rows:
        return None
    parts = [_part(inventory, sources, row, is_sum=is_sum) for row in rows]
    rules, controls = sources.rules, list[AppliedControl]()
    derived = parts[0].adds
    if is_sum:
        if rules is not None:
            controls = rules.applied_over_all(position.product_ref)
        master = sum(each.value for each in controls if isinstance(each.value, int))
        excluded = any(each.type == EXCLUSION for each in controls)
        derived = aggregate_quantity((each.adds for each in parts), master, excluded=excluded)
    own = () if rules is None else (rules,)
    thresholds = (
        each.applied_threshold(derived, profile.ref) for each in sources.thresholds or own
    )
    return Explained(
        derived,
        parts[:MOST_PARTS],
        len(parts),
        controls,
        next((each for each in thresholds if each is not None), None),
        () if rules is None else rules.ignored[:MOST_IGNORED],
    )


def _rows(
    inventory: InventoryCatalogue,
    sources: VirtualSources,
    position: VirtualPosition,
    *,
    is_sum: bool,
) -> Sequence[int]:
    """The positions that are looked at for it: all of the product, or that at its location."""
    product_ref, table = position.product_ref or "", inventory.positions
    if not is_sum:
        row = table.find(product_ref, position.group_ref or "")
        return () if row is None else (row,)
    covered = sources.location_refs
    if sources.budget is not None:
        sources.budget.spend(len(table.locations.texts if covered is None else covered))
    if covered is None:
        return table.of_product(product_ref)
    found = (table.find(product_ref, location_ref) for location_ref in covered)
    return sorted(row for row in found if row is not None)


def _part(
    inventory: InventoryCatalogue, sources: VirtualSources, row: int, *, is_sum: bool
) -> SourcePart:
    table, behaviour, rules = inventory.positions, sources.behaviour, sources.rules
    product_ref, location_ref = table.product_ref(row), table.location_ref(row)
    status, on_hand = table.status(row), inventory.on_hand(row)
    controls = [] if rules is None else rules.applied_at(product_ref, location_ref)
    excluded = any(each.type == EXCLUSION for each in controls)
    buffers = (each.value for each in controls if each.type == QUANTITY_BUFFER)
    buffer = sum(each for each in buffers if isinstance(each, int))
    counts = not is_sum or counts_in_aggregate(status, behaviour)
    of_one = location_part if is_sum else base_quantity
    adds = of_one(on_hand, buffer, excluded=excluded, behaviour=behaviour) if counts else 0
    return SourcePart(inventory.ref_of(row), location_ref, on_hand, status, counts, controls, adds)
