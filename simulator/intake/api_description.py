"""The OpenAPI descriptions of the APIs, with the schemas that they refer to."""

import posixpath
from importlib.resources import files
from typing import Any

from .schemas import load_documents

FLUENTS, CONTROL = "openapi.yaml", "control.yaml"
"""What is described: Fluent's own calls, and ours under /__admin."""
OF_CONTROL = "control/"
"""Where the schemas are that only the control API has."""


def load_description(name: str = FLUENTS) -> dict[str, Any]:
    """One of the files of `contracts/` as written, with its references into the schema files."""
    import yaml  # Here, because few need it and a start should not wait for it.

    text = files("fluent_oms_simulator.contracts").joinpath(name).read_text("utf-8")
    description: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return description


def bundled(name: str = FLUENTS) -> dict[str, Any]:
    """The description as one document: every schema is in it, every reference leads inside."""
    description: dict[str, Any] = _relinked(load_description(name))
    components = description["components"]["schemas"]
    for file, document in load_documents().items():
        if file.startswith(OF_CONTROL) and name == FLUENTS:
            continue
        parts = dict(document.get("$defs", {}))
        if "type" in document:
            parts[_stem(file)] = {
                key: value
                for key, value in document.items()
                if key not in ("$schema", "$id", "$defs")
            }
        for part_name, part in parts.items():
            component = _component(part_name)
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
