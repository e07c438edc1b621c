"""Positions and their delta quantities through GraphQL, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..traffic.trade_events import Position
from .connection import Connection
from .reading_target import AuditTarget
from .server_positions import DELTA, ServerPosition, ServerQuantity

_ROWS_AT_ONCE = 50
_LONG_PAGE = 500

_ROW = "edges { cursor node { ref quantity status createdOn } } pageInfo { hasNextPage }"
_PAGE = """query Audit($catalogue: String!, $products: [String!], $first: Int, $after: String) {{
  inventoryPositions(
    catalogue: {{ref: $catalogue}}, productRef: $products, first: $first, after: $after
  ) {{
    edges {{ cursor node {{ ref productRef locationRef onHand {more} }} }}
    pageInfo {{ hasNextPage }}
  }}
}}"""
_POSITIONS = _PAGE.format(more="")
_POSITIONS_WITH_ROWS = _PAGE.format(
    more=f'quantities(type: ["{DELTA}"], first: {_ROWS_AT_ONCE}) {{ {_ROW} }}'
)
_MORE_ROWS = f"""query Rows($catalogue: String!, $ref: String!, $first: Int, $after: String) {{
  inventoryPosition(catalogue: {{ref: $catalogue}}, ref: $ref) {{
    quantities(type: ["{DELTA}"], first: $first, after: $after) {{ {_ROW} }}
  }}
}}"""
_BY_REF = """query Seen($catalogue: String!, $refs: [String!], $first: Int) {
  inventoryQuantities(catalogue: {ref: $catalogue}, ref: $refs, first: $first) {
    edges { node { ref } }
  }
}"""


class ReadBack:
    """Reads from one catalogue."""

    def __init__(self, connection: Connection, target: AuditTarget) -> None:
        self._connection = connection
        self._catalogue = target.server.catalogue_ref
        self._page_size = target.page_size

    def positions(
        self, wanted: Iterable[Position], *, with_rows: bool = False
    ) -> Iterator[dict[Position, ServerPosition]]:
        """What the server holds of the wanted positions, some products at a time.

        They are asked for by product: a walk over the whole catalogue would read at least as many
        pages. A position that is missing on the server is missing in the answer.
        """
        by_product: dict[str, set[Position]] = {}
        for position in wanted:
            by_product.setdefault(position.product_ref, set()).add(position)
        products: list[str] = []
        asked: set[Position] = set()
        for product, positions in by_product.items():
            products.append(product)
            asked |= positions
            if len(products) == _LONG_PAGE or len(asked) >= 5 * self._page_size:
                yield self._of_products(products, asked, with_rows)
                products, asked = [], set()
        if products:
            yield self._of_products(products, asked, with_rows)

    def seen(self, delta_ids: Sequence[str]) -> set[str]:
        """Which of these deltas, no more than a page of them, have become quantities."""
        variables = {"catalogue": self._catalogue, "refs": delta_ids, "first": self._page_size}
        found = self._connection.query(_BY_REF, variables)["inventoryQuantities"]
        return {edge["node"]["ref"] for edge in found["edges"]}

    def _of_products(
        self, products: Sequence[str], asked: set[Position], with_rows: bool
    ) -> dict[Position, ServerPosition]:
        query = _POSITIONS_WITH_ROWS if with_rows else _POSITIONS
        held: dict[Position, ServerPosition] = {}
        after: str | None = None
        while True:
            variables = {
                "catalogue": self._catalogue,
                "products": products,
                "first": self._page_size,
                "after": after,
            }
            page = self._connection.query(query, variables)["inventoryPositions"]
            for edge in page["edges"]:
                node = edge["node"]
                position = Position(node["productRef"], node["locationRef"])
                if position in asked:
                    rows = self._rows(node) if with_rows else None
                    held[position] = ServerPosition(node["ref"], node["onHand"] or 0, rows)
            if not page["pageInfo"]["hasNextPage"]:
                return held
            after = page["edges"][-1]["cursor"]

    def _rows(self, node: Any) -> tuple[ServerQuantity, ...]:
        page = node["quantities"]
        rows = _rows_of(page)
        while page["pageInfo"]["hasNextPage"]:
            variables = {
                "catalogue": self._catalogue,
                "ref": node["ref"],
                "first": _LONG_PAGE,
                "after": page["edges"][-1]["cursor"],
            }
            found = self._connection.query(_MORE_ROWS, variables)["inventoryPosition"]
            page = found["quantities"]
            rows += _rows_of(page)
        return tuple(rows)


def _rows_of(page: Any) -> list[ServerQuantity]:
    nodes = (edge["node"] for edge in page["edges"])
    return [
        ServerQuantity(
            node["ref"], node["quantity"] or 0, node["status"] or "", node["createdOn"] or ""
        )
        for node in nodes
    ]
