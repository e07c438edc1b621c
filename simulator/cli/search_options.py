"""What a search by `fluent-sim explore` can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..console.reports import OVERWRITE_HELP
from ..console.spans import span
from ..exploring.disturbances import TABLE
from ..exploring.exploration import UNTIL

DEFAULT_FOLDER = Path("fluent-explore")
REPORT = "report.json"

OPTIONS = (
    click.option("--command", "line", metavar="TEXT", help="How the connector is started."),
    click.option(
        "--depth",
        type=click.IntRange(1, 6),
        default=2,
        show_default=True,
        help="So many faults at most in one run.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0),
        default=1,
        show_default=True,
        help="Decides which requests are tried.",
    ),
    click.option(
        "--budget",
        type=span,
        default="10m",
        show_default=True,
        metavar="TIME",
        help="Begin no more runs after so long: 30s, 10m, 1h.",
    ),
    click.option(
        "--until",
        type=click.Choice(UNTIL),
        default="each",
        show_default=True,
        help="Stop at the first finding; or try nothing again that is known to break it; or try"
        " all.",
    ),
    click.option(
        "--expect",
        type=click.File("rb"),
        metavar="FILE",
        help="The deltas or the stock that it is to send, as for `fluent-sim reconcile`."
        "  [default: what it does undisturbed]",
    ),
    click.option(
        "--env-file",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Further variables for it, such as OMS_URL=${FLUENT_BASE_URL}, one on a line.",
    ),
    click.option(
        "--fault",
        "only",
        multiple=True,
        type=click.Choice([each.name for each in TABLE]),
        metavar="NAME",
        help="Try only this one. Repeatable.",
    ),
    click.option(
        "--requests",
        "most_requests",
        type=click.IntRange(1),
        default=5,
        show_default=True,
        help="Disturb so many requests of each operation: the first, the last, some between.",
    ),
    click.option(
        "--within",
        type=span,
        metavar="TIME",
        help="End a run that takes longer.  [default: ten times the undisturbed one, 90s at least]",
    ),
    click.option(
        "--seed-data",
        default="demo",
        show_default=True,
        metavar="TEXT",
        help="What each world starts with: demo, none, or a file, as for `fluent-sim serve`.",
    ),
    click.option("--profile", metavar="NAME", help="The profile of each world."),
    click.option(
        "--behaviour", "behaviours", multiple=True, metavar="NAME=VALUE", help="A switch."
    ),
    click.option(
        "--state",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Keep there what was tried; what is there already is not tried again.",
    ),
    click.option(
        "--report-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help=f"Where to write {REPORT} and a file for each finding: a folder without a report,"
        f" unless there is --overwrite.  [default: {DEFAULT_FOLDER}, which each search replaces]",
    ),
    click.option("--overwrite", is_flag=True, help=OVERWRITE_HELP),
    click.option(
        "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
    ),
)


def search_options(command: Any) -> Any:
    """Adds them to a command."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
