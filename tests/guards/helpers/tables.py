"""The tables of our pages that come from the code; `make readme` renews them.

A table is known by its first row. The sentences of our folders are renewed with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from click.testing import CliRunner
from fluent_oms_simulator import Settings, build, create_app
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.domain import bounds
from fluent_oms_simulator.settings import SETTINGS, Setting, default_of

from .. import test_imports
from . import links
from .imports import ROOT
from .sentences import PACKAGES, as_it_should_be


def table(heads: str, rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown; `heads` is its first row."""
    below = "|" + "---|" * heads.count(" |")
    return "\n".join([heads, below, *(f"| {' | '.join(cells)} |" for cells in rows)])


def settings() -> str:
    """What a user may set."""
    heads = "| flag | environment | key in the file | default | what it is |"
    return table(heads, map(_setting, SETTINGS))


def _setting(row: Setting) -> list[str]:
    default = default_of(row)
    text = " ".join(default) if isinstance(default, tuple) else str(default or "")
    about = f"{row.help} Repeatable." if row.repeatable else row.help
    return [
        f"`{row.flag}`",
        f"`{row.env}`",
        f"`{row.name}`",
        f"`{text}`" if text else "none",
        about,
    ]


def switches() -> str:
    """Every open point of the documentation."""
    return CliRunner().invoke(main, ["behaviours", "--format", "markdown"]).output.rstrip()


def control_calls() -> str:
    """The control API."""
    listed = create_app(build(Settings())).test_client().get("/__admin").get_json()["calls"]
    rows = ([f"`{call['method']} {call['path']}`", call["about"]] for call in listed)
    return table("| call | answer |", rows)


def held_at_most() -> str:
    """The table of bounds."""
    return table("| held | at most | beyond |", map(_bound, bounds.TABLE))


def _bound(bound: bounds.Bound) -> list[str]:
    in_bytes = bound.unit == "bytes"
    most = f"{bound.limit // bounds.MEBIBYTE:,} MiB" if in_bytes else f"{bound.limit:,}"
    return [f"`{bound.name}`: {bound.what}", most, bound.beyond]


TABLES: Mapping[str, tuple[Callable[[], str], ...]] = {
    "simulator/README.md": (settings, switches, held_at_most),
    "simulator/admin/README.md": (control_calls,),
    "CONTRIBUTING.md": (test_imports.table,),
}
"""For each page, what makes its tables."""


def renewed(page: str, tables: Iterable[str]) -> str:
    """The text of a page with these tables in the place of the old ones.

    Raises LookupError for a table that the page has no place for.
    """
    for new in tables:
        first_row = new.partition("\n")[0]
        old = re.search(rf"^{re.escape(first_row)}\n(\|.*\n)*", page, re.M)
        if old is None:
            raise LookupError(f"the page has no table that begins {first_row}")
        page = f"{page[: old.start()]}{new}\n{page[old.end() :]}"
    return page


def renew() -> None:
    """Write anew what has changed: tables of pages, folders' sentences, links for new folders."""
    if links.renew():
        print(f"{links.LINKS} is renewed")
    for name, makers in TABLES.items():
        page = (ROOT / name).read_text(encoding="utf-8")
        _write(ROOT / name, page, renewed(page, (make() for make in makers)))
    for package in PACKAGES:
        _write(package, package.read_text(encoding="utf-8"), as_it_should_be(package))


def _write(path: Path, old: str, new: str) -> None:
    if new != old:
        path.write_text(new, encoding="utf-8")
        print(f"{path.relative_to(ROOT).as_posix()} is renewed")


if __name__ == "__main__":
    renew()
