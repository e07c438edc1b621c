"""Spans of time on the command line."""

import click
import pytest
from fluent_oms_simulator.console.spans import span


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("5m", 300), ("1h", 3600), ("250ms", 0.25), ("90", 90), ("1.5 M", 90)],
)
def test_a_span_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert span(text) == seconds


@pytest.mark.parametrize("text", ["", "0s", "-5", "5 days", "1e9", "nan", "s", "٣s"])
def test_what_is_no_span_is_told_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match="30s, 5m or 1h"):
        span(text)
