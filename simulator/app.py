"""The Flask application: Fluent's paths, the control API, the pages."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import BaseConverter

from .admin import ADMIN_PREFIX, admin_blueprint
from .api.access import Access, access_of, access_of_nothing
from .api.bodies import check_unwanted, keep_refused
from .api.browsers import BrowserGuard
from .api.current import current
from .api.edge import RecordedResponse, respond_error
from .api.events import add_event_paths
from .api.graphql import add_graphql_path
from .api.jobs import add_job_paths
from .api.paths import PathFinder
from .api.placing import MISPLACED, PLACED, RECORD, RECORDER, put_in_place
from .api.refusal_bodies import DEFECT
from .api.tokens import add_token_path
from .api.troubled_application import answer_among_faults, is_among_faults
from .errors import ApiError, api_error, shortened
from .simulator import Simulator
from .ui import ui_blueprint

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FLUENTS = (Access.SIGNED_IN, Access.SIGNING_IN)
"""What is recorded, to be held against the rules of use."""

log = logging.getLogger(__name__)


def create_app(simulator: Simulator) -> Flask:
    """The application that serves a simulator."""
    app = _Application(__name__, static_folder=None)
    app.home = simulator
    app.response_class = RecordedResponse
    app.config["MAX_CONTENT_LENGTH"] = simulator.behaviour.http_max_body_bytes
    # A ref may hold two slashes in a row, and a redirect would lose the body of a POST.
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    app.url_map.converters["ref"] = _RefConverter

    browsers = BrowserGuard(app, simulator.settings)

    accesses: dict[str, Access] = {}  # by endpoint, once every rule is there

    @app.before_request
    def authenticate() -> Response | None:
        environ, rule = request.environ, request.url_rule
        if MISPLACED in environ:
            raise environ[MISPLACED]
        simulator: Simulator = environ[PLACED]
        if rule is None:
            access = access_of_nothing(environ["PATH_INFO"])
        else:
            access = accesses.get(rule.endpoint, Access.SIGNED_IN)
            # First, and not recorded: a browser asks, without a token, whether it may ask.
            answer = browsers.admit(environ, fluents=access in FLUENTS)
            if answer is not None:
                check_unwanted(environ, simulator.behaviour)
                return answer
        if access in FLUENTS:
            environ[RECORD] = environ.get(RECORDER) or simulator.traffic.recorder
        if access is Access.SIGNED_IN:
            try:
                simulator.access_tokens.verify(environ.get("HTTP_AUTHORIZATION"))
            except ApiError:
                keep_refused(environ, simulator.behaviour)
                raise
        return None

    def admit_body() -> None:
        rule = request.url_rule
        # The POSTs of Fluent's read their bodies themselves.
        if rule is not None and (
            request.method != "POST" or accesses[rule.endpoint] not in FLUENTS
        ):
            check_unwanted(request.environ, current().behaviour)

    app.admit_body = admit_body

    app.register_error_handler(ApiError, respond_error)
    app.register_error_handler(HTTPException, partial(_http_error, PathFinder(app)))
    app.register_error_handler(Exception, _defect)
    # Plain rules, not blueprints: Flask asks every blueprint around each request for its hooks.
    add_token_path(app)
    add_job_paths(app)
    add_event_paths(app)
    add_graphql_path(app)
    app.register_blueprint(admin_blueprint())
    app.register_blueprint(ui_blueprint())
    accesses.update((rule.endpoint, access_of(rule)) for rule in app.url_map.iter_rules())
    return app


class _Application(Flask):
    """Flask, for a simulator and those beside it.

    It has a last look at each request that was admitted, before its view does anything.
    """

    home: Simulator
    admit_body: Callable[[], None]

    def wsgi_app(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer, as any WSGI application does, for the simulator that is meant."""
        put_in_place(environ, self.home)
        if is_among_faults(environ):
            return answer_among_faults(super().wsgi_app, environ, start_response)
        return super().wsgi_app(environ, start_response)

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer, once the body is known to be whole, or left to the view."""
        self.admit_body()
        return super().dispatch_request()


class _RefConverter(BaseConverter):
    """A ref to the end of the path, slashes and all, even as its first character."""

    regex = ".+"
    part_isolating = False


def _http_error(paths: PathFinder, error: HTTPException) -> Response:
    """What the framework refuses, in Fluent's shape."""
    status = error.code or 500
    if status < 400:
        return RecordedResponse(status=status, headers=error.get_headers())
    path = shortened(request.path)
    if isinstance(error, RequestEntityTooLarge):
        message = str(error.description)
    elif status == 404:
        message = _no_such_path(path, paths.nearest(path))
    elif status == 405:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
        message = f"{path} does not take {request.method}: expected {allowed}."
    else:
        message = f"{error.name}: {error.description}"
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    return respond_error(api_error(status, message, headers=headers))


def _no_such_path(path: str, near: str | None) -> str:
    meant = f"; did you mean {near}?" if near else "."
    is_admins = "admin" in path.lower() or (near or "").startswith(ADMIN_PREFIX)
    where = f"{ADMIN_PREFIX} lists the control API" if is_admins else "/ lists what there is"
    return f"There is no path {path}{meant} GET {where}."


def _defect(error: Exception) -> Response:
    log.error("a defect in %s %s", request.method, request.path, exc_info=error)
    return respond_error(api_error(500, DEFECT))
