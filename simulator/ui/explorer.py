"""The GraphQL explorer at `/__ui/graphql`: writes, completes and runs queries, shows the schema.

Small and our own: GraphiQL comes to Python only by way of outside hosts, or in packages that nobody
looks after, and this page is one on which people sign in.
"""

from flask import Blueprint, Response, render_template

from ..api.current import current
from ..operations.shown_credentials import shown_credentials

_CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

_LABELS = {
    "client_id": ("Client", "text"),
    "client_secret": ("Secret", "password"),
    "username": ("User", "text"),
    "password": ("Password", "password"),
}


def add_explorer(blueprint: Blueprint) -> None:
    """The page; what it loads is in `static/`."""

    @blueprint.get("/__ui/graphql/", strict_slashes=True)
    @blueprint.get("/__ui/graphql")
    def explorer() -> Response:
        settings = current().settings
        fields = [
            (name, *_LABELS[name], value) for name, value in shown_credentials(settings).items()
        ]
        page = render_template("explorer.html", fields=fields, needs_token=settings.auth != "off")
        headers = {"Content-Security-Policy": _CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"}
        return Response(page, headers=headers, mimetype="text/html")
