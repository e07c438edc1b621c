"""A request in words: its bodies without secrets, and the command that sends it again."""

import base64
import shlex
from urllib.parse import parse_qsl, quote, urlencode

import orjson

from ..stores.request import Request
from ..stores.request_log import LoggedRequest

SECRETS = frozenset(
    {"access_token", "client_secret", "password", "refresh_token", "token", "authorization"}
)
REDACTED = "<redacted>"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
SIGN_IN = "/oauth/token"
PLAIN = "/:@!$&'()*+,;=~"
"""What stands in a path as it is; WSGI has its bytes as letters of Latin-1 (PEP 3333)."""


def shown_query(query: str) -> str:
    """A query without the values of secrets."""
    parameters = parse_qsl(query, keep_blank_values=True)
    if not any(name.lower() in SECRETS for name, _ in parameters):
        return query
    return urlencode([(name, _shown(name, value)) for name, value in parameters], safe="<>")


def body_text(request: Request) -> str:
    """What was sent; the form of a sign-in without its secrets."""
    sent = request.sent
    if isinstance(sent, bytes):
        return sent.decode("utf-8", "backslashreplace")
    return urlencode([(name, _shown(name, value)) for name, value in sent.items()], safe="<>")


def shown_path(path: str) -> str:
    """A path as its sender meant it: WSGI has its bytes as letters of Latin-1 (PEP 3333)."""
    return path.encode("latin-1", "replace").decode("utf-8", "backslashreplace")


def told_reply(entry: LoggedRequest) -> bytes:
    """What was answered, or the beginning of it; without the tokens that were handed out."""
    if SIGN_IN not in entry.request.path:
        return entry.reply
    try:
        document = orjson.loads(entry.reply)
    except orjson.JSONDecodeError:
        return REDACTED.encode()
    return orjson.dumps({name: _shown(name, value) for name, value in document.items()})


def reply_text(entry: LoggedRequest) -> str:
    """The same, as text."""
    return told_reply(entry).decode("utf-8", "backslashreplace")


def as_curl(request: Request, base_url: str) -> str:
    """The command that sends it again, with what a shell has for its secrets."""
    address = base_url.rstrip("/") + quote(request.path.encode("latin-1", "replace"), safe=PLAIN)
    query = shown_query(request.query)
    words = ["curl", "-sS", "-X", request.method, f"{address}?{query}" if query else address]
    line = shlex.join(words)
    if request.path == SIGN_IN:
        return f"{line} -H 'Content-Type: {FORM}' --data {shlex.quote(body_text(request))}\n"
    if request.authorization is not None:
        line += ' -H "Authorization: Bearer $TOKEN"'
    sent = request.sent if isinstance(request.sent, bytes) else b""
    if not sent:
        return f"{line}\n"
    line += f" -H 'Content-Type: {JSON}'"
    try:
        text = sent.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        return f"{line} --data-binary {shlex.quote(text)}\n"
    packed = base64.b64encode(sent).decode()
    return f"printf %s {packed} | base64 -d | {line} --data-binary @-\n"


def _shown(name: str, value: object) -> object:
    return REDACTED if name.lower() in SECRETS else value
