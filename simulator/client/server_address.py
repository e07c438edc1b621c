"""The address of a server as a person names it: whether it is one, and how it may be shown."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..text.origins import DEFAULT_PORTS

URL = "http://127.0.0.1:4141"
"""Where `fluent-sim serve` is unless told otherwise."""

_SIGN_IN = re.compile(r"^([a-z][a-z0-9+.-]*://)?.*@", re.DOTALL | re.IGNORECASE)
_PARAMETERS = re.compile(r"([?#]).*", re.DOTALL)


def fault_of_address(url: str, named: str = "--url") -> str:
    """What is wrong with an address that is to be called, as a sentence; empty without a fault.

    A server is named by http or https, and a host that there can be. What lets somebody in has no
    place in an address, since addresses are printed; the sentence leaves it out. `named` is what
    the address was given as.
    """
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")
        is_one = parts.scheme in DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket that does not close, a port too high, an empty label
        is_one = False
    shown = _without_secrets(url)
    if is_one and shown == url:
        return ""
    more = "" if shown == url else " without user and password, query and fragment"
    return f"{named}: found {shown!r}, expected such as {URL}{more}"


def _without_secrets(url: str) -> str:
    """The URL with *** for what may be a secret in it, also where it is none that can be read."""
    return _PARAMETERS.sub(r"\1***", _SIGN_IN.sub(r"\1***@", url))
