"""What the simulator tells about itself under /__admin."""

from __future__ import annotations

import time
from collections.abc import Mapping
from hmac import compare_digest
from itertools import islice
from typing import Protocol

from ..domain.account.ports import CatalogueStore
from ..domain.bounds import Tally
from ..errors import Fault, refused, shortened
from ..release import version
from ..stores.event_log import EventLog
from ..stores.in_line import InLine
from ..stores.jobs import JobStore
from .parameters import one_of
from .pulse import Beating, Settles, pulse_of
from .replies import Reply

KEPT = ("conformance", "tokens", "requests", "ledger", "faults", "webhooks")
"""What a reset keeps unless it is told otherwise."""
DEFAULT_WAIT, LONGEST_WAIT = 60, 600
"""Seconds."""
MOST_UNITS = 1_000_000_000
MOST_CATALOGUES = 100
"""Told one by one; mutations may make thousands."""


class AppliesWork(Settles, Protocol):
    """Whoever applies what was accepted."""

    @property
    def in_line(self) -> InLine:
        """How much was accepted and is not applied yet."""
        ...

    def let_go(self, most: int | None) -> int:
        """Apply so much of what is held back, the first of it, or all."""
        ...


class Running(Beating, Protocol):
    """A simulator, as far as it tells about itself."""

    @property
    def started_at(self) -> float:
        """Seconds, by the machine's steady clock: it runs on, however its own is moved."""
        ...

    @property
    def store(self) -> CatalogueStore:
        """Where the catalogues are kept."""
        ...

    @property
    def job_store(self) -> JobStore:
        """Where jobs are kept."""
        ...

    @property
    def event_log(self) -> EventLog:
        """Where events are kept."""
        ...

    @property
    def worker(self) -> AppliesWork:
        """Whoever applies what was accepted."""
        ...

    @property
    def is_ready(self) -> bool:
        """Whether the seed data is in the catalogue."""
        ...

    def tallies(self) -> list[Tally]:
        """How much is held of all that has a bound."""
        ...

    def reset(
        self,
        *,
        drop_conformance: bool,
        drop_tokens: bool,
        drop_requests: bool,
        drop_ledger: bool,
        drop_faults: bool,
        drop_webhooks: bool,
    ) -> None:
        """Go back to the state after the start."""
        ...

    @property
    def delayed(self) -> int:
        """How many calls faults hold up."""
        ...

    @property
    def undelivered(self) -> int:
        """How many deliveries of webhooks have not ended."""
        ...

    def come_to_rest(self, timeout: float) -> bool:
        """Wait until all that is due has been applied, of calls that are held up, too."""
        ...


class AdminOperations:
    """Health, readiness, reset, settling."""

    def __init__(self, simulator: Running) -> None:
        self._simulator = simulator

    def is_known(self, authorization: str) -> bool:
        """Whether a caller has shown the token of the control API, where it has one."""
        token = self._simulator.settings.admin_token
        if token is None:
            return True
        scheme, _, given = authorization.partition(" ")
        same = compare_digest(given.strip().encode(errors="replace"), token.encode())
        return same and scheme.lower() == "bearer"

    def health(self, *, in_detail: bool = True) -> Reply:
        """GET /__admin/health: alive, since when; its profile, how full the bounded stores are."""
        simulator = self._simulator
        known = {
            "status": "ok",
            "version": version(),
            "uptime": int(time.monotonic() - simulator.started_at),
        }
        if not in_detail:
            return Reply(known)
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
        tallies = simulator.tallies()  # takes in what the ledger has not counted yet
        return Reply(
            known
            | pulse_of(simulator)
            | {
                "account": simulator.settings.account,
                "profile": simulator.settings.profile,
                **simulator.worker.in_line.told(),
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
                    for tally in tallies
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

        What the traffic has broken, tokens, what was requested, the ledger of deltas, fault rules
        and webhooks are kept, each unless its parameter is `drop`.
        """
        dropped = {name: one_of(query, name, ("keep", "drop")) == "drop" for name in KEPT}
        self._simulator.reset(**{f"drop_{name}": dropped[name] for name in KEPT})
        return Reply({"status": "reset"})

    def settle(self, query: Mapping[str, str]) -> Reply:
        """POST /__admin/settle: answered once nothing waits, or after `wait` seconds.

        What is held back is applied, too, or `units` of it: events and batches, the first of them.
        Requests that faults hold up are waited for; events of a later time, what faults keep for
        later, and deliveries of webhooks are not.
        """
        wait = _whole(query, "wait", LONGEST_WAIT, "whole seconds")
        units = _whole(query, "units", MOST_UNITS, "a whole number")
        worker = self._simulator.worker
        worker.let_go(units)
        is_done = self._simulator.come_to_rest(DEFAULT_WAIT if wait is None else wait)
        in_line = worker.in_line
        return Reply(
            {
                "settled": is_done and not any(in_line.held),
                **in_line.told(),
                "delayedRequests": self._simulator.delayed,
                "webhookDeliveries": self._simulator.undelivered,
            }
        )


def _whole(query: Mapping[str, str], name: str, most: int, what: str) -> int | None:
    """A parameter that is a whole number; None when it is left out; raises ApiError (400)."""
    text = query.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most):
        raise refused([Fault(f"?{name}", f'"{shortened(text)}"', f"{what}, from 0 to {most}")])
    return int(text)
