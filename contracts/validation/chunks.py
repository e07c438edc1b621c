"""What is checked at once, and the way from a pointer into it back to its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from fluent_oms_simulator.domain.jobs import MOST_RECORDS

from ..rules.rule import Batch, Event, Job, Observation
from .kinds import Kind, kind_of
from .locating import Text

_BATCH = {"action": "UPSERT", "entityType": "INVENTORY"}
_EVENT = {
    "retailerId": "1",
    "entityType": "INVENTORY_CATALOGUE",
    "entityRef": "DEFAULT:1",
    "entitySubtype": "DEFAULT",
    "rootEntityType": "INVENTORY_CATALOGUE",
    "rootEntityRef": "DEFAULT:1",
}
_NAMED_BY = {Kind.DELTAS: "INVENTORY_DELTA", Kind.ITEMS: "UpdateInventoryQty"}


class Spot(NamedTuple):
    """Where a pointer leads: as a pointer into the file's own document, and as line and column.

    `number` is the number that stands there, as it was written.
    """

    pointer: str
    line: int
    column: int
    number: str = ""


def _spot(text: Text, pointer: str, shown: str) -> Spot:
    line, column = text.place(pointer)
    return Spot(shown, line, column, text.number(pointer))


class Origin(Protocol):
    """Where a chunk was read."""

    def spot(self, pointer: str) -> Spot:
        """The place of a pointer into the chunk."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A document that is a text."""

    text: Text

    def spot(self, pointer: str) -> Spot:
        """The place of a pointer into the document."""
        return _spot(self.text, pointer, pointer)


@dataclass(frozen=True, slots=True)
class Run:
    """Documents in a row out of an array.

    The text is the array, or that part of it which begins with the entry `skipped`; the first
    document is the text's entry `first`. In the file's document the array stands at `prefix`.
    """

    text: Text
    first: int = 0
    skipped: int = 0
    prefix: str = ""

    def spot(self, pointer: str) -> Spot:
        """The place of a pointer that begins with the number of a document."""
        number, rest = _numbered(pointer)
        at = self.first + number
        return _spot(self.text, f"/{at}{rest}", f"{self.prefix}/{self.skipped + at}{rest}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A single document of such a row."""

    run: Run

    def spot(self, pointer: str) -> Spot:
        """The place of a pointer into the document."""
        return self.run.spot(f"/0{pointer}")


@dataclass(frozen=True, slots=True)
class Lines:
    """Documents in a row of which each is a line, with the line's number."""

    lines: Sequence[tuple[int, bytes]]

    def spot(self, pointer: str) -> Spot:
        """The place of a pointer that begins with the number of a document."""
        number, rest = _numbered(pointer)
        line, data = self.lines[min(number, len(self.lines) - 1)]
        return _spot(Text(data, line), rest, rest)


def _numbered(pointer: str) -> tuple[int, str]:
    head, _, rest = pointer[1:].partition("/")
    number = int(head) if head.isascii() and head.isdigit() else 0
    return number, f"/{rest}" if rest else ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A payload to be checked.

    Below `own` the document is the file's; what is around it was added for the rules, and nothing
    that they say of it is told. `apart` is for a batch too large to be held: what is around its
    records, and their number; the records come as chunks of their own.
    """

    kind: Kind | None
    document: Any
    origin: Origin
    own: str = ""
    apart: int | None = None

    @property
    def rows(self) -> int:
        """How many rows it has: records that were taken together, else it is one itself."""
        return len(self.document["entities"]) if self.kind is Kind.RECORDS else 1

    def observation(self, retailer_id: str | None) -> Observation | None:
        """What the rules look at; None for what is no payload."""
        match self.kind:
            case Kind.BATCH | Kind.RECORDS:
                return Batch(self.document, retailer_id=retailer_id)
            case Kind.EVENT | Kind.DELTAS | Kind.ITEMS:
                return Event(self.document)
            case Kind.JOB:
                return Job(self.document)
        return None


def single(document: Any, kind: Kind | None, origin: Origin) -> Chunk:
    """A document that is no record, as a chunk."""
    if kind in _NAMED_BY:
        around = {**_EVENT, "name": _NAMED_BY[kind], "attributes": document}
        return Chunk(kind, around, origin, "/attributes")
    return Chunk(kind, document, origin)


def records(found: Sequence[Any], origin: Origin, around: Mapping[str, Any] = _BATCH) -> Chunk:
    """Records in a row as the batch that they are in, or meant for."""
    return Chunk(Kind.RECORDS, {**around, "entities": list(found)}, origin, "/entities")


def chunks_of(
    documents: Sequence[Any],
    kind: Kind | None,
    one: Callable[[int], Origin],
    several: Callable[[int, int], Origin],
) -> Iterator[Chunk]:
    """The documents of an array or of lines, with records in a row taken together.

    `one` and `several` say where the document of a number, or those from one to another, were
    read. Without a kind, each has the kind that its content says.
    """
    kinds = [kind] * len(documents) if kind else list(map(kind_of, documents))
    for first, end in _runs(kinds):
        if kinds[first] is Kind.RECORDS:
            yield records(documents[first:end], several(first, end))
        else:
            for number in range(first, end):
                yield single(documents[number], kinds[number], one(number))


def _runs(kinds: Sequence[Kind | None]) -> Iterable[tuple[int, int]]:
    """Where one kind begins and ends, and never longer than a batch may be."""
    first = 0
    while first < len(kinds):
        end = first + 1
        last = min(len(kinds), first + MOST_RECORDS)
        while end < last and kinds[end] is kinds[first]:
            end += 1
        yield first, end
        first = end
