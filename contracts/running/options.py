"""What a run of the contracts is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from fluent_oms_simulator.switches import STRICT, Profile

GROUPS = ("shape", "stateful", "security", "semantic", "observations")
DEFAULT_EXAMPLES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One run: which server, which contracts, how hard, and where the outcome goes.

    Without `url` a simulator is started for the run, with this `profile` (strict when it is None)
    and these `behaviours` over it. `select` and `ignore` are names of groups, or parts of the names
    of contracts.
    """

    url: str | None = None
    account: str = ""
    retailer_id: str = ""
    client_id: str = ""
    client_secret: str = ""
    username: str = ""
    password: str = ""
    prefix: str = ""
    max_rate: float | None = None
    yes: bool = False
    seed: int = 0
    max_examples: int = DEFAULT_EXAMPLES
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    report_dir: Path | None = None
    learn: Path | None = None
    profile: Profile | None = None
    behaviours: Mapping[str, str] = field(default_factory=dict)

    @property
    def started_as(self) -> Profile:
        """The profile of the simulator that is started."""
        return self.profile or STRICT


class Intensity(NamedTuple):
    """How hard the contracts are tried: examples for each, and the seed that makes them."""

    max_examples: int = DEFAULT_EXAMPLES
    seed: int = 1


INTENSITY: ContextVar[Intensity] = ContextVar("intensity")
"""For those parts of the suite that must know before they run."""


class CannotRunError(Exception):
    """Why no contract could be checked, as a sentence."""
