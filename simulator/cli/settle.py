"""`fluent-sim settle`: wait until a running simulator has applied all that it accepted."""

from __future__ import annotations

import sys

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from .control_api import ControlApi, simulator_options

PATH = "/__admin/settle"
NOT_SETTLED = 1


@click.command(name="settle")
@click.option("--wait", type=click.IntRange(0, 600), default=60, show_default=True, help="Seconds.")
@simulator_options
def command(wait: int, url: str, token: str) -> None:
    """Wait until a running simulator has applied all that it accepted.

    The exit code is 1 where something is still in line after that time.
    """
    tell_unknown(ENV_PREFIX, variables())
    api = ControlApi("settle", url, token, seconds=wait + 60)
    answer = api.document("POST", f"{PATH}?wait={wait}")
    line = answer["waiting"]
    later = answer["scheduledEvents"]
    told = f"{line['events']:,} events and {line['batches']:,} batches wait"
    click.echo(f"{told}; {later:,} events are of a later time." if later else f"{told}.")
    if not answer["settled"]:
        sys.exit(NOT_SETTLED)
