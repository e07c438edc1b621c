"""From bytes to a JSON document, or to a sentence saying why they are none."""

import json
import re
from collections import Counter
from collections.abc import Iterator

import orjson

from .errors import ApiError, Fault, api_error, pointer_token, refused, shortened

# orjson reads deeper documents than it can write again.
DEEPEST_NESTING = 254

_GAP = re.compile(rb'"[ \n\r\t]')


def parse(body: bytes) -> object:
    """The document in `body`; raises ApiError (400) for anything that is not one JSON document."""
    if not body:
        raise api_error(400, "The body is empty: expected a JSON object.")
    try:
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _malformed(str(error)) from None
    try:
        rewritten = orjson.dumps(document)
    except (TypeError, RecursionError):
        raise api_error(400, f"The body nests deeper than {DEEPEST_NESTING} levels.") from None
    if _may_repeat_keys(body, rewritten):
        _refuse_repeated_keys(body)
    return document


def _malformed(reason: str) -> ApiError:
    return api_error(400, f"The body is not valid JSON: {reason}. Expected one JSON object.")


def _may_repeat_keys(body: bytes, rewritten: bytes) -> bool:
    """Whether `body` could hold more keys than the document that was read from it.

    A cheap screen before the exact and slow look: where no white space follows a quote, every key
    ends in `":`. In the rewritten document the same mark, where no backslash stands before it, is
    a key for certain; so an equal count proves that no key was lost to a later one.
    """
    if _GAP.search(body):
        return True
    return body.count(b'":') != rewritten.count(b'":') - rewritten.count(b'\\":')


class _Pairs(list[tuple[str, object]]):
    """An object as it was written, repeated keys included."""


def _refuse_repeated_keys(body: bytes) -> None:
    try:
        written = json.loads(body, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        raise _malformed(shortened(str(error))) from None
    repeated = list(_repeated_keys(written, ""))
    if repeated:
        raise refused(repeated)


def _repeated_keys(value: object, pointer: str) -> Iterator[Fault]:
    if isinstance(value, _Pairs):
        for key, times in Counter(key for key, _ in value).items():
            if times > 1:
                yield Fault(
                    f"{pointer}/{pointer_token(key)}", f"this key {times} times", "each key once"
                )
        for key, item in value:
            yield from _repeated_keys(item, f"{pointer}/{pointer_token(key)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _repeated_keys(item, f"{pointer}/{index}")
