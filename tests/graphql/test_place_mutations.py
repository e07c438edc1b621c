"""Locations and networks, written."""

import pytest

from ..support import Client, record
from .helpers.places import (
    CREATE_LOCATION,
    EVERYTHING,
    UPDATE_LOCATION,
    UPDATE_NETWORK,
    create_location,
    create_network,
    location,
    location_input,
    two_locations,
)
from .helpers.support import ask, code_of, nodes, refs


@pytest.fixture
def account(client: Client) -> Client:
    return two_locations(client)


def networks(client: Client) -> dict[str, list[str]]:
    """The locations of every network."""
    return {
        row["ref"]: refs(row["locations"]) for row in nodes(ask(client, EVERYTHING)["networks"])
    }


def test_what_is_created_has_the_status_created(client: Client) -> None:
    assert create_location(client, "SHOP") == {"id": "1", "ref": "SHOP", "status": "CREATED"}
    assert create_network(client, "ALL") == {
        "id": "1",
        "ref": "ALL",
        "type": None,
        "status": "CREATED",
    }


def test_a_location_that_positions_named_keeps_its_id_when_it_is_created(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 1), record("D45", "LOC_SYD", 1)])

    created = create_location(client, "LOC_SYD", type="WAREHOUSE")

    assert created == {"id": "2", "ref": "LOC_SYD", "status": "CREATED"}
    assert [row["type"] for row in nodes(ask(client, EVERYTHING)["locations"])] == [
        "STORE",
        "WAREHOUSE",
    ]
    assert code_of(client, CREATE_LOCATION, input=location_input("LOC_SYD")) == "C0123E"


def test_a_location_that_positions_named_stays_in_its_networks_when_it_is_created(
    client: Client,
) -> None:
    client.load([record("D45", "LOC_MEL", 1)])
    create_network(client, "ALL", locations=["1"])

    create_location(client, "LOC_MEL")
    assert networks(client) == {"ALL": ["LOC_MEL"]}


def test_a_location_that_positions_named_is_taken_once_it_was_updated(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 1)])

    ask(client, UPDATE_LOCATION, input={"id": "1", "name": "Melbourne"})

    assert location(client, "LOC_MEL")["name"] == "Melbourne"
    assert code_of(client, CREATE_LOCATION, input=location_input("LOC_MEL")) == "C0123E"


def test_a_null_leaves_what_is_there(account: Client) -> None:
    before = location(account, "SHOP")
    nothing = dict.fromkeys(
        ("type", "status", "name", "attributes", "networks", "storageAreas", "retailer")
    )

    ask(account, UPDATE_LOCATION, input={"id": "1", **nothing, "primaryAddress": None})

    after = location(account, "SHOP")
    assert after.pop("updatedOn") >= before.pop("updatedOn")
    assert after == before
    assert networks(account) == {"ALL": ["SHOP", "DEPOT"], "SHOPS": ["SHOP"]}


def test_an_update_of_a_location_writes_what_it_names_and_nothing_else(account: Client) -> None:
    before = location(account, "SHOP")
    given = {
        "id": "1",
        "status": "ACTIVE",
        "type": "OUTLET",
        "supportPhoneNumber": "555",
        "attributes": [{"name": "floors", "type": "INTEGER", "value": 2}],
        "primaryAddress": {
            "id": before["primaryAddress"]["id"],
            "city": "Perth",
            "latitude": None,
        },
        "openingSchedule": {"id": before["openingSchedule"]["id"], "monStart": 1000},
        "storageAreas": [{"id": nodes(before["storageAreas"])[0]["id"], "status": "FULL"}, None],
    }

    ask(account, UPDATE_LOCATION, input=given)

    after = location(account, "SHOP")
    (back,) = nodes(after.pop("storageAreas"))
    (back_before,) = nodes(before.pop("storageAreas"))
    assert back == back_before | {"status": "FULL"}
    for document in (before, after):
        document.pop("updatedOn")
    assert after == before | {
        "status": "ACTIVE",
        "type": "OUTLET",
        "supportPhoneNumber": "555",
        "attributes": [{"name": "floors", "type": "INTEGER", "value": 2}],
        "primaryAddress": {**before["primaryAddress"], "city": "Perth"},
        "openingSchedule": {**before["openingSchedule"], "monStart": 1000},
    }


