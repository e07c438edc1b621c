"""Our pages for people, and what they name: commands, paths, links, headings, code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from .imports import ROOT

PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "contracts/README.md",
    "examples/README.md",
    "loadtests/README.md",
    "schemas/README.md",
    "simulator/README.md",
    "simulator/admin/README.md",
    "simulator/domain/README.md",
    "simulator/exploring/README.md",
    "simulator/harness/README.md",
    "simulator/goods-on-order.md",
)
"""All but the change log, which also tells of what there was."""


def text_of(page: str) -> str:
    """What stands in a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    """The blocks of a page in this language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.S | re.M)


def calls(page: str) -> list[tuple[str, str | None]]:
    """Each block of a shell, with the JSON that is shown below it, if there is any."""
    found = re.findall(r"^```(bash|json)\n(.*?)^```", text_of(page), re.S | re.M)
    following = [*found[1:], ("", "")]
    return [
        (text, below if language == "json" else None)
        for (kind, text), (language, below) in zip(found, following, strict=True)
        if kind == "bash"
    ]


def code(page: str) -> list[str]:
    """The inline code of a page."""
    without_blocks = re.sub(r"^```.*?^```", "", text_of(page), flags=re.S | re.M)
    return re.findall(r"`([^`\n]+)`", without_blocks)


def command_lines(page: str) -> list[str]:
    """Every line of a shell, with what is continued on the next, and the inline code."""
    shell = "".join(blocks(page, "bash")).replace("\\\n", " ")
    return [*shell.splitlines(), *code(page)]


def our_commands(page: str) -> Iterator[list[str]]:
    """The words after `fluent-sim` in each command of ours; behind `--` are those of another."""
    for line in command_lines(page):
        found = re.match(r"(?:\S*/)?fluent-sim (.*)", line)
        if found:
            words = shlex.split(found[1], comments=True)
            yield words[: words.index("--")] if "--" in words else words


def paths(page: str) -> list[str]:
    """The files and folders that a page names in inline code."""
    return [
        text
        for text in code(page)
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)*(/|\.(py|md|ya?ml|ini))", text)
    ]


def links(page: str) -> list[tuple[str, str]]:
    """Where a page leads inside the repository: a path, empty for the page itself; a heading."""
    found = re.findall(r"\]\(([^)\s]+)\)", text_of(page))
    return [
        (path, anchor)
        for path, _, anchor in (link.partition("#") for link in found if "://" not in link)
    ]


def headings(page: str) -> set[str]:
    """The headings of a page, as links name them."""
    found = re.findall(r"^#+ (.+)$", text_of(page), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def tables(page: str, first_row: str) -> list[list[list[str]]]:
    """The tables of a page that begin so: rows of cells, without their backticks."""
    found = re.findall(rf"^{re.escape(first_row)}\n\|[-|]+\n((?:\|.*\n)+)", text_of(page), re.M)
    return [[_cells(line) for line in table.splitlines()] for table in found]


def _cells(row: str) -> list[str]:
    return [cell.strip().strip("`") for cell in row.strip("|").split(" | ")]
