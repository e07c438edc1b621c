"""What one process that makes load holds: its part of the shop, its ledger, its measurements."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from functools import partial

import gevent
from fluent_oms_simulator.client.client_errors import ClientError
from fluent_oms_simulator.client.exchanges import Pace
from fluent_oms_simulator.client.fluent_api import JSON
from gevent.lock import BoundedSemaphore

from ..ledger.ledger import Ledger
from ..server.target import caller, refusals
from ..traffic.day import day, nightly_load
from ..traffic.load_options import ALL_AT_ONCE, CannotRunError, LoadOptions
from ..traffic.payloads import batch_body, batches
from ..traffic.shop import Shop
from ..traffic.steady import events_for_rate
from ..traffic.trade_events import Count, FullLoad, Sent
from .feed import BatchFeed, ChangedCounts, EventFeed
from .recorder import Tally
from .visibility import VisibilityWatcher

BURST_SECONDS = 2.0
SECONDS_IN_A_DAY = 86_400.0
SECONDS_TO_DRAIN = 30.0
FOREIGN_SETTLING = 60.0
"""Seconds within which a server that is no simulator may still apply what it has accepted."""


class ProcessState:
    """What the users of a process share. `prepare` it, `begin`, and let it `drain` at the end."""

    def __init__(self) -> None:
        self.options = LoadOptions()
        self.ledger = Ledger()
        self.tally = Tally()
        self.changes = ChangedCounts()
        self.pace = Pace()
        self.one_at_a_time = BoundedSemaphore()
        self.in_flight = 0
        self.sending = False
        self.headers: dict[str, str] = {}
        self.feed: EventFeed | None = None
        self.loads: BatchFeed | None = None
        self.watcher: VisibilityWatcher | None = None
        self._jobs: dict[int, str] = {}
        self._shop: Shop | None = None
        self._parts = 1
        self.one_at_a_time = BoundedSemaphore()

    @property
    def pause(self) -> float:
        """Seconds between two looks at something that is awaited."""
        return self.options.target.pause

    def prepare(self, options: LoadOptions, part: int, parts: int) -> None:
        """Sign in and load the opening stock of this part; raises CannotRunError."""
        vars(self).update(vars(ProcessState()))  # a second run begins afresh
        self.options, self._parts = options, parts
        self.pace = Pace(options.max_rate / parts if options.max_rate else None)
        self.ledger = Ledger(0.0 if options.is_ours else FOREIGN_SETTLING)
        try:
            self._shop = Shop(
                options.seed,
                options.products,
                options.locations,
                options.coverage,
                prefix=options.prefix,
                partition=(part, parts),
                run=options.run,
            )
        except ValueError as fault:
            raise CannotRunError(str(fault)) from None
        self._caller = caller(options, self.pace)
        with refusals("the opening stock: "):
            self._sign()
            self._open(self._shop)
        self.watcher = VisibilityWatcher(self, parts)

    def begin(self, rate: float, name: str) -> None:
        """Begin to send, or go on at another rate; streams of other names have other deltaIds."""
        assert self._shop is not None
        self.hold()
        options, shop = self.options, self._shop
        together = BURST_SECONDS if options.definition.pace == ALL_AT_ONCE else 0.0
        if options.scenario == "day":
            stream = day(shop, round(rate * options.duration))
            self.feed = EventFeed(stream, speed=SECONDS_IN_A_DAY / options.duration)
            loads = self.feed.loads
            self.loads = BatchFeed(lambda _: loads.popleft() if loads else None, 0.0)
        else:
            events = events_for_rate(shop, rate / self._parts, name)
            self.feed = EventFeed(events, together=together)
            self.loads = self.loads or BatchFeed(partial(_load_of, shop), options.definition.pause)
        if not self.sending:
            self.sending = True
            gevent.spawn(self._stay_signed_in)

    def hold(self) -> None:
        """Send no more events until something else is begun."""
        if self.feed is not None:
            self.feed.end()
            self.feed = None

    def drain(self) -> None:
        """Send nothing more, and return when nothing is under way or that has taken too long."""
        self.sending = False
        self.hold()
        deadline = time.monotonic() + SECONDS_TO_DRAIN
        waits_for = self.watcher
        while self.in_flight or (waits_for is not None and waits_for.waiting):
            if time.monotonic() > deadline:
                break
            gevent.sleep(0.01)

    def take_tally(self) -> Tally:
        """What was measured since the last time."""
        tally, self.tally = self.tally, Tally()
        return tally

    def job_of(self, load: int) -> str:
        """The job that the batches of a load go to; opened by the first that asks."""
        with self.one_at_a_time, refusals():
            if load not in self._jobs:
                self._jobs = {load: self._job(f"load {load}")}
            return self._jobs[load]

    def _open(self, shop: Shop) -> None:
        job = self._job("opening stock")
        for counts in batches(shop.opening):
            sent, completed = Sent(f"job {job}", time.time(), None, None), None
            try:
                sent = self._opened(job, counts, sent)
                completed = time.time()
            finally:  # what was sent may be there, and is then to be taken back
                self.ledger.opened(counts, sent, completed)
            self.changes.among(counts)

    def _opened(self, job: str, counts: Sequence[Count], sent: Sent) -> Sent:
        """Send a batch of the opening stock and wait for it; raises ClientError."""
        number = self._caller.post_batch(job, batch_body(counts, self.options.payloads))
        acknowledged = time.time()
        self._caller.wait_for_batch(job, number, count=1)
        return replace_sent(sent, f"job {job} batch {number}", acknowledged)

    def _stay_signed_in(self) -> None:
        while self.sending:
            with self.one_at_a_time, contextlib.suppress(ClientError):
                self._sign()
            gevent.sleep(1.0)

    def _job(self, what: str) -> str:
        return self._caller.open_job(name=f"{self.options.prefix}Load run: {what}")

    def _sign(self) -> None:
        """The headers of a signed-in call with a JSON body, for whoever makes the load."""
        self.headers = {"Authorization": f"Bearer {self._caller.token}", "Content-Type": JSON}


def replace_sent(sent: Sent, request: str, acknowledged_at: float) -> Sent:
    """A request once its good answer has come."""
    return sent._replace(request=request, acknowledged_at=acknowledged_at, status=200)


def _load_of(shop: Shop, number: int) -> FullLoad:
    return nightly_load(shop, f"load {number}")
