"""The user that a token was issued to, as the vendor's client asks for them."""

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client
from .helpers.support import ask, code_of, refs

RETAILER = (
    "id createdOn updatedOn status ref summary websiteUrl websiteUrlName primaryEmail "
    "supportContactName supportEmail supportPhone tradingName"
)
TESTER = f"""query Me {{ me {{
  id ref username title firstName lastName primaryEmail primaryPhone type status department country
  timezone promotionOptIn createdOn updatedOn
  roles {{ role {{ id name permissions {{ name }} }} contexts {{ contextType contextId }} }}
  primaryRetailer {{ {RETAILER} }}
  language {{ value label }}
  primaryLocation {{
    id ref createdOn updatedOn type status name supportPhoneNumber defaultCarrier
    defaultCarrierName workflowRef workflowVersion retailer {{ {RETAILER} }}
  }}
}} }}"""
"""Every field that the connection tester of the vendor's client selects."""


def test_the_connection_tester_of_the_vendors_client_is_answered(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    settings = Settings(seed_data="none", username="ida", account="ACME", retailers=("7", "2"))
    client = Client(make_simulator(clock=clock, settings=settings))

    me = ask(client, TESTER)["me"]

    assert {name: me[name] for name in ("ref", "username", "status")} == {
        "ref": "ida",
        "username": "ida",
        "status": "ACTIVE",
    }
    assert me["createdOn"] == me["updatedOn"] == "2026-01-01T12:00:00.000Z"
    (role,) = me["roles"]
    assert role["contexts"] == [{"contextType": "ACCOUNT", "contextId": "ACME"}]
    retailer = me["primaryRetailer"]
    assert (retailer["id"], retailer["ref"], retailer["tradingName"]) == ("7", "7", "Retailer 7")
    assert me["primaryLocation"] is None


def test_a_client_that_only_checks_its_connection_gets_the_ref(client: Client) -> None:
    assert ask(client, "query { me { ref } }") == {"me": {"ref": "sim"}}


def test_lists_of_a_user_that_nobody_filled_are_empty(client: Client) -> None:
    query = "{ me { apps { id name type version { major minor patch } } attributes { name } } }"
    me = ask(client, query)["me"]

    assert me == {"apps": [], "attributes": []}


USERS: list[tuple[str, list[str]]] = [
    ("", ["sim"]),
    ('ref: "%IM%"', ["sim"]),
    ('username: ["nobody", "sim"]', ["sim"]),
    ('ref: "si"', []),
    ('type: "USER", status: "ACTIVE", title: [null], promotionOptIn: [null]', ["sim"]),
    ('firstName: "Ida"', []),
    ('createdOn: {from: "2100-01-01"}', []),
]


@pytest.mark.parametrize(("filters", "expected"), USERS)
def test_users_are_searched_by_all_that_is_known_of_the_one(
    client: Client, filters: str, expected: list[str]
) -> None:
    arguments = f"({filters})" if filters else ""

    found = ask(client, f"{{ users{arguments} {{ edges {{ node {{ ref }} }} }} }}")

    assert refs(found["users"]) == expected


def test_a_user_is_found_by_id_or_name(client: Client) -> None:
    query = """{ a: user(id: 1) { ref } b: user(username: "sim") { id } c: userById(id: 1) { ref }
        d: user(id: 1, username: "other") { ref } e: userById(id: 2) { ref } }"""

    assert list(ask(client, query).values()) == [
        {"ref": "sim"},
        {"id": "1"},
        {"ref": "sim"},
        None,
        None,
    ]
    assert code_of(client, "{ user { ref } }") == "C0140E"
