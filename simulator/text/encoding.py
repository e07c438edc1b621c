"""Whether bytes are text in UTF-8: one answer, in the same words, for whoever reads some.

JSON and TOML know no other encoding, and JSON that is sent has no byte order mark (RFC 8259, 8.1).
"""

import codecs
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

_MARKED = (
    # The marks of UTF-32 before those of UTF-16, which they begin with.
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


_MARK = "a byte order mark"


class EncodingFault(NamedTuple):
    """What is there in place of UTF-8, and before which character of the text, from 0."""

    found: str
    expected: str
    character: int = 0
    line: int = 1
    column: int = 1

    @property
    def is_mark(self) -> bool:
        """Whether it is only a byte order mark before text that may well be UTF-8."""
        return self.found == _MARK

    @property
    def sentences(self) -> str:
        """The fault and its place, to follow a colon."""
        place = f"line {self.line} column {self.column}"
        return f"found {self.found} at {place}. Expected {self.expected}."


def encoding_fault(data: bytes) -> EncodingFault | None:
    """Why the bytes are not text in UTF-8 without a byte order mark; None when they are."""
    if data.startswith(codecs.BOM_UTF8):
        return EncodingFault(_MARK, "UTF-8 without one")
    other = other_encoding(data)
    if other is not None:
        return other
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as broken:
        before = data[: broken.start].decode("utf-8")
        line_start = before.rfind("\n") + 1
        return EncodingFault(
            f"byte 0x{data[broken.start]:02X}",
            "UTF-8",
            len(before),
            before.count("\n") + 1,
            len(before) - line_start + 1,
        )
    return None


def other_encoding(beginning: bytes) -> EncodingFault | None:
    """The encoding other than UTF-8 that text begins in; None where it does not.

    Text of JSON and of TOML begins with ASCII, which these encodings fill up with zeros.
    """
    name = next((name for mark, name in _MARKED if beginning.startswith(mark)), "")
    zeros = [byte == 0 for byte in beginning[:4]]
    if not name and (zeros[:3] == [True] * 3 or zeros[1:] == [True] * 3):
        name = "UTF-32"
    elif not name and zeros[:2] in ([True, False], [False, True]):
        name = "UTF-16"
    return EncodingFault(f"text that looks like {name}", "UTF-8") if name else None


def parameter_fault(encoded: bytes) -> tuple[str, EncodingFault] | None:
    """The first parameter of a query or a form that is not UTF-8, by its name; None without one.

    The name is empty where all of it is in another encoding. What is not UTF-8 would be read with
    a sign for each byte that was lost, and find nothing.
    """
    if encoded.startswith(codecs.BOM_UTF8) or other_encoding(encoded) is not None:
        fault = encoding_fault(encoded)
        assert fault is not None
        return "", fault
    if encoded.isascii() and b"%" not in encoded:
        return None
    for pair in encoded.split(b"&"):
        name, _, value = pair.replace(b"+", b" ").partition(b"=")
        for part in map(unquote_to_bytes, (name, value)):
            try:
                part.decode("utf-8")
            except UnicodeDecodeError:
                fault = encoding_fault(part)
                assert fault is not None
                return unquote_to_bytes(name).decode("utf-8", "replace"), fault
    return None
