"""A simulator in a thread of this process, on a free port of this machine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

from ..app import create_app
from ..assembly import build
from ..settings import Settings
from ..simulator import Simulator

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Wrap = Callable[["WSGIApplication"], "WSGIApplication"]


@contextmanager
def served_here(settings: Settings) -> Iterator[str]:
    """A simulator with these settings; its address, for the length of the block.

    Raises UnknownBehaviour for a switch that does not exist.
    """
    with serving(build(settings)) as url:
        yield url


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
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="simulator"
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
