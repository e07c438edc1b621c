"""The schemas of payloads as the reference library `jsonschema` reads them.

Slower by far than jsonschema-rs, with which it shares no code.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import Any

import jsonschema
from fluent_oms_simulator.errors import Fault, pointer_token, shortened
from fluent_oms_simulator.intake.explanations import preview
from fluent_oms_simulator.intake.schemas import Schemas
from referencing import Registry, Resource

Validator = jsonschema.Draft202012Validator


def fault_of(error: jsonschema.ValidationError) -> Fault:
    """An error of the library as a fault, in its own words."""
    pointer = "".join(f"/{pointer_token(step)}" for step in error.absolute_path)
    return Fault(pointer, preview(error.instance), shortened(error.message))


class ReferenceSchemas(Schemas):
    """Judges and explains by the reference library alone."""

    def is_valid(self, kind: str, document: object) -> bool:
        """The verdict."""
        return self._validator(kind).is_valid(document)

    def faults(self, kind: str, document: object, limit: int = 100) -> tuple[list[Fault], int]:
        """The first faults, and how many these are: the others are not looked for."""
        errors = islice(self._validator(kind).iter_errors(document), limit)
        found = [fault_of(error) for error in errors]
        return found, len(found)

    @cached_property
    def _addressed(self) -> Registry[Any]:
        return Registry().with_resources(
            (address, Resource.from_contents(document))
            for address, document in self.documents.items()
        )

    @cached_property
    def _validators(self) -> dict[str, Validator]:
        return {}

    def _validator(self, kind: str) -> Validator:
        known = self._validators.get(kind)
        if known is None:
            known = Validator(self._root(kind), registry=self._addressed)
            self._validators[kind] = known
        return known
