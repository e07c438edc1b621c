"""The target of a run: a server that answers and lets the caller in, or one started for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from fluent_oms_simulator.client import manners
from fluent_oms_simulator.client.client_errors import ClientError, SignInError
from fluent_oms_simulator.client.exchanges import Pace
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target

from ..target.generated_calls import wire_to
from ..target.local_simulator import running_simulator
from .options import CannotRunError, Options


class Chosen(NamedTuple):
    """A target, a caller that is signed in there, and how many requests a second it may send."""

    target: Target
    api: Api
    rate: float | None


@contextmanager
def chosen_target(options: Options) -> Iterator[Chosen]:
    """The server that the options name, or a simulator in this process; raises CannotRunError.

    The options have been looked at by `check_options`.
    """
    if options.url is not None:
        given = {name: value for name in manners.CREDENTIALS if (value := getattr(options, name))}
        yield _signed_in(options, Target(options.url.rstrip("/"), **given), given)
        return
    with running_simulator(options.behaviours, options.started_as) as target:
        yield _signed_in(options, target)


def _signed_in(options: Options, target: Target, given: dict[str, str] | None = None) -> Chosen:
    """Find out whose server it is unless that is known, and sign in."""
    wire = wire_to(target.url)
    try:
        if given is not None:
            target = manners.known(target, given, options.max_rate, wire)
        rate = manners.rate_for(target, options.max_rate)
        wire.pace = Pace(rate)
        api = Api(target, wire)
        api.renew()
    except SignInError as fault:
        raise CannotRunError(f"{target.url} does not let the user in: {fault}") from None
    except ClientError as fault:
        raise CannotRunError(str(fault)) from None
    return Chosen(target, api, rate)


def announcement(target: Target, options: Options, prefix: str, rate: float | None) -> str:
    """What a run will do to a server that is not ours, before it does it."""
    examples = options.max_examples
    return manners.announcement(
        target,
        "The contracts write",
        (
            f"into the catalogue {target.catalogue_ref}, only products and locations whose names"
            f" begin with {prefix}",
            f"about {examples * 20:,} positions, {examples * 20:,} batches in as many jobs, and"
            f" {examples * 25:,} events, which stay in the event log",
        ),
        rate,
        "every quantity is set to 0",
    )
