"""The verdict on what a caller sent; a field that is null counts as one that is not there.

Many clients write every field of a record, null or not, and no page says what becomes of them.
"""

from typing import Any, cast

from ..behaviour import Behaviour
from ..errors import Fault, refused
from ..validation import ROWS, Schemas


class Requests:
    """Holds documents against the request schemas."""

    def __init__(self, schemas: Schemas, behaviour: Behaviour) -> None:
        self._schemas = schemas
        self._takes_nulls = behaviour.schema_null_fields == "accept"

    def sound(self, kind: str, document: object) -> dict[str, Any]:
        """The fields of a document; raises ApiError with every fault of one that is not sound."""
        fields, faults, total = self.read(kind, document)
        if faults:
            raise refused(faults, total)
        return fields

    def read(self, kind: str, document: object) -> tuple[dict[str, Any], list[Fault], int]:
        """The fields of a document, or what is wrong with it: some faults and their number."""
        if self._schemas.is_valid(kind, document):
            return cast("dict[str, Any]", document), [], 0
        if self._takes_nulls and isinstance(document, dict):
            present = _without_nulls(document, ROWS.get(kind))
            if self._schemas.is_valid(kind, present):
                return present, [], 0
        return cast("dict[str, Any]", document), *self._schemas.faults(kind, document)


def _without_nulls(fields: dict[str, Any], rows: str | None) -> dict[str, Any]:
    """The fields that are not null, here and in the rows; free attributes stay as they are."""
    present = {name: value for name, value in fields.items() if value is not None}
    listed = present.get(rows or "")
    if isinstance(listed, list):
        present[cast(str, rows)] = [
            _without_nulls(row, None) if isinstance(row, dict) else row for row in listed
        ]
    return present
