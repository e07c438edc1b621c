"""The OpenAPI description of the API, with the schemas that it refers to."""

import posixpath
from importlib.resources import files
from typing import Any

from .schemas import load_documents


def load_description() -> dict[str, Any]:
    """`contracts/openapi.yaml` as written, with its references into the schema files."""
    import yaml  # Here, because few need it and a start should not wait for it.

    text = files("fluent_oms_simulator.contracts").joinpath("openapi.yaml").read_text("utf-8")
    description: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return description


def bundled() -> dict[str, Any]:
    """The description as one document: every schema is in it, every reference leads inside."""
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
