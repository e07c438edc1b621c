"""The yardstick: a bare Flask view that answers 202, on the same server by its WSGI interface."""

from __future__ import annotations

import json
import multiprocessing
import os

from flask import Flask
from fluent_oms_simulator.serving.addresses import claim_address
from granian.constants import HTTPModes, Interfaces
from granian.server import MPServer

THREADS = 4
"""Enough for its callers; the simulator has more, which wait for bodies that are slow to come."""


def application() -> Flask:
    """A Flask application with one view, which looks at nothing."""
    app = Flask(__name__)

    @app.post("/api/v4.1/event/async")
    def accept() -> tuple[str, int]:
        return "", 202

    return app


def main() -> None:
    """Serve the view on a free port of this machine; say where in one line of JSON."""
    address, claim = claim_address("127.0.0.1", 0)
    with claim:
        # The server and the processes that `fluent_oms_simulator.serving.server` has.
        server = MPServer(
            __name__,
            address=address.ip,
            port=address.port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            workers=1,
            blocking_threads=min(THREADS, 2 * multiprocessing.cpu_count() + 1),
            websockets=False,
            log_enabled=False,
        )
        print(json.dumps({"url": address.url, "pid": os.getpid()}), flush=True)
        server.serve(target_loader=application, wrap_loader=False)


if __name__ == "__main__":
    main()
