"""Payload files for other tools, with a manifest that says what they must lead to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import orjson

from ..ledger.ledger import Ledger
from ..traffic.payloads import (
    PayloadSettings,
    batch_body,
    batches,
    delta_event_body,
    future_bodies,
)
from ..traffic.shop import Shop
from ..traffic.trade_events import DeltaEvent, FullLoad, Sent
from .payload_files import Part
from .plan import Plan

PAYLOADS = "payloads"
MANIFEST = "manifest.json"
EXPECTED = "expected.ndjson"
LEDGER = "ledger.ndjson"
ACCEPTED = 202
LANGUAGE = "en_AU"
ONE_AFTER_ANOTHER = 0.5
"""The ledger's times are numbers of payloads: each is answered before the next is sent."""


def generate(plan: Plan, out: Path, form: str, zipped: bool, command: str) -> dict[str, object]:
    """Write the payloads of a plan and what they must lead to; return the manifest.

    What is expected holds when each payload is applied before the next is sent.
    """
    shop, ledger, digest = plan.shop(), Ledger(), hashlib.sha256()
    parts: list[Part] = []
    payloads = 0
    try:
        for moment in plan.moments(shop):
            name = moment.name if isinstance(moment, FullLoad) else "deltas"
            if not parts or isinstance(moment, FullLoad) or parts[-1].name != name:
                if parts:
                    parts[-1].close()
                parts.append(Part(out / PAYLOADS, len(parts) + 1, name, form, zipped))
            for body, entries in _recorded(moment, plan.settings, ledger, payloads):
                payloads += 1
                digest.update(body)
                parts[-1].write(body, entries, moment.due)
    finally:
        if parts:
            parts[-1].close()
    manifest: dict[str, object] = {
        "command": command,
        "seed": plan.seed,
        "plan": asdict(plan),
        "positions": len(shop),
        "payloads": payloads,
        "sha256": digest.hexdigest(),
        "expected": EXPECTED,
        "ledger": LEDGER,
        "parts": [part.described() for part in parts],
        "locations": _named_locations(shop),
    }
    _write_expected(ledger, out / EXPECTED, plan.settings)
    ledger.save(out / LEDGER)
    (out / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return manifest


def _recorded(
    moment: DeltaEvent | FullLoad, settings: PayloadSettings, ledger: Ledger, payloads: int
) -> Iterator[tuple[bytes, int]]:
    """The bodies of a moment with how many entries each has; the ledger knows them as sent.

    But for goods that are still to come, which are no stock on hand.
    """
    if isinstance(moment, DeltaEvent):
        payload = payloads + 1
        answered = payload + ONE_AFTER_ANOTHER
        ledger.event(moment, Sent(f"payload {payload}", payload, answered, ACCEPTED))
        yield delta_event_body(moment, settings), len(moment.deltas)
        return
    for payload, counts in enumerate(batches(moment.counts), payloads + 1):
        answered = payload + ONE_AFTER_ANOTHER
        ledger.load(counts, Sent(f"payload {payload}", payload, answered, ACCEPTED), answered)
        yield batch_body(counts, settings), len(counts)
    yield from future_bodies(moment.counts, settings)


def _named_locations(shop: Shop) -> list[dict[str, object]]:
    """Every location with a name for people, its local opening hours and how far its clock is on.

    Nothing that is sent depends on the names.
    """
    from faker import Faker  # of an extra, without which there is still help to be read

    names = Faker(LANGUAGE)
    names.seed_instance(shop.seed)
    return [
        {
            "locationRef": location.ref,
            "name": names.city(),
            "opens": location.opens,
            "closes": location.closes,
            "hoursAhead": location.hours_ahead,
        }
        for location in shop.locations
    ]


def _write_expected(ledger: Ledger, path: Path, settings: PayloadSettings) -> None:
    """A line for each position, with the ref that the server gives it."""
    with path.open("wb") as file:
        for position in ledger.positions():
            line = {
                "ref": f"{position.product_ref}:{position.location_ref}:{settings.catalogue_type}",
                "productRef": position.product_ref,
                "locationRef": position.location_ref,
                "onHand": ledger.expectation(position).on_hand,
            }
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
