"""What whoever watches a simulator asks for again and again: its counters and its state.

All of it is counted when it happens: to ask for it costs next to nothing, also under load.
"""

from __future__ import annotations

from typing import Protocol

from ..clock import MovableClock
from ..domain.settling import Settling
from ..settings import Settings
from ..stores.armed_faults import ArmedFaults
from ..stores.delta_ledger import DeltaLedger
from ..stores.request_log import RequestLog
from .clock_setting import clock_told
from .shown_credentials import shown_credentials

_NAMES = {
    "client_id": "clientId",
    "client_secret": "clientSecret",
    "username": "username",
    "password": "password",
}


class Settles(Protocol):
    """Whoever applies what was accepted, at its pace."""

    @property
    def settling(self) -> Settling:
        """How fast."""
        ...


class SeesTraffic(Protocol):
    """What was asked and answered."""

    @property
    def log(self) -> RequestLog:
        """The requests of the last while."""
        ...


class Examines(Protocol):
    """Whoever holds the traffic against the rules."""

    def so_far(self) -> dict[str, int]:
        """How many rules it has found broken, and how much it has not looked at."""
        ...


class Beating(Protocol):
    """A simulator, as far as its pulse goes."""

    @property
    def settings(self) -> Settings:
        """How it was set up."""
        ...

    @property
    def clock(self) -> MovableClock:
        """Its time."""
        ...

    @property
    def traffic(self) -> SeesTraffic:
        """What was asked and answered."""
        ...

    @property
    def ledger(self) -> DeltaLedger:
        """What came of each delta."""
        ...

    @property
    def faults(self) -> ArmedFaults:
        """What goes wrong on purpose."""
        ...

    @property
    def examination(self) -> Examines | None:
        """Whoever holds the traffic against the rules; None where nobody does."""
        ...

    @property
    def worker(self) -> Settles:
        """Whoever applies what was accepted."""
        ...


def pulse_of(simulator: Beating) -> dict[str, object]:
    """The counters go on over resets, so that who asks twice knows how many came in between."""
    settings, totals = simulator.settings, simulator.ledger.totals
    log, examination = simulator.traffic.log, simulator.examination
    shown = shown_credentials(settings)
    return {
        "counts": {
            "requests": log.last_id,
            "failed": log.failed,
            "deltas": totals.arrived,
            "records": totals.records_arrived,
        },
        "clock": clock_told(simulator.clock),
        "settling": simulator.worker.settling.told()["mode"],
        "faults": {"rules": len(simulator.faults.rules), "fired": simulator.faults.fired},
        "conformance": None if examination is None else examination.so_far(),
        "signIn": {
            "auth": settings.auth,
            "retailers": settings.retailers,
            # None for what is not to be told.
            **{told: shown[name] or None for name, told in _NAMES.items()},
        },
    }
