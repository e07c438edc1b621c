"""`fluent-sim webhooks`: where a running simulator posts events that have ended."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from ..text.printable import printable
from .control_api import ControlApi, VerbGroup, before_the_verb, simulator_options
from .told_pages import chosen

PATH = "/__admin/webhooks"
SCHEDULES = ("default", "without_immediate", "exponential", "none")
STATUSES = ("SUCCESS", "FAILED", "NO_MATCH")


@click.group(name="webhooks", cls=VerbGroup)
@before_the_verb
def command() -> None:
    """See and choose where a running simulator posts the events that have ended.

    Each is posted as JSON, signed, and again where that fails. Signing needs the extra webhooks
    where the simulator runs.
    """
    tell_unknown(ENV_PREFIX, variables())


@command.command(name="list")
@simulator_options
def list_all(url: str, token: str) -> None:
    """Tell of each where it posts to, and what waits."""
    told = _api(url, token).document("GET", f"{PATH}?count=100")
    for each in told["webhooks"]:
        click.echo(printable(_about(each)))
    if not told["webhooks"]:
        click.echo("there is no webhook")


@command.command()
@click.argument("name")
@click.argument("address", metavar="URL")
@click.option("--event", "names", multiple=True, metavar="NAME", help="Of these names only.")
@click.option("--status", "statuses", multiple=True, type=click.Choice(STATUSES))
@click.option("--entity-type", "types", multiple=True, metavar="TYPE", help="On these only.")
@click.option("--retry-schedule", "schedule", type=click.Choice(SCHEDULES))
@click.option("--any-certificate", is_flag=True, help="Take an https address as it is.")
@simulator_options
def add(
    name: str,
    address: str,
    names: tuple[str, ...],
    statuses: tuple[str, ...],
    types: tuple[str, ...],
    schedule: str | None,
    any_certificate: bool,
    url: str,
    token: str,
) -> None:
    """Have events posted to an address, also in the place of a webhook of this name."""
    chosen = {"names": names, "statuses": statuses, "entityTypes": types}
    wanted: dict[str, object] = {"url": address}
    events = {field: list(values) for field, values in chosen.items() if values}
    if events:
        wanted["events"] = events
    if schedule is not None:
        wanted["retrySchedule"] = schedule
    if any_certificate:
        wanted["verifyTls"] = False
    click.echo(printable(_about(_api(url, token).document("PUT", _path(name), wanted))))


@command.command()
@click.argument("name")
@simulator_options
def drop(name: str, url: str, token: str) -> None:
    """Drop one, with its deliveries."""
    _api(url, token).call("DELETE", _path(name))


@command.command()
@click.argument("name")
@click.option("--wait", type=click.IntRange(0, 600), default=0, help="Seconds for what is due.")
@click.option("--status", metavar="STATUS", help="Of this status: DELIVERED, FAILED, RETRYING.")
@click.option("--event-id", "eventId", metavar="ID", help="Of this event.")
@click.option("--count", type=click.IntRange(1), default=100, show_default=True, help="At most.")
@click.option("--body", is_flag=True, help="Each with its body, as it was posted.")
@simulator_options
def deliveries(name: str, body: bool, url: str, token: str, **query: Any) -> None:
    """Tell what one was told, newest first, and how each attempt went."""
    given = chosen(query)
    api = _api(url, token, seconds=query["wait"] + 60)
    told = api.document("GET", f"{_path(name)}/deliveries?{urlencode(given)}")
    for each in told["deliveries"]:
        click.echo(printable(_line(each)))
        if body and each["bodyBytes"]:
            whole = api.document("GET", f"{_path(name)}/deliveries/{each['id']}")
            click.echo(printable(whole["body"]))
    if told["hasMore"]:
        click.echo("There are more: --count tells of as many as it says.")
    if told["dropped"]:
        click.echo(f"{told['dropped']:,} were dropped, as too much waited.")


@command.command()
@click.argument("name")
@click.argument("delivery", metavar="ID")
@simulator_options
def redeliver(name: str, delivery: str, url: str, token: str) -> None:
    """Have the event of a delivery posted once more."""
    path = f"{_path(name)}/deliveries/{quote(delivery, safe='')}/redeliver"
    click.echo(printable(_line(_api(url, token).document("POST", path))))


@command.command()
@click.option("--pem", is_flag=True, help="As PEM, for tools that take that.")
@simulator_options
def key(pem: bool, url: str, token: str) -> None:
    """Tell the public key that signatures are verified with, as one line of base64."""
    told = _api(url, token).document("GET", "/__admin/webhook-key")
    click.echo(told["pem"].rstrip() if pem else told["publicKey"])


def _api(url: str, token: str, *, seconds: float = 120.0) -> ControlApi:
    return ControlApi("webhooks", url, token, seconds=seconds)


def _path(name: str) -> str:
    return f"{PATH}/{quote(name, safe='')}"


def _about(webhook: dict[str, Any]) -> str:
    told = f"{webhook['name']}  {webhook['url']}  {webhook['waiting']:,} wait"
    told += f", {webhook['retrying']:,} for a retry"
    for field, values in webhook["events"].items():
        told += f"  {field} {', '.join(values)}"
    return told


def _line(delivery: dict[str, Any]) -> str:
    parts = [
        f"{delivery['id']:>6}",
        delivery["createdAt"][:23],
        delivery["status"],
        delivery["eventName"],
        f"event {delivery['eventId']}",
    ]
    if delivery["redeliveryOf"] is not None:
        parts.append(f"again of {delivery['redeliveryOf']}")
    parts += [
        f"{attempt['at'][11:23]} {attempt['status'] or attempt['problem']}"
        for attempt in delivery["attempts"]
    ]
    if delivery["nextAttemptAt"] is not None:
        parts.append(f"next at {delivery['nextAttemptAt'][:23]}")
    return "  ".join(parts)
