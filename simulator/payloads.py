"""From bytes to a JSON document, or to a sentence saying why they are none."""

import orjson

from .diagnosis import diagnose, repeated_keys
from .errors import api_error, refused

DEEPEST_NESTING = 200
"""Levels. orjson writes 254, and an event's attributes are shown some levels down in a page."""

_LEVELS_THAT_ORJSON_WRITES = 254


def parse(body: bytes) -> object:
    """The document in `body`; raises ApiError (400) for anything that is not one JSON document."""
    if not body:
        raise api_error(400, "The body is empty: expected a JSON object.")
    try:
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        faults = diagnose(body)
        if faults:
            raise refused(faults) from None
        message = f"The body is not valid JSON: {error}. Expected one JSON object."
        raise api_error(400, message) from None
    try:
        # Most bodies have too few brackets to nest that deep.
        deep = body.count(b"{") + body.count(b"[") > DEEPEST_NESTING
        rewritten = orjson.dumps(_buried(document) if deep else document)
    except TypeError:
        message = f"The body nests deeper than {DEEPEST_NESTING} levels: expected a flatter object."
        raise api_error(400, message) from None
    if _may_repeat_keys(body, rewritten):
        faults = repeated_keys(body)
        if faults:
            raise refused(faults)
    return document


def _buried(document: object) -> object:
    """The document so many levels down that orjson refuses to write one that is too deep."""
    for _ in range(_LEVELS_THAT_ORJSON_WRITES - DEEPEST_NESTING):
        document = (document,)
    return document


def _may_repeat_keys(body: bytes, rewritten: bytes) -> bool:
    """Whether `body` could hold more keys than the document that was read from it.

    A cheap screen before the exact and slow look. Every key brings a colon, so a key that was lost
    to a later one leaves fewer in the rewritten document; colons inside of texts are in both,
    unless they were escaped.
    """
    return b"\\u003" in body or body.count(b":") != rewritten.count(b":")
