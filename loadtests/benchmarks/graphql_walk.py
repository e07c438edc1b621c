"""Rows a second of a walk over every position, page by page, as a connector verifies its work."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.graphql.scalars import moment_text

from ..server.processes import running
from .bench_api import BenchApi
from .bench_payloads import full_load
from .figures import Report, ratio
from .in_process import InProcess, in_process

QUESTION = "rows a second read back through GraphQL"
PAGE = 500
LOCATIONS = 100
# What the vendor's client reads of a position.
QUERY = """query Walk($first: Int, $after: String) {
  inventoryPositions(first: $first, after: $after) {
    edges {
      node {
        id ref productRef locationRef onHand type status
        catalogue { ref name } createdOn updatedOn
      }
      cursor
    }
    pageInfo { hasNextPage }
  }
}"""

LEAST_SHARE = 0.4
"""Of the rate at which the same JSON is built straight from the catalogue."""

Post = Callable[[bytes], Any]


class Page(NamedTuple):
    """How many rows a page had, and how long it took."""

    rows: int
    seconds: float

    @property
    def rate(self) -> float:
        """Rows a second."""
        return ratio(self.rows, self.seconds)


def run(*, quick: bool) -> Report:
    """Walk over a million positions, in process and over HTTP, and build the same JSON by hand."""
    report = Report("graphql_walk", QUESTION)
    products = (50_000 if quick else 1_000_000) // LOCATIONS
    with in_process() as simulator:
        simulator.load(full_load(products, LOCATIONS, seed=1))
        # In turn and by CPU time: a busy machine breaks into a longer page more often.
        in_turn = list(
            zip(
                _walk(simulator.post_graphql, clock=time.thread_time),
                _build(simulator),
                strict=True,
            )
        )
    here, straight = zip(*in_turn, strict=True)
    with running() as server:
        api = BenchApi(server.url)
        job = api.open_job()
        for body in full_load(products, LOCATIONS, seed=1):
            sent = api.post_batch(job, body)
        api.complete(job, sent)
        there = list(_walk(lambda body: api.post("/graphql", body)))
        api.close()
    for label, pages in (("in process", here), ("HTTP", there), ("straight", straight)):
        rows = sum(page.rows for page in pages)
        if rows != products * LOCATIONS:
            raise AssertionError(f"{label}: {rows:,} rows instead of {products * LOCATIONS:,}")
        report.add(f"walk: {label}", "rows/s", [page.rate for page in pages])
    shares = [ratio(mine.rate, other.rate) for mine, other in in_turn]
    share = report.add("in process / straight", "ratio", shares)
    tenth = len(shares) // 10
    late = ratio(statistics.median(shares[:tenth]), statistics.median(shares[-tenth:]))
    report.add("page of the last tenth over the first, beside straight", "times", [late])
    report.aim("rows/s as a share of straight", share.median, "at least", LEAST_SHARE)
    report.aim("late page over early page", late, "at most", 1.5)
    report.notes.append(f"{products * LOCATIONS:,} positions in pages of {PAGE}, ten fields a row.")
    report.notes.append("straight: the same JSON built from the catalogue, without GraphQL.")
    report.notes.append(
        "In process and straight take turns page by page, by the thread's CPU time."
    )
    return report


def _walk(post: Post, clock: Callable[[], float] = time.perf_counter) -> Iterator[Page]:
    """Read every page, each after the cursor of the one before it."""
    post(orjson.dumps({"query": QUERY, "variables": {"first": 1}}))  # the schema is read now
    after: str | None = None
    while True:
        body = orjson.dumps({"query": QUERY, "variables": {"first": PAGE, "after": after}})
        began = clock()
        found = post(body)["data"]["inventoryPositions"]
        seconds = clock() - began
        yield Page(len(found["edges"]), seconds)
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["edges"][-1]["cursor"]


def _build(simulator: InProcess) -> Iterator[Page]:
    """The same pages as JSON, straight from the table of positions."""
    with simulator.simulator.store.view() as (account, _):
        catalogue = next(iter(account.catalogues.values()))
    total = len(catalogue.positions)
    for start in range(0, total, PAGE):
        began = time.thread_time()
        numbers = range(start, min(start + PAGE, total))
        edges = [{"node": _node(catalogue, number), "cursor": str(number)} for number in numbers]
        page = {"edges": edges, "pageInfo": {"hasNextPage": start + PAGE < total}}
        orjson.dumps({"data": {"inventoryPositions": page}})
        yield Page(len(edges), time.thread_time() - began)


def _node(catalogue: InventoryCatalogue, number: int) -> dict[str, object]:
    table, profile = catalogue.positions, catalogue.profile
    return {
        "id": str(number + 1),
        "ref": catalogue.ref_of(number),
        "productRef": table.product_ref(number),
        "locationRef": table.location_ref(number),
        "onHand": catalogue.on_hand(number),
        "type": catalogue.ref.type,
        "status": table.status(number),
        "catalogue": {"ref": profile.ref, "name": profile.name},
        "createdOn": moment_text(table.created_at[number]),
        "updatedOn": moment_text(table.updated_at[number]),
    }
