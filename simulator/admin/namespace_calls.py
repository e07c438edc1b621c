"""Worlds of their own, under /__admin/namespaces."""

from flask import Blueprint, Response, request

from ..api.current import current
from ..api.edge import query, respond
from .wishes import wish

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.list_namespaces": ("start", "count"),
    "admin.find_namespace": (),
    "admin.make_namespace": (),
    "admin.drop_namespace": (),
}


def add_namespaces(blueprint: Blueprint) -> None:
    """List them, see one, make one, drop one."""

    @blueprint.get("/namespaces")
    def list_namespaces() -> Response:
        """The worlds beside this one, each with its address; paged by start and count."""
        return respond(current().namespaces.list_all(query(), request.host_url))

    @blueprint.get("/namespaces/<name>")
    def find_namespace(name: str) -> Response:
        """One of them: its address, and what its callers sign in with."""
        return respond(current().namespaces.find(name, request.host_url))

    @blueprint.put("/namespaces/<name>")
    def make_namespace(name: str) -> Response:
        """Make a world of its own: stock, jobs, tokens, clock, requests, switches."""
        return respond(current().namespaces.make(name, wish(), request.host_url))

    @blueprint.delete("/namespaces/<name>")
    def drop_namespace(name: str) -> Response:
        """Drop it, with all that is in it."""
        return respond(current().namespaces.drop(name))
