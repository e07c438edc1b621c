"""Calls beside the load: sign in, look after batches, read back. One connection for each caller."""

from __future__ import annotations

import http.client
import ssl
import time
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import orjson

from ..audit.connection import read
from ..traffic.load_options import CannotRunError, LoadOptions

SECONDS_TO_ANSWER = 30.0
RENEWED_AFTER = 0.8
JSON = "application/json"


class Answer(NamedTuple):
    """What came back; status 0 means nothing, and `text` says why."""

    status: int
    document: Any
    text: str = ""


class Caller:
    """A signed-in connection; it connects anew when the server has closed it."""

    def __init__(self, options: LoadOptions, per_second: float | None = None) -> None:
        self._options = options
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0
        self._connection: http.client.HTTPConnection | None = None
        self._token = ""
        self._renew_at = 0.0

    @property
    def token(self) -> str:
        """The access token, asked for anew before it expires; raises CannotRunError."""
        if self._token and time.monotonic() < self._renew_at:
            return self._token
        options = self._options
        form = urlencode(
            {
                "grant_type": "password",
                "client_id": options.client_id,
                "client_secret": options.client_secret,
                "username": options.username,
                "password": options.password,
                "scope": "api",
            }
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._send("POST", "/oauth/token", form.encode(), headers)
        document = answer.document if isinstance(answer.document, dict) else {}
        if answer.status != 200 or "access_token" not in document:
            reason = document.get("error_description") or document.get("error") or answer.text
            said = f"answered {answer.status}: {reason}" if answer.status else reason
            raise CannotRunError(f"{options.url} does not let the user in: {said}")
        self._token = str(document["access_token"])
        lifetime = document.get("expires_in")
        seconds = lifetime if isinstance(lifetime, (int, float)) else 600
        self._renew_at = time.monotonic() + RENEWED_AFTER * seconds
        return self._token

    def headers(self) -> dict[str, str]:
        """The headers of a signed-in call with a JSON body."""
        return {"Authorization": f"Bearer {self.token}", "Content-Type": JSON}

    def post(self, path: str, body: bytes) -> Answer:
        """POST a JSON body."""
        return self._send("POST", path, body, self.headers())

    def get(self, path: str) -> Answer:
        """GET a document."""
        return self._send("GET", path, None, self.headers())

    def look(self, path: str) -> Answer:
        """GET without signing in."""
        return self._send("GET", path, None, {})

    def graphql(self, query: str, **variables: object) -> Any:
        """The data of a GraphQL operation; None where there is none."""
        answer = self.post("/graphql", orjson.dumps({"query": query, "variables": variables}))
        return answer.document.get("data") if isinstance(answer.document, dict) else None

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        self._wait()
        for attempt in (1, 2):
            fresh = self._connection is None
            try:
                return self._exchange(method, path, body, headers)
            except (OSError, http.client.HTTPException) as fault:
                self.close()
                # a server may close a connection that was idle; then the call never reached it
                if fresh or attempt == 2 or isinstance(fault, TimeoutError):
                    return Answer(0, None, _reason(fault))
        raise AssertionError("unreachable")

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        parts = urlsplit(self._options.url)
        if self._connection is None:
            self._connection = _connection(parts.scheme, parts.netloc)
        self._connection.request(method, parts.path.rstrip("/") + path, body, headers)
        reply = self._connection.getresponse()
        content = read(reply)
        try:
            document = orjson.loads(content)
        except orjson.JSONDecodeError:
            document = None
        return Answer(reply.status, document, content[:300].decode(errors="replace"))

    def _wait(self) -> None:
        if not self._gap:
            return
        now = time.monotonic()
        start = max(now, self._next)
        self._next = start + self._gap
        time.sleep(start - now)


def _connection(scheme: str, netloc: str) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(netloc, timeout=SECONDS_TO_ANSWER, context=context)
    return http.client.HTTPConnection(netloc, timeout=SECONDS_TO_ANSWER)


def _reason(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return f"no answer within {SECONDS_TO_ANSWER:.0f} s"
    if isinstance(fault, ConnectionRefusedError):
        return "nothing listens there"
    return str(fault) or type(fault).__name__
