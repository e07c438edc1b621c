"""What a caller is told who asks how much there is, by the published filters.

All filters must hold, of several values of one any may; dates are compared in UTC, from and to
among them (GraphQL schema docs; GraphQL queries, 3 June 2025; a release of 13 Apr 2026).
"""

from typing import Any

from .stock_model import Document, Quantity, Stock


def asked_for(stock: Stock, position: str, filters: Document) -> list[Quantity]:
    """The quantities of a position that a caller asks for."""
    return [
        row
        for row in stock.rows(position)
        if all(_holds(row, name, wanted) for name, wanted in filters.items())
    ]


def _holds(row: Quantity, name: str, wanted: Any) -> bool:
    if name == "parent":
        parent: str = wanted["ref"]
        return row.parent == parent
    if name in ("expectedOn", "expiresOn"):
        day = row.fields.get(name, "")
        return bool(day) and bool(wanted.get("from", day) <= day <= wanted.get("to", day))
    found = {"type": row.type, "status": row.status, **row.fields}.get(name)
    return any(found == each for each in wanted)


def summed_up(stock: Stock, given: Document, networks: dict[str, list[str]]) -> Document:
    """inventoryPositionAggregate: how many positions, and what they have on hand together."""
    found = [
        position.on_hand
        for position in stock.positions.values()
        if position.product == given["productRef"]
        and position.status in given.get("status", [position.status])
        and "DEFAULT" in given.get("type", ["DEFAULT"])
        and (
            "networkRef" not in given or position.location in networks.get(given["networkRef"], ())
        )
    ]
    return {"count": len(found), "sum": sum(found)}
