"""What a page that is open in somebody's browser may do here.

One guard before every view. Fluent's own paths want a token, and answer programs under any name, as
they must where a test sends a vendor's host name to this machine. Everything else is the
simulator's own, and is guarded whether or not its view thinks of it.
"""

from typing import TYPE_CHECKING

from flask import Flask, Response, after_this_request

from ..conformance.conformance_api import VERDICT
from ..errors import api_error, shortened
from ..settings import Settings
from ..text.origins import AllowedOrigins, host_name, is_local_name, is_same_origin

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HTTP_1_0 = ("HTTP/1.0", "HTTP/1")
"""As WSGI has it, and as granian writes it."""
CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})
FROM_NO_OTHER_SITE = frozenset({"same-origin", "none"})
SECONDS_TO_REMEMBER = 600
"""How long a browser may keep what a preflight has told it."""
READABLE_HEADERS = f"Allow, Retry-After, WWW-Authenticate, {VERDICT}"


class BrowserGuard:
    """Refuses what a foreign page sends to the simulator's own paths; answers preflights."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._host = settings.host.lower()
        self._takes_any_host = not settings.is_loopback and settings.admin_token is not None
        self._origins = AllowedOrigins(settings.cors_origins)
        self._admin_origins = AllowedOrigins(settings.admin_cors_origins)

    def admit(self, environ: "WSGIEnvironment", *, fluents: bool) -> Response | None:
        """Raise ApiError (403) for what is refused; a response where no view is needed.

        `fluents` is whether the call that answers is one of Fluent's, or else one of ours.
        """
        origin, site = environ.get("HTTP_ORIGIN"), environ.get("HTTP_SEC_FETCH_SITE")
        if fluents and origin is None and site is None:
            return None  # no browser
        host = environ.get("HTTP_HOST")
        if not host and environ["SERVER_PROTOCOL"] in HTTP_1_0:
            host = None  # every browser names one, HTTP/1.0 need not
        allowed = self._origins if fluents else self._admin_origins
        granted = origin is not None and allowed.include(origin)
        # A page under a foreign name of this machine could sign in with what everybody knows; it
        # can have its browser call its origin null.
        if not (fluents and granted):
            self._check_host(host)
        method = environ["REQUEST_METHOD"]
        if not fluents and not granted and method not in CHANGES_NOTHING:
            _check_page(origin, host or "", site)
        if granted:
            _let_read(str(origin))
        if method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
            if not granted:
                option = "--cors-origin" if fluents else "--admin-cors-origin"
                raise api_error(403, f"{_page_of(origin)} may not call this; {option} lets it.")
            return self._preflight(environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"))
        return None

    def _preflight(self, wanted: str | None) -> Response:
        """What a browser asks before it lets a page send a request (Fetch standard, 3.2.2)."""
        answer: Response = self._app.make_default_options_response()
        answer.status_code = 204
        answer.headers["Access-Control-Allow-Methods"] = answer.allow.to_header()
        answer.headers["Access-Control-Max-Age"] = str(SECONDS_TO_REMEMBER)
        if wanted:
            answer.headers["Access-Control-Allow-Headers"] = wanted
        return answer

    def _check_host(self, host: str | None) -> None:
        if host is None or self._takes_any_host:
            return
        name = host_name(host)
        if name is None or not (is_local_name(name) or name == self._host):
            raise api_error(
                403,
                f"Host is {shortened(host)}, which is no name of this machine: under such a name"
                " neither the simulator's own pages and control API are served nor the calls of a"
                " page. Use localhost, and let a proxy in front send that as Host; where other"
                " machines are to reach it, start it with --host 0.0.0.0.",
            )


def _check_page(origin: str | None, host: str, site: str | None) -> None:
    is_foreign = site is not None and site not in FROM_NO_OTHER_SITE
    if is_foreign or (origin is not None and not is_same_origin(origin, host)):
        raise api_error(
            403,
            f"{_page_of(origin)} may not change anything here;"
            " --admin-cors-origin lets pages of an origin do so.",
        )


def _let_read(origin: str) -> None:
    """Tell the browser that pages of this origin may read the answer, refusals included."""

    @after_this_request
    def grant(response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = READABLE_HEADERS
        response.vary.add("Origin")
        return response


def _page_of(origin: str | None) -> str:
    return "A page of another site" if origin is None else f"A page of {shortened(origin)}"
