"""`fluent-sim jobs`: the jobs and batches of a running simulator, and how far they are."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from ..text.printable import printable
from .control_api import ControlApi, simulator_options
from .told_pages import chosen, tell_that_there_are_more, tell_what_is_dropped


@click.command(name="jobs")
@click.option("--batches", is_flag=True, help="Tell batches instead of jobs.")
@click.option("--job", metavar="ID", help="Of batches: in this job.")
@click.option("--status", metavar="NAMES", help="Of batches: PENDING, RUNNING or COMPLETE.")
@click.option("--start", metavar="NUMBER", help="Leave out so many.")
@click.option("--count", metavar="NUMBER", help="So many at most.  [default: 100]")
@simulator_options
def command(url: str, token: str, batches: bool, **filters: str | None) -> None:
    """Tell jobs, newest first, with what came of the records of their batches."""
    tell_unknown(ENV_PREFIX, variables())
    wanted = chosen(filters)
    is_of_batches = batches or "job" in wanted or "status" in wanted
    path = "/__admin/batches" if is_of_batches else "/__admin/jobs"
    answer = ControlApi("jobs", url, token).document("GET", f"{path}?{urlencode(wanted)}")
    for row in answer["results"]:
        click.echo(printable(_batch(row) if is_of_batches else _job(row)))
    tell_that_there_are_more(answer)
    tell_what_is_dropped(answer)


def _job(job: dict[str, Any]) -> str:
    """A job on one line; what is told of it may hold anything that was sent."""
    batches = job["batches"]
    parts = [f"job {job['id']}", job["status"], job["createdOn"][:23], job["name"]]
    parts.append(f"{batches['COMPLETE']:,} of {batches['total']:,} batches COMPLETE")
    if told := _counted(job["records"]):
        some = "" if job["counted"] == batches["total"] else f" (of the last {job['counted']:,})"
        parts.append(told + some)
    return "  ".join(part for part in parts if part)


def _batch(batch: dict[str, Any]) -> str:
    parts = [f"batch {batch['id']}", f"job {batch['job']}", batch["status"]]
    parts += [batch["acceptedOn"][:23], _counted(batch["records"])]
    if batch["millisecondsToVisible"] is None:
        parts.append(f"{batch['done']:,} of {batch['size']:,} records done")
    else:
        parts.append(f"visible after {batch['millisecondsToVisible']:,} ms")
    parts += [f"({reason})" for reason in batch["reasons"]]
    return "  ".join(part for part in parts if part)


def _counted(records: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {fate}" for fate, count in records.items() if count)
