"""The schema verdict on a document, and every fault of a refused one.

One library, jsonschema-rs, both decides and explains, so the verdict and the reasons cannot differ.
"""

import json
from collections.abc import Iterator
from functools import cache, lru_cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, NamedTuple, Self

import jsonschema_rs

from ..behaviour import Behaviour
from ..errors import Fault
from .explanations import document_order, explain, is_type_error, weight
from .schema_references import Documents, resolved
from .shapes import Shape, bared, shape_of

MOST_ROWS = 5000
MOST_COUNTED_FAULTS = 20_000

# The long array of a kind. Its length is judged before its rows are, so that a document far over
# the limit costs little; and its rows are explained one by one, so that counting can stop.
# Each such kind has three more: `<kind>_envelope` (all but the rows), `<kind>_rows`
# and `<kind>_row`.
ROWS = {"batch": "entities", "inventory_delta": "deltas", "update_inventory_qty": "items"}

ROWS_AT_ONCE = 250
"""Other threads wait for the interpreter while rows are judged: 0.1 ms for so many, 2 ms for 5,000.
It takes 3 % longer."""

RECORD = "batch/inventory_record.schema.json"

Document = dict[str, Any]


@cache
def load_documents() -> dict[str, Document]:
    """Every schema file, parsed: path below `schemas/` to document. Shared: do not change them."""
    return dict(_read(files("fluent_oms_simulator.schemas"), ""))


@cache
def load_index() -> dict[str, Document]:
    """The kinds: name to file, title, whether it is a request, and source."""
    text = files("fluent_oms_simulator.schemas").joinpath("index.json").read_text("utf-8")
    index: dict[str, Document] = json.loads(text)
    return index


