"""What a mutation creates raises a CREATE event.

Fluent docs: workflow event execution, 29 Aug 2025.
"""

from fluent_oms_simulator.graphql.mutations import MUTATION_FIELDS

from ..support import Client

POSITION = "D45:LOC_MEL:DEFAULT"
CREATE_POSITION = """mutation { createInventoryPosition(input: {
    ref: "D45:LOC_MEL:DEFAULT", catalogue: {ref: "DEFAULT:1"}, type: "DEFAULT",
    productRef: "D45", locationRef: "LOC_MEL"}) { id } }"""
CREATE_QUANTITY = """mutation { createInventoryQuantity(input: {
    ref: "q1", catalogue: {ref: "DEFAULT:1"}, type: "EXPECTED", quantity: 5,
    position: {ref: "D45:LOC_MEL:DEFAULT", catalogue: {ref: "DEFAULT:1"}}}) { id } }"""
CREATE_CATALOGUE = """mutation { createInventoryCatalogue(input: {
    ref: "OUTLET:1", type: "OUTLET", name: "Outlet"}) { id } }"""


def create(client: Client, mutation: str) -> str:
    """The id of what a mutation has created."""
    document = client.post("/graphql", {"query": mutation}).get_json()
    [made] = document["data"].values()
    return str(made["id"])


def test_inventory_raises_create_under_its_catalogue(client: Client) -> None:
    ids = [create(client, m) for m in (CREATE_POSITION, CREATE_QUANTITY, CREATE_CATALOGUE)]
    events = client.get("/api/v4.1/event", name="CREATE").get_json()["results"]

    newest_first = [(e["context"]["entityType"], e["context"]["entityId"]) for e in events]
    assert newest_first[::-1] == [
        ("INVENTORY_POSITION", ids[0]),
        ("INVENTORY_QUANTITY", ids[1]),
        ("INVENTORY_CATALOGUE", ids[2]),
    ]
    assert events[2]["context"] == {
        "sourceEvents": [],
        "entityType": "INVENTORY_POSITION",
        "entityId": ids[0],
        "entityRef": POSITION,
        "rootEntityType": "INVENTORY_CATALOGUE",
        "rootEntityId": "1",
        "rootEntityRef": "DEFAULT:1",
    }
    assert (events[2]["type"], events[2]["eventStatus"]) == ("ORCHESTRATION", "SUCCESS")
    assert POSITION in events[2]["outcome"]


def test_what_was_refused_raises_none(client: Client) -> None:
    create(client, CREATE_POSITION)
    client.post("/graphql", {"query": CREATE_POSITION})

    assert len(client.get("/api/v4.1/event", name="CREATE").get_json()["results"]) == 1


HOURS = ", ".join(
    f"{day}{end}: 0"
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for end in ("Start", "End")
)
SILENT = {
    "createControlGroup": """(input: {ref: "CG", type: "DEFAULT", name: "Controls"})""",
    "createControl": """(input: {ref: "CG:BUFFER", type: "BUFFER", name: "Buffer",
        controlGroup: {ref: "CG"}, values: []})""",
    "createVirtualCatalogue": """(input: {ref: "ATS:1", type: "ATS", name: "To sell",
        inventoryCatalogueRef: "DEFAULT:1", productCatalogueRef: "PC:1"})""",
    "createVirtualPosition": """(input: {ref: "D45:LOC_MEL", type: "BASE", productRef: "D45",
        groupRef: "LOC_MEL", quantity: 1, catalogue: {ref: "BASE:1"}})""",
    "createNetwork": """(input: {name: "NET", retailers: [{id: "1"}]})""",
    "createLocation": f"""(input: {{ref: "L1", type: "STORE", name: "One", retailer: {{id: "1"}},
        primaryAddress: {{ref: "L1", latitude: 0, longitude: 0}},
        openingSchedule: {{allHours: true, {HOURS}}}}})""",
    "createSetting": """(input: {name: "a.setting", valueType: "STRING", value: "x",
        context: "ACCOUNT", contextId: 0})""",
}
"""Mutations that make what raises no event, in an order in which they can be sent."""


def test_what_is_no_inventory_raises_none(client: Client) -> None:
    for name, arguments in SILENT.items():
        create(client, f"mutation {{ {name}{arguments} {{ id }} }}")

    assert client.get("/api/v4.1/event").get_json()["results"] == []


def test_every_mutation_that_creates_is_looked_at_here() -> None:
    loud = {"createInventoryCatalogue", "createInventoryPosition", "createInventoryQuantity"}

    assert {name for name in MUTATION_FIELDS if name.startswith("create")} == loud | set(SILENT)
