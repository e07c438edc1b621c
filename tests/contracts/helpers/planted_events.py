"""Defects in what becomes of events, and in what the log tells of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import pytest
from fluent_oms_simulator.domain.events import EventStatus, Outcome, Trace
from fluent_oms_simulator.domain.workflow import workflow
from fluent_oms_simulator.operations.event_query import EventQuery
from fluent_oms_simulator.operations.event_search import EventSearch
from fluent_oms_simulator.operations.event_views import EventViews
from fluent_oms_simulator.stores.event_log import EventLog
from fluent_oms_simulator.worker import Worker

Patch = pytest.MonkeyPatch


def event_lost(patch: Patch) -> None:
    """Every seventh event is accepted and never taken up."""
    submit, numbers = Worker.submit_event, count(1)

    def submitting(line: Worker, event: Any, done: Any = None) -> None:
        if next(numbers) % 7 or done is not None:
            submit(line, event, done)

    patch.setattr(Worker, "submit_event", submitting)


def _outcomes(patch: Patch, change: Callable[[Outcome], Outcome]) -> None:
    run = workflow.run
    patch.setattr(workflow, "run", lambda *given: change(run(*given)))


def event_forgotten(patch: Patch) -> None:
    """Every seventh event is called a SUCCESS and does nothing."""
    run, numbers = workflow.run, count(1)

    def running(catalogue: Any, event: Any, at: int, behaviour: Any) -> Outcome:
        if next(numbers) % 7:
            return run(catalogue, event, at, behaviour)
        return Outcome(EventStatus.SUCCESS, "done", "1", Trace(at))

    patch.setattr(workflow, "run", running)


def _ends_well(status: EventStatus) -> Callable[[Outcome], Outcome]:
    return lambda outcome: (
        outcome._replace(status=EventStatus.SUCCESS) if outcome.status is status else outcome
    )


def failed_shown_as_success(patch: Patch) -> None:
    """An event that failed is called a SUCCESS."""
    _outcomes(patch, _ends_well(EventStatus.FAILED))


def no_match_shown_as_success(patch: Patch) -> None:
    """An event that nothing runs is called a SUCCESS."""
    _outcomes(patch, _ends_well(EventStatus.NO_MATCH))


def no_match_not_logged(patch: Patch) -> None:
    """An event that nothing runs leaves the log."""
    find = EventLog.find

    def finding(log: EventLog, event_id: str) -> Any:
        event = find(log, event_id)
        return None if event is None or event.status is EventStatus.NO_MATCH else event

    patch.setattr(EventLog, "find", finding)


def log_filter_ignored(patch: Patch) -> None:
    """A search by name finds every event."""
    patch.setattr(EventQuery, "matches", lambda *_, **__: True)


def log_page_overlaps(patch: Patch) -> None:
    """A page of the log begins with the last row of the page before."""
    page: Any = EventSearch.page

    def paging(search: Any, query: Any, *more: Any) -> Any:
        start = max(0, query.start - 1)
        fields = {name: getattr(query, name) for name in ("wanted", "since", "until", "count")}
        return page(search, EventQuery(start=start, **fields), *more)

    patch.setattr(EventSearch, "page", paging)


def log_shows_another_catalogue(patch: Patch) -> None:
    """The log shows every event as one of another catalogue."""
    show: Any = EventViews.item

    def showing(views: Any, entry: Any) -> Any:
        shown = show(views, entry)
        shown["context"]["entityRef"] = "OTHER:1"
        return shown

    patch.setattr(EventViews, "item", showing)


CAUGHT_BY: Mapping[Callable[[Patch], None], str] = {
    event_lost: "deltas that are not waited for all arrive",
    event_forgotten: "deltas that are not waited for all arrive",
    failed_shown_as_success: "a fulfilment s update of an unknown position fails",
    no_match_shown_as_success: "an event that no ruleset is named after",
    no_match_not_logged: "an event that no ruleset is named after",
    log_filter_ignored: "events are found by name and no others",
    log_page_overlaps: "a search is paged without gaps",
    log_shows_another_catalogue: "an event is found by the id that was answered",
}
