"""`fluent-sim open`: show the window of a running simulator in a browser."""

from __future__ import annotations

import sys
import webbrowser
from urllib.parse import quote

import click

from ..client.readiness import NoSimulatorError, NotReadyError, wait_until_ready
from ..client.server_address import URL, fault_of_address
from ..console.refusal import Refusal
from ..console.saying import say

SECONDS_TO_ANSWER = 10
NOT_SHOWN = 1


@click.command(name="open")
@click.argument("url", required=False)
@click.option("--url", "other", metavar="URL", help="The same as URL, as other commands have it.")
@click.option("--view", metavar="NAME", help="What to begin with, such as traffic or stock.")
@click.option("--print", "is_only_told", is_flag=True, help="Tell the address, and open nothing.")
def command(url: str | None, other: str | None, view: str | None, is_only_told: bool) -> None:
    """Show what a simulator has been sent, and what that did to the stock, in a browser.

    URL is http://127.0.0.1:4141 unless told, and may be that of a namespace, which then is what is
    shown. The address of the page is told as well. The exit code is 1 where there is no browser,
    2 where no simulator answers.
    """
    if url and other:
        raise Refusal("fluent-sim open: give the URL once, with --url or without.")
    url = url or other or URL
    if wrong := fault_of_address(url, "URL"):
        raise Refusal(f"fluent-sim open: {wrong}")
    try:
        wait_until_ready(url, SECONDS_TO_ANSWER)
    except (NotReadyError, NoSimulatorError) as fault:
        raise Refusal(f"fluent-sim open: {url}: {fault}.") from None
    page = f"{url.rstrip('/')}/__ui/"
    if view:
        page += f"#/{quote(view, safe='')}"
    click.echo(page)
    if not is_only_told and not webbrowser.open(page):
        say("There is no browser on this machine that could be opened: give it the address above.")
        sys.exit(NOT_SHOWN)
