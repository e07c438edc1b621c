"""A history that fails made as short as it can be: what is left matters, all of it."""

from collections.abc import Callable, Iterator
from typing import Any

from .steps import Step

Fails = Callable[[list[Step]], bool]
KEPT = frozenset({"qty", "reservedQty", "saleQty", "correctionQty", "cancelQty", "amount", "gives"})
"""Without these a record, an item or a control would be no sound one, which is another story."""


def shortest(history: list[Step], fails: Fails) -> list[Step]:
    """Leave out steps, and then parts of steps, as long as it still fails."""
    history = _fewer(history, fails)
    for number in reversed(range(len(history))):
        history = _simpler(history, number, fails)
    return _fewer(history, fails)


def _fewer(history: list[Step], fails: Fails) -> list[Step]:
    size = len(history)
    while size:
        start = len(history)
        while start > 0:
            start -= size
            fewer = history[: max(0, start)] + history[start + size :]
            if len(fewer) < len(history) and fails(fewer):
                history = fewer
        size //= 2
    return history


def _simpler(history: list[Step], number: int, fails: Fails) -> list[Step]:
    again = True
    while again:
        again = False
        step = history[number]
        for given in _without_one(step.given):
            fewer = [*history[:number], Step(step.kind, given), *history[number + 1 :]]
            if fails(fewer):
                history, again = fewer, True
                break
    return history


def _without_one(value: Any) -> Iterator[Any]:
    """The same without one of its parts, at any depth; what must be there is found by trying."""
    if isinstance(value, dict):
        for name in sorted(value.keys() - KEPT):
            yield {key: part for key, part in value.items() if key != name}
            yield from ({**value, name: fewer} for fewer in _without_one(value[name]))
    elif isinstance(value, list):
        for at in range(len(value)):
            if len(value) > 1:
                yield value[:at] + value[at + 1 :]
            yield from ([*value[:at], fewer, *value[at + 1 :]] for fewer in _without_one(value[at]))
