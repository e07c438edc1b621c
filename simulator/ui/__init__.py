"""Pages for people, without any outside host: the window, Swagger UI, a GraphQL explorer.

May import: simulator/api, simulator/look, simulator/operations (and what that may).
"""

from flask import Blueprint, Response, abort, render_template, request, send_from_directory, url_for

from ..api.current import current
from ..look.style_sheet import STYLE_SHEET
from ..operations.shown_credentials import shown_credentials
from .assets import package_folder
from .explorer import add_explorer
from .front import add_front_pages
from .openapi import description_for
from .window import STATIC

_SWAGGER = frozenset({"swagger-ui-bundle.js", "swagger-ui.css"})

# Swagger UI writes styles into its elements, and carries its pictures in its style sheet.
_SWAGGER_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


def ui_blueprint() -> Blueprint:
    """`/`, `/openapi.json`, and everything under `/__ui`."""
    blueprint = Blueprint("ui", __name__, template_folder="templates")
    add_front_pages(blueprint)
    add_explorer(blueprint)

    @blueprint.get("/openapi.json")
    def description() -> Response:
        known = shown_credentials(current().settings)
        document = description_for(request.root_path, tuple(known.items()))
        return Response(document, mimetype="application/json")

    @blueprint.get("/__ui/docs/", strict_slashes=True)
    @blueprint.get("/__ui/docs")
    def docs() -> Response:
        # Written here rather than taken from the package: its page shows a bar that links outside
        # and asks an outside service to validate the description.
        is_control = request.args.get("api") == "control"
        described = url_for("admin.describe" if is_control else "ui.description")
        known = shown_credentials(current().settings)
        page = render_template("docs.html", known=known, described=described, is_control=is_control)
        headers = {"Content-Security-Policy": _SWAGGER_POLICY, "Cache-Control": "no-store"}
        return Response(page, headers=headers, mimetype="text/html")

    @blueprint.get("/__ui/docs/<name>")
    def swagger_file(name: str) -> Response:
        if name not in _SWAGGER:
            abort(404)
        return send_from_directory(package_folder("flask_swagger_ui") / "dist", name, max_age=3600)

    @blueprint.get("/__ui/static/<path:name>")
    def static_file(name: str) -> Response:
        # The colours are those of reports as well, which have no server.
        folder = STYLE_SHEET.parent if name == STYLE_SHEET.name else STATIC
        return send_from_directory(folder, name)

    return blueprint
