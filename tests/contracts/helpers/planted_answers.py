"""Defects in what is answered: pages, filters, moments, tokens, and the shape of replies."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import request
from fluent_oms_simulator.api import access, edge, refusal_bodies
from fluent_oms_simulator.domain.search.position_search import PositionFilter
from fluent_oms_simulator.errors import ApiError
from fluent_oms_simulator.graphql import connections
from fluent_oms_simulator.graphql.nodes import inventory_queries
from fluent_oms_simulator.graphql.nodes.inventory import position_row
from fluent_oms_simulator.graphql.reading import Reading
from fluent_oms_simulator.intake import parsing
from fluent_oms_simulator.operations import events, jobs
from fluent_oms_simulator.operations.access_tokens import Tokens
from fluent_oms_simulator.operations.jobs import JobOperations
from fluent_oms_simulator.operations.replies import Reply
from fluent_oms_simulator.worker import Worker

Patch = pytest.MonkeyPatch

# -- pages and filters -----------------------------------------------------------------------------


def _cursors(patch: Patch, change: Callable[[int], int]) -> None:
    key = connections._key

    def reading(cursor: str | None, argument: str) -> int | None:
        found = key(cursor, argument)
        return change(found) if found is not None and argument == "after" else found

    patch.setattr(connections, "_key", reading)


def page_gap(patch: Patch) -> None:
    """A row is lost between two pages."""
    _cursors(patch, lambda key: key + 1)


def row_repeated(patch: Patch) -> None:
    """A page begins with the last row of the page before."""
    _cursors(patch, lambda key: key - 1)


def last_page_at_once(patch: Patch) -> None:
    """No page says that there is another."""
    patch.setattr(connections.Connection, "has_next", False)


def never_the_last_page(patch: Patch) -> None:
    """Every page says that there is another."""
    patch.setattr(connections.Connection, "has_next", True)


def _filters(patch: Patch, name: str) -> None:
    patch.setattr(
        inventory_queries, "PositionFilter", lambda **given: PositionFilter(**{**given, name: None})
    )


def product_filter_ignored(patch: Patch) -> None:
    """A search by product finds the positions of every product."""
    _filters(patch, "product_refs")


def date_filter_ignored(patch: Patch) -> None:
    """A search by the last change finds what has not changed."""
    _filters(patch, "updated")


def status_filter_ignored(patch: Patch) -> None:
    """A search by status finds every status."""
    _filters(patch, "statuses")


# -- moments ---------------------------------------------------------------------------------------


def on_hand_lags_behind(patch: Patch) -> None:
    """The stock on hand that is shown is the last count."""

    def lagging(catalogue: Any, number: int) -> Any:
        return position_row(catalogue, number)._replace(on_hand=catalogue.positions.counts[number])

    patch.setattr(inventory_queries, "position_row", lagging)
    patch.setattr(
        inventory_queries,
        "position_rows",
        lambda catalogue, numbers: [lagging(catalogue, number) for number in numbers],
    )


def half_an_event_visible(patch: Patch) -> None:
    """Between the deltas of one event, others can look."""
    run: Any = Worker._run

    def running(line: Any, event: Any) -> Any:
        work, outcome = event.work, None
        for each in [[one] for one in work] or [work]:
            event.work = each
            outcome = run(line, event)
            time.sleep(0.005)
        return outcome

    patch.setattr(Worker, "_run", running)


def two_moments_mixed(patch: Patch) -> None:
    """A position and its quantities are read one after the other, whatever happens between."""

    def looking(reading: Any, look: Any) -> Any:
        time.sleep(0.005)
        with reading._store.view() as (account, _):
            return look(account)

    patch.setattr(Reading, "_look", looking)


# -- who may call ----------------------------------------------------------------------------------


def one_path_unprotected(patch: Patch) -> None:
    """The event log can be read without a token."""
    patch.setitem(access.OPEN, "search", access.Access.SIGNING_IN)


def _asking(patch: Patch, is_asked: Callable[[Mapping[str, Any]], bool]) -> None:
    """Let `is_asked` choose, by a request's environment, who is asked for a token."""
    verify = Tokens.verify

    def verifying(tokens: Tokens, authorization: str | None) -> None:
        if is_asked(request.environ):
            verify(tokens, authorization)

    patch.setattr(Tokens, "verify", verifying)


def second_slash_lets_in(patch: Patch) -> None:
    """Whoever writes a path with a second slash before it is not asked for a token."""
    _asking(patch, lambda environ: not environ["PATH_INFO"].startswith("//"))


