"""What can be seen of the switches that are about quantities."""

from ...graphql.helpers.support import ask, nodes
from ...support import Client, record

WHEN = "2026-03-23T00:00:00Z"


def outer_fields(client: Client) -> object:
    """What stands beside the attributes of a record, read back."""
    client.load([record("D45", "MEL", 1, expectedOn=WHEN, expiry=WHEN, lot="L7", uom="EACH")])
    query = """{ inventoryQuantities { edges { node {
      expectedOn expiresOn manufacturerBatchNumber attributes { name } } } } }"""
    [quantity] = nodes(ask(client, query)["inventoryQuantities"])
    fields = ("expectedOn", "expiresOn", "manufacturerBatchNumber")
    return [quantity[name] is not None for name in fields], len(quantity["attributes"])


def further_types(client: Client) -> object:
    """The stock on hand beside a soft reservation and a return, after a new count too."""
    client.load(
        [
            record("D45", "MEL", 8),
            record("D45", "MEL", -3, type="SOFT_RESERVE", ref="cart"),
            record("D45", "MEL", 2, type="RETURNED", ref="back"),
        ]
    )
    before = client.on_hand("D45", "MEL")
    client.load([record("D45", "MEL", 10)])
    return before, client.on_hand("D45", "MEL")


def reserved_ahead(client: Client) -> object:
    """The stock on hand beside a reservation of goods on order, and one of the count."""
    client.load(
        [
            record("D45", "MEL", 10),
            record("D45", "MEL", 50, type="ON_ORDER", ref="PO"),
            _reserved("R1", -4, "PO"),
            _reserved("R2", -1, "D45:MEL:DEFAULT:LAST_ON_HAND"),
        ]
    )
    return client.on_hand("D45", "MEL")


def _reserved(ref: str, quantity: int, parent_ref: str) -> dict[str, object]:
    attributes = {"parentRef": parent_ref}
    return record("D45", "MEL", quantity, type="RESERVED", ref=ref, attributes=attributes)
