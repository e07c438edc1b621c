"""Locations and networks for tests."""

from typing import Any

from ...support import Client, Document
from .support import ask, nodes

HOURS = {
    f"{day}{end}": hour
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for end, hour in (("Start", 900), ("End", 1730))
}

CREATE_LOCATION = """mutation($input: CreateLocationInput) {
    createLocation(input: $input) { id ref status } }"""
UPDATE_LOCATION = """mutation($input: UpdateLocationInput) {
    updateLocation(input: $input) { id ref status } }"""
CREATE_NETWORK = """mutation($input: CreateNetworkInput) {
    createNetwork(input: $input) { id ref type status } }"""
UPDATE_NETWORK = """mutation($input: UpdateNetworkInput) {
    updateNetwork(input: $input) { id ref type status } }"""

EVERYTHING = """{
    locations(first: 500) { edges { node { id ref type status name createdOn updatedOn
        supportPhoneNumber defaultCarrier attributes { name type value } retailer { id }
        primaryAddress { id ref latitude longitude city }
        openingSchedule { id allHours monStart sunEnd }
        storageAreas { edges { node { id name type status } } } } } }
    networks(first: 500) { edges { node { id ref type status updatedOn attributes { name value }
        locations { edges { node { ref } } } retailers { edges { node { ref } } } } } }
}"""


def location_input(ref: str, **more: object) -> Document:
    """All that a location needs."""
    return {
        "ref": ref,
        "type": "STORE",
        "name": ref,
        "primaryAddress": {"ref": f"{ref}-ADDRESS", "latitude": -37.5, "longitude": 145.0},
        "openingSchedule": {"allHours": False, **HOURS},
        "retailer": {"id": "1"},
        **more,
    }


def network_input(name: str, **more: Any) -> Document:
    """All that a network needs; `retailers` and `locations` are ids."""
    for field in ("retailers", "locations"):
        if field in more:
            more[field] = [{"id": given} for given in more[field]]
    return {"name": name, "retailers": [{"id": "1"}], **more}


def create_location(client: Client, ref: str, **more: Any) -> Document:
    """Create a location; returns id, ref and status."""
    created: Document = ask(client, CREATE_LOCATION, input=location_input(**{"ref": ref, **more}))[
        "createLocation"
    ]
    return created


def create_network(client: Client, name: str, **more: Any) -> Document:
    """Create a network; returns id, ref, type and status."""
    created: Document = ask(client, CREATE_NETWORK, input=network_input(name, **more))[
        "createNetwork"
    ]
    return created


def location(client: Client, ref: str) -> Document:
    """All about a location."""
    (found,) = (row for row in nodes(ask(client, EVERYTHING)["locations"]) if row["ref"] == ref)
    return found


def two_locations(client: Client) -> Client:
    """The locations SHOP (1) and DEPOT (2) in the networks ALL (1) and SHOPS (2)."""
    create_location(client, "SHOP", storageAreas=[{"ref": "BACK", "type": "SHELF"}])
    create_location(client, "DEPOT")
    create_network(client, "ALL", locations=["1", "2"])
    create_network(client, "SHOPS", locations=["1"])
    return client
