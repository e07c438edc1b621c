"""A folder's name says what may be imported there; this keeps it true, for all of our own code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from .helpers.breaks import tell
from .helpers.imports import CODE, FOLDERS, ROOT, Code, between, circle, steps

MAY_IMPORT = {
    # room: the rooms that it may import; `+` before a room takes those of that room in as well
    "schemas": "",
    "simulator/text": "",
    "simulator/basics": "simulator/text",
    "simulator/client": "+simulator/basics",
    "simulator/look": "simulator/text",
    "simulator/connector": "simulator/client simulator/text",
    "simulator/domain": "",
    "simulator/domain/catalogue": "simulator/domain",
    "simulator/domain/search": "+simulator/domain/catalogue",
    "simulator/domain/virtual": "+simulator/domain/search simulator/basics",
    "simulator/domain/account": "+simulator/domain/virtual",
    "simulator/domain/verification": "",
    "simulator/domain/workflow": "+simulator/domain/search simulator/basics",
    "simulator/domain/trouble": "simulator/basics",
    "simulator/domain/webhooks": "simulator/domain",
    "simulator/stores": (
        "+simulator/domain/account simulator/domain/workflow simulator/domain/trouble"
        " simulator/domain/webhooks simulator/basics"
    ),
    "simulator/stores/snapshot_file": "+simulator/stores",
    "simulator/intake": "+simulator/basics simulator/domain",
    "simulator/operations": (
        "+simulator/intake +simulator/stores simulator/stores/snapshot_file"
        " simulator/domain/workflow simulator/domain/verification simulator/basics"
    ),
    "simulator/conformance": (
        "simulator/operations simulator/stores simulator/domain simulator/basics simulator/text"
    ),
    "simulator/graphql": "simulator/operations +simulator/stores simulator/basics",
    "simulator/graphql/nodes": "+simulator/graphql",
    "simulator/graphql/mutations": "+simulator/graphql/nodes simulator/domain/workflow",
    "simulator/graphql/limits": "simulator/graphql simulator/basics",
    "simulator/graphql/endpoint": (
        "+simulator/graphql/mutations simulator/graphql/limits simulator/intake"
    ),
    "simulator/outbound": "simulator/client +simulator/stores simulator/basics",
    "simulator/worker.py": "+simulator/stores",
    "simulator/simulator.py": (
        "simulator/worker.py +simulator/operations simulator/graphql simulator/conformance"
    ),
    "simulator/assembly.py": (
        "+simulator/simulator.py simulator/graphql/endpoint simulator/outbound"
        " contracts/conformance"
    ),
    "simulator/api": (
        "simulator/simulator.py simulator/conformance +simulator/operations simulator/text"
    ),
    "simulator/ui": "simulator/api simulator/look +simulator/operations",
    "simulator/admin": "simulator/ui +simulator/api",
    "simulator/app.py": "+simulator/admin",
    "simulator/serving/door": "+simulator/api simulator/basics",
    "simulator/serving": (
        "simulator/serving/door simulator/app.py simulator/assembly.py +simulator/api"
        " simulator/intake"
    ),
    "simulator/harness": (
        "+simulator/client +simulator/console simulator/connector simulator/serving"
        " simulator/domain/verification simulator/look"
    ),
    "simulator/pytest_plugin.py": "simulator/harness",
    "simulator": (
        "simulator/app.py simulator/assembly.py simulator/simulator.py simulator/harness"
        " simulator/basics"
    ),
    "simulator/console": "simulator/text",
    "simulator/exploring": (
        "simulator/client simulator/connector simulator/console simulator/domain/trouble"
        " simulator/basics simulator/text"
    ),
    "simulator/cli": (
        "simulator/client simulator/connector simulator/exploring simulator/console"
        " simulator/serving simulator/intake +simulator/basics simulator/conformance"
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
    "contracts/reporting": (
        "contracts contracts/rules simulator/console simulator/look +simulator/basics"
    ),
    "contracts/validation": (
        "contracts contracts/rules/batches +contracts/reporting +simulator/intake"
    ),
    "contracts/conformance": (
        "contracts contracts/rules/obligations +contracts/reporting simulator/conformance"
        " +simulator/intake"
    ),
    "contracts/target": "simulator simulator/client simulator/serving simulator/basics",
    "contracts/engines": (
        "contracts/validation simulator/client +contracts/reporting +simulator/intake"
    ),
    "contracts/running": (
        "simulator/console simulator/client contracts/engines contracts/target +contracts/reporting"
    ),
    "contracts/suite": ("contracts/running contracts/target simulator/client +simulator/intake"),
    "contracts/suite/semantic": "contracts/target simulator/client",
    "contracts/suite/observations": "contracts/suite/semantic contracts/target simulator/client",
    "loadtests/traffic": "simulator/client",
    "loadtests/ledger": "loadtests/traffic",
    "loadtests/generation": "loadtests/ledger loadtests/traffic",
    "loadtests/reporting": "simulator/console simulator/look +simulator/basics",
    "loadtests/audit": "+loadtests/ledger loadtests/reporting simulator/client",
    "loadtests/server": "loadtests/traffic simulator/client",
    "loadtests/users": "loadtests/server +loadtests/ledger loadtests/reporting simulator/client",
    "loadtests/running": (
        "+loadtests/users loadtests/audit +loadtests/reporting simulator/client simulator/console"
    ),
    "loadtests": "loadtests/running loadtests/users",
    "loadtests/benchmarks/peers": "+simulator/intake",
    "loadtests/benchmarks": (
        "loadtests/server loadtests/benchmarks/peers contracts/validation simulator/client"
        " simulator/console simulator/serving simulator/serving/door simulator/assembly.py"
        " simulator/app.py"
        " simulator/domain/catalogue simulator/domain/workflow simulator/graphql +simulator/intake"
    ),
}
"""The same table stands in CONTRIBUTING.md."""

BASICS = {
    *("behaviour", "switches", "clock", "errors", "release", "settings"),
    *("late_thread", "worlds"),
}
"""Modules of `simulator/` itself that everything may need."""


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
    """The rooms that one may import; none, where the table has no row for it."""
    found: set[str] = set()
    for entry in MAY_IMPORT.get(room, "").split():
        found.add(entry.removeprefix("+"))
        if entry.startswith("+"):
            found |= allowed(entry.removeprefix("+"))
    return found


def rooms_of(code: Code) -> dict[str, str]:
    """The room of each module."""
    return {module: room_of(code, module) for module in code.paths}


def not_allowed(code: Code) -> list[str]:
    """Imports that the table does not have."""
    rooms = rooms_of(code)
    return [
        f"{code.file(module)} imports {code.file(other)}: {rooms[module]} may not import"
        f" {rooms[other]}"
        for module, others in code.imports.items()
        for other in sorted(others)
        if rooms[other] != rooms[module] and rooms[other] not in allowed(rooms[module])
    ]


# -- who imports whom ------------------------------------------------------------------------------


def no_files_import_each_other(code: Code) -> None:
    tell(
        steps([code.file(module) for module in circle(code.imports)]),
        "These files import each other in a circle. Move what two of them need into a third that"
        " imports neither, or hand it over as an argument; an import inside a function, or for"
        " types only, is one too.",
    )


def no_rooms_import_each_other(code: Code) -> None:
    tell(
        steps(circle(between(code.imports, rooms_of(code)))),
        "These folders import each other in a circle. Move what one of them needs of the other to"
        " where both may import it: the table at the top of this file says who may import whom.",
    )


def every_import_is_allowed(code: Code) -> None:
    tell(
        not_allowed(code),
        "Take the import out: move what is needed to a folder that both may import, or hand it over"
        " as an argument. Where the folders should know each other, say so in MAY_IMPORT at the top"
        " of this file, and run `make readme`.",
    )


def every_import_can_be_read(code: Code) -> None:
    tell(
        code.hidden,
        "What these lines import cannot be found out by reading. Write an import statement, or"
        " `import_module` by this name with the module written out; a computed name is"
        " `__package__`, a dot and a word that the same file has as a text.",
    )


def every_room_has_a_row(code: Code) -> None:
    tell(
        (f"{room} has no row" for room in sorted(set(rooms_of(code).values()) - MAY_IMPORT.keys())),
        "Say in MAY_IMPORT at the top of this file what the new folder or module may import, and"
        " run `make readme`, which also lets mypy find it.",
    )


def every_row_is_needed(code: Code) -> None:
    graph = between(code.imports, rooms_of(code))
    named = {
        (room, entry.removeprefix("+"))
        for room, text in MAY_IMPORT.items()
        for entry in text.split()
    }
    gone = [f"{room} is named, and is not there" for _, room in named if room not in graph]
    gone += [f"{room} has a row, and is not there" for room in MAY_IMPORT if room not in graph]
    unneeded = [
        f"{room} may import {entry}, and does not"
        for room, entry in named
        if f"+{entry}" not in MAY_IMPORT[room].split() and entry not in graph.get(room, ())
    ]
    tell(
        sorted({*gone, *unneeded}),
        "Take it out of MAY_IMPORT at the top of this file, and run `make readme`.",
    )


def test_no_files_import_each_other_in_a_circle() -> None:
    no_files_import_each_other(CODE)


def test_no_folders_import_each_other_in_a_circle() -> None:
    no_rooms_import_each_other(CODE)


def test_every_folder_imports_only_what_the_table_lets_it() -> None:
    every_import_is_allowed(CODE)


def test_what_is_imported_can_be_read() -> None:
    every_import_can_be_read(CODE)


def test_the_table_has_every_folder() -> None:
    every_room_has_a_row(CODE)


def test_the_table_has_nothing_that_nobody_needs() -> None:
    every_row_is_needed(CODE)


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
    files = sorted(
        path.name for module, path in CODE.paths.items() if room_of(CODE, module) == room
    )
    return f"`{room}`: {_in_code(files)}"


def _in_code(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def test_the_table_stands_in_the_pages_for_contributors() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

    tell(
        (f"CONTRIBUTING.md has not: {row}" for row in table().splitlines() if row not in page),
        "Run `make readme`.",
    )
    assert table() in page, "Run `make readme`: the rows of the table stand in another order."


# -- what a room says of itself --------------------------------------------------------------------


PACKAGES = [path for path in CODE.paths.values() if path.name == "__init__.py"]


@pytest.mark.parametrize(
    "path", PACKAGES, ids=lambda path: path.parent.relative_to(ROOT).as_posix()
)
def test_every_folder_says_in_a_sentence_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    first = (said or "It has no docstring").splitlines()[0]
    if not said or not re.match(r"[A-Z`].*[.:]$", first):
        tell(
            [f"{path.relative_to(ROOT)}: {first}"],
            "Let its docstring begin with a sentence that says what the folder is for.",
        )


FLUENTS_WORDS = {
    *("controls", "entities", "events", "inventory", "jobs", "places", "positions"),
    *("products", "retailers", "tokens", "virtual", "common", "account_settings"),
}
"""What a layer has to do with one of these stands in a module that is called so."""


def no_two_modules_have_one_name(code: Code) -> None:
    homes: dict[str, list[str]] = {}
    for module, path in code.paths.items():
        if path.name not in ("__init__.py", "__main__.py"):
            homes.setdefault(path.stem, []).append(code.file(module))

    tell(
        (
            f"{name}: {', '.join(found)}"
            for name, found in homes.items()
            if len(found) > 1 and name not in FLUENTS_WORDS
        ),
        "Give one of them a name that says what it does. Only what neighbours have to do with one"
        " thing of Fluent's may be called so in each: FLUENTS_WORDS in this file.",
    )


def no_two_classes_have_one_name(code: Code) -> None:
    homes: dict[str, list[str]] = {}
    for module, tree in code.trees.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(code.file(module))

    in_the_simulator = {
        word: [path for path in found if path.startswith("simulator/")]
        for word, found in homes.items()
    }
    tell(
        (f"{word}: {', '.join(at)}" for word, at in in_the_simulator.items() if len(at) > 1),
        "Give one of them a name that tells it from the other.",
    )


def test_no_two_modules_have_one_name_unless_they_are_one_thing() -> None:
    no_two_modules_have_one_name(CODE)


def test_no_two_classes_of_the_simulator_have_one_name() -> None:
    no_two_classes_have_one_name(CODE)
