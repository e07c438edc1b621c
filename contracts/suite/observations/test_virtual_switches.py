"""Open points of virtual positions, which are asked about on a simulator only.

What has to be set up for them, catalogues and controls, can never be deleted again.
"""

from __future__ import annotations

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.observations.probing import (
    largest,
    location,
    meaning,
)
from fluent_oms_simulator.contracts.suite.semantic.asking import data_of, mutate, mutated
from fluent_oms_simulator.contracts.suite.semantic.position import Observe, Position
from fluent_oms_simulator.contracts.target.names import Names

SOLD = """query ($catalogue: VirtualCatalogueKey, $product: [String]) {
  virtualPositions(catalogue: $catalogue, productRef: $product, first: 100) {
    edges { node { groupRef quantity } } } }"""

SEARCH = """query ($catalogue: VirtualCatalogueKey!, $products: [ProductQuantityInput!]!) {
  searchVirtualInventory(virtualCatalogue: $catalogue, productQuantities: $products, first: 10) {
    edges { node { location { ref } } } } }"""


class Shop:
    """10 and 4 pieces of a product at two locations of one network, sold from both."""

    def __init__(self, api: Api, names: Names) -> None:
        if not api.target.is_ours:
            pytest.skip("virtual catalogues would stay on a server that is not a simulator")
        self.api, self.names = api, names
        self.many = Position(api, names)
        self.few = Position(api, names, product=self.many.product)
        self.catalogue = {"ref": api.target.catalogue_ref}
        api.load([self.many.record(10), self.few.record(4)])
        for position in (self.many, self.few):  # a first load may leave them CREATED
            self.mark(position, "ACTIVE")
        self.group = names.product()
        mutate(api, "createControlGroup", ref=self.group, type="DEFAULT", name=self.group)
        mutate(api, "updateControlGroup", ref=self.group, status="ACTIVE")

    def mark(self, position: Position, status: str) -> None:
        """Give a position a status."""
        seen = position.look()
        assert seen is not None
        key = {"ref": seen["ref"], "catalogue": self.catalogue}
        mutate(self.api, "updateInventoryPosition", **key, status=status)

    def network(self) -> str:
        """A network of the two locations; its id."""
        made = []
        for ref in (self.many.location, self.few.location):
            created = mutate(self.api, "createLocation", "id", **location(ref, self.api))
            made.append({"id": created["id"]})
        retailers = [{"id": self.api.target.retailer_id}]
        network = mutate(
            self.api,
            "createNetwork",
            "id",
            name=self.names.product(),
            retailers=retailers,
            locations=made,
        )
        return str(network["id"])

    def catalogue_of(self, kind: str, **more: object) -> str:
        """A virtual catalogue over the stock; its ref."""
        ref: str = self.names.product()
        mutate(
            self.api,
            "createVirtualCatalogue",
            ref=ref,
            type=kind,
            name=ref,
            inventoryCatalogueRef=self.catalogue["ref"],
            productCatalogueRef="COMPATIBILITY:1",
            controlGroupRef=self.group,
            **more,
        )
        return ref

    def keep_back(self, position: Position, pieces: int) -> None:
        """Buffer the stock of a position."""
        ref, key = self.names.product(), {"ref": self.group}
        context = [
            {"type": "PRODUCT", "property": "ref", "value": position.product},
            {"type": "LOCATION", "property": "ref", "value": position.location},
        ]
        values = [
            {"name": "context", "type": "CONTEXT", "value": context},
            {"name": "buffer", "type": "NUMBER", "value": -pieces},
        ]
        mutate(
            self.api,
            "createControl",
            ref=ref,
            controlGroup=key,
            type="QUANTITY_BUFFER",
            name=ref,
            values=values,
        )
        mutate(self.api, "updateControl", ref=ref, controlGroup=key, status="ACTIVE")

    def sold(self, catalogue: str) -> list[int]:
        """What is sold of the product, in ascending order."""
        answer = self.api.graphql(SOLD, catalogue={"ref": catalogue}, product=[self.many.product])
        edges = data_of(answer)["virtualPositions"]["edges"]
        return sorted(edge["node"]["quantity"] for edge in edges)


