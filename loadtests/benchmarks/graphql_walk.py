"""Rows a second of a walk over every position, page by page, as a connector verifies its work."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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

Post = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk over all pages: its rows, and the seconds of each page."""

    rows: int
    seconds: list[float]

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / sum(self.seconds)

    @property
    def late_over_early(self) -> float:
        """What a page of the last tenth took, over one of the first tenth."""
        tenth = max(1, len(self.seconds) // 10)
        early, late = self.seconds[:tenth], self.seconds[-tenth:]
        return ratio(statistics.median(late), statistics.median(early))


def run(*, quick: bool) -> Report:
    """Walk over a million positions, in process and over HTTP, and build the same JSON by hand."""
    report = Report("graphql_walk", QUESTION)
    products = (100_000 if quick else 1_000_000) // LOCATIONS
    with in_process() as simulator:
        simulator.load(full_load(products, LOCATIONS, seed=1))
        here = walk(simulator.post_graphql)
        by_hand = build_by_hand(simulator)
    with running() as server:
        api = BenchApi(server.url)
        job = api.open_job()
        for body in full_load(products, LOCATIONS, seed=1):
            sent = api.post_batch(job, body)
        api.complete(job, sent)
        there = walk(lambda body: api.post("/graphql", body))
        api.close()
    for label, found in (("in process", here), ("HTTP", there), ("straight", by_hand)):
        if found.rows != products * LOCATIONS:
            raise AssertionError(
                f"{label}: {found.rows:,} rows instead of {products * LOCATIONS:,}"
            )
        report.add(f"walk: {label}", "rows/s", [found.rate])
    report.add("straight over in process", "times", [ratio(by_hand.rate, here.rate)])
    report.add("page of the last tenth over the first", "times", [here.late_over_early])
    report.aim("late page over early page", here.late_over_early, "at most", 1.5)
    report.notes.append(f"{products * LOCATIONS:,} positions in pages of {PAGE}, ten fields a row.")
    report.notes.append("straight: the same JSON built from the catalogue, without GraphQL.")
    return report


def walk(post: Post) -> Walk:
    """Read every page, each after the cursor of the one before it."""
    after: str | None = None
    rows, seconds = 0, []
    while True:
        body = orjson.dumps({"query": QUERY, "variables": {"first": PAGE, "after": after}})
        began = time.perf_counter()
        found = post(body)["data"]["inventoryPositions"]
        seconds.append(time.perf_counter() - began)
        rows += len(found["edges"])
        if not found["pageInfo"]["hasNextPage"]:
            return Walk(rows, seconds)
        after = found["edges"][-1]["cursor"]


def build_by_hand(simulator: InProcess) -> Walk:
    """The same pages as JSON, straight from the table of positions."""
    rows, seconds = 0, []
    with simulator.simulator.store.view() as (account, _):
        catalogue = next(iter(account.catalogues.values()))
        total = len(catalogue.positions)
        for start in range(0, total, PAGE):
            began = time.perf_counter()
            numbers = range(start, min(start + PAGE, total))
            edges = [
                {"node": _node(catalogue, number), "cursor": str(number)} for number in numbers
            ]
            page = {"edges": edges, "pageInfo": {"hasNextPage": start + PAGE < total}}
            orjson.dumps({"data": {"inventoryPositions": page}})
            seconds.append(time.perf_counter() - began)
            rows += len(edges)
    return Walk(rows, seconds)


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
