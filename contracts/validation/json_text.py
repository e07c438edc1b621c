"""From JSON text to a document, and to all that is wrong with the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from fluent_oms_simulator.intake.parsing import (
    DEEPEST_NESTING,
    NotJsonError,
    TextFault,
    TextFaultKind,
    faults_of,
    loaded,
)
from fluent_oms_simulator.text.encoding import other_encoding

from .file_faults import (
    BYTE_ORDER_MARK,
    DEPTH,
    ENCODING,
    REPEATED_KEY,
    SYNTAX,
    VALUE,
    FileFinding,
    told,
)
from .locating import Text

_LEVELS_THAT_ORJSON_WRITES = 254
_RULES = {
    TextFaultKind.ENCODING: ENCODING,
    TextFaultKind.BYTE_ORDER_MARK: BYTE_ORDER_MARK,
    TextFaultKind.SYNTAX: SYNTAX,
    TextFaultKind.VALUE: VALUE,
    TextFaultKind.REPEATED_KEY: REPEATED_KEY,
    TextFaultKind.DEPTH: DEPTH,
}


class Unreadable(Exception):  # noqa: N818 - named for what it is about
    """Text that holds no document; why is in `faults`."""

    def __init__(self, faults: Sequence[FileFinding]) -> None:
        super().__init__(faults)
        self.faults = faults


def read_document(text: Text) -> tuple[Any, list[FileFinding]]:
    """The document in a text, and what is wrong with the text all the same; raises Unreadable."""
    try:
        document = loaded(text.data)
    except NotJsonError as refused:
        raise _unreadable(text, refused) from None
    if is_suspect([document], [text.data]):
        return document, text_faults(text, document)
    return document, []


def is_suspect(documents: Sequence[Any], texts: Sequence[bytes]) -> bool:
    """Whether one of the documents may be nested too deep or have repeated keys: a cheap screen.

    Every key brings a colon, so a key that was lost to a later one leaves fewer of them in the
    documents when they are written again; colons inside of texts are in both, unless escaped.
    """
    try:
        written = orjson.dumps(_buried(documents))
    except TypeError:
        return True
    if sum(text.count(b":") for text in texts) != written.count(b":"):
        return True
    return any(b"\\u003" in text for text in texts)


def text_faults(text: Text, document: Any) -> list[FileFinding]:
    """What is wrong with the text of a suspect document; raises Unreadable for one too deep."""
    try:
        return [_told(text, fault) for fault in faults_of(text.data, document)]
    except NotJsonError as refused:
        raise _unreadable(text, refused) from None


def check_encoding(beginning: bytes) -> None:
    """Raises Unreadable where a source is of another encoding than UTF-8 from its beginning on."""
    fault = other_encoding(beginning)
    if fault is not None:
        raise Unreadable([told(ENCODING, fault.found, fault.expected, (1, 1))])


def _buried(document: Any) -> Any:
    """The document so many levels down that orjson refuses to write one that is too deep."""
    for _ in range(_LEVELS_THAT_ORJSON_WRITES - DEEPEST_NESTING - 1):
        document = (document,)
    return document


def _unreadable(text: Text, refused: NotJsonError) -> Unreadable:
    return Unreadable([_told(text, fault) for fault in refused.faults])


def _told(text: Text, fault: TextFault) -> FileFinding:
    at = fault.character
    place = text.place(fault.pointer) if at is None else text.position(at)
    return told(_RULES[fault.kind], fault.found, fault.expected, place, fault.pointer)
