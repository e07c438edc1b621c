"""Events of which no ledger can tell that their changes counted once: the rules of retries do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .listed_rows import GivesDocuments, listed_rows

NEW_IDS, NEVER_ARRIVED = "FOMS-O008", "FOMS-O014"
"""That a failed event is sent again under new deltaIds; that a refused call never arrives."""
EVENT_PATH = "/api/v4.1/event/"
LEDGER = "/__admin/ledger"
UNAUTHORISED = 401


@dataclass(frozen=True, slots=True)
class UnsureEvents:
    """The numbers of requests."""

    again: frozenset[int]
    """That repeat a change under a new deltaId, though the first may have been applied."""
    lost: frozenset[int]
    """That came without a token in force, with no event after them; no ledger has their deltas."""


def unsure_events(api: GivesDocuments) -> UnsureEvents:
    """Those of all traffic, as far as it is held against the rules."""
    report = api.document("GET", f"/__admin/conformance?select={NEW_IDS},{NEVER_ARRIVED}")
    rules: dict[str, Mapping[str, Any]] = {rule["rule"]: rule for rule in report["rules"]}
    again, lost = (
        [each["request"] for each in rules.get(name, {"examples": ()})["examples"]]
        for name in (NEW_IDS, NEVER_ARRIVED)
    )
    unauthorised = {
        each["number"]
        for each in lost
        if each["path"].startswith(EVENT_PATH) and each["status"] == UNAUTHORISED
    }
    if unauthorised:
        unauthorised -= _known(api)
    return UnsureEvents(frozenset(each["number"] for each in again), frozenset(unauthorised))


def _known(api: GivesDocuments) -> set[int | None]:
    """The requests whose deltas are in the ledger, which tells what came of each."""
    return {told["request"] for delta in listed_rows(api, LEDGER, {}) for told in delta["told"]}
