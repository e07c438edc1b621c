"""The OpenAPI description as a page needs it."""

from functools import lru_cache
from typing import Any

import orjson

from ..intake.api_description import CONTROL, bundled

FORM = "application/x-www-form-urlencoded"


@lru_cache(maxsize=16)
def control_description(base: str) -> bytes:
    """The description of the control API, which has nothing to fill in but below which path."""
    return orjson.dumps(_below(base, bundled(CONTROL)))


@lru_cache(maxsize=16)
def description_for(base: str, known: tuple[tuple[str, str], ...]) -> bytes:
    """The description with how to sign in, filled in with what is `known` and may be shown."""
    description = _below(base, bundled())
    components = description["components"]
    fields = components["schemas"]["TokenForm"]["properties"]
    shown = dict(known)
    filled = {**shown, "grant_type": "password", "scope": "api"}
    for name, field in fields.items():
        # A page sends the word `string` for what has no value of its own, even an empty one.
        field["default"] = filled.get(name, "")
    form = description["paths"]["/oauth/token"]["post"]["requestBody"]["content"][FORM]
    form["examples"]["password"]["value"].update(shown)
    sign_in = {
        "type": "oauth2",
        "description": "Signs in at `/oauth/token`.",
        "flows": {"password": {"tokenUrl": f"{base}/oauth/token", "scopes": {}}},
    }
    # First, because a page shows them in this order.
    components["securitySchemes"] = {"sign_in": sign_in, **components["securitySchemes"]}
    description["security"] = [{"sign_in": []}, *description["security"]]
    return orjson.dumps(description)


def _below(base: str, description: dict[str, Any]) -> dict[str, Any]:
    for server in description["servers"]:
        server["url"] = base or "/"
    return description
