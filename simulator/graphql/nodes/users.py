"""The user that the token was issued to.

There is one, who may do everything; what nobody told the simulator about them is null. The vendor's
client asks for all of this to see whether it is connected.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...domain.inventory import ACTIVE
from ...domain.search.criteria import Patterns
from ...domain.search.paging import Section, page
from ..arguments import Arguments, has_any, span, wanted
from ..connections import Connection, Edge, window_of
from ..context import Call, Info, call_of
from ..error_codes import BAD_REQUEST, refusal
from ..scalars import moment_text
from .common import missing, plain
from .retailers import RetailerRow, retailer_row

_ID = "1"
_TYPE = "USER"
_ROLE = "ADMIN"
_UNKNOWN = (
    *("title", "firstName", "lastName", "primaryEmail", "primaryPhone", "department", "country"),
    *("timezone", "promotionOptIn"),
)
"""What nobody told about the user, as far as users are searched by it."""


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
    return _user(call_of(info))


def user(
    _: Any,
    info: Info,
    id: str | None = None,  # noqa: A002
    username: str | None = None,
) -> Any:
    """Query.user: by id, by username, or by both where they are of the same one."""
    call = call_of(info)
    if id is None and username is None:
        raise refusal(BAD_REQUEST, "`user` has neither `id` nor `username`: expected at least one.")
    found = _user(call)
    if id in (None, _ID) and username in (None, found.username):
        return found
    return missing(call, f"user {username if id is None else id!r}")


def user_by_id(_: Any, info: Info, id: str) -> Any:  # noqa: A002
    """Query.userById."""
    return user(_, info, id=id)


def users(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.users; `ref` and `username` may be patterns (Switch store locations, 5 Sept 2025)."""
    call = call_of(info)
    window, row = window_of(arguments, call), _user(call)
    numbers = [1] if _is_looked_for(row, arguments) else []
    keys, has_previous, has_next = page([Section(numbers)], window)
    return Connection([Edge(row, key) for key in keys], has_previous, has_next)


def _user(call: Call) -> UserRow:
    settings = call.settings
    at = call.reading(lambda account: account.started_at)
    return UserRow(settings.username, at, [RoleContextRow("ACCOUNT", settings.account)])


def _is_looked_for(row: UserRow, arguments: Arguments) -> bool:
    names = (wanted(arguments, name) for name in ("ref", "username"))
    spans = (span(arguments, name) for name in ("createdOn", "updatedOn"))
    return (
        all(each is None or Patterns(each).matches(row.username) for each in names)
        and all(each is None or each.contains(row.created_at) for each in spans)
        and has_any(arguments, "type", _TYPE)
        and has_any(arguments, "status", ACTIVE)
        and all(has_any(arguments, name, None) for name in _UNKNOWN)
    )


def primary_retailer(_: UserRow, info: Info) -> RetailerRow | None:
    """User.primaryRetailer: the first of the account's."""
    call = call_of(info)
    return retailer_row(call, call.settings.retailers[0])


USER_QUERIES: Mapping[str, Any] = {
    "me": me,
    "user": user,
    "userById": user_by_id,
    "users": users,
}

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
