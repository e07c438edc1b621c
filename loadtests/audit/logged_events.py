"""What the event log says of an event whose deltas are not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..reporting.run_result import Discrepancy, DiscrepancyKind
from .connection import Connection

_EVENT = re.compile(r"event ([\w-]{8,64})")


def explained(examples: Iterable[Discrepancy], connection: Connection) -> Iterator[Discrepancy]:
    """The examples; those of lost deltas with the state of the event, if the request names it."""
    states: dict[str, str] = {}
    for each in examples:
        named = _EVENT.fullmatch(each.request) if each.kind is DiscrepancyKind.LOST else None
        if named is None:
            yield each
            continue
        event = named[1]
        if event not in states:
            states[event] = _state(connection.look(f"/api/v4.1/event/{event}"))
        yield replace(each, explanation=f"{each.explanation}; {states[event]}")


def _state(entry: dict[str, object]) -> str:
    if "eventStatus" not in entry:
        return "the event log does not have the event"
    outcome = entry.get("outcome")
    return f"the event is {entry['eventStatus']}" + (f": {outcome}" if outcome else "")
