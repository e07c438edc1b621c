"""A request in words: its texts without secrets, and the command that sends it again."""

import base64
import shlex
from functools import cached_property
from urllib.parse import quote

from ..stores.request import Request
from ..stores.request_log import LoggedRequest
from ..text.redaction import Redaction, credentials_of, signs_in

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PLAIN = "/:@!$&'()*+,;=~"
"""What stands in a path as it is."""


class RequestText:
    """What is told of a request."""

    def __init__(self, entry: LoggedRequest, redaction: Redaction) -> None:
        self._entry = entry
        self._request: Request = entry.request
        # What was shown at the door may stand elsewhere, too.
        self._cheap = redaction.knowing(credentials_of(self._request.authorization))

    @property
    def path(self) -> str:
        """The path."""
        return self._cheap.text(self._request.path)

    @property
    def query(self) -> str:
        """The query."""
        request = self._request
        return self._cheap.query(request.query, signs_in=signs_in(request.path))

    @property
    def agent(self) -> str:
        """What the client calls itself."""
        return self._cheap.text(self._request.agent)

    def about(self, text: str | None) -> str | None:
        """What is said about it, which may repeat what stands in it."""
        return None if text is None else self._redaction.text(text)

    @property
    def sent(self) -> str:
        """What was sent; the form of a sign-in without its secrets."""
        sent = self._request.sent
        if isinstance(sent, bytes):
            return self._redaction.body(sent)
        return self._cheap.form(sent.items())

    @property
    def reply(self) -> str:
        """What was answered, or the beginning of it; without the tokens that were handed out."""
        return self._redaction.body(self._entry.reply)

    def as_curl(self, base_url: str) -> str:
        """The command that sends it again, with what a shell has for its secrets."""
        request = self._request
        address, query = base_url.rstrip("/") + quote(self.path, safe=PLAIN), self.query
        words = ["curl", "-sS", "-X", request.method, f"{address}?{query}" if query else address]
        line = shlex.join(words)
        if signs_in(request.path):
            return f"{line} -H 'Content-Type: {FORM}' --data {shlex.quote(self.sent)}\n"
        if request.authorization is not None:
            line += ' -H "Authorization: Bearer $TOKEN"'
        content = self._content
        if not content:
            return f"{line}\n"
        line += f" -H 'Content-Type: {JSON}'"
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" not in text:
            return f"{line} --data-binary {shlex.quote(text)}\n"
        packed = base64.b64encode(content).decode()
        return f"printf %s {packed} | base64 -d | {line} --data-binary @-\n"

    @property
    def _content(self) -> bytes:
        """The bytes that were sent, where no secret is among them."""
        sent = self._request.sent
        if not isinstance(sent, bytes):
            return b""
        told = self.sent
        return sent if told == sent.decode("utf-8", "backslashreplace") else told.encode()

    @cached_property
    def _redaction(self) -> Redaction:
        """What also knows the secrets in the body, which is read for that."""
        sent = self._request.sent
        content = sent if isinstance(sent, bytes) else b""
        return self._cheap.knowing(self._cheap.secrets_of(self._request.query, content))
