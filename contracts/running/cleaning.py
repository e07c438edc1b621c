"""Taking back what a run has written to a server that is not ours.

Nothing can be deleted there. Every quantity in use is set to 0 by its own ref and type, what
mutations have made is set to INACTIVE, and what stays all the same is told one by one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from fluent_oms_simulator.client.builders import Document, item, record
from fluent_oms_simulator.client.client_errors import AnswerError, ClientError
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.held_stock import Held, Row, held, not_empty, parts, put_away

from .created_entities import Made, put_out_of_use
from .writes import Position, Written, has_ended

RECORDS_A_BATCH = 5_000
LOOKS = 10
"""How often it is looked, a pause between two looks, whether what was sent has come about."""
CLEARED_BY_A_COUNT = ("SALE", "CORRECTION", "DELTA")
"""Quantity types that a count puts out of use (Quantity types, 10 Jan 2025)."""
NAMED = 3

OWNER = """
query Owner($ref: String!, $catalogue: InventoryCatalogueKey!) {
  inventoryQuantity(ref: $ref, catalogue: $catalogue) {
    position { productRef locationRef } } }
"""

Stock = Mapping[Position, Held]


class CleanUp(NamedTuple):
    """What came of it, in sentences, and each thing that could not be taken back."""

    told: tuple[str, ...]
    left: tuple[str, ...] = ()


def clean_up(api: Api, written: Written, prefix: str) -> CleanUp:
    """Take back whatever was written under the prefix; never raises."""
    own = [each for each in written.positions if each.product.startswith(prefix)]
    left: list[str] = [
        f"{each} is not a name of this run's" for each in written.positions if each not in set(own)
    ]
    if written.nameless:
        left.append(f"{written.nameless:,} accepted rows name no product and location")
    try:
        late = _awaited(api, written)
        left += _out_of_use(api, written.made)
        own += [each for each in _owners(api, written.made) if each not in own]
        there, remaining = _emptied(api, own, written)
    except ClientError as fault:
        return _given_up(str(fault), own, left)
    except KeyboardInterrupt:
        return _given_up("interrupted once more", own, left)
    left += [f"{position} holds {rest}" for position, rest in remaining.items()]
    left += [f"{path} has not ended: what it writes comes later" for path in late]
    return CleanUp(tuple(_told(written, there, left)), tuple(left))


def _told(written: Written, there: int, left: Sequence[str]) -> Iterable[str]:
    if left:
        named = "; ".join(islice(left, NAMED))
        yield f"Could not be taken back ({len(left):,}): {named}"
    elif there or written.made:
        yield f"Cleaned up: {there:,} positions are at 0."
    else:
        yield "Nothing was written that could be taken back."
    if written.made:
        yield (
            f"What mutations made stays, out of use, for nothing can be deleted:"
            f" {', '.join(map(str, islice(written.made, 2 * NAMED)))}"
            f"{' and more' if len(written.made) > 2 * NAMED else ''}."
        )
    if written.unanswered:
        yield (
            f"Requests that write and got no answer: {written.unanswered:,}; what the server"
            " carries out later than now stays."
        )


def _given_up(reason: str, own: Sequence[Position], left: Sequence[str]) -> CleanUp:
    told = f"Cleaning up did not succeed, so that stock may stay under the prefix: {reason}"
    return CleanUp((told,), (*left, *(f"{each} may still hold stock" for each in own)))


def _awaited(api: Api, written: Written) -> list[str]:
    """Wait for what was accepted and has not run; the paths of what has not run in time."""
    late = []
    deadline = time.monotonic() + api.target.patience
    for path in list(written.running):
        while not _has_ended(api, path):
            if time.monotonic() > deadline:
                late.append(path)
                break
            time.sleep(api.target.pause)
    return late


def _has_ended(api: Api, path: str) -> bool:
    return has_ended(api.call("GET", path).fields)


def _out_of_use(api: Api, made: Mapping[Made, str]) -> list[str]:
    """Put out of use what was made, the last first; what stays in use."""
    tried = [put_out_of_use(api, each, made[each]) for each in reversed(list(made))]
    return [sentence for sentence in tried if sentence]


def _owners(api: Api, made: Iterable[Made]) -> list[Position]:
    """The positions of those quantities that mutations have made."""
    owners = []
    for each in made:
        if each.kind == "InventoryQuantity":
            key = {name: each.details.get(name) for name in ("ref", "catalogue")}
            data = api.graphql(OWNER, **key).fields.get("data") or {}
            quantity = data.get("inventoryQuantity") or {}
            position = quantity.get("position") or {}
            if position:
                owners.append(Position(position["productRef"], position["locationRef"]))
    return owners


def _emptied(api: Api, own: Sequence[Position], written: Written) -> tuple[int, Stock]:
    """Set all that the positions hold to 0: how many there are, and what they hold at the end."""
    there = held(api, own) if own else {}
    remaining = not_empty(there)
    for take_back in (_count_down, _cancel, _update):
        if not remaining:
            break
        take_back(api, remaining, written)
        remaining = _looked_again(api, list(remaining))
    if written.unanswered and own:  # what was lost may have arrived in the meantime
        remaining = not_empty(there := held(api, own))
        if remaining:
            _count_down(api, remaining, written)
            remaining = _looked_again(api, list(remaining))
    return len(there), remaining


def _looked_again(api: Api, positions: Sequence[Position]) -> dict[Position, Held]:
    """Those that still hold something, once that does not become less any more."""
    remaining: dict[Position, Held] = {}
    for _ in range(LOOKS):
        remaining = not_empty(held(api, positions))
        if not remaining:
            break
        time.sleep(api.target.pause)
    return remaining


def _count_down(api: Api, stock: Stock, _written: Written) -> None:
    """Load 0 for every quantity, and last a plain count, which calculates the stock anew."""
    records: list[Document] = []
    for position, rest in stock.items():
        records += [
            record(*position, 0, ref=row.ref, type=row.type)
            for row in rest.rows
            if row.type not in CLEARED_BY_A_COUNT
        ]
        records.append(record(*position, 0))
    _load(api, records)


def _load(api: Api, records: Sequence[Document]) -> None:
    """Load records; where the server refuses them together, one by one.

    What is refused even so is found by reading back.
    """
    for some in parts(records, RECORDS_A_BATCH):
        try:
            api.load(some, preprocessing="skip")
        except AnswerError:
            if len(some) > 1:
                for each in some:
                    _load(api, [each])


def _cancel(api: Api, stock: Stock, written: Written) -> None:
    """Cancel the reservations: fulfilments give back what no load may touch."""
    for position, rest in stock.items():
        reserved = [row for row in rest.rows if row.type == "RESERVED"]
        items = [
            item(*position, fulfilment, cancelQty=abs(_of(reserved, fulfilment)))
            for fulfilment in sorted(written.fulfilments.get(position, ()))
            if _of(reserved, fulfilment)
        ]
        if items:
            with suppress(AnswerError):  # what is refused is found by reading back
                api.updates(*items)


def _of(reserved: Sequence[Row], fulfilment: str) -> int:
    """What is reserved for a fulfilment, whose id is a part of the quantity's ref."""
    return sum(row.quantity for row in reserved if fulfilment in row.ref)


def _update(api: Api, stock: Stock, _written: Written) -> None:
    """Set every quantity to 0 by a mutation, and count once more."""
    for position, rest in stock.items():
        for row in rest.rows:
            put_away(api, row)
        _load(api, [record(*position, 0)])
