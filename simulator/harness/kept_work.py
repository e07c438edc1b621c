"""What was accepted and is kept for later: by a settling, or by a fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__tracebackhide__ = True  # pytest shows the line of the test that has called

BY_SETTLING, BY_FAULTS = "held", "keptByFaults"
"""Under which the reply of a settling has it."""


def kept_work(told: Mapping[str, Any]) -> str:
    """How much is kept, and by what; empty where there is nothing."""
    kept = {
        "held back by the settling": _units(told[BY_SETTLING]),
        "kept for later by a fault": _units(told[BY_FAULTS]),
    }
    return " and ".join(f"{units} {how}" for how, units in kept.items() if units)


def _units(counts: Mapping[str, int]) -> str:
    """Such as `2 events and 1 batch`, with the verb."""
    named = {"event": counts["events"], "batch": counts["batches"]}
    parts = [
        f"1 {name}" if count == 1 else f"{count:,} {'events' if name == 'event' else 'batches'}"
        for name, count in named.items()
        if count
    ]
    if not parts:
        return ""
    return f"{' and '.join(parts)} {'is' if sum(named.values()) == 1 else 'are'}"
