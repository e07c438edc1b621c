"""The connectors of `examples/`, each run as its page says, undisturbed and with faults."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .helpers.programs import SECONDS, install_client, program

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SAYS = "SHIRT-M at STORE-1: 497 on hand\n"
ENVIRON = {name: text for name, text in os.environ.items() if not name.startswith("FLUENT_")}

EACH_LOST_ONCE: list[dict[str, Any]] = [
    {
        "point": "authenticate",
        "kind": "status",
        "status": 503,
        "match": {"operation": "issueToken"},
    },
    {"point": "before_accept", "kind": "rate_limit", "match": {"operation": "createJob"}},
    {"point": "after_commit", "kind": "proxy_page", "match": {"operation": "createBatch"}},
    {"point": "poll", "kind": "reset"},
    {"point": "after_commit", "kind": "reset", "match": {"operation": "sendEvent"}},
    {"point": "read_back", "kind": "cut_off"},
]
"""Of each call the first; what was sent has been applied then, or not."""


def python(_folder: Path) -> list[str]:
    return [sys.executable, str(EXAMPLES / "python" / "connector.py")]


def node(_folder: Path) -> list[str]:
    return [program("node"), str(EXAMPLES / "node" / "connector.mjs")]


def vendors_client(folder: Path) -> list[str]:
    """The client comes from npm, into a folder of the tests' own."""
    install_client(folder)
    return [program("node"), str(shutil.copy(EXAMPLES / "node-sdk" / "connector.mjs", folder))]


def java(_folder: Path) -> list[str]:
    found = program("java")
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = told.partition('"')[2].partition(".")[0]
    if not version.isdigit() or int(version) < 17:
        pytest.skip(f"Java 17 is needed, and here is {told.partition(chr(10))[0] or 'none'}")
    return [found, str(EXAMPLES / "java" / "Connector.java")]


def shell(_folder: Path) -> list[str]:
    program("curl")
    return [program("sh"), str(EXAMPLES / "shell" / "connector.sh")]


Recipe = Callable[[Path], list[str]]
recipes = pytest.mark.parametrize(
    "recipe",
    [
        python,
        shell,
        pytest.param(node, marks=pytest.mark.slow),
        pytest.param(vendors_client, marks=pytest.mark.slow),
        pytest.param(java, marks=pytest.mark.slow),
    ],
)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what a recipe needs is installed, once."""
    return tmp_path_factory.mktemp("modules")


def run(command: list[str], folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    checks = ("--verify", "exactly-once,conformant,reconciled", "--expect", "stock.csv")
    (folder / "stock.csv").write_text(
        "productRef,locationRef,onHand\nSHIRT-M,STORE-1,497\nSHIRT-L,STORE-1,80\n"
    )
    ours = [sys.executable, "-P", "-m", "fluent_oms_simulator", "run"]
    return subprocess.run(
        [*ours, *checks, *options, "--", *command],
        cwd=folder,
        env=ENVIRON,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@recipes
def test_a_recipe_loads_sends_a_delta_once_and_conforms(
    recipe: Recipe, modules: Path, tmp_path: Path
) -> None:
    done = run(recipe(modules), tmp_path)

    assert (done.returncode, done.stdout) == (0, SAYS), done.stderr


@pytest.mark.slow
@recipes
def test_a_recipe_survives_the_loss_of_each_reply(
    recipe: Recipe, modules: Path, tmp_path: Path
) -> None:
    rules = [{**rule, "match": {**rule.get("match", {}), "nth": 1}} for rule in EACH_LOST_ONCE]
    (tmp_path / "faults.json").write_text(json.dumps(rules))

    done = run(recipe(modules), tmp_path, "--faults", "faults.json")

    assert (done.returncode, done.stdout) == (0, SAYS), done.stderr


@pytest.mark.slow
@recipes
def test_a_recipe_that_may_not_sign_in_says_so_and_gives_up_at_once(
    recipe: Recipe, modules: Path, tmp_path: Path
) -> None:
    (tmp_path / "names.env").write_text("FLUENT_PASSWORD=not this one\n")

    done = run(recipe(modules), tmp_path, "--env-file", "names.env", "--timeout", "60s")

    assert (done.returncode not in (0, 124), done.stdout) == (True, ""), done.stderr
    assert "again in" not in done.stderr


def test_every_folder_of_examples_is_run_by_these_tests() -> None:
    folders = {path.parent.name for path in EXAMPLES.rglob("*onnector.*")}
    folders.remove("lost_reply")  # the README's, which is to fail; it has a test of its own

    assert folders == {"python", "node", "node-sdk", "java", "shell"}
