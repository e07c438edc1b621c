"""Execution of a query, fast where rows are many.

Most fields of a row are a plain value of the row, and so are most lists of rows through and
through. For those the general executor builds paths, argument mappings and call information that
nobody looks at; here they are shown by a plan, which makes a page of positions several times as
fast. Everything else is the library's, and so is any field of which a plan cannot show the value.
"""

from collections.abc import Callable
from sys import maxsize
from typing import Any

from graphql import (
    GraphQLObjectType,
    Undefined,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution import Executor
from graphql.pyutils import Path

from ..errors import ApiError
from .row_plan import Planner, Read, Show

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


Answer = Callable[[Any, Path | None, Any], Any]
"""What answers one field of a selection, for an object at a place of the reply."""


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
        self._answers: dict[tuple[str, int], tuple[Any, list[tuple[str, Answer]]]] = {}
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
        kept = self._answers.get(key)
        if kept is None:
            answers = [
                (name, self._answer(parent_type, name, details))
                for name, details in grouped_field_set.items()
            ]
            kept = self._answers[key] = (grouped_field_set, answers)
        self._count(len(kept[1]))
        results: dict[str, Any] = {}
        for name, answer in kept[1]:
            result = answer(source_value, path, position_context)
            if result is not Undefined:
                results[name] = result
        return results

    def _answer(self, parent: GraphQLObjectType, name: str, details: Any) -> Answer:
        """The shortest way to a field; the library's, where anything is to be told of it."""

        def ask(source: Any, path: Path | None, context: Any) -> Any:
            place = Path(path, name, parent.name)
            return self.execute_field(parent, source, details, place, context)

        plain = self._planner.plain(parent, details)
        if plain is None:
            return ask
        read, kind = plain
        if is_leaf_type(get_nullable_type(kind)):
            return _read_or_ask(read, ask, is_required=is_non_null_type(kind))
        show = self._planner.field(parent, details)
        if show is not None:
            return self._show_or_ask(show, ask)
        if is_object_type(kind):
            return self._go_into(read, kind, parent, name, details)
        return ask

    def _show_or_ask(self, show: Show, ask: Answer) -> Answer:
        def answer(source: Any, path: Path | None, context: Any) -> Any:
            counted = self._values
            try:
                return show([source])[0]
            except Exception:  # of whatever kind: the library finds it again, and tells it
                self._values = counted
                return ask(source, path, context)

        return answer

    def _go_into(
        self,
        read: Read,
        kind: GraphQLObjectType,
        parent: GraphQLObjectType,
        name: str,
        details: Any,
    ) -> Answer:
        """Into an object of which not all is plain: a plain field looks at no call."""

        def answer(source: Any, path: Path | None, context: Any) -> Any:
            place = Path(path, name, parent.name)
            try:
                inside = read(source)
                if inside is None:
                    return None
                return self.collect_and_execute_subfields(kind, details, place, inside, context)
            except Exception as error:
                self.handle_field_error(error, kind, details, place)
                return None

        return answer

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


def _read_or_ask(read: Read, ask: Answer, *, is_required: bool) -> Answer:
    def answer(source: Any, path: Path | None, context: Any) -> Any:
        try:
            value = read(source)
        except Exception:
            return ask(source, path, context)
        return ask(source, path, context) if value is None and is_required else value

    return answer
