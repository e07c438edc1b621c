"""What positions still hold, read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from ..target.api import Answer, Api
from .writes import Position

PRODUCTS_A_QUERY = 50
HELD_STATUSES = ("CREATED", "ACTIVE")

STOCK = """
query Stock($products: [String!], $catalogue: InventoryCatalogueKey, $after: String) {
  inventoryPositions(productRef: $products, catalogue: $catalogue, first: 50, after: $after) {
    edges { cursor node { productRef locationRef onHand
      quantities(first: 100) {
        edges { node { ref type quantity status } }
        pageInfo { hasNextPage } } } }
    pageInfo { hasNextPage } } }
"""

Thing = TypeVar("Thing")


class Row(NamedTuple):
    """A quantity that is in use and not 0."""

    ref: str
    type: str
    quantity: int


class Held(NamedTuple):
    """What a position holds: its stock on hand, and every quantity in use that is not 0."""

    on_hand: int
    rows: tuple[Row, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is left of it."""
        return not self.on_hand and not self.rows

    def told(self, position: Position) -> str:
        """What is held, in words."""
        parts = [f"{row.quantity:,} {row.type} ({row.ref})" for row in self.rows]
        return f"{position} holds {', '.join(parts) or f'{self.on_hand:,} on hand'}"


def held(api: Api, positions: Sequence[Position]) -> dict[Position, Held]:
    """Those of the positions that are there, with what they hold.

    Raises AssertionError with what the server said in place of an answer.
    """
    wanted = set(positions)
    found: dict[Position, Held] = {}
    for some in parts(list(dict.fromkeys(each.product for each in positions)), PRODUCTS_A_QUERY):
        for node in _nodes(api, some):
            position = Position(node["productRef"], node["locationRef"])
            if position in wanted:
                found[position] = Held(node["onHand"] or 0, _rows(api, position, node))
    return found


def parts(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    """The things in their order, so many at a time."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def _nodes(api: Api, products: Sequence[str]) -> Iterator[dict[str, Any]]:
    catalogue = {"ref": api.target.catalogue_ref}
    after: str | None = None
    while True:
        page = _positions(api.graphql(STOCK, products=products, catalogue=catalogue, after=after))
        for edge in page["edges"]:
            yield edge["node"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["edges"][-1]["cursor"]


def _positions(answer: Answer) -> dict[str, Any]:
    document = answer.document if isinstance(answer.document, dict) else {}
    data = document.get("data")
    if answer.status != 200 or not isinstance(data, dict) or not data.get("inventoryPositions"):
        raise AssertionError(f"GraphQL answered {answer.status}: {answer.text[:300]}")
    page: dict[str, Any] = data["inventoryPositions"]
    return page


def _rows(api: Api, position: Position, node: dict[str, Any]) -> tuple[Row, ...]:
    quantities = [edge["node"] for edge in node["quantities"]["edges"]]
    if node["quantities"]["pageInfo"]["hasNextPage"]:
        whole = api.position(*position)
        quantities = whole["quantities"] if whole else []
    return tuple(
        Row(each["ref"], each["type"], each["quantity"])
        for each in quantities
        if each["quantity"] and each["status"] in HELD_STATUSES
    )
