"""A simulator at work: the operations that answer requests, and its life from start to close."""

import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from .behaviour import Behaviour
from .clock import MovableClock
from .conformance.conformance_api import ConformanceOperations
from .conformance.examination import Examination
from .conformance.examiner import JobFacts
from .conformance.traffic import Traffic
from .domain import bounds
from .domain.account.account import Account
from .domain.bounds import Tally
from .domain.workflow.batch_run import BatchRun
from .graphql.answering import AnswersGraphQL
from .intake.schemas import Schemas
from .intake.seeding import NO_SEED, Records, Seed, read_seed, seed_batches
from .operations.access_tokens import Tokens
from .operations.administration import AdminOperations
from .operations.behaviour_setting import BehaviourOperations
from .operations.clock_setting import ClockOperations
from .operations.events import EventOperations
from .operations.events_seen import EventsSeen
from .operations.fault_setting import FaultOperations
from .operations.jobs import JobOperations
from .operations.jobs_seen import JobsSeen
from .operations.ledger_records import LedgerRecords
from .operations.ledger_view import LedgerOperations
from .operations.making import make_all
from .operations.namespaces import NamespaceOperations
from .operations.past_stock import PastStock
from .operations.pasted_request import PastedRequests
from .operations.positions import PositionOperations
from .operations.reconciliation import Reconciliation
from .operations.request_replay import RequestReplays
from .operations.request_sighting import RequestSightings
from .operations.requests_seen import RequestOperations
from .operations.seeds import SeedOperations
from .operations.settling_choice import SettlingOperations
from .operations.snapshot_files import SnapshotFileOperations
from .operations.snapshots import SnapshotOperations
from .operations.tokens import TokenOperations
from .operations.verification import VerificationOperations
from .operations.virtual_positions import VirtualPositionOperations
from .operations.webhook_log import DeliveryOperations
from .operations.webhook_setting import PostsEvents, Signs, WebhookOperations
from .settings import Settings
from .stores.armed_faults import ArmedFaults
from .stores.delivery_line import DeliveryLine
from .stores.delta_ledger import DeltaLedger
from .stores.event_log import EventLog
from .stores.jobs import FindJob, JobStore
from .stores.kept_state import KeptState
from .stores.memory_store import MemoryCatalogueStore
from .stores.webhook_deliveries import WebhookDeliveries
from .text.redaction import Redaction
from .worker import Worker
from .worlds import Worlds

LONGEST_WAIT = 60.0
"""Seconds; only a worker that has stopped takes longer."""


class Acting(NamedTuple):
    """The parts that go by the switches, made anew where those change."""

    behaviour: Behaviour
    schemas: Schemas
    jobs: JobOperations
    events: EventOperations
    positions: PositionOperations
    past: PastStock
    virtual_positions: VirtualPositionOperations
    jobs_seen: JobsSeen
    events_seen: EventsSeen
    make_graphql: Callable[[], AnswersGraphQL]


MakeWorld = Callable[[Settings, MovableClock], "Simulator"]


