"""How long something takes, as people write it."""

import re

import click

SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_SPAN = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(ms|s|m|h|)\s*", re.IGNORECASE)


def span(text: str) -> float:
    """Seconds in a span of time such as 30s, 5m or 1h; a bare number is seconds.

    Raises click.BadParameter.
    """
    matched = _SPAN.fullmatch(text)
    seconds = float(matched[1]) * SECONDS[matched[2].lower()] if matched else 0.0
    if seconds <= 0:
        raise click.BadParameter(f"{text!r} is no span of time: expected such as 30s, 5m or 1h")
    return seconds
