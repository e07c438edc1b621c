"""From JSON text to a document, and to all that is wrong with the text."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import Any

import orjson
from fluent_oms_simulator.diagnosis import diagnose, repeated_keys
from fluent_oms_simulator.errors import Fault
from fluent_oms_simulator.payloads import DEEPEST_NESTING

from .faults import DEPTH, ENCODING, REPEATED_KEY, SYNTAX, VALUE, Told, told
from .locating import Text

_LEVELS_THAT_ORJSON_WRITES = 254
_OTHER_ENCODINGS = (
    codecs.BOM_UTF32_LE,
    codecs.BOM_UTF32_BE,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
)


class Unreadable(Exception):  # noqa: N818 - named for what it is about
    """Text that holds no document; why is in `faults`."""

    def __init__(self, faults: Sequence[Told]) -> None:
        super().__init__(faults)
        self.faults = faults


def read_document(text: Text) -> tuple[Any, list[Told]]:
    """The document in a text, and what is wrong with the text all the same; raises Unreadable."""
    try:
        document = orjson.loads(text.data)
    except orjson.JSONDecodeError as error:
        raise Unreadable(_why_not(text, error)) from None
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


def text_faults(text: Text, document: Any) -> list[Told]:
    """What is wrong with the text of a suspect document; raises Unreadable for one too deep."""
    try:
        orjson.dumps(_buried(document))
    except TypeError:
        found = f"more than {DEEPEST_NESTING} levels"
        expected = f"at most {DEEPEST_NESTING} levels of objects and arrays"
        raise Unreadable([told(DEPTH, found, expected, text.place(""))]) from None
    return [
        told(REPEATED_KEY, fault.found, fault.expected, text.place(fault.pointer), fault.pointer)
        for fault in repeated_keys(text.data)
    ]


def encoding_fault(data: bytes) -> str:
    """What another encoding than UTF-8 the text begins like; empty if it does not."""
    if data.startswith(_OTHER_ENCODINGS) or b"\0" in data[:4]:
        return "text that looks like UTF-16 or UTF-32"
    return ""


def _buried(document: Any) -> Any:
    """The document so many levels down that orjson refuses to write one that is too deep."""
    for _ in range(_LEVELS_THAT_ORJSON_WRITES - DEEPEST_NESTING - 1):
        document = (document,)
    return document


def _why_not(text: Text, error: orjson.JSONDecodeError) -> list[Told]:
    try:
        text.data.decode("utf-8")
    except UnicodeDecodeError as broken:
        before = len(text.data[: broken.start].decode("utf-8"))
        found = encoding_fault(text.data) or f"byte 0x{text.data[broken.start]:02X}"
        return [told(ENCODING, found, "UTF-8", text.position(before))]
    found = encoding_fault(text.data)
    if found:
        return [told(ENCODING, found, "UTF-8", text.position(0))]
    return [_value_fault(text, fault) for fault in diagnose(text.data)] or [
        told(SYNTAX, error.msg, "one JSON document", text.position(error.pos))
    ]


def _value_fault(text: Text, fault: Fault) -> Told:
    rule = REPEATED_KEY if fault.expected == "each key once" else VALUE
    return told(rule, fault.found, fault.expected, text.place(fault.pointer), fault.pointer)
