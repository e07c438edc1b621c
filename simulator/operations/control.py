"""What the simulator tells about itself under /__admin."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

from .. import __version__
from ..behaviour import describe
from ..wire import Reply
from .parameters import one_of

if TYPE_CHECKING:
    from ..assembly import Simulator

MOST_CATALOGUES = 100
"""Told one by one; mutations may make thousands."""


class ControlOperations:
    """Health, readiness, reset, behaviour switches."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def health(self, *, in_detail: bool = True) -> Reply:
        """GET /__admin/health: alive, since how many seconds; how full the bounded stores are."""
        simulator = self._simulator
        known = {
            "status": "ok",
            "version": __version__,
            "uptime": max(0, simulator.clock.now() - simulator.started_at) // 1000,
        }
        if not in_detail:
            return Reply(known)
        waiting_events, waiting_batches = simulator.worker.waiting
        catalogues = []
        with simulator.store.view() as (account, _):
            total = len(account.catalogues)
            for ref, catalogue in islice(account.catalogues.items(), MOST_CATALOGUES):
                catalogues.append(
                    {
                        "ref": ref,
                        "positions": len(catalogue.positions),
                        "quantitiesDropped": catalogue.folded,
                    }
                )
        return Reply(
            known
            | {
                "account": simulator.settings.account,
                "waiting": {"events": waiting_events, "batches": waiting_batches},
                "eventLog": {
                    "entries": len(simulator.event_log),
                    "dropped": simulator.event_log.dropped,
                },
                "batchesDropped": simulator.job_store.dropped_batches,
                "catalogues": catalogues,
                "cataloguesTotal": total,
                "bounds": [
                    {
                        "name": tally.bound.name,
                        "what": tally.bound.what,
                        "unit": tally.bound.unit,
                        "held": tally.held,
                        "limit": tally.limit,
                        "lost": tally.lost,
                        "beyond": tally.bound.beyond,
                    }
                    for tally in simulator.tallies()
                ],
            }
        )

    def ready(self) -> Reply:
        """GET /__admin/ready: 200 once the seed data is in the catalogue."""
        if self._simulator.is_ready:
            return Reply({"status": "ready"})
        return Reply({"status": "seeding"}, 503, {"Retry-After": "1"})

    def reset(self, query: Mapping[str, str]) -> Reply:
        """POST /__admin/reset: back to the state after the start.

        What the traffic has broken stays known, unless `conformance` is `drop`.
        """
        conformance = one_of(query, "conformance", ("keep", "drop"))
        self._simulator.reset(drop_conformance=conformance == "drop")
        return Reply({"status": "reset"})

    def behaviours(self) -> Reply:
        """GET /__admin/behaviours: every switch, with the value in force."""
        behaviour = self._simulator.behaviour
        return Reply(
            {
                "behaviours": [
                    {
                        "name": switch.name,
                        "value": behaviour.value_of(switch.name),
                        "default": switch.default,
                        "values": switch.values,
                        "effect": switch.effect,
                        "evidence": switch.evidence,
                    }
                    for switch in describe()
                ]
            }
        )
