"""Requests that a test sends itself, as a connector would."""

from __future__ import annotations

from ..client.answers import Answer
from ..client.client_errors import UnreachableError
from ..client.exchanges import Wire
from ..client.fluent_api import JSON, Api
from .connector_credentials import ConnectorCredentials

SECONDS_TO_ANSWER = 10.0
"""After which a reply counts as one that does not come."""


class PlainRequests:
    """Sends what it is told to; whatever that is answered, it is no error."""

    def __init__(self, url: str, credentials: ConnectorCredentials) -> None:
        self._wire = Wire(seconds=SECONDS_TO_ANSWER)
        self._api = Api(credentials.target(url), self._wire)

    def send(self, method: str, path: str, body: object, token: str | None) -> Answer:
        """Send it; a text or bytes as they are, all else as JSON. Status 0 for no whole reply."""
        data = body.encode() if isinstance(body, str) else body
        named = None if body is None else JSON
        try:
            if data is None or isinstance(data, bytes):
                return self._api.call(method, path, data=data, token=token, content_type=named)
            return self._api.call(method, path, json=data, token=token)
        except UnreachableError:
            return Answer(f"{method} {path}", 0, {}, b"")

    def sign_in(self) -> Answer:
        """Ask for a token, which goes with all that is sent from here on."""
        try:
            return self._api.sign_in_anew()
        except UnreachableError:
            return Answer("POST /oauth/token", 0, {}, b"")

    def sign_out(self) -> None:
        """Forget the token; the next request asks for another one."""
        self._api.sign_out()

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()
