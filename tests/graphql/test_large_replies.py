"""Large replies: as many are put together at a time as memory is meant for."""

import threading

import pytest
from fluent_oms_simulator import Simulator
from fluent_oms_simulator.graphql import executor
from fluent_oms_simulator.graphql.endpoint.engine import MOST_LARGE
from fluent_oms_simulator.operations.pace import Place

from ..api.helpers.replies import refusals
from ..support import Client, delta, deltas, record
from .helpers.support import KEY, answer_of, ask, post

PAGE = f"{{ inventoryPositions(catalogue: {KEY}) {{ edges {{ node {{ ref onHand }} }} }} }}"
FEW = 20
CREATE = """mutation { createInventoryPosition(input: {ref: "NEW", type: "DEFAULT", onHand: 1,
  productRef: "NEW", locationRef: "L", catalogue: {ref: "DEFAULT:1"}}) {
    ref catalogue { ref } %s } }"""


@pytest.fixture
def client(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A catalogue of which a page is large."""
    client = Client(simulator)
    client.load([record(f"P{number}", "L", number) for number in range(10)])
    monkeypatch.setattr(executor, "LARGE", FEW)
    return client


def test_a_large_reply_beyond_those_under_way_is_refused_for_now(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, leave = threading.Barrier(MOST_LARGE + 1), threading.Event()
    held = threading.local()
    take = Place.take

    def waiting(place: Place) -> None:
        take(place)
        if getattr(held, "is_to_wait", False):
            held.is_to_wait = False
            entered.wait(60)
            leave.wait(60)

    monkeypatch.setattr(Place, "take", waiting)
    answered: list[int] = []

    def large() -> None:
        held.is_to_wait = True
        answered.append(post(client, PAGE).status_code)

    threads = [threading.Thread(target=large) for _ in range(MOST_LARGE)]
    for thread in threads:
        thread.start()
    entered.wait(60)
    refused = post(client, PAGE)
    small = ask(client, PAGE.replace("(", "(first: 2, "))
    changed = answer_of(post(client, CREATE % " ".join(f"a{n}: ref" for n in range(2 * FEW))))
    leave.set()
    for thread in threads:
        thread.join(60)

    refusals(refused, 503)
    assert refused.headers["Retry-After"] == "1"
    assert "smaller pages" in refused.get_data(as_text=True)
    assert len(small["inventoryPositions"]["edges"]) == 2
    assert "errors" not in changed, "a mutation has happened, and is told"
    assert answered == [200] * MOST_LARGE
    assert len(ask(client, PAGE)["inventoryPositions"]["edges"]) == 10


def test_a_large_reply_that_is_begun_anew_since_stock_changed_needs_one_place(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Place.take

    def changing(place: Place) -> None:
        monkeypatch.setattr(Place, "take", take)
        client.send(deltas(delta("P0", "L", 1, "d1")))
        take(place)

    for _ in range(2 * MOST_LARGE):
        monkeypatch.setattr(Place, "take", changing)
        twice = f"{{ {' '.join(f'p{n}: {PAGE[2:-2]}' for n in range(3))} }}"
        assert len(ask(client, twice)) == 3
