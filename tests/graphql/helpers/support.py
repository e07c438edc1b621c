"""What tests ask over GraphQL, and what they expect of every answer."""

import json
import re
from collections.abc import Iterator
from typing import Any

from werkzeug.test import TestResponse

from ...support import CATALOGUE, Client, Document

CODE = re.compile(r"C\d{4}E")
DEFECT = "A defect of the simulator"

KEY = f'{{ref: "{CATALOGUE}"}}'
"""The catalogue of retailer 1, as an argument."""


def post(
    client: Client, query: object, variables: object = None, operation: object = None
) -> TestResponse:
    """Send a document, with variables and an operation's name where there are any."""
    body = {"query": query, "variables": variables, "operationName": operation}
    return client.post("/graphql", {k: v for k, v in body.items() if v is not None})


def ask(client: Client, query: str, /, **variables: object) -> Document:
    """The data of a document that must run without errors."""
    answer = answer_of(post(client, query, variables or None))
    assert "errors" not in answer, answer["errors"]
    data: Document = answer["data"]
    return data


def answer_of(reply: TestResponse) -> Document:
    """The body of a reply that reached GraphQL; every error in it has a code and is no defect."""
    assert reply.content_type == "application/json"
    answer: Document = json.loads(reply.get_data())
    assert set(answer) <= {"data", "errors"}, answer
    for error in answer.get("errors", ()):
        assert DEFECT not in error["message"], error
        assert CODE.fullmatch(error["extensions"]["code"]), error
    assert answer.get("errors") != []
    return answer


def errors_of(client: Client, query: str, /, **variables: object) -> list[tuple[str, str]]:
    """Code and message of every error that a document gives."""
    answer = answer_of(post(client, query, variables or None))
    return [(e["extensions"]["code"], e["message"]) for e in answer.get("errors", ())]


def code_of(client: Client, query: str, /, **variables: object) -> str:
    """The code of the only error that a document gives."""
    ((code, _),) = errors_of(client, query, **variables)
    return code


def nodes(connection: Document) -> list[Document]:
    """The rows of a page."""
    return [edge["node"] for edge in connection["edges"]]


def refs(connection: Document) -> list[str]:
    """The refs of a page's rows."""
    return [node["ref"] for node in nodes(connection)]


def pages(
    client: Client,
    field: str,
    size: int,
    *,
    filters: str = "",
    selection: str = "id ref",
    backward: bool = False,
) -> Iterator[Document]:
    """The pages of a list from one of its ends to the other, as the vendor's client asks."""
    count, cursor = ("last", "before") if backward else ("first", "after")
    query = f"""query ($size: Int, $cursor: String) {{
      {field}({filters} {count}: $size, {cursor}: $cursor) {{
        edges {{ cursor node {{ {selection} }} }} pageInfo {{ hasNextPage hasPreviousPage }}
      }} }}"""
    at: str | None = None
    while True:
        page: Document = ask(client, query, size=size, cursor=at)[field]
        yield page
        if not page["pageInfo"]["hasPreviousPage" if backward else "hasNextPage"]:
            return
        assert page["edges"], "a page says that there are more rows, and has none to go on from"
        following = page["edges"][0 if backward else -1]["cursor"]
        assert following != at
        at = following


def walked(client: Client, field: str, size: int, **options: Any) -> list[Document]:
    """Every row of a list, read page by page, in the list's order."""
    found: list[Document] = []
    for page in pages(client, field, size, **options):
        found = nodes(page) + found if options.get("backward") else found + nodes(page)
    return found
