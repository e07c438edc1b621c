"""Manners on a server that is not ours: find out whose it is, and say what will be written."""

from __future__ import annotations

from ..target.api import Api
from ..target.target_server import Target
from .options import Options


def is_ours(api: Api) -> bool:
    """Whether a simulator answers: only that has a health page. Raises UnreachableError."""
    answer = api.call("GET", "/__admin/health", token=None)
    said = answer.document
    return answer.status == 200 and isinstance(said, dict) and "eventLog" in said


def announcement(target: Target, options: Options, prefix: str, rate: float | None) -> str:
    """What a run will do to a server, before it does it."""
    examples = options.max_examples
    speed = f"at most {rate:g} requests a second" if rate else "as fast as it answers"
    return (
        f"{target.url} is not a simulator of ours. The contracts write to it, as the user"
        f" {target.username} of the account {target.account}:\n"
        f"  into the catalogue {target.catalogue_ref}, only products and locations whose names"
        f" begin with {prefix}\n"
        f"  about {examples * 20:,} positions, {examples * 20:,} batches in as many jobs, and"
        f" {examples * 25:,} events, which stay in the event log\n"
        f"  {speed}; at the end every quantity is set to 0, for none can be deleted"
    )
