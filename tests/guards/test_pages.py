"""What our pages say can be done, can be done; what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.loadtests.benchmarks.runner import BENCHMARKS
from fluent_oms_simulator.serving.banner import commands
from fluent_oms_simulator.settings import CONFIG_ENV, Settings

from .helpers.breaks import tell
from .helpers.imports import ROOT
from .helpers.pages import (
    PAGES,
    code,
    command_lines,
    headings,
    links,
    our_commands,
    paths,
    tables,
    text_of,
)
from .helpers.sentences import PACKAGES, as_it_should_be, room_of, with_sentence
from .helpers.tables import TABLES, renewed

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
IGNORED = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

every_page = pytest.mark.parametrize("page", PAGES)


# -- what comes from the code ----------------------------------------------------------------------


@pytest.mark.parametrize("page", TABLES)
def test_the_tables_of_a_page_are_those_of_the_code(page: str) -> None:
    text = text_of(page)

    old, new = text.splitlines(), renewed(text, [make() for make in TABLES[page]]).splitlines()
    tell(
        [f"{page} has no longer: {line}" for line in old if line not in new]
        + [f"{page} has not: {line}" for line in new if line not in old],
        "Run `make readme`.",
    )
    assert new == old, "Run `make readme`: the rows stand in another order."


def test_a_table_is_renewed_where_it_stands_and_nothing_else_is() -> None:
    old = "Before.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\nAfter.\n"

    new = renewed(old, ["| a | b |\n|---|---|\n| 5 | 6 |"])

    assert new == "Before.\n\n| a | b |\n|---|---|\n| 5 | 6 |\n\nAfter.\n"


def test_a_table_that_a_page_has_no_place_for_is_told() -> None:
    with pytest.raises(LookupError, match="no table that begins"):
        renewed("| a | c |\n", ["| a | b |\n|---|---|"])


@pytest.mark.parametrize("package", PACKAGES, ids=room_of)
def test_a_folder_says_what_it_may_import_as_the_table_has_it(package: Path) -> None:
    source = package.read_text(encoding="utf-8")
    what_for = source.partition("\n\n")[0]

    assert as_it_should_be(package) == source, "`make readme` writes the sentence anew"
    assert not re.search(r"\bimports?\b", what_for, re.I), (
        "what a folder is for stands first, and what it may import in the sentence below"
    )


def test_the_sentence_of_a_folder_is_renewed_and_nothing_else_is() -> None:
    source = '"""It is for this.\n\nMay import: a, b.py.\n\nAnd it has that.\n"""\n\nX = 1\n'

    assert with_sentence(source, "+c d") == (
        '"""It is for this.\n\nMay import: c (and what that may), d.\n\n'
        'And it has that.\n"""\n\nX = 1\n'
    )
    assert with_sentence('"""It is for this."""\n', "") == (
        '"""It is for this.\n\nMay import nothing of ours.\n"""\n'
    )


def test_the_sentence_of_a_new_folder_is_asked_for_by_its_row() -> None:
    with pytest.raises(LookupError, match=r"simulator/newroom has no row: say in MAY_IMPORT"):
        as_it_should_be(ROOT / "simulator" / "newroom" / "__init__.py")


def test_every_benchmark_is_described() -> None:
    [rows] = tables("loadtests/README.md", "| benchmark | question | promise |")

    tell(
        sorted({row[0] for row in rows} ^ set(BENCHMARKS)),
        "Each benchmark has a row in loadtests/README.md, and each row its benchmark.",
    )
    assert [row[0] for row in rows] == list(BENCHMARKS), "Let the rows stand in the same order."


def test_every_figure_names_the_benchmark_that_shows_it_again() -> None:
    [rows] = tables("loadtests/README.md", "| what | shown by | measured |")

    tell(
        (f"{row[0]}: {row[1]}" for row in rows if row[1] not in BENCHMARKS),
        "Name the benchmark that shows the figure of this row in loadtests/README.md again.",
    )


def test_the_commands_to_paste_are_those_that_the_server_prints() -> None:
    printed = commands(Settings(), "http://127.0.0.1:4141")

    tell(
        (
            f"{title}: {command}"
            for title, command in printed
            if command not in text_of("README.md")
        ),
        "The server prints this command and README.md has another: make it the same.",
    )


def test_the_configuration_file_is_documented() -> None:
    assert {"--config FILE", CONFIG_ENV} <= set(code("simulator/README.md"))


# -- what a page names is there --------------------------------------------------------------------


@every_page
def test_every_make_target_that_is_named_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M))

    named = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(command_lines(page))))
    tell(
        (f"{page} says make {name}" for name in sorted(named - targets)),
        "The Makefile has no such target: name one that it has, or add it.",
    )


@every_page
def test_every_command_of_ours_takes_the_options_that_are_shown(page: str) -> None:
    for words in our_commands(page):
        command: click.Command = main
        for word in words:
            if not isinstance(command, click.Group) or word.startswith("-"):
                break
            below = command.get_command(click.Context(command), word)
            assert below is not None, words
            command = below
        known = {"-h", "--help"} | {name for option in command.params for name in option.opts}
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known, words


@every_page
def test_every_file_and_folder_that_is_named_exists(page: str) -> None:
    near = (ROOT / page).parent
    missing = [
        f"{page} names {path}"
        for path in paths(page)
        if path not in IGNORED
        and not any((base / path).exists() for base in (near, ROOT, *near.iterdir()))
    ]

    tell(missing, "There is no such file or folder: say where it is now.")


@every_page
def test_every_link_leads_somewhere(page: str) -> None:
    near = (ROOT / page).parent
    for path, anchor in links(page):
        target = (near / path).resolve() if path else ROOT / page
        assert target.exists(), f"{page} leads to {path}, which is not there: mend the link"
        if anchor:
            there = headings(target.relative_to(ROOT).as_posix())
            assert anchor in there, f"{page} leads to {path}#{anchor}: there is {sorted(there)}"


@pytest.mark.parametrize("folder", ["simulator", "simulator/domain", "contracts", "loadtests"])
def test_every_folder_has_its_place_in_the_page_beside_it(folder: str) -> None:
    said = text_of(f"{folder}/README.md")
    below = [path.parent.name for path in (ROOT / folder).glob("*/__init__.py")]

    assert below
    tell(
        (f"{folder}/{name}/" for name in below if f"`{name}/`" not in said),
        f"Give the folder its row in {folder}/README.md: what it is for, in a few words.",
    )


@pytest.mark.parametrize("folder", ["simulator", "contracts", "loadtests"])
def test_every_module_beside_a_page_has_its_place_in_it(folder: str) -> None:
    said = text_of(f"{folder}/README.md")
    modules = [path.name for path in (ROOT / folder).glob("*.py") if "__" not in path.name]

    tell(
        (f"{folder}/{name}" for name in modules if f"`{name}`" not in said),
        f"Give the module its row in {folder}/README.md: what it is for, in a few words.",
    )


# -- what kind of page it is -----------------------------------------------------------------------


def test_the_first_page_is_one_page() -> None:
    assert len(text_of("README.md").splitlines()) <= 225


def test_it_says_whose_project_it_is_not() -> None:
    words = " ".join(text_of("README.md").split())

    assert "not affiliated with or endorsed by Fluent Commerce" in words
    assert "reconstructed from public documentation" in words
