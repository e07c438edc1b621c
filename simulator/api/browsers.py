"""What a page that is open in somebody's browser may do here.

One guard before every view. Fluent's own paths want a token, which no foreign page has, and answer
under any name, as they must where a test sends a vendor's host name to this machine. Everything
else is the simulator's own, and is guarded whether or not its view thinks of it.
"""

from flask import Flask, Request, Response, request

from ..errors import api_error, shortened
from ..operations.conformance import VERDICT
from ..origins import AllowedOrigins, host_name, is_local_name, is_same_origin
from ..settings import Settings

FLUENTS_PATHS = ("/api/", "/graphql", "/oauth/")
CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})
FROM_NO_OTHER_SITE = frozenset({"same-origin", "none"})
SECONDS_TO_REMEMBER = 600
"""How long a browser may keep what a preflight has told it."""
READABLE_HEADERS = f"Allow, Retry-After, WWW-Authenticate, {VERDICT}"

GRANTED = "fluent_oms_simulator.granted_origin"
"""Where a request's environment keeps the origin whose pages may read the answer."""


def guard_browsers(app: Flask, settings: Settings) -> None:
    """Refuse what a foreign page sends to the simulator's own paths; answer preflights."""
    guard = _Guard(app, settings)

    @app.before_request
    def admit() -> Response | None:
        return guard.admit(request)

    @app.after_request
    def grant(response: Response) -> Response:
        origin = request.environ.get(GRANTED)
        if origin is not None:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = READABLE_HEADERS
            response.vary.add("Origin")
        return response


class _Guard:
    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._host = settings.host.lower()
        self._takes_any_host = not settings.is_loopback and settings.admin_token is not None
        self._origins = AllowedOrigins(settings.cors_origins)
        self._admin_origins = AllowedOrigins(settings.admin_cors_origins)

    def admit(self, incoming: Request) -> Response | None:
        """Raise ApiError (403) for what is refused; a response where no view is needed."""
        rule = incoming.url_rule
        if rule is None:
            return None
        environ = incoming.environ
        # By the rule that was matched: a path has more spellings than one.
        fluents = rule.rule.startswith(FLUENTS_PATHS)
        origin = environ.get("HTTP_ORIGIN")
        if fluents and origin is None:
            return None
        allowed = self._origins if fluents else self._admin_origins
        granted = origin is not None and allowed.include(origin)
        if not fluents:
            self._check_host(environ.get("HTTP_HOST"))
            if incoming.method not in CHANGES_NOTHING and not granted:
                _check_page(
                    origin, environ.get("HTTP_HOST", ""), environ.get("HTTP_SEC_FETCH_SITE")
                )
        if granted:
            environ[GRANTED] = origin
        if incoming.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
            if not granted:
                option = "--cors-origin" if fluents else "--admin-cors-origin"
                raise api_error(403, f"{_page_of(origin)} may not call this; {option} lets it.")
            return self._preflight(incoming)
        return None

    def _preflight(self, incoming: Request) -> Response:
        """What a browser asks before it lets a page send a request (Fetch standard, 3.2.2)."""
        answer: Response = self._app.make_default_options_response()
        answer.status_code = 204
        answer.headers["Access-Control-Allow-Methods"] = answer.allow.to_header()
        answer.headers["Access-Control-Max-Age"] = str(SECONDS_TO_REMEMBER)
        wanted = incoming.headers.get("Access-Control-Request-Headers")
        if wanted:
            answer.headers["Access-Control-Allow-Headers"] = wanted
        return answer

    def _check_host(self, host: str | None) -> None:
        # Every browser names one; HTTP/1.0 need not.
        if host is None or self._takes_any_host:
            return
        name = host_name(host)
        if name is None or not (is_local_name(name) or name == self._host):
            raise api_error(
                403,
                f"Host is {shortened(host)}: the simulator's own pages and its control API answer"
                " only under a name of this machine, such as localhost. A proxy in front has to"
                " send such a Host; for use from other machines, start with --host 0.0.0.0.",
            )


def _check_page(origin: str | None, host: str, site: str | None) -> None:
    is_foreign = site is not None and site not in FROM_NO_OTHER_SITE
    if is_foreign or (origin is not None and not is_same_origin(origin, host)):
        raise api_error(
            403,
            f"{_page_of(origin)} may not change anything here;"
            " --admin-cors-origin lets pages of an origin do so.",
        )


def _page_of(origin: str | None) -> str:
    return "A page of another site" if origin is None else f"A page of {shortened(origin)}"
