"""A stream of events without an end: memory stays bounded and stock on hand stays right."""

import pytest

from ..conftest import MakeSimulator
from ..graphql.helpers.inventory_mutations import IN, do
from ..support import Client, Document, delta, deltas, item, limit, record, tally, updates

POSITION = "D45:LOC_MEL:DEFAULT"
MOST = 8


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator) -> Client:
    """A simulator that keeps eight quantities made by events, loaded with two positions."""
    limit(monkeypatch, "EVENT_QUANTITIES", MOST)
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
    limit(monkeypatch, "HISTORY", 5)
    client = Client(make_simulator())
    for quantity in range(10):
        client.load([record("D45", "LOC_MEL", quantity)])

    (count,) = client.position(POSITION)["quantities"]
    assert [state["quantity"] for state in count["history"]] == [4, 5, 6, 7, 8, 9]
    assert (tally(client, "history")["held"], tally(client, "history")["lost"]) == (5, 4)


def test_quantities_that_are_no_stock_on_hand_are_forgotten_and_not_folded(client: Client) -> None:
    for number in range(40):
        client.send(deltas(delta("D45", "LOC_MEL", 5, f"d{number}", type=f"EXPECTED_{number}")))

    assert client.on_hand("D45", "LOC_MEL") == 100
    assert set(quantities(client)) == {
        f"{POSITION}:LAST_ON_HAND",
        *(f"d{number}" for number in range(40 - MOST, 40)),
    }
    assert dropped(client) == 40 - MOST


def test_the_oldest_sums_are_added_to_their_positions_counts(
    monkeypatch: pytest.MonkeyPatch, client: Client, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "FOLDED_SUMS", 3)
    client = Client(make_simulator())
    products = [f"P{number}" for number in range(10)]
    client.load([record(product, "LOC_MEL", 100) for product in products])
    for turn in range(5):
        for product in products:
            client.delta(product, "LOC_MEL", -1, f"{product}-{turn}")
            assert client.on_hand(product, "LOC_MEL") == 99 - turn

    # 50 deltas: the newest 8 one by one, and a sum for three positions.
    held = client.positions()
    rows = [row["ref"] for position in held for row in position["quantities"]]
    assert sum(ref.endswith(":FOLDED") for ref in rows) == 3
    assert len(rows) == 10 + MOST + 3
    assert {position["onHand"] for position in held} == {95}
    counts = [position["quantities"][0] for position in held]
    sources = {count["history"][-1]["source"] for count in counts}
    assert "older quantities, added to the count to bound the memory" in sources

    client.load([record(product, "LOC_MEL", 50) for product in products])
    assert {position["onHand"] for position in client.positions()} == {50}


def test_stock_that_was_never_counted_is_right_when_its_sums_are_added_up(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "EVENT_QUANTITIES", 2)
    limit(monkeypatch, "FOLDED_SUMS", 1)
    client = Client(make_simulator(delta_missing_position="create"))
    for turn in range(4):
        for product in ("A", "B", "C"):
            client.delta(product, "LOC_MEL", -2, f"{product}-{turn}")

    assert [client.on_hand(product, "LOC_MEL") for product in "ABC"] == [-8, -8, -8]
    client.load([record("A", "LOC_MEL", 7)])
    assert client.on_hand("A", "LOC_MEL") == 7


def test_a_reservation_beyond_the_bound_is_refused_and_those_that_are_kept_can_be_confirmed(
    monkeypatch: pytest.MonkeyPatch, client: Client, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "RESERVATIONS", 5)
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 100)])
    outcomes = [client.reserve("D45", "LOC_MEL", 1, f"F{number}") for number in range(7)]

    assert [outcome["eventStatus"] for outcome in outcomes] == ["SUCCESS"] * 5 + ["FAILED"] * 2
    assert "5 reservations are active, and at most 5 are kept" in outcomes[-1]["outcome"]
    assert client.on_hand("D45", "LOC_MEL") == 95
    assert (tally(client, "reservations")["held"], tally(client, "reservations")["lost"]) == (5, 2)
    # One that is there already may be set again.
    assert client.reserve("D45", "LOC_MEL", 3, "F4")["eventStatus"] == "SUCCESS"
    for number in range(4):
        client.confirm("D45", "LOC_MEL", f"F{number}", sold=1)
    client.cancel("D45", "LOC_MEL", 3, "F4")
    assert client.on_hand("D45", "LOC_MEL") == 96
    assert tally(client, "reservations")["held"] == 0
    assert client.reserve("D45", "LOC_MEL", 1, "F8")["eventStatus"] == "SUCCESS"


def test_one_event_with_too_many_reservations_reserves_nothing(
    monkeypatch: pytest.MonkeyPatch, client: Client, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "RESERVATIONS", 5)
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 100)])
    many = [item("D45", "LOC_MEL", f"F{number}", reservedQty=-1) for number in range(6)]
    lasting = [delta("D45", "LOC_MEL", -1, f"d{n}", type="RESERVED") for n in range(6)]

    assert client.send(updates(*many))["eventStatus"] == "FAILED"
    assert client.send(deltas(*lasting))["eventStatus"] == "FAILED"
    assert client.on_hand("D45", "LOC_MEL") == 100
    assert client.send(updates(*many[:5]))["eventStatus"] == "SUCCESS"


def test_many_reservations_leave_the_newest_deltas_recognised(client: Client) -> None:
    for number in range(3 * MOST):
        client.reserve("D45", "LOC_MEL", 1, f"F{number}")
    for number in range(MOST):
        client.delta("D45", "LOC_SYD", -1, f"d{number}")
    before = client.positions()
    for number in range(MOST):
        client.delta("D45", "LOC_SYD", -1, f"d{number}")

    assert client.positions() == before


