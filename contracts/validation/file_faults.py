"""What can be wrong with a file beside what a rule finds in it: its text, or who has judged it."""

from __future__ import annotations

from typing import NamedTuple

from ..rules.rule import Finding, Severity

PREFIXES = ("FOMS-F", "FOMS-X")
"""What the ids of these rules begin with; FOMS-X is about what judges, not about what is judged."""


class FileRule(NamedTuple):
    """A rule about files; what breaks it is found like what breaks any other rule."""

    id: str
    title: str
    severity: Severity
    hint: str


class FileFinding(NamedTuple):
    """A finding about a file, and where in it."""

    finding: Finding
    rule: FileRule
    line: int | None = None
    column: int | None = None


ENCODING = FileRule(
    "FOMS-F001",
    "The text is not UTF-8",
    Severity.ERROR,
    "Write the file in UTF-8; JSON knows no other encoding.",
)
BYTE_ORDER_MARK = FileRule(
    "FOMS-F002",
    "The text begins with a byte order mark",
    Severity.ERROR,
    "Write UTF-8 without a byte order mark: JSON that is sent must not have one (RFC 8259, 8.1).",
)
SYNTAX = FileRule(
    "FOMS-F003",
    "The text is not JSON",
    Severity.ERROR,
    "Repair the text at this place; the document was not checked from here on, or not at all.",
)
VALUE = FileRule(
    "FOMS-F004",
    "JSON has no such value",
    Severity.ERROR,
    "JSON has no NaN, no Infinity and no half of a character: leave the field out instead.",
)
REPEATED_KEY = FileRule(
    "FOMS-F005",
    "A key stands more than once in an object",
    Severity.ERROR,
    "Keep one of them: parsers differ in which they take, and the simulator refuses both.",
)
DEPTH = FileRule(
    "FOMS-F006",
    "The document is nested too deep",
    Severity.ERROR,
    "Flatten the attributes; no payload of the API needs as many levels.",
)
COMPRESSION = FileRule(
    "FOMS-F007",
    "The compressed data is broken",
    Severity.ERROR,
    "Compress or copy the file again; what comes after this place was not checked.",
)
SIZE = FileRule(
    "FOMS-F008",
    "What has to be read at once is too large",
    Severity.ERROR,
    "Write one document to a line (NDJSON), or the records as one array.",
)
UNKNOWN = FileRule(
    "FOMS-F009",
    "The document is no payload of the inventory APIs",
    Severity.WARNING,
    "Say what it is with --kind, or leave the file out.",
)
EMPTY = FileRule(
    "FOMS-F010",
    "The array holds no document",
    Severity.ERROR,
    "Write the documents into it, or leave the file out: the server refuses an array.",
)

NO_OBJECT = FileRule(
    "FOMS-F011",
    "The document is no object",
    Severity.ERROR,
    "Send an object: the server refuses any other value, whatever was meant.",
)

ENGINES = FileRule(
    "FOMS-X001",
    "Two validators judge a document differently",
    Severity.ERROR,
    "Report it with the document: one of the validators has a fault, or the schema is read in two"
    " ways. Until then trust neither about this place.",
)

FILE_RULES = (
    ENCODING,
    BYTE_ORDER_MARK,
    SYNTAX,
    VALUE,
    REPEATED_KEY,
    DEPTH,
    COMPRESSION,
    SIZE,
    UNKNOWN,
    EMPTY,
    NO_OBJECT,
    ENGINES,
)

PAYLOADS = "a batch, an event, a job, or inventory records"


def told(
    rule: FileRule,
    found: str,
    expected: str,
    place: tuple[int, int] | None = None,
    pointer: str = "",
) -> FileFinding:
    """A finding of a file rule, at a line and column if they are known."""
    finding = Finding(rule.id, rule.severity, pointer, found, expected)
    line, column = place or (None, None)
    return FileFinding(finding, rule, line, column)
