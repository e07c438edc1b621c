"""Webhooks and what they were told, under /__admin/webhooks."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import query, respond
from ..operations.webhook_log import DELIVERY_FILTERS
from .wishes import wish

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.list_webhooks": ("start", "count"),
    "admin.find_webhook": (),
    "admin.make_webhook": (),
    "admin.drop_webhook": (),
    "admin.tell_webhook_key": (),
    "admin.search_deliveries": (*DELIVERY_FILTERS, "wait", "start", "count"),
    "admin.find_delivery": (),
    "admin.redeliver": (),
}


def add_webhooks(blueprint: Blueprint) -> None:
    """List them, make one, drop one; see what they were told, and have it told again."""

    @blueprint.get("/webhooks")
    def list_webhooks() -> Response:
        """The webhooks, which are told of each event that ends, and what waits for them."""
        return respond(current().webhook_setting.list_all(query()))

    @blueprint.get("/webhooks/<name>")
    def find_webhook(name: str) -> Response:
        """One of them: its address, which events it is for, what waits."""
        return respond(current().webhook_setting.find(name))

    @blueprint.put("/webhooks/<name>")
    def make_webhook(name: str) -> Response:
        """Have events posted to a `url` as they end: all, or chosen ones."""
        return respond(current().webhook_setting.make(name, wish()))

    @blueprint.delete("/webhooks/<name>")
    def drop_webhook(name: str) -> Response:
        """Drop one, with its deliveries; what is on its way is given up."""
        return respond(current().webhook_setting.drop(name))

    @blueprint.get("/webhook-key")
    def tell_webhook_key() -> Response:
        """The public key that receivers verify signatures with, as one line and as PEM."""
        return respond(current().webhook_setting.tell_key())

    @blueprint.get("/webhooks/<name>/deliveries")
    def search_deliveries(name: str) -> Response:
        """What a webhook was told, newest first: each attempt with its answer."""
        return respond(current().deliveries.search(name, query()))

    @blueprint.get("/webhooks/<name>/deliveries/<number>")
    def find_delivery(name: str, number: str) -> Response:
        """One delivery, whole: its attempts, headers and body."""
        return respond(current().deliveries.find(name, number))

    @blueprint.post("/webhooks/<name>/deliveries/<number>/redeliver")
    def redeliver(name: str, number: str) -> Response:
        """Have the same event posted once more."""
        return respond(current().deliveries.redeliver(name, number))
