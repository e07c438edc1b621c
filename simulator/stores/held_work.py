"""What was accepted and is held back until it may be applied, in order of acceptance."""

import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from ..domain.events import Event
from ..domain.settling import Settling, SettlingMode
from ..domain.workflow.batch_run import BatchRun
from .in_line import Units

Unit = Event | BatchRun


class _HeldUnit(NamedTuple):
    """A unit and when it may be applied: None until somebody asks for it."""

    unit: Unit
    due: int | None


class HeldWork:
    """One line ahead of the lines of the worker; it is let go of from its head only.

    So nothing overtakes what was accepted before it, however short its own delay is. How much may
    wait is the event log's and the job store's to say, whose bounds count what is held, too.
    """

    def __init__(self, settling: Settling, line_up: Callable[[Unit], None]) -> None:
        """`line_up` puts a unit where it is applied as soon as its turn comes."""
        self._lock = threading.Lock()
        self._line_up = line_up
        self._line: deque[_HeldUnit] = deque()
        self._events = 0
        self._settling = settling
        self.is_on = settling.mode is not SettlingMode.IMMEDIATE
        """Whether anything is held back; what is asked for every delta must cost nothing."""

    def __len__(self) -> int:
        return len(self._line)

    @property
    def settling(self) -> Settling:
        """The choice in force."""
        return self._settling

    @property
    def units(self) -> Units:
        """How much is held."""
        with self._lock:
            return Units(self._events, len(self._line) - self._events)

    def change(self, settling: Settling) -> None:
        """Go by another choice, also with what is held already; `immediate` lets go of it."""
        with self._lock:
            self._settling = settling
            if settling.mode is SettlingMode.IMMEDIATE:
                self._let_go_of(len(self._line))
            else:
                self._line = deque(
                    _HeldUnit(held.unit, self._due(held.unit)) for held in self._line
                )
            self.is_on = settling.mode is not SettlingMode.IMMEDIATE

    def hold(self, unit: Unit) -> bool:
        """Hold a unit back; False when nothing is held back any more."""
        with self._lock:
            if not self.is_on:
                return False
            self._line.append(_HeldUnit(unit, self._due(unit)))
            self._events += isinstance(unit, Event)
            return True

    def next_at(self) -> int | None:
        """When the first unit may be applied; None where there is none, or it waits to be asked."""
        with self._lock:
            return self._line[0].due if self._line else None

    def let_go_due(self, now: int) -> None:
        """Let go of what may be applied by now."""
        with self._lock:
            while self._line and (due := self._line[0].due) is not None and due <= now:
                self._let_go_of(1)

    def let_go(self, most: int | None = None) -> int:
        """Let go of so many units, the first ones, or of all; returns how many there were."""
        with self._lock:
            count = len(self._line) if most is None else min(most, len(self._line))
            self._let_go_of(count)
            return count

    def take_all(self) -> list[Unit]:
        """Take out all of them; none will be applied."""
        with self._lock:
            taken = [held.unit for held in self._line]
            self._line.clear()
            self._events = 0
            return taken

    def _let_go_of(self, count: int) -> None:
        for _ in range(count):
            unit = self._line[0].unit
            self._line_up(unit)  # before it leaves: it is in one of the two at any time
            self._line.popleft()
            self._events -= isinstance(unit, Event)

    def _due(self, unit: Unit) -> int | None:
        delay = self._settling.delay
        if delay is None:
            return None
        if isinstance(unit, Event):
            return max(unit.accepted_at, unit.scheduled_at) + delay.of(unit.body)
        # A batch goes by its number: its records are thousands.
        return unit.batch.accepted_at + delay.of(b"batch %d" % unit.batch.number)
