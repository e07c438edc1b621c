"""Fulfilment updates: stock reserved, sold, corrected and given back."""

import pytest

from ..support import Client, item, record, updates


def test_the_documented_reservation(client: Client) -> None:
    # Interface contracts, 27 Nov 2024: the table says reservedQty, the sample reserveQty.
    client.load([record("SKU_1", "LOC_1", 100)])
    entry = {
        "skuRef": "SKU_1",
        "locationRef": "LOC_1",
        "fulfilmentId": "100",
        "quantity": 0,
        "reserveQty": "-5",
        "correctionQty": 0,
        "saleQty": 0,
    }

    assert client.send(updates(entry))["eventStatus"] == "SUCCESS"
    assert client.quantities("SKU_1", "LOC_1") == {
        "LAST_ON_HAND": (100, "ACTIVE"),
        "RESERVED:100": (-5, "ACTIVE"),
    }
    assert client.on_hand("SKU_1", "LOC_1") == 95


@pytest.mark.parametrize("name", ["reservedQty", "reserveQty"])
@pytest.mark.parametrize("qty", [-5, 5, "-5", "5"])
def test_a_reservation_takes_stock_however_it_is_written(
    client: Client, name: str, qty: object
) -> None:
    client.load([record("A", "L", 100)])

    client.send(updates(item("A", "L", "F", **{name: qty})))
    assert client.on_hand("A", "L") == 95


@pytest.mark.parametrize("fulfilment", ["F", 100])
def test_a_fulfilment_from_reservation_to_pick(client: Client, fulfilment: object) -> None:
    client.load([record("A", "L", 100)])

    def send(**amounts: object) -> int:
        client.send(updates(item("A", "L", fulfilment, **amounts)))  # type: ignore[arg-type]
        return client.on_hand("A", "L")

    assert send(reservedQty=-5) == 95
    assert send(reservedQty=-5) == 95
    assert send(saleQty=-4, correctionQty=-1) == 95
    assert client.quantities("A", "L") == {
        "LAST_ON_HAND": (100, "ACTIVE"),
        f"RESERVED:{fulfilment}": (-5, "INACTIVE"),
        f"SALE:{fulfilment}": (-4, "ACTIVE"),
        f"CORRECTION:{fulfilment}": (-1, "ACTIVE"),
    }


def test_a_cancelled_fulfilment_gives_stock_back(client: Client) -> None:
    client.load([record("A", "L", 100)])
    client.reserve("A", "L", 5, "F1")
    client.reserve("A", "L", 7, "F2")
    assert client.on_hand("A", "L") == 88

    client.cancel("A", "L", 5, "F1")
    assert client.on_hand("A", "L") == 93


def test_one_unknown_position_halts_a_whole_reservation(client: Client) -> None:
    client.load([record("A", "L", 100)])
    document = updates(item("A", "L", "F", reservedQty=-5), item("A", "M", "F", reservedQty=-5))
    shown = client.send(document)

    assert shown["eventStatus"] == "FAILED"
    assert "/attributes/items/1" in shown["outcome"]
    assert client.on_hand("A", "L") == 100
