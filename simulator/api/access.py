"""Who may make which call: decided by the rule that a request matched, not by how it spells it.

Routing takes `//graphql` and `/%2fgraphql` for `/graphql`, so whoever looks at a path as it was
sent sees another one than the one that answers.
"""

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.routing import Rule


class Access(Enum):
    """What a rule asks of its caller; Fluent's rules are also held against the rules of use."""

    SIGNED_IN = "one of Fluent's calls: needs an access token"
    SIGNING_IN = "the call of Fluent's that hands access tokens out"
    ADMIN = "one of ours, which the control API guards itself"
    PAGE = "one of ours, for anybody"


OPEN = {
    "issue_token": Access.SIGNING_IN,
    "admin": Access.ADMIN,
    "ui": Access.PAGE,
}
"""The endpoints and blueprints that need no access token; everything else does."""

FLUENTS_PATHS = ("api", "graphql")
OWN_PATHS = ("__", "openapi.json", "favicon.ico")


def access_of(rule: "Rule") -> Access:
    """Who may use a rule; its endpoint counts before its blueprint."""
    endpoint: str = rule.endpoint
    blueprint = endpoint.partition(".")[0]
    return OPEN.get(endpoint) or OPEN.get(blueprint) or Access.SIGNED_IN


def access_of_nothing(path: str) -> Access:
    """What counts for a path that no rule matches: behind it there is nothing but a refusal."""
    meant = path.lstrip("/")
    if meant.startswith(FLUENTS_PATHS):
        return Access.SIGNED_IN
    # The rest may be a mistyped path of Fluent's: told apart from ours, and it needs no token.
    return Access.PAGE if meant.startswith(OWN_PATHS) else Access.SIGNING_IN
