"""A folder's name says what may be imported there; this test keeps it true."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SIMULATOR = Path(__file__).parents[2] / "simulator"
PACKAGE = "fluent_oms_simulator"
KNOWS_FLASK = {"api", "app.py", "control", "ui"}
READS_THE_ENVIRONMENT = {"settings.py", "cli"}


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Full names of what a module imports, also inside functions."""
    here = [PACKAGE, *path.relative_to(SIMULATOR).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            yield ".".join([*base, *([node.module] if node.module else [])])


def name(path: Path) -> str:
    return path.relative_to(SIMULATOR).as_posix()


@pytest.mark.parametrize("path", modules(SIMULATOR / "domain"), ids=name)
def test_the_domain_imports_the_standard_library_itself_and_the_switches(path: Path) -> None:
    own = (f"{PACKAGE}.domain", f"{PACKAGE}.behaviour")

    assert [
        found
        for found in imported(path)
        if found.split(".")[0] not in sys.stdlib_module_names and not found.startswith(own)
    ] == []


@pytest.mark.parametrize("path", modules(SIMULATOR / "domain"), ids=name)
def test_the_domain_takes_its_time_and_its_chances_as_arguments(path: Path) -> None:
    forbidden = {"time", "random", "secrets", "uuid", "os", "socket", "threading"}

    assert forbidden.isdisjoint(found.split(".")[0] for found in imported(path))


@pytest.mark.parametrize("path", modules(SIMULATOR), ids=name)
def test_only_the_edges_know_flask(path: Path) -> None:
    web = {"flask", "werkzeug", "flask_swagger_ui"}
    folder = path.relative_to(SIMULATOR).parts[0]

    assert folder in KNOWS_FLASK or web.isdisjoint(f.split(".")[0] for f in imported(path))


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


def test_no_two_modules_of_the_domain_need_each_other() -> None:
    needs = {
        path.stem: {found.rpartition(".")[2] for found in imported(path)} - {path.stem}
        for path in (SIMULATOR / "domain").glob("*.py")
    }
    reached = {stem: set(direct & needs.keys()) for stem, direct in needs.items()}
    for _ in needs:
        for stems in reached.values():
            stems |= {far for stem in list(stems) for far in reached[stem]}

    assert [stem for stem, stems in reached.items() if stem in stems] == []
