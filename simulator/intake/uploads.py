"""What a source system believes, or meant to send: CSV or NDJSON, a line at a time.

Each line stands by itself, so that a file of any length can be sent in parts, and a faulty line
keeps none of the others from being read.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import orjson

from ..errors import MOST_LISTED_NAMES, Fault, api_error, refused, shortened
from ..text.encoding import encoding_fault, other_encoding

CSV, NDJSON = "csv", "ndjson"

LONGEST_LINE = 10_000
"""Bytes."""
MOST_LINES = 5_000
"""In one part."""

_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_A_TEXT = "a text that is not empty"
_A_NUMBER = "a whole number"


class UploadKind(StrEnum):
    """What is listed."""

    POSITIONS = "positions"
    DELTAS = "deltas"


class BelievedLine(NamedTuple):
    """One line: a position with its stock on hand, or a delta with its quantity."""

    line: int
    product_ref: str
    location_ref: str
    amount: int
    delta_id: str = ""


class LineFault(NamedTuple):
    """What is wrong with a line; line and column count from 1."""

    line: int
    column: int
    field: str
    found: str
    expected: str


class Upload(NamedTuple):
    """A part of an upload; `kind` is None where nothing is in it."""

    kind: UploadKind | None
    rows: Sequence[BelievedLine]
    faults: Sequence[LineFault]


FIELDS = {
    UploadKind.POSITIONS: ("productRef", "locationRef", "onHand"),
    UploadKind.DELTAS: ("deltaId", "productRef", "locationRef", "qty"),
}
HEADERS = " or ".join(",".join(names) for names in FIELDS.values())


class _LineError(Exception):
    """A line that cannot be read."""

    def __init__(self, fault: LineFault) -> None:
        super().__init__(fault.found)
        self.fault = fault


def read_upload(body: bytes, form: str, first_line: int) -> Upload:
    """The lines of a body, and what is wrong with those that cannot be read.

    `first_line` is the number in its file of the first line with data. Raises ApiError (400) for
    another encoding than UTF-8, a header that is none, and too many lines.
    """
    other = other_encoding(body)
    if other is not None:
        raise api_error(400, f"The text is not {form.upper()} to be used: {other.sentences}")
    lines = body.split(b"\n")
    order: Sequence[str] = ()
    kind: UploadKind | None = None
    if form == CSV and body.strip():
        kind, order = _header(lines.pop(0))
    if lines and not lines[-1].strip():
        lines.pop()
    if len(lines) > MOST_LINES:
        raise refused([Fault("", f"{len(lines):,} lines", f"at most {MOST_LINES:,} in one part")])
    rows: list[BelievedLine] = []
    faults: list[LineFault] = []
    for number, line in enumerate(lines, start=first_line):
        if not line.strip():
            continue
        try:
            text = _text(line, number)
            if form == CSV:
                values = _values(text, order, number)
            else:
                values, kind = _members(text, kind, number)
            rows.append(_row(values, kind or UploadKind.POSITIONS, text, order, number))
        except _LineError as wrong:
            faults.append(wrong.fault)
    if faults and kind is None:  # no line could be read: each is told of, whatever it was to be
        kind = UploadKind.DELTAS if b'"deltaId"' in body else UploadKind.POSITIONS
    return Upload(kind, rows, faults)


def _header(line: bytes) -> tuple[UploadKind, Sequence[str]]:
    """The kind of the lines below, and the order of their fields."""
    text = line.decode("utf-8-sig", "replace").strip()
    names = [name.strip().strip('"') for name in text.split(",")]
    for kind, fields in FIELDS.items():
        if sorted(names) == sorted(fields):
            return kind, names
    raise refused([Fault("/1", f'"{shortened(text)}" as the first line', f"the header {HEADERS}")])


def _text(line: bytes, number: int) -> str:
    if len(line) > LONGEST_LINE:
        found = f"{len(line):,} bytes"
        raise _LineError(LineFault(number, 1, "", found, f"at most {LONGEST_LINE:,} in a line"))
    if line.isascii() and b"\0" not in line:
        return line.decode("ascii").rstrip("\r")
    if encoding := encoding_fault(line):
        fault = LineFault(number, encoding.column, "", encoding.found, encoding.expected)
        raise _LineError(fault)
    return line.decode("utf-8").rstrip("\r")


def _values(text: str, order: Sequence[str], number: int) -> dict[str, object]:
    """The fields of a line of CSV."""
    if '"' not in text:
        values = text.split(",")
    else:
        try:
            [values] = csv.reader([text], strict=True)
        except csv.Error as wrong:
            column = len(text) + 1
            fault = LineFault(number, column, "", str(wrong), "fields with their quotes in pairs")
            raise _LineError(fault) from None
    if len(values) != len(order):
        found, expected = f"{len(values)} fields", f"{len(order)}: {','.join(order)}"
        raise _LineError(LineFault(number, len(text) + 1, "", found, expected))
    return dict(zip(order, values, strict=True))


def _members(
    text: str, kind: UploadKind | None, number: int
) -> tuple[dict[str, object], UploadKind | None]:
    """The members of a line of NDJSON, and of which kind all lines are."""
    try:
        members = orjson.loads(text)
    except orjson.JSONDecodeError as wrong:
        raise _LineError(LineFault(number, wrong.colno, "", wrong.msg, "a JSON object")) from None
    if not isinstance(members, dict):
        raise _LineError(LineFault(number, 1, "", shortened(text), "a JSON object"))
    kind = kind or (UploadKind.DELTAS if "deltaId" in members else UploadKind.POSITIONS)
    unknown = [name for name in members if name not in FIELDS[kind]][:MOST_LISTED_NAMES]
    if unknown:
        column = _column_of(text, unknown[0], ())
        expected = f"one of {', '.join(FIELDS[kind])}"
        fault = LineFault(number, column, shortened(unknown[0]), "an unknown key", expected)
        raise _LineError(fault)
    return members, kind


def _row(
    values: dict[str, object], kind: UploadKind, text: str, order: Sequence[str], number: int
) -> BelievedLine:
    found: list[str] = []
    amount = 0
    for name in FIELDS[kind]:
        value = values.get(name)
        if name in ("onHand", "qty"):
            read = _whole(value)
            if read is None:
                raise _LineError(_fault(name, value, _A_NUMBER, text, order, number))
            amount = read
        elif not isinstance(value, str) or not value:
            raise _LineError(_fault(name, value, _A_TEXT, text, order, number))
        else:
            found.append(value)
    if kind is UploadKind.DELTAS:
        return BelievedLine(number, found[1], found[2], amount, found[0])
    return BelievedLine(number, found[0], found[1], amount)


def _whole(value: object) -> int | None:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if value.__class__ is int and isinstance(value, int) and abs(value) < 10**15:
        return value
    return None


def _fault(
    name: str, value: object, expected: str, text: str, order: Sequence[str], number: int
) -> LineFault:
    found = "nothing" if value in (None, "") else shortened(orjson.dumps(value).decode())
    return LineFault(number, _column_of(text, name, order), name, found, expected)


def _column_of(text: str, name: str, order: Sequence[str]) -> int:
    """Where a field begins in its line."""
    if not order:
        return text.find(orjson.dumps(name).decode()) + 1 or 1
    begins = list(_beginnings(text))
    return begins[list(order).index(name)]


def _beginnings(text: str) -> Iterator[int]:
    """The columns in which the fields of a line of CSV begin."""
    yield 1
    is_quoted = False
    for place, character in enumerate(text, start=1):
        if character == '"':
            is_quoted = not is_quoted
        elif character == "," and not is_quoted:
            yield place + 1
