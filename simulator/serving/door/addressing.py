"""Whom a request is addressed to: its target and its Host (RFC 9112, 3.2), sound or refused."""

from functools import lru_cache
from typing import Any

from ...errors import ApiError, api_error, shortened
from ...text.origins import host_name
from .head import Head
from .raw_answers import RawAnswer, raw_refusal

LONGEST_HOST = 261
"""Characters: a name in DNS has 255 at most, a port five and a colon."""
ANYTHING = "*"
"""The target of an OPTIONS that asks about the whole server."""
METHODS = "DELETE, GET, HEAD, OPTIONS, POST, PUT"
KNOWN = frozenset([*METHODS.split(", "), "CONNECT"])

_ONE_HOST = api_error(400, "HTTP/1.1 asks for one Host, no more and no less (RFC 9112, 3.2).")
_NO_TUNNEL = api_error(
    405,
    "CONNECT asks for a tunnel, and the simulator is no proxy: send a request to it directly,"
    " as in GET /.",
    headers={"Allow": METHODS},
)
_NO_PATH = "expected a path that begins with /, as in GET /api/v4.1/event (RFC 9112, 3.2)."
_FOR_OPTIONS = api_error(400, f"The target * goes with OPTIONS alone: {_NO_PATH}")
_HOST_ALONE = api_error(400, f"The target names a host and no path: {_NO_PATH}")
_HOST = "expected the name of one host, with its port if it has one (RFC 9112, 3.2)."
_NO_ADDRESS = api_error(400, f"The host in the address is none, or stands behind a user: {_HOST}")


def fault_in(scope: Any, head: Head) -> ApiError | None:
    """Why a request is refused whatever it asks for (400, 405); None where it is not."""
    if head.unreadable is not None:
        name = head.unreadable.title()
        return api_error(400, f"The header {name} holds bytes that cannot be read: expected ASCII.")
    path, method = scope.path, scope.method
    if method not in KNOWN and method.upper() in KNOWN:  # Werkzeug would take `get` for GET
        message = f"The method is {method}: expected {method.upper()} (RFC 9110, 9.1)."
        return api_error(405, message, headers={"Allow": METHODS})
    if not path.startswith("/") or method == "CONNECT":
        fault = _fault_in_target(method, path)
        if fault is not None:
            return fault
    authority = scope.authority
    if authority is not None and not _is_host(authority):
        return _NO_ADDRESS
    host = head.values.get("host")
    if head.hosts != 1:
        return _ONE_HOST if head.hosts or scope.http_version == "1.1" else None
    if host and _is_host(host):
        return None
    if not host and scope.http_version != "1.1":
        return None  # HTTP/1.0 need not name one
    return api_error(400, f"Host is {shortened(host or '') or 'empty'}: {_HOST}")


def about_the_server(content: bytes | Exception) -> RawAnswer:
    """What `OPTIONS *` is answered, whose body is of no use but has to be whole."""
    if isinstance(content, ApiError):
        return raw_refusal(content)
    return RawAnswer(200, [("Allow", METHODS), ("Content-Length", "0")], b"")


def _fault_in_target(method: str, path: str) -> ApiError | None:
    if method == "CONNECT":
        return _NO_TUNNEL
    if path != ANYTHING:
        return _HOST_ALONE
    return None if method == "OPTIONS" else _FOR_OPTIONS


def _is_host(text: str) -> bool:
    return len(text) <= LONGEST_HOST and _is_known_host(text)


@lru_cache(maxsize=256)
def _is_known_host(text: str) -> bool:
    """The same ones come again and again."""
    return host_name(text) is not None
