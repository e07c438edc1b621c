"""Rules about an event that is sent again because nobody knows whether it arrived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fluent_oms_simulator.domain.events import INVENTORY_DELTA

from ..bounded_memory import Recent
from ..positions import example_event
from ..rule import Call, CallDetails, DeltaPrints, Finding, Rule, Severity
from .calling import MOST_FAILURES, RETRY_EVIDENCE, failed

REPEATED_WITHIN = 60.0
_SENDS_EVENT = ("sendEvent", "sendEventAndWait")


def delta_prints(document: Any) -> DeltaPrints | None:
    """The fingerprints of an INVENTORY_DELTA; None for another event."""
    if not isinstance(document, Mapping) or document.get("name") != INVENTORY_DELTA:
        return None
    attributes = document.get("attributes")
    deltas = attributes.get("deltas") if isinstance(attributes, Mapping) else None
    if not isinstance(deltas, list):
        return None
    changes, ids = [], []
    for delta in deltas:
        if isinstance(delta, Mapping):
            what = tuple(delta.get(name) for name in ("productRef", "locationRef", "qty", "type"))
            if any(isinstance(value, list | dict) for value in what):
                return None
            changes.append(hash(what))
            ids.append(hash(delta_id) if isinstance(delta_id := delta.get("deltaId"), str) else 0)
    where = document.get("retailerId"), document.get("entityRef")
    if not changes or any(isinstance(value, list | dict) for value in where):
        return None
    return DeltaPrints(hash((*where, *sorted(changes))), hash(tuple(sorted(ids))))


def _sent(delta_id: str, status: int | None, at: float) -> Call:
    prints = delta_prints(example_event((delta_id, "S1", "L1", -2)))
    return Call("sendEvent", status, at, details=CallDetails(deltas=prints))


class EventAgainUnderNewIds(Rule):
    """The same changes under other deltaIds, within a minute of a call that seemed to fail.

    Not after the failed call was repeated as it was, and answered. Remembers the last 1,000 failed
    events.
    """

    id = "FOMS-O008"
    title = "A failed event is sent again under new deltaIds"
    severity = Severity.ERROR
    reason = (
        "A call without an answer, or with a 5xx, may have been applied. Under its own deltaIds the"
        " repeat fails harmlessly; under new ones the stock changes twice."
    )
    evidence = (
        f"{RETRY_EVIDENCE} (check before creating again); CreateDeltaInventoryQuantities,"
        " 12 Aug 2025 (a quantity for each deltaId). Inferred: that a known deltaId is refused"
    )
    hint = "Give a change its deltaId before the first attempt, and send the same bytes again."
    sees = (Call,)
    good = (_sent("A1", None, 0.0), _sent("A1", 200, 2.0))
    bad = (_sent("A1", None, 0.0), _sent("A2", 200, 2.0))

    def __init__(self) -> None:
        # by caller and changes: when the call failed, and its deltaIds
        self._failed: Recent[int, tuple[float, int]] = Recent(MOST_FAILURES)

    def see(self, observation: Call) -> Iterable[Finding]:
        prints, at = observation.details.deltas, observation.at
        if observation.operation not in _SENDS_EVENT or prints is None:
            return
        changes, ids = prints
        key = hash((observation.caller, changes))
        before = self._failed.get(key)
        if before is not None:
            since, failed_ids = before
            if failed_ids != ids and at - since <= REPEATED_WITHIN:
                yield self.finding(
                    "/attributes/deltas",
                    f"the same changes under other deltaIds, {max(at - since, 0):.3g} s after a"
                    " call that may have been applied",
                    "the deltaIds of the first attempt",
                )
            self._failed.pop(key)
        if failed(observation):
            self._failed.put(key, (at, ids))
