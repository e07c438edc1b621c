"""From bytes to a JSON document, or to what is wrong with them: for bodies, files and seed data."""

from enum import Enum, auto
from typing import NamedTuple

import orjson

from ..errors import ApiError, Fault, api_error, refused, shortened
from ..text.encoding import encoding_fault
from .diagnosis import diagnose, repeated_keys

DEEPEST_NESTING = 200
"""Levels. orjson writes 254, and an event's attributes are shown some levels down in a page."""

_LEVELS_ABOVE = 254 - DEEPEST_NESTING
"""So many, around a document that nests as deep as it may, are the last that orjson writes."""
_LONGEST_COUNTED = 4096
"""Bytes. To count the brackets of more takes longer than to write the document so far down."""
MOST_TOLD = 3
"""Faults in one message."""


class TextFaultKind(Enum):
    """What can be wrong with JSON text before anybody asks what it is about."""

    ENCODING = auto()
    BYTE_ORDER_MARK = auto()
    SYNTAX = auto()
    VALUE = auto()
    REPEATED_KEY = auto()
    DEPTH = auto()


class TextFault(NamedTuple):
    """One thing wrong with JSON text, and where: a pointer, or a character of it from 0.

    `sentences` tell what has no place in a document.
    """

    kind: TextFaultKind
    found: str
    expected: str
    pointer: str = ""
    character: int | None = None
    sentences: str = ""

    @property
    def told(self) -> str:
        """The fault in sentences."""
        return self.sentences or Fault(self.pointer, self.found, self.expected).message


class NotJsonError(ValueError):
    """Bytes that hold no document; why is in `faults`."""

    def __init__(self, *faults: TextFault) -> None:
        super().__init__("; ".join(fault.told for fault in faults[:MOST_TOLD]))
        self.faults = faults

    @property
    def _is_depth(self) -> bool:
        return self.faults[0].kind is TextFaultKind.DEPTH

    def told_of(self, name: str) -> str:
        """The sentence about a file, or what else has this name."""
        return f"{name} {self}" if self._is_depth else f"{name} is not JSON to be used: {self}"

    @property
    def reply(self) -> ApiError:
        """The refusal of a body (400)."""
        first = self.faults[0]
        if self._is_depth:
            return api_error(400, f"The body {first.sentences}")
        if first.sentences:
            return api_error(400, f"The body is not valid JSON: {first.sentences}")
        return refused([Fault(fault.pointer, fault.found, fault.expected) for fault in self.faults])


def parse(body: bytes) -> object:
    """The document in `body`; raises ApiError (400) for anything that is not one JSON document."""
    if not body:
        raise api_error(400, "The body is empty: expected a JSON object.")
    try:
        return read_json(body)
    except NotJsonError as fault:
        raise fault.reply from None


def read_json(data: bytes) -> object:
    """The one document in the bytes, each of its keys once; raises NotJsonError."""
    document = loaded(data)
    faults = faults_of(data, document)
    if faults:
        raise NotJsonError(*faults)
    return document


def loaded(data: bytes) -> object:
    """The document that a parser makes of the bytes; raises NotJsonError."""
    try:
        document: object = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotJsonError(*_why_not(data, error)) from None
    return document


def faults_of(data: bytes, document: object) -> list[TextFault]:
    """What is wrong with the text of a document all the same; raises NotJsonError for its depth."""
    try:
        # Most bodies have too few brackets to nest that deep; in a long one they are not counted.
        deep = len(data) > _LONGEST_COUNTED or data.count(b"{") + data.count(b"[") > DEEPEST_NESTING
        rewritten = orjson.dumps(_buried(document) if deep else document)
    except TypeError:
        found = f"more than {DEEPEST_NESTING} levels"
        expected = f"at most {DEEPEST_NESTING} levels of objects and arrays"
        told = f"nests deeper than {DEEPEST_NESTING} levels: expected a flatter object."
        raise NotJsonError(
            TextFault(TextFaultKind.DEPTH, found, expected, sentences=told)
        ) from None
    if rewritten.startswith(data, _LEVELS_ABOVE if deep else 0):  # written as orjson writes
        return []
    return key_faults(data) if _may_repeat_keys(data, rewritten) else []


def key_faults(data: bytes) -> list[TextFault]:
    """The keys that stand more than once in one object, of bytes that are JSON."""
    return [
        TextFault(TextFaultKind.REPEATED_KEY, fault.found, fault.expected, fault.pointer)
        for fault in repeated_keys(data)
    ]


def _why_not(data: bytes, error: orjson.JSONDecodeError) -> list[TextFault]:
    """What keeps bytes from being JSON; the parser's own words are the last resort."""
    encoding = encoding_fault(data)
    if encoding is None or (encoding.character and _has_halves_at_most(data)):
        named = diagnose(data)
        if named:
            return [_named(fault) for fault in named]
    if encoding is not None:
        kind = TextFaultKind.BYTE_ORDER_MARK if encoding.is_mark else TextFaultKind.ENCODING
        found, expected, character, *_ = encoding
        return [TextFault(kind, found, expected, "", character, encoding.sentences)]
    sentences = f"{error}. Expected one JSON object."
    found, expected = _of_syntax(error)
    return [TextFault(TextFaultKind.SYNTAX, found, expected, "", error.pos, sentences)]


_EXPECTED = {
    "trailing comma is not allowed": "no comma before the end",
    "unexpected content after document": "the end of the text after one JSON document",
    "unexpected control character in string": "its escape, such as \\n",
    "number with leading zero is not allowed": "a number without a leading zero",
    "invalid escaped sequence in string": "an escape that JSON has",
}
"""What the parser had expected where it only says what it has met."""


def _of_syntax(error: orjson.JSONDecodeError) -> tuple[str, str]:
    """What stands where the text is no JSON, and what was expected there."""
    _, comma, expected = error.msg.partition(", expected ")
    here = error.doc[error.pos : error.pos + 1]
    found = f"the character {shortened(repr(here))}" if here else "the end of the text"
    if comma:
        return found, expected
    if not here:
        return found, "the rest of the document"
    return found, _EXPECTED.get(error.msg, f"one JSON document ({error.msg})")


def _has_halves_at_most(data: bytes) -> bool:
    """Whether halves of surrogate pairs are all that keeps text from being UTF-8."""
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _named(fault: Fault) -> TextFault:
    kind = TextFaultKind.REPEATED_KEY if fault.expected == "each key once" else TextFaultKind.VALUE
    return TextFault(kind, fault.found, fault.expected, fault.pointer)


def _buried(document: object) -> object:
    """The document so many levels down that orjson refuses to write one that is too deep."""
    for _ in range(_LEVELS_ABOVE):
        document = (document,)
    return document


def _may_repeat_keys(body: bytes, rewritten: bytes) -> bool:
    """Whether `body` could hold more keys than the document that was read from it.

    A cheap screen before the exact and slow look. Every key brings a colon, so a key that was lost
    to a later one leaves fewer in the rewritten document; colons inside of texts are in both,
    unless they were escaped.
    """
    # A backslash is found ten times as fast as the longer text.
    return (b"\\" in body and b"\\u003" in body) or body.count(b":") != rewritten.count(b":")
