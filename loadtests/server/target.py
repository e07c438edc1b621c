"""Whose server it is, and manners on one that is not ours."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from fluent_oms_simulator.text.origins import address_fault

from ..traffic.load_options import CREDENTIALS, GENTLE_RATE, SCENARIOS, CannotRunError, LoadOptions
from ..traffic.payloads import job_body
from .calls import Caller

SECONDS_TO_COMPLETE = 60.0


def known_target(options: LoadOptions, given: Iterable[str] | None) -> LoadOptions:
    """The options once it is known whose server answers; raises CannotRunError.

    `given` are the names of the credentials that the caller has given: a server that is no
    simulator takes all of them. None means that nobody can be asked about such a server.
    """
    url = options.url.rstrip("/")
    if (fault := address_fault(url)) is not None:
        raise CannotRunError(f"--url: {fault}")
    prefix = options.prefix or f"LOAD{secrets.token_hex(3).upper()}-"
    options = replace(options, url=url, prefix=prefix, run=options.run or secrets.token_hex(4))
    caller = Caller(options)
    answer = caller.look("/__admin/health")
    if not answer.status:
        raise CannotRunError(
            f"{url} does not answer: {answer.text}; start a simulator with `fluent-sim serve`,"
            " or name another address"
        )
    document = answer.document
    ours = answer.status == 200 and isinstance(document, dict) and "eventLog" in document
    if not ours:
        if given is None:
            raise CannotRunError(
                f"{url} is not a simulator of ours: `fluent-sim load` asks before it writes there"
            )
        options = _careful(options, set(given))
    caller = Caller(options)
    assert caller.token
    caller.close()
    return options


def announcement(options: LoadOptions) -> str:
    """What a run will do to a server, before it does it."""
    positions = round(options.products * max(1.0, options.locations * options.coverage))
    left = "stay as they are" if options.keep else "are counted down to 0"
    return (
        f"{options.url} is not a simulator of ours. The load writes to it, as the user"
        f" {options.username} of the account {options.account}:\n"
        f"  {SCENARIOS[options.scenario].summary}\n"
        f"  into the catalogue {options.catalogue_ref}, about {positions:,} positions of products"
        f" whose names begin with {options.prefix}\n"
        f"  about {options.rate * options.duration:,.0f} events in {options.duration:g} s, which"
        " stay in the event log\n"
        f"  at most {options.max_rate:g} requests a second; at the end the positions {left}, for"
        " none can be deleted"
    )


def wait_for_batch(
    caller: Caller, path: str, pause: float, wait: Callable[[float], None] = time.sleep
) -> bool:
    """Whether a batch is COMPLETE in time."""
    deadline = time.monotonic() + SECONDS_TO_COMPLETE
    while time.monotonic() < deadline:
        document = caller.get(f"{path}?count=1").document
        if isinstance(document, dict) and document.get("status") == "COMPLETE":
            return True
        wait(pause)
    return False


def open_job(caller: Caller, options: LoadOptions, name: str, *, skip: bool = False) -> str:
    """A new job, named after the run; its id. Raises CannotRunError."""
    body = job_body(f"{options.prefix}{name}", options.payloads, skip=skip)
    answer = caller.post("/api/v4.1/job", body)
    if answer.status != 200 or not isinstance(answer.document, dict) or "id" not in answer.document:
        raise CannotRunError(f"POST /api/v4.1/job answered {answer.status}: {answer.text}")
    return str(answer.document["id"])


def _careful(options: LoadOptions, given: set[str]) -> LoadOptions:
    """The same run at a rate that a server of somebody else's can bear."""
    missing = [
        "--" + ("retailer" if name == "retailer_id" else name.replace("_", "-"))
        for name in CREDENTIALS
        if name not in given
    ]
    if missing:
        raise CannotRunError(
            f"{options.url} is not a simulator of ours: it takes {', '.join(missing)}"
        )
    if options.workers:
        raise CannotRunError(
            f"{options.url} is not a simulator of ours: load it from one process, so that"
            " --max-rate holds"
        )
    rate = options.max_rate or GENTLE_RATE
    return replace(options, is_ours=False, max_rate=rate, rate=min(options.rate, rate))
