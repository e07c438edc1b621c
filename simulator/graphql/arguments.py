"""From the arguments of a field to what the domain searches by."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ..behaviour import Behaviour
from ..clock import milliseconds
from ..domain.search.criteria import Span, Wanted
from .error_codes import BAD_REQUEST, DATE_RANGE_WITHOUT_ENDS, refusal

Arguments = Mapping[str, Any]

_BEYOND = 1 << 62
"""No sum of stock is as large."""


def wanted(arguments: Arguments, name: str) -> Wanted:
    """The values of a list filter; null and an absent argument leave it open."""
    values = arguments.get(name)
    return None if values is None else frozenset(values)


def with_sets(arguments: Arguments) -> Arguments:
    """The same with a set for each list of single values, as every row is looked for in it."""
    return {
        name: frozenset(value)
        if isinstance(value, list) and not any(isinstance(each, list | dict) for each in value)
        else value
        for name, value in arguments.items()
    }


def span(arguments: Arguments, name: str) -> Span | None:
    """A DateRange; raises GraphQLError when it has neither end (GraphQL error codes)."""
    bounds = arguments.get(name)
    if bounds is None:
        return None
    since, until = bounds.get("from"), bounds.get("to")
    if since is None and until is None:
        raise refusal(
            DATE_RANGE_WITHOUT_ENDS, f"`{name}` has neither `from` nor `to`: expected at least one."
        )
    return Span(_moment(since), _moment(until))


def numbers(arguments: Arguments, name: str, behaviour: Behaviour) -> Callable[[int], bool] | None:
    """A filter on a quantity, as a test of one number."""
    accepted = number_set(arguments, name, behaviour)
    return None if accepted is None else accepted.__contains__


def number_set(
    arguments: Arguments, name: str, behaviour: Behaviour
) -> Collection[int | None] | None:
    """A filter on a quantity: any of the numbers, or between the two (graphql.quantity_filter)."""
    values: Sequence[int | None] | None = arguments.get(name)
    if values is None:
        return None
    if behaviour.graphql_quantity_filter == "values":
        return frozenset(values)
    if len(values) != 2:
        raise refusal(
            BAD_REQUEST,
            f"`{name}` has {len(values)} numbers: expected two, the lowest and the highest "
            "(behaviour graphql.quantity_filter=range).",
        )
    low, high = values
    return range(-_BEYOND if low is None else low, _BEYOND if high is None else high + 1)


def has_any(arguments: Arguments, name: str, *values: object) -> bool:
    """Whether a list filter lets one of these values through."""
    looked_for = arguments.get(name)
    return looked_for is None or any(value in looked_for for value in values)


def _moment(value: Any) -> int | None:
    return None if value is None else milliseconds(value)