def test_storage_areas_of_all_locations_have_ids_of_their_own(account: Client) -> None:
    create_location(account, "KIOSK", storageAreas=[{"ref": "BACK"}, {"ref": "FRONT"}])

    areas = [
        area["id"]
        for row in nodes(ask(account, EVERYTHING)["locations"])
        for area in nodes(row["storageAreas"])
    ]
    assert len(set(areas)) == len(areas) == 3


def test_a_location_is_in_the_networks_that_its_last_input_names(account: Client) -> None:
    create_location(account, "KIOSK", networks=[{"id": "2"}, {"id": "2"}, None])
    assert networks(account) == {"ALL": ["SHOP", "DEPOT"], "SHOPS": ["SHOP", "KIOSK"]}

    ask(account, UPDATE_LOCATION, input={"id": "1", "networks": [{"id": "1"}]})
    assert networks(account) == {"ALL": ["SHOP", "DEPOT"], "SHOPS": ["KIOSK"]}

    ask(account, UPDATE_LOCATION, input={"id": "2", "networks": []})
    assert networks(account) == {"ALL": ["SHOP"], "SHOPS": ["KIOSK"]}


def test_a_network_has_the_locations_of_its_last_input(account: Client) -> None:
    ask(account, UPDATE_NETWORK, input={"id": "2", "type": "RETAIL", "locations": [{"id": "2"}]})
    assert networks(account) == {"ALL": ["SHOP", "DEPOT"], "SHOPS": ["DEPOT"]}

    ask(account, UPDATE_NETWORK, input={"id": "2", "locations": []})
    ask(account, UPDATE_NETWORK, input={"id": "2", "locations": None})

    shops = nodes(ask(account, EVERYTHING)["networks"])[1]
    assert (shops["type"], refs(shops["locations"])) == ("RETAIL", [])
    assert refs(shops["retailers"]) == ["1"]


def test_a_network_can_be_renamed_and_keeps_its_place(account: Client) -> None:
    given = {"id": "1", "name": "WORLD", "status": "ACTIVE"}

    updated = ask(account, UPDATE_NETWORK, input=given)["updateNetwork"]

    assert updated == {"id": "1", "ref": "WORLD", "type": None, "status": "ACTIVE"}
    assert list(networks(account)) == ["WORLD", "SHOPS"]
    assert ask(account, '{ network(ref: "ALL") { id } }')["network"] is None
    assert create_network(account, "ALL")["id"] == "3"


def test_an_inactive_location_leaves_its_positions_until_they_are_told(client: Client) -> None:
    client.load([record("D45", "SHOP", 5)])
    create_location(client, "SHOP")

    ask(client, UPDATE_LOCATION, input={"id": "1", "status": "INACTIVE"})
    assert client.position("D45:SHOP:DEFAULT")["status"] == "ACTIVE"

    document = """mutation { updateInventoryPositionsStatusByLocation(
        filter: {catalogue: {ref: "DEFAULT:1"}, locationRef: "SHOP"},
        input: {status: "INACTIVE"}) { count } }"""
    assert ask(client, document)["updateInventoryPositionsStatusByLocation"] == {"count": 1}
    assert client.position("D45:SHOP:DEFAULT")["status"] == "INACTIVE"


def test_positions_of_a_network_are_summed_up(account: Client) -> None:
    account.load([record("D45", "SHOP", 5), record("D45", "DEPOT", 7), record("D45", "FAR", 9)])
    query = """query($network: String) { sum: inventoryPositionAggregate(
        catalogue: {ref: "DEFAULT:1"}, productRef: "D45", networkRef: $network) { count sum } }"""

    assert ask(account, query, network="ALL")["sum"] == {"count": 2, "sum": 12}
    assert ask(account, query, network="SHOPS")["sum"] == {"count": 1, "sum": 5}
    assert ask(account, query, network="NOWHERE")["sum"] == {"count": 0, "sum": 0}
    assert ask(account, query)["sum"] == {"count": 3, "sum": 21}
