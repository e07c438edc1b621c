"""Manners on a server that is not ours: say what will be written, and take it back at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from fluent_oms_simulator.contracts.target.api import Answer, Api
from fluent_oms_simulator.contracts.target.builders import item, record
from fluent_oms_simulator.contracts.target.target import Target
from fluent_oms_simulator.contracts.target.wire import UnreachableError

from .options import Options
from .written import Position, Written

RECORDS_A_BATCH = 5_000
PRODUCTS_A_QUERY = 50

STOCK = """
query Stock($products: [String!], $catalogue: InventoryCatalogueKey, $after: String) {
  inventoryPositions(productRef: $products, catalogue: $catalogue, first: 100, after: $after) {
    edges { cursor node { productRef locationRef onHand } }
    pageInfo { hasNextPage } } }
"""

Thing = TypeVar("Thing")


def is_ours(api: Api) -> bool:
    """Whether a simulator answers: only that has a health page. Raises UnreachableError."""
    answer = api.call("GET", "/__admin/health", token=None)
    said = answer.document
    return answer.status == 200 and isinstance(said, dict) and "eventLog" in said


def announcement(target: Target, options: Options, prefix: str, rate: float | None) -> str:
    """What a run will do to a server, before it does it."""
    examples = options.max_examples
    speed = f"at most {rate:g} requests a second" if rate else "as fast as it answers"
    return (
        f"{target.url} is not a simulator of ours. The contracts write to it, as the user"
        f" {target.username} of the account {target.account}:\n"
        f"  into the catalogue {target.catalogue_ref}, only products and locations whose names"
        f" begin with {prefix}\n"
        f"  about {examples * 20:,} positions, {examples * 20:,} batches in as many jobs, and"
        f" {examples * 25:,} events, which stay in the event log\n"
        f"  {speed}; every position is counted down to 0 at the end, for none can be deleted"
    )


def clean_up(api: Api, written: Written, prefix: str) -> str:
    """Set every position that was written to 0; a sentence that says what came of it."""
    positions = [each for each in written.loaded if each[0].startswith(prefix)]
    others = [each for each in written.touched if each not in written.loaded]
    try:
        there = _stock(api, [each for each in others if each[0].startswith(prefix)])
        positions += [each for each in others if each in there]
        if not positions:
            return "Nothing was written that could be taken back."
        _count_down(api, positions)
        left = _left(api, positions)
        for position in left:
            _cancel(api, position, written.fulfilments.get(position, set()))
        left = _left(api, list(left)) if left else left
    except (AssertionError, UnreachableError) as fault:
        return f"Cleaning up did not succeed, so that stock stays under the prefix: {fault}"
    if left:
        named = ", ".join(f"{product} at {location}" for product, location in islice(left, 5))
        return f"{len(left):,} of {len(positions):,} positions are not at 0, such as {named}."
    return f"Cleaned up: {len(positions):,} positions are at 0."


def _count_down(api: Api, positions: Sequence[Position]) -> None:
    job = api.open_job(preprocessing="skip")
    for some in _parts(positions, RECORDS_A_BATCH):
        api.load([record(product, location, 0) for product, location in some], job)


def _cancel(api: Api, position: Position, fulfilments: set[str]) -> None:
    """Give back what is still reserved: a count leaves reservations alone."""
    product, location = position
    items = [item(product, location, each, cancelQty=1) for each in sorted(fulfilments)]
    if items:
        api.updates(*items)


def _left(api: Api, positions: Sequence[Position]) -> dict[Position, int]:
    """Those positions that still have stock on hand."""
    return {each: count for each, count in _stock(api, positions).items() if count}


def _stock(api: Api, positions: Sequence[Position]) -> dict[Position, int]:
    wanted = set(positions)
    found: dict[Position, int] = {}
    products = list(dict.fromkeys(product for product, _ in positions))
    for some in _parts(products, PRODUCTS_A_QUERY):
        found.update(_walk(partial(_page, api, some)))
    return {position: count for position, count in found.items() if position in wanted}


def _page(api: Api, products: Sequence[str], after: str | None) -> Answer:
    catalogue = {"ref": api.target.catalogue_ref}
    return api.graphql(STOCK, products=products, catalogue=catalogue, after=after)


def _walk(page: Callable[[str | None], Answer]) -> Iterator[tuple[Position, int]]:
    after: str | None = None
    while True:
        answer = page(after)
        assert answer.status == 200, f"GraphQL answered {answer.status}: {answer.text[:300]}"
        data = answer.document.get("data")
        assert data, f"GraphQL answered {answer.text[:300]}"
        found = data["inventoryPositions"]
        for edge in found["edges"]:
            node = edge["node"]
            yield (node["productRef"], node["locationRef"]), node["onHand"] or 0
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["edges"][-1]["cursor"]


def _parts(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]
