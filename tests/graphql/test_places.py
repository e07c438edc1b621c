"""Locations, networks and retailers, read back."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import NOON, MakeSimulator
from ..support import Client, record
from .helpers.places import CREATE_LOCATION, create_location, create_network, location_input
from .helpers.support import ask, errors_of, nodes, refs, walked


@pytest.fixture(scope="module")
def account() -> Iterator[Client]:
    """Four locations in three networks of two retailers. One for all tests, which only read.

    SEEN-AT-NOON is known from a position alone; the others come a minute later each.
    """
    clock = VirtualClock(NOON)
    with closing(build(Settings(seed_data="none", retailers=("1", "2")), clock)) as simulator:
        simulator.start()
        client = Client(simulator)
        client.load([record("D45", "SEEN-AT-NOON", 1)])
        clock.advance(60_000)
        create_location(client, "SHOP", supportPhoneNumber="555", defaultCarrier="POST")
        clock.advance(60_000)
        create_location(client, "DEPOT", type="WAREHOUSE", name="The depot", retailer={"id": "2"})
        clock.advance(60_000)
        create_location(client, "KIOSK")
        create_network(client, "ALL", locations=["3", "1", "2", "4"])
        create_network(client, "NONE", type="EMPTY", retailers=["1", "2"])
        create_network(client, "SHOPS", type="RETAIL", retailers=["2"], locations=["2", "4"])
        yield client


ALL = ["SEEN-AT-NOON", "SHOP", "DEPOT", "KIOSK"]

LOCATIONS: list[tuple[str, list[str]]] = [
    ("", ALL),
    ('ref: ["KIOSK", "SHOP", "KIOSK", "NOWHERE", null]', ["SHOP", "KIOSK"]),
    ('ref: "DEPOT"', ["DEPOT"]),
    ("ref: []", []),
    ('type: ["WAREHOUSE"]', ["DEPOT"]),
    ('type: ["STORE", "WAREHOUSE"], ref: ["DEPOT", "KIOSK"]', ["DEPOT", "KIOSK"]),
    ('status: "ACTIVE"', ["SEEN-AT-NOON"]),
    ('status: ["CREATED", "ACTIVE"]', ALL),
    ('name: ["The depot", "KIOSK"]', ["DEPOT", "KIOSK"]),
    ('supportPhoneNumber: ["555"]', ["SHOP"]),
    ('defaultCarrier: ["POST", null]', ALL),
    ("defaultCarrier: null", ALL),
    ('defaultCarrierName: ["POST"]', []),
    ('createdOn: {from: "2026-01-01T12:01:00Z", to: "2026-01-01T12:02:00Z"}', ["SHOP", "DEPOT"]),
    ('updatedOn: {to: "2026-01-01T13:00:59.999+01:00"}', ["SEEN-AT-NOON"]),
]


@pytest.mark.parametrize(("filters", "expected"), LOCATIONS)
def test_locations_are_filtered_by_all_of_some_values(
    account: Client, filters: str, expected: list[str]
) -> None:
    arguments = f"({filters})" if filters else ""
    of_network = (
        f'{{ network(ref: "ALL") {{ locations{arguments} {{ edges {{ node {{ ref }} }} }} }} }}'
    )

    found = ask(account, f"{{ locations{arguments} {{ edges {{ node {{ ref }} }} }} }}")

    assert refs(found["locations"]) == expected
    assert refs(ask(account, of_network)["network"]["locations"]) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("field", ["locations", "networks", "retailers"])
def test_a_walk_shows_each_row_once(account: Client, field: str, size: int) -> None:
    rows = walked(account, field, size)

    assert walked(account, field, size, backward=True) == rows
    expected = {"locations": ALL, "networks": ["ALL", "NONE", "SHOPS"], "retailers": ["1", "2"]}
    assert [row["ref"] for row in rows] == expected[field]
    assert len({row["id"] for row in rows}) == len(rows)


def test_locations_that_arrive_during_a_walk_come_last(client: Client) -> None:
    query = """query($after: String) {
        locations(first: 2, after: $after) { edges { node { ref } cursor } } }"""
    client.load([record("D45", "B", 1), record("D45", "C", 1), record("D45", "D", 1)])
    page = ask(client, query)["locations"]

    client.load([record("D44", "A", 1)])
    create_location(client, "C")

    rest = ask(client, query, after=page["edges"][-1]["cursor"])["locations"]
    assert refs(page) + refs(rest) == ["B", "C", "D", "A"]


def test_a_location_that_only_positions_name_is_an_active_store(account: Client) -> None:
    query = """{ location(ref: "SEEN-AT-NOON") { id ref name type status createdOn workflowRef
        retailer { id } primaryAddress { ref } openingSchedule { allHours }
        storageAreas { edges { node { name } } } networks { edges { node { ref } } } } }"""

    assert ask(account, query)["location"] == {
        "id": "1",
        "ref": "SEEN-AT-NOON",
        "name": "SEEN-AT-NOON",
        "type": "STORE",
        "status": "ACTIVE",
        "createdOn": "2026-01-01T12:00:00.000Z",
        "workflowRef": "LOCATION::STORE",
        "retailer": {"id": "1"},
        "primaryAddress": None,
        "openingSchedule": None,
        "storageAreas": {"edges": []},
        "networks": {"edges": [{"node": {"ref": "ALL"}}]},
    }


ONE: list[tuple[str, str | None]] = [
    ('location(id: "3")', "DEPOT"),
    ('location(id: 3, ref: "DEPOT")', "DEPOT"),
    ('location(id: 3, ref: "SHOP")', None),
    ('location(ref: "NOWHERE")', None),
    ('location(id: "0")', None),
    ('location(id: "5")', None),
    ('location(id: "-1")', None),
    ('location(id: "٣")', None),
    ('location(id: "99999999999999999999999")', None),
    ('locationById(id: "2")', "SHOP"),
    ('locationById(id: "SHOP")', None),
    ('network(ref: "SHOPS")', "SHOPS"),
    ("network(id: 1)", "ALL"),
    ('network(id: 1, ref: "ALL")', "ALL"),
    ('network(id: 1, ref: "SHOPS")', None),
    ("networkById(id: 3)", "SHOPS"),
    ("networkById(id: 4)", None),
    ("retailerById(id: 2)", "2"),
    ("retailerById(id: 3)", None),
]


@pytest.mark.parametrize(("field", "expected"), ONE)
def test_one_entity_is_found_by_id_or_ref(
    account: Client, field: str, expected: str | None
) -> None:
    found = ask(account, f"{{ found: {field} {{ ref }} }}")["found"]

    assert found == (None if expected is None else {"ref": expected})


@pytest.mark.parametrize("field", ["location", "network"])
def test_a_query_for_one_entity_names_it(client: Client, field: str) -> None:
    [(code, message)] = errors_of(client, f"{{ {field} {{ ref }} }}")

    assert code == "C0140E"
    assert message == f"`{field}` has neither `id` nor `ref`: expected at least one."


@pytest.mark.parametrize("field", ["location(id: 9)", "networkById(id: 9)", "retailerById(id: 9)"])
def test_an_unknown_entity_is_an_error_where_the_switch_says_so(
    make_simulator: MakeSimulator, field: str
) -> None:
    client = Client(make_simulator(graphql_unknown_entity="error"))

    [(code, message)] = errors_of(client, f"{{ {field} {{ ref }} }}")

    assert code == "C0120E"
    assert "'9'" in message


NETWORKS: list[tuple[str, list[str]]] = [
    ("", ["ALL", "NONE", "SHOPS"]),
    ('ref: ["SHOPS", "ALL"]', ["ALL", "SHOPS"]),
    ('type: ["RETAIL", "EMPTY"]', ["NONE", "SHOPS"]),
    ("type: [null]", ["ALL"]),
    ('status: ["ACTIVE"]', []),
    ('createdOn: {to: "2026-01-01T12:02:59Z"}', []),
]


@pytest.mark.parametrize(("filters", "expected"), NETWORKS)
def test_networks_are_filtered(account: Client, filters: str, expected: list[str]) -> None:
    arguments = f"({filters})" if filters else ""
    selection = f"networks{arguments} {{ edges {{ node {{ ref }} }} }}"

    answer = ask(account, f"{{ {selection} one: retailerById(id: 1) {{ {selection} }} }}")

    assert refs(answer["networks"]) == expected
    assert refs(answer["one"]["networks"]) == [ref for ref in expected if ref != "SHOPS"]


def test_networks_lead_to_locations_and_retailers_and_back(account: Client) -> None:
    query = """{ networks { edges { node { ref
        locations { edges { node { ref networks { edges { node { ref } } } } } }
        retailers { edges { node { ref networks { edges { node { ref } } } } } } } } } }"""

    every, none, shops = nodes(ask(account, query)["networks"])

    assert refs(every["locations"]) == ALL
    assert refs(none["locations"]) == []
    assert refs(none["retailers"]) == ["1", "2"]
    assert {node["ref"]: refs(node["networks"]) for node in nodes(shops["locations"])} == {
        "SHOP": ["ALL", "SHOPS"],
        "KIOSK": ["ALL", "SHOPS"],
    }
    assert {node["ref"]: refs(node["networks"]) for node in nodes(shops["retailers"])} == {
        "2": ["NONE", "SHOPS"]
    }


RETAILERS: list[tuple[str, list[str]]] = [
    ("", ["1", "2"]),
    ('ref: ["2", "3"]', ["2"]),
    ('status: ["ACTIVE"]', ["1", "2"]),
    ('status: ["INACTIVE"]', []),
    ('tradingName: ["Retailer 1"]', ["1"]),
    ('summary: [null], websiteUrl: [null], ref: "1"', ["1"]),
    ('primaryEmail: ["a@b.c"]', []),
    ('createdOn: {to: "2026-01-01T12:00:00Z"}', ["1", "2"]),
    ('updatedOn: {from: "2026-01-01T12:00:00.001Z"}', []),
]


@pytest.mark.parametrize(("filters", "expected"), RETAILERS)
def test_retailers_are_filtered(account: Client, filters: str, expected: list[str]) -> None:
    arguments = f"({filters})" if filters else ""
    selection = f"retailers{arguments} {{ edges {{ node {{ ref }} }} }}"

    answer = ask(account, f'{{ {selection} network(ref: "NONE") {{ {selection} }} }}')

    assert refs(answer["retailers"]) == refs(answer["network"]["retailers"]) == expected


def test_a_retailer_has_the_id_that_batches_name_for_its_ref(account: Client) -> None:
    query = """{ retailers(first: 1) { edges { node { id ref status tradingName createdOn } } }
        inventoryCatalogues(first: 1) { edges { node { retailerRefs } } } }"""

    answer = ask(account, query)

    assert nodes(answer["retailers"]) == [
        {
            "id": "1",
            "ref": "1",
            "status": "ACTIVE",
            "tradingName": "Retailer 1",
            "createdOn": "2026-01-01T12:00:00.000Z",
        }
    ]
    assert nodes(answer["inventoryCatalogues"]) == [{"retailerRefs": ["1"]}]


ADDRESS_TEXTS = (
    *("companyName", "name", "street", "city", "state", "postcode", "region", "country"),
    "timeZone",
)


def test_what_was_given_for_a_location_is_shown(client: Client) -> None:
    given = location_input(
        "SHOP",
        type="STORE",
        attributes=[{"name": "floors", "type": "JSON", "value": {"ground": [1, None]}}],
        storageAreas=[{"ref": "BACK", "type": "SHELF"}, {"ref": "FRONT"}],
    )
    given["primaryAddress"] |= dict.fromkeys(ADDRESS_TEXTS, "a text")
    fields = " ".join(given["primaryAddress"]), " ".join(given["openingSchedule"])
    query = f"""{{ location(ref: "SHOP") {{ ref type name status attributes {{ name type value }}
        primaryAddress {{ {fields[0]} }} openingSchedule {{ {fields[1]} }}
        storageAreas {{ edges {{ node {{ name type status location {{ ref }} }} }} }}
        typed: storageAreas(type: ["SHELF"]) {{ edges {{ node {{ name }} }} }}
        named: storageAreas(name: ["FRONT"]) {{ edges {{ node {{ name }} }} }} }} }}"""

    ask(client, CREATE_LOCATION, input=given)
    shown = ask(client, query)["location"]

    assert shown.pop("status") == "CREATED"
    assert nodes(shown.pop("storageAreas")) == [
        {"name": "BACK", "type": "SHELF", "status": "CREATED", "location": {"ref": "SHOP"}},
        {"name": "FRONT", "type": None, "status": "CREATED", "location": {"ref": "SHOP"}},
    ]
    assert nodes(shown.pop("typed")) == [{"name": "BACK"}]
    assert nodes(shown.pop("named")) == [{"name": "FRONT"}]
    assert shown == {name: given[name] for name in shown}
