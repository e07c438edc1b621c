"""Answers what a simulator is asked first, before the application around its operations is loaded.

That is whether it is ready, how it is, and for a token. As in `plain_calls`, a call is answered
here where nothing about it wants a decision of the edge, and as Flask answers it, byte for byte.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import orjson

from ...api.refusal_bodies import DEFECT, refusal
from ...api.sign_in_forms import FORM, form_parameters, without_secrets
from ...conformance.traffic import SENT
from ...errors import ApiError, Reason, api_error
from ...operations.replies import Reply
from ...simulator import Simulator
from ...text.origins import host_name, is_local_name
from .environ import Environ, environ_of
from .plain_calls import WANT_A_DECISION
from .raw_answers import RawAnswer, raw_json

SIGN_IN = "/oauth/token"
READY, HEALTH = "/__admin/ready", "/__admin/health"

MOST_OF_FIRST_FORM = 4 * 1024
"""Bytes of a sign-in that is taken apart at once: no other call waits for a large one."""

log = logging.getLogger(__name__)


class FirstCall(NamedTuple):
    """What makes the answer, and whether that may take long."""

    answer: Callable[[], RawAnswer]
    is_long: bool


class FirstCalls:
    """Knows which calls these are, and answers them."""

    def __init__(self, simulator: Simulator, when_ready: Callable[[], object]) -> None:
        """`when_ready` is called as soon as somebody has been told that it is ready."""
        self._admin = simulator.admin
        self._tokens = simulator.tokens
        self._traffic = simulator.traffic
        self._when_ready = when_ready

    def find(self, scope: Any, body: bytes | None) -> FirstCall | None:
        """The request as one of these calls; None where it is none. `body` is None without one."""
        path, method, headers = scope.path, scope.method, scope.headers
        if scope.query_string or any(name in headers for name in WANT_A_DECISION):
            return None
        if path == SIGN_IN:
            is_form = body is not None and headers.get_all("content-type") == [FORM]
            if method != "POST" or not is_form or len(body or b"") > MOST_OF_FIRST_FORM:
                return None
            return FirstCall(partial(self._sign_in, scope, body or b""), is_long=False)
        if method != "GET" or body is not None or not _names_this_machine(scope):
            return None
        if path == READY:
            return FirstCall(partial(self._ready, scope), is_long=False)
        authorization = headers.get_all("authorization")
        # One that is not ASCII is there, and has no value.
        is_plain = len(authorization) == int("authorization" in headers)
        if path == HEALTH and is_plain:
            shown = authorization[0] if authorization else ""
            return FirstCall(partial(self._health, scope, shown), is_long=True)
        return None

    def _ready(self, scope: Any) -> RawAnswer:
        answer, _ = _answered(scope, self._admin.ready)
        if answer.status == 200:
            self._when_ready()
        return answer

    def _health(self, scope: Any, authorization: str) -> RawAnswer:
        in_detail = self._admin.is_known(authorization)
        answer, _ = _answered(scope, partial(self._admin.health, in_detail=in_detail))
        return answer

    def _sign_in(self, scope: Any, form: bytes) -> RawAnswer:
        # The stream in which the request came.
        record = None if self._traffic is None else self._traffic.recorder
        environ = environ_of(scope, form)
        environ[SENT] = b""  # it holds secrets
        answer, reason = _answered(scope, partial(self._token, environ, form))
        if record is not None:
            record(environ, answer.status, None, answer.body, reason)
        return answer

    def _token(self, environ: Environ, form: bytes) -> Reply:
        parameters = form_parameters(form)
        environ[SENT] = without_secrets(parameters)
        return self._tokens.issue_token(parameters)


def _answered(scope: Any, operation: Callable[[], Reply]) -> tuple[RawAnswer, Reason | None]:
    """What an operation answers, and why nothing came of the call where that is so."""
    try:
        reply = operation()
        status, headers, reason = reply.status, reply.headers, reply.reason
        content = orjson.dumps(reply.body)
    except ApiError as error:
        status, headers = error.status, error.headers
        content, reason = refusal(error)
    except Exception as fault:
        log.error("a defect in %s %s", scope.method, scope.path, exc_info=fault)
        status, headers = 500, {}
        content, reason = refusal(api_error(500, DEFECT))
    return raw_json(status, headers, content), reason


def _names_this_machine(scope: Any) -> bool:
    """Whether the one `Host` is such that no page of another site can have sent it."""
    hosts = scope.headers.get_all("host")
    if len(hosts) != 1 or scope.authority is not None:
        return False
    name = host_name(hosts[0])
    return name is not None and is_local_name(name)
