"""A stream of events without an end: memory stays bounded and stock on hand stays right."""

import pytest
from fluent_oms_simulator.domain import history as history_module
from fluent_oms_simulator.domain import retention

from .conftest import MakeSimulator
from .support import Client, delta, deltas, record

POSITION = "D45:LOC_MEL:DEFAULT"
MOST = 8


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator) -> Client:
    """A simulator that keeps eight quantities made by events, loaded with two positions."""
    monkeypatch.setattr(retention, "MOST_EVENT_QUANTITIES", MOST)
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 100), record("D45", "LOC_SYD", 100)])
    return client


def quantities(client: Client, ref: str = POSITION) -> dict[str, tuple[str, int, str]]:
    return {
        row["ref"]: (row["type"], row["quantity"], row["status"])
        for row in client.position(ref)["quantities"]
    }


def dropped(client: Client) -> int:
    (catalogue,) = client.http.get("/__admin/health").get_json()["catalogues"]
    return int(catalogue["quantitiesDropped"])


def test_folding_old_deltas_never_changes_the_stock_on_hand(client: Client) -> None:
    expected = 100
    for number in range(40):
        quantity = -3 if number % 3 else 5
        expected += quantity
        client.delta("D45", "LOC_MEL", quantity, f"d{number}")
        assert client.on_hand("D45", "LOC_MEL") == expected


def test_as_many_quantities_are_kept_as_the_bound_says_and_the_rest_are_counted(
    client: Client,
) -> None:
    for number in range(40):
        client.delta("D45", "LOC_MEL", -1, f"d{number}")

    held = quantities(client)
    assert set(held) == {
        f"{POSITION}:LAST_ON_HAND",
        f"{POSITION}:DELTA:FOLDED",
        *(f"d{number}" for number in range(40 - MOST, 40)),
    }
    assert held[f"{POSITION}:DELTA:FOLDED"] == ("DELTA", MOST - 40, "ACTIVE")
    assert dropped(client) == 40 - MOST


def test_each_position_and_type_has_a_sum_of_its_own(client: Client) -> None:
    for number in range(10):
        client.delta("D45", "LOC_MEL", -1, f"m{number}")
        client.delta("D45", "LOC_SYD", -2, f"s{number}")
        client.confirm("D45", "LOC_MEL", f"F{number}", sold=1)

    assert client.on_hand("D45", "LOC_MEL") == 80
    assert client.on_hand("D45", "LOC_SYD") == 80
    assert {f"{POSITION}:DELTA:FOLDED", f"{POSITION}:SALE:FOLDED"} < set(quantities(client))


def test_one_event_larger_than_the_bound_is_applied_whole(client: Client) -> None:
    outcome = client.send(
        deltas(*(delta("D45", "LOC_MEL", -1, f"d{number}") for number in range(30)))
    )

    assert outcome["eventStatus"] == "SUCCESS"
    assert client.on_hand("D45", "LOC_MEL") == 70


def test_a_repeat_of_a_recent_delta_still_changes_nothing(client: Client) -> None:
    for number in range(20):
        client.delta("D45", "LOC_MEL", -1, f"d{number}")
    before = client.positions()
    for number in range(20 - MOST, 20):
        client.delta("D45", "LOC_MEL", -1, f"d{number}")

    assert client.positions() == before
    assert client.on_hand("D45", "LOC_MEL") == 80


@pytest.mark.parametrize("name", [f"{POSITION}:DELTA:FOLDED", f"{POSITION}:SALE:FOLDED"])
def test_a_delta_id_like_the_ref_of_a_sum_does_not_disturb_it(client: Client, name: str) -> None:
    for number in range(20):
        client.delta("D45", "LOC_MEL", -1, f"d{number}")
        client.confirm("D45", "LOC_MEL", f"F{number}", sold=1)
    outcome = client.delta("D45", "LOC_MEL", -5, name)

    applied = 5 if outcome["eventStatus"] == "SUCCESS" else 0
    assert client.on_hand("D45", "LOC_MEL") == 60 - applied


def test_a_count_retires_the_folded_deltas_too(client: Client) -> None:
    for number in range(20):
        client.delta("D45", "LOC_MEL", -1, f"d{number}")
    client.load([record("D45", "LOC_MEL", 50)])

    assert client.on_hand("D45", "LOC_MEL") == 50
    assert quantities(client)[f"{POSITION}:DELTA:FOLDED"][2] == "INACTIVE"


