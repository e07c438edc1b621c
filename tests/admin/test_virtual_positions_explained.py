"""What is available to sell is told with how it was worked out, which agrees with what is sold."""

from typing import Any

import pytest

from ..graphql.helpers.virtual_shop import BUFFER, EXCLUSION, MASTER, Shop, mutate, open_shop
from ..support import Client, Document

AT_MEL, OF_D45 = ("D45", "MEL"), ("D45",)


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop(client)


def told(shop: Shop, **query: str) -> list[Document]:
    reply = shop.client.http.get("/__admin/virtualPositions", query_string=query)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    rows: list[Document] = reply.get_json()["results"]
    return rows


def one(shop: Shop, catalogue: str, **query: str) -> Any:
    [row] = told(shop, catalogueRef=catalogue, **query)
    return row


def test_each_names_the_controls_that_applied(shop: Shop) -> None:
    shop.control(BUFFER, AT_MEL, buffer=-2)
    shop.control(BUFFER, OF_D45, buffer=-1)
    shop.control(MASTER, OF_D45, buffer=-3)

    base = one(shop, "BASE:HD", productRef="D45", groupRef="MEL")
    total = one(shop, "AGG:HD", productRef="D45")

    [part] = base["workedOut"]["positions"]
    assert (part["ref"], part["onHand"], part["adds"]) == ("D45:MEL:DEFAULT", 10, 8)
    [buffer] = part["controls"]
    assert (buffer["type"], buffer["value"]) == (BUFFER, -2)
    assert {each["locationRef"]: each["adds"] for each in total["workedOut"]["positions"]} == {
        "MEL": 8,
        "SYD": 3,
    }
    assert [(each["type"], each["value"]) for each in total["workedOut"]["controls"]] == [
        (MASTER, -3)
    ]
    assert (total["quantity"], total["workedOut"]["quantity"]) == (8, 8)


@pytest.mark.parametrize(
    "controls",
    [
        [],
        [(BUFFER, AT_MEL, -20)],
        [(BUFFER, OF_D45, 5), (EXCLUSION, AT_MEL, 1)],
        [(EXCLUSION, OF_D45, 1), (MASTER, OF_D45, 7)],
        [(MASTER, OF_D45, -15), (BUFFER, AT_MEL, 1)],
    ],
    ids=str,
)
@pytest.mark.parametrize("virtual", ["BASE:HD", "AGG:HD", "BASE:1"])
def test_what_was_worked_out_is_what_is_sold(
    shop: Shop, controls: list[tuple[str, tuple[str, ...], int]], virtual: str
) -> None:
    for kind, place, amount in controls:
        shop.control(kind, place, buffer=amount)
    sold = shop.sold(virtual)

    rows = told(shop, catalogueRef=virtual)

    assert {row["ref"]: row["quantity"] for row in rows} == sold
    assert {row["ref"]: row["workedOut"]["quantity"] for row in rows} == sold
    assert not any(row["workedOut"]["overwritten"] for row in rows)


def test_a_quantity_that_a_mutation_wrote_is_told_apart(shop: Shop) -> None:
    row = one(shop, "BASE:HD", productRef="D45", groupRef="MEL")
    mutate(
        shop.client,
        "updateVirtualPosition",
        ref=row["ref"],
        catalogue={"ref": "BASE:HD"},
        quantity=77,
    )

    row = one(shop, "BASE:HD", productRef="D45", groupRef="MEL")

    assert (row["quantity"], row["workedOut"]["quantity"]) == (77, 10)
    assert row["workedOut"]["overwritten"]


def test_a_control_without_effect_says_why(shop: Shop) -> None:
    shop.control(BUFFER, AT_MEL, much=True)

    [ignored] = one(shop, "BASE:HD", productRef="D45", groupRef="MEL")["workedOut"][
        "ignoredControls"
    ]

    assert "whole number" in ignored["reason"]


def test_they_are_paged_over_all_virtual_catalogues(shop: Shop) -> None:
    whole = [(row["catalogueRef"], row["ref"]) for row in told(shop)]
    pages = [told(shop, start=str(start), count="2") for start in range(0, len(whole), 2)]

    assert len({catalogue for catalogue, _ in whole}) == 3
    assert [(row["catalogueRef"], row["ref"]) for page in pages for row in page] == whole
    assert told(shop, productRef="NONE") == told(shop, catalogueRef="NONE") == []


def test_too_many_are_not_looked_at(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluent_oms_simulator.operations.virtual_positions.MOST_ROWS_READ", 3)

    reply = shop.client.http.get("/__admin/virtualPositions")

    assert reply.status_code == 400
    assert "expected a productRef" in reply.get_json()["errors"][0]["message"]
