"""The control API of a simulator, called: what came back, or why nothing did, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from .answers import object_or_empty
from .client_errors import AnswerError, ForeignServerError
from .exchanges import RoundTrip, Wire

__tracebackhide__ = True  # pytest shows the line of the test that has called

SECONDS_TO_ANSWER = 120.0
"""What is asked for may take the simulator a minute, such as to run all that falls due."""
JSON = "application/json"


class ControlCalls:
    """Calls a simulator; every call has to succeed."""

    def __init__(self, url: str, token: str = "", wire: Wire | None = None) -> None:
        """`url` is that of a server or of a namespace; `token` is what its control API asks for."""
        self.url = url.rstrip("/")
        self.wire = wire or Wire(seconds=SECONDS_TO_ANSWER)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | bytes | None = None,
        *,
        content_type: str = JSON,
    ) -> RoundTrip:
        """A call that has to succeed; bytes are sent as they are.

        Raises UnreachableError where no answer comes, AnswerError with what the simulator says
        where it refuses, ForeignServerError where no simulator answers.
        """
        headers, body = dict(self._headers), b""
        if document is not None:
            headers["Content-Type"] = content_type
            body = document if isinstance(document, bytes) else orjson.dumps(document)
        answer = self.wire.send(method, self.url + path, headers, body)
        if answer.status >= 300:
            raise self._refusal(answer)
        return answer

    def document(
        self,
        method: str,
        path: str,
        document: Mapping[str, object] | bytes | None = None,
        *,
        content_type: str = JSON,
    ) -> dict[str, Any]:
        """The JSON object that such a call is answered with."""
        reply = self.call(method, path, document, content_type=content_type)
        answer = object_or_empty(reply.received)
        if not answer:
            raise ForeignServerError(f"at {self.url} is no simulator.")
        return answer

    def _refusal(self, answer: RoundTrip) -> AnswerError | ForeignServerError:
        try:
            errors = object_or_empty(answer.received)["errors"]
            told = " ".join(
                f"{error['message']}: {error['detail']}"
                if error.get("detail")
                else error["message"]
                for error in errors
            )
        except (AttributeError, KeyError, TypeError):
            return ForeignServerError(f"at {self.url} is no simulator: it answers {answer.status}.")
        return AnswerError(told)
