"""Result files of version 1: their times lay in buckets 5 % wide."""

from __future__ import annotations

import math
from typing import Any

from .histogram import bucket_of

WIDTH = 0.05
NOTE = "This result was measured with buckets 5 % wide: its percentiles may be up to 5 % too long."
_GROWTH = math.log(1 + WIDTH)


def as_second(document: dict[str, Any]) -> dict[str, Any]:
    """The document as one of version 2; what is not as it should be is left to the reader of it."""
    made = {**document, "version": 2}
    latencies = document.get("latencies")
    if isinstance(latencies, dict) and latencies:
        made["latencies"] = {name: _histogram(each) for name, each in latencies.items()}
        notes = document.get("notes", [])
        made["notes"] = [*notes, NOTE] if isinstance(notes, list) else notes
    return made


def _histogram(histogram: object) -> object:
    buckets = histogram.get("buckets") if isinstance(histogram, dict) else None
    if not isinstance(histogram, dict) or not isinstance(buckets, dict):
        return histogram
    moved: dict[str, Any] = {}
    for name, number in buckets.items():
        if not (name.isdecimal() and len(name) < 5 and isinstance(number, int)):
            return histogram
        bucket = str(bucket_of(_longest(int(name))))
        moved[bucket] = moved.get(bucket, 0) + number
    return {**histogram, "buckets": moved, "width": WIDTH}


def _longest(bucket: int) -> float:
    return 0.001 * math.exp(_GROWTH * bucket)
