"""Rules about an event that is sent again because nobody knows whether it arrived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .bounded_memory import Recent
from .positions import INVENTORY_DELTA, example_event
from .retries import MOST_FAILURES, RETRY_EVIDENCE, failed
from .rule import Call, Finding, Rule, Severity

REPEATED_WITHIN = 60.0
_SENDS_EVENT = ("sendEvent", "sendEventAndWait")


def delta_details(document: Any) -> dict[str, str]:
    """The details that tell an INVENTORY_DELTA's changes and its deltaIds; none for another."""
    if not isinstance(document, Mapping) or document.get("name") != INVENTORY_DELTA:
        return {}
    attributes = document.get("attributes")
    deltas = attributes.get("deltas") if isinstance(attributes, Mapping) else None
    if not isinstance(deltas, list):
        return {}
    changes, ids = [], []
    for delta in deltas:
        if isinstance(delta, Mapping):
            what = tuple(delta.get(name) for name in ("productRef", "locationRef", "qty", "type"))
            if any(isinstance(value, list | dict) for value in what):
                return {}
            changes.append(hash(what))
            ids.append(hash(delta_id) if isinstance(delta_id := delta.get("deltaId"), str) else 0)
    where = document.get("retailerId"), document.get("entityRef")
    if not changes or any(isinstance(value, list | dict) for value in where):
        return {}
    return {
        "changes": f"{hash((*where, *sorted(changes))):x}",
        "delta_ids": f"{hash(tuple(sorted(ids))):x}",
    }


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
    good = tuple(
        Call("sendEvent", status, at, details=delta_details(example_event(("A1", "S1", "L1", -2))))
        for status, at in ((None, 0.0), (200, 2.0))
    )
    bad = (
        Call("sendEvent", None, 0.0, details=delta_details(example_event(("A1", "S1", "L1", -2)))),
        Call("sendEvent", 200, 2.0, details=delta_details(example_event(("A2", "S1", "L1", -2)))),
    )

    def __init__(self) -> None:
        # by caller and changes: when the call failed, and its deltaIds
        self._failed: Recent[int, tuple[float, str]] = Recent(MOST_FAILURES)

    def see(self, observation: Call) -> Iterable[Finding]:
        changes = observation.details.get("changes")
        if observation.operation not in _SENDS_EVENT or changes is None:
            return
        ids, at = observation.details.get("delta_ids", "")[:40], observation.at
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
