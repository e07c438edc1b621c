"""Every refusal, as a value: what was wrong, where, what was expected. Only edges render it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_LISTED_FAULTS = 100
MOST_SHOWN_CHARACTERS = 80
MOST_LISTED_NAMES = 20

# Fluent docs: REST API error codes overview, 26 May 2025.
INVALID_TOKEN_MESSAGE = "Invalid user, Authorization header value does not belong to a valid user"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where (JSON pointer, or `?name`), what was found, what was expected."""

    pointer: str
    found: str
    expected: str
    code: str = "400"
    missing: bool = False

    @property
    def message(self) -> str:
        """The fault as a sentence that begins as the platform's own messages do."""
        if self.pointer.startswith("?"):  # no part of a document, but a parameter of the query
            return (
                f"'{self.pointer[1:]}' is invalid: in the query at {self.pointer}"
                f" found {self.found}, expected {self.expected}"
            )
        if self.pointer.startswith("{"):  # a part of the path
            name = self.pointer.strip("{}")
            return f"'{name}' is invalid: in the path found {self.found}, expected {self.expected}"
        if self.missing:
            return f"{self.published}: {self.detail}"
        where = self.pointer or "the document's root"
        return f"'{self._name}' is invalid: at {where} found {self.found}, expected {self.expected}"

    @property
    def published(self) -> str:
        """What the platform is known to say of it, word for word; else the whole sentence.

        Fluent docs: REST API error codes overview, 26 May 2025; of a missing field only.
        """
        return f"'{self._name}' is required" if self.missing else self.message

    @property
    def detail(self) -> str:
        """What is told beyond the published text; empty where there is none."""
        if not self.missing:
            return ""
        where = self.pointer or "the document's root"
        told = f"at {where} found null" if self.found == "null" else f"{where} is missing"
        return f"{told}, expected {self.expected}"

    @property
    def _name(self) -> str:
        """The last step of the pointer."""
        return self.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~") or "body"

    def under(self, prefix: str) -> "Fault":
        """The same fault, seen from a document that holds this one at `prefix`."""
        return Fault(prefix + self.pointer, self.found, self.expected, self.code, self.missing)


def pointer_token(key: object) -> str:
    """A key as one step of a JSON pointer (RFC 6901), cut to what a message can show."""
    return shortened(str(key)).replace("~", "~0").replace("/", "~1")


def shortened(text: str, most: int = MOST_SHOWN_CHARACTERS) -> str:
    """Text cut to what a message can show."""
    if len(text) <= most:
        return text
    return text[: most - 1] + "…"


def listed(names: Sequence[str], most: int = MOST_LISTED_NAMES) -> str:
    """Names one after the other, as far as a message can show them."""
    told = ", ".join(map(shortened, names[:most]))
    return told if len(names) <= most else f"{told} and {len(names) - most:,} more"


class Reason(NamedTuple):
    """Why something was refused, where that is no fault at one place of a document."""

    code: str
    message: str


@dataclass(slots=True)
class ApiError(Exception):
    """A refusal, with one reason or more; only an edge knows how a caller is told."""

    status: int
    reasons: Sequence[Fault | Reason]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The reasons in words."""
        return "; ".join(reason.message for reason in self.reasons)


class TokenError(ApiError):
    """A refusal of the token endpoint, whose one code is of OAuth's (RFC 6749, 5.2)."""


def api_error(
    status: int, message: str, *, code: str | None = None, headers: Mapping[str, str] | None = None
) -> ApiError:
    """A refusal for one reason; the code is the HTTP status as text unless one is documented."""
    return ApiError(status, [Reason(code or str(status), message)], headers or {})


def oauth_error(status: int, error: str, description: str) -> TokenError:
    """A refusal of the token endpoint."""
    return TokenError(status, [Reason(error, description)])


def invalid_token(detail: str) -> ApiError:
    """The documented 401; why the token was refused goes into the header that RFC 6750 has for it.

    Fluent docs: REST API error codes overview, 26 May 2025.
    """
    challenge = f'Bearer realm="fluent-sim", error="invalid_token", error_description="{detail}"'
    return api_error(401, INVALID_TOKEN_MESSAGE, headers={"WWW-Authenticate": challenge})


def not_found(message: str) -> ApiError:
    """A refusal with status 404."""
    return api_error(404, message)


def refused(faults: Sequence[Fault], total: int | None = None, status: int = 400) -> ApiError:
    """A payload refused whole: every fault, up to a bound, and how many there were beyond it."""
    listed = faults[:MOST_LISTED_FAULTS]
    reasons: list[Fault | Reason] = [*listed]
    more = max(total or 0, len(faults)) - len(listed)
    if more > 0:
        told = f"... and {more:,} more faults; the first {len(listed)} are listed"
        reasons.append(Reason("400", told))
    return ApiError(status, reasons)
