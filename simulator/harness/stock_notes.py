"""Why the stock on hand is not what a test expects: what has made it what it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..client.control_calls import ControlCalls
from .delta_stories import DeltaStories, moment
from .positions import SeenPosition, find_position, place_of

__tracebackhide__ = True  # pytest shows the line of the test that has called

MOST_LINES = 30
"""Of what is told of a position: the last of them."""
BY_DELTAS = ("DELTA",)


def on_hand_note(
    calls: ControlCalls, expected: Mapping[tuple[str, str], int | None], catalogue: str
) -> str:
    """Which positions are otherwise than expected, each with its story; empty where none is.

    None is expected where there is to be no position. Raises TypeError or ValueError for what
    expects nothing.
    """
    if not isinstance(expected, Mapping):
        raise TypeError(f"found {expected!r}, expected such as {{('SKU_1', 'LOC_1'): 5}}")
    if not expected:
        raise ValueError(
            "no stock is expected: name a product and a location, and how much is there"
        )
    for place, on_hand in expected.items():
        _check(place, on_hand)
    notes: list[str] = []
    stories: DeltaStories | None = None
    for key, wanted in expected.items():
        product, location = place_of(key)
        found = find_position(calls, product, location, catalogue)
        on_hand = None if found is None else found.on_hand
        if on_hand == wanted:
            continue
        stories = stories or DeltaStories(calls)
        notes.append(_difference(product, location, on_hand, wanted))
        notes += (f"  {line}" for line in stock_story(stories, product, location, found, catalogue))
    if stories is not None:
        notes += stories.unread()
    return "\n".join(notes)


def _check(place: Any, on_hand: Any) -> None:
    place_of(place)
    if not isinstance(on_hand, int | None) or isinstance(on_hand, bool):
        raise TypeError(
            f"{place}: found {on_hand!r}, expected a whole number, or None for no position"
        )


def stock_story(
    stories: DeltaStories,
    product: str,
    location: str,
    found: SeenPosition | None,
    catalogue: str,
) -> list[str]:
    """What has made the stock of a position what it is, in order."""
    told: list[tuple[datetime, list[str]]] = []
    for quantity in () if found is None else found.quantities:
        if quantity.type in BY_DELTAS:
            continue
        for change in quantity.history:
            what = (
                f"It was counted as {change.quantity:,}"
                if quantity.type == "LAST_ON_HAND"
                else f"{quantity.type} {quantity.ref} was set to {change.quantity:,}"
            )
            told.append((change.at, [f"{what} at {moment(change.at)} by {change.source}."]))
    told += (
        (delta.arrivals[0].at, stories.told([delta], catalogue))
        for delta in stories.deltas
        if (delta.product, delta.location) == (product, location)
        and delta.arrivals
        and delta.delta_id not in stories.retries
    )
    told.sort(key=lambda each: each[0])
    lines = [line for _, some in told for line in some]
    left_out = len(lines) - MOST_LINES
    if left_out > 0:
        lines = [f"({left_out:,} earlier sentences are left out.)", *lines[left_out:]]
    return lines or ["Nothing was sent for it."]


def _difference(product: str, location: str, found: int | None, expected: int | None) -> str:
    place = f"{product} at {location}"
    if found is None:
        return f"{place} has no position, expected {expected:,} on hand."
    has = f"{place} has {found:,} on hand"
    if expected is None:
        return f"{has}, expected no position."
    gap = found - expected
    return f"{has}, expected {expected:,}: {abs(gap):,} too {'many' if gap > 0 else 'few'}."
