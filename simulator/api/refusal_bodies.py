"""What a refusal looks like as a body, free of any web framework: the door makes some itself."""

from collections.abc import Iterable

import orjson

from ..errors import ApiError, Fault, Reason, TokenError

JSON = "application/json"

DEFECT = "A defect of the simulator: its log has the details. Please report it."


def refusal(error: ApiError) -> tuple[bytes, Reason]:
    """The body of a refusal, and its first reason for whoever watches the traffic."""
    first = error.reasons[0]
    reason = Reason(first.code, first.message)
    body = token_error_body(reason) if isinstance(error, TokenError) else errors_body(error.reasons)
    return orjson.dumps(body), reason


def errors_body(reasons: Iterable[Fault | Reason]) -> dict[str, object]:
    """Fluent's body for every REST error but the token endpoint's; codes are text.

    A message that is published is told word for word; what we add has a field of its own.
    """
    return {"errors": list(map(_error, reasons))}


def _error(reason: Fault | Reason) -> dict[str, str]:
    if isinstance(reason, Fault) and reason.detail:
        return {"code": reason.code, "message": reason.published, "detail": reason.detail}
    return {"code": reason.code, "message": reason.message}


def token_error_body(reason: Reason) -> dict[str, object]:
    """The token endpoint's body for an error (RFC 6749, 5.2)."""
    return {"error": reason.code, "error_description": reason.message}
