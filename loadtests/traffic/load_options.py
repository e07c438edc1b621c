"""What a load run is asked to do."""

from __future__ import annotations

import signal
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from fluent_oms_simulator.client.manners import CREDENTIALS, FOREIGN_PAUSE
from fluent_oms_simulator.client.target_server import Target

from .payloads import PayloadSettings

DELTA_USERS = "deltas"
LOAD_USERS = "loads"
COULD_NOT_RUN = 2
"""The exit code of a run that has no result; those of a result are in its verdict."""
OUT_OF_TIME = getattr(signal, "SIGUSR1", None)
"""The signal by which the process that leads a run learns that it takes too long."""
ALL_AT_ONCE = "all at once"
EVENLY = "evenly"

_OURS = Target("")
"""Who signs in on a simulator, as long as nobody says otherwise."""


class CannotRunError(Exception):
    """Why there was no run, as a sentence."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is sent, and how much of it unless the caller says otherwise.

    `pause` seconds pass between the end of a full load and the beginning of the next.
    """

    summary: str
    sends: tuple[str, ...]
    rate: float = 100.0
    duration: float = 30.0
    pause: float = 0.0
    pace: str = EVENLY


SCENARIOS = {
    "delta": Scenario("Delta events at a steady rate.", (DELTA_USERS,)),
    "delta-burst": Scenario(
        "Delta events at the same mean rate, two seconds' worth at once.",
        (DELTA_USERS,),
        pace=ALL_AT_ONCE,
    ),
    "full-load": Scenario("Full loads, one after the other.", (LOAD_USERS,)),
    "mixed": Scenario("Delta events while full loads run.", (DELTA_USERS, LOAD_USERS), pause=1.0),
    "soak": Scenario(
        "Delta events for an hour, a full load every five minutes.",
        (DELTA_USERS, LOAD_USERS),
        duration=3600.0,
        pause=300.0,
    ),
    "ramp": Scenario(
        "The highest rate of delta events that still meets the objectives.",
        (DELTA_USERS,),
        duration=60.0,
    ),
    "day": Scenario(
        "A day of a shop, compressed: its opening hours decide the rate.",
        (DELTA_USERS, LOAD_USERS),
        duration=120.0,
    ),
}

GRACE = 120.0
"""Seconds beside its duration that a small run may take."""
POSITIONS_A_SECOND = 2_000
"""How many positions can surely be loaded and read back in a second."""
WATCHED_A_SECOND = 20.0
"""How many accepted deltas a second are looked for until they show, by all processes together."""
VISIBLE_WITHIN = 10.0
"""Seconds after which a delta that was sent and does not show is given up."""
PAUSE = 0.005
"""Seconds between two looks at something that a simulator does."""
SECONDS_TO_COMPLETE = 60.0
SECRETS = ("client_secret", "password")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """One run: which server, which scenario, how much, and what must hold.

    `at_once` is the number of batches that are under way at the same time. `grace` is how many
    seconds after its duration a run may take to wind up.
    """

    scenario: str = "delta"
    url: str = ""
    users: int = 32
    rate: float = 100.0
    duration: float = 30.0
    products: int = 200
    locations: int = 10
    coverage: float = 0.3
    at_once: int = 2
    seed: int = 1
    run: str = ""
    objectives: tuple[str, ...] = ()
    workers: int = 0
    account: str = _OURS.account
    retailer_id: str = _OURS.retailer_id
    client_id: str = _OURS.client_id
    client_secret: str = _OURS.client_secret
    username: str = _OURS.username
    password: str = _OURS.password
    prefix: str = ""
    is_ours: bool = True
    max_rate: float | None = None
    keep: bool = False
    grace: float = 60.0
    command: str = ""
    report_dir: str = ""
    overwrite: bool = False
    form: str = "text"
    live: bool = False
    master_host: str = "127.0.0.1"
    """The address at which workers are waited for."""

    @property
    def definition(self) -> Scenario:
        """What the scenario is."""
        return SCENARIOS[self.scenario]

    @property
    def target(self) -> Target:
        """The server and the account on it."""
        given = {name: getattr(self, name) for name in ("url", *CREDENTIALS, "is_ours")}
        pause = PAUSE if self.is_ours else FOREIGN_PAUSE
        return Target(**given, patience=SECONDS_TO_COMPLETE, pause=pause)

    @property
    def payloads(self) -> PayloadSettings:
        """Whose inventory the payloads speak of."""
        return PayloadSettings(account=self.account, retailer_id=self.retailer_id)

    @property
    def catalogue_ref(self) -> str:
        """The inventory catalogue that is written to."""
        return self.payloads.catalogue

    @property
    def watched_a_second(self) -> float:
        """How many accepted deltas a second are looked for at most."""
        return WATCHED_A_SECOND if self.is_ours else (self.max_rate or 1.0) / 4

    def as_json(self, *, secrets: bool = True) -> dict[str, Any]:
        """The options as plain values."""
        values = asdict(self)
        return values if secrets else {k: v for k, v in values.items() if k not in SECRETS}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> LoadOptions:
        """The options from plain values; what is unknown is left out."""
        known = {each.name for each in fields(cls)}
        given = {name: value for name, value in values.items() if name in known}
        given["objectives"] = tuple(given.get("objectives", ()))
        return cls(**given)

    def as_told(self, values: dict[str, Any]) -> LoadOptions:
        """The options that another process tells, with the credentials of these."""
        mine = {name: getattr(self, name) for name in SECRETS}
        return replace(LoadOptions.from_json({**values, **mine}))