def test_quantities_with_refs_of_their_own_are_bounded(
    monkeypatch: pytest.MonkeyPatch, client: Client, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "QUANTITIES", 20_000)
    client = Client(make_simulator())
    rows = [record("D45", "LOC_MEL", 1, ref=f"own{number}", type="SALE") for number in range(40)]
    number = client.load(rows)
    results = client.batch(number)["results"]
    codes = [result["responseCode"] for result in results]

    kept = codes.count("200")
    assert 10 < kept < 40
    assert codes == ["200"] * kept + ["500"] * (40 - kept)
    assert "the simulator keeps at most 20,000 bytes of them" in results[-1]["message"]
    assert client.on_hand("D45", "LOC_MEL") == kept
    assert tally(client, "quantities")["lost"] == 40 - kept
    # Counts are not among them, and a quantity that is there may be set again.
    client.load([record("D46", "LOC_MEL", 5), record("D45", "LOC_MEL", 9, ref="own0", type="SALE")])
    assert client.on_hand("D45", "LOC_MEL") == kept + 8


def test_the_attributes_of_quantities_count_for_what_they_take(
    monkeypatch: pytest.MonkeyPatch, client: Client, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "QUANTITIES", 20_000)
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 5)])
    few: Document = {"note": [{}] * 10}
    many: Document = {"note": [{}] * 1_000}
    for quantity, attributes, code in ((1, few, "200"), (2, many, "500"), (3, few, "200")) * 20:
        number = client.load([record("D45", "LOC_MEL", quantity, attributes=attributes)])
        assert client.batch(number)["results"][0]["responseCode"] == code

    assert client.on_hand("D45", "LOC_MEL") == 3
    assert tally(client, "quantities")["held"] < 3_000


def test_positions_beyond_the_bound_are_refused_record_by_record(
    monkeypatch: pytest.MonkeyPatch, client: Client, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "POSITIONS", 3)
    limit(monkeypatch, "POSITION_LOCATIONS", 2)
    client = Client(make_simulator(delta_missing_position="create"))
    number = client.load([record("A", f"L{place}", 1) for place in range(3)])
    codes = [result["responseCode"] for result in client.batch(number)["results"]]
    assert codes == ["200", "200", "500"]

    pair = [delta("B", f"L{place}", 1, f"b{place}") for place in range(2)]
    assert client.send(deltas(*pair))["eventStatus"] == "FAILED"
    assert client.send(deltas(delta("B", "L2", 1, "b")))["eventStatus"] == "FAILED"
    assert len(client.positions()) == 2
    assert client.send(deltas(pair[0]))["eventStatus"] == "SUCCESS"
    assert tally(client, "positions")["held"] == 3
    # What is there goes on being changed.
    assert client.delta("A", "L0", 5, "a")["eventStatus"] == "SUCCESS"
    assert client.on_hand("A", "L0") == 6


def set_quantity(client: Client, ref: str, **changes: object) -> None:
    """Correct a quantity by a mutation."""
    do(client, "updateInventoryQuantity", ref=ref, **IN, **changes)


@pytest.mark.parametrize("created_first", [True, False])
@pytest.mark.parametrize("counted", ["active", "created_and_active"])
def test_folding_quantities_of_different_statuses_leaves_the_stock_on_hand(
    monkeypatch: pytest.MonkeyPatch,
    make_simulator: MakeSimulator,
    counted: str,
    *,
    created_first: bool,
) -> None:
    on_hand: list[int] = []
    for most in (1, 100):
        limit(monkeypatch, "EVENT_QUANTITIES", most)
        client = Client(make_simulator(position_counted_statuses=counted))
        client.load([record("D45", "LOC_MEL", 100)])
        for number, quantity in enumerate((5, 7, 1, 3, -2, 11)):
            client.delta("D45", "LOC_MEL", quantity, f"d{number}")
            if number % 2 != created_first:
                set_quantity(client, f"d{number}", status="CREATED")
            on_hand.append(client.on_hand("D45", "LOC_MEL"))
        client.load([record("D45", "LOC_MEL", 50)])
        on_hand.append(client.on_hand("D45", "LOC_MEL"))

    half = len(on_hand) // 2
    assert on_hand[:half] == on_hand[half:]
    assert on_hand[-1] == 50


@pytest.mark.parametrize(
    "changes",
    [{"status": "CREATED"}, {"status": "INACTIVE"}, {"type": "RESERVED"}, {"type": "SALE"}],
)
@pytest.mark.parametrize("sums", [1, 100])
def test_a_sum_that_a_mutation_changed_stands_for_what_it_says(
    monkeypatch: pytest.MonkeyPatch,
    make_simulator: MakeSimulator,
    changes: Document,
    sums: int,
) -> None:
    limit(monkeypatch, "EVENT_QUANTITIES", 1)
    limit(monkeypatch, "FOLDED_SUMS", sums)
    client = Client(make_simulator(position_counted_statuses="active"))
    client.load([record("D45", "LOC_MEL", 100)])
    for number in range(3):
        client.delta("D45", "LOC_MEL", 5, f"d{number}")
    set_quantity(client, f"{POSITION}:DELTA:FOLDED", **changes)
    counts = 10 if "type" in changes else 0
    assert client.on_hand("D45", "LOC_MEL") == 105 + counts

    for number in range(3, 8):
        client.delta("D45", "LOC_MEL", 5, f"d{number}")
        client.confirm("D45", "LOC_MEL", f"F{number}", sold=2)
        assert client.on_hand("D45", "LOC_MEL") == 105 + counts + 3 * (number - 2)
    client.load([record("D45", "LOC_MEL", 50)])
    kept = counts if changes.get("type") == "RESERVED" else 0
    assert client.on_hand("D45", "LOC_MEL") == 50 + kept
