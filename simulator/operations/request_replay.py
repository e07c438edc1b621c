"""What has to be sent in a world of its own for a request to come to the same as it did.

Ids that the simulator has handed out mean nothing there, so what made them comes first; and so does
what had brought one of its deltas before, which makes it a repeat. Stock is what it was on hand
before the first of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from ..domain.account.account import Account
from ..domain.account.ports import CatalogueStore
from ..domain.catalogue.on_hand_timeline import OnHandStep, OnHandTimeline
from ..domain.jobs import BatchStatus, InventoryBatch, Job
from ..domain.refs import default_catalogue
from ..domain.trouble.sightings import DELTA_ID, LOCATION, PRODUCT
from ..intake.operation_names import Called, called
from ..stores.event_log import EventLog
from ..stores.jobs import JobStore
from ..stores.request_log import LoggedRequest, RequestLog
from .request_filter import lines_of, may_hold
from .request_finder import MAKING, Made, made_of
from .requests_seen import made_by

MOST_PLACES = 100
"""Products at locations whose stock is told."""
MOST_REPEATED = 5
"""Requests of before that have brought a delta of this one."""

Place = tuple[str, str]
"""The refs of a product and a location."""


class SentAgain(NamedTuple):
    """A request that is sent again, what it calls and what it made."""

    entry: LoggedRequest
    call: Called
    made: str | None

    @property
    def source(self) -> Made | None:
        """What it made, where that may change stock."""
        kind = MAKING.get(self.call.operation)
        return None if kind is None or self.made is None else Made(kind, self.made)


class StockOfReplay(NamedTuple):
    """The stock on hand before and after, by place; None is no position.

    `untold` counts the places of which it is not known, or is not for a test to set.
    """

    before: Mapping[Place, int | None]
    after: Mapping[Place, int | None]
    untold: int


class Replay(NamedTuple):
    """What is sent, the request itself last, and the stock that goes with it."""

    exchanges: Sequence[SentAgain]
    stock: StockOfReplay


class RequestReplays:
    """Finds out what goes before a request."""

    def __init__(
        self, log: RequestLog, events: EventLog, jobs: JobStore, store: CatalogueStore
    ) -> None:
        self._log = log
        self._events = events
        self._jobs = jobs
        self._store = store

    def of(self, entry: LoggedRequest) -> Replay:
        """What is to be sent for this request, as far as it is still kept."""
        own = self._exchange(entry)
        first = {each.entry.id: each for each in self._makers(own)}
        for each in self._repeated(own):
            first[each.entry.id] = each
        exchanges = [first[number] for number in sorted(first)] + [own]
        with self._store.view() as (account, _):
            stock = self._stock(account, exchanges)
        return Replay(exchanges, stock)

    def _exchange(self, entry: LoggedRequest) -> SentAgain:
        struck = self._log.struck(entry.id)
        made = made_by(entry.reply) if struck is None else struck.made
        return SentAgain(entry, called(entry.request.method, entry.request.path), made)

    # -- what goes before ----------------------------------------------------------------------

    def _makers(self, own: SentAgain) -> Iterator[SentAgain]:
        """What has made the job, the batch or the event that is in the path."""
        call = own.call
        wanted: dict[str, str] = {}
        if call.job_id is not None:
            wanted["createJob"] = call.job_id
        if call.batch_id is not None:
            wanted["createBatch"] = call.batch_id
        if call.event_id is not None:
            wanted["sendEvent"] = call.event_id
        for entry in self._log.between(0, own.entry.id) if wanted else ():
            if not self._may_have_made(entry, wanted.values()):
                continue
            made = self._exchange(entry)
            operation = made.call.operation
            if operation in wanted and made.made == wanted[operation]:
                del wanted[operation]
                yield made
                if not wanted:
                    return

    def _may_have_made(self, entry: LoggedRequest, ids: Iterable[str]) -> bool:
        """Whether a reply may tell one of these ids: most do not, and are not taken apart."""
        if entry.request.method != "POST":
            return False
        return any(each.encode() in entry.reply for each in ids) or (
            self._log.struck(entry.id) is not None
        )

    def _repeated(self, own: SentAgain) -> Iterator[SentAgain]:
        """The events that have brought a delta of this one before, since the last reset."""
        if MAKING.get(own.call.operation) != "event" or own.made is None:
            return
        ids = _ids(own.entry)
        found = (
            before
            for entry in self._log.between(0, own.entry.id)
            if ids and any(may_hold(entry.request, each) for each in ids)
            for before in [self._exchange(entry)]
            if MAKING.get(before.call.operation) == "event"
            and before.made is not None
            and self._events.find(before.made) is not None
            and ids & _ids(entry)
        )
        yield from islice(found, MOST_REPEATED)

    # -- stock ---------------------------------------------------------------------------------

    def _stock(self, account: Account, exchanges: Sequence[SentAgain]) -> StockOfReplay:
        sources = {each.source for each in exchanges if each.source is not None}
        places = list(_places(each for each in exchanges if each.source is not None))
        before: dict[Place, int | None] = {}
        after: dict[Place, int | None] = {}
        untold = len(places[MOST_PLACES:])
        catalogue = None
        if sources and all(map(self._is_applied_here, exchanges)):
            catalogue = account.catalogues.get(self._catalogue_of(exchanges))
        if catalogue is None:
            return StockOfReplay({}, {}, len(places))
        found = {place: catalogue.find(*place) for place in places[:MOST_PLACES]}
        timelines = catalogue.timelines([each for each in found.values() if each is not None])
        for place, position in found.items():
            told: tuple[int | None, int | None] | None = (None, None)
            if position is not None:
                made_at = catalogue.positions.created_at[position]
                told = _before_and_after(timelines[position], sources, exchanges, made_at)
            if told is None or (told[0] or 0) < 0:
                untold += 1
            else:
                before[place], after[place] = told
        return StockOfReplay(before, after, untold)

    def _is_applied_here(self, exchange: SentAgain) -> bool:
        """Whether what it made has ended, in the catalogue that a test loads without naming it."""
        source = exchange.source
        if source is None:
            return True
        if source.kind == "event":
            event = self._events.find(source.id)
            if event is None or event.waits:
                return False
            return event.catalogue_ref == str(default_catalogue(event.retailer_id))
        job, batch = self._batch(exchange)
        if job is None or batch is None or batch.status is not BatchStatus.COMPLETE:
            return False
        return str(batch.catalogue) == str(default_catalogue(job.retailer_id))

    def _batch(self, exchange: SentAgain) -> tuple[Job | None, InventoryBatch | None]:
        job = None if exchange.call.job_id is None else self._jobs.find(exchange.call.job_id)
        if job is None or exchange.made is None:
            return job, None
        return job, self._jobs.find_batch(job, exchange.made)

    def _catalogue_of(self, exchanges: Iterable[SentAgain]) -> str:
        """The catalogue that the last of them has written to; all write to their retailer's."""
        found = ""
        for exchange in exchanges:
            source = exchange.source
            event = None if source is None else self._events.find(source.id)
            _, batch = self._batch(exchange)
            if source is not None and event is not None:
                found = event.catalogue_ref
            elif source is not None and batch is not None:
                found = str(batch.catalogue)
        return found


