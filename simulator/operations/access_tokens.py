"""Tokens: issued, refreshed, expired, verified."""

import secrets
import threading
from dataclasses import dataclass
from hmac import compare_digest
from typing import Literal

from ..clock import Clock
from ..domain import bounds
from ..domain.bounds import Tally
from ..errors import invalid_token, oauth_error

INTEGRATION_CLIENT = "FLUENT_INTEGRATION"
INTEGRATION_SECONDS = 1_800
"""A public summary of the Authentication API page, 31 Mar 2026."""
REFRESH_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Credentials:
    """The one client and user that the simulator knows."""

    client_id: str
    client_secret: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a successful token call hands out; lifetimes in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str | None


class Tokens:
    """The tokens in circulation; beyond a bound of each kind the oldest are forgotten."""

    def __init__(
        self,
        credentials: Credentials,
        clock: Clock,
        lifetime: int,
        *,
        refresh: Literal["issued", "absent", "enabled_clients"],
        needed: bool,
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self.issue_for(lifetime, refresh=refresh)
        self._needed = needed
        self._lock = threading.Lock()
        self._access: dict[str, int] = {}
        self._refresh: dict[str, int] = {}
        self._access_tally = Tally(bounds.TOKENS)
        self._refresh_tally = Tally(bounds.REFRESH_TOKENS)

    def issue_for(
        self, lifetime: int, *, refresh: Literal["issued", "absent", "enabled_clients"]
    ) -> None:
        """Issue tokens for so many seconds from now on, and refresh tokens or none."""
        is_integration = self._credentials.client_id == INTEGRATION_CLIENT
        self._lifetime = INTEGRATION_SECONDS if is_integration else lifetime
        self._issues_refresh = refresh == "issued" or (
            refresh == "enabled_clients" and is_integration
        )

    def tallies(self) -> list[Tally]:
        """How many tokens there are of each kind."""
        self._access_tally.held = len(self._access)
        self._refresh_tally.held = len(self._refresh)
        return [self._access_tally, self._refresh_tally]

    def check_client(self, client_id: str, client_secret: str) -> None:
        """Raise ApiError unless these are the client's own id and secret."""
        known = self._credentials
        if not (_same(client_id, known.client_id) and _same(client_secret, known.client_secret)):
            raise oauth_error(401, "invalid_client", "Bad client credentials")

    def check_user(self, username: str, password: str) -> None:
        """Raise ApiError unless these are the user's own name and password.

        Fluent docs: REST API error codes overview, 26 May 2025.
        """
        known = self._credentials
        if not (_same(username, known.username) and _same(password, known.password)):
            raise oauth_error(400, "invalid_grant", "Bad credentials")

    def issue(self, *, with_refresh: bool) -> Grant:
        """A new access token, with a refresh token where the account has them."""
        now = self._clock.now()
        refresh_token = None
        with self._lock:
            access_token = secrets.token_hex(16)
            expires_at = now + self._lifetime * 1000
            _remember(self._access, self._access_tally, access_token, expires_at)
            if with_refresh and self._issues_refresh:
                refresh_token = secrets.token_hex(16)
                expires_at = now + REFRESH_SECONDS * 1000
                _remember(self._refresh, self._refresh_tally, refresh_token, expires_at)
        return Grant(access_token, self._lifetime, refresh_token)

    def spend_refresh_token(self, refresh_token: str) -> None:
        """Take a refresh token out of circulation; raises ApiError when it is in none.

        Single use (Fluent docs: Authentication API enhancements, 3 Feb 2025).
        """
        with self._lock:
            expires_at = self._refresh.pop(refresh_token, 0)
        if expires_at <= self._clock.now():
            raise oauth_error(400, "invalid_grant", "Invalid refresh token")

    def revoke_all(self) -> None:
        """Take every token out of circulation."""
        with self._lock:
            self._access.clear()
            self._refresh.clear()

    def issued(self, authorization: str) -> bool:
        """Whether the token in a header was issued here, be it in force or not."""
        return authorization.partition(" ")[2].strip() in self._access

    def is_in_circulation(self, token: str) -> bool:
        """Whether this is an access or refresh token that was handed out, and not yet forgotten."""
        return token in self._access or token in self._refresh

    def user_of(self, token: str | None) -> str | None:
        """The name of the user to whom a token was handed out, be it in force or not."""
        if token is None or not self.is_in_circulation(token):
            return None
        return self._credentials.username

    def verify(self, authorization: str | None) -> None:
        """Raise ApiError (401) unless the header carries a token in force, or none is needed."""
        if not self._needed:
            return
        if not authorization:
            raise invalid_token("no Authorization header; get a token from POST /oauth/token")
        scheme, _, token = authorization.partition(" ")
        # The platform writes token_type in lower case and its samples say Bearer.
        if scheme.lower() != "bearer":
            raise invalid_token("the scheme must be Bearer")
        expires_at = self._access.get(token.strip())
        if expires_at is None:
            raise invalid_token("this token was not issued here")
        if expires_at <= self._clock.now():
            raise invalid_token("this token has expired")


def _same(given: str, known: str) -> bool:
    return compare_digest(given.encode(errors="replace"), known.encode())


def _remember(tokens: dict[str, int], tally: Tally, token: str, expires_at: int) -> None:
    tokens[token] = expires_at
    if len(tokens) > tally.limit:
        del tokens[next(iter(tokens))]
        tally.lost += 1
