"""What a hostile text costs grows with its length, and not with the square of it.

Counted in work where it can be; where a library does it, as the ratio of two sizes.
"""

import json
import time
from collections.abc import Callable

import pytest
from fluent_oms_simulator.contracts.validation import locating
from fluent_oms_simulator.contracts.validation.locating import Text
from fluent_oms_simulator.errors import pointer_token
from fluent_oms_simulator.graphql.limits import numbers
from fluent_oms_simulator.intake import diagnosis

ROUNDS = 5


def cost(work: Callable[[], object]) -> float:
    """The least CPU time of this thread that some work took; other processes do not count."""
    least = float("inf")
    for _ in range(ROUNDS):
        begun = time.thread_time()
        work()
        least = min(least, time.thread_time() - begun)
    return least


def test_long_numbers_in_a_document_are_looked_for_once() -> None:
    """The same number of characters in runs of 50 and of 999 digits: neither is too long."""
    characters = 2_000_000
    short, long = (("1" * run + " ") * (characters // run) for run in (50, 999))

    assert numbers._LONG_NUMBER.search(short) is numbers._LONG_NUMBER.search(long) is None
    assert numbers._LONG_NUMBER.search(long + "1" * 1_000) is not None
    assert cost(lambda: numbers._LONG_NUMBER.search(long)) < 5 * cost(
        lambda: numbers._LONG_NUMBER.search(short)
    )


def deep(levels: int, leaves: int, text: str) -> bytes:
    """A list of texts, so many objects down."""
    value: object = [text] * leaves
    for _ in range(levels):
        value = {"k" * 80: value}
    return json.dumps(value).encode()


@pytest.mark.parametrize("leaves", [10, 1_000])
def test_a_pointer_is_written_out_for_what_is_wrong_and_for_nothing_else(
    monkeypatch: pytest.MonkeyPatch, leaves: int
) -> None:
    steps: list[object] = []
    token = pointer_token

    def counting(key: object) -> str:
        steps.append(key)
        return token(key)

    monkeypatch.setattr(diagnosis, "pointer_token", counting)
    body = deep(150, leaves, "sound")
    broken = body.replace(b'"sound"', rb'"\ud800"', 1)

    assert diagnosis.diagnose(body) == []
    assert steps == []
    (fault,) = diagnosis.diagnose(broken)
    assert fault.pointer == f"/{'k' * 80}" * 150 + "/0"
    assert len(steps) == 151


def test_faults_whose_pointers_are_long_are_named_as_far_as_anybody_reads() -> None:
    body = deep(190, 10_000, "x").replace(b'"x"', rb'"\ud800"')
    faults = diagnosis.diagnose(body)

    assert 100 < len(faults) < 1_000
    assert sum(len(fault.pointer) for fault in faults) < 3_000_000


def test_long_keys_are_cut_once_for_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[str] = []
    shown: Callable[[str], str] = locating._shown

    def counting(key: str) -> str:
        cut.append(key)
        return shown(key)

    monkeypatch.setattr(locating, "_shown", counting)
    keys = [f"{number:03}{'k' * 100}" for number in range(200)]
    text = Text(json.dumps(dict.fromkeys(keys, 1), indent=0).encode())

    assert [text.place(f"/{shown(key)}") for key in keys] == [
        (number + 2, 108) for number in range(200)
    ]
    assert len(cut) == 200
