"""The composition root: the only file that chooses what a simulator is made of."""

from collections.abc import Callable, Mapping
from functools import partial

from .behaviour import Behaviour
from .clock import Clock, MovableClock
from .conformance.conformance_api import ConformanceOperations
from .conformance.examination import Examination
from .conformance.examiner import Examiner, JobFacts
from .conformance.traffic import Traffic
from .domain.account.account import Account
from .domain.catalogue.holdings import NoteRetired
from .domain.catalogue.stock import StockRules
from .domain.inventory import ACTIVE, COMMUNITY_TYPES, CREATED, Source
from .domain.refs import default_catalogue
from .domain.settling import settling_of
from .graphql.answering import AnswersGraphQL
from .intake.schemas import Schemas, shared_schemas
from .operations.access_tokens import Credentials, Tokens
from .operations.delta_comparison import DeltaComparison
from .operations.event_audit import KnownRowKinds
from .operations.events import EventOperations
from .operations.events_seen import EventsSeen
from .operations.jobs import JobOperations
from .operations.jobs_seen import JobsSeen
from .operations.past_stock import PastStock
from .operations.position_comparison import PositionComparison
from .operations.positions import PositionOperations
from .operations.reconciliation import Reconciliation
from .operations.request_finder import RequestFinder
from .operations.requests_seen import RequestOperations
from .operations.tokens import TokenOperations
from .operations.virtual_positions import VirtualPositionOperations
from .operations.webhook_payload import WebhookPayloads
from .operations.webhook_setting import PostsEvents
from .outbound.signing_key import SigningKey
from .settings import Settings
from .simulator import Acting, MakeWorld, Simulator
from .stores.batch_log import BatchLog
from .stores.delivery_line import DeliveryLine
from .stores.delta_ledger import DeltaLedger
from .stores.entity_log import EntityLog
from .stores.event_log import EventLog
from .stores.jobs import FindJob, JobStore
from .stores.memory_store import MemoryCatalogueStore
from .stores.webhook_deliveries import WebhookDeliveries
from .text.redaction import Redaction
from .text.written_settling import settling_fields
from .worker import Worker


def build(settings: Settings | None = None, clock: MovableClock | None = None) -> Simulator:
    """A simulator with these settings; `start()` makes it work.

    Raises UnknownBehaviour for a behaviour switch that does not exist.
    """
    settings = settings or Settings()
    key = SigningKey(settings.webhook_key)  # one for all worlds, as for an environment
    make_world = partial(_simulator, key, make_world=None)
    return _simulator(key, settings, clock or MovableClock(), make_world)


