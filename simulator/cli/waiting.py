"""`fluent-sim wait`: until a simulator is ready, for scripts and health checks."""

from __future__ import annotations

import sys
from typing import Any

import click

from ..client.readiness import NoSimulatorError, NotReadyError, wait_until_ready
from ..client.server_address import URL, fault_of_address
from ..console.refusal import Refusal
from ..console.saying import say
from ..console.spans import span

NOT_READY = 1


def _span(_context: click.Context, _option: click.Parameter, value: str) -> float:
    return span(value)


@click.command(name="wait")
@click.argument("url", default=URL)
@click.option(
    "--timeout",
    default="60s",
    show_default=True,
    metavar="SPAN",
    callback=_span,
    help="How long to wait, such as 500ms, 30s or 2m.",
)
def command(url: str, timeout: Any) -> None:
    """Wait until the simulator at URL is ready: it answers, and its seed data are in the catalogue.

    URL is http://127.0.0.1:4141 unless told, and may be that of a namespace. The exit code is 0
    when it is ready, 1 when it is not in time, 2 when something else answers there, or the URL is
    none.
    """
    if wrong := fault_of_address(url, "URL"):
        raise Refusal(f"fluent-sim wait: {wrong}")
    try:
        wait_until_ready(url, timeout)
    except NotReadyError as fault:
        say(f"fluent-sim wait: {url} is not ready within {timeout:g} s: {fault}.")
        sys.exit(NOT_READY)
    except NoSimulatorError as fault:
        raise Refusal(f"fluent-sim wait: {url}: {fault}.") from None
