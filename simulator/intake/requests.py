"""The verdict on what a caller sent; a field that is null counts as one that is not there.

Many clients write every field of a record, null or not, and no page says what becomes of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import orjson

from ..behaviour import Behaviour
from ..domain.quantity_fields import IN_RECORDS
from ..errors import Fault, refused, shortened
from ..settings import Settings
from .schemas import ROWS, Schemas
from .written_numbers import WrittenNumbers


class Requests:
    """Holds documents against the request schemas."""

    def __init__(self, schemas: Schemas, behaviour: Behaviour) -> None:
        self._schemas = schemas
        self._takes_nulls = behaviour.schema_null_fields == "accept"

    def sound(self, kind: str, document: object, body: bytes) -> dict[str, Any]:
        """The fields of the document in a body.

        Raises ApiError with every fault of one that is not sound.
        """
        fields, faults, total = self.read(kind, document)
        if faults:
            raise refused(as_in(body, faults), total)
        return fields

    def read(self, kind: str, document: object) -> tuple[dict[str, Any], list[Fault], int]:
        """The fields of a document, or what is wrong with it: some faults and their number."""
        fields = cast("dict[str, Any]", document)
        if self._schemas.is_valid(kind, document):
            return fields, [], 0
        if self._takes_nulls and isinstance(document, dict):
            fields = _without_nulls(document, ROWS.get(kind))
            if self._schemas.is_valid(kind, fields):
                return fields, [], 0
        faults, total = self._schemas.faults(kind, fields)
        # A quantity can break two bounds at once; one fault for each place is enough.
        first = {fault.pointer: fault for fault in reversed(faults)}
        told = [
            replace(fault, found="null") if fault.missing and _is_null(document, fault) else fault
            for fault in faults
            if first[fault.pointer] is fault
        ]
        return fields, told, total - len(faults) + len(told)


def check_retailer(value: object, settings: Settings) -> str:
    """The retailer a payload names; raises ApiError when the account has no such retailer.

    Clients send a number or a string (Fluent docs: Inventory batches, 3 Feb 2025; vendor client).
    """
    if not isinstance(value, float) and str(value) in settings.retailers:
        return str(value)
    found = shortened(orjson.dumps(value).decode())
    known = ", ".join(settings.retailers)
    expected = f"a retailer of account {settings.account}: {known}"
    raise refused([Fault("/retailerId", found, expected, code="InvalidInput")])


def as_in(body: bytes, faults: Sequence[Fault]) -> list[Fault]:
    """The faults with their numbers as the body has them."""
    numbers = WrittenNumbers(body)
    return [replace(fault, found=numbers.told(fault.found, fault.pointer)) for fault in faults]


def _is_null(document: object, fault: Fault) -> bool:
    """Whether a field that is called missing is there, and null."""
    value = document
    for step in fault.pointer.split("/")[1:]:
        if isinstance(value, list):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return False
    return value is None


def _without_nulls(fields: dict[str, Any], rows: str | None) -> dict[str, Any]:
    """The fields that are not null, here, in the rows and among attributes that are fields.

    Free attributes stay as they are.
    """
    present = {name: value for name, value in fields.items() if value is not None}
    attributes = present.get("attributes")
    if rows is None and isinstance(attributes, dict):
        present["attributes"] = {
            name: value
            for name, value in attributes.items()
            if value is not None or name not in IN_RECORDS
        }
    listed = present.get(rows) if rows is not None else None
    if rows is not None and isinstance(listed, list):
        present[rows] = [
            _without_nulls(row, None) if isinstance(row, dict) else row for row in listed
        ]
    return present
