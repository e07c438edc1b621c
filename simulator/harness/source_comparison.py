"""What a source system believes, held against the simulator's stock or its ledger."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..client.control_calls import ControlCalls
from ..client.upload_parts import CSV, upload_parts
from .delta_stories import DeltaStories
from .positions import find_position, place_of
from .stock_notes import stock_story

__tracebackhide__ = True  # pytest shows the line of the test that has called

RECONCILE = "/__admin/reconcile"
MOST_TOLD = 20

Believed = str | Path | Mapping[tuple[str, str], int]
"""CSV or NDJSON as text or as a file; or the stock on hand of each product and location."""


def reconciliation_note(
    calls: ControlCalls, believed: Believed, catalogue: str, *, complete: bool
) -> str:
    """What is missing, different or, where `complete`, extra; empty where all agrees.

    Raises OSError for a file that cannot be read.
    """
    query = {"session": secrets.token_hex(8), "catalogueRef": catalogue}
    content_type = CSV
    found: list[tuple[str, Mapping[str, Any]]] = []
    lines = total = 0
    for part in upload_parts(BytesIO(_content(believed))):
        content_type = part.content_type
        path = f"{RECONCILE}?{urlencode({**query, 'line': part.first_line})}"
        answer = calls.document("POST", path, part.body, content_type=content_type)
        lines += answer["lines"]
        total += answer["faultsTotal"] + len(answer["missing"]) + len(answer["different"])
        for kind in ("faults", "missing", "different"):
            found += ((kind, each) for each in answer[kind])
    if not lines:
        return "There is nothing to reconcile: no line of data was given."
    if complete:
        path = f"{RECONCILE}?{urlencode({**query, 'complete': 'true', 'count': 1_000})}"
        answer = calls.document("POST", path, b"", content_type=content_type)
        total += answer["extraTotal"]
        found += (("extra", each) for each in answer["extra"])
    if not found:
        return ""
    count = "1 line" if total == 1 else f"{total:,} lines"
    texts = [f"What the source believes and what the simulator has differ in {count}."]
    stories = DeltaStories(calls)
    for kind, told in found[:MOST_TOLD]:
        texts.append(_sentence(kind, told))
        texts += (f"  {line}" for line in _story(calls, stories, told, catalogue))
    if total > MOST_TOLD:
        texts.append(f"{total - MOST_TOLD:,} more are not told here.")
    texts += stories.unread()
    return "\n".join(texts)


def _content(believed: Believed) -> bytes:
    if isinstance(believed, Mapping):
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("productRef", "locationRef", "onHand"))
        writer.writerows((*place_of(key), on_hand) for key, on_hand in believed.items())
        return text.getvalue().encode()
    if isinstance(believed, Path) or "\n" not in believed:
        return Path(believed).read_bytes()
    return believed.encode()


def _sentence(kind: str, told: Mapping[str, Any]) -> str:
    if kind == "faults":
        return (
            f"Line {told['line']}, column {told['column']}: found {told['found']}, expected"
            f" {told['expected']}."
        )
    place = f"{told['productRef']} at {told['locationRef']}"
    if "deltaId" in told:
        what = f"delta {told['deltaId']}, {told['qty']:+,} of {place}"
        if kind == "extra":
            return f"The source does not know {what}, which was applied."
        if kind == "missing":
            return f"The source believes in {what}, which was not applied: {told['why']}"
        found = told["applied"]
        return (
            f"The source believes in {what}; applied was {found['qty']:+,} of"
            f" {found['productRef']} at {found['locationRef']} ({', '.join(told['fates'])})."
        )
    if kind == "extra":
        return f"The source does not know {place}, which has {told['onHand']:,} on hand."
    if kind == "missing":
        return f"The source believes in {told['believed']:,} of {place}, which has no position."
    return (
        f"The source believes in {told['believed']:,} of {place}, which has {told['onHand']:,} on"
        " hand."
    )


def _story(
    calls: ControlCalls, stories: DeltaStories, told: Mapping[str, Any], catalogue: str
) -> Iterator[str]:
    if "deltaId" in told:
        these = [each for each in stories.deltas if each.delta_id == told["deltaId"]]
        yield from stories.told(these, catalogue)
    elif "productRef" in told:
        place = (told["productRef"], told["locationRef"])
        found = find_position(calls, *place, catalogue)
        yield from stock_story(stories, *place, found, catalogue)
