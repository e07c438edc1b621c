"""Whatever is sent again, changed, refused or counted between: the ledger adds up to the stock."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from hypothesis import given, settings
from hypothesis import strategies as st

from ..support import Client, delta, deltas, first_at_once, record

PRODUCTS = ("A", "B")
LOCATION = "LOC"
FIRST_COUNT = 1_000

Sent = tuple[str, str, int]
"""A deltaId, a product and an amount; 0 has the request refused."""

ids = st.sampled_from([f"d{number}" for number in range(6)])
sent_deltas = st.tuples(ids, st.sampled_from(PRODUCTS), st.integers(-3, 3))
events = st.lists(sent_deltas, min_size=1, max_size=3, unique_by=lambda sent: sent[0])
counts = st.tuples(st.sampled_from(PRODUCTS), st.integers(0, 2_000))
steps = st.lists(st.one_of(events, events, events, counts, st.none()), max_size=25)
"""Events, counts, and None: the last event again, as by a sender who has no reply."""


@dataclass
class OwnAccount:
    """What was sent, accounted for without the ledger; a repeat is as `duplicate` has it."""

    duplicate: str
    count: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PRODUCTS, FIRST_COUNT))
    place: dict[str, str] = field(default_factory=dict)
    amount: dict[str, int] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    arrived: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)
    taken: dict[str, set[Sent]] = field(default_factory=lambda: defaultdict(set))

    def send(self, event: list[Sent]) -> None:
        for delta_id, _, _ in event:
            self.arrived[delta_id] += 1
        if any(amount == 0 for *_, amount in event):
            return
        for sent in event:
            self.acknowledged[sent[0]] += 1
            self.taken[sent[0]].add(sent)
        known = [sent for sent in event if sent[0] in self.place]
        if any(self.place[delta_id] != product for delta_id, product, _ in known) or (
            known and self.duplicate == "reject"
        ):
            return
        for delta_id, product, amount in event:
            is_new = self.place.setdefault(delta_id, product) == product and (
                delta_id not in self.amount
            )
            if is_new:
                self.amount[delta_id] = amount
                self.applied[delta_id] += 1
            elif self.duplicate == "upsert":
                self.amount[delta_id] = amount
            else:
                before = 0 if delta_id in self.retired else self.amount[delta_id]
                self.amount[delta_id] = before + amount
                self.retired.discard(delta_id)
                self.applied[delta_id] += 1

    def counted(self, product: str, amount: int) -> None:
        self.count[product] = amount
        self.retired |= {delta_id for delta_id, at in self.place.items() if at == product}

    def on_hand(self, product: str) -> int:
        standing = (
            self.amount[delta_id]
            for delta_id, at in self.place.items()
            if at == product and delta_id not in self.retired
        )
        return self.count[product] + sum(standing)


@pytest.mark.slow
@pytest.mark.parametrize("duplicate", first_at_once(["upsert", "accumulate", "reject"]))
@settings(max_examples=30)
@given(schedule=steps)
def test_the_sum_of_applied_deltas_is_the_change_of_the_catalogue(
    duplicate: str, schedule: list[Any]
) -> None:
    switches = {"delta.duplicate": duplicate}
    simulator = build(Settings(seed_data="none", auth="off", behaviours=switches))
    simulator.start()
    try:
        check(Client(simulator), OwnAccount(duplicate), schedule)
    finally:
        simulator.close()


def check(client: Client, own: OwnAccount, schedule: list[Any]) -> None:
    job = client.job(preprocessing="skip")
    client.load([record(product, LOCATION, FIRST_COUNT) for product in PRODUCTS], job=job)
    last: list[Sent] = []
    for step in schedule:
        if isinstance(step, tuple):
            own.counted(*step)
            client.load([record(step[0], LOCATION, step[1])], job=job)
            continue
        last = last if step is None else step
        if last:
            own.send(last)
            sent = [delta(product, LOCATION, amount, each) for each, product, amount in last]
            client.post("/api/v4.1/event/async", deltas(*sent))
            client.settle()
    told = client.http.get("/__admin/ledger").get_json()
    agree(own, {one["deltaId"]: one for one in told["results"]}, told["totals"])
    for product in PRODUCTS:
        position = client.http.get(f"/__admin/positions/{product}:{LOCATION}:DEFAULT").get_json()
        standing = sum(
            one["amount"]
            for one in told["results"]
            if own.place.get(one["deltaId"]) == product and "retired" not in one["fates"]
        )
        assert position["onHand"] == own.on_hand(product) == own.count[product] + standing


def agree(own: OwnAccount, told: dict[str, Any], totals: dict[str, Any]) -> None:
    assert {each: one["arrived"] for each, one in told.items()} == own.arrived
    assert totals["arrived"] == own.arrived.total()
    assert totals["acknowledged"] == own.acknowledged.total()
    for delta_id, one in told.items():
        fates = set(one["fates"])
        applied = own.applied[delta_id]
        assert one["acknowledged"] == own.acknowledged[delta_id]
        assert one["amount"] == own.amount.get(delta_id, 0)
        assert ("applied" in fates, "appliedAgain" in fates) == (applied == 1, applied > 1)
        assert ("retired" in fates) == (delta_id in own.retired)
        assert ("conflicting" in fates) == (len(own.taken[delta_id]) > 1)
        assert bool(fates & {"failed", "neverApplied"}) == (not applied)
        assert "waiting" not in fates
    counted = Counter(fate for one in told.values() for fate in one["fates"])
    assert counted == {fate: count for fate, count in totals["fates"].items() if count}
