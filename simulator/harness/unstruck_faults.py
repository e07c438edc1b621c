"""Faults that were to strike certain requests, and have struck none: a test has not seen them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

__tracebackhide__ = True  # pytest shows the line of the test that has called

Unstruck = Literal["fail", "warn", "ignore"]
"""What is done about such a fault at the end of a test."""

CERTAIN = ("nth", "attempt")
"""What names certain requests in the match of a rule; so does a limit of times."""


def checked_unstruck(word: object) -> Unstruck:
    """The word; raises ValueError for one that there is not."""
    for known in get_args(Unstruck):
        if word == known:
            found: Unstruck = known
            return found
    raise ValueError(f"unstruck: found {word!r}, expected {', '.join(get_args(Unstruck))}")


def unstruck_note(told: Mapping[str, Any]) -> str:
    """Of the rules that are armed, as the control API tells them; empty where there is none.

    Those that go by chance, and those of presets, need not strike.
    """
    of_presets = tuple(f"{preset['name']}." for preset in told["presets"])
    lines = [
        unstruck_sentence(rule)
        for rule in told["rules"]
        if not rule["fired"] and _is_to_strike(rule) and not rule["id"].startswith(of_presets)
    ]
    if lines:
        lines.append('Arm it for what is sent, disarm() it, or choose unstruck="ignore".')
    return "\n".join(lines)


def unstruck_sentence(rule: Mapping[str, Any]) -> str:
    """That a rule has struck nothing, which requests it was for, and how many such there were."""
    at = f" at {rule['point']}" if "point" in rule else ""
    match = ", ".join(f"{name} {value}" for name, value in rule.get("match", {}).items())
    for_what = f" for {match}" if match else ""
    count = rule["matched"]
    if not count:
        came = "no such request came"
    else:
        came = "1 such request came" if count == 1 else f"{count:,} such requests came"
        came += ", but for its number" if "nth" in rule.get("match", {}) else ""
    return f"The fault {rule['id']} ({rule['kind']}{at}{for_what}) has struck nothing: {came}."


def _is_to_strike(rule: Mapping[str, Any]) -> bool:
    match = rule.get("match", {})
    is_certain = any(name in match for name in CERTAIN) or "times" in rule.get("limit", {})
    return is_certain and "probability" not in match
