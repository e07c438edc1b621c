"""Pages of virtual positions, of one virtual catalogue and of all."""

import pytest

from ..conftest import MakeSimulator
from ..support import Client
from .helpers.support import ask, pages, refs, walked
from .helpers.virtual_shop import Shop, mutate, open_shop


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop(client)


def test_walking_all_virtual_catalogues_shows_each_position_once(shop: Shop) -> None:
    shop.stock(D46_MEL=1, D46_SYD=2, D47_PER=3)
    mutate(
        shop.client,
        "createVirtualPosition",
        ref="GIFT",
        catalogue={"ref": "BASE:HD"},
        type="BASE",
        quantity=1,
    )
    everything = walked(shop.client, "virtualPositions", 500)

    assert [row["ref"] for row in everything] == [
        *("D45:MEL", "D45:SYD", "D46:MEL", "D46:SYD", "D47:PER"),
        *("D45:MEL", "D45:SYD", "D46:MEL", "D46:SYD", "GIFT"),
        *("D45:HD", "D46:HD"),
    ]
    assert len({row["id"] for row in everything}) == 12
    assert max(int(row["id"]) for row in everything) < 2**53
    for size in range(1, 14):
        for backward in (False, True):
            found = walked(shop.client, "virtualPositions", size, backward=backward)
            assert found == everything, (size, backward)


def test_a_page_between_two_cursors_knows_what_lies_around_it(shop: Shop) -> None:
    query = """query ($after: String, $before: String, $first: Int, $last: Int) {
      virtualPositions(after: $after, before: $before, first: $first, last: $last) {
        edges { cursor node { ref } } pageInfo { hasNextPage hasPreviousPage } } }"""
    cursors = [
        edge["cursor"] for edge in ask(shop.client, query, first=9)["virtualPositions"]["edges"]
    ]
    assert len(cursors) == 5

    def seen(**window: object) -> tuple[int, bool, bool]:
        found = ask(shop.client, query, **window)["virtualPositions"]
        info = found["pageInfo"]
        return len(found["edges"]), info["hasPreviousPage"], info["hasNextPage"]

    assert seen(first=5) == (5, False, False)
    assert seen(first=4) == (4, False, True)
    assert seen(first=2, after=cursors[2]) == (2, True, False)
    assert seen(first=0, after=cursors[0]) == (0, True, True)
    assert seen(last=2) == (2, True, False)
    assert seen(last=3, before=cursors[3]) == (3, False, True)
    assert seen(last=9, after=cursors[0], before=cursors[4]) == (3, False, True)


def test_a_walk_skips_and_repeats_nothing_while_stock_changes(shop: Shop) -> None:
    shop.stock(**{f"D{number}_MEL": number for number in range(50, 70)})
    seen: list[str] = []
    for step, page in enumerate(
        pages(shop.client, "virtualPositions", 3, filters='catalogue: {ref: "BASE:HD"},')
    ):
        seen += refs(page)
        shop.client.delta("D45", "MEL", 1, f"d{step}")
        shop.stock(**{f"D{50 + step}_MEL": 0, f"N{step}_SYD": 1})

    old = ["D45:MEL", "D45:SYD", *(f"D{number}:MEL" for number in range(50, 70))]
    assert seen[: len(old)] == old
    assert len(seen) > len(old)
    assert seen[len(old) :] == [f"N{step}:SYD" for step in range(len(seen) - len(old))]


def test_the_catalogues_argument_is_served_where_the_switch_says(
    make_simulator: MakeSimulator,
) -> None:
    shop = Shop(Client(make_simulator(graphql_catalogues_argument="accept")))
    shop.stock(MEL=1)
    shop.virtual_catalogue("AGG", "AGGREGATE")
    query = "query ($of: [VirtualCatalogueKey]) {"
    query += " virtualPositions(catalogues: $of) { edges { node { ref } } } }"

    assert refs(ask(shop.client, query, of=[{"ref": "AGG"}])["virtualPositions"]) == ["D45"]
    assert refs(ask(shop.client, query, of=[])["virtualPositions"]) == []
