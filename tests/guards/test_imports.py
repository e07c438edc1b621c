"""A folder's name says what may be imported there; this keeps it true, for all of our own code."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from .helpers.imports import FOLDERS, ROOT, Code, between, circle, top_levels

MAY_IMPORT = {
    # room: the rooms that it may import; `+` before a room takes those of that room in as well
    "schemas": "",
    "simulator/text": "",
    "simulator/basics": "simulator/text",
    "simulator/client": "+simulator/basics",
    "simulator/domain": "",
    "simulator/domain/catalogue": "simulator/domain",
    "simulator/domain/search": "+simulator/domain/catalogue",
    "simulator/domain/virtual": "+simulator/domain/search simulator/basics",
    "simulator/domain/account": "+simulator/domain/virtual",
    "simulator/domain/workflow": "+simulator/domain/search simulator/basics",
    "simulator/stores": "+simulator/domain/account simulator/domain/workflow simulator/basics",
    "simulator/intake": "+simulator/basics simulator/domain",
    "simulator/operations": (
        "+simulator/intake +simulator/stores simulator/domain/workflow simulator/basics"
    ),
    "simulator/conformance": "simulator/operations simulator/domain simulator/basics",
    "simulator/graphql": "simulator/operations +simulator/stores simulator/basics",
    "simulator/graphql/nodes": "+simulator/graphql",
    "simulator/graphql/mutations": "+simulator/graphql/nodes simulator/domain/workflow",
    "simulator/graphql/limits": "simulator/graphql simulator/basics",
    "simulator/graphql/endpoint": (
        "+simulator/graphql/mutations simulator/graphql/limits simulator/intake"
    ),
    "simulator/worker.py": "+simulator/stores",
    "simulator/simulator.py": (
        "simulator/worker.py +simulator/operations simulator/graphql simulator/conformance"
    ),
    "simulator/assembly.py": (
        "+simulator/simulator.py simulator/graphql/endpoint contracts/conformance"
    ),
    "simulator/api": (
        "simulator/simulator.py simulator/conformance +simulator/operations simulator/text"
    ),
    "simulator/ui": "simulator/api +simulator/operations",
    "simulator/admin": "simulator/ui +simulator/api",
    "simulator/app.py": "+simulator/admin",
    "simulator/serving": "simulator/app.py simulator/assembly.py +simulator/api simulator/intake",
    "simulator": "simulator/app.py simulator/assembly.py simulator/simulator.py simulator/basics",
    "simulator/console": "simulator/text",
    "simulator/cli": (
        "simulator/client simulator/console simulator/serving +simulator/basics"
        " simulator/conformance"
        " contracts/validation contracts/engines contracts/running contracts/reporting"
        " contracts contracts/rules loadtests/running loadtests/reporting loadtests/generation"
        " loadtests/traffic loadtests/benchmarks"
    ),
    "simulator/__main__.py": "simulator/cli simulator/console",
    "contracts/rules": "+simulator/intake",
    "contracts/rules/batches": "contracts/rules simulator/domain",
    "contracts/rules/events": "contracts/rules +simulator/intake",
    "contracts/rules/jobs": "contracts/rules",
    "contracts/rules/streams": "contracts/rules simulator/domain",
    "contracts/rules/obligations": (
        "contracts/rules simulator/domain simulator/operations simulator/basics"
    ),
    "contracts": (
        "contracts/rules contracts/rules/batches contracts/rules/events contracts/rules/jobs"
        " contracts/rules/streams contracts/rules/obligations simulator/domain simulator/basics"
    ),
    "contracts/reporting": "contracts contracts/rules simulator/console +simulator/basics",
    "contracts/validation": (
        "contracts contracts/rules/batches +contracts/reporting +simulator/intake"
    ),
    "contracts/conformance": (
        "contracts contracts/rules/obligations +contracts/reporting simulator/conformance"
        " +simulator/intake"
    ),
    "contracts/target": "simulator simulator/client simulator/basics",
    "contracts/engines": (
        "contracts/validation contracts/conformance simulator/client +contracts/reporting"
        " simulator/ui +simulator/intake"
    ),
    "contracts/running": (
        "simulator/console simulator/client contracts/engines contracts/target +contracts/reporting"
    ),
    "contracts/suite": (
        "contracts/running contracts/target simulator/client simulator/ui +simulator/intake"
    ),
    "contracts/suite/semantic": "contracts/target simulator/client",
    "contracts/suite/observations": "contracts/suite/semantic contracts/target simulator/client",
    "loadtests/traffic": "simulator/client",
    "loadtests/ledger": "loadtests/traffic",
    "loadtests/generation": "loadtests/ledger loadtests/traffic",
    "loadtests/reporting": "simulator/console +simulator/basics",
    "loadtests/audit": "+loadtests/ledger loadtests/reporting simulator/client",
    "loadtests/server": "loadtests/traffic simulator/client",
    "loadtests/users": "loadtests/server +loadtests/ledger loadtests/reporting simulator/client",
    "loadtests/running": (
        "+loadtests/users loadtests/audit +loadtests/reporting simulator/client simulator/console"
    ),
    "loadtests": "loadtests/running loadtests/users",
    "loadtests/benchmarks": (
        "loadtests/server contracts/validation simulator/client simulator/console"
        " simulator/serving simulator/assembly.py simulator/domain/catalogue simulator/graphql"
        " +simulator/intake"
    ),
}
"""The same table stands in CONTRIBUTING.md."""

BASICS = {"behaviour", "switches", "clock", "errors", "release", "settings"}
"""Modules of `simulator/` itself that everything may need."""
KNOWS_FLASK = {"api", "app.py", "admin", "ui"}
READS_THE_ENVIRONMENT = {"settings.py", "cli", "console"}
SPEAKS_HTTP = {
    "simulator/client",
    "contracts/target",  # schemathesis wants a session of requests
    "simulator/serving",  # asks itself whether it is ready, with what is read fastest
}
HTTP = ("http.client", "urllib.request", "urllib3", "requests", "httpx")

CODE = Code()
SIMULATOR = ROOT / "simulator"


def room_of(code: Code, module: str) -> str:
    """The folder of a module, or itself where it stands in `simulator/` alone."""
    relative = Path("/".join(module.split(".")[1:]) or ".")
    folder, *_ = relative.parts or [""]
    if folder not in FOLDERS or folder == "simulator":
        relative = "simulator" / relative
    if code.paths[module].name == "__init__.py":
        return relative.as_posix()
    if relative.parent.as_posix() != "simulator":
        return relative.parent.as_posix()
    return "simulator/basics" if relative.name in BASICS else f"{relative.as_posix()}.py"


def allowed(room: str) -> set[str]:
    """The rooms that one may import."""
    found: set[str] = set()
    for entry in MAY_IMPORT[room].split():
        found.add(entry.removeprefix("+"))
        if entry.startswith("+"):
            found |= allowed(entry.removeprefix("+"))
    return found


def not_allowed(code: Code) -> list[str]:
    """Imports that the table does not have."""
    rooms = {module: room_of(code, module) for module in code.paths}
    return [
        f"{module} imports {other}"
        for module, others in code.imports.items()
        for other in sorted(others)
        if rooms[other] != rooms[module] and rooms[other] not in allowed(rooms[module])
    ]


ROOMS = {module: room_of(CODE, module) for module in CODE.paths}


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circle(CODE.imports) == []


def test_no_folders_import_each_other_in_a_circle() -> None:
    assert circle(between(CODE.imports, ROOMS)) == []


def test_every_folder_imports_only_what_the_table_lets_it() -> None:
    assert not_allowed(CODE) == []


def test_the_table_has_every_folder_and_nothing_that_nobody_needs() -> None:
    graph = between(CODE.imports, ROOMS)

    assert set(graph) == set(MAY_IMPORT)
    named = {
        (room, entry.removeprefix("+"))
        for room, text in MAY_IMPORT.items()
        for entry in text.split()
    }
    unneeded = [
        f"{room}: {entry}"
        for room, entry in named
        if f"+{entry}" not in MAY_IMPORT[room].split() and entry not in graph[room]
    ]
    assert unneeded == []


def table() -> str:
    """The table as Markdown; a room that has no folder to itself is told with its files."""
    rows = [
        f"| {_told(room)} | {_in_code(text.split()) or 'nothing of ours'} |"
        for room, text in MAY_IMPORT.items()
    ]
    return "\n".join(["| room | may import |", "|---|---|", *rows])


def _told(room: str) -> str:
    if room not in ("simulator", "simulator/basics"):
        return f"`{room}`"
    files = sorted(path.name for module, path in CODE.paths.items() if ROOMS[module] == room)
    return f"`{room}`: {_in_code(files)}"


def _in_code(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def test_the_table_stands_in_the_pages_for_contributors() -> None:
    assert table() in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), table()


# -- and each of these fails on a break ------------------------------------------------------------


def planted(tmp_path: Path, **files: str) -> Code:
    """Code of a few files: names with `__` for a slash, and what is in them."""
    for name, text in files.items():
        path = tmp_path / f"{name.replace('__', '/')}.py"
        for folder in path.relative_to(tmp_path).parents[:-1]:
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    return Code(tmp_path)


HIDDEN = {
    "plain": "from . import one\n",
    "by its full name": "import fluent_oms_simulator.contracts.rules.one\n",
    "in a function": "def f():\n    from .one import x\n",
    "by import_module": "import_module('fluent_oms_simulator.contracts.rules.one')\n",
    "by import_module and a relative name": "importlib.import_module('.one', __package__)\n",
    "by a computed name": "NAMES = ['one']\nimport_module(f'{__package__}.{NAMES[0]}')\n",
    "for types": "if TYPE_CHECKING:\n    from .one import X\n",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_a_circle_of_two_files_is_found_however_it_is_hidden(tmp_path: Path, text: str) -> None:
    code = planted(
        tmp_path, contracts__rules__one="from .two import x\n", contracts__rules__two=text
    )

    found = circle(code.imports)

    package = "fluent_oms_simulator.contracts.rules"
    assert set(found) == {f"{package}.one", f"{package}.two"}


def test_a_circle_of_folders_is_found_where_no_files_make_one(tmp_path: Path) -> None:
    code = planted(
        tmp_path,
        loadtests__users__one="from ..running.two import x\n",
        loadtests__users__three="",
        loadtests__running__two="",
        loadtests__running__four="from ..users import three\n",
    )
    rooms = {module: module.rpartition(".")[0] for module in code.imports}

    assert circle(code.imports) == []
    assert len(circle(between(code.imports, rooms))) == 3


@pytest.mark.parametrize(
    "text",
    [
        "from fluent_oms_simulator.contracts.rules.one import x\n",
        "import_module('fluent_oms_simulator.contracts.rules.one')",
    ],
)
def test_an_import_that_the_table_does_not_have_is_found(tmp_path: Path, text: str) -> None:
    code = planted(tmp_path, simulator__domain__events=text, contracts__rules__one="")

    assert not_allowed(code) == [
        "fluent_oms_simulator.domain.events imports fluent_oms_simulator.contracts.rules.one"
    ]


# -- what comes from outside -----------------------------------------------------------------------


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(SIMULATOR).as_posix()


def outside(path: Path) -> set[str]:
    """Top-level names of what a file of `simulator/` imports from elsewhere."""
    [module] = [module for module, found in CODE.paths.items() if found == path]
    return top_levels(CODE.names(module)) - {"fluent_oms_simulator"}


@pytest.mark.parametrize("path", modules(SIMULATOR / "domain"), ids=name)
def test_the_domain_imports_the_standard_library_only(path: Path) -> None:
    assert outside(path) <= sys.stdlib_module_names


@pytest.mark.parametrize("path", modules(SIMULATOR / "domain"), ids=name)
def test_the_domain_takes_its_time_and_its_chances_as_arguments(path: Path) -> None:
    forbidden = {"time", "random", "secrets", "uuid", "os", "socket", "threading"}

    assert forbidden.isdisjoint(outside(path))


@pytest.mark.parametrize("path", modules(SIMULATOR), ids=name)
def test_only_the_edges_know_flask(path: Path) -> None:
    web = {"flask", "werkzeug", "flask_swagger_ui"}
    folder = path.relative_to(SIMULATOR).parts[0]

    assert folder in KNOWS_FLASK or web.isdisjoint(outside(path))


@pytest.mark.parametrize("path", modules(SIMULATOR), ids=name)
def test_only_the_settings_and_the_command_line_read_the_environment(path: Path) -> None:
    reads = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and f"{node.value.id}.{node.attr}" in ("os.environ", "os.getenv")
    }

    assert not reads or path.relative_to(SIMULATOR).parts[0] in READS_THE_ENVIRONMENT


def test_only_the_client_speaks_http() -> None:
    """Locust has a client of its own for the load; a benchmark writes to a socket."""
    found = {
        ROOMS[module]
        for module in CODE.paths
        for imported in CODE.names(module)
        if imported.startswith(tuple(f"{name}." for name in HTTP)) or imported in HTTP
    }

    assert found == SPEAKS_HTTP


@pytest.mark.parametrize("path", modules(SIMULATOR / "client"), ids=name)
def test_the_client_fails_with_a_sentence_and_not_by_an_assertion(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]


# -- what a room says of itself --------------------------------------------------------------------


PACKAGES = [path for path in CODE.paths.values() if path.name == "__init__.py"]


@pytest.mark.parametrize(
    "path", PACKAGES, ids=lambda path: path.parent.relative_to(ROOT).as_posix()
)
def test_every_folder_says_in_a_sentence_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert said
    assert re.match(r"[A-Z`].*[.:]$", said.splitlines()[0]), said.splitlines()[0]


FLUENTS_WORDS = {
    *("controls", "entities", "events", "inventory", "jobs", "places", "positions"),
    *("products", "retailers", "tokens", "virtual", "common", "account_settings"),
}
"""What a layer has to do with one of these stands in a module that is called so."""


def test_no_two_modules_have_one_name_unless_they_are_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for module, path in CODE.paths.items():
        if path.name not in ("__init__.py", "__main__.py"):
            homes.setdefault(path.stem, []).append(module)

    twice = {
        name: homes
        for name, homes in homes.items()
        if len(homes) > 1 and name not in FLUENTS_WORDS | {"common"}
    }
    assert twice == {}


def test_no_two_classes_of_the_simulator_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for path in modules(SIMULATOR):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(name(path))

    assert {word: found for word, found in homes.items() if len(found) > 1} == {}
