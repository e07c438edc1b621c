"""What positions still hold, read row by row, and setting it to 0: nothing can be deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from .client_errors import AnswerError
from .fluent_api import Api

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
UPDATE = """
mutation ($input: UpdateInventoryQuantityInput) {
  updateInventoryQuantity(input: $input) { status quantity } }
"""

Thing = TypeVar("Thing")
Place = TypeVar("Place", bound=tuple[str, str])
"""A product at a location, as the caller calls it."""


class Row(NamedTuple):
    """A quantity that is in use and not 0."""

    ref: str
    type: str
    quantity: int

    def __str__(self) -> str:
        return f"{self.quantity:,} {self.type} ({self.ref})"


class Held(NamedTuple):
    """What a position holds: its stock on hand, and every quantity in use that is not 0."""

    on_hand: int
    rows: tuple[Row, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is left of it."""
        return not self.on_hand and not self.rows

    def __str__(self) -> str:
        return ", ".join(map(str, self.rows)) or f"{self.on_hand:,} on hand"


def held(api: Api, positions: Sequence[Place]) -> dict[Place, Held]:
    """Those of the positions that are there, with what they hold; raises AnswerError."""
    wanted = {(each[0], each[1]): each for each in positions}
    found: dict[Place, Held] = {}
    for some in parts(list(dict.fromkeys(product for product, _ in wanted)), PRODUCTS_A_QUERY):
        try:
            for node in _nodes(api, some):
                position = wanted.get((node["productRef"], node["locationRef"]))
                if position is not None:
                    found[position] = Held(node["onHand"] or 0, _rows(api, position, node))
        except (KeyError, TypeError, IndexError) as fault:
            raise AnswerError(f"a reply is not as it should be ({fault!r})") from None
    return found


def not_empty(stock: dict[Place, Held]) -> dict[Place, Held]:
    """Those that hold something."""
    return {position: rest for position, rest in stock.items() if not rest.is_nothing}


def put_away(api: Api, row: Row) -> None:
    """Set a quantity to 0 and out of use by a mutation; what is refused is seen by reading back."""
    catalogue = {"ref": api.target.catalogue_ref}
    unused = {"ref": row.ref, "catalogue": catalogue, "quantity": 0, "status": "INACTIVE"}
    api.graphql(UPDATE, input=unused)


def parts(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    """The things in their order, so many at a time."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def _nodes(api: Api, products: Sequence[str]) -> Iterator[dict[str, Any]]:
    catalogue = {"ref": api.target.catalogue_ref}
    after: str | None = None
    while True:
        answer = api.graphql(STOCK, products=products, catalogue=catalogue, after=after)
        # a null row beside errors is the caller's matter, as long as there are positions
        page = (answer.fields.get("data") or {}).get("inventoryPositions")
        if answer.status != 200 or not page:
            raise AnswerError(f"GraphQL answered {answer.status}: {answer.text[:300]}")
        for edge in page["edges"]:
            yield edge["node"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["edges"][-1]["cursor"]


def _rows(api: Api, position: tuple[str, str], node: dict[str, Any]) -> tuple[Row, ...]:
    quantities = [edge["node"] for edge in node["quantities"]["edges"]]
    if node["quantities"]["pageInfo"]["hasNextPage"]:
        whole = api.position(*position)
        quantities = whole["quantities"] if whole else []
    return tuple(
        Row(each["ref"], each["type"], each["quantity"])
        for each in quantities
        if each["quantity"] and each["status"] in HELD_STATUSES
    )
