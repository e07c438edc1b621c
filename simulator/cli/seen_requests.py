"""`fluent-sim requests`: what a running simulator has been sent."""

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

PATH = "/__admin/requests"


@click.command(name="requests")
@click.option("--operation", metavar="NAME", help="Of this operation, such as sendEvent.")
@click.option("--path", metavar="TEXT", help="With this in the path.")
@click.option("--status", metavar="CODE", help="Answered so: 400, 4xx, 5xx, 0 (no whole reply).")
@click.option("--product", metavar="REF", help="With a line for this product.")
@click.option("--location", metavar="REF", help="With a line for this location.")
@click.option("--delta-id", "deltaId", metavar="ID", help="With a delta of this id.")
@click.option("--client", metavar="TEXT", help="From this address, or by this User-Agent.")
@click.option("--since", metavar="MOMENT", help="Answered at this moment or later.")
@click.option("--until", metavar="MOMENT", help="Answered before this moment.")
@click.option("--text", metavar="TEXT", help="With this in the path, the body or the reply.")
@click.option("--rule", metavar="ID", help="That has broken this rule, or any.")
@click.option("--fault", metavar="KIND", help="That this kind of fault has struck, or any.")
@click.option("--after", metavar="NUMBER", help="That came after the one of this number.")
@click.option("--before", metavar="NUMBER", help="That came before the one of this number.")
@click.option("--start", metavar="NUMBER", help="Leave out so many.")
@click.option("--count", metavar="NUMBER", help="So many at most.  [default: 100]")
@click.option("--curl", metavar="ID", help="The command that sends this one again.")
@click.option("--pytest", metavar="ID", help="The test that sends this one again.")
@click.option("--forget", is_flag=True, help="Let the simulator forget them all.")
@simulator_options
def command(
    url: str,
    token: str,
    curl: str | None,
    pytest: str | None,
    forget: bool,
    **filters: str | None,
) -> None:
    """Tell what a running simulator has been sent, newest first, and what came of it."""
    tell_unknown(ENV_PREFIX, variables())
    api = ControlApi("requests", url, token)
    if forget:
        refuse_beside("--forget")
        api.call("DELETE", PATH)
        return
    for number, form in ((curl, "curl"), (pytest, "pytest")):
        if number is not None:
            refuse_beside(f"--{form}")
            sent_again = api.call("GET", f"{PATH}/{quote(number, safe='')}?as={form}")
            click.echo(sent_again.received.decode("utf-8", "replace"), nl=False)
            return
    query = urlencode(chosen(filters))
    answer = api.document("GET", f"{PATH}?{query}" if query else PATH)
    for seen in answer["results"]:
        click.echo(_line(seen))
    tell_that_there_are_more(answer)
    tell_what_is_dropped(answer)


def _line(seen: dict[str, Any]) -> str:
    """A request on one line; what is told of it may hold anything that was sent."""
    outcome = seen["outcome"]
    parts = [f"{seen['id']:>6}", seen["at"][:23], str(seen["status"]), seen["operation"]]
    told = outcome.get("refused") or outcome.get("reason")
    if "status" in outcome:
        parts.append(str(outcome["status"]))
    if told:
        parts.append(f"({told})")
    if "records" in outcome:
        parts.append(", ".join(f"{count:,} {name}" for name, count in outcome["records"].items()))
    parts += [
        f"struck by {fault['rule']}: {fault['kind']} at {fault['point']}"
        for fault in outcome.get("faults", ())
    ]
    if seen["rulesBroken"]:
        parts.append(f"breaks {', '.join(seen['rulesBroken'])}")
    return printable("  ".join(parts))
