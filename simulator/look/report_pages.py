"""Draws the pages that a report is: what a template prints is made printable and escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..text.printable import LONGEST, printable
from .style_sheet import STYLE_SHEET

_FRAME = (Path(__file__).with_name("templates"), STYLE_SHEET.parent)
"""`page.html`, which every page extends, `parts.html`, and the styles that go into it."""


class ReportPages:
    """The pages of one folder of templates, each a single file that needs no other.

    Each of `filters` is known to the templates by its name; of a line no more is shown than
    `longest` characters.
    """

    def __init__(
        self,
        templates: Path,
        filters: Sequence[Callable[..., object]] = (),
        longest: int = LONGEST,
    ) -> None:
        self._folders = (templates, *_FRAME)
        self._filters = filters
        self._longest = longest

    def drawn(self, template: str, **values: object) -> str:
        """A page, from its template and what that speaks of."""
        return self._environment.get_template(template).render(values)

    @cached_property
    def _environment(self) -> Environment:
        made = Environment(
            loader=FileSystemLoader(self._folders),
            autoescape=True,
            finalize=self._printable,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters |= {each.__name__: each for each in self._filters}
        return made

    def _printable(self, value: object) -> object:
        """A text whose line ends remain; what is markup by now has been through here."""
        if isinstance(value, str) and not hasattr(value, "__html__"):
            return "\n".join(printable(line, self._longest) for line in value.split("\n"))
        return value
