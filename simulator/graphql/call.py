"""What the resolvers of one request share."""

from dataclasses import dataclass, field
from typing import TypeAlias

from graphql import GraphQLResolveInfo

from ..behaviour import Behaviour
from ..clock import Clock
from ..domain.account import Account
from ..domain.paging import ReadBudget
from ..operations.entity_log import EntityLog
from ..settings import Settings
from .reading import Reading

MOST_ROWS_PASSED_BY = 4_000_000
"""Rows that the searches of one request may look at: about half a second. Not a limit of the
platform's."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request in hand; `account` is there to be changed, and only in a mutation.

    Entities that a mutation creates are told to `entity_log`; `budget` bounds what searches read.
    """

    settings: Settings
    behaviour: Behaviour
    clock: Clock
    entity_log: EntityLog
    reading: Reading
    account: Account | None = None
    budget: ReadBudget = field(default_factory=lambda: ReadBudget(MOST_ROWS_PASSED_BY))


Info: TypeAlias = "GraphQLResolveInfo[Call]"
"""What a resolver is told of its place in a query."""


def call_of(info: Info) -> Call:
    """The request that a resolver works for."""
    return info.context
