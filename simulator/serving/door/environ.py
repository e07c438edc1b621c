"""What a WSGI application is told of a request (PEP 3333), from what granian tells of it."""

import sys
from functools import lru_cache
from io import BytesIO
from typing import Any

from ...api.bodies import ARRIVED
from ...api.placing import PLACED
from ...simulator import Simulator
from ...worlds import Destination

Environ = dict[str, Any]

ALWAYS: Environ = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "granian",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "wsgi.errors": sys.stderr,
}


LONGEST_KNOWN = 100
"""Characters of a header name whose key is remembered: names come again and again."""
UNREADABLE = "<not ASCII>"
"""Stands for a value that granian does not tell: it is there all the same."""


def environ_of(scope: Any, content: bytes | Exception) -> Environ:
    """The environment of a request; its body, or why there is none once somebody wants it."""
    host, _, port = scope.server.rpartition(":")
    environ = {
        **ALWAYS,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "wsgi.input": BytesIO(content if isinstance(content, bytes) else b""),
        ARRIVED: content,
    }
    headers = scope.headers  # granian makes them anew each time
    for name, value in headers.items():
        key = _key_of(name)
        if key is not None:
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    for name in headers.keys():  # noqa: SIM118 - granian's, which is no dictionary
        key = _key_of(name)
        if key is not None and headers.get(name) is None:
            told = environ.get(key)
            environ[key] = UNREADABLE if told is None else f"{UNREADABLE},{told}"
    if scope.authority is not None:  # RFC 9112, 3.2.2: what is asked for counts, not Host
        environ["HTTP_HOST"] = scope.authority
    return environ


def placed(environ: Environ, place: Destination[Simulator]) -> None:
    """Have a request go to a simulator, below whose path it came."""
    environ[PLACED], environ["SCRIPT_NAME"], path = place
    environ["PATH_INFO"] = path.encode().decode("latin-1")


def _key_of(name: str) -> str | None:
    """Where a header goes; None for one that could pass for another, as `_` and `-` look alike."""
    # What is remembered may be as long as names are, not as a head.
    return _known_key(name) if len(name) <= LONGEST_KNOWN else _made_key(name)


def _made_key(name: str) -> str | None:
    if "_" in name:
        return None
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


_known_key = lru_cache(maxsize=1024)(_made_key)
