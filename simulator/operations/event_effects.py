"""What an event did to the stock, from the trace that it left: a line for whoever looks at it."""

from collections.abc import Callable

from ..domain.account.ports import CatalogueStore
from ..domain.delta_outcomes import DeltaOutcome
from ..domain.events import Event

MOST_POSITIONS = 5
"""That are told by name; of the others how many there are."""
_AGAIN = (DeltaOutcome.REPEATED, DeltaOutcome.REPLACED, DeltaOutcome.ADDED)
"""Of a delta whose deltaId came before."""


class EventEffects:
    """Tells which stock an event has changed.

    `is_kept` is whether an event is one of now: after a reset its positions are others.
    """

    def __init__(self, store: CatalogueStore, is_kept: Callable[[Event], bool]) -> None:
        self._store = store
        self._is_kept = is_kept

    def told(self, event: Event, about: Callable[[str], str | None]) -> dict[str, object] | None:
        """How many quantities were written, how many by a deltaId that came before, and what
        positions had on hand before and after.

        None of an event that has changed nothing, or has not ended. `about` makes what is named
        fit to be told.
        """
        trace = event.trace
        if trace is None or event.waits or not trace.touched:
            return None
        first = trace.positions()[:MOST_POSITIONS]
        with self._store.reading(event.catalogue_ref) as catalogue:
            if catalogue is None or not self._is_kept(event):
                return None
            stock = [
                {
                    "position": about(catalogue.ref_of(each.position)),
                    "before": each.before,
                    "after": each.now,
                    "isNew": bool(each.created),
                }
                for each in first
            ]
        return {
            "quantities": trace.writes,
            "positions": trace.touched,
            "changed": trace.changed,
            "repeats": sum(map(trace.outcomes.count, _AGAIN)),
            "stock": stock,
        }
