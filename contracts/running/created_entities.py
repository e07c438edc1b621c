"""What a GraphQL request has made, and how that is put out of use: nothing can be deleted.

Fluent docs: GraphQL schema docs: there is a create and an update of each kind, and no delete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from fluent_oms_simulator.client.answers import Answer
from fluent_oms_simulator.client.fluent_api import Api
from graphql import (
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    parse,
)
from graphql import (
    value_from_ast_untyped as _value,
)

INACTIVE = "INACTIVE"
KEYS = ("ref", "catalogue", "controlGroup")
KNOWN_BY_ID: Mapping[str, tuple[str, str]] = {
    "Location": ("locations", "ref"),
    "Network": ("networks", "name"),
}
"""Kinds that an update names by id: the query that finds them by ref, and what their ref is."""
WITHOUT_STATUS = ("Setting",)
"""Kinds of which nothing says whether they are in use."""
WITH_QUANTITY = ("InventoryQuantity", "VirtualPosition")


def _spelt(kind: str) -> str:
    """A kind in words: an InventoryCatalogue is an inventory catalogue."""
    return "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in kind).strip()


class Made(NamedTuple):
    """Something that a mutation has made: its kind, and what it was made with, as JSON."""

    kind: str
    given: bytes

    @property
    def details(self) -> dict[str, Any]:
        """What it was made with."""
        details: dict[str, Any] = orjson.loads(self.given)
        return details

    def __str__(self) -> str:
        return f"the {_spelt(self.kind)} {self.details.get('ref') or self.details.get('name')}"


def made_by(request: Mapping[str, Any], answer: Mapping[str, Any] | None) -> list[tuple[Made, str]]:
    """What a request has made, each with its id where the answer shows one.

    `answer` is None where none came: then all of it may have been made.
    """
    data = answer.get("data") if answer is not None else None
    found = []
    for field, values in _mutations(request):
        name, shown_as = field.name.value, (field.alias or field.name).value
        shown = data.get(shown_as) if isinstance(data, dict) else None
        given = values.get("input")
        if not name.startswith("create") or not isinstance(given, dict):
            continue
        if answer is None or shown is not None:
            given_id = shown.get("id") if isinstance(shown, dict) else None
            made = Made(name.removeprefix("create"), orjson.dumps(given))
            found.append((made, given_id if isinstance(given_id, str) else ""))
    return found


def _mutations(request: Mapping[str, Any]) -> Iterator[tuple[FieldNode, dict[str, Any]]]:
    """The mutations of a request, each with the values of its arguments."""
    text, variables = request.get("query"), request.get("variables")
    if not isinstance(text, str) or "mutation" not in text:
        return
    try:
        document = parse(text)
    except (GraphQLError, RecursionError):
        return
    known = variables if isinstance(variables, dict) else {}
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        if operation.operation is OperationType.MUTATION:
            for field in operation.selection_set.selections:
                if isinstance(field, FieldNode):
                    given = field.arguments or ()
                    yield field, {one.name.value: _value(one.value, known) for one in given}


def put_out_of_use(api: Api, made: Made, given_id: str) -> str:
    """Set what was made to INACTIVE, and its quantity to 0; empty, or why it is still in use."""
    if made.kind in WITHOUT_STATUS:
        return f"{made} stays: a {_spelt(made.kind)} has no status"
    details = made.details
    key = {name: details[name] for name in KEYS if name in details}
    if made.kind in KNOWN_BY_ID:
        given_id = given_id or _id_of(api, made)
        if not given_id:
            return ""  # it was not made after all
        key = {"id": given_id}
    more = {"quantity": 0} if made.kind in WITH_QUANTITY else {}
    answer = api.graphql(
        f"mutation ($input: Update{made.kind}Input) {{"
        f" update{made.kind}(input: $input) {{ status }} }}",
        input={**key, **more, "status": INACTIVE},
    )
    shown = _shown(answer, f"update{made.kind}")
    if isinstance(shown, dict) and shown.get("status") == INACTIVE:
        return ""
    if _is_unknown(answer):
        return ""
    return f"{made} stays in use: {answer.text[:300]}"


def _id_of(api: Api, made: Made) -> str:
    """The id of what the answer did not name by one; empty where there is no such thing."""
    query, ref = KNOWN_BY_ID[made.kind]
    answer = api.graphql(
        f"query ($ref: [String]) {{ {query}(ref: $ref, first: 1) {{"
        " edges { node { id } } } }",
        ref=[made.details.get(ref)],
    )
    found = _shown(answer, query)
    edges = found.get("edges") if isinstance(found, dict) else None
    return str(edges[0]["node"]["id"]) if edges else ""


def _shown(answer: Answer, name: str) -> object:
    data = answer.fields.get("data")
    return data.get(name) if isinstance(data, dict) else None


def _is_unknown(answer: Answer) -> bool:
    """Whether the answer says that there is no such thing: the code C0120E."""
    return "C0120" in answer.text
