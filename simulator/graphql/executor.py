"""Execution of a query, fast where rows are many.

Most fields of a row are a plain value of the row, and so are most lists of rows through and
through. For those the general executor builds paths, argument mappings and call information that
nobody looks at; here they are shown by a plan, which makes a page of positions several times as
fast. Everything else is the library's, and so is any field of which a plan cannot show the value.
"""

from sys import maxsize
from typing import Any, NamedTuple

from graphql import GraphQLObjectType, Undefined
from graphql.execution import Executor
from graphql.pyutils import Path

from ..errors import ApiError
from .row_plan import Planner, Show

LARGE = 50_000
"""Values of a reply that is large: about a megabyte of JSON, and three of memory."""


class TooManyValuesError(BaseException):
    """A query whose reply would hold more values than graphql.max_values.

    Not an Exception, as NoRoomError.
    """


class NoRoomError(BaseException):
    """A query that has turned out to be large, and for which there is no room now.

    Not an Exception, so that it leaves the execution of a query instead of becoming one of the
    query's errors.
    """

    def __init__(self, refusal: ApiError) -> None:
        super().__init__()
        self.refusal = refusal


class _Step(NamedTuple):
    """How one field of a selection is answered for every row that it is asked of."""

    response_name: str
    details: Any
    show: Show | None


class RowExecutor(Executor[Any]):
    """An executor that shows what is plain in rows without detours."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._planner = Planner(
            self.schema,
            lambda kind, details: self.collect_subfields(kind, details).grouped_field_set,
            self._count,
        )
        # By identity: the library keeps one set of grouped fields for all rows of a list. The set
        # itself is kept too, so that its identity is not given to another.
        self._steps: dict[tuple[str, int], tuple[Any, list[_Step]]] = {}
        self._values = 0
        self._mark = LARGE
        if self._has_bounds:
            self._mark = min(LARGE, self.context_value.behaviour.graphql_max_values)

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Any,
        position_context: Any,
    ) -> dict[str, Any]:
        """The fields of one object."""
        key = (parent_type.name, id(grouped_field_set))
        kept = self._steps.get(key)
        if kept is None:
            steps = [
                _Step(name, details, self._planner.field(parent_type, details))
                for name, details in grouped_field_set.items()
            ]
            kept = self._steps[key] = (grouped_field_set, steps)
        self._count(len(kept[1]))
        results: dict[str, Any] = {}
        for name, details, show in kept[1]:
            if show is not None:
                counted = self._values
                try:
                    [results[name]] = show([source_value])
                    continue
                except Exception:  # of whatever kind: the library finds it again, and tells it
                    self._values = counted
            field_path = Path(path, name, parent_type.name)
            result = self.execute_field(
                parent_type, source_value, details, field_path, position_context
            )
            if result is not Undefined:
                results[name] = result
        return results

    @property
    def _has_bounds(self) -> bool:
        """Whether it is a query: a mutation has happened, and is told in any case."""
        return self.context_value.place is not None

    def _count(self, values: int) -> None:
        """Count values of the reply before they are put together.

        Takes a place for a reply that becomes large; no reply goes on without bounds.
        """
        self._values += values
        if self._values <= self._mark:
            return
        self._mark = maxsize
        if not self._has_bounds:
            return
        most = self.context_value.behaviour.graphql_max_values
        if self._values > most:
            raise TooManyValuesError
        self._mark = most
        try:
            self.context_value.place.take()
        except ApiError as refusal:
            raise NoRoomError(refusal) from None
