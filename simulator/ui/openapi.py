"""The OpenAPI description as one self-contained document."""

import posixpath
from importlib.resources import files
from typing import Any

from ..intake.schemas import load_documents
from ..settings import Settings
from .sign_in import shown_credentials

FORM = "application/x-www-form-urlencoded"


def load_description() -> dict[str, Any]:
    """`contracts/openapi.yaml` as written, with its references into the schema files."""
    import yaml  # Here, because only this page needs it and a start should not wait for it.

    text = files("fluent_oms_simulator.contracts").joinpath("openapi.yaml").read_text("utf-8")
    description: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return description


def bundled() -> dict[str, Any]:
    """The description with every schema below `components` and every reference inside itself."""
    description: dict[str, Any] = _relinked(load_description())
    components = description["components"]["schemas"]
    for file, document in load_documents().items():
        parts = dict(document.get("$defs", {}))
        if "type" in document:
            parts[_stem(file)] = {
                key: value
                for key, value in document.items()
                if key not in ("$schema", "$id", "$defs")
            }
        for name, part in parts.items():
            component = _component(name)
            if component in components:
                raise ValueError(f"two schemas want the name {component}")
            components[component] = _relinked(part)
    description["servers"] = [{"url": "/", "description": "This simulator"}]
    return description


def served(settings: Settings) -> dict[str, Any]:
    """The description as a page needs it: with how to sign in, filled in as far as may be shown."""
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


def _relinked(node: Any) -> Any:
    """A copy of `node` whose references into schema files lead into `components`."""
    if isinstance(node, list):
        return [_relinked(item) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _relinked(value) for key, value in node.items()}
    target = node.get("$ref")
    if isinstance(target, str):
        path, _, fragment = target.partition("#")
        if fragment.startswith("/$defs/"):
            changed["$ref"] = f"#/components/schemas/{_component(fragment.split('/')[2])}"
        elif path:
            changed["$ref"] = f"#/components/schemas/{_component(_stem(path))}"
    return changed


def _stem(path: str) -> str:
    return posixpath.basename(path).removesuffix(".schema.json")


def _component(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
