"""What a selection shows of rows whose fields are all plain, settled before the first is read.

A row at a time, each field would be looked up, told its path and completed for itself; here the
rows of a list are gone over once for each field, a column at a time. A plan tells no errors: where
there is something that it cannot show it gives up, and the library answers that field instead.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from graphql import (
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    TypeNameMetaFieldDef,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

Read = Callable[[Any], Any]

Show = Callable[[Sequence[Any]], list[Any]]
"""From values of one type to what JSON shows of them, one for one."""

Selection = Mapping[str, Any]
"""The fields of an object by response name, grouped as the library does."""


class PlainField:
    """A resolver that takes no arguments and gives a row's value as JSON will show it."""

    __slots__ = ("read",)

    def __init__(self, read: Read) -> None:
        self.read = read

    def __call__(self, source: Any, info: GraphQLResolveInfo[Any], **_arguments: Any) -> Any:
        value = self.read(source)
        if value is None and is_non_null_type(info.return_type):
            # The library takes it for a defect; but such values may have been sent to us.
            field = f"{info.parent_type.name}.{info.field_name}"
            raise GraphQLError(f"Cannot return null for non-nullable field {field}.")
        return value


class Plain(NamedTuple):
    """How a plain field is read, and of which type it is."""

    read: Read
    type: GraphQLOutputType


class NotPlannedError(Exception):
    """A value that has to be told of, such as a null where the schema promises none."""


class Planner:
    """Makes the plans for one execution of a query.

    `collect` gives the selection inside of a field for an object type, and `count` is told of
    every value before it is read.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        collect: Callable[[GraphQLObjectType, Any], Selection],
        count: Callable[[int], None],
    ) -> None:
        self._schema = schema
        self._collect = collect
        self._count = count

    def plain(self, parent: GraphQLObjectType, details: Any) -> Plain | None:
        """How a field is read, if it is plain; then what is selected inside of it may not be."""
        node = details[0].node
        field = self._schema.get_field(parent, node.name.value)
        if field is TypeNameMetaFieldDef:
            return Plain(lambda _: parent.name, field.type)
        if field is None or not isinstance(field.resolve, PlainField) or node.arguments:
            return None
        return Plain(field.resolve.read, field.type)

    def field(self, parent: GraphQLObjectType, details: Any) -> Show | None:
        """A plan from rows to one of their fields; None where not all of it is plain."""
        plain = self.plain(parent, details)
        if plain is None:
            return None
        read, kind = plain
        if is_leaf_type(kind):
            return lambda rows: list(map(read, rows))
        if is_leaf_type(get_nullable_type(kind)):
            return lambda rows: _all_there(list(map(read, rows)))
        show = self._values(kind, details)
        return None if show is None else lambda rows: show(list(map(read, rows)))

    def _values(self, kind: GraphQLOutputType, details: Any) -> Show | None:
        inside = get_nullable_type(kind)
        show: Show | None = None
        if is_leaf_type(inside):
            show = _coerced(inside)
        elif is_list_type(inside):
            items = self._values(inside.of_type, details)
            show = None if items is None else _lists(items)
        elif is_object_type(inside):
            show = self._objects(inside, details)
        if show is None:
            return None  # or an interface: of which type a row is, the library finds out
        return _required(show) if is_non_null_type(kind) else _or_null(show)

    def _objects(self, kind: GraphQLObjectType, details: Any) -> Show | None:
        columns: list[tuple[str, Show]] = []
        is_flat = True
        for name, each in self._collect(kind, details).items():
            column = self.field(kind, each)
            if column is None:
                return None
            columns.append((name, column))
            is_flat &= each[0].node.selection_set is None
        count = self._count

        def show(rows: Sequence[Any]) -> list[Any]:
            count(len(rows) * len(columns))
            times = 1
            # The catalogue of a whole page: shown once, a row takes a twentieth less time.
            if is_flat and all(row is rows[0] for row in rows):
                rows, times = rows[:1], len(rows)
            shown: list[dict[str, Any]] = [{} for _ in rows]
            for name, column in columns:
                for row, value in zip(shown, column(rows), strict=True):
                    row[name] = value
            return shown * times

        return show


def _all_there(values: list[Any]) -> list[Any]:
    if None in values:
        raise NotPlannedError
    return values


def _required(show: Show) -> Show:
    return lambda values: _all_there(show(_all_there(list(values))))


def _or_null(show: Show) -> Show:
    def shown(values: Sequence[Any]) -> list[Any]:
        present = [value for value in values if value is not None]
        if len(present) == len(values):
            return show(present)
        rest = iter(show(present))
        return [None if value is None else next(rest) for value in values]

    return shown


def _lists(items: Show) -> Show:
    return lambda lists: [items(each) for each in lists]


def _coerced(kind: GraphQLLeafType) -> Show:
    return lambda values: [kind.coerce_output_value(value) for value in values]
