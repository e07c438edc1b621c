"""What mutations write over virtual positions, and what they refuse.

How long a written quantity stands is inferred: the
platform's workflow writes a new one when it computes one.
"""

from types import ModuleType
from typing import Any

import pytest
from fluent_oms_simulator.graphql.mutations import controls, virtual

from ..support import Client
from .helpers.support import ask, nodes
from .helpers.virtual_shop import BUFFER, EXCLUSION, NEW_CATALOGUE, Shop, mutate, open_shop, refused

BASE, AGG = {"ref": "BASE:HD"}, {"ref": "AGG:HD"}


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop(client)


def test_a_written_quantity_stands_until_the_stock_behind_it_changes(shop: Shop) -> None:
    client, key = shop.client, {"ref": "D45:MEL", "catalogue": BASE}
    written = mutate(client, "updateVirtualPosition", "quantity", **key, quantity=99)
    mutate(client, "updateVirtualPosition", ref="D45:HD", catalogue=AGG, quantity=77)
    seen = [(shop.sold("BASE:HD"), shop.sold("AGG:HD"))]
    for change in (
        lambda: shop.stock(MEL=10),
        lambda: client.delta("D45", "SYD", 1, "d1"),
        lambda: client.delta("D45", "MEL", -1, "d2"),
    ):
        change()
        seen.append((shop.sold("BASE:HD"), shop.sold("AGG:HD")))

    assert written == {"quantity": 99}
    assert seen == [
        ({"D45:MEL": 99, "D45:SYD": 4}, {"D45:HD": 77}),
        ({"D45:MEL": 99, "D45:SYD": 4}, {"D45:HD": 77}),
        ({"D45:MEL": 99, "D45:SYD": 5}, {"D45:HD": 15}),
        ({"D45:MEL": 9, "D45:SYD": 5}, {"D45:HD": 14}),
    ]


def test_a_written_quantity_is_displaced_by_a_change_of_the_controls(shop: Shop) -> None:
    mutate(shop.client, "updateVirtualPosition", ref="D45:MEL", catalogue=BASE, quantity=99)
    shop.control(BUFFER, ("D45",), buffer=-1)

    assert shop.sold("BASE:HD")["D45:MEL"] == 9


def test_status_type_and_attributes_that_were_written_stay(shop: Shop) -> None:
    selection = "status type quantity attributes { name value }"
    colour = {"name": "colour", "type": "STRING", "value": "red"}
    size = {"name": "size", "type": "STRING", "value": "L"}
    key: dict[str, Any] = {"ref": "D45:MEL", "catalogue": BASE}
    mutate(
        shop.client,
        "updateVirtualPosition",
        **key,
        status="AT_RISK",
        type="OWN",
        attributes=[colour, size],
    )
    shop.client.delta("D45", "MEL", 5, "d1")
    blue = {**colour, "value": "blue"}

    assert mutate(shop.client, "updateVirtualPosition", selection, **key, attributes=[blue]) == {
        "status": "AT_RISK",
        "type": "OWN",
        "quantity": 15,
        "attributes": [{"name": "colour", "value": "blue"}, {"name": "size", "value": "L"}],
    }


def test_a_created_position_shows_as_it_was_given(shop: Shop) -> None:
    key: dict[str, Any] = {"ref": "GIFT:MEL", "catalogue": BASE}
    selection = "id ref quantity productRef groupRef status type catalogue { ref }"
    given = {"quantity": 5, "productRef": "GIFT", "groupRef": "MEL", "type": "OWN"}

    made = mutate(shop.client, "createVirtualPosition", selection, **key, **given)
    changed = mutate(
        shop.client, "updateVirtualPosition", selection, **key, quantity=6, status="ACTIVE"
    )

    assert made == {**key, **given, "id": made["id"], "status": "CREATED"}
    assert changed == {**made, "quantity": 6, "status": "ACTIVE"}
    assert shop.sold("BASE:HD")["GIFT:MEL"] == 6


