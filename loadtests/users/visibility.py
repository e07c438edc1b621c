"""How long it takes until a delta shows: some are looked for through GraphQL until they are there.

Many that are awaited are looked for together, so looking costs the server little.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import gevent
from fluent_oms_simulator.client.client_errors import ClientError
from fluent_oms_simulator.client.exchanges import Pace

from ..ledger.ledger import Ledger
from ..reporting.run_result import VISIBLE, VISIBLE_SENT
from ..server.target import caller
from ..traffic.load_options import VISIBLE_WITHIN, LoadOptions
from .recorder import Tally

AT_ONCE = 50
SEEN = """
query Seen($refs: [String!], $catalogue: InventoryCatalogueKey) {
  inventoryQuantities(ref: $refs, catalogue: $catalogue, first: 100) { edges { node { ref } } } }
"""


class _Times(NamedTuple):
    due: float
    sent: float


class SendingProcess(Protocol):
    """What is known of the process whose deltas it looks for."""

    options: LoadOptions
    ledger: Ledger
    tally: Tally
    pace: Pace

    @property
    def pause(self) -> float:
        """Seconds between two looks."""
        ...


class VisibilityWatcher:
    """Looks for deltas that were accepted; their times are counted from when they were due."""

    def __init__(self, process: SendingProcess, parts: int) -> None:
        self._process = process
        self._gap = parts / process.options.watched_a_second
        self._next = 0.0
        self._awaited: dict[str, _Times] = {}
        self._caller = caller(process.options, process.pace)
        self._looking = False

    @property
    def waiting(self) -> int:
        """How many deltas are looked for."""
        return len(self._awaited)

    def watch(self, delta_id: str, due: float, sent: float) -> None:
        """Look for this delta, unless enough are looked for."""
        now = time.monotonic()
        if now < self._next or len(self._awaited) >= AT_ONCE:
            return
        self._next = max(self._next + self._gap, now - self._gap)
        self._awaited[delta_id] = _Times(due, sent)
        self._process.tally.add(deltas_watched=1)
        if not self._looking:
            self._looking = True
            gevent.spawn(self._look)

    def _look(self) -> None:
        process = self._process
        catalogue = {"ref": process.options.catalogue_ref}
        while self._awaited:
            gevent.sleep(process.pause)
            asked = list(self._awaited)
            try:
                answer = self._caller.graphql(SEEN, refs=asked, catalogue=catalogue)
                data = answer.fields.get("data")
            except ClientError:
                data = None
            now, at = time.monotonic(), time.time()
            for ref in _refs(data):
                times = self._awaited.pop(ref, None)
                if times is not None:
                    process.tally.add(deltas_visible=1)
                    self._took(times, now)
                    process.ledger.visible(ref, at)
            self._give_up(now)
        self._looking = False

    def _took(self, times: _Times, now: float) -> None:
        self._process.tally.took(VISIBLE, now - times.due)
        self._process.tally.took(VISIBLE_SENT, now - times.sent)

    def _give_up(self, now: float) -> None:
        """A delta that never shows has waited at least so long: percentiles must not forget it."""
        for ref, times in list(self._awaited.items()):
            if now - times.sent > VISIBLE_WITHIN:
                del self._awaited[ref]
                self._took(times, now)
                self._process.tally.failed(f"not visible after {VISIBLE_WITHIN:g} s")


def _refs(data: Any) -> Iterator[str]:
    """The refs of the quantities that were found; a server may answer anything at all."""
    try:
        yield from [str(edge["node"]["ref"]) for edge in data["inventoryQuantities"]["edges"]]
    except (TypeError, KeyError):
        return
