"""What a call is answered with where a fault takes the place of the real answer."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import orjson

from ..domain.trouble.points import SIGN_IN
from ..errors import ApiError, Reason, api_error, invalid_token, oauth_error
from ..stores.armed_rule import Strike
from .refusal_bodies import JSON, refusal

RATE_LIMIT = "C0011E"
"""GraphQL's code for too many requests, as the vendor's client knows it (SDK 0.1.56)."""
TOO_MANY = "Too many requests"
HTML = "text/html"


class FinalAnswer(NamedTuple):
    """Status, headers and body, and why nothing came of the call."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    reason: Reason | None = None

    @property
    def retry_after(self) -> str | None:
        """What a refusal says of when to come again."""
        found = (value for name, value in self.headers if name.lower() == "retry-after")
        return next(found, None) if self.status >= 400 else None

    @property
    def phrase(self) -> str:
        """What stands beside the status."""
        return _phrase(self.status)

    def with_body(self, body: bytes) -> "FinalAnswer":
        """The same with another body, and its length."""
        kept = [pair for pair in self.headers if pair[0].lower() != "content-length"]
        return FinalAnswer(self.status, [*kept, _length(body)], body, self.reason)


def made_up(strike: Strike, operation: str) -> FinalAnswer:
    """The answer that a fault gives to a call of an operation."""
    rule = strike.rule
    settings = rule.settings
    match rule.kind:
        case "rate_limit":
            seconds = strike.retry_after or settings["retryAfter"]
            return refused_with(api_error(429, TOO_MANY, headers={"Retry-After": str(seconds)}))
        case "graphql_rate_limit":
            error = {"message": TOO_MANY, "extensions": {"code": RATE_LIMIT}}
            reason = Reason(RATE_LIMIT, TOO_MANY)
            return _of(200, orjson.dumps({"errors": [error]}), JSON, reason)
        case "proxy_page":
            return _proxy_page(settings["status"])
        case "token_refused" if operation == SIGN_IN:
            return refused_with(oauth_error(401, "invalid_client", "Bad client credentials"))
        case "token_refused":
            return refused_with(invalid_token("this token is not accepted"))
        case "token_expired":
            return refused_with(invalid_token("this token has expired"))
        case _:
            return _with_status(operation, settings)


def _with_status(operation: str, settings: Mapping[str, Any]) -> FinalAnswer:
    """Fluent's own body for a status, which on the token endpoint is OAuth's."""
    status, code, message = settings["status"], settings["code"], settings["message"]
    told = message or _phrase(status)
    seconds = settings["retryAfter"]
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    if operation == SIGN_IN:
        usual = "server_error" if status >= 500 else "invalid_request"
        error: ApiError = oauth_error(status, code or usual, told)
        error.headers = headers
    elif status == 401 and code is None and message is None:
        error = invalid_token("this token is not accepted")
    else:
        error = api_error(status, told, code=code, headers=headers)
    return refused_with(error)


def refused_with(error: ApiError) -> FinalAnswer:
    """A refusal as it goes out."""
    body, reason = refusal(error)
    return _of(error.status, body, JSON, reason, error.headers.items())


def _proxy_page(status: int) -> FinalAnswer:
    title = f"{status} {_phrase(status)}"
    page = f"<html>\n<head><title>{title}</title></head>\n<body><h1>{title}</h1></body>\n</html>\n"
    return _of(status, page.encode(), HTML, Reason(str(status), title))


def _of(
    status: int,
    body: bytes,
    content_type: str,
    reason: Reason,
    headers: Iterable[tuple[str, str]] = (),
) -> FinalAnswer:
    return FinalAnswer(
        status, [*headers, ("Content-Type", content_type), _length(body)], body, reason
    )


def _length(body: bytes) -> tuple[str, str]:
    return "Content-Length", str(len(body))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
