"""Looks after the door in a thread of its own: gives up what is overdue, and sees to the end.

granian ends once its connections have: one that has sent half of a first head, or that does not
read its reply, would have it wait until it is killed. So the process ends itself, as soon as
nothing is in hand any more and what was accepted has been applied.
"""

import gc
import logging
import os
import sys
import threading
import time
from multiprocessing.connection import Connection

from .door import Door

SECONDS_BETWEEN_LOOKS = 0.2
LEFT_TO_ARRIVE = 1.0
"""Seconds that bodies have left to arrive when the server is asked to stop."""
LEFT_TO_ANSWER = 10.0
"""Seconds that calls in hand have left after that."""
LEFT_TO_READ = 0.3
"""Seconds that replies have left to reach their readers."""
STEP = 0.02
YOUNG = 1
"""The generations of objects that have not been looked through twice."""

log = logging.getLogger(__name__)


class Caretaker:
    """Looks after a door until the process is asked to stop, and then ends it."""

    def __init__(self, door: Door, stopping: Connection) -> None:
        self._door = door
        self._stopping = stopping
        self._thread = threading.Thread(target=self._work, name="caretaker", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def _work(self) -> None:
        while not self._stopping.poll(SECONDS_BETWEEN_LOOKS):
            self._look()
            # Python counts what is made less what is let go of. Once the log of events is full that
            # stays near zero, and a late look at all that has come meanwhile took 0.1 to 0.3 s.
            gc.collect(YOUNG)
        self._wait(LEFT_TO_ARRIVE)
        self._look(all_of_them=True)
        self._wait(LEFT_TO_ANSWER)
        time.sleep(LEFT_TO_READ)
        try:
            self._door.finish()
        except Exception:  # it ends all the same: nobody else would end it
            log.exception("what was accepted could not be applied")
        sys.stderr.flush()
        os._exit(0)

    def _wait(self, seconds: float) -> None:
        """Wait until nothing is in hand, or so long."""
        until = time.monotonic() + seconds
        while self._door.is_busy and time.monotonic() < until:
            time.sleep(STEP)

    def _look(self, *, all_of_them: bool = False) -> None:
        try:
            self._door.give_up(all_of_them=all_of_them)
        except Exception:  # whoever comes next is to be looked after all the same
            log.exception("the deadlines of bodies could not be looked after")
