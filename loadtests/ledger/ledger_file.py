"""A ledger as JSON lines: one line for each count and each delta."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from ..traffic.trade_events import Position
from .expectation import SentCount, SentDelta


def write_lines(
    path: Path, counts: Iterable[tuple[Position, SentCount]], deltas: Iterable[SentDelta]
) -> None:
    """Write counts, then deltas."""
    with path.open("wb") as file:
        for position, count in counts:
            line = ("count", *position, *_values(count))
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        for delta in deltas:
            line = ("delta", *delta.position, *_values(delta))
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def read_lines(path: Path) -> Iterator[tuple[Position, SentCount | SentDelta]]:
    """Read what was written, line by line; refs are kept once, however often they occur."""
    refs: dict[str, str] = {}
    with path.open("rb") as file:
        for line in file:
            kind, product, location, *values = orjson.loads(line)
            position = Position(
                refs.setdefault(product, product), refs.setdefault(location, location)
            )
            if kind == "count":
                yield position, SentCount(*values)
            else:
                delta_id, *others = values
                yield position, SentDelta(delta_id, position, *others)


def _values(entry: SentCount | SentDelta) -> tuple[object, ...]:
    if isinstance(entry, SentCount):
        return entry.quantity, entry.sent_at, entry.completed_at, entry.request
    return (
        entry.delta_id,
        entry.quantity,
        entry.sent_at,
        entry.acknowledged_at,
        entry.request,
        entry.visible_at,
        entry.repeats,
    )
