"""A thread that begins with its first work: of many simulators in one server most have none."""

import threading
from collections.abc import Callable


class LateThread:
    """Runs `work` in a thread of its own once it is allowed to and there is something to do."""

    def __init__(self, work: Callable[[], None], name: str) -> None:
        self._work: Callable[[], None] | None = work
        self._name = name
        self._lock = threading.Lock()
        self._may_start = False
        self._thread: threading.Thread | None = None

    def allow(self) -> None:
        """Let it begin from now on."""
        self._may_start = True

    def ensure_started(self) -> None:
        """Have it begin, if it is allowed to and has not."""
        if not self._may_start:
            return
        with self._lock:
            if self._may_start:
                self._may_start = False
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def join(self, seconds: float | None = None) -> bool:
        """Wait for its end, or so long; it begins no more, and lets go of what it would work on.

        Whether it has ended.
        """
        with self._lock:
            self._may_start = False
            self._work = None
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()
