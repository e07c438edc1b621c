"""The composition root: the only file that chooses what a simulator is made of."""

import time
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from .auth import Credentials, Tokens
from .behaviour import Behaviour
from .clock import Clock, SystemClock
from .domain import bounds
from .domain.account import Account
from .domain.batch_run import BatchRun
from .domain.bounds import Tally
from .domain.inventory import ACTIVE, CREATED
from .domain.jobs import Job
from .domain.refs import default_catalogue
from .domain.stock import StockRules
from .examination import Examination
from .ids import EventIds
from .operations.batch_log import BatchLog
from .operations.conformance import ConformanceOperations
from .operations.control import ControlOperations
from .operations.entity_log import EntityLog
from .operations.events import EventOperations
from .operations.jobs import JobOperations
from .operations.positions import PositionOperations
from .operations.tokens import TokenOperations
from .seeding import Seed, read_seed, seed_batches
from .settings import Settings
from .stores.event_log import EventLog
from .stores.jobs import JobStore
from .stores.memory import MemoryCatalogueStore
from .traffic import Traffic
from .validation import Schemas
from .worker import Worker

if TYPE_CHECKING:
    from .graphql.engine import GraphQLOperations

LONGEST_WAIT = 60.0
"""Seconds; only a worker that has stopped takes longer."""


