"""A failure for people: why, and what was said last between caller and server."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from fluent_oms_simulator.client.client_errors import AnswerError, SignInError, UnreachableError
from fluent_oms_simulator.client.exchanges import RoundTrip

from ..reporting.run_report import Verdict

LAST_SHOWN = 4
MOST_CHARACTERS = 600
MOST_LINES = 25
SECRET = "<secret>"
SECRETS = ("password=", "client_secret=", "refresh_token=", "access_token")


def reason_of(fault: BaseException) -> tuple[str, str]:
    """The first line of why a contract failed, and the rest."""
    leaves = list(_leaves(fault))
    texts = [str(leaf).strip() or type(leaf).__name__ for leaf in leaves]
    notes = [note for each in (fault, *leaves) for note in getattr(each, "__notes__", ())]
    first, _, rest = "\n".join(dict.fromkeys(texts)).partition("\n")
    kept = [note for note in notes if not note.startswith(("Explanation:", "You can reproduce"))]
    lines = "\n".join([rest, *dict.fromkeys(kept)]).strip().splitlines()
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"... and {len(lines) - MOST_LINES} more lines"]
    return first, "\n".join(lines)


def verdict_on(fault: BaseException) -> Verdict:
    """What an exception says of a contract: that it does not hold, or that nobody could find out.

    Only what a contract asserts is about the server, and an answer that its caller could not go on
    with; any other exception is a fault of ours.
    """
    could_not_ask = (UnreachableError, SignInError)
    leaves = _leaves(fault)
    asserted = any(isinstance(leaf, AssertionError | AnswerError) for leaf in leaves)
    is_about_it = asserted and not any(isinstance(leaf, could_not_ask) for leaf in leaves)
    return Verdict.FAILED if is_about_it else Verdict.ERROR


def _leaves(fault: BaseException) -> list[BaseException]:
    if isinstance(fault, BaseExceptionGroup):
        return [leaf for part in fault.exceptions for leaf in _leaves(part)]
    return [fault]


def exchanges_told(exchanges: Sequence[RoundTrip]) -> str:
    """The last exchanges, a line for what was sent and one for what came back."""
    return "\n".join(line for each in exchanges[-LAST_SHOWN:] for line in _told(each))


def _told(exchange: RoundTrip) -> tuple[str, str]:
    parts = urlsplit(exchange.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    came = f"{exchange.status} {shown(exchange.received)}" if exchange.status else "no answer"
    return f"sent  {exchange.method} {shown(path)} {shown(exchange.sent)}".rstrip(), f"found {came}"


def shown(text: bytes | str) -> str:
    """A body as one line, cut, and never with a secret in it."""
    words = text.decode("utf-8", "backslashreplace") if isinstance(text, bytes) else text
    if any(name in words for name in SECRETS):
        return SECRET
    words = " ".join(words.split())
    return words if len(words) <= MOST_CHARACTERS else f"{words[:MOST_CHARACTERS]}…"
