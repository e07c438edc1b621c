"""The application around the operations, loaded late: most of a start would be spent on it."""

import errno
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..api.bodies import SEND_AGAIN
from ..api.refusal_bodies import JSON, refusal
from ..errors import api_error

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECONDS_OF_GRACE = 0.05
"""Whoever has just been told that the simulator is ready asks it something first: a thread that
loads modules meanwhile would have the answer take 15 ms (`fluent-sim bench --only startup`)."""

SECONDS_BETWEEN_TRIES = 0.2
TOO_MANY = (errno.EMFILE, errno.ENFILE)
"""Open files, of this process or of all."""

log = logging.getLogger(__name__)
_NO_FILES = api_error(503, f"Connections hold every file that the simulator may open. {SEND_AGAIN}")


class LateApplication:
    """A WSGI application that is made once: by the call that first needs it, or ahead of that."""

    def __init__(self, make: "Callable[[], WSGIApplication]") -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: WSGIApplication | None = None
        self._thread: threading.Thread | None = None

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer, as any WSGI application does; 503 while there are no files to load it from."""
        try:
            made = self._made or self._ensure_made()
        except (OSError, ImportError) as fault:
            if not _is_for_lack_of_files(fault):
                raise
            content, _ = refusal(_NO_FILES)
            start_response(
                "503 Service Unavailable", [("Content-Type", JSON), ("Retry-After", "1")]
            )
            return [content]
        return made(environ, start_response)

    def load(self) -> None:
        """Have it made in a thread of its own; nothing to do from the second time on.

        To be called in one thread at a time.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="late", daemon=True)
            self._thread.start()

    def _load(self) -> None:
        time.sleep(SECONDS_OF_GRACE)
        try:
            while not self._is_made():
                time.sleep(SECONDS_BETWEEN_TRIES)
        except BaseException:
            # As where it is made before the start: what is broken is told, and nothing is served.
            log.exception("the simulator cannot answer all of its calls")
            sys.stderr.flush()
            os._exit(1)
        gc.freeze()  # it stays for good, too (process.tune)

    def _is_made(self) -> bool:
        """Have it made; False where connections hold all the files that a process may open."""
        try:
            self._ensure_made()
        except (OSError, ImportError) as fault:
            if not _is_for_lack_of_files(fault):
                raise
            return False
        return True

    def _ensure_made(self) -> "WSGIApplication":
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


def _is_for_lack_of_files(fault: Exception) -> bool:
    # What a library is loaded from is opened by the system, whose words an ImportError has.
    return (isinstance(fault, OSError) and fault.errno in TOO_MANY) or any(
        os.strerror(number) in str(fault) for number in TOO_MANY
    )
