"""Defects in the rules that say what moves stock, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from fluent_oms_simulator.domain import inventory
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.faults import RuleError
from fluent_oms_simulator.domain.inventory import ON_HAND_TYPES, EventSource
from fluent_oms_simulator.domain.workflow import (
    inventory_changed,
    inventory_delta,
    steps,
    update_inventory_qty,
    workflow,
)

Patch = pytest.MonkeyPatch
DELTA_RULESET = ("INVENTORY_CATALOGUE", "INVENTORY_DELTA")


def _amounts(patch: Patch, kind: str, change: Callable[[Any, int, int], int]) -> None:
    """Let `change` choose the amount of every new quantity of a type."""
    put = InventoryCatalogue.put_quantity

    def putting(catalogue: Any, position: int, ref: str, its: str, amount: int, *more: Any) -> Any:
        wanted = change(catalogue, position, amount) if its == kind else amount
        return put(catalogue, position, ref, its, wanted, *more)

    patch.setattr(InventoryCatalogue, "put_quantity", putting)


def wrong_sign(patch: Patch) -> None:
    """A delta of -5 adds 5."""
    _amounts(patch, "DELTA", lambda _catalogue, _position, amount: -amount)


def delta_taken_as_absolute(patch: Patch) -> None:
    """A delta of 5 makes the stock 5."""
    _amounts(
        patch, "DELTA", lambda catalogue, position, amount: amount - catalogue.on_hand(position)
    )


def floored(patch: Patch) -> None:
    """Stock on hand is never below zero."""
    on_hand = InventoryCatalogue.on_hand
    patch.setattr(InventoryCatalogue, "on_hand", lambda *given: max(0, on_hand(*given)))
    of_each = InventoryCatalogue.on_hand_of_each
    patch.setattr(
        InventoryCatalogue,
        "on_hand_of_each",
        lambda *given: [max(0, amount) for amount in of_each(*given)],
    )


def only_the_last_delta_counts(patch: Patch) -> None:
    """Of several deltas for one position in one event the last one replaces the others."""

    def work(event: Any) -> None:
        event.work = list({(one.product_ref, one.location_ref): one for one in event.work}.values())

    _before_deltas(patch, work)


def delta_at_another_location(patch: Patch) -> None:
    """A delta is booked where the product was loaded last."""
    put = InventoryCatalogue.put_quantity

    def putting(catalogue: Any, position: int, ref: str, kind: str, *more: Any) -> Any:
        if kind == "DELTA":
            table = catalogue.positions
            position = table.of_product(table.product_ref(position))[-1]
        return put(catalogue, position, ref, kind, *more)

    patch.setattr(InventoryCatalogue, "put_quantity", putting)


def _before_deltas(patch: Patch, change: Callable[[Any], None]) -> None:
    run = workflow.RULESETS[DELTA_RULESET]

    def running(catalogue: Any, event: Any, *more: Any) -> Any:
        change(event)
        return run(catalogue, event, *more)

    patch.setitem(workflow.RULESETS, DELTA_RULESET, running)


def half_an_event_applied(patch: Patch) -> None:
    """The deltas before the one that fails are kept."""
    run = workflow.RULESETS[DELTA_RULESET]

    def running(catalogue: Any, event: Any, at: int, *more: Any) -> Any:
        try:
            return run(catalogue, event, at, *more)
        except RuleError:
            for index, delta in enumerate(event.work):
                position = catalogue.find(delta.product_ref, delta.location_ref)
                if position is None:
                    raise
                before = catalogue.on_hand(position)
                source = EventSource(event.id, "deltas", index)
                catalogue.put_quantity(
                    position, delta.delta_id, delta.type, delta.quantity, at, source
                )
                catalogue.note_change(position, before, at)
            raise

    patch.setitem(workflow.RULESETS, DELTA_RULESET, running)


def repeat_counted_again(patch: Patch) -> None:
    """A repeated delta is booked once more beside the first."""
    put = InventoryCatalogue.put_quantity

    def putting(catalogue: Any, position: int, ref: str, kind: str, *more: Any) -> Any:
        if kind == "DELTA" and catalogue.quantity(ref) is not None:
            ref = f"{ref}-again"
        return put(catalogue, position, ref, kind, *more)

    patch.setattr(InventoryCatalogue, "put_quantity", putting)


def repeat_accumulates(patch: Patch) -> None:
    """A repeated delta is added to the first, although the switch says upsert."""
    again: Any = inventory_delta._set_again
    patch.setattr(
        inventory_delta,
        "_set_again",
        lambda *given, accumulates: again(*given, accumulates=not accumulates),
    )


def retired_delta_comes_back(patch: Patch) -> None:
    """A repeat puts a delta in force that a count has retired."""
    put = InventoryCatalogue.put_quantity

    def putting(catalogue: Any, *given: Any) -> Any:
        quantity = put(catalogue, *given)
        if quantity.type == "DELTA" and quantity.status == "INACTIVE":
            catalogue.set_status(quantity, "ACTIVE", given[4], given[5])
        return quantity

    patch.setattr(InventoryCatalogue, "put_quantity", putting)


def _retiring(patch: Patch, is_retired: Callable[[Any], bool]) -> None:
    """Let `is_retired` choose what a count ends."""

    def retire(catalogue: Any, ledger: Any, at: int, source: Any) -> None:
        for quantity in list(ledger.quantities.values()):
            if quantity.status == "ACTIVE" and is_retired(quantity):
                catalogue.set_status(quantity, "INACTIVE", at, source)

    patch.setattr(InventoryCatalogue, "_retire_transients", retire)


def nothing_retired(patch: Patch) -> None:
    """A count leaves deltas, sales and corrections in force."""
    _retiring(patch, lambda _: False)


def sales_not_retired(patch: Patch) -> None:
    """A count leaves sales in force."""
    _retiring(patch, lambda quantity: quantity.type in ("DELTA", "CORRECTION"))


def corrections_not_retired(patch: Patch) -> None:
    """A count leaves corrections in force."""
    _retiring(patch, lambda quantity: quantity.type in ("DELTA", "SALE"))


def reservations_retired(patch: Patch) -> None:
    """A count ends reservations, too."""
    _retiring(patch, lambda one: one.type in ("DELTA", "SALE", "CORRECTION", "RESERVED"))


def expectations_retire(patch: Patch) -> None:
    """Goods that are expected retire deltas as a count does."""
    upsert = inventory_changed._upsert_inventory_quantity

    def upserting(
        catalogue: Any, position: int, ref: str, record: Any, at: int, by: Any, shown: Any
    ) -> None:
        catalogue.retire_transients(position, at, by)
        upsert(catalogue, position, ref, record, at, by, shown)

    patch.setattr(inventory_changed, "_upsert_inventory_quantity", upserting)


def expectations_counted(patch: Patch) -> None:
    """Goods that are expected are stock on hand."""
    patch.setattr(inventory, "ON_HAND_TYPES", ON_HAND_TYPES | {"EXPECTED"})


def corrections_not_counted(patch: Patch) -> None:
    """What a pick did not find stays stock on hand."""
    patch.setattr(inventory, "ON_HAND_TYPES", ON_HAND_TYPES - {"CORRECTION"})


def _keeping_reservations(patch: Patch, is_kept: Callable[[Any], bool]) -> None:
    run = update_inventory_qty._update_fulfilment

    def running(catalogue: Any, position: int, update: Any, *more: Any) -> Any:
        with pytest.MonkeyPatch.context() as inner:
            if is_kept(update):
                inner.setattr(InventoryCatalogue, "set_status", lambda *_: None)
            return run(catalogue, position, update, *more)

    patch.setattr(update_inventory_qty, "_update_fulfilment", running)


def confirming_keeps_the_reservation(patch: Patch) -> None:
    """A pick leaves the reservation in force."""
    _keeping_reservations(patch, lambda update: bool(update.sold or update.corrected))


def cancelling_keeps_the_reservation(patch: Patch) -> None:
    """A cancellation leaves the reservation in force."""
    _keeping_reservations(patch, lambda update: bool(update.cancelled))


def sale_not_booked(patch: Patch) -> None:
    """A pick ends the reservation, and the goods are back in stock."""
    amounts = steps.written_amounts
    patch.setattr(
        update_inventory_qty,
        "written_amounts",
        lambda update: [pair for pair in amounts(update) if pair[0] != "SALE"],
    )


def date_not_moved(patch: Patch) -> None:
    """A position keeps its date when its stock changes."""
    note_change = InventoryCatalogue.note_change

    def noting(catalogue: Any, position: int, *more: Any) -> None:
        dated = catalogue.positions.updated_at[position]
        note_change(catalogue, position, *more)
        catalogue.positions.updated_at[position] = dated

    patch.setattr(InventoryCatalogue, "note_change", noting)


def date_always_moved(patch: Patch) -> None:
    """A position is dated anew when its stock stays as it is."""
    note_change = InventoryCatalogue.note_change

    def noting(catalogue: Any, position: int, before: int, at: int) -> None:
        note_change(catalogue, position, before, at)
        catalogue.positions.updated_at[position] = at

    patch.setattr(InventoryCatalogue, "note_change", noting)


CAUGHT_BY: Mapping[Callable[[Patch], None], str] = {
    wrong_sign: "a delta adds to the stock",
    delta_taken_as_absolute: "a delta adds to the stock",
    floored: "stock on hand may fall below zero",
    only_the_last_delta_counts: "every delta of an event counts in whatever order",
    delta_at_another_location: "a delta moves only its own position",
    half_an_event_applied: "a delta for an unknown position halts the event",
    repeat_counted_again: "an event sent twice counts once",
    repeat_accumulates: "an event sent twice counts once",
    retired_delta_comes_back: "a delta that a count has retired does not come back",
    nothing_retired: "a count retires deltas",
    sales_not_retired: "a count retires sales and corrections",
    corrections_not_retired: "a count retires sales and corrections",
    reservations_retired: "reservations survive a count",
    expectations_retire: "a load of another type counts for nothing",
    expectations_counted: "a load of another type counts for nothing",
    corrections_not_counted: "confirming a pick leaves the stock",
    confirming_keeps_the_reservation: "confirming a pick leaves the stock",
    cancelling_keeps_the_reservation: "cancelling a fulfilment gives its stock back",
    sale_not_booked: "confirming a pick leaves the stock",
    date_not_moved: "what moves the stock dates the position",
    date_always_moved: "what leaves the stock leaves the date",
}
