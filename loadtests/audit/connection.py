"""A signed-in connection for reading: one request at a time, at a bounded rate."""

from __future__ import annotations

import http.client
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from .reading_target import AuditTarget

_TRIES = 4
_TRY_AGAIN = frozenset({429, 502, 503, 504})


MOST_BYTES = 256 * 1024 * 1024
"""The longest reply that is read; a server may announce any length at all."""


class ReadBackError(Exception):
    """The server did not let the audit read; the message is a sentence for people."""


class Connection:
    """Runs GraphQL queries; what fails in passing is tried again, for reading changes nothing."""

    def __init__(self, target: AuditTarget) -> None:
        self._target = target
        self._token = target.token
        parts = urlsplit(target.url)
        secure = parts.scheme == "https"
        make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._http = make(parts.netloc, timeout=target.timeout)
        self._path = parts.path.rstrip("/")
        self._not_before = 0.0
        self.requests = 0

    def query(self, query: str, variables: dict[str, object]) -> Any:
        """The data that a query answers; raises ReadBackError."""
        body = orjson.dumps({"query": query, "variables": variables})
        status, content = self._signed_in("POST", "/graphql", body)
        if status == 401 and self._target.token is None:
            self._token = None
            status, content = self._signed_in("POST", "/graphql", body)
        document = _document(content)
        errors = document.get("errors")
        if errors or status != 200 or "data" not in document:
            raise ReadBackError(f"POST /graphql answered {status}: {_reason(errors, content)}")
        missing = [name for name, value in document["data"].items() if value is None]
        if missing:
            raise ReadBackError(f"POST /graphql answered nothing for {missing[0]}")
        return document["data"]

    def look(self, path: str) -> dict[str, Any]:
        """What there is to GET, empty where that is nothing."""
        status, content = self._signed_in("GET", path, b"")
        return _document(content) if status == 200 else {}

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _signed_in(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if self._token is None:
            self._token = self._sign_in()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        return self._send(method, path, body, headers)

    def _sign_in(self) -> str:
        target = self._target
        form = {
            "grant_type": "password",
            "username": target.username,
            "password": target.password,
            "client_id": target.client_id,
            "client_secret": target.client_secret,
            "scope": "api",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, content = self._send("POST", "/oauth/token", urlencode(form).encode(), headers)
        token = _document(content).get("access_token")
        if status != 200 or not isinstance(token, str):
            raise ReadBackError(f"POST /oauth/token answered {status}: the audit cannot sign in")
        return token

    def _send(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        for attempt in range(1, _TRIES + 1):
            self._pace()
            try:
                self._http.request(method, self._path + path, body, headers)
                reply = self._http.getresponse()
                content = read(reply)
            except (OSError, http.client.HTTPException) as error:
                self._http.close()
                if attempt == _TRIES:
                    raise ReadBackError(f"{method} {path} got no answer: {error!r}") from error
            else:
                if reply.status not in _TRY_AGAIN or attempt == _TRIES:
                    return reply.status, content
            time.sleep(0.1 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    def _pace(self) -> None:
        self.requests += 1
        if self._target.max_rate:
            now = time.monotonic()
            time.sleep(max(0.0, self._not_before - now))
            self._not_before = max(now, self._not_before) + 1 / self._target.max_rate


def read(reply: http.client.HTTPResponse) -> bytes:
    """The body of a reply; raises HTTPException where that is absurdly long."""
    if (reply.length or 0) > MOST_BYTES:
        raise http.client.HTTPException(f"a reply of {reply.length:,} bytes was announced")
    content = reply.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise http.client.HTTPException(f"a reply has more than {MOST_BYTES:,} bytes")
    return content


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def _reason(errors: object, content: bytes) -> str:
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return str(errors[0].get("message"))
    return repr(content[:200])
