"""Refs that senders choose, such as a deltaId, and refs that the catalogue constructs."""

import pytest
from fluent_oms_simulator import Settings

from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, item, record, updates

COUNT = "D45:LOC_MEL:DEFAULT:LAST_ON_HAND"


@pytest.fixture
def loaded(client: Client) -> Client:
    client.load([record("D45", "LOC_MEL", 10), record("D45", "LOC_SYD", 10)])
    return client


def test_a_delta_cannot_take_the_ref_of_its_position_s_count(loaded: Client) -> None:
    loaded.delta("D45", "LOC_MEL", 5, COUNT)
    loaded.load([record("D45", "LOC_MEL", 20)])

    refs = [row["ref"] for row in loaded.position("D45:LOC_MEL:DEFAULT")["quantities"]]
    assert len(refs) == len(set(refs))
    assert loaded.on_hand("D45", "LOC_MEL") == 20


def test_a_record_of_another_type_cannot_take_the_ref_of_its_position_s_count(
    client: Client,
) -> None:
    client.load([record("D45", "LOC_MEL", 10)])
    client.load([record("D45", "LOC_MEL", 5, type="EXPECTED", ref=COUNT)])
    client.load([record("D45", "LOC_MEL", 20)])

    assert client.on_hand("D45", "LOC_MEL") == 20


def test_a_position_s_first_record_of_another_type_cannot_take_the_ref_of_its_count(
    client: Client,
) -> None:
    client.load([record("D45", "LOC_MEL", 5, type="EXPECTED", ref=COUNT)])
    client.load([record("D45", "LOC_MEL", 20)])

    assert client.on_hand("D45", "LOC_MEL") == 20


def test_a_ref_taken_before_a_position_is_loaded_does_not_disturb_its_count(
    client: Client,
) -> None:
    client.load([record("D45", "LOC_SYD", 5, type="EXPECTED", ref=COUNT)])
    client.load([record("D45", "LOC_MEL", 20)])
    client.load([record("D45", "LOC_MEL", 30, attributes={"condition": "NEW"})])

    assert client.on_hand("D45", "LOC_MEL") == 30


def test_a_delta_id_used_at_another_position_fails_the_whole_event(loaded: Client) -> None:
    loaded.delta("D45", "LOC_MEL", 5, "d1")
    before = loaded.positions()
    outcome = loaded.send(
        deltas(delta("D45", "LOC_MEL", 1, "d2"), delta("D45", "LOC_SYD", 5, "d1"))
    )

    assert outcome["eventStatus"] == "FAILED"
    assert "d1" in outcome["outcome"]
    assert loaded.positions() == before


def test_a_delta_id_cannot_name_a_reservation(loaded: Client) -> None:
    loaded.reserve("D45", "LOC_MEL", 3, "F1")
    outcome = loaded.delta("D45", "LOC_MEL", 5, "D45:LOC_MEL:DEFAULT:RESERVED:F1")

    assert outcome["eventStatus"] == "FAILED"
    assert loaded.on_hand("D45", "LOC_MEL") == 7


def test_two_items_of_one_event_cannot_share_a_quantity(client: Client) -> None:
    """Both construct the ref A:B:DEFAULT:SALE:x:DEFAULT:SALE:f, for two positions."""
    client.load([record("A", "B", 10), record("A", "B:DEFAULT:SALE:x", 10)])
    outcome = client.send(
        updates(
            item("A", "B", "x:DEFAULT:SALE:f", saleQty=-1),
            item("A", "B:DEFAULT:SALE:x", "f", saleQty=-2),
        )
    )

    assert outcome["eventStatus"] == "FAILED"
    assert [view["onHand"] for view in client.positions()] == [10, 10]


def test_one_ref_cannot_stand_for_two_positions(client: Client) -> None:
    client.load([record("A", "B:C", 1)])
    second = client.load([record("A:B", "C", 2)])

    assert client.on_hand("A", "B:C") == 1
    assert [view["locationRef"] for view in client.positions()] == ["B:C"]
    (result,) = client.batch(second)["results"]
    assert result["responseCode"] == "500"
    assert "entityId" not in result


