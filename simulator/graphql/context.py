"""What the resolvers of one request share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeAlias

from graphql import GraphQLResolveInfo

from ..behaviour import Behaviour
from ..clock import Clock
from ..domain.account.account import Account
from ..domain.faults import RuleError
from ..domain.search.paging import ReadBudget
from ..operations.pace import Place
from ..settings import Settings
from ..stores.entity_log import EntityLog
from .error_codes import rule_refusal
from .reading import Reading


@dataclass(frozen=True, slots=True)
class Call:
    """A request in hand; `account` is there to be changed, and only in a mutation.

    Entities that a mutation creates are told to `entity_log`; `budget` bounds what is looked at. A
    query takes its `place` when its reply becomes large; what a mutation did is told in any case.
    """

    settings: Settings
    behaviour: Behaviour
    clock: Clock
    entity_log: EntityLog
    reading: Reading
    account: Account | None = None
    budget: ReadBudget = field(
        default_factory=lambda: ReadBudget(Behaviour().graphql_max_rows_read)
    )
    place: Place | None = None

    def pay_for(self, arguments: Mapping[str, Any], times: int = 1) -> None:
        """Pay for values that are given, and looked for so many times; raises TooMuchToRead.

        A document may use one long list for hundreds of its fields.
        """
        self.budget.spend(0)  # who has nothing left is not even counted for
        if times > 0:
            self.budget.spend(times * _rows_worth(arguments))


Info: TypeAlias = "GraphQLResolveInfo[Call]"
"""What a resolver is told of its place in a query."""


def call_of(info: Info) -> Call:
    """The request that a resolver works for."""
    return info.context


def paying(resolve: Callable[..., Any]) -> Callable[..., Any]:
    """The resolver, once what it is given has been paid for."""

    @wraps(resolve)
    def paid(source: Any, info: Info, **arguments: Any) -> Any:
        try:
            call_of(info).pay_for(arguments)
        except RuleError as error:
            raise rule_refusal(error) from None
        return resolve(source, info, **arguments)

    return paid


def _rows_worth(arguments: Mapping[str, Any]) -> int:
    """How many rows could be passed by while these values are looked for, once each.

    A ref is tried at each of its colons, so that a text counts by its characters.
    """
    rows = 0
    waiting: list[Any] = list(arguments.values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            rows += 1 + len(value)
        elif isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        else:
            rows += 1
    return rows
