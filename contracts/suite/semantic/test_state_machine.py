"""Whatever is sent in whatever order, the server and a plain model of the rules agree."""

from __future__ import annotations

from functools import partial
from typing import Any

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.examples import (
    AMOUNTS,
    CHANGES,
    COUNTS,
    MANY,
)
from fluent_oms_simulator.contracts.suite.semantic.plain_inventory import Model
from fluent_oms_simulator.contracts.suite.semantic.position import APPLIED, Position
from fluent_oms_simulator.contracts.target.names import Names
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

PLACES = st.integers(0, 3)
LOADS = st.dictionaries(PLACES, COUNTS, min_size=1, max_size=3)
DELTAS = st.lists(st.tuples(PLACES, CHANGES), min_size=1, max_size=3)


class Stock(RuleBasedStateMachine):
    """Two products at two locations, and everything that moves their stock."""

    def __init__(self, api: Api, names: Names, *, repeats: bool, halts: bool) -> None:
        super().__init__()
        self.api, self.names = api, names
        self.repeats, self.halts = repeats, halts
        first = Position(api, names)
        second = Position(api, names, product=first.product)
        third = Position(api, names, location=first.location)
        fourth = Position(api, names, product=third.product, location=second.location)
        self.positions = [first, second, third, fourth]
        self.models = [Model() for _ in self.positions]
        self.jobs = {True: api.open_job(), False: api.open_job("skip")}
        self.last_load: dict[int, int] = {}
        self.last_event: list[dict[str, Any]] = []
        self.open: list[tuple[int, str, int]] = []
        self.moved: set[int] = set()

    @initialize(counts=st.lists(COUNTS, min_size=3, max_size=3))
    def begin(self, counts: list[int]) -> None:
        """Three of the positions exist from the start."""
        self.count(dict(enumerate(counts)), preprocessed=False)

    @rule(loads=LOADS, preprocessed=st.booleans())
    def count(self, loads: dict[int, int], *, preprocessed: bool) -> None:
        """A batch of counts."""
        records = [self.positions[place].record(amount) for place, amount in loads.items()]
        self.api.load(records, job=self.jobs[preprocessed])
        for place, amount in loads.items():
            self.models[place].load("LAST_ON_HAND", amount)
        self.last_load = loads
        self.moved |= set(loads)

    @precondition(lambda self: self.last_load)
    @rule(preprocessed=st.booleans())
    def count_again(self, *, preprocessed: bool) -> None:
        """The last batch is sent once more."""
        self.count(self.last_load, preprocessed=preprocessed)

    @rule(place=PLACES, amount=COUNTS, preprocessed=st.booleans())
    def expect(self, place: int, amount: int, *, preprocessed: bool) -> None:
        """Goods are announced."""
        record = self.positions[place].record(amount, type="EXPECTED")
        self.api.load([record], job=self.jobs[preprocessed])
        self.models[place].load("EXPECTED", amount)
        self.moved.add(place)

    @rule(changes=DELTAS)
    def change(self, changes: list[tuple[int, int]]) -> None:
        """An event of deltas; one for a position that does not exist halts all of them."""
        entries = [self.positions[place].entry(amount) for place, amount in changes]
        known = all(self.models[place].exists for place, _ in changes)
        if not (known or self.halts):
            return
        status = self.api.deltas(*entries)["eventStatus"]
        assert (status in APPLIED) == known, f"{entries} ended as {status}"
        if known:
            for (place, amount), entry in zip(changes, entries, strict=True):
                self.models[place].change(entry["deltaId"], amount)
            self.last_event = entries
        self.moved |= {place for place, _ in changes}

    @precondition(lambda self: self.repeats and self.last_event)
    @rule()
    def change_again(self) -> None:
        """The last event is sent once more; it must not count again."""
        self.api.deltas(*self.last_event)
        self.moved |= set(range(len(self.positions)))

    @rule(place=PLACES, amount=AMOUNTS)
    def reserve(self, place: int, amount: int) -> None:
        """A fulfilment is made."""
        if not self.models[place].exists:
            return
        fulfilment = f"F{len(self.open)}-{self.names.fulfilment()}"
        self.positions[place].reserve(fulfilment, amount)
        self.models[place].reserve(fulfilment, amount)
        self.open.append((place, fulfilment, amount))
        self.moved.add(place)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        """What was reserved is picked, or not all of it."""
        place, fulfilment, amount = self._take(data)
        sold = data.draw(st.integers(0, amount), label="picked")
        self.positions[place].confirm(fulfilment, sold=sold, rejected=amount - sold)
        self.models[place].confirm(fulfilment, sold, amount - sold)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """A fulfilment is given up."""
        place, fulfilment, amount = self._take(data)
        self.positions[place].cancel(fulfilment, amount)
        self.models[place].release(fulfilment)

    def _take(self, data: st.DataObject) -> tuple[int, str, int]:
        which = data.draw(st.integers(0, len(self.open) - 1), label="fulfilment")
        taken = self.open.pop(which)
        self.moved.add(taken[0])
        return taken

    @invariant()
    def agrees(self) -> None:
        """Each position that was meant holds what the model holds."""
        for place in sorted(self.moved):
            model = self.models[place]
            if model.exists:
                self.positions[place].shows(model.on_hand, model.rows)
            else:
                self.positions[place].shows(None)
        self.moved.clear()

    def teardown(self) -> None:
        """Nothing happened to a position that was not meant."""
        self.moved = set(range(len(self.positions)))
        self.agrees()


def test_the_server_agrees_with_a_plain_model(api: Api, names: Names) -> None:
    """Repeats and unknown positions are part of it where they do what is documented."""
    probe, nowhere = Position(api, names), Position(api, names)
    probe.count(10)
    entry = probe.entry(1)
    api.deltas(entry)
    api.deltas(entry)
    repeats = api.on_hand(probe.product, probe.location) == 11
    halts = api.deltas(nowhere.entry(1))["eventStatus"] == "FAILED"

    new_machine: Any = partial(Stock, api, names, repeats=repeats, halts=halts)
    run_state_machine_as_test(
        new_machine,
        settings=settings(MANY, stateful_step_count=20),
    )
