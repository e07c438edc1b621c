"""How long it takes until a delta shows: some are looked for through GraphQL until they are there.

Many that are awaited are looked for together, so looking costs the server little.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import gevent
from fluent_oms_simulator.loadtests.reporting.model import VISIBLE
from fluent_oms_simulator.loadtests.running.calls import Caller
from fluent_oms_simulator.loadtests.running.options import CannotRunError

if TYPE_CHECKING:
    from .node import Node

A_SECOND = 20.0
"""How many deltas a second are looked for, by all processes together."""
GIVES_UP_AFTER = 10.0
AT_ONCE = 50
SEEN = """
query Seen($refs: [String!], $catalogue: InventoryCatalogueKey) {
  inventoryQuantities(ref: $refs, catalogue: $catalogue, first: 100) { edges { node { ref } } } }
"""


class Watcher:
    """Looks for deltas that were accepted; their times are counted from when they were due."""

    def __init__(self, node: Node, parts: int) -> None:
        self._node = node
        most = A_SECOND if node.options.is_ours else (node.options.max_rate or 1.0) / 4
        self._gap = parts / most
        self._next = 0.0
        self._awaited: dict[str, float] = {}
        self._caller = Caller(node.options)
        self._looking = False

    @property
    def waiting(self) -> int:
        """How many deltas are looked for."""
        return len(self._awaited)

    def watch(self, delta_id: str, due: float) -> None:
        """Look for this delta, unless enough are looked for."""
        now = time.monotonic()
        if now < self._next or len(self._awaited) >= AT_ONCE:
            return
        self._next = max(self._next + self._gap, now - self._gap)
        self._awaited[delta_id] = due
        if not self._looking:
            self._looking = True
            gevent.spawn(self._look)

    def _look(self) -> None:
        node = self._node
        catalogue = {"ref": node.options.catalogue_ref}
        while self._awaited:
            gevent.sleep(node.pause)
            node.gate.wait()
            asked = list(self._awaited)
            try:
                data = self._caller.graphql(SEEN, refs=asked, catalogue=catalogue)
            except CannotRunError:
                data = None
            now, at = time.monotonic(), time.time()
            found = (data or {}).get("inventoryQuantities") or {"edges": ()}
            for edge in found["edges"]:
                ref = edge["node"]["ref"]
                due = self._awaited.pop(ref, None)
                if due is not None:
                    node.tally.add(deltas_visible=1)
                    node.tally.took(VISIBLE, now - due)
                    node.ledger.visible(ref, at)
            self._give_up(now)
        self._looking = False

    def _give_up(self, now: float) -> None:
        """A delta that never shows has waited at least so long: percentiles must not forget it."""
        for ref, due in list(self._awaited.items()):
            if now - due > GIVES_UP_AFTER:
                del self._awaited[ref]
                self._node.tally.took(VISIBLE, now - due)
                self._node.tally.failed(f"not visible after {GIVES_UP_AFTER:g} s")
