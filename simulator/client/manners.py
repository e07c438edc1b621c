"""Manners on a server: whose is it, who calls, what will be written, and how gently."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from .client_errors import ForeignServerError
from .exchanges import Pace, Wire
from .fluent_api import Api
from .target_server import Target

GENTLE_RATE = 5.0
"""Requests a second to a server that is not a simulator, unless the caller asks for more."""
HEALTH = "/__admin/health"
FOREIGN_PATIENCE = 120.0
FOREIGN_PAUSE = 1.0
CREDENTIALS = ("account", "retailer_id", "client_id", "client_secret", "username", "password")
"""What a server that is not ours must be told, each of them; nothing of it is guessed."""


def is_ours(api: Api) -> bool:
    """Whether a simulator answers: only that has a health page. Raises UnreachableError."""
    answer = api.call("GET", HEALTH, token=None)
    return answer.status == 200 and "eventLog" in answer.fields


def known(target: Target, given: Collection[str], per_second: float | None, wire: Wire) -> Target:
    """The target once it is known whose it is; until then it is treated gently.

    `given` are the names of the credentials that the caller has given. Raises UnreachableError,
    and ForeignServerError where a server that is no simulator is not told all of them.
    """
    wire.pace = Pace(per_second or GENTLE_RATE)
    if is_ours(Api(target, wire)):
        return replace(target, is_ours=True)
    missing = [_option(name) for name in CREDENTIALS if name not in given]
    if missing:
        raise ForeignServerError(foreign(target.url, f"it takes {', '.join(missing)}"))
    return replace(target, is_ours=False, patience=FOREIGN_PATIENCE, pause=FOREIGN_PAUSE)


def rate_for(target: Target, per_second: float | None) -> float | None:
    """How many requests a second a server gets; None is no limit."""
    return per_second or (None if target.is_ours else GENTLE_RATE)


def foreign(url: str, more: str) -> str:
    """The sentence that says what follows from whose server it is."""
    return f"{url} is not a simulator of ours: {more}"


def announcement(
    target: Target, who_writes: str, what: Collection[str], rate: float | None, ending: str
) -> str:
    """What will be done to a server that is not ours, before it is done; a line for each thing."""
    speed = f"at most {rate:g} requests a second" if rate else "as fast as it answers"
    return "\n  ".join(
        [
            f"{target.url} is not a simulator of ours. {who_writes} to it, as the user"
            f" {target.username} of the account {target.account}:",
            *what,
            f"{speed}; at the end {ending}, for none can be deleted",
        ]
    )


def _option(name: str) -> str:
    return "--retailer" if name == "retailer_id" else f"--{name.replace('_', '-')}"
