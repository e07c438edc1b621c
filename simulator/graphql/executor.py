"""Execution of a query, fast where rows are many.

Most fields of a row are a plain value of the row. For those the general executor builds paths,
argument mappings and call information that nobody looks at; here they are read straight away, which
makes a page of positions several times as fast. Everything else is the library's.
"""

from collections.abc import Callable
from sys import maxsize
from typing import Any, NamedTuple

from graphql import (
    GraphQLError,
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

Read = Callable[[Any], Any]

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


class PlainField:
    """A resolver that takes no arguments and gives a row's value as JSON will show it."""

    __slots__ = ("read",)

    def __init__(self, read: Read) -> None:
        self.read = read

    def __call__(self, source: Any, _info: Any, **_arguments: Any) -> Any:
        return self.read(source)


class _Step(NamedTuple):
    """How one field of a selection is answered for every row that it is asked of."""

    response_name: str
    details: Any
    type: Any
    read_value: Read | None = None
    read_object: Read | None = None
    object_type: GraphQLObjectType | None = None
    is_required: bool = False


class RowExecutor(Executor[Any]):
    """An executor that reads plain fields of rows without detours."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # By identity: the library keeps one set of grouped fields for all rows of a list. The set
        # itself is kept too, so that its identity is not given to another.
        self._plans: dict[tuple[str, int], tuple[Any, list[_Step]]] = {}
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
        kept = self._plans.get(key)
        if kept is None:
            steps = [self._step(parent_type, *item) for item in grouped_field_set.items()]
            kept = self._plans[key] = (grouped_field_set, steps)
        self._values += len(kept[1])
        if self._values > self._mark:
            self._pass_mark()
        results: dict[str, Any] = {}
        for name, details, kind, read_value, read_object, object_type, is_required in kept[1]:
            try:
                if read_value is not None:
                    value = results[name] = read_value(source_value)
                    if value is None and is_required:
                        raise GraphQLError(
                            "Cannot return null for non-nullable field "
                            f"{parent_type.name}.{details[0].node.name.value}."
                        )
                    continue
                if read_object is not None and object_type is not None:
                    value = read_object(source_value)
                    results[name] = value and self.collect_and_execute_subfields(
                        object_type,
                        details,
                        Path(path, name, parent_type.name),
                        value,
                        position_context,
                    )
                    continue
            except GraphQLError as error:
                place = Path(path, name, parent_type.name)
                self.handle_field_error(error, kind, details, place)
                results[name] = None
                continue
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

    def _pass_mark(self) -> None:
        """Take a place for a reply that has become large; no reply goes on without bounds."""
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

    def _step(self, parent_type: GraphQLObjectType, response_name: str, details: Any) -> _Step:
        node = details[0].node
        field = self.schema.get_field(parent_type, node.name.value)
        if field is None or not isinstance(field.resolve, PlainField) or node.arguments:
            return _Step(response_name, details, None)
        read = field.resolve.read
        kind = get_nullable_type(field.type)
        if is_leaf_type(kind):
            is_required = is_non_null_type(field.type)
            return _Step(
                response_name, details, field.type, read_value=read, is_required=is_required
            )
        if is_object_type(kind) and not is_non_null_type(field.type):
            return _Step(response_name, details, field.type, read_object=read, object_type=kind)
        return _Step(response_name, details, None)
