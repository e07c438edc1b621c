"""Whose server it is, who calls it, and what it is told before it is loaded."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from fluent_oms_simulator.client import manners
from fluent_oms_simulator.client.client_errors import ClientError, SignInError, UnreachableError
from fluent_oms_simulator.client.exchanges import Pace, Wire
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.server_address import fault_of_address

from ..traffic.load_options import SCENARIOS, CannotRunError, LoadOptions


def caller(options: LoadOptions, pace: Pace | None = None) -> Api:
    """A caller beside the load; a loaded server may fail at times while something is awaited."""
    return Api(options.target, Wire(pace), patient=True)


@contextmanager
def refusals(doing: str = "") -> Iterator[None]:
    """What kept a caller from what it wanted ends the run; raises CannotRunError."""
    try:
        yield
    except SignInError as fault:
        raise CannotRunError(f"the server does not let the user in: {fault}") from None
    except ClientError as fault:
        raise CannotRunError(f"{doing}{fault}") from None


def known_target(options: LoadOptions, given: Iterable[str] | None) -> LoadOptions:
    """The options once it is known whose server answers; raises CannotRunError.

    `given` are the names of the credentials that the caller has given: a server that is no
    simulator takes all of them. None means that nobody can be asked about such a server.
    """
    if wrong := fault_of_address(options.url):
        raise CannotRunError(wrong)
    url = options.url.rstrip("/")
    prefix = options.prefix or f"LOAD{secrets.token_hex(3).upper()}-"
    options = replace(options, url=url, prefix=prefix, run=options.run or secrets.token_hex(4))
    named = manners.CREDENTIALS if given is None else set(given)
    with refusals():
        try:
            target = manners.known(options.target, named, options.max_rate, Wire())
        except UnreachableError as fault:
            raise CannotRunError(
                f"{url} does not answer: {fault.reason}; start a simulator with"
                " `fluent-sim serve`, or name another address"
            ) from None
        if not target.is_ours:
            if given is None:
                asks = "`fluent-sim load` asks before it writes there"
                raise CannotRunError(manners.foreign(url, asks))
            options = _careful(options)
        api = caller(options)
        api.renew()
        api.close()
    return options


def announcement(options: LoadOptions) -> str:
    """What a run will do to a server that is not ours, before it does it."""
    positions = round(options.products * max(1.0, options.locations * options.coverage))
    left = "stay as they are" if options.keep else "are counted down to 0"
    return manners.announcement(
        options.target,
        "The load writes",
        (
            SCENARIOS[options.scenario].summary,
            f"into the catalogue {options.catalogue_ref}, about {positions:,} positions of products"
            f" whose names begin with {options.prefix}",
            f"about {options.rate * options.duration:,.0f} events in {options.duration:g} s, which"
            " stay in the event log",
        ),
        options.max_rate,
        f"the positions {left}",
    )


def _careful(options: LoadOptions) -> LoadOptions:
    """The same run at a rate that a server of somebody else's can bear."""
    if options.workers:
        alone = "load it from one process, so that --max-rate holds"
        raise CannotRunError(manners.foreign(options.url, alone))
    options = replace(options, is_ours=False)
    rate = manners.rate_for(options.target, options.max_rate) or 0.0
    return replace(options, max_rate=rate, rate=min(options.rate, rate))