def test_a_group_of_positions_gets_a_status_at_once(shop: Shop) -> None:
    shop.stock(D46_MEL=1)
    mutation = """mutation ($filter: VirtualPositionsGroupFilterInput!, $input: StatusInput!) {
      updateVirtualPositionsStatusByGroup(filter: $filter, input: $input) { count } }"""
    query = (
        """{ virtualPositions(status: "CLOSED") { edges { node { ref catalogue { ref } } } } }"""
    )

    def close(catalogue: str, group: str) -> object:
        of = {"catalogue": {"ref": catalogue}, "groupRef": group}
        found = ask(shop.client, mutation, filter=of, input={"status": "CLOSED"})
        return found["updateVirtualPositionsStatusByGroup"]["count"]

    assert [close("BASE:HD", "MEL"), close("BASE:HD", "PER"), close("AGG:HD", "HD")] == [2, 0, 2]
    assert nodes(ask(shop.client, query)["virtualPositions"]) == [
        {"ref": "D45:MEL", "catalogue": BASE},
        {"ref": "D46:MEL", "catalogue": BASE},
        {"ref": "D45:HD", "catalogue": AGG},
        {"ref": "D46:HD", "catalogue": AGG},
    ]


# -- what is refused -------------------------------------------------------------------------

CONTROL = {"type": EXCLUSION, "name": "-", "controlGroup": {"ref": "CG"}}
POSITION = {"catalogue": BASE, "type": "BASE", "quantity": 1}


@pytest.mark.parametrize(
    ("name", "given", "code", "words"),
    [
        ("createVirtualCatalogue", {**NEW_CATALOGUE, "ref": "BASE:HD"}, "C0123E", "is taken"),
        (
            "createVirtualCatalogue",
            {**NEW_CATALOGUE, "ref": "V", "networkIds": ["1"] * 1_001},
            "C0125E",
            "1,001 networks: expected at most 1,000",
        ),
        ("createVirtualCatalogue", {**NEW_CATALOGUE, "ref": "V" * 101}, "C0141E", "/input/ref"),
        ("updateVirtualCatalogue", {"ref": "NONE"}, "C0120E", "no virtual catalogue 'NONE'"),
        (
            "updateVirtualCatalogue",
            {"ref": "BASE:HD", "name": "new", "type": "AGGREGATE"},
            "C0125E",
            "keeps its type 'BASE'",
        ),
        ("createVirtualPosition", {**POSITION, "ref": "D45:MEL"}, "C0123E", "update it instead"),
        (
            "createVirtualPosition",
            {**POSITION, "ref": "A", "catalogue": {"ref": "NONE"}},
            "C0120E",
            "no virtual catalogue 'NONE'",
        ),
        ("updateVirtualPosition", {"ref": "A", "catalogue": BASE}, "C0120E", "no virtual position"),
        (
            "updateVirtualPosition",
            {"ref": "D45:MEL", "catalogue": BASE, "quantity": 1, "productRef": "D46"},
            "C0125E",
            "cannot become D46",
        ),
    ],
)
def test_a_refused_mutation_says_why_and_changes_nothing(
    shop: Shop, name: str, given: dict[str, object], code: str, words: str
) -> None:
    everything = """{ virtualCatalogues { edges { node { ref name type updatedOn
      virtualPositions { edges { node { ref quantity updatedOn } } } } } } }"""
    before = ask(shop.client, everything)

    found, message = refused(shop.client, name, **given)

    assert found == code
    assert words in message
    assert ask(shop.client, everything) == before


@pytest.mark.parametrize(
    ("module", "limit", "most", "name", "given"),
    [
        (controls, "MOST_GROUPS", 1, "createControlGroup", {"type": "T", "name": "-"}),
        (controls, "MOST_CONTROLS_OF_A_GROUP", 2, "createControl", CONTROL),
        (controls, "MOST_CONTROLS", 2, "createControl", CONTROL),
        (virtual, "MOST_VIRTUAL_CATALOGUES", 3, "createVirtualCatalogue", NEW_CATALOGUE),
    ],
)
def test_there_is_a_limit_to_what_can_be_created(
    shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    limit: str,
    most: int,
    name: str,
    given: dict[str, object],
) -> None:
    shop.control(EXCLUSION, ("D45",))
    shop.control(EXCLUSION, ("D46",))
    monkeypatch.setattr(module, limit, most + 1)
    mutate(shop.client, name, ref="THE_LAST", **given)

    code, message = refused(shop.client, name, ref="ONE_MORE", **given)

    assert code == "C0125E"
    assert "no more are kept" in message
