"""`fluent-sim events`: the event log of a running simulator, and what to do about what failed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from ..text.printable import printable
from .control_api import ControlApi, simulator_options
from .lone_options import refuse_beside
from .told_pages import chosen, tell_that_there_are_more, tell_what_is_dropped

PATH = "/__admin/events"


@click.command(name="events")
@click.argument("event_id", metavar="[ID]", required=False)
@click.option("--status", metavar="NAMES", help="That ended so, such as NO_MATCH,FAILED.")
@click.option("--name", metavar="NAME", help="Of this name.")
@click.option("--entity-ref", "entityRef", metavar="REF", help="For this entity.")
@click.option("--text", metavar="TEXT", help="With this in the id, the body or the reason.")
@click.option("--since", metavar="MOMENT", help="Accepted at this moment or later.")
@click.option("--until", metavar="MOMENT", help="Accepted before this moment.")
@click.option("--after", metavar="ID", help="That came after this one.")
@click.option("--before", metavar="ID", help="That came before this one.")
@click.option("--start", metavar="NUMBER", help="Leave out so many.")
@click.option("--count", metavar="NUMBER", help="So many at most.  [default: 100]")
@simulator_options
def command(url: str, token: str, event_id: str | None, **filters: str | None) -> None:
    """Tell events, newest first; of one by its ID what it did, step by step."""
    tell_unknown(ENV_PREFIX, variables())
    api = ControlApi("events", url, token)
    if event_id is not None:
        refuse_beside("ID")
        _tell_story(api.document("GET", f"{PATH}/{quote(event_id, safe='')}"))
        return
    query = urlencode(chosen(filters))
    answer = api.document("GET", f"{PATH}?{query}")
    for event in answer["results"]:
        _tell_event(event)
    tell_that_there_are_more(answer)
    tell_what_is_dropped(answer)


def _tell_event(event: dict[str, Any]) -> None:
    """One line, and what to do on another; what is told may hold anything that was sent."""
    parts = [event["acceptedOn"][:23], event["status"], event["name"], event["id"]]
    if event["request"] is not None:
        parts.append(f"request {event['request']}")
    if event["reason"]:
        parts.append(f"({event['reason']})")
    click.echo(printable("  ".join(parts)))
    if event["advice"]:
        click.echo(f"    {event['advice']}")


def _tell_story(event: dict[str, Any]) -> None:
    _tell_event(event)
    for row in event["story"]:
        told = [row["generatedOn"][:23], row["category"], row["name"] or "", row["eventStatus"]]
        entity = row["context"]["entityRef"]
        outcome = row.get("outcome")
        told += [entity or "", f"({outcome})" if outcome else ""]
        click.echo(printable("    " + "  ".join(part for part in told if part)))
    if event["storyTotal"] > len(event["story"]):
        click.echo(f"    and {event['storyTotal'] - len(event['story']):,} more rows")
