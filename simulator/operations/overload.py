"""What a caller is told when too much waits already."""

from ..behaviour import Behaviour
from ..domain.bounds import LineFullError
from ..errors import ApiError, api_error

SECONDS_TO_WAIT = "1"


def overloaded(full: LineFullError, behaviour: Behaviour) -> ApiError:
    """The refusal of an event or a batch that finds the line full."""
    tally = full.tally
    message = (
        f"The simulator is behind: it holds {tally.held:,} of at most {tally.limit:,} bytes of "
        f"{tally.bound.what}. Nothing was accepted; send it again after Retry-After seconds."
    )
    status = int(behaviour.http_overload_status)
    return api_error(status, message, headers={"Retry-After": SECONDS_TO_WAIT})
