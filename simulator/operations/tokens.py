"""POST /oauth/token."""

from collections.abc import Mapping

from ..errors import oauth_error
from ..settings import Settings
from ..text.redaction import GRANTS
from .access_tokens import Tokens
from .replies import Reply


class TokenOperations:
    """Signs a client in."""

    def __init__(self, tokens: Tokens, settings: Settings) -> None:
        self._tokens = tokens
        self._settings = settings

    def issue_token(self, parameters: Mapping[str, str]) -> Reply:
        """Exchange credentials for a token; parameters may come from the form or the query.

        Fluent docs: Authentication API, 28 Jan 2026.
        """
        grant_type = _required(parameters, "grant_type")
        if grant_type not in GRANTS:
            # Not what was found: whoever mixes up the fields has a secret there.
            expected = ", ".join(GRANTS)
            message = f"Unsupported grant_type; expected one of {expected}"
            raise oauth_error(400, "unsupported_grant_type", message)
        client_id = _required(parameters, "client_id")
        self._tokens.check_client(client_id, _required(parameters, "client_secret"))
        if grant_type == "password":
            username = _required(parameters, "username")
            self._tokens.check_user(username, _required(parameters, "password"))
        elif grant_type == "refresh_token":
            self._tokens.spend_refresh_token(_required(parameters, "refresh_token"))
        grant = self._tokens.issue(with_refresh=grant_type != "client_credentials")
        body: dict[str, object] = {
            "access_token": grant.access_token,
            "token_type": "bearer",
            "expires_in": grant.expires_in,
            "scope": "api",
            "Retailer_id": self._settings.retailers[0],
            "User_id": "1",
            "FirstName": self._settings.username,
            "LastName": "Simulator",
            "Roles": [],
        }
        if grant.refresh_token is not None:
            body["refresh_token"] = grant.refresh_token
        return Reply(body, headers={"Cache-Control": "no-store"})


def _required(parameters: Mapping[str, str], name: str) -> str:
    value = parameters.get(name)
    if not value:
        raise oauth_error(400, "invalid_request", f"Missing parameter: {name}")
    return value