def test_what_a_buffer_that_exceeds_the_stock_leaves(
    api: Api, names: Names, observe: Observe
) -> None:
    shop = Shop(api, names)
    network = shop.network()
    base = shop.catalogue_of("BASE", networkIds=[network])
    aggregate = shop.catalogue_of("AGGREGATE", networkIds=[network])
    shop.keep_back(shop.few, 9)

    lowest = shop.sold(base)[0]
    value = meaning(lowest, {0: "zero", -5: "none"})
    observe("virtual.floor", value, f"4 with a buffer of 9 is sold as {lowest}")
    (total,) = shop.sold(aggregate)
    value = meaning(total, {10: "zero", 5: "none"})
    observe("virtual.location_floor", value, f"10, and 4 with a buffer of 9, make {total}")


def test_which_positions_an_aggregate_sums_up(api: Api, names: Names, observe: Observe) -> None:
    shop = Shop(api, names)
    aggregate = shop.catalogue_of("AGGREGATE", networkIds=[shop.network()])
    shop.mark(shop.few, "AT_RISK")

    (total,) = shop.sold(aggregate)
    value = meaning(total, {14: "not_inactive", 10: "active"})
    observe("virtual.aggregate_statuses", value, f"10, and 4 AT_RISK, make {total}")


def test_what_a_virtual_catalogue_without_networks_covers(
    api: Api, names: Names, observe: Observe
) -> None:
    shop = Shop(api, names)
    sold = shop.sold(shop.catalogue_of("BASE"))

    value = meaning(tuple(sold), {(4, 10): "all_locations", (): "none"})
    observe("virtual.without_networks", value, f"of 4 and 10 pieces it sells {sold}")


def test_what_a_virtual_catalogue_of_an_own_type_shows(
    api: Api, names: Names, observe: Observe
) -> None:
    shop = Shop(api, names)
    sold = shop.sold(shop.catalogue_of("ATS", networkIds=[shop.network()]))

    value = meaning(tuple(sold), {(14,): "aggregate", (): "created"})
    observe("virtual.own_types", value, f"of 10 and 4 pieces a catalogue of type ATS sells {sold}")


def test_how_many_segments_a_virtual_position_may_have(
    api: Api, names: Names, observe: Observe
) -> None:
    shop = Shop(api, names)
    catalogue = {"ref": shop.catalogue_of("BASE", networkIds=[shop.network()])}
    ref = names.product()
    mutate(api, "createVirtualPosition", ref=ref, catalogue=catalogue, type="OWN", quantity=1)

    def is_allowed(count: int) -> bool:
        segments = [{"type": "BATCH", "value": str(number)} for number in range(count)]
        answer = mutated(
            api, "updateVirtualPosition", ref=ref, catalogue=catalogue, segments=segments
        )
        return "errors" not in answer.document

    most = largest(0, 10_001, is_allowed)
    observe("virtual.most_segments", str(most), f"{most} segments are taken, and no more")


def test_whether_a_location_is_found_that_lacks_a_product(
    api: Api, names: Names, observe: Observe
) -> None:
    shop = Shop(api, names)
    catalogue = shop.catalogue_of("BASE", networkIds=[shop.network()])
    wanted = [(shop.many.product, 1), (names.product(), 1)]

    answer = api.graphql(
        SEARCH,
        catalogue={"ref": catalogue},
        products=[{"productRef": ref, "quantity": quantity} for ref, quantity in wanted],
    )
    found = len(data_of(answer)["searchVirtualInventory"]["edges"])
    value = meaning(found, {2: "any_product", 0: "every_product"})
    what = f"of two locations with one of two products {found} are found"
    observe("graphql.virtual_search", value, what)
