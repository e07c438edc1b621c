"""A simulator answers before Flask, and what is built on it, is loaded."""

import os
import signal
import time
from pathlib import Path

import pytest

from ..cli.conftest import SECONDS, serving
from ..support import delta, deltas
from .conftest import Wire, sign_in
from .helpers.raw import connected, head

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows ends a process, no signal")

LATER = (
    "flask",
    "werkzeug",
    "jinja2",
    "graphql",
    "markdown_it",
    "http.client",
    "jsonschema",
    "fluent_oms_simulator.admin",
    "fluent_oms_simulator.app",
    "fluent_oms_simulator.contracts",
    "fluent_oms_simulator.graphql.endpoint",
    "fluent_oms_simulator.graphql.nodes",
    "fluent_oms_simulator.ui",
)
"""What is no part of a quick start, and all below it: for pages, GraphQL, the rules."""


BEGIN = """
from pathlib import Path
Path(__file__).with_name('wanted').touch()
"""
WAIT = """
import importlib, sys, time
while not Path(__file__).with_name('let').exists():
    time.sleep(0.01)
sys.path.remove(str(Path(__file__).parents[1]))
del sys.modules['flask']
importlib.invalidate_caches()
importlib.import_module('flask')
"""
BREAK = """
raise RuntimeError('planted')
"""


class Planted:
    """Something that is found before Flask is, by a server that is started with its variables."""

    def __init__(self, folder: Path, code: str) -> None:
        self._folder = folder / "flask"
        self._folder.mkdir()
        (self._folder / "__init__.py").write_text(BEGIN + code, encoding="utf-8")
        self.variables = {"PYTHONPATH": str(folder)}

    def wait_until_it_is_wanted(self) -> None:
        deadline = time.monotonic() + SECONDS
        while not (self._folder / "wanted").exists():
            assert time.monotonic() < deadline, "nobody wants Flask"
            time.sleep(0.01)

    def let_it_be_loaded(self) -> None:
        (self._folder / "let").touch()


@pytest.fixture
def kept(tmp_path: Path) -> Planted:
    """A Flask that is not loaded before it is let."""
    return Planted(tmp_path, WAIT)


def test_it_is_ready_and_takes_deltas_while_flask_is_being_loaded(kept: Planted) -> None:
    with serving(**kept.variables) as server:
        wire = Wire(server.port)
        kept.wait_until_it_is_wanted()

        assert wire.get("/__admin/ready").document == {"status": "ready"}
        assert wire.is_well()
        wire.token = sign_in(wire)
        accepted = wire.post("/api/v4.1/event/async", deltas(delta("D45", "LOC_MEL", -2, "one")))

        assert accepted.status == 200
        assert wire.get(f"/api/v4.1/event/{accepted.document['id']}").status == 200


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_stop_while_flask_is_being_loaded_ends_in_order(kept: Planted, name: str) -> None:
    with serving(**kept.variables) as server:
        kept.wait_until_it_is_wanted()

        server.process.send_signal(getattr(signal, name))

        assert server.process.wait(SECONDS) == 0
        assert "Traceback" not in server.log()


def test_a_call_that_waits_for_flask_is_answered(kept: Planted) -> None:
    with serving(**kept.variables) as server, connected(server.port) as connection:
        connection.send(head("GET", "/__admin/behaviours"))
        kept.wait_until_it_is_wanted()
        kept.let_it_be_loaded()

        assert connection.reply().document["behaviours"]
        assert Wire(server.port).get("/").status == 200


def test_a_stop_lets_a_call_that_waits_for_flask_finish(kept: Planted) -> None:
    with serving(**kept.variables) as server, connected(server.port) as connection:
        kept.wait_until_it_is_wanted()
        declared = "Content-Type: application/json", "Content-Length: 2"
        connection.send(head("POST", "/__admin/reset", *declared, "Expect: 100-continue"))
        assert connection.reply().status == 100  # it is in hand
        connection.send(b"{}")
        server.process.terminate()
        kept.let_it_be_loaded()

        assert connection.reply().document == {"status": "reset"}
        assert server.process.wait(SECONDS) == 0


def test_what_is_broken_is_told_and_ends_the_simulator(tmp_path: Path) -> None:
    planted = Planted(tmp_path, BREAK)
    with serving(**planted.variables) as server:
        assert server.process.wait(SECONDS) == 2

        assert "RuntimeError: planted" in server.log()
        assert "its worker process ended" in server.log()


def test_nothing_is_loaded_before_the_first_answer_that_it_does_not_need(kept: Planted) -> None:
    with serving(PYTHONPROFILEIMPORTTIME="1", **kept.variables) as server:
        kept.wait_until_it_is_wanted()
        assert server.stop() == 0

        lines = [line for line in server.log().splitlines() if line.startswith("import time:")]

    loaded = {line.rpartition("|")[2].strip() for line in lines}
    assert {"granian", "fluent_oms_simulator.serving.door.door"} <= loaded
    assert not [
        name
        for name in sorted(loaded)
        if any(name == no or name.startswith(f"{no}.") for no in LATER)
    ]
