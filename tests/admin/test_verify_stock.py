"""What a position has had on hand is judged from all that it was, and never from a part of it."""

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock
from hypothesis import given, settings
from hypothesis import strategies as st

from ..conftest import NOON, MakeSimulator
from ..support import Client, Document, delta, deltas, limit, record

REF = "D45:LOC_MEL:DEFAULT"


def judged(client: Client, position: str = REF, **expectation: object) -> Document:
    """The verdict on one expectation."""
    document = {"expectations": [{"position": position, **expectation}]}
    reply = client.http.post("/__admin/verify", json=document)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    found: Document = reply.get_json()["results"][0]
    return found


def verdict(client: Client, **expectation: object) -> str:
    return str(judged(client, REF, **expectation)["verdict"])


@pytest.fixture
def used(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    """It has had 100, 95, 60, 80, 7 and 10, a second each."""
    client = Client(make_simulator(clock=clock))
    client.load([record("D45", "LOC_MEL", 100)])
    for name, quantity in (("d1", -5), ("d2", -35), ("d3", 20)):
        clock.advance(1_000)
        client.delta("D45", "LOC_MEL", quantity, name)
    for count in (7, 10):
        clock.advance(1_000)
        client.load([record("D45", "LOC_MEL", count)])
    return client


@pytest.mark.parametrize(
    ("expectation", "wanted"),
    [
        *(({"reached": level}, "passed") for level in (100, 95, 60, 80, 7, 10)),
        *(({"reached": level}, "failed") for level in (0, 5, 75, 120)),
        ({"endsAt": 10}, "passed"),
        ({"endsAt": 7}, "failed"),
        ({"neverBelow": 7}, "passed"),
        ({"neverBelow": 8}, "failed"),
        ({"endsAt": 10, "reached": 60, "neverBelow": 0}, "passed"),
        ({"endsAt": 10, "reached": 61, "neverBelow": 0}, "failed"),
    ],
    ids=str,
)
def test_it_is_held_against_each_stock_on_hand_that_there_was(
    used: Client, expectation: Document, wanted: str
) -> None:
    assert verdict(used, **expectation) == wanted


def test_what_came_closest_is_told_with_its_time(used: Client) -> None:
    assert judged(used, neverBelow=8)["nearMisses"] == [
        {
            "request": None,
            "differences": [
                {
                    "field": "onHand",
                    "expected": "never below 8",
                    "found": "7 (since 2026-01-01T12:00:04.000+00:00)",
                }
            ],
        }
    ]
    assert judged(used, reached=63)["reason"] == (
        "expected 63 at some time, found 60 (since 2026-01-01T12:00:02.000+00:00)"
    )


def test_what_it_was_within_one_event_nobody_has_seen(used: Client) -> None:
    used.send(deltas(delta("D45", "LOC_MEL", -10, "a"), delta("D45", "LOC_MEL", 10, "b")))

    assert verdict(used, neverBelow=7) == "passed"
    assert verdict(used, reached=0) == "failed"


def test_a_snapshot_has_its_own_past(used: Client) -> None:
    assert used.http.put("/__admin/snapshots/then", json={}).status_code == 201
    used.load([record("D45", "LOC_MEL", 3)])
    assert verdict(used, reached=3) == "passed"
    assert used.http.post("/__admin/snapshots/then/restore", json={}).status_code == 200

    assert verdict(used, reached=3) == "failed"
    assert verdict(used, reached=60, endsAt=10, neverBelow=7) == "passed"
    used.load([record("D45", "LOC_MEL", 4)])
    assert verdict(used, reached=4, neverBelow=4) == "passed"


def test_a_position_that_is_not_there_is_told(used: Client) -> None:
    result = judged(used, "D45:NOWHERE:DEFAULT", endsAt=0)

    assert (result["verdict"], result["reason"]) == ("failed", "there is no such position")


def test_nothing_is_taken_for_the_end_while_something_waits(used: Client) -> None:
    used.http.put("/__admin/settling", json={"mode": "manual"})
    used.post("/api/v4.1/event/async", deltas(delta("D45", "LOC_MEL", -9, "d4")))

    assert judged(used, endsAt=10)["verdict"] == "unknown"
    assert verdict(used, endsAt=11) == "unknown"
    assert verdict(used, reached=1) == "unknown"
    assert verdict(used, neverBelow=7) == "unknown"
    assert verdict(used, neverBelow=8) == "failed"
    assert verdict(used, reached=100) == "passed"
    assert judged(used, "NEW:LOC_MEL:DEFAULT", endsAt=1)["verdict"] == "unknown"
    assert (
        "1 events and 0 batches that were accepted are not applied yet"
        in (judged(used, endsAt=10)["reason"])
    )


def test_a_position_that_comes_to_be_with_its_first_delta_was_never_empty(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = Client(make_simulator(clock=clock, delta_missing_position="create"))
    client.delta("D45", "LOC_MEL", 5, "d1")

    assert verdict(client, reached=5, endsAt=5) == "passed"
    # Whether there was a moment without nobody can tell.
    assert verdict(client, neverBelow=1) == "unknown"
    assert verdict(client, neverBelow=0) == "passed"


@pytest.mark.parametrize("bound", ["ON_HAND_CHANGES", "HISTORY"])
def test_what_is_no_longer_kept_is_never_taken_for_met(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator, bound: str
) -> None:
    limit(monkeypatch, bound, 2)
    client = Client(make_simulator())
    for count in (100, 1, 50, 60, 70):
        client.load([record("D45", "LOC_MEL", count), record("D46", "LOC_MEL", count)])

    assert verdict(client, neverBelow=10) == "unknown"
    assert verdict(client, reached=1) == "unknown"
    assert verdict(client, neverBelow=65) == "failed"
    assert verdict(client, reached=60) == "passed"
    assert verdict(client, endsAt=70) == "passed"
    assert "not all that it has been is still known" in judged(client, reached=1)["reason"]


def test_where_several_catalogues_have_it_one_has_to_be_named(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(settings=Settings(retailers=("1", "2"), seed_data="none")))
    for retailer, count in (("1", 5), ("2", 6)):
        job = client.job(retailer=retailer)
        client.load([{**record("D45", "LOC_MEL", count), "retailerId": retailer}], job=job)

    expectation = {"position": REF, "endsAt": 6}
    refused = client.http.post("/__admin/verify", json={"expectations": [expectation]})
    assert refused.status_code == 400
    assert "one of DEFAULT:1, DEFAULT:2" in refused.get_json()["errors"][0]["detail"]
    assert verdict(client, catalogueRef="DEFAULT:2", endsAt=6) == "passed"
    assert verdict(client, catalogueRef="DEFAULT:3", endsAt=6) == "failed"


@pytest.mark.parametrize(
    ("expectation", "why"),
    [
        ({}, "expected at least one of endsAt, reached and neverBelow"),
        ({"endsAt": 0.5}, "/expectations/0/endsAt found 0.5"),
        ({"endsAt": 1, "atMost": 5}, "(it is about position)"),
        ({"endsAt": 1, "effect": "tokenRenewedBeforeExpiry"}, "found position and effect"),
    ],
    ids=str,
)
def test_what_is_no_expectation_is_refused(client: Client, expectation: Document, why: str) -> None:
    document = {"expectations": [{"position": REF, **expectation}]}
    reply = client.http.post("/__admin/verify", json=document)

    assert reply.status_code == 400
    assert why in reply.get_json()["errors"][0]["message"]


STEP = st.tuples(
    st.sampled_from(["count", "counts", "delta", "reserve", "record", "again"]),
    st.integers(-20, 40),
)


@pytest.mark.slow
@settings(max_examples=30)
@given(st.lists(STEP, min_size=1, max_size=12), st.booleans())
def test_it_knows_every_stock_on_hand_that_was_seen_and_no_other(
    steps: list[tuple[str, int]], moves: bool
) -> None:
    clock = VirtualClock(NOON)
    simulator = build(Settings(auth="off", seed_data="none"), clock)
    simulator.start()
    try:
        client = Client(simulator)
        client.load([record("D45", "LOC_MEL", 50)])
        seen = {50}
        for number, (kind, amount) in enumerate(steps):
            clock.advance(1 if moves else 0)
            do(client, kind, amount, number)
            seen.add(client.on_hand("D45", "LOC_MEL"))

        nearby = {level + step for level in seen for step in (-1, 0, 1)}
        for level in sorted(nearby, key=lambda level: (level not in seen, level))[:40]:
            wanted = "passed" if level in seen else "failed"
            assert verdict(client, reached=level) == wanted, level
        assert verdict(client, neverBelow=min(seen)) == "passed"
        assert verdict(client, neverBelow=min(seen) + 1) == "failed"
    finally:
        simulator.close()


def do(client: Client, kind: str, amount: int, number: int) -> None:
    """Change the position in one of the ways in which it is changed."""
    at = ("D45", "LOC_MEL")
    others = [record(f"OTHER{each}", "LOC_MEL", number) for each in range(3)]
    match kind:
        case "count":
            client.load([record(*at, abs(amount))])
        case "counts":  # together with others, which is applied in another way
            client.load([record(*at, abs(amount)), *others], preprocessing="skip")
        case "delta":
            client.delta(*at, amount or 1, f"d{number}")
        case "again":
            client.delta(*at, amount or 1, "d")
        case "reserve":
            client.reserve(*at, abs(amount) or 1, f"f{number}")
        case "record":
            client.load([{**record(*at, amount), "type": "SALE"}])
