"""A snapshot's file with something changed at random is refused in a sentence, or it is sound.

Sound: it is restored, every read is answered, traffic goes on, and it can be saved again.
"""

import copy
import random
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ..conftest import NOON
from ..support import Client, Document
from .helpers.snapshot_lines import (
    PATH,
    fill,
    go_on,
    lines_in,
    load,
    packed,
    reads,
    restore,
    saved,
)

Path = tuple[Any, ...]
VALUES: list[Any] = [
    *(None, True, False, -1, 0, 1, 2, 5, 10**6, 2**31, 2**40, 2**53, -(10**18), 10**30, 0.5),
    *("", "0", "x", "é" * 200, "ACTIVE", "FAILED", "SCHEDULED", "WAITING", "DELTA", "RESERVED"),
    *("DEFAULT:1", "SKU_1", "LOC_1", "e", "child", "sale", "INVENTORY_DELTA", "InventoryChanged"),
    *([], {}, [0], [[]], ["x"], {"a": 1}, ["a", "b", "c"], {"batch": 1, "line": 0}),
    *("{}", "[]", '{"attributes": 5}', '{"attributes": {"deltas": [1]}}'),
]


def simulator() -> Client:
    made = build(Settings(seed_data="none"), clock=VirtualClock(NOON))
    made.start()
    return Client(made)


@pytest.fixture(scope="module")
def lines() -> Iterator[list[Document]]:
    """Of a simulator that has something of each kind."""
    client = simulator()
    fill(client)
    yield lines_in(saved(client))
    client.simulator.close()


def paths(node: Any, above: Path = ()) -> list[Path]:
    """The ways to each value in a document, the first of long lists."""
    steps: Iterable[tuple[Any, Any]] = node.items() if isinstance(node, dict) else ()
    steps = enumerate(node[:6]) if isinstance(node, list) else steps
    below = [path for step, value in steps for path in paths(value, (*above, step))]
    return [above, *below] if above else below


def at(node: Any, path: Path) -> Any:
    for step in path:
        node = node[step]
    return node


def change_line(chance: random.Random, lines: list[Document]) -> None:
    """Give a line of some kind another value somewhere, one of another line perhaps, or none."""
    kind = chance.choice(sorted({str(line.get("kind")) for line in lines}))
    place = chance.choice([n for n, line in enumerate(lines) if str(line.get("kind")) == kind])
    line = lines[place] = copy.deepcopy(lines[place])
    *way, last = chance.choice(paths(line))
    holder = at(line, tuple(way))
    if chance.random() < 0.1:
        del holder[last]
        return
    value = chance.choice(VALUES)
    if chance.random() < 0.4:
        other = chance.choice(lines)
        value = at(other, chance.choice(paths(other)))
    holder[last] = copy.deepcopy(value)


def changed(chance: random.Random, lines: list[Document]) -> list[Document]:
    lines = list(lines)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        one, other = chance.randrange(1, len(lines) - 1), chance.randrange(1, len(lines) - 1)
        match chance.randrange(12):
            case 0:
                del lines[one]
            case 1:
                lines.insert(other, lines[one])
            case 2:
                lines[one], lines[other] = lines[other], lines[one]
            case _:
                change_line(chance, lines)
    return lines


@settings(
    deadline=None,
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],  # the lines that were changed are told
    suppress_health_check=[HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_a_changed_file_is_refused_or_sound(lines: list[Document], seed: int) -> None:
    different = changed(random.Random(seed), lines)
    client = simulator()
    try:
        check(client, different)
    except Exception as error:
        parted = [line for line in different if line not in lines]
        raise AssertionError(f"{error}\nwith {parted}") from error
    finally:
        client.simulator.close()


def check(client: Client, different: list[Document]) -> None:
    reply = load(client, packed(different))
    assert reply.status_code in (201, 400, 409), reply.get_data(as_text=True)
    if reply.status_code != 201:
        assert client.http.get(PATH).get_json()["total"] == 0
        assert all(error["message"] for error in reply.get_json()["errors"])
        return
    restore(client)
    reads(client)
    go_on(client)
    reads(client)
    saved(client)
    events = client.get("/api/v4.1/event", count="1000").get_json()["results"]
    assert not [each for each in events if "defect" in str(each)]
