"""Settings.

Fluent docs: Settings creation and editing mutations, 1 July 2024; a public copy of the schema.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ...domain.account.account import Account
from ...domain.search.paging import Section, page
from ..arguments import has_any, with_sets
from ..connections import Connection, Edge, window_of
from ..context import Info, call_of
from ..error_codes import BAD_REQUEST, refusal
from .common import missing, plain


def setting(_: Any, info: Info, id: str | None = None) -> Any:  # noqa: A002
    """Query.setting."""
    call = call_of(info)
    if id is None:
        raise refusal(BAD_REQUEST, "`setting` has no `id`: expected one.")
    found = call.reading(lambda account: account.settings.with_id(id))
    return found or missing(call, f"setting with the id {id!r}")


def settings(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.settings."""
    call = call_of(info)
    window = window_of(arguments, call)
    arguments = dict(with_sets(arguments))

    def look(account: Account) -> Connection:
        by_number = {each.number: each for each in account.settings}

        def matching(numbers: Sequence[int]) -> list[int]:
            window.pass_by(len(numbers))
            return [number for number in numbers if matches(by_number[number])]

        def matches(row: Any) -> bool:
            return all(has_any(arguments, name, read(row)) for name, read in _READS.items())

        keys, has_previous, has_next = page([Section(list(by_number), matching)], window)
        return Connection([Edge(by_number[key], key) for key in keys], has_previous, has_next)

    return call.reading(look)


SETTING_QUERIES: Mapping[str, Any] = {"setting": setting, "settings": settings}

_READS: Mapping[str, Any] = {
    "name": lambda row: row.name,
    "valueType": lambda row: row.value_type,
    "value": lambda row: row.value,
    "context": lambda row: row.context,
    "contextId": lambda row: row.context_id,
}

SETTING_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "Setting": plain(id=lambda row: str(row.number), lobValue=lambda row: row.lob_value, **_READS),
}