def _simulator(
    key: SigningKey, settings: Settings, clock: MovableClock, make_world: MakeWorld | None
) -> Simulator:
    behaviour = Behaviour.from_options(settings.behaviours, settings.profile)
    ledger = DeltaLedger(str(default_catalogue(retailer)) for retailer in settings.retailers)

    def note_retired(catalogue_ref: str, quantity_ref: str, at: int, source: Source) -> None:
        """Tell the ledger; a function, which stays the same in a copy of an account."""
        ledger.retired(catalogue_ref, quantity_ref, at, source)

    store = MemoryCatalogueStore(partial(_new_account, settings, behaviour, clock, note_retired))
    jobs, event_log = JobStore(), EventLog()
    batch_log = BatchLog(event_log, behaviour, clock, settings.account)
    settling = settling_of(settling_fields(settings.settling))
    access_tokens = Tokens(
        Credentials(
            settings.client_id, settings.client_secret, settings.username, settings.password
        ),
        clock,
        behaviour.oauth_token_seconds,
        refresh=behaviour.oauth_refresh_token,
        needed=settings.auth != "off",
    )
    switches, row_kinds = dict(settings.behaviours), KnownRowKinds()
    secrets = (settings.client_secret, settings.password, settings.admin_token or "")
    redaction = Redaction(secrets, access_tokens.is_in_circulation)
    traffic = Traffic(
        clock,
        is_examined=settings.conformance == "on",
        redaction=redaction,
        note_answered=ledger.answered,
    )
    worker = Worker(
        store,
        clock,
        behaviour,
        jobs,
        event_log,
        batch_log,
        settling,
        ledger,
        traffic.note_failed,
    )
    job_facts = partial(_job_facts, lambda: worker.behaviour)
    examination = None
    if settings.conformance == "on":
        examination = Examination(
            traffic,
            lambda: worker.is_busy,
            job_facts(jobs.find),
            partial(_examiner, settings, switches, redaction),
        )

    webhooks = WebhookDeliveries(clock)
    payloads = WebhookPayloads(store, settings.account)

    def make_sender(line: DeliveryLine) -> PostsEvents:
        from .outbound.webhook_sender import WebhookSender  # HTTP and TLS are loaded with the first

        return WebhookSender(
            line, webhooks, clock, lambda: worker.behaviour, payloads.body_of, key.sign
        )

    finder = RequestFinder(traffic.log)

    def make_acting(behaviour: Behaviour) -> Acting:
        schemas = shared_schemas(behaviour)
        past = PastStock(store, schemas, behaviour, traffic.log)
        events = EventOperations(
            event_log,
            store,
            schemas,
            settings,
            behaviour,
            clock,
            worker.submit_event,
            worker.submit_scheduled,
            row_kinds,
            ledger,
            traffic.note_failed,
            worker.tell_ended,
        )
        return Acting(
            behaviour,
            schemas,
            JobOperations(
                jobs, store, schemas, settings, behaviour, clock, worker.submit_batch, batch_log
            ),
            events,
            PositionOperations(store, behaviour, clock, past),
            past,
            VirtualPositionOperations(store, behaviour),
            JobsSeen(jobs, finder, behaviour, clock),
            EventsSeen(event_log, events, finder, redaction),
            lambda: _graphql(
                store, schemas, settings, behaviour, clock, EntityLog(event_log, clock)
            ),
        )

    return Simulator(
        settings=settings,
        clock=clock,
        acting=make_acting(behaviour),
        make_acting=make_acting,
        switches=switches,
        store=store,
        job_store=jobs,
        event_log=event_log,
        worker=worker,
        access_tokens=access_tokens,
        tokens=TokenOperations(access_tokens, settings),
        requests=RequestOperations(traffic.log, event_log, jobs, redaction, store),
        traffic=traffic,
        redaction=redaction,
        ledger=ledger,
        reconciliation=Reconciliation(
            store, ledger, PositionComparison(store, traffic.log), DeltaComparison(ledger), clock
        ),
        examination=examination,
        conformance=ConformanceOperations(examination, clock),
        job_facts=job_facts,
        webhooks=webhooks,
        signing_key=key,
        make_sender=make_sender,
        make_world=make_world,
    )


def _new_account(
    settings: Settings, behaviour: Behaviour, clock: Clock, note_retired: NoteRetired
) -> Account:
    refs = map(default_catalogue, settings.retailers)
    active_only = behaviour.position_counted_statuses == "active"
    counting = frozenset({ACTIVE} if active_only else {CREATED, ACTIVE})
    rules = StockRules(
        counting,
        behaviour.position_first_status,
        COMMUNITY_TYPES if behaviour.position_further_types == "counted" else frozenset(),
        behaviour.position_reserved_ahead == "counted",
        inactive_stays=behaviour.position_inactive == "stays",
    )
    return Account(refs, clock.now(), rules, note_retired)


def _job_facts(behaviour: Callable[[], Behaviour], find: FindJob) -> JobFacts:
    """What the examination asks of the jobs that `find` finds."""

    def facts(job_id: str, at: int) -> tuple[str, str] | None:
        job = find(job_id)
        return None if job is None else (job.retailer_id, job.status(at, behaviour().job_closes))

    return facts


def _graphql(
    store: MemoryCatalogueStore,
    schemas: Schemas,
    settings: Settings,
    behaviour: Behaviour,
    clock: Clock,
    entity_log: EntityLog,
) -> AnswersGraphQL:
    from .graphql.endpoint.engine import GraphQLOperations  # its schema takes a moment to read

    return GraphQLOperations(store, schemas, settings, behaviour, clock, entity_log)


def _examiner(
    settings: Settings, switches: Mapping[str, str], redaction: Redaction, job_facts: JobFacts
) -> Examiner:
    """The contracts' own, loaded when there is something to examine: no part of a quick start."""
    from .contracts.conformance.traffic_report import ReportingExaminer

    return ReportingExaminer(job_facts, settings.profile, switches, redaction)
