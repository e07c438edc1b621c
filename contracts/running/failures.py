"""A failed contract as a file: what was said, so that it can be said again."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from fluent_oms_simulator.client.exchanges import RoundTrip
from fluent_oms_simulator.switches import PROFILES, STRICT

from ..reporting.run_report import Verdict
from .last_exchange import SECRETS

FORMAT = 1
KEPT_HEADERS = ("content-type", "accept")
TOKEN = "<token>"
CREDENTIALS = "<credentials>"

Document = dict[str, Any]


class Failure(NamedTuple):
    """A contract that did not hold, and the exchanges of the example that showed it."""

    contract: str
    test: str
    group: str
    message: str
    exchanges: Sequence[RoundTrip]
    verdict: Verdict = Verdict.FAILED
    """`ERROR` where the contract could not be checked, which says nothing about the server."""


class UnreadableError(Exception):
    """A file that is no recorded failure; the message is a sentence."""


def write_failure(failure: Failure, folder: Path, context: Document) -> Path:
    """Write a failure into a folder; `context` says how the run was made. No secrets."""
    folder.mkdir(parents=True, exist_ok=True)
    words = re.sub(r"[^a-z0-9]+", "-", failure.contract.lower()).strip("-")[:80]
    path = folder / f"{words}.json"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{words}-{number}.json"
    document = {
        "format": FORMAT,
        "contract": failure.contract,
        "test": failure.test,
        "group": failure.group,
        "message": failure.message,
        "verdict": failure.verdict,
        **context,
        "exchanges": [_recorded(exchange) for exchange in failure.exchanges],
    }
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", errors="backslashreplace")  # which is JSON, too
    return path


def read_failure(path: Path) -> Document:
    """A recorded failure; raises UnreadableError."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise UnreadableError(f"{path}: {fault.strerror}") from None
    except (ValueError, RecursionError):
        raise UnreadableError(f"{path}: expected JSON in UTF-8") from None
    is_ours = isinstance(document, dict) and document.get("format") == FORMAT
    if not (is_ours and _is_whole(document)):
        raise UnreadableError(f"{path}: expected a failure that `fluent-sim contract` has written")
    whole: Document = document
    return whole


def _is_whole(failure: Document) -> bool:
    """Whether all is there that sending it again needs."""
    texts = all(isinstance(failure.get(name), str) for name in ("contract", "test", "message"))
    exchanges, behaviours = failure.get("exchanges"), failure.get("behaviours")
    return (
        texts
        and isinstance(failure.get("prefix"), str)
        and isinstance(failure.get("seed"), int)
        and failure.get("profile", STRICT) in PROFILES
        and isinstance(behaviours, dict)
        and all(isinstance(value, str) for value in behaviours.values())
        and isinstance(exchanges, list)
        and all(map(_can_be_read, exchanges))
    )


def _can_be_read(exchange: object) -> bool:
    if not isinstance(exchange, dict):
        return False
    try:
        body_read(exchange.get("sent"))
    except ValueError:
        return False
    headers = exchange.get("headers")
    return (
        all(isinstance(exchange.get(name), str) for name in ("method", "path"))
        and str(exchange["method"]).isalpha()
        and str(exchange["path"]).startswith(("/", CREDENTIALS))
        and isinstance(exchange.get("status"), int)
        and isinstance(headers, dict)
        and all(isinstance(value, str) for value in headers.values())
    )


def _recorded(exchange: RoundTrip) -> Document:
    parts = urlsplit(exchange.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = {
        name: value for name, value in exchange.sent_headers.items() if name.lower() in KEPT_HEADERS
    }
    authorization = next(
        (value for name, value in exchange.sent_headers.items() if name.lower() == "authorization"),
        None,
    )
    if authorization is not None:
        headers["Authorization"] = TOKEN if exchange.status != 401 else _harmless(authorization)
    return {
        "method": exchange.method,
        "path": CREDENTIALS if _is_secret(path) else path,
        "headers": headers,
        "sent": CREDENTIALS if _is_secret(path) else body_written(exchange.sent),
        "status": exchange.status,
        "received": body_written(exchange.received),
    }


def body_written(body: bytes) -> object:
    """A body as it stands in a file: JSON, text, or bytes in base 64."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
    if any(name in text for name in SECRETS):
        return CREDENTIALS
    return text


def body_read(written: object) -> bytes:
    """The bytes of a body that stands in a file."""
    if isinstance(written, dict):
        return base64.b64decode(str(written.get("base64", "")))
    return str(written).encode()


def _is_secret(path: str) -> bool:
    return any(name in path for name in SECRETS)


def _harmless(authorization: str) -> str:
    """A refused header is not a secret, but a good token in a wrong scheme may be."""
    return authorization if len(authorization) < 30 else TOKEN
