"""`fluent-sim bisect`: which request made the stock on hand of a position what it should not be."""

from __future__ import annotations

import sys

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from ..text.printable import printable
from .control_api import ControlApi, simulator_options

PATH = "/__admin/bisect"
NOT_FOUND = 1


@click.command(name="bisect")
@click.argument("product")
@click.argument("location")
@click.option("--catalogue-ref", metavar="REF", help="Of this catalogue.")
@click.option("--below", type=int, metavar="NUMBER", help="It was less than this.")
@click.option("--above", type=int, metavar="NUMBER", help="It was more than this.")
@click.option("--equals", type=int, metavar="NUMBER", help="It was exactly this.")
@click.option("--differs-from", "differsFrom", type=int, metavar="NUMBER", help="It was not this.")
@simulator_options
def command(
    product: str,
    location: str,
    catalogue_ref: str | None,
    url: str,
    token: str,
    **predicate: int | None,
) -> None:
    """Tell the first request after which a position's stock on hand was as asked.

    Of several options all have to hold. The exit code is 1 where it never was, as far as is known.
    """
    tell_unknown(ENV_PREFIX, variables())
    position: dict[str, object] = {"productRef": product, "locationRef": location}
    if catalogue_ref is not None:
        position["catalogueRef"] = catalogue_ref
    wanted = {name: value for name, value in predicate.items() if value is not None}
    asked = {"position": position, "predicate": wanted}
    answer = ControlApi("bisect", url, token).document("POST", PATH, asked)
    first = answer["first"]
    if first is not None:
        request = first["request"]
        by = "a request that is not known" if request is None else f"request {request}"
        source = first["source"] or "what is no longer kept"
        change = f"{first['before']:,} -> {first['after']:,}"
        click.echo(printable(f"{answer['ref']}: {change} at {first['at']} by {by} ({source})."))
    if answer["why"]:
        click.echo(printable(answer["why"]))
    if first is None:
        sys.exit(NOT_FOUND)