def _ids(entry: LoggedRequest) -> set[str]:
    sent = entry.request.sent
    lines = lines_of(sent) if isinstance(sent, bytes) else []
    return {each for line in lines for name in DELTA_ID if isinstance(each := line.get(name), str)}


def _places(exchanges: Iterable[SentAgain]) -> dict[Place, None]:
    found: dict[Place, None] = {}
    for exchange in exchanges:
        sent = exchange.entry.request.sent
        for line in lines_of(sent) if isinstance(sent, bytes) else []:
            product = next((line[name] for name in PRODUCT if name in line), None)
            location = next((line[name] for name in LOCATION if name in line), None)
            if isinstance(product, str) and isinstance(location, str):
                found[product, location] = None
    return found


def _before_and_after(
    timeline: OnHandTimeline,
    sources: set[Made],
    exchanges: Sequence[SentAgain],
    made_at: int,
) -> tuple[int | None, int | None] | None:
    """The stock on hand before and after what was sent; None where that cannot be told.

    So it is where the history does not reach back, and where others came between.
    """
    steps = timeline.steps
    own = [place for place, step in enumerate(steps) if made_of(step.source) in sources]
    if not own:
        return _unchanged(timeline, exchanges[-1].entry.at)
    first, last = own[0], own[-1]
    if last - first + 1 != len(own) or not _is_known(timeline, steps[first]):
        return None
    is_new = first == 0 and steps[0].at == made_at
    return None if is_new else steps[first].before, steps[last].after


def _unchanged(timeline: OnHandTimeline, at: int) -> tuple[int | None, int | None] | None:
    step = timeline.last_until(at)
    if step is None:
        return (None, None) if timeline.known_after is None else None
    return (step.after, step.after) if _is_known(timeline, step) else None


def _is_known(timeline: OnHandTimeline, step: OnHandStep) -> bool:
    return timeline.known_after is None or step.at > timeline.known_after
