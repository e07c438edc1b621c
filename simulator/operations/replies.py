"""What an operation answers, free of any web framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..behaviour import Behaviour
from ..domain.bounds import LineFullError
from ..errors import ApiError, Reason, api_error

SECONDS_TO_WAIT = "1"
"""What Retry-After says to a caller for whom there was no room."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer as plain values; the body is a JSON document.

    `reason` is why nothing came of what was asked for, for whoever watches the traffic.
    """

    body: Mapping[str, object]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: Reason | None = None


def overloaded(full: LineFullError, behaviour: Behaviour) -> ApiError:
    """The refusal of an event or a batch that finds the line full."""
    tally = full.tally
    message = (
        f"The simulator is behind: it holds {tally.held:,} of at most {tally.limit:,} bytes of "
        f"{tally.bound.what}. Nothing was accepted; send it again after Retry-After seconds."
    )
    status = int(behaviour.http_overload_status)
    return api_error(status, message, headers={"Retry-After": SECONDS_TO_WAIT})
