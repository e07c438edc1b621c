"""Whatever goes wrong and is sent again: ledger, stock and the sender's account agree."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.domain.trouble.presets import PRESETS
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from ..conftest import NOON
from ..simulator.helpers.persistent import MOST_TRIES, PersistentClient
from ..support import Client, Document, delta, deltas, first_at_once, record

EVENT = "/api/v4.1/event/async"
PRODUCTS = ("A", "B")
LOCATION = "LOC"
FIRST_COUNT = 1_000

Strategy = st.SearchStrategy[dict[str, Any]]

# -- what goes wrong -------------------------------------------------------------------------------

ANSWERS: Strategy = st.sampled_from(
    [
        {"kind": "status", "status": 401},
        {"kind": "status", "status": 429, "retryAfter": 1},
        {"kind": "status", "status": 500},
        {"kind": "rate_limit"},
        {"kind": "proxy_page"},
        {"kind": "reset"},
        {"kind": "no_reply"},
    ]
)
REPLIES: Strategy = st.sampled_from([{"kind": "cut_off"}, {"kind": "double_reply"}])
EARLY = st.sampled_from(["connect", "authenticate", "before_accept"])
LATE = st.sampled_from(["after_accept", "after_commit"])
APPLYING: Strategy = st.sampled_from(
    [
        {"kind": "late", "delay": {"uniform": [0, 9_000]}},
        {"kind": "late", "delay": {"fixed": 20_000}},
        {"kind": "twice"},
        {"kind": "fail"},
        {"kind": "token_expired", "afterSeconds": 10},
    ]
)
RULES = st.lists(
    st.tuples(
        st.one_of(
            st.tuples(ANSWERS, EARLY).map(lambda both: {**both[0], "point": both[1]}),
            st.tuples(st.one_of(ANSWERS, REPLIES), LATE).map(
                lambda both: {**both[0], "point": both[1]}
            ),
            APPLYING,
        ),
        st.floats(0.1, 0.7),
    ).map(lambda both: {**both[0], "match": {"probability": both[1]}}),
    min_size=1,
    max_size=5,
).map(lambda rules: {"rules": rules})
FAULTS = st.one_of(RULES, RULES, st.sampled_from([{"preset": preset} for preset in PRESETS]))

# -- what is sent ----------------------------------------------------------------------------------

LINES = st.tuples(st.sampled_from(PRODUCTS), st.integers(-9, 9).filter(bool))
EVENTS = st.lists(st.lists(LINES, min_size=1, max_size=3), min_size=1, max_size=4)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, 3), st.integers(1, 4)),
        st.tuples(st.just("wait"), st.integers(0, 12_000), st.just(0)),
    ),
    max_size=15,
)
"""Sending an event with so many tries at most, answered before or not; and time going by."""


class Sender(PersistentClient):
    """Sends events of fixed bodies, and keeps an account of its own."""

    def __init__(self, simulator: Simulator, clock: VirtualClock, events: list[Any]) -> None:
        super().__init__(simulator, clock)
        self.meant: dict[str, tuple[str, int]] = {}
        self.documents: list[tuple[list[str], Document]] = []
        for number, lines in enumerate(events):
            named = {f"d{number}-{place}": line for place, line in enumerate(lines)}
            self.meant |= named
            entries = [delta(line[0], LOCATION, line[1], name) for name, line in named.items()]
            self.documents.append(([*named], deltas(*entries)))
        self.sent: Counter[str] = Counter()
        self.acknowledged: Counter[str] = Counter()
        self.delivered_again: Counter[str] = Counter()

    def try_once(self, number: int) -> TestResponse:
        """Send it once, and note how that went."""
        names, document = self.documents[number % len(self.documents)]
        assert self.headers
        before = self._fired()["fired"]
        reply = Client.post(self, EVENT, document)
        struck = self._fired()
        log = struck["log"][: struck["fired"] - before]
        kinds = [(each["kind"], each["point"]) for each in log]
        self.sent.update(names)
        if reply.status_code == 200 and reply.get_json(silent=True) is not None:
            self.acknowledged.update(names)
        twice = sum(kind == "twice" for kind, _ in kinds)
        self.delivered_again.update(names * (2**twice - 1))  # each doubles what there is
        if reply.status_code == 401:
            self.forget_token()
        if reply.status_code == 429:
            self._clock.advance(1_000 * int(reply.headers["Retry-After"]))
        return reply

    def send_with_patience(self, number: int, tries: int) -> bool:
        """Send it again until it is answered whole, or for so many tries."""
        for _ in range(tries):
            reply = self.try_once(number)
            if reply.status_code == 200 and reply.get_json(silent=True) is not None:
                return True
        return False

    def finish(self) -> None:
        """Once nothing goes wrong any more: send again what failed, or was never taken in."""
        for number, (names, _) in enumerate(self.documents):
            told = ledger(self)["results"]
            taken = {one["deltaId"] for one in told if one["arrivals"].get("applied")}
            if not taken.issuperset(names):
                assert self.send_with_patience(number, 1)
                self.settle()

    def _fired(self) -> Any:
        return self.http.get("/__admin/faults?count=50").get_json()


def ledger(client: Client) -> Any:
    return client.http.get("/__admin/ledger?count=1000").get_json()


@pytest.mark.parametrize("duplicate", first_at_once(["upsert", "accumulate", "reject"]))
@settings(max_examples=30)
@given(faults=FAULTS, events=EVENTS, schedule=STEPS, seed=st.integers(0, 2**32))
def test_the_ledger_agrees_with_the_sender_and_with_the_stock(
    duplicate: str,
    faults: dict[str, Any],
    events: list[Any],
    schedule: list[tuple[str, int, int]],
    seed: int,
) -> None:
    clock = VirtualClock(NOON)
    switches = {"delta.duplicate": duplicate}
    simulator = build(Settings(seed_data="none", behaviours=switches), clock)
    simulator.start()
    try:
        sender = Sender(simulator, clock, events)
        sender.load([record(product, LOCATION, FIRST_COUNT) for product in PRODUCTS])
        assert sender.http.put("/__admin/faults", json=faults | {"seed": seed}).status_code == 200
        for what, number, tries in schedule:
            if what == "send":
                sender.send_with_patience(number, tries)
            else:
                sender.move_on(number)
        for number in range(len(events)):
            assert sender.send_with_patience(number, MOST_TRIES)
        agree_by_now(sender)
        sender.http.delete("/__admin/faults")
        sender.settle()
        sender.finish()
        agree_in_the_end(sender, duplicate)
    finally:
        simulator.close()


def agree_by_now(sender: Sender) -> None:
    """What holds at any time: the ledger's sums are those of sender and catalogue."""
    sender.settle()
    told = ledger(sender)
    found = {one["deltaId"]: one for one in told["results"]}
    assert {name: one["arrived"] for name, one in found.items()} == sender.sent
    assert {name: one["acknowledged"] for name, one in found.items()} == {
        name: sender.acknowledged[name] for name in found
    }
    assert {name: one["deliveredAgain"] for name, one in found.items()} == {
        name: sender.delivered_again[name] for name in found
    }
    totals = told["totals"]
    assert totals["arrived"] == sender.sent.total()
    assert totals["acknowledged"] == sender.acknowledged.total()
    assert totals["deliveredAgain"] == sender.delivered_again.total()
    assert sum(totals["arrivals"].values()) == sender.sent.total() + sender.delivered_again.total()
    counted = Counter(fate for one in found.values() for fate in one["fates"])
    assert counted == {fate: count for fate, count in totals["fates"].items() if count}
    for name, one in found.items():
        times = sum(one["arrivals"].get(outcome, 0) for outcome in ("applied", "added"))
        assert one["amount"] == times * sender.meant[name][1]
        assert sum(one["arrivals"].values()) == one["arrived"] + one["deliveredAgain"]
        assert ("applied" in one["fates"], "appliedAgain" in one["fates"]) == (
            times == 1,
            times > 1,
        )
        assert "conflicting" not in one["fates"]
        assert all(told["request"] for told in one["told"])
    for product in PRODUCTS:
        amounts = [one["amount"] for name, one in found.items() if sender.meant[name][0] == product]
        assert sender.on_hand(product, LOCATION) == FIRST_COUNT + sum(amounts)


def agree_in_the_end(sender: Sender, duplicate: str) -> None:
    """All was sent again until it was applied: once, unless repeats are to add up."""
    agree_by_now(sender)
    found = {one["deltaId"]: one for one in ledger(sender)["results"]}
    assert found.keys() == sender.meant.keys()
    wrong = {"appliedAgain", "conflicting", "waiting", "failed", "neverApplied"}
    is_once = not any(wrong.intersection(one["fates"]) for one in found.values())
    assert is_once or duplicate == "accumulate"
    if is_once:
        for name, (_, amount) in sender.meant.items():
            assert found[name]["amount"] == amount
    expected = {"expectations": [{"effect": "everyDeltaAppliedExactlyOnce"}]}
    verdict = sender.http.post("/__admin/verify", json=expected).get_json()["verdict"]
    assert verdict == ("passed" if is_once else "failed")
