"""The user that a token was issued to, as the vendor's client asks for them."""

from fluent_oms_simulator import Settings
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client
from .helpers.support import ask

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
    me = ask(client, "{ me { apps { name } attributes { name } } }")["me"]

    assert me == {"apps": [], "attributes": []}
