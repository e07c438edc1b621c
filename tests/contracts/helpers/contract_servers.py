"""Servers to check contracts against: someone else's, and ones with a defect."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.serving.served_here import Wrap as Wrap
from fluent_oms_simulator.serving.served_here import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECONDS = 300
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
SIGN_IN = ("--select", "a sign in needs all its parts")
"""A contract that is checked in a moment."""
CREDENTIALS = (
    *("--account", "FCTRAIN1001", "--retailer", "1"),
    *("--client-id", "fluent-sim", "--client-secret", "fluent-sim-secret"),
    *("--username", "sim", "--password", "sim-password"),
)

QUANTITIES = """query ($after: String) {
  inventoryQuantities(first: 100, after: $after, status: ["CREATED", "ACTIVE"]) {
    edges { cursor node { ref quantity } } pageInfo { hasNextPage } } }"""


def as_it_is(app: WSGIApplication) -> WSGIApplication:
    """No change."""
    return app


def of_someone_else(app: WSGIApplication) -> WSGIApplication:
    """A server without our control API, as the real platform is."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/__"):
            start("404 NOT FOUND", [("Content-Type", "text/html")])
            return [b"<h1>Not found</h1>"]
        return app(environ, start)

    return answer


def keeping_what_is_sent(app: WSGIApplication, sent: list[bytes]) -> WSGIApplication:
    """No defect: the bodies of all requests are kept."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        sent.append(body)
        environ["wsgi.input"] = BytesIO(body)
        return app(environ, start)

    return answer


def refusing_with_403(app: WSGIApplication) -> WSGIApplication:
    """A defect: whoever is not let in is told so with another status than documented."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def changed(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start("403 FORBIDDEN" if status.startswith("401") else status, headers, *more)

        return app(environ, changed)

    return answer


def forgetting_batches(app: WSGIApplication) -> WSGIApplication:
    """A defect: the id that a batch was given is not known when its state is asked for."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if "/batch/" in environ["PATH_INFO"]:
            start("404 NOT FOUND", [("Content-Type", "application/json")])
            return [b'{"errors":[{"code":"404","message":"There is no such batch."}]}']
        return app(environ, start)

    return answer


@contextmanager
def server(wrap: Wrap = as_it_is) -> Iterator[tuple[str, Simulator]]:
    """A simulator behind a wrapper: its address, and the simulator to look into."""
    simulator = build(Settings(seed_data="none"))
    with serving(simulator, wrap) as url:
        yield url, simulator


def command(*arguments: str) -> list[str]:
    """`fluent-sim contract`, as a process of its own."""
    return [sys.executable, "-m", "fluent_oms_simulator", "contract", *arguments]


def environment(**extra: str) -> dict[str, str]:
    """The environment, without what would change a run."""
    kept = {name: value for name, value in os.environ.items() if "FLUENT_" not in name}
    return {**kept, "PYTHONWARNINGS": "default", **extra}


def run_contract(
    *arguments: str, cwd: Path | None = None, **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run `fluent-sim contract` to its end."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        cwd=cwd,
        env=environment(**extra),
        check=False,
    )


def quantities_in_use(url: str) -> dict[str, int]:
    """Every quantity that counts for something, by its ref, as GraphQL shows them."""
    found: dict[str, int] = {}
    api, after = Api(Target(url)), None
    while True:
        page = api.graphql(QUANTITIES, after=after).document["data"]["inventoryQuantities"]
        nodes = [edge["node"] for edge in page["edges"]]
        found.update({node["ref"]: node["quantity"] for node in nodes if node["quantity"]})
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["edges"][-1]["cursor"]


def stock(simulator: Simulator) -> dict[str, int]:
    """What every position of the simulator has on hand."""
    assert simulator.settle()
    found: dict[str, int] = {}
    for ref in simulator.store.refs():
        with simulator.store.transaction(ref) as catalogue:
            assert catalogue is not None
            for number in range(len(catalogue.positions)):
                found[catalogue.ref_of(number)] = catalogue.on_hand(number)
    return found
