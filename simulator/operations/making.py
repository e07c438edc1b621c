"""Makes what seed data lists beside its records: each by the mutation that makes one."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from ..intake.seeding import LISTED, SeedError
from .replies import Reply

MUTATIONS = {
    "networks": "Network",
    "locations": "Location",
    "catalogues": "InventoryCatalogue",
    "virtualCatalogues": "VirtualCatalogue",
    "controlGroups": "ControlGroup",
    "controls": "Control",
    "settings": "Setting",
}
"""What each list is made of: `createNetwork` takes a `CreateNetworkInput`."""


def make_all(
    listed: Mapping[str, list[Any]], post: Callable[[bytes], Reply], *, records: int = 0
) -> dict[str, int]:
    """Make all of it; how many of each there were.

    `post` answers a GraphQL request; `records` are in stock already. Raises SeedError for the first
    that is refused, and says how many were made before it.
    """
    made: dict[str, int] = {}
    for kind in LISTED:
        for number, wanted in enumerate(listed.get(kind, ())):
            told = _refusal(MUTATIONS[kind], wanted, post)
            if told is not None:
                all_made = {"records": records, **made}
                before = ", ".join(f"{count} {each}" for each, count in all_made.items() if count)
                raise SeedError(
                    f"seed data /{kind}/{number}: {told} Made before it: {before or 'nothing'}."
                )
            made[kind] = made.get(kind, 0) + 1
    return made


def _refusal(kind: str, wanted: object, post: Callable[[bytes], Reply]) -> str | None:
    """Why one could not be made; None where it was."""
    query = (
        f"mutation($input: Create{kind}Input!) {{ create{kind}(input: $input) {{ __typename }} }}"
    )
    reply = post(orjson.dumps({"query": query, "variables": {"input": wanted}}))
    body = reply.body
    errors = body.get("errors") if isinstance(body, dict) else None
    return None if not errors else str(errors[0]["message"])
