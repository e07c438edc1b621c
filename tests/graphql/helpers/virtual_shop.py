"""A shop that is set up over GraphQL: networks, virtual catalogues and controls."""

from collections.abc import Sequence
from typing import Any

from ...support import Client, record
from .support import ask, errors_of, nodes

GROUP = "CG"
BUFFER, EXCLUSION, MASTER = "QUANTITY_BUFFER", "EXCLUSION", "MASTER_BUFFER"

NEW_CATALOGUE: dict[str, object] = {
    "type": "BASE",
    "name": "-",
    "inventoryCatalogueRef": "DEFAULT:1",
    "productCatalogueRef": "COMPATIBILITY:1",
}

_QUANTITIES = """
query ($of: VirtualCatalogueKey) {
  virtualPositions(catalogue: $of, first: 500) { edges { node { ref quantity } } }
}
"""


def mutate(client: Client, name: str, selection: str = "ref", /, **given: object) -> Any:
    """What a mutation answers; its input type is named after it."""
    return ask(client, _mutation(name, selection), input=given)[name]


def refused(client: Client, name: str, /, **given: object) -> tuple[str, str]:
    """The code and the message of a mutation that is refused."""
    (error,) = errors_of(client, _mutation(name, "ref"), input=given)
    return error


class Shop:
    """Stock of a few products, and what is sold of it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._made = 0

    def stock(self, **quantities: int) -> None:
        """Count stock: `MEL=10` of D45, `D46_MEL=10` of another product."""
        places = (("D45", name) if "_" not in name else name.split("_") for name in quantities)
        counts = zip(places, quantities.values(), strict=True)
        self.client.load([record(product, place, count) for (product, place), count in counts])

    def network(self, name: str, *location_refs: str) -> str:
        """A network of these locations; returns its id."""
        found = ask(
            self.client,
            "query ($refs: [String]) {"
            " locations(ref: $refs, first: 100) { edges { node { id } } } }",
            refs=location_refs,
        )
        network: str = mutate(
            self.client,
            "createNetwork",
            "id",
            name=name,
            retailers=[{"id": "1"}],
            locations=nodes(found["locations"]),
        )["id"]
        return network

    def virtual_catalogue(self, ref: str, kind: str, **more: object) -> None:
        """A virtual catalogue over the stock, with the group of controls unless told otherwise."""
        usual = {**NEW_CATALOGUE, "name": ref, "controlGroupRef": GROUP}
        mutate(self.client, "createVirtualCatalogue", **{**usual, "ref": ref, "type": kind, **more})

    def group(self, ref: str = GROUP) -> None:
        """A group of controls that is in force."""
        mutate(self.client, "createControlGroup", ref=ref, type="DEFAULT", name=ref)
        mutate(self.client, "updateControlGroup", ref=ref, status="ACTIVE")

    def control(
        self,
        kind: str,
        place: Sequence[str] = (),
        *,
        group: str = GROUP,
        order: int | None = None,
        **values: object,
    ) -> str:
        """A control that is in force for a product, or a product at a location; returns its ref."""
        self._made += 1
        context = [
            {"type": type_, "property": "ref", "value": ref}
            for type_, ref in zip(("PRODUCT", "LOCATION"), place, strict=False)
        ]
        given = {**({"context": context} if context else {}), **values}
        ref, key = f"{kind}-{self._made}", {"ref": group}
        mutate(
            self.client,
            "createControl",
            ref=ref,
            controlGroup=key,
            type=kind,
            name=kind,
            values=[{"name": name, "type": "ANY", "value": value} for name, value in given.items()],
            executionOrder=order,
        )
        mutate(self.client, "updateControl", ref=ref, controlGroup=key, status="ACTIVE")
        return ref

    def sold(self, catalogue: str) -> dict[str, int]:
        """The quantities of a virtual catalogue."""
        found = ask(self.client, _QUANTITIES, of={"ref": catalogue})["virtualPositions"]
        return {node["ref"]: node["quantity"] for node in nodes(found)}


def open_shop(client: Client) -> Shop:
    """10 of D45 at MEL and 4 at SYD, both in the network HD, under one group of controls."""
    shop = Shop(client)
    shop.stock(MEL=10, SYD=4)
    network = shop.network("HD", "MEL", "SYD")
    shop.group()
    shop.virtual_catalogue("BASE:HD", "BASE", networkIds=[network])
    shop.virtual_catalogue("AGG:HD", "AGGREGATE", networkIds=[network])
    return shop


def _mutation(name: str, selection: str) -> str:
    type_name = f"{name[0].upper()}{name[1:]}Input"
    return f"mutation ($input: {type_name}) {{ {name}(input: $input) {{ {selection} }} }}"
