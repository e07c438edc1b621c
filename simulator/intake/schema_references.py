"""What stands behind a `$ref`, in the same schema file or in another."""

from functools import cache
from typing import Any
from urllib.parse import urljoin

Documents = dict[str, dict[str, Any]]
"""Schema files by their `$id`."""


def resolved(schema: Any, base: str, documents: Documents) -> tuple[Any, str]:
    """The schema behind references, with its own keywords on top, and the file it stands in."""
    while isinstance(schema, dict):
        base = schema.get("$id", base)
        if "$ref" not in schema:
            break
        address, fragment = _address(base, schema["$ref"])
        target: Any = documents[address]
        for step in fragment.split("/")[1:]:
            target = target[step]
        own = {key: value for key, value in schema.items() if key not in ("$ref", "$id")}
        schema, base = {**target, **own} if own else target, address
    return schema, base


@cache
def _address(base: str, reference: str) -> tuple[str, str]:
    """The file that a reference leads to, and the place in it; of schemas, so there are few."""
    address, _, fragment = urljoin(base, reference).partition("#")
    return address, fragment
