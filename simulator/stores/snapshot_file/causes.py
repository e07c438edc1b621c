"""What changed a quantity, between the domain and a snapshot's lines."""

from ...domain.inventory import BatchSource, EventSource, MutationSource, Source
from .unreadable import SnapshotFault
from .values import Cause


def cause_of(source: Source | int) -> Cause:
    """How a file writes what changed a quantity; a number is a packed line of a batch."""
    if isinstance(source, int):
        source = BatchSource.unpacked(source)
    if isinstance(source, BatchSource):
        return Cause(batch=source.batch_number, line=source.line)
    if isinstance(source, EventSource):
        return Cause(event=source.event_id, entries=source.entries, entry=source.entry)
    return Cause(mutation=source.mutation)


def source_of(cause: Cause) -> Source:
    """What a file says has changed a quantity; raises SnapshotFault."""
    match cause:
        case Cause(
            batch=int(batch), line=int(line), event=None, entries=None, entry=None, mutation=None
        ):
            return BatchSource(batch, line)
        case Cause(
            batch=None,
            line=None,
            event=str(event),
            entries=str(entries),
            entry=int(entry),
            mutation=None,
        ):
            return EventSource(event, entries, entry)
        case Cause(batch=None, line=None, event=None, entries=None, entry=None, mutation=str(name)):
            return MutationSource(name)
    expected = "batch and line; event, entries and entry; or mutation"
    raise SnapshotFault("/cause", "another mix", expected)
