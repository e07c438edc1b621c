"""Pages for people: Swagger UI over the API's description, GraphiQL; without any outside host."""

from flask import Blueprint, Response, abort, render_template_string, send_from_directory, url_for

from ..settings import Settings
from .assets import package_folder
from .explorer import add_explorer
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
  <p class="swagger-ui"><a class="link" href="{{ url_for('ui.explorer') }}">GraphQL explorer</a></p>
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


def ui_blueprint(settings: Settings) -> Blueprint:
    """`/openapi.json`, Swagger UI at `/__ui/docs`, GraphiQL at `/__ui/graphql`."""
    blueprint = Blueprint("ui", __name__)
    add_explorer(blueprint, settings)

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
        return send_from_directory(package_folder("flask_swagger_ui") / "dist", name, max_age=3600)

    return blueprint
