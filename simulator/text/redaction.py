"""Secrets in what callers have sent: found by their names, by their looks and by what is known."""

import base64
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import quote_plus, unquote_plus

import orjson

REDACTED = "<redacted>"
SHORTEST_VALUE = 4
"""Characters: what is shorter stands in too many texts by chance to be looked for there."""
MOST_NAMED = 256
"""Values that one request names as secrets and that are looked for wherever else they may stand.

All are left out where they are named. Each is looked for in each text, of which there may be many.
"""
MOST_DECODED = 3
"""How often a name is unpacked that was packed into percent signs more than once."""

_STRONG = (
    "pass[-_. ]?(?:word|wd|phrase|code)|secret|pwd|authori[sz]ation|credential|code[-_. ]?verifier"
    "|(?:api|access|private)[-_. ]?key|assertion"
)
_WEAK = "tokens?|cookies?"
"""Words that mean a secret where they end a name; a token's type and its seconds are none."""
_PARTS = (
    *("password", "passwd", "passphrase", "passcode", "pwd", "secret", "credential"),
    *("authorization", "authorisation", "codeverifier", "assertion"),
    *("apikey", "accesskey", "privatekey"),
)
_ENDS = ("token", "tokens", "cookie", "cookies")
_NAMES = frozenset({"pass", "auth", "jwt"})

_SCALARS = frozenset({"String", "ID", "Int", "Float", "Boolean", "String!", "ID!"})
"""Types that stand behind a name in a GraphQL document."""
_VALUE = (
    r"""\\*"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?"""
    r"""|(?:(?:bearer|basic)\s+)?[^\s&;,"'<>(){}\[\]|]+"""
)
_PAIR = re.compile(
    rf"""((?:{_STRONG})[\w.-]{{0,24}}|(?:{_WEAK}))([\\"'\])]*\s*(?:=>|[:=])\s*)({_VALUE})""", re.I
)
_BEARER = re.compile(r"""\b(bearer\s+)[^\s,;"'<>]{6,}""", re.I)
_BASIC = re.compile(r"\b(basic\s+)([A-Za-z0-9+/_-]{4,}={0,2})", re.I)
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?")
_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])")
_WORDS = (
    *("pass", "pwd", "secret", "authori", "credential", "verifier", "key", "assertion"),
    *("token", "cookie", "bearer", "basic", "eyj", "auth", "jwt", "\\u00"),
)
"""One of these stands in each text that holds a secret by its name or by its looks."""

GRANTS = ("password", "client_credentials", "refresh_token")
"""What a `grant_type` may be; what stands in its place may be anything."""
_SIGN_IN_NAME = re.compile(r"[A-Za-z]+(?:[_-][A-Za-z]+)*")


def is_secret(name: str) -> bool:
    """Whether what has this name is a secret, however the name is spelt."""
    for _ in range(MOST_DECODED):
        name = unquote_plus(name)
    letters = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", name).casefold()
        if letter.isascii() and letter.isalpha()
    )
    return letters in _NAMES or letters.endswith(_ENDS) or any(part in letters for part in _PARTS)


def signs_in(path: str) -> bool:
    """Whether a path is that of a sign-in, or was meant to be."""
    steps = path.casefold().strip("/").split("/")
    return "oauth" in steps or steps[-1] in ("token", "tokens")


def credentials_of(authorization: str | None) -> list[str]:
    """What an Authorization header shows: a token, or a password and what it was packed into."""
    shown = (authorization or "").partition(" ")[2].strip()
    if not shown:
        return []
    return [shown, _unpacked(shown).partition(":")[2]]


def _unpacked(text: str) -> str:
    try:
        return base64.b64decode(text + "===", altchars=b"-_").decode("utf-8", "replace")
    except ValueError:
        return ""


