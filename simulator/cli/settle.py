"""`fluent-sim settle`: have a running simulator apply all that it accepted, and wait for it."""

from __future__ import annotations

import sys
from urllib.parse import urlencode

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from .control_api import ControlApi, simulator_options

PATH = "/__admin/settle"
NOT_SETTLED = 1


@click.command(name="settle")
@click.option("--wait", type=click.IntRange(0, 600), default=60, show_default=True, help="Seconds.")
@click.option(
    "--units",
    type=click.IntRange(0),
    metavar="NUMBER",
    help="Of what is held apply so many events and batches, the first of them.  [default: all]",
)
@simulator_options
def command(wait: int, units: int | None, url: str, token: str) -> None:
    """Have a running simulator apply all that it accepted, and wait for it.

    The exit code is 1 where something is still in line after that time; what --units leaves is not.
    """
    tell_unknown(ENV_PREFIX, variables())
    api = ControlApi("settle", url, token, seconds=wait + 60)
    wanted = {"wait": wait} | ({} if units is None else {"units": units})
    answer = api.document("POST", f"{PATH}?{urlencode(wanted)}")
    line, held, later = answer["waiting"], answer["held"], answer["scheduledEvents"]
    kept = answer.get("keptByFaults", {})  # not told by older ones
    told = [f"{line['events']:,} events and {line['batches']:,} batches wait"]
    if any(held.values()):
        told.append(f"{held['events']:,} events and {held['batches']:,} batches are held")
    if any(kept.values()):
        told.append(f"faults keep {kept['events']:,} events and {kept['batches']:,} batches")
    if delayed := answer.get("delayedRequests"):
        told.append(f"faults hold up {delayed:,} requests")
    if later:
        told.append(f"{later:,} events are of a later time")
    if undelivered := answer.get("webhookDeliveries"):
        told.append(f"{undelivered:,} deliveries of webhooks are not waited for")
    click.echo(f"{'; '.join(told)}.")
    is_left_on_purpose = units is not None and any(held.values()) and not any(line.values())
    if not (answer["settled"] or is_left_on_purpose):
        sys.exit(NOT_SETTLED)
