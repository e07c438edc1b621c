"""The user that the token was issued to.

There is one, who may do everything; what nobody told the simulator about them is null. The vendor's
client asks for all of this to see whether it is connected.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...domain.inventory import ACTIVE
from ..context import Info, call_of
from ..scalars import moment_text
from .common import plain
from .retailers import RetailerRow, retailer_row

_ID = "1"
_TYPE = "USER"
_ROLE = "ADMIN"


class RoleContextRow(NamedTuple):
    """Where a role holds."""

    type: str
    id: str


class UserRow(NamedTuple):
    """A user; the account has known them since it started."""

    username: str
    created_at: int
    contexts: Sequence[RoleContextRow]


def me(_: Any, info: Info) -> UserRow:
    """Query.me."""
    call = call_of(info)
    settings = call.settings
    at = call.reading(lambda account: account.started_at)
    return UserRow(settings.username, at, [RoleContextRow("ACCOUNT", settings.account)])


def primary_retailer(_: UserRow, info: Info) -> RetailerRow | None:
    """User.primaryRetailer: the first of the account's."""
    call = call_of(info)
    return retailer_row(call, call.settings.retailers[0])


USER_QUERIES: Mapping[str, Any] = {"me": me}

USER_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "User": {
        **plain(
            id=lambda _: _ID,
            ref=lambda user: user.username,
            username=lambda user: user.username,
            type=lambda _: _TYPE,
            status=lambda _: ACTIVE,
            createdOn=lambda user: moment_text(user.created_at),
            updatedOn=lambda user: moment_text(user.created_at),
            roles=lambda user: [user],
            apps=lambda _: [],
            attributes=lambda _: [],
        ),
        "primaryRetailer": primary_retailer,
    },
    "UserRole": plain(role=lambda user: user, contexts=lambda user: user.contexts),
    "Role": plain(id=lambda _: _ID, name=lambda _: _ROLE, permissions=lambda _: []),
    "RoleContext": plain(
        contextType=lambda context: context.type, contextId=lambda context: context.id
    ),
}