def encoded_slash_lets_in(patch: Patch) -> None:
    """Whoever writes a slash of a path as %2f is not asked for a token."""
    _asking(patch, lambda environ: "%2f" not in environ["RAW_URI"])


def any_token_taken(patch: Patch) -> None:
    """A token that was never issued lets its bearer in."""
    verify = Tokens.verify

    def verifying(tokens: Tokens, authorization: str | None) -> None:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme != "Bearer" or len(token) < 32:
            verify(tokens, authorization)

    patch.setattr(Tokens, "verify", verifying)


def refused_with_403(patch: Patch) -> None:
    """Whoever has no token in force is told so with another status than documented."""
    verify = Tokens.verify

    def verifying(tokens: Tokens, authorization: str | None) -> None:
        try:
            verify(tokens, authorization)
        except ApiError as error:
            raise ApiError(403, error.reasons) from None

    patch.setattr(Tokens, "verify", verifying)


def any_secret_taken(patch: Patch) -> None:
    """A client signs in with any secret."""
    patch.setattr(Tokens, "check_client", lambda *_: None)


def any_retailer_taken(patch: Patch) -> None:
    """A retailer that the account does not have is taken for its first one."""
    for module in (jobs, events):
        patch.setattr(module, "check_retailer", lambda _value, settings: settings.retailers[0])


# -- the shape of replies --------------------------------------------------------------------------


def bad_json_is_a_defect(patch: Patch) -> None:
    """A body that is no JSON is answered 500."""

    def failing(_body: bytes) -> Any:
        raise RuntimeError("planted")

    patch.setattr(parsing, "diagnose", failing)


def errors_in_another_shape(patch: Patch) -> None:
    """An error has no list of errors."""
    patch.setattr(
        refusal_bodies, "errors_body", lambda reasons: {"error": [each.code for each in reasons]}
    )


def error_codes_are_numbers(patch: Patch) -> None:
    """The code of an error is a number."""
    body = refusal_bodies.errors_body

    def numbered(reasons: Any) -> dict[str, object]:
        written: Any = body(reasons)
        return {"errors": [{**error, "code": 400} for error in written["errors"]]}

    patch.setattr(refusal_bodies, "errors_body", numbered)


def id_missing(patch: Patch) -> None:
    """A batch that was accepted is answered without its id."""
    add = JobOperations.add_batch
    patch.setattr(JobOperations, "add_batch", lambda *given: Reply({"batchId": add(*given).body}))


def status_missing(patch: Patch) -> None:
    """A job is shown without its status."""
    show = JobOperations.job_status

    def showing(*given: Any) -> Reply:
        shown: Any = show(*given).body
        return Reply({name: value for name, value in shown.items() if name != "status"})

    patch.setattr(JobOperations, "job_status", showing)


def not_called_json(patch: Patch) -> None:
    """Replies are JSON, and say that they are text."""

    def responding(content: bytes, status: int, headers: Any, _: Any) -> Any:
        return edge.RecordedResponse(content, status, headers or None, content_type="text/plain")

    patch.setattr(edge, "_response", responding)


CAUGHT_BY: Mapping[Callable[[Patch], None], str] = {
    page_gap: "a cursor goes on after its own row",
    row_repeated: "a cursor goes on after its own row",
    last_page_at_once: "a page says that there is more",
    never_the_last_page: "a walk shows every position once",
    product_filter_ignored: "filters must all hold",
    date_filter_ignored: "a position is found by the time of its last change",
    status_filter_ignored: "a position is found by its status",
    on_hand_lags_behind: "stock on hand is the sum of its quantities at every look",
    half_an_event_visible: "nobody sees half of an event",
    two_moments_mixed: "nobody sees half of an event",
    one_path_unprotected: "nobody is let in without a token [findEvents]",
    second_slash_lets_in: "no spelling of a path lets anybody in [createJob]",
    encoded_slash_lets_in: "no spelling of a path lets anybody in [executeGraphql]",
    any_token_taken: "nobody is let in without a token [createJob]",
    refused_with_403: "nobody is let in without a token [createJob]",
    any_secret_taken: "a wrong secret is told from a wrong password",
    any_retailer_taken: "a retailer that the account does not have is refused",
    bad_json_is_a_defect: "a body that is not json is refused",
    errors_in_another_shape: "a body that is not json is refused",
    error_codes_are_numbers: "what is wrong with a body is named",
    id_missing: "each link of the description leads somewhere",
    status_missing: "answers as described [GET /api/v4.1/job/{jobId}]",
    not_called_json: "every answer says that it is json",
}
