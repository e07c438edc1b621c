"""Changes that were applied again under another id, since nobody was told that they had been."""

from collections.abc import Hashable, Iterable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class AppliedChange(NamedTuple, Generic[T]):
    """A change that was applied, under an id of its own; `change` is the same for equal ones."""

    what: T
    change: Hashable
    is_acknowledged: bool
    was_held_up: bool
    """Then it may have been sent before one that came in before it."""


def applied_again(changes: Iterable[AppliedChange[T]]) -> list[tuple[T, T]]:
    """Those that say what one before says whose sender was never told so, each with that one.

    They are in the order in which they came. Of two that were both acknowledged nobody can say that
    they are one change.
    """
    left_open: dict[Hashable, list[T]] = {}
    last: dict[Hashable, T] = {}
    found: list[tuple[T, T]] = []
    for what, change, is_acknowledged, was_held_up in changes:
        before = left_open.setdefault(change, [])
        if before:
            found.append((what, before.pop()))
        elif not is_acknowledged and was_held_up and change in last:
            found.append((last.pop(change), what))  # it was sent first, and came in last
            continue
        else:
            last[change] = what
        if not is_acknowledged:
            before.append(what)
    return found