@dataclass(kw_only=True, eq=False)
class Simulator:
    """Everything that answers requests, free of any web framework; `assembly.build` makes one."""

    settings: Settings
    clock: MovableClock
    acting: Acting
    make_acting: Callable[[Behaviour], Acting]
    switches: dict[str, str]
    """Those that are set over the profile."""
    store: MemoryCatalogueStore
    job_store: JobStore
    event_log: EventLog
    worker: Worker
    access_tokens: Tokens
    tokens: TokenOperations
    requests: RequestOperations
    traffic: Traffic
    redaction: Redaction
    ledger: DeltaLedger
    reconciliation: Reconciliation
    examination: Examination | None
    conformance: ConformanceOperations
    job_facts: Callable[[FindJob], JobFacts]
    webhooks: WebhookDeliveries
    signing_key: Signs
    make_sender: Callable[[DeliveryLine], PostsEvents]
    make_world: MakeWorld | None
    """Makes those that have a name beside this one, which has none; they make no others."""
    _graphql: AnswersGraphQL | None = field(init=False, default=None)
    _making_graphql: threading.Lock = field(init=False, default_factory=threading.Lock)
    _seed: Seed = field(init=False, default=NO_SEED)
    _seed_runs: list[BatchRun] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.started_at = time.monotonic()
        self.worlds = None if self.make_world is None else Worlds(self)
        # One that is dropped is to be gone at once: a served process hardly ever looks for circles
        # (serving/process.py).
        itself = weakref.proxy(self)
        self.admin = AdminOperations(itself)
        self.snapshots = SnapshotOperations(itself)
        self.snapshot_files = SnapshotFileOperations(itself, self.snapshots)
        self.seeding = SeedOperations(itself)
        self.namespaces = NamespaceOperations(itself, self.worlds, self.make_world)
        self.behaviours = BehaviourOperations(itself)
        self.ledger_view = LedgerOperations(self.ledger, self.store)
        self.ledger_records = LedgerRecords(self.job_store, self.store, self.traffic.log)
        self.clock_setting = ClockOperations(
            self.clock,
            self.schemas,
            self.behaviour,
            lambda: itself.next_due_at,
            partial(Simulator.settle_what_is_due, itself),
            lambda: itself.faults.clock_was_set_back(),
        )
        self.settling = SettlingOperations(self.worker, self.schemas, self.behaviour)
        self.verification = VerificationOperations(
            self.traffic.log,
            self.clock,
            self.schemas,
            self.behaviour,
            self.store,
            self.worker,
            partial(Simulator.come_to_rest, itself),
            lambda: itself.delayed,
            self.redaction,
            self.ledger,
            lambda: (itself.settings.profile, itself.settings.behaviours),
        )
        self.faults = ArmedFaults(self.clock, self.store.mark)
        self.worker.when_seeded = self.faults.see_all
        replays = RequestReplays(self.traffic.log, self.event_log, self.job_store, self.store)
        self.pasted_requests = PastedRequests(
            self.traffic.log, self.requests, replays, self.redaction, self.faults
        )
        self.fault_setting = FaultOperations(self.faults, self.schemas, self.behaviour)
        self.webhook_setting = WebhookOperations(
            itself,
            self.webhooks,
            self.signing_key,
            self.make_sender,
            partial(setattr, self.worker, "when_ended"),
        )
        self.deliveries = DeliveryOperations(self.webhook_setting, self.webhooks)
        self.sightings = RequestSightings(self.event_log, self.job_store, self.access_tokens)

    @property
    def admin_token(self) -> str | None:
        """What the control API asks for when other machines can reach it."""
        return self.settings.admin_token

    @property
    def is_busy(self) -> bool:
        """Whether anything that was accepted is still to be applied."""
        return self.worker.is_busy

    def issued(self, authorization: str) -> bool:
        """Whether the token in a header was issued here."""
        return self.access_tokens.issued(authorization)

    @property
    def behaviour(self) -> Behaviour:
        """The switches in force."""
        return self.acting.behaviour

    @property
    def schemas(self) -> Schemas:
        """What payloads are held against."""
        return self.acting.schemas

    @property
    def jobs(self) -> JobOperations:
        """What answers calls about jobs."""
        return self.acting.jobs

    @property
    def events(self) -> EventOperations:
        """What answers calls about events."""
        return self.acting.events

    @property
    def positions(self) -> PositionOperations:
        """What tells of positions."""
        return self.acting.positions

    @property
    def past(self) -> PastStock:
        """What positions had on hand before."""
        return self.acting.past

    @property
    def virtual_positions(self) -> VirtualPositionOperations:
        """What tells what is available to sell."""
        return self.acting.virtual_positions

    @property
    def jobs_seen(self) -> JobsSeen:
        """What tells of jobs and batches."""
        return self.acting.jobs_seen

    @property
    def events_seen(self) -> EventsSeen:
        """What tells of events."""
        return self.acting.events_seen

    @property
    def graphql(self) -> AnswersGraphQL:
        """GraphQL; made when it is first asked for, since reading its schema takes a moment."""
        made = self._graphql
        if made is None:
            with self._making_graphql:  # once, however many calls are the first
                made = self._graphql = self._graphql or self.acting.make_graphql()
        return made

    @property
    def is_ready(self) -> bool:
        """Whether the seed data is in the catalogue."""
        return self._seed is not NO_SEED and all(run.finished for run in self._seed_runs)

    def tallies(self) -> list[Tally]:
        """How much is held of all that has a bound, in the order of the table of bounds."""
        graphql = self._graphql
        with self.store.view() as (account, _):
            found = account.holdings.tallies()
        found += self.event_log.tallies() + self.job_store.tallies() + self.access_tokens.tallies()
        found += [] if self.examination is None else self.examination.tallies()
        found += self.traffic.log.tallies() + self.faults.tallies() + self.ledger.tallies()
        found += self.snapshots.tallies() + self.webhooks.tallies()
        found += [] if graphql is None else graphql.tallies()
        by_name = {tally.bound.name: tally for tally in found}
        return [by_name.get(bound.name) or Tally(bound) for bound in bounds.TABLE]

    def start(self) -> None:
        """Start the worker, put the seed data in line, arm faults, have webhooks.

        A world with a name has neither by a setting. Raises SeedError, UnusableFaultsError,
        UnusableWebhooksError.
        """
        if self.worlds is not None:
            self.fault_setting.load(self.settings.faults)
            self.webhook_setting.load(self.settings.webhooks)
        seed = read_seed(self.settings, self.schemas, self.behaviour)
        self._submit_seed(seed)
        self.worker.start()
        if self.examination is not None:
            self.examination.start()
        self._make_listed(seed)
        self._seed = seed

    def close(self) -> None:
        """Stop what works in the background, here and in the worlds beside."""
        self.faults.disarm()  # a call that one holds goes on
        if self.worlds is not None:
            self.worlds.close()
        if self.examination is not None:
            self.examination.stop()
        self.worker.stop()
        self.webhook_setting.drop_all()
        self.ledger.clear()

    def reset(
        self,
        *,
        drop_conformance: bool = False,
        drop_tokens: bool = False,
        drop_requests: bool = False,
        drop_ledger: bool = False,
        drop_faults: bool = False,
        drop_webhooks: bool = False,
    ) -> None:
        """Go back to the state after the start.

        Clock and settling stay as they are set; tokens stay valid, fault rules stay armed, webhooks
        are told of what comes, and what the traffic has broken, what was requested and what came of
        deltas stays known, unless they are dropped.
        """
        if drop_faults:
            self.faults.disarm()
        if drop_webhooks:
            self.webhook_setting.drop_all()
        self._begin_anew(None)
        self._make_listed(self._seed)
        examination = self.examination
        if examination is not None:
            if drop_conformance:
                examination.reset()
            else:
                examination.catch_up()
        if drop_tokens:
            self.access_tokens.revoke_all()
        if drop_requests:
            self.traffic.log.clear()
        if drop_ledger:
            self.ledger.clear()
        _wait_until(lambda: self.is_ready)

    def keep_state(self, timeout: float = LONGEST_WAIT) -> KeptState | None:
        """All that it holds now, to go back to, once nothing is in line.

        None where something still is after `timeout` seconds, is held back, or kept by a fault.
        """
        deadline = time.monotonic() + timeout
        while self.settle(max(0.0, deadline - time.monotonic())):
            if self.worker.in_line.is_any_kept:
                break
            kept = self._keep_unless_busy()
            if kept is not None or time.monotonic() > deadline:
                return kept
            time.sleep(0.001)
        return None

    def _keep_unless_busy(self) -> KeptState | None:
        with self.worker.quiet():
            if self.worker.is_busy:
                return None
            # What is accepted from here on is not of this state, and stays in line meanwhile: the
            # copy of a large account takes longer than a busy sender pauses.
            course, now = self.clock.course, self.clock.now()
            jobs, events = self.job_store.keep(), self.event_log.keep()
            if jobs is None or events is None:
                return None
            return KeptState(now, course, dict(self.switches), self.store.keep(), jobs, events)

    def go_back(self, kept: KeptState) -> None:
        """Go back to what was kept; the clock and the switches as they were then.

        Tokens stay valid, and what the traffic has broken and what was requested stays known, as
        with a reset.
        """
        if self.switches != kept.switches:
            self.act_by(kept.switches)
        self._begin_anew(kept)
        if self.examination is not None:
            self.examination.catch_up()

    def blank_account(self, at: int) -> Account:
        """One that holds nothing, to be filled with what a file tells of."""
        with self.store.view() as (account, _):
            return account.blank(at)

    def _begin_anew(self, kept: KeptState | None) -> None:
        examination = self.examination
        if examination is not None:
            examination.make_room()
        account, jobs, events = (None, None, None) if kept is None else kept[-3:]
        with self.worker.quiet():
            self.worker.discard()
            self.webhooks.drop_waiting()
            if kept is None:
                self._submit_seed(self._seed)
            else:
                self._seed_runs = []
                self.clock.follow(kept.course, kept.at)
            # One step: whatever is accepted is accepted by all of them before it, or by all after.
            with (
                self.store.anew(account) as mark,
                self.job_store.anew(jobs) as jobs_until_now,
                self.event_log.anew(events) as for_later,
            ):
                self.ledger.begin_anew()
                self.faults.begin_anew(mark)
                for event in for_later:
                    self.ledger.accepted(event)
                self.worker.wait_for_time(for_later)
                if examination is not None:
                    examination.begin_anew(self.clock.now(), self.job_facts(jobs_until_now))

    def act_by(self, switches: Mapping[str, str]) -> None:
        """Have these switches set over the profile from now on, and no others.

        Raises UnknownBehaviour. What was accepted and waits is applied as they say.
        """
        behaviour = Behaviour.from_options(switches, self.settings.profile)
        with self.worker.quiet(), self._making_graphql:
            self.acting, self._graphql = self.make_acting(behaviour), None
            self.worker.act_by(behaviour)
            self.event_log.forget_outlines()
            self.access_tokens.issue_for(
                behaviour.oauth_token_seconds, refresh=behaviour.oauth_refresh_token
            )
            self.switches.clear()
            self.switches.update(switches)
            self.settings = replace(self.settings, behaviours=dict(switches))

    def let_go(self) -> None:
        """Have all that is held back applied."""
        self.worker.let_go()

    def settle(self, timeout: float = LONGEST_WAIT) -> bool:
        """Wait until all that is due has been applied; False when it takes over `timeout` seconds.

        What is held back and what is of a later time is not due.
        """
        self.worker.look_at_clock()
        return _wait_until(lambda: not self.worker.is_busy, timeout)

    def settle_what_is_due(self) -> bool:
        """As `settle`, and what webhooks are to be told by now was tried."""
        return self.settle() and self.deliveries.settle(LONGEST_WAIT)

    @property
    def next_due_at(self) -> int | None:
        """When the next of what waits for its time is due: an event, or the retry of a webhook."""
        moments = (self.worker.next_due_at, self.webhooks.next_due_at)
        return min((moment for moment in moments if moment is not None), default=None)

    @property
    def undelivered(self) -> int:
        """How many deliveries of webhooks have not ended."""
        return sum(self.webhooks.in_line())

    @property
    def delayed(self) -> int:
        """How many calls faults hold up."""
        return len(self.faults.delayed)

    def come_to_rest(self, timeout: float = LONGEST_WAIT) -> bool:
        """As `settle`, and the calls that faults hold up have been answered."""
        self.worker.look_at_clock()
        return _wait_until(lambda: not (self.faults.delayed or self.worker.is_busy), timeout)

    def add(self, seed: Seed) -> dict[str, int]:
        """Have what seed data holds, ahead of all that waits; how many of each were made.

        Raises SeedError for what a mutation refuses.
        """
        runs = self._runs(seed.records)
        with self.worker.quiet():
            self.worker.submit_seed(runs)
        _wait_until(lambda: all(run.finished for run in runs))
        if not seed.listed:
            return {}
        records = sum(run.batch.size for run in runs)
        return make_all(seed.listed, self.graphql.post, records=records)

    def _submit_seed(self, seed: Seed) -> None:
        self._seed_runs = self._runs(seed.records)
        self.worker.submit_seed(self._seed_runs)

    def _make_listed(self, seed: Seed) -> None:
        if seed.listed:
            _wait_until(lambda: all(run.finished for run in self._seed_runs))
            make_all(seed.listed, self.graphql.post)

    def _runs(self, records: Records) -> list[BatchRun]:
        batches = seed_batches(records, self.clock.now())
        return [BatchRun(batch, False, self.behaviour) for batch in batches]


def _wait_until(met: Callable[[], bool], timeout: float = LONGEST_WAIT) -> bool:
    deadline = time.monotonic() + timeout
    while not met():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True
