"""The quantities of 2026: what a caller writes to them, and what GraphQL shows of them.

Future Inventory and Stock Segmentation, Data Model and API Overview, both 27 Mar 2026; Send
enhanced inventory attributes, 23 Mar 2026. Servers with an older schema have none of it.
"""

from __future__ import annotations

from typing import Any

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.asking import data_of, error_codes
from fluent_oms_simulator.contracts.suite.semantic.position import Position

EARLY, LATER, LATE = "2031-02-01T00:00:00Z", "2031-03-01T00:00:00Z", "2031-04-01T00:00:00Z"

TEXTS = {
    "condition": "NEW",
    "storageAreaRef": "A1",
    "associationType": "PURCHASE_ORDER",
    "associationRef": "PO_9",
    "countryOfOrigin": "IT",
    "channel": "WEB",
    "supplier": "ACME",
    "manufacturer": "ACME MILLS",
    "manufacturerBatchNumber": "L7",
    "segment1": "EU",
    "segment2": "B2B",
    "segment3": "GOLD",
}
"""The fields that are free texts, each with a value."""

_ARGUMENTS = {
    "ref": "[String!]",
    "expectedOn": "DateRange",
    "expiresOn": "DateRange",
    "parent": "InventoryQuantityKey",
    **dict.fromkeys(TEXTS, "[String]"),
}

_QUANTITIES = """query Quantities($catalogue: InventoryCatalogueKey!, $position: String! %s) {
  inventoryPosition(catalogue: $catalogue, ref: $position) {
    quantities(first: 100 %s) { edges { node {
      ref type quantity status expectedOn expiresOn parent { ref } attributes { name value }
      condition storageAreaRef associationType associationRef countryOfOrigin channel supplier
      manufacturer manufacturerBatchNumber segment1 segment2 segment3 } } } } }"""

_SUM = """query Sum($catalogue: InventoryCatalogueKey!, $position: String!, $type: [String!],
    $expectedOn: DateRange) {
  inventoryPosition(catalogue: $catalogue, ref: $position) {
    quantitiesAggregate(type: $type, status: ["ACTIVE"], expectedOn: $expectedOn) {
      count sum } } }"""


def require_fields(api: Api) -> None:
    """Skip where the schema of the server is older than these fields."""
    answer = api.graphql('{ __type(name: "InventoryQuantity") { fields { name } } }')
    kind = None if error_codes(answer) else data_of(answer)["__type"]
    if kind is None or "parent" not in {field["name"] for field in kind["fields"]}:
        pytest.skip("this server's schema has no parent of an InventoryQuantity")


def ref_of(position: Position) -> str:
    """The ref of a position that is there."""
    seen = position.look()
    assert seen is not None, f"there is no position of {position}"
    return str(seen["ref"])


def quantities(api: Api, position: Position, **wanted: object) -> dict[str, dict[str, Any]]:
    """The quantities of a position that a filter finds, by ref; attributes by name."""
    declared = "".join(f", ${name}: {_ARGUMENTS[name]}" for name in wanted)
    given = "".join(f", {name}: ${name}" for name in wanted)
    answer = api.graphql(
        _QUANTITIES % (declared, given),
        catalogue={"ref": api.target.catalogue_ref},
        position=ref_of(position),
        **wanted,
    )
    edges = data_of(answer)["inventoryPosition"]["quantities"]["edges"]
    return {
        node["ref"]: {
            **node,
            "attributes": {row["name"]: row["value"] for row in node["attributes"] or ()},
        }
        for node in (edge["node"] for edge in edges)
    }


def total(api: Api, position: Position, **wanted: object) -> int:
    """The sum of the ACTIVE quantities of a position that a filter finds."""
    answer = api.graphql(
        _SUM, catalogue={"ref": api.target.catalogue_ref}, position=ref_of(position), **wanted
    )
    return int(data_of(answer)["inventoryPosition"]["quantitiesAggregate"]["sum"] or 0)
