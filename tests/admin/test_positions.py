"""What the catalogue shows: positions, filters, pages, odd refs, and what did it all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.domain.account.account import Account
from fluent_oms_simulator.domain.catalogue import history as catalogue_history
from fluent_oms_simulator.domain.catalogue.history import HistoryEntry

from ..api.helpers.replies import Document, refusals
from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, item, record, updates


@pytest.fixture
def clocked(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    return Client(make_simulator(clock=clock))


def listed(client: Client, **query: str) -> Document:
    reply = client.http.get("/__admin/positions", query_string=query)
    assert reply.status_code == 200
    body: Document = reply.get_json()
    assert set(body) == {"start", "count", "total", "hasMore", "results"}
    return body


def refs(client: Client, **query: str) -> list[str]:
    return [row["ref"] for row in listed(client, **query)["results"]]


def found(client: Client, ref: str, **query: str) -> Document:
    reply = client.http.get(f"/__admin/positions/{quote(ref, safe='')}", query_string=query)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    body: Document = reply.get_json()
    return body


def history(client: Client, ref: str, quantity: str) -> list[tuple[str, int, str]]:
    """Source, quantity and status of each state of a quantity, oldest first."""
    [row] = [row for row in found(client, ref)["quantities"] if row["ref"] == quantity]
    return [(state["source"], state["quantity"], state["status"]) for state in row["history"]]


def test_a_position_in_full(clocked: Client, clock: VirtualClock) -> None:
    clocked.load([record("D45", "LOC_MEL", 100)])
    clock.advance(60_000)
    event_id = clocked.delta("D45", "LOC_MEL", -10, "123AT")["id"]

    loaded, changed = "2026-01-01T12:00:00.000+00:00", "2026-01-01T12:01:00.000+00:00"
    assert found(clocked, "D45:LOC_MEL:DEFAULT") == {
        "ref": "D45:LOC_MEL:DEFAULT",
        "catalogueRef": "DEFAULT:1",
        "productRef": "D45",
        "locationRef": "LOC_MEL",
        "onHand": 90,
        "status": "ACTIVE",
        "createdOn": loaded,
        "updatedOn": changed,
        "quantities": [
            {
                "ref": "D45:LOC_MEL:DEFAULT:LAST_ON_HAND",
                "type": "LAST_ON_HAND",
                "status": "ACTIVE",
                "quantity": 100,
                "history": [
                    {
                        "at": loaded,
                        "source": "batch 1 /entities/0",
                        "quantity": 100,
                        "status": "ACTIVE",
                    }
                ],
            },
            {
                "ref": "123AT",
                "type": "DELTA",
                "status": "ACTIVE",
                "quantity": -10,
                "history": [
                    {
                        "at": changed,
                        "source": f"event {event_id} /attributes/deltas/0",
                        "quantity": -10,
                        "status": "ACTIVE",
                    }
                ],
            },
        ],
        "quantitiesTotal": 2,
    }


def test_the_history_names_the_line_of_the_batch(client: Client) -> None:
    job = client.job()
    client.load([record("X", "L", 1), record("A", "L", 5)], job=job)
    client.load([record("A", "L", 6)], job=job)
    client.load(
        [record(f"P{line}", "L", 1) for line in range(300)] + [record("A", "L", 7)], job=job
    )

    assert history(client, "A:L:DEFAULT", "A:L:DEFAULT:LAST_ON_HAND") == [
        ("batch 1 /entities/1", 5, "ACTIVE"),
        ("batch 2 /entities/0", 6, "ACTIVE"),
        ("batch 3 /entities/300", 7, "ACTIVE"),
    ]


def test_the_history_names_the_delta_of_the_event(client: Client) -> None:
    client.load([record("A", "L", 5), record("B", "L", 5)])
    first = client.send(deltas(delta("B", "L", 1, "b"), delta("A", "L", 2, "a")))["id"]
    second = client.send(deltas(delta("A", "L", 3, "a")))["id"]
    client.load([record("A", "L", 9)])

    assert history(client, "A:L:DEFAULT", "a") == [
        (f"event {first} /attributes/deltas/1", 2, "ACTIVE"),
        (f"event {second} /attributes/deltas/0", 3, "ACTIVE"),
        ("batch 2 /entities/0", 3, "INACTIVE"),
    ]


def test_a_repeat_leaves_no_trace(client: Client) -> None:
    client.load([record("A", "L", 5)])
    first = client.delta("A", "L", 2, "a")["id"]
    before = found(client, "A:L:DEFAULT")
    client.delta("A", "L", 2, "a")

    assert found(client, "A:L:DEFAULT") == before
    assert history(client, "A:L:DEFAULT", "a")[0][0].startswith(f"event {first} ")


def test_the_history_names_the_item_of_a_fulfilment(client: Client) -> None:
    client.load([record("A", "L", 50), record("B", "L", 50)])
    reserved = client.send(
        updates(item("B", "L", "F", reservedQty=-1), item("A", "L", "F", reservedQty=-5))
    )["id"]
    picked = client.send(updates(item("A", "L", "F", saleQty=-4, correctionQty=-1)))["id"]

    assert history(client, "A:L:DEFAULT", "A:L:DEFAULT:RESERVED:F") == [
        (f"event {reserved} /attributes/items/1", -5, "ACTIVE"),
        (f"event {picked} /attributes/items/0", -5, "INACTIVE"),
    ]
    assert history(client, "A:L:DEFAULT", "A:L:DEFAULT:SALE:F") == [
        (f"event {picked} /attributes/items/0", -4, "ACTIVE")
    ]


def test_the_history_survives_a_plain_count_with_attributes(client: Client) -> None:
    job = client.job(preprocessing="skip")
    client.load([record("A", "L", 5)], job=job)
    client.load([record("A", "L", 6, attributes={"a": 1})], job=job)
    client.load([record("A", "L", 7)], job=job)

    states = history(client, "A:L:DEFAULT", "A:L:DEFAULT:LAST_ON_HAND")
    assert [quantity for _, quantity, _ in states] == [5, 6, 7]
    assert [source for source, _, _ in states] == [f"batch {n} /entities/0" for n in (1, 2, 3)]


def test_seed_data_is_named_as_the_source(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings()))
    client.settle()

    [first, *_] = client.positions()
    assert first["quantities"][0]["history"][0]["source"].startswith("seed data /entities/")


def test_the_position_is_dated_only_when_its_stock_changes(
    clocked: Client, clock: VirtualClock
) -> None:
    # ForwardIfOnHandChanged, 8 Dec 2025.
    job = clocked.job(preprocessing="skip")
    clocked.load([record("A", "L", 5)], job=job)
    clock.advance(1000)
    clocked.load([record("A", "L", 5)], job=job)

    position = found(clocked, "A:L:DEFAULT")
    assert position["updatedOn"] == position["createdOn"]


@pytest.fixture
def grid(client: Client) -> Client:
    """Three products at three locations."""
    client.load([record(f"P{p}", f"L{place}", p) for p in range(3) for place in range(3)])
    return client


def test_positions_are_filtered(grid: Client) -> None:
    assert len(refs(grid)) == 9
    assert refs(grid, productRef="P1") == [f"P1:L{place}:DEFAULT" for place in range(3)]
    assert refs(grid, locationRef="L2") == [f"P{p}:L2:DEFAULT" for p in range(3)]
    assert refs(grid, productRef="P1", locationRef="L2") == ["P1:L2:DEFAULT"]
    assert refs(grid, productRef="P1", locationRef="L9") == []
    assert refs(grid, productRef="p1") == []
    assert refs(grid, productRef="", locationRef="") == refs(grid)
    assert refs(grid, catalogueRef="DEFAULT:1") == refs(grid)
    assert refs(grid, catalogueRef="DEFAULT:2") == []


def test_positions_come_a_page_at_a_time(grid: Client) -> None:
    whole = refs(grid)
    page = listed(grid, start="0", count="4")
    assert (page["start"], page["count"], page["total"], page["hasMore"]) == (0, 4, 9, True)
    assert refs(grid, start="0", count="4") == whole[:4]
    assert refs(grid, start="4", count="4") == whole[4:8]
    last = listed(grid, start="8", count="4")
    assert ([row["ref"] for row in last["results"]], last["hasMore"]) == (whole[8:], False)
    assert listed(grid, start="9")["results"] == []
    assert listed(grid, productRef="P1", count="2")["total"] == 3


def test_a_page_holds_100_unless_asked_and_never_over_1000(client: Client) -> None:
    client.load([record(f"P{line}", "L", 1) for line in range(1500)])

    assert len(refs(client)) == 100
    page = listed(client, count="5000")
    assert (len(page["results"]), page["count"], page["total"]) == (1000, 1000, 1500)
    assert page["hasMore"]
    assert len(refs(client, start="1000", count="5000")) == 500


def test_pages_run_across_catalogues(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none", retailers=("1", "2"))))
    for retailer in ("1", "2"):
        records = [record(f"P{retailer}{line}", "L", 1) for line in range(3)]
        client.load(records, job=client.job(retailer=retailer))
    whole = refs(client)
    assert len(whole) == 6

    paged = [ref for start in range(0, 6, 2) for ref in refs(client, start=str(start), count="2")]
    assert paged == whole
    assert refs(client, catalogueRef="DEFAULT:2") == whole[3:]
    assert refs(client, catalogueRef="DEFAULT:2", start="1", count="1") == whole[4:5]


def test_one_ref_in_two_catalogues(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none", retailers=("1", "2"))))
    for retailer, qty in (("1", 5), ("2", 6)):
        client.load([record("A", "L", qty)], job=client.job(retailer=retailer))

    [(_, message)] = refusals(client.http.get("/__admin/positions/A:L:DEFAULT"))
    assert "?catalogueRef" in message
    assert found(client, "A:L:DEFAULT", catalogueRef="DEFAULT:2")["onHand"] == 6


ODD_REFS = [
    "A/B",
    "A//B",
    "A/",
    "/A",
    "//",
    "a b",
    " ",
    "A:B",
    ":",
    "::",
    "ü",
    "Größe 42 日本",
    "😀",
    "..",
    ".",
    "../x",
    "%2F",
    "100%",
    "a+b",
    "a?b=c",
    "a#b",
    "a&b;c",
    '"quoted"',
    "back\\slash",
    "e\u0301",
    "\u2028",
    "\u00a0",
    "DEFAULT",
    "A:L:DEFAULT",
]


@pytest.mark.parametrize("product", ODD_REFS)
def test_an_odd_product_ref(client: Client, product: str) -> None:
    client.load([record(product, "L", 5)])

    position = found(client, f"{product}:L:DEFAULT")
    assert (position["productRef"], position["onHand"]) == (product, 5)
    assert refs(client, productRef=product) == [f"{product}:L:DEFAULT"]
    client.delta(product, "L", 2, "d")
    assert found(client, f"{product}:L:DEFAULT")["onHand"] == 7


@pytest.mark.parametrize("location", ODD_REFS)
def test_an_odd_location_ref(client: Client, location: str) -> None:
    client.load([record("P", location, 5)])

    assert found(client, f"P:{location}:DEFAULT")["locationRef"] == location
    assert refs(client, locationRef=location) == [f"P:{location}:DEFAULT"]


@pytest.mark.parametrize(
    "ref", ["A", "A:L", "A:L:OTHER", "A:L:DEFAULT:LAST_ON_HAND", "a:l:default", "::", "x" * 5000]
)
def test_an_unknown_position(client: Client, ref: str) -> None:
    client.load([record("A", "L", 5)])
    reply = client.http.get(f"/__admin/positions/{quote(ref, safe='')}")

    [(code, message)] = refusals(reply, 404)
    assert code == "404"
    assert "no position" in message
    assert len(message) < 200


def test_nothing_is_put_together_while_others_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.load([record("A", "L", 5)])
    client.send(deltas(*(delta("A", "L", 1, f"d{number}") for number in range(50))))
    client.load([record("A", "L", 9)])
    store = client.simulator.store
    view, is_held, made = store.view, [False], list[bool]()

    @contextmanager
    def viewing() -> Iterator[tuple[Account, int]]:
        with view() as viewed:
            is_held[0] = True
            yield viewed
            is_held[0] = False

    def making(*values: Any) -> HistoryEntry:
        made.append(is_held[0])
        return HistoryEntry(*values)

    monkeypatch.setattr(store, "view", viewing)
    monkeypatch.setattr(catalogue_history, "HistoryEntry", making)

    rows = found(client, "A:L:DEFAULT", start="1", count="10")["quantities"]

    assert [len(row["history"]) for row in rows] == [2] * 10
    assert made.count(False) == len(made) <= 11, "of those that are shown, and of the count"
