"""The yardsticks: a bare Flask view that answers 202, or a bare callable, on the same server."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask
from fluent_oms_simulator.serving.addresses import claim_address
from granian.constants import HTTPModes, Interfaces, Loops
from granian.server import MPServer

if TYPE_CHECKING:
    from .bare_delta import BareDelta

THREADS = 4
"""Enough for its callers; the simulator has more, which wait for bodies that are slow to come."""

VIEW, DELTA, WHOLE, STRIPPED = "view", "delta", "whole", "stripped"


def flask_view() -> Flask:
    """A Flask application with one view, which looks at nothing."""
    app = Flask(__name__)

    @app.post("/api/v4.1/event/async")
    def accept() -> tuple[str, int]:
        return "", 202

    return app


def delta_callable() -> BareDelta:
    """A callable that does the work of a delta, in a process tuned as the simulator's is."""
    # Here, so that the view does not start with them.
    from fluent_oms_simulator.serving.process import tune

    from .bare_delta import BareDelta
    from .in_process import InProcess

    held = InProcess()
    held.simulator.start()
    tune()
    return BareDelta(held)


def simulator_door(*, whole: bool) -> Any:
    """A simulator with its control plane, or without it."""
    from .without_control_plane import served

    return served(whole=whole)


LOADERS: Mapping[str, Callable[[], Any]] = {
    VIEW: flask_view,
    DELTA: delta_callable,
    WHOLE: partial(simulator_door, whole=True),
    STRIPPED: partial(simulator_door, whole=False),
}


def options_of(application: str) -> dict[str, Any]:
    """What a server needs to know for a WSGI application, or for a callable as the simulator is."""
    if application == VIEW:
        threads = min(THREADS, 2 * multiprocessing.cpu_count() + 1)
        return {"interface": Interfaces.WSGI, "loop": Loops.auto, "blocking_threads": threads}
    from fluent_oms_simulator.serving.door.granian_loop import LOOP

    return {"interface": Interfaces.RSGI, "loop": LOOP}


def main(application: str = VIEW) -> None:
    """Serve on a free port of this machine; say where in one line of JSON."""
    address, claim = claim_address("127.0.0.1", 0)
    with claim:
        # The server and the processes that `fluent_oms_simulator.serving.server` has.
        server = MPServer(
            __name__,
            address=address.ip,
            port=address.port,
            http=HTTPModes.http1,
            workers=1,
            websockets=False,
            log_enabled=False,
            **options_of(application),
        )
        print(json.dumps({"url": address.url, "pid": os.getpid()}), flush=True)
        server.serve(target_loader=LOADERS[application], wrap_loader=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
