"""What a browser's request tells about the page it comes from, and the names of this machine.

A page of any site can make its visitor's browser send requests to this machine. Two headers that no
page can forge tell of it: `Origin`, and `Host`, which names the site itself when that has pointed
its own name at this machine (DNS rebinding).
"""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

OFF, LOCAL, ANY = "off", "local", "any"
WORDS = (OFF, LOCAL, ANY)

DEFAULT_PORTS = {"http": 80, "https": 443}
_AUTHORITY = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^\s/?#@\[\]:,]+)(:(?P<port>[0-9]{0,5}))?")


def host_name(authority: str) -> str | None:
    """The name in a `Host` header, without its port; None when it is not one name."""
    found = _AUTHORITY.fullmatch(authority.strip())
    if found is None:
        return None
    return found["name"].strip("[]").lower().removesuffix(".")


def is_local_name(name: str) -> bool:
    """Whether a name can only mean the machine of whoever uses it (RFC 6761, 6.3)."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_same_origin(origin: str, host: str) -> bool:
    """Whether a page of this origin was served under this `Host`."""
    scheme, _, authority = origin.partition("://")
    port = DEFAULT_PORTS.get(scheme)
    if port is None:
        return False
    own = _with_port(host, port)
    return own is not None and own == _with_port(authority, port)


def _with_port(authority: str, default: int) -> tuple[str, int] | None:
    found = _AUTHORITY.fullmatch(authority.strip())
    if found is None:
        return None
    return found["name"].lower(), int(found["port"] or default)


def written_origin(text: str) -> str | None:
    """An origin as browsers write it, from what a person may write; None when it is none."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        return None
    plain = parts.scheme in DEFAULT_PORTS and parts.hostname and parts.username is None
    if not plain or parts.path not in ("", "/") or parts.query or parts.fragment:
        return None
    if _AUTHORITY.fullmatch(parts.netloc) is None:
        return None
    name = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    suffix = "" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{name}{suffix}"


class AllowedOrigins:
    """The pages that may read answers: of these origins, of this machine (local), or any."""

    def __init__(self, chosen: Iterable[str]) -> None:
        self._chosen = frozenset(chosen)

    def include(self, origin: str) -> bool:
        """Whether a page of this origin is one of them."""
        if ANY in self._chosen or origin in self._chosen:
            return True
        if LOCAL not in self._chosen:
            return False
        scheme, _, authority = origin.partition("://")
        name = host_name(authority)
        return scheme in DEFAULT_PORTS and name is not None and is_local_name(name)
