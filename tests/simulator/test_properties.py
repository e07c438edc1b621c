"""Whatever is sent, in whatever order: the stock on hand is the sum of the active quantities."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.clock import VirtualClock, timestamp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..conftest import NOON
from ..support import batch, delta, deltas, item, record, updates
from .helpers.reference_model import ON_HAND_TYPES, Model, Place, position_ref

# With colons, so that two places may claim one ref.
PLACES: list[Place] = [("A", "C"), ("A", "B:C"), ("A:B", "C"), ("D", "C")]

Document = dict[str, Any]

places = st.sampled_from(PLACES)
amounts = st.integers(min_value=1, max_value=20)
signed = amounts | amounts.map(lambda amount: -amount)


@st.composite
def records(draw: st.DrawFn) -> Document:
    place = draw(places)
    kind = draw(st.sampled_from(["count", "count", "count", "segment", "attributes", "other"]))
    if kind == "other":
        more = draw(st.sampled_from([{}, {"ref": "SHARED"}]))
        quantity_type = draw(st.sampled_from(["EXPECTED", "DELTA", "SALE", "RESERVED"]))
        return record(*place, draw(signed), type=quantity_type, **more)
    quantity = draw(st.integers(min_value=0, max_value=20))
    if kind == "segment":
        return record(*place, quantity, ref=draw(st.sampled_from(["LOT_1", "SHARED"])))
    if kind == "attributes":
        return record(*place, quantity, attributes={"condition": "NEW"})
    return record(*place, quantity)


loads = st.tuples(
    st.just("load"), st.lists(records(), min_size=1, max_size=4), st.sampled_from([True, False])
)
delta_events = st.tuples(
    st.just("deltas"), st.lists(st.tuples(places, signed), min_size=1, max_size=3)
)
reservations = st.tuples(st.just("reserve"), places, amounts)
# These name a reservation or an event by how many there have been.
confirmations = st.tuples(
    st.just("confirm"), st.integers(0, 9), st.integers(0, 5), st.integers(0, 5)
)
cancellations = st.tuples(st.just("cancel"), st.integers(0, 9))
repeats = st.tuples(st.just("repeat"), st.integers(0, 20))
steps = st.one_of(loads, delta_events, reservations, confirmations, cancellations, repeats)


class Story:
    """Steps taken by the simulator and by the model side by side."""

    def __init__(self, simulator: Simulator, clock: VirtualClock) -> None:
        simulator.reset()
        self._simulator = simulator
        self._clock = clock
        self._model = Model()
        self._applied: list[Document] = []
        self._sent = 0
        self._reservations: list[tuple[Place, str]] = []
        self._ended: set[tuple[str, str]] = set()
        for preprocessing in ("enabled", "skip"):
            job = {"name": "load", "retailerId": "1", "meta": {"preprocessing": preprocessing}}
            simulator.jobs.create_job(json.dumps(job).encode())

    def take(self, step: tuple[Any, ...]) -> None:
        """Take a step, and check all that holds after every step."""
        self._clock.advance(1)
        before = self.listing()
        changed = self._take(step)
        after = self.listing()
        if not changed:
            assert after == before, f"{step} must change nothing"
        self._check(before, after)

    def listing(self) -> list[Document]:
        body: Any = self._simulator.positions.list_positions({"count": "1000"}).body
        return list(body["results"])

    def on_hand(self) -> dict[str, int]:
        return {view["ref"]: view["onHand"] for view in self.listing()}

    def _take(self, step: tuple[Any, ...]) -> bool:
        match step:
            case ("load", entities, preprocessing):
                job = "1" if preprocessing else "2"
                self._simulator.jobs.add_batch(job, json.dumps(batch(*entities)).encode())
                assert self._simulator.settle()
                self._model.load(entities, preprocessing=preprocessing)
                return True
            case ("deltas", entries):
                self._sent += 1
                document = deltas(
                    *(
                        delta(product, location, quantity, f"d{self._sent}.{number}")
                        for number, ((product, location), quantity) in enumerate(entries)
                    )
                )
                return self._send(document, self._model.deltas(document["attributes"]["deltas"]))
            case ("reserve", (product, location), quantity):
                fulfilment = f"F{len(self._reservations)}"
                self._reservations.append(((product, location), fulfilment))
                return self._update(item(product, location, fulfilment, reservedQty=-quantity))
            case ("confirm", number, sold, rejected) if self._may_end("confirm", number):
                place, fulfilment = self._reservation(number)
                amounts = {"saleQty": -sold, "correctionQty": -rejected}
                return self._update(item(*place, fulfilment, **amounts))
            case ("cancel", number) if self._may_end("cancel", number):
                place, fulfilment = self._reservation(number)
                return self._update(item(*place, fulfilment, cancelQty=1))
            case ("repeat", number) if self._applied:
                self._post(self._applied[number % len(self._applied)])
                return False
        return False

    def _reservation(self, number: int) -> tuple[Place, str]:
        return self._reservations[number % len(self._reservations)]

    def _may_end(self, how: str, number: int) -> bool:
        """Once each: another confirmation of a fulfilment would not be a repeat of the first."""
        if not self._reservations:
            return False
        key = (how, self._reservation(number)[1])
        first = key not in self._ended
        self._ended.add(key)
        return first

    def _update(self, entry: Document) -> bool:
        return self._send(updates(entry), self._model.update(entry))

    def _send(self, document: Document, expected: bool) -> bool:
        assert self._post(document) == (200 if expected else 400)
        if expected:
            self._applied.append(document)
        return expected

    def _post(self, document: Document) -> int:
        return self._simulator.events.post_sync(json.dumps(document).encode()).status

    def _check(self, before: list[Document], after: list[Document]) -> None:
        model = self._model
        held_before = {view["ref"]: view["onHand"] for view in before}
        assert [(view["productRef"], view["locationRef"]) for view in after] == model.places
        for place, view in zip(model.places, after, strict=True):
            rows = view["quantities"]
            assert view["onHand"] == sum(
                row["quantity"]
                for row in rows
                if row["status"] == "ACTIVE" and row["type"] in ON_HAND_TYPES
            )
            assert view["ref"] == position_ref(place)
            assert view["onHand"] == model.on_hand(place)
            assert {
                row["ref"]: (row["type"], row["quantity"], row["status"]) for row in rows
            } == model.rows_of(place)
            for row in rows:
                last = row["history"][-1]
                assert (last["quantity"], last["status"]) == (row["quantity"], row["status"])
            if view["onHand"] != held_before.get(view["ref"], 0):
                assert view["updatedOn"] == timestamp(self._clock.now())


@pytest.fixture(scope="module")
def shared_clock() -> VirtualClock:
    return VirtualClock(NOON)


@pytest.fixture(scope="module")
def shared(shared_clock: VirtualClock) -> Iterator[Simulator]:
    """One simulator for all examples; each begins with a reset."""
    simulator = build(
        Settings(seed_data="none", behaviours={"job.closes": "never"}), clock=shared_clock
    )
    simulator.start()
    yield simulator
    simulator.close()


quick = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(story=st.lists(steps, min_size=4, max_size=20))
def test_stock_on_hand_is_the_sum_of_the_active_quantities_and_repeats_change_nothing(
    shared: Simulator, shared_clock: VirtualClock, story: list[tuple[Any, ...]]
) -> None:
    told = Story(shared, shared_clock)
    for step in [("load", [record("A", "C", 10)], False), *story]:
        told.take(step)


@pytest.mark.slow
@quick
@given(data=st.data())
def test_the_order_of_distinct_deltas_does_not_matter(
    shared: Simulator, shared_clock: VirtualClock, data: st.DataObject
) -> None:
    loaded = [place for place in PLACES if place != ("A:B", "C")]
    entry = st.tuples(st.sampled_from(loaded), signed)
    sent = [
        deltas(
            delta(*first[0], first[1], f"d{number}a"), delta(*second[0], second[1], f"d{number}b")
        )
        for number, (first, second) in enumerate(
            data.draw(st.lists(st.tuples(entry, entry), min_size=2, max_size=6))
        )
    ]
    outcomes = []
    for order in (sent, data.draw(st.permutations(sent))):
        told = Story(shared, shared_clock)
        told.take(("load", [record(*place, 100) for place in loaded], True))
        for document in order:
            shared.events.post_sync(json.dumps(document).encode())
        outcomes.append(told.on_hand())

    assert outcomes[0] == outcomes[1]


@quick
@given(
    batches=st.lists(st.lists(records(), min_size=1, max_size=5), min_size=1, max_size=3),
    sales=st.lists(st.tuples(st.just("deltas"), st.lists(st.tuples(places, signed), max_size=1))),
)
def test_pre_processing_drops_only_what_would_change_nothing(
    shared: Simulator,
    shared_clock: VirtualClock,
    batches: list[list[Document]],
    sales: list[tuple[str, list[tuple[Place, int]]]],
) -> None:
    """Batches without duplicates end alike with and without it."""
    outcomes = []
    for preprocessing in (True, False):
        told = Story(shared, shared_clock)
        for entities in batches:
            unique = {(entity["skuRef"], entity["locationRef"]): entity for entity in entities}
            told.take(("load", list(unique.values()), preprocessing))
            for sale in sales:
                if sale[1]:
                    told.take(sale)
        outcomes.append(told.on_hand())

    assert outcomes[0] == outcomes[1]