class Simulator:
    """Everything that answers requests, wired together and free of any web framework."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.started_at = clock.now()
        self.behaviour = behaviour = Behaviour.from_options(settings.behaviours)
        self.schemas = schemas = Schemas(
            unknown_fields=behaviour.schema_unknown_fields,
            string_numbers=behaviour.schema_string_numbers,
            missing_delta_id=behaviour.delta_missing_id,
        )
        self.store = store = MemoryCatalogueStore(self._new_account)
        self.job_store = JobStore()
        self.event_log = EventLog()
        ids = EventIds()
        self._batch_log = batch_log = BatchLog(self.event_log, behaviour, clock, ids)
        self.worker = worker = Worker(
            store,
            clock,
            behaviour,
            self.event_log.ended,
            self._batch_completed,
            self.event_log.holds,
            self._batch_is_kept,
        )
        self._auth_tokens = Tokens(
            Credentials(
                settings.client_id, settings.client_secret, settings.username, settings.password
            ),
            clock,
            behaviour.oauth_token_seconds,
            behaviour.oauth_refresh_token == "issued",
        )
        self.tokens = TokenOperations(self._auth_tokens, settings)
        self.jobs = JobOperations(
            self.job_store,
            store,
            schemas,
            settings,
            behaviour,
            clock,
            worker.submit_batch,
            batch_log.accepted,
        )
        self.events = EventOperations(
            self.event_log, store, schemas, settings, behaviour, clock, worker.submit_event, ids
        )
        self.positions = PositionOperations(store)
        self._entity_log = EntityLog(self.event_log, clock, ids)
        self.traffic = Traffic(clock) if settings.conformance == "on" else None
        self.examination = (
            Examination(
                self.traffic,
                lambda: worker.is_busy,
                partial(self._job_facts, self.job_store.find),
            )
            if self.traffic is not None
            else None
        )
        self.conformance = ConformanceOperations(self.examination, clock)
        self.control = ControlOperations(self)
        self._seed: Seed | None = None
        self._seed_runs: list[BatchRun] = []

    @property
    def admin_token(self) -> str | None:
        """What the control API asks for when other machines can reach it."""
        return self.settings.admin_token

    @cached_property
    def graphql(self) -> "GraphQLOperations":
        """GraphQL; made when it is first asked for, since reading its schema takes a moment."""
        from .graphql.engine import GraphQLOperations

        return GraphQLOperations(
            self.store, self.schemas, self.settings, self.behaviour, self.clock, self._entity_log
        )

    @property
    def is_ready(self) -> bool:
        """Whether the seed data is in the catalogue."""
        return self._seed is not None and all(run.finished for run in self._seed_runs)

    def authenticate(self, authorization: str | None) -> None:
        """Raise ApiError (401) unless the caller may use the API."""
        if self.settings.auth != "off":
            self._auth_tokens.verify(authorization)

    def tallies(self) -> list[Tally]:
        """How much is held of all that has a bound, in the order of the table of bounds."""
        graphql: GraphQLOperations | None = self.__dict__.get("graphql")
        with self.store.view() as (account, _):
            found = account.holdings.tallies()
        found += self.event_log.tallies() + self.job_store.tallies() + self._auth_tokens.tallies()
        found += [] if self.examination is None else self.examination.tallies()
        found += [] if graphql is None else graphql.tallies()
        by_name = {tally.bound.name: tally for tally in found}
        return [by_name.get(bound.name) or Tally(bound) for bound in bounds.TABLE]

    def start(self) -> None:
        """Start the worker and put the seed data in line; raises SeedError."""
        self._seed = read_seed(self.settings, self.schemas, self.behaviour)
        self._submit_seed()
        self.worker.start()
        if self.examination is not None:
            self.examination.start()

    def close(self) -> None:
        """Stop what works in the background."""
        if self.examination is not None:
            self.examination.stop()
        self.worker.stop()

    def reset(self, *, drop_conformance: bool = False) -> None:
        """Go back to the state after the start; tokens stay valid.

        What the traffic has broken stays known, unless it is dropped.
        """
        examination = self.examination
        if examination is not None:
            examination.make_room()
        with self.worker.quiet():
            self.worker.discard()
            self._submit_seed()
            # One step: whatever is accepted is accepted by all of them before it, or by all after.
            with self.store.anew(), self.job_store.anew() as jobs_until_now, self.event_log.anew():
                if examination is not None:
                    facts = partial(self._job_facts, jobs_until_now)
                    examination.begin_anew(self.clock.now(), facts)
        if examination is not None:
            if drop_conformance:
                examination.reset()
            else:
                examination.catch_up()
        _wait_until(lambda: self.is_ready)

    def settle(self, timeout: float = LONGEST_WAIT) -> bool:
        """Wait until everything accepted has been applied; False when it takes over `timeout` s."""
        return _wait_until(lambda: not self.worker.is_busy, timeout)

    def _new_account(self) -> Account:
        refs = map(default_catalogue, self.settings.retailers)
        behaviour = self.behaviour
        active_only = behaviour.position_counted_statuses == "active"
        counting = frozenset({ACTIVE} if active_only else {CREATED, ACTIVE})
        rules = StockRules(counting, behaviour.position_first_status)
        return Account(refs, self.clock.now(), rules)

    def _batch_completed(self, run: BatchRun) -> None:
        self.job_store.completed(run.batch)
        self._batch_log.completed(run)

    def _batch_is_kept(self, run: BatchRun) -> bool:
        is_seed_data = not run.batch.number
        return is_seed_data or self.job_store.awaits(run.batch)

    def _job_facts(
        self, find: Callable[[str], Job | None], job_id: str, at: int
    ) -> tuple[str, str] | None:
        job = find(job_id)
        if job is None:
            return None
        return job.retailer_id, job.status(at, self.behaviour.job_closes)

    def _submit_seed(self) -> None:
        batches = seed_batches(self._seed or {}, self.clock.now())
        self._seed_runs = [BatchRun(batch, False, self.behaviour) for batch in batches]
        self.worker.submit_seed(self._seed_runs)


def _wait_until(met: Callable[[], bool], timeout: float = LONGEST_WAIT) -> bool:
    deadline = time.monotonic() + timeout
    while not met():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def build(settings: Settings | None = None, clock: Clock | None = None) -> Simulator:
    """A simulator with these settings; `start()` makes it work.

    Raises UnknownBehaviour for a behaviour switch that does not exist.
    """
    return Simulator(settings or Settings(), clock or SystemClock())