def test_one_unknown_position_halts_the_whole_delta_event(loaded: Client) -> None:
    before = loaded.positions()
    outcome = loaded.send(
        deltas(delta("D45", "LOC_MEL", 1, "d1"), delta("D45", "LOC_PER", 1, "d2"))
    )

    assert outcome["eventStatus"] == "FAILED"
    assert "/attributes/deltas/1" in outcome["outcome"]
    assert "D45:LOC_PER:DEFAULT" in outcome["outcome"]
    assert loaded.positions() == before


def test_one_unknown_position_halts_the_whole_fulfilment_event(loaded: Client) -> None:
    before = loaded.positions()
    outcome = loaded.send(
        updates(
            item("D45", "LOC_MEL", "F1", reservedQty=-1),
            item("D45", "LOC_PER", "F1", reservedQty=-1),
        )
    )

    assert outcome["eventStatus"] == "FAILED"
    assert loaded.positions() == before


@pytest.mark.parametrize("amount", [-5, 5, "-5", "5"])
@pytest.mark.parametrize("name", ["reservedQty", "reserveQty"])
def test_a_reservation_is_stored_negative_however_it_is_written(
    loaded: Client, name: str, amount: object
) -> None:
    loaded.send(updates(item("D45", "LOC_MEL", "F1", **{name: amount})))

    assert loaded.quantities("D45", "LOC_MEL")["RESERVED:F1"] == (-5, "ACTIVE")


def test_a_delta_repeated_after_a_count_stays_retired(loaded: Client) -> None:
    loaded.delta("D45", "LOC_MEL", 5, "d1")
    loaded.load([record("D45", "LOC_MEL", 15)])
    loaded.delta("D45", "LOC_MEL", 5, "d1")

    assert loaded.on_hand("D45", "LOC_MEL") == 15
    assert loaded.quantities("D45", "LOC_MEL")["d1"] == (5, "INACTIVE")


def test_a_position_absent_from_a_load_is_left_alone(loaded: Client) -> None:
    before = loaded.position("D45:LOC_SYD:DEFAULT")
    loaded.load([record("D45", "LOC_MEL", 0)])

    assert loaded.position("D45:LOC_SYD:DEFAULT") == before


def test_the_segments_of_a_position_add_up(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 10, ref="LOT_1"), record("D45", "LOC_MEL", 4)])
    client.delta("D45", "LOC_MEL", -1, "d1")
    client.load([record("D45", "LOC_MEL", 7, ref="LOT_1")])

    assert client.on_hand("D45", "LOC_MEL") == 11


def test_two_retailers_do_not_share_stock(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none", retailers=("1", "2"))))
    client.load([record("D45", "LOC_MEL", 10)], job=client.job(retailer="1"))
    client.load([record("D45", "LOC_MEL", 3)], job=client.job(retailer=2))
    client.delta("D45", "LOC_MEL", -1, "d1")

    assert [(view["catalogueRef"], view["onHand"]) for view in client.positions()] == [
        ("DEFAULT:1", 9),
        ("DEFAULT:2", 3),
    ]


@pytest.mark.parametrize("target", [{"entityRef": "DEFAULT:2"}, {"entityId": "2"}, {"entityId": 2}])
def test_an_event_cannot_reach_the_catalogue_of_another_retailer(
    make_simulator: MakeSimulator, target: dict[str, object]
) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none", retailers=("1", "2"))))
    client.load([record("D45", "LOC_MEL", 10)], job=client.job(retailer="2"))
    document = deltas(delta("D45", "LOC_MEL", 1, "d1"))
    del document["entityRef"]
    reply = client.post("/api/v4.1/event/async", document | target)
    client.settle()

    assert reply.status_code == 400
    assert client.on_hand("D45", "LOC_MEL") == 10