def test_deltas_after_a_count_are_folded_without_those_before_it(client: Client) -> None:
    for number in range(20):
        client.delta("D45", "LOC_MEL", -1, f"a{number}")
    client.load([record("D45", "LOC_MEL", 50)])
    for number in range(20):
        client.delta("D45", "LOC_MEL", -1, f"b{number}")

    held = quantities(client)
    assert client.on_hand("D45", "LOC_MEL") == 30
    assert held[f"{POSITION}:DELTA:FOLDED"] == ("DELTA", MOST - 20, "ACTIVE")
    assert len(held) == MOST + 2


def test_retired_quantities_are_forgotten_and_not_folded(client: Client) -> None:
    for number in range(20):
        client.reserve("D45", "LOC_MEL", 2, f"F{number}")
        client.cancel("D45", "LOC_MEL", 2, f"F{number}")

    held = quantities(client)
    assert client.on_hand("D45", "LOC_MEL") == 100
    assert len(held) == MOST + 1
    assert f"{POSITION}:RESERVED:FOLDED" not in held


def test_active_reservations_stay_one_by_one_beyond_the_bound(client: Client) -> None:
    for number in range(2 * MOST):
        client.reserve("D45", "LOC_MEL", 1, f"F{number}")
    for number in range(100):
        client.delta("D45", "LOC_SYD", -1, f"d{number}")

    assert client.on_hand("D45", "LOC_MEL") == 100 - 2 * MOST
    for number in range(2 * MOST):
        client.confirm("D45", "LOC_MEL", f"F{number}", sold=1)
    assert client.on_hand("D45", "LOC_MEL") == 100 - 2 * MOST
    assert client.on_hand("D45", "LOC_SYD") == 0


def test_what_is_kept_stays_bounded_under_a_long_stream(client: Client) -> None:
    """Of every kind of event, with counts in between."""
    most_seen = 0
    for number in range(60):
        client.delta("D45", "LOC_MEL", -1, f"d{number}")
        client.reserve("D45", "LOC_SYD", 1, f"F{number}")
        client.confirm("D45", "LOC_SYD", f"F{number}", sold=1)
        if number % 7 == 6:
            client.load([record("D45", "LOC_MEL", 100), record("D45", "LOC_SYD", 100)])
        most_seen = max(most_seen, sum(len(view["quantities"]) for view in client.positions()))

    # For each position its count, and a sum for each type.
    assert most_seen <= MOST + 2 * (1 + 2)
    assert client.on_hand("D45", "LOC_MEL") == 100 - 60 % 7
    assert client.on_hand("D45", "LOC_SYD") == 100 - 60 % 7


@pytest.mark.parametrize("load_between", [True, False])
def test_a_fulfilment_named_like_the_sums_does_not_disturb_them(
    client: Client, load_between: bool
) -> None:
    """FOLDED is a fulfilment id like any other to a sender; refusing it would do as well."""
    first = client.confirm("D45", "LOC_MEL", "FOLDED", sold=1)
    sold = 1 if first["eventStatus"] == "SUCCESS" else 0
    for number in range(20):
        outcome = client.confirm("D45", "LOC_MEL", f"F{number}", sold=1)
        assert outcome["eventStatus"] == "SUCCESS"
        sold += 1
        if load_between and number == 4:
            client.load([record("D45", "LOC_MEL", 100)])
            sold = 0
        assert client.on_hand("D45", "LOC_MEL") == 100 - sold
    client.confirm("D45", "LOC_MEL", "FOLDED", sold=1)

    # So old a confirmation may count twice, and nothing else may change.
    assert client.on_hand("D45", "LOC_MEL") in (100 - sold, 100 - sold - 1)


def test_the_history_is_bounded_and_says_what_it_dropped(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    monkeypatch.setattr(history_module, "MOST_HISTORY_ENTRIES", 5)
    client = Client(make_simulator())
    for quantity in range(10):
        client.load([record("D45", "LOC_MEL", quantity)])

    (count,) = client.position(POSITION)["quantities"]
    (catalogue,) = client.http.get("/__admin/health").get_json()["catalogues"]
    assert [state["quantity"] for state in count["history"]] == [4, 5, 6, 7, 8, 9]
    assert (catalogue["historyEntries"], catalogue["historyDropped"]) == (5, 4)
