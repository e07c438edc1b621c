"""Waiting until a simulator is ready: for scripts, and for health checks, which start it often.

So it needs the standard library only, and nothing of it that takes long to load.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

READY = "/__admin/ready"
SECONDS_BETWEEN_LOOKS = 0.05
SECONDS_OF_A_LOOK = 10.0
MOST_BYTES = 1000
GATEWAY = range(502, 505)
"""What a proxy answers while nothing listens behind it."""


class NotReadyError(Exception):
    """It is not ready in time; the message says what was found instead."""


class NoSimulatorError(Exception):
    """Something else answers there, so that waiting is of no use; the message says what."""


def wait_until_ready(url: str, within: float) -> None:
    """Return once a simulator answers at `url` that it is ready; asked at least once.

    Raises NotReadyError where it does not within so many seconds, NoSimulatorError where something
    else answers. Whatever may take long, such as looking up a name, is done beside, so that the
    time is kept.
    """
    watch = _Watch(url.rstrip("/"))
    threading.Thread(target=watch.look_on, daemon=True, name="wait-until-ready").start()
    watch.ended.wait(within)
    watch.is_enough = True
    if watch.stranger:
        raise NoSimulatorError(watch.stranger)
    if not watch.is_ready:
        raise NotReadyError(watch.seen)


def listens(url: str) -> bool:
    """Whether somebody listens at an address, be it too busy to answer soon."""
    where = urlsplit(url)
    try:
        socket.create_connection(
            (where.hostname or "", where.port or 80), SECONDS_OF_A_LOOK
        ).close()
    except TimeoutError:
        return True
    except OSError:
        return False
    return True


class _Watch:
    """Looks again and again, and what it has seen last."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.ended = threading.Event()
        self.is_enough = False
        self.is_ready = False
        self.seen = "there was no answer"
        self.stranger = ""

    def look_on(self) -> None:
        """Until it is ready, something else is there, or it is enough."""
        try:
            while not self.is_enough and not self.is_ready and not self.stranger:
                self._look()
                if not self.is_ready:
                    time.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            self.ended.set()

    def _look(self) -> None:
        parts = urlsplit(self._url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=SECONDS_OF_A_LOOK)
        try:
            connection.request("GET", quote(parts.path, safe="/%") + READY)
            answer = connection.getresponse()
            self._judge(answer.status, answer.read(MOST_BYTES))
        except ConnectionRefusedError:
            self.seen = "nothing listens there"
        except TimeoutError:
            self.seen = "there was no answer"
        except OSError as fault:  # so are those of names that are not known, and of TLS
            self.seen = fault.strerror or str(fault) or type(fault).__name__
        except HTTPException:
            self.stranger = "what answers there does not speak HTTP"
        finally:
            connection.close()

    def _judge(self, status: int, body: bytes) -> None:
        told = _status_told(body)
        if status == 200 and told == "ready":
            self.is_ready = True
        elif status == 503 and told:
            self.seen = f"it answers that it is {told}"
        elif status in GATEWAY:
            self.seen = f"it answers {status}"
        else:
            self.stranger = f"what answers there is no simulator: it answers {status}"


def _status_told(body: bytes) -> str:
    """What an answer tells of a simulator; empty where it is that of something else."""
    try:
        document = json.loads(body)
    except ValueError:
        return ""
    told = document.get("status") if isinstance(document, dict) else None
    return told if isinstance(told, str) else ""
