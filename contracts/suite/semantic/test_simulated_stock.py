"""Statuses by stock on hand, and what can be promised; on a simulator only.

What has to be set up, catalogues and controls, can never be deleted again; and how a server is
asked for what can be promised is on no page.
"""

from __future__ import annotations

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.asking import data_of, mutate
from fluent_oms_simulator.contracts.suite.semantic.position import Position
from fluent_oms_simulator.contracts.suite.semantic.quantities import EARLY, LATE, LATER
from fluent_oms_simulator.contracts.target.names import Names

STATUSES = """query Statuses($catalogue: InventoryCatalogueKey!, $product: [String!]) {
  inventoryPositions(catalogue: $catalogue, productRef: $product, first: 10) {
    edges { node { locationRef onHand status } } } }"""

SEGMENTS = """query Segments($catalogue: VirtualCatalogueKey!, $ref: String!) {
  virtualPosition(catalogue: $catalogue, ref: $ref) {
    quantity segments { type value } } }"""


@pytest.fixture(autouse=True)
def simulator_only(api: Api) -> None:
    """Nothing of this is done to a server that is not a simulator."""
    if not api.target.is_ours:
        pytest.skip("what this sets up would stay on a server that is not a simulator")


class Store:
    """A catalogue of its own: 0 is OUT_OF_STOCK, 3 is AT_RISK, and more is ACTIVE."""

    def __init__(self, api: Api, names: Names) -> None:
        self.api, self.names = api, names
        self.ref: str = f"DEFAULT:{names.product()}"
        group = names.product()
        mutate(api, "createControlGroup", ref=group, type="DEFAULT", name=group)
        mutate(api, "updateControlGroup", ref=group, status="ACTIVE")
        thresholds = ((0, "OUT_OF_STOCK"), (3, "AT_RISK"), (1_000_000, "ACTIVE"))
        for order, (threshold, status) in enumerate(thresholds, start=1):
            self._control(group, order, threshold, status)
        mutate(
            api,
            "createInventoryCatalogue",
            ref=self.ref,
            type="DEFAULT",
            name=self.ref,
            retailerRefs=[api.target.retailer_id],
            attributes=[{"name": "controlGroups", "type": "JSON", "value": [group]}],
        )
        mutate(api, "updateInventoryCatalogue", ref=self.ref, status="ACTIVE")

    def _control(self, group: str, order: int, threshold: int, status: str) -> None:
        ref, key = self.names.product(), {"ref": group}
        mutate(
            self.api,
            "createControl",
            ref=ref,
            controlGroup=key,
            type="BULK_THRESHOLD",
            name=ref,
            executionOrder=order,
            values=[
                {
                    "name": "context",
                    "type": "CONTEXT",
                    "value": [{"type": "CATALOGUE", "property": "ref", "value": self.ref}],
                },
                {"name": "threshold", "type": "NUMBER", "value": threshold},
                {"name": "status", "type": "STRING", "value": status},
            ],
        )
        mutate(self.api, "updateControl", ref=ref, controlGroup=key, status="ACTIVE")

    def load(self, position: Position, quantity: int) -> None:
        """Count a position of this catalogue."""
        record = position.record(quantity)
        self.api.load([record], preprocessing="skip", catalogueRef=self.ref)

    def status(self, position: Position) -> str:
        """The status of a position of this catalogue."""
        answer = self.api.graphql(STATUSES, catalogue={"ref": self.ref}, product=[position.product])
        edges = data_of(answer)["inventoryPositions"]["edges"]
        (status,) = (
            edge["node"]["status"]
            for edge in edges
            if edge["node"]["locationRef"] == position.location
        )
        return str(status)


def test_thresholds_give_positions_their_status_at_every_change(api: Api, names: Names) -> None:
    """Bulk threshold controls, 28 Feb 2025: at the threshold or below it."""
    store = Store(api, names)
    position = Position(api, names)
    seen = []
    for quantity in (0, 1, 3, 4, 10, 3, 0):
        store.load(position, quantity)
        seen.append((quantity, store.status(position)))
    assert seen == [
        *((0, "OUT_OF_STOCK"), (1, "AT_RISK"), (3, "AT_RISK")),
        *((4, "ACTIVE"), (10, "ACTIVE"), (3, "AT_RISK"), (0, "OUT_OF_STOCK")),
    ]  # fmt: skip

    event = api.event("INVENTORY_DELTA", {"deltas": [position.entry(7)]}, entityRef=store.ref)
    api.send_and_wait({**event, "rootEntityRef": store.ref})
    assert store.status(position) == "ACTIVE"


def test_what_can_be_promised_follows_the_dates(api: Api, names: Names) -> None:
    """Future Inventory, 27 Mar 2026: on hand less what has expired, and what has come by then."""
    position = Position(api, names)
    shelf, order = names.delta_id(), names.delta_id()
    held, ahead = {"parentRef": shelf}, {"parentRef": order}
    api.load(
        [
            position.record(10),
            position.record(5, ref=shelf, attributes={"expiresOn": LATER}),
            position.record(50, type="ON_ORDER", ref=order, attributes={"expectedOn": LATE}),
            position.record(-2, type="RESERVED", ref=names.delta_id(), attributes=held),
            position.record(-4, type="RESERVED", ref=names.delta_id(), attributes=ahead),
        ],
        preprocessing="skip",
    )
    seen = {}
    for as_of in (EARLY, LATER, LATE):
        query = f"productRef={position.product}&locationRef={position.location}&asOf={as_of}"
        (found,) = api.get(f"/__admin/positions?{query}")["results"]
        seen[as_of] = found["availableToPromise"]["quantity"]

    assert seen == {EARLY: 13, LATER: 10, LATE: 56}


def test_a_virtual_position_shows_its_segments(api: Api, names: Names) -> None:
    """Stock Segmentation, 27 Mar 2026; UpdateVirtualPositionInput: an empty list removes them."""
    ref, group = names.product(), names.product()
    catalogue = {"ref": names.product()}
    mutate(api, "createControlGroup", ref=group, type="DEFAULT", name=group)
    mutate(
        api,
        "createVirtualCatalogue",
        **catalogue,
        type="BASE",
        name=catalogue["ref"],
        inventoryCatalogueRef=api.target.catalogue_ref,
        productCatalogueRef="COMPATIBILITY:1",
        controlGroupRef=group,
    )
    key = {"ref": ref, "catalogue": catalogue}
    mutate(api, "createVirtualPosition", **key, type="OWN", quantity=5)

    def shown() -> list[tuple[str, str]]:
        found = data_of(api.graphql(SEGMENTS, **key))["virtualPosition"]["segments"]
        return sorted((row["type"], row["value"]) for row in found or ())

    batches = [{"type": "BATCH", "value": "L1"}, {"type": "BATCH", "value": "L2"}]
    mutate(api, "updateVirtualPosition", **key, segments=batches)
    assert shown() == [("BATCH", "L1"), ("BATCH", "L2")]
    mutate(api, "updateVirtualPosition", **key, quantity=6)
    assert shown() == [("BATCH", "L1"), ("BATCH", "L2")]
    mutate(api, "updateVirtualPosition", **key, segments=[{"type": "ORIGIN", "value": "IT"}])
    assert shown() == [("ORIGIN", "IT")]
    mutate(api, "updateVirtualPosition", **key, segments=[])
    assert shown() == []
