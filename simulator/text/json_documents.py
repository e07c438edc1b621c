"""JSON in a file that somebody names: the document, or a sentence on why there is none."""

from __future__ import annotations

from typing import Any

import orjson

from .encoding import encoding_fault


class NotADocumentError(ValueError):
    """Bytes that hold no JSON document; the message says why, to follow a colon."""


def document_in(data: bytes) -> Any:
    """The document that the bytes of a file hold; raises NotADocumentError.

    What is not UTF-8 is told as it is of payloads; a parser would tell of its own trouble with it.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        encoding = encoding_fault(data)
        why = str(fault) if encoding is None else encoding.sentences.removesuffix(".")
        raise NotADocumentError(why) from None
