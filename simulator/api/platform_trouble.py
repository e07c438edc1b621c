"""What the platform does otherwise than it should with what it has accepted."""

from contextlib import suppress
from dataclasses import replace
from functools import partial

from ..domain.bounds import LineFullError
from ..domain.events import Event, Unreadable
from ..domain.jobs import BatchStatus
from ..domain.workflow.batch_run import BatchRun
from ..simulator import Simulator
from ..stores.armed_rule import Strike
from ..stores.set_aside import KeptAside, Later, Piece


def keeps_the_work(strike: Strike) -> bool:
    """Whether a strike has the work of a call wait."""
    return strike.rule.kind in ("late", "hold_batch")


def disturb(simulator: Simulator, strike: Strike, kept: KeptAside) -> None:
    """Make a fault of what a request has brought, before any of it is applied."""
    settings = strike.rule.settings
    match strike.rule.kind:
        case "fail":
            for piece in kept.pieces:
                _fail(piece.unit, strike)
        case "twice":
            for piece in [*kept.pieces]:
                if isinstance(piece.unit, Event):
                    _deliver_again(simulator, piece.unit, kept)
        case "late":
            _keep_for(simulator, strike, kept, strike.delay)
        case "hold_batch":
            for piece in kept.pieces:
                if isinstance(piece.unit, BatchRun) and settings["state"] == BatchStatus.RUNNING:
                    piece.unit.batch.run(simulator.clock.now())
            if settings["polls"] is None:
                _keep_for(simulator, strike, kept, settings["seconds"])
            else:
                _keep_for_polls(simulator, strike, kept, settings["polls"])


def _fail(unit: Event | BatchRun, strike: Strike) -> None:
    reason = f"it was to fail (fault rule {strike.rule.id})"
    if isinstance(unit, Event):
        unit.work = Unreadable(reason, is_made_up=True)
    else:
        unit.breaks_at, unit.why_it_breaks = strike.rule.settings["afterRecords"], reason


def _deliver_again(simulator: Simulator, event: Event, kept: KeptAside) -> None:
    again = replace(event, id=simulator.event_log.new_id(), held=0, outline=None)
    worker = simulator.worker
    submit = worker.submit_scheduled if again.scheduled_at else worker.submit_event
    with suppress(LineFullError):
        simulator.event_log.add(again)
        simulator.ledger.delivered_again(again, event)
        kept.keep(Piece(again, partial(submit, again)))


def _keep_for(simulator: Simulator, strike: Strike, kept: KeptAside, seconds: float) -> None:
    now, wait = simulator.clock.now(), int(1000 * seconds)
    for piece in kept.take():
        # One for later is late from then on.
        due = max(now, piece.unit.scheduled_at if isinstance(piece.unit, Event) else 0) + wait
        _let_go_with(strike, simulator.worker.keep_until(piece, due))


def _keep_for_polls(simulator: Simulator, strike: Strike, kept: KeptAside, polls: int) -> None:
    for piece in kept.take():
        if isinstance(piece.unit, BatchRun):
            number = piece.unit.batch.number
            _let_go_with(strike, simulator.worker.aside.keep_for_polls(piece, number, polls))


def _let_go_with(strike: Strike, later: Later) -> None:
    """Have what is kept go on when the rule is removed."""
    armed, release = strike.armed, later.put_in_line
    waiting = armed.kept_by.waiting
    later.when_gone = partial(waiting.discard, release)
    waiting.add(release)
    if armed.is_gone or later.piece is None:
        release()
        waiting.discard(release)
