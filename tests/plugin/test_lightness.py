"""Whoever has the plugin installed and does not use it hardly notices."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .helpers.strangers import bare_environment

HEAVY = {
    *("flask", "werkzeug", "granian", "locust", "gevent", "schemathesis", "hypothesis"),
    *("urllib3", "jinja2", "orjson", "junitparser", "graphql", "jsonschema_rs", "click", "rich"),
}
LOADS_IT = """
import json, sys
import pytest
before = set(sys.modules)
import fluent_oms_simulator.pytest_plugin
print(json.dumps(sorted(set(sys.modules) - before)))
"""
TELLS = """
import json, sys
def pytest_sessionfinish():
    with open("loaded.json", "w") as file:
        json.dump(sorted(sys.modules), file)
"""


def test_the_plugin_loads_nothing_but_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADS_IT], capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout) == ["fluent_oms_simulator", "fluent_oms_simulator.pytest_plugin"]


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--markers",), ("--fixtures",)])
def test_a_run_that_does_not_use_it_loads_nothing_for_it(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "conftest.py").write_text(TELLS, encoding="utf-8")
    (tmp_path / "test_it.py").write_text("def test_it(): ...\n", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "fluent_oms", *arguments],
        cwd=tmp_path,
        env=bare_environment(),
        capture_output=True,
        check=True,
    )

    file = tmp_path / "loaded.json"
    loaded = set(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else set()
    assert not HEAVY & loaded
    assert not any(name.startswith("fluent_oms_simulator.harness") for name in loaded)
    assert file.exists() or arguments
