"""What a server answered, read: JSON or nothing, and what a call that succeeds must bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from .builders import Document
from .client_errors import AnswerError


def json_or_none(body: bytes | str) -> Any:
    """The JSON of a body; None where it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def object_or_empty(body: bytes | str) -> dict[str, Any]:
    """The JSON object of a body; an empty one where it is none."""
    document = json_or_none(body)
    return document if isinstance(document, dict) else {}


@dataclass(frozen=True)
class Answer:
    """What came back on what was asked."""

    asked: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @cached_property
    def document(self) -> Any:
        """The body as JSON; None where it is none."""
        return json_or_none(self.content)

    @property
    def fields(self) -> Document:
        """The body as a JSON object; an empty one where it is none."""
        return self.document if isinstance(self.document, dict) else {}

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    def accepted(self) -> Document:
        """The object that a call is answered which has succeeded; raises AnswerError."""
        told = f"{self.asked} answered {self.status}"
        if self.status != 200:
            raise AnswerError(f"{told}, expected 200: {self.text[:1000]}")
        if not isinstance(self.document, dict):
            raise AnswerError(f"{told}, expected a JSON object, found {self.text[:1000]}")
        return self.document

    def data(self) -> Document:
        """The data of a GraphQL operation without errors; raises AnswerError."""
        document = self.accepted()
        if document.get("errors") or not isinstance(document.get("data"), dict):
            raise AnswerError(f"GraphQL answered {document.get('errors') or self.text[:1000]}")
        data: Document = document["data"]
        return data
