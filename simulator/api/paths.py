"""The paths there are, and the one that somebody may have meant."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from flask import Flask
from werkzeug.routing import Rule

ALIKE = 0.6


def template(rule: Rule) -> str:
    """A rule's path as OpenAPI writes it: `/api/v4.1/job/{jobId}`."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: "{" + _camel_case(found[1]) + "}", rule.rule)
    return path.rstrip("/") or "/"


def nearest_path(app: Flask, path: str) -> str | None:
    """The path most like the given one, as a template; None when none is like it."""
    given = path.rstrip("/").split("/")
    forms = sorted(map(template, app.url_map.iter_rules()), key=_blanks, reverse=True)
    known = {_filled(form, given): form for form in forms}  # of equals the one with fewest blanks
    found = get_close_matches(path, known, n=1, cutoff=ALIKE)
    return known[found[0]] if found else None


def _filled(form: str, given: Sequence[str]) -> str:
    """A path of this form with the values of the given one."""
    steps = form.split("/")
    if len(steps) == len(given):
        pairs = zip(steps, given, strict=True)
        steps = [found if step.startswith("{") else step for step, found in pairs]
    return "/".join(steps)


def _blanks(form: str) -> int:
    return form.count("{")


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
