"""Control groups and controls: how they are set up, listed and put into force.

SCHEMA is Fluent's GraphQL schema documentation, CGMGMT its page on managing control groups and
controls (31 Oct 2024, 14 Feb 2025), MASTER that on master buffers (8 May 2025).
"""

from typing import Any

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client
from .helpers.support import ask, code_of, nodes, refs, walked
from .helpers.virtual_shop import BUFFER, EXCLUSION, MASTER, Shop, mutate, open_shop, refused

CG: dict[str, object] = {"ref": "CG"}
D45_AT_MEL = [
    {"type": "PRODUCT", "property": "ref", "value": "D45"},
    {"type": "LOCATION", "property": "ref", "value": "MEL"},
]


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop(client)


def values(**named: object) -> list[dict[str, object]]:
    return [{"name": name, "type": "ANY", "value": value} for name, value in named.items()]


def test_what_is_created_shows_as_it_was_given(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = Client(make_simulator(clock=clock))
    colour = {"name": "colour", "type": "STRING", "value": "red"}
    given = {"ref": "CG", "type": "DEFAULT", "name": "Group", "description": "Of all"}
    group = mutate(
        client,
        "createControlGroup",
        "id ref type name description status workflowRef workflowVersion retailerRefs"
        " createdOn updatedOn attributes { name type value } controls { edges { cursor } }",
        **given,
        retailerRefs=["1", "2"],
        attributes=[colour],
    )
    control = mutate(
        client,
        "createControl",
        "id ref type name description status workflowRef executionOrder createdOn updatedOn"
        " values { name type value } attributes { name } controlGroup { ref name }",
        ref="SAFETY",
        type=BUFFER,
        name="Safety stock",
        controlGroup=CG,
        values=values(context=D45_AT_MEL, buffer=-2),
        executionOrder=3,
    )
    moment = "2026-01-01T12:00:00.000Z"

    assert group == {
        **given,
        "id": "1",
        "status": "CREATED",
        "workflowRef": "CONTROL_GROUP::DEFAULT",
        "workflowVersion": 1,
        "retailerRefs": ["1", "2"],
        "createdOn": moment,
        "updatedOn": moment,
        "attributes": [colour],
        "controls": {"edges": []},
    }
    assert control == {
        "id": "1",
        "ref": "SAFETY",
        "type": BUFFER,
        "name": "Safety stock",
        "description": None,
        "status": "CREATED",
        "workflowRef": "CONTROL::QUANTITY_BUFFER",
        "executionOrder": 3,
        "createdOn": moment,
        "updatedOn": moment,
        "values": values(context=D45_AT_MEL, buffer=-2),
        "attributes": [],
        "controlGroup": {"ref": "CG", "name": "Group"},
    }


def test_a_control_works_once_it_and_its_group_are_active(client: Client) -> None:
    """SCHEMA: created entities have the status CREATED, and only updates take another."""
    shop = Shop(client)
    shop.stock(MEL=10)
    mutate(client, "createControlGroup", ref="CG", type="DEFAULT", name="CG")
    mutate(client, "updateVirtualCatalogue", ref="BASE:1", controlGroupRef="CG")
    mutate(
        client,
        "createControl",
        ref="C",
        type=BUFFER,
        name="C",
        controlGroup=CG,
        values=values(context=D45_AT_MEL, buffer=-2),
    )
    steps: list[tuple[str, dict[str, object]]] = [
        ("updateControl", {"ref": "C", "controlGroup": CG, "status": "ACTIVE"}),
        ("updateControlGroup", {"ref": "CG", "status": "ACTIVE"}),
        ("updateControl", {"ref": "C", "controlGroup": CG, "values": values(buffer=-3)}),
        ("updateControl", {"ref": "C", "controlGroup": CG, "type": EXCLUSION}),
        ("updateControl", {"ref": "C", "controlGroup": CG, "status": "INACTIVE"}),
    ]
    seen = [shop.sold("BASE:1")["D45:MEL"]]
    for name, given in steps:
        mutate(client, name, **given)
        seen.append(shop.sold("BASE:1")["D45:MEL"])

    assert seen == [10, 10, 8, 7, 0, 10]


def test_a_control_may_say_in_its_ref_what_it_is_for(shop: Shop) -> None:
    """MASTER: `<group>:MASTER_BUFFER:<product>`."""
    key: dict[str, object] = {"ref": f"CG:{MASTER}:D45", "controlGroup": CG}
    mutate(shop.client, "createControl", **key, type=MASTER, name="-", values=values(buffer=-4))
    mutate(shop.client, "updateControl", **key, status="ACTIVE")

    assert shop.sold("AGG:HD") == {"D45:HD": 10}


def test_execution_order_decides_among_equals(shop: Shop) -> None:
    """CGMGMT: the lowest number wins, and only the first eligible control applies."""
    shop.control(BUFFER, ("D45", "MEL"), order=2, buffer=-2)
    shop.control(BUFFER, ("D45", "MEL"), order=1, buffer=-1)

    assert shop.sold("BASE:HD")["D45:MEL"] == 9


def test_an_update_leaves_what_it_does_not_name(shop: Shop) -> None:
    ref = shop.control(BUFFER, ("D45",), order=5, buffer=-2)
    selection = "name description status executionOrder values { name value } attributes { name }"

    def update(**given: object) -> Any:
        return mutate(shop.client, "updateControl", selection, ref=ref, controlGroup=CG, **given)

    before = update(description="Kept back", attributes=values(a=1, b=2))
    after = update(name=None, status=None, executionOrder=None, values=None, attributes=None)
    changed = update(values=values(buffer=-5), attributes=values(b=3, c=4))

    assert before == after
    assert after["executionOrder"] == 5
    assert [value["name"] for value in changed["values"]] == ["context", "buffer"]
    assert changed["values"][1]["value"] == -5
    assert [attribute["name"] for attribute in changed["attributes"]] == ["a", "b", "c"]


def test_lists_of_controls_are_paged_and_searched(shop: Shop) -> None:
    shop.group("OTHER")
    refs_made = [shop.control(BUFFER, ("D45",), order=order, buffer=1) for order in (3, 1, 2)]
    other = shop.control(EXCLUSION, ("D46",), group="OTHER")
    inside = 'controls(executionOrder: [1, 2], type: "QUANTITY_BUFFER") { edges { node { ref } } }'
    query = f"""{{
      nested: controlGroup(ref: "CG") {{ {inside} }}
      none: controlGroup(ref: "OTHER") {{ {inside} }}
      grouped: controls(controlGroup: {{ref: "OTHER"}}) {{ edges {{ node {{ ref }} }} }}
      groups: controlGroups(ref: ["OTHER", "NONE"]) {{ edges {{ node {{ ref status }} }} }}
    }}"""
    found = ask(shop.client, query)

    assert refs(found["nested"]["controls"]) == refs_made[1:]
    assert refs(found["none"]["controls"]) == []
    assert refs(found["grouped"]) == [other]
    assert nodes(found["groups"]) == [{"ref": "OTHER", "status": "ACTIVE"}]
    for size in (1, 3, 500):
        assert [row["ref"] for row in walked(shop.client, "controls", size)] == [*refs_made, other]
        assert len({row["id"] for row in walked(shop.client, "controlGroups", size)}) == 2


def test_one_control_is_found_in_its_group_only(shop: Shop) -> None:
    shop.group("OTHER")
    ref = shop.control(BUFFER, ("D45",), buffer=1)
    query = """query ($ref: String!, $group: ControlGroupKey!) {
      control(ref: $ref, controlGroup: $group) { ref controlGroup { ref } } }"""

    assert ask(shop.client, query, ref=ref, group=CG)["control"]["controlGroup"] == CG
    assert ask(shop.client, query, ref=ref, group={"ref": "OTHER"})["control"] is None
    assert ask(shop.client, query, ref=ref, group={"ref": "NONE"})["control"] is None
    assert ask(shop.client, '{ controlGroup(ref: "NONE") { ref } }') == {"controlGroup": None}


@pytest.mark.parametrize(
    ("name", "given", "code", "words"),
    [
        ("createControlGroup", {"ref": "CG", "type": "T", "name": "-"}, "C0123E", "CG is taken"),
        ("updateControlGroup", {"ref": "NONE"}, "C0120E", "no control group 'NONE'"),
        (
            "createControl",
            {"ref": "C", "type": "T", "name": "-", "controlGroup": {"ref": "NONE"}},
            "C0120E",
            "no control group 'NONE'",
        ),
        (
            "createControl",
            {"ref": "EXCLUSION-1", "type": "T", "name": "-", "controlGroup": CG},
            "C0123E",
            "EXCLUSION-1 is taken in the group CG",
        ),
        (
            "updateControl",
            {"ref": "C", "controlGroup": CG},
            "C0120E",
            "no control 'C' in the group CG",
        ),
        (
            "createControl",
            {"ref": "C" * 101, "type": "T", "name": "-", "controlGroup": CG},
            "C0141E",
            "101 characters",
        ),
    ],
)
def test_a_refused_mutation_says_why_and_changes_nothing(
    shop: Shop, name: str, given: dict[str, object], code: str, words: str
) -> None:
    shop.control(EXCLUSION, ("D45",))
    everything = """{ controls { edges { node { ref name type } } }
      controlGroups { edges { node { ref updatedOn } } } }"""
    before = ask(shop.client, everything)

    found, message = refused(shop.client, name, **given)

    assert found == code
    assert words in message
    assert ask(shop.client, everything) == before


def test_an_unknown_group_is_an_error_where_the_switch_says(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(graphql_unknown_entity="error"))

    for query in (
        '{ controlGroup(ref: "CG") { ref } }',
        '{ control(ref: "C", controlGroup: {ref: "CG"}) { ref } }',
        '{ virtualCatalogue(ref: "V") { ref } }',
        '{ virtualPosition(ref: "P", catalogue: {ref: "BASE:1"}) { ref } }',
    ):
        assert code_of(client, query) == "C0120E"
