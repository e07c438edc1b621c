"""What rules remember has a bound, however long the stream."""

from __future__ import annotations

import gc
import random
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
from fluent_oms_simulator.contracts.all_rules import RULES, select
from fluent_oms_simulator.contracts.rules.bounded_memory import Firsts, Recent, Seen
from fluent_oms_simulator.contracts.rules.rule import (
    Batch,
    Call,
    CallDetails,
    DeltaPrints,
    Event,
    Observation,
    Rule,
)
from fluent_oms_simulator.contracts.rules.streams import series
from fluent_oms_simulator.domain import bounds

from ..support import first_at_once, limit

MOST_BYTES = 40 * 2**20
OPERATIONS = (*("createJob", "createBatch", "getBatch", "getJob", "sendEvent", "issueToken"),)


def size(value: Any, seen: set[int]) -> int:
    """The bytes of a value and of all that it holds."""
    if id(value) in seen:
        return 0
    seen.add(id(value))
    total = sys.getsizeof(value)
    if isinstance(value, dict):
        total += sum(size(key, seen) + size(held, seen) for key, held in value.items())
    elif isinstance(value, str | bytes | int | float):
        pass
    elif hasattr(value, "__dict__"):
        total += size(vars(value), seen)
    elif hasattr(value, "__iter__"):
        total += sum(size(held, seen) for held in value)
    return total


def batches() -> Iterator[Batch]:
    """Batches of 5,000 records, each position a new one, half of them deltas."""
    number = 0
    while True:
        records = [
            {"skuRef": f"S{place}", "locationRef": "L", "qty": place % 90, "type": kind}
            for place in range(number, number + 2500)
            for kind in ("LAST_ON_HAND", "DELTA")
        ]
        yield Batch({"entities": records}, str(number), str(number % 20_000), float(number))
        number += 2500


def small_batches() -> Iterator[Batch]:
    """Batches of one record, each for a retailer of its own."""
    number = 0
    while True:
        record = {"skuRef": f"S{number}", "locationRef": "L", "qty": 1}
        yield Batch({"entities": [record]}, str(number), str(number), number / 10)
        number += 1


def events() -> Iterator[Event]:
    """Events with a thousand deltas, each id, position and prefix a new one."""
    number = 0
    while True:
        deltas = [
            {
                "deltaId": f"{place}-x{place}",
                "productRef": f"S{place}",
                "locationRef": "L",
                "qty": 30,
            }
            for place in range(number, number + 1000)
        ]
        yield Event({"name": "INVENTORY_DELTA", "attributes": {"deltas": deltas}})
        number += 1000


def long_texts() -> Iterator[Event | Batch]:
    """Ever new texts of 100,000 characters wherever a payload has one."""
    number = 0
    while True:
        long = f"{number}" + "x" * 100_000
        entity = {"name": "INVENTORY_DELTA", "entityRef": f"{long}:1", "rootEntityRef": long}
        delta = {"deltaId": long, "productRef": long, "locationRef": long, "qty": 3}
        yield Event({**entity, "attributes": {"deltas": [delta]}}, float(number))
        record = {"skuRef": long, "locationRef": long, "ref": long, "type": long, "qty": 1}
        yield Batch({"catalogueRef": long, "entities": [record]}, long, long, float(number))
        number += 1


@pytest.mark.parametrize("kind", first_at_once(RULES), ids=lambda kind: kind.id)
def test_no_rule_remembers_texts_as_long_as_a_body(kind: type[Rule]) -> None:
    rule, texts = kind(), long_texts()

    def see(many: int) -> None:
        for observation in islice(texts, many):
            if isinstance(observation, kind.sees):
                list(rule.see(observation))

    see(4)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        see(24)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert held - before < 500_000


