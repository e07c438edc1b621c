"""Draws the pages of `templates/`: what a template prints is made printable and escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fluent_oms_simulator.text.printable import printable
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import wording

FILTERS = (
    wording.duration,
    wording.headline,
    wording.milliseconds,
    wording.moment,
    wording.number,
    wording.objective_found,
    wording.objective_text,
    wording.objective_word,
    wording.plural,
    wording.rate_sent,
    wording.rates,
    wording.step_word,
)
"""Each is known to the templates by its name."""


def drawn(template: str, **values: object) -> str:
    """A page, from its template and what that speaks of."""
    return _templates().get_template(template).render(values)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        finalize=_printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {each.__name__: each for each in FILTERS}
    return made


def _printable(value: object) -> object:
    """A text whose line ends remain; what is markup by now has been through here."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return "\n".join(map(printable, value.split("\n")))
    return value
