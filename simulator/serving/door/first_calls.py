"""Answers what a simulator is asked first, before the application around its operations is loaded.

That is whether it is ready, how it is, and for a token. As in `plain_calls`, a call is answered
here where nothing about it wants a decision of the edge, and as Flask answers it, byte for byte.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import orjson

from ...api.refusal_bodies import DEFECT, refusal
from ...api.sign_in_forms import FORM, form_parameters, without_secrets
from ...errors import ApiError, Reason, api_error
from ...operations.replies import Reply
from ...simulator import Simulator
from ...stores.request import request_of
from ...text.origins import host_name, is_local_name
from .arriving import NONE, Body
from .head import Head
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


def first_call(
    simulator: Simulator,
    path: str,
    scope: Any,
    head: Head,
    body: Body,
    when_ready: Callable[[], object],
) -> FirstCall | None:
    """The request as one of these calls at a simulator; None where it is none.

    `when_ready` is called as soon as somebody has been told that it is ready.
    """
    content = body.content
    if not head.is_plain or not isinstance(content, bytes) or scope.query_string:
        return None
    method, headers = scope.method, head.values
    if not WANT_A_DECISION.isdisjoint(headers):
        return None
    if path == SIGN_IN:
        is_form = method == "POST" and headers.get("content-type") == FORM
        if not is_form or body is NONE or len(content) > MOST_OF_FIRST_FORM:
            return None
        return FirstCall(partial(_sign_in, simulator, scope, headers, content), is_long=False)
    if method != "GET" or body is not NONE or not _names_this_machine(scope, headers):
        return None
    if path == READY:
        return FirstCall(partial(_ready, simulator, scope, when_ready), is_long=False)
    if path == HEALTH:
        authorization = headers.get("authorization", "")
        return FirstCall(partial(_health, simulator, scope, authorization), is_long=True)
    return None


def _ready(simulator: Simulator, scope: Any, when_ready: Callable[[], object]) -> RawAnswer:
    answer, _ = _answered(scope, simulator.admin.ready)
    if answer.status == 200:
        when_ready()
    return answer


def _health(simulator: Simulator, scope: Any, authorization: str) -> RawAnswer:
    in_detail = simulator.admin.is_known(authorization)
    answer, _ = _answered(scope, partial(simulator.admin.health, in_detail=in_detail))
    return answer


def _sign_in(
    simulator: Simulator, scope: Any, headers: Mapping[str, str], form: bytes
) -> RawAnswer:
    # The stream in which the request came.
    record = simulator.traffic.recorder
    sent: bytes | Mapping[str, str] = b""  # the form holds secrets

    def token() -> Reply:
        nonlocal sent
        parameters = form_parameters(form)
        sent = without_secrets(parameters)
        return simulator.tokens.issue_token(parameters)

    answer, reason = _answered(scope, token)
    address = scope.client.rpartition(":")[0]
    authorization, agent = headers.get("authorization"), headers.get("user-agent", "")
    request = request_of("POST", SIGN_IN, "", address, authorization, agent, sent)
    record(request, answer.status, None, answer.body, reason)
    return answer


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


def _names_this_machine(scope: Any, headers: Mapping[str, str]) -> bool:
    """Whether the `Host` is such that no page of another site can have sent it."""
    name = host_name(headers.get("host", ""))
    return scope.authority is None and name is not None and is_local_name(name)