class Redaction:
    """Leaves secrets out of texts; `values` are known ones, `is_token` knows tokens in force."""

    def __init__(
        self, values: Iterable[str] = (), is_token: Callable[[str], bool] = lambda _: False
    ) -> None:
        # The longest first: one may be a part of another.
        long = {value for value in values if len(value) >= SHORTEST_VALUE}
        self._values = sorted(long, key=len, reverse=True)
        self._is_token = is_token

    def knowing(self, values: Collection[str]) -> "Redaction":
        """The same, which knows more."""
        return Redaction([*self._values, *values], self._is_token) if values else self

    def text(self, text: str) -> str:
        """A text without secrets."""
        for value in self._values:
            if value in text:
                text = text.replace(value, REDACTED)
        if not _may_hold(text):
            return text
        text = _PAIR.sub(_without_value, text)
        text = _BEARER.sub(rf"\1{REDACTED}", text)
        text = _BASIC.sub(_without_credentials, text)
        text = _JWT.sub(REDACTED, text)
        return _TOKEN.sub(self._without_token, text)

    def query(self, query: str, *, signs_in: bool = False) -> str:
        """A query without the values of secrets; of a sign-in hardly any value is told."""
        parts = re.split("([&;])", query)
        return "".join(
            part if part in ("&", ";", "") else self._parameter(part, signs_in=signs_in)
            for part in parts
        )

    def form(self, parameters: Iterable[tuple[str, str]]) -> str:
        """The form of a sign-in without its secrets."""
        return "&".join(
            self._parameter(f"{quote_plus(name)}={quote_plus(value)}", signs_in=True)
            for name, value in parameters
        )

    def body(self, content: bytes) -> str:
        """A body as text; JSON that holds secrets is written anew without them."""
        text = content.decode("utf-8", "backslashreplace")
        if not self._may_hold(text):
            return text
        try:
            document = [orjson.loads(content)]
        except orjson.JSONDecodeError:
            return self.text(text)
        is_changed = False
        for node, key, value, is_named in _walk(document):
            if is_named:
                node[key] = REDACTED
                is_changed = True
            elif isinstance(value, str) and (told := self.text(value)) != value:
                node[key] = told
                is_changed = True
            if isinstance(key, str) and (told := self.text(key)) != key:
                node[told] = node.pop(key)
                is_changed = True
        return orjson.dumps(document[0]).decode() if is_changed else text

    def secrets_of(self, query: str, content: bytes) -> set[str]:
        """The values that a request's query and body call secrets, the longest of too many."""
        found = {
            unquote_plus(value)
            for name, _, value in (part.partition("=") for part in re.split("[&;]", query))
            if is_secret(name)
        }
        if self._may_hold(content.decode("utf-8", "replace")):
            try:
                document = [orjson.loads(content)]
            except orjson.JSONDecodeError:
                return _longest(found)
            named = (value for *_, value, is_named in _walk(document) if is_named)
            found.update(value for value in named if isinstance(value, str))
        return _longest(found)

    def _may_hold(self, text: str) -> bool:
        return any(value in text for value in self._values) or _may_hold(text)

    def _parameter(self, part: str, *, signs_in: bool) -> str:
        name, _, value = part.partition("=")
        if signs_in:
            told = name if _SIGN_IN_NAME.fullmatch(name) and "=" in part else REDACTED
            is_told = not value or (name == "grant_type" and value in GRANTS)
            return f"{told}={value if is_told else REDACTED}"
        if value and is_secret(name):
            return f"{self._quoted(name)}={REDACTED}"
        decoded = part
        for _ in range(MOST_DECODED):
            decoded = unquote_plus(decoded)
        told = self.text(decoded)
        return part if told == decoded else quote_plus(told, safe="<>=:")

    def _quoted(self, name: str) -> str:
        told = self.text(unquote_plus(name))
        return name if told == unquote_plus(name) else quote_plus(told, safe="<>")

    def _without_token(self, found: re.Match[str]) -> str:
        return REDACTED if self._is_token(found[0]) else found[0]


def _may_hold(text: str) -> bool:
    small = text.lower()  # then looked through for words: a regular expression takes ten times that
    if not small.isascii():
        small = unicodedata.normalize("NFKC", small)
    return any(word in small for word in _WORDS) or _TOKEN.search(text) is not None


def _walk(document: list[Any]) -> Iterable[tuple[Any, Any, Any, bool]]:
    """Every value, with what holds it, under which key, and whether that names a secret."""
    waiting: list[Any] = [document]
    while waiting:
        node = waiting.pop()
        pairs = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
        for key, value in pairs:
            is_named = isinstance(key, str) and value not in (None, "") and is_secret(key)
            if isinstance(value, dict | list) and not is_named:
                waiting.append(value)
            yield node, key, value, is_named


def _longest(values: set[str]) -> set[str]:
    if len(values) <= MOST_NAMED:
        return values
    return set(sorted(values, key=lambda value: (-len(value), value))[:MOST_NAMED])


def _without_value(found: re.Match[str]) -> str:
    name, sign, value = found.groups()
    if value in _SCALARS or (value.startswith("$") and is_secret(value[1:])):
        return found[0]  # a GraphQL document that declares or uses a variable
    quote = value[0] if value[0] in "\"'" else ""
    return f"{name}{sign}{quote}{REDACTED}{quote}"


def _without_credentials(found: re.Match[str]) -> str:
    return f"{found[1]}{REDACTED}" if ":" in _unpacked(found[2]) else found[0]
