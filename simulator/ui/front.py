"""The front door at `/` and `/__ui/`: the window for people, what there is for programs."""

from functools import cache

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from ..intake.api_description import load_description
from .listing import Entry, ListSection, prefers_a_page, respond_with_list
from .window import window

PAGES = ListSection(
    "pages",
    [
        Entry("GET", "/__ui/", "The window: what comes in, and what it does to the stock."),
        Entry("GET", "/__ui/docs", "Fluent's REST APIs: read about a call, and try it."),
        Entry("GET", "/__ui/docs?api=control", "The same for the control API."),
        Entry("GET", "/__ui/graphql", "Write and run GraphQL queries, with the schema beside."),
        Entry("GET", "/openapi.json", "The OpenAPI description of Fluent's paths."),
    ],
)
ADMIN = ListSection(
    "control",
    [
        Entry("GET", "/__admin", "The control API: what it can do."),
        Entry("GET", "/__admin/health", "Whether it lives, its version, and since when it runs."),
    ],
)
ABOUT = "An offline stand-in for the inventory APIs of Fluent OMS."


def add_front_pages(blueprint: Blueprint) -> None:
    """`/` and `/__ui`, with and without a slash at the end."""

    @blueprint.get("/")
    def front() -> Response:
        if prefers_a_page():
            return _to_the_window()
        fluents = ListSection("fluent", fluents_calls(), can_be_followed=False)
        return respond_with_list("Fluent OMS simulator", ABOUT, [PAGES, fluents, ADMIN])

    @blueprint.get("/__ui/", strict_slashes=True)
    @blueprint.get("/__ui")
    def pages() -> Response:
        if not prefers_a_page():
            return respond_with_list("Pages", ABOUT, [PAGES])
        # What the page asks for goes by its own address.
        reply = window() if request.path.endswith("/") else _to_the_window()
        reply.vary.add("Accept")
        return reply


def _to_the_window() -> Response:
    reply = redirect(f"{request.root_path}/__ui/")
    reply.vary.add("Accept")
    return reply


@cache
def fluents_calls() -> list[Entry]:
    """Fluent's operations, as the OpenAPI description has them."""
    return [
        Entry(method.upper(), path, operation["summary"])
        for path, item in load_description()["paths"].items()
        for method, operation in item.items()
        if method in ("get", "post")
    ]
