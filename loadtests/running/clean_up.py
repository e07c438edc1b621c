"""Taking back what a run has written to a server that is not ours: every position to 0.

A run writes counts and deltas and nothing else. A count of 0 retires the deltas before it; what
comes later, or stays nevertheless, is found by reading every position back, row by row.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from ..ledger.ledger import Ledger
from ..server.calls import Caller
from ..server.target import SECONDS_TO_COMPLETE, open_job, wait_for_batch
from ..traffic.load_options import CannotRunError, LoadOptions
from ..traffic.payloads import batch_body, batches
from ..traffic.trade_events import Count, Position

OURS = ("LAST_ON_HAND", "DELTA")
"""The quantity types that counts and deltas make; the others are not of this run."""
IN_USE = ("CREATED", "ACTIVE")
PRODUCTS_AT_ONCE = 50
COUNTS = 3
"""How often is counted down, for what was accepted before may be applied later."""
NAMED = 5
STOCK = """
query Stock($products: [String!], $catalogue: InventoryCatalogueKey, $after: String) {
  inventoryPositions(productRef: $products, catalogue: $catalogue, first: 50, after: $after) {
    edges { cursor node { productRef locationRef onHand
      quantities(first: 100, status: ["CREATED", "ACTIVE"]) {
        edges { node { ref type quantity status } } } } }
    pageInfo { hasNextPage } } }
"""
UPDATE = """
mutation ($input: UpdateInventoryQuantityInput) {
  updateInventoryQuantity(input: $input) { ref } }
"""


class _Row(NamedTuple):
    ref: str
    type: str
    quantity: int


class _Held(NamedTuple):
    on_hand: int
    rows: tuple[_Row, ...]


def clean_up(
    options: LoadOptions,
    ledger: Ledger,
    pause: float,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[str, ...]:
    """Take back what was written under the prefix; sentences that say what came of it."""
    positions = [each for each in ledger.positions() if each.product_ref.startswith(options.prefix)]
    if not positions:
        return ("Nothing was written that could be taken back.",)
    caller = Caller(options, options.max_rate)
    try:
        left, problem = _emptied(caller, options, positions, pause, wait), ""
    except CannotRunError as fault:
        left, problem = {}, str(fault)
    except (KeyError, TypeError) as fault:
        left, problem = {}, f"a reply is not as it should be ({fault!r})"
    finally:
        caller.close()
    return tuple(_told(positions, left, problem, _unanswered(ledger)))


def _told(
    positions: Sequence[Position], left: dict[Position, _Held], problem: str, unanswered: int
) -> Iterator[str]:
    if problem:
        names = "; ".join(map(_named, positions[:NAMED]))
        yield (
            f"Cleaning up did not succeed: {problem}. Up to {len(positions):,} positions may still"
            f" hold stock, such as {names}."
        )
    elif left:
        named = "; ".join(_holds(*each) for each in islice(left.items(), NAMED))
        more = f"; and {len(left) - NAMED:,} more" if len(left) > NAMED else ""
        yield f"{len(left):,} of {len(positions):,} positions are not at 0: {named}{more}."
    else:
        yield f"Cleaned up: {len(positions):,} positions were counted down to 0."
    if unanswered:
        yield (
            f"Deltas that got no answer: {unanswered:,}; what the server applies of them later than"
            " now stays."
        )


def _holds(position: Position, held: _Held) -> str:
    rows = ", ".join(
        f"{row.quantity:,} {row.type} ({row.ref}{'' if row.type in OURS else ', not of this run'})"
        for row in held.rows
    )
    return f"{_named(position)} holds {rows or f'{held.on_hand:,} on hand'}"


def _named(position: Position) -> str:
    return f"{position.product_ref} at {position.location_ref}"


def _unanswered(ledger: Ledger) -> int:
    return sum(delta.acknowledged_at is None for delta in ledger.deltas())


def _emptied(
    caller: Caller,
    options: LoadOptions,
    positions: Sequence[Position],
    pause: float,
    wait: Callable[[float], None],
) -> dict[Position, _Held]:
    """What the positions hold at the end; nothing, as a rule."""
    left: Iterable[Position] = positions
    for _ in range(COUNTS):
        _count_down(caller, options, left, pause, wait)
        wait(pause)
        remaining = _not_empty(_held(caller, options, positions))
        if not remaining:
            return {}
        left = list(remaining)
    for held in remaining.values():
        for row in held.rows:
            if row.type in OURS:
                unused = {"ref": row.ref, "quantity": 0, "status": "INACTIVE"}
                catalogue = {"ref": options.catalogue_ref}
                caller.graphql(UPDATE, input={**unused, "catalogue": catalogue})
    _count_down(caller, options, left, pause, wait)  # which calculates the stock anew
    return _not_empty(_held(caller, options, positions))


def _not_empty(stock: dict[Position, _Held]) -> dict[Position, _Held]:
    return {position: held for position, held in stock.items() if held.on_hand or held.rows}


def _count_down(
    caller: Caller,
    options: LoadOptions,
    positions: Iterable[Position],
    pause: float,
    wait: Callable[[float], None],
) -> None:
    """Count positions to 0 without pre-processing, which leaves out what seems unchanged."""
    job = open_job(caller, options, "Load run: cleaning up", skip=True)
    for some in batches(Count(each, 0) for each in positions):
        path = f"/api/v4.1/job/{job}/batch"
        answer = caller.post(path, batch_body(some, options.payloads))
        if answer.status != 200 or not isinstance(answer.document, dict):
            raise CannotRunError(f"POST {path} answered {answer.status}: {answer.text}")
        batch = f"{path}/{answer.document.get('id')}"
        if not wait_for_batch(caller, batch, pause, wait):
            raise CannotRunError(f"{batch} was not COMPLETE after {SECONDS_TO_COMPLETE:g} s")


def _held(
    caller: Caller, options: LoadOptions, positions: Sequence[Position]
) -> dict[Position, _Held]:
    """What is in use of each position that is there."""
    wanted = set(positions)
    products = list(dict.fromkeys(each.product_ref for each in positions))
    found: dict[Position, _Held] = {}
    for start in range(0, len(products), PRODUCTS_AT_ONCE):
        for node in _nodes(caller, options, products[start : start + PRODUCTS_AT_ONCE]):
            position = Position(node["productRef"], node["locationRef"])
            if position in wanted:
                rows = [edge["node"] for edge in node["quantities"]["edges"]]
                found[position] = _Held(
                    node["onHand"] or 0,
                    tuple(
                        _Row(row["ref"], row["type"], row["quantity"])
                        for row in rows
                        if row["quantity"] and row["status"] in IN_USE
                    ),
                )
    return found


def _nodes(caller: Caller, options: LoadOptions, products: Sequence[str]) -> Iterator[Any]:
    catalogue = {"ref": options.catalogue_ref}
    after: str | None = None
    while True:
        data = caller.graphql(STOCK, products=products, catalogue=catalogue, after=after)
        page = data.get("inventoryPositions") if isinstance(data, dict) else None
        if not isinstance(page, dict):
            raise CannotRunError("the positions cannot be read back over GraphQL")
        for edge in page["edges"]:
            yield edge["node"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["edges"][-1]["cursor"]
