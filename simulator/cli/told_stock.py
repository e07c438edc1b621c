"""`fluent-sim stock`: what a running simulator has in stock, and how it came about."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from ..text.printable import printable
from .control_api import ControlApi, simulator_options
from .lone_options import refuse_beside
from .told_pages import chosen, tell_that_there_are_more

POSITIONS = "/__admin/positions"
VIRTUAL = "/__admin/virtualPositions"


@click.command(name="stock")
@click.argument("text", required=False)
@click.option("--ref", metavar="REF", help="This position, and how its stock came about.")
@click.option("--virtual", is_flag=True, help="What is available to sell, and why so much.")
@click.option("--product", "productRef", metavar="REF", help="Of this product.")
@click.option("--location", "locationRef", metavar="REF", help="At this location.")
@click.option("--catalogue-ref", "catalogueRef", metavar="REF", help="Of this catalogue.")
@click.option("--start", metavar="NUMBER", help="Leave out so many.")
@click.option("--count", metavar="NUMBER", help="So many at most.  [default: 100]")
@simulator_options
def command(
    url: str,
    token: str,
    text: str | None,
    ref: str | None,
    virtual: bool,
    **filters: str | None,
) -> None:
    """Tell positions, found by their refs or by a TEXT that stands in them."""
    tell_unknown(ENV_PREFIX, variables())
    api = ControlApi("stock", url, token)
    wanted = chosen(filters)
    if ref is not None:
        refuse_beside("--ref", "catalogueRef", "start", "count")
        query = urlencode({**wanted, "changes": "true"})
        _tell_position(api.document("GET", f"{POSITIONS}/{quote(ref, safe='')}?{query}"))
        return
    if virtual:
        refuse_beside("--virtual", "productRef", "locationRef", "catalogueRef", "start", "count")
        if "locationRef" in wanted:
            wanted["groupRef"] = wanted.pop("locationRef")
        answer = api.document("GET", f"{VIRTUAL}?{urlencode(wanted)}")
        for row in answer["results"]:
            _tell_virtual(row)
    else:
        named = {"text": text} if text else {}
        query = urlencode({**wanted, **named, "quantities": "false"})
        answer = api.document("GET", f"{POSITIONS}?{query}")
        for row in answer["results"]:
            _tell(f"{row['onHand']:>10,}", row["ref"], row["status"], row["updatedOn"][:23])
        if not answer.get("looked", {}).get("isWhole", True):
            click.echo("Not every ref was looked at: a longer text finds more.")
    tell_that_there_are_more(answer)


def _tell_position(position: dict[str, Any]) -> None:
    _tell(f"{position['onHand']:,} on hand of", position["ref"], position["status"])
    for quantity in position["quantities"]:
        under = f"under {quantity['parentRef']}" if quantity.get("parentRef") else ""
        amount = f"{quantity['quantity']:>10,}"
        _tell(amount, quantity["type"], quantity["status"], quantity["ref"], under)
    for change in position["changes"]:
        request = "" if change["request"] is None else f"request {change['request']}"
        step = f"{change['before']:,} -> {change['after']:,}"
        _tell(change["at"][:23], step, change["source"] or "", request)
    if position["why"]:
        click.echo(position["why"])


def _tell_virtual(row: dict[str, Any]) -> None:
    worked_out = row["workedOut"] or {"positions": [], "controls": [], "overwritten": True}
    why = [f"{part['ref']} {_sum(part)}" for part in worked_out["positions"]]
    why += [_control(control) for control in worked_out["controls"]]
    if worked_out["overwritten"]:
        why.append("written by a mutation")
    _tell(f"{row['quantity']:>10,}", row["ref"], f"in {row['catalogueRef']}", f"({', '.join(why)})")


def _sum(part: dict[str, Any]) -> str:
    steps = [f"{part['onHand']:,}", *map(_control, part["controls"])]
    return f"adds {part['adds']:,}: {' '.join(steps)}" if part["counts"] else part["status"]


def _control(control: dict[str, Any]) -> str:
    value = control["value"]
    amount = f"{value:+,} " if isinstance(value, int) else ""
    return f"{amount}by {control['type']} {control['ref']}"


def _tell(*parts: str) -> None:
    """On one line; what is told may hold anything that was sent."""
    click.echo(printable("  ".join(part for part in parts if part)))
