"""The paths there are, and the one that somebody may have meant."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property

from flask import Flask
from werkzeug.routing import Rule

ALIKE = 0.6
ALIKE_WHERE_THEY_DIFFER = 0.5
MOST_LOOKED_AT = 5


def template(rule: Rule) -> str:
    """A rule's path as OpenAPI writes it: `/api/v4.1/job/{jobId}`."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: "{" + _camel_case(found[1]) + "}", rule.rule)
    return path.rstrip("/") or "/"


class PathFinder:
    """Finds the path that somebody may have meant."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _forms(self) -> list[str]:
        """Every path, those with most blanks first."""
        forms = map(template, self._app.url_map.iter_rules())
        return sorted(forms, key=lambda form: form.count("{"), reverse=True)

    def nearest(self, path: str) -> str | None:
        """The path most like the given one, as a template; None when none is like it."""
        given = path.rstrip("/").split("/")
        # Of equals the last one counts, which has the fewest blanks.
        known = {_filled(form, given): form for form in self._forms}
        found = get_close_matches(path, known, n=MOST_LOOKED_AT, cutoff=ALIKE)
        return next(
            (known[each] for each in found if _may_be_meant(given, each, known[each])), None
        )


def _may_be_meant(given: Sequence[str], filled: str, form: str) -> bool:
    """Whether paths that are alike as a whole are so also in the steps that differ.

    Most paths are alike for what they begin with, such as `/__admin/`, which says nothing.
    """
    ahead = _alike(given, filled.split("/"))
    wrong, right = given[ahead:], form.split("/")[ahead:]
    if not wrong or _alike(wrong[::-1], right[::-1]):
        return True  # the beginning of a call, or the same one under another beginning
    likeness = SequenceMatcher(None, "/".join(wrong), "/".join(right)).ratio()
    return likeness >= ALIKE_WHERE_THEY_DIFFER


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """With how many equal steps both begin."""
    differs = (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differs, min(len(one), len(other)))


def _filled(form: str, given: Sequence[str]) -> str:
    """A path of this form with the values of the given one."""
    steps = form.split("/")
    if len(steps) == len(given):
        pairs = zip(steps, given, strict=True)
        steps = [found if step.startswith("{") else step for step, found in pairs]
    return "/".join(steps)


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
