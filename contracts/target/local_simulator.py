"""A simulator in this process, on a free port of this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from fluent_oms_simulator import Settings
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.serving.served_here import served_here
from fluent_oms_simulator.switches import STRICT, Profile


@contextmanager
def running_simulator(
    behaviours: Mapping[str, str] | None = None, profile: Profile = STRICT
) -> Iterator[Target]:
    """A simulator with an empty catalogue and these behaviour switches; stopped at the end.

    Raises UnknownBehaviour for a switch that does not exist.
    """
    settings = Settings(seed_data="none", profile=profile, behaviours=dict(behaviours or {}))
    with served_here(settings) as url:
        yield Target(
            url=url,
            account=settings.account,
            retailer_id=settings.retailers[0],
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            username=settings.username,
            password=settings.password,
        )
