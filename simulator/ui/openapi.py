"""The OpenAPI description as a page needs it."""

from typing import Any

from ..intake.api_description import CONTROL, bundled
from ..settings import Settings
from .sign_in import shown_credentials

FORM = "application/x-www-form-urlencoded"


def served_control() -> dict[str, Any]:
    """The description of the control API, which has nothing to fill in."""
    return bundled(CONTROL)


def served(settings: Settings) -> dict[str, Any]:
    """The description with how to sign in, filled in as far as may be shown."""
    description = bundled()
    components = description["components"]
    fields = components["schemas"]["TokenForm"]["properties"]
    shown = shown_credentials(settings)
    filled = {**shown, "grant_type": "password", "scope": "api"}
    for name, field in fields.items():
        # A page sends the word `string` for what has no value of its own, even an empty one.
        field["default"] = filled.get(name, "")
    form = description["paths"]["/oauth/token"]["post"]["requestBody"]["content"][FORM]
    form["examples"]["password"]["value"].update(shown)
    sign_in = {
        "type": "oauth2",
        "description": "Signs in at `/oauth/token`.",
        "flows": {"password": {"tokenUrl": "/oauth/token", "scopes": {}}},
    }
    # First, because a page shows them in this order.
    components["securitySchemes"] = {"sign_in": sign_in, **components["securitySchemes"]}
    description["security"] = [{"sign_in": []}, *description["security"]]
    return description
