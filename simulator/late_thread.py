"""A thread that begins with its first work: of many simulators in one server most have none."""

import threading
from collections.abc import Callable


class LateThread:
    """Runs `work` in a thread of its own once it is allowed to and there is something to do."""

    def __init__(self, work: Callable[[], None], name: str) -> None:
        self._thread = threading.Thread(target=work, name=name, daemon=True)
        self._lock = threading.Lock()
        self._may_start = False

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
                self._thread.start()

    def join(self) -> None:
        """Wait for its end; it begins no more."""
        with self._lock:
            self._may_start = False
        if self._thread.is_alive():
            self._thread.join()
