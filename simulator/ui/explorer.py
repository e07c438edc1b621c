"""GraphiQL at `/__ui/graphql`: writes, completes and runs queries, without any outside host."""

from pathlib import Path

from flask import Blueprint, Response, abort, render_template_string, send_from_directory, url_for

from ..settings import Settings
from .assets import package_folder

# GraphiQL 2.4.7 with React 17. Only files are taken from the package: its modules would need
# Django, which it does not declare and nobody has to install.
_PACKAGE = "graphene_django_graphiql_static"
_ASSETS = frozenset(
    {
        "graphiql-plugin-explorer.umd.js",
        "graphiql.min.css",
        "graphiql.min.js",
        "react-dom.production.min.js",
        "react.production.min.js",
        "style.css",
    }
)
_OWN_FOLDER = Path(__file__).parent / "static"
_OWN_ASSETS = frozenset({"explorer.css", "explorer.js"})

# GraphiQL sets styles from its scripts and carries its fonts and cursors inside its style sheet.
_CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>fluent-oms-simulator: GraphQL</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="{{ asset('graphiql.min.css') }}">
  <link rel="stylesheet" href="{{ asset('style.css') }}">
  <link rel="stylesheet" href="{{ asset('explorer.css') }}">
</head>
<body>
  <header>
    <h1>GraphQL</h1>
    <a href="{{ url_for('ui.docs') }}">REST API</a>
    {%- if settings.auth != "off" %}
    <form id="sign-in" method="post" autocomplete="off">
      {%- for name, label, kind, value in fields %}
      <label>{{ label }}
        <input name="{{ name }}" type="{{ kind }}" value="{{ value }}" required spellcheck="false">
      </label>
      {%- endfor %}
      <button>Sign in</button>
    </form>
    <p id="signed-in" hidden>
      <span>Signed in as <strong></strong></span>
      <button type="button">Sign out</button>
    </p>
    <p id="message" role="status"></p>
    {%- endif %}
  </header>
  <main id="explorer"><noscript>The explorer needs JavaScript.</noscript></main>
  <script src="{{ asset('react.production.min.js') }}"></script>
  <script src="{{ asset('react-dom.production.min.js') }}"></script>
  <script src="{{ asset('graphiql.min.js') }}"></script>
  <script src="{{ asset('graphiql-plugin-explorer.umd.js') }}"></script>
  <script src="{{ asset('explorer.js') }}"></script>
</body>
</html>
"""


def add_explorer(blueprint: Blueprint, settings: Settings) -> None:
    """The page, and the files it loads."""

    @blueprint.get("/__ui/graphql")
    @blueprint.get("/__ui/graphql/")
    def explorer() -> Response:
        def asset(name: str) -> str:
            return url_for("ui.explorer_asset", name=name)

        page = render_template_string(
            _PAGE, asset=asset, settings=settings, fields=_sign_in_fields(settings)
        )
        headers = {"Content-Security-Policy": _CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"}
        return Response(page, headers=headers, mimetype="text/html")

    @blueprint.get("/__ui/graphql/<name>")
    def explorer_asset(name: str) -> Response:
        if name in _OWN_ASSETS:
            return send_from_directory(_OWN_FOLDER, name)
        if name not in _ASSETS:
            abort(404)
        folder = package_folder(_PACKAGE) / "static" / _PACKAGE
        return send_from_directory(folder, name, max_age=3600)


def _sign_in_fields(settings: Settings) -> list[tuple[str, str, str, str]]:
    """Name, label, kind and value of what the password grant asks for.

    The values are filled in where only this machine sees the page.
    """
    fields = [
        ("client_id", "Client", "text", settings.client_id),
        ("client_secret", "Secret", "password", settings.client_secret),
        ("username", "User", "text", settings.username),
        ("password", "Password", "password", settings.password),
    ]
    if settings.is_loopback:
        return fields
    return [(name, label, kind, "") for name, label, kind, _ in fields]
