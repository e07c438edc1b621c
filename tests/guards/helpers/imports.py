"""What imports what in our own code: every file, also where an import is hidden.

An import inside a function is one, `import_module` is one, and so is one under `TYPE_CHECKING`:
whoever needs it to be understood cannot be read without it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGE = "fluent_oms_simulator"
FOLDERS = {"simulator": PACKAGE} | {
    folder: f"{PACKAGE}.{folder}" for folder in ("contracts", "loadtests", "schemas")
}
"""The folders with code of ours, and the names under which they are installed."""

Graph = Mapping[str, set[str]]


@dataclass(frozen=True)
class Code:
    """The modules below a root, by their installed names."""

    root: Path = ROOT

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        """Where each module is."""
        found = {}
        for folder, package in FOLDERS.items():
            for path in sorted((self.root / folder).rglob("*.py")):
                parts = path.relative_to(self.root / folder).with_suffix("").parts
                parts = parts[:-1] if parts[-1] == "__init__" else parts
                found[".".join([package, *parts])] = path
        return found

    @cached_property
    def imports(self) -> Graph:
        """The modules of ours that each module imports."""
        return {
            module: {other for name in self.names(module) for other in self._meant(name)} - {module}
            for module in self.paths
        }

    def names(self, module: str) -> Iterator[str]:
        """Full names of what a module imports; `from a import b` is a, and a.b."""
        tree = ast.parse(self.paths[module].read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(module, node)
                yield from (f"{base}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                yield from self._computed(module, tree, node.args[0])

    def _package(self, module: str) -> str:
        is_package = self.paths[module].name == "__init__.py"
        return module if is_package else module.rpartition(".")[0]

    def _base(self, module: str, node: ast.ImportFrom) -> str:
        above = self._package(module).split(".")
        above = above[: len(above) - node.level + 1] if node.level else []
        return ".".join([*above, *([node.module] if node.module else [])])

    def _computed(self, module: str, tree: ast.Module, name: ast.expr) -> Iterator[str]:
        """A name as it stands, or those of the package that the file names: all, if it does not."""
        package = self._package(module)
        if isinstance(name, ast.Constant):
            text = str(name.value)
            yield f"{package}{text}" if text.startswith(".") else text
            return
        beside = {
            other.rpartition(".")[2]
            for other in self.paths
            if other.rpartition(".")[0] == package and other != module
        }
        texts = {
            node.value.strip(".")
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        yield from (f"{package}.{other}" for other in (beside & texts or beside))

    def _meant(self, name: str) -> Iterator[str]:
        """The module of ours that a name is, or is in."""
        if name in self.paths:
            yield name
        elif name.rpartition(".")[0] in self.paths:
            yield name.rpartition(".")[0]


def circle(graph: Graph) -> list[str]:
    """Names of which each imports the next, and the last is the first; none when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def between(imports: Graph, room_of: Mapping[str, str]) -> Graph:
    """The same graph with a room for each of its files."""
    rooms: dict[str, set[str]] = {room: set() for room in room_of.values()}
    for module, others in imports.items():
        rooms[room_of[module]] |= {room_of[other] for other in others} - {room_of[module]}
    return rooms


def top_levels(names: Iterable[str]) -> set[str]:
    """The first part of each name."""
    return {name.partition(".")[0] for name in names}