def _read(folder: Traversable, prefix: str) -> Iterator[tuple[str, Document]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _read(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".schema.json"):
            yield prefix + entry.name, json.loads(entry.read_text("utf-8"))


class _Compiled(NamedTuple):
    root: Document
    validator: jsonschema_rs.Validator
    shape: Shape


class _Located(NamedTuple):
    """An error, and what is needed to put it into words."""

    error: jsonschema_rs.ValidationError
    root: Document
    document: object
    prefix: str
    place: tuple[int, ...]


class Schemas:
    """The schemas under one choice of strictness. A kind is compiled when it is first used."""

    def __init__(
        self,
        *,
        unknown_fields: Literal["accept", "refuse"] = "accept",
        string_numbers: Literal["refuse", "accept"] = "refuse",
        missing_delta_id: Literal["refuse", "generate", "fail"] = "refuse",
        negative_counts: Literal["refuse", "accept"] = "refuse",
        zero_deltas: Literal["refuse", "accept"] = "refuse",
        no_entries: Literal["refuse", "accept"] = "refuse",
        most_entries: int = MOST_ROWS,
    ) -> None:
        requests = {kind["file"] for kind in load_index().values() if kind["request"]}
        self.documents: Documents = {}
        for name, document in load_documents().items():
            changed = document
            if name in requests:
                if string_numbers == "accept":
                    changed = _with_text_numbers(changed)
                if unknown_fields == "refuse":
                    changed = _closed(changed)
                if missing_delta_id != "refuse":
                    changed = _without_required(changed, "deltaId")
                if zero_deltas == "accept":
                    changed = _with_zeros(changed)
                if negative_counts == "accept" and name == RECORD:
                    changed = {key: changed[key] for key in changed if key not in ("if", "then")}
                changed = _with_lengths(changed, no_entries, most_entries)
            self.documents[document["$id"]] = changed
        self._most_rows = dict.fromkeys(ROWS, most_entries) | {"batch": MOST_ROWS}
        self._registry = jsonschema_rs.Registry(list(self.documents.items()))
        self._compiled: dict[str, _Compiled] = {}

    @classmethod
    def of(cls, behaviour: Behaviour) -> Self:
        """The schemas as these switches have them."""
        return cls(**choice_of(behaviour))

    def is_valid(self, kind: str, document: object) -> bool:
        """The verdict alone, on the hot path."""
        compiled = self._compiled.get(kind) or self._compile(kind)
        rows = ROWS.get(kind)
        if rows is not None and type(document) is dict:
            listed = document.get(rows)
            if type(listed) is list and len(listed) > ROWS_AT_ONCE:
                return len(listed) <= self._most_rows[kind] and self._holds(kind, document, listed)
        return compiled.validator.is_valid(document)

    def _holds(self, kind: str, document: Document, listed: list[Any]) -> bool:
        """The verdict on a document with a long list: on it with the first rows, then on others."""
        begun = {**document, ROWS[kind]: listed[:ROWS_AT_ONCE]}
        if not self.is_valid(kind, begun):
            return False
        rows = self._compiled.get(f"{kind}_rows") or self._compile(f"{kind}_rows")
        is_valid = rows.validator.is_valid
        return all(
            is_valid(listed[start : start + ROWS_AT_ONCE])
            for start in range(ROWS_AT_ONCE, len(listed), ROWS_AT_ONCE)
        )

    def faults(self, kind: str, document: object, limit: int = 100) -> tuple[list[Fault], int]:
        """The first `limit` faults in document order, and how many there are.

        The count stops soon after 20,000: nobody reads on, and a hostile body must stay cheap.
        """
        listed: list[Fault] = []
        total = 0
        for located in self._errors(kind, document):
            if total < limit:
                listed += explain(
                    located.error,
                    root=located.root,
                    documents=self.documents,
                    document=located.document,
                    prefix=located.prefix,
                    most=limit - total,
                )
            total += weight(located.error)
            if total >= MOST_COUNTED_FAULTS:
                break
        return listed, total

    def _errors(self, kind: str, document: object) -> Iterator[_Located]:
        rows = ROWS.get(kind)
        if rows is None:
            yield from self._judge(kind, document)
            return
        around = list(self._judge(f"{kind}_envelope", document))
        if type(document) is not dict or type(document.get(rows)) is not list:
            yield from around
            return
        here = (list(document).index(rows),)
        yield from (located for located in around if located.place < here)
        if len(document[rows]) <= self._most_rows[kind]:
            for index, row in enumerate(document[rows]):
                yield from self._judge(f"{kind}_row", row, f"/{rows}/{index}")
        yield from (located for located in around if located.place >= here)

    def _judge(self, kind: str, document: object, prefix: str = "") -> list[_Located]:
        root, validator, shape = self._compiled.get(kind) or self._compile(kind)
        if validator.is_valid(document):
            return []
        found = [
            _Located(error, root, document, prefix, document_order(error, document))
            for error in validator.iter_errors(bared(document, shape))
        ]
        found.sort(key=lambda located: located.place)
        return list(_without_echoes(found))

    def _compile(self, kind: str) -> _Compiled:
        root = self._root(kind)
        validator = jsonschema_rs.validator_for(root, registry=self._registry)
        shape = shape_of(root, "", partial(resolved, documents=self.documents))
        compiled = _Compiled(root, validator, shape)
        self._compiled[kind] = compiled
        return compiled

    def _root(self, kind: str) -> Document:
        whole, _, part = kind.rpartition("_")
        if whole not in ROWS or part not in ("envelope", "row", "rows"):
            file = load_documents()[load_index()[kind]["file"]]
            return self.documents[file["$id"]]
        root = self._root(whole)
        rows = ROWS[whole]
        row = {"$ref": f"{root['$id']}#/properties/{rows}/items"}
        if part == "row":
            return row
        if part == "rows":
            return {"type": "array", "items": row}
        unlisted = {key: value for key, value in root["properties"][rows].items() if key != "items"}
        return {
            **root,
            "$id": root["$id"].replace(".schema.json", ".envelope.schema.json"),
            "properties": {**root["properties"], rows: unlisted},
        }


def _without_echoes(found: list[_Located]) -> Iterator[_Located]:
    """The errors, less those that only follow from a value being of the wrong type."""
    mistyped = {
        located.place: located for located in reversed(found) if is_type_error(located.error)
    }
    for located in found:
        if mistyped.get(located.place, located) is located:
            yield located


def _with_text_numbers(schema: Any) -> Any:
    """The schema with quantities that may also be text: each has its sibling `..._or_text`."""
    if isinstance(schema, list):
        return [_with_text_numbers(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _with_text_numbers(value) for key, value in schema.items()}
    target = schema.get("$ref")
    if isinstance(target, str) and "numbers.schema.json#" in target:
        changed["$ref"] = target.removesuffix("_or_text") + "_or_text"
    return changed


def _closed(schema: Any) -> Any:
    """The schema with no other properties than those it names, wherever it names some."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _closed(value) for key, value in schema.items() if key != "examples"}
    if schema.get("type") == "object" and "properties" in schema:
        changed.setdefault("additionalProperties", False)
    return changed


def _without_required(schema: Any, name: str) -> Any:
    """The schema with `name` required nowhere."""
    if isinstance(schema, list):
        return [_without_required(item, name) for item in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _without_required(value, name) for key, value in schema.items()}
    if name in schema.get("required", ()):
        changed["required"] = [other for other in schema["required"] if other != name]
    return changed


def _with_zeros(schema: Any) -> Any:
    """The schema with 0 wherever a whole number other than zero is asked for."""
    if isinstance(schema, list):
        return [_with_zeros(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _with_zeros(value) for key, value in schema.items()}
    target = schema.get("$ref")
    if isinstance(target, str):
        changed["$ref"] = target.replace("/nonzero_whole_number", "/whole_number")
    return changed


def _with_lengths(document: Document, no_entries: str, most_entries: int) -> Document:
    """The schema of an event's attributes with other bounds of its list."""
    name = next((rows for rows in ("deltas", "items") if rows in document["properties"]), None)
    if name is None:
        return document
    rows = {**document["properties"][name], "maxItems": most_entries}
    if no_entries == "accept":
        del rows["minItems"]
    return {**document, "properties": {**document["properties"], name: rows}}


def choice_of(behaviour: Behaviour) -> dict[str, Any]:
    """What of the schemas these switches decide."""
    return {
        "unknown_fields": behaviour.schema_unknown_fields,
        "string_numbers": behaviour.schema_string_numbers,
        "missing_delta_id": behaviour.delta_missing_id,
        "negative_counts": behaviour.batch_negative_count,
        "zero_deltas": behaviour.delta_zero,
        "no_entries": behaviour.event_no_entries,
        "most_entries": behaviour.event_most_entries,
    }


def shared_schemas(behaviour: Behaviour) -> Schemas:
    """The same for all simulators of this process whose switches agree on them."""
    return _made(**choice_of(behaviour))


@lru_cache(maxsize=16)
def _made(**choice: Any) -> Schemas:
    return Schemas(**choice)
