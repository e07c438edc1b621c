"""Pages for people: the API's description and Swagger UI over it, without any outside host."""

from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, abort, render_template_string, send_from_directory, url_for

from .openapi import bundled_json

_ASSETS = frozenset({"favicon-32x32.png", "index.css", "swagger-ui-bundle.js", "swagger-ui.css"})

# Written here rather than taken from the package: its page shows a bar that links outside and asks
# an outside service to validate the description.
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>fluent-oms-simulator: API</title>
  <link rel="icon" type="image/png" href="{{ asset('favicon-32x32.png') }}">
  <link rel="stylesheet" href="{{ asset('index.css') }}">
  <link rel="stylesheet" href="{{ asset('swagger-ui.css') }}">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="{{ asset('swagger-ui-bundle.js') }}"></script>
  <script>
    window.ui = SwaggerUIBundle({
      url: {{ url_for('ui.description') | tojson }},
      dom_id: "#swagger-ui",
      deepLinking: true,
      validatorUrl: null,
      persistAuthorization: true,
    });
  </script>
</body>
</html>
"""


def ui_blueprint() -> Blueprint:
    """`/openapi.json`, and Swagger UI at `/__ui/docs`."""
    blueprint = Blueprint("ui", __name__)

    @blueprint.get("/openapi.json")
    def description() -> Response:
        return Response(bundled_json(), mimetype="application/json")

    @blueprint.get("/__ui/docs")
    @blueprint.get("/__ui/docs/")
    def docs() -> str:
        def asset(name: str) -> str:
            return url_for("ui.asset", name=name)

        return render_template_string(_PAGE, asset=asset)

    @blueprint.get("/__ui/docs/<name>")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            abort(404)
        return send_from_directory(_swagger_folder(), name, max_age=3600)

    return blueprint


def _swagger_folder() -> Path:
    """Where the package keeps Swagger UI's files; found without importing it."""
    spec = find_spec("flask_swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("flask_swagger_ui is not installed")
    return Path(spec.submodule_search_locations[0]) / "dist"
