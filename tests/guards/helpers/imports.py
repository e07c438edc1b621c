"""What imports what in our own code: every file, also where an import is hidden.

An import inside a function is one, `import_module` is one, and so is one under `TYPE_CHECKING`:
whoever needs it to be understood cannot be read without it. What cannot be found out by reading is
told as hidden.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGE = "fluent_oms_simulator"
FOLDERS = {"simulator": PACKAGE} | {
    folder: f"{PACKAGE}.{folder}" for folder in ("contracts", "loadtests", "schemas")
}
"""The folders with code of ours, and the names under which they are installed."""

IMPORT = "import_module"
CANNOT_BE_READ = {
    *("__import__", "resolve_name", "exec", "eval", "run_module", "run_path", "reload"),
    *("spec_from_file_location", "SourceFileLoader", "module_from_spec"),
}
"""What else loads a module, by a name that nobody can look up."""

Graph = Mapping[str, set[str]]


@dataclass(frozen=True)
class Code:
    """The modules below a root, by their installed names; each is read once."""

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
    def trees(self) -> Mapping[str, ast.Module]:
        """What stands in each module."""
        return {
            module: ast.parse(path.read_text(encoding="utf-8"))
            for module, path in self.paths.items()
        }

    @cached_property
    def imports(self) -> Graph:
        """The modules of ours that each module imports, or reaches through one that it imports."""
        return {
            module: {self.home(name) for name in (*self.names(module), *self.reached(module))}
            - {module, ""}
            for module in self.paths
        }

    @cached_property
    def hidden(self) -> list[str]:
        """Imports of which nobody can read what they import, each with its file and line."""
        return [
            f"{self.file(module)}:{line}: {what}"
            for module in self.paths
            for line, what in self._hidden(module)
        ]

    def file(self, module: str) -> str:
        """Where a module is, below the root."""
        return self.paths[module].relative_to(self.root).as_posix()

    def package(self, module: str) -> str:
        """The package that a module is in; a package is in itself."""
        is_package = self.paths[module].name == "__init__.py"
        return module if is_package else module.rpartition(".")[0]

    def names(self, module: str) -> Iterator[str]:
        """Full names of what a module imports; `from a import b` is a.b."""
        for node in ast.walk(self.trees[module]):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(module, node)
                yield from (f"{base}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Call) and _is_import(node.func):
                yield from self._imported(module, node) or ()

    @cached_property
    def bound(self) -> Mapping[str, Mapping[str, str]]:
        """What the names stand for that each module has from its imports."""
        return {module: dict(self._bound(module)) for module in self.paths}

    def _bound(self, module: str) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self.trees[module]):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.partition(".")[0]
                    yield alias.asname or whole, whole
            elif isinstance(node, ast.ImportFrom):
                base = self._base(module, node)
                for alias in node.names:
                    yield alias.asname or alias.name, f"{base}.{alias.name}"

    def reached(self, module: str) -> Iterator[str]:
        """Full names of what a module takes out of a module that it imports: `one.two.three`."""
        bound = self.bound[module]
        for node in ast.walk(self.trees[module]):
            first: ast.expr | None = node if isinstance(node, ast.Attribute) else None
            rest: list[str] = []
            while isinstance(first, ast.Attribute):
                rest.insert(0, first.attr)
                first = first.value
            if isinstance(first, ast.Name) and first.id in bound:
                yield ".".join([bound[first.id], *rest])

    def loads(self, module: str) -> dict[str, list[str]]:
        """Every module that is loaded with one, and by way of which others.

        With a module its package is loaded; that of all of us loads what it has when it is asked.
        """
        ways = {module: [module]}
        waiting = [module]
        while waiting:
            last = waiting.pop(0)
            parents = {last.rpartition(".")[0]} & self.paths.keys() - {PACKAGE}
            for other in sorted((self.imports[last] | parents) - ways.keys()):
                ways[other] = [*ways[last], other]
                waiting.append(other)
        return ways

    def origin(self, name: str) -> str:
        """Where a name was defined that one module after the other has imported."""
        passed: set[str] = set()
        while name not in self.paths and name not in passed:
            passed.add(name)
            module, _, word = name.rpartition(".")
            name = self.bound.get(module, {}).get(word, name)
        return name

    def home(self, name: str) -> str:
        """The module of ours that a name is, or is in; empty for one from elsewhere."""
        while name and name not in self.paths:
            name = name.rpartition(".")[0]
        return name

    def _base(self, module: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        above = self.package(module).split(".")
        above = above[: len(above) - node.level + 1]
        return ".".join([*above, *([node.module] if node.module else [])])

    def _imported(self, module: str, call: ast.Call) -> set[str] | None:
        """What a call of `import_module` imports; None where that cannot be read."""
        given = dict(zip(("name", "package"), call.args, strict=False))
        given |= {keyword.arg or "": keyword.value for keyword in call.keywords}
        if "name" not in given or not given.keys() <= {"name", "package"}:
            return None
        package = self._text(module, given.get("package"))
        name = self._text(module, given["name"])
        if name is None:
            return self._computed(module, given["name"], package)
        try:
            return {resolve_name(name, package)}
        except ImportError:  # a relative name without a package, or beyond the top
            return None

    def _text(self, module: str, node: ast.expr | None) -> str | None:
        """A text as it stands, or what the module calls itself."""
        if isinstance(node, ast.Name):
            return {"__name__": module, "__package__": self.package(module)}.get(node.id)
        return (
            node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
        )

    def _computed(self, module: str, name: ast.expr, package: str | None) -> set[str] | None:
        """Those below a package that the file names: of `f"{__package__}.{name}"` and the like."""
        match name:
            case ast.BinOp(left=ast.Constant(value="."), op=ast.Add()):
                pass
            case ast.JoinedStr(values=[ast.Constant(value="."), ast.FormattedValue()]):
                pass
            case ast.JoinedStr(
                values=[
                    ast.FormattedValue(value=ast.Name(id="__name__" | "__package__") as own),
                    ast.Constant(value="."),
                    ast.FormattedValue(),
                ]
            ):
                package = self._text(module, own)
            case _:
                return None
        texts = {
            f"{package}.{node.value}"
            for node in ast.walk(self.trees[module])
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        return (texts & self.paths.keys()) or None

    def _hidden(self, module: str) -> Iterator[tuple[int, str]]:
        tree = self.trees[module]
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        called = {id(call.func) for call in calls}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_import(node.func):
                if self._imported(module, node) is None:
                    yield node.lineno, ast.unparse(node)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    is_renamed = alias.name == IMPORT and alias.asname
                    if is_renamed or alias.name in CANNOT_BE_READ:
                        yield node.lineno, ast.unparse(node)
            elif isinstance(node, ast.Name | ast.Attribute | ast.Constant):
                named = _named(node)
                if named in CANNOT_BE_READ or (named == IMPORT and id(node) not in called):
                    yield node.lineno, ast.unparse(node)


def _named(node: ast.expr) -> object:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=name):
            return name
    return None


def _is_import(function: ast.expr) -> bool:
    return isinstance(function, ast.Name | ast.Attribute) and _named(function) == IMPORT


CODE = Code()
"""All that is ours."""


def circle(graph: Graph) -> list[str]:
    """Names of which each imports the next, and the last is the first; none when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def steps(names: Sequence[str]) -> list[str]:
    """Who of a circle imports whom."""
    return [f"{one} imports {other}" for one, other in pairwise(names)]


def between(imports: Graph, room_of: Mapping[str, str]) -> Graph:
    """The same graph with a room for each of its files."""
    rooms: dict[str, set[str]] = {room: set() for room in room_of.values()}
    for module, others in imports.items():
        rooms[room_of[module]] |= {room_of[other] for other in others} - {room_of[module]}
    return rooms


def top_levels(names: Iterable[str]) -> set[str]:
    """The first part of each name."""
    return {name.partition(".")[0] for name in names}
