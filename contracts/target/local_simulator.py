"""A simulator in this process, on a free port of this machine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fluent_oms_simulator import Settings, Simulator, build, create_app
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.switches import STRICT, Profile
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Wrap = Callable[["WSGIApplication"], "WSGIApplication"]


@contextmanager
def running_simulator(
    behaviours: Mapping[str, str] | None = None, profile: Profile = STRICT
) -> Iterator[Target]:
    """A simulator with an empty catalogue and these behaviour switches; stopped at the end.

    Raises UnknownBehaviour for a switch that does not exist.
    """
    settings = Settings(seed_data="none", profile=profile, behaviours=dict(behaviours or {}))
    with serving(build(settings)) as url:
        yield Target(
            url=url,
            account=settings.account,
            retailer_id=settings.retailers[0],
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            username=settings.username,
            password=settings.password,
        )


@contextmanager
def serving(simulator: Simulator, wrap: Wrap = lambda app: app) -> Iterator[str]:
    """Start a simulator behind a server on a free port, wrapped in this; its address."""
    simulator.start()
    try:
        with answering(wrap(create_app(simulator))) as url:
            yield url
    finally:
        simulator.close()


@contextmanager
def answering(app: WSGIApplication) -> Iterator[str]:
    """A server of an application on a free port; its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it logs every request
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="contract-target"
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
