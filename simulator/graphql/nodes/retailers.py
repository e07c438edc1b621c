"""Retailers, as far as the settings name them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...domain.inventory import ACTIVE
from ...domain.search.paging import Section, page
from ..arguments import Arguments, has_any, span, with_sets
from ..connections import Connection, Edge, window_of
from ..context import Call, Info, call_of
from ..scalars import moment_text
from .common import Fields, missing, plain

_TEXTS = (
    "summary",
    "websiteUrl",
    "websiteUrlName",
    "tradingName",
    "primaryEmail",
    "supportContactName",
    "supportEmail",
    "supportPhone",
)


class RetailerRow(NamedTuple):
    """A retailer, of whom the settings name no more than the id; that is also the ref, as which
    catalogues name it in their retailerRefs."""

    id: str
    created_at: int

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts about it that are not null."""
        return {"tradingName": f"Retailer {self.id}"}


def retailer_row(call: Call, retailer_id: str) -> RetailerRow | None:
    """The retailer with this id; it has been there since the account was."""
    if retailer_id not in call.settings.retailers:
        return None
    return RetailerRow(retailer_id, call.reading(lambda account: account.started_at))


def retailer_by_id(_: Any, info: Info, id: str) -> Any:  # noqa: A002
    """Query.retailerById."""
    call = call_of(info)
    return retailer_row(call, id) or missing(call, f"retailer with the id {id!r}")


def retailers(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.retailers."""
    call = call_of(info)
    return retailer_connection(call, call.settings.retailers, arguments)


def retailer_connection(call: Call, ids: Sequence[str], arguments: Arguments) -> Connection:
    """A page of retailers, in the order of the settings."""
    created, updated = span(arguments, "createdOn"), span(arguments, "updatedOn")
    window = window_of(arguments, call)
    arguments = with_sets(arguments)
    at = call.reading(lambda account: account.started_at)
    numbers = [n for n, known in enumerate(call.settings.retailers, 1) if known in ids]

    def row(number: int) -> RetailerRow:
        return RetailerRow(call.settings.retailers[number - 1], at)

    def matching(some: Sequence[int]) -> list[int]:
        return [number for number in some if matches(row(number))]

    def matches(one: RetailerRow) -> bool:
        return (
            has_any(arguments, "ref", one.id)
            and has_any(arguments, "status", ACTIVE)
            and (created is None or created.contains(one.created_at))
            and (updated is None or updated.contains(one.created_at))
            and all(has_any(arguments, name, one.texts.get(name)) for name in _TEXTS)
        )

    keys, has_previous, has_next = page([Section(numbers, matching)], window)
    return Connection([Edge(row(key), key) for key in keys], has_previous, has_next)


RETAILER_QUERIES: Mapping[str, Any] = {
    "retailerById": retailer_by_id,
    "retailers": retailers,
}

RETAILER_FIELDS: Fields = plain(
    id=lambda row: row.id,
    ref=lambda row: row.id,
    status=lambda _: ACTIVE,
    createdOn=lambda row: moment_text(row.created_at),
    updatedOn=lambda row: moment_text(row.created_at),
    tradingName=lambda row: row.texts.get("tradingName"),
)
