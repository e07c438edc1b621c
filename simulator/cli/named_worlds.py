"""`fluent-sim namespaces`: worlds of their own on a running simulator."""

from __future__ import annotations

from urllib.parse import quote

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from ..text.setting_values import UnusableError
from ..text.written_settling import settling_fields
from .arming import faults_wanted
from .control_api import ControlApi, VerbGroup, before_the_verb, named_values, simulator_options

PATH = "/__admin/namespaces"


@click.group(name="namespaces", cls=VerbGroup)
@before_the_verb
def command() -> None:
    """List, make and drop worlds of their own on a running simulator.

    Each has its stock, jobs, tokens, clock, requests and switches to itself, so that tests can run
    at once; any other command takes its address as --url.
    """
    tell_unknown(ENV_PREFIX, variables())


@command.command(name="list")
@simulator_options
def list_all(url: str, token: str) -> None:
    """Tell the address of each, and how long nobody has called it."""
    api = _api(url, token)
    start = 0
    while True:
        page = api.document("GET", f"{PATH}?start={start}&count=1000")
        for each in page["namespaces"]:
            click.echo(f"{each['url']} (idle for {each['idleSeconds']:,} s)")
        start += len(page["namespaces"])
        if start >= page["total"] or not page["namespaces"]:
            break
    click.echo(f"{page['total']:,} of at most {page['most']:,}.")


@command.command()
@click.argument("name")
@click.option("--account", metavar="TEXT", help="The Fluent account that it stands for.")
@click.option("--retailer", "retailers", multiple=True, metavar="ID", help="A retailer id.")
@click.option("--client-id", "clientId", metavar="TEXT", help="OAuth client id.")
@click.option("--client-secret", "clientSecret", metavar="TEXT", help="OAuth client secret.")
@click.option("--username", metavar="TEXT", help="User name of the password grant.")
@click.option("--password", metavar="TEXT", help="Password of the password grant.")
@click.option("--auth", type=click.Choice(["strict", "off"]), help="Whether calls need a token.")
@click.option("--seed-data", "seedData", type=click.Choice(["demo", "none"]))
@click.option("--profile", metavar="NAME", help="The values of all switches that are not set.")
@click.option("--behaviour", "switches", multiple=True, metavar="NAME=VALUE", help="A switch.")
@click.option("--conformance", type=click.Choice(["on", "off"]))
@click.option("--at", metavar="MOMENT", help="What its clock shows at first.")
@click.option("--frozen", is_flag=True, help="Let its clock stand still.")
@click.option("--faults", metavar="PRESET|FILE|-", help="What goes wrong in it on purpose.")
@click.option("--settling", metavar="TEXT", help="As of `fluent-sim serve`: manual, time:500.")
@click.option("--webhook", "webhooks", multiple=True, metavar="URL", help="Where it posts events.")
@simulator_options
def make(
    name: str,
    retailers: tuple[str, ...],
    switches: tuple[str, ...],
    at: str | None,
    frozen: bool,
    faults: str | None,
    settling: str | None,
    webhooks: tuple[str, ...],
    url: str,
    token: str,
    **own: str | None,
) -> None:
    """Make one, and tell its address; what is not said is as on the server."""
    api = _api(url, token)
    wanted: dict[str, object] = {field: value for field, value in own.items() if value is not None}
    if retailers:
        wanted["retailers"] = list(retailers)
    if switches:
        wanted["behaviours"] = named_values(api, "--behaviour", switches)
    clock: dict[str, object] = {} if at is None else {"now": at}
    if frozen:
        clock["frozen"] = True
    if clock:
        wanted["clock"] = clock
    if faults is not None:
        wanted["faults"] = faults_wanted(api, faults)
    if webhooks:
        named = enumerate(webhooks, start=1)
        wanted["webhooks"] = {f"webhook-{number}": {"url": at} for number, at in named}
    if settling is not None:
        try:
            wanted["settling"] = settling_fields(settling)
        except UnusableError as expected:
            raise api.refusal(f"--settling is {settling!r}: expected {expected}.") from None
    click.echo(api.document("PUT", _path(name), wanted)["url"])


@command.command()
@click.argument("name")
@simulator_options
def drop(name: str, url: str, token: str) -> None:
    """Drop one, with all that is in it."""
    _api(url, token).call("DELETE", _path(name))


def _api(url: str, token: str) -> ControlApi:
    return ControlApi("namespaces", url, token)


def _path(name: str) -> str:
    return f"{PATH}/{quote(name, safe='')}"
