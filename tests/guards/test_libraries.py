"""Which parts of our code may use what comes from outside, and a planted break of each kind."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .helpers.breaks import planted, tell, told
from .helpers.imports import CODE, PACKAGE, Code, top_levels

DOMAIN = "simulator/domain"
NOT_IN_THE_DOMAIN = {"time", "random", "secrets", "uuid", "os", "socket", "threading"}
KNOWS_FLASK = (
    *("simulator/api", "simulator/app.py", "simulator/admin", "simulator/ui"),
    "loadtests/benchmarks/bare_server.py",  # what the simulator is measured against
    "simulator/serving/served_here.py",  # werkzeug alone: a server inside this process
)
SERVES = (
    *("simulator/__init__.py", "simulator/__main__.py", "simulator/serving", "simulator/cli"),
    *("simulator/harness", "simulator/pytest_plugin.py"),
    *("contracts/target", "contracts/running", "contracts/suite", "loadtests/benchmarks"),
)
"""What starts a simulator, or whose tests do, and so loads Flask without knowing it."""
READS_THE_ENVIRONMENT = ("simulator/settings.py", "simulator/cli", "simulator/console")
SPEAKS_HTTP = (
    "simulator/client",
    "contracts/target",  # schemathesis wants a session of requests
    "simulator/serving",  # asks itself whether it is ready, with what is read fastest
)

FLASK = {"flask", "werkzeug", "flask_swagger_ui"}
HTTP = ("http.client", "urllib.request", "urllib3", "requests", "httpx")


def below(code: Code, *places: str) -> list[str]:
    """The modules that are, or are in, one of these."""
    folders = tuple(f"{place}/" for place in places)
    return [
        module
        for module in code.paths
        if code.file(module) in places or code.file(module).startswith(folders)
    ]


def beside(code: Code, *places: str) -> list[str]:
    """All other modules."""
    return sorted(code.paths.keys() - set(below(code, *places)))


def outside(code: Code, module: str) -> set[str]:
    """Top-level names of what a module imports from elsewhere."""
    return top_levels(code.names(module)) - {PACKAGE}


def the_domain_needs_the_standard_library_only(code: Code) -> None:
    tell(
        (
            f"{code.file(module)} imports {name}"
            for module in below(code, DOMAIN)
            for name in sorted(outside(code, module) - sys.stdlib_module_names)
        ),
        "The domain is free of libraries: have the library used where the domain is called from,"
        " and hand over what comes of it.",
    )


def the_domain_is_given_time_and_chance(code: Code) -> None:
    tell(
        (
            f"{code.file(module)} imports {name}"
            for module in below(code, DOMAIN)
            for name in sorted(outside(code, module) & NOT_IN_THE_DOMAIN)
        ),
        "The domain does the same each time: have the time, the chance or the id come in as an"
        " argument.",
    )


def only_the_edges_know_flask(code: Code) -> None:
    tell(
        (
            f"{code.file(module)} imports {name}"
            for module in beside(code, *KNOWS_FLASK)
            for name in sorted(outside(code, module) & FLASK)
        ),
        "Only the edges of the simulator know Flask (KNOWS_FLASK in this file): hand on plain"
        " values, and make the answer in simulator/api.",
    )


def only_who_serves_loads_flask(code: Code) -> None:
    knowing = {module for module in code.paths if outside(code, module) & FLASK}
    tell(
        (
            f"{code.file(module)} loads Flask by way of"
            f" {', '.join(code.file(passed) for passed in code.loads(module)[found[0]][1:])}"
            for module in beside(code, *KNOWS_FLASK, *SERVES)
            if (found := sorted(knowing & code.loads(module).keys()))
        ),
        "With a module its package is loaded: move what is needed to where Flask is not known, such"
        " as simulator/intake.",
    )


def only_settings_and_commands_read_the_environment(code: Code) -> None:
    tell(
        (
            f"{code.file(module)}:{line} reads os.{name}"
            for module in beside(code, *READS_THE_ENVIRONMENT)
            if code.file(module).startswith("simulator/")
            for line, name in _environment(code.trees[module])
        ),
        "Make it a setting, in simulator/settings.py, and hand over its value.",
    )


def _environment(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv"):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            read = {alias.name for alias in node.names} & {"environ", "getenv"}
            yield from ((node.lineno, name) for name in read)


def only_the_client_speaks_http(code: Code) -> None:
    """Locust has a client of its own for the load; a benchmark writes to a socket."""
    tell(
        (
            f"{code.file(module)} imports {name}"
            for module in beside(code, *SPEAKS_HTTP)
            for name in code.names(module)
            if f"{name}.".startswith(tuple(f"{library}." for library in HTTP))
        ),
        "Ask through simulator/client, which signs in, keeps the pace and gives up in time.",
    )


def the_client_asserts_nothing(code: Code) -> None:
    tell(
        (
            f"{code.file(module)}:{node.lineno}: {ast.unparse(node)}"
            for module in below(code, "simulator/client")
            for node in ast.walk(code.trees[module])
            if isinstance(node, ast.Assert)
        ),
        "Raise an error of simulator/client/client_errors.py, with a sentence for its reader.",
    )


def test_the_domain_imports_the_standard_library_only() -> None:
    the_domain_needs_the_standard_library_only(CODE)


def test_the_domain_takes_its_time_and_its_chances_as_arguments() -> None:
    the_domain_is_given_time_and_chance(CODE)


def test_only_the_edges_know_flask() -> None:
    only_the_edges_know_flask(CODE)


def test_what_serves_nobody_does_not_load_flask() -> None:
    only_who_serves_loads_flask(CODE)


def test_only_the_settings_and_the_command_line_read_the_environment() -> None:
    only_settings_and_commands_read_the_environment(CODE)


def test_only_the_client_speaks_http() -> None:
    only_the_client_speaks_http(CODE)


def test_the_client_fails_with_a_sentence_and_not_by_an_assertion() -> None:
    the_client_asserts_nothing(CODE)


@pytest.mark.parametrize(
    "place", [*KNOWS_FLASK, *SERVES, *READS_THE_ENVIRONMENT, *SPEAKS_HTTP, DOMAIN]
)
def test_every_place_that_is_named_here_is_there(place: str) -> None:
    assert below(CODE, place), f"{place} is gone: take it out of this file"


# -- and each of these fails on a break ------------------------------------------------------------


def test_a_library_in_the_domain_is_found(tmp_path: Path) -> None:
    code = planted(tmp_path, simulator__domain__catalogue__one="def f():\n    import orjson\n")

    with told("simulator/domain/catalogue/one.py imports orjson", "hand over"):
        the_domain_needs_the_standard_library_only(code)


def test_a_clock_in_the_domain_is_found(tmp_path: Path) -> None:
    code = planted(tmp_path, simulator__domain__one="from time import time\n")

    with told("simulator/domain/one.py imports time", "as an argument"):
        the_domain_is_given_time_and_chance(code)


@pytest.mark.parametrize("room", ["simulator__operations", "contracts__rules__jobs", "loadtests"])
@pytest.mark.parametrize("text", ["import flask\n", "import_module('werkzeug.exceptions')\n"])
def test_flask_behind_the_edges_is_found(tmp_path: Path, room: str, text: str) -> None:
    code = planted(tmp_path, **{f"{room}__one": text})

    with told(f"{room.replace('__', '/')}/one.py imports", "Only the edges", "simulator/api"):
        only_the_edges_know_flask(code)


def test_flask_that_comes_with_a_package_is_found(tmp_path: Path) -> None:
    code = planted(
        tmp_path,
        contracts__engines__one="from fluent_oms_simulator.ui.described import all_of_it\n",
        simulator__ui__described="all_of_it = 1\n",
        simulator__ui__pages="import flask\n",
    )
    only_who_serves_loads_flask(code)

    (tmp_path / "simulator" / "ui" / "__init__.py").write_text("from .pages import page\n", "utf-8")
    with told(
        "contracts/engines/one.py loads Flask by way of simulator/ui/described.py,"
        " simulator/ui/__init__.py, simulator/ui/pages.py",
        "move what is needed",
    ):
        only_who_serves_loads_flask(Code(tmp_path))


@pytest.mark.parametrize("text", ["import os\nos.environ['A']\n", "from os import getenv\n"])
def test_a_look_at_the_environment_is_found(tmp_path: Path, text: str) -> None:
    code = planted(tmp_path, simulator__stores__one=text)

    with told("simulator/stores/one.py:", "reads os.", "simulator/settings.py"):
        only_settings_and_commands_read_the_environment(code)


def test_a_second_client_is_found(tmp_path: Path) -> None:
    code = planted(tmp_path, loadtests__audit__one="import urllib.request\n")

    with told("loadtests/audit/one.py imports urllib.request", "simulator/client"):
        only_the_client_speaks_http(code)


def test_an_assertion_of_the_client_is_found(tmp_path: Path) -> None:
    code = planted(tmp_path, simulator__client__one="assert answer.ok\n")

    with told("simulator/client/one.py:1: assert answer.ok", "client_errors.py"):
        the_client_asserts_nothing(code)
