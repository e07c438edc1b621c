"""Defects in the fields of quantities, in parents, statuses and promises, and in raised events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from fluent_oms_simulator.domain.account.thresholds import PositionThresholds
from fluent_oms_simulator.domain.catalogue.families import Families
from fluent_oms_simulator.domain.faults import RuleError
from fluent_oms_simulator.domain.search import quantity_search
from fluent_oms_simulator.domain.search.quantity_search import QuantityFilter
from fluent_oms_simulator.domain.virtual import promise
from fluent_oms_simulator.domain.workflow import inventory_changed
from fluent_oms_simulator.domain.workflow.batch_story import POSITION, RECORD, BatchStory
from fluent_oms_simulator.domain.workflow.shown_values import updated_values
from fluent_oms_simulator.graphql.mutations import virtual
from fluent_oms_simulator.intake import records

Patch = pytest.MonkeyPatch


def fields_kept_as_attributes(patch: Patch) -> None:
    """A batch's attributes are set on no field of the quantity."""
    patch.setattr(records, "_details_among", lambda _attributes: None)


def field_filters_ignored(patch: Patch) -> None:
    """A search by a field, or by a parent, finds every quantity."""
    matches: Any = QuantityFilter.matches
    patch.setattr(
        QuantityFilter, "matches", lambda its, quantity: matches(its._replace(details={}), quantity)
    )


def update_forgets(patch: Patch) -> None:
    """A record takes away all fields and attributes that it does not name."""
    patch.setattr(
        inventory_changed, "updated_values", lambda _known, *given: updated_values(None, *given)
    )


def parent_of_another_position(patch: Patch) -> None:
    """A quantity is put under one of another position."""
    check: Any = Families.check_parent

    def checking(families: Any, *given: Any) -> None:
        try:
            check(families, *given)
        except RuleError as error:
            if "another position" not in str(error):
                raise

    patch.setattr(Families, "check_parent", checking)


def range_of_dates_ignored(patch: Patch) -> None:
    """A search by a range of dates finds whatever has a date."""
    patch.setattr(quantity_search, "_lies_in", lambda _span, moment: moment is not None)


def thresholds_without_effect(patch: Patch) -> None:
    """A position without stock stays ACTIVE."""
    patch.setattr(PositionThresholds, "__call__", lambda *_: "ACTIVE")


def threshold_itself_left_out(patch: Patch) -> None:
    """A threshold gives its status below it only."""
    status: Any = PositionThresholds.__call__
    patch.setattr(PositionThresholds, "__call__", lambda its, on_hand: status(its, on_hand + 1))


def promised_too_early(patch: Patch) -> None:
    """Goods on order are promised before they come."""
    patch.setattr(promise, "_has_come", lambda *_: True)


def expired_goods_promised(patch: Patch) -> None:
    """Goods are promised after they have expired."""
    places: Any = promise._places

    def placing(*given: Any) -> Any:
        return {ref: one._replace(expired=False) for ref, one in places(*given).items()}

    patch.setattr(promise, "_places", placing)


def last_segment_stays(patch: Patch) -> None:
    """An empty list leaves the segments as they are."""
    segments: Any = virtual._segments
    patch.setattr(virtual, "_segments", lambda *given: segments(*given) or None)


def _without(patch: Patch, part: int) -> None:
    kinds = BatchStory.kinds

    def telling(story: BatchStory) -> Iterator[Any]:
        return (kind for kind in kinds(story) if kind.part != part)

    patch.setattr(BatchStory, "kinds", telling)


def records_raise_nothing(patch: Patch) -> None:
    """The log has no event for the records of a batch."""
    _without(patch, RECORD)


def new_positions_raise_nothing(patch: Patch) -> None:
    """The log has no event for a position that is new."""
    _without(patch, POSITION)


CAUGHT_BY: Mapping[Callable[[Patch], None], str] = {
    fields_kept_as_attributes: "attributes that are fields are set",
    field_filters_ignored: "attributes that are fields are set",
    update_forgets: "an update of a quantity leaves what it does not name",
    parent_of_another_position: "a parent of another position is not taken",
    range_of_dates_ignored: "future stock adds up as of a date",
    thresholds_without_effect: "thresholds give positions their status",
    threshold_itself_left_out: "thresholds give positions their status",
    promised_too_early: "what can be promised follows the dates",
    expired_goods_promised: "what can be promised follows the dates",
    last_segment_stays: "a virtual position shows its segments",
    records_raise_nothing: "each record of a batch has raised its event",
    new_positions_raise_nothing: "what is new has raised create once",
}
