"""A finding as a file, with all that it takes to repeat it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..text.encoding import encoding_fault
from .found_breaks import Finding

LONGEST_WITHIN = 10 * 365 * 86_400
"""Seconds, beyond which a wait cannot be made."""
FORMAT = "fluent-sim explore finding, 1"


class UnusableFindingError(Exception):
    """A file that is none of a finding; the message is the end of a sentence."""


class Repeatable(NamedTuple):
    """What a finding was found with."""

    command: Sequence[str]
    server: Sequence[str]
    """Options of `fluent-sim serve`."""
    seed: int
    within: float
    expected: str | None
    """The file of stock or deltas that was expected, as text."""
    env_file: str | None
    """Where the further variables stand that the command is told."""
    finding: Finding

    def written(self) -> str:
        """As JSON."""
        document = {"format": FORMAT, **self._asdict(), "finding": self.finding.document()}
        return json.dumps(document, indent=2) + "\n"

    @classmethod
    def read(cls, text: bytes) -> Repeatable:
        """What `written` has made; raises UnusableFindingError."""
        if encoding := encoding_fault(text):
            raise UnusableFindingError(encoding.sentences.removesuffix("."))
        try:
            told: Mapping[str, Any] = json.loads(text)
            if told["format"] != FORMAT:
                raise UnusableFindingError(f"expected {FORMAT!r}, found {told['format']!r}")
            found = cls(
                _texts(told["command"]),
                _texts(told["server"]),
                _seed(told["seed"]),
                _seconds(told["within"]),
                _text(told["expected"]),
                _text(told["env_file"]),
                Finding.read(told["finding"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as fault:
            raise UnusableFindingError(
                f"it was not written by `fluent-sim explore` ({type(fault).__name__}: {fault})"
            ) from None
        if not any(found.command[:1]):
            raise UnusableFindingError("it names no command")
        return found


def _seed(told: Any) -> int:
    if not isinstance(told, int) or isinstance(told, bool):
        raise TypeError(f"expected a whole number, found {json.dumps(told)[:80]}")
    return told


def _seconds(told: Any) -> float:
    if not isinstance(told, int | float) or not 0 < told < LONGEST_WITHIN:
        raise TypeError(f"expected seconds, found {json.dumps(told)[:80]}")
    return float(told)


def _text(told: Any) -> str | None:
    if told is None:
        return None
    [text] = _texts([told])
    text.encode()  # or it can be sent to nobody
    return text


def _texts(told: Any) -> list[str]:
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise TypeError(f"expected a list of texts, found {json.dumps(told)[:80]}")
    for each in told:
        if b"\0" in os.fsencode(each):
            raise ValueError(f"no system takes {json.dumps(each)[:80]}")
    return told
