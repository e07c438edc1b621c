"""What locations and networks are refused for: a code, a sentence, and nothing changed."""

from typing import Any

import pytest

from ..support import Client, Document
from .helpers.places import (
    CREATE_LOCATION,
    CREATE_NETWORK,
    EVERYTHING,
    UPDATE_LOCATION,
    UPDATE_NETWORK,
    location,
    location_input,
    network_input,
    two_locations,
)
from .helpers.support import ask, code_of, errors_of


@pytest.fixture
def account(client: Client) -> Client:
    return two_locations(client)


KIOSK = location_input("KIOSK")
UNKNOWN = {"id": "9"}

REFUSED: dict[str, tuple[str, Document, str, str]] = {
    "a location ref that is taken": (
        CREATE_LOCATION,
        location_input("SHOP"),
        "C0123E",
        "The location ref SHOP is taken.",
    ),
    "a location ref of nine characters": (
        CREATE_LOCATION,
        location_input("NINECHARS"),
        "C0141E",
        "/input/ref has 9 characters: expected at most 8 (behaviour graphql.location_ref_length).",
    ),
    "a location type of 26 characters": (
        CREATE_LOCATION,
        KIOSK | {"type": "T" * 26},
        "C0141E",
        "/input/type has 26 characters: expected at most 25.",
    ),
    "a location name of 101 characters": (
        CREATE_LOCATION,
        KIOSK | {"name": "n" * 101},
        "C0141E",
        "/input/name has 101 characters: expected at most 100.",
    ),
    "a city of 46 characters": (
        CREATE_LOCATION,
        KIOSK | {"primaryAddress": {**KIOSK["primaryAddress"], "city": "c" * 46}},
        "C0141E",
        "/input/primaryAddress/city has 46 characters: expected at most 45.",
    ),
    "a location of an unknown retailer": (
        CREATE_LOCATION,
        KIOSK | {"retailer": UNKNOWN},
        "C0120E",
        "There is no retailer with the id '9'; there are 1.",
    ),
    "a location of a known and an unknown network": (
        CREATE_LOCATION,
        KIOSK | {"networks": [{"id": "1"}, UNKNOWN]},
        "C0120E",
        "There is no network with the id '9'.",
    ),
    "a storage area named twice": (
        CREATE_LOCATION,
        KIOSK | {"storageAreas": [{"ref": "A"}, {"ref": "A"}]},
        "C0123E",
        "/input/storageAreas names a ref twice: expected each once.",
    ),
    "too many storage areas": (
        CREATE_LOCATION,
        KIOSK | {"storageAreas": [{"ref": str(number)} for number in range(1_001)]},
        "C0125E",
        "/input/storageAreas: expected at most 1,000 of one location.",
    ),
    "an update of a known and an unknown storage area": (
        UPDATE_LOCATION,
        {"id": "1", "storageAreas": [{"id": "1", "status": "FULL"}, UNKNOWN]},
        "C0120E",
        "There is no storage area with the id '9' at the location SHOP.",
    ),
    "an update of another location's storage area": (
        UPDATE_LOCATION,
        {"id": "2", "storageAreas": [{"id": "1", "status": "FULL"}]},
        "C0120E",
        "There is no storage area with the id '1' at the location DEPOT.",
    ),
    "an update of another location's address": (
        UPDATE_LOCATION,
        {"id": "1", "primaryAddress": {"id": "2", "city": "Perth"}},
        "C0120E",
        "/input/primaryAddress: the location SHOP has none with this id.",
    ),
    "an update of another location's opening schedule": (
        UPDATE_LOCATION,
        {"id": "1", "openingSchedule": {"id": "2", "allHours": True}},
        "C0120E",
        "/input/openingSchedule: the location SHOP has none with this id.",
    ),
    "an update with a long status": (
        UPDATE_LOCATION,
        {"id": "1", "status": "S" * 16},
        "C0141E",
        "/input/status has 16 characters: expected at most 15.",
    ),
    "a network type of 16 characters": (
        CREATE_NETWORK,
        network_input("NEW", type="T" * 16),
        "C0141E",
        "/input/type has 16 characters: expected at most 15.",
    ),
    "no input for a location": (
        CREATE_LOCATION.replace("input: $input", "input: null").replace(
            "($input: CreateLocationInput)", ""
        ),
        {},
        "C0140E",
        "createLocation has no `input`: expected one.",
    ),
    "an update of an unknown location": (
        UPDATE_LOCATION,
        {"id": "9", "name": "x"},
        "C0120E",
        "There is no location with the id '9'.",
    ),
    "an update with a long name": (
        UPDATE_LOCATION,
        {"id": "1", "status": "ACTIVE", "name": "n" * 101},
        "C0141E",
        "/input/name has 101 characters: expected at most 100.",
    ),
    "an update to an unknown network": (
        UPDATE_LOCATION,
        {"id": "2", "status": "ACTIVE", "networks": [{"id": "2"}, UNKNOWN]},
        "C0120E",
        "There is no network with the id '9'.",
    ),
    "an update to an unknown retailer": (
        UPDATE_LOCATION,
        {"id": "2", "networks": [{"id": "2"}], "retailer": UNKNOWN},
        "C0120E",
        "There is no retailer with the id '9'; there are 1.",
    ),
    "a network name that is taken": (
        CREATE_NETWORK,
        network_input("ALL"),
        "C0123E",
        "The network ref ALL is taken.",
    ),
    "a network without a name": (
        CREATE_NETWORK,
        network_input(""),
        "C0125E",
        "/input/name is empty: expected the ref that the network is known by.",
    ),
    "a network of an unknown retailer": (
        CREATE_NETWORK,
        network_input("NEW", retailers=["1", "9"]),
        "C0120E",
        "There is no retailer with the id '9'; there are 1.",
    ),
    "a network of a known and an unknown location": (
        CREATE_NETWORK,
        network_input("NEW", locations=["1", "9"]),
        "C0120E",
        "There is no location with the id '9'.",
    ),
    "an update of an unknown network": (
        UPDATE_NETWORK,
        {"id": "9"},
        "C0120E",
        "There is no network with the id '9'.",
    ),
    "a network renamed to another one": (
        UPDATE_NETWORK,
        {"id": "2", "name": "ALL", "status": "ACTIVE"},
        "C0123E",
        "The network ref ALL is taken.",
    ),
    "a network given an unknown location": (
        UPDATE_NETWORK,
        {"id": "2", "name": "SHOPS2", "locations": [UNKNOWN]},
        "C0120E",
        "There is no location with the id '9'.",
    ),
}


def test_what_is_refused_changes_nothing_and_says_why(account: Client) -> None:
    before = ask(account, EVERYTHING)

    for name, (document, given, code, message) in REFUSED.items():
        variables: dict[str, Any] = {"input": given} if given else {}
        assert errors_of(account, document, **variables) == [(code, message)], name
        assert ask(account, EVERYTHING) == before, name


def test_a_latitude_that_is_no_number_is_refused(account: Client) -> None:
    document = """mutation { updateLocation(
        input: {id: 1, primaryAddress: {id: 1, latitude: 1e999}}) { id } }"""

    assert code_of(account, document) == "C0125E"
    assert location(account, "SHOP")["primaryAddress"]["latitude"] == -37.5


def test_no_more_than_a_thousand_networks_are_kept(client: Client) -> None:
    for start in range(0, 1_000, 250):
        fields = (
            f'n{number}: createNetwork(input: {{name: "N{number}", retailers: []}}) {{ id }}'
            for number in range(start, start + 250)
        )
        ask(client, f"mutation {{ {' '.join(fields)} }}")

    [(code, message)] = errors_of(client, CREATE_NETWORK, input=network_input("ONE-MORE"))

    assert (code, message) == ("C0125E", "There are 1,000 networks, and no more are kept.")
