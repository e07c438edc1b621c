"""The events that the records of batches have raised, made for whoever reads them.

A batch may have raised 15,000; they are counted by their verdicts, and only those of the page asked
for are made, so many under one hold of the store's lock.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from ..domain.account.ports import CatalogueStore
from ..domain.events import BatchEvents, Event, EventStatus
from ..domain.workflow.audit import row_number_of
from ..domain.workflow.batch_story import RECORD, BatchStory, Raised, line_of, row_number
from ..domain.workflow.quantity_numbers import QuantityNumbers
from ..domain.workflow.raised import LogEntry, RaisedRow
from .event_query import EventQuery

MOST_AT_ONCE = 100
"""Rows made under one hold of the lock."""

_ENTITY = frozenset({"context.entityRef", "context.entityId"})
_OWN = frozenset({"eventId", "context.sourceEvents"})


class Stretch(NamedTuple):
    """What matches of an entry of the log and of all that stands with it.

    `known` is how many there are, None when they must be made to tell; `entries_from` makes them
    from a place on; `pieces` is how much work that is where it comes to nothing.
    """

    known: int | None
    entries_from: Callable[[int], Iterator[LogEntry]]
    pieces: int = 1


_NOTHING = Stretch(0, lambda _: iter(()))


class BatchRows:
    """Makes the rows of batches; `success` is the status of a record that was applied."""

    def __init__(
        self,
        store: CatalogueStore,
        is_kept: Callable[[Event], bool],
        success: EventStatus,
        quantities: QuantityNumbers,
    ) -> None:
        self._store = store
        self._quantities = quantities
        self._is_kept = is_kept
        self._success = success

    def find(self, event: BatchEvents, row_id: str) -> RaisedRow | None:
        """The row of a batch that has this id."""
        number = row_number_of(row_id)
        rows = [] if number is None else self._made(event, [number])
        return next((row for row in rows if row.id == row_id), None)

    def stretch(
        self,
        query: EventQuery,
        event: BatchEvents,
        *,
        newest_first: bool,
    ) -> Stretch:
        """What matches of the events that the records of a batch have raised."""
        if not query.since <= event.ended_at <= query.until:
            return _NOTHING
        if not _OWN.isdisjoint(query.wanted):
            named_ids = (query.wanted[name] for name in _OWN if name in query.wanted)
            named = sorted(set(_named(named_ids)), reverse=newest_first)
            return Stretch(None, partial(self._matching, query, event, named))
        with self._store.reading(event.catalogue_ref) as catalogue:
            if not self._is_kept(event):  # a reset has come between
                return _NOTHING
            story = BatchStory(event, catalogue, self._success, self._quantities)
            kinds = [kind for kind in story.kinds() if query.matches(kind.sample, _entity_of(kind))]
            wanted = query.wanted
            ref, number = wanted.get("context.entityRef"), wanted.get("context.entityId")
            by_entity = ref is not None or number is not None
            meant = story.rows_named(ref, number) if by_entity else None
        known = None
        if meant is None or all(kind.part == RECORD for kind in kinds):
            counts = event.batch.verdicts.count
            known = sum(counts(verdict) for kind in kinds for verdict in kind.verdicts)
        numbers = _numbers(event, kinds, meant, newest_first=newest_first)
        return Stretch(known, partial(self._matching, query, event, numbers))

    def _matching(
        self,
        query: EventQuery,
        event: BatchEvents,
        numbers: Iterable[int],
        start: int,
    ) -> Iterator[LogEntry]:
        remaining = islice(numbers, start, None)
        while some := list(islice(remaining, MOST_AT_ONCE)):
            yield from filter(query.matches, self._made(event, some))

    def _made(self, event: BatchEvents, numbers: Iterable[int]) -> list[RaisedRow]:
        with self._store.reading(event.catalogue_ref) as catalogue:
            if not self._is_kept(event):
                return []
            story = BatchStory(event, catalogue, self._success, self._quantities)
            rows = map(story.row, numbers)
            return [row for row in rows if row is not None]


def _entity_of(kind: Raised) -> Collection[str]:
    """The filters that a sample of a kind cannot tell about."""
    return () if kind.part == RECORD else _ENTITY


def _named(ids: Iterable[str]) -> Iterator[int]:
    """The rows that an id may be about: its own, and those that it may have raised."""
    for row_id in ids:
        number = row_number_of(row_id)
        if number is not None:
            yield from range(number, number + 3)


def _numbers(
    event: BatchEvents,
    kinds: Iterable[Raised],
    meant: Collection[int] | None,
    *,
    newest_first: bool,
) -> Iterator[int]:
    """The numbers of the rows of some kinds; of what is new, only those that are meant."""
    batch = event.batch
    raised = [(kind.part, kind.verdicts) for kind in kinds]
    lines: Sequence[int] = range(batch.size)
    if meant is not None and all(part != RECORD for part, _ in raised):
        lines = sorted(set(map(line_of, meant)))
    if newest_first:
        raised.reverse()
        lines = lines[::-1]
    for line in lines:
        verdict = batch.verdicts[line]
        for part, verdicts in raised:
            number = row_number(line, part)
            if verdict in verdicts and (part == RECORD or meant is None or number in meant):
                yield number
