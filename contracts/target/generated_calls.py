"""The client's wire as schemathesis needs it, and surroundings as the library `requests` has them.

schemathesis sends what it has made up through a session of requests. This one hands every request
to the wire, where it keeps the pace and is written down like the others.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from fluent_oms_simulator.client.exchanges import CONNECTIONS, Wire
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH, select_proxy
from urllib3 import HTTPResponse, PoolManager, ProxyManager

KEPT = 2_000
"""Exchanges that are remembered, to show those of a contract that does not hold."""


class GeneratedCalls(requests.Session):
    """A session over the wire: no credentials but the request's, no cookies, no redirects."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.trust_env = False  # or a `.netrc` would replace the credentials
        self._wire = wire

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        """Send; raises UnreachableError when no answer comes, or none that can be read."""
        sent = {name: _text(value) for name, value in request.headers.items()}
        exchange = self._wire.send(
            request.method or "", request.url or "", sent, _bytes(request.body)
        )
        raw = HTTPResponse(BytesIO(), exchange.headers, exchange.status, preload_content=False)
        answer: requests.Response = HTTPAdapter().build_response(request, raw)
        answer._content = exchange.received
        return answer


def wire_to(url: str) -> Wire:
    """A wire that remembers what went over it; through the environment's proxy, with its CAs.

    Neither matters for a server on this machine.
    """
    if urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1"):
        return Wire(kept=KEPT)
    found = requests.Session().merge_environment_settings(url, {}, None, None, None)
    verify = found["verify"]
    options: dict[str, Any] = {
        "maxsize": CONNECTIONS,
        "ca_certs": verify if isinstance(verify, str) else DEFAULT_CA_BUNDLE_PATH,
    }
    proxy = select_proxy(url, found["proxies"])
    if proxy is None:
        return Wire(pool=PoolManager(**options), kept=KEPT)
    headers = HTTPAdapter().proxy_headers(proxy)
    return Wire(pool=ProxyManager(proxy, proxy_headers=headers, **options), kept=KEPT)


def _bytes(body: object) -> bytes | None:
    return body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else None


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