def calls() -> Iterator[Call]:
    """Calls of ever new callers about ever new jobs, many of them failing."""
    chance = random.Random(7)
    number = 0
    while True:
        text = str(number)
        details = CallDetails(
            job_id=text,
            batch_id=text,
            job_status=None if number % 3 else "CLOSED",
            refresh_token=text,
            token=text,
            retry_after=60.0,
            deltas=DeltaPrints(number, number),
        )
        status = chance.choice((200, 200, 401, 429, 503, None))
        yield Call(chance.choice(OPERATIONS), status, number / 100, text, text, details)
        number += 1


def largest(kind: type[Rule], stream: Iterator[Observation], looks: int, between: int) -> list[int]:
    """What an instance of the rule takes, looked at again and again."""
    rule = kind()
    sizes = []
    for _ in range(looks):
        for observation in islice(stream, between):
            for _ in rule.see(observation):
                pass
        sizes.append(size(rule, set()))
    return sizes


STREAMS: tuple[tuple[type[Observation], Callable[[], Iterator[Observation]], int], ...] = (
    (Batch, batches, 200),
    (Batch, small_batches, 1_000_000),
    (Event, events, 1_000),
    (Call, calls, 1_000_000),
)
CASES = [
    pytest.param(kind, stream, length, id=f"{kind.id}-{stream.__name__}")
    for kind in select(["FOMS-S", "FOMS-O"])
    for seen, stream, length in STREAMS
    if seen in kind.sees
]


@pytest.mark.parametrize(("kind", "stream", "length"), CASES)
def test_no_rule_outgrows_its_bound(
    kind: type[Rule],
    stream: Callable[[], Iterator[Observation]],
    length: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = sys.modules[kind.__module__]
    for name, bound in vars(module).copy().items():
        if name.startswith("MOST_") and bound > 100:
            monkeypatch.setattr(module, name, 100)
    monkeypatch.setattr(series, "WINDOW", 100)
    limit(monkeypatch, "COMPARED_REFS", 20_000)

    sizes = largest(kind, stream(), 10, max(length // 1000, 1))

    assert sizes[-1] <= sizes[3] * 1.2 + 2_000


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "stream", "length"), CASES)
def test_the_second_half_of_a_million_adds_nothing(
    kind: type[Rule], stream: Callable[[], Iterator[Observation]], length: int
) -> None:
    sizes = largest(kind, stream(), 20, length // 20)

    assert max(sizes) < MOST_BYTES
    assert max(sizes[10:]) <= max(sizes[:10]) * 1.05 + 2_000


def test_a_recent_map_forgets_what_was_not_used_for_longest() -> None:
    recent: Recent[int, str] = Recent(2)
    recent.put(1, "one")
    recent.put(2, "two")
    recent.get(1)
    recent.put(3, "three")

    assert list(recent) == [1, 3]
    assert recent.pop(1) == "one"
    assert recent.get(1) is None
    assert len(recent) == 1


def test_a_set_of_hashes_holds_the_last_and_not_for_ever() -> None:
    seen = Seen(100)
    for number in range(1000):
        seen.update([number])
        assert len(seen) <= 200
        assert all(last in seen for last in range(max(0, number - 99), number + 1))

    assert not seen.has_any(range(700))
    assert seen.has_any([5, 999])


def test_first_values_are_kept_for_the_last_keys_and_not_for_ever() -> None:
    firsts = Firsts(bounds.COMPARED_REFS._replace(limit=60_000))
    for number in range(1000):
        assert firsts.first(number % 2, [str(number)], [f"first {number}"]) == [f"first {number}"]
        assert firsts.tally.held <= 60_000

    assert 100 < len(firsts) < 300
    assert firsts.tally.lost >= 700

    again = firsts.first(1, ["999", "951", "1"], ["a", "b", "c"])
    assert again == ["first 999", "first 951", "c"]
    assert firsts.first(0, ["999"], ["of another"]) == ["of another"]
    firsts.replace(1, "999", "")
    assert firsts.first(1, ["999"], ["a"]) == [""]
