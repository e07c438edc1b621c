"""Lists of entities that are set up by hand: few, so they are searched one by one."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from ...domain.entities import Entity
from ...domain.search.paging import Section, Window, page
from ..arguments import Arguments, has_any, span, with_sets
from ..connections import Connection, Edge
from .common import WORKFLOW_VERSION

E = TypeVar("E", bound=Entity)

_LISTS = {"retailerRefs": "retailer_refs", "networkIds": "network_ids"}
"""Filters that are lists of lists, and the fields that they are for."""


class EntityArguments:
    """The filters that the lists of entities have in common, and further ones by field."""

    def __init__(
        self,
        arguments: Arguments,
        workflow: str = "",
        **fields: Callable[[Any], object],
    ) -> None:
        self._arguments = with_sets(arguments)
        self._workflow = workflow
        self._created = span(arguments, "createdOn")
        self._updated = span(arguments, "updatedOn")
        self._fields = fields

    @property
    def rows_worth(self) -> int:
        """How many rows could be passed by while one entity is looked at."""
        return 1 + sum(len(self._arguments.get(name) or ()) for name in _LISTS)

    def matches(self, entity: Entity) -> bool:
        """Whether an entity is looked for."""
        arguments = self._arguments
        return (
            has_any(arguments, "ref", entity.ref)
            and has_any(arguments, "type", entity.type or None)
            and has_any(arguments, "status", entity.status)
            and has_any(arguments, "name", entity.name)
            and has_any(arguments, "description", entity.description)
            and has_any(arguments, "workflowRef", f"{self._workflow}::{entity.type}")
            and has_any(arguments, "workflowVersion", WORKFLOW_VERSION)
            and (self._created is None or self._created.contains(entity.created_at))
            and (self._updated is None or self._updated.contains(entity.updated_at))
            and self._lists_match(entity)
            and all(has_any(arguments, name, read(entity)) for name, read in self._fields.items())
        )

    def _lists_match(self, entity: Entity) -> bool:
        """Filters on a field that is itself a list: one of the lists asked for is in it."""
        for argument, field in _LISTS.items():
            lists = self._arguments.get(argument)
            held = set(getattr(entity, field, ()))
            if lists is not None and not any(held.issuperset(some or ()) for some in lists):
                return False
        return True


def entity_connection(entities: Iterable[E], search: EntityArguments, window: Window) -> Connection:
    """The page of those entities that are looked for, in order of their numbers."""
    by_number = {entity.number: entity for entity in entities}
    window.pass_by(len(by_number))

    def matching(numbers: Sequence[int]) -> list[int]:
        window.pass_by(len(numbers) * search.rows_worth)
        return [number for number in numbers if search.matches(by_number[number])]

    keys, has_previous, has_next = page([Section(sorted(by_number), matching)], window)
    return Connection([Edge(by_number[key], key) for key in keys], has_previous, has_next)
